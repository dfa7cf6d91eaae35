"""Read a table as a body sends it, by a mapping that says what its words mean."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl.cell.cell import MergedCell

from analysis.errors import DataError, Problem, UnknownName, check_known
from analysis.reference.names import find_place
from analysis.requests.answers.cells import Number, number, open_workbook, problem, words
from analysis.requests.answers.figures import Figure, Reply
from analysis.requests.items import items, known_periods

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_TOTAL = re.compile(r"^(?:итого|всего|барлығы|жиыны|жалпы саны|total)\b", re.IGNORECASE)
_GIVEN = ("place", "body", "number", "date", "header", "first_row", "last_row")


@dataclass(frozen=True)
class Mapping:
    """What the words of a table mean.

    `header` holds the numbers of the heading rows, `first_row` and `last_row` bound the figures;
    `item`, `period` and `place` hold for the whole table where no heading says otherwise; `items`
    and `skip` go by the words of headings.
    """

    place: str
    body: str
    number: str
    date: date
    header: tuple[int, ...]
    first_row: int
    last_row: int
    item: str = ""
    period: str = ""
    places: bool = False
    sheet: str = ""
    items: dict[str, str] = field(default_factory=dict)
    skip: tuple[str, ...] = ()


def read_mapping(path: Path) -> Mapping:
    """Read a mapping, TOML.

    Raises
    ------
    DataError
        If it is not TOML, or lacks a name or has one that no mapping has.
    UnknownName
        For an item or place that does not exist.
    """
    try:
        given = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError.one(
            file=path.name,
            found=str(error),
            expected="a mapping in TOML",
            remedy="See docs/guides/round.en.md for one.",
        ) from None
    known = set(Mapping.__dataclass_fields__)
    lacking = [name for name in _GIVEN if name not in given]
    unknown = sorted(set(given) - known)
    if lacking or unknown:
        raise DataError.one(
            file=path.name,
            found=f"missing {lacking}, not known {unknown}",
            expected=", ".join(sorted(known)),
            remedy="Correct the names.",
        )
    named = list(given.get("items", {}).values())
    if given.get("item"):
        named.append(given["item"])
    for item in named:
        check_known("item", item, items())
    given["header"] = tuple(given["header"])
    given["skip"] = tuple(given.get("skip", ()))
    given["place"] = find_place(given["place"])
    return Mapping(**given)


def read_answer_table(path: Path, mapping: Mapping) -> Reply:
    """Read a table of a body into figures.

    A number belongs to the item, period and place that its headings name, above it and to its left,
    or that the mapping gives for the whole table. Rows and columns of totals are added up and
    compared, never entered. Footnote marks are taken off and noted.

    Parameters
    ----------
    path : Path
        XLSX; a table copied from a PDF is pasted into one.
    mapping : Mapping

    Raises
    ------
    DataError
        With every cell that cannot be read for certain, every heading that means nothing, and every
        total that is not the sum of its parts.
    """
    workbook = open_workbook(path)
    sheet = workbook[mapping.sheet] if mapping.sheet else workbook.worksheets[0]
    heads = _column_heads(sheet, mapping)
    figures: list[Figure] = []
    totals: list[Total] = []
    problems: list[Problem] = []
    for row in sheet.iter_rows(min_row=mapping.first_row, max_row=mapping.last_row):
        for found in _read_row(path, row, heads, mapping):
            if isinstance(found, Problem):
                problems.append(found)
            elif isinstance(found, Figure):
                figures.append(found)
            else:
                totals.append(found)
    problems += _off_totals(path, figures, totals) + _repeated(path, figures)
    if problems:
        raise DataError(problems)
    return Reply(
        path.name, mapping.place, mapping.body, mapping.number, mapping.date, tuple(figures)
    )


def _column_heads(sheet: Any, mapping: Mapping) -> dict[int, list[str]]:
    """Return the headings of each column; one over several columns is said of each."""
    heads: dict[int, list[str]] = {}
    for row in mapping.header:
        is_last = row == mapping.header[-1]
        said = ""
        for cell in sheet[row]:
            said = words(cell.value) or ("" if is_last and not _is_inside(cell) else said)
            heads.setdefault(cell.column, []).append(said)
    return heads


def _is_inside(cell: Any) -> bool:
    return isinstance(cell, MergedCell)


Total = tuple[str, str, str, Decimal, str]


def _read_row(
    path: Path, row: tuple[Any, ...], heads: dict[int, list[str]], mapping: Mapping
) -> Iterator[Figure | Total | Problem]:
    labels = _row_labels(row)
    is_total = any(_TOTAL.match(label) for label in labels)
    for cell in row:
        above = [head for head in heads.get(cell.column, []) if head]
        if not _is_of_figures(above, mapping) or any(head in mapping.skip for head in above):
            continue
        if any(label in mapping.skip for label in labels):
            continue
        meaning = _meaning([*above, *labels], mapping, is_total=is_total)
        found = _read_cell(path, cell, meaning)
        if found is not None:
            yield found


def _row_labels(row: tuple[Any, ...]) -> list[str]:
    """Return the words of a row: its cells of text that are no numbers."""
    labels = []
    for cell in row:
        if not isinstance(cell.value, str):
            continue
        label = words(cell.value)
        if label and not label[0].isdigit():
            labels.append(label)
    return labels


def _is_of_figures(above: list[str], mapping: Mapping) -> bool:
    """Return whether a column holds figures: a heading names a year or an item."""
    for head in above:
        if head in mapping.items:
            return True
        if _YEAR.search(head) or _TOTAL.match(head):
            return True
    return False


@dataclass(frozen=True)
class _Meaning:
    item: str
    period: str
    place: str
    is_total: bool
    unclear: str = ""


def _meaning(said: list[str], mapping: Mapping, *, is_total: bool) -> _Meaning:
    named = [mapping.items[one] for one in said if one in mapping.items]
    item = named[0] if named else mapping.item
    years = [year for one in said for year in _YEAR.findall(one)]
    period = years[0] if years else mapping.period
    place, unclear = mapping.place, ""
    if mapping.places:
        place, unclear = ("", "") if is_total else _place(said, mapping)
    totals = [one for one in said if _TOTAL.match(one)]
    adds_up = is_total or bool(totals)
    if not item:
        unclear = unclear or "no item"
    if not period and not adds_up:
        unclear = unclear or "no year"
    return _Meaning(item, period, place, adds_up, unclear)


def _place(said: list[str], mapping: Mapping) -> tuple[str, str]:
    for one in said:
        if one in mapping.items or _YEAR.search(one):
            continue
        try:
            return find_place(one), ""
        except UnknownName:
            continue
    return "", "no place"


def _read_cell(path: Path, cell: Any, meaning: _Meaning) -> Figure | Total | Problem | None:
    at, value = cell.coordinate, cell.value
    if value is None or _is_inside(cell):
        return None
    if meaning.unclear:
        found = f"{value!r} under headings that name {meaning.unclear}"
        remedy = "Name its heading under [items] or skip in the mapping."
        return problem(path.name, at, found, "an item, a period and a place", remedy)
    read = number(cell, unit=items()[meaning.item].unit)
    if isinstance(read, str):
        return problem(path.name, at, repr(value), read, "Ask the body, or correct the cell.")
    return None if read is None else _placed(path, at, read, meaning)


def _placed(path: Path, at: str, read: Number, meaning: _Meaning) -> Figure | Total | Problem:
    item, period, place = meaning.item, meaning.period, meaning.place
    if meaning.is_total:
        return item, period, place, read.value, at
    if period not in known_periods(items()[item]):
        expected = ", ".join(known_periods(items()[item]))
        return problem(path.name, at, f"the period {period}", expected, "Skip the column.")
    return Figure(item, place, period, read.value, at, read.is_marked)


def _off_totals(path: Path, figures: list[Figure], totals: list[Total]) -> list[Problem]:
    problems = []
    for item, period, place, value, at in totals:
        parts = [
            one
            for one in figures
            if one.item == item and period in ("", one.period) and place in ("", one.place_id)
        ]
        added = sum((one.value for one in parts), Decimal(0))
        if added != value and items()[item].unit == "count":
            found, expected = f"the total {value}", f"{added}, the sum of the {len(parts)} figures"
            problems.append(problem(path.name, at, found, expected, "Ask the body which is right."))
    return problems


def _repeated(path: Path, figures: list[Figure]) -> list[Problem]:
    seen: dict[tuple[str, str, str], Figure] = {}
    problems = []
    for one in figures:
        first = seen.setdefault((one.item, one.place_id, one.period), one)
        if first is not one:
            found = f"{one.item} of {one.place_id} for {one.period} a second time"
            expected = f"it once, as in {first.cell}"
            problems.append(problem(path.name, one.cell, found, expected, "Correct the headings."))
    return problems
