"""How a report prints a period, a value with its range, and what a figure counts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis import reference
from analysis.locale import day, days, number, share, text

_NEW_YEAR, _LAST_DAY = (1, 1), (12, 31)


def _bare(value: float, row: Any, language: str) -> str:
    if row.unit == "share":
        return share(value, language)
    if row.unit == "change":
        sign = "+" if value > 0 else ""
        return sign + share(value, language)
    return number(value, language)


def value_words(row: Any, language: str) -> str:
    """Return a value in words, with its precision and the range where sources differ.

    Parameters
    ----------
    row : named tuple
        A row of a loaded series.
    language : str
        One of `analysis.reference.languages()`.

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> rows = load_akim_elections(indicator="turnout_share", place="KZ-ALM", office="rural")
    >>> value_words(next(rows.itertuples()), "en")
    '66.5%'
    """
    value = _bare(row.value, row, language)
    if row.precision in ("at_least", "at_most"):
        return text(row.precision, language, value=value)
    if row.precision == "rounded":
        value = text("rounded_words", language, value=value)
    if pd.isna(row.low) or pd.isna(row.high) or row.low >= row.high:
        return value
    low, high = _bare(row.low, row, language), _bare(row.high, row, language)
    return text("range_words", language, value=value, low=low, high=high)


def period_words(row: Any, language: str) -> str:
    """Return a period in words: a year as such, a day as a date, anything else from day to day.

    Examples
    --------
    >>> from analysis import load_appeals
    >>> rows = load_appeals(indicator="administrative_lawsuits_filed")
    >>> [period_words(row, "en") for row in rows[1:4].itertuples()]
    ['2022', '2023', '2024']
    """
    start, end = row.period_start.date(), row.period_end.date()
    if start == end or row.measure == "stock":
        return day(end, language)
    if (start.month, start.day) == _NEW_YEAR and (end.month, end.day) == _LAST_DAY:
        return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"
    return days(start, end, language)


def figure_label(row: Any, language: str) -> str:
    """Return what a row counts: its indicator, register or office, vote, stage and breakdown.

    Examples
    --------
    >>> from analysis import load_turnout
    >>> rows = load_turnout(vote="referendum_2026")
    >>> figure_label(next(rows.itertuples()), "en")
    'Turnout — referendum on the new Constitution, 2026 (preliminary)'
    """
    label = text(f"indicator_{row.indicator}", language)
    if row.register and row.register != "national" and not row.indicator.startswith(row.register):
        label += f" — {text(f'register_{row.register}', language)}"
    if row.office:
        label += f" — {text(f'term_office_{row.office}', language)}"
    if row.vote:
        label += f" — {reference.vote(row.vote).name(language)}"
    if pd.notna(row.stage):
        label += f" ({text(f'stage_{row.stage}', language)})"
    if row.breakdown_value:
        label += f"; {_part(row, language)}"
    if row.unit in ("years", "days"):
        label += f", {text(f'unit_{row.unit}', language)}"
    return label[0].upper() + label[1:]


def _part(row: Any, language: str) -> str:
    kind = text(f"breakdown_{row.breakdown}", language)
    return f"{kind}: {text(f'value_{row.breakdown_value}', language)}"
