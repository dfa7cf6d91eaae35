"""The arithmetic of Kendall's S: scores, variances, slopes of all pairs, exact and normal tails."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from analysis.stats._level import tail

Array = NDArray[Any]

_PAIR = 2
_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Scores:
    """S, its variance, the denominator of tau-b, and the sorted slopes of all pairs, by row."""

    s: Array
    variance: Array
    pairs: Array
    slopes: Array


def has_ties(numbers: Array) -> bool:
    """Return whether two of the numbers are equal."""
    distinct = np.unique(numbers)
    return len(distinct) < len(numbers)


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
    s = (up - down).astype(float)
    if tied:
        variance, pairs = _tied_variance(rows, times)
    else:
        variance, pairs = _untied_variance(rows)

    slopes = _sorted_slopes(change, gap)
    return Scores(s, variance, pairs, slopes)


def _sorted_slopes(change: Array, gap: Array) -> Array:
    """Return the slopes in order, in the memory of the changes: rows may hold millions of pairs."""
    with_time = np.where(gap == 0, nan, gap)
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = np.divide(change, with_time, out=change)
    slopes.sort(axis=1)
    return slopes


def _tied_variance(rows: Array, times: Array) -> tuple[Array, Array]:
    found = []
    for row in rows:
        there = ~np.isnan(row)
        of_row = _variance_and_pairs(row[there], times[there])
        found.append(of_row)
    variance, pairs = np.array(found).T
    return variance, pairs


def _tie_sums(row: Array) -> tuple[float, float, float]:
    counts = np.unique(row, return_counts=True)[1]
    t = counts.astype(float)
    pairs = t * (t - 1)
    with_variance = pairs * (2 * t + 5)
    triples = pairs * (t - 2)
    return (
        float(with_variance.sum()),
        float(triples.sum()),
        float(pairs.sum()),
    )


def _variance_and_pairs(row: Array, times: Array) -> tuple[float, float]:
    """Return the variance of S and the denominator of tau-b, with ties in values and in times."""
    n = len(row)
    if n <= 1:
        return 0.0, 0.0
    x1, x2, x3 = _tie_sums(row)
    t1, t2, t3 = _tie_sums(times)

    pairs = n * (n - 1)
    untied = pairs * (2 * n + 5)
    variance = (untied - x1 - t1) / 18
    variance += x3 * t3 / (2 * pairs)
    if n > _PAIR:
        variance += x2 * t2 / (9 * pairs * (n - 2))
    denominator = (pairs - x3) / 2 * (pairs - t3) / 2
    return variance, sqrt(denominator)


def _runs(rows: Array) -> tuple[Array, Array]:
    """Return the row and the length of each run of equal values; NaN are runs of one."""
    ordered = np.sort(rows, axis=1)
    begins = np.ones(rows.shape, dtype=bool)
    begins[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    place = np.flatnonzero(begins)
    lengths = np.diff(place, append=rows.size)
    row = place // rows.shape[1]
    return row, lengths.astype(float)


def _untied_variance(rows: Array) -> tuple[Array, Array]:
    """Return variances and denominators of all rows at once where no two times are equal."""
    known = ~np.isnan(rows)
    n = np.count_nonzero(known, axis=1).astype(float)

    row, t = _runs(rows)
    tied = t * (t - 1)
    with_variance = tied * (2 * t + 5)
    x1 = np.bincount(row, weights=with_variance, minlength=len(rows))
    x3 = np.bincount(row, weights=tied, minlength=len(rows))

    pairs = n * (n - 1)
    untied = pairs * (2 * n + 5)
    variance = (untied - x1) / 18
    denominator = (pairs - x3) / 2 * pairs / 2
    return variance, np.sqrt(denominator)


def _medians(ordered: Array, last: Array) -> Array:
    """Return the median of each row of ordered values, of which the first `last` + 1 are known."""
    row = np.arange(len(ordered))
    middle = last // 2
    next_one = np.minimum((last + 1) // 2, last)
    return (ordered[row, middle] + ordered[row, next_one]) / 2


def _at_rank(ordered: Array, rank: Array, last: Array) -> Array:
    """Return the value of each row at a rank, or the nearest there is."""
    row = np.arange(len(ordered))
    nearest = np.clip(rank, 0, last).astype(int)
    return ordered[row, nearest]


def slope_bounds(slopes: Array, half_width: Array) -> tuple[Array, Array, Array]:
    """Return the median slope and the slopes `half_width` ranks around it (Gilbert 1987, 16.5)."""
    known = ~np.isnan(slopes)
    count = np.count_nonzero(known, axis=1)
    last = np.maximum(count - 1, 0)
    median = _medians(slopes, last)

    low_rank = np.round((count - half_width) / 2) - 1
    high_rank = np.round((count + half_width) / 2)
    at_low = _at_rank(slopes, low_rank, last)
    at_high = _at_rank(slopes, high_rank, last)
    low = np.where(low_rank < 0, -inf, at_low)
    high = np.where(high_rank > last, inf, at_high)
    return median, low, high


def _null_distribution(n: int) -> tuple[Array, Array]:
    """Return the values of S and their probabilities if all n! orders are equally likely."""
    ways = np.ones(1)
    for i in range(2, n + 1):
        evenly = np.ones(i)
        ways = np.convolve(ways, evenly) / i
    most = n * (n - 1) // 2
    values = np.arange(-most, most + 1, 2)
    return values, ways


def exact_p_value(s: float, n: int, alternative: str) -> float:
    """Return the exact p-value of S without ties."""
    values, probability = _null_distribution(n)
    upper = probability[values >= s].sum()
    lower = probability[values <= s].sum()
    tails = {
        "greater": upper,
        "less": lower,
        "two-sided": 2 * min(upper, lower),
    }
    tail = float(tails[alternative])
    return min(1.0, tail)


def exact_half_width(n: int, level: float) -> float:
    """Return the half width in ranks of the exact slope interval (Hollander, Wolfe 1999, 9.3)."""
    values, probability = _null_distribution(n)
    from_the_top = probability[::-1].cumsum()
    beyond = from_the_top[::-1]

    allowed = values[beyond <= tail(level) + _ROUNDING]
    if not len(allowed):
        return inf
    return float(allowed.min() - 2)


def standardise(s: Array, variance: Array, *, continuity: bool = True) -> Array:
    """Return S in standard deviations, pulled in by one (continuity) unless told otherwise."""
    nearer = np.abs(s) - 1
    corrected = np.sign(s) * nearer if continuity else s
    possible = (variance > 0) & (s != 0)
    zeros = np.zeros_like(s, dtype=float)
    sd = np.sqrt(variance)
    return np.divide(corrected, sd, out=zeros, where=possible)


def normal_p_value(z: Array, alternative: str) -> Array:
    """Return the p-value of a standard normal statistic."""
    if alternative == "greater":
        return special.ndtr(-z)
    if alternative == "less":
        return special.ndtr(z)
    one_tail = special.ndtr(-np.abs(z))
    return np.minimum(1.0, 2 * one_tail)
