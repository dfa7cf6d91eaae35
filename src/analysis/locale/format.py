"""Numbers, shares and dates as people of a language write them, by CLDR."""

from __future__ import annotations

from datetime import date


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


def share(value: float, language: str) -> str:
    """Format a share of 0..1 as its source does: up to two decimals of a percent, none added.

    Examples
    --------
    >>> share(0.7849, "en"), share(0.665, "kk"), share(0.05, "en")
    ('78.49%', '66,5%', '5%')
    """
    from babel import Locale
    from babel.numbers import format_percent

    pattern = Locale.parse(language).percent_formats[None].pattern.replace("##0", "##0.##")
    return format_percent(round(value, 6), format=pattern, locale=language)


# Babel knows no alphabets. The letters of Kazakh hold those of Russian in their order; Latin ones
# come before them.
_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_PLACES = {letter: chr(0x430 + place) for place, letter in enumerate(_ALPHABET)}


def alphabetical(name: str) -> str:
    """Return the key by which a name is sorted in the order of the Kazakh and Russian alphabets.

    Examples
    --------
    >>> sorted(["Ұлытау", "Шымкент", "Қостанай", "Түркістан", "Алматы", "Ақмола"], key=alphabetical)
    ['Ақмола', 'Алматы', 'Қостанай', 'Түркістан', 'Ұлытау', 'Шымкент']
    """
    return "".join(_PLACES.get(letter, letter) for letter in name.casefold())
