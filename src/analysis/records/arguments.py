"""What the commands of records take from their callers, checked in one place."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from analysis.errors import DataError


def check_day(value: Any, *, command: str) -> date | None:
    """Return a day given as a date or as text, or None if none was given.

    Raises
    ------
    DataError
        If it is no day.

    Examples
    --------
    >>> check_day("2025-12-31", command="rollup")
    datetime.date(2025, 12, 31)
    """
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise DataError.one(
            file=command,
            column="as_of",
            found=repr(value),
            expected="a day such as 2025-12-31",
            remedy="Correct it.",
        ) from None
