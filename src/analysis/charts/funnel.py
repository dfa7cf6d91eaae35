"""Chart of units within the limits of chance."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from analysis.charts.contract import Canvas, Told, chart
from analysis.charts.parts import count_axis, share_axis
from analysis.charts.style import BLUE, GREY, ORANGE
from analysis.locale import percent, text


@chart()
def plot_funnel(canvas: Canvas, result: Any, *, language: str = "en") -> Told:
    """Draw the shares of units by their size, with the limits around their common share.

    Give the chart a `title` that says what the share is.

    Parameters
    ----------
    result : analysis.stats.Funnel
        From `analysis.stats.funnel`. Limits widened for overdispersion are dashed.

    Returns
    -------
    Chart
        Its alt text is the sentence of the result.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis import stats
    >>> units = pd.DataFrame({"unit": list("abcd"), "late": [9, 12, 30, 11], "all": [100] * 4})
    >>> result = stats.funnel(units, count="late", total="all", unit="unit")
    >>> plot_funnel(result, title="Late answers by body").title
    'Late answers by body'
    """
    return draw_funnel(canvas, result, language=language)


def draw_funnel(canvas: Canvas, result: Any, *, language: str) -> Told:
    """Draw the units of a funnel, and return the words that any chart of one has."""
    axes = canvas.axes(height=4.2)
    axes.axhline(result.target, color=GREY, linewidth=1)
    _draw_limits(axes, result)
    is_small = result.table["too_small"]
    judged, small = result.table[~is_small], result.table[is_small]
    is_out = judged["outside"] == max(result.levels)
    inside, outside = judged[~is_out], judged[is_out]
    axes.scatter(inside["total"], inside["share"], color=BLUE, s=18)
    axes.scatter(outside["total"], outside["share"], color=ORANGE, s=24, marker="D")
    axes.scatter(small["total"], small["share"], facecolors="none", edgecolors=GREY, s=14)
    axes.set_xlabel(text("stats_funnel_cases", language))
    share_axis(axes, language, axis="y")
    count_axis(axes, language, axis="x")
    subtitle = text("stats_funnel_sub", language, target=percent(result.target, language))
    drawn = result.table.rename(columns={"share": "value"}).assign(sources="")
    drawn = drawn.assign(label=drawn["unit"].astype("str"))
    said = result.summary(language)
    return Told(result.table, {}, drawn=drawn, subtitle=subtitle, alt=said)


def _draw_limits(axes: Axes, result: Any) -> None:
    lines = {"": "-"}
    if result.overdispersed:
        lines["adjusted_"] = "--"
    limits, outer = result.limits, max(result.levels)
    sizes = limits["total"]
    for prefix, line in lines.items():
        for level in result.levels:
            width = 1.3 if level == outer else 0.8
            for side in ("low", "high"):
                name = f"{prefix}{side}_{level:g}"
                limit = limits[name]
                axes.plot(sizes, limit, line, color=GREY, linewidth=width)
