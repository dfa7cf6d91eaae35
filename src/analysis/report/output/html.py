"""A document as one HTML page that needs nothing else: readable on a phone, in print, aloud."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

import jinja2

from analysis import reference
from analysis.locale import text
from analysis.report.document import Block, Document, Heading, assemble

# A reader without the font of the charts gets one of these: all are narrower, so that no label
# grows over another.
_CHART_FONTS = "'DejaVu Sans', Roboto, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
_DRAWN_FONT = "font-family: 'DejaVu Sans'"
_LARGEST_SVG = 30_000  # letters; a chart of hundreds of marks is smaller as PNG
_BYTE_ORDER_MARK = "\ufeff"  # tells Excel that a CSV is UTF-8


@cache
def templates() -> jinja2.Environment:
    """Return the templates of pages, with escaping on."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_read_template),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(csv_url=_csv_url, picture_url=_picture_url)
    environment.globals.update(
        kind=lambda block: type(block).__name__,
        text=text,
        language_name=reference.language_name,
        all_languages=reference.languages,
    )
    return environment


def _read_template(name: str) -> str:
    folder = resources.files("analysis.report.output")
    template = folder / "templates" / name
    return template.read_text("utf-8")


def _csv_url(content: str) -> str:
    marked = _BYTE_ORDER_MARK + content
    return _data_url(marked, "text/csv;charset=utf-8")


def _data_url(content: str | bytes, kind: str) -> str:
    raw = content.encode() if isinstance(content, str) else content
    encoded = base64.b64encode(raw).decode()
    return f"data:{kind};base64,{encoded}"


def _picture_url(picture: Any) -> str:
    if picture.svg and len(picture.svg) < _LARGEST_SVG:
        svg = picture.svg.replace(_DRAWN_FONT, f"font-family: {_CHART_FONTS}")
        return _data_url(svg, "image/svg+xml")
    from analysis.report.output.pdf import png

    return _data_url(png(picture), "image/png")


def page(
    document: Document,
    *,
    formats: Sequence[str] = (),
    languages: Sequence[str] = (),
    site: str = "",
) -> str:
    """Return a document as one HTML page.

    Parameters
    ----------
    document : Document
    formats : list of str
        Other formats that lie beside the page, of "pdf" and "docx", to link to.
    languages : list of str
        Languages in which the page lies beside this one.
    site : str
        Relative address of the page that lists all reports, if there is one.
    """
    numbered = enumerate(document.blocks)
    all_headings = [(i, block) for i, block in numbered if isinstance(block, Heading)]
    headings = [(i, heading) for i, heading in all_headings if heading.opens_section]
    template = templates().get_template("page.html.j2")
    return template.render(
        document=document, headings=headings, formats=formats, offered=languages, site=site
    )


def fragment(blocks: Sequence[Block], *, language: str) -> str:
    """Return blocks as HTML to show in a notebook."""
    document = assemble(blocks, name="", place="", language=language, version="")
    return templates().get_template("fragment.html.j2").render(document=document)


def file_name(name: str, language: str) -> str:
    """Return the name, without ending, of a report's files in a language.

    Examples
    --------
    >>> file_name("openness-KZ-33", "kk")
    'openness-KZ-33-kk'
    """
    return f"{name}-{language}"
