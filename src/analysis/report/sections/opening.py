"""The opening: what the report is, and its key figures."""

from __future__ import annotations

import pandas as pd

from analysis import load, reference
from analysis.derive.coverage import FOUND, coverage, openness_sentence
from analysis.derive.headline import Headline, headline_turnout, turnout_at
from analysis.derive.totals import totals_of
from analysis.locale import day, number, share, text
from analysis.reference import borders_before, has_rural_akims, place_name, region_of
from analysis.reference.places import NATION
from analysis.report.document import Block, Heading, Table, words
from analysis.report.sections.parts import data_words, is_inside_region, newest_of, section
from analysis.report.wording import figure_label, period_words, value_words

_LATEST_VOTES = 2
# Key figures: their message, and what is looked for, of which the newest total is shown.
_KEY_TOTALS = {
    "kf_appeals": "appeals_total",
    "kf_meetings": "meetings_count",
    "kf_received": "people_received",
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
    labels, periods, values, sources = zip(*_key_figures(place, language), strict=True)
    heads = ("col_indicator", "col_period", "col_value")
    return Table(
        caption=text("key_figures", language),
        columns=tuple(text(head, language) for head in heads),
        rows=tuple(zip(labels, periods, values, strict=True)),
        sources=sources,
    )


def _key_figures(place: str, language: str) -> list[KeyFigure]:
    """Return the figures a reader looks for first; what was not found says so."""
    figures = [_residents(place, language), *_turnout(place, language)]
    if has_rural_akims(place):
        figures.append(_rural_turnout(place, language))
    for key, item in _KEY_TOTALS.items():
        figures.append(_latest(totals_of(place, item), text(key, language), language))
    if has_rural_akims(place):
        figures.append(_elected(place, language))
    return figures + _found_of_all(place, language)


def _latest(rows: pd.DataFrame, label: str, language: str) -> KeyFigure:
    if rows.empty:
        missing = text("not_found_searched", language)
        return label, "–", missing, ()
    row = next(rows.tail(1).itertuples())
    if row.breakdown_value or row.register not in _OWN_REGISTERS:
        label = figure_label(row, language)
    period = period_words(row, language)
    value = value_words(row, language)
    return label, period, value, tuple(row.sources.split())


def _residents(place: str, language: str) -> KeyFigure:
    rows = load.load_population(since=None)
    is_total = rows["indicator"].eq("population") & rows["breakdown"].eq("")
    is_here = rows["place_id"].eq(place)
    by_day = rows[is_total & is_here].sort_values("period_end")
    return _latest(by_day, text("residents", language), language)


def _elected(place: str, language: str) -> KeyFigure:
    rows = newest_of(place, "akim_elections", "akims_elected")
    rural = rows[rows["office"] == "rural"]
    return _latest(rural, text("kf_elected", language), language)


def _found_of_all(place: str, language: str) -> list[KeyFigure]:
    cells = coverage()
    of_place = cells[cells["place_id"] == place]
    if of_place.empty:
        return []
    possible = of_place[of_place["status"] != "not_applicable"]
    n_found = int(possible["status"].isin(FOUND).sum())
    value = text(
        "found_of_all_value",
        language,
        found=number(n_found, language),
        cells=len(possible),
    )
    first, last = of_place["year"].min(), of_place["year"].max()
    label = text("found_of_all", language)
    return [(label, f"{first}–{last}", value, ())]


def _turnout(place: str, language: str) -> list[KeyFigure]:
    """Return turnout in the latest votes: final where it is held, else at the close of voting."""
    figures = []
    for vote in reference.latest_votes()[:_LATEST_VOTES]:
        label = text("kf_turnout", language, vote=vote.name(language))
        found = headline_turnout(place, vote=vote.code)
        if found.row is not None:
            figures.append(_quoted(found, label, language))
        elif not is_inside_region(place):
            missing = text("not_found_searched", language)
            on = day(vote.day, language)
            figures.append((label, on, missing, ()))
    return figures


def _quoted(found: Headline, label: str, language: str) -> KeyFigure:
    """Return a turnout with what it counts, beside the nation's at the same stage."""
    row = found.row
    assert row is not None
    value = value_words(row, language)
    sources = row["sources"].split()
    if found.place != NATION:
        nation = turnout_at(NATION, vote=found.vote, stage=found.stage)
        if nation is not None:
            shown = share(nation["value"], language)
            value = text("beside_nation", language, value=value, nation=shown)
            sources += nation["sources"].split()
    stage = text(f"stage_{found.stage}", language)
    told = f"{value} ({stage}; {found.counted(language)})"
    cited = dict.fromkeys(sources)
    return label, period_words(row, language), told, tuple(cited)


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
    rows = first_rural_turnout()
    before = borders_before(region_of(place))
    if place in rows.index or before not in rows.index:
        of_place = rows[rows["place_id"] == place]
        return _latest(of_place, text("kf_rural", language), language)
    old_name = place_name(str(before), language)
    label = text("kf_rural_old", language, old=old_name)
    of_old_region = rows[rows["place_id"] == before]
    return _latest(of_old_region, label, language)
