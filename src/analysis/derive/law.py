"""What the law asks, beside what was found: articles and duties in words."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analysis.locale import day, text
from analysis.reference.laws import law_name, read_article

_FOUND = {
    "not_found": "status_not_found",
    "partial": "law_found_partial",
    "closing": "status_closing",
    "final": "law_found_final",
}


def article_words(article: str, *, language: str = "en") -> str:
    """Return an article of duties.csv as a reader of the language would quote it.

    Parameters
    ----------
    article : str
        As `load_duties` returns it. A law that codes.csv does not name comes back as it is.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> article_words("APPC art. 69 p. 3")
    'article 69, part 3 of the Administrative Procedural and Process-Related Code'
    >>> article_words("Law on public councils art. 7 p. 2 (3)", language="ru")
    'Закон «Об общественных советах», статья 7, пункт 2, подпункт 3)'
    """
    place = read_article(article)
    if place is None:
        return article
    paragraph = "law_part" if place.is_code else "law_paragraph"
    numbers = {
        "law_article": place.article,
        paragraph: place.paragraph,
        "law_subparagraph": place.subparagraph,
    }
    named = [text(key, language, n=number) for key, number in numbers.items() if number]
    law = law_name(place.law, language)
    return text("law_place", language, law=law, place=", ".join(named)) if named else law


def required_by(cell: pd.Series, *, language: str = "en") -> str:
    """Return what the law requires of one cell of the coverage, and whether it was found.

    Parameters
    ----------
    cell : pandas.Series
        A row of `coverage()`, or its `status`, `requires`, `article`, `edition` and
        `edition_is_older`; without `in_force_from` nothing is said of it.
    language : {"en", "kk", "ru"}

    Returns
    -------
    str
        The article with the edition that was read, older than the year or not, and since when it
        is in force where that falls in the year; or "not required". Then what was found.

    Examples
    --------
    >>> from analysis.derive.coverage import coverage
    >>> cells = coverage().query("place_id == 'KZ-10' and year == 2023").set_index("item")
    >>> required_by(cells.loc["rural_turnout"])
    'not required by the texts read; not found in the sources searched'
    >>> required_by(cells.loc["people_received"])[:76]
    'must be done under article 90, part 1 of the Administrative Procedural and P'
    """
    if cell["status"] == "not_applicable":
        return text("status_not_applicable", language)
    found = text(_FOUND[cell["status"]], language)
    if not cell["requires"]:
        return text("law_required_none", language, found=found)
    article = article_words(cell["article"], language=language)
    read = _edition(cell, language)
    key = f"law_required_{cell['requires']}"
    return text(key, language, law=article, edition=read, found=found)


def _edition(cell: pd.Series, language: str) -> str:
    began = cell.get("in_force_from")
    edition = _edition_read(cell, language)
    if began is None:
        return edition
    if not began:
        return f"{edition}, {text('in_force_in_edition', language)}"
    if began.startswith(str(cell["year"])):
        since = text("in_force_since", language, day=day(date.fromisoformat(began), language))
        return f"{edition}, {since}"
    return edition


def _edition_read(cell: pd.Series, language: str) -> str:
    if pd.isna(cell["edition"]):
        return text("law_edition_undated", language)
    is_older = cell["edition_is_older"]
    key = "law_edition_older" if is_older else "law_edition"
    read = day(cell["edition"], language)
    return text(key, language, day=read)
