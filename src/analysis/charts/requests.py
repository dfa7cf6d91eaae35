"""Chart of a round of requests: what became of them by region, and how long an answer took."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.charts.contract import Canvas, Told, chart, nothing
from analysis.charts.parts import legend_below
from analysis.charts.style import BLUE, GREY, INK, LIGHT_GREY, ORANGE, PALE_BLUE, SMALL_LABEL, Look
from analysis.derive.answers import OUTCOMES, RoundFinding
from analysis.locale import counted, number, percent, text
from analysis.reference import place_name

_LOOKS: dict[str, Look] = {
    "answered": {"color": BLUE},
    "partly": {"color": PALE_BLUE},
    "forwarded": {"color": LIGHT_GREY},
    "refused": {"color": ORANGE},
    "silent": {"facecolor": "white", "edgecolor": ORANGE, "hatch": "///"},
}
_ROW, _SLACK = 0.3, 2.6  # inches of a region, and of what stands around them


@chart()
def plot_round(canvas: Canvas, found: RoundFinding, *, language: str = "en") -> Told:
    """Draw what became of a round of requests by region, and days to the answer against the term.

    Regions stand in the order of their codes: too few bodies are asked in one for a ranking.

    Parameters
    ----------
    found : analysis.derive.answers.RoundFinding
        Of a round; a column `simulated` in its rows stamps the chart.

    Examples
    --------
    >>> from analysis import load_requests
    >>> from analysis.derive.answers import round_finding
    >>> plot_round(round_finding(load_requests())).title
    'What became of the requests'
    """
    if found.rows.empty:
        return nothing(found.rows)
    regions = list(found.by_region.index)
    panels = canvas.panels(height=_SLACK + _ROW * len(regions), columns=2, sharey=True)
    names = [place_name(region, language) for region in regions]
    _draw_outcomes(panels[0, 0], found.by_region, names, language)
    _draw_days(panels[0, 1], found.rows, regions, language)
    drawn = found.by_region.rename_axis("place_id").stack().rename("value").reset_index()
    drawn["label"] = [place_name(place, language) for place in drawn["place_id"]]
    drawn["series"] = [text(f"round_{outcome}", language) for outcome in drawn["outcome"]]
    rows = found.rows.assign(sources="")
    return Told(rows, {}, drawn=drawn, alt=round_words(found, language))


def round_words(found: RoundFinding, language: str) -> str:
    """Return what a round found, in sentences.

    Examples
    --------
    >>> from analysis import load_requests
    >>> from analysis.derive.answers import round_finding
    >>> round_words(round_finding(load_requests()), "en")
    'No request was entered.'
    """
    n = len(found.rows)
    if n == 0:
        return text("round_none", language)
    parts = [
        f"{text(f'round_{outcome}', language)} – {number(int(count), language)}"
        for outcome, count in found.counts.items()
    ]
    sentences = [counted("round_asked", n, language, parts=", ".join(parts))]
    if found.in_time is not None:
        bounds = {name: percent(getattr(found.in_time, name), language) for name in ("low", "high")}
        share = percent(found.in_time.estimate, language)
        sentences.append(text("round_in_time", language, share=share, **bounds))
    return " ".join(sentences)


def _draw_outcomes(axes: Axes, table: pd.DataFrame, names: list[str], language: str) -> None:
    left = pd.Series(0, table.index)
    for outcome in OUTCOMES:
        label = text(f"round_{outcome}", language)
        axes.barh(range(len(table)), table[outcome], left=left, label=label, **_LOOKS[outcome])
        left = left + table[outcome]
    axes.set_yticks(range(len(names)), names, size=SMALL_LABEL)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_title(text("round_requests", language), size=SMALL_LABEL, loc="left")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    legend_below(axes, x=-0.4, y=-0.08)


def _draw_days(axes: Axes, rows: pd.DataFrame, regions: list[str], language: str) -> None:
    """Draw a dot per answer, and a tick where its term ended."""
    known = rows[rows["days"].notna()]
    at = known["region_id"].map(regions.index)
    axes.plot(known["days_of_term"], at, "|", color=GREY, ms=9, label=text("round_term", language))
    late = ~known["is_in_time"]
    axes.plot(known["days"][~late], at[~late], "o", color=BLUE, ms=4)
    axes.plot(known["days"][late], at[late], "D", color=ORANGE, ms=4)
    axes.set_xlim(left=0)
    axes.set_title(text("round_days", language), size=SMALL_LABEL, loc="left", color=INK)
