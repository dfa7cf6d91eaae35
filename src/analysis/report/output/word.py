"""A document as DOCX, in the styles of reference.docx.

It has real headings, tables with header rows, and alternative texts.
"""

from __future__ import annotations

import hashlib
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
from analysis.report.output.pdf import png
from analysis.report.sources import read_words

_ENGLISH = "en-GB"
_WIDTH_CM, _TALLEST_CM = 17, 12.5
_SOURCE_WIDTH = 11.0  # letters: the longest heading, or three references
_STYLES = {"finding": "Finding", "how": "How To Read", "quote": "Quote To Copy", "": "Normal"}
_NUMBERED = "5"  # the numbering of "List Number" in reference.docx
_CONTENTS = r'TOC \o "2-2" \h \z \n'  # links without page numbers: nothing to update
_FIRST_OF_HEADINGS = 10_000  # bookmarks of headings are numbered from here, after the sources
_NUMBER_OF_PAGE, _NUMBER_OF_PAGES = "PAGE", "NUMPAGES"  # fields of Word


def docx(document: Document) -> bytes:
    """Return a document as DOCX, the same bytes each time.

    The styles are those of `templates/reference.docx`: change them there, in a word processor.
    """
    folder = resources.files("analysis.report.output") / "templates"
    with (folder / "reference.docx").open("rb") as styles:
        word = new_document(styles)
    _describe(word, document)
    printed = document.on_paper()
    opens = [position for position, block in enumerate(printed) if _opens(block)]
    for position, block in enumerate(printed):
        if opens and position == opens[0]:
            _add_contents(word, [printed[at] for at in opens], document)
        _add(word, block, document)
        following = printed[position + 1 : position + 2]
        if isinstance(block, Paragraph) and _holds(following):
            word.paragraphs[-1].paragraph_format.keep_with_next = True
    _add_sources(word, document)
    out = io.BytesIO()
    word.save(out)
    return timeless(out.getvalue())


def _add_sources(word: Any, document: Document) -> None:
    if document.sources:
        heading = word.add_heading(text("h_sources", document.language), 2)
        _bookmark(heading, "sources", _FIRST_OF_HEADINGS)
        word.add_paragraph(read_words(document.language))
    for source in document.sources:
        entry = word.add_paragraph(style="Source Entry")
        name = f"source-{source.number}"
        _bookmark(entry, name, source.number)
        printed = f"[{source.number}] {source.text}. "
        entry.add_run(printed)
        if source.url:
            _link(entry, source.address, address=source.url)
            entry.add_run(" ")
            archive = text("source_archive", document.language)
            _link(entry, f"[{archive}]", address=source.archive)


def _holds(blocks: Sequence[Block]) -> bool:
    """Return whether a table or a picture follows, to which the paragraph above it belongs."""
    return any(isinstance(block, Table | Picture) for block in blocks)


def _opens(block: Block) -> bool:
    return isinstance(block, Heading) and block.opens_section


def _add_contents(word: Any, headings: Sequence[Any], document: Document) -> None:
    """Add the list of contents as a field of Word, whose entries are links to the headings."""
    title = text("contents", document.language)
    word.add_paragraph().add_run(title).bold = True
    entries = [(heading.text, _anchor(heading)) for heading in headings]
    if document.sources:
        entries.append((text("h_sources", document.language), "sources"))
    paragraphs = [word.add_paragraph(style="Contents Entry") for _ in entries]
    _mark_field(paragraphs[0], "begin")
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = _CONTENTS
    paragraphs[0].add_run()._r.append(instruction)  # noqa: SLF001  # no public way to a field
    _mark_field(paragraphs[0], "separate")
    for paragraph, (words, anchor) in zip(paragraphs, entries, strict=True):
        _link(paragraph, words, anchor=anchor)
    _mark_field(paragraphs[-1], "end")


def _mark_field(paragraph: WordParagraph, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)  # noqa: SLF001  # no public way to a field


def _anchor(heading: Heading) -> str:
    """Return the name of a heading's bookmark, the same in each build."""
    digest = hashlib.sha256(heading.text.encode()).hexdigest()
    return f"part-{digest[:12]}"


def _word_language(language: str) -> str:
    """Return a language with its country, as Word names it.

    Examples
    --------
    >>> _word_language("kk"), _word_language("ru"), _word_language("en")
    ('kk-KZ', 'ru-RU', 'en-GB')
    """
    from babel.core import get_global

    if _ENGLISH.startswith(language):
        return _ENGLISH
    likely = get_global("likely_subtags").get(language, language)
    parts = likely.split("_")
    return f"{language}-{parts[-1]}" if len(parts) > 1 else language


def _describe(word: Any, document: Document) -> None:
    """Set title, language, running head and page numbers."""
    language = _word_language(document.language)
    properties = word.core_properties
    properties.title, properties.author = document.title, "governance-openness"
    properties.language = language
    properties.created = properties.modified = FILES_DATED
    for mark in word.styles.element.iter(qn("w:lang")):
        mark.set(qn("w:val"), language)
        mark.set(qn("w:eastAsia"), language)
    section = word.sections[0]
    running = (document.place or document.title, document.version)
    section.header.paragraphs[0].text = " · ".join(part for part in running if part)
    _number_pages(section.footer.paragraphs[0], document.language)


def _number_pages(footer: WordParagraph, language: str) -> None:
    sentence = text("page_of", language, page="\0", pages="\0")
    before, between, after = sentence.split("\0")
    footer.add_run(before)
    _field(footer, _NUMBER_OF_PAGE)
    footer.add_run(between)
    _field(footer, _NUMBER_OF_PAGES)
    footer.add_run(after)


def _add(word: Any, block: Block, document: Document) -> None:
    match block:
        case Heading():
            _add_heading(word, block)
        case Paragraph():
            _add_paragraph(word, block, document)
        case Items():
            _add_items(word, block)
        case Code():
            word.add_paragraph(block.text, style="Code Text")
        case Table():
            _add_table(word, block, document)
        case Picture():
            _add_picture(word, block, document)


def _add_paragraph(word: Any, block: Paragraph, document: Document) -> None:
    paragraph = word.add_paragraph(style=_STYLES[block.role])
    if block.role == "how":
        paragraph.add_run(text("how_to_read", document.language) + ": ").bold = True
    _add_runs(paragraph, block.runs)
    _add_references(paragraph, document.references(block.sources))


def _add_heading(word: Any, block: Heading) -> None:
    heading = word.add_heading(block.text, block.level)
    if block.opens_section:
        number = _FIRST_OF_HEADINGS + len(word.paragraphs)
        _bookmark(heading, _anchor(block), number)


def _add_items(word: Any, block: Items) -> None:
    """Add a list in Word's own numbering, which starts anew for each ordered list."""
    style = "List Number" if block.ordered else "List Bullet"
    numbering = _new_numbering(word) if block.ordered else None
    for item in block.items:
        paragraph = word.add_paragraph(style=style)
        if numbering is not None:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()  # noqa: SLF001
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = numbering
        _add_runs(paragraph, item)


def _new_numbering(word: Any) -> int:
    numberings = word.part.numbering_part.numbering_definitions._numbering  # noqa: SLF001
    ordered = numberings.num_having_numId(int(_NUMBERED))
    added = numberings.add_num(ordered.abstractNumId.val)
    added.add_lvlOverride(ilvl=0).add_startOverride(1)
    return int(added.numId)


def _add_runs(paragraph: WordParagraph, runs: Sequence[Run]) -> None:
    for run in runs:
        if run.href.startswith("http"):
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
    tallest = Cm(_TALLEST_CM * block.width / block.height)
    width = min(Inches(block.width), Cm(_WIDTH_CM), tallest)
    shape = paragraph.add_run().add_picture(io.BytesIO(png(block)), width=width)
    described = shape._inline.docPr  # noqa: SLF001  # python-docx has no way to an alternative text
    described.set("descr", block.alt)
    described.set("title", block.caption)
    caption = word.add_paragraph(block.caption, style="Caption")
    caption.paragraph_format.keep_with_next = False
    _add_references(caption, document.references(block.sources))


def _add_table(word: Any, block: Table, document: Document) -> None:
    if block.caption:
        word.add_paragraph(block.caption, style="Caption")
    columns, widths = [*block.columns], block.widths()
    if block.sources:
        columns.append(text("col_source", document.language))
        widths.append(_SOURCE_WIDTH)
    table = word.add_table(rows=1 + len(block.rows), cols=len(columns), style="Report Table")
    table.autofit = False
    _describe_table(table, block.caption)
    whole = sum(widths)
    for column, width in zip(table.columns, widths, strict=True):
        centimetres = _WIDTH_CM * width / whole
        column.width = Cm(centimetres)
    # python-docx builds this list anew at each public access, which makes long tables slow.
    cells = iter(table._cells)  # noqa: SLF001
    for name in columns:
        _write(next(cells), name)
    for number, row in enumerate(block.rows):
        for value in row:
            _write(next(cells), value)
        if block.sources:
            ids = block.sources[number]
            cell = next(cells)
            paragraph = _write(cell, "" if ids else "–")
            _add_references(paragraph, document.references(ids))
    word.add_paragraph(style="Table Text")


def _describe_table(table: Any, caption: str) -> None:
    """Set the alternative text, and mark the first row as the header that pages repeat."""
    if caption:
        described = OxmlElement("w:tblDescription")
        described.set(qn("w:val"), caption)
        table._tbl.tblPr.append(described)  # noqa: SLF001  # no public way
    heading = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001  # no public way
    heading.append(OxmlElement("w:cantSplit"))
    heading.append(OxmlElement("w:tblHeader"))


def _write(cell: _Cell, value: str) -> WordParagraph:
    paragraph = cell.paragraphs[0]
    # A style set by its name is looked up for each cell, which takes longer than all the rest.
    paragraph._p.style = "TableText"  # noqa: SLF001
    paragraph.add_run(value)
    return paragraph


def _link(paragraph: WordParagraph, words: str, *, address: str = "", anchor: str = "") -> None:
    link = OxmlElement("w:hyperlink")
    if address:
        part = paragraph.part
        reference = part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link.set(qn("r:id"), reference)
    else:
        link.set(qn("w:anchor"), anchor)
    run = paragraph.add_run(words)
    run._r.style = "Hyperlink"  # noqa: SLF001  # by its id, as above
    link.append(run._r)  # noqa: SLF001  # python-docx cannot write hyperlinks
    paragraph._p.append(link)  # noqa: SLF001


def _bookmark(paragraph: WordParagraph, name: str, number: int) -> None:
    for kind in ("bookmarkStart", "bookmarkEnd"):
        mark = OxmlElement(f"w:{kind}")
        mark_id = str(number)
        mark.set(qn("w:id"), mark_id)
        if kind == "bookmarkStart":
            mark.set(qn("w:name"), name)
        paragraph._p.append(mark)  # noqa: SLF001  # python-docx cannot write bookmarks


def _field(paragraph: WordParagraph, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = paragraph.add_run("1")
    field.append(run._r)  # noqa: SLF001  # python-docx cannot write fields
    paragraph._p.append(field)  # noqa: SLF001
