"""From the files of a person to a protected folder of Parquet, with an account of every row."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import DataError, Problem
from analysis.records.ingestion import columns as convert
from analysis.records.ingestion import staging
from analysis.records.ingestion import target as folder
from analysis.records.ingestion.staging import sql_text
from analysis.records.reading import files
from analysis.records.reading import header as layout
from analysis.records.reading.header import Doubt, Layout
from analysis.records.reading.mapping import Mapping, mapping_text, read_mapping
from analysis.records.reading.values import pattern
from analysis.records.schemas import Schema, schema

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

KEY_VARIABLE = "OPENNESS_KEY"
SHORTEST_KEY = 16
MEMORY = "800MB"
Ask = Callable[[Doubt], str]


class Refusal(DataError):
    """What was read leaves something open that only a person can say; `template` is the mapping file to fill in."""

    def __init__(self, problems: list[Problem], template: str):
        super().__init__(problems)
        self.template = template


@dataclass
class _Run:
    schema: Schema
    mapping: Mapping
    key: bytes
    work: Path
    connection: duckdb.DuckDBPyConnection
    say: Callable[[str], None]
    ask: Ask | None


def read_key(path: Path | None) -> bytes | None:
    """Return the key from a file or from the environment variable OPENNESS_KEY, or None where there is none.

    Raises
    ------
    DataError
        If the key is shorter than 16 bytes, or the file cannot be read.
    """
    name = str(path) if path else f"environment variable {KEY_VARIABLE}"
    try:
        key = (
            path.read_bytes().strip() if path else os.environ.get(KEY_VARIABLE, "").strip().encode()
        )
    except OSError as error:
        raise DataError(
            [
                Problem(
                    file=name,
                    found=error.strerror or "an error",
                    expected="a key",
                    remedy="Check the path.",
                )
            ]
        ) from error
    if not key and not path:
        return None
    if len(key) < SHORTEST_KEY:
        remedy = "Make one, for instance with: openssl rand -hex 32"
        raise DataError(
            [
                Problem(
                    file=name,
                    found=f"a key of {len(key)} bytes",
                    expected=f"at least {SHORTEST_KEY}",
                    remedy=remedy,
                )
            ]
        )
    return key


def ingest(
    source: str | Path | Sequence[str | Path],
    *,
    dataset: str,
    out: str | Path,
    mapping: str | Path | None = None,
    key: bytes | None = None,
    ask: Ask | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Read exports of appeals, meetings or elections into a protected folder of Parquet.

    Parameters
    ----------
    source : path or sequence of paths
        Files (CSV, TSV, XLSX, XLS, ODS, JSON, Parquet; zip, gzip), folders or globs. They are never changed.
    dataset : {"appeals", "meetings", "elections"}
    out : path
        New folder, or one of an earlier ingest, which stays until the new one is complete:
        `out/<dataset>/year=.../*.parquet`, `out/ingest.json` (the account), `out/rejects.csv`.
    mapping : path, optional
        Mapping file; only the columns that it names are read. Without it headers are matched by the synonym table.
    key : bytes, optional
        Key of the hashes in the place of registration numbers, 16 bytes or more; a random one if not given.
    ask : callable, optional
        Answers a doubt with one of its answers; without it a doubt is refused.
    say : callable, optional
        Takes the lines that tell what was understood, before anything is written.

    Returns
    -------
    dict
        The account, as in ingest.json: rows_in = rows_out + rejects + totals + duplicates.

    Raises
    ------
    Refusal
        If something is open, with the mapping file to fill in.
    DataError
        If a file cannot be read.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "a.csv").write_text("№ обращения,Дата регистрации,Вид обращения\\n1,25.07.2021,Жалоба\\n", encoding="utf-8")
    >>> account = ingest(folder / "a.csv", dataset="appeals", out=folder / "own", key=b"0123456789abcdef")
    >>> account["rows_in"], account["rows_out"], account["rejects"]
    (1, 1, 0)
    >>> read(folder / "own")[["registered", "type"]].iloc[0].tolist()
    [Timestamp('2021-07-25 00:00:00'), 'complaint']
    """
    wanted = schema(dataset)
    target = Path(out)
    folder.check_target(target, dataset)
    said = read_mapping(Path(mapping), wanted) if mapping else Mapping()
    asked = [Path(source)] if isinstance(source, str | Path) else [Path(path) for path in source]
    paths = files.find_files(asked)
    if any(
        target.absolute() == path.absolute() or target.absolute() in path.absolute().parents
        for path in paths
    ):
        raise files.fail(
            str(target), "a folder that holds the input", "another folder", "Choose another --out."
        )
    import duckdb

    try:
        with folder.whole_folder(target) as (work, new):
            (work / "spill").mkdir()
            connection = _connect(work / "spill")
            try:
                run = _Run(wanted, said, key or secrets.token_bytes(32), work, connection, say, ask)
                return _ingest(run, paths, new, key_given=key is not None)
            finally:
                connection.close()
    except (duckdb.InterruptException, RuntimeError) as error:
        if "interrupt" not in str(error).casefold():
            raise
        raise KeyboardInterrupt from error
    except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
        remedy = "Check the room on the disk and the rights of the folder; nothing was changed."
        raise files.fail(
            str(target), str(error).splitlines()[0], "room to work and to write", remedy
        ) from error
    except (
        duckdb.InvalidInputException,
        duckdb.ConversionException,
        duckdb.SerializationException,
    ) as error:
        name = ", ".join(map(str, asked))
        found = f"data that cannot be read ({str(error).split(':')[0][:60]})"
        raise files.fail(name, found, "a whole file", "Export it again, or as CSV.") from error


def _connect(spill: Path) -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(spill),
            "threads": min(4, os.cpu_count() or 1),
        }
    )


def _ingest(run: _Run, paths: list[Path], new: Path, *, key_given: bool) -> dict[str, Any]:
    staging.set_key(run.connection, run.key)
    inputs = run.work / "inputs"
    inputs.mkdir()
    sheets = [
        sheet
        for path in paths
        for sheet in files.open_sheets(
            path, inputs, encoding=run.mapping.encoding, separator=run.mapping.separator
        )
    ]
    typed, skipped = _settle(run, sheets)
    for line in _understood(run, typed, skipped):
        run.say(line)
    return _write(run, typed, skipped, new, paths, key_given=key_given)


def _settle(run: _Run, sheets: list[files.Sheet]) -> tuple[list[convert.Typed], list[str]]:
    """Lay out and read all sheets; ask about everything that is open, or refuse."""
    wanted = set(run.mapping.sheets)
    chosen = [
        sheet for sheet in sheets if not wanted or sheet.name.rsplit(", sheet ", 1)[-1] in wanted
    ]
    if not chosen:
        raise files.fail(
            ", ".join(s.name for s in sheets),
            f"no sheet {sorted(wanted)}",
            "one of the sheets",
            "Correct the mapping file.",
        )
    staged: list[dict[str, int]] = []
    while True:
        laid = [layout.lay_out(sheet, run.schema, run.mapping) for sheet in chosen]
        useful = [one for one in laid if len(one.picks) > 1 or run.mapping.given]
        skipped = [
            one.sheet.name
            for one in laid
            if one not in useful and ", sheet " in one.sheet.name and useful
        ]
        kept = [one for one in laid if one.sheet.name not in skipped]
        typed: list[convert.Typed] = []
        doubts = [doubt for one in kept for doubt in _missing(one, run)]
        if not doubts:
            named = [staging.names_of(one) for one in kept]
            if staged != named:
                _stage(run, kept)
                staged = named
            typed = _read(run, kept)
            doubts = [doubt for one in typed for doubt in (*one.doubts, *_missing(one.layout, run))]
        doubts = [*(doubt for one in kept for doubt in one.doubts), *doubts]
        if not doubts:
            return typed, skipped
        _answer(run, doubts, kept)


def _stage(run: _Run, layouts: list[Layout]) -> None:
    for number, one in enumerate(layouts):
        run.say(f"Reading {one.sheet.name} ...")
        staging.stage(
            one, run.schema, run.work / f"staged-{number}.parquet", run.key, run.connection
        )


def _read(run: _Run, layouts: list[Layout]) -> list[convert.Typed]:
    staged = [run.work / f"staged-{number}.parquet" for number in range(len(layouts))]
    numbered = enumerate(zip(layouts, staged, strict=True))
    return [
        convert.read_columns(one, path, number, run.schema, run.mapping, run.connection)
        for number, (one, path) in numbered
    ]


def _missing(one: Layout, run: _Run) -> list[Doubt]:
    doubts = []
    for column in run.schema.columns:
        if (
            column.required
            and column.name not in one.picks
            and column.name not in run.mapping.constants
        ):
            headers = tuple(
                dict.fromkeys(
                    h
                    for h in one.headers
                    if h and layout.shown(h, run.schema) == " ".join(h.split())
                )
            )
            doubts.append(
                Doubt(
                    f"{one.sheet.name}: which column is <{column.name}>?",
                    "columns",
                    column.name,
                    headers[:60],
                )
            )
    if len(one.picks) + len(one.candidates) == 0:
        said = f"{one.sheet.name}: no column of {run.schema.dataset} was recognised; without a header set header_row = 0"
        doubts.append(Doubt(said, "columns", "", ()))
    return doubts


def _answer(run: _Run, doubts: list[Doubt], layouts: list[Layout]) -> None:
    """Put the answers to doubts into the mapping; without someone to ask, refuse with a mapping file to fill in."""
    open_ = list(dict.fromkeys(doubts))
    if run.ask is None or any(not doubt.answers for doubt in open_) or run.mapping.given:
        raise _refusal(run, open_, layouts)
    for doubt in open_:
        answer = run.ask(doubt)
        if doubt.sets == "values":
            run.mapping.values.setdefault(doubt.column, {})[doubt.value] = answer
        else:
            getattr(run.mapping, doubt.sets)[doubt.column] = answer


def _refusal(run: _Run, doubts: list[Doubt], layouts: list[Layout]) -> Refusal:
    found = replace(
        run.mapping, columns=dict(run.mapping.columns), candidates=list(run.mapping.candidates)
    )
    for one in layouts:
        found.columns |= {column: one.headers[position] for column, position in one.picks.items()}
        found.candidates += [name for name in one.candidates if name not in found.candidates]
    headers = list(
        dict.fromkeys(layout.shown(header, run.schema) for one in layouts for header in one.headers)
    )
    unknown: dict[str, list[str]] = {}
    problems = []
    for doubt in doubts:
        if doubt.sets == "values":
            unknown.setdefault(doubt.column, []).append(doubt.value)
        expected = (
            "one of " + ", ".join(repr(answer)[:60] for answer in doubt.answers[:20])
            if doubt.answers
            else "a known layout"
        )
        problems.append(
            Problem(
                file=doubt.said.split(": ", 1)[0],
                column=doubt.column or None,
                found=doubt.said.split(": ", 1)[1],
                expected=expected,
                remedy="Say it in the mapping file.",
            )
        )
    said = [f"{p.found} ({p.expected})" for p in problems]
    return Refusal(problems, mapping_text(run.schema, found, headers, said, unknown))


def _understood(run: _Run, typed: list[convert.Typed], skipped: list[str]) -> list[str]:
    """Say, column by column, what was understood, with examples that tell of no person."""
    lines = []
    for one in typed:
        lines.append(
            f"{one.layout.sheet.name} ({one.layout.sheet.encoding}, header ends at row {one.layout.first}):"
        )
        header_of = {
            name: one.layout.headers[position]
            for name, position in staging.names_of(one.layout).items()
        }
        for reading in one.readings:
            score = one.layout.scores.get(reading.staged, 100.0)
            name = layout.shown(header_of[reading.staged], run.schema)
            lines.append(
                f"  {name!r} -> {reading.column.output} ({reading.column.kind}, score {score:.0f}): {_examples(one, reading)}"
            )
        lines += [
            f"  {column} = {value!r} for all rows"
            for column, value in run.mapping.constants.items()
        ]
        lines += [f"  {name!r}: {reason}" for name, reason in one.layout.dropped.items()]
        if one.unmatched_places:
            names = ", ".join(repr(name[:40]) for name in one.unmatched_places[:5])
            lines.append(
                f"  {len(one.unmatched_places)} names of places are not in the gazetteer, place_id stays empty: {names}"
            )
    return lines + [f"{name}: no table of {run.schema.dataset}; not read" for name in skipped]


def _examples(one: convert.Typed, reading: convert.Reading) -> str:
    values = list(dict.fromkeys(one.layout.values(staging.names_of(one.layout)[reading.staged])))
    if reading.column.kind == "key":
        return "keyed hash of values like " + ", ".join(
            dict.fromkeys(pattern(value) for value in values[:3])
        )
    good = _good(reading, values[:500], public=one.layout.schema.public)
    return ", ".join(good[:3]) or "no value"


def _good(reading: convert.Reading, values: list[str], *, public: bool) -> list[str]:
    """Return values that were read, as they will be written; what was not read is not shown."""
    kind = reading.column.kind
    if kind in ("date", "count", "bool") or reading.column.codes:
        read = {convert.read_example(reading, value) for value in values}
        return sorted(f"{value}" for value in read if value is not None)
    return [
        value[:60]
        for value in values
        if not convert.find(value, place=kind == "place", public=public)
    ]


def _write(
    run: _Run,
    typed: list[convert.Typed],
    skipped: list[str],
    new: Path,
    paths: list[Path],
    *,
    key_given: bool,
) -> dict[str, Any]:
    connection = run.connection
    connection.execute("SET preserve_insertion_order = false")
    for number, one in enumerate(typed):
        convert.convert(
            one, number, run.schema, run.mapping, run.work / f"typed-{number}.parquet", connection
        )
    rows = f"read_parquet({sql_text(str(run.work / 'typed-*.parquet'))})"
    duplicates = _find_duplicates(run, rows)
    good = f"SELECT * FROM {rows} WHERE mark IS NULL AND NOT bad"
    if duplicates:
        good += " AND (file, row) NOT IN (SELECT (file, row) FROM duplicate)"
    _write_years(run, good, new / run.schema.dataset)
    account = _account(run, typed, rows, duplicates)
    convert.write_rejects(typed if account["rejects"] else [], new / "rejects.csv", connection)
    account |= {
        "constants": run.mapping.constants,
        "files": [str(path.name) for path in paths],
        "sheets": [_sheet_account(one) for one in typed],
        "sheets_skipped": skipped,
        "key": "given" if key_given else "random: releases of different runs cannot be linked",
    }
    _check_account(account, run, new)
    (new / "ingest.json").write_text(
        json.dumps(account, ensure_ascii=False, indent=1) + "\n", "utf-8"
    )
    for line in _summary(account):
        run.say(line)
    return account


def _find_duplicates(run: _Run, rows: str) -> int:
    """Find rows that agree with an earlier one in every column, where the columns that tell records apart are filled."""
    names, identity = ", ".join(run.schema.written()), ", ".join(run.schema.identity)
    filled = " AND ".join(f"{name} IS NOT NULL" for name in run.schema.identity)
    good = f"FROM {rows} WHERE mark IS NULL AND NOT bad AND {filled}"
    once = run.connection.execute(
        f"SELECT count(*) = count(DISTINCT hash({identity})) {good}"
    ).fetchone()
    if once == (True,):
        return 0
    run.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE twice AS SELECT {identity} {good} GROUP BY ALL HAVING count(*) > 1"
    )
    ranked = f"SELECT file, row, row_number() OVER (PARTITION BY {names} ORDER BY file, row) AS nth {good} AND ({identity}) IN (FROM twice)"
    run.connection.execute(
        f"CREATE OR REPLACE TEMP TABLE duplicate AS SELECT file, row FROM ({ranked}) GROUP BY 1, 2 HAVING min(nth) > 1"
    )
    return int((run.connection.execute("SELECT count(*) FROM duplicate").fetchone() or (0,))[0])


def _write_years(run: _Run, good: str, target: Path) -> None:
    target.mkdir()
    day = run.schema.year_of
    names = ", ".join(run.schema.written())
    years = run.connection.execute(
        f"SELECT DISTINCT year({day}) FROM ({good}) ORDER BY 1"
    ).fetchall()
    for (year,) in years:
        part = target / f"year={year}"
        run.say(f"Writing {year} ...")
        part.mkdir()
        within = f"{day} BETWEEN DATE '{year}-01-01' AND DATE '{year}-12-31'"
        file = sql_text(str(part / "part-0.parquet"))
        run.connection.execute(
            f"COPY (SELECT {names} FROM ({good}) WHERE {within}) TO {file} (FORMAT parquet)"
        )


def _account(run: _Run, typed: list[convert.Typed], rows: str, duplicates: int) -> dict[str, Any]:
    distinct = (
        "count(DISTINCT (file, row))" if any(one.layout.candidates for one in typed) else "count(*)"
    )
    rejected = f"{distinct} FILTER (mark IN ('short', 'long') OR (mark IS NULL AND bad))"
    query = f"SELECT {distinct} FILTER (mark IS NULL AND NOT bad), {rejected}, {distinct} FILTER (mark = 'total'), "
    query += f"{distinct} FILTER (mark = 'note'), {distinct} FILTER (mark = 'blank') FROM {rows}"
    good, rejects, totals, notes, blank = run.connection.execute(query).fetchone() or (
        0,
        0,
        0,
        0,
        0,
    )
    staged = 0
    for one in typed:
        records = f"SELECT count(*) FROM read_parquet({sql_text(str(one.staged))}) WHERE mark IS NULL OR mark NOT IN ('note', 'blank')"
        staged += (run.connection.execute(records).fetchone() or (0,))[0]
    return {
        "dataset": run.schema.dataset, "rows_in": staged, "rows_out": good - duplicates, "rejects": rejects,
        "totals": totals, "duplicates": duplicates, "not_rows": {"footnotes": notes, "blank": blank},
    }  # fmt: skip


def _sheet_account(one: convert.Typed) -> dict[str, Any]:
    headers = one.layout.headers
    return {
        "name": one.layout.sheet.name,
        "header_rows": one.layout.first,
        "columns": {r.column.output: layout.shown(headers[staging.names_of(one.layout)[r.staged]], one.layout.schema)
                    for r in one.readings if not r.staged.startswith("votes_")},
        "candidates": list(one.layout.candidates),
        "dropped": one.layout.dropped,
        "places_not_matched": len(one.unmatched_places),
    }  # fmt: skip


def _check_account(account: dict[str, Any], run: _Run, new: Path) -> None:
    """Stop where a row is unaccounted for, or where the files do not hold what the account says."""
    parts = account["rows_out"] + account["rejects"] + account["totals"] + account["duplicates"]
    written = run.connection.execute(f"SELECT count(*) FROM read_parquet({sql_text(str(new))} || '/*/*/*.parquet')").fetchone() if (
        any((new / run.schema.dataset).iterdir())) else (0,)  # fmt: skip
    account["rows_written"] = (written or (0,))[0]
    long = any(sheet["candidates"] for sheet in account.get("sheets", []))
    if account["rows_in"] != parts or (not long and account["rows_written"] != account["rows_out"]):
        found = f"{account['rows_in']} rows in, {parts} accounted for, {account['rows_written']} written"
        raise files.fail(
            account["dataset"],
            found,
            "every row accounted for",
            "Nothing was written. Report this as an error of the program.",
        )
    if account["rows_out"] == 0:
        remedy = "Correct the mapping: " + _most_frequent(new / "rejects.csv")
        raise files.fail(
            account["dataset"],
            f"{account['rows_in']} rows, none of which can be read",
            "records",
            remedy,
        )


def _most_frequent(rejects: Path) -> str:
    import csv
    from collections import Counter

    with rejects.open(encoding="utf-8", newline="") as stream:
        reasons = Counter(
            (row["column"], row["reason"], row["pattern"]) for row in csv.DictReader(stream)
        )
    return "; ".join(
        f"{column or 'row'}: {reason} (like {seen or 'empty'}), {count} times"
        for (column, reason, seen), count in reasons.most_common(3)
    )


def _summary(account: dict[str, Any]) -> list[str]:
    names = ("rows_out", "rejects", "totals", "duplicates")
    return [
        f"{account['rows_in']} rows in = "
        + " + ".join(f"{account[name]} {name.replace('_', ' ')}" for name in names),
        f"key of the hashes: {account['key']}",
    ]


def read(source: str | Path, *, dataset: str | None = None) -> pd.DataFrame:
    """Return the records of a protected folder as a frame; for folders that fit into memory.

    Parameters
    ----------
    source : path
        A folder that `ingest` wrote.
    dataset : {"appeals", "meetings", "elections"}, optional
        The one that the folder holds if not given.

    Returns
    -------
    pandas.DataFrame
        The columns of the schema: dates as datetime64, counts as Int64, categories and hashes as text.

    Raises
    ------
    DataError
        If the folder is none that `ingest` wrote.
    """
    import duckdb

    account = Path(source) / "ingest.json"
    if not account.is_file():
        raise files.fail(
            str(source),
            "no ingest.json",
            "a folder that ingest wrote",
            "Run: openness ingest FILE --dataset ... --out DIR",
        )
    wanted = schema(dataset or json.loads(account.read_text("utf-8"))["dataset"])
    names = ", ".join(wanted.written())
    pattern_ = sql_text(str(Path(source) / wanted.dataset / "year=*" / "*.parquet"))
    frame = (
        duckdb.connect()
        .execute(f"SELECT {names} FROM read_parquet({pattern_}, hive_partitioning = false)")
        .df()
    )
    counts = {name: "Int64" for name, kind in wanted.written().items() if kind == "BIGINT"}
    return frame.astype(counts)
