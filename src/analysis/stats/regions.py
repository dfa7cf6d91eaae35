"""Regions compared over votes: concordance and association.

The regions are all there are, not a sample: p-values are about orders drawn at random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats as scipy_stats

from analysis.locale import text
from analysis.stats._scores import has_ties
from analysis.stats._validate import check_whole
from analysis.stats.inputs import aligned, as_numbers
from analysis.stats.words import figure, p_words

Array = NDArray[Any]

_DRAWS_AT_ONCE = 1000
_PAIRS_AT_ONCE = 5_000_000
_ALPHA = 0.05
_FEWEST_UNITS = 3
_FEWEST_PAIRS = 4
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Concordance:
    """Result of `concordance`."""

    w: float
    p_value: float
    statistic: float
    mean_spearman: float
    n_units: int
    n_rankings: int
    n_dropped: int
    draws: int

    def summary(self, language: str = "en") -> str:
        """Return how far the units keep their order: W, then its p-value."""
        found = self.p_value < _ALPHA
        return text(
            "stats_concordance_found" if found else "stats_concordance_none",
            language,
            w=figure(self.w, language, digits=2),
            p=p_words(self.p_value, language),
            units=self.n_units,
            rankings=self.n_rankings,
            dropped=self.n_dropped,
        )


@dataclass(frozen=True)
class Association:
    """Result of `association`."""

    n: int
    tau: float
    p_value: float
    method: str

    def summary(self, language: str = "en") -> str:
        """Return whether the two rise together: tau-b, then its p-value."""
        if self.p_value >= _ALPHA:
            key = "stats_association_none"
        elif self.tau > 0:
            key = "stats_association_positive"
        else:
            key = "stats_association_negative"
        return text(
            key,
            language,
            n=self.n,
            tau=figure(self.tau, language, digits=2),
            p=p_words(self.p_value, language),
        )


def _kendall_w(ranks: Array) -> Array:
    """Return W, corrected for ties; rankings in rows and units in columns, draws in front."""
    m, n = ranks.shape[-2:]
    sums = ranks.sum(axis=-2)
    distances = sums - sums.mean(axis=-1, keepdims=True)
    spread = (distances**2).sum(axis=-1)
    from_middle = ranks - (n + 1) / 2
    largest = m * (from_middle**2).sum(axis=(-1, -2))
    return spread / largest


def concordance(frame: pd.DataFrame, *, draws: int = 9999, seed: int = 0) -> Concordance:
    """Measure how far units keep their order from one ranking to the next: Kendall's W.

    Kendall and Babington Smith (1939).

    Do not use it to say that regions *agree*: W is about order, not level, and votes that share one
    national path have the same path in every region. Look at W without the outermost units as well.
    Two rankings are better served by `association`.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each unit (region), one column for each ranking (vote). Units with a missing
        value are left out.
    draws, seed : int
        The p-value comes from so many random orders of each ranking, so that it is never too small.

    Returns
    -------
    Concordance
        w in 0..1 (corrected for ties), p_value, statistic (Friedman's chi-squared), mean_spearman,
        n_units, n_rankings, n_dropped, draws.

    Raises
    ------
    ValueError
        For fewer than two rankings or three complete units, or rankings without any difference.

    Examples
    --------
    >>> votes = pd.DataFrame({"2019": [1, 2, 3, 4], "2021": [1, 3, 2, 4], "2023": [1, 2, 4, 3]})
    >>> round(concordance(votes, draws=99).w, 3)
    0.778
    """
    check_whole("draws", draws, 1)
    complete = frame.dropna()
    n, m = complete.shape
    if m <= 1 or n < _FEWEST_UNITS:
        raise ValueError(
            f"found {m} rankings of {n} complete units; "
            "concordance needs at least two rankings of three units"
        )

    rankings = complete.to_numpy(dtype=float).T
    ranks = scipy_stats.rankdata(rankings, axis=1)
    if (ranks == ranks[:, :1]).all():
        raise ValueError("all units are equal in every ranking; there is no order to compare")
    w = float(_kendall_w(ranks))
    at_least = _as_concordant(ranks, w, draws, seed)
    return Concordance(
        w=w,
        p_value=(at_least + 1) / (draws + 1),
        statistic=m * (n - 1) * w,
        mean_spearman=(m * w - 1) / (m - 1),
        n_units=n,
        n_rankings=m,
        n_dropped=len(frame) - n,
        draws=draws,
    )


def _as_concordant(ranks: Array, w: float, draws: int, seed: int) -> int:
    """Count the random orders of each ranking with a W as large."""
    rng = np.random.default_rng(seed)

    at_least = 0
    for start in range(0, draws, _DRAWS_AT_ONCE):
        size = min(_DRAWS_AT_ONCE, draws - start)
        copies = np.broadcast_to(ranks, (size, *ranks.shape))
        shuffled = rng.permuted(copies, axis=-1)
        as_large = _kendall_w(shuffled) >= w - _ROUNDING
        at_least += int(as_large.sum())
    return at_least


def association(x: ArrayLike, y: ArrayLike, *, draws: int = 9999, seed: int = 0) -> Association:
    """Measure whether two indicators rise together over units: Kendall's tau-b.

    The p-value is exact, or from random orders where there are ties.

    Do not use it to say that one causes the other, nor on two series over time (both have a trend,
    so they go together), nor to say of people what holds for regions.

    Parameters
    ----------
    x, y : array_like
        One value for each unit: Series by their labels, arrays in the same order. Pairs with a
        missing value are left out.
    draws, seed : int
        With ties the p-value comes from so many random orders, so that it is never too small.

    Returns
    -------
    Association
        n, tau (tau-b), p_value (two-sided), method ("exact" or "permutation").

    Raises
    ------
    ValueError
        For vectors of different length or labels, fewer than four pairs, or a constant indicator.

    Examples
    --------
    >>> result = association([1, 2, 3, 4, 5], [1, 2, 3, 5, 4])
    >>> round(result.tau, 3), round(result.p_value, 4)
    (0.8, 0.0833)
    """
    check_whole("draws", draws, 1)
    a, b = _known_pairs(x, y)
    tied = has_ties(a) or has_ties(b)
    found = scipy_stats.kendalltau(a, b, method="asymptotic" if tied else "exact")
    p_value = float(found.pvalue)
    if tied:
        p_value = _permutation_p_value(a, b, draws, seed)
    return Association(
        n=len(a),
        tau=float(found.statistic),
        p_value=p_value,
        method="permutation" if tied else "exact",
    )


def _known_pairs(x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    first, second = (np.atleast_1d(as_numbers(values)) for values in aligned(x, y))
    if len(first) != len(second):
        raise ValueError(
            f"x has {len(first)} values and y has {len(second)}; give one of each for each unit"
        )

    known = ~np.isnan(first) & ~np.isnan(second)
    a, b = first[known], second[known]
    if len(a) < _FEWEST_PAIRS:
        raise ValueError(f"found {len(a)} complete pairs; an association needs at least four")
    if (a == a[0]).all() or (b == b[0]).all():
        raise ValueError("an indicator is the same in all units, so nothing can go with it")
    return a, b


def _permutation_p_value(a: Array, b: Array, draws: int, seed: int) -> float:
    first, second = np.triu_indices(len(a), 1)
    signs = np.sign(a[second] - a[first])
    in_order = np.sign(b[second] - b[first])
    observed = abs((signs * in_order).sum())
    rng = np.random.default_rng(seed)
    fitting = _PAIRS_AT_ONCE // len(first)
    at_once = max(1, min(_DRAWS_AT_ONCE, fitting))

    at_least = 0
    for start in range(0, draws, at_once):
        size = min(at_once, draws - start)
        copies = np.broadcast_to(b, (size, len(b)))
        shuffled = rng.permuted(copies, axis=1)
        shuffled_signs = np.sign(shuffled[:, second] - shuffled[:, first])
        as_large = np.abs(shuffled_signs @ signs) >= observed
        at_least += int(as_large.sum())
    return (at_least + 1) / (draws + 1)
