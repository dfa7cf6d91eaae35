"""The blocks that the markdown and the outputs of a notebook make; its code is not shown."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from typing import Any

from PIL import Image

from analysis.errors import DataError
from analysis.locale import SOURCE, text
from analysis.report.document import (
    MIME,
    Block,
    Code,
    Fold,
    Heading,
    Items,
    Paragraph,
    Picture,
    Run,
    Table,
    unpack,
    words,
)
from analysis.report.notebook.markup import html_blocks

_PIXELS_PER_INCH = 100  # of pictures that matplotlib draws inline
_NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")
Token = dict[str, Any]


def blocks_of(
    notebook: Any, *, name: str, code: bool = False, language: str = SOURCE
) -> list[Block]:
    """Return the blocks that the markdown and the outputs of an executed notebook make.

    Sections and charts of `analysis` come as they are; tables of pandas, Markdown, HTML (of a
    Styler, of statsmodels), strings, numbers and pictures of matplotlib become tables, paragraphs
    and figures. A picture that has no alternative text takes the paragraph before it.

    Parameters
    ----------
    notebook : NotebookNode
        As `WarmKernel.run` returns it.
    name : str
        Name of the notebook in errors.
    code : bool
        Whether to show the code as well. Cells with the tag "story" only say something: their code
        stays out. A cell with the tag "solution" is folded away.
    language : str
        Of the words over a solution.

    Raises
    ------
    DataError
        If a picture has neither an alternative text nor a paragraph before it, or a cell shows a
        Python object that is no text for readers, such as `<Axes: >`.
    """
    blocks: list[Block] = []
    own = [cell for cell in notebook.cells if not cell.metadata.get("openness")]
    numbers = {id(cell): number for number, cell in enumerate(own, start=1)}
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            blocks += markdown_blocks(cell.source)
            continue
        is_solution = _has_tag(cell, "solution")
        if cell.cell_type != "code" or (is_solution and not code):
            continue
        shown: list[Block] = []
        if code and not cell.metadata.get("openness") and not _has_tag(cell, "story"):
            shown.append(Code(cell.source))
        where = f"{name}, cell {numbers.get(id(cell), 0)}"
        for output in cell.outputs:
            shown += _output_blocks(output, [*blocks, *shown], where=where, code=code)
        if is_solution:
            shown = [Fold(text("solution", language), tuple(shown))]
        blocks += shown
    return blocks


def _has_tag(cell: Any, tag: str) -> bool:
    return tag in cell.metadata.get("tags", [])


def _output_blocks(output: Any, before: list[Block], *, where: str, code: bool) -> list[Block]:
    if output.output_type == "stream":
        printed = output.text.rstrip() if output.name == "stdout" else ""
        return [Code(printed)] if printed.strip() else []
    data = output.get("data", {})
    rich = _rich_blocks(data)
    if rich is not None:
        return rich
    if "image/png" in data:
        described = output.get("metadata", {}).get("image/png", {})
        alt = described.get("alt") or _last_words(before)
        png = data["image/png"].strip()
        return [_picture(png, alt, where)]
    shown = data.get("text/plain", "")
    if not shown:
        return []
    if code:  # beside the code that made it
        return [Code(shown)]
    return [words(_for_readers(shown, where))]


def _rich_blocks(data: Any) -> list[Block] | None:
    """Return what a cell shows as blocks, Markdown or HTML, or None if it shows none of them."""
    if MIME in data:
        return list(unpack(data[MIME]))
    if "image/png" in data:
        return None
    if "text/markdown" in data:
        return list(markdown_blocks(data["text/markdown"]))
    return html_blocks(data["text/html"]) if "text/html" in data else None


def _for_readers(shown: str, where: str) -> str:
    """Return what a cell shows if it is a number; else say what to show instead."""
    if _NUMBER.fullmatch(shown):
        return shown
    first = shown.splitlines()[0]
    raise DataError.one(
        file=where,
        found=f"an object of Python as it names itself: {first}",
        expected="text, a number, a table, a picture or a section",
        remedy="End the line with a semicolon to show nothing, or show it in words.",
    )


def _picture(png: str, alt: str, where: str) -> Picture:
    if not alt:
        raise DataError.one(
            file=where,
            found="a picture without words",
            expected="a paragraph before it",
            remedy="Describe above it what it shows.",
        )
    width, height = Image.open(io.BytesIO(base64.b64decode(png))).size
    return Picture(
        name="figure",
        alt=alt,
        caption="",
        svg="",
        png=png,
        width=width / _PIXELS_PER_INCH,
        height=height / _PIXELS_PER_INCH,
    )


def _last_words(blocks: list[Block]) -> str:
    spoken = [block for block in blocks if isinstance(block, Paragraph | Heading)]
    if not spoken:
        return ""
    last = spoken[-1]
    return last.text if isinstance(last, Heading) else "".join(run.text for run in last.runs)


def markdown_blocks(source: str) -> Iterator[Block]:
    """Return the blocks of a markdown text; HTML in it is shown as it is written, never run.

    Examples
    --------
    >>> list(markdown_blocks("# Appeals"))
    [Heading(level=1, text='Appeals')]
    """
    import mistune

    tokens: Any = mistune.create_markdown(renderer="ast", plugins=["table"])(source)
    for token in tokens:
        yield from _token_blocks(token)


def _token_blocks(token: Token) -> Iterator[Block]:
    children = token.get("children", [])
    match token["type"]:
        case "heading":
            yield Heading(token["attrs"]["level"], _plain(children))
        case "paragraph" | "block_quote":
            yield Paragraph(tuple(_runs(children)))
        case "list":
            items = tuple(tuple(_runs(item["children"])) for item in children)
            yield Items(items, token["attrs"]["ordered"])
        case "block_code":
            yield Code(token["raw"].rstrip())
        case "block_html":
            yield words(token["raw"].strip())
        case "table":
            yield _table(children)


def _table(parts: list[Token]) -> Table:
    head = parts[0]["children"]
    body = parts[1]["children"] if len(parts) > 1 else []
    rows = tuple(_cells(row["children"]) for row in body)
    return Table("", _cells(head), rows)


def _cells(tokens: list[Token]) -> tuple[str, ...]:
    return tuple(_plain(token["children"]) for token in tokens)


def _plain(tokens: list[Token]) -> str:
    return "".join(run.text for run in _runs(tokens))


def _runs(tokens: list[Token], **style: Any) -> Iterator[Run]:
    for token in tokens:
        kind = token["type"]
        if kind == "codespan":
            yield Run(token["raw"], code=True, **style)
        elif "children" in token:
            yield from _runs(token["children"], **(style | _style(token)))
        elif kind in ("softbreak", "linebreak"):
            yield Run(" ", **style)
        elif "raw" in token:
            yield Run(token["raw"], **style)


def _style(token: Token) -> dict[str, Any]:
    """Return what a token adds to the style of the text in it; only web addresses are links."""
    kind = token["type"]
    if kind == "link":
        url = token["attrs"]["url"]
        is_web = re.match(r"https?://", url)
        return {"href": url} if is_web else {}
    if kind == "strong":
        return {"bold": True}
    return {"italic": True} if kind == "emphasis" else {}
