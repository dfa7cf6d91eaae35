"""Regression with first-order autoregressive errors, averaged over the unknown autocorrelation.

For each autocorrelation on a grid the data are whitened (Prais and Winsten 1954) and fitted by
least squares; the grid is weighted by the restricted likelihood (Harville 1974). Averaging over the
grid, rather than taking its best value, keeps the uncertainty of the autocorrelation in the result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize
from scipy import stats as scipy_stats

from analysis.stats._level import tails

Array = NDArray[Any]

GRID = np.linspace(-0.8, 0.98, 90)
_REACH = 60.0


@dataclass(frozen=True, eq=False)
class Ar1Fit:
    """Coefficients and covariances at each autocorrelation of `GRID`, and the weights of these."""

    weights: Array
    coefficients: Array
    covariances: Array
    freedom: int

    @property
    def autocorrelation(self) -> float:
        """The mean of the autocorrelation over its weights."""
        mean = self.weights @ GRID
        return float(mean)

    @property
    def estimates(self) -> Array:
        """The mean of each coefficient over the weights."""
        return self.weights @ self.coefficients

    @property
    def errors(self) -> Array:
        """The standard error of each coefficient: within and between autocorrelations."""
        within = np.diagonal(self.covariances, axis1=1, axis2=2)
        distances = self.coefficients - self.estimates
        between = distances**2
        variances = self.weights @ (within + between)
        return np.sqrt(variances)

    def interval(self, term: int, level: float) -> tuple[float, float]:
        """Return the interval of a coefficient: quantiles of the mixture of t distributions."""
        below_low, below_high = tails(level)
        low = self._quantile(term, below_low)
        high = self._quantile(term, below_high)
        return low, high

    def p_value(self, term: int) -> float:
        """Return the two-sided p-value of a coefficient of 0."""
        below = self._below(term, 0.0)
        smaller_tail = min(below, 1 - below)
        return float(2 * smaller_tail)

    def _below(self, term: int, value: float) -> float:
        """Return the probability that a coefficient lies below a value."""
        variances = self.covariances[:, term, term]
        spread = np.sqrt(variances)
        distances = value - self.coefficients[:, term]
        shares = scipy_stats.t.cdf(distances / spread, self.freedom)
        probability = self.weights @ shares
        return float(probability)

    def _quantile(self, term: int, share: float) -> float:
        middle = float(self.estimates[term])
        reach = _REACH * float(self.errors[term])
        if reach == 0:
            return middle

        def excess(value: float) -> float:
            below = self._below(term, value)
            return below - share

        found = optimize.brentq(excess, middle - reach, middle + reach)
        return float(found)


def fit_ar1(outcome: Array, design: Array, steps: Array | None = None) -> Ar1Fit:
    """Fit a regression with AR(1) errors; `steps` are whole times, so that gaps are respected."""
    n, terms = design.shape
    freedom = n - terms
    gaps = np.ones(n - 1) if steps is None else np.diff(steps)
    carried, scale = _innovation_scale(gaps)

    columns = [_whiten(column, carried, scale) for column in design.T]
    x = np.stack(columns, axis=2)
    y = _whiten(outcome, carried, scale)
    across = x.transpose(0, 2, 1)

    information = across @ x
    inverse = np.linalg.inv(information)
    coefficients = _apply(inverse, across @ y[:, :, None])

    residuals = y - _apply(x, coefficients[:, :, None])
    variance = _error_variance(residuals, freedom)

    determinant = np.linalg.slogdet(information)[1]
    likelihood = _log_scale(scale, n) - 0.5 * determinant
    likelihood = likelihood - freedom / 2 * np.log(variance)
    return Ar1Fit(
        weights=_as_weights(likelihood),
        coefficients=coefficients,
        covariances=inverse * variance[:, None, None],
        freedom=freedom,
    )


def _apply(matrices: Array, vectors: Array) -> Array:
    """Return the product of a matrix and a column vector at each autocorrelation."""
    products = matrices @ vectors
    return products[:, :, 0]


def _error_variance(residuals: Array, freedom: int) -> Array:
    """Return the variance of the errors, above 0 so that a perfect fit has a likelihood."""
    squares = residuals**2
    variance = squares.sum(axis=1) / freedom
    smallest = np.finfo(float).tiny
    return np.maximum(variance, smallest)


def _as_weights(log_likelihood: Array) -> Array:
    largest = log_likelihood.max()
    likelihood = np.exp(log_likelihood - largest)
    return likelihood / likelihood.sum()


def _innovation_scale(gaps: Array) -> tuple[Array, Array]:
    """Return what is carried over each gap, and the factor that levels the innovations."""
    even = bool((gaps == 1).all())
    steps = np.ones(1) if even else gaps
    rho = GRID[:, None]
    carried = rho**steps

    of_one_step = 1 - rho**2
    of_gap = 1 - carried**2
    scale = np.sqrt(of_one_step / of_gap)
    return carried, scale


def _whiten(column: Array, carried: Array, scale: Array) -> Array:
    """Return a column with the carried part of the value before it taken away."""
    first_scale = np.sqrt(1 - GRID**2)
    head = first_scale[:, None] * column[0]
    before = column[:-1]
    news = column[1:] - carried * before
    tail = news * scale
    return np.concatenate([head, tail], axis=1)


def _log_scale(scale: Array, n: int) -> Array:
    """Return the log of the determinant of the whitening."""
    first = 0.5 * np.log(1 - GRID**2)
    shape = (len(GRID), n - 1)
    others = np.broadcast_to(np.log(scale), shape)
    return first + others.sum(axis=1)


def rank_correlation(rho: Array) -> Array:
    """Return the correlation of ranks that belongs to a correlation of Gaussian values."""
    angle = np.arcsin(rho / 2)
    return 6 / np.pi * angle


def hamed_rao_sum(correlations: Array, n: int) -> Array:
    """Return the factor of Hamed and Rao from the rank autocorrelations at lags 1, 2, ..."""
    n_lags = correlations.shape[-1]
    lags = np.arange(1, n_lags + 1)
    apart = n - lags
    weight = apart * (apart - 1.0) * (apart - 2)
    weighted = weight * correlations
    total = n * (n - 1.0) * (n - 2)
    return 1 + 2 * weighted.sum(axis=-1) / total


def sum_factor(correlations: Array, n: int) -> float:
    """Return the factor by which autocorrelations at lags 1, 2, ... change the variance of a sum.

    The sum is that of `n` values in a row.
    """
    n_lags = len(correlations)
    lags = np.arange(1, n_lags + 1)
    share_of_pairs = 1 - lags / n
    weighted = share_of_pairs * correlations
    return float(1 + 2 * weighted.sum())


def score_factor(autocorrelation: float | Array, n: int) -> Array:
    """Return the factor by which AR(1) autocorrelation changes the variance of Kendall's S.

    Hamed and Rao (1998), equation 16, with the rank autocorrelations of a Gaussian AR(1) series,
    6/pi arcsin(rho/2).
    """
    lags = np.arange(1, n)
    rho = np.asarray(autocorrelation, dtype=float)
    by_lag = rho[..., None] ** lags
    correlations = rank_correlation(by_lag)
    return hamed_rao_sum(correlations, n)
