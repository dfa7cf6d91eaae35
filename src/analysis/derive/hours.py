"""Turnout through the day of a vote: what part of the day's ballots was out by an hour, and lists
of different votes whose figures are equal.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.derive.gaps import join_sources
from analysis.reference.places import NATION
from analysis.stats import coinciding_lists

_ALPHA = 0.05
_FEWEST_UNITS = 5  # of which two lists must have figures to be compared


def hour_number(hour: str) -> float:
    """Return an hour as a number.

    Examples
    --------
    >>> hour_number("16:30")
    16.5
    """
    hours, minutes = hour.split(":")
    return int(hours) + int(minutes) / 60


def share_of_day(interim: pd.DataFrame, closing: pd.DataFrame, *, hour: str) -> pd.DataFrame:
    """Return what part of the ballots handed out in a day was out by an hour.

    Parameters
    ----------
    interim, closing : pandas.DataFrame
        As `load_turnout(stage="interim")` and `load_turnout()` return them.
    hour : str
        As printed, such as "12:00".

    Returns
    -------
    pandas.DataFrame
        One row per place and vote with both figures, the largest part first: `place_id`, `vote`,
        `by_hour`, `at_close` and `part` (0..1).

    Examples
    --------
    >>> from analysis import load_turnout
    >>> frames = load_turnout(stage="interim", place="KZ"), load_turnout(place="KZ")
    >>> first = share_of_day(*frames, hour="12:00").iloc[0]
    >>> first["vote"], round(float(first["part"]), 2)
    ('referendum_2022', 0.64)
    """
    keys = ["place_id", "vote"]
    then = interim[interim["hour"] == hour][[*keys, "value"]]
    end = closing[[*keys, "value"]]
    both = then.merge(end, on=keys, suffixes=("_then", "_end"))
    both = both.rename(columns={"value_then": "by_hour", "value_end": "at_close"})
    both = both.assign(part=both["by_hour"] / both["at_close"])
    return both.sort_values("part", ascending=False, ignore_index=True)


@dataclass(frozen=True)
class CoincidingPair:
    """Two lists of different votes that share more figures than chance.

    Attributes
    ----------
    first, second : tuple of str
        Vote and hour of each.
    rows : pandas.DataFrame
        One row per region in both: `place_id`, `first` and `second` (shares), `is_equal` (rounded
        or cut to the coarser list) and `sources` of both.
    n_equal, expected, p_adjusted
        Of `analysis.stats.coinciding_lists`, over all pairs of lists.
    """

    first: tuple[str, str]
    second: tuple[str, str]
    rows: pd.DataFrame
    n_equal: int
    expected: float
    p_adjusted: float


def coinciding_votes(interim: pd.DataFrame) -> list[CoincidingPair]:
    """Return the pairs of hourly lists of different votes that agree beyond chance.

    Parameters
    ----------
    interim : pandas.DataFrame
        As `load_turnout(stage="interim")` returns it.

    Examples
    --------
    >>> from analysis import load_turnout
    >>> found = coinciding_votes(load_turnout(stage="interim"))
    >>> [(one.first[0], one.second[0], one.n_equal) for one in found]
    [('majilis_2021', 'referendum_2022', 16), ('majilis_2021', 'referendum_2022', 11)]
    """
    rows = interim[interim["place_id"] != NATION]
    rows = rows.assign(of=list(zip(rows["vote"], rows["hour"], strict=True)))
    lists = rows.pivot(index="place_id", columns="of", values="value")
    lists = lists.loc[:, lists.notna().sum() >= _FEWEST_UNITS]
    if lists.shape[1] <= 1:
        return []
    table = coinciding_lists(lists).table
    beyond_chance = table[table["p_adjusted"] < _ALPHA]
    return [
        _pair(rows, lists, found)
        for _, found in beyond_chance.iterrows()
        if found["first"][0] != found["second"][0]
    ]


def _pair(rows: pd.DataFrame, lists: pd.DataFrame, found: pd.Series) -> CoincidingPair:
    first, second = found["first"], found["second"]
    both = lists[[first, second]].dropna().set_axis(["first", "second"], axis=1)
    of_these = rows[rows["of"].isin([first, second])]
    sources = of_these.groupby("place_id")["sources"].agg(join_sources)
    equal = set(found["units"].split(", "))
    table = both.join(sources).reset_index()
    table = table.assign(is_equal=table["place_id"].isin(equal))
    return CoincidingPair(
        first,
        second,
        table,
        n_equal=int(found["n_equal"]),
        expected=float(found["expected"]),
        p_adjusted=float(found["p_adjusted"]),
    )
