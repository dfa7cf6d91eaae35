"""Decide how each sheet is read, and ask about what is open or refuse it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from analysis.errors import Problem
from analysis.records.ingestion import columns, staging
from analysis.records.ingestion.run import Refusal, Run
from analysis.records.reading import files, header
from analysis.records.reading.header import Doubt, Layout
from analysis.records.reading.mapping import Mapping, Open, mapping_text
from analysis.records.schemas import Column

MOST_HEADERS = 60
_MOST_ANSWERS, _LONGEST_ANSWER = 20, 60


@dataclass(frozen=True)
class Settled:
    """The sheets that are read, nothing of them open, and the names of those left out."""

    typed: list[columns.Typed]
    skipped: list[str]


@dataclass(frozen=True)
class _Staged:
    """The columns of a sheet as they were staged, and the file that they are in."""

    names: dict[str, int]
    path: Path


def settle(run: Run, sheets: list[files.Sheet]) -> Settled:
    """Lay out and read all sheets; ask about everything that is open, or refuse.

    Raises
    ------
    Refusal
        If something is open and nobody can be asked.
    DataError
        If a mapping is for none of the files, or no sheet is the one asked for.
    """
    _check_used(run, sheets)
    chosen = [sheet for sheet in sheets if _is_wanted(run, sheet)]
    if not chosen:
        raise _no_sheet(run, sheets)
    staged: list[_Staged] = []
    while True:
        laid = [header.lay_out(sheet, run.guard, run.mapping_of(sheet.name)) for sheet in chosen]
        kept, skipped = _useful(run, laid)
        doubts = [doubt for one in kept for doubt in one.doubts]
        missing = [doubt for one in kept for doubt in _missing(one, run)]
        doubts += missing
        typed: list[columns.Typed] = []
        if not missing:
            staged = _stage_anew(run, kept, staged)
            typed = _read(run, kept, staged)
            doubts += _open_in(typed, run)
        if not doubts:
            return Settled(typed, skipped)
        _answer(run, doubts, kept)


def _check_used(run: Run, sheets: list[files.Sheet]) -> None:
    """Refuse a mapping that is for none of the files: its patterns are wrong."""
    used = [id(run.mapping_of(sheet.name)) for sheet in sheets]
    for mapping in run.mappings:
        if id(mapping) in used:
            continue
        names = run.file_names(sheet.name for sheet in sheets)
        known = ", ".join(dict.fromkeys(names))
        raise files.fail(
            "mapping file",
            f"files = {mapping.files}, which fit none of them",
            f"patterns of {known[:200]}",
            "Correct the mapping file.",
        )


def _is_wanted(run: Run, sheet: files.Sheet) -> bool:
    wanted = run.mapping_of(sheet.name).sheets
    name = sheet.name.rsplit(", sheet ", 1)[-1]
    return not wanted or name in wanted


def _no_sheet(run: Run, sheets: list[files.Sheet]) -> Exception:
    names = [sheet.name for sheet in sheets]
    wanted = {name for mapping in run.mappings for name in mapping.sheets}
    return files.fail(
        ", ".join(names),
        f"no sheet {sorted(wanted)}",
        "one of the sheets",
        "Correct the mapping file.",
    )


def _useful(run: Run, laid: list[Layout]) -> tuple[list[Layout], list[str]]:
    """Leave out the sheets of a workbook that hold no table of this data set."""
    useful = [one for one in laid if _has_table(run, one)]
    if not useful:
        return laid, []
    rest = [one for one in laid if one not in useful]
    skipped = [one.sheet.name for one in rest if ", sheet " in one.sheet.name]
    kept = [one for one in laid if one.sheet.name not in skipped]
    return kept, skipped


def _has_table(run: Run, one: Layout) -> bool:
    mapping = run.mapping_of(one.sheet.name)
    several = len(one.picks) > 1
    return several or mapping.given


def _stage_anew(run: Run, kept: list[Layout], staged: list[_Staged]) -> list[_Staged]:
    """Stage all sheets, unless they are staged already with the same columns."""
    before = [one.names for one in staged]
    now = [staging.staged_names(one) for one in kept]
    same = before == now
    if same:
        return staged
    return [_stage(run, one) for one in kept]


def _stage(run: Run, one: Layout) -> _Staged:
    name = run.guard.file_name(one.sheet.name, 1)
    run.say(run.words("ing_reading", file=name))
    path = run.hidden.fresh()
    staging.stage(one, path, run.key, run.connection)
    return _Staged(staging.staged_names(one), path)


def _read(run: Run, kept: list[Layout], staged: list[_Staged]) -> list[columns.Typed]:
    typed = []
    for number, one in enumerate(kept):
        source = source_of(run, one, number)
        path = staged[number].path
        typed.append(columns.read_columns(one, path, source))
    return typed


def source_of(run: Run, one: Layout, number: int) -> columns.Source:
    """Return what a sheet is read with."""
    name = one.sheet.name
    mapping = run.mapping_of(name)
    return columns.Source(run.connection, mapping, run.find_place, number)


def _open_in(typed: list[columns.Typed], run: Run) -> list[Doubt]:
    """Return what the values of the sheets leave open."""
    doubts = []
    for one in typed:
        doubts += one.doubts
        doubts += _missing(one.layout, run)
    return doubts


def _missing(one: Layout, run: Run) -> list[Doubt]:
    """Return a doubt for each column that must be there and is not."""
    doubts = []
    sheet = one.sheet.name
    for column in run.schema.columns:
        if not _is_missing(column, one, run):
            continue
        answers = _shown_headers(one, run)
        doubt = Doubt(sheet, "which", "columns", column.name, answers)
        doubts.append(doubt)
    if not one.picks and not one.candidates:
        doubts.append(Doubt(sheet, "nothing", "columns", "", ()))
    return doubts


def _is_missing(column: Column, one: Layout, run: Run) -> bool:
    name = column.name
    if not column.required or name in one.picks:
        return False
    mapping = run.mapping_of(one.sheet.name)
    return name not in mapping.constants


def _shown_headers(one: Layout, run: Run) -> tuple[str, ...]:
    """Return the headers that may be printed as they are."""
    shown = []
    named = filter(None, one.headers)
    for name in dict.fromkeys(named):
        tidy = " ".join(name.split())
        printed = run.guard.header(name)
        if printed == tidy:
            shown.append(name)
    return tuple(shown[:MOST_HEADERS])


def _answer(run: Run, doubts: list[Doubt], layouts: list[Layout]) -> None:
    """Put the answers to doubts into the mapping; without someone to ask, refuse."""
    open_ = list(dict.fromkeys(doubts))
    given = any(mapping.given for mapping in run.mappings)
    answerable = all(doubt.answers for doubt in open_)
    if run.ask is None or given or not answerable:
        raise _refusal(run, open_, layouts)
    if not run.mappings:
        run.mappings.append(Mapping())
    mapping = run.mappings[0]
    for doubt in open_:
        answer = run.ask(doubt)
        column = doubt.column
        if doubt.sets == "values":
            values = mapping.values.setdefault(column, {})
            values[doubt.value] = answer
        else:
            settings = getattr(mapping, doubt.sets)
            settings[column] = answer


def _refusal(run: Run, doubts: list[Doubt], layouts: list[Layout]) -> Refusal:
    problems = []
    for doubt in doubts:
        answers = [repr(answer)[:_LONGEST_ANSWER] for answer in doubt.answers[:_MOST_ANSWERS]]
        listed = ", ".join(answers)
        problem = Problem(
            file=doubt.file,
            column=doubt.column or None,
            found=doubt.sentence(run.language),
            expected=f"one of {listed}" if listed else "a known layout",
            remedy="Say it in the mapping file.",
        )
        problems.append(problem)
    return Refusal(problems, template_of(run, doubts, layouts))


def template_of(run: Run, doubts: list[Doubt], layouts: list[Layout]) -> str:
    """Return the mapping file that says what was understood and what is open."""
    found = _understood_mapping(run, layouts)
    headers = [run.guard.header(name) for one in layouts for name in one.headers]
    unknown: dict[str, list[str]] = {}
    for doubt in doubts:
        if doubt.sets == "values":
            values = unknown.setdefault(doubt.column, [])
            values.append(doubt.value)
    said = [doubt.sentence(run.language) for doubt in doubts]
    different = list(dict.fromkeys(headers))
    return mapping_text(run.schema, found, Open(different, said, unknown))


def _understood_mapping(run: Run, layouts: list[Layout]) -> Mapping:
    """Return the mapping that was given, with the columns that were found besides."""
    given = run.mapping_of(layouts[0].sheet.name) if layouts else Mapping()
    found = replace(given, columns=dict(given.columns), candidates=list(given.candidates))
    for one in layouts:
        for column, position in one.picks.items():
            found.columns.setdefault(column, one.headers[position])
        new = [name for name in one.candidates if name not in found.candidates]
        found.candidates += new
    return found
