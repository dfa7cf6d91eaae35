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


@dataclass(frozen=True)
class Asked:
    """One table that is asked for: a data set, a period and dimensions."""

    dataset: str
    period: str | None
    dimensions: list[str]

    @property
    def where(self) -> str | None:
        return next((name for name in self.dimensions if name in _PLACES), None)

    @property
    def by(self) -> list[str]:
        return [*([self.period] if self.period else []), *self.dimensions]


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
    known = [*PERIODS, *(["day"] if dataset == "elections" else []), *DIMENSIONS[dataset]]
    for name in names:
        if name not in known:
            raise UnknownName(f"records of {dataset} cannot be counted by", name, known)
    periods = [name for name in names if name not in DIMENSIONS[dataset]]
    if len(periods) > 1 or set(_PLACES) <= set(names) or len(set(names)) < len(names):
        hint = "Name one period at most, place or region, not both, and each once."
        raise UnknownName("by", ",".join(names), hint=hint)
    others = [name for name in names if name in DIMENSIONS[dataset]]
    others.sort(key=lambda name: name not in _PLACES)
    return Asked(dataset, periods[0] if periods else None, others)


def find_span(table: ir.Table, dataset: str, as_of: date | None) -> Span:
    """Look once at all records: first and last day, and which columns hold anything."""
    column = DATE[dataset]
    days = {"first": table[column].min(), "last": table[column].max()}
    if "finished" in table.columns:
        days["finished"] = table.finished.max()
    filled = {f"n_{name}": table[name].count() for name in table.columns if name != "year"}
    simulated = table.simulated.fill_null(False).cast("int8").max()
    found = table.aggregate(**days, **filled, simulated=simulated).to_pyarrow().to_pylist()[0]
    latest = [day for day in (found["last"], found.get("finished")) if day]
    names = frozenset(name for name in table.columns if found.get(f"n_{name}"))
    offices = _offices(table) if dataset == "elections" and "office" in names else ()
    simulated_rows = bool(found["simulated"])
    day = as_of or max(latest)
    return Span(found["first"], found["last"], day, simulated_rows, names, offices)


def _within(table: ir.Table, within: str, places: Places) -> ir.Table:
    """Keep the records of a place and of those that lie in it."""
    where = _where(table)
    found = table.select(place=where).distinct().to_pyarrow()["place"].to_pylist()
    inside = [place for place in found if place and within in (place, places.region(place))]
    if not inside:
        raise DataError.one(
            file="rollup",
            column="place",
            found=f"no record of {within}",
            expected=", ".join(sorted(place for place in found if place)[:20])
            or "records of places",
            remedy="Name a place of the records.",
        )
    return table.filter(where.isin(inside))


def _offices(table: ir.Table) -> tuple[str, ...]:
    values = table.select("office").distinct().limit(2).to_pyarrow()["office"].to_pylist()
    return tuple(value or "" for value in values)


def _when(table: ir.Table, column: str, period: str | None) -> ir.Value:
    import ibis

    if period == "day":
        return table[column]
    return table[column].truncate(PERIODS[period]).cast("date") if period else ibis.literal(0)


def _where(table: ir.Table) -> ir.Value:
    """Return the code of a place, or its name where it has none.

    Unknown places keep their names.
    """
    return table.place_id.coalesce(table.place) if "place" in table.columns else table.place_id


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
            columns[name] = table[DIMENSIONS[asked.dataset][name][0]]
    columns |= fate
    found = table.group_by(**columns).aggregate(**measures).to_pyarrow()
    for number, name in enumerate(found.column_names):
        if name in ("period", *asked.dimensions):
            found = found.set_column(number, name, found[name].dictionary_encode())
    frame = found.to_pandas()
    days = frame["period"].cat.categories
    frame["period"] = frame["period"].cat.reorder_categories(sorted(days), ordered=True)
    return frame


def _relabel(column: pd.Series, words: dict[str, str]) -> pd.Series:
    """Return a column as categories, the total first; what is not stated is named so."""
    old = [str(value) for value in column.cat.categories]
    new = [words.get(value, value) if value else NOT_STATED for value in old]
    labels = [ALL, *sorted({*new, *words.values(), NOT_STATED} - {ALL})]
    number = {label: place for place, label in enumerate(labels)}
    place = np.array([number[value] for value in [*new, NOT_STATED]])
    return pd.Series(pd.Categorical.from_codes(place[column.cat.codes], labels), index=column.index)


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
    return {value: known.get(str(value).casefold(), value) for value in column.cat.categories}


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
            base[name], above, regions = located.labels, located.above, located.regions
        else:
            words = _topic_codes(base[name]) if name == "topic" else {}
            base[name] = _relabel(base[name], words)
    named = _named_places(table, asked, base)
    cube = make_cube(base, asked.dimensions, above)
    counts = _counts(base, asked, cube)
    waiting = count_waiting(base, cube) if asked.dataset == "appeals" else None
    return Counted(asked, span, places.whole(named), cube, counts, waiting, regions)


def _named_places(table: ir.Table, asked: Asked, base: pd.DataFrame) -> list[str]:
    if asked.where:
        labels = base[asked.where].unique()
        return [label.removesuffix(DIRECT) for label in labels]
    found = table.select(place=_where(table)).distinct().to_pyarrow()["place"].to_pylist()
    return [place or "" for place in found]


def _counts(base: pd.DataFrame, asked: Asked, cube: Cube) -> pd.DataFrame:
    if asked.dataset == "appeals":
        kind, n = base["kind"].to_numpy(), base["n"].to_numpy()
        size = len(cube.sets[0]) * CLASSES
        fine = np.bincount(cube.of_row * CLASSES + kind, n, size)
        return count_classes(cube.add_up(fine.reshape(-1, CLASSES)))
    names = list(sums_of(asked.dataset, asked.dimensions))
    columns = [cube.finest(base[name].to_numpy(dtype=float)) for name in names]
    return pd.DataFrame(cube.add_up(np.column_stack(columns)), columns=names)
