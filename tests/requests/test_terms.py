"""Terms of the law: fifty of them, worked out by hand from the days off written here."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from analysis.errors import UnknownName
from analysis.requests.terms import is_working_day, term_end

# Days off on what would be days of work, by hand from the law on holidays and the decisions on moved
# days of each year; and Saturdays and Sundays on which work was done instead.
OFF = """
2022-08-29 2022-08-30
2024-05-01 2024-05-07 2024-05-08 2024-05-09
2025-01-01 2025-01-02 2025-01-03 2025-01-07 2025-03-10 2025-03-21 2025-03-24 2025-03-25 2025-05-01
2025-05-07 2025-05-09 2025-06-06 2025-07-07 2025-09-01 2025-10-27 2025-12-16
2026-01-01 2026-01-02 2026-01-07 2026-03-09 2026-03-23 2026-03-24 2026-03-25 2026-05-01 2026-05-07
2026-05-11 2026-05-27 2026-07-06 2026-10-26 2026-12-16 2027-01-01 2027-01-04 2027-01-07
"""
WORKED = ("2022-08-27", "2024-05-04", "2025-01-05")

# received, term, unit, first end, last end, provisional
TERMS = [
    ("2025-01-02", 15, "calendar_days", "2025-01-16", "2025-01-17", False),
    ("2025-02-21", 15, "calendar_days", "2025-03-07", "2025-03-11", False),
    ("2025-02-22", 15, "calendar_days", "2025-03-08", "2025-03-11", False),
    ("2025-03-06", 15, "calendar_days", "2025-03-20", "2025-03-26", False),
    ("2025-03-10", 15, "calendar_days", "2025-03-24", "2025-03-26", False),
    ("2025-04-16", 15, "calendar_days", "2025-04-30", "2025-05-02", False),
    ("2025-04-22", 15, "calendar_days", "2025-05-06", "2025-05-08", False),
    ("2025-04-24", 15, "calendar_days", "2025-05-08", "2025-05-12", False),
    ("2025-05-22", 15, "calendar_days", "2025-06-05", "2025-06-09", False),
    ("2025-05-23", 15, "calendar_days", "2025-06-06", "2025-06-09", False),
    ("2025-06-20", 15, "calendar_days", "2025-07-04", "2025-07-08", False),
    ("2025-06-21", 15, "calendar_days", "2025-07-05", "2025-07-08", False),
    ("2025-08-15", 15, "calendar_days", "2025-08-29", "2025-09-02", False),
    ("2025-10-10", 15, "calendar_days", "2025-10-24", "2025-10-28", False),
    ("2025-10-11", 15, "calendar_days", "2025-10-25", "2025-10-28", False),
    ("2025-12-01", 15, "calendar_days", "2025-12-15", "2025-12-17", False),
    ("2025-12-18", 15, "calendar_days", "2026-01-01", "2026-01-05", False),
    ("2025-12-22", 15, "calendar_days", "2026-01-05", "2026-01-06", False),
    ("2026-02-20", 15, "calendar_days", "2026-03-06", "2026-03-10", False),
    ("2026-02-21", 15, "calendar_days", "2026-03-07", "2026-03-10", False),
    ("2026-03-05", 15, "calendar_days", "2026-03-19", "2026-03-20", False),
    ("2026-03-06", 15, "calendar_days", "2026-03-20", "2026-03-26", False),
    ("2026-04-24", 15, "calendar_days", "2026-05-08", "2026-05-12", False),
    ("2026-05-12", 15, "calendar_days", "2026-05-26", "2026-05-28", True),
    ("2026-05-11", 15, "calendar_days", "2026-05-25", "2026-05-26", True),
    ("2026-10-09", 15, "calendar_days", "2026-10-23", "2026-10-27", False),
    ("2026-10-10", 15, "calendar_days", "2026-10-24", "2026-10-27", False),
    ("2026-12-01", 15, "calendar_days", "2026-12-15", "2026-12-17", False),
    ("2026-12-17", 15, "calendar_days", "2026-12-31", "2027-01-05", False),
    ("2024-02-14", 15, "calendar_days", "2024-02-28", "2024-02-29", False),
    ("2025-01-01", 5, "working_days", "2025-01-10", "2025-01-10", False),
    ("2025-03-05", 5, "working_days", "2025-03-12", "2025-03-13", False),
    ("2025-03-19", 5, "working_days", "2025-03-28", "2025-03-31", False),
    ("2025-04-28", 5, "working_days", "2025-05-05", "2025-05-06", False),
    ("2025-05-05", 5, "working_days", "2025-05-13", "2025-05-14", False),
    ("2025-06-03", 5, "working_days", "2025-06-10", "2025-06-11", False),
    ("2026-03-04", 5, "working_days", "2026-03-11", "2026-03-12", False),
    ("2026-03-19", 5, "working_days", "2026-03-30", "2026-03-31", False),
    ("2026-05-22", 5, "working_days", "2026-05-29", "2026-06-01", True),
    ("2026-12-14", 5, "working_days", "2026-12-21", "2026-12-22", False),
    ("2024-04-30", 5, "working_days", "2024-05-06", "2024-05-10", False),
    ("2025-03-20", 3, "working_days", "2025-03-27", "2025-03-28", False),
    ("2026-05-06", 3, "working_days", "2026-05-12", "2026-05-13", False),
    ("2026-10-23", 3, "working_days", "2026-10-28", "2026-10-29", False),
    ("2022-08-25", 3, "working_days", "2022-08-27", "2022-08-31", False),
    ("2025-03-03", 20, "working_days", "2025-04-03", "2025-04-04", False),
    ("2026-05-04", 20, "working_days", "2026-06-03", "2026-06-04", True),
    ("2025-11-30", 3, "months", "2026-02-27", "2026-03-02", False),
    ("2026-01-15", 3, "months", "2026-04-14", "2026-04-15", False),
    ("2026-02-27", 3, "months", "2026-05-26", "2026-05-28", True),
]


def works(day: date) -> bool:
    if str(day) in WORKED:
        return True
    return day.weekday() < 5 and str(day) not in OFF


def by_hand(received: date, term: int, unit: str) -> tuple[date, date]:
    """The two ends, counted day by day on the calendar written above."""
    ends = []
    for start in (received, received + timedelta(days=1)):
        day, left = start, term
        while True:
            left -= 1 if unit == "calendar_days" or works(day) else 0
            if left == 0:
                break
            day += timedelta(days=1)
        ends.append(day)
    while not works(ends[1]):
        ends[1] += timedelta(days=1)
    return ends[0], ends[1]


def test_there_are_fifty():
    assert len(TERMS) == len(set(TERMS)) == 50


@pytest.mark.parametrize(("received", "term", "unit", "first", "last", "provisional"), TERMS)
def test_a_term_ends_when_the_table_says(received, term, unit, first, last, provisional):
    found = term_end(date.fromisoformat(received), term, unit)
    assert (str(found.first), str(found.last)) == (first, last)
    assert found.is_provisional is provisional
    if unit != "months":
        counted = by_hand(date.fromisoformat(received), term, unit)
        assert (str(counted[0]), str(counted[1])) == (first, last)


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_calendar_of_holidays_is_the_one_written_by_hand(year):
    day = date(year, 1, 1)
    while day.year == year:
        assert is_working_day(day) == works(day), day
        day += timedelta(days=1)


def test_an_answer_is_late_only_after_the_reading_that_leaves_most_time():
    term = term_end(date(2026, 10, 9), 15, "calendar_days")  # the 24th is a Saturday, the 26th off
    days = (date(2026, 10, 23), date(2026, 10, 24), date(2026, 10, 27), date(2026, 10, 28))
    assert [term.state(day) for day in days] == ["running", "due", "due", "over"]


def test_a_unit_that_no_law_uses_is_named():
    with pytest.raises(UnknownName, match="unit of a term 'weeks'"):
        term_end(date(2026, 1, 1), 1, "weeks")
