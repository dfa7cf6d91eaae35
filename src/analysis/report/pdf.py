"""A document as PDF/UA-1, set by Typst: tagged, with bookmarks, page numbers and fonts embedded."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import asdict
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from analysis.errors import DataError, Problem
from analysis.locale import text
from analysis.report.document import Block, Document, Heading, Paragraph, Picture, Table

_PIXELS = 150  # an inch


@cache
def _fonts() -> Any:
    """Give the fonts bundled with Typst and DejaVu Sans, the font of the charts; none of the machine's own."""
    import matplotlib as mpl
    import typst

    return typst.Fonts(
        include_system_fonts=False, font_paths=[Path(mpl.get_data_path()) / "fonts" / "ttf"]
    )


def pdf(document: Document) -> bytes:
    """Return a document as PDF/UA-1, the same bytes each time.

    Raises
    ------
    DataError
        If the compiler finds that the document breaks PDF/UA-1, with what it says.
    """
    import typst

    template = resources.files(__package__).joinpath("report.typ").read_bytes()
    compiler = typst.Compiler(template, font_paths=_fonts())
    try:
        return compiler.compile(  # type: ignore[return-value]  # one PDF gives bytes
            format="pdf",
            pdf_standards="ua-1",
            timestamp=0,
            sys_inputs={"document": json.dumps(_inputs(document), ensure_ascii=False)},
        )
    except typst.TypstError as error:
        raise DataError(
            [
                Problem(
                    file=f"{document.name} ({document.language})",
                    found=str(error),
                    expected="a document that PDF/UA-1 allows",
                    remedy="Mend the block named.",
                )
            ]
        ) from error


@lru_cache(maxsize=128)
def _drawn(svg: str) -> bytes:
    import typst
    from PIL import Image

    page = b'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes(sys.inputs.svg), format: "svg")'
    drawn = typst.Compiler(page, font_paths=_fonts()).compile(
        format="png", ppi=_PIXELS, sys_inputs={"svg": svg}
    )
    out = io.BytesIO()
    small = (
        Image.open(io.BytesIO(drawn)).convert("RGB").quantize(64, method=Image.Quantize.MEDIANCUT)
    )  # type: ignore[arg-type]
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def png(picture: Picture) -> bytes:
    """Return a picture as PNG, for outputs that take no SVG."""
    return base64.b64decode(picture.png) if picture.png else _drawn(picture.svg)


def _inputs(document: Document) -> dict[str, Any]:
    language = document.language
    first = next(
        (i for i, b in enumerate(document.blocks) if isinstance(b, Heading) and b.level == 2), -1
    )
    return {
        "title": document.title, "place": document.place or document.title, "language": language, "version": document.version,
        "blocks": [_block(block, document) for block in document.blocks], "first_section": first,
        "sources": [{**asdict(source), "address": source.address} for source in document.sources], "sources_heading": text("h_sources", language),
        "contents": text("contents", language), "source_word": text("col_source", language),
        "how_to_read": text("how_to_read", language), "page_of": text("page_of", language, page="\0", pages="\0"),
    }  # fmt: skip


def _block(block: Block, document: Document) -> dict[str, Any]:
    data = {"kind": type(block).__name__, **asdict(block)}
    data.pop("csv", None)
    if isinstance(block, Table):
        data["refs"] = [document.references(ids) for ids in block.sources]
        data["widths"] = block.widths()
    elif isinstance(block, Paragraph | Picture):
        data["refs"] = document.references(block.sources)
    if isinstance(block, Picture):
        data["png"] = "" if block.svg else list(base64.b64decode(block.png))
    return data
