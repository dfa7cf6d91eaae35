"""The section on places to set a place beside."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis import load
from analysis.derive.peers import PREDECESSOR
from analysis.derive.peers import peers as peers_of
from analysis.derive.profile import latest_whole_vote
from analysis.locale import number, share, text
from analysis.reference import place_name, regions, vote
from analysis.report.document import Block, Heading, Table, words
from analysis.report.sections.key_figures import first_rural_turnout, found_of_all
from analysis.report.sections.parts import fields_found, is_inside_region, section

_NOTHING = "–"


@section
def peers(place: str, *, language: str = "en") -> list[Block]:
    """Return the neighbours, those nearest in population and the predecessor, and why each.

    No ranks of small units are given: districts stand beside each other by what was found only.
    Parameters and returns as in `opening`; nothing for the nation.

    Examples
    --------
    >>> peers("KZ-33").blocks[0]
    Heading(level=2, text='Beside others')
    >>> peers("KZ").blocks
    ()
    """
    table = peers_of(place)
    if is_inside_region(place):
        table = table[table["why"] != PREDECESSOR]
    if table.empty:
        return []
    shown = _of_districts if is_inside_region(place) else _of_regions
    heading, lead = text("h_peers", language), text("peers_lead", language)
    return [Heading(2, heading), words(lead), shown(place, table, language)]


def _of_regions(place: str, table: pd.DataFrame, language: str) -> Table:
    turnout = load.load_turnout()
    code = latest_whole_vote(turnout)
    latest = turnout[turnout["vote"] == code].set_index("place_id")
    rural = first_rural_turnout()
    rows, sources = [], []
    for one in _with_own(place, table):
        figures = [_share_of(latest, one, language), _share_of(rural, one, language)]
        rows.append((*_named(one, place, table, language), _found(one, language), *figures))
        behind = [str(frame.loc[one, "sources"]) for frame in (latest, rural) if one in frame.index]
        sources.append(tuple(" ".join(behind).split()))
    voted = text("kf_turnout", language, vote=vote(code).name(language))
    found, rural_head = text("col_found_of", language), text("col_rural_2021", language)
    columns = (*_heads(language), found, voted, rural_head)
    return Table(text("h_peers", language), columns, tuple(rows), tuple(sources))


def _of_districts(place: str, table: pd.DataFrame, language: str) -> Table:
    rows = []
    for one in _with_own(place, table):
        found = number(sum(fields_found(one).values()), language)
        rows.append((*_named(one, place, table, language), found))
    columns = (*_heads(language), text("col_n_found", language))
    return Table(text("h_peers", language), columns, tuple(rows))


def _with_own(place: str, table: pd.DataFrame) -> list[str]:
    return [place, *table["place_id"]]


def _heads(language: str) -> tuple[str, ...]:
    keys = ("col_place", "col_why", "residents_2023")
    heads = [text(key, language) for key in keys]
    return tuple(heads)


def _named(one: str, place: str, table: pd.DataFrame, language: str) -> tuple[str, str, str]:
    """Return the name of a place, why it was picked and its residents."""
    residents = load.load_residents()
    shown = number(int(residents[one]), language) if one in residents else _NOTHING
    why = dict(zip(table["place_id"], table["why"], strict=True))
    reason = text(f"peer_{why[one]}", language) if one != place else _NOTHING
    return place_name(one, language), reason, shown


def _found(place: str, language: str) -> str:
    """Return how many figures were found; of a region of former borders nothing was counted."""
    return found_of_all(place, language) if place in regions() else _NOTHING


def _share_of(rows: Any, place: str, language: str) -> str:
    if place not in rows.index:
        return _NOTHING
    value = rows.loc[place, "value"]
    return share(value, language)
