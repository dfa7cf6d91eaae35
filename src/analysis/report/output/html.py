"""A document as one HTML page that needs nothing else: readable on a phone, in print, aloud."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

import jinja2

from analysis import reference
from analysis.locale import text
from analysis.report.document import (
    Block,
    Document,
    Heading,
    Paragraph,
    assemble,
    plain_text,
)
from analysis.report.sources import read_words

# A reader without the font of the charts gets one of these: all are narrower, so that no label
# grows over another.
_CHART_FONTS = "'DejaVu Sans', Roboto, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
_DRAWN_FONT = "font-family: 'DejaVu Sans'"
_LARGEST_SVG = 30_000  # letters; a chart of hundreds of marks is smaller as PNG
# Signs that end an address, or the attribute that it stands in: the templates mark it as safe.
_ESCAPED = str.maketrans({sign: f"%{ord(sign):02X}" for sign in '%#\n\r\t"&'})
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
    environment.filters.update(csv_url=_csv_url, picture_url=_picture_url, narrow_url=_narrow_url)
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
    return _text_url(_BYTE_ORDER_MARK + content, "text/csv")


def _text_url(content: str, kind: str) -> str:
    """Return a text as an address, its letters as they are: base64 would be a third longer."""
    return f"data:{kind};charset=utf-8,{content.translate(_ESCAPED)}"


def _data_url(content: str | bytes, kind: str) -> str:
    raw = content.encode() if isinstance(content, str) else content
    encoded = base64.b64encode(raw).decode()
    return f"data:{kind};base64,{encoded}"


def _narrow_url(picture: Any) -> str:
    """Return a drawing for a phone; base64, since an address in `srcset` ends at a space."""
    return _data_url(_in_fonts_of_readers(picture.narrow), "image/svg+xml")


def _picture_url(picture: Any) -> str:
    if picture.svg and len(picture.svg) < _LARGEST_SVG:
        lines = _in_fonts_of_readers(picture.svg).splitlines()
        one_line = " ".join(line.strip() for line in lines)
        return _text_url(one_line, "image/svg+xml")
    from analysis.report.output.pdf import png

    return _data_url(png(picture), "image/png")


def _in_fonts_of_readers(svg: str) -> str:
    return svg.replace(_DRAWN_FONT, f"font-family: {_CHART_FONTS}")


def page(
    document: Document,
    *,
    formats: Sequence[str] = (),
    languages: Sequence[str] = (),
    site: str = "",
    up: tuple[str, str] | None = None,
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
    up : tuple of str, optional
        Relative address and name of the page of the region in which the place lies.
    """
    numbered = enumerate(document.blocks)
    all_headings = [(i, block) for i, block in numbered if isinstance(block, Heading)]
    headings = [(i, heading) for i, heading in all_headings if heading.opens_section]
    template = templates().get_template("page.html.j2")
    return template.render(
        document=document,
        headings=headings,
        formats=formats,
        offered=languages,
        site=site,
        up=up,
        read=read_words(document.language),
        description=_description(document),
        about=_about(document),
        script=_script() if _has_quote(document) else "",
        script_hash=_hash_of(_script()),
    )


def _description(document: Document) -> str:
    """Return the first finding, or the title of a page that has none."""
    paragraphs = [block for block in document.blocks if isinstance(block, Paragraph)]
    findings = [block for block in paragraphs if block.role == "finding"]
    return plain_text(findings[:1]) or document.title


def _about(document: Document) -> dict[str, str]:
    """Return what the page says of itself as schema.org terms."""
    return {
        "@context": "https://schema.org",
        "@type": "Report",
        "name": document.title,
        "description": _description(document),
        "inLanguage": document.language,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "version": document.version,
    }


@cache
def _script() -> str:
    return _read_template("page.js").strip()


def _hash_of(script: str) -> str:
    """Return a script's hash, which the page's policy allows and nothing else."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _has_quote(document: Document) -> bool:
    paragraphs = [block for block in document.blocks if isinstance(block, Paragraph)]
    return any(paragraph.role == "quote" for paragraph in paragraphs)


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
