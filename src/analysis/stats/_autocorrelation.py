"""How autocorrelation changes the variance of Kendall's S, and what a test then does."""

from __future__ import annotations

from math import nan, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special
from scipy import stats as scipy_stats

from analysis.stats._ar1 import GRID, Ar1Fit, fit_ar1, score_factor
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
    return bool(steps.min() > 0 and steps.max() <= _UNEVEN * steps.min())


def autocorrelations(x: Array, lags: int) -> Array:
    """Return the sample autocorrelations of a series at lags 1, 2, ..."""
    centred = x - x.mean()
    products = np.correlate(centred, centred, "full")[len(x) - 1 :]
    if products[0] == 0:
        raise ValueError(
            "the series has no variation left, so it has no autocorrelation; use method='normal'"
        )
    return products[1 : lags + 1] / products[0]


def _unbiased(r: float, n: int) -> float:
    """Return r1 of a detrended series without its bias, -(2 + 4 rho) / n (Kendall 1954)."""
    return float(np.clip((n * r + 2) / (n - 4), -_MOST, _MOST))


def _hamed_rao_by_lags(x: Array, lag: int) -> float:
    n = len(x)
    k = np.arange(1, lag + 1)
    r = autocorrelations(scipy_stats.rankdata(x), lag)
    r = np.where(np.abs(r) > _SIGNIFICANT / sqrt(n), r, 0)
    weight = (n - k) * (n - k - 1) * (n - k - 2)
    return float(1 + 2 * (weight * r).sum() / (n * (n - 1) * (n - 2)))


def _hamed_rao_default(x: Array) -> float:
    """Return the mean factor over the AR(1) autocorrelations that the ranks allow."""
    fit = fit_ranks(x)
    return max(1.0, float(fit.weights @ score_factor(GRID, len(x))))


def _yue_wang_by_lags(x: Array, lag: int) -> float:
    k = np.arange(1, lag + 1)
    weighted = (1 - k / len(x)) * autocorrelations(x, lag)
    return float(1 + 2 * weighted.sum())


def _yue_wang_default(x: Array) -> float:
    """Return the factor for AR(1) series of Matalas and Langbein (1962), with r1 unbiased."""
    n = len(x)
    k = np.arange(1, n)
    r = _unbiased(float(autocorrelations(x, 1)[0]), n)
    return max(1.0, float(1 + 2 * ((1 - k / n) * r**k).sum()))


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
    rounded = np.round(x / max(np.ptp(x), ROUNDING), 9)
    ranks = scipy_stats.rankdata(rounded)
    scores = scipy_stats.norm.ppf((ranks - 0.5) / n)
    design = np.column_stack([np.ones(n), np.arange(n)]).astype(float)
    return fit_ar1(scores, design)


def fit_seasons(values: Array, period: int) -> Ar1Fit | None:
    """Fit seasons and a line with AR(1) errors; None where there are too few values for it."""
    step = np.flatnonzero(~np.isnan(values))
    seasons = (step[:, None] % period == np.arange(period)).astype(float)
    design = np.column_stack([seasons[:, seasons.any(axis=0)], step])
    if len(step) - design.shape[1] < _LEAST_FREEDOM:
        return None
    known = values[step]
    rest = known - design @ np.linalg.lstsq(design, known, rcond=None)[0]
    if np.ptp(rest) <= ROUNDING * np.abs(known).max():
        return None
    return fit_ar1(known, design, step)


def season_factor(autocorrelation: float, period: int) -> float:
    """Return the factor by which AR(1) months change the variance of the sum of the seasons' S."""
    lags = np.arange(1, period)
    ranks = 6 / np.pi * np.arcsin(autocorrelation**lags / 2)
    return float(1 + 2 * ((1 - lags / period) * ranks).sum())


def mixed_p_value(z: float, fit: Ar1Fit, n: int, alternative: str) -> float:
    """Return the p-value of S averaged over the autocorrelations that the series allows."""
    tails = normal_p_value(z / np.sqrt(score_factor(GRID, n)), alternative)
    return float(fit.weights @ tails)


def mixed_half_width(sd: float, fit: Ar1Fit, n: int, level: float) -> float:
    """Return the half width in units of S that the averaged test leaves inside."""
    spread = sd * np.sqrt(score_factor(GRID, n))
    most = float(10 * spread.max())

    def excess(width: float) -> float:
        tails = 2 * special.ndtr(-width / spread)
        return float(fit.weights @ tails) - (1 - level)

    return float(optimize.brentq(excess, 0, most)) if sd > 0 else 0.0


def expected_size(true_factor: float, used: float, level: float, alternative: str) -> float:
    """Return how often a test that takes `used` as factor rejects a true null."""
    if not true_factor > 0:
        return nan
    sides = 2 if alternative == "two-sided" else 1
    critical = scipy_stats.norm.isf((1 - level) / sides)
    return float(sides * scipy_stats.norm.sf(critical * sqrt(used / true_factor)))
