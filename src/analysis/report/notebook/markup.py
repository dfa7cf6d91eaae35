"""HTML that libraries show in a notebook, as blocks: text, lists and tables, nothing that runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from analysis.report.document import Block, Code, Heading, Items, Paragraph, Run, Table, words

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DEEPEST = 3
_SILENT = ("style", "script", "template", "noscript")
_ENDS_TEXT = (*_HEADINGS, "p", "div", "pre", "br", "blockquote", "section", "figcaption")
_STYLES = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "code": "code"}


def html_blocks(source: str) -> list[Block]:
    """Return the blocks of a piece of HTML, such as a Styler or a table of statsmodels shows.

    Parameters
    ----------
    source : str
        Scripts, styles and pictures in it are left out; only web addresses are links.

    Examples
    --------
    >>> html_blocks("<p>Two <b>regions</b></p><script>alert(1)</script>")[0].runs
    (Run(text='Two ', bold=False, italic=False, code=False, href=''), \
Run(text='regions', bold=True, italic=False, code=False, href=''))
    """
    reader = _Reader()
    reader.feed(source)
    reader.close()
    return reader.finished()


class _Reader(HTMLParser):
    """Collects blocks; what stands in no block is a paragraph."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.runs: list[Run] = []
        self.styles: list[str] = []
        self.links: list[str] = []
        self.silent = 0
        self.block_tag = ""
        self.lists: list[tuple[str, list[tuple[Run, ...]]]] = []
        self.grid: _Grid | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self.silent += 1
        elif tag == "table":
            self._end_text()
            self.grid = _Grid()
        elif self.grid is not None:
            self.grid.start(tag, given)
        elif tag in ("ul", "ol"):
            self._end_text()
            self.lists.append((tag, []))
        elif tag in _ENDS_TEXT:
            self._end_text()
            self.block_tag = tag
        self._start_style(tag, given)

    def _start_style(self, tag: str, given: dict[str, str]) -> None:
        if tag in _STYLES:
            self.styles.append(_STYLES[tag])
        if tag == "a":
            address = given.get("href", "")
            self.links.append(address if re.match(r"https?://", address) else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "table" and self.grid is not None:
            self.blocks += self.grid.finished()
            self.grid = None
        elif self.grid is not None:
            self.grid.end(tag)
        elif tag == "li" and self.lists:
            self.lists[-1][1].append(self._taken())
        elif tag in ("ul", "ol") and self.lists:
            kind, items = self.lists.pop()
            self.blocks.append(Items(tuple(items), ordered=kind == "ol"))
        elif tag in _ENDS_TEXT:
            self._end_text()
        if tag in _STYLES and _STYLES[tag] in self.styles:
            self.styles.remove(_STYLES[tag])
        if tag == "a" and self.links:
            self.links.pop()

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        if self.grid is not None:
            self.grid.text(data)
            return
        said = data if self.block_tag == "pre" else re.sub(r"\s+", " ", data)
        if said.strip() or self.runs:
            style = dict.fromkeys(self.styles, True)
            self.runs.append(Run(said, href=self.links[-1] if self.links else "", **style))

    def _taken(self) -> tuple[Run, ...]:
        taken, self.runs = tuple(self.runs), []
        return taken

    def _end_text(self) -> None:
        runs, tag = self._taken(), self.block_tag
        self.block_tag = ""
        said = "".join(run.text for run in runs).strip()
        if not said:
            return
        if tag in _HEADINGS:
            self.blocks.append(Heading(min(_HEADINGS[tag], _DEEPEST), said))
        elif tag == "pre":
            self.blocks.append(Code(said))
        else:
            self.blocks.append(Paragraph(runs))

    def finished(self) -> list[Block]:
        self._end_text()
        return self.blocks


class _Grid:
    """One table: its cells, those that span several columns repeated in each."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.is_head: list[bool] = []
        self.caption: list[str] = []
        self.cell: list[str] | None = None
        self.span = 1
        self.in_caption = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "tr":
            self.rows.append([])
            self.is_head.append(True)
        elif tag in ("td", "th"):
            self.cell = []
            span = given.get("colspan", "1")
            self.span = int(span) if span.isdigit() else 1
            if tag == "td" and self.rows:
                self.is_head[-1] = False
        elif tag == "caption":
            self.in_caption = True

    def end(self, tag: str) -> None:
        if tag == "caption":
            self.in_caption = False
        if tag in ("td", "th") and self.cell is not None and self.rows:
            said = re.sub(r"\s+", " ", "".join(self.cell)).strip()
            self.rows[-1] += [said] + [""] * (self.span - 1)
            self.cell = None

    def text(self, data: str) -> None:
        if self.in_caption:
            self.caption.append(data)
        elif self.cell is not None:
            self.cell.append(data)

    def finished(self) -> Iterator[Block]:
        """Yield the table; one without a row of heads gets empty heads."""
        filled = [(row, head) for row, head in zip(self.rows, self.is_head, strict=True) if row]
        if not filled:
            return
        width = max(len(row) for row, _ in filled)
        padded = [(tuple([*row, *[""] * (width - len(row))]), head) for row, head in filled]
        heads = []
        while padded and padded[0][1]:
            heads.append(padded.pop(0)[0])
        columns = tuple(_joined_heads(parts) for parts in zip(*heads, strict=True))
        caption = re.sub(r"\s+", " ", "".join(self.caption)).strip()
        rows = tuple(row for row, _ in padded)
        if not rows:
            yield words(" ".join(columns))
            return
        yield Table(caption, columns or ("",) * width, rows)


def _joined_heads(parts: tuple[str, ...]) -> str:
    """Return the heads above one column as one, those of several levels after each other."""
    return " ".join(part for part in parts if part)
