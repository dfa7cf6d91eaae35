"""What is published of each region, side by side: a profile, not an index."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.derive.coverage import FOUND
from analysis.reference import first_akim_election, has_rural_akims, regions, votes
from analysis.reference.places import NATION

_RESOLVED_YEAR = "2022-01-01"  # of the only year with shares of questions resolved


@dataclass(frozen=True)
class Profile:
    """Figures of the regions side by side.

    Attributes
    ----------
    shares : pandas.DataFrame
        One row per region, columns `coverage`, `rural`, `vote`, `resolved`: shares 0..1.
    vote : str
        The national vote shown.
    rows : pandas.DataFrame
        The rows behind them; `parts` are those of each column.
    """

    shares: pd.DataFrame
    vote: str
    rows: pd.DataFrame
    parts: dict[str, pd.DataFrame]

    @property
    def without_rural_vote(self) -> tuple[str, ...]:
        """Regions that did not exist, or have no rural akims, when these were first elected."""
        first_day = first_akim_election("rural").day
        then = regions(first_day)
        without = []
        for place in self.shares.index:
            had_vote = place in then and has_rural_akims(place)
            if not had_vote:
                without.append(place)
        return tuple(without)

    def sources_of(self, column: str, place: str) -> str:
        """Return the ids of the sources behind one share."""
        rows = self.parts[column]
        ids = {
            source
            for cell in rows.loc[rows["place_id"] == place, "sources"]
            for source in cell.split()
        }
        return " ".join(sorted(ids))


def openness_profile(
    cells: pd.DataFrame,
    turnout: pd.DataFrame,
    elections: pd.DataFrame,
    meetings: pd.DataFrame,
) -> Profile:
    """Return the share of figures found of each region beside what is published of it.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `analysis.coverage()` returns it.
    turnout, elections, meetings : pandas.DataFrame
        As `load_turnout()`, `load_akim_elections()` and `load_meetings()` return them.

    Examples
    --------
    >>> from analysis import coverage, load_akim_elections, load_meetings, load_turnout
    >>> found = openness_profile(coverage(), load_turnout(), load_akim_elections(), load_meetings())
    >>> found.vote, found.shares.shape
    ('referendum_2024', (20, 4))
    """
    cells = cells[cells["place_id"].isin(regions())]
    first_day = pd.Timestamp(first_akim_election("rural").day)
    rural = elections[
        (elections["indicator"] == "turnout_share") & (elections["office"] == "rural")
    ]
    rural = rural[rural["period_end"] == first_day]
    vote = latest_whole_vote(turnout)
    national = turnout[turnout["vote"] == vote]
    resolved = meetings[meetings["indicator"] == "meeting_questions_resolved_share"]
    resolved = resolved[resolved["period_start"] == _RESOLVED_YEAR].drop_duplicates("place_id")
    parts = {"rural": rural, "vote": national, "resolved": resolved}
    shares = {"coverage": _share_found(cells)}
    shares |= {name: part.set_index("place_id")["value"] for name, part in parts.items()}
    shown = [part[part["place_id"].isin(regions())] for part in parts.values()]
    rows = pd.concat([cells, *(part for part in shown if len(part))], ignore_index=True)
    table = pd.DataFrame(shares).reindex(list(regions()))
    return Profile(table, vote, rows, {"coverage": cells, **parts})


def _share_found(cells: pd.DataFrame) -> pd.Series:
    """Return the share found of the cells that apply to each region."""
    applies = cells["status"] != "not_applicable"
    possible = cells[applies]
    is_found = possible["status"].isin(FOUND)
    places = possible["place_id"]
    return is_found.groupby(places).mean()


def latest_whole_vote(turnout: pd.DataFrame) -> str:
    """Return the latest national vote with a figure for every region, or the latest if none has.

    Examples
    --------
    >>> from analysis import load_turnout
    >>> latest_whole_vote(load_turnout())
    'referendum_2024'
    """
    is_region = turnout["place_id"] != NATION
    of_regions = turnout[is_region]
    by_vote = of_regions.groupby("vote")["place_id"]
    found = by_vote.agg(set)
    every = set(regions())
    newest_first = [vote.code for vote in reversed(votes())]
    for vote in newest_first:
        if every <= found.get(vote, set()):
            return vote
    return newest_first[0]
