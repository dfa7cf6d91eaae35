"""A report as a list of blocks: what the three outputs are written from."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from math import isnan
from typing import Any
from urllib.parse import unquote

import pandas as pd

from analysis import load
from analysis.charts.chart import Chart
from analysis.files import quote_formula
from analysis.locale import dated, publisher_words, text

MIME = "application/vnd.openness.blocks+json"
_SECTION_LEVEL = 2


@dataclass(frozen=True)
class Run:
    """A piece of text in one style."""

    text: str
    bold: bool = False
    italic: bool = False
    code: bool = False
    href: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is the title of the report, level 2 opens a section."""

    level: int
    text: str

    @property
    def opens_section(self) -> bool:
        """Whether a section begins here."""
        return self.level == _SECTION_LEVEL


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `role` is empty, "finding" (what was found) or "how" (how to read a chart)."""

    runs: tuple[Run, ...]
    sources: tuple[str, ...] = ()
    role: str = ""


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[tuple[Run, ...], ...]
    ordered: bool = False


@dataclass(frozen=True)
class Table:
    """A table with a header row; `sources` holds the source ids of each row, or nothing."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sources: tuple[tuple[str, ...], ...] = ()
    csv: str = ""

    def widths(self) -> list[float]:
        """Return relative widths: room for the longest word, and more the longer the texts are."""
        columns = zip(self.columns, *self.rows, strict=True)
        return [_width(column) for column in columns]


def _width(cells: Sequence[str]) -> float:
    words: list[str] = []
    for cell in cells:
        words += cell.split()
    longest_word = max((len(word) for word in words), default=1)
    longest_cell = max(len(cell) for cell in cells)
    return max(float(longest_word), longest_cell**0.75) + 1


@dataclass(frozen=True)
class Picture:
    """A chart as SVG, or a picture as PNG (base64), with alternative text, data and source ids."""

    name: str
    alt: str
    caption: str
    svg: str
    png: str
    width: float
    height: float
    csv: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Code:
    """A piece of code that a notebook shows on purpose."""

    text: str


Block = Heading | Paragraph | Items | Table | Picture | Code
_KINDS: dict[str, Any] = {c.__name__: c for c in (Heading, Paragraph, Items, Table, Picture, Code)}


@dataclass(frozen=True)
class Source:
    """One entry of the list of sources."""

    number: int
    text: str
    url: str

    @property
    def address(self) -> str:
        """The address as a person writes it, its letters decoded."""
        decoded = unquote(self.url)
        return _plain(decoded)


@dataclass(frozen=True)
class Document:
    """A report in one language: its blocks, and its sources with the numbers they are cited by."""

    name: str
    title: str
    place: str
    language: str
    version: str
    blocks: tuple[Block, ...]
    sources: tuple[Source, ...] = ()
    numbers: dict[str, int] = field(default_factory=dict)

    def references(self, ids: Sequence[str]) -> list[tuple[int, int]]:
        """Return the numbers of sources as runs from first to last, ascending."""
        runs: list[tuple[int, int]] = []
        numbers = {self.numbers[source] for source in ids}
        for number in sorted(numbers):
            if runs and number == runs[-1][1] + 1:
                runs[-1] = (runs[-1][0], number)
            else:
                runs.append((number, number))
        return runs


def assemble(
    blocks: Sequence[Block], *, name: str, place: str, language: str, version: str
) -> Document:
    """Return a document of blocks: its figures, tables and sources numbered, the sources listed.

    Characters that no output can hold, or that turn the direction of text, are left out.

    Parameters
    ----------
    blocks : list of Block
        The first heading of level 1 is the title.
    name, place, version : str
        Name of the files; name of the place and version of the data for the running head.
    language : str
        One of `analysis.reference.languages()`.

    Examples
    --------
    >>> blocks = [Heading(1, "Appeals"), words("Some were counted.", "s64a494b7")]
    >>> report = assemble(blocks, name="mine", place="KZ-33", language="en", version="1.0.0")
    >>> report.title, report.numbers
    ('Appeals', {'s64a494b7': 1})
    """
    clean = [_plain(block) for block in blocks]
    headings = [block for block in clean if isinstance(block, Heading)]
    titles = [heading.text for heading in headings if heading.level == 1]
    numbers = _numbered(clean)
    return Document(
        name=name,
        title=titles[0] if titles else place or name,
        place=_plain(place),
        language=language,
        version=version,
        blocks=tuple(_captioned(clean, language)),
        sources=tuple(_listed(numbers, language)),
        numbers=numbers,
    )


def _numbered(blocks: Sequence[Block]) -> dict[str, int]:
    """Return the number of each source, in the order in which the blocks cite them."""
    numbers: dict[str, int] = {}
    for block in blocks:
        for source in _sources_of(block):
            if source not in numbers:
                numbers[source] = len(numbers) + 1
    return numbers


_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
_DIRECTIONS = "\u200e\u200f\u202a-\u202e\u2066-\u2069"
_NO_CHARACTERS = "\ufffe\uffff\ud800-\udfff"
_NOT_TEXT = re.compile(f"[{_CONTROLS}{_DIRECTIONS}{_NO_CHARACTERS}]")


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _NOT_TEXT.sub("", value)
    if isinstance(value, tuple):
        return tuple(_plain(part) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value)]
        clean = {name: _plain(getattr(value, name)) for name in names}
        return replace(value, **clean)
    return value


def _sources_of(block: Block) -> tuple[str, ...]:
    if isinstance(block, Table):
        return tuple(source for ids in block.sources for source in ids)
    if isinstance(block, Paragraph | Picture):
        return block.sources
    return ()


def _captioned(blocks: Sequence[Block], language: str) -> Iterator[Block]:
    count = {"figure_n": 0, "table_n": 0}
    for block in blocks:
        if not isinstance(block, Picture | Table):
            yield block
            continue
        key = "figure_n" if isinstance(block, Picture) else "table_n"
        count[key] += 1
        numbered = text(key, language, n=count[key])
        caption = f"{numbered}. {block.caption}"
        yield replace(block, caption=caption.rstrip(" ."))


def _listed(numbers: dict[str, int], language: str) -> Iterator[Source]:
    if not numbers:
        return
    ids = list(numbers)
    rows = load.load_sources(ids).set_index("source_id")
    for source, number in numbers.items():
        row = rows.loc[source]
        yield _source(number, row, language)


def _source(number: int, row: pd.Series, language: str) -> Source:
    publisher = publisher_words(row["publisher"], language)
    when = _published(row["published"], language)
    named = [part for part in (publisher, row["title"]) if part]
    parts = [*named, when]
    has_address = re.match(r"https?://", row["url"])
    if not has_address:
        parts.append(text("no_address", language))
    return Source(
        number=number,
        text=_plain(_joined(parts)),
        url=_plain(row["url"]) if has_address else "",
    )


def _joined(parts: Sequence[str]) -> str:
    """Return parts as sentences; a title that ends in a mark of its own gets no full stop."""
    ended = [part if part[-1] in ".?!…" else f"{part}." for part in parts[:-1]]
    return " ".join([*ended, parts[-1]])


def _published(published: str, language: str) -> str:
    if not published:
        return text("source_undated", language)
    return text("source_dated", language, date=dated(published, language))


def words(text: str, *sources: str, role: str = "") -> Paragraph:
    """Return a paragraph of plain text."""
    return Paragraph((Run(text),), tuple(sources), role)


def plain_text(blocks: Sequence[Block]) -> str:
    """Return all text of blocks, a line for each; of a picture its alternative text.

    Examples
    --------
    >>> plain_text([Heading(1, "Appeals"), words("Some were counted.")])
    'Appeals\\nSome were counted.'
    """
    lines: list[str] = []
    for block in blocks:
        lines += _lines(block)
    return "\n".join(lines)


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield "".join(run.text for run in block.runs)
        case Items():
            yield from ("".join(run.text for run in item) for item in block.items)
        case Table():
            yield from (" | ".join(row) for row in block.rows)
        case Picture():
            yield block.alt
        case Heading() | Code():
            yield block.text


def pack(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """Return blocks as plain data, as a notebook's output holds them."""
    packed = []
    for block in blocks:
        kind = type(block).__name__
        packed.append({"kind": kind, **asdict(block)})
    return packed


def unpack(data: Sequence[dict[str, Any]]) -> Iterator[Block]:
    """Return the blocks that `pack` was given."""
    for item in data:
        kind = item["kind"]
        values = {key: _frozen(value) for key, value in item.items() if key != "kind"}
        if "runs" in values:
            values["runs"] = _runs(item["runs"])
        if kind == "Items":
            values["items"] = tuple(_runs(runs) for runs in item["items"])
        yield _KINDS[kind](**values)


def _runs(packed: Sequence[dict[str, Any]]) -> tuple[Run, ...]:
    return tuple(Run(**run) for run in packed)


def _frozen(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_frozen(part) for part in value)
    return value


def csv_text(frame: pd.DataFrame) -> str:
    """Return a frame as CSV in which no cell is a formula to a spreadsheet.

    Examples
    --------
    >>> print(csv_text(pd.DataFrame({"a": ["=1+1", None], "b": [0.5, 2]})), end="")
    a,b
    '=1+1,0.5
    ,2.0
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(frame.columns)
    for row in frame.itertuples(index=False):
        cells = [_cell(value) for value in row]
        writer.writerow(cells)
    return out.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return quote_formula(value)
    missing = value is None or value is pd.NaT
    if missing or (isinstance(value, float) and isnan(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value


def picture(chart: Chart) -> Picture:
    """Return a chart as a picture without its title and source line, which a report prints."""
    data = chart.data()
    bare = chart.plot_only()
    return Picture(
        name=chart.key,
        alt=f"{chart.title}. {chart.alt}",
        caption=chart.title,
        svg=bare.svg().decode(),
        png="",
        width=float(bare.get_figwidth()),
        height=float(bare.get_figheight()),
        csv=csv_text(data),
        sources=source_ids(chart.rows),
    )


def explained(chart: Chart) -> list[Block]:
    """Return a chart as a report shows it: what it found, the picture, how to read it."""
    finding = words(chart.alt, role="finding")
    blocks: list[Block] = [finding, picture(chart)]
    if chart.subtitle:
        how = words(chart.subtitle, role="how")
        blocks.append(how)
    return blocks


def source_ids(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return the source ids of a frame with a `sources` column, in order of first use.

    Rows of imported records name a file instead, which is in no list of sources.
    """
    if "sources" not in rows:
        return ()
    known = set(load.load_sources()["source_id"])
    cited: dict[str, None] = {}
    for cell in rows["sources"]:
        for source in str(cell).split():
            if source in known:
                cited[source] = None
    return tuple(cited)
