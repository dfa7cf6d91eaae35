"""How a report prints a period, a value with its range, and what a figure counts."""

from __future__ import annotations

from datetime import date
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
    has_range = pd.notna(row.low) and pd.notna(row.high) and row.low < row.high
    if not has_range:
        return value
    return text(
        "range_words",
        language,
        value=value,
        low=_bare(row.low, row, language),
        high=_bare(row.high, row, language),
    )


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
    if not _is_whole_years(start, end):
        return days(start, end, language)
    if start.year == end.year:
        return str(start.year)
    return f"{start.year}–{end.year}"


def _is_whole_years(start: date, end: date) -> bool:
    begins = (start.month, start.day) == _NEW_YEAR
    ends = (end.month, end.day) == _LAST_DAY
    return begins and ends


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
    if _has_register_to_name(row):
        register = text(f"register_{row.register}", language)
        label += f" — {register}"
    if row.office:
        office = text(f"term_office_{row.office}", language)
        label += f" — {office}"
    if row.vote:
        vote = reference.vote(row.vote).name(language)
        label += f" — {vote}"
    if pd.notna(row.stage):
        stage = text(f"stage_{row.stage}", language)
        label += f" ({stage})"
    if row.breakdown_value:
        label += f"; {_part(row, language)}"
    if row.unit in ("years", "days"):
        unit = text(f"unit_{row.unit}", language)
        label += f", {unit}"
    return label[0].upper() + label[1:]


def _has_register_to_name(row: Any) -> bool:
    if not row.register or row.register == "national":
        return False
    named_by_indicator = row.indicator.startswith(row.register)
    return not named_by_indicator


def _part(row: Any, language: str) -> str:
    kind = text(f"breakdown_{row.breakdown}", language)
    value = text(f"value_{row.breakdown_value}", language)
    return f"{kind}: {value}"
