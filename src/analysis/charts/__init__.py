"""Charts: a frame in, a figure out that carries its alt text, source line and data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.charts.akim_elections import (
    plot_akims_elected,
    plot_candidates_per_seat,
    plot_district_elections_2023,
    plot_elected_profile,
    plot_later_rural_turnout,
    plot_rural_turnout_2021,
)
from analysis.charts.appeals import (
    plot_administrative_lawsuits,
    plot_appeal_outcomes,
    plot_appeal_topics,
    plot_appeal_types,
    plot_appeals_totals,
    plot_open_dialogue,
    plot_registers_growth,
)
from analysis.charts.chart import Chart, Panel
from analysis.charts.contract import CHARTS
from analysis.charts.evidence import (
    plot_coverage,
    plot_disagreements,
    plot_required_found,
    plot_timeline,
)
from analysis.charts.frames import WrongFrame
from analysis.charts.funnel import plot_funnel
from analysis.charts.hours import (
    plot_coinciding_lists,
    plot_turnout_day,
    plot_turnout_day_regions,
)
from analysis.charts.meetings import (
    plot_meetings_2022,
    plot_questions_resolved,
    plot_receptions,
    plot_required_meetings,
)
from analysis.charts.national_votes import (
    plot_rural_beside_national,
    plot_turnout_gaps,
    plot_turnout_spread,
    plot_vote_pairs,
)
from analysis.charts.neighbours import plot_distances, plot_neighbours
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
from analysis.charts.requests import plot_round
from analysis.charts.tiles import plot_indicator_map, plot_tile_map

if TYPE_CHECKING:
    from analysis.gallery.registry import FIGURES, draw

__all__ = [
    "CHARTS",
    "FIGURES",
    "Chart",
    "Panel",
    "WrongFrame",
    "draw",
    "plot_administrative_lawsuits",
    "plot_akims_elected",
    "plot_appeal_outcomes",
    "plot_appeal_topics",
    "plot_appeal_types",
    "plot_appeals_totals",
    "plot_candidates_per_seat",
    "plot_coinciding_lists",
    "plot_coverage",
    "plot_disagreements",
    "plot_distances",
    "plot_district_elections_2023",
    "plot_elected_profile",
    "plot_funnel",
    "plot_indicator_map",
    "plot_later_rural_turnout",
    "plot_meetings_2022",
    "plot_neighbours",
    "plot_open_dialogue",
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
    "plot_required_found",
    "plot_required_meetings",
    "plot_round",
    "plot_rural_beside_national",
    "plot_rural_turnout_2021",
    "plot_tile_map",
    "plot_timeline",
    "plot_turnout_day",
    "plot_turnout_day_regions",
    "plot_turnout_gaps",
    "plot_turnout_spread",
    "plot_vote_pairs",
]


def __getattr__(name: str) -> Any:
    if name in ("FIGURES", "draw"):  # the published figures load data, which charts do not
        from analysis.gallery import registry

        return getattr(registry, name)
    raise AttributeError(f"module 'analysis.charts' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
