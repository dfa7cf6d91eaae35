"""The section on imported records."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import pandas as pd

from analysis import charts
from analysis.locale import number, text
from analysis.report.document import Block, Heading, explained, words
from analysis.report.sections.parts import section

_KEPT = 3  # releases of one folder
# What is counted of the records of each data set, and the chart of each table.
_TABLES = {
    "appeals": (("month",), ("body",), ("topic",)),
    "meetings": (("quarter",),),
    "elections": (("day", "place"), ("day", "candidate")),
}
_CHARTS = {
    "appeals": ("plot_records_monthly", "plot_records_overdue", "plot_records_topics"),
    "meetings": ("plot_records_meetings",),
    "elections": ("plot_records_turnout", "plot_records_votes"),
}


@lru_cache(maxsize=_KEPT)
def _released(records: str, dataset: str, place: str, account: str) -> list[pd.DataFrame]:
    """Return the tables of a report, protected together; `account` tells new from old records."""
    from analysis.records import release

    tables = [list(by) for by in _TABLES[dataset]]
    return release(records, tables=tables, dataset=dataset, place=place, record=True)


@section
def own_records(place: str, *, records: str = "", language: str = "en") -> list[Block]:
    """Return what imported records show beside the published figures.

    Parameters
    ----------
    place : str
        The place of the report: the records of it and of what lies in it are counted.
    records : str
        A folder that `openness ingest` wrote; small counts are hidden as
        `analysis.records.release` hides them. Nothing is returned if it is empty.
    language : str
        One of `analysis.reference.languages()`.

    Examples
    --------
    >>> own_records("KZ-33").blocks
    ()
    """
    if not records:
        return []
    account = (Path(records) / "ingest.json").read_text("utf-8")
    dataset = json.loads(account)["dataset"]
    frames = _released(records, dataset, "" if place == "KZ" else place, account)
    drawn = [
        getattr(charts, name)(frame, language=language)
        for name, frame in zip(_CHARTS[dataset], frames, strict=True)
    ]
    return [
        Heading(2, text("h_own_records", language)),
        words(_lead(account, language)),
        *(block for chart in drawn if len(chart.rows) for block in explained(chart)),
    ]


def _lead(account: str, language: str) -> str:
    counts = json.loads(account)
    read, kept = counts["rows_in"], counts["rows_out"]
    rows, out = number(read, language), number(kept, language)
    return text("own_records_lead", language, rows=rows, out=out)
