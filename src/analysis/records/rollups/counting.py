"""Count the records of a folder by a period and other columns, before anything is hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.errors import DataError, UnknownName, check_known
from analysis.locale import keys, text
from analysis.records.rollups.cube import ALL, Cube, make_cube
from analysis.records.rollups.engine import read_records
from analysis.records.rollups.measures import (
    CLASSES,
    DATE,
    DIMENSIONS,
    add_up,
    appeal_class,
    count_classes,
    day_band,
    stations,
    sums_of,
)
from analysis.records.rollups.places import DIRECT, NOT_STATED, Places
from analysis.records.rollups.waiting import Waiting, count_waiting
from analysis.reference import languages

if TYPE_CHECKING:
    import ibis.expr.types as ir

PERIODS = {"month": "M", "quarter": "Q", "year": "Y"}
# A row that lacks this column has no part in a table by it.
_PLACES = ("place", "region")
_DAYS = "days"
_MOST_NAMED = 20


@dataclass(frozen=True)
class Asked:
    """One table that is asked for: a data set, a period and dimensions."""

    dataset: str
    period: str | None
    dimensions: list[str]

    @property
    def where(self) -> str | None:
        """Return the dimension that is a place, if there is one."""
        for name in self.dimensions:
            if name in _PLACES:
                return name
        return None

    @property
    def by(self) -> list[str]:
        """Return all that is counted by, the period first."""
        if self.period is None:
            return list(self.dimensions)
        return [self.period, *self.dimensions]


@dataclass(frozen=True)
class Span:
    """What the records span: days, whether they are simulated, and the columns that are filled."""

    first: date
    last: date
    as_of: date
    simulated: bool
    filled: frozenset[str]
    offices: tuple[str, ...] = ()


@dataclass
class Counted:
    """A table before anything is hidden."""

    asked: Asked
    span: Span
    whole: str
    cube: Cube
    counts: pd.DataFrame
    waiting: Waiting | None = None
    regions: dict[str, str] = field(default_factory=dict)


def ask(by: str | Sequence[str], dataset: str) -> Asked:
    """Return what is asked for, the place before the other dimensions.

    Raises
    ------
    UnknownName
        For a data set or column that is not known, two periods, or both place and region.
    """
    check_known("data set of records", dataset, DIMENSIONS)
    names = [by] if isinstance(by, str) else list(by)
    dimensions = DIMENSIONS[dataset]
    known = [*PERIODS, *dimensions]
    if dataset == "elections":
        known.insert(len(PERIODS), "day")
    for name in names:
        if name not in known:
            raise UnknownName(f"records of {dataset} cannot be counted by", name, known)
    periods = [name for name in names if name not in dimensions]
    both_places = set(_PLACES) <= set(names)
    twice = len(set(names)) < len(names)
    if len(periods) > 1 or both_places or twice:
        hint = "Name one period at most, place or region, not both, and each once."
        raise UnknownName("by", ",".join(names), hint=hint)
    others = [name for name in names if name in dimensions]
    others.sort(key=lambda name: name not in _PLACES)
    period = periods[0] if periods else None
    return Asked(dataset, period, others)


def find_span(table: ir.Table, dataset: str, as_of: date | None) -> Span:
    """Look once at all records: first and last day, and which columns hold anything."""
    day = table[DATE[dataset]]
    asked = {"first": day.min(), "last": day.max()}
    if "finished" in table.columns:
        asked["finished"] = table.finished.max()
    for name in table.columns:
        if name != "year":
            asked[f"n_{name}"] = table[name].count()
    simulated = table.simulated.fill_null(False)
    asked["simulated"] = simulated.cast("int8").max()
    (found,) = table.aggregate(**asked).to_pyarrow().to_pylist()
    filled = frozenset(name for name in table.columns if found.get(f"n_{name}"))
    offices: tuple[str, ...] = ()
    if dataset == "elections" and "office" in filled:
        offices = _offices(table)
    if as_of is None:
        ends = (found["last"], found.get("finished"))
        as_of = max(filter(None, ends))
    return Span(found["first"], found["last"], as_of, bool(found["simulated"]), filled, offices)


def _within(table: ir.Table, within: str, places: Places) -> ir.Table:
    """Keep the records of a place and of those that lie in it."""
    where = _where(table)
    named = [place for place in _different(where, table) if place]
    inside = [place for place in named if within in (place, places.region(place))]
    if not inside:
        shown = sorted(named)[:_MOST_NAMED]
        raise DataError.one(
            file="rollup",
            column="place",
            found=f"no record of {within}",
            expected=", ".join(shown) or "records of places",
            remedy="Name a place of the records.",
        )
    return table.filter(where.isin(inside))


def _different(column: ir.Value, table: ir.Table, most: int | None = None) -> list[Any]:
    """Return the different values of a column, or the first few of them."""
    values = table.select(value=column).distinct()
    found = values.limit(most).to_pyarrow()
    return found["value"].to_pylist()


def _offices(table: ir.Table) -> tuple[str, ...]:
    """Return the offices that were voted for, two at most: one is told of, several are not."""
    values = _different(table.office, table, most=2)
    return tuple(value or "" for value in values)


def _when(table: ir.Table, column: str, period: str | None) -> ir.Value:
    import ibis

    if period is None:
        return ibis.literal(0)
    day = table[column]
    if period == "day":
        return day
    start = day.truncate(PERIODS[period])
    return start.cast("date")


def _where(table: ir.Table) -> ir.Value:
    """Return the code of a place, or its name where it has none.

    Unknown places keep their names.
    """
    if "place" not in table.columns:
        return table.place_id
    return table.place_id.coalesce(table.place)


def _base(table: ir.Table, asked: Asked, as_of: date) -> pd.DataFrame:
    """Count in the engine: a row per combination that occurs, of appeals by class and days too."""
    fate: dict[str, ir.Value] = {}
    if asked.dataset == "appeals":
        fate["kind"], fate["waited"] = appeal_class(table, as_of)
        measures = {"n": table.count()}
    else:
        measures = add_up(table, asked.dataset, asked.dimensions)
    columns = {"period": _when(table, DATE[asked.dataset], asked.period)}
    for name in asked.dimensions:
        if name in _PLACES:
            columns[name] = _where(table)
        elif name == _DAYS:
            columns[name] = day_band(fate["kind"], fate["waited"])
        else:
            column, _ = DIMENSIONS[asked.dataset][name]
            columns[name] = table[column]
    categories = list(columns)
    columns |= fate
    found = table.group_by(**columns).aggregate(**measures)
    frame = _with_categories(found.to_pyarrow(), categories)
    periods = frame["period"].cat
    in_order = sorted(periods.categories)
    frame["period"] = periods.reorder_categories(in_order, ordered=True)
    return frame


def _with_categories(found: Any, names: list[str]) -> pd.DataFrame:
    """Return a table of Arrow as a frame, some of its columns as categories."""
    for number, name in enumerate(found.column_names):
        if name in names:
            encoded = found[name].dictionary_encode()
            found = found.set_column(number, name, encoded)
    return found.to_pandas()


def _relabel(column: pd.Series, words: dict[str, str]) -> pd.Series:
    """Return a column as categories, the total first; what is not stated is named so."""
    old = [str(value) for value in column.cat.categories]
    new = [words.get(value, value) or NOT_STATED for value in old]
    different = {*new, *words.values(), NOT_STATED} - {ALL}
    labels = [ALL, *sorted(different)]
    number = {label: place for place, label in enumerate(labels)}
    # The code of an empty cell is -1: the last.
    place = np.array([number[value] for value in [*new, NOT_STATED]])
    codes = place[column.cat.codes]
    relabelled = pd.Categorical.from_codes(codes, labels)
    return pd.Series(relabelled, index=column.index)


@cache
def _topics() -> dict[str, str]:
    """Return the code of each topic that the suite has words for, by its words in any language."""
    return {
        text(key, language).casefold(): key.removeprefix("t_")
        for key in keys("t_")
        for language in languages()
    }


def _topic_codes(column: pd.Series) -> dict[str, str]:
    known = _topics()
    codes = {}
    for value in column.cat.categories:
        folded = str(value).casefold()
        codes[value] = known.get(folded, value)
    return codes


@dataclass(frozen=True)
class _Located:
    labels: pd.Series
    above: Any
    regions: dict[str, str]


def _locate(column: pd.Series, where: str, places: Places) -> _Located:
    """Return the labels of a column of places, and the code of the region above each."""
    old = [str(value) for value in column.cat.categories if value]
    region = {place: places.region(place) for place in old}
    if where == "region":
        return _Located(_relabel(column, region), None, {})
    inside = {above for place, above in region.items() if above != place}
    names = {place: place + DIRECT for place in old if place in inside}
    regions = {names.get(place, place): above for place, above in region.items()}
    labels = _relabel(column, names | {above: above for above in inside})
    known = list(labels.cat.categories)
    one_region = len({*region.values()}) <= 1
    if one_region and len(column.cat.categories) == len(old):
        regions = {}  # the one region is the whole
    number = {label: place for place, label in enumerate(known)}
    above = np.array([number.get(regions.get(label, label), 0) for label in known])
    return _Located(labels, above if inside and regions else None, regions)


@dataclass(frozen=True)
class Scope:
    """The day of counting (the latest if None), the known places, and the one place to keep to."""

    as_of: date | None
    places: Places
    within: str = ""


def count_records(connection: Any, folder: Path, asked: Asked, scope: Scope) -> Counted:
    """Count the records of a folder, those of one place if asked."""
    places = scope.places
    table = read_records(connection, folder, asked.dataset)
    if scope.within:
        table = _within(table, scope.within, places)
    span = find_span(table, asked.dataset, scope.as_of)
    if asked.dataset == "elections" and "candidate" not in asked.dimensions:
        table = stations(table)
    base = _base(table, asked, span.as_of)
    above, regions = None, {}
    for name in asked.dimensions:
        if name in _PLACES:
            located = _locate(base[name], name, places)
            base[name] = located.labels
            above, regions = located.above, located.regions
        else:
            words = _topic_codes(base[name]) if name == "topic" else {}
            base[name] = _relabel(base[name], words)
    named = _named_places(table, asked, base)
    whole = places.whole(named)
    cube = make_cube(base, asked.dimensions, above)
    counts = _counts(base, asked, cube)
    waiting = None
    if asked.dataset == "appeals":
        waiting = count_waiting(base, cube)
    return Counted(asked, span, whole, cube, counts, waiting, regions)


def _named_places(table: ir.Table, asked: Asked, base: pd.DataFrame) -> list[str]:
    if asked.where is None:
        found = _different(_where(table), table)
        return [place or "" for place in found]
    labels = base[asked.where].unique()
    return [label.removesuffix(DIRECT) for label in labels]


def _counts(base: pd.DataFrame, asked: Asked, cube: Cube) -> pd.DataFrame:
    if asked.dataset == "appeals":
        return _count_appeals(base, cube)
    names = list(sums_of(asked.dataset, asked.dimensions))
    columns = []
    for name in names:
        values = base[name].to_numpy(dtype=float)
        columns.append(cube.finest(values))
    fine = np.column_stack(columns)
    return pd.DataFrame(cube.add_up(fine), columns=names)


def _count_appeals(base: pd.DataFrame, cube: Cube) -> pd.DataFrame:
    """Return the appeals of each cell by class, added up to the measures."""
    kind = base["kind"].to_numpy()
    n = base["n"].to_numpy()
    size = len(cube.sets[0]) * CLASSES
    by_class = np.bincount(cube.of_row * CLASSES + kind, n, size)
    fine = by_class.reshape(-1, CLASSES)
    return count_classes(cube.add_up(fine))
