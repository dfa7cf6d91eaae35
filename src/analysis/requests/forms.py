"""The form in which a body enters its answer: one sheet, in Kazakh and Russian.

Items stand in rows and periods in columns. Column A and row `_CODES` hold the codes by which the
answer is read again, wherever a clerk has moved them.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from analysis.files import FILES_DATED, timeless, write_whole
from analysis.locale import text
from analysis.requests.items import gaps, items
from analysis.requests.law import cite, day_in_text, duty
from analysis.requests.letters import LANGUAGES, period_name
from analysis.requests.names import body_name

MARK = "openness-form"
ANSWER_NUMBER, ANSWER_DATE = "answer-number", "answer-date"
NOT_KEPT, ELSEWHERE = "not_kept", "held_elsewhere"
REASON, HOLDER = "reason", "holder"
_CODES = 10  # the row of codes: what each column holds
_FIRST_PERIOD = 5
_WIDTHS = {1: 15, 2: 44, 3: 44, 4: 16}
_PERIOD_WIDTH, _REASON_WIDTH = 16, 34
_HEIGHTS = {1: 32, 2: 32, 3: 64, 4: 48}  # of the rows of the cover, in points
_GREY, _INK = "D9D9D9", "808080"
_LARGEST = 10**10


def form_name(place: str, body: str) -> str:
    """Return the name of the form for a body.

    Examples
    --------
    >>> form_name("KZ-33", "election_commission")
    'form-KZ-33-election-commission.xlsx'
    """
    return f"form-{place}-{body.replace('_', '-')}.xlsx"


def in_both(key: str, **values: Any) -> str:
    """Return a message in Kazakh and in Russian, one above the other."""
    return "\n".join(text(key, language, **values) for language in LANGUAGES)


def reasons() -> dict[str, str]:
    """Return what may stand in place of numbers, by its code, as the drop-down has it.

    Examples
    --------
    >>> sorted(reasons())
    ['held_elsewhere', 'not_kept']
    """
    both = {}
    for code in (NOT_KEPT, ELSEWHERE):
        said = [text(f"form_{code}", language) for language in LANGUAGES]
        both[code] = " / ".join(said)
    return both


def form(place: str, body: str) -> bytes:
    """Return the form for a body as XLSX, the same bytes each time.

    Parameters
    ----------
    place : str
        A code of places.csv.
    body : str
        Of `analysis.requests.bodies(place)`.
    """
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Нысан - Форма"
    rows = gaps(place)
    rows = rows[rows["body"] == body]
    periods = rows.drop_duplicates("period").to_dict("records")
    _write_cover(sheet, place, body, len(periods))
    _write_head(sheet, periods)
    asked = {str(name): set(cells["period"]) for name, cells in rows.groupby("item", sort=False)}
    for line, (name, wanted) in enumerate(asked.items(), start=_CODES + 2):
        _write_line(sheet, line, name, [period["period"] in wanted for period in periods])
    _add_choices(sheet, len(asked), len(periods))
    _set_page(sheet, len(periods))
    workbook.properties.creator = ""
    workbook.properties.created = workbook.properties.modified = FILES_DATED
    out = io.BytesIO()
    workbook.save(out)
    return timeless(out.getvalue())


def write_form(folder: Path, place: str, body: str) -> Path:
    """Write the form for a body into a folder and return its path."""
    path = folder / form_name(place, body)
    write_whole(path, form(place, body))
    return path


def _write_cover(sheet: Any, place: str, body: str, n_periods: int) -> None:
    """Write what the form is, the article and the term, and where the answer is named."""
    answer = duty("request_answer")
    names = " / ".join(body_name(body, place, language) for language in LANGUAGES)
    terms = [_term(answer, language) for language in LANGUAGES]
    lines = [in_both("form_title"), names, in_both("form_how"), "\n".join(terms)]
    for row, words in enumerate(lines, start=1):
        _write_wide(sheet, row, words, n_periods)
    sheet["A1"] = f"{MARK} {place} {body}"
    for row, code in ((6, ANSWER_NUMBER), (7, ANSWER_DATE)):
        key = code.replace("-", "_")
        sheet.cell(row, 1, code)
        sheet.cell(row, 2, in_both(f"form_{key}")).alignment = _wrapped()
        _unlock(sheet.cell(row, 3))
    for row in (1, 6, 7):
        sheet.cell(row, 1).font = Font(color=_INK, size=8)


def _term(answer: Any, language: str) -> str:
    edition = day_in_text(answer.edition, language)
    cited = cite(answer.article, language)
    return text("form_term", language, days=answer.term, cited=cited, edition=edition)


def _write_wide(sheet: Any, row: int, words: str, n_periods: int) -> None:
    cell = sheet.cell(row, 2, words)
    cell.alignment = _wrapped()
    cell.font = Font(bold=row == 1, size=11)
    sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=4 + n_periods)
    sheet.row_dimensions[row].height = _HEIGHTS[row]


def _write_head(sheet: Any, periods: Sequence[dict[Any, Any]]) -> None:
    codes = ["item", "kk", "ru", "unit", *(period["period"] for period in periods)]
    heads = ["", *(text("letter_head_what", language) for language in LANGUAGES)]
    heads.append(in_both("letter_head_unit"))
    heads += ["\n".join(_names(period)) for period in periods]
    for column, (code, head) in enumerate(zip(codes, heads, strict=True), start=1):
        _write_headings(sheet, column, code, head)
    reason = len(codes) + 1
    _write_headings(sheet, reason, REASON, in_both("form_reason"))
    _write_headings(sheet, reason + 1, HOLDER, in_both("form_holder"))
    sheet.row_dimensions[_CODES + 1].height = 62


def _names(period: dict[Any, Any]) -> list[str]:
    """Return a period as both languages name it: a year once, a cut one with its first day."""
    names = list(dict.fromkeys(period_name(period, language) for language in LANGUAGES))
    if names[0].endswith("*"):
        first = f"{period['period_start']:%d.%m.%Y}"
        return [names[0].removesuffix("*"), f"({first} –)"]
    return names


def _write_headings(sheet: Any, column: int, code: str, head: str) -> None:
    sheet.cell(_CODES, column, code).font = Font(color=_INK, size=8)
    cell = sheet.cell(_CODES + 1, column, head)
    cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor=_GREY)
    cell.alignment, cell.border = _wrapped(), _box()


def _write_line(sheet: Any, line: int, name: str, wanted: Sequence[bool]) -> None:
    item = items()[name]
    units = list(dict.fromkeys(text(f"counted_{item.counted}", lang) for lang in LANGUAGES))
    words = [name, *(item.wording(language) for language in LANGUAGES), " / ".join(units)]
    for column, word in enumerate(words, start=1):
        cell = sheet.cell(line, column, word)
        cell.alignment, cell.border = _wrapped(), _box()
    sheet.cell(line, 1).font = Font(color=_INK, size=8)
    for column, is_asked in enumerate(wanted, start=_FIRST_PERIOD):
        cell = sheet.cell(line, column)
        cell.border = _box()
        if is_asked:
            _unlock(cell)
        else:
            cell.fill = PatternFill("solid", fgColor=_GREY)
    for column in (_FIRST_PERIOD + len(wanted), _FIRST_PERIOD + len(wanted) + 1):
        _unlock(sheet.cell(line, column))
    sheet.row_dimensions[line].height = 34


def _add_choices(sheet: Any, n_items: int, n_periods: int) -> None:
    """Add the drop-down of reasons, and the rule that a number is one."""
    first, last = _CODES + 2, _CODES + 1 + n_items
    listed = '"' + ",".join(reasons().values()) + '"'
    choice = DataValidation("list", formula1=listed, allow_blank=True)
    letter = get_column_letter(_FIRST_PERIOD + n_periods)
    choice.add(f"{letter}{first}:{letter}{last}")
    number = DataValidation(
        "decimal", operator="between", formula1="0", formula2=str(_LARGEST), allow_blank=True
    )
    number.errorTitle, number.error = "0, 1, 2 ...", in_both("form_number")
    to = get_column_letter(_FIRST_PERIOD + n_periods - 1)
    number.add(f"{get_column_letter(_FIRST_PERIOD)}{first}:{to}{last}")
    for rule in (choice, number):
        sheet.add_data_validation(rule)


def _set_page(sheet: Any, n_periods: int) -> None:
    for column, width in _WIDTHS.items():
        sheet.column_dimensions[get_column_letter(column)].width = width
    for column in range(_FIRST_PERIOD, _FIRST_PERIOD + n_periods):
        sheet.column_dimensions[get_column_letter(column)].width = _PERIOD_WIDTH
    for column in (_FIRST_PERIOD + n_periods, _FIRST_PERIOD + n_periods + 1):
        sheet.column_dimensions[get_column_letter(column)].width = _REASON_WIDTH
    sheet.protection.sheet = True
    sheet.freeze_panes = sheet.cell(_CODES + 2, _FIRST_PERIOD)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _unlock(cell: Any) -> None:
    cell.protection = Protection(locked=False)
    cell.border = _box()


def _wrapped() -> Alignment:
    return Alignment(wrap_text=True, vertical="top")


def _box() -> Border:
    side = Side(style="thin", color=_INK)
    return Border(left=side, right=side, top=side, bottom=side)
