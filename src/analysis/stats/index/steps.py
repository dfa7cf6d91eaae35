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
    if method == "none":
        return raw
    if method == "group_mean":
        own = raw.groupby(plan.unit_groups).transform("mean")
        return raw.fillna(own)
    return raw.fillna(raw.mean() if method == "mean" else raw.median())


def _shape(known: pd.Series) -> tuple[float, float]:
    skew = float(known.skew())
    if len(known) < _FEWEST_FOR_KURTOSIS:
        return skew, 0.0
    return skew, float(known.kurt())


def _pull_in(values: pd.Series, known: pd.Series, *, upper: bool) -> pd.Series:
    outer = known.max() if upper else known.min()
    others = known[known != outer]
    return values.clip(upper=others.max()) if upper else values.clip(lower=others.min())


def _winsorise(column: pd.Series) -> tuple[pd.Series, int]:
    """Pull in the outermost value again and again while a column is skewed and heavy-tailed."""
    values = column.copy()
    for done in range(_MOST_WINSORISED):
        known = values.dropna()
        if known.nunique() < _FEWEST_VALUES:
            return values, done
        skew, kurtosis = _shape(known)
        if abs(skew) <= _SKEW_LIMIT or kurtosis <= _KURTOSIS_LIMIT:
            return values, done
        values = _pull_in(values, known, upper=skew > 0)
    return values, _MOST_WINSORISED


def treat(values: pd.DataFrame, method: str) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the values with outliers pulled in, and how often in each column where it was."""
    if method == "none":
        return values, {}
    columns = {name: _winsorise(values[name]) for name in values}
    treated = pd.DataFrame({name: column for name, (column, _) in columns.items()})
    return treated, {name: n for name, (_, n) in columns.items() if n}


def normalise(values: pd.DataFrame, plan: Plan, method: str) -> Array:
    """Bring every indicator to one scale on which more is better."""
    x = values.to_numpy() * [plan.direction[name] for name in values]
    if method == "zscore":
        deviation = np.nanstd(x, axis=0)
        away = x - np.nanmean(x, axis=0)
        return 50 + 10 * away / np.where(deviation > 0, deviation, 1)
    if method == "rank":
        return scipy_stats.rankdata(x, axis=0, nan_policy="omit")
    low, high = plan.scale
    share = _to_goalposts(values, plan) if method == "goalposts" else _to_extremes(x)
    return low + share * (high - low)


def _to_goalposts(values: pd.DataFrame, plan: Plan) -> Array:
    worst, best = np.array([plan.goalposts[name] for name in values]).T
    return ((values.to_numpy() - worst) / (best - worst)).clip(0, 1)


def _to_extremes(x: Array) -> Array:
    lowest = np.nanmin(x, axis=0)
    span = np.nanmax(x, axis=0) - lowest
    alike = np.where(np.isnan(x), np.nan, 0.5)
    return np.where(span > 0, (x - lowest) / np.where(span > 0, span, 1), alike)


def aggregate(
    normalised: Array, plan: Plan, weights: Mapping[str, Array], how: Mapping[str, str]
) -> dict[str, Array]:
    """Return the scores of every group, draws in rows and units in columns.

    A member without a value takes no weight.
    """
    names = plan.raw.columns
    scores: dict[str, Array] = {name: normalised[None, :, i] for i, name in enumerate(names)}
    for group, members in plan.groups.items():
        parts = {member: scores[member] for member in members}
        scores[group] = _mean(parts, weights, how[group])
    return scores


def _mean(parts: Mapping[str, Array], weights: Mapping[str, Array], method: str) -> Array:
    total, weight = np.zeros(1), np.zeros(1)
    for member, x in parts.items():
        if method != "arithmetic" and (x <= 0).any():
            raise ValueError(
                f"a {method} mean needs positive scores, and {member!r} has some of 0 or less; "
                "use scale=(1, 100)"
            )
        w = np.atleast_1d(weights[member])[:, None]
        there = ~np.isnan(x)
        moved = _FORWARD[method](np.where(there, x, 1.0))
        total = total + np.where(there, w * moved, 0.0)
        weight = weight + np.where(there, w, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(weight > 0, _BACK[method](total / weight), np.nan)


def rank(scores: Array) -> Array:
    """Return ranks within rows, 1 for the highest score; equal scores share a rank."""
    rounded = -scores.round(_DECIMALS)
    return scipy_stats.rankdata(rounded, method="min", axis=1).astype(int)


def rescale(scores: Array, like: Array) -> Array:
    """Return scores with mean and spread of others, because scales differ by normalisation."""
    spread = scores.std(axis=1, keepdims=True)
    away = scores - scores.mean(axis=1, keepdims=True)
    return like.mean() + away / np.where(spread > 0, spread, 1) * like.std()
