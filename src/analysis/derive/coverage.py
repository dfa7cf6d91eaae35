"""Which of the figures that could be published were found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from analysis import load, reference, store
from analysis.locale import text
from analysis.reference.places import NATION
from analysis.store import cached_on

STATUSES = ["not_found", "partial", "final"]
_YEARS = tuple(range(2021, 2026))
_WHOLE_YEAR = 364  # days between the first and the last day of a year


@dataclass(frozen=True)
class _Item:
    """A figure that could be published each year of each region."""

    name: str
    dataset: str
    indicators: tuple[str, ...]
    years: tuple[int, ...]
    is_election: bool = False


def _items() -> tuple[_Item, ...]:
    voted = tuple(sorted({vote.year for vote in reference.votes() if vote.year >= _YEARS[0]}))
    totals = ("appeals_registered", "appeals_considered")
    held = ("meetings_held", "receptions_held")
    turnout = ("turnout_share",)
    return (
        _Item("appeals_total", "appeals", totals, _YEARS),
        _Item("hotline_requests", "appeals", ("hotline_requests",), _YEARS),
        _Item("meetings_count", "meetings", held, _YEARS),
        _Item("people_received", "meetings", ("citizens_received",), _YEARS),
        _Item("rural_turnout", "akim_elections", turnout, _YEARS, is_election=True),
        _Item("national_turnout", "national_votes", turnout, voted, is_election=True),
    )


@cached_on(reference.published_datasets, "ledger", "sources", "places", "raw/votes", "raw/places")
def coverage() -> pd.DataFrame:
    """Return what was found by item, place and year against what could be published.

    Returns
    -------
    pandas.DataFrame
        One row for each of the 20 regions and the nation, each year and each of the items
        `appeals_total`, `hotline_requests` (a register of its own, never added to appeals),
        `meetings_count`, `people_received`, `rural_turnout`, `national_turnout`. `status` is an
        ordered category: "not_found" (in the sources searched, which `load_sources` lists: it says
        nothing of what exists elsewhere), "partial" (interim, a bound, rounded, or a part of the
        year) or "final"; `n_publishers`; `n_disagree`, the values on which figures differ.

    Notes
    -----
    Before 8 June 2022 six of today's regions were parts of three larger ones; their cells say what
    is known in today's borders only. The three cities of republican significance have no rural
    akims and no such cells.

    Examples
    --------
    >>> cells = coverage()
    >>> national = cells[(cells["item"] == "national_turnout") & (cells["place_id"] == "KZ")]
    >>> national["status"].tolist()
    ['final', 'final', 'final', 'final', 'final']
    """
    cells = [cell for item in _items() for cell in _cells(item)]
    table = load.name_places(load.name_publishers(pd.DataFrame(cells)))
    status = pd.Categorical(table["status"], categories=STATUSES, ordered=True)
    return table.assign(status=status)


def _cells(item: _Item) -> Iterable[dict[str, object]]:
    frame = load.read_series(item.dataset)
    parts = ["topic", "appeal_type", "applicant", "event"]
    counted = frame["indicator"].isin(item.indicators) & ~frame["breakdown"].isin(parts)
    frame = frame[counted]
    by_year = frame.groupby([frame["place_id"], frame["period_end"].dt.year], observed=True)
    found = dict(iter(by_year))
    early = _places_with_interim(item)
    newest_vote = reference.votes()[-1].year
    for place in (NATION, *reference.regions()):
        if item.name == "rural_turnout" and not reference.has_rural_akims(place):
            continue
        for year in item.years:
            rows = found.get((place, year), frame.iloc[:0])
            status = _status(rows, is_election=item.is_election)
            is_newest = item.name == "national_turnout" and year == newest_vote
            if status == "not_found" and is_newest and place in early:
                status = "partial"
            publishers = {name for cell in rows["publishers"] for name in cell.split("; ")}
            ids = {source for cell in rows["sources"] for source in cell.split()}
            yield {
                "item": item.name,
                "place_id": place,
                "year": year,
                "status": status,
                "n_publishers": len(publishers),
                "n_disagree": int((~rows["agree"]).sum()),
                "sources": " ".join(sorted(ids)),
            }


def _places_with_interim(item: _Item) -> set[str]:
    ledger = store.read_table("ledger")
    ours = (ledger["dataset"] == item.dataset) & ledger["indicator"].isin(item.indicators)
    interim = ledger["reason"].str.startswith("interim")
    return set(ledger[ours & interim]["place_id"])


def _status(rows: pd.DataFrame, *, is_election: bool) -> str:
    if rows.empty:
        return "not_found"
    length = (rows["period_end"] - rows["period_start"]).dt.days
    exact = rows["precision"].eq("as_printed")
    whole = (length >= _WHOLE_YEAR) | is_election
    return "final" if (exact & whole).any() else "partial"


def openness_sentence(cells: pd.DataFrame, *, language: str = "en") -> str:
    """Return the sentence of every report on what was not found of the regions.

    It also says that turnout is participation, not openness.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `coverage()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> openness_sentence(coverage())[:83]
    'In the sources searched, 13 of 20 regions have no total of appeals since 2021, hotl'
    """
    regions = cells[cells["place_id"].isin(reference.regions())]
    found = regions[regions["status"] != "not_found"].groupby("item")["place_id"].agg(set)
    n = regions["place_id"].nunique()
    appeals = found.get("appeals_total", set()) | found.get("hotline_requests", set())
    meetings = found.get("meetings_count", set())
    return text(
        "fixed_openness_sentence",
        language,
        appeals=n - len(appeals),
        meetings=n - len(meetings),
        regions=n,
    )
