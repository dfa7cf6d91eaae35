"""A chart: a figure that carries its words, its rows and the line of its sources."""

from __future__ import annotations

import base64
import html
import io
import re
import textwrap
import warnings
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from analysis.charts.style import FOOTER, GREY, HEADER, INK, ORANGE, STYLE, WIDTH, Look
from analysis.load import last_possible_day
from analysis.locale import day, keys, publisher_words, text

_CLIP_PATH = re.compile(rb"(?<=[#\"])p[0-9a-f]{10}(?=[)\"])")
_STAMP = "simulated"
_LEFT = 0.015  # where title, subtitle and source line begin, as a share of the width
_TITLE_LETTERS, _SUBTITLE_LETTERS, _SOURCE_LETTERS = 58, 92, 108  # that fit into `WIDTH`
# Inches: where the subtitle begins, lines of each kind, and what stays free beside them.
_SUBTITLE_TOP, _TITLE_LINE, _SUBTITLE_LINE, _SOURCE_LINE = 0.38, 0.2, 0.145, 0.13
_BELOW_HEADER, _ABOVE_FOOTER = 0.14, 0.2
_PUBLISHERS_NAMED = 3
_LEAST_PLOT = 1.2  # inches
_DATA_COLUMNS = (
    "panel", "series", "label", "indicator", "vote", "office", "stage", "place_id", "place",
    "period_start", "period_end", "hour", "register", "breakdown_value", "value", "low", "high",
    "unit", "precision", "rule", "article", "item", "year", "status", "date", "event", "days",
    "counterfactual", "fitted", "count", "total", "outside", "overdue", "p_adjusted", "decree",
    "sources", "simulated",
)  # fmt: skip
_ALWAYS = ("label", "value", "sources")
_TABLE_COLUMNS = (
    "panel", "series", "label", "period_start", "period_end", "date", "item", "year",
    "value", "low", "high", "precision", "status", "sources",
)  # fmt: skip


def _has_content(column: pd.Series) -> bool:
    written = column.astype("str")
    is_known = column.notna()
    is_filled = is_known & written.ne("")
    return bool(is_filled.any())


class Described:
    """What a chart says beside its picture.

    Attributes
    ----------
    title, subtitle, alt, source_line : str
    language : str
    rows : pandas.DataFrame
        The rows behind the picture.
    """

    key: str = ""
    title: str = ""
    subtitle: str = ""
    alt: str = ""
    source_line: str = ""
    language: str = "en"
    rows: pd.DataFrame
    drawn: pd.DataFrame | None = None

    def data(self) -> pd.DataFrame:
        """Return the plotted values, each with its range and source ids.

        Returns
        -------
        pandas.DataFrame
            One row per mark. `label` is its name on the chart, `value` is where it is drawn,
            `panel` and `series` tell several plots and marks apart. Columns without any content
            are left out.
        """
        frame = self.rows if self.drawn is None else self.drawn
        name = f"place_{self.language}"
        if name in frame:
            frame = frame.assign(place=frame[name])
        columns = [column for column in _DATA_COLUMNS if column in frame]
        kept = [column for column in columns if column in _ALWAYS or _has_content(frame[column])]
        return frame[kept].reset_index(drop=True)

    def table(self) -> pd.DataFrame:
        """Return the plotted values with headings in the language of the chart, each once."""
        frame = self.data()
        heads = []
        for column in frame:
            head = text(f"head_{column}", self.language)
            heads.append(head)
        return frame.set_axis(heads, axis=1)

    @property
    def caption(self) -> str:
        """Title, subtitle and source line in one text."""
        sentences = []
        for part in (self.title, self.subtitle, self.source_line):
            if part:
                ended = part.rstrip(".")
                sentences.append(f"{ended}.")
        return " ".join(sentences)

    @property
    def sources(self) -> pd.DataFrame:
        """The sources behind the chart, one row per source."""
        from analysis.evidence import provenance

        return provenance(self)

    def cite(self) -> str:
        """Return how to cite the chart: its title and the data release."""
        from analysis.evidence import cite

        return f"{self.title}. {cite(language=self.language)}"


class Panel(Described):
    """A chart that was drawn on axes of the caller's figure.

    Attributes
    ----------
    ax : matplotlib.axes.Axes
        The axes that were given.
    """

    def __init__(self, ax: Axes):
        self.ax = ax


class Chart(Described, Figure):
    """A figure that carries its alt text, caption and plotted rows; no window manager knows it."""

    header: float = HEADER
    footer: float = FOOTER
    draw_narrow: Callable[[], Any] | None = None

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        FigureCanvasAgg(self)

    def narrow(self) -> Chart | None:
        """Return the same chart drawn for a phone, or None where there is no such drawing.

        It is 360 pixels wide on a screen, and no type on it is smaller than 11 pixels.
        """
        draw = self.draw_narrow
        if draw is None:
            return None
        return draw()

    def png(self, *, dpi: int = 130) -> bytes:
        """Return the picture as PNG, the same bytes each time."""
        return self._picture("png", dpi=dpi, metadata={"Software": None})

    def svg(self) -> bytes:
        """Return the picture as SVG, the same bytes each time.

        Names of clip paths are hashes of positions whose last digit the layout solver does not
        repeat: they are numbered instead.
        """
        drawn = self._picture("svg", metadata={"Date": None})
        names = dict.fromkeys(_CLIP_PATH.findall(drawn))
        numbers = {name: b"p%d" % i for i, name in enumerate(names, 1)}
        return _CLIP_PATH.sub(lambda found: numbers[found[0]], drawn)

    def _picture(self, kind: str, **options: Any) -> bytes:
        out = io.BytesIO()
        with mpl.rc_context(STYLE), warnings.catch_warnings():
            # Records bring characters that the font lacks: the box that stands for them is enough.
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")
            self.savefig(out, format=kind, **options)
        return out.getvalue()

    def plot_only(self) -> Chart:
        """Leave out title, subtitle and source line, and close the room they took.

        A report prints them as text. The figure is changed in place.
        """
        for written in self.texts:
            is_stamp = written.get_gid() == _STAMP
            written.set_visible(is_stamp)
        height = self.get_figheight()
        bare = height - self.header - self.footer
        self.set_figheight(max(bare, _LEAST_PLOT))
        layout = self.get_layout_engine()
        if layout is not None:
            layout.set(rect=(0, 0, 1, 1))  # type: ignore[call-arg]
        return self

    def small_png(self, *, dpi: int = 130) -> bytes:
        """Return a PNG of 64 colours, enough for a chart and a third of the size."""
        content = self.png(dpi=dpi)
        drawn = io.BytesIO(content)
        picture = Image.open(drawn).convert("RGB")
        method = Image.Quantize.MEDIANCUT
        small = picture.quantize(64, method=method)
        out = io.BytesIO()
        small.save(out, "PNG", optimize=True)
        return out.getvalue()

    def to_html(self) -> str:
        """Return the figure with its alt text, source line and data as an HTML fragment."""
        image = base64.b64encode(self.small_png()).decode()
        return (
            f'<figure><img alt="{html.escape(f"{self.title}. {self.alt}")}" '
            f'src="data:image/png;base64,{image}">'
            f"<figcaption>{html.escape(self.alt)}</figcaption>"
            f"<details><summary>{text('data', self.language)}</summary>"
            f'<div class="scroll">{self._table()}</div></details></figure>'
        )

    def _table(self) -> str:
        data = self.data()
        columns = [column for column in _TABLE_COLUMNS if column in data]
        table = data[columns].copy()
        for column in {"period_start", "period_end"} & set(columns):
            table[column] = table[column].dt.strftime("%Y-%m-%d")
        heads = [html.escape(text(name, self.language)) for name in columns]
        cells = "".join(f'<th scope="col">{head}</th>' for head in heads)
        rows = table.to_html(index=False, border=0, header=False, na_rep="–")
        return rows.replace("<tbody>", f"<thead><tr>{cells}</tr></thead><tbody>", 1)

    def _ipython_display_(self) -> None:
        from IPython.display import display

        plain = f"{self.title}. {self.alt}"
        display({"text/html": self.to_html(), "text/plain": plain}, raw=True)


def new_figure(*, width: float, height: float) -> Chart:
    """Return an empty chart with room for the title and the source line."""
    with mpl.rc_context(STYLE):
        figure = Chart(figsize=(width, height), layout="constrained")
    figure.set_layout_engine("constrained", w_pad=0.08)
    _keep_room(figure)
    return figure


def _keep_room(made: Chart) -> None:
    """Leave the header and the footer of a chart free of plots."""
    height = made.get_figheight()
    around = made.footer + made.header
    bottom = made.footer / height
    part = 1 - around / height
    inner = (0.01, bottom, 0.97, part)
    layout = made.get_layout_engine()
    if layout is not None:
        layout.set(rect=inner)  # type: ignore[call-arg]


def write_words(made: Chart, *, with_source: bool = True, grows: bool = True) -> Chart:
    """Write title, subtitle and source line of a chart that has them.

    Parameters
    ----------
    made : Chart
    with_source : bool
        Whether the source line is written.
    grows : bool
        Whether the picture becomes higher where the words need more room than is kept for them.
    """
    part = made.get_figwidth() / WIDTH
    title = textwrap.fill(made.title, int(_TITLE_LETTERS * part))
    subtitle = textwrap.fill(made.subtitle, int(_SUBTITLE_LETTERS * part))
    source = textwrap.fill(made.source_line, int(_SOURCE_LETTERS * part)) if with_source else ""
    below = _SUBTITLE_TOP + _TITLE_LINE * title.count("\n")
    header = below + _SUBTITLE_LINE * _lines(subtitle) + _BELOW_HEADER
    footer = _SOURCE_LINE * _lines(source) + _ABOVE_FOOTER
    _make_room(made, max(header, HEADER), max(footer, FOOTER), grows=grows)
    height = made.get_figheight()
    with mpl.rc_context(STYLE):
        made.text(_LEFT, 1 - 0.12 / height, title, size=12, weight="bold", va="top")
        made.text(_LEFT, 1 - below / height, subtitle, size=8.5, va="top", color=INK)
        if source:
            made.text(_LEFT, 0.08 / height, source, size=7, va="bottom", color=GREY)
    stamp(made)
    return made


def _lines(words: str) -> int:
    return len(words.splitlines())


def _make_room(made: Chart, header: float, footer: float, *, grows: bool) -> None:
    more_above = header - made.header
    more = more_above + footer - made.footer
    made.header = header
    made.footer = footer
    if grows:
        height = made.get_figheight()
        made.set_figheight(height + more)
    _keep_room(made)


def source_line(rows: pd.DataFrame, language: str) -> str:
    """Return the publishers of the plotted rows and the day of the newest of their sources.

    Rows that name no publisher have no such line.
    """
    if "publishers" not in rows or rows.empty:
        return ""
    known = {publisher_words(words_for(name, language), language) for name in publishers_of(rows)}
    publishers = sorted(known)
    named = "; ".join(publishers[:_PUBLISHERS_NAMED])
    more = len(publishers) - _PUBLISHERS_NAMED
    if more > 0:
        named += " " + text("sources_more", language, n=more)
    dated = _dated(rows, language)
    key = "source" if len(publishers) == 1 else "sources"
    report = text("report_error", language)
    return f"{text(key, language).capitalize()}: {named}. {dated.rstrip('.')}. {report}"


def _dated(rows: pd.DataFrame, language: str) -> str:
    """Return the newest date of the sources, no more exact than it is known."""
    newest = rows["published"].max()
    if "published_in" in rows:
        written = rows["published_in"].fillna("")
        latest = max(written, key=last_possible_day)
        last_day = str(newest)[: len("2026-01-01")]
        if latest and latest != last_day:
            year = latest[: len("2026")]
            return text("as_of_year", language, year=year)
    if pd.isna(newest):
        return text("undated", language)
    date = day(newest, language)
    return text("as_of", language, date=date)


def publishers_of(rows: pd.DataFrame) -> set[str]:
    """Return the publishers that a frame names."""
    found: set[str] = set()
    for cell in rows["publishers"].unique():
        names = cell.split("; ")
        found.update(names)
    return found - {""}


def stamp(made: Described) -> None:
    """Stamp a chart of simulated records as simulated.

    The words stand across the picture and at the head of the alt text.
    """
    if "simulated" not in made.rows or not made.rows["simulated"].any():
        return
    words = text("simulated_stamp", made.language)
    made.alt = f"{words[0].upper()}{words[1:]}. {made.alt}"
    look: Look = {"size": 27, "color": ORANGE, "alpha": 0.3, "rotation": 16, "weight": "bold"}
    middle: Look = {"ha": "center", "va": "center"}
    with mpl.rc_context(STYLE):
        if isinstance(made, Panel):
            middle["transform"] = made.ax.transAxes
            across = made.ax.text(0.5, 0.5, words.upper(), **look, **middle)
        else:
            assert isinstance(made, Chart)
            across = made.text(0.5, 0.5, words.upper(), **look, **middle)
        across.set_gid(_STAMP)
        across.set_in_layout(False)


def words_for(value: str, language: str, *, prefix: str = "") -> str:
    """Return the words for a code, or the value itself: records bring words of their own."""
    key = f"{prefix}{value}"
    is_message = key in keys(key)
    if is_message:
        return text(key, language)
    return value
