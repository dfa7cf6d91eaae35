"""Protect the tables of one release together, and beside what was released before."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import DataError
from analysis.files import write_whole
from analysis.records.privacy.disclosure import Audit, protect_and_audit
from analysis.records.rollups.counting import Counted
from analysis.records.rollups.cube import ALL
from analysis.records.rollups.measures import protected_counts

LEDGER = "releases.json"
_FOLDER = "releases"
_EVER = "all"
_KINDS = ("month", "quarter", "year", _EVER)
# What is hidden last: totals before parts, and the count that readers look for first.
_TOTAL_WEIGHT = 1.5
_HIDDEN_LAST = {"appeals_registered": 30.0}


@dataclass(frozen=True)
class Release:
    """One table that left the folder: how it was counted, from which records, where its copy is."""

    dataset: str
    by: tuple[str, ...]
    place: str
    threshold: int
    as_of: str
    content: str
    copy: str


@dataclass(frozen=True)
class Hidden:
    """What is hidden in one table, and the cells that are not listed at all."""

    counts: pd.DataFrame
    unlisted: NDArray[Any]


def read_ledger(folder: Path) -> list[Release]:
    """Return the releases of a folder, the oldest first."""
    path = folder / LEDGER
    if not path.is_file():
        return []
    try:
        rows = json.loads(path.read_text("utf-8"))
        return [Release(**row | {"by": tuple(row["by"])}) for row in rows]
    except (ValueError, TypeError, KeyError) as error:
        raise DataError.one(
            file=str(path),
            found=f"a list of releases that cannot be read ({type(error).__name__})",
            expected="the file as openness rollup wrote it",
            remedy="Restore it: new releases are judged against it.",
        ) from error


def content_of(folder: Path) -> str:
    """Return what tells one state of the records from another."""
    account = folder / "ingest.json"
    if account.is_file():
        found = json.loads(account.read_text("utf-8"))
        content = found.get("content")
        if content:
            return str(content)
    files = sorted(folder.glob("*/year=*/*.parquet"))
    sizes = [f"{path.relative_to(folder)}:{path.stat().st_size}" for path in files]
    return ";".join(sizes)


def _period(counted: Counted) -> pd.Series:
    """Return the period of each cell as kind and first day, such as "month:2024-01-01"."""
    cells = counted.cube.cells
    kind = counted.asked.period
    if kind is None:
        return pd.Series(_EVER, index=cells.index)
    start = cells["period"].astype("str")
    return f"{kind}:" + start.str[:10]


def cell_keys(counted: Counted, place: str) -> pd.DataFrame:
    """Return the cells of a table under the names that they have in every table."""
    cells = counted.cube.cells
    total = pd.Series(ALL, index=cells.index)
    keys = pd.DataFrame({"period": _period(counted)})
    for name in counted.asked.dimensions:
        labels = cells[name].astype("str")
        only_part = labels.ne(ALL).all() and labels.nunique() == 1
        column = "place" if name == "region" else name
        keys[column] = total if only_part else labels
    if place:
        within = keys.get("place", total)
        keys["place"] = within.where(within != ALL, place)
    return keys


def _long(counted: Counted, place: str, persons: list[str]) -> pd.DataFrame:
    """Return one row per cell and count, with the weight of its loss."""
    dimensions = counted.cube.cells[counted.asked.dimensions]
    is_total = dimensions.astype("str") == ALL
    wide = cell_keys(counted, place)
    wide["cell"] = np.arange(len(wide))
    wide["totals"] = is_total.sum(axis=1)
    indicators = pd.DataFrame({"indicator": persons})
    long = wide.merge(indicators, how="cross")
    counts = counted.counts[persons].to_numpy()
    long["value"] = counts.ravel()
    last = long["indicator"].map(_HIDDEN_LAST)
    long["weight"] = last.fillna(1.0) * _TOTAL_WEIGHT ** long["totals"]
    return long


def _few_people(counted: Counted, threshold: int) -> NDArray[Any]:
    """Return the cells that have so few people that nothing of them is shown."""
    people = counted.counts.get("appeals_registered")
    if people is None:
        return np.zeros(len(counted.counts), dtype=bool)
    few = people.between(0, threshold, inclusive="neither")
    return few.to_numpy()


def _unlisted(counted: Counted, few: NDArray[Any]) -> NDArray[Any]:
    """Return the cells below a total of few people: that they are there would tell of them."""
    keys = counted.cube.cells.astype("str")
    small = keys[few]
    unlisted = np.zeros(len(keys), dtype=bool)
    for name in counted.asked.dimensions:
        above = [pd.Series(ALL, index=keys.index)]
        if name == counted.asked.where:
            regions = [counted.regions.get(label, ALL) for label in keys[name]]
            above.append(pd.Series(regions, index=keys.index, dtype="str"))
        for total in above:
            is_part = keys[name].ne(total).to_numpy()
            small_total = _is_in(keys.assign(**{name: total}), small)
            unlisted |= small_total & is_part
    return unlisted


def _is_in(keys: pd.DataFrame, among: pd.DataFrame) -> NDArray[Any]:
    if among.empty:
        return np.zeros(len(keys), dtype=bool)
    wanted = pd.MultiIndex.from_frame(among)
    index = pd.MultiIndex.from_frame(keys)
    return index.isin(wanted)


def _totals(frame: pd.DataFrame, tables: Sequence[Counted], parts: Any) -> dict[str, Any]:
    """Return which values are totals of which: of dimensions, places, periods and indicators."""
    totals: dict[str, Any] = {}
    for name in sorted(set(_DIMENSIONS) & set(frame)):
        if frame[name].ne(ALL).any():
            totals[name] = ALL
    if "place" in frame and frame["place"].ne(ALL).any():
        totals["place"] = _place_totals(frame, tables)
    names = sorted(frame["period"].unique())
    periods = _period_totals(names)
    if periods:
        totals["period"] = periods
    if parts:
        totals["indicator"] = parts
    return totals


_DIMENSIONS = (
    "body",
    "type",
    "topic",
    "channel",
    "applicant_kind",
    "language",
    "kind",
    "held_by",
    "level",
    "days",
)


def _place_totals(frame: pd.DataFrame, tables: Sequence[Counted]) -> Any:
    """Return the one total of places, or the places of each region where some lie in one."""
    above: dict[str, str] = {}
    for counted in tables:
        for place, region in counted.regions.items():
            if place != region:
                above[place] = region
    if not above:
        return ALL
    pairs: dict[str, list[str]] = {}
    for label in frame["place"].unique():
        if label != ALL:
            region = above.get(label, ALL)
            pairs.setdefault(region, []).append(label)
    return list(pairs.items())


def _period_totals(periods: list[str]) -> list[tuple[str, list[str]]]:
    """Return the years, quarters and the whole time with the periods inside them."""
    there = {period.partition(":")[0] for period in periods}
    pairs: dict[str, list[str]] = {}
    for period in periods:
        kind, _, start = period.partition(":")
        coarser = [other for other in _coarser_than(kind) if other in there]
        if coarser:
            total = _containing(coarser[0], start)
            pairs.setdefault(total, []).append(period)
    return [(total, parts) for total, parts in pairs.items() if total in periods]


def _coarser_than(kind: str) -> tuple[str, ...]:
    """Return the kinds of periods that hold whole ones of a kind, the finest first."""
    if kind not in _KINDS:
        return ()
    finer_or_same = _KINDS.index(kind) + 1
    return _KINDS[finer_or_same:]


def _containing(kind: str, start: str) -> str:
    if kind == _EVER:
        return _EVER
    letter = {"quarter": "Q", "year": "Y"}[kind]
    period = pd.Period(start, freq=letter)
    first = period.start_time.date()
    return f"{kind}:{first.isoformat()}"


@dataclass(frozen=True)
class Earlier:
    """An earlier release: what was published, and its table counted again from the same records."""

    counted: Counted | None
    place: str
    published: pd.DataFrame


def protect_tables(
    tables: Sequence[Counted], *, place: str, threshold: int, earlier: Sequence[Earlier]
) -> tuple[list[Hidden], Audit | None]:
    """Hide what is small in several tables, so that neither they nor earlier ones give it away.

    Returns
    -------
    tuple
        What is hidden in each table, and the audit of all of them together.
    """
    persons, parts = protected_counts(tables[0].asked.dataset)
    if not persons:
        shown = [nothing_hidden(counted) for counted in tables]
        return shown, None
    placed = [(counted, place) for counted in tables]
    placed += [(one.counted, one.place) for one in earlier if one.counted is not None]
    parted = []
    for counted, where in placed:
        long = _long(counted, where, persons)
        few = _few_people(counted, threshold)
        long["also"] = np.repeat(few, len(persons))
        parted.append(long)
    everything = [counted for counted, _ in placed]
    frame, by = _together(parted)
    known = _known(frame, by, earlier, threshold)
    frame["also"] |= known["hide"]
    done, audit = protect_and_audit(
        frame,
        by=by,
        totals=_totals(frame, everything, parts),
        threshold=threshold,
        weight="weight",
        also=frame["also"].to_numpy(),
        shown=known["shown"].to_numpy(),
        partial=True,
    )
    suppressed = done.set_index(by)["suppressed"]
    hidden = []
    for long, counted in zip(parted, tables, strict=False):
        masked = _looked_up(suppressed, long, by)
        table = nothing_hidden(counted).counts
        table[persons] = masked.reshape(-1, len(persons))
        few = _few_people(counted, threshold)
        hidden.append(Hidden(table, _unlisted(counted, few)))
    return hidden, audit


def _together(parted: list[pd.DataFrame]) -> tuple[pd.DataFrame, list[str]]:
    """Return the cells of several tables, each once, and the columns that tell them apart."""
    union = pd.concat(parted, ignore_index=True)
    keys = [name for name in ("period", "place", *_DIMENSIONS) if name in union]
    by = [*keys, "indicator"]
    union = _keyed(union, by)
    of_cell = union.groupby(by, sort=False)["also"]
    union["also"] |= of_cell.transform("max")
    return union.drop_duplicates(by, ignore_index=True), by


def _looked_up(values: pd.Series, frame: pd.DataFrame, by: list[str]) -> NDArray[Any]:
    """Return the values of the cells that a frame lists."""
    keys = _keyed(frame, by)[by]
    index = pd.MultiIndex.from_frame(keys)
    return values.reindex(index).to_numpy()


def _keyed(frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return a frame with all key columns.

    A column that a table is not counted by holds the total.
    """
    total = pd.Series(ALL, index=frame.index)
    columns = {}
    for name in by:
        words = frame.get(name, total).astype("object")
        filled = words.where(words.notna(), ALL)
        columns[name] = filled.astype("str")
    return frame.assign(**columns)


def nothing_hidden(counted: Counted) -> Hidden:
    """Return that all of a table is shown."""
    counts = counted.counts
    table = pd.DataFrame(False, index=counts.index, columns=counts.columns)
    listed = np.zeros(len(table), dtype=bool)
    return Hidden(table, listed)


def _known(
    frame: pd.DataFrame, by: list[str], earlier: Sequence[Earlier], threshold: int
) -> pd.DataFrame:
    """Return which cells were shown before as they are, and which must stay hidden beside that."""
    known = pd.DataFrame({"shown": False, "hide": False}, index=frame.index)
    now = frame["value"].to_numpy(dtype=float)
    index = pd.MultiIndex.from_frame(frame[by])
    for one in earlier:
        published = _keyed(one.published, by)
        before = published.drop_duplicates(by).set_index(by)["value"]
        there = index.isin(before.index)
        values = before.reindex(index).to_numpy(dtype=float, na_value=np.nan)
        was_shown = there & ~np.isnan(values)
        known["hide"] |= there & ~was_shown
        if one.counted is not None:
            # What could not be seen to be small was shown, and cannot be taken back.
            known["shown"] |= was_shown
        else:
            change = np.abs(now - values)
            few = (change > 0) & (change < threshold)
            known["hide"] |= there & few
    known["hide"] &= ~known["shown"]
    return known


def publish(
    folder: Path,
    counted: Counted,
    hidden: Hidden,
    *,
    place: str,
    threshold: int,
) -> None:
    """Enter a table into the list of releases, with a copy of what it shows."""
    asked = counted.asked
    persons, _ = protected_counts(asked.dataset)
    if not persons:
        return
    releases = read_ledger(folder)
    number = len(releases) + 1
    entry = Release(
        asked.dataset,
        tuple(asked.by),
        place,
        threshold,
        counted.span.as_of.isoformat(),
        content_of(folder),
        f"{_FOLDER}/{number:03}.parquet",
    )
    if any(replace(old, copy=entry.copy) == entry for old in releases):
        return
    (folder / _FOLDER).mkdir(exist_ok=True)
    part = folder / _FOLDER / f".{number:03}.part"
    copy = _copy_of(counted, hidden, place, persons)
    copy.to_parquet(part, index=False)
    os.replace(part, folder / entry.copy)
    rows = [asdict(release) for release in [*releases, entry]]
    listed = json.dumps(rows, ensure_ascii=False, indent=1)
    write_whole(folder / LEDGER, f"{listed}\n")


def _copy_of(counted: Counted, hidden: Hidden, place: str, persons: list[str]) -> pd.DataFrame:
    """Return what a table shows: one row per cell and count, missing where it is hidden."""
    masked = hidden.counts[persons].to_numpy().ravel()
    unlisted = np.repeat(hidden.unlisted, len(persons))
    long = _long(counted, place, persons)
    copy = long.drop(columns=["cell", "totals", "weight"])
    copy["value"] = copy["value"].mask(masked | unlisted)
    return copy
