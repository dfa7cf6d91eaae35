"""Say what was understood of the files and what became of their rows, telling of no person."""

from __future__ import annotations

from collections import Counter
from typing import Any

from analysis.records.ingestion import columns, staging
from analysis.records.ingestion.run import Run
from analysis.records.ingestion.settling import Settled
from analysis.records.reading.values import pattern

MOST_EXAMPLES = 500
_EXAMPLES, _LONGEST_EXAMPLE = 3, 60
_SURE = 100.0


def understood(run: Run, settled: Settled) -> list[str]:
    """Return, column by column, what was understood, with examples that tell of no person."""
    lines = []
    for number, one in enumerate(settled.typed, 1):
        lines += _sheet_lines(run, one, number)
    dataset = run.schema.dataset
    for name in run.file_names(settled.skipped):
        said = run.words("ing_skipped", file=name, dataset=dataset)
        lines.append(said)
    return lines


def _sheet_lines(run: Run, one: columns.Typed, number: int) -> list[str]:
    sheet = one.layout.sheet
    name = run.guard.file_name(sheet.name, number)
    row = one.layout.first
    lines = [run.words("ing_sheet", file=name, encoding=sheet.encoding, row=row)]
    lines += [_column_line(run, one, reading) for reading in one.readings]
    constants = run.mapping_of(sheet.name).constants
    for column, value in constants.items():
        said = run.words("ing_constant", column=column, value=repr(value))
        lines.append(f"  {said}")
    for header, reason in one.layout.dropped.items():
        lines.append(f"  {header!r}: {reason}")
    return lines + _unmatched(run, one)


def _column_line(run: Run, one: columns.Typed, reading: columns.Reading) -> str:
    position = staging.staged_names(one.layout)[reading.staged]
    header = run.guard.header(one.layout.headers[position])
    score = one.layout.scores.get(reading.staged, _SURE)
    column = reading.column
    values = one.layout.values(position)
    examples = _examples(run, one, reading, values) or run.words("ing_no_value")
    return f"  {header!r} -> {column.output} ({column.kind}, {score:.0f}): {examples}"


def _unmatched(run: Run, one: columns.Typed) -> list[str]:
    """List the names of places that no gazetteer knows: those that many rows carry."""
    unmatched = one.unmatched_places
    if not unmatched:
        return []
    place = run.schema.column("place")
    shown = []
    for name, count in unmatched.items():
        if run.guard.may_show(name, place, count):
            shown.append(repr(name))
    names = ", ".join(shown) or "–"
    said = run.words("ing_places", count=len(unmatched), names=names)
    return [f"  {said}"]


def _examples(run: Run, one: columns.Typed, reading: columns.Reading, values: list[str]) -> str:
    """Return some values of a column: keys as their pattern, terms if they may be shown."""
    counts = Counter(values)
    different = list(counts)
    if reading.column.kind == "key":
        patterns = map(pattern, different[:_EXAMPLES])
        shown = list(dict.fromkeys(patterns))
        return run.words("ing_hashed", patterns=", ".join(shown))
    if reading.is_open:
        shown = _shown_terms(run, reading, counts)
    else:
        shown = _read_values(run, one, reading, different[:MOST_EXAMPLES])
    return ", ".join(shown[:_EXAMPLES])


def _shown_terms(run: Run, reading: columns.Reading, counts: Counter[str]) -> list[str]:
    shown = []
    for value, count in counts.items():
        if run.guard.may_show(value, reading.column, count):
            shown.append(value[:_LONGEST_EXAMPLE])
    return shown


def _read_values(
    run: Run, one: columns.Typed, reading: columns.Reading, values: list[str]
) -> list[str]:
    """Return what values were read as: by the mapping where it says so, else by their form."""
    mapping = run.mapping_of(one.layout.sheet.name)
    own = mapping.values.get(reading.column.name, {})
    all_others = own.get("*")
    read = set()
    for value in values:
        tidy = " ".join(value.split())
        word = own.get(tidy, all_others)
        found = reading.parse(value) if word is None else word or None
        if found is not None:
            read.add(str(found))
    return sorted(read)


def summary(run: Run, account: dict[str, Any]) -> list[str]:
    """Return what became of the rows, what was written as other, and what the key allows."""
    names = ("rows_in", "rows_out", "rejects", "totals", "duplicates", "came", "changed")
    told = {name: account[name] for name in names}
    lines = [run.words("ing_account", **told)]
    for column, counts in account["written_as_other"].items():
        lines.append(run.words("ing_other", column=column, rare=run.guard.rare, **counts))
    if run.schema.keyed:
        key = "ing_key_given" if account["key_check"] else "ing_key_random"
        lines.append(run.words(key))
    return lines
