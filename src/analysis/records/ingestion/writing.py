"""Write the records of all runs into a new folder, with the account of every row."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.records.ingestion import account as accounts
from analysis.records.ingestion import columns, target, versions
from analysis.records.ingestion.run import Run
from analysis.records.ingestion.settling import Settled, source_of
from analysis.records.ingestion.staging import sql_path, sql_text
from analysis.records.privacy import keys
from analysis.records.privacy.guard import Guard
from analysis.records.schemas import Schema

if TYPE_CHECKING:
    import duckdb

_RANDOM_KEY = "random: nothing can be added to this folder later"
# What the account says of the last run, and of the whole folder.
_OF_LAST_RUN = ("not_rows", "files", "sheets", "sheets_skipped", "constants", "came", "changed")
_OF_FOLDER = ("runs", "key", "key_check", "rare")
Hidden = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Target:
    """The new folder, the account of the earlier one, and whether a key was given."""

    new: Path
    earlier: dict[str, Any]
    key_given: bool


@dataclass(frozen=True)
class Work:
    """What rows are written with: the connection, the gate, and the new folder."""

    connection: duckdb.DuckDBPyConnection
    guard: Guard
    new: Path


@dataclass(frozen=True)
class Written:
    """What became of the rows of all runs, and what was written as other."""

    versions: versions.Kept
    hidden: Hidden


def write(run: Run, settled: Settled, paths: list[Path], aim: Target) -> dict[str, Any]:
    """Write the rows of a run beside those of earlier ones, and return the account of all."""
    typed, new = settled.typed, aim.new
    work = Work(run.connection, run.guard, new)
    rows = _convert(run, typed)
    stored = versions.stored(run.earlier, run.schema) if aim.earlier else []
    fresh = versions.Fresh(rows, run.number, run.exported)
    every = versions.read_all(run.schema, stored, new=fresh)
    counts = accounts.count_rows(typed, rows, run.connection)
    written = write_rows(work, every, run.number)
    if aim.earlier:
        target.carry_over(run.earlier, new)
    rejected = typed if counts["rejects"] else []
    before = run.earlier / "rejects.csv"
    accounts.write_rejects(rejected, new / "rejects.csv", before, run.connection)
    if run.places.names:
        run.places.write(new)
    this = _account_of_run(run, settled, paths, counts, written.versions)
    account = {
        "dataset": run.schema.dataset,
        "runs": [*aim.earlier.get("runs", []), this],
        "key": "given" if aim.key_given else _RANDOM_KEY,
        "key_check": keys.fingerprint(run.key) if aim.key_given else "",
        "rare": run.guard.rare,
    }
    wide = any(one.layout.candidates for one in typed)
    return finish(work, account, written, wide=wide or bool(aim.earlier))


def _convert(run: Run, typed: list[columns.Typed]) -> str:
    """Write the typed rows of each sheet, and return the SQL that reads them all."""
    paths = []
    for number, one in enumerate(typed):
        path = run.hidden.fresh()
        source = source_of(run, one.layout, number)
        columns.convert(one, source, path)
        paths.append(path)
    listed = ", ".join(map(sql_path, paths))
    return f"read_parquet([{listed}])"


def _account_of_run(
    run: Run, settled: Settled, paths: list[Path], counts: dict[str, Any], kept: versions.Kept
) -> dict[str, Any]:
    sheets = enumerate(settled.typed, 1)
    return {
        "run": run.number,
        "as_of": run.exported or None,
        "rows_in": counts["rows_in"],
        "rejects": counts["rejects"],
        "totals": counts["totals"],
        "good": counts["good"],
        "not_rows": {"footnotes": counts["footnotes"], "blank": counts["blank"]},
        "came": kept.came,
        "changed": kept.changed,
        "files": run.file_names(path.name for path in paths),
        "sheets": [accounts.sheet_account(one, number) for number, one in sheets],
        "sheets_skipped": run.file_names(settled.skipped),
        "constants": [mapping.constants for mapping in run.mappings],
    }


def write_rows(work: Work, every: str, number: int) -> Written:
    """Write the newest version of every case by year, and the older ones apart."""
    connection = work.connection
    guard = work.guard
    wanted = guard.schema
    kept = versions.find_outdated(connection, wanted, every, number)
    newest = every
    if kept.duplicates or kept.superseded:
        newest = versions.current(every)
    hidden = versions.hide_rare(connection, wanted, newest, rare=guard.rare, known=guard.known)
    rows = versions.written(wanted, newest, hidden)
    _write_years(connection, wanted, rows, work.new)
    if kept.superseded:
        folder = work.new / versions.EARLIER
        folder.mkdir()
        older = versions.outdated(every)
        rows = versions.written(wanted, older, hidden)
        _copy(connection, rows, folder / "part-0.parquet")
    return Written(kept, hidden)


def _write_years(
    connection: duckdb.DuckDBPyConnection, wanted: Schema, rows: str, new: Path
) -> None:
    folder = new / wanted.dataset
    folder.mkdir()
    day = wanted.year_of
    query = f"SELECT DISTINCT year({day}) FROM ({rows}) ORDER BY 1"
    years = connection.execute(query).fetchall()
    for (year,) in years:
        part = folder / f"year={year}"
        part.mkdir()
        first, last = f"DATE '{year}-01-01'", f"DATE '{year}-12-31'"
        within = f"{day} BETWEEN {first} AND {last}"
        of_year = f"SELECT * FROM ({rows}) WHERE {within}"
        path = part / "part-0.parquet"
        _copy(connection, of_year, path)


def _copy(connection: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    file = sql_text(str(path))
    connection.execute(f"COPY ({query}) TO {file} (FORMAT parquet)")


def finish(work: Work, account: dict[str, Any], kept: Written, *, wide: bool) -> dict[str, Any]:
    """Add the account of all runs up, check it against the files, and write it."""
    runs = [one for one in account["runs"] if not one.get("removed")]
    changed = kept.versions
    duplicates = changed.duplicates + changed.superseded
    good = _total(runs, "good")
    result = {
        "dataset": account["dataset"],
        "rows_in": _total(runs, "rows_in"),
        "rows_out": good - duplicates,
        "rejects": _total(runs, "rejects"),
        "totals": _total(runs, "totals"),
        "duplicates": duplicates,
        "superseded": changed.superseded,
        "rows_written": _count_written(work),
        "written_as_other": kept.hidden,
    }
    last = account["runs"][-1]
    result |= {name: last[name] for name in _OF_LAST_RUN}
    result |= {name: account[name] for name in _OF_FOLDER}
    new = work.new
    accounts.check(result, wide=wide, rejects=new / "rejects.csv")
    result["content"] = accounts.content_of(new)
    written = json.dumps(result, ensure_ascii=False, indent=1)
    path = new / "ingest.json"
    path.write_text(f"{written}\n", "utf-8")
    return result


def _total(runs: list[dict[str, Any]], name: str) -> int:
    return sum(one[name] for one in runs)


def _count_written(work: Work) -> int:
    dataset = work.guard.schema.dataset
    folder = work.new / dataset
    paths = sorted(folder.glob("year=*/*.parquet"))
    if not paths:
        return 0
    listed = ", ".join(map(sql_path, paths))
    query = f"SELECT count(*) FROM read_parquet([{listed}], hive_partitioning = false)"
    (counted,) = work.connection.execute(query).fetchone() or (0,)
    return counted
