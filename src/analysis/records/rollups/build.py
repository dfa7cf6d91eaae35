"""Roll records up: count, protect as one release, shape, and write whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import DataError, UnknownName
from analysis.files import quote_formula
from analysis.locale import text
from analysis.records.arguments import check_day
from analysis.records.privacy.disclosure import (
    LEAST_THRESHOLD,
    SMALL_CELL,
    Audit,
    check_threshold,
)
from analysis.records.rollups.counting import Counted, Scope, ask, count_records
from analysis.records.rollups.engine import open_engine
from analysis.records.rollups.measures import protected_counts
from analysis.records.rollups.places import Places, read_own_places
from analysis.records.rollups.release import (
    Earlier,
    Hidden,
    content_of,
    nothing_hidden,
    protect_tables,
    publish,
    read_ledger,
)
from analysis.records.rollups.series import shape
from analysis.reference import languages

OWN_REGISTER = "own_records"
_NOT_CHECKED = {
    "verdict": "not checked",
    "threshold": None,
    "hidden": 0,
    "not_listed": 0,
    "said": "",
}


@dataclass(frozen=True)
class _Options:
    """The checked options of a roll-up."""

    folder: Path
    threshold: int | None
    as_of: date | None
    register: str
    place: str
    engine: dict[str, Any]


def _check_path(value: Any, name: str) -> Path:
    if isinstance(value, str | os.PathLike) and str(value):
        return Path(value)
    raise DataError.one(
        file="rollup",
        column=name,
        found=repr(value),
        expected="a path",
        remedy="Name a file or folder.",
    )


def _check_by(by: Any) -> list[str]:
    names = [by] if isinstance(by, str) else by
    if not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
        raise DataError.one(
            file="rollup",
            column="by",
            found=repr(by),
            expected='a name or a list of names, such as "month" or ["month", "place"]',
            remedy="Correct it.",
        )
    return list(names)


def _earlier(connection: Any, options: _Options, dataset: str, places: Places) -> list[Earlier]:
    """Return the earlier releases of a folder; those of the same records are counted again."""
    found = []
    folder = options.folder
    content = content_of(folder)
    for release in read_ledger(folder):
        if release.dataset != dataset:
            continue
        published = pd.read_parquet(folder / release.copy)
        counted = None
        if release.content == content:
            asked = ask(list(release.by), dataset)
            day = date.fromisoformat(release.as_of)
            scope = Scope(day, places, release.place)
            counted = count_records(connection, folder, asked, scope)
        found.append(Earlier(counted, release.place, published))
    return found


def _release(
    connection: Any, options: _Options, tables: list[list[str]], dataset: str
) -> tuple[list[Counted], list[Hidden], Audit | None, Places]:
    places = read_own_places(options.folder)
    scope = Scope(options.as_of, places, options.place)
    counted = []
    for by in tables:
        asked = ask(by, dataset)
        counted.append(count_records(connection, options.folder, asked, scope))
    if options.threshold is None:
        shown = [nothing_hidden(one) for one in counted]
        return counted, shown, None, places
    earlier = _earlier(connection, options, dataset, places)
    hidden, audit = protect_tables(
        counted, place=options.place, threshold=options.threshold, earlier=earlier
    )
    return counted, hidden, audit, places


def release(  # noqa: PLR0913  options of one public function, all by keyword
    folder: Path | str,
    *,
    tables: Sequence[str | Sequence[str]],
    dataset: str = "appeals",
    threshold: int = SMALL_CELL,
    as_of: date | str | None = None,
    register: str = OWN_REGISTER,
    place: str = "",
    record: bool = False,
) -> list[pd.DataFrame]:
    """Count several tables that belong together, protected together.

    Parameters
    ----------
    folder, dataset, as_of, register, place
        As in `rollup`.
    tables : list
        What each table is counted by, such as [["month"], ["body"]].
    threshold : int
        As in `rollup`, 3 or more.
    record : bool
        Enter the tables into the list of releases of the folder, against which later ones are
        judged.

    Returns
    -------
    list of pandas.DataFrame
        The tables, as `rollup` returns them.

    Raises
    ------
    DataError, UnknownName
        As `rollup`.
    """
    asked = [_check_by(by) for by in tables]
    options = _Options(
        _check_path(folder, "folder"),
        check_threshold(threshold),
        check_day(as_of, command="rollup"),
        register,
        place,
        {"memory_limit": "1GB", "spill": None, "master": None},
    )
    for by in asked:
        ask(by, dataset)
    return _run(options, asked, dataset, "duckdb", record=record)


def _run(
    options: _Options, tables: list[list[str]], dataset: str, engine: str, *, record: bool
) -> list[pd.DataFrame]:
    with open_engine(engine, **options.engine) as connection:
        counted, hidden, audit, places = _release(connection, options, tables, dataset)
    frames = []
    for one, mask in zip(counted, hidden, strict=True):
        frame = shape(
            one, mask, places=places, register=options.register, threshold=options.threshold
        )
        frame.attrs["audit"] = _account(one, mask, audit)
        frames.append(frame)
    if record and options.threshold:
        for one, mask in zip(counted, hidden, strict=True):
            publish(
                options.folder,
                one,
                mask,
                place=options.place,
                threshold=options.threshold,
            )
    return frames


def _account(counted: Counted, hidden: Hidden, audit: Audit | None) -> dict[str, Any]:
    if audit is None:
        return dict(_NOT_CHECKED)
    persons, _ = protected_counts(counted.asked.dataset)
    masked = hidden.counts[persons].to_numpy()
    return {
        "verdict": audit.verdict,
        "threshold": audit.threshold,
        "hidden": int(masked.sum()),
        "not_listed": int(hidden.unlisted.sum()),
        "said": audit.summary(),
    }


def rollup(  # noqa: PLR0913  options of one public function, all by keyword
    folder: Path | str,
    *,
    by: str | Sequence[str] = ("month",),
    dataset: str = "appeals",
    out: Path | str | None = None,
    threshold: int | None = SMALL_CELL,
    as_of: date | str | None = None,
    register: str = OWN_REGISTER,
    place: str = "",
    engine: str = "duckdb",
    memory_limit: str = "1GB",
    spill: Path | str | None = None,
    master: str | None = None,
) -> pd.DataFrame:
    """Count your records by period, place and other columns, as series of the published shape.

    Parameters
    ----------
    folder : path
        What `openness ingest` wrote.
    by : str or list of str
        One period at most (month, quarter, year; elections also day) and any of `DIMENSIONS`: for
        appeals place or region, body, type, topic, channel, applicant_kind, language; for elections
        also candidate. All totals are in the table as well. A place counts in the region it lies
        in.
    dataset : {"appeals", "meetings", "elections"}
    out : path, optional
        A file to write, .csv or .parquet; beside it go what the audit found (.audit.json) and a
        page in plain words (.about.txt). The table is entered into the list of releases of the
        folder.
    threshold : int or None
        Counts of persons below it are hidden, with as many others as it takes (see
        `analysis.records.protect`); 3 or more. None shows all, for work where the records are held,
        and cannot be written. Counts of meetings and results of elections are public.
    as_of : date or str, optional
        The day on which open and overdue appeals are counted; the latest day in the records if not
        given.
    register : str
        The register that the records are an export of.
    place : str, optional
        Count only the records of this place and of those that lie in it.
    engine : {"duckdb", "spark"}
    memory_limit : str
        Memory that the engine may use, such as "1GB"; DuckDB writes what does not fit to `spill`.
    spill : path, optional
        Folder for what does not fit; the engine's own choice if not given.
    master : str, optional
        Address of a Spark cluster; this machine if not given.

    Returns
    -------
    pandas.DataFrame
        The columns of `analysis.load_appeals`, and `simulated`. Indicators of appeals are counts
        that add up (`APPEAL_PARTS`), shares 0..1 and days to the answer (median and 90th
        percentile, those still waiting counted as waiting). `rule` says what a value is: counted,
        computed, suppressed (hidden), no_cases (a share of nothing), not_reached (too many still
        wait). What the records have no column for has no row. A combination without a row is zero,
        or lies below a total that is hidden.

    Raises
    ------
    DataError
        If there are no records, if an option cannot be, or if what was released before gives small
        counts of this table away.
    UnknownName
        For a data set, engine or column that is not known.

    Examples
    --------
    >>> import tempfile, analysis.records as records
    >>> place = tempfile.TemporaryDirectory()
    >>> export = records.simulate(2000, seed=1, out=f"{place.name}/appeals.csv")
    >>> _ = records.ingest(export, dataset="appeals", out=f"{place.name}/own")
    >>> frame = records.rollup(f"{place.name}/own", by="year")
    >>> int(frame.query("indicator == 'appeals_registered'")["value"].sum())
    2000
    """
    names = _check_by(by)
    ask(names, dataset)
    public = not protected_counts(dataset)[0]
    if out is not None:
        _check_out(_check_path(out, "out"), public, threshold)
    options = _Options(
        _check_path(folder, "folder"),
        None if threshold is None or public else check_threshold(threshold),
        check_day(as_of, command="rollup"),
        register,
        place,
        {
            "memory_limit": memory_limit,
            "spill": _check_path(spill, "spill") if spill is not None else None,
            "master": master,
        },
    )
    frame = _run(options, [names], dataset, engine, record=out is not None)[0]
    if out is not None:
        write(frame, Path(out))
    return frame


def _check_out(out: Path, public: bool, threshold: int | None) -> None:
    if out.suffix not in (".csv", ".parquet"):
        raise DataError.one(
            file=str(out),
            found=f"the ending {out.suffix!r}",
            expected=".csv or .parquet",
            remedy="Name the file so.",
        )
    if not public and threshold is None:
        raise DataError.one(
            file=str(out),
            found="no threshold",
            expected=f"a threshold of {LEAST_THRESHOLD} or more",
            remedy="Exported counts must pass disclosure control.",
        )


def _about(frame: pd.DataFrame) -> str:
    """Return the page in plain words: what was hidden, why, and what can still be worked out."""
    audit = frame.attrs["audit"]
    key = "about_release" if audit["threshold"] else "about_public"
    counts = frame[frame["unit"].eq("count")]
    suppressed = counts["rule"].eq("suppressed")
    values = {
        "rows": len(frame),
        "counts": len(counts),
        "hidden": int(suppressed.sum()),
        "threshold": audit["threshold"] or 0,
        "not_listed": audit.get("not_listed", 0),
    }
    pages = [text(key, language, **values) for language in languages()]
    whole = "\n\n".join(pages)
    return f"{whole}\n"


def _safe(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose words a spreadsheet takes for text."""
    safe = frame.copy()
    for name in frame:
        if frame[name].dtype == "str":
            safe[name] = frame[name].map(quote_formula)
    return safe


def write(frame: pd.DataFrame, out: Path) -> None:
    """Write a table, what its audit found and the page about it.

    Where a table stands, its own audit and page stand beside it: the old table goes first and the
    new one comes last, whenever the work is stopped. The audit holds the SHA-256 of its table."""
    about = out.with_name(f"{out.name}.about.txt")
    record = out.with_name(f"{out.name}.audit.json")
    part_of = {path: path.with_name(f".{path.name}.part") for path in (out, about, record)}
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        _write_table(frame, part_of[out], out.suffix)
        part_of[about].write_text(_about(frame), "utf-8")
        digest = hashlib.sha256(part_of[out].read_bytes())
        audit = frame.attrs["audit"] | {"table": out.name, "sha256": digest.hexdigest()}
        written = json.dumps(audit, ensure_ascii=False, indent=1)
        part_of[record].write_text(f"{written}\n", "utf-8")
        out.unlink(missing_ok=True)
        for path in (record, about, out):
            os.replace(part_of[path], path)
    except OSError as error:
        raise DataError.one(
            file=str(out),
            found=error.strerror or str(error),
            expected="a file that can be written",
            remedy="Name another with --out, or make room.",
        ) from None
    finally:
        for part in part_of.values():
            part.unlink(missing_ok=True)


def _write_table(frame: pd.DataFrame, path: Path, ending: str) -> None:
    if ending == ".csv":
        safe = _safe(frame)
        safe.to_csv(path, index=False, lineterminator="\n", date_format="%Y-%m-%d")
    else:
        frame.to_parquet(path, index=False)


__all__ = ["UnknownName", "release", "rollup", "write"]
