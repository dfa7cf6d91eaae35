"""What every figure shares: size, type, colours, title, source line, alt text and its data."""

from __future__ import annotations

import base64
import functools
import html
import io
import re
import textwrap
from collections.abc import Callable
from typing import Any, ParamSpec

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from analysis.locale import day, keys, number, percent, text

BLUE, ORANGE, GREEN, GREY, INK = "#0072B2", "#B45309", "#00785A", "#6B7280", "#1F2937"
MARKERS = {"as_printed": "o", "rounded": "s", "at_least": ">", "at_most": "<"}
_WIDTH, _HEADER, _FOOTER = 7.2, 0.95, 0.62
PHONE_WIDTH = 4.8
_CLIP_PATH = re.compile(rb"(?<=[#\"])p[0-9a-f]{10}(?=[)\"])")
_STAMP = "simulated"
_STYLE: Any = {
    "font.family": "DejaVu Sans", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False,
    "axes.edgecolor": GREY, "axes.labelcolor": INK, "text.color": INK, "xtick.color": INK,
    "ytick.color": INK, "axes.grid": True, "axes.axisbelow": True, "grid.color": "#E5E7EB",
    "svg.hashsalt": "governance-openness", "svg.fonttype": "none", "savefig.facecolor": "white",
}  # fmt: skip
_DATA_COLUMNS = (
    "indicator", "place_id", "place", "period_start", "period_end", "register", "breakdown_value", "value",
    "low", "high", "unit", "precision", "rule", "item", "year", "status", "date", "event",
    "days", "counterfactual", "fitted", "count", "total", "outside", "overdue", "sources", "simulated",
)  # fmt: skip


P = ParamSpec("P")


class Chart(Figure):
    """A figure that carries its alt text, caption and plotted rows."""

    key: str
    title: str
    subtitle: str
    alt: str
    source_line: str
    language: str
    rows: pd.DataFrame
    header: float

    def data(self) -> pd.DataFrame:
        """Return the plotted values, each with its range and source ids."""
        name = f"place_{self.language}"
        frame = self.rows.assign(place=self.rows[name]) if name in self.rows else self.rows
        return frame[[c for c in _DATA_COLUMNS if c in frame]].reset_index(drop=True)

    def png(self, *, dpi: int = 130) -> bytes:
        """Return the picture as PNG, the same bytes each time."""
        return self._picture("png", dpi=dpi, metadata={"Software": None})

    def svg(self) -> bytes:
        """Return the picture as SVG, the same bytes each time.

        Names of clip paths are hashes of positions whose last digit the layout solver does not repeat: they are numbered instead.
        """
        drawn = self._picture("svg", metadata={"Date": None})
        numbers = {
            name: b"p%d" % i for i, name in enumerate(dict.fromkeys(_CLIP_PATH.findall(drawn)), 1)
        }
        return _CLIP_PATH.sub(lambda found: numbers[found[0]], drawn)

    def _picture(self, kind: str, **options: Any) -> bytes:
        out = io.BytesIO()
        with mpl.rc_context(_STYLE):
            self.savefig(out, format=kind, **options)
        return out.getvalue()

    def plot_only(self) -> Chart:
        """Leave out title, subtitle and source line, which a report prints as text, and close the room they took.

        The figure is changed in place.
        """
        for written in self.texts:
            written.set_visible(written.get_gid() == _STAMP)
        bare = max(self.get_figheight() - self.header - _FOOTER, 1.2)
        self.set_figheight(bare)
        layout = self.get_layout_engine()
        if layout is not None:
            layout.set(rect=(0, 0, 1, 1))  # type: ignore[call-arg]
        return self

    def small_png(self, *, dpi: int = 130) -> bytes:
        """Return a PNG of 64 colours, enough for a chart and a third of the size."""
        out = io.BytesIO()
        Image.open(io.BytesIO(self.png(dpi=dpi))).convert("RGB").quantize(
            64, method=Image.Quantize.MEDIANCUT
        ).save(out, "PNG", optimize=True)
        return out.getvalue()

    def to_html(self) -> str:
        """Return the figure with its alt text, source line and data as an HTML fragment."""
        data = self.data()
        wanted = [
            "place",
            "period_start",
            "period_end",
            "date",
            "item",
            "year",
            "value",
            "low",
            "high",
            "precision",
            "status",
            "sources",
        ]
        columns = [column for column in wanted if column in data]
        table = data[columns].copy()
        for column in {"period_start", "period_end"} & set(columns):
            table[column] = table[column].dt.strftime("%Y-%m-%d")
        heads = [
            text("period", self.language) if c.startswith("period") else text(c, self.language)
            for c in columns
        ]
        rows = table.to_html(index=False, border=0, header=False, na_rep="–")
        head = (
            "<thead><tr>"
            + "".join(f'<th scope="col">{html.escape(h)}</th>' for h in heads)
            + "</tr></thead>"
        )
        rows = rows.replace("<tbody>", head + "<tbody>", 1)
        image = base64.b64encode(self.small_png()).decode()
        return (
            f'<figure><img alt="{html.escape(f"{self.title}. {self.alt}")}" '
            f'src="data:image/png;base64,{image}">'
            f"<figcaption>{html.escape(self.alt)}</figcaption>"
            f"<details><summary>{text('data', self.language)}</summary>"
            f'<div class="scroll">{rows}</div></details></figure>'
        )

    def _ipython_display_(self) -> None:
        from IPython.display import display

        display({"text/html": self.to_html(), "text/plain": f"{self.title}. {self.alt}"}, raw=True)
        plt.close(self)


def known_values(plot: Callable[P, Chart]) -> Callable[P, Chart]:
    """Let a chart see only rows that have a value: what is missing is then drawn as missing, not as a point."""

    @functools.wraps(plot)
    def wrapped(*args: P.args, **options: P.kwargs) -> Chart:
        frames = [
            a[a["value"].notna()] if isinstance(a, pd.DataFrame) and "value" in a else a
            for a in args
        ]
        return plot(*frames, **options)  # type: ignore[arg-type]

    return wrapped


def new_chart(
    *, height: float, width: float = _WIDTH, rows: int = 1, columns: int = 1, **options: Any
) -> tuple[Chart, Any]:
    """Make an empty chart with room for the title and the source line; a narrow one has room for more lines of them."""
    header = _HEADER if width == _WIDTH else _HEADER + 0.5
    with mpl.rc_context(_STYLE):
        figure, axes = plt.subplots(
            rows,
            columns,
            figsize=(width, height),
            FigureClass=Chart,
            layout="constrained",
            **options,
        )
    figure.header = header
    figure.set_layout_engine(
        "constrained",
        rect=(0.01, _FOOTER / height, 0.97, 1 - (header + _FOOTER) / height),
        w_pad=0.08,
    )
    return figure, axes


def dots(
    axes: Axes,
    values: Any,
    names: list[str],
    labels: list[str],
    *,
    markers: list[str] | None = None,
) -> None:
    """Draw one labelled dot a line, the first on top, joined by nothing."""
    for position, (value, label) in enumerate(zip(values, labels, strict=True)):
        marker = markers[position] if markers else "o"
        axes.hlines(position, 0, value, color="#C9D1DB", lw=1.2)
        axes.plot(value, position, marker, color=BLUE, ms=8)
        axes.annotate(
            label, (value, position), (8, 0), textcoords="offset points", va="center", size=8.5
        )
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.grid(visible=False, axis="y")


def source_line(rows: pd.DataFrame, language: str) -> str:
    """Name the publishers of the plotted rows and the day of the newest of their sources."""
    publishers = sorted(
        {words_for(p, language) for cell in rows["publishers"] for p in cell.split("; ") if p}
    )
    named = "; ".join(publishers[:3])
    if len(publishers) > 3:
        named += " " + text("sources_more", language, n=len(publishers) - 3)
    newest = rows["published"].max()
    dated = (
        text("undated", language)
        if pd.isna(newest)
        else text("as_of", language, date=day(newest, language))
    )
    key = "source" if len(publishers) == 1 else "sources"
    return f"{text(key, language).capitalize()}: {named}. {dated.rstrip('.')}. {text('report_error', language)}"


def finish(chart: Chart, *, key: str, rows: pd.DataFrame, language: str, **values: str) -> Chart:
    """Write title, subtitle and source line, and keep alt text and rows with the chart."""
    chart.key, chart.language, chart.rows = key, language, rows
    chart.title, chart.subtitle = (
        text(f"{key}_title", language, **values),
        text(f"{key}_sub", language, **values),
    )
    chart.alt = text(f"{key}_alt", language, **values)
    width, height = chart.get_size_inches()
    part = width / _WIDTH
    title, subtitle = (
        textwrap.fill(chart.title, int(66 * part)),
        textwrap.fill(chart.subtitle, int(92 * part)),
    )
    with mpl.rc_context(_STYLE):
        chart.text(0.015, 1 - 0.12 / height, title, size=12, weight="bold", va="top")
        below = 0.38 + 0.19 * title.count("\n")
        chart.text(0.015, 1 - below / height, subtitle, size=8.5, va="top", color=INK)
    return put_source_line(chart)


def put_source_line(chart: Chart) -> Chart:
    """Write where the rows of a chart come from, and stamp it if they are simulated."""
    chart.source_line = source_line(chart.rows, chart.language)
    width, height = chart.get_size_inches()
    with mpl.rc_context(_STYLE):
        words = textwrap.fill(chart.source_line, int(108 * width / _WIDTH))
        chart.text(0.015, 0.08 / height, words, size=7, va="bottom", color=GREY)
    return stamp(chart)


def stamp(chart: Chart) -> Chart:
    """Say on a chart of simulated records that they are simulated: across the picture and at the head of the alt text."""
    if "simulated" not in chart.rows or not chart.rows["simulated"].any():
        return chart
    words = text("simulated_stamp", chart.language)
    chart.alt = f"{words[0].upper()}{words[1:]}. {chart.alt}"
    with mpl.rc_context(_STYLE):
        across = chart.text(
            0.5,
            0.5,
            words.upper(),
            size=27,
            color=ORANGE,
            alpha=0.3,
            rotation=16,
            ha="center",
            va="center",
            weight="bold",
        )
        across.set_gid(_STAMP)
        across.set_in_layout(False)
    return chart


def no_data(*, key: str, rows: pd.DataFrame, language: str, **values: str) -> Chart:
    """Say on an empty chart that there is nothing to draw."""
    chart, axes = new_chart(height=2.6)
    axes.set_axis_off()
    axes.text(0.5, 0.5, text("no_data", language), ha="center", va="center", size=14, color=GREY)
    chart.key, chart.language, chart.rows, chart.source_line = key, language, rows, ""
    chart.title, chart.subtitle, chart.alt = (
        text(f"{key}_title", language, **values),
        "",
        text("no_data", language),
    )
    chart.text(0.015, 0.96, textwrap.fill(chart.title, 80), size=12, weight="bold", va="top")
    return chart


def words_for(value: str, language: str, *, prefix: str = "") -> str:
    """Return the words for a code, or what stands there if it is no code: own records bring words of their own."""
    return text(prefix + value, language) if prefix + value in keys(prefix + value) else value


def percent_axis(axes: Axes, language: str, *, axis: str = "x") -> None:
    target = axes.xaxis if axis == "x" else axes.yaxis
    target.set_major_formatter(lambda value, _: percent(value, language, digits=0))


def count_axis(axes: Axes, language: str, *, axis: str = "x") -> None:
    target = axes.xaxis if axis == "x" else axes.yaxis
    target.set_major_formatter(lambda value, _: number(round(value), language))


def count_label(row: Any, language: str) -> str:
    """Print a count as exactly as its source does: a bound says so."""
    value = number(row.value, language)
    return text("at_least", language, value=value) if row.precision == "at_least" else value
