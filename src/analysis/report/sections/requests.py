"""The section on what was asked of the bodies themselves; empty as long as nothing was asked."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis import charts, load
from analysis.derive.answers import round_finding
from analysis.locale import day, text
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
    if place == NATION:
        return [heading, *explained(charts.plot_round(round_finding(asked), language=language))]
    lines = [_line(request, language) for request in asked.to_dict("records")]
    told = words(charts.requests.round_words(round_finding(asked), language), role="finding")
    return [heading, told, Items(tuple((Run(line),) for line in lines))]


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
