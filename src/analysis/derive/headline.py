"""Turnout to quote: the final figure where there is one, and what was counted."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis import load, reference
from analysis.errors import UnknownName
from analysis.locale import text
from analysis.reference.places import NATION

_STAGES = ("final", "preliminary")  # the first that is held is quoted


@dataclass(frozen=True)
class Headline:
    """The turnout of a place in a vote that a reader may quote.

    Attributes
    ----------
    place, vote : str
    stage : {"final", "preliminary", ""}
        "" if no figure was found.
    row : pandas.Series or None
        The value as `load_turnout` returns it.
    """

    place: str
    vote: str
    stage: str
    row: pd.Series | None

    @property
    def value(self) -> float | None:
        """The share, 0..1; None if none was found."""
        if self.row is None:
            return None
        return float(self.row["value"])

    @property
    def is_final(self) -> bool:
        """Whether the votes were counted; else the figure is that of the close of voting."""
        return self.stage == "final"

    def counted(self, language: str) -> str:
        """Return what the share counts: who took part, or who received a ballot."""
        return counted_words(self.stage, language)


def counted_words(stage: str, language: str) -> str:
    """Return what turnout of a stage counts.

    Examples
    --------
    >>> counted_words("preliminary", "en")
    'share of listed voters who received a ballot'
    """
    is_final = stage == "final"
    key = "counted_voted" if is_final else "counted_ballots"
    return text(key, language)


def headline_turnout(place: str = NATION, *, vote: str) -> Headline:
    """Return the turnout of a place in a vote to quote: final if held, else of the close of voting.

    Parameters
    ----------
    place : str
        A `place_id`.
    vote : str
        A national vote.

    Raises
    ------
    UnknownName
        If there is no such vote.

    Examples
    --------
    >>> nation = headline_turnout("KZ", vote="referendum_2026")
    >>> nation.stage, nation.value
    ('final', 0.7312)
    >>> headline_turnout("KZ", vote="majilis_2023").stage
    'preliminary'
    """
    votes = reference.votes()
    known = {one.code for one in votes}
    if vote not in known:
        raise UnknownName("vote", vote, sorted(known))
    for stage in _STAGES:
        row = turnout_at(place, vote=vote, stage=stage)
        if row is not None:
            return Headline(place, vote, stage, row)
    return Headline(place, vote, stage="", row=None)


def turnout_at(place: str, *, vote: str, stage: str) -> pd.Series | None:
    """Return the turnout of a place in a vote at one stage, or None if none was found.

    Examples
    --------
    >>> float(turnout_at("KZ-33", vote="referendum_2024", stage="preliminary")["value"])
    0.6801
    """
    rows = _of(stage, vote)
    is_there = rows["place_id"] == place
    own = rows[is_there]
    if own.empty:
        return None
    return own.iloc[0]


def _of(stage: str, vote: str) -> pd.DataFrame:
    rows = load.read_series("national_votes")
    rows = rows[rows["vote"] == vote]
    rows = rows[rows["stage"] == stage]
    is_turnout = rows["indicator"] == "turnout_share"
    is_total = rows["breakdown"] == ""
    return rows[is_turnout & is_total]


def turnout_of_the_rest(elections: pd.DataFrame) -> pd.Series:
    """Return what the national rural turnout implies for the regions with no electorate found.

    Parameters
    ----------
    elections : pandas.DataFrame
        As `load_akim_elections()` returns it.

    Returns
    -------
    pandas.Series
        `n_known` regions with turnout and voters listed, their `voters_known`, `mean_known`
        weighted by voters; the `voters_nation`; and `mean_rest`, the turnout that all others must
        have for the national figure to hold; `plain_mean_rest`, the unweighted mean of theirs.

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> turnout_of_the_rest(load_akim_elections())[["mean_known", "mean_rest"]].round(3).to_dict()
    {'mean_known': 0.739, 'mean_rest': 0.87}
    """
    first = reference.first_akim_election("rural")
    on_first_day = elections["period_end"] == pd.Timestamp(first.day)
    is_rural = elections["office"] == "rural"
    rows = elections[on_first_day & is_rural]
    rows = rows[rows["breakdown"] == ""]
    wide = rows.pivot_table(index="place_id", columns="indicator", values="value")
    wide = wide[wide["turnout_share"].notna()]
    nation, places = wide.loc[NATION], wide.drop(NATION)
    is_region = places.index.isin(reference.regions_in_votes())
    regions = places[is_region]
    known = regions[regions["voters_listed"].notna()]
    rest = regions.drop(known.index)
    voters = known["voters_listed"]
    listed = voters.sum()
    voted = (known["turnout_share"] * voters).sum()
    of_nation = nation["voters_listed"]
    voted_in_all = nation["turnout_share"] * of_nation
    left = of_nation - listed
    return pd.Series(
        {
            "n_known": float(len(known)),
            "voters_known": listed,
            "mean_known": voted / listed,
            "voters_nation": of_nation,
            "mean_rest": (voted_in_all - voted) / left,
            "plain_mean_rest": rest["turnout_share"].mean(),
        }
    )
