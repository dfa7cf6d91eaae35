"""What is asked of which body: the figures of request_items.csv that are not held yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis import load, reference, store
from analysis.derive.coverage import NATIONAL_TURNOUT, coverage
from analysis.derive.coverage import items as coverage_items
from analysis.errors import check_known
from analysis.reference.places import NATION
from analysis.store import cached_on

AKIMAT = "akimat"
_WHOLE_YEAR = 364  # days between the first and the last day of a year
_SAME_FIGURE = ("indicator", "register", "office", "breakdown", "breakdown_value")
GAP_COLUMNS = ("body", "item", "place_id", "period", "period_start", "period_end")


@dataclass(frozen=True)
class Item:
    """A figure that a body is asked for, as request_items.csv has it."""

    name: str
    body: str
    coverage_item: str
    dataset: str
    indicator: str
    unit: str
    measure: str
    register: str
    office: str
    breakdown: str
    breakdown_value: str
    part_of: str
    duty: str
    counted: str
    wordings: tuple[tuple[str, str], ...]

    def wording(self, language: str) -> str:
        """Return what is asked for, in a language."""
        return dict(self.wordings)[language]

    @property
    def is_of_votes(self) -> bool:
        """Whether it is asked for each national vote instead of each year."""
        return self.coverage_item == NATIONAL_TURNOUT


@cached_on("raw/request_items", "raw/languages")
def items() -> dict[str, Item]:
    """Return what can be asked for, by name.

    Examples
    --------
    >>> items()["meetings"].body, items()["vote_voted"].part_of
    ('akimat', 'vote_listed')
    """
    return {row["item"]: _item(row) for row in store.read_rows("raw/request_items")}


def _item(row: dict[str, str]) -> Item:
    wordings = tuple(
        (language, row.get(language) or row["en"]) for language in reference.languages()
    )
    given = {name: value for name, value in row.items() if name in Item.__dataclass_fields__}
    return Item(name=row["item"], wordings=wordings, **given)


def bodies(place: str) -> tuple[str, ...]:
    """Return the bodies that are asked about a place; the nation has no akimat.

    Examples
    --------
    >>> bodies("KZ-33")
    ('akimat', 'election_commission', 'legal_statistics', 'civil_service')
    """
    every = dict.fromkeys(item.body for item in items().values())
    return tuple(body for body in every if place != NATION or body != AKIMAT)


def _behind_series(place: str, dataset: str) -> tuple[str, ...]:
    return (dataset, "sources", "places")


def _behind(place: str) -> tuple[str, ...]:
    datasets = reference.published_datasets()
    return (*datasets, "raw/request_items", "places", "raw/votes", "raw/coverage_items")


@cached_on(_behind)
def gaps(place: str) -> pd.DataFrame:
    """Return the figures to ask for about a place: those that are not held as final.

    Parameters
    ----------
    place : str
        The nation, a region, or a place inside a region.

    Returns
    -------
    pandas.DataFrame
        One row per figure and period, with `body`, `item`, `place_id`, `period` (a year or the
        code of a vote), `period_start` and `period_end` (days). What the place cannot have, such
        as a year before it had its borders, is not asked for.

    Raises
    ------
    UnknownName
        If there is no such place.

    Examples
    --------
    >>> asked = gaps("KZ-33")
    >>> asked[asked["item"] == "meetings"]["period"].tolist()
    ['2022', '2023', '2024', '2025']
    """
    check_known("place", place, store.read_table("places")["place_id"])
    asked = [
        (item.body, item.name, place, *period)
        for item in items().values()
        if item.body in bodies(place)
        for period in _open_periods(item, place)
    ]
    return pd.DataFrame(asked, columns=list(GAP_COLUMNS))


def known_periods(item: Item) -> list[str]:
    """Return the periods that an item can be asked for anywhere: years, or codes of votes.

    Examples
    --------
    >>> known_periods(items()["meetings"])
    ['2021', '2022', '2023', '2024', '2025']
    """
    of_votes = [one for one in coverage_items() if one.name == NATIONAL_TURNOUT]
    of_years = [one for one in coverage_items() if one.name != NATIONAL_TURNOUT]
    if item.is_of_votes:
        years = {year for one in of_votes for year in one.years}
        return [vote.code for vote in reference.votes() if vote.year in years]
    return [str(year) for year in sorted({year for one in of_years for year in one.years})]


def period_days(place: str, period: str) -> tuple[date, date]:
    """Return the first and the last day of a period: of a year, or of a vote.

    The first year of a region in its present borders begins with them.

    Examples
    --------
    >>> [str(day) for day in period_days("KZ-33", "2022")]
    ['2022-06-08', '2022-12-31']
    """
    if not period.isdigit():
        day = reference.vote(period).day
        return day, day
    first, last = date(int(period), 1, 1), date(int(period), 12, 31)
    return max(first, _began(place)), last


def _began(place: str) -> date:
    region = reference.region_of(place)
    if place == region and reference.borders_before(region):
        return reference.borders_moved_on()
    return date.min


Period = tuple[str, date, date]


def _open_periods(item: Item, place: str) -> Iterator[Period]:
    held = _held(item, place)
    for period in _possible_periods(item, place):
        if period[1:] not in held:
            yield period


def _possible_periods(item: Item, place: str) -> Iterator[Period]:
    """Return the periods of which a place can have a figure and the coverage has no final one."""
    region = reference.region_of(place)
    began = _began(place)
    for year in _possible_years(item, place, region):
        if item.is_of_votes:
            yield from _votes_of(year, began)
        else:
            first = max(date(year, 1, 1), began)
            yield str(year), first, date(year, 12, 31)


def _possible_years(item: Item, place: str, region: str) -> list[int]:
    cells = _cells_of(region)
    if item.coverage_item:
        is_asked = cells["item"] == item.coverage_item
    else:
        is_asked = cells["item"] != NATIONAL_TURNOUT
    applies = cells["status"] != "not_applicable"
    if place != region:  # it was there before the region had its borders
        applies |= cells["predecessor"] != ""
    elif item.coverage_item:
        applies &= cells["status"] != "final"
    years = cells["year"][is_asked & applies]
    return sorted({int(year) for year in years})


@cached_on(_behind)
def _cells_of(region: str) -> pd.DataFrame:
    cells = coverage()
    return cells[cells["place_id"] == region]


def _votes_of(year: int, began: date) -> Iterator[Period]:
    for vote in reference.votes():
        if vote.year == year and vote.day >= began:
            yield vote.code, vote.day, vote.day


def _held(item: Item, place: str) -> set[tuple[date, date]]:
    """Return the periods of which the very figure is held, whole and final."""
    rows = _series_of(place, item.dataset)
    is_it = rows["precision"].ne("at_least") & rows["precision"].ne("at_most")
    for column in _SAME_FIGURE:
        is_it &= rows[column] == getattr(item, column)
    if item.is_of_votes:
        is_it &= rows["stage"] == "final"
    else:
        length = rows["period_end"] - rows["period_start"]
        is_it &= length.dt.days >= _WHOLE_YEAR
    found = rows[is_it]
    starts, ends = found["period_start"].dt.date, found["period_end"].dt.date
    return set(zip(starts, ends, strict=True))


@cached_on(_behind_series)
def _series_of(place: str, dataset: str) -> pd.DataFrame:
    series = load.read_series(dataset)
    return series[series["place_id"] == place]
