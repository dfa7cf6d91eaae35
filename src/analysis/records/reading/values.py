"""Read dates, counts and yes or no as people write them; show the form of a value, not itself."""

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
_LONGEST_DATE, _LONGEST_LOOKED_AT, _LONGEST_PATTERN = 40, 200, 60
_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_THOUSANDS = re.compile(r"(\d+)(?:мың|тыс\.?|тысяч)(\d{3})?")
_MOST_COUNT = 10**9


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
        year, month, day = map(int, found.groups())
        return _day(year, month, day)
    if found := _YEAR_LAST.fullmatch(text):
        day, month, year = map(int, found.groups())
        if order == "mdy":
            day, month = month, day
        if year < _SHORT_YEARS:
            year += _CENTURY
        return _day(year, month, day)
    if found := _TOGETHER.fullmatch(text):
        year, month, day = map(int, found.groups())
        return _day(year, month, day)
    if _SERIAL.fullmatch(text):
        days = timedelta(days=int(float(text)))
        written = _EPOCH + days
        return _day(written.year, written.month, written.day)
    return _date_in_words(text)


def _date_in_words(text: str) -> date | None:
    if len(text) > _LONGEST_DATE:
        return None
    words = latin(text)
    numbers = list(map(int, re.findall(r"\d+", words)))
    years = [number for number in numbers if FIRST_YEAR <= number <= LAST_YEAR]
    days = [number for number in numbers if 1 <= number <= _MOST_DAYS]
    months = set()
    for word in re.findall(r"[a-z]{3,}", words):
        months |= {month for stem, month in _STEMS if word.startswith(stem)}
    one_each = len(months) == len(years) == len(days) == 1
    if not one_each or len(numbers) != len(years + days):
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
    tidy = [" ".join(text.split()) for text in texts]
    found = list(filter(None, map(_YEAR_LAST.fullmatch, tidy)))
    if any(int(pair[1]) > _MOST_MONTHS for pair in found):
        return "dmy"
    if any(int(pair[2]) > _MOST_MONTHS for pair in found):
        return "mdy"
    if any("/" in pair[0] for pair in found):
        return None
    return "dmy"


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
    together = re.sub(r"[\s'’]", "", text.casefold())
    if found := _THOUSANDS.fullmatch(together):
        thousands = int(found[1])
        rest = int(found[2] or 0)
        return thousands * 1000 + rest
    whole = _without_marks(together, decimal)
    found = re.fullmatch(r"(\d{1,10})(?:[.,]0+)?", whole)
    if found is None:
        return None
    number = int(found[1])
    return number if number <= _MOST_COUNT else None


def _without_marks(text: str, decimal: str) -> str:
    """Return a number without the marks between its thousands."""
    for mark in ",.":
        if mark == decimal:
            continue
        if re.fullmatch(rf"\d{{1,3}}(?:\{mark}\d{{3}})+(?:[.,]0+)?", text):
            times = text.count(mark)
            if not decimal:
                times = len(re.findall(rf"\{mark}\d{{3}}", text))
            return text.replace(mark, "", times)
    return text


_YES = frozenset({"yes", "true", "1", "да", "иә", "ия", "болды", "y", "t", "+", "есть", "бар"})
_NO = frozenset({"no", "false", "0", "нет", "жоқ", "болмады", "n", "f"})


def parse_bool(text: str) -> bool | None:
    """Read yes or no in three languages.

    Examples
    --------
    >>> parse_bool("Иә"), parse_bool("нет"), parse_bool("maybe")
    (True, False, None)
    """
    word = text.strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    return None


def pattern(text: str) -> str:
    """Return what a value looks like: digits as 9, letters as a, repeats counted.

    Examples
    --------
    >>> pattern("870212 ab")
    '9{6} a{2}'
    """
    signs = map(_sign, text[:_LONGEST_LOOKED_AT])
    said = ""
    for sign, run in groupby(signs):
        length = len(list(run))
        said += sign if length == 1 else f"{sign}{{{length}}}"
    if len(said) > _LONGEST_PATTERN:
        return f"{said[:_LONGEST_PATTERN]}…"
    return said


def _sign(letter: str) -> str:
    if letter.isdigit():
        return "9"
    if letter.isalpha():
        return "a"
    if letter.isspace():
        return " "
    return letter if letter in ".,:;/-+()@_#*%" else "?"
