"""A report as a list of blocks: what the three outputs are written from."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from datetime import date
from math import isnan
from typing import Any
from urllib.parse import unquote

import pandas as pd

from analysis import load
from analysis.charts.chart import Chart
from analysis.locale import day, text

MIME = "application/vnd.openness.blocks+json"


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
    """A heading; level 1 is the title of the report."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `role` is "finding" for the sentence that a section stands for, "how" for how to read a chart, or empty."""

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
        """Give each column room for its longest word, and more the longer its texts are."""
        columns = list(zip(self.columns, *self.rows, strict=True))
        longest_word = [
            max(len(word) for cell in column for word in f"{cell} x".split()) for column in columns
        ]
        longest_text = [max(len(cell) for cell in column) for column in columns]
        return [
            max(float(word), text**0.75) + 1
            for word, text in zip(longest_word, longest_text, strict=True)
        ]


@dataclass(frozen=True)
class Picture:
    """A chart as SVG, or a picture as PNG (base64), with its alternative text, its data as CSV and the ids of its sources."""

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
        return _plain(unquote(self.url))


@dataclass(frozen=True)
class Document:
    """A report in one language: its blocks, and its sources with the numbers that the blocks refer to."""

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
        for number in sorted({self.numbers[source] for source in ids}):
            if runs and number == runs[-1][1] + 1:
                runs[-1] = (runs[-1][0], number)
            else:
                runs.append((number, number))
        return runs


def assemble(
    blocks: Sequence[Block], *, name: str, place: str, language: str, version: str
) -> Document:
    """Make a document of blocks: number its figures, tables and sources and list the sources.

    Characters that no output can hold, or that turn the direction of text, are left out of every string.

    Parameters
    ----------
    blocks : list of Block
        The first heading of level 1 is the title.
    name, place, version : str
        Name of the files; name of the place and version of the data for the running head.
    language : {"en", "kk", "ru"}
    """
    clean = [_plain(block) for block in blocks]
    title = next((b.text for b in clean if isinstance(b, Heading) and b.level == 1), place or name)
    numbers: dict[str, int] = {}
    for source in (s for block in clean for s in _sources_of(block)):
        numbers.setdefault(source, len(numbers) + 1)
    return Document(
        name=name, title=title, place=_plain(place), language=language, version=version,
        blocks=tuple(_captioned(clean, language)), sources=tuple(_listed(numbers, language)), numbers=numbers,
    )  # fmt: skip


_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _NOT_TEXT.sub("", value)
    if isinstance(value, tuple):
        return tuple(_plain(v) for v in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _plain(getattr(value, f.name)) for f in fields(value)})
    return value


def _sources_of(block: Block) -> tuple[str, ...]:
    if isinstance(block, Table):
        return tuple(source for ids in block.sources for source in ids)
    return block.sources if isinstance(block, Paragraph | Picture) else ()


def _captioned(blocks: Sequence[Block], language: str) -> Iterator[Block]:
    count = {"figure_n": 0, "table_n": 0}
    for block in blocks:
        if not isinstance(block, Picture | Table):
            yield block
            continue
        key = "figure_n" if isinstance(block, Picture) else "table_n"
        count[key] += 1
        yield replace(
            block, caption=f"{text(key, language, n=count[key])}. {block.caption}".rstrip(" .")
        )


def _listed(numbers: dict[str, int], language: str) -> Iterator[Source]:
    if not numbers:
        return
    rows = load.load_sources(list(numbers)).set_index("source_id")
    for source, number in numbers.items():
        row = rows.loc[source]
        dated = _published(row["published"], language)
        said = ". ".join(part for part in (row["publisher"], row["title"], dated) if part)
        url = row["url"] if re.match(r"https?://", row["url"]) else ""
        yield Source(
            number, _plain(said if url else f"{said}. {text('no_address', language)}"), _plain(url)
        )


def _published(published: str, language: str) -> str:
    if not published:
        return text("source_undated", language)
    when = day(date.fromisoformat(published), language) if len(published) == 10 else published
    return text("source_dated", language, date=when)


def words(text: str, *sources: str, role: str = "") -> Paragraph:
    """Return a paragraph of plain text."""
    return Paragraph((Run(text),), tuple(sources), role)


def pack(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """Return blocks as plain data, as a notebook's output holds them."""
    return [{"kind": type(block).__name__, **asdict(block)} for block in blocks]


def unpack(data: Sequence[dict[str, Any]]) -> Iterator[Block]:
    """Return the blocks that `pack` was given."""
    for item in data:
        values = {key: _frozen(value) for key, value in item.items() if key != "kind"}
        if "runs" in values:
            values["runs"] = tuple(Run(**run) for run in item["runs"])
        if item["kind"] == "Items":
            values["items"] = tuple(tuple(Run(**run) for run in runs) for runs in item["items"])
        yield _KINDS[item["kind"]](**values)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(v) for v in value) if isinstance(value, list | tuple) else value


def csv_text(frame: pd.DataFrame) -> str:
    """Return a frame as CSV; a cell that a spreadsheet would run as a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(frame.columns)
    for row in frame.itertuples(index=False):
        writer.writerow([_cell(value) for value in row])
    return out.getvalue()


def _cell(value: Any) -> Any:
    if value is None or value is pd.NaT or (isinstance(value, float) and isnan(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, str) and re.match(r"[=+@\t\r]|-(?!\d)", value):
        return "'" + value
    return value


def picture(chart: Chart) -> Picture:
    """Return a chart as a picture without its title and source line, which a report prints as text; the chart is closed."""
    import matplotlib.pyplot as plt

    data = chart.data()
    bare = chart.plot_only()
    block = Picture(
        name=chart.key, alt=f"{chart.title}. {chart.alt}", caption=chart.title, svg=bare.svg().decode(), png="",
        width=float(bare.get_figwidth()), height=float(bare.get_figheight()), csv=csv_text(data), sources=source_ids(chart.rows),
    )  # fmt: skip
    plt.close(chart)
    return block


def explained(chart: Chart) -> list[Block]:
    """Return a chart as a report shows it: the finding in a sentence, the picture, how to read it."""
    finding, how = words(chart.alt, role="finding"), words(chart.subtitle, role="how")
    return [finding, picture(chart), *([how] if chart.subtitle else [])]


def source_ids(rows: pd.DataFrame) -> tuple[str, ...]:
    """Return the source ids of a frame with a `sources` column, in order of first use."""
    if "sources" not in rows:
        return ()
    listed = set(
        load.load_sources()["source_id"]
    )  # rows of own records name a file, which is in no list
    return tuple(
        dict.fromkeys(s for cell in rows["sources"] for s in str(cell).split() if s in listed)
    )
