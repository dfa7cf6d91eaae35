"""From the files of a person to a protected folder of Parquet, with an account of every row."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import DataError, Problem
from analysis.locale import text
from analysis.records.arguments import check_day
from analysis.records.ingestion import account as accounts
from analysis.records.ingestion import columns, staging, target, versions
from analysis.records.ingestion.staging import sql_path, sql_text
from analysis.records.privacy import keys
from analysis.records.privacy.guard import RARE, Guard
from analysis.records.reading import files, header
from analysis.records.reading.header import Doubt, Layout
from analysis.records.reading.hidden import HiddenFiles
from analysis.records.reading.mapping import Mapping, Open, mapping_text, read_mapping
from analysis.records.reading.places import OwnPlaces, read_places
from analysis.records.reading.values import pattern
from analysis.records.reading.vocabulary import is_term
from analysis.records.schemas import Schema, schema

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

MEMORY = "800MB"
MOST_HEADERS = 60
MOST_EXAMPLES = 500
Ask = Callable[[Doubt], str]
Say = Callable[[str], None]
read_key = keys.read_key


class Refusal(DataError):
    """Something is open that only a person can say; `template` is the mapping file to fill in."""

    def __init__(self, problems: list[Problem], template: str):
        super().__init__(problems)
        self.template = template


@dataclass
class _Run:
    guard: Guard
    mappings: list[Mapping]
    places: OwnPlaces
    key: bytes
    hidden: HiddenFiles
    connection: duckdb.DuckDBPyConnection
    say: Say
    ask: Ask | None
    language: str
    number: int
    exported: str
    earlier: Path

    @property
    def schema(self) -> Schema:
        return self.guard.schema

    def tell(self, key: str, **values: Any) -> None:
        self.say(text(key, self.language, **values))

    def find_place(self, name: str) -> columns.Match:
        own = self.places.find(name)
        return (own, own) if own else columns.find_in_gazetteer(name)

    def mapping_of(self, name: str) -> Mapping:
        """Return the mapping of a file: the first whose patterns fit its name."""
        base = name.split(", sheet ", maxsplit=1)[0]
        return next((m for m in self.mappings if m.reads(base)), Mapping())


def _as_paths(value: Any, name: str) -> list[Path]:
    items = [value] if isinstance(value, str | os.PathLike) else value
    good = isinstance(items, Sequence) and all(
        isinstance(item, str | os.PathLike) and str(item) for item in items
    )
    if not good or not items:
        raise DataError.one(
            file="ingest",
            column=name,
            found=repr(value),
            expected="a path or several",
            remedy="Name a file or folder.",
        )
    return [Path(item) for item in items]


def _check_rare(rare: Any) -> int:
    if isinstance(rare, bool) or not isinstance(rare, int) or rare < 1:
        raise DataError.one(
            file="ingest",
            column="rare",
            found=repr(rare),
            expected="a whole number of 1 or more",
            remedy="Correct it.",
        )
    return rare


def ingest(  # noqa: PLR0913  options of one public function, all by keyword
    source: str | Path | Sequence[str | Path],
    *,
    dataset: str,
    out: str | Path,
    mapping: str | Path | Sequence[str | Path] | None = None,
    places: str | Path | None = None,
    key: bytes | None = None,
    rare: int = RARE,
    as_of: date | str | None = None,
    replace_all: bool = False,
    ask: Ask | None = None,
    say: Say = lambda line: None,
    language: str = "en",
) -> dict[str, Any]:
    """Read exports of appeals, meetings or elections into a protected folder of Parquet.

    Parameters
    ----------
    source : path or sequence of paths
        Files (CSV, TSV, XLSX, XLS, ODS, JSON, Parquet; zip, gzip), folders or globs. Never changed.
    dataset : {"appeals", "meetings", "elections"}
    out : path
        New folder, or one of an earlier ingest, to which the records are added; it stays as it was
        until all is complete: `out/<dataset>/year=.../*.parquet`, `out/ingest.json` (the account of
        all runs), `out/rejects.csv`. Of a case that is there already (by its number), the newest
        version wins.
    mapping : path or sequence of paths, optional
        Mapping files; only the columns that they name are read. One with `files` is for these files
        only. Without any, headers are matched by the synonym table.
    places : path, optional
        Your own list of places: a CSV with the columns code, name, parent.
    key : bytes, optional
        Key of the hashes in the place of registration numbers; a random one if not given, and then
        nothing can be added to the folder later.
    rare : int
        A value of an open category that fewer rows carry is written as "other" unless it is in a
        vocabulary.
    as_of : date or str, optional
        The day of the export, where exports are not read in their order.
    replace_all : bool
        Start the folder anew.
    ask : callable, optional
        Answers a doubt with one of its answers; without it a doubt is refused.
    say : callable, optional
        Takes the lines that tell what was understood, before anything is written.
    language : {"en", "kk", "ru"}
        Language of these lines.

    Returns
    -------
    dict
        The account, as in ingest.json: rows_in = rows_out + rejects + totals + duplicates.

    Raises
    ------
    Refusal
        If something is open, with the mapping file to fill in.
    DataError
        If a file cannot be read or an option cannot be.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> lines = "№ обращения,Дата регистрации,Вид обращения\\n1,25.07.2021,Жалоба\\n"
    >>> _ = (folder / "a.csv").write_text(lines, encoding="utf-8")
    >>> account = ingest(folder / "a.csv", dataset="appeals", out=folder / "own")
    >>> account["rows_in"], account["rows_out"], account["rejects"]
    (1, 1, 0)
    >>> read(folder / "own")[["registered", "type"]].iloc[0].tolist()
    [Timestamp('2021-07-25 00:00:00'), 'complaint']
    """
    wanted = schema(dataset)
    folder = _as_paths(out, "out")[0]
    paths = files.find_files(_as_paths(source, "source"))
    mapped = [] if mapping is None else _as_paths(mapping, "mapping")
    mappings = [read_mapping(path, wanted) for path in mapped]
    own = read_places(_as_paths(places, "places")[0]) if places is not None else OwnPlaces({}, {})
    if key is not None:
        keys.check_key(key, "key")
    guard = Guard(wanted, _check_rare(rare), _vocabulary(own))
    target.check_target(folder, dataset)
    _check_apart(folder, paths)
    earlier = {} if replace_all else target.read_account(folder)
    _check_same_key(earlier, key, wanted, folder)

    def work(hidden: HiddenFiles, connection: duckdb.DuckDBPyConnection, new: Path) -> Any:
        exported = check_day(as_of, command="ingest")
        run = _Run(
            guard,
            mappings,
            own if own.names else target.read_own_places(folder),
            key or secrets.token_bytes(32),
            hidden,
            connection,
            say,
            ask,
            language,
            len(earlier.get("runs", [])) + 1,
            exported.isoformat() if exported else "",
            folder if earlier else new,
        )
        return _ingest(run, paths, _Target(new, earlier, key is not None))

    return _in_folder(folder, work)


def remove(folder: str | Path, run: int, *, say: Say = lambda line: None) -> dict[str, Any]:
    """Take the records of one run out of a folder again; older versions of its cases come back.

    Parameters
    ----------
    folder : path
        What `ingest` wrote.
    run : int
        The number of the run in ingest.json, from 1.

    Returns
    -------
    dict
        The account.

    Raises
    ------
    DataError
        If the folder has no such run, or no other.
    """
    path = _as_paths(folder, "folder")[0]
    earlier = target.read_account(path)
    runs = earlier.get("runs", [])
    there = [one["run"] for one in runs if not one.get("removed")]
    if run not in there or len(there) == 1:
        raise DataError.one(
            file=str(path),
            column="run",
            found=repr(run),
            expected=f"one of {there}, and another that stays",
            remedy="See ingest.json.",
        )
    wanted = schema(earlier["dataset"])
    guard = Guard(wanted, earlier.get("rare", RARE))

    def work(hidden: HiddenFiles, connection: duckdb.DuckDBPyConnection, new: Path) -> Any:
        every = versions.read_all(wanted, versions.stored(path, wanted), left=run)
        work = _Work(connection, guard, new)
        kept = _write_rows(work, every, 0)
        account = earlier | {
            "runs": [one | ({"removed": True} if one["run"] == run else {}) for one in runs]
        }
        target.carry_over(path, new)
        return _finish(work, account, kept, wide=True)

    return _in_folder(path, work)


def _vocabulary(own: OwnPlaces) -> Callable[[str, str], bool]:
    def known(column: str, value: str) -> bool:
        return is_term(value) or (column == "place" and own.find(value) is not None)

    return known


def _check_apart(folder: Path, paths: list[Path]) -> None:
    here = folder.absolute()
    if any(here == path.absolute() or here in path.absolute().parents for path in paths):
        raise DataError.one(
            file=str(folder),
            found="a folder that holds the input",
            expected="another folder",
            remedy="Choose another --out.",
        )


def _fingerprint(key: bytes) -> str:
    return hmac.new(key, b"openness", hashlib.sha256).hexdigest()[:16]


def _check_same_key(
    earlier: dict[str, Any], key: bytes | None, wanted: Schema, folder: Path
) -> None:
    """Refuse to add records whose numbers are hashed with another key.

    No case would be found again.
    """
    if not earlier or not wanted.keyed:
        return
    if key is not None and earlier.get("key_check") == _fingerprint(key):
        return
    raise DataError.one(
        file=str(folder),
        found="records that were read with another key",
        expected="the same key, so that cases are found again",
        remedy="Give that key (--key-file or OPENNESS_KEY), name another --out, or start anew "
        "with --replace.",
    )


def _in_folder(folder: Path, work: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """Work beside a folder and put the result in its place, with every failure as one sentence."""
    import duckdb

    room = "Check the room on the disk and the rights of the folder; nothing was changed."
    try:
        with target.whole_folder(folder) as (spill, new):
            hidden = HiddenFiles(spill)
            connection = _connect(spill)
            try:
                return work(hidden, connection, new)
            finally:
                connection.close()
                hidden.close()
    except (duckdb.InterruptException, RuntimeError) as error:
        if "interrupt" not in str(error).casefold():
            raise
        raise KeyboardInterrupt from error
    except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
        raise DataError.one(
            file=str(folder),
            found=str(error).splitlines()[0],
            expected="room to work and to write",
            remedy=room,
        ) from error
    except duckdb.Error as error:
        raise DataError.one(
            file=str(folder),
            found=f"data that cannot be read ({str(error).split(':')[0][:60]})",
            expected="a whole file",
            remedy="Export it again, or as CSV; nothing was changed.",
        ) from error


def _connect(spill: Path) -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(spill),
            "temp_file_encryption": "true",
            "threads": min(4, os.cpu_count() or 1),
        }
    )


@dataclass(frozen=True)
class _Target:
    """The new folder, the account of the earlier one, and whether a key was given."""

    new: Path
    earlier: dict[str, Any]
    key_given: bool


@dataclass(frozen=True)
class _Work:
    """What rows are written with: the connection, the gate, and the new folder."""

    connection: duckdb.DuckDBPyConnection
    guard: Guard
    new: Path


def _ingest(run: _Run, paths: list[Path], aim: _Target) -> dict[str, Any]:
    staging.set_key(run.connection, run.key)
    sheets = []
    for path in paths:
        mapping = run.mapping_of(path.name)
        sheets += files.open_sheets(
            path, run.hidden, encoding=mapping.encoding, separator=mapping.separator
        )
    _check_used(run, sheets)
    typed, skipped = _settle(run, sheets)
    for line in _understood(run, typed, skipped):
        run.say(line)
    return _write(run, typed, skipped, paths, aim)


def _check_used(run: _Run, sheets: list[files.Sheet]) -> None:
    """Refuse a mapping that is for none of the files: its patterns are wrong."""
    used = [id(run.mapping_of(sheet.name)) for sheet in sheets]
    for mapping in run.mappings:
        if id(mapping) not in used:
            names = dict.fromkeys(
                run.guard.file_name(sheet.name, number) for number, sheet in enumerate(sheets, 1)
            )
            raise files.fail(
                "mapping file",
                f"files = {mapping.files}, which fit none of them",
                "patterns of " + ", ".join(names)[:200],
                "Correct the mapping file.",
            )


def _settle(run: _Run, sheets: list[files.Sheet]) -> tuple[list[columns.Typed], list[str]]:
    """Lay out and read all sheets; ask about everything that is open, or refuse."""
    chosen = [sheet for sheet in sheets if _is_wanted(run, sheet)]
    if not chosen:
        wanted = sorted({name for mapping in run.mappings for name in mapping.sheets})
        raise files.fail(
            ", ".join(sheet.name for sheet in sheets),
            f"no sheet {wanted}",
            "one of the sheets",
            "Correct the mapping file.",
        )
    staged: list[tuple[dict[str, int], Path]] = []
    while True:
        laid = [header.lay_out(sheet, run.guard, run.mapping_of(sheet.name)) for sheet in chosen]
        kept, skipped = _useful(run, laid)
        typed: list[columns.Typed] = []
        doubts = [doubt for one in kept for doubt in _missing(one, run)]
        if not doubts:
            if [names for names, _ in staged] != [staging.staged_names(one) for one in kept]:
                staged = [_stage(run, one) for one in kept]
            typed = [
                columns.read_columns(one, path, _source(run, one, number))
                for number, (one, (_, path)) in enumerate(zip(kept, staged, strict=True))
            ]
            doubts = [doubt for one in typed for doubt in (*one.doubts, *_missing(one.layout, run))]
        doubts = [*(doubt for one in kept for doubt in one.doubts), *doubts]
        if not doubts:
            return typed, skipped
        _answer(run, doubts, kept)


def _is_wanted(run: _Run, sheet: files.Sheet) -> bool:
    wanted = run.mapping_of(sheet.name).sheets
    return not wanted or sheet.name.rsplit(", sheet ", 1)[-1] in wanted


def _useful(run: _Run, laid: list[Layout]) -> tuple[list[Layout], list[str]]:
    """Leave out the sheets of a workbook that hold no table of this data set."""
    useful = [one for one in laid if len(one.picks) > 1 or run.mapping_of(one.sheet.name).given]
    skipped = [
        one.sheet.name
        for one in laid
        if useful and one not in useful and ", sheet " in one.sheet.name
    ]
    return [one for one in laid if one.sheet.name not in skipped], skipped


def _source(run: _Run, one: Layout, number: int) -> columns.Source:
    mapping = run.mapping_of(one.sheet.name)
    return columns.Source(run.connection, mapping, run.find_place, number)


def _stage(run: _Run, one: Layout) -> tuple[dict[str, int], Path]:
    run.tell("ing_reading", file=run.guard.file_name(one.sheet.name, 1))
    path = run.hidden.fresh()
    staging.stage(one, path, run.key, run.connection)
    return staging.staged_names(one), path


def _missing(one: Layout, run: _Run) -> list[Doubt]:
    doubts = []
    constants = run.mapping_of(one.sheet.name).constants
    for column in run.schema.columns:
        if column.required and column.name not in one.picks and column.name not in constants:
            shown = {h: run.guard.header(h) for h in one.headers if h}
            headers = tuple(h for h, name in shown.items() if name == " ".join(h.split()))
            answers = headers[:MOST_HEADERS]
            doubts.append(Doubt(one.sheet.name, "which", "columns", column.name, answers))
    if len(one.picks) + len(one.candidates) == 0:
        doubts.append(Doubt(one.sheet.name, "nothing", "columns", "", ()))
    return doubts


def _answer(run: _Run, doubts: list[Doubt], layouts: list[Layout]) -> None:
    """Put the answers to doubts into the mapping; without someone to ask, refuse."""
    open_ = list(dict.fromkeys(doubts))
    given = any(mapping.given for mapping in run.mappings)
    if run.ask is None or any(not doubt.answers for doubt in open_) or given:
        raise _refusal(run, open_, layouts)
    if not run.mappings:
        run.mappings.append(Mapping())
    mapping = run.mappings[0]
    for doubt in open_:
        answer = run.ask(doubt)
        if doubt.sets == "values":
            mapping.values.setdefault(doubt.column, {})[doubt.value] = answer
        else:
            getattr(mapping, doubt.sets)[doubt.column] = answer


def template_of(run: _Run, doubts: list[Doubt], layouts: list[Layout]) -> str:
    """Return the mapping file that says what was understood and what is open."""
    given = run.mapping_of(layouts[0].sheet.name) if layouts else Mapping()
    found = replace(given, columns=dict(given.columns), candidates=list(given.candidates))
    headers: list[str] = []
    for one in layouts:
        for column, position in one.picks.items():
            found.columns.setdefault(column, one.headers[position])
        found.candidates += [name for name in one.candidates if name not in found.candidates]
        headers += [run.guard.header(name) for name in one.headers]
    unknown: dict[str, list[str]] = {}
    for doubt in doubts:
        if doubt.sets == "values":
            unknown.setdefault(doubt.column, []).append(doubt.value)
    said = [doubt.sentence(run.language) for doubt in doubts]
    return mapping_text(run.schema, found, Open(list(dict.fromkeys(headers)), said, unknown))


def _refusal(run: _Run, doubts: list[Doubt], layouts: list[Layout]) -> Refusal:
    problems = []
    for doubt in doubts:
        answers = ", ".join(repr(answer)[:60] for answer in doubt.answers[:20])
        problems.append(
            Problem(
                file=doubt.file,
                column=doubt.column or None,
                found=doubt.sentence(run.language),
                expected=f"one of {answers}" if answers else "a known layout",
                remedy="Say it in the mapping file.",
            )
        )
    return Refusal(problems, template_of(run, doubts, layouts))


def _understood(run: _Run, typed: list[columns.Typed], skipped: list[str]) -> list[str]:
    """Say, column by column, what was understood, with examples that tell of no person."""

    def said(key: str, **values: Any) -> str:
        return text(key, run.language, **values)

    lines = []
    for number, one in enumerate(typed, 1):
        sheet, guard = one.layout.sheet, run.guard
        name = guard.file_name(sheet.name, number)
        lines.append(said("ing_sheet", file=name, encoding=sheet.encoding, row=one.layout.first))
        positions = staging.staged_names(one.layout)
        for reading in one.readings:
            header_name = guard.header(one.layout.headers[positions[reading.staged]])
            score = one.layout.scores.get(reading.staged, 100.0)
            column = reading.column
            examples = _examples(run, one, reading) or said("ing_no_value")
            read = f"{column.output} ({column.kind}, {score:.0f})"
            lines.append(f"  {header_name!r} -> {read}: {examples}")
        for name_of, value in run.mapping_of(sheet.name).constants.items():
            lines.append("  " + said("ing_constant", column=name_of, value=repr(value)))
        lines += [f"  {name!r}: {reason}" for name, reason in one.layout.dropped.items()]
        lines += _unmatched(run, one)
    lines += [
        said("ing_skipped", file=run.guard.file_name(name, n), dataset=run.schema.dataset)
        for n, name in enumerate(skipped, 1)
    ]
    return lines


def _unmatched(run: _Run, one: columns.Typed) -> list[str]:
    """List the names of places that no gazetteer knows: those that many rows carry."""
    if not one.unmatched_places:
        return []
    place = run.schema.column("place")
    shown = [
        repr(name)
        for name, count in one.unmatched_places.items()
        if run.guard.may_show(name, place, count)
    ]
    names = ", ".join(shown) or "–"
    count = len(one.unmatched_places)
    return ["  " + text("ing_places", run.language, count=count, names=names)]


def _examples(run: _Run, one: columns.Typed, reading: columns.Reading) -> str:
    values = one.layout.values(staging.staged_names(one.layout)[reading.staged])
    counts: dict[str, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    column = reading.column
    if column.kind == "key":
        patterns = dict.fromkeys(pattern(value) for value in list(counts)[:3])
        return text("ing_hashed", run.language, patterns=", ".join(patterns))
    if reading.is_open:
        shown = [v[:60] for v, n in counts.items() if run.guard.may_show(v, column, n)]
        return ", ".join(shown[:3])
    own = run.mapping_of(one.layout.sheet.name).values.get(column.name, {})
    said = [own.get(_tidy(value), own.get("*")) for value in list(counts)[:MOST_EXAMPLES]]
    read = {
        reading.parse(value) if word is None else word or None
        for value, word in zip(counts, said, strict=False)
    }
    return ", ".join(sorted(f"{value}" for value in read if value is not None)[:3])


def _write(
    run: _Run, typed: list[columns.Typed], skipped: list[str], paths: list[Path], aim: _Target
) -> dict[str, Any]:
    connection, new, earlier = run.connection, aim.new, aim.earlier
    work = _Work(connection, run.guard, new)
    written = []
    for number, one in enumerate(typed):
        written.append(run.hidden.fresh())
        columns.convert(one, _source(run, one.layout, number), written[-1])
    listed = ", ".join(sql_path(path) for path in written)
    rows = f"read_parquet([{listed}])"
    stored = versions.stored(run.earlier, run.schema) if earlier else []
    fresh = versions.Fresh(rows, run.number, run.exported)
    every = versions.read_all(run.schema, stored, new=fresh)
    counts = accounts.count_rows(typed, rows, connection)
    kept = _write_rows(work, every, run.number)
    target.carry_over(run.earlier, new) if earlier else None
    rejects = new / "rejects.csv"
    accounts.write_rejects(
        typed if counts["rejects"] else [], rejects, run.earlier / "rejects.csv", connection
    )
    if run.places.names:
        run.places.write(new)
    number_of = {path: number for number, path in enumerate(paths, 1)}
    this = {
        "run": run.number,
        "as_of": run.exported or None,
        "rows_in": counts["rows_in"],
        "rejects": counts["rejects"],
        "totals": counts["totals"],
        "good": counts["good"],
        "not_rows": {"footnotes": counts["footnotes"], "blank": counts["blank"]},
        "came": kept[0].came,
        "changed": kept[0].changed,
        "files": [run.guard.file_name(path.name, number) for path, number in number_of.items()],
        "sheets": [accounts.sheet_account(one, n) for n, one in enumerate(typed, 1)],
        "sheets_skipped": [run.guard.file_name(name, n) for n, name in enumerate(skipped, 1)],
        "constants": [mapping.constants for mapping in run.mappings],
    }
    random = "random: nothing can be added to this folder later"
    account = {
        "dataset": run.schema.dataset,
        "runs": [*earlier.get("runs", []), this],
        "key": "given" if aim.key_given else random,
        "key_check": _fingerprint(run.key) if aim.key_given else "",
        "rare": run.guard.rare,
    }
    wide = any(one.layout.candidates for one in typed) or bool(earlier)
    result = _finish(work, account, kept, wide=wide)
    for line in _summary(run, result):
        run.say(line)
    return result | {"mapping": template_of(run, [], [one.layout for one in typed])}


def _write_rows(
    work: _Work, every: str, number: int
) -> tuple[versions.Kept, dict[str, dict[str, int]]]:
    """Write the newest version of every case by year, and the older ones apart."""
    connection, guard, new = work.connection, work.guard, work.new
    wanted = guard.schema
    kept = versions.find_outdated(connection, wanted, every, number)
    some = kept.duplicates + kept.superseded > 0
    newest = versions.current(every) if some else every
    hidden = versions.hide_rare(connection, wanted, newest, rare=guard.rare, known=guard.known)
    _write_years(connection, wanted, versions.written(wanted, newest, hidden), new)
    if kept.superseded:
        (new / versions.EARLIER).mkdir()
        path = new / versions.EARLIER / "part-0.parquet"
        older = versions.written(wanted, versions.outdated(every), hidden)
        connection.execute(f"COPY ({older}) TO {sql_text(str(path))} (FORMAT parquet)")
    return kept, hidden


def _write_years(
    connection: duckdb.DuckDBPyConnection, wanted: Schema, rows: str, new: Path
) -> None:
    folder = new / wanted.dataset
    folder.mkdir()
    day = wanted.year_of
    query = f"SELECT DISTINCT year({day}) FROM ({rows}) ORDER BY 1"
    for (year,) in connection.execute(query).fetchall():
        part = folder / f"year={year}"
        part.mkdir()
        within = f"{day} BETWEEN DATE '{year}-01-01' AND DATE '{year}-12-31'"
        file = sql_text(str(part / "part-0.parquet"))
        connection.execute(
            f"COPY (SELECT * FROM ({rows}) WHERE {within}) TO {file} (FORMAT parquet)"
        )


def _finish(
    work: _Work,
    account: dict[str, Any],
    kept: tuple[versions.Kept, dict[str, dict[str, int]]],
    *,
    wide: bool,
) -> dict[str, Any]:
    """Add the account of all runs up, check it against the files, and write it."""
    connection, guard, new = work.connection, work.guard, work.new
    outdated, hidden = kept
    runs = [one for one in account["runs"] if not one.get("removed")]
    total = {name: sum(one[name] for one in runs) for name in ("rows_in", "rejects", "totals")}
    good = sum(one["good"] for one in runs)
    files_of = sorted((new / guard.schema.dataset).glob("year=*/*.parquet"))
    written = 0
    if files_of:
        paths = ", ".join(sql_path(path) for path in files_of)
        query = f"SELECT count(*) FROM read_parquet([{paths}], hive_partitioning = false)"
        written = (connection.execute(query).fetchone() or (0,))[0]
    duplicates = outdated.duplicates + outdated.superseded
    result = {
        "dataset": account["dataset"],
        "rows_in": total["rows_in"],
        "rows_out": good - duplicates,
        "rejects": total["rejects"],
        "totals": total["totals"],
        "duplicates": duplicates,
        "superseded": outdated.superseded,
        "rows_written": written,
        "written_as_other": hidden,
    }
    last = account["runs"][-1]
    shared = ("not_rows", "files", "sheets", "sheets_skipped", "constants", "came", "changed")
    kept_as_is = ("runs", "key", "key_check", "rare")
    result |= {name: last[name] for name in shared}
    result |= {name: account[name] for name in kept_as_is}
    accounts.check(result, wide=wide, rejects=new / "rejects.csv")
    result["content"] = accounts.content_of(new)
    (new / "ingest.json").write_text(
        json.dumps(result, ensure_ascii=False, indent=1) + "\n", "utf-8"
    )
    return result


def _summary(run: _Run, account: dict[str, Any]) -> list[str]:
    names = ("rows_in", "rows_out", "rejects", "totals", "duplicates", "came", "changed")
    lines = [text("ing_account", run.language, **{name: account[name] for name in names})]
    for column, counts in account["written_as_other"].items():
        lines.append(text("ing_other", run.language, column=column, rare=run.guard.rare, **counts))
    if not run.schema.keyed:
        return lines
    key = "ing_key_given" if account["key_check"] else "ing_key_random"
    return [*lines, text(key, run.language)]


def _tidy(value: str) -> str:
    return " ".join(value.split())


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
        The columns of the schema: dates as datetime64, counts as Int64, categories and hashes as
        text.

    Raises
    ------
    DataError
        If the folder is none that `ingest` wrote.
    """
    import duckdb

    folder = _as_paths(source, "source")[0]
    account = target.read_account(folder)
    if not account:
        raise files.fail(
            str(folder),
            "no ingest.json",
            "a folder that ingest wrote",
            "Run: openness ingest FILE --dataset ... --out DIR",
        )
    wanted = schema(dataset or account["dataset"])
    names = ", ".join(wanted.written())
    paths = sorted((folder / wanted.dataset).glob("year=*/*.parquet"))
    if not paths:
        raise files.fail(str(folder), f"no {wanted.dataset}", account["dataset"], "Name that one.")
    listed = ", ".join(sql_path(path) for path in paths)
    query = f"SELECT {names} FROM read_parquet([{listed}], hive_partitioning = false)"
    frame = duckdb.connect().execute(query).df()
    counts = {name: "Int64" for name, kind in wanted.written().items() if kind == "BIGINT"}
    return frame.astype(counts)
