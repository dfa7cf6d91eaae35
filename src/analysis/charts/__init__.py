"""Charts: a frame in, a figure out that carries its alt text, source line and data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt

from analysis import load
from analysis.build import write_file
from analysis.charts.appeals import plot_administrative_lawsuits, plot_appeal_types, plot_appeals_totals
from analysis.charts.elections import plot_akims_elected, plot_later_rural_turnout, plot_rural_turnout_2021
from analysis.charts.funnel import plot_funnel
from analysis.charts.meetings import plot_meetings_2022, plot_meetings_coverage, plot_questions_resolved
from analysis.charts.theme import Chart
from analysis.charts.votes import plot_turnout_gaps, plot_turnout_spread, plot_vote_pairs

__all__ = [
    "FIGURES",
    "Chart",
    "draw",
    "export_figures",
    "plot_administrative_lawsuits",
    "plot_akims_elected",
    "plot_appeal_types",
    "plot_appeals_totals",
    "plot_funnel",
    "plot_later_rural_turnout",
    "plot_meetings_2022",
    "plot_meetings_coverage",
    "plot_questions_resolved",
    "plot_rural_turnout_2021",
    "plot_turnout_gaps",
    "plot_turnout_spread",
    "plot_vote_pairs",
]

_appeals: tuple[Any, dict[str, Any]] = (load.load_appeals, {"since": 2020})
_meetings: tuple[Any, dict[str, Any]] = (load.load_meetings, {})
_elections: tuple[Any, dict[str, Any]] = (load.load_akim_elections, {})
_turnout: tuple[Any, dict[str, Any]] = (load.load_turnout, {})

FIGURES: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "appeals_totals": (plot_appeals_totals, *_appeals),
    "administrative_lawsuits": (plot_administrative_lawsuits, *_appeals),
    "appeal_types": (plot_appeal_types, *_appeals),
    "meetings_2022": (plot_meetings_2022, *_meetings),
    "questions_resolved": (plot_questions_resolved, *_meetings),
    "meetings_coverage": (plot_meetings_coverage, *_meetings),
    "rural_turnout_2021": (plot_rural_turnout_2021, *_elections),
    "akims_elected": (plot_akims_elected, *_elections),
    "later_rural_turnout": (plot_later_rural_turnout, *_elections),
    "turnout_spread": (plot_turnout_spread, *_turnout),
    "vote_pairs": (plot_vote_pairs, *_turnout),
    "turnout_gaps": (plot_turnout_gaps, *_turnout),
}


def draw(name: str, *, language: str = "en") -> Chart:
    """Draw one of `FIGURES` from the published data.

    Examples
    --------
    >>> draw("administrative_lawsuits").alt
    'Full years: 2022 — 28,852; 2023 — 31,186; 2024 — 32,866. These are lawsuits, not appeals.'
    """
    plot, loader, options = FIGURES[name]
    return plot(loader(**options), language=language)


def export_figures(folder: Path, *, language: str = "en") -> Iterator[tuple[str, int, int]]:
    """Write every figure as PNG and SVG with its data as CSV; yields name, number done, number in all."""
    for done, name in enumerate(FIGURES, start=1):
        chart = draw(name, language=language)
        write_file(folder / f"{name}.png", chart.png())
        write_file(folder / f"{name}.svg", chart.svg())
        write_file(folder / f"{name}.csv", chart.data().to_csv(index=False, lineterminator="\n"))
        plt.close(chart)
        yield name, done, len(FIGURES)
