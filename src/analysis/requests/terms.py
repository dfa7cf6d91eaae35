"""When a term of the law ends, by the calendar of Kazakhstan.

The articles read (Law 401-V art. 11, edition of 30 December 2022; APPC art. 92 and 99, edition of
5 November 2022) say "from the day of receipt" and do not say whether that day counts, or what
becomes of a term that ends on a day off. So a term has two ends: the first by the strictest
reading, the last by the one that leaves a body most time. Only after the last is an answer late.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from analysis.errors import check_known

UNITS = ("calendar_days", "working_days", "months")
_ESTIMATED = "(estimated)"
_DAY = timedelta(days=1)
_MONTHS = 12


@dataclass(frozen=True)
class Term:
    """When a term ends: `first` by the strictest reading, `last` by the longest.

    `is_provisional` where the calendar only estimates a day off that may move the end.
    """

    first: date
    last: date
    is_provisional: bool

    def state(self, on: date) -> str:
        """Return "running", "due" (between the two readings) or "over" on a day.

        Examples
        --------
        >>> ends = term_end(date(2026, 2, 2), 15, "calendar_days")
        >>> ends.state(date(2026, 2, 16)), ends.state(date(2026, 2, 18))
        ('running', 'over')
        """
        if on <= self.first:
            return "running"
        return "due" if on <= self.last else "over"


@cache
def _calendar() -> Any:
    import holidays

    return holidays.country_holidays("KZ")


def is_working_day(day: date) -> bool:
    """Return whether a day is one of work: public holidays and moved days off are not.

    A Saturday or Sunday to which work was moved is one.

    Examples
    --------
    >>> is_working_day(date(2026, 3, 9)), is_working_day(date(2024, 5, 4))
    (False, True)
    """
    return bool(_calendar().is_working_day(day))


def is_estimated(day: date) -> bool:
    """Return whether a day off is only estimated by the calendar, as Eid al-Adha is.

    Examples
    --------
    >>> is_estimated(date(2026, 5, 27)), is_estimated(date(2025, 6, 6))
    (True, False)
    """
    holiday = _calendar().get(day, "")
    return _ESTIMATED in holiday


def term_end(received: date, term: int, unit: str) -> Term:
    """Return when a term that runs from a day of receipt ends.

    Parameters
    ----------
    received : datetime.date
        The day on which the letter reached the body, or on which it was registered.
    term : int
        Of days or months.
    unit : {"calendar_days", "working_days", "months"}

    Returns
    -------
    Term

    Raises
    ------
    UnknownName
        For another unit.

    Examples
    --------
    >>> term_end(date(2026, 10, 9), 15, "calendar_days")
    Term(first=datetime.date(2026, 10, 23), last=datetime.date(2026, 10, 27), is_provisional=False)
    """
    check_known("unit of a term", unit, UNITS)
    if unit == "calendar_days":
        first, counted = received + (term - 1) * _DAY, received + term * _DAY
    elif unit == "working_days":
        first, counted = _working_days(received, term), _working_days(received + _DAY, term)
    else:
        counted = _months_later(received, term)
        first = counted - _DAY
    last = _next_working(counted)
    return Term(first, last, _touches_estimate(received, last, unit))


def _working_days(start: date, term: int) -> date:
    """Return the last of so many working days, the first of which is the start or the next."""
    day = _next_working(start)
    for _ in range(term - 1):
        day = _next_working(day + _DAY)
    return day


def _next_working(day: date) -> date:
    while not is_working_day(day):
        day += _DAY
    return day


def _months_later(day: date, months: int) -> date:
    counted = day.month - 1 + months
    years, before = divmod(counted, _MONTHS)
    year, month = day.year + years, before + 1
    _, last = calendar.monthrange(year, month)
    return date(year, month, min(day.day, last))


def _touches_estimate(received: date, last: date, unit: str) -> bool:
    """Return whether an estimated day off lies where it can move the end.

    Such a day may fall a day earlier or later: near the end of a calendar term, anywhere in one of
    working days.
    """
    start = received if unit == "working_days" else last - 2 * _DAY
    length = (last - start).days + 2
    for n in range(length):
        day = start + n * _DAY
        if is_estimated(day):
            return True
    return False
