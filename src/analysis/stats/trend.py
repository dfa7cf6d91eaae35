"""Trend in one series or many: the Mann-Kendall test with Sen's slope."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import nan, sqrt
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats as scipy_stats

from analysis.locale import text
from analysis.stats import _autocorrelation as auto
from analysis.stats._ar1 import GRID, Ar1Fit, score_factor
from analysis.stats._level import normal_quantile
from analysis.stats._scores import (
    Scores,
    exact_half_width,
    exact_p_value,
    has_ties,
    normal_p_value,
    score_rows,
    slope_bounds,
    standardise,
)
from analysis.stats._validate import check_level, check_option, check_whole
from analysis.stats.inputs import as_numbers, as_times
from analysis.stats.words import figure, p_words, share_words

Array = NDArray[Any]

EXACT_UP_TO = 10
_FEWEST = 4
# Autocorrelation of fewer points is noise: corrected tests of ten reject up to every fifth time.
_FEWEST_TO_CORRECT = 15
_YEAR_SECONDS = 86400 * 365.2425
_DIMENSIONS = 2  # of a table of series
_SEASONAL = ("seasonal", "correlated_seasonal")
_BY_LAGS = ("hamed_rao", "yue_wang")
_CORRECTED = (*_BY_LAGS, "prewhitened", "ar1")
_METHODS = ("auto", "exact", "normal", *_SEASONAL, *_CORRECTED)
_ALTERNATIVES = ("two-sided", "greater", "less")
_ROWS_AT_ONCE = 64  # their pairs stay in the processor's cache
_SIZE_THAT_HOLDS = 0.07
_IF_DEPENDENT = 0.4  # the autocorrelation that a caution reckons with where none is known


@dataclass(frozen=True)
class TrendTest:
    """Result of `mann_kendall`; the bounds of the slope are infinite where n is too small."""

    n: int
    s: float
    var_s: float
    z: float
    p_value: float
    tau: float
    slope: float
    slope_low: float
    slope_high: float
    method: str
    trend: str
    alternative: str
    level: float
    lag: int | None = None
    per: str = "step"
    reason: str = ""
    smallest_p_value: float = field(default=nan, compare=False)
    autocorrelation: float = field(default=nan, compare=False)
    expected_size: float = field(default=nan, compare=False)

    def summary(self, language: str = "en") -> str:
        """Return the slope with its interval and p-value, and what the test rests on."""
        clauses = [self._finding(language)]
        if self.reason:
            why = text(f"stats_trend_auto_{self.reason}", language, n=self.n)
            clauses.append(why)
        caution = self._caution(language)
        if caution:
            clauses.append(caution)
        return " ".join(clauses)

    def _finding(self, language: str) -> str:
        alpha = 1 - self.level
        common = {
            "n": self.n,
            "alpha": share_words(alpha, language),
            "p": p_words(self.p_value, language),
        }
        if self.smallest_p_value > alpha:
            smallest = figure(self.smallest_p_value, language)
            return text("stats_trend_impossible", language, **common, smallest=smallest)
        keys = {"no trend": "none", "increasing": "up", "decreasing": "down"}
        return text(
            f"stats_trend_{keys[self.trend]}",
            language,
            **common,
            slope=figure(self.slope, language),
            low=figure(self.slope_low, language),
            high=figure(self.slope_high, language),
            level=share_words(self.level, language),
            per=text(f"stats_per_{self.per}", language),
        )

    def _caution(self, language: str) -> str:
        if self.expected_size > _SIZE_THAT_HOLDS * (1 - self.level) / 0.05:
            return text(
                "stats_trend_autocorrelated",
                language,
                r=figure(self.autocorrelation, language, digits=2),
                size=share_words(round(self.expected_size, 2), language),
                alpha=share_words(1 - self.level, language),
            )
        if self.trend == "no trend" or not self._is_unchecked:
            return ""
        factor = float(score_factor(_IF_DEPENDENT, self.n))
        size = auto.expected_size(factor, 1.0, self.level, self.alternative)
        return text(
            "stats_trend_independence",
            language,
            least=_FEWEST_TO_CORRECT,
            r=figure(_IF_DEPENDENT, language),
            size=share_words(round(size, 2), language),
        )

    @property
    def _is_unchecked(self) -> bool:
        uncorrected = self.method in ("exact", "normal")
        return uncorrected and bool(np.isnan(self.autocorrelation))


@dataclass(frozen=True)
class _Options:
    """How a test is made."""

    method: str
    alternative: str
    level: float
    lag: int | None
    period: int

    @property
    def quantile(self) -> float:
        """The normal quantile of the slope's interval."""
        return normal_quantile(self.level)

    def size(self, true: float, used: float = 1.0) -> float:
        """Return how often the test rejects a true null if the variance is `true`, not `used`."""
        return auto.expected_size(true, used, self.level, self.alternative)


@dataclass(frozen=True, eq=False)
class _Series:
    """Known values in order of their times, the times, and whether these are even."""

    values: Array
    times: Array
    even: bool
    tied: bool


def _vector(values: ArrayLike, name: str) -> Array:
    vector = np.atleast_1d(as_numbers(values))
    if np.isinf(vector).any():
        raise ValueError(f"{name} holds an infinite number; give finite ones, or NaN for missing")
    return vector


def _time_vector(times: ArrayLike | None, n: int) -> tuple[Array, str]:
    """Return the times as numbers and the unit of these: a step, a year, or that of the numbers."""
    if times is None:
        return np.arange(1, n + 1, dtype=float), "step"
    series = as_times(times)
    if len(series) != n:
        raise ValueError(
            f"times has {len(series)} entries and values has {n}; give one time for each value"
        )
    if not pd.api.types.is_datetime64_any_dtype(series):
        return _vector(series, "times"), "unit"

    since_first = series - series.min()
    years = since_first.dt.total_seconds() / _YEAR_SECONDS
    return years.to_numpy(dtype=float), "year"


def _check_options(options: _Options) -> None:
    check_option("method", options.method, _METHODS)
    check_option("alternative", options.alternative, _ALTERNATIVES)
    check_whole("period", options.period, 2)
    check_level(options.level)
    if options.lag is not None:
        check_whole("lag", options.lag, 1)


def _season_matrix(values: Array, times: Array, period: int) -> tuple[Array, Array]:
    """Lay a series out with one season in a row and one cycle in a column."""
    if not auto.is_even(times):
        raise ValueError(
            "the times are not evenly spaced, so seasons cannot be told apart; "
            "put in missing steps with the value NaN"
        )
    cycles = -(-len(values) // period)
    padded = np.full(cycles * period, nan)
    padded[: len(values)] = values
    seasons = padded.reshape(cycles, period).T

    step = float(times[-1] - times[0]) / (len(times) - 1)
    cycle_times = np.arange(cycles) * step * period
    return seasons, cycle_times


def _season_covariance(seasons: Array) -> float:
    """Return the variance of the sum of seasons' S that depend (Hirsch and Slack 1984)."""
    n = seasons.shape[1]
    first, second = np.triu_indices(n, 1)
    signs = np.sign(seasons[:, second] - seasons[:, first])
    ranks = scipy_stats.rankdata(seasons, axis=1)

    concordant = signs @ signs.T
    ranked = ranks @ ranks.T
    covariance = concordant + 4 * ranked - n * (n + 1) ** 2
    return float(covariance.sum() / 3)


def _seasons(values: Array, times: Array, options: _Options) -> tuple[Array, Array]:
    """Return the seasons that are tested, in rows, and the times of the cycles."""
    seasons, cycle_times = _season_matrix(values, times, options.period)
    if options.method == "correlated_seasonal":
        complete = ~np.isnan(seasons).any(axis=0)
        seasons = seasons[:, complete]
        cycle_times = cycle_times[complete]
    cycles = seasons.shape[1]
    if cycles <= 1:
        raise ValueError(
            f"a seasonal test needs at least two whole cycles of {options.period} values; "
            f"found {cycles}"
        )
    return seasons, cycle_times


def _seasonal_test(values: Array, times: Array, options: _Options) -> dict[str, Any]:
    seasons, cycle_times = _seasons(values, times, options)
    scores = score_rows(seasons, cycle_times)
    total = scores.s.sum(keepdims=True)
    s = float(total[0])
    pairs = float(scores.pairs.sum())
    correlated = options.method == "correlated_seasonal"
    variance = float(scores.variance.sum())
    if correlated:
        variance = _season_covariance(seasons)
    z = standardise(total, np.array([variance]), continuity=not correlated)
    p_value = normal_p_value(z, options.alternative)

    slopes = np.sort(scores.slopes.reshape(1, -1), axis=1)
    fields = _slope_fields(slopes, options.quantile * sqrt(variance))
    fields |= {
        "n": int(np.count_nonzero(~np.isnan(seasons))),
        "s": s,
        "var_s": variance,
        "z": float(z[0]),
        "tau": s / pairs if pairs else nan,
        "p_value": float(p_value[0]),
    }
    if not correlated:
        fields |= _seasonal_diagnosis(values, options)
    return fields


def _seasonal_diagnosis(values: Array, options: _Options) -> dict[str, float]:
    fit = auto.fit_seasons(values, options.period)
    if fit is None:
        return {}
    r = fit.autocorrelation
    factor = auto.season_factor(r, options.period)
    return {"autocorrelation": r, "expected_size": options.size(factor)}


def _slope_fields(slopes: Array, half_width: float) -> dict[str, Any]:
    slope, low, high = slope_bounds(slopes, np.array([half_width]))
    return {
        "slope": float(slope[0]),
        "slope_low": float(low[0]),
        "slope_high": float(high[0]),
    }


def _smallest_p_value(series: _Series, options: _Options) -> float:
    """Return the p-value of the same values in rising order, where a method has such a bound."""
    one_way = "greater" if options.alternative == "less" else options.alternative
    rising = np.sort(series.values)[None, :]
    ordered = score_rows(rising, series.times)
    if options.method == "exact":
        largest = float(ordered.s[0])
        return exact_p_value(largest, len(series.values), one_way)
    if options.method == "normal":
        z = standardise(ordered.s, ordered.variance)
        return float(normal_p_value(z, one_way)[0])
    return nan


def _check_correction(series: _Series, options: _Options) -> None:
    n = len(series.values)
    least = max(_FEWEST_TO_CORRECT, (options.lag or 0) + 1)
    if n < least:
        raise ValueError(
            f"found {n} values; {options.method} needs at least {_FEWEST_TO_CORRECT}, and more "
            "than its lag, to estimate the autocorrelation; use method='auto'"
        )
    if not series.even:
        raise ValueError(
            "the values are not evenly spaced in time, or some are missing between others, so "
            f"{options.method} cannot tell neighbours; use method='normal' or a series without gaps"
        )
    if np.ptp(series.values) == 0:
        raise ValueError(
            "the series has no variation, so it has no autocorrelation; use method='normal'"
        )


def _prewhitened(series: _Series) -> _Series:
    values = series.values
    r = auto.autocorrelations(values, 1)[0]
    return _Series(
        values=values[1:] - values[:-1] * r,
        times=series.times[1:],
        even=series.even,
        tied=series.tied,
    )


def _plain_test(series: _Series, options: _Options) -> dict[str, Any]:
    """Test one series without seasons; the slope is always that of the values as they are."""
    n = len(series.values)
    if options.method in _CORRECTED:
        _check_correction(series, options)
    given = score_rows(series.values[None, :], series.times)
    medians, _, _ = slope_bounds(given.slopes, np.zeros(1))
    detrended = series.values - series.times * medians[0]
    fit = _autoregression(series, detrended)

    scores = given
    if options.method == "prewhitened":
        white = _prewhitened(series)
        scores = score_rows(white.values[None, :], white.times)
    factor = 1.0
    if options.method in _BY_LAGS:
        factor = auto.variance_factor(detrended, options.method, options.lag)

    fields = _tested(scores, fit, options, factor=factor, n=n)
    half_width = fields.pop("half_width")
    fields |= _slope_fields(given.slopes, half_width)
    fields["smallest_p_value"] = _smallest_p_value(series, options)
    fields |= _diagnosis(fit, options, factor=factor, n=n)
    return fields


def _autoregression(series: _Series, detrended: Array) -> Ar1Fit | None:
    """Return the autocorrelation of a detrended series, None where it cannot be estimated."""
    rounding = auto.ROUNDING * np.abs(series.values).max()
    varies = np.ptp(detrended) > rounding
    enough = len(detrended) >= _FEWEST_TO_CORRECT

    if series.even and enough and varies:
        return auto.fit_ranks(detrended)
    return None


def _tested(
    scores: Scores, fit: Ar1Fit | None, options: _Options, *, factor: float, n: int
) -> dict[str, Any]:
    """Return S, its variance, z, tau, the p-value and the half width of the slope's interval."""
    s = float(scores.s[0])
    pairs = float(scores.pairs[0])
    variance = float(scores.variance[0]) * factor
    z = standardise(scores.s, np.array([variance]))
    p_value = normal_p_value(z, options.alternative)
    fields: dict[str, Any] = {
        "n": n,
        "s": s,
        "var_s": variance,
        "z": float(z[0]),
        "tau": s / pairs if pairs else nan,
        "p_value": float(p_value[0]),
        "half_width": options.quantile * sqrt(variance),
    }

    if options.method == "exact":
        fields["p_value"] = exact_p_value(s, n, options.alternative)
        fields["half_width"] = exact_half_width(n, options.level)
    if options.method == "ar1" and fit is not None:
        fields |= _averaged(fields, fit, options)
    return fields


def _averaged(fields: dict[str, Any], fit: Ar1Fit, options: _Options) -> dict[str, float]:
    """Return what the average over autocorrelations puts in the place of the plain test."""
    n, z, sd = fields["n"], fields["z"], sqrt(fields["var_s"])
    factors = score_factor(GRID, n)
    mean_factor = float(fit.weights @ factors)
    return {
        "var_s": fields["var_s"] * mean_factor,
        "z": z / sqrt(mean_factor),
        "p_value": auto.mixed_p_value(z, fit, n, options.alternative),
        "half_width": auto.mixed_half_width(sd, fit, n, options.level),
    }


def _diagnosis(fit: Ar1Fit | None, options: _Options, *, factor: float, n: int) -> dict[str, float]:
    """Return the autocorrelation and, where the method does not allow for it, the real size."""
    if fit is None:
        return {}
    r = fit.autocorrelation
    if options.method in ("ar1", "prewhitened"):
        return {"autocorrelation": r}
    true = float(score_factor(r, n))
    return {"autocorrelation": r, "expected_size": options.size(true, factor)}


def _named_trend(s: float, p_value: float, level: float) -> str:
    if p_value >= 1 - level or s == 0:
        return "no trend"
    return "increasing" if s > 0 else "decreasing"


def _chosen(series: _Series, method: str) -> tuple[str, str]:
    """Return the method that "auto" stands for, and the reason."""
    if method != "auto":
        return method, ""
    if series.tied:
        return "normal", "ties"
    if len(series.values) <= EXACT_UP_TO:
        return "exact", "few"
    return "normal", "many"


def _order_of_times(clock: Array) -> Array:
    """Return the positions of the known times in their order."""
    n_known = np.count_nonzero(~np.isnan(clock))
    # Missing times are sorted to the end.
    order = np.argsort(clock, kind="stable")
    return order[:n_known]


def _ordered(vector: Array, clock: Array) -> tuple[Array, Array]:
    """Return values and times in order of time, without values whose time is missing."""
    order = _order_of_times(clock)
    vector, clock = vector[order], clock[order]

    n = int(np.count_nonzero(~np.isnan(vector)))
    if n < _FEWEST:
        raise ValueError(
            f"found {n} values; a trend test needs at least {_FEWEST}. Show the values instead"
        )
    if clock[0] == clock[-1]:
        raise ValueError(f"all {len(clock)} times are equal, so there is no order to test")
    return vector, clock


def _known_series(vector: Array, clock: Array) -> _Series:
    known = ~np.isnan(vector)
    values, times = vector[known], clock[known]
    return _Series(
        values=values,
        times=times,
        even=auto.is_even(times),
        tied=has_ties(values) or has_ties(times),
    )


def mann_kendall(  # noqa: PLR0913  options of one public function, all by keyword
    values: ArrayLike,
    times: ArrayLike | None = None,
    *,
    method: str = "auto",
    alternative: str = "two-sided",
    level: float = 0.95,
    period: int = 12,
    lag: int | None = None,
) -> TrendTest:
    """Test a series for a monotonic trend and estimate its slope.

    Mann (1945), Kendall (1975), Sen (1968).

    Do not use it on fewer points than can show anything (four yearly points cannot be significant
    at 5 % whatever their order), on a series with a break in its definition, to look for a change
    that goes up and down again, or, with the methods "exact", "normal" and "seasonal", on an
    autocorrelated series: the p-value is then too small. From 15 evenly spaced values on the result
    estimates the autocorrelation, and `summary` says how often the test would then find a trend
    where there is none.

    Parameters
    ----------
    values : array_like
        The series, in order of time if no times are given. Missing values are dropped with their
        times.
    times : array_like, optional
        Numbers or dates (also as 2024-07-25), one for each value, in any order. The slope is then
        per unit of time (dates: per year). Without times one step is the unit, and one whole cycle
        for the seasonal methods.
    method : str
        - "auto": "exact" up to ten points without ties, else "normal"; `reason` says which.
        - "exact": all orders equally likely. "normal": normal approximation, with ties.
        - "ar1": averages the test over the lag-one autocorrelations that the series allows; holds
          7 % up to an autocorrelation of 0.6 from 20 values on, and keeps the trend's power.
        - "hamed_rao" (1998) and "yue_wang" (2004): correct the variance. Without a lag both carry
          the autocorrelation of lag one on, free of bias, and never shrink the variance; they hold
          7 % from 30 values on up to an autocorrelation of 0.4.
          With a lag they are as published and as in other programs, and reject too often.
        - "prewhitened" (von Storch 1995): takes out the lag-one autocorrelation, and with it much
          of a trend.
        - "seasonal" (Hirsch, Slack and Smith 1982): adds up the seasons. "correlated_seasonal"
          (Hirsch and Slack 1984): lets them depend on each other; whole cycles only.
    alternative : {"two-sided", "greater", "less"}
        "greater" is a rising series.
    level : float
        Level of the interval of the slope; a trend is named if the p-value is below 1 - level.
    period : int
        Values in a cycle, for the seasonal methods. Keep missing values in place as NaN.
    lag : int, optional
        The largest lag that "hamed_rao" and "yue_wang" look at.

    Returns
    -------
    TrendTest
        n, s, var_s, z, p_value, tau (tau-b), slope (Sen), slope_low, slope_high (Gilbert 1987;
        exact with the exact test), method, trend ("increasing", "decreasing", "no trend"), lag,
        per ("year", "unit" or "step"), reason, smallest_p_value (of the same values in rising
        order; missing where corrections or seasons have no such bound), autocorrelation and
        expected_size (missing where they cannot be estimated).

    Raises
    ------
    UnknownName
        For a method or an alternative that does not exist.
    ValueError
        For fewer than four values, infinite values, times that are all equal or cannot be read,
        ties with the exact method; with a correction for autocorrelation, for fewer than 15 values
        and for values that are not evenly spaced.

    Examples
    --------
    >>> result = mann_kendall([58.2, 61.4, 66.0, 71.3], times=[2021, 2022, 2023, 2024])
    >>> round(result.p_value, 4), round(result.slope, 2), result.trend
    (0.0833, 4.48, 'no trend')
    """
    options = _Options(method, alternative, level, lag, period)
    _check_options(options)
    vector = _vector(values, "values")
    clock, per = _time_vector(times, len(vector))
    vector, clock = _ordered(vector, clock)

    if method in _SEASONAL:
        if times is None:
            clock, per = clock / period, "cycle"
        fields = _seasonal_test(vector, clock, options)
        return _named(fields, options, per=per, reason="")

    series = _known_series(vector, clock)
    method, reason = _chosen(series, method)
    options = replace(options, method=method)
    if method == "exact" and series.tied:
        raise ValueError(
            "the exact method needs values and times without ties; "
            "use method='normal', which corrects for them"
        )
    fields = _plain_test(series, options)
    return _named(fields, options, per=per, reason=reason)


def _named(fields: dict[str, Any], options: _Options, *, per: str, reason: str) -> TrendTest:
    lag = options.lag
    if lag is None and options.method in _CORRECTED:
        lag = 1
    return TrendTest(
        **fields,
        method=options.method,
        trend=_named_trend(fields["s"], fields["p_value"], options.level),
        alternative=options.alternative,
        level=options.level,
        lag=lag,
        per=per,
        reason=reason,
    )


_COLUMNS = ["n", "s", "var_s", "z", "p_value", "tau", "slope", "slope_low", "slope_high", "trend"]


def mann_kendall_rows(
    values: ArrayLike, times: ArrayLike | None = None, *, level: float = 0.95
) -> pd.DataFrame:
    """Run the normal Mann-Kendall test with correction for ties on many series at once.

    Do not use it to pick the series that look significant: adjust the p-values with
    `adjust_pvalues`. For short series call `mann_kendall`, which is exact; for autocorrelated ones
    call it with method="ar1".

    Parameters
    ----------
    values : array_like, shape (series, points)
        One series in each row; NaN where a value is missing.
    times : array_like, optional
        Shared by all series.
    level : float
        As in `mann_kendall`.

    Returns
    -------
    pandas.DataFrame
        One row for each series: n, s, var_s, z, p_value, tau, slope, slope_low, slope_high, trend.
        With fewer than four values p_value is missing.

    Raises
    ------
    ValueError
        For an array that is not series by points, times of another length, and infinite values.

    Examples
    --------
    >>> mann_kendall_rows([[1, 2, 3, 4, 5, 6], [3, 1, 2, 6, 4, 5]])["s"].tolist()
    [15.0, 7.0]
    """
    rows = as_numbers(values)
    if rows.ndim != _DIMENSIONS or not rows.size or np.isinf(rows).any():
        raise ValueError(
            f"values has the shape {rows.shape}; "
            "give series in rows and points in columns, finite or NaN"
        )
    check_level(level)

    clock, _ = _time_vector(times, rows.shape[1])
    order = _order_of_times(clock)
    rows, clock = rows[:, order], clock[order]
    parts = []
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        parts.append(_score_table(some, clock, level))
    table = pd.concat(parts, ignore_index=True)

    p_value = normal_p_value(table["z"].to_numpy(), "two-sided")
    enough = table["n"] >= _FEWEST
    table["p_value"] = pd.Series(p_value).where(enough)
    found = (table["p_value"] < 1 - level) & (table["s"] != 0)
    direction = np.where(table["s"] > 0, "increasing", "decreasing")
    table["trend"] = np.where(found, direction, "no trend")
    return table[_COLUMNS]


def _score_table(rows: Array, clock: Array, level: float) -> pd.DataFrame:
    scores = score_rows(rows, clock)
    half_width = normal_quantile(level) * np.sqrt(scores.variance)
    slope, low, high = slope_bounds(scores.slopes, half_width)
    unknown = np.full(len(rows), nan)
    has_pairs = scores.pairs > 0
    columns = {
        "n": np.count_nonzero(~np.isnan(rows), axis=1),
        "s": scores.s,
        "var_s": scores.variance,
        "z": standardise(scores.s, scores.variance),
        "tau": np.divide(scores.s, scores.pairs, out=unknown, where=has_pairs),
        "slope": slope,
        "slope_low": low,
        "slope_high": high,
    }
    return pd.DataFrame(columns)
