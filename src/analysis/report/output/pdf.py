"""A document as PDF/UA-1, set by Typst: tagged, with bookmarks, page numbers and fonts embedded."""

from __future__ import annotations

import base64
import io
import json
import re
from dataclasses import asdict
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from analysis.errors import DataError
from analysis.locale import text
from analysis.report.document import Block, Document, Heading, Paragraph, Picture, Table
from analysis.report.sources import read_words

_PIXELS_PER_INCH = 150
_COLOURS = 64  # of a chart as PNG
_MARK = "▯"  # of a character without a glyph
_NOT_PRINTED = ("alt", "href", "url", "png")  # of the template's data
_OGHAM_SPACE = 0x1680  # in the font, without a shape: the compiler refuses it
_ONE_CHART = (
    b"#set page(width: auto, height: auto, margin: 0pt)\n"
    b'#image(bytes(sys.inputs.svg), format: "svg")'
)


@cache
def _fonts() -> Any:
    """Return the fonts of Typst and DejaVu Sans, the font of the charts; none of the machine."""
    import matplotlib as mpl
    import typst

    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


@cache
def _no_glyph() -> re.Pattern[str]:
    """Return what matches a character that DejaVu Sans, the font of last resort, cannot show."""
    from matplotlib.font_manager import findfont, get_font

    known = set(get_font(findfont("DejaVu Sans")).get_charmap()) - {_OGHAM_SPACE}
    shown = "".join(re.escape(chr(code)) for code in sorted(known))
    return re.compile(f"[^{shown}\\s\\0]|{chr(_OGHAM_SPACE)}")


def printable(text: str) -> str:
    """Return text with a mark in place of each character that no font of the PDF has.

    PDF/UA-1 allows no character without a glyph. The page and the Word file keep it: there the
    reader's machine may have a font.

    Examples
    --------
    >>> printable("Жол 🚧 жөндеу")
    'Жол ▯ жөндеу'
    """
    return _no_glyph().sub(_MARK, text)


def _printable(data: Any) -> Any:
    """Return data of the template with every text that it prints made printable."""
    if isinstance(data, str):
        return printable(data)
    if isinstance(data, list | tuple):
        return [_printable(part) for part in data]
    if isinstance(data, dict):
        return {
            name: part if name in _NOT_PRINTED else _printable(part) for name, part in data.items()
        }
    return data


def pdf(document: Document) -> bytes:
    """Return a document as PDF/UA-1, the same bytes each time.

    A character that no font of the suite has is shown as "▯".

    Raises
    ------
    DataError
        If the compiler finds that the document breaks PDF/UA-1, with what it says.
    """
    import typst

    folder = resources.files("analysis.report.output") / "templates"
    compiler = typst.Compiler((folder / "report.typ").read_bytes(), font_paths=_fonts())
    inputs = json.dumps(_printable(_inputs(document)), ensure_ascii=False)
    try:
        return compiler.compile(  # type: ignore[return-value]  # one PDF gives bytes
            format="pdf",
            pdf_standards="ua-1",
            timestamp=0,
            sys_inputs={"document": inputs},
        )
    except typst.TypstError as error:
        raise DataError.one(
            file=f"{document.name} ({document.language})",
            found=str(error),
            expected="a document that PDF/UA-1 allows",
            remedy="Correct the block named.",
        ) from error


@lru_cache(maxsize=128)
def _drawn(svg: str) -> bytes:
    import typst
    from PIL import Image

    compiler = typst.Compiler(_ONE_CHART, font_paths=_fonts())
    shown = {"svg": printable(svg)}
    drawn: Any = compiler.compile(format="png", ppi=_PIXELS_PER_INCH, sys_inputs=shown)
    colourful = Image.open(io.BytesIO(drawn)).convert("RGB")
    small = colourful.quantize(_COLOURS, method=Image.Quantize.MEDIANCUT)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def png(picture: Picture) -> bytes:
    """Return a picture as PNG, for outputs that take no SVG."""
    if picture.png:
        return base64.b64decode(picture.png)
    return _drawn(picture.svg)


def _inputs(document: Document) -> dict[str, Any]:
    """Return what the template prints: the document as data, and its words in the language."""
    printed = document.on_paper()
    blocks = enumerate(printed)
    opening = [i for i, block in blocks if isinstance(block, Heading) and block.opens_section]
    sources = [asdict(source) | {"address": source.address} for source in document.sources]
    return {
        "title": document.title,
        "place": document.place or document.title,
        "language": document.language,
        "version": document.version,
        "blocks": _blocks(printed, document),
        "first_section": opening[0] if opening else -1,
        "sources": sources,
        "read": read_words(document.language),
        **_labels(document.language),
    }


def _labels(language: str) -> dict[str, str]:
    return {
        "sources_heading": text("h_sources", language),
        "contents": text("contents", language),
        "source_word": text("col_source", language),
        "archive_word": text("source_archive", language),
        "how_to_read": text("how_to_read", language),
        "page_of": text("page_of", language, page="\0", pages="\0"),
    }


def _blocks(printed: list[Block], document: Document) -> list[dict[str, Any]]:
    """Return blocks as data; a paragraph above a table or a picture stays on its page."""
    after = [*printed[1:], None]
    made = []
    for block, following in zip(printed, after, strict=True):
        data = _block(block, document)
        data["leads"] = isinstance(following, Table | Picture)
        made.append(data)
    return made


def _block(block: Block, document: Document) -> dict[str, Any]:
    data = {"kind": type(block).__name__, **asdict(block)}
    data.pop("csv", None)
    if isinstance(block, Table):
        references = [document.references(ids) for ids in block.sources]
        data["refs"] = references
        data["widths"] = block.widths()
    elif isinstance(block, Paragraph | Picture):
        data["refs"] = document.references(block.sources)
    if isinstance(block, Picture):
        drawn = b"" if block.svg else base64.b64decode(block.png)
        data["png"] = list(drawn) if drawn else ""
    return data
