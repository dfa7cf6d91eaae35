"""Read dates, counts and yes or no as people write them.

Say what a value looks like without saying what it is.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import groupby

from analysis.reference.names import latin

FIRST_YEAR, LAST_YEAR = 1900, 2100
MISSING = frozenset(
    {
        "",
        "-",
        "–",
        "—",
        "--",
        "n/a",
        "na",
        "null",
        "none",
        "nan",
        "нет данных",
        "дерек жоқ",
        "...",
        "х",
        "x",
    }
)
_TIME = (
    r"(?:[ T,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?"
    r"\s*(?:Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?"
)
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-./](\d{{1,2}})[-./](\d{{1,2}}){_TIME}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})[-./](\d{{1,2}})[-./](\d{{4}}|\d{{2}}){_TIME}")
_MONTHS = {
    1: ("kantar", "ianvar", "jan"), 2: ("akpan", "fevral", "feb"),
    3: ("nauryz", "mart", "march", "mar"), 4: ("sauir", "aprel", "apr"),
    5: ("mamyr", "mai", "may"), 6: ("mausym", "mausim", "iiun", "jun"),
    7: ("shilde", "iiul", "jul"), 8: ("tamyz", "avgust", "aug"), 9: ("kyrkuiek", "sentiabr", "sep"),
    10: ("kazan", "oktiabr", "oct"), 11: ("karasha", "noiabr", "nov"),
    12: ("zheltoksan", "jeltoksan", "dekabr", "dec"),
}  # fmt: skip
_STEMS = sorted(
    ((stem, month) for month, stems in _MONTHS.items() for stem in stems),
    key=lambda pair: -len(pair[0]),
)
_EPOCH = date(1899, 12, 30)
_CENTURY, _SHORT_YEARS = 2000, 100
_MOST_DAYS, _MOST_MONTHS = 31, 12
_LONGEST_DATE, _LONGEST_PATTERN = 40, 60


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def parse_date(text: str, *, order: str = "dmy") -> date | None:
    """Read a date; a time of day and a zone are left off, the day is the one that is written.

    Parameters
    ----------
    text : str
        "25.07.2021", "2021-07-25T10:00:00", "2021 ж. 25 шілде", "25 июля 2021 г.", a serial number
        of a spreadsheet.
    order : {"dmy", "mdy"}
        What comes first where the year is last.

    Returns
    -------
    datetime.date or None
        None where it is no date.

    Examples
    --------
    >>> parse_date("2021 ж. 25 шілде")
    datetime.date(2021, 7, 25)
    >>> parse_date("25 июля 2021 г.") == parse_date("44402")
    True
    >>> parse_date("07/25/2021 12:00:00 AM", order="mdy")
    datetime.date(2021, 7, 25)
    """
    text = " ".join(text.split())
    if found := _YEAR_FIRST.fullmatch(text):
        return _day(*(int(part) for part in found.groups()))
    if found := _YEAR_LAST.fullmatch(text):
        first, second, year = (int(part) for part in found.groups())
        day, month = (second, first) if order == "mdy" else (first, second)
        return _day(year + _CENTURY if year < _SHORT_YEARS else year, month, day)
    if re.fullmatch(r"\d{8}", text):
        return _day(int(text[:4]), int(text[4:6]), int(text[6:]))
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return _day(*(_EPOCH + timedelta(days=int(float(text)))).timetuple()[:3])
    return _date_in_words(text)


def _date_in_words(text: str) -> date | None:
    words = latin(text)
    numbers = [int(number) for number in re.findall(r"\d+", words)]
    letters = re.findall(r"[a-z]{3,}", words)
    months = {month for word in letters for stem, month in _STEMS if word.startswith(stem)}
    years = [number for number in numbers if FIRST_YEAR <= number <= LAST_YEAR]
    days = [number for number in numbers if 1 <= number <= _MOST_DAYS]
    one_each = len(months) == len(years) == len(days) == 1
    if not one_each or len(text) > _LONGEST_DATE or sorted(numbers) != sorted(days + years):
        return None
    return _day(years[0], months.pop(), days[0])


def day_order(texts: list[str]) -> str | None:
    """Return "dmy" or "mdy" as the dates prove it, or None where they leave it open.

    Examples
    --------
    >>> day_order(["03/15/2023", "04/01/2023"]), day_order(["01/02/2023"])
    ('mdy', None)
    >>> day_order(["01.02.2023"])
    'dmy'
    """
    pairs = [found for text in texts if (found := _YEAR_LAST.fullmatch(" ".join(text.split())))]
    if not pairs:
        return "dmy"
    if any(int(pair[1]) > _MOST_MONTHS for pair in pairs):
        return "dmy"
    if any(int(pair[2]) > _MOST_MONTHS for pair in pairs):
        return "mdy"
    return "dmy" if all("/" not in pair[0] for pair in pairs) else None


def parse_count(text: str, *, decimal: str = "") -> int | None:
    """Read a whole number of at most a thousand million, with thousands by space, point or comma.

    `decimal` is the decimal mark where it is known; without it three digits after a mark are
    thousands.

    Examples
    --------
    >>> parse_count("42 774"), parse_count("1.234"), parse_count("9 мың 779")
    (42774, 1234, 9779)
    >>> parse_count("12,0"), parse_count("12,5")
    (12, None)
    """
    text = re.sub(r"[\s'’]", "", text.casefold())
    if found := re.fullmatch(r"(\d+)(?:мың|тыс\.?|тысяч)(\d{3})?", text):
        return int(found[1]) * 1000 + int(found[2] or 0)
    for mark in ",.".replace(decimal, "") if decimal else ",.":
        if re.fullmatch(rf"\d{{1,3}}(?:\{mark}\d{{3}})+(?:[.,]0+)?", text):
            text = text.replace(
                mark, "", text.count(mark) if decimal else len(re.findall(rf"\{mark}\d{{3}}", text))
            )
            break
    found = re.fullmatch(r"(\d{1,10})(?:[.,]0+)?", text)
    return int(found[1]) if found and int(found[1]) <= 10**9 else None


_YES = frozenset({"yes", "true", "1", "да", "иә", "ия", "болды", "y", "t", "+", "есть", "бар"})
_NO = frozenset({"no", "false", "0", "нет", "жоқ", "болмады", "n", "f"})


def parse_bool(text: str) -> bool | None:
    """Read yes or no in three languages.

    Examples
    --------
    >>> parse_bool("Иә"), parse_bool("нет"), parse_bool("maybe")
    (True, False, None)
    """
    text = text.strip().casefold()
    return True if text in _YES else False if text in _NO else None


def pattern(text: str) -> str:
    """Return what a value looks like: digits as 9, letters as a, repeats counted.

    Examples
    --------
    >>> pattern("870212 ab")
    '9{6} a{2}'
    """

    def sign(letter: str) -> str:
        if letter.isdigit():
            return "9"
        return (
            "a"
            if letter.isalpha()
            else " "
            if letter.isspace()
            else letter
            if letter in ".,:;/-+()@_#*%"
            else "?"
        )

    runs = [(letter, len(list(run))) for letter, run in groupby(map(sign, text[:200]))]
    said = "".join(letter if length == 1 else f"{letter}{{{length}}}" for letter, length in runs)
    return said if len(said) <= _LONGEST_PATTERN else said[:_LONGEST_PATTERN] + "…"
