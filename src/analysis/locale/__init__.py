"""Words, numbers and dates in Kazakh, Russian and English.

The words are gettext catalogues, one `.po` file a language, with the same keys in each; they are compiled in memory
when a language is first used.
"""

from __future__ import annotations

import csv
import io
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib import resources
from typing import Any

from analysis.errors import UnknownName
from analysis.locale.format import day, number, percent, share
from analysis.reference import check_language

SOURCE = "en"  # the language that a message falls back to

__all__ = [
    "SOURCE",
    "counted",
    "day",
    "keys",
    "number",
    "percent",
    "read_catalogue",
    "read_glossary",
    "share",
    "text",
]


class _Missing(NullTranslations):
    def gettext(self, message: str) -> str:
        raise UnknownName("message", message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1)


def read_catalogue(language: str) -> Any:
    """Return the catalogue of a language as Babel reads it."""
    from babel.messages.pofile import read_po

    with resources.files(__package__).joinpath(f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


@cache
def read_glossary() -> tuple[dict[str, str], ...]:
    """Return the terms of the field: rows with `en`, `kk`, `ru` and a `note`."""
    with resources.files(__package__).joinpath("glossary.csv").open("r", encoding="utf-8") as file:
        return tuple(csv.DictReader(file))


@cache
def _translations(language: str) -> GNUTranslations:
    from babel.messages.mofile import write_mo

    check_language(language)
    compiled = io.BytesIO()
    write_mo(compiled, read_catalogue(language))
    compiled.seek(0)
    translations = GNUTranslations(compiled)
    translations.add_fallback(_Missing() if language == SOURCE else _translations(SOURCE))
    return translations


def text(key: str, language: str, **values: Any) -> str:
    """Return a message in a language, its placeholders filled.

    Examples
    --------
    >>> text("no_data", "kk")
    'дерек жоқ'
    """
    return _translations(language).gettext(key).format(**values)


def counted(key: str, n: int, language: str, **values: Any) -> str:
    """Return a message in the plural form that `n` takes in a language; `{n}` is the number by CLDR.

    Examples
    --------
    >>> counted("n_sources", 21, "ru"), counted("n_sources", 3, "ru"), counted("n_sources", 5, "kk")
    ('21 источник', '3 источника', '5 дереккөз')
    """
    return _translations(language).ngettext(key, key, n).format(n=number(n, language), **values)


@cache
def _keys() -> tuple[str, ...]:
    return tuple(
        message.id for message in read_catalogue("en") if message.id and isinstance(message.id, str)
    )


def keys(prefix: str) -> list[str]:
    """Return the keys of the messages that begin so.

    Examples
    --------
    >>> "t_land" in keys("t_")
    True
    """
    return [key for key in _keys() if key.startswith(prefix)]
