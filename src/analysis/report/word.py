"""A document as DOCX: real headings, tables with header rows, alternative texts, in the styles of reference.docx."""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib import resources
from typing import Any

from docx import Document as new_document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Inches
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from analysis.files import FILES_DATED, timeless
from analysis.locale import text
from analysis.report.document import (
    Block,
    Code,
    Document,
    Heading,
    Items,
    Paragraph,
    Picture,
    Run,
    Table,
)
from analysis.report.pdf import png

_LOCALES = {"en": "en-GB", "kk": "kk-KZ", "ru": "ru-RU"}
_WIDTH_CM, _TALLEST_CM = 17, 12.5
_SOURCE_WIDTH = 11.0  # letters: the longest heading, or three references
_STYLES = {"finding": "Finding", "how": "How To Read", "": "Normal"}


def docx(document: Document) -> bytes:
    """Return a document as DOCX, the same bytes each time.

    The styles are those of `reference.docx` beside this module: change them there, in a word processor.
    """
    with resources.files(__package__).joinpath("reference.docx").open("rb") as reference:
        word = new_document(reference)
    _describe(word, document)
    for block in document.blocks:
        _add(word, block, document)
    if document.sources:
        word.add_heading(text("h_sources", document.language), 2)
    for source in document.sources:
        entry = word.add_paragraph(style="Source Entry")
        _bookmark(entry, f"source-{source.number}", source.number)
        entry.add_run(f"[{source.number}] {source.text}. ")
        if source.url:
            _link(entry, source.address, address=source.url)
    out = io.BytesIO()
    word.save(out)
    return timeless(out.getvalue())


def _describe(word: Any, document: Document) -> None:
    """Set title, language, running head and page numbers."""
    properties = word.core_properties
    properties.title, properties.author, properties.language = (
        document.title,
        "governance-openness",
        _LOCALES[document.language],
    )
    properties.created = properties.modified = FILES_DATED
    for mark in word.styles.element.iter(qn("w:lang")):
        for kind in ("val", "eastAsia"):
            mark.set(qn(f"w:{kind}"), _LOCALES[document.language])
    section = word.sections[0]
    section.header.paragraphs[0].text = " · ".join(
        part for part in (document.place or document.title, document.version) if part
    )
    footer = section.footer.paragraphs[0]
    before, between, after = text("page_of", document.language, page="\0", pages="\0").split("\0")
    for words, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        footer.add_run(words)
        if field:
            _field(footer, field)


def _add(word: Any, block: Block, document: Document) -> None:
    match block:
        case Heading():
            word.add_heading(block.text, block.level)
        case Paragraph():
            paragraph = word.add_paragraph(style=_STYLES[block.role])
            if block.role == "how":
                paragraph.add_run(text("how_to_read", document.language) + ": ").bold = True
            _add_runs(paragraph, block.runs)
            _add_references(paragraph, document.references(block.sources))
        case Items():
            for number, item in enumerate(block.items, 1):
                paragraph = word.add_paragraph(style="Normal" if block.ordered else "List Bullet")
                if block.ordered:
                    (
                        paragraph.paragraph_format.left_indent,
                        paragraph.paragraph_format.first_line_indent,
                    ) = Cm(1), Cm(-0.7)
                    paragraph.add_run(f"{number}. ")
                _add_runs(paragraph, item)
        case Code():
            word.add_paragraph(block.text, style="Code Text")
        case Table():
            _add_table(word, block, document)
        case Picture():
            _add_picture(word, block, document)


def _add_runs(paragraph: WordParagraph, runs: Sequence[Run]) -> None:
    for run in runs:
        if run.href:
            _link(paragraph, run.text, address=run.href)
            continue
        added = paragraph.add_run(run.text)
        added.bold, added.italic = run.bold or None, run.italic or None
        if run.code:
            added.font.name = "Consolas"


def _add_references(paragraph: WordParagraph, spans: Sequence[tuple[int, int]]) -> None:
    for first, last in spans:
        paragraph.add_run(" ")
        _link(paragraph, f"[{first}]", anchor=f"source-{first}")
        if last > first:
            paragraph.add_run("–" if last > first + 1 else "")
            _link(paragraph, f"[{last}]", anchor=f"source-{last}")


def _add_picture(word: Any, block: Picture, document: Document) -> None:
    paragraph = word.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    width = min(Inches(block.width), Cm(_WIDTH_CM), Cm(_TALLEST_CM * block.width / block.height))
    shape = paragraph.add_run().add_picture(io.BytesIO(png(block)), width=width)
    shape._inline.docPr.set("descr", block.alt)
    shape._inline.docPr.set("title", block.caption)
    caption = word.add_paragraph(block.caption, style="Caption")
    caption.paragraph_format.keep_with_next = False
    _add_references(caption, document.references(block.sources))


def _add_table(word: Any, block: Table, document: Document) -> None:
    if block.caption:
        word.add_paragraph(block.caption, style="Caption")
    columns = [*block.columns, *([text("col_source", document.language)] if block.sources else [])]
    table = word.add_table(rows=1 + len(block.rows), cols=len(columns), style="Report Table")
    table.autofit = False
    if block.caption:
        properties = table._tbl.tblPr
        described = OxmlElement("w:tblDescription")
        described.set(qn("w:val"), block.caption)
        properties.append(described)
    heading = table.rows[0]._tr.get_or_add_trPr()
    heading.append(OxmlElement("w:cantSplit"))
    heading.append(OxmlElement("w:tblHeader"))
    cells = table._cells
    for cell, name in zip(cells, columns, strict=False):
        _write(cell, name)
    widths = [*block.widths(), *([_SOURCE_WIDTH] if block.sources else [])]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(_WIDTH_CM * width / sum(widths))
    for i, row in enumerate(block.rows, 1):
        for j, value in enumerate(row):
            _write(cells[i * len(columns) + j], value)
        if block.sources:
            paragraph = _write(
                cells[(i + 1) * len(columns) - 1], "" if block.sources[i - 1] else "–"
            )
            _add_references(paragraph, document.references(block.sources[i - 1]))
    word.add_paragraph(style="Table Text")


def _write(cell: _Cell, value: str) -> WordParagraph:
    paragraph = cell.paragraphs[0]
    paragraph._p.style = (
        "TableText"  # by its id: a look-up by name for each cell takes longer than all the rest
    )
    paragraph.add_run(value)
    return paragraph


def _link(paragraph: WordParagraph, words: str, *, address: str = "", anchor: str = "") -> None:
    link = OxmlElement("w:hyperlink")
    if address:
        link.set(
            qn("r:id"),
            paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True),
        )
    else:
        link.set(qn("w:anchor"), anchor)
    run = paragraph.add_run(words)
    run._r.style = "Hyperlink"
    link.append(run._r)
    paragraph._p.append(link)


def _bookmark(paragraph: WordParagraph, name: str, number: int) -> None:
    for kind in ("bookmarkStart", "bookmarkEnd"):
        mark = OxmlElement(f"w:{kind}")
        mark.set(qn("w:id"), str(number))
        if kind == "bookmarkStart":
            mark.set(qn("w:name"), name)
        paragraph._p.append(mark)


def _field(paragraph: WordParagraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = paragraph.add_run("1")
    field.append(run._r)
    paragraph._p.append(field)
