"""How autocorrelation changes the variance of Kendall's S, and what a test then does."""

from __future__ import annotations

from math import nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special
from scipy import stats as scipy_stats

from analysis.stats._ar1 import (
    GRID,
    Ar1Fit,
    fit_ar1,
    hamed_rao_sum,
    rank_correlation,
    score_factor,
    sum_factor,
)
from analysis.stats._scores import normal_p_value

Array = NDArray[Any]

_MOST = 0.95
_UNEVEN = 1.5
ROUNDING = 1e-9
_LEAST_FREEDOM = 8
_SIGNIFICANT = scipy_stats.norm.ppf(0.975)


def is_even(times: Array) -> bool:
    """Return whether the steps between times differ by no more than those of months do."""
    steps = np.diff(times)
    shortest, longest = steps.min(), steps.max()
    even = shortest > 0 and longest <= _UNEVEN * shortest
    return bool(even)


def autocorrelations(x: Array, lags: int) -> Array:
    """Return the sample autocorrelations of a series at lags 1, 2, ..."""
    centred = x - x.mean()
    both_ways = np.correlate(centred, centred, "full")
    products = both_ways[len(x) - 1 :]
    if products[0] == 0:
        raise ValueError(
            "the series has no variation left, so it has no autocorrelation; use method='normal'"
        )
    return products[1 : lags + 1] / products[0]


def _unbiased(r: float, n: int) -> float:
    """Return r1 of a detrended series without its bias, -(2 + 4 rho) / n (Kendall 1954)."""
    unbiased = (n * r + 2) / (n - 4)
    return float(np.clip(unbiased, -_MOST, _MOST))


def _hamed_rao_by_lags(x: Array, lag: int) -> float:
    n = len(x)
    ranks = scipy_stats.rankdata(x)
    r = autocorrelations(ranks, lag)
    significant = np.abs(r) > _SIGNIFICANT / sqrt(n)
    kept = np.where(significant, r, 0)
    return float(hamed_rao_sum(kept, n))


def _hamed_rao_default(x: Array) -> float:
    """Return the mean factor over the AR(1) autocorrelations that the ranks allow."""
    fit = fit_ranks(x)
    factors = score_factor(GRID, len(x))
    mean = float(fit.weights @ factors)
    return max(1.0, mean)


def _yue_wang_by_lags(x: Array, lag: int) -> float:
    r = autocorrelations(x, lag)
    return sum_factor(r, len(x))


def _yue_wang_default(x: Array) -> float:
    """Return the factor for AR(1) series of Matalas and Langbein (1962), with r1 unbiased."""
    n = len(x)
    first = float(autocorrelations(x, 1)[0])
    r = _unbiased(first, n)
    lags = np.arange(1, n)
    factor = sum_factor(r**lags, n)
    return max(1.0, factor)


_BY_LAGS = {"hamed_rao": _hamed_rao_by_lags, "yue_wang": _yue_wang_by_lags}
_DEFAULT = {"hamed_rao": _hamed_rao_default, "yue_wang": _yue_wang_default}


def variance_factor(x: Array, method: str, lag: int | None) -> float:
    """Return the factor by which a method corrects the variance of S; without a lag at least 1."""
    if lag is None:
        return _DEFAULT[method](x)
    factor = _BY_LAGS[method](x, lag)
    if factor <= 0:
        raise ValueError(
            f"{method} with {lag} lags makes the variance of S negative; give a small lag, "
            "such as lag=1, or leave it out"
        )
    return factor


def fit_ranks(x: Array) -> Ar1Fit:
    """Fit a line with AR(1) errors to the normal scores of a detrended series."""
    n = len(x)
    # Sen's slope goes through two points, which are then equal but for rounding.
    size = max(np.ptp(x), ROUNDING)
    rounded = np.round(x / size, 9)
    ranks = scipy_stats.rankdata(rounded)
    shares = (ranks - 0.5) / n
    scores = scipy_stats.norm.ppf(shares)

    line = [np.ones(n), np.arange(n)]
    design = np.column_stack(line).astype(float)
    return fit_ar1(scores, design)


def fit_seasons(values: Array, period: int) -> Ar1Fit | None:
    """Fit seasons and a line with AR(1) errors; None where there are too few values for it."""
    step = np.flatnonzero(~np.isnan(values))
    known = values[step]
    design = _seasons_and_line(step, period)
    if len(step) - design.shape[1] < _LEAST_FREEDOM:
        return None

    coefficients = np.linalg.lstsq(design, known, rcond=None)[0]
    residuals = known - design @ coefficients
    if np.ptp(residuals) <= ROUNDING * np.abs(known).max():
        return None
    return fit_ar1(known, design, step)


def _seasons_and_line(step: Array, period: int) -> Array:
    """Return a column for each season that has a value, and one for the line."""
    season = step[:, None] % period
    seasons = (season == np.arange(period)).astype(float)
    with_values = seasons.any(axis=0)
    return np.column_stack([seasons[:, with_values], step])


def season_factor(autocorrelation: float, period: int) -> float:
    """Return the factor by which AR(1) months change the variance of the sum of the seasons' S."""
    lags = np.arange(1, period)
    correlations = rank_correlation(autocorrelation**lags)
    return sum_factor(correlations, period)


def mixed_p_value(z: float, fit: Ar1Fit, n: int, alternative: str) -> float:
    """Return the p-value of S averaged over the autocorrelations that the series allows."""
    spread = np.sqrt(score_factor(GRID, n))
    tails = normal_p_value(z / spread, alternative)
    mean = fit.weights @ tails
    return float(mean)


def mixed_half_width(sd: float, fit: Ar1Fit, n: int, level: float) -> float:
    """Return the half width in units of S that the averaged test leaves inside."""
    if not sd > 0:
        return 0.0
    spread = sd * np.sqrt(score_factor(GRID, n))
    most = float(10 * spread.max())

    def excess(width: float) -> float:
        tails = 2 * special.ndtr(-width / spread)
        outside = float(fit.weights @ tails)
        return outside - (1 - level)

    return float(optimize.brentq(excess, 0, most))


def expected_size(true_factor: float, used: float, level: float, alternative: str) -> float:
    """Return how often a test that takes `used` as factor rejects a true null."""
    if not true_factor > 0:
        return nan
    sides = 2 if alternative == "two-sided" else 1
    critical = scipy_stats.norm.isf((1 - level) / sides)
    true_critical = critical * sqrt(used / true_factor)
    return float(sides * scipy_stats.norm.sf(true_critical))
