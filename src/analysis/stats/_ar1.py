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
        return float(self.weights @ GRID)

    @property
    def estimates(self) -> Array:
        """The mean of each coefficient over the weights."""
        return self.weights @ self.coefficients

    @property
    def errors(self) -> Array:
        """The standard error of each coefficient: within and between autocorrelations."""
        within = np.diagonal(self.covariances, axis1=1, axis2=2)
        between = (self.coefficients - self.estimates) ** 2
        return np.sqrt(self.weights @ (within + between))

    def interval(self, term: int, level: float) -> tuple[float, float]:
        """Return the interval of a coefficient: quantiles of the mixture of t distributions."""
        tail = (1 - level) / 2
        return self._quantile(term, tail), self._quantile(term, 1 - tail)

    def p_value(self, term: int) -> float:
        """Return the two-sided p-value of a coefficient of 0."""
        below = self._below(term, 0.0)
        return float(2 * min(below, 1 - below))

    def _below(self, term: int, value: float) -> float:
        spread = np.sqrt(self.covariances[:, term, term])
        z = (value - self.coefficients[:, term]) / spread
        return float(self.weights @ scipy_stats.t.cdf(z, self.freedom))

    def _quantile(self, term: int, share: float) -> float:
        middle = float(self.estimates[term])
        reach = _REACH * float(self.errors[term])
        if reach == 0:
            return middle
        found = optimize.brentq(
            lambda value: self._below(term, value) - share, middle - reach, middle + reach
        )
        return float(found)


def fit_ar1(outcome: Array, design: Array, steps: Array | None = None) -> Ar1Fit:
    """Fit a regression with AR(1) errors; `steps` are whole times, so that gaps are respected."""
    n, terms = design.shape
    gaps = np.ones(n - 1) if steps is None else np.diff(steps)
    carried, scale = _innovation_scale(gaps)
    columns = [_whiten(column, carried, scale) for column in design.T]
    x, y = np.stack(columns, axis=2), _whiten(outcome, carried, scale)
    across = x.transpose(0, 2, 1)
    information = across @ x
    inverse = np.linalg.inv(information)
    coefficients = (inverse @ (across @ y[:, :, None]))[:, :, 0]
    fitted = (x @ coefficients[:, :, None])[:, :, 0]
    squares = ((y - fitted) ** 2).sum(axis=1)
    variance = np.maximum(squares / (n - terms), np.finfo(float).tiny)
    likelihood = _log_scale(scale, n) - 0.5 * np.linalg.slogdet(information)[1]
    likelihood = likelihood - (n - terms) / 2 * np.log(variance)
    weights = np.exp(likelihood - likelihood.max())
    return Ar1Fit(
        weights=weights / weights.sum(),
        coefficients=coefficients,
        covariances=inverse * variance[:, None, None],
        freedom=n - terms,
    )


def _innovation_scale(gaps: Array) -> tuple[Array, Array]:
    """Return what is carried over each gap, and the factor that levels the innovations."""
    even = bool((gaps == 1).all())
    steps = np.ones(1) if even else gaps
    carried = GRID[:, None] ** steps
    scale = np.sqrt((1 - GRID[:, None] ** 2) / (1 - carried**2))
    return carried, scale


def _whiten(column: Array, carried: Array, scale: Array) -> Array:
    head = np.sqrt(1 - GRID**2)[:, None] * column[0]
    tail = (column[1:] - carried * column[:-1]) * scale
    return np.concatenate([head, tail], axis=1)


def _log_scale(scale: Array, n: int) -> Array:
    logs = np.broadcast_to(np.log(scale), (len(GRID), n - 1))
    return 0.5 * np.log(1 - GRID**2) + logs.sum(axis=1)


def score_factor(autocorrelation: float | Array, n: int) -> Array:
    """Return the factor by which AR(1) autocorrelation changes the variance of Kendall's S.

    Hamed and Rao (1998), equation 16, with the rank autocorrelations of a Gaussian AR(1) series,
    6/pi arcsin(rho/2).
    """
    lags = np.arange(1, n)
    rho = np.asarray(autocorrelation, dtype=float)[..., None] ** lags
    ranks = 6 / np.pi * np.arcsin(rho / 2)
    weight = (n - lags) * (n - lags - 1.0) * (n - lags - 2)
    return 1 + 2 * (weight * ranks).sum(axis=-1) / (n * (n - 1.0) * (n - 2))
