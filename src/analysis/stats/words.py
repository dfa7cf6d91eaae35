"""Numbers as the sentences of `summary` print them."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf, isnan
from typing import Any

from analysis.locale import text


def figure(value: float, language: str, *, digits: int = 3) -> str:
    """Print a number with so many significant digits, by CLDR.

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
    return format_decimal(rounded, format="#,##0.##########", locale=language).replace("-", "−")


def names(units: Iterable[Any], language: str) -> str:
    """List names, or say that there are none.

    Examples
    --------
    >>> names(["a", "b"], "en"), names([], "ru")
    ('a, b', 'нет')
    """
    return ", ".join(map(str, units)) or text("stats_none", language)


def share_words(share: float, language: str) -> str:
    """Print a share as a percentage without needless digits.

    Examples
    --------
    >>> share_words(0.05, "en")
    '5%'
    """
    from babel import Locale
    from babel.numbers import format_percent

    pattern = Locale.parse(language).percent_formats[None].pattern.replace("##0", "##0.##")
    return format_percent(round(share, 6), format=pattern, locale=language)


def p_words(p_value: float, language: str) -> str:
    """Print a p-value with its sign of relation.

    Examples
    --------
    >>> p_words(0.00003, "en"), p_words(0.0417, "en")
    ('p < 0.001', 'p = 0.042')
    """
    if p_value < 0.001:
        return f"p < {figure(0.001, language)}"
    return f"p = {figure(round(p_value, 3), language)}"
