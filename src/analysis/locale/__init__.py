"""Words, numbers and dates in the languages of the suite.

The words are gettext catalogues, one `.po` file per language, compiled in memory when a language
is first used. A message that a language lacks is taken from English.
"""

from __future__ import annotations

import csv
import io
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from typing import Any

from analysis.errors import DataError, UnknownName
from analysis.locale.format import alphabetical, dated, day, days, month, number, percent, share
from analysis.locale.publishers import note_words, publisher_words
from analysis.reference import check_language

SOURCE = "en"  # the language that a message falls back to

__all__ = [
    "SOURCE",
    "alphabetical",
    "counted",
    "dated",
    "day",
    "days",
    "keys",
    "month",
    "note_words",
    "number",
    "percent",
    "publisher_words",
    "read_catalogue",
    "read_glossary",
    "sentence",
    "share",
    "text",
]


class _Missing(NullTranslations):
    def gettext(self, message: str) -> str:
        raise UnknownName("message", message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1)


def read_catalogue(language: str) -> Any:
    """Return the catalogue of a language as Babel reads it.

    Raises
    ------
    DataError
        If there is no such file.
    """
    from babel.messages.pofile import read_po

    path = resources.files("analysis.locale") / f"{language}.po"
    if not path.is_file():
        raise DataError.one(
            file=f"{language}.po",
            found="no such file",
            expected="a catalogue in src/analysis/locale for each row of languages.csv",
            remedy="Copy en.po and translate what you can: the rest stays English.",
        )
    with path.open("rb") as file:
        # Where a message stands is told to translators; here a key is enough.
        lines = [line for line in file if not line.startswith(b"msgctxt ")]
    return read_po(io.BytesIO(b"".join(lines)), locale=language, abort_invalid=True)


@cache
def read_glossary() -> tuple[dict[str, str], ...]:
    """Return the terms of the field: one row per term, a column per language, and a `note`."""
    path = resources.files("analysis.locale") / "glossary.csv"
    with path.open("r", encoding="utf-8") as file:
        terms = csv.DictReader(file)
        return tuple(terms)


@cache
def _translations(language: str) -> GNUTranslations:
    from babel.messages.mofile import write_mo

    check_language(language)
    catalogue = read_catalogue(language)
    for key in [message.id for message in catalogue if _is_incomplete(message)]:
        del catalogue[key]  # else its key would be printed
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    translations = GNUTranslations(compiled)
    if language == SOURCE:
        translations.add_fallback(_Missing())
    else:
        translations.add_fallback(_translations(SOURCE))
    return translations


def _is_incomplete(message: Any) -> bool:
    if not message.id:  # the header of the catalogue
        return False
    forms = message.string
    if not isinstance(forms, tuple):
        forms = (forms,)
    return not all(forms)


def text(key: str, language: str, **values: Any) -> str:
    """Return a message in a language, its placeholders filled.

    Examples
    --------
    >>> text("no_data", "kk")
    'дерек жоқ'
    """
    message = _translations(language).gettext(key)
    return message.format(**values)


def sentence(words: str) -> str:
    """Return words with a capital letter at the start, whatever name they begin with.

    Examples
    --------
    >>> sentence("область Жетісу: 4")
    'Область Жетісу: 4'
    """
    return words[:1].upper() + words[1:]


def counted(key: str, n: int, language: str, **values: Any) -> str:
    """Return a message in the plural form that `n` takes; `{n}` is the number by CLDR.

    Examples
    --------
    >>> counted("n_sources", 21, "ru"), counted("n_sources", 3, "ru"), counted("n_sources", 5, "kk")
    ('21 источник', '3 источника', '5 дереккөз')
    """
    message = _translations(language).ngettext(key, key, n)
    printed = number(n, language)
    return message.format(n=printed, **values)


@cache
def _keys() -> tuple[str, ...]:
    found = []
    for message in read_catalogue(SOURCE):
        # A message with plural forms has a tuple as its id, and the header none.
        if message.id and isinstance(message.id, str):
            found.append(message.id)
    return tuple(found)


def keys(prefix: str) -> list[str]:
    """Return the keys of the messages that begin so.

    Examples
    --------
    >>> "t_land" in keys("t_")
    True
    """
    return [key for key in _keys() if key.startswith(prefix)]
