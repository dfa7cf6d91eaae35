"""Protect the tables of one release together.

And beside what was released from the folder before.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
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
    """One table that left the folder: how it was counted, from which records.

    And where its copy is.
    """

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
        found = json.loads(account.read_text("utf-8")).get("content")
        if found:
            return str(found)
    files = sorted(folder.glob("*/year=*/*.parquet"))
    return ";".join(f"{path.relative_to(folder)}:{path.stat().st_size}" for path in files)


def _period(counted: Counted) -> pd.Series:
    kind, cells = counted.asked.period, counted.cube.cells
    if kind is None:
        return pd.Series(_EVER, index=cells.index)
    return kind + ":" + cells["period"].astype("str").str[:10]


def cell_keys(counted: Counted, place: str) -> pd.DataFrame:
    """Return the cells of a table under the names that they have in every table."""
    cells = counted.cube.cells
    keys = pd.DataFrame({"period": _period(counted)})
    for name in counted.asked.dimensions:
        labels = cells[name].astype("str")
        if (labels != ALL).all() and labels.nunique() == 1:
            labels = pd.Series(ALL, index=labels.index)  # the only part is the total
        keys["place" if name == "region" else name] = labels
    if place:
        within = keys["place"] if "place" in keys else pd.Series(ALL, index=keys.index)
        keys["place"] = within.where(within != ALL, place)
    return keys


def _long(counted: Counted, place: str, persons: list[str]) -> pd.DataFrame:
    """Return one row per cell and count, with the weight of its loss."""
    keys = cell_keys(counted, place)
    totals = (counted.cube.cells[counted.asked.dimensions].astype("str") == ALL).sum(axis=1)
    wide = keys.assign(cell=np.arange(len(keys)), totals=totals)
    long = wide.merge(pd.DataFrame({"indicator": persons}), how="cross")
    long["value"] = counted.counts[persons].to_numpy().ravel()
    last = long["indicator"].map(_HIDDEN_LAST).fillna(1.0)
    long["weight"] = last * _TOTAL_WEIGHT ** long["totals"]
    return long


def _few_people(counted: Counted, threshold: int) -> NDArray[Any]:
    """Return the cells that have so few people that nothing of them is shown."""
    few = counted.counts.get("appeals_registered")
    if few is None:
        return np.zeros(len(counted.counts), dtype=bool)
    return ((few > 0) & (few < threshold)).to_numpy()


def _unlisted(counted: Counted, few: NDArray[Any]) -> NDArray[Any]:
    """Return the cells below a total of few people: that they are there would tell of them."""
    cells = counted.cube.cells
    keys = cells.astype("str")
    small = keys[few]
    unlisted = np.zeros(len(cells), dtype=bool)
    for name in counted.asked.dimensions:
        above = keys.assign(**{name: ALL})
        if name == counted.asked.where:
            regions = [counted.regions.get(label, ALL) for label in keys[name]]
            in_region = keys.assign(**{name: pd.Series(regions, index=keys.index, dtype="str")})
            unlisted |= _is_in(in_region, small) & (in_region[name] != keys[name]).to_numpy()
        unlisted |= _is_in(above, small) & (keys[name] != ALL).to_numpy()
    return unlisted


def _is_in(keys: pd.DataFrame, among: pd.DataFrame) -> NDArray[Any]:
    if among.empty:
        return np.zeros(len(keys), dtype=bool)
    return pd.MultiIndex.from_frame(keys).isin(pd.MultiIndex.from_frame(among))


def _totals(frame: pd.DataFrame, tables: Sequence[Counted], parts: Any) -> dict[str, Any]:
    totals: dict[str, Any] = {}
    for name in frame.columns.difference(["period", "place", "indicator"]):
        if name in _DIMENSIONS and frame[name].ne(ALL).any():
            totals[name] = ALL
    if "place" in frame and frame["place"].ne(ALL).any():
        totals["place"] = _place_totals(frame, tables)
    periods = _period_totals(sorted(frame["period"].unique()))
    if periods:
        totals["period"] = periods
    return totals | ({"indicator": parts} if parts else {})


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
    above: dict[str, str] = {}
    for counted in tables:
        above |= {place: region for place, region in counted.regions.items() if place != region}
    labels = [label for label in frame["place"].unique() if label != ALL]
    if not above:
        return ALL
    pairs: dict[str, list[str]] = {}
    for label in labels:
        pairs.setdefault(above.get(label, ALL), []).append(label)
    return list(pairs.items())


def _period_totals(periods: list[str]) -> list[tuple[str, list[str]]]:
    """Return the years, quarters and the whole time with the periods inside them."""
    kinds = [kind for kind in _KINDS if any(p.split(":")[0] == kind for p in periods)]
    pairs: dict[str, list[str]] = {}
    for period in periods:
        kind, _, start = period.partition(":")
        coarser = [other for other in kinds if _KINDS.index(other) > _KINDS.index(kind)] if (
            kind in _KINDS
        ) else []  # fmt: skip
        if coarser:
            pairs.setdefault(_containing(coarser[0], start), []).append(period)
    return [(total, parts) for total, parts in pairs.items() if total in periods]


def _containing(kind: str, start: str) -> str:
    if kind == _EVER:
        return _EVER
    letter = {"quarter": "Q", "year": "Y"}[kind]
    first = pd.Period(start, freq=letter).start_time.date()
    return f"{kind}:{first.isoformat()}"


@dataclass(frozen=True)
class Earlier:
    """An earlier release: its table counted again if the records are the same.

    And what was published.
    """

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
        shown = [_nothing_hidden(counted) for counted in tables]
        return shown, None
    same = [one for one in earlier if one.counted is not None]
    parted = [_long(counted, place, persons) for counted in tables]
    parted += [_long(one.counted, one.place, persons) for one in same if one.counted]
    everything = [*tables, *(one.counted for one in same if one.counted)]
    for long, counted in zip(parted, everything, strict=True):
        long["also"] = np.repeat(_few_people(counted, threshold), len(persons))
    union = pd.concat(parted, ignore_index=True)
    keys = [name for name in ("period", "place", *_DIMENSIONS) if name in union]
    by = [*keys, "indicator"]
    union = _keyed(union, by)
    union["also"] |= union.groupby(by, sort=False)["also"].transform("max")
    frame = union.drop_duplicates(by, ignore_index=True)
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
    lookup = done.set_index(by)["suppressed"]
    hidden = []
    for long, counted in zip(parted[: len(tables)], tables, strict=True):
        index = pd.MultiIndex.from_frame(_keyed(long, by)[by])
        mask = lookup.reindex(index).to_numpy().reshape(-1, len(persons))
        table = pd.DataFrame(False, index=counted.counts.index, columns=counted.counts.columns)
        table[persons] = mask
        hidden.append(Hidden(table, _unlisted(counted, _few_people(counted, threshold))))
    return hidden, audit


def _keyed(frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return a frame with all key columns.

    A column that a table is not counted by holds the total.
    """
    columns = {}
    for name in by:
        words = frame[name] if name in frame else pd.Series(ALL, index=frame.index)
        columns[name] = words.astype("object").where(words.notna(), ALL).astype("str")
    return frame.assign(**columns)


def _nothing_hidden(counted: Counted) -> Hidden:
    table = pd.DataFrame(False, index=counted.counts.index, columns=counted.counts.columns)
    return Hidden(table, np.zeros(len(table), dtype=bool))


def _known(
    frame: pd.DataFrame, by: list[str], earlier: Sequence[Earlier], threshold: int
) -> pd.DataFrame:
    """Return which cells were shown before as they are, and which must stay hidden beside that."""
    known = pd.DataFrame({"shown": False, "hide": False}, index=frame.index)
    for one in earlier:
        published = _keyed(one.published, by)
        index = pd.MultiIndex.from_frame(frame[by])
        before = published.drop_duplicates(by).set_index(by)["value"]
        there = index.isin(before.index)
        values = before.reindex(index).to_numpy(dtype=float, na_value=np.nan)
        was_hidden = there & np.isnan(values)
        change = np.abs(frame["value"].to_numpy(dtype=float) - values)
        if one.counted is not None:
            # What could not be seen to be small was shown, and cannot be taken back.
            known["shown"] |= there & ~np.isnan(values)
            known["hide"] |= was_hidden
        else:
            known["hide"] |= was_hidden | (there & (change > 0) & (change < threshold))
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
    persons, _ = protected_counts(counted.asked.dataset)
    if not persons:
        return
    content = content_of(folder)
    releases = read_ledger(folder)
    number = len(releases) + 1
    entry = Release(
        counted.asked.dataset,
        tuple(counted.asked.by),
        place,
        threshold,
        counted.span.as_of.isoformat(),
        content,
        f"{_FOLDER}/{number:03}.parquet",
    )
    if any(asdict(old) | {"copy": ""} == asdict(entry) | {"copy": ""} for old in releases):
        return
    long = _long(counted, place, persons)
    masked = hidden.counts[persons].to_numpy().ravel() | np.repeat(hidden.unlisted, len(persons))
    copy = long.drop(columns=["cell", "totals", "weight"])
    copy["value"] = copy["value"].mask(masked)
    (folder / _FOLDER).mkdir(exist_ok=True)
    part = folder / _FOLDER / f".{number:03}.part"
    copy.to_parquet(part, index=False)
    os.replace(part, folder / entry.copy)
    rows = [asdict(release) for release in [*releases, entry]]
    write_whole(folder / LEDGER, json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
