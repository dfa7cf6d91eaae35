"""The languages of charts, sentences and reports, and what stands where one has no word."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.errors import check_known
from analysis.store import cached_on, read_rows

_LAST_RESORT = "en"


@cached_on("raw/languages")
def _rows() -> dict[str, dict[str, str]]:
    rows = read_rows("raw/languages")
    return {row["language"]: row for row in rows}


def languages() -> tuple[str, ...]:
    """Return the codes of the languages.

    Examples
    --------
    >>> languages()
    ('en', 'kk', 'ru')
    """
    return tuple(_rows())


def check_language(language: str) -> str:
    """Return the language given if it is one of those known.

    Raises
    ------
    UnknownName
        If it is not.
    """
    return check_known("language", language, languages())


def _row(language: str) -> dict[str, str]:
    known = check_language(language)
    return _rows()[known]


def language_name(language: str) -> str:
    """Return the name of a language in that language.

    Examples
    --------
    >>> language_name("kk")
    'Қазақша'
    """
    row = _row(language)
    return row["name"]


def front_language() -> str:
    """Return the language in which a site opens.

    Examples
    --------
    >>> front_language()
    'kk'
    """
    rows = _rows()
    for language, row in rows.items():
        if row["front_page"] == "yes":
            return language
    return next(iter(rows))


def fallback(language: str) -> tuple[str, ...]:
    """Return the languages to look in, in order, for a name in a language.

    Examples
    --------
    >>> fallback("kk")
    ('kk', 'ru', 'en')
    """
    row = _row(language)
    others = row["fallback"].split()
    return (language, *others)


def mark_not_found(name: str, language: str) -> str:
    """Return a name of another language or script with a mark that says so.

    Examples
    --------
    >>> mark_not_found("Екпендинский сельский округ", "kk")
    'Екпендинский сельский округ (қазақша атауы табылмады)'
    """
    mark = _row(language)["name_not_found"]
    if not mark:
        return name
    return mark.format(name=name)


def in_language(row: Mapping[str, str], column: str, language: str) -> str:
    """Return a text of a row in a language, or in the next language that has it.

    Parameters
    ----------
    row : mapping
        With columns such as `name_en`, `name_kk`.
    column : str
        The part before the language: "name".
    language : str

    Examples
    --------
    >>> in_language({"name_en": "Talgar city", "name_kk": "", "name_ru": ""}, "name", "kk")
    'Talgar city'
    """
    for known in (*fallback(language), _LAST_RESORT):
        text = row.get(f"{column}_{known}", "")
        if text:
            return text
    return ""
