"""The section on turnout in national votes."""

from __future__ import annotations

import pandas as pd

from analysis import charts, load, reference, stats
from analysis.derive import comparisons
from analysis.locale import number, sentence, text
from analysis.reference import borders_before, place_name, region_of
from analysis.reference.places import NATION
from analysis.report.document import Block, Fold, Heading, Paragraph, explained, source_ids, words
from analysis.report.sections.parts import (
    for_specialists,
    is_inside_region,
    national_charts,
    section,
    without_finding,
)
from analysis.stats.words import figure, p_words
from analysis.store import cached_on

_FAR_OUT = ("KZ-71", "KZ-75")  # Astana and Almaty: half of the order of the regions is theirs
_ABOUT = "section_04_national_votes"
_LATER_CHARTS = ("tile_map",)
_CHARTS_FOR_SPECIALISTS = ("vote_pairs", "turnout_gaps")


@section
def national_votes(place: str, *, language: str = "en") -> list[Block]:
    """Return turnout in national votes beside the nation and the other regions.

    Parameters and returns as in `opening`.

    Examples
    --------
    >>> national_votes("KZ-33").blocks[0]
    Heading(level=2, text='Turnout in national votes')
    """
    heading = Heading(2, text(_ABOUT, language))
    closing = words(text("votes_no_trend", language))
    if place == NATION:
        return [heading, *_of_the_nation(closing, language)]
    region, turnout = region_of(place), load.load_turnout()
    chart = charts.plot_place_turnout(turnout, place=region, language=language)
    found = [_sentence(turnout, region, language), *without_finding(explained(chart))]
    test = words(_gap_words(region, language))
    if is_inside_region(place):
        name = place_name(region, language)
        lead = words(text("votes_region", language, region=name))
        return [heading, lead, Fold(name, (*found, closing, test))]
    return [heading, *found, closing, for_specialists([test], about=_ABOUT, language=language)]


def _of_the_nation(closing: Block, language: str) -> list[Block]:
    return [
        *national_charts("turnout_spread", *_LATER_CHARTS, language=language),
        closing,
        for_specialists(_statistics(language), about=_ABOUT, language=language),
    ]


def _statistics(language: str) -> list[Block]:
    votes, _ = _in_comparable_borders()
    names = {place: place_name(place, language) for place in votes.index}
    sentences = []
    for part in comparisons.votes_of_a_kind(votes, language=language):
        spread = stats.dispersion(part.rename(index=names))
        sentences.append(words(spread.summary(language)))
    return [
        words(_order_words(votes, language)),
        words(_weight_words(language), role="how"),
        *sentences,
        *national_charts(*_CHARTS_FOR_SPECIALISTS, language=language),
    ]


def _order_words(votes: pd.DataFrame, language: str) -> str:
    """Return whether regions keep their order, and how far they do without the two cities."""
    agreement = stats.concordance(votes)
    others = stats.concordance(votes.drop(index=[*_FAR_OUT]))
    cities = [place_name(city, language) for city in _FAR_OUT]
    without = text(
        "votes_order_without",
        language,
        places=", ".join(cities),
        w=figure(others.w, language, digits=2),
    )
    return f"{agreement.summary(language)} {without}"


def _weight_words(language: str) -> str:
    merged = comparisons.turnout_in_old_borders(load.load_turnout(), load.load_residents())
    weights = comparisons.weight_words(merged, language=language)
    return text("votes_weights", language, weights=weights)


def _in_comparable_borders() -> tuple[pd.DataFrame, pd.Series]:
    return comparisons.turnout_by_region(load.load_turnout(), load.load_residents())


@cached_on("national_votes", "population", "sources", "places", "raw/votes")
def _gap_table() -> pd.DataFrame:
    votes, _ = _in_comparable_borders()
    found = stats.gaps(votes)
    return found.table


def _gap_words(region: str, language: str) -> str:
    """Return what the exact sign test of a region's gaps to the median region found.

    The test is made in the borders in which all votes compare.
    """
    table = _gap_table()
    unit = borders_before(region) or region
    row = table.loc[unit]
    said = text(
        "votes_test",
        language,
        unit=place_name(unit, language),
        above=int(row["n_above"]),
        n=int(row["n"]),
        units=len(table),
        p=p_words(float(row["p_value"]), language),
        adjusted=p_words(float(row["p_adjusted"]), language),
    )
    return sentence(said)


def _sentence(turnout: pd.DataFrame, region: str, language: str) -> Paragraph:
    """Return in how many votes turnout was above that of the nation, and what was not found."""
    codes = [vote.code for vote in reference.votes_by_kind()]
    rows = turnout[turnout["vote"].isin(codes)]
    wide = rows.pivot(index="vote", columns="place_id", values="value").reindex(codes)
    gaps = (wide[region] - wide[NATION]).dropna()
    sentences = [_gaps_found(gaps, language)]
    before = borders_before(region)
    if before:
        sentences.append(text("votes_old", language, old=place_name(before, language)))
    known_before = wide[before].dropna().index if before in wide else pd.Index([])
    missing = [code for code in codes if code not in gaps.index and code not in known_before]
    if missing:
        names = ", ".join(comparisons.vote_name(code, language) for code in missing)
        sentences.append(text("votes_missing", language, votes=names))
    own = turnout[turnout["place_id"].isin([region, NATION]) & turnout["vote"].isin(gaps.index)]
    return words(" ".join(sentences), *source_ids(own), role="finding")


def _gaps_found(gaps: pd.Series, language: str) -> str:
    widest = gaps.abs().idxmax()
    points = number(round(float(gaps[widest]) * 100, 1), language)
    return text(
        "votes_finding",
        language,
        n=len(gaps),
        above=int((gaps > 0).sum()),
        vote=reference.vote(widest).name(language),
        gap=points if gaps[widest] < 0 else f"+{points}",
    )
