"""What the level of an interval means: the tails outside it, and the quantiles of its bounds."""

from __future__ import annotations

from typing import Any

from scipy import stats as scipy_stats


def tail(level: float) -> float:
    """Return the probability on each side outside an interval."""
    return (1 - level) / 2


def tails(level: float) -> tuple[float, float]:
    """Return the probabilities below the two bounds of an interval.

    Examples
    --------
    >>> tails(0.5)
    (0.25, 0.75)
    """
    return (1 - level) / 2, (1 + level) / 2


def normal_quantile(level: float) -> float:
    """Return the reach of an interval in standard errors, for a normal estimate.

    Examples
    --------
    >>> round(normal_quantile(0.95), 2)
    1.96
    """
    _, below_upper = tails(level)
    return float(scipy_stats.norm.ppf(below_upper))


def t_quantile(level: float, freedom: Any) -> Any:
    """Return the reach of an interval in standard errors, for an estimate that follows Student's t.

    Examples
    --------
    >>> round(float(t_quantile(0.95, 9)), 2)
    2.26
    """
    _, below_upper = tails(level)
    return scipy_stats.t.ppf(below_upper, freedom)
