"""The arithmetic of Kendall's S: scores, variances, slopes of all pairs, exact and normal tails."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[Any]

_PAIR = 2


@dataclass(frozen=True, eq=False)
class Scores:
    """S, its variance, the denominator of tau-b, and the sorted slopes of all pairs, by row."""

    s: Array
    variance: Array
    pairs: Array
    slopes: Array


def score_rows(rows: Array, times: Array) -> Scores:
    """Return the scores of each row.

    Times must not fall. A row may hold NaN: its pairs drop out, and their slopes stand last as NaN.
    """
    first, second = np.triu_indices(rows.shape[1], 1)
    change = rows[:, second] - rows[:, first]
    gap = times[second] - times[first]
    tied = bool((gap == 0).any())
    moving = change[:, gap != 0] if tied else change
    up = np.count_nonzero(moving > 0, axis=1)
    down = np.count_nonzero(moving < 0, axis=1)
    variance, pairs = _tied_variance(rows, times) if tied else _untied_variance(rows)
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = np.divide(change, np.where(gap == 0, nan, gap), out=change)
    slopes.sort(axis=1)
    return Scores((up - down).astype(float), variance, pairs, slopes)


def _tied_variance(rows: Array, times: Array) -> tuple[Array, Array]:
    found = []
    for row in rows:
        there = ~np.isnan(row)
        found.append(_variance_and_pairs(row[there], times[there]))
    variance, pairs = np.array(found).T
    return variance, pairs


def _tie_sums(row: Array) -> tuple[float, float, float]:
    t = np.unique(row, return_counts=True)[1].astype(float)
    pairs = t * (t - 1)
    with_variance = pairs * (2 * t + 5)
    triples = pairs * (t - 2)
    return float(with_variance.sum()), float(triples.sum()), float(pairs.sum())


def _variance_and_pairs(row: Array, times: Array) -> tuple[float, float]:
    """Return the variance of S and the denominator of tau-b, with ties in values and in times."""
    n = len(row)
    if n <= 1:
        return 0.0, 0.0
    x1, x2, x3 = _tie_sums(row)
    t1, t2, t3 = _tie_sums(times)
    pairs = n * (n - 1)
    variance = (pairs * (2 * n + 5) - x1 - t1) / 18 + x3 * t3 / (2 * pairs)
    if n > _PAIR:
        variance += x2 * t2 / (9 * pairs * (n - 2))
    return variance, sqrt((pairs - x3) / 2 * (pairs - t3) / 2)


def _untied_variance(rows: Array) -> tuple[Array, Array]:
    """Return variances and denominators of all rows at once where no two times are equal."""
    n = np.count_nonzero(~np.isnan(rows), axis=1).astype(float)
    ordered = np.sort(rows, axis=1)
    begins = np.ones(rows.shape, dtype=bool)
    begins[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    place = np.flatnonzero(begins)
    t = np.diff(place, append=rows.size).astype(float)
    row = place // rows.shape[1]
    tied = t * (t - 1)
    x1 = np.bincount(row, weights=tied * (2 * t + 5), minlength=len(rows))
    x3 = np.bincount(row, weights=tied, minlength=len(rows))
    pairs = n * (n - 1)
    variance = (pairs * (2 * n + 5) - x1) / 18
    return variance, np.sqrt((pairs - x3) / 2 * pairs / 2)


def slope_bounds(slopes: Array, half_width: Array) -> tuple[Array, Array, Array]:
    """Return the median slope and the slopes `half_width` ranks around it (Gilbert 1987, 16.5)."""
    count = np.count_nonzero(~np.isnan(slopes), axis=1)
    row, last = np.arange(len(slopes)), np.maximum(count - 1, 0)
    middle, next_one = last // 2, np.minimum((last + 1) // 2, last)
    median = (slopes[row, middle] + slopes[row, next_one]) / 2
    low_rank = np.round((count - half_width) / 2) - 1
    high_rank = np.round((count + half_width) / 2)
    at_low = slopes[row, np.clip(low_rank, 0, last).astype(int)]
    at_high = slopes[row, np.clip(high_rank, 0, last).astype(int)]
    low = np.where(low_rank < 0, -inf, at_low)
    high = np.where(high_rank > last, inf, at_high)
    return median, low, high


def _null_distribution(n: int) -> tuple[Array, Array]:
    """Return the values of S and their probabilities if all n! orders are equally likely."""
    ways = np.ones(1)
    for i in range(2, n + 1):
        ways = np.convolve(ways, np.ones(i)) / i
    most = n * (n - 1) // 2
    return np.arange(-most, most + 1, 2), ways


def exact_p_value(s: float, n: int, alternative: str) -> float:
    """Return the exact p-value of S without ties."""
    values, probability = _null_distribution(n)
    upper = probability[values >= s].sum()
    lower = probability[values <= s].sum()
    tails = {"greater": upper, "less": lower, "two-sided": 2 * min(upper, lower)}
    return min(1.0, float(tails[alternative]))


def exact_half_width(n: int, level: float) -> float:
    """Return the half width in ranks of the exact slope interval (Hollander, Wolfe 1999, 9.3)."""
    values, probability = _null_distribution(n)
    beyond = probability[::-1].cumsum()[::-1]
    allowed = values[beyond <= (1 - level) / 2 + 1e-12]
    return float(allowed.min() - 2) if len(allowed) else inf


def standardise(s: Array, variance: Array, *, continuity: bool = True) -> Array:
    """Return S in standard deviations, pulled in by one (continuity) unless told otherwise."""
    corrected = np.sign(s) * (np.abs(s) - 1) if continuity else s
    possible = (variance > 0) & (s != 0)
    zeros = np.zeros_like(s, dtype=float)
    return np.divide(corrected, np.sqrt(variance), out=zeros, where=possible)


def normal_p_value(z: Array, alternative: str) -> Array:
    """Return the p-value of a standard normal statistic."""
    if alternative == "two-sided":
        return np.minimum(1.0, 2 * special.ndtr(-np.abs(z)))
    return special.ndtr(-z) if alternative == "greater" else special.ndtr(z)
