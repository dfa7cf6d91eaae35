"""Numbers, shares and dates as people of a language write them, by CLDR."""

from __future__ import annotations

import re
from datetime import date

# CLDR shortens the word for year ("2021 г."): at the end of a sentence that makes two full stops,
# and documents write it out.
_DAY = {"kk": "y 'жылғы' d MMMM", "ru": "d MMMM y 'года'"}
_MONTH = {"kk": "y 'жылғы' MMMM", "ru": "LLLL y 'года'"}


def number(value: float, language: str) -> str:
    """Format a number by CLDR, with a minus sign instead of a hyphen.

    Examples
    --------
    >>> number(28300, "en"), number(-41, "ru")
    ('28,300', '−41')
    """
    from babel.numbers import format_decimal

    return format_decimal(value, locale=language).replace("-", "−")


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
    with_decimals = pattern.replace("##0", "##" + decimals)
    printed = format_percent(share, format=with_decimals, locale=language)
    return printed.replace("-", "−")


def day(value: date, language: str) -> str:
    """Format a date by CLDR, in Kazakh and Russian with the word for year written out.

    Examples
    --------
    >>> from datetime import date
    >>> [day(date(2021, 7, 25), language) for language in ("en", "kk", "ru")]
    ['July 25, 2021', '2021 жылғы 25 шілде', '25 июля 2021 года']
    """
    from babel.dates import format_date

    return format_date(value, format=_DAY.get(language, "long"), locale=language)


def month(value: date, language: str) -> str:
    """Format the month of a date.

    Examples
    --------
    >>> from datetime import date
    >>> [month(date(2021, 7, 1), language) for language in ("en", "kk", "ru")]
    ['July 2021', '2021 жылғы шілде', 'июль 2021 года']
    """
    from babel.dates import format_date

    return format_date(value, format=_MONTH.get(language, "LLLL y"), locale=language)


def dated(iso: str, language: str) -> str:
    """Format a day, a month or a year, as exactly as it is given; any other text stays as it is.

    Examples
    --------
    >>> dated("2021-07-25", "en"), dated("2021-07", "ru"), dated("2021", "kk")
    ('July 25, 2021', 'июль 2021 года', '2021')
    """
    if re.fullmatch(r"\d{4}-\d\d-\d\d", iso):
        return day(date.fromisoformat(iso), language)
    if re.fullmatch(r"\d{4}-\d\d", iso):
        return month(date.fromisoformat(f"{iso}-01"), language)
    return iso


def days(start: date, end: date, language: str) -> str:
    """Format a time from one day to another.

    Examples
    --------
    >>> from datetime import date
    >>> days(date(2021, 1, 1), date(2021, 5, 31), "kk")
    '2021 жылғы 1 қаңтар – 31 мамыр'
    >>> days(date(2021, 7, 25), date(2024, 12, 31), "ru")
    '25 июля 2021 года – 31 декабря 2024 года'
    """
    from babel.dates import format_date, format_interval

    if language not in _DAY:
        return format_interval(start, end, "yMMMd", locale=language)
    first, last = day(start, language), day(end, language)
    if start.year == end.year and language == "kk":
        last = format_date(end, format="d MMMM", locale=language)
    elif start.year == end.year:
        first = format_date(start, format="d MMMM", locale=language)
    return f"{first} – {last}"


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
    printed = format_percent(round(value, 6), format=pattern, locale=language)
    return printed.replace("-", "−")


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
