"""The opening: what the report is, and its key figures."""

from __future__ import annotations

import pandas as pd

from analysis import load, reference
from analysis.derive.coverage import coverage, openness_sentence
from analysis.locale import day, number, share, text
from analysis.reference import borders_before, has_rural_akims, place_name, region_of
from analysis.reference.places import NATION
from analysis.report.document import Block, Heading, Table, words
from analysis.report.sections.parts import TOTALS, data_words, is_inside_region, section, totals
from analysis.report.wording import figure_label, period_words, value_words

_LATEST_VOTES = 2
# Key figures: their message, their data set and the indicators of which the newest is shown.
_KEY_TOTALS = {
    "kf_appeals": ("appeals", TOTALS["appeals"]),
    "kf_meetings": ("meetings", ("meetings_held", "receptions_held")),
    "kf_received": ("meetings", ("citizens_received",)),
}
_OWN_REGISTERS = ("", "national", "appeals_registers")
KeyFigure = tuple[str, str, str, tuple[str, ...]]


@section
def opening(place: str, *, language: str = "en") -> list[Block]:
    """Return the title, what the report is, and the key figures with their ranges and sources.

    Parameters
    ----------
    place : str
        One of `analysis.report.PLACES`: "KZ", the code of a region such as "KZ-33", or of a
        district that has a report.
    language : str
        One of `analysis.reference.languages()`.

    Returns
    -------
    Section
        A notebook shows it; `analysis.report.build` writes it into each format.

    Examples
    --------
    >>> opening("KZ-33").blocks[0]
    Heading(level=1, text='Openness of local government: Jetisu Region')
    """
    title = text("report_of", language, place=place_name(place, language))
    lead = f"{text('report_lead', language)} {data_words(language)}"
    return [
        Heading(1, title),
        words(lead),
        words(openness_sentence(coverage(), language=language), role="finding"),
        Heading(2, text("key_figures", language)),
        _key_table(place, language),
    ]


def _key_table(place: str, language: str) -> Table:
    figures = _key_figures(place, language)
    heads = ("col_indicator", "col_period", "col_value")
    columns = tuple(text(head, language) for head in heads)
    rows = tuple((label, period, value) for label, period, value, _ in figures)
    return Table(
        caption=text("key_figures", language),
        columns=columns,
        rows=rows,
        sources=tuple(sources for *_, sources in figures),
    )


def _key_figures(place: str, language: str) -> list[KeyFigure]:
    """Return the figures a reader looks for first; what was not found says so."""
    figures = [_residents(place, language), *_turnout(place, language)]
    if has_rural_akims(place):
        figures.append(_rural_turnout(place, language))
    for key, (dataset, indicators) in _KEY_TOTALS.items():
        rows = totals(place, dataset, indicators)
        figures.append(_latest(rows, text(key, language), language))
    if has_rural_akims(place):
        figures.append(_elected(place, language))
    return figures + _found_of_all(place, language)


def _latest(rows: pd.DataFrame, label: str, language: str) -> KeyFigure:
    if rows.empty:
        return label, "–", text("not_found_searched", language), ()
    row = next(rows.tail(1).itertuples())
    if row.breakdown_value or row.register not in _OWN_REGISTERS:
        label = figure_label(row, language)
    period, value = period_words(row, language), value_words(row, language)
    return label, period, value, tuple(row.sources.split())


def _residents(place: str, language: str) -> KeyFigure:
    rows = load.load_population(since=None)
    is_total = rows["indicator"].eq("population") & rows["breakdown"].eq("")
    rows = rows[is_total & rows["place_id"].eq(place)]
    return _latest(rows.sort_values("period_end"), text("residents", language), language)


def _elected(place: str, language: str) -> KeyFigure:
    rows = totals(place, "akim_elections", ("akims_elected",))
    return _latest(rows[rows["office"] == "rural"], text("kf_elected", language), language)


def _found_of_all(place: str, language: str) -> list[KeyFigure]:
    cells = coverage()
    own = cells[cells["place_id"] == place]
    if own.empty:
        return []
    found = number(int(own["status"].ne("not_found").sum()), language)
    value = text("found_of_all_value", language, found=found, cells=len(own))
    years = f"{own['year'].min()}–{own['year'].max()}"
    return [(text("found_of_all", language), years, value, ())]


def _turnout(place: str, language: str) -> list[KeyFigure]:
    """Return turnout in the latest votes, beside that of the nation."""
    turnout = load.load_turnout()
    figures = []
    for vote in reference.latest_votes()[:_LATEST_VOTES]:
        rows = turnout[turnout["vote"] == vote.code]
        rows = rows.set_index("place_id", drop=False)
        label = text("kf_turnout", language, vote=vote.name(language))
        if place in rows.index:
            figure = _beside_nation(rows, place, label, language)
            figures.append(figure)
        elif not is_inside_region(place):
            missing = text("not_found_searched", language)
            on = day(vote.day, language)
            figures.append((label, on, missing, ()))
    return figures


def _beside_nation(rows: pd.DataFrame, place: str, label: str, language: str) -> KeyFigure:
    row = next(rows.loc[[place]].itertuples())
    value, sources = value_words(row, language), row.sources.split()
    if place != NATION and NATION in rows.index:
        nation = rows.loc[NATION]
        shown = share(nation["value"], language)
        value = text("beside_nation", language, value=value, nation=shown)
        sources += nation["sources"].split()
    return label, period_words(row, language), value, tuple(dict.fromkeys(sources))


def first_rural_turnout() -> pd.DataFrame:
    """Return turnout in the first direct elections of rural akims, by place."""
    rows = load.load_akim_elections(
        indicator="turnout_share", office="rural", level=["region", "national"]
    )
    election = reference.first_akim_election("rural")
    first = pd.Timestamp(election.day)
    rows = rows[rows["period_end"] == first]
    return rows.set_index("place_id", drop=False)


def _rural_turnout(place: str, language: str) -> KeyFigure:
    rows, before = first_rural_turnout(), borders_before(region_of(place))
    if place in rows.index or before not in rows.index:
        label = text("kf_rural", language)
        return _latest(rows[rows["place_id"] == place], label, language)
    label = text("kf_rural_old", language, old=place_name(str(before), language))
    return _latest(rows[rows["place_id"] == before], label, language)
