"""The section on direct elections of akims."""

from __future__ import annotations

import pandas as pd

from analysis import charts, load, stats
from analysis.derive import comparisons
from analysis.derive.headline import turnout_of_the_rest
from analysis.locale import day, share, text
from analysis.reference import (
    borders_before,
    first_akim_election,
    has_rural_akims,
    place_name,
    region_of,
)
from analysis.reference.places import NATION
from analysis.report.document import (
    Block,
    Fold,
    Heading,
    Paragraph,
    Run,
    explained,
    source_ids,
    words,
)
from analysis.report.sections.key_figures import first_rural_turnout, shown_above
from analysis.report.sections.parts import (
    for_specialists,
    found_here,
    is_inside_region,
    more_charts,
    national_charts,
    rows_of,
    section,
    since_2021,
    values_table,
    without_finding,
)
from analysis.report.wording import value_words

_ABOUT = "section_03_akim_elections"
_LATER_CHARTS = ("akims_elected", "district_elections_2023")
_MORE_CHARTS = ("candidates_per_seat", "later_rural_turnout")


@section
def elections(place: str, *, language: str = "en") -> list[Block]:
    """Return what is published on direct elections of akims.

    Parameters and returns as in `opening`.

    Examples
    --------
    >>> elections("KZ-71").blocks[0]
    Heading(level=2, text='Direct elections of akims')
    """
    heading = Heading(2, text(_ABOUT, language))
    if place == NATION:
        return [heading, *_of_the_nation(language)]
    here = found_here(place, "akim_elections", language, shown=shown_above(place, language))
    if not has_rural_akims(place):
        return [heading, words(text("elections_city", language), role="finding"), *here]
    below = [*here, *_of_rural_districts(place, language), _who_was_elected(place, language)]
    if is_inside_region(place):
        region = Fold(
            place_name(region_of(place), language), tuple(_of_the_region(place, language))
        )
        return [heading, *below, region]
    return [heading, *_of_the_region(place, language), *below]


def _of_the_region(place: str, language: str) -> list[Block]:
    frame, then = load.load_akim_elections(), _borders_then(place)
    turnout = charts.plot_rural_turnout_2021(frame, place=then, language=language)
    drawn = without_finding(explained(turnout))
    return [_turnout_sentence(place, language), *drawn]


def _inside(place: str) -> pd.DataFrame:
    """Return the figures since 2021 of what lies in a place, without its own."""
    rows = since_2021(rows_of(place, "akim_elections", inside=True))
    rows = rows[rows["place_id"] != place]
    return rows[rows["indicator"] != "population"]


def _of_rural_districts(place: str, language: str) -> list[Block]:
    """Return a table of the rural districts of a district of which something is known."""
    rows = _inside(place).sort_values(["place_id", "period_end"])
    if rows.empty or not is_inside_region(place):
        return []
    caption = text("in_rural_districts", language)
    return [values_table(rows, caption, language, with_place=True)]


def _who_was_elected(place: str, language: str) -> Paragraph:
    """Return in how many rural districts turnout is known, and what would tell the rest."""
    rows = _inside(place)
    known = rows[rows["indicator"].eq("turnout_share") & rows["level"].eq("rural_district")]
    n = known["place_id"].nunique()
    key = "rural_districts_some" if n else "rural_districts_none"
    return words(text(key, language, n=n), *source_ids(known))


def _of_the_nation(language: str) -> list[Block]:
    return [
        words(text("elections_later", language)),
        *national_charts("rural_turnout_2021", language=language),
        _rest_of_2021(language),
        *national_charts(*_LATER_CHARTS, language=language),
        more_charts(*_MORE_CHARTS, about=_ABOUT, language=language),
        for_specialists(_beside_national(language), about=_ABOUT, language=language),
    ]


def _rest_of_2021(language: str) -> Paragraph:
    """Return what the national rural turnout of 2021 implies for regions with no electorate."""
    found = turnout_of_the_rest(load.load_akim_elections())
    nation = first_rural_turnout().loc[NATION]

    def as_words(value: float) -> str:
        return share(round(value, 3), language)

    sentence = text(
        "rural_rest",
        language,
        n=int(found["n_known"]),
        known=as_words(found["mean_known"]),
        rest=as_words(found["mean_rest"]),
        nation=as_words(nation["value"]),
    )
    return words(sentence, *nation["sources"].split())


def _beside_national(language: str) -> list[Block]:
    drawn = national_charts("rural_beside_national", language=language)
    return [*drawn, _association(language)]


def _association(language: str) -> Paragraph:
    """Return how rural and national turnout go together over the regions."""
    akims, votes = load.load_akim_elections(), load.load_turnout()
    both = comparisons.rural_beside_national(akims, votes)
    found = stats.association(both["rural"], both["national"])
    title = text("rural_beside_national_title", language)
    finding = Run(found.summary(language))
    return Paragraph((Run(f"{title}. ", bold=True), finding))


def _borders_then(place: str) -> str:
    """Return the region as it was at the first direct elections of rural akims."""
    region = region_of(place)
    return borders_before(region) or region


def _turnout_sentence(place: str, language: str) -> Paragraph:
    rows = first_rural_turnout()
    where = _borders_then(place)
    held = day(first_akim_election("rural").day, language)
    if where not in rows.index:
        return words(text("rural_2021_none", language, day=held), role="finding")
    both = rows.loc[[where, NATION]]
    row, nation = both.itertuples()
    found = text(
        "rural_2021" if where == place else "rural_2021_old",
        language,
        day=held,
        old=place_name(where, language),
        value=value_words(row, language),
        nation=value_words(nation, language),
    )
    later = text("elections_later", language)
    sources = row.sources.split() + nation.sources.split()
    return words(f"{found} {later}", *sources, role="finding")
