"""Chart of units within the limits of chance."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl

from analysis.charts.theme import (
    _STYLE,
    BLUE,
    GREY,
    ORANGE,
    Chart,
    count_axis,
    new_chart,
    percent_axis,
)
from analysis.locale import percent, text


def plot_funnel(result: Any, *, title: str, language: str = "en") -> Chart:
    """Draw the shares of units by their size, with the limits around their common share.

    Parameters
    ----------
    result : analysis.stats.Funnel
        From `analysis.stats.funnel`. Limits widened for overdispersion are dashed.
    title : str
        What the share is, in the language of the chart.

    Returns
    -------
    Chart
        Its alt text is the sentence of the result.
    """
    chart, axes = new_chart(height=4.2)
    judged, small = (result.table[result.table["too_small"] == flag] for flag in (False, True))
    out = judged["outside"] == max(result.levels)
    with mpl.rc_context(_STYLE):
        axes.axhline(result.target, color=GREY, linewidth=1)
        for prefix, line in [("", "-"), ("adjusted_", "--")][: 2 if result.overdispersed else 1]:
            for level in result.levels:
                for side in ("low", "high"):
                    width = 1.3 if level == max(result.levels) else 0.8
                    axes.plot(
                        result.limits["total"],
                        result.limits[f"{prefix}{side}_{level:g}"],
                        line,
                        color=GREY,
                        linewidth=width,
                    )
        axes.scatter(judged.loc[~out, "total"], judged.loc[~out, "share"], color=BLUE, s=18)
        axes.scatter(
            judged.loc[out, "total"], judged.loc[out, "share"], color=ORANGE, s=24, marker="D"
        )
        axes.scatter(small["total"], small["share"], facecolors="none", edgecolors=GREY, s=14)
    axes.set_xlabel(text("stats_funnel_cases", language))
    percent_axis(axes, language, axis="y")
    count_axis(axes, language, axis="x")
    chart.key, chart.language, chart.rows, chart.source_line = "funnel", language, result.table, ""
    chart.title = title
    chart.subtitle = text("stats_funnel_sub", language, target=percent(result.target, language))
    chart.alt = result.summary(language)
    with mpl.rc_context(_STYLE):
        height = chart.get_figheight()
        chart.text(0.015, 1 - 0.12 / height, chart.title, size=12, weight="bold", va="top")
        chart.text(0.015, 1 - 0.38 / height, chart.subtitle, size=8.5, va="top")
    return chart
