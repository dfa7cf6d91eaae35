"""Sobol indices: which input moves the output of a function most."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats as scipy_stats

from analysis.stats._validate import check_level

Array = NDArray[Any]

_COLUMNS = ["first", "first_low", "first_high", "total", "total_low", "total_high"]
_TRIAL_DRAWS = 64
_RESAMPLES = 199


def _saltelli(f_a: Array, f_b: Array, f_ab: Array) -> tuple[Array, Array]:
    """Return the first and total indices, outputs in rows and inputs in columns.

    Saltelli et al. (2010), table 2, b and f.
    """
    variance = np.var([f_a, f_b], axis=(0, -1))
    alone = f_b * (f_ab - f_a)
    with_others = (f_a - f_ab) ** 2
    first = alone.mean(axis=-1).T / variance
    total = with_others.mean(axis=-1).T / (2 * variance)
    return first, total


def _bounds(outputs: tuple[Array, ...], n: int, level: float, rng: Any) -> tuple[Array, Array]:
    """Return bootstrap bounds of both indices, first and total in rows."""

    def of_rows(rows: Array) -> Array:
        resampled = (values[..., rows] for values in outputs)
        both = np.stack(_saltelli(*resampled))
        return both[:, 0]

    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        # An input without any effect has no interval; it gets its own value as bounds.
        warnings.simplefilter("ignore", RuntimeWarning)
        result = scipy_stats.bootstrap(
            [np.arange(n)],
            of_rows,
            confidence_level=level,
            n_resamples=_RESAMPLES,
            rng=rng,
        )
    found = result.confidence_interval
    return found.low, found.high


def sobol_table(
    function: Callable[[Array], Array],
    names: Sequence[str],
    *,
    n: int = 512,
    seed: int = 0,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return the Sobol indices of a function of independent uniform inputs in 0..1.

    Saltelli et al. (2010), with bootstrap intervals.

    Do not use it for inputs that depend on each other, nor read small indices from few draws: look
    at the intervals.

    Parameters
    ----------
    function : callable
        Takes an array (inputs, draws) and returns an array (draws).
    names : sequence of str
        The inputs.
    n, seed : int
        Draws (a power of two), seed.
    level : float
        Level of the intervals.

    Returns
    -------
    pandas.DataFrame
        One row for each input: first, first_low, first_high, total, total_low, total_high, as
        shares of the variance.

    Raises
    ------
    ValueError
        For a number of draws that is no power of two, and a level outside 0..1.

    Examples
    --------
    >>> sobol_table(lambda x: x[0] + 0 * x[1], ["matters", "does not"])["total"].round(2).tolist()
    [1.0, 0.0]
    """
    check_level(level)
    if n <= 1 or n & (n - 1):
        raise ValueError(f"n is {n}; give a power of two, such as 512")

    index = pd.Index(names, name="factor")
    trial = np.random.default_rng(seed).random((len(names), _TRIAL_DRAWS))
    if function(trial).std() == 0:
        return pd.DataFrame(0.0, index=index, columns=_COLUMNS)
    columns = _indices(function, len(names), n=n, seed=seed, level=level)
    table = pd.DataFrame(columns, index=index)
    for name in ("first", "total"):
        for end in ("low", "high"):
            bound = table[f"{name}_{end}"]
            table[f"{name}_{end}"] = bound.fillna(table[name])
    return table


def _indices(
    function: Callable[[Array], Array], inputs: int, *, n: int, seed: int, level: float
) -> dict[str, Array]:
    # scipy needs two inputs: a second one without effect joins a single one.
    uniform = [scipy_stats.uniform()] * max(2, inputs)
    outputs: list[tuple[Array, ...]] = []

    def saltelli(f_A: Array, f_B: Array, f_AB: Array) -> tuple[Array, Array]:
        outputs.append((f_A, f_B, f_AB))
        return _saltelli(f_A, f_B, f_AB)

    rng = np.random.default_rng(seed)
    found = scipy_stats.sobol_indices(
        func=lambda x: function(x[:inputs]),
        n=n,
        dists=uniform,
        method=saltelli,
        rng=rng,
    )
    low, high = _bounds(outputs[0], n, level, rng)
    columns = {
        "first": found.first_order,
        "first_low": low[0],
        "first_high": high[0],
        "total": found.total_order,
        "total_low": low[1],
        "total_high": high[1],
    }
    return {name: column[:inputs] for name, column in columns.items()}
