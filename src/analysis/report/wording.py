"""How a report says a place, a period, a value and its range."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.locale import day, number, share, text

ALAKOL = "333400000"


def _bare(value: float, row: Any, language: str) -> str:
    if row.unit == "share":
        return share(value, language)
    if row.unit == "change":
        return ("+" if value > 0 else "") + share(value, language).replace("-", "−")
    return number(value, language)


def value_words(row: Any, language: str) -> str:
    """Print a value with its precision and, where sources print different figures, their range.

    Parameters
    ----------
    row : named tuple
        A row of a loaded series.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> from analysis import load
    >>> rows = load.load_akim_elections(indicator="turnout_share", place="KZ-ALM", office="rural")
    >>> value_words(next(rows.itertuples()), "en")
    '66.5% (range across sources: 66%–66.5%)'
    """
    value = _bare(row.value, row, language)
    if row.precision in ("at_least", "at_most"):
        return text(row.precision, language, value=value)
    if row.precision == "rounded":
        value = text("rounded_words", language, value=value)
    if pd.notna(row.low) and pd.notna(row.high) and row.low < row.high:
        low, high = _bare(row.low, row, language), _bare(row.high, row, language)
        return text("range_words", language, value=value, low=low, high=high)
    return value


def period_words(row: Any, language: str) -> str:
    """Print a period: a year as such, a day as a date, anything else from day to day.

    Examples
    --------
    >>> from analysis import load
    >>> rows = load.load_appeals(indicator="administrative_lawsuits_filed")
    >>> [period_words(row, "en") for row in rows[1:4].itertuples()]
    ['2022', '2023', '2024']
    """
    from babel.dates import format_interval

    start, end = row.period_start.date(), row.period_end.date()
    if start == end or row.measure == "stock":
        return day(end, language)
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
    return format_interval(start, end, "yMMMd", locale=language)


def figure_label(row: Any, language: str) -> str:
    """Say what a row counts: its indicator, its register or office, and the part it is broken down to."""
    label = text(f"indicator_{row.indicator}", language)
    if row.register and row.register != "national" and not row.indicator.startswith(row.register):
        label += f" — {text(f'register_{row.register}', language)}"
    if row.office:
        label += f" — {text(f'term_office_{row.office}', language)}"
    if row.vote:
        label += f" — {text(f'vote_{row.vote}', language)}"
    if pd.notna(row.stage):
        label += f" ({text(f'stage_{row.stage}', language)})"
    if row.breakdown_value:
        part = text(f"value_{row.breakdown_value}", language)
        label += f"; {text(f'breakdown_{row.breakdown}', language)}: {part}"
    if row.unit in ("years", "days"):
        label += f", {text(f'unit_{row.unit}', language)}"
    return label[0].upper() + label[1:]
