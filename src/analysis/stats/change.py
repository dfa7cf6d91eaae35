"""One change of level in a series (Pettitt), and intervals from resampled blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import isfinite, nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats as scipy_stats

from analysis.locale import text
from analysis.stats._ar1 import fit_ar1, sum_factor
from analysis.stats._level import normal_quantile, t_quantile, tails
from analysis.stats._validate import check_level
from analysis.stats.inputs import as_numbers
from analysis.stats.words import figure, p_words, share_words

Array = NDArray[Any]

_FEWEST = 4
_FEWEST_BLOCKS = 2
_FEWEST_TO_RESAMPLE = 10
_FEWEST_TO_JUDGE = 15
_ALPHA = 0.05
_SIZE_THAT_HOLDS = 0.07
_MISSES_THAT_HOLD = 1.6  # 8 % where 5 % is stated


@dataclass(frozen=True)
class ChangePoint:
    """Result of `change_point`: the change lies after value number `position`, counted from 1."""

    n: int
    statistic: float
    position: int
    p_value: float
    before: float
    after: float
    autocorrelation: float = field(default=nan, compare=False)
    expected_size: float = field(default=nan, compare=False)

    def summary(self, language: str = "en") -> str:
        """Return a sentence: where the level changes, from what to what, and the p-value."""
        key = "stats_change_found" if self.p_value < _ALPHA else "stats_change_none"
        sentence = text(
            key,
            language,
            n=self.n,
            position=self.position,
            before=figure(self.before, language),
            after=figure(self.after, language),
            p=p_words(self.p_value, language),
        )
        if not self.expected_size > _SIZE_THAT_HOLDS:
            return sentence
        size = round(self.expected_size, 2)
        caution = text(
            "stats_change_autocorrelated",
            language,
            r=figure(self.autocorrelation, language, digits=2),
            size=share_words(size, language),
        )
        return f"{sentence} {caution}"


@dataclass(frozen=True)
class Bootstrap:
    """Result of `block_bootstrap`."""

    estimate: float
    low: float
    high: float
    se: float
    n: int
    block: int
    draws: int
    level: float
    autocorrelation: float = field(default=nan, compare=False)
    expected_coverage: float = field(default=nan, compare=False)

    def summary(self, language: str = "en") -> str:
        """Return a sentence with the estimate, its interval and how it was resampled."""
        sentence = text(
            "stats_bootstrap",
            language,
            estimate=figure(self.estimate, language),
            low=figure(self.low, language),
            high=figure(self.high, language),
            block=self.block,
            draws=self.draws,
            level=share_words(self.level, language),
        )
        expected_misses = 1 - self.expected_coverage
        if not expected_misses > _MISSES_THAT_HOLD * (1 - self.level):
            return sentence
        coverage = round(self.expected_coverage, 2)
        caution = text(
            "stats_bootstrap_autocorrelated",
            language,
            r=figure(self.autocorrelation, language, digits=2),
            coverage=share_words(coverage, language),
        )
        return f"{sentence} {caution}"


def _known(values: ArrayLike) -> Array:
    vector = np.atleast_1d(as_numbers(values))
    if np.isinf(vector).any():
        raise ValueError("values holds an infinite number; give finite numbers, or NaN for missing")
    return vector[~np.isnan(vector)]


def _autocorrelation(vector: Array, position: int | None = None) -> float:
    """Return the lag-one autocorrelation about a level, or about two; NaN on few values."""
    n = len(vector)
    if n < _FEWEST_TO_JUDGE or np.ptp(vector) == 0:
        return nan
    columns = [np.ones(n)]
    if position is not None:
        after = np.arange(n) >= position
        columns.append(after.astype(float))

    design = np.column_stack(columns)
    return fit_ar1(vector, design).autocorrelation


def change_point(values: ArrayLike) -> ChangePoint:
    """Look for one change of level in a series (Pettitt 1979).

    Do not use it on a series with a smooth trend (it finds a change in the middle), on an
    autocorrelated series (it finds changes where there are none; `summary` then says how often), or
    to date a reform: it returns the most likely place, without an interval. The p-value is
    approximate, good below 0.5.

    Parameters
    ----------
    values : array_like
        The series in order of time; missing values are dropped.

    Returns
    -------
    ChangePoint
        n, statistic (largest absolute U), position (number of values before the change), p_value,
        before and after (medians, in the units of the values), autocorrelation (lag one, about the
        two levels; missing below 15 values), expected_size (how often a test at 5 %
        finds a change in an unchanged series so autocorrelated).

    Raises
    ------
    ValueError
        For fewer than four values.

    Examples
    --------
    >>> change_point([1, 3, 2, 4, 11, 13, 12, 14]).position
    4
    """
    vector = _known(values)
    n = len(vector)
    if n < _FEWEST:
        raise ValueError(f"found {n} values; the search for a change needs at least {_FEWEST}")
    position, statistic = _largest_change(vector)
    r = _autocorrelation(vector, position)
    return ChangePoint(
        n=n,
        statistic=statistic,
        position=position,
        p_value=_pettitt_p_value(statistic, n),
        before=float(np.median(vector[:position])),
        after=float(np.median(vector[position:])),
        autocorrelation=r,
        expected_size=_pettitt_size(r),
    )


def _largest_change(vector: Array) -> tuple[int, float]:
    """Return how many values come before the largest |U|, and the largest |U|."""
    n = len(vector)
    ranks = scipy_stats.rankdata(vector)
    positions = np.arange(1, n + 1)
    u = 2 * ranks.cumsum() - positions * (n + 1)
    sizes = np.abs(u[:-1])
    largest = int(sizes.argmax())
    return largest + 1, float(sizes[largest])


def _pettitt_p_value(statistic: float, n: int) -> float:
    exponent = -6 * statistic**2 / (n**3 + n**2)
    tail = float(np.exp(exponent))
    return min(1.0, 2 * tail)


def _pettitt_size(r: float) -> float:
    """Return the size at 5 %: the variance of U grows by (1 + r) / (1 - r)."""
    if np.isnan(r):
        return nan
    growth = (1 + r) / (1 - r)
    tail = (_ALPHA / 2) ** (1 / growth)
    return float(min(1.0, 2 * tail))


def _over_rows(statistic: Callable[..., Any], rows: Array) -> Array:
    """Return the statistic of each row, also where it takes one series at a time."""
    try:
        by_row = statistic(rows, axis=1)
    except TypeError:
        by_row = [statistic(row) for row in rows]
    return np.asarray(by_row, dtype=float)


def _expected_coverage(vector: Array, length: int, level: float) -> tuple[float, float]:
    """Return the autocorrelation, and how often the interval of a mean covers at that value."""
    n = len(vector)
    r = _autocorrelation(vector)
    if np.isnan(r):
        return nan, nan
    lags = np.arange(1, length)
    seen = sum_factor(r**lags, length)

    # What the blocks see of the variance of the mean of a long AR(1) series.
    share = seen * (1 - r) / (1 + r) * (1 - length / n)
    reach = normal_quantile(level) * sqrt(share) * _widening(n, length, level)
    within = scipy_stats.norm.cdf(reach)
    return r, float(2 * within - 1)


def _widening(n: int, length: int, level: float) -> float:
    """Return how much wider the interval must be, for so few blocks that share their mean."""
    blocks = n / length
    if blocks <= _FEWEST_BLOCKS:
        return 1.0
    of_few_blocks = t_quantile(level, blocks - 1)
    of_many = normal_quantile(level)
    shared_mean = sqrt(n / (n - length))
    return float(of_few_blocks / of_many * shared_mean)


def block_bootstrap(  # noqa: PLR0913  options of one public function, all by keyword
    values: ArrayLike,
    statistic: Callable[..., Any] = np.mean,
    *,
    block: int | None = None,
    draws: int = 1999,
    level: float = 0.95,
    seed: int = 0,
) -> Bootstrap:
    """Return an interval for a statistic of an autocorrelated series (circular blocks).

    The blocks are those of Politis and Romano (1992); the percentile interval is widened about the
    estimate, because few blocks that share one mean vary less than the series does.

    Do not use it on a handful of yearly points, on a series with a trend or seasons (take them out
    first), for a statistic that depends on order beyond the length of a block, or where the
    autocorrelation is above 0.4: it then covers too rarely, and `summary` says how often.

    Parameters
    ----------
    values : array_like
        The series in order of time; missing values are dropped.
    statistic : callable
        Takes an array and `axis`, as `numpy.mean` does, or one series.
    block : int, optional
        Length of a block; the cube root of n, rounded up, if not given.
    draws, level, seed
        Number of resampled series, level of the interval, seed of the generator.

    Returns
    -------
    Bootstrap
        estimate, low, high, se (of the resampled statistics), n, block, draws, level,
        autocorrelation (lag one; missing below 15 values), expected_coverage (of the interval of a
        mean of a series so autocorrelated).

    Raises
    ------
    ValueError
        For fewer than ten values, a block longer than the series, and a level outside 0..1.

    Examples
    --------
    >>> result = block_bootstrap(range(20), block=3, draws=99)
    >>> result.low < result.estimate < result.high
    True
    """
    vector = _known(values)
    n = len(vector)
    check_level(level)
    length = int(np.ceil(n ** (1 / 3))) if block is None else block
    if n < _FEWEST_TO_RESAMPLE or not 1 <= length <= n or draws <= 1:
        raise ValueError(
            f"found {n} values, blocks of {length} and {draws} draws; resampling needs ten values, "
            "blocks no longer than the series and two draws"
        )
    estimate = float(_over_rows(statistic, vector[None, :])[0])
    if not isfinite(estimate):
        raise ValueError("the statistic of the series is not a finite number")
    resampled = _over_rows(statistic, _resample(vector, length, draws, seed))
    quantiles = np.quantile(resampled, tails(level))

    widened = (quantiles - estimate) * _widening(n, length, level)
    low, high = estimate + widened
    r, coverage = _expected_coverage(vector, length, level)
    return Bootstrap(
        estimate=estimate,
        low=float(low),
        high=float(high),
        se=float(resampled.std(ddof=1)),
        n=n,
        block=length,
        draws=draws,
        level=level,
        autocorrelation=r,
        expected_coverage=coverage,
    )


def _resample(vector: Array, length: int, draws: int, seed: int) -> Array:
    """Return series of blocks drawn from a circle, cut to the length of the series."""
    n = len(vector)
    blocks = -(-n // length)
    rng = np.random.default_rng(seed)
    starts = rng.integers(0, n, size=(draws, blocks))
    places = (starts[:, :, None] + np.arange(length)) % n
    in_a_row = places.reshape(draws, -1)
    return vector[in_a_row[:, :n]]
