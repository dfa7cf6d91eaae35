"""Intervals for shares and rates, and p-values adjusted for many tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats as scipy_stats

from analysis.locale import text
from analysis.stats._level import tail
from analysis.stats._validate import check_level, check_option
from analysis.stats.inputs import aligned, as_numbers
from analysis.stats.words import figure, share_words

Array = NDArray[Any]

_SHARE_METHODS = {"wilson": "wilson", "clopper_pearson": "beta", "jeffreys": "jeffreys"}
_ADJUSTMENTS = ("bh", "by", "holm", "bonferroni")
_ALPHA = 0.05


@dataclass(frozen=True, eq=False)
class Interval:
    """An estimate between `low` and `high`: numbers, arrays or Series, as what was given."""

    estimate: Any
    low: Any
    high: Any
    method: str
    level: float

    def summary(self, language: str = "en") -> str:
        """Return the estimate with its interval, or the widest interval of many."""
        level = share_words(self.level, language)
        if np.ndim(self.estimate) == 0:
            return text(
                "stats_interval",
                language,
                estimate=figure(float(self.estimate), language),
                low=figure(float(self.low), language),
                high=figure(float(self.high), language),
                level=level,
            )
        widths = np.asarray(self.high) - np.asarray(self.low)
        widest = float(np.nanmax(widths))
        return text(
            "stats_intervals",
            language,
            n=str(np.size(widths)),
            widest=figure(widest, language),
            level=level,
        )


@dataclass(frozen=True, eq=False)
class AdjustedPValues:
    """p-values before and after adjustment; behaves as the sequence of the adjusted ones."""

    p_value: Any
    adjusted: Any
    method: str

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self.adjusted, dtype=dtype)

    def __len__(self) -> int:
        return len(self.adjusted)

    def __iter__(self) -> Iterator[float]:
        adjusted = np.asarray(self.adjusted)
        return iter(adjusted.tolist())

    def __getitem__(self, key: Any) -> Any:
        return self.adjusted[key]

    def __lt__(self, alpha: float) -> Any:
        return self.adjusted < alpha

    def __le__(self, alpha: float) -> Any:
        return self.adjusted <= alpha

    def summary(self, language: str = "en") -> str:
        """Return how many tests are below 5 % before and after adjustment."""
        p_value = np.asarray(self.p_value)
        adjusted = np.asarray(self.adjusted)
        known = ~np.isnan(adjusted)
        return text(
            "stats_adjusted",
            language,
            n=int(known.sum()),
            before=int((p_value < _ALPHA).sum()),
            after=int((adjusted < _ALPHA).sum()),
        )


def _as_given(result: Array, like: Any) -> Any:
    if isinstance(like, pd.Series):
        return pd.Series(result, index=like.index)
    if np.ndim(result) == 0:
        return float(result)
    return result


def _first_series(*values: Any) -> Any:
    for value in values:
        if isinstance(value, pd.Series):
            return value
    return None


def proportion_interval(
    count: ArrayLike, total: ArrayLike, *, method: str = "wilson", level: float = 0.95
) -> Interval:
    """Return an interval for a share.

    Do not use it as if a whole count were a sample: turnout of an electorate is known, and the
    interval is only a yardstick for how much a small electorate varies. Do not use it where the
    cases depend on each other (families, one vote repeated by a commission): it is then too narrow.

    Parameters
    ----------
    count, total : number or array_like
        Cases and all; vectorised. Series go by their labels. Missing values, and a total of 0, give
        NaN.
    method : {"wilson", "clopper_pearson", "jeffreys"}
        Wilson's score interval (1927), the exact interval of Clopper and Pearson (1934), which
        covers at least `level`, or the Bayesian interval with Jeffreys' prior, which ends at 0 for
        no case and at 1 for all (Brown, Cai, DasGupta 2001). Wilson's and Jeffreys' cover the level
        on average over shares, less at shares within 5 / total of 0 or 1.
    level : float
        Coverage aimed at.

    Returns
    -------
    Interval
        estimate, low, high in 0..1, method, level.

    Raises
    ------
    UnknownName
        For a method that does not exist.
    ValueError
        For counts below 0 or above the total, infinite numbers, and a level outside 0..1.

    Examples
    --------
    >>> interval = proportion_interval(15, 148)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.0624, 0.1605)
    """
    check_level(level)
    check_option("method", method, _SHARE_METHODS)
    count, total = aligned(count, total)
    cases, whole = np.broadcast_arrays(as_numbers(count), as_numbers(total))
    _check_finite(cases, whole)
    wrong = (cases < 0) | (cases > whole)
    if wrong.any():
        raise ValueError(
            "a count must lie between 0 and its total; "
            f"found {cases[wrong].flat[0]:g} of {whole[wrong].flat[0]:g}"
        )
    estimate, low, high = _share_bounds(
        cases,
        whole,
        method=_SHARE_METHODS[method],
        level=level,
    )
    like = _first_series(count, total)
    return Interval(
        estimate=_as_given(estimate, like),
        low=_as_given(low, like),
        high=_as_given(high, like),
        method=method,
        level=level,
    )


def _share_bounds(
    cases: Array, whole: Array, *, method: str, level: float
) -> tuple[Array, Array, Array]:
    from statsmodels.stats.proportion import proportion_confint

    known = ~np.isnan(cases) & (whole > 0)
    x, n = cases[known], whole[known]
    estimate = np.full(cases.shape, np.nan)
    estimate[known] = x / n
    low = np.full(cases.shape, np.nan)
    high = np.full(cases.shape, np.nan)
    if len(x):
        low[known], high[known] = proportion_confint(x, n, alpha=1 - level, method=method)
    # No case means a bound of 0 exactly, and all cases one of 1, whatever the method rounds to.
    zero_or_missing = low * 0
    one_or_missing = high * 0 + 1
    low = np.where(cases == 0, zero_or_missing, np.maximum(low, 0))
    high = np.where(cases == whole, one_or_missing, np.minimum(high, 1))
    return estimate, low, high


def _check_finite(*given: Array) -> None:
    if any(np.isinf(values).any() for values in given):
        raise ValueError("a count or a total is infinite; give finite numbers, or NaN for missing")


def rate_interval(
    count: ArrayLike, population: ArrayLike, *, per: float = 1.0, level: float = 0.95
) -> Interval:
    """Return the exact interval for a rate of events per population (Garwood 1936).

    Do not use it for shares of a whole (use `proportion_interval`), nor where one person makes many
    of the events, as some do with appeals: the interval is then too narrow.

    Parameters
    ----------
    count, population : number or array_like
        Events and the population (or person-years) among which they happened; vectorised. Series go
        by their labels.
    per : float
        The rate is per so many: 1000 for events per thousand.
    level : float
        Coverage aimed at; it is never less.

    Returns
    -------
    Interval
        estimate, low, high in events per `per`, method, level.

    Raises
    ------
    ValueError
        For counts below 0, populations of 0 or less, and infinite numbers.

    Examples
    --------
    >>> interval = rate_interval(3, 1000, per=1000)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.6187, 8.7673)
    """
    check_level(level)
    count, population = aligned(count, population)
    events, people = np.broadcast_arrays(as_numbers(count), as_numbers(population))
    _check_finite(events, people)
    if (events < 0).any() or (people <= 0).any():
        raise ValueError("counts must be 0 or more and populations more than 0")
    outside = tail(level)
    lowest = scipy_stats.chi2.ppf(outside, 2 * events) / 2
    low = np.where(events == 0, 0 * people, lowest)
    high = scipy_stats.chi2.isf(outside, 2 * events + 2) / 2
    like = _first_series(count, population)

    def as_rate(number: Array) -> Any:
        rate = np.asarray(number / people * per)
        return _as_given(rate, like)

    return Interval(
        estimate=as_rate(events),
        low=as_rate(low),
        high=as_rate(high),
        method="exact",
        level=level,
    )


def _adjusted(p: Array, method: str) -> Array:
    if method in ("bh", "by"):
        return scipy_stats.false_discovery_control(p, method=method)
    if method == "bonferroni":
        return np.minimum(p * len(p), 1)
    # statsmodels has Holm's method too, and collects all garbage of the process in each call.
    order = np.argsort(p)
    tests_left = np.arange(len(p), 0, -1)
    stepped = np.maximum.accumulate(p[order] * tests_left)
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(stepped, 1)
    return adjusted


def adjust_pvalues(p: ArrayLike, *, method: str = "bh") -> AdjustedPValues:
    """Adjust the p-values of many tests.

    Do not use it on the tests that were picked because they looked significant: give all that were
    made. "bh" limits the share of false finds among the finds (Benjamini and Hochberg 1995), for
    tests that are independent or depend positively; "by" does so whatever they share (Benjamini and
    Yekutieli 2001). Where one false find is too many use "holm" (1979), which holds whatever they
    share and is never worse than "bonferroni".

    Parameters
    ----------
    p : array_like
        p-values in 0..1; missing ones stay missing and do not count as tests.
    method : {"bh", "by", "holm", "bonferroni"}

    Returns
    -------
    AdjustedPValues
        p_value, adjusted (in the order given, with the index of a Series), method. It can be used
        as an array, and compared with a level: `adjust_pvalues(p) <= 0.05`.

    Raises
    ------
    UnknownName
        For a method that does not exist.
    ValueError
        For p-values outside 0..1.

    Examples
    --------
    >>> list(adjust_pvalues([0.01, 0.02, 0.5], method="bonferroni"))
    [0.03, 0.06, 1.0]
    """
    check_option("method", method, _ADJUSTMENTS)
    raw = as_numbers(p).reshape(-1)
    outside = (raw < 0) | (raw > 1)
    if outside.any():
        raise ValueError("a p-value must lie between 0 and 1")
    known = ~np.isnan(raw)
    adjusted = np.full(len(raw), np.nan)
    if known.any():
        adjusted[known] = _adjusted(raw[known], method)
    like = _first_series(p)
    return AdjustedPValues(
        p_value=raw if like is None else p,
        adjusted=_as_given(adjusted, like),
        method=method,
    )
