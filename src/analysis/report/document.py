"""A report as a list of blocks: what the three outputs are written from."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from math import isnan
from typing import Any

import pandas as pd

from analysis import load
from analysis.charts.chart import Chart
from analysis.evidence.weight import KINDS, kinds
from analysis.files import quote_formula
from analysis.locale import text
from analysis.report.sources import Source, list_sources

MIME = "application/vnd.openness.blocks+json"
_SECTION_LEVEL = 2

# A page stays under 1.5 MB: larger drawings for a phone are left out, and the wide one stands.
_NARROW_BYTES = 14_000
_LONG_NUMBER = re.compile(r"\d+\.\d{3,}")


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
    """A paragraph.

    `role` is empty, "finding" (what was found), "how" (how to read a chart) or "quote" (a sentence
    to copy).
    """

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


_BREAK = re.compile(r"[ \n]+")  # where a line may end: not inside "2 161 797"


def _width(cells: Sequence[str]) -> float:
    words: list[str] = []
    for cell in cells:
        words += _BREAK.split(cell)
    longest_word = max((len(word) for word in words), default=1)
    longest_cell = max(len(cell) for cell in cells)
    return max(1.3 * longest_word, longest_cell**0.75) + 1


@dataclass(frozen=True)
class Picture:
    """A chart as SVG, or a picture as PNG (base64), with alternative text, data and source ids.

    `narrow` is the same chart as SVG, drawn for a phone; empty if there is none.
    """

    name: str
    alt: str
    caption: str
    svg: str
    png: str
    width: float
    height: float
    csv: str = ""
    sources: tuple[str, ...] = ()
    narrow: str = ""


@dataclass(frozen=True)
class Code:
    """A piece of code that a notebook shows on purpose."""

    text: str


@dataclass(frozen=True)
class Fold:
    """Blocks for specialists: folded away under a title on screen, in the annex on paper."""

    title: str
    blocks: tuple[Block, ...]


Block = Heading | Paragraph | Items | Table | Picture | Code | Fold
_CLASSES = (Heading, Paragraph, Items, Table, Picture, Code, Fold)
_KINDS: dict[str, Any] = {one.__name__: one for one in _CLASSES}


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

    @property
    def body(self) -> list[Block]:
        """The blocks that stand open."""
        return [block for block in self.blocks if not isinstance(block, Fold)]

    @property
    def folds(self) -> list[Fold]:
        """The blocks that are folded away."""
        return [block for block in self.blocks if isinstance(block, Fold)]

    def on_paper(self) -> list[Block]:
        """Return the blocks as a printed document has them: what is folded becomes an annex."""
        if not self.folds:
            return self.body
        annex: list[Block] = [Heading(_SECTION_LEVEL, text("h_annex", self.language))]
        for fold in self.folds:
            annex += [Heading(_SECTION_LEVEL + 1, fold.title), *fold.blocks]
        return [*self.body, *annex]

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
    captioned = tuple(_captioned(clean, language))
    sources = [_plain(source) for source in list_sources(numbers, language)]
    return Document(
        name=name,
        title=titles[0] if titles else place or name,
        place=_plain(place),
        language=language,
        version=version,
        blocks=captioned,
        sources=tuple(sources),
        numbers=numbers,
    )


def every_block(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks in order, those of a fold after its own place."""
    for block in blocks:
        yield block
        if isinstance(block, Fold):
            yield from every_block(block.blocks)


def _numbered(blocks: Sequence[Block]) -> dict[str, int]:
    """Return the number of each source: what carries the most weight has the lowest.

    So the first of the numbers behind a figure is that of its producer or of an official page.
    """
    every = [source for block in every_block(blocks) for source in _sources_of(block)]
    cited = list(dict.fromkeys(every))
    known = kinds()
    cited.sort(key=lambda source: KINDS.index(known[source]))
    return {source: number for number, source in enumerate(cited, start=1)}


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
    """Number pictures and tables: those that stand open first, then those of the annex."""
    count: Counter[str] = Counter()
    opened = [_with_number(block, count, language) for block in blocks]
    for block in opened:
        if not isinstance(block, Fold):
            yield block
            continue
        inside = tuple(_with_number(part, count, language) for part in block.blocks)
        yield replace(block, blocks=inside)


def _with_number(block: Block, count: Counter[str], language: str) -> Block:
    if not isinstance(block, Picture | Table):
        return block
    key = "figure_n" if isinstance(block, Picture) else "table_n"
    count[key] += 1
    numbered = text(key, language, n=count[key])
    caption = f"{numbered}. {block.caption}"
    return replace(block, caption=caption.rstrip(" ."))


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
        case Fold():
            yield block.title
            yield plain_text(block.blocks)
        case Heading() | Code():
            yield block.text


def pack(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """Return blocks as plain data, as a notebook's output holds them."""
    return [_packed(block) for block in blocks]


def _packed(block: Block) -> dict[str, Any]:
    kind = type(block).__name__
    if isinstance(block, Fold):
        return {"kind": kind, "title": block.title, "blocks": pack(block.blocks)}
    return {"kind": kind, **asdict(block)}


def unpack(data: Sequence[dict[str, Any]]) -> Iterator[Block]:
    """Return the blocks that `pack` was given."""
    for item in data:
        values = {key: _frozen(value) for key, value in item.items() if key != "kind"}
        if "runs" in values:
            values["runs"] = _runs(item["runs"])
        if item["kind"] == "Items":
            values["items"] = tuple(_runs(runs) for runs in item["items"])
        if item["kind"] == "Fold":
            values["blocks"] = tuple(unpack(item["blocks"]))
        yield _KINDS[item["kind"]](**values)


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
    data, for_phone = chart.table(), chart.narrow()
    narrow = "" if for_phone is None else _svg(for_phone.plot_only())
    bare = chart.plot_only()
    return Picture(
        name=chart.key,
        alt=f"{chart.title}. {chart.alt}",
        caption=chart.title,
        svg=_svg(bare),
        png="",
        width=float(bare.get_figwidth()),
        height=float(bare.get_figheight()),
        csv=csv_text(data),
        sources=source_ids(chart.rows),
        narrow=narrow if len(narrow) <= _NARROW_BYTES else "",
    )


def _svg(chart: Chart) -> str:
    """Return a drawing with its positions to a hundredth, which is less than anyone sees."""
    drawn = chart.svg().decode()
    return _LONG_NUMBER.sub(lambda found: f"{float(found[0]):.2f}", drawn)


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
