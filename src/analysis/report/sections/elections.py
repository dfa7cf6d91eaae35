"""The section on direct elections of akims."""

from __future__ import annotations

from analysis import charts, load, stats
from analysis.derive import comparisons
from analysis.derive.headline import turnout_of_the_rest
from analysis.locale import share, text
from analysis.reference import borders_before, has_rural_akims, place_name, region_of
from analysis.reference.places import NATION
from analysis.report.document import (
    Block,
    Heading,
    Paragraph,
    Run,
    explained,
    source_ids,
    words,
)
from analysis.report.sections.opening import first_rural_turnout
from analysis.report.sections.parts import (
    found_here,
    is_inside_region,
    national_charts,
    section,
    without_finding,
)
from analysis.report.wording import value_words

_LATER_CHARTS = (
    "akims_elected",
    "candidates_per_seat",
    "later_rural_turnout",
    "district_elections_2023",
)


@section
def elections(place: str, *, language: str = "en") -> list[Block]:
    """Return what is published on direct elections of akims.

    Parameters and returns as in `opening`.

    Examples
    --------
    >>> elections("KZ-71").blocks[0]
    Heading(level=2, text='Direct elections of akims')
    """
    heading = Heading(2, text("section_03_akim_elections", language))
    if place == NATION:
        return [heading, *_of_the_nation(language)]
    here = found_here(place, "akim_elections", language)
    if not has_rural_akims(place):
        none = words(text("elections_city", language), role="finding")
        return [heading, none, *here]
    turnout = _turnout_sentence(place, language)
    return [heading, turnout, *_of_the_place(place, language), *here]


def _of_the_nation(language: str) -> list[Block]:
    return [
        words(text("elections_later", language)),
        *national_charts("rural_turnout_2021", language=language),
        _rest_of_2021(language),
        *national_charts("rural_beside_national", language=language),
        _association(language),
        *national_charts(*_LATER_CHARTS, language=language),
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


def _association(language: str) -> Paragraph:
    """Return how rural and national turnout go together over the regions."""
    akims, votes = load.load_akim_elections(), load.load_turnout()
    both = comparisons.rural_beside_national(akims, votes)
    found = stats.association(both["rural"], both["national"])
    title = text("rural_beside_national_title", language)
    finding = Run(found.summary(language))
    return Paragraph((Run(f"{title}. ", bold=True), finding))


def _of_the_place(place: str, language: str) -> list[Block]:
    frame = load.load_akim_elections()
    region = _borders_then(place)
    turnout = charts.plot_rural_turnout_2021(frame, place=region, language=language)
    blocks = without_finding(explained(turnout))
    if not is_inside_region(place):
        return blocks
    known = charts.plot_alakol(frame, language=language)
    is_of_place = known.rows["place_id"].eq(place).any()
    if not is_of_place:
        return blocks
    sentence = words(known.alt, *source_ids(known.rows), role="finding")
    return [*blocks, sentence]


def _borders_then(place: str) -> str:
    """Return the region as it was at the first direct elections of rural akims."""
    region = region_of(place)
    return borders_before(region) or region


def _turnout_sentence(place: str, language: str) -> Paragraph:
    rows = first_rural_turnout()
    where = _borders_then(place)
    if where not in rows.index:
        return words(text("rural_2021_none", language), role="finding")
    both = rows.loc[[where, NATION]]
    row, nation = both.itertuples()
    found = text(
        "rural_2021" if where == place else "rural_2021_old",
        language,
        old=place_name(where, language),
        value=value_words(row, language),
        nation=value_words(nation, language),
    )
    later = text("elections_later", language)
    sources = row.sources.split() + nation.sources.split()
    return words(f"{found} {later}", *sources, role="finding")
