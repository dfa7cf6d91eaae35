"""A letter as DOCX: one page of A4, plain, with lines to fill in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document as new_document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell

from analysis.files import FILES_DATED, timeless
from analysis.locale import text
from analysis.requests.letters import Letter

_FONT, _SIZE, _SMALL = "Times New Roman", 11, 10
_MARGIN_CM, _LEFT_CM = 1.5, 2.0
_HEAD_INDENT_CM = 7
_WIDTHS_CM = (0.9, 8.5, 2.7, 5.4)
_CODES = {"kk": "kk-KZ", "ru": "ru-RU"}
_LINE = "_" * 26
_HEADS = ("letter_head_number", "letter_head_what", "letter_head_unit", "letter_head_periods")

_TITLES = {"letter": "letter_title", "complaint": "complaint_title"}


def docx(letter: Letter) -> bytes:
    """Return a letter as DOCX, the same bytes each time."""
    word = new_document()
    _set_page(word, letter)
    _add_head(word, letter)
    _add_title(word, letter)
    _add_text(word, letter.opening)
    if letter.asked:
        _add_table(word, letter)
    for note in letter.notes:
        _add_text(word, note)
    if letter.enclosure:
        _add_text(word, text("letter_enclosure", letter.language, file=letter.enclosure))
    _add_text(word, text(f"{letter.kind}_close", letter.language))
    _add_signature(word, letter)
    out = io.BytesIO()
    word.save(out)
    return timeless(out.getvalue())


def _set_page(word: Any, letter: Letter) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(_LEFT_CM), Cm(_MARGIN_CM)
    section.top_margin = section.bottom_margin = Cm(_MARGIN_CM)
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(_SIZE)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    normal.paragraph_format.space_after = Pt(3)
    normal.paragraph_format.line_spacing = 1.0
    _set_language(normal, _CODES[letter.language])
    properties = word.core_properties
    properties.title = f"{text(_TITLES[letter.kind], letter.language)}: {letter.addressee}"
    properties.author, properties.language = "", _CODES[letter.language]
    properties.created = properties.modified = FILES_DATED


def _set_language(style: Any, code: str) -> None:
    mark = style.element.rPr.find(qn("w:lang"))
    if mark is None:
        mark = OxmlElement("w:lang")
        style.element.rPr.append(mark)
    mark.set(qn("w:val"), code)


def _add_head(word: Any, letter: Letter) -> None:
    """Add the addressee, and who asks: given, or lines to fill in."""
    language, who = letter.language, letter.applicant
    _head_line(word, letter.addressee, bold=True)
    _head_line(word, text("letter_body_address", language, line=_LINE))
    given = {"name": who.name, "number": who.number, "address": who.address, "phone": who.phone}
    for what, value in given.items():
        _head_line(word, text(f"letter_applicant_{what}", language, line=value or _LINE))


def _head_line(word: Any, line: str, *, bold: bool = False) -> None:
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.left_indent = Cm(_HEAD_INDENT_CM)
    paragraph.add_run(line).bold = bold


def _add_title(word: Any, letter: Letter) -> None:
    title = word.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_before = Pt(6)
    title.add_run(text(_TITLES[letter.kind], letter.language)).bold = True
    number = word.add_paragraph(text("letter_number", letter.language))
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _add_text(word: Any, words: str) -> None:
    paragraph = word.add_paragraph(words)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def _add_table(word: Any, letter: Letter) -> None:
    table = word.add_table(rows=1, cols=len(_HEADS), style="Table Grid")
    table.autofit = False
    heads = [text(head, letter.language) for head in _HEADS]
    _fill(table.rows[0].cells, heads, bold=True)
    _repeat_as_header(table)
    for number, asked in enumerate(letter.asked, start=1):
        cells = table.add_row().cells
        _fill(cells, [str(number), asked.what, asked.unit, ""])
    for column, width in zip(table.columns, _WIDTHS_CM, strict=True):
        column.width = Cm(width)
    _merge_periods(table, [_listed(asked.periods) for asked in letter.asked])
    gap = word.add_paragraph()
    gap.paragraph_format.space_after = Pt(0)
    gap.paragraph_format.line_spacing = Pt(4)


def _listed(periods: Sequence[str]) -> str:
    """Return periods in one cell; the names of votes hold commas."""
    apart = "; " if any("," in period for period in periods) else ", "
    return apart.join(periods)


def _fill(cells: Sequence[_Cell], words: Sequence[str], *, bold: bool = False) -> None:
    for cell, width, word in zip(cells, _WIDTHS_CM, words, strict=True):
        cell.width = Cm(width)
        _write(cell, word, bold=bold)


def _write(cell: _Cell, words: str, *, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(words)
    run.bold, run.font.size = bold, Pt(_SMALL)


def _repeat_as_header(table: Table) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001  # python-docx has no name for it


def _merge_periods(table: Table, periods: Sequence[str]) -> None:
    """Write the periods once for all lines that follow each other and share them."""
    first = 0
    for line in range(1, len(periods) + 1):
        if line < len(periods) and periods[line] == periods[first]:
            continue
        top, bottom = table.cell(first + 1, 3), table.cell(line, 3)
        _write(top.merge(bottom) if top is not bottom else top, periods[first])
        first = line


def _add_signature(word: Any, letter: Letter) -> None:
    signature = word.add_paragraph(text("letter_signature", letter.language))
    signature.paragraph_format.space_before = Pt(8)
