"""Read a form that a body filled in, whatever a clerk moved in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl.utils import range_boundaries

from analysis.errors import DataError, Problem
from analysis.requests.answers.cells import Number, day, number, open_workbook, problem, words
from analysis.requests.answers.figures import Figure, Reply
from analysis.requests.forms import (
    ANSWER_DATE,
    ANSWER_NUMBER,
    HOLDER,
    MARK,
    REASON,
    in_both,
    reasons,
)
from analysis.requests.items import items, known_periods

_TYPE = "Type the number in figures, or choose a reason in the column on the right."


def read_form(path: Path) -> Reply:
    """Read a filled form into figures.

    Rows and columns are found by the codes in them, so a renamed sheet, an inserted row or a moved
    column does no harm. What cannot be read for certain is refused.

    Parameters
    ----------
    path : Path
        The form as the body sent it back, XLSX.

    Returns
    -------
    Reply

    Raises
    ------
    DataError
        With every cell that is wrong: formulas, macros, text where a number should stand, merged
        cells, a code that was changed, a letter without number or date.
    """
    workbook = open_workbook(path)
    sheet, marked = _find_form(path, workbook)
    _, place, body = str(marked.value).split()[:3]
    columns, header = _columns(path, sheet)
    rows = _rows(sheet, columns["item"], header)
    problems = [*_row_problems(path, sheet, rows, body), *_merged(path, sheet, columns, header)]
    figures: list[Figure] = []
    missing: list[tuple[str, str, str]] = []
    if not problems:  # else it is not known which row is which
        for item, row in rows:
            found = list(_figures(path, sheet, item, place, row, columns))
            figures += [one for one in found if isinstance(one, Figure)]
            problems += [one for one in found if isinstance(one, Problem)]
            missing += _missing(path, sheet, item, row, columns, problems)
    letter = _letter(path, sheet, columns["item"], problems)
    if problems:
        raise DataError(problems)
    return Reply(path.name, place, body, *letter, tuple(figures), tuple(missing))


def _find_form(path: Path, workbook: Any) -> tuple[Any, Any]:
    for sheet in workbook.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if str(cell.value or "").startswith(MARK):
                    return sheet, cell
    raise DataError.one(
        file=path.name,
        found=f"no cell that begins with {MARK}",
        expected="the form that went with the request",
        remedy="Ask for the form that was sent, or read the table with --table and --mapping.",
    )


def _columns(path: Path, sheet: Any) -> tuple[dict[str, int], int]:
    """Return the column of each code, and the row that the codes stand in."""
    for row in sheet.iter_rows():
        codes = {words(cell.value): cell.column for cell in row if cell.value is not None}
        if "item" in codes and REASON in codes:
            return codes, row[0].row
    raise DataError.one(
        file=path.name,
        found="no row of codes (item ... reason)",
        expected="the row of grey codes above the table",
        remedy="Copy the numbers into a fresh form.",
    )


def _rows(sheet: Any, column: int, header: int) -> list[tuple[str, int]]:
    rows = []
    for row in range(header + 1, sheet.max_row + 1):
        cell = sheet.cell(row, column)
        code = words(cell.value)
        if code:
            rows.append((code, row))
    return rows


def _row_problems(
    path: Path, sheet: Any, rows: list[tuple[str, int]], body: str
) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for name, row in rows:
        if name not in items() or items()[name].body != body:
            found = f"the code {name!r}"
            yield problem(path.name, f"A{row}", found, "a code of the form", "Restore column A.")
        elif name in seen:
            found = f"{name!r} a second time (first in row {seen[name]})"
            yield problem(path.name, f"A{row}", found, "each row once", "Delete one of the two.")
        seen.setdefault(name, row)
    if not rows:
        yield problem(path.name, "A", "no codes", "the codes of the form", "Restore column A.")
        return
    coded = [row for _, row in rows]
    for row in range(coded[0], coded[-1]):
        if row not in coded and _holds_number(sheet, row):
            found = "numbers in a row without a code"
            yield problem(path.name, f"A{row}", found, "a code in column A", "Restore column A.")


def _holds_number(sheet: Any, row: int) -> bool:
    values = [cell.value for cell in sheet[row]]
    numbers = [value for value in values if isinstance(value, (int, float))]
    return bool(numbers)


def _merged(path: Path, sheet: Any, columns: dict[str, int], header: int) -> Iterator[Problem]:
    """Return a problem for each merged range in the table: what it covers cannot be known."""
    for merged in sheet.merged_cells.ranges:
        _, _, right, bottom = range_boundaries(str(merged))
        if bottom > header + 1 and right >= columns["item"]:
            found = "merged cells"
            yield problem(path.name, str(merged), found, "a number in each cell", "Split them.")


def _figures(  # noqa: PLR0913  # where a row stands in a sheet of a file
    path: Path, sheet: Any, item: str, place: str, row: int, columns: dict[str, int]
) -> Iterator[Figure | Problem]:
    asked = items()[item]
    unit = asked.unit
    for period in known_periods(asked):
        if period not in columns:
            continue
        at = columns[period]
        cell = sheet.cell(row, at)
        found = number(cell, unit=unit)
        if isinstance(found, str):
            yield problem(path.name, cell.coordinate, repr(cell.value), found, _TYPE)
        elif isinstance(found, Number):
            name = cell.coordinate
            yield Figure(item, place, period, found.value, name, found.is_marked)


def _missing(  # noqa: PLR0913
    path: Path,
    sheet: Any,
    item: str,
    row: int,
    columns: dict[str, int],
    problems: list[Problem],
) -> list[tuple[str, str, str]]:
    cell = sheet.cell(row, columns[REASON])
    said = words(cell.value).casefold()
    if not said:
        return []
    holder = words(sheet.cell(row, columns[HOLDER]).value) if HOLDER in columns else ""
    for code, choice in reasons().items():
        if said in (choice.casefold(), *choice.casefold().split(" / ")):
            return [(item, code, holder)]
    choices = " or ".join(reasons().values())
    problems.append(problem(path.name, cell.coordinate, repr(cell.value), choices, "Choose one."))
    return []


def _letter(path: Path, sheet: Any, column: int, problems: list[Problem]) -> tuple[str, Any]:
    """Return number and date of the letter that the form came with."""
    given: dict[str, Any] = {}
    for row in sheet.iter_rows():
        code = words(row[column - 1].value) if len(row) >= column else ""
        if code in (ANSWER_NUMBER, ANSWER_DATE):
            label = words(in_both(f"form_{code.replace('-', '_')}"))
            filled = [cell for cell in row[column:] if words(cell.value) not in ("", label)]
            given[code] = filled[0].value if filled else None
    said, on = words(given.get(ANSWER_NUMBER)), day(given.get(ANSWER_DATE))
    if not said:
        expected, remedy = "the number of the letter", "Enter it in the form, from the letter."
        problems.append(problem(path.name, ANSWER_NUMBER, "nothing", expected, remedy))
    if on is None:
        found, expected = repr(given.get(ANSWER_DATE)), "the day of the letter as 20.11.2026"
        problems.append(problem(path.name, ANSWER_DATE, found, expected, "Enter it in the form."))
    return said, on
