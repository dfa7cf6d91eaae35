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

_KEPT = 3  # roll-ups of one folder: by month, by body, by topic


@lru_cache(maxsize=_KEPT)
def _rolled_up(records: str, by: str, account: str) -> pd.DataFrame:
    """Return a roll-up, made once as long as the account of the folder says the same."""
    from analysis.records import rollup

    return rollup(records, by=[by])


@section
def own_records(place: str, *, records: str = "", language: str = "en") -> list[Block]:
    """Return what imported records show beside the published figures: months, bodies, topics.

    Parameters
    ----------
    place : str
        The place of the report; the records are counted whole, whatever their places.
    records : str
        A folder that `openness ingest` wrote; small counts are hidden as
        `analysis.records.rollup` hides them. Nothing is returned if it is empty.
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
    months, bodies, topics = (_rolled_up(records, by, account) for by in ("month", "body", "topic"))
    drawn = (
        charts.plot_records_monthly(months, language=language),
        charts.plot_records_overdue(bodies, language=language),
        charts.plot_records_topics(topics, language=language),
    )
    return [
        Heading(2, text("h_own_records", language)),
        words(_lead(account, language)),
        *(block for chart in drawn for block in explained(chart)),
    ]


def _lead(account: str, language: str) -> str:
    counts = json.loads(account)
    read, kept = counts["rows_in"], counts["rows_out"]
    rows, out = number(read, language), number(kept, language)
    return text("own_records_lead", language, rows=rows, out=out)
