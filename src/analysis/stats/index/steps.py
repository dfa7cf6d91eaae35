"""The steps of the pipeline: impute, treat outliers, normalise, aggregate, rank."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats as scipy_stats

from analysis.stats.index.plan import Plan

Array = NDArray[Any]

# JRC (2008) and the Global Innovation Index.
_SKEW_LIMIT, _KURTOSIS_LIMIT, _MOST_WINSORISED = 2.0, 3.5, 5
_FEWEST_FOR_KURTOSIS = 4
_FEWEST_VALUES = 3
_DECIMALS = 10


def _same(x: Array) -> Array:
    return x


_FORWARD: dict[str, Callable[[Array], Array]] = {
    "arithmetic": _same,
    "geometric": np.log,
    "harmonic": np.reciprocal,
}
_BACK: dict[str, Callable[[Array], Array]] = {
    "arithmetic": _same,
    "geometric": np.exp,
    "harmonic": np.reciprocal,
}


def impute(plan: Plan, method: str) -> pd.DataFrame:
    """Fill missing values with the mean or median of all units, or the mean of the unit's group."""
    raw = plan.raw
    if method == "mean":
        return raw.fillna(raw.mean())
    if method == "median":
        return raw.fillna(raw.median())
    if method == "group_mean":
        by_group = raw.groupby(plan.unit_groups)
        return raw.fillna(by_group.transform("mean"))
    return raw


def _shape(known: pd.Series) -> tuple[float, float]:
    skewness = float(known.skew())
    if len(known) < _FEWEST_FOR_KURTOSIS:
        return skewness, 0.0
    return skewness, float(known.kurt())


def _pull_in(values: pd.Series, known: pd.Series, *, upper: bool) -> pd.Series:
    if upper:
        next_one = known[known != known.max()].max()
        return values.clip(upper=next_one)
    next_one = known[known != known.min()].min()
    return values.clip(lower=next_one)


def _winsorise(column: pd.Series) -> tuple[pd.Series, int]:
    """Pull in the outermost value again and again while a column is skewed and heavy-tailed."""
    values = column.copy()
    for done in range(_MOST_WINSORISED):
        known = values.dropna()
        if known.nunique() < _FEWEST_VALUES:
            return values, done
        skewness, kurtosis = _shape(known)
        has_outliers = abs(skewness) > _SKEW_LIMIT and kurtosis > _KURTOSIS_LIMIT
        if not has_outliers:
            return values, done
        values = _pull_in(values, known, upper=skewness > 0)
    return values, _MOST_WINSORISED


def treat(values: pd.DataFrame, method: str) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the values with outliers pulled in, and how often in each column where it was."""
    if method == "none":
        return values, {}
    columns, counts = {}, {}
    for name in values:
        columns[name], n = _winsorise(values[name])
        if n:
            counts[name] = n
    return pd.DataFrame(columns), counts


def normalise(values: pd.DataFrame, plan: Plan, method: str) -> Array:
    """Bring every indicator to one scale on which more is better."""
    signs = [plan.direction[name] for name in values]
    x = values.to_numpy() * signs
    if method == "zscore":
        return 50 + 10 * _z_scores(x)
    if method == "rank":
        return scipy_stats.rankdata(x, axis=0, nan_policy="omit")
    share = _to_goalposts(values, plan) if method == "goalposts" else _to_extremes(x)
    low, high = plan.scale
    return low + share * (high - low)


def _z_scores(x: Array) -> Array:
    deviation = np.nanstd(x, axis=0)
    away = x - np.nanmean(x, axis=0)
    return away / np.where(deviation > 0, deviation, 1)


def _to_goalposts(values: pd.DataFrame, plan: Plan) -> Array:
    posts = [plan.goalposts[name] for name in values]
    worst, best = np.array(posts).T
    share = (values.to_numpy() - worst) / (best - worst)
    return share.clip(0, 1)


def _to_extremes(x: Array) -> Array:
    """Return where values lie between the lowest and the highest; halfway if all are alike."""
    lowest = np.nanmin(x, axis=0)
    span = np.nanmax(x, axis=0) - lowest
    halfway = np.where(np.isnan(x), np.nan, 0.5)
    divisor = np.where(span > 0, span, 1)
    share = (x - lowest) / divisor
    return np.where(span > 0, share, halfway)


def aggregate(
    normalised: Array, plan: Plan, weights: Mapping[str, Array], how: Mapping[str, str]
) -> dict[str, Array]:
    """Return the scores of every group, draws in rows and units in columns.

    A member without a value takes no weight.
    """
    scores: dict[str, Array] = {}
    for i, name in enumerate(plan.raw.columns):
        scores[name] = normalised[None, :, i]
    for group, members in plan.groups.items():
        parts = {member: scores[member] for member in members}
        scores[group] = _mean(parts, weights, how[group])
    return scores


def _check_positive(parts: Mapping[str, Array], method: str) -> None:
    if method == "arithmetic":
        return
    for member, x in parts.items():
        if (x <= 0).any():
            raise ValueError(
                f"a {method} mean needs positive scores, and {member!r} has some of 0 or less; "
                "use scale=(1, 100)"
            )


def _mean(parts: Mapping[str, Array], weights: Mapping[str, Array], method: str) -> Array:
    _check_positive(parts, method)
    forward, back = _FORWARD[method], _BACK[method]

    total, weight = np.zeros(1), np.zeros(1)
    for member, x in parts.items():
        of_member = np.atleast_1d(weights[member])[:, None]
        known = ~np.isnan(x)
        transformed = forward(np.where(known, x, 1.0))
        weighted = of_member * transformed
        total = total + np.where(known, weighted, 0.0)
        weight = weight + np.where(known, of_member, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = back(total / weight)
    return np.where(weight > 0, mean, np.nan)


def rank(scores: Array) -> Array:
    """Return ranks within rows, 1 for the highest score; equal scores share a rank."""
    rounded = scores.round(_DECIMALS)
    ranks = scipy_stats.rankdata(-rounded, method="min", axis=1)
    return ranks.astype(int)


def rescale(scores: Array, like: Array) -> Array:
    """Return scores with mean and spread of others, because scales differ by normalisation."""
    spread = scores.std(axis=1, keepdims=True)
    away = scores - scores.mean(axis=1, keepdims=True)
    divisor = np.where(spread > 0, spread, 1)
    return like.mean() + away / divisor * like.std()
