"""A document as one HTML page that needs nothing else: readable on a phone, in print and by a screen reader."""

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

LANGUAGE_NAMES = {"en": "English", "kk": "Қазақша", "ru": "Русский"}
# A reader without the font of the charts gets one of these: all are narrower, so that no label grows over another.
_CHART_FONTS = "'DejaVu Sans', Roboto, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"

_LARGEST_SVG = 30_000  # letters; a chart of hundreds of marks is smaller as PNG


@cache
def templates() -> jinja2.Environment:
    """Return the templates of pages, with escaping on."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: resources.files(__package__).joinpath(name).read_text("utf-8")),
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["data_url"] = _data_url
    environment.filters["csv_url"] = lambda content: _data_url(
        "\ufeff" + content, "text/csv;charset=utf-8"
    )
    environment.filters["picture_url"] = _picture_url
    environment.globals.update(
        kind=lambda block: type(block).__name__,
        text=text,
        names=LANGUAGE_NAMES,
        languages=reference.languages(),
    )
    return environment


def _data_url(content: str | bytes, kind: str) -> str:
    raw = content.encode() if isinstance(content, str) else content
    return f"data:{kind};base64,{base64.b64encode(raw).decode()}"


def _picture_url(picture: Any) -> str:
    if picture.svg and len(picture.svg) < _LARGEST_SVG:
        return _data_url(
            picture.svg.replace("font-family: 'DejaVu Sans'", f"font-family: {_CHART_FONTS}"),
            "image/svg+xml",
        )
    from analysis.report.pdf import png

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
    headings = [
        (i, b) for i, b in enumerate(document.blocks) if isinstance(b, Heading) and b.level == 2
    ]
    return templates().get_template("page.html.j2").render(
        document=document, headings=headings, formats=formats, offered=languages, site=site
    )  # fmt: skip


def fragment(blocks: Sequence[Block], *, language: str) -> str:
    """Return blocks as HTML to show in a notebook."""
    document = assemble(blocks, name="", place="", language=language, version="")
    return templates().get_template("fragment.html.j2").render(document=document)


def file_name(name: str, language: str) -> str:
    """Return the name, without ending, of a report's files in a language."""
    return f"{name}-{language}"
