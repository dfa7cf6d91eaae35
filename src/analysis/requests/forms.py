"""The form in which a body enters its answer: one sheet, in Kazakh and Russian.

Items stand in rows and periods in columns. Column A and row `_CODES` hold the codes by which the
answer is read again, wherever a clerk has moved them.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from analysis.derive.law import article_words
from analysis.files import FILES_DATED, timeless, write_whole
from analysis.locale import text
from analysis.reference import place_name
from analysis.requests.items import gaps, items
from analysis.requests.law import day_in_text, duty
from analysis.requests.letters import LANGUAGES, period_name
from analysis.requests.names import body_name

MARK = "openness-form"
ANSWER_NUMBER, ANSWER_DATE = "answer-number", "answer-date"
NOT_KEPT, ELSEWHERE = "not_kept", "held_elsewhere"
REASON, HOLDER = "reason", "holder"
_CODES = 10  # the row of codes: what each column holds
_FIRST_PERIOD = 5
# Widths in characters, heights in points. Column A holds codes only: narrow, and not printed.
_WIDTHS = (4, 31, 31, 14)
_YEAR_WIDTH, _VOTE_WIDTH, _REASON_WIDTH = 13, 17, 22
_FONT = "Calibri"
_LINE_HEIGHT = 15
_CODES_HEIGHT = 11
_MARGIN_INCHES = 0.4
_GREY, _INK = "D9D9D9", "808080"
_A4 = 9
_LARGEST = 10**10

Periods = Sequence[dict[Any, Any]]


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
    said = []
    for language in LANGUAGES:
        words = text(key, language, **values)
        said.append(words)
    return "\n".join(said)


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
    _write_cover(sheet, place, body, periods)
    _write_head(sheet, periods)
    n_items = _write_lines(sheet, rows, periods)
    _add_choices(sheet, n_items, len(periods))
    _set_widths(sheet, periods)
    _protect(sheet)
    _set_page(sheet, len(periods))
    workbook.properties.creator = ""
    workbook.properties.created = workbook.properties.modified = FILES_DATED
    out = io.BytesIO()
    workbook.save(out)
    return timeless(out.getvalue())


def write_form(folder: Path, place: str, body: str) -> Path:
    """Write the form for a body into a folder and return its path."""
    path = folder / form_name(place, body)
    content = form(place, body)
    write_whole(path, content)
    return path


def _write_cover(sheet: Any, place: str, body: str, periods: Periods) -> None:
    """Write what the form is, the article and the term, and where the answer is named."""
    names = [body_name(body, place, language) for language in LANGUAGES]
    terms = [_term(language) for language in LANGUAGES]
    titles = [_title(place, language) for language in LANGUAGES]
    cover = ["\n".join(titles), " / ".join(names), in_both("form_how"), "\n".join(terms)]
    for row, words in enumerate(cover, start=1):
        _write_wide(sheet, row, words, periods)
    sheet["B1"].font = Font(name=_FONT, bold=True, size=11)
    _write_code(sheet, 1, 1, f"{MARK} {place} {body}")
    for row, code in ((6, ANSWER_NUMBER), (7, ANSWER_DATE)):
        key = code.replace("-", "_")
        _write_code(sheet, row, 1, code)
        label = sheet.cell(row, 2, in_both(f"form_{key}"))
        label.alignment = _wrapped()
        _unlock(sheet.cell(row, 3))
        sheet.row_dimensions[row].height = len(LANGUAGES) * _LINE_HEIGHT


def _title(place: str, language: str) -> str:
    """Return the title with the place asked about, which the name of a body need not say."""
    title = text("form_title", language)
    name = place_name(place, language)
    return f"{title}: {name}"


def _term(language: str) -> str:
    answer = duty("request_answer")
    assert answer.edition is not None
    return text(
        "form_term",
        language,
        days=answer.term,
        cited=article_words(answer.article, language=language),
        edition=day_in_text(answer.edition, language),
    )


def _write_wide(sheet: Any, row: int, words: str, periods: Periods) -> None:
    cell = sheet.cell(row, 2, words)
    cell.alignment = _wrapped()
    last = _FIRST_PERIOD + len(periods) - 1
    sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=last)
    widths = _widths(periods)
    width = sum(widths[1:last])
    sheet.row_dimensions[row].height = _height(words, width)


def _write_head(sheet: Any, periods: Periods) -> None:
    wordings = [text("letter_head_what", language) for language in LANGUAGES]
    of_periods = ["\n".join(_names(period)) for period in periods]
    of_items = ["", *wordings, in_both("letter_head_unit")]
    of_reasons = [in_both("form_reason"), in_both("form_holder")]
    heads = [*of_items, *of_periods, *of_reasons]
    codes = ["item", *LANGUAGES, "unit", *(period["period"] for period in periods), REASON, HOLDER]
    for column, (code, head) in enumerate(zip(codes, heads, strict=True), start=1):
        _write_code(sheet, _CODES, column, code)
        cell = sheet.cell(_CODES + 1, column, head)
        cell.font = Font(name=_FONT, bold=True)
        cell.fill = _filled()
        cell.alignment, cell.border = _wrapped(), _box()
    sheet.row_dimensions[_CODES].height = _CODES_HEIGHT
    sheet.row_dimensions[_CODES + 1].height = _highest(heads, _widths(periods))


def _widths(periods: Periods) -> list[int]:
    """Return the width of each column."""
    widths = list(_WIDTHS)
    for period in periods:
        is_year = period["period"].isdigit()
        width = _YEAR_WIDTH if is_year else _VOTE_WIDTH
        widths.append(width)
    return [*widths, _REASON_WIDTH, _REASON_WIDTH]


def _names(period: dict[Any, Any]) -> list[str]:
    """Return a period as both languages name it: a year once, a cut one with its first day."""
    every = [period_name(period, language) for language in LANGUAGES]
    names = list(dict.fromkeys(every))
    if names[0].endswith("*"):
        first = f"{period['period_start']:%d.%m.%Y}"
        return [names[0].removesuffix("*"), f"({first} –)"]
    return names


def _write_code(sheet: Any, row: int, column: int, code: str) -> None:
    cell = sheet.cell(row, column, code)
    cell.font = Font(name=_FONT, color=_INK, size=8)


def _write_lines(sheet: Any, rows: pd.DataFrame, periods: Periods) -> int:
    """Write a line for each item, and return how many there are."""
    codes = [period["period"] for period in periods]
    asked = rows.groupby("item", sort=False)["period"].agg(set)
    for line, (name, wanted) in enumerate(asked.items(), start=_CODES + 2):
        is_asked = [code in wanted for code in codes]
        _write_line(sheet, line, str(name), is_asked)
    return len(asked)


def _write_line(sheet: Any, line: int, name: str, is_asked: Sequence[bool]) -> None:
    item = items()[name]
    units = [text(f"counted_{item.counted}", language) for language in LANGUAGES]
    unit = " / ".join(dict.fromkeys(units))
    wordings = [item.wording(language) for language in LANGUAGES]
    told = [*wordings, unit]
    for column, words in enumerate(told, start=2):
        cell = sheet.cell(line, column, words)
        cell.alignment, cell.border = _wrapped(), _box()
    _write_code(sheet, line, 1, name)
    _write_cells(sheet, line, is_asked)
    sheet.row_dimensions[line].height = _highest(told, _WIDTHS[1:])


def _write_cells(sheet: Any, line: int, is_asked: Sequence[bool]) -> None:
    """Open the cells that are asked for and those of the reason; the others stay grey."""
    reason = _FIRST_PERIOD + len(is_asked)
    for column, is_open in enumerate(is_asked, start=_FIRST_PERIOD):
        cell = sheet.cell(line, column)
        cell.border = _box()
        if is_open:
            _unlock(cell)
        else:
            cell.fill = _filled()
    for column in (reason, reason + 1):
        cell = sheet.cell(line, column)
        cell.alignment = _wrapped()
        _unlock(cell)


def _add_choices(sheet: Any, n_items: int, n_periods: int) -> None:
    """Add the drop-down of reasons, and the rule that a number is one."""
    first, last = _CODES + 2, _CODES + 1 + n_items
    choices = ",".join(reasons().values())
    choice = DataValidation("list", formula1=f'"{choices}"', allow_blank=True)
    at = get_column_letter(_FIRST_PERIOD + n_periods)
    choice.add(f"{at}{first}:{at}{last}")
    number = DataValidation("decimal", operator="between", allow_blank=True)
    number.formula1, number.formula2 = "0", str(_LARGEST)
    number.errorTitle, number.error = "0, 1, 2 ...", in_both("form_number")
    left = get_column_letter(_FIRST_PERIOD)
    right = get_column_letter(_FIRST_PERIOD + n_periods - 1)
    number.add(f"{left}{first}:{right}{last}")
    for rule in (choice, number):
        sheet.add_data_validation(rule)


def _set_widths(sheet: Any, periods: Periods) -> None:
    for column, width in enumerate(_widths(periods), start=1):
        letter = get_column_letter(column)
        sheet.column_dimensions[letter].width = width


def _protect(sheet: Any) -> None:
    """Lock all cells but those to fill in; columns and rows may still be widened."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.freeze_panes = sheet.cell(_CODES + 2, _FIRST_PERIOD)


def _set_page(sheet: Any, n_periods: int) -> None:
    page, margins = sheet.page_setup, sheet.page_margins
    page.orientation, page.paperSize = "landscape", _A4
    page.fitToWidth, page.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins.left = margins.right = _MARGIN_INCHES
    margins.top = margins.bottom = _MARGIN_INCHES
    last = get_column_letter(_FIRST_PERIOD + n_periods + 1)
    sheet.print_area = f"B1:{last}{sheet.max_row}"


def _highest(words: Sequence[str], widths: Sequence[int]) -> int:
    """Return the height of a row that shows words in cells of these widths."""
    in_cells = zip(words, widths, strict=True)
    return max(_height(said, width) for said, width in in_cells)


def _height(words: str, width: int) -> int:
    """Return the height of a row that shows words wrapped to a width."""
    n_lines = 0
    for line in words.split("\n"):
        wrapped = textwrap.wrap(line, width)
        n_lines += len(wrapped)
    return max(n_lines, 1) * _LINE_HEIGHT


def _unlock(cell: Any) -> None:
    cell.protection = Protection(locked=False)
    cell.border = _box()


def _filled() -> PatternFill:
    return PatternFill("solid", fgColor=_GREY)


def _wrapped() -> Alignment:
    return Alignment(wrap_text=True, vertical="top")


def _box() -> Border:
    side = Side(style="thin", color=_INK)
    return Border(left=side, right=side, top=side, bottom=side)
