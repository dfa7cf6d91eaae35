"""The section on what was asked of the bodies themselves; empty as long as nothing was asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from analysis import charts, load
from analysis.derive.answers import (
    COMPARED_REGIONS,
    COMPARED_REQUESTS,
    RoundFinding,
    round_finding,
)
from analysis.locale import day, text
from analysis.reference import place_name
from analysis.reference.places import NATION
from analysis.report.document import Block, Heading, Items, Run, explained, words
from analysis.report.sections.parts import section
from analysis.requests.names import body_name


@section
def requests(place: str, *, language: str = "en", log: pd.DataFrame | None = None) -> list[Block]:
    """Return what became of the last round of requests: of the nation all of it, with its chart.

    Parameters
    ----------
    place : str
        A place with a report.
    language : {"en", "kk", "ru"}
    log : pandas.DataFrame, optional
        Requests as `analysis.load_requests` returns them, which is what is read if not given.

    Examples
    --------
    >>> requests("KZ-33").blocks
    ()
    """
    asked = load.load_requests() if log is None else log
    if place != NATION:
        asked = asked[asked["place_id"] == place]
    if asked.empty:
        return []
    last = asked.sort_values("received_on")["round"].iloc[-1]
    asked = asked[asked["round"] == last]
    heading = Heading(2, text("h_round", language))
    found = round_finding(asked)
    if place == NATION:
        chart = charts.plot_round(found, language=language)
        return [heading, *explained(chart), *_compared(found, language)]
    lines = [_line(request, language) for request in asked.to_dict("records")]
    told = words(charts.requests.round_words(found, language), role="finding")
    return [heading, told, Items(tuple((Run(line),) for line in lines))]


def _compared(found: RoundFinding, language: str) -> list[Block]:
    """Return the funnel of regions, or why they are not compared."""
    if found.funnel is None:
        few = text(
            "round_not_compared", language, regions=COMPARED_REGIONS, requests=COMPARED_REQUESTS
        )
        return [words(few, role="how")]
    table = found.funnel.table
    names = [place_name(region, language) for region in table["unit"]]
    named = replace(found.funnel, table=table.assign(unit=names))
    chart = charts.plot_funnel(named, title=text("round_funnel_title", language), language=language)
    return explained(chart)


def _line(request: dict[Any, Any], language: str) -> str:
    values = {
        "body": body_name(request["body"], request["place_id"], language),
        "outcome": text(f"round_{request['outcome']}", language),
        "received": day(request["received_on"], language),
        "until": day(request["due_on"], language),
    }
    if pd.isna(request["answered_on"]):
        return text("round_place", language, **values)
    answered = day(request["answered_on"], language)
    return text("round_place_answered", language, answered=answered, **values)
