"""How often an interval of least squares covers when the errors are autocorrelated."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats as scipy_stats

from analysis.stats._level import t_quantile

Array = NDArray[Any]


def newey_west_lags(n: int) -> int:
    """Return the number of lags of Newey and West, 4 (n/100)^(2/9)."""
    lags = 4 * (n / 100) ** (2 / 9)
    return int(lags)


def _steps_apart(n: int) -> Array:
    steps = np.arange(n)
    return np.abs(np.subtract.outer(steps, steps))


def _error_correlation(n: int, autocorrelation: float) -> Array:
    apart = _steps_apart(n)
    return autocorrelation**apart


def _hac_variance(residuals: Array, weights: Array, terms: int) -> float:
    """Return the variance that Newey and West expect to estimate, in small samples."""
    n = len(residuals)
    lags = newey_west_lags(n)
    apart = _steps_apart(n)
    kernel = np.clip(1 - apart / (lags + 1), 0, None)
    meat = weights @ (kernel * residuals) @ weights
    return float(meat) * n / (n - terms)


def expected_coverage(  # noqa: PLR0913  options of one public function, all by keyword
    design: Array,
    term: int,
    autocorrelation: float,
    *,
    cov: str,
    level: float,
    spread: float = 1.0,
    known_variance: bool = False,
) -> float:
    """Return the coverage of the interval of one coefficient under AR(1) errors.

    The variance that the method expects to estimate is set against the true one; `spread` is the
    variance of the errors where the method takes it for 1 (`known_variance`, Poisson).
    """
    n, terms = design.shape
    bread = np.linalg.inv(design.T @ design)
    weights = (bread @ design.T)[term]
    errors = _error_correlation(n, autocorrelation)
    true = spread * float(weights @ errors @ weights)

    away = np.eye(n) - design @ bread @ design.T

    residuals = away @ errors @ away
    if cov == "hac":
        used = spread * _hac_variance(residuals, weights, terms)
    elif known_variance:
        used = float(bread[term, term])
    else:
        variance = spread * np.trace(residuals) / (n - terms)
        used = float(variance * bread[term, term])

    freedom = np.inf if known_variance else n - terms
    share_of_true = max(used, 0.0) / true
    reach = t_quantile(level, freedom) * np.sqrt(share_of_true)
    within = scipy_stats.t.cdf(reach, freedom)
    return float(2 * within - 1)
