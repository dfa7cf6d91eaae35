"""The first screen: what was found of the place, what to quote, what to ask, what is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from analysis import load, reference, requests
from analysis.derive.coverage import coverage, openness_sentence
from analysis.derive.required import n_open, required_and_found, standing
from analysis.evidence import data_version
from analysis.locale import day, number, sentence, text
from analysis.reference import place_name
from analysis.reference.places import NATION
from analysis.report.document import Block, Heading, Paragraph, Run, words
from analysis.report.sections.key_figures import main_figure
from analysis.report.sections.parts import (
    fields_found,
    in_own_language,
    is_inside_region,
    section,
)
from analysis.requests.letters import letter_name
from analysis.requests.names import body_name
from analysis.store import cached_on

_TELL_OF_OPENNESS = ("appeals_total", "meetings_count", "people_received")


@section
def opening(
    place: str, *, language: str = "en", title: Mapping[str, str] | None = None
) -> list[Block]:
    """Return the first screen of a report: title, finding, quote, what to ask, what is unknown.

    Parameters
    ----------
    place : str
        One of `analysis.report.PLACES`: "KZ", the code of a region such as "KZ-33", or of a
        district.
    language : str
        One of `analysis.reference.languages()`.
    title : dict, optional
        A title of your own by language, such as {"kk": ..., "ru": ..., "en": ...}.

    Returns
    -------
    Section
        A notebook shows it; `analysis.report.build` writes it into each format.

    Examples
    --------
    >>> opening("KZ-33").blocks[0]
    Heading(level=1, text='Openness of local government: Jetisu Region')
    """
    standard = text("report_of", language, place=place_name(place, language))
    shown = in_own_language(title, language) if title else standard
    return [
        Heading(1, shown),
        *_finding(place, language),
        quote(place, language),
        what_to_ask(place, language),
        _unknown(place, language),
    ]


def _finding(place: str, language: str) -> list[Paragraph]:
    if is_inside_region(place):
        return district_finding(place, language)
    if place == NATION:
        own = words(_of_nation(language), role="finding")
        return [own, words(openness_sentence(coverage(), language=language))]
    finding = words(sentence(_of_region(place, language)), role="finding")
    return [finding, _by_item(place, language)]


def _counts(place: str) -> tuple[int, int]:
    """Return how many figures were found of those that could be published of a place."""
    rows = required_and_found(place)
    whole = rows["found"].str.len().sum()
    part = rows["part"].str.len().sum()
    missing = rows["missing"].str.len().sum()
    found = whole + part
    return int(found), int(found + missing)


def _of_nation(language: str) -> str:
    found, cells = _counts(NATION)
    return text(
        "find_nation",
        language,
        place=place_name(NATION, language),
        found=number(found, language),
        cells=number(cells, language),
        years=_years_of(NATION),
    )


def _of_region(place: str, language: str) -> str:
    """Return how many figures were found, how that compares, and where most were found."""
    table = standing(place)
    best = table[table["share"] == table["share"].max()]
    most = best["found"].max()
    named = [place_name(one, language) for one in best[best["found"] == most].index]
    own: Any = table.loc[place]
    return text(
        "find_region",
        language,
        place=place_name(place, language),
        found=number(int(own["found"]), language),
        cells=number(int(own["cells"]), language),
        years=_years_of(place),
        standing=_standing(table, place, language),
        best=", ".join(named),
        most=number(int(most), language),
        most_cells=number(int(best["cells"].max()), language),
    )


def _standing(table: pd.DataFrame, place: str, language: str) -> str:
    own = table.loc[place, "share"]
    above, below = int((table["share"] > own).sum()), int((table["share"] < own).sum())
    is_shared = int((table["share"] == own).sum()) > 1
    key = "standing_between"
    if below == 0:
        key = "standing_joint_lowest" if is_shared else "standing_lowest"
    elif above == 0:
        key = "standing_joint_highest" if is_shared else "standing_highest"
    return text(key, language, n=len(table), above=above, below=below)


def _by_item(place: str, language: str) -> Paragraph:
    rows = required_and_found(place)
    is_found = (rows["found"].str.len() + rows["part"].str.len()) > 0
    found, missing = rows[is_found]["item"], rows[~is_found]["item"]
    sentences = []
    if len(found):
        sentences.append(text("items_found", language, items=_looked_for(found, language)))
    if len(missing):
        sentences.append(text("items_missing", language, items=_looked_for(missing, language)))
    return words(" ".join(sentences))


def _looked_for(items: pd.Series, language: str) -> str:
    named = [text(f"looked_{item}", language) for item in items]
    return ", ".join(named)


def _years_of(place: str) -> str:
    rows = required_and_found(place)
    years = pd.concat([rows[column].explode() for column in ("found", "part", "missing")]).dropna()
    return f"{years.min()}–{years.max()}"


def district_finding(place: str, language: str) -> list[Paragraph]:
    """Return what was found of a district beside its population, and on what nothing was."""
    fields = fields_found(place)
    found = [text(f"field_{field}", language) for field, n in fields.items() if n]
    missing = [text(f"field_{field}", language) for field, n in fields.items() if not n]
    sentences = [
        text(
            "find_district",
            language,
            place=place_name(place, language),
            n=number(sum(fields.values()), language),
            fields=", ".join(found),
        )
    ]
    if missing:
        sentences.append(text("find_none_on", language, fields=", ".join(missing)))
    main = main_figure(place, language)
    if main is None:
        return [words(" ".join(sentences), role="finding")]
    sentences.insert(0, f"{main.line}.")
    return [words(" ".join(sentences), *main.sources, role="finding")]


def quote(place: str, language: str) -> Paragraph:
    """Return one sentence to quote, with its date and its source."""
    main = main_figure(place, language) if is_inside_region(place) else None
    name = sentence(place_name(place, language))
    if main is not None:
        said = text("quote_figure", language, place=name, line=main.line, source=main.cited)
        return words(said, role="quote")
    found, cells = _counts(place)
    said = text(
        "quote_gaps",
        language,
        place=name,
        found=number(found, language),
        cells=number(cells, language),
        years=_years_of(place),
        version=data_version(),
        date=day(load.data_as_of(), language),
    )
    return words(said, role="quote")


def what_to_ask(place: str, language: str) -> Paragraph:
    """Return how many figures can be asked for and in what term the answer is due."""
    answer = _duty_to_answer()
    asked = n_open(place) or sum(required_and_found(place)["missing"].str.len())
    said = text("ask_for", language, n=asked, days=int(answer["term_number"]))
    lead = Run(text("ask_lead", language) + " ", bold=True)
    runs = (lead, Run(said), *_letters(place, language))
    return Paragraph(runs, tuple(answer["sources"].split()))


def _letters(place: str, language: str) -> Iterator[Run]:
    """Yield links to the letters ready to sign, which lie beside a full report."""
    if place not in reference.report_places():
        return
    spoken = [language] if language in requests.LANGUAGES else list(requests.LANGUAGES)
    yield Run(f" {text('ask_letters', language)} ")
    links = [
        _letter(place, body, known, is_only=len(spoken) == 1, language=language)
        for body in requests.bodies(place)
        for known in spoken
    ]
    for position, link in enumerate(links):
        if position:
            yield Run("; ")
        yield link
    yield Run(".")


def _letter(place: str, body: str, known: str, *, is_only: bool, language: str) -> Run:
    """Return a link to one letter, which names its language where there are several."""
    name = body_name(body, place, language)
    told = name if is_only else f"{name} ({known})"
    return Run(told, href=letter_name(place, body, known))


@cached_on("duties", "sources")
def _duty_to_answer() -> Any:
    duties = load.load_duties(theme="requests").set_index("code")
    return duties.loc["request_answer"]


def _unknown(place: str, language: str) -> Paragraph:
    """Return that a change in openness cannot be known, and which figures would tell."""
    rows: Any = required_and_found(place).set_index("item")
    would_tell = [item for item in _TELL_OF_OPENNESS if len(rows.loc[item, "missing"])]
    missing = rows.loc[would_tell, "missing"].explode()
    first, last = missing.min(), missing.max()
    said = text(
        "unknown_change",
        language,
        years=f"{first}–{last}",
        items=_looked_for(pd.Series(would_tell), language),
    )
    lead = Run(text("unknown_lead", language) + " ", bold=True)
    return Paragraph((lead, Run(said)))
