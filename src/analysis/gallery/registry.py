"""The published figures: the chart of each, and what it loads."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from analysis import charts, load
from analysis.charts.chart import Chart
from analysis.charts.contract import Plot
from analysis.derive.coverage import coverage
from analysis.errors import check_known

_INDICES_SINCE = 2012
_appeals = partial(load.load_appeals, since=2020)
_dialogue = partial(load.load_appeals, since=None)
_interim = partial(load.load_turnout, stage="interim")
_final = partial(load.load_turnout, stage="final")
_context = partial(load.load_context, since=_INDICES_SINCE)


class Entry(NamedTuple):
    """A published figure: its chart and the loaders of the frames that the chart takes."""

    plot: Plot
    loaders: tuple[Callable[[], Any], ...]


FIGURES: dict[str, Entry] = {
    "appeals_totals": Entry(charts.plot_appeals_totals, (_appeals,)),
    "administrative_lawsuits": Entry(charts.plot_administrative_lawsuits, (_appeals,)),
    "appeal_types": Entry(charts.plot_appeal_types, (_appeals,)),
    "registers_growth": Entry(charts.plot_registers_growth, (_appeals,)),
    "appeal_outcomes": Entry(charts.plot_appeal_outcomes, (_appeals,)),
    "appeal_topics": Entry(charts.plot_appeal_topics, (_appeals,)),
    "open_dialogue": Entry(charts.plot_open_dialogue, (_dialogue,)),
    "meetings_2022": Entry(charts.plot_meetings_2022, (load.load_meetings,)),
    "questions_resolved": Entry(charts.plot_questions_resolved, (load.load_meetings,)),
    "required_meetings": Entry(charts.plot_required_meetings, (load.load_mandates,)),
    "receptions": Entry(charts.plot_receptions, (load.load_meetings,)),
    "rural_turnout_2021": Entry(charts.plot_rural_turnout_2021, (load.load_akim_elections,)),
    "akims_elected": Entry(charts.plot_akims_elected, (load.load_akim_elections,)),
    "elected_profile": Entry(charts.plot_elected_profile, (load.load_akim_elections,)),
    "candidates_per_seat": Entry(charts.plot_candidates_per_seat, (load.load_akim_elections,)),
    "later_rural_turnout": Entry(charts.plot_later_rural_turnout, (load.load_akim_elections,)),
    "district_elections_2023": Entry(
        charts.plot_district_elections_2023, (load.load_akim_elections,)
    ),
    "turnout_spread": Entry(charts.plot_turnout_spread, (load.load_turnout, load.load_residents)),
    "vote_pairs": Entry(charts.plot_vote_pairs, (load.load_turnout,)),
    "turnout_gaps": Entry(charts.plot_turnout_gaps, (load.load_turnout, load.load_residents)),
    "tile_map": Entry(charts.plot_tile_map, (load.load_turnout,)),
    "turnout_day": Entry(charts.plot_turnout_day, (_interim, load.load_turnout, _final)),
    "turnout_day_regions": Entry(charts.plot_turnout_day_regions, (_interim, load.load_turnout)),
    "coinciding_lists": Entry(charts.plot_coinciding_lists, (_interim,)),
    "rural_beside_national": Entry(
        charts.plot_rural_beside_national, (load.load_akim_elections, load.load_turnout)
    ),
    "neighbours": Entry(charts.plot_neighbours, (_context,)),
    "distances": Entry(charts.plot_distances, (_context,)),
    "coverage": Entry(charts.plot_coverage, (coverage,)),
    "disagreements": Entry(charts.plot_disagreements, (load.load_all,)),
    "required_found": Entry(charts.plot_required_found, (coverage,)),
    "timeline": Entry(charts.plot_timeline, (load.load_events,)),
}


def draw(name: str, *, language: str = "en", **options: Any) -> Chart:
    """Draw one of `FIGURES` from the published data.

    Parameters
    ----------
    name : str
    language : {"en", "kk", "ru"}
    **options
        Of the chart: `title`, `figsize`, `ax` and so on.

    Raises
    ------
    UnknownName
        If there is no such figure, with near names.

    Examples
    --------
    >>> draw("administrative_lawsuits").alt[:66]
    'Full years: 2022 — 28,852; 2023 — 31,186; 2024 — 32,866. These are'
    """
    entry = FIGURES[check_known("figure", name, FIGURES)]
    frames = [loader() for loader in entry.loaders]
    return entry.plot(*frames, language=language, **options)
