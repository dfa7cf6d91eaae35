"""What is asked of which body: the figures of request_items.csv that are not held yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

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
    rows = store.read_rows("raw/request_items")
    return {row["item"]: _item(row) for row in rows}


def _item(row: dict[str, str]) -> Item:
    wordings = []
    for language in reference.languages():
        wording = row.get(language) or row["en"]
        wordings.append((language, wording))
    fields = Item.__dataclass_fields__
    given = {name: value for name, value in row.items() if name in fields}
    return Item(
        name=row["item"],
        wordings=tuple(wordings),
        **given,
    )


def bodies(place: str) -> tuple[str, ...]:
    """Return the bodies that are asked about a place; the nation has no akimat.

    Examples
    --------
    >>> bodies("KZ-33")
    ('akimat', 'election_commission', 'legal_statistics', 'civil_service')
    """
    named = [item.body for item in items().values()]
    every = dict.fromkeys(named)
    if place == NATION:
        every.pop(AKIMAT)
    return tuple(every)


def _behind(*_: str) -> tuple[str, ...]:
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
    of_place = bodies(place)
    asked = []
    for item in items().values():
        if item.body not in of_place:
            continue
        for period in _open_periods(item, place):
            row = item.body, item.name, place, *period
            asked.append(row)
    return pd.DataFrame(asked, columns=list(GAP_COLUMNS))


def asked_bodies(place: str) -> list[str]:
    """Return the bodies that keep figures about a place which are not held.

    Examples
    --------
    >>> asked_bodies("KZ-33")[:2]
    ['akimat', 'election_commission']
    """
    behind_gaps = set(gaps(place)["body"])
    return [body for body in bodies(place) if body in behind_gaps]


def known_periods(item: Item) -> list[str]:
    """Return the periods that an item can be asked for anywhere: years, or codes of votes.

    Examples
    --------
    >>> known_periods(items()["meetings"])
    ['2021', '2022', '2023', '2024', '2025']
    """
    years: set[int] = set()
    for covered in coverage_items():
        if (covered.name == NATIONAL_TURNOUT) == item.is_of_votes:
            years.update(covered.years)
    if item.is_of_votes:
        return [vote.code for vote in reference.votes() if vote.year in years]
    return [str(year) for year in sorted(years)]


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
    by_place = _held(item.name)
    held = by_place.get(place, set())
    for period in _possible_periods(item, place):
        _, first, last = period
        if (first, last) not in held:
            yield period


def _possible_periods(item: Item, place: str) -> Iterator[Period]:
    """Return the periods of which a place can have a figure and the coverage has no final one."""
    began = _began(place)
    for year in _possible_years(item, place):
        if item.is_of_votes:
            yield from _votes_of(year, began)
        else:
            first = max(date(year, 1, 1), began)
            yield str(year), first, date(year, 12, 31)


def _possible_years(item: Item, place: str) -> list[int]:
    region = reference.region_of(place)
    years = set()
    for cell in _cells_by_region()[region]:
        if item.coverage_item:
            is_asked = cell.item == item.coverage_item
        else:
            is_asked = cell.item != NATIONAL_TURNOUT
        if is_asked and _is_open(cell, item, is_region=place == region):
            years.add(int(cell.year))
    return sorted(years)


def _is_open(cell: Any, item: Item, *, is_region: bool) -> bool:
    """Return whether a place can have a figure of a cell which is not held as final."""
    applies = cell.status != "not_applicable"
    if not is_region:  # it was there before the region had its borders
        return applies or cell.predecessor != ""
    if item.coverage_item:
        return applies and cell.status != "final"
    return applies


@cached_on(_behind)
def _cells_by_region() -> dict[str, list[Any]]:
    columns = ["place_id", "item", "year", "status", "predecessor"]
    cells = coverage()[columns]
    by_region: dict[str, list[Any]] = {}
    for cell in cells.itertuples():
        in_region = by_region.setdefault(cell.place_id, [])
        in_region.append(cell)
    return by_region


def _votes_of(year: int, began: date) -> Iterator[Period]:
    for vote in reference.votes():
        if vote.year == year and vote.day >= began:
            yield vote.code, vote.day, vote.day


def _behind_item(name: str) -> tuple[str, ...]:
    item = items()[name]
    return (item.dataset, "sources", "places", "raw/request_items")


@cached_on(_behind_item)
def _held(name: str) -> dict[str, set[tuple[date, date]]]:
    """Return the periods of which the very figure is held, whole and final, by place."""
    item = items()[name]
    rows = load.read_series(item.dataset)
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
    held: dict[str, set[tuple[date, date]]] = {}
    for place, start, end in zip(found["place_id"], starts, ends, strict=True):
        held.setdefault(place, set()).add((start, end))
    return held
