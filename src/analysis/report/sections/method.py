"""The sections on the method and with the table of all values."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

import pandas as pd

from analysis import reference
from analysis.evidence import data_version
from analysis.evidence.weight import is_weak
from analysis.locale import SOURCE, counted, keys, read_glossary, text
from analysis.reference import language_name, place_name
from analysis.report.document import Block, Fold, Heading, Table, csv_text, source_ids, words
from analysis.report.sections.parts import data_words, rows_of, section, values_table

TERMS = (
    "openness of government",
    "appeal",
    "application (type of appeal)",
    "complaint",
    "report meeting",
    "open-door day",
    "personal reception",
    "public council",
    "direct election",
    "rural akim",
    "turnout",
    "voters listed",
    "voters who took part",
    "against all",
    "referendum",
    "rural district",
    "maslikhat",
    "Listening State",
)
_NOT_IN_CSV = ("producer", "publishers", "published", "published_in")


@section
def method(place: str, *, language: str = "en") -> list[Block]:
    """Return the method, the terms, how to cite and where to report an error.

    Parameters and returns as in `opening`.

    Examples
    --------
    >>> method("KZ").blocks[-1].blocks[0].columns
    ('Terms', 'in Kazakh', 'in Russian')
    """
    title = text("report_of", language, place=place_name(place, language))
    paragraphs = ("method_value", "method_limits", "method_trend")
    return [
        Heading(2, text("h_method", language)),
        words(f"{text('report_lead', language)} {data_words(language)}"),
        words(text("cite_report", language, title=title, version=data_version())),
        words(text("report_error_how", language)),
        Fold(text("h_how_made", language), tuple(words(text(key, language)) for key in paragraphs)),
        Fold(text("glossary", language), (_glossary(language),)),
    ]


def _glossary(language: str) -> Table:
    """Return the terms of the report in its language and in the others that the glossary has."""
    entries = {row["en"]: row for row in read_glossary()}
    shown = _languages_shown(language, entries[TERMS[0]])
    rows = []
    for term in TERMS:
        names = entries[term]
        rows.append(tuple(_term(names[known]) for known in shown))
    title = text("glossary", language)
    heads = [_in_words(known, language) for known in shown[1:]]
    return Table(title, (title, *heads), tuple(rows))


def _languages_shown(language: str, in_glossary: Container[str]) -> list[str]:
    """Return the language of the report, then the others of the glossary, its own last."""
    written = [known for known in reference.languages() if known in in_glossary]
    first = language if language in written else SOURCE
    others = [known for known in written if known not in (first, SOURCE)]
    shown = [first, *others]
    if first != SOURCE:
        shown.append(SOURCE)
    return shown


def _term(term: str) -> str:
    return term.replace(" (type of appeal)", "")


def _in_words(other: str, language: str) -> str:
    """Return "in Kazakh", or the name of the language where no message says it."""
    key = f"lang_{other}"
    if key in keys("lang_"):
        return text(key, language)
    return language_name(other)


@section
def values(place: str, *, language: str = "en") -> list[Block]:
    """Return the table of all values of a place and of the places in it, each with its sources.

    Parameters and returns as in `opening`.

    Examples
    --------
    >>> values("KZ-62").blocks[0].blocks[-1].columns
    ('Figure', 'Period or date', 'Value')
    """
    datasets = reference.published_datasets()
    rows = pd.concat([rows_of(place, dataset, inside=True) for dataset in datasets])
    heading = text("h_values", language)
    rows = rows[~(rows["indicator"].eq("population") & rows["sources"].map(is_weak))]
    if rows.empty:
        return [Fold(heading, (words(text("values_none", language)),))]
    figures = counted("n_figures", len(rows), language)
    sources = counted("n_sources", len(source_ids(rows)), language)
    lead = f"{text('values_lead', language)} {figures}; {sources}."
    several = rows["place_id"].nunique() > 1
    table = values_table(rows, heading, language, with_place=several)
    others = [f"place_{known}" for known in reference.languages() if known != language]
    columns = [column for column in rows.columns if column not in (*_NOT_IN_CSV, *others)]
    whole = replace(table, csv=csv_text(rows[columns]))
    return [Fold(heading, (words(lead), whole))]
