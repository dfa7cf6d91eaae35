"""Words, numbers and dates in Kazakh, Russian and English."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from analysis.errors import UnknownName

LANGUAGES = ("en", "kk", "ru")


@cache
def _messages() -> dict[str, dict[str, str]]:
    folder = resources.files(__package__)
    texts = [folder.joinpath(name).read_text("utf-8") for name in ("messages.csv", "stats.csv", "rollup.csv")]
    return {row["key"]: row for text in texts for row in csv.DictReader(text.splitlines())}


def text(key: str, language: str, **values: Any) -> str:
    """Return a message in a language, its placeholders filled.

    Examples
    --------
    >>> text("no_data", "kk")
    'дерек жоқ'
    """
    if language not in LANGUAGES:
        raise UnknownName(f"language {language!r} is not known. Known: {', '.join(LANGUAGES)}")
    return _messages()[key][language].format(**values)


def keys(prefix: str) -> list[str]:
    """Return the keys of the messages that begin so.

    Examples
    --------
    >>> "t_land" in keys("t_")
    True
    """
    return [key for key in _messages() if key.startswith(prefix)]


def number(value: float, language: str) -> str:
    """Format a number by CLDR.

    Examples
    --------
    >>> number(28300, "en")
    '28,300'
    """
    from babel.numbers import format_decimal

    return format_decimal(value, locale=language)


def percent(share: float, language: str, *, digits: int = 1) -> str:
    """Format a share of 0..1 as a percentage by CLDR.

    Examples
    --------
    >>> percent(0.791, "en")
    '79.1%'
    """
    from babel import Locale
    from babel.numbers import format_percent

    pattern = Locale.parse(language).percent_formats[None].pattern
    decimals = "0." + "0" * digits if digits else "0"
    return format_percent(share, format=pattern.replace("##0", "##" + decimals), locale=language)


def day(value: date, language: str) -> str:
    """Format a date by CLDR.

    Examples
    --------
    >>> from datetime import date
    >>> day(date(2021, 7, 25), "en")
    'July 25, 2021'
    """
    from babel.dates import format_date

    return format_date(value, format="long", locale=language)
