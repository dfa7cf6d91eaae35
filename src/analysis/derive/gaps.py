"""Gaps: regions to the nation in the same vote, and neighbours to Kazakhstan in the same index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from analysis import stats
from analysis.derive.comparisons import WITH_ERRORS, beside_neighbours, turnout_by_region
from analysis.reference import former_regions, place_name, regions, regions_in_votes, votes_by_kind
from analysis.reference.places import NATION

UNIT = "percentage points"
_POINTS = 100  # percentage points in a share of 1
_LATER = "2018"  # borders on which regions are compared over all votes


def turnout_gaps(turnout: pd.DataFrame) -> pd.DataFrame:
    """Return the gap of each region to the nation in the same vote.

    Parameters
    ----------
    turnout : pandas.DataFrame
        As `load_turnout()` returns it, with the rows of the nation.

    Returns
    -------
    pandas.DataFrame
        Percentage points, one row per region (today's, then those of larger borders) and one
        column per vote, those of a kind together; missing where no figure was found or the region
        did not exist.

    Examples
    --------
    >>> from analysis import load_turnout
    >>> gaps = turnout_gaps(load_turnout())
    >>> gaps.shape
    (23, 7)
    """
    is_nation = turnout["place_id"] == NATION
    nation = turnout[is_nation].set_index("vote")
    national = nation["value"]
    known_places = regions_in_votes()
    is_region = turnout["place_id"].isin(known_places)
    is_known = turnout["vote"].isin(nation.index)
    rows = turnout[is_region & is_known]
    wide = rows.pivot(index="place_id", columns="vote", values="value")
    votes = [vote.code for vote in votes_by_kind()]
    held = [vote for vote in votes if vote in wide]
    places = [place for place in known_places if place in wide.index]
    gaps = wide - national
    points = gaps * _POINTS
    return points.reindex(index=places, columns=held)


def gap_rows(turnout: pd.DataFrame) -> pd.DataFrame:
    """Return the gaps of `turnout_gaps` one by one, with their ranges and sources.

    Parameters
    ----------
    turnout : pandas.DataFrame
        As `load_turnout()` returns it, with the rows of the nation.

    Returns
    -------
    pandas.DataFrame
        One row per region and vote: `value`, `low` and `high` in percentage points, `status`
        ("found", "not_found", or "no_region" where the region did not exist in these borders),
        `sources` of both turnouts.

    Examples
    --------
    >>> from analysis import load_turnout
    >>> gap_rows(load_turnout())["status"].value_counts().to_dict()
    {'found': 129, 'no_region': 30, 'not_found': 2}
    """
    gaps = turnout_gaps(turnout).rename_axis(index="place_id", columns="vote")
    by = ["place_id", "vote"]
    rows = gaps.stack(future_stack=True).rename("value").reset_index()
    known = turnout.set_index(by)[["low", "high", "sources"]]
    rows = rows.join(known, on=by)
    nation = turnout[turnout["place_id"] == NATION].set_index("vote")
    least, most = (rows["vote"].map(nation[bound]) for bound in ("low", "high"))
    status = [_status(*cell) for cell in rows[[*by, "value"]].itertuples(index=False)]
    both = zip(rows["sources"].fillna(""), rows["vote"].map(nation["sources"]), strict=True)
    sources = [join_sources(pair) if pair[0] else "" for pair in both]
    low, high = (rows["low"] - most) * _POINTS, (rows["high"] - least) * _POINTS
    return rows.assign(low=low, high=high, unit=UNIT, status=status, sources=sources)


@dataclass(frozen=True)
class Pull:
    """The region that pulls the nation's turnout down most, and how many figures lie above it.

    `least_gap` and `most_gap` are how many percentage points the region lies below the nation.
    """

    n_above: int
    n: int
    place_id: str
    residents_share: float
    least_gap: float
    most_gap: float


def pull_on_nation(gaps: pd.DataFrame, residents: pd.Series) -> Pull | None:
    """Return why most regions lie above the nation: the mean over voters that a large one lowers.

    Parameters
    ----------
    gaps : pandas.DataFrame
        As `turnout_gaps` returns it.
    residents : pandas.Series
        As `load_residents()` returns it. They weigh the regions of today: of most of them the
        voters listed were not found.

    Returns
    -------
    Pull or None
        None where not most figures lie above, or where the region that weighs most is not below
        the nation in every vote.

    Examples
    --------
    >>> from analysis import load_residents, load_turnout
    >>> pull = pull_on_nation(turnout_gaps(load_turnout()), load_residents())
    >>> pull.place_id, pull.n_above, pull.n
    ('KZ-75', 90, 129)
    """
    found = gaps.stack()
    known = found.dropna()
    n_above = int((known > 0).sum())
    today = [place for place in regions() if place in gaps.index and place in residents]
    if not today or n_above * 2 <= len(known):
        return None
    shares = residents[today] / residents[NATION]
    average = gaps.loc[today].mean(axis=1)
    weighed = average * shares
    place = str(weighed.idxmin())
    own = gaps.loc[place].dropna()
    if own.max() >= 0:
        return None
    return Pull(n_above, len(known), place, float(shares[place]), -own.max(), -own.min())


def _status(place: str, vote: str, gap: float) -> str:
    if pd.notna(gap):
        return "found"
    return "not_found" if existed(place, vote) else "no_region"


def join_sources(cells: Iterable[str]) -> str:
    """Return the source ids of several cells in one, each once.

    Examples
    --------
    >>> join_sources(["s2 s1", "s2"])
    's1 s2'
    """
    ids: set[str] = set()
    for cell in cells:
        ids.update(cell.split())
    return " ".join(sorted(ids))


def existed(place: str, vote: str) -> bool:
    """Return whether a region existed in its borders on the day of a national vote.

    Examples
    --------
    >>> existed("KZ-10", "president_2019"), existed("KZ-10", "president_2022")
    (False, True)
    """
    known = votes_by_kind()
    days = {one.code: one.day for one in known}
    day = days[vote]
    then = regions(day)
    return place in then


@dataclass(frozen=True)
class GapTests:
    """Which regions keep to one side of the median region: the rows compared and the result."""

    rows: pd.DataFrame
    result: stats.Gaps
    n_votes: int


def gap_tests(
    turnout: pd.DataFrame, residents: pd.Series, *, language: str = "en"
) -> GapTests | None:
    """Test whether regions keep to one side of the median region, in the borders of 2018.

    Parameters
    ----------
    turnout : pandas.DataFrame
        As `load_turnout()` returns it.
    residents : pandas.Series
        As `load_residents()` returns it.
    language : {"en", "kk", "ru"}
        Of the names of regions.

    Returns
    -------
    GapTests or None
        None if no gap is known. `result` is that of `analysis.stats.gaps`.

    Examples
    --------
    >>> from analysis import load_residents, load_turnout
    >>> len(gap_tests(load_turnout(), load_residents()).result.table)
    17
    """
    known = [vote.code for vote in votes_by_kind()]
    rows = turnout[turnout["vote"].isin(known)]
    votes, nation = turnout_by_region(rows, residents)
    has_any = votes.notna().any(axis=1)
    votes = votes.loc[has_any, nation.notna()]
    is_empty = votes.dropna(how="all").empty
    if is_empty:
        return None
    labels = [_old_name(place, language) for place in votes.index]
    named = votes.set_axis(labels)
    result = stats.gaps(named)
    return GapTests(rows, result, len(votes.columns))


def _old_name(place: str, language: str) -> str:
    name = place_name(place, language)
    if place in former_regions():
        return f"{name} ({_LATER})"
    return name


@dataclass(frozen=True)
class IndexDistances:
    """How far neighbours lie from Kazakhstan in one index in one year."""

    index: str
    year: int
    result: stats.Distances


def neighbour_distances(context: pd.DataFrame, *, language: str = "en") -> list[IndexDistances]:
    """Return how far neighbours lie from Kazakhstan in indices whose standard errors are published.

    Parameters
    ----------
    context : pandas.DataFrame
        As `load_context(since=2012)` returns it.
    language : {"en", "kk", "ru"}
        Of the names of countries.

    Returns
    -------
    list of IndexDistances
        One per index, in the last year with published errors for Kazakhstan.

    Examples
    --------
    >>> from analysis import load_context
    >>> [found.year for found in neighbour_distances(load_context(since=2012))]
    [2023, 2023, 2023, 2023]
    """
    found = []
    for index in WITH_ERRORS:
        table = beside_neighbours(context, index, language=language)
        if len(table) > 1:
            home = table.index[0]
            result = stats.distances(table["estimate"], table["se"], reference=home)
            found.append(IndexDistances(index, int(table["year"].iloc[0]), result))
    return found
