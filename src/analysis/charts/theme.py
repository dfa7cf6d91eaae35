"""The older way to make a chart, which charts of records still take; new ones use `chart.chart`."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import pandas as pd

from analysis.charts.chart import (
    Chart,
    new_figure,
    put_source_line,
    source_line,
    stamp,
    words_for,
    write_words,
)
from analysis.charts.parts import count_axis, dots
from analysis.charts.parts import share_axis as percent_axis
from analysis.charts.style import BLUE, GREEN, GREY, INK, ORANGE, PHONE_WIDTH, STYLE, WIDTH
from analysis.locale import text

__all__ = [
    "BLUE",
    "GREEN",
    "GREY",
    "INK",
    "ORANGE",
    "PHONE_WIDTH",
    "Chart",
    "count_axis",
    "dots",
    "finish",
    "new_chart",
    "no_data",
    "percent_axis",
    "put_source_line",
    "stamp",
    "words_for",
]


def new_chart(
    *, height: float, width: float = WIDTH, rows: int = 1, columns: int = 1, **options: Any
) -> tuple[Chart, Any]:
    """Return an empty chart and its axes."""
    figure = new_figure(width=width, height=height)
    with mpl.rc_context(STYLE):
        return figure, figure.subplots(rows, columns, **options)


def finish(chart: Chart, *, key: str, rows: pd.DataFrame, language: str, **values: str) -> Chart:
    """Write title, subtitle and source line, and keep alt text and rows with the chart."""
    chart.key, chart.language, chart.rows = key, language, rows
    chart.title = text(f"{key}_title", language, **values)
    chart.subtitle = text(f"{key}_sub", language, **values)
    chart.alt = text(f"{key}_alt", language, **values)
    chart.source_line = source_line(rows, language)
    return write_words(chart)


def no_data(*, key: str, rows: pd.DataFrame, language: str, **values: str) -> Chart:
    """Return an empty chart that says that there is nothing to draw."""
    chart, axes = new_chart(height=2.6)
    axes.set_axis_off()
    axes.text(0.5, 0.5, text("no_data", language), ha="center", va="center", size=14, color=GREY)
    chart.key, chart.language, chart.rows = key, language, rows
    chart.title, chart.alt = text(f"{key}_title", language, **values), text("no_data", language)
    return write_words(chart, with_source=False)
