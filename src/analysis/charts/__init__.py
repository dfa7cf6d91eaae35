"""Charts: a frame in, a figure out that carries its alt text, source line and data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd

from analysis import load
from analysis.charts.appeals import (
    plot_administrative_lawsuits,
    plot_appeal_outcomes,
    plot_appeal_topics,
    plot_appeal_types,
    plot_appeals_totals,
    plot_registers_growth,
)
from analysis.charts.context import (
    plot_alakol,
    plot_coverage,
    plot_disagreements,
    plot_distances,
    plot_neighbours,
    plot_openness_profile,
    plot_timeline,
)
from analysis.charts.elections import (
    plot_akims_elected,
    plot_candidates_per_seat,
    plot_district_elections_2023,
    plot_elected_profile,
    plot_later_rural_turnout,
    plot_rural_turnout_2021,
)
from analysis.charts.funnel import plot_funnel
from analysis.charts.meetings import (
    plot_meetings_2022,
    plot_meetings_coverage,
    plot_questions_resolved,
    plot_receptions,
    plot_required_meetings,
)
from analysis.charts.place import plot_place_coverage, plot_place_turnout
from analysis.charts.records import (
    plot_records_backlog,
    plot_records_meetings,
    plot_records_monthly,
    plot_records_overdue,
    plot_records_reform,
    plot_records_response,
    plot_records_topics,
    plot_records_turnout,
    plot_records_votes,
)
from analysis.charts.theme import Chart
from analysis.charts.votes import (
    plot_gap_tests,
    plot_rural_beside_national,
    plot_tile_map,
    plot_turnout_gaps,
    plot_turnout_spread,
    plot_vote_pairs,
)
from analysis.derive.coverage import coverage

__all__ = [
    "FIGURES",
    "Chart",
    "draw",
    "plot_administrative_lawsuits",
    "plot_akims_elected",
    "plot_alakol",
    "plot_appeal_outcomes",
    "plot_appeal_topics",
    "plot_appeal_types",
    "plot_appeals_totals",
    "plot_candidates_per_seat",
    "plot_coverage",
    "plot_disagreements",
    "plot_distances",
    "plot_district_elections_2023",
    "plot_elected_profile",
    "plot_funnel",
    "plot_gap_tests",
    "plot_later_rural_turnout",
    "plot_meetings_2022",
    "plot_meetings_coverage",
    "plot_neighbours",
    "plot_openness_profile",
    "plot_place_coverage",
    "plot_place_turnout",
    "plot_questions_resolved",
    "plot_receptions",
    "plot_records_backlog",
    "plot_records_meetings",
    "plot_records_monthly",
    "plot_records_overdue",
    "plot_records_reform",
    "plot_records_response",
    "plot_records_topics",
    "plot_records_turnout",
    "plot_records_votes",
    "plot_registers_growth",
    "plot_required_meetings",
    "plot_rural_beside_national",
    "plot_rural_turnout_2021",
    "plot_tile_map",
    "plot_timeline",
    "plot_turnout_gaps",
    "plot_turnout_spread",
    "plot_vote_pairs",
]

Loader = Callable[[], pd.DataFrame]
_appeals: Loader = partial(load.load_appeals, since=2020)

FIGURES: dict[str, tuple[Callable[..., Chart], tuple[Loader, ...]]] = {
    "appeals_totals": (plot_appeals_totals, (_appeals,)),
    "administrative_lawsuits": (plot_administrative_lawsuits, (_appeals,)),
    "appeal_types": (plot_appeal_types, (_appeals,)),
    "registers_growth": (plot_registers_growth, (_appeals,)),
    "appeal_outcomes": (plot_appeal_outcomes, (_appeals,)),
    "appeal_topics": (plot_appeal_topics, (_appeals,)),
    "meetings_2022": (plot_meetings_2022, (load.load_meetings,)),
    "questions_resolved": (plot_questions_resolved, (load.load_meetings,)),
    "required_meetings": (plot_required_meetings, (load.load_mandates, load.load_meetings)),
    "receptions": (plot_receptions, (load.load_meetings,)),
    "meetings_coverage": (plot_meetings_coverage, (load.load_meetings,)),
    "rural_turnout_2021": (plot_rural_turnout_2021, (load.load_akim_elections,)),
    "akims_elected": (plot_akims_elected, (load.load_akim_elections,)),
    "elected_profile": (plot_elected_profile, (load.load_akim_elections,)),
    "candidates_per_seat": (plot_candidates_per_seat, (load.load_akim_elections,)),
    "later_rural_turnout": (plot_later_rural_turnout, (load.load_akim_elections,)),
    "district_elections_2023": (plot_district_elections_2023, (load.load_akim_elections,)),
    "turnout_spread": (plot_turnout_spread, (load.load_turnout,)),
    "vote_pairs": (plot_vote_pairs, (load.load_turnout,)),
    "turnout_gaps": (plot_turnout_gaps, (load.load_turnout,)),
    "gap_tests": (plot_gap_tests, (load.load_turnout, load.load_residents)),
    "tile_map": (plot_tile_map, (load.load_turnout,)),
    "rural_beside_national": (
        plot_rural_beside_national,
        (load.load_akim_elections, load.load_turnout),
    ),
    "neighbours": (plot_neighbours, (partial(load.load_context, since=2012),)),
    "distances": (plot_distances, (partial(load.load_context, since=2012),)),
    "coverage": (plot_coverage, (coverage,)),
    "disagreements": (plot_disagreements, (load.load_all,)),
    "openness_profile": (
        plot_openness_profile,
        (coverage, load.load_turnout, load.load_akim_elections, load.load_meetings),
    ),
    "timeline": (plot_timeline, (load.load_events,)),
    "alakol": (plot_alakol, (load.load_akim_elections,)),
}


def draw(name: str, *, language: str = "en") -> Chart:
    """Draw one of `FIGURES` from the published data.

    Examples
    --------
    >>> draw("administrative_lawsuits").alt
    'Full years: 2022 — 28,852; 2023 — 31,186; 2024 — 32,866. These are lawsuits, not appeals. Citizens won 60% in the first half of 2025 (rounded).'
    """
    plot, loaders = FIGURES[name]
    return plot(*(loader() for loader in loaders), language=language)
