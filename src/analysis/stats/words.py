"""Numbers as the sentences of `summary` print them."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf, isnan
from typing import Any

import numpy as np

from analysis.locale import text
from analysis.locale.format import share as share_words

__all__ = ["amount", "are_shares", "figure", "names", "p_words", "share_words"]

_SMALLEST_P = 0.001


def figure(value: float, language: str, *, digits: int = 3) -> str:
    """Return a number with so many significant digits, formatted by CLDR.

    Examples
    --------
    >>> figure(0.083333, "ru")
    '0,0833'
    """
    from babel.numbers import format_decimal

    if isnan(value):
        return text("no_data", language)
    if abs(value) == inf:
        return "−∞" if value < 0 else "∞"
    rounded = float(f"{value:.{digits}g}")
    printed = format_decimal(rounded, format="#,##0.##########", locale=language)
    return printed.replace("-", "−")


def names(units: Iterable[Any], language: str) -> str:
    """Return a list of names, or the word for none.

    Examples
    --------
    >>> names(["a", "b"], "en"), names([], "ru")
    ('a, b', 'нет')
    """
    listed = ", ".join(map(str, units))
    return listed or text("stats_none", language)


def p_words(p_value: float, language: str) -> str:
    """Return a p-value with its sign of relation.

    Examples
    --------
    >>> p_words(0.00003, "en"), p_words(0.0417, "en")
    ('p < 0.001', 'p = 0.042')
    """
    if p_value < _SMALLEST_P:
        smallest = figure(_SMALLEST_P, language)
        return f"p < {smallest}"
    rounded = figure(round(p_value, 3), language)
    return f"p = {rounded}"


def are_shares(values: Any) -> bool:
    """Return whether all known values lie in 0..1, so that a difference is read in points."""
    numbers = np.asarray(values, dtype=float)
    known = numbers[~np.isnan(numbers)]
    if not len(known):
        return False
    inside = (known >= 0) & (known <= 1)
    return bool(inside.all())


def amount(value: float, language: str, *, shares: bool) -> str:
    """Return a difference: of shares in percentage points, of anything else as a number.

    Examples
    --------
    >>> amount(0.0934, "en", shares=True), amount(9.34, "ru", shares=False)
    ('9.3 points', '9,34')
    """
    if not shares:
        return figure(value, language)
    points = round(100 * value, 1)
    printed = figure(points, language, digits=6)
    return text("stats_points", language, n=printed)
