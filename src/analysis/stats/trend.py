"""Trend in one series or many: the Mann-Kendall test with Sen's slope."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan, sqrt
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats as scipy_stats

from analysis.locale import text
from analysis.stats import _autocorrelation as auto
from analysis.stats._ar1 import GRID, score_factor
from analysis.stats._scores import (
    Scores,
    exact_half_width,
    exact_p_value,
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
_YEAR_DAYS = 365.2425
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
            clauses.append(text(f"stats_trend_auto_{self.reason}", language, n=self.n))
        clauses.append(self._caution(language))
        return " ".join(clause for clause in clauses if clause)

    def _finding(self, language: str) -> str:
        alpha = 1 - self.level
        p, share = p_words(self.p_value, language), share_words(alpha, language)
        if self.smallest_p_value > alpha:
            smallest = figure(self.smallest_p_value, language)
            return text(
                "stats_trend_impossible", language, n=self.n, alpha=share, smallest=smallest, p=p
            )
        keys = {"no trend": "none", "increasing": "up", "decreasing": "down"}
        return text(
            f"stats_trend_{keys[self.trend]}",
            language,
            n=self.n,
            alpha=share,
            p=p,
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
        return self.method in ("exact", "normal") and np.isnan(self.autocorrelation)


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
    if pd.api.types.is_datetime64_any_dtype(series):
        seconds = (series - series.min()).dt.total_seconds()
        return (seconds / (86400 * _YEAR_DAYS)).to_numpy(dtype=float), "year"
    return _vector(series, "times"), "unit"


def _check_options(method: str, alternative: str, period: int, lag: int | None) -> None:
    check_option("method", method, _METHODS)
    check_option("alternative", alternative, _ALTERNATIVES)
    check_whole("period", period, 2)
    if lag is not None:
        check_whole("lag", lag, 1)


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
    step = float(times[-1] - times[0]) / (len(times) - 1)
    return padded.reshape(cycles, period).T, np.arange(cycles) * step * period


def _season_covariance(seasons: Array) -> float:
    """Return the variance of the sum of seasons' S that depend (Hirsch and Slack 1984)."""
    n = seasons.shape[1]
    first, second = np.triu_indices(n, 1)
    signs = np.sign(seasons[:, second] - seasons[:, first])
    ranks = scipy_stats.rankdata(seasons, axis=1)
    covariance = signs @ signs.T + 4 * ranks @ ranks.T - n * (n + 1) ** 2
    return float(covariance.sum() / 3)


def _seasonal_test(
    values: Array, times: Array, method: str, *, period: int, level: float, alternative: str
) -> dict[str, Any]:
    seasons, cycle_times = _season_matrix(values, times, period)
    correlated = method == "correlated_seasonal"
    if correlated:
        complete = ~np.isnan(seasons).any(axis=0)
        seasons, cycle_times = seasons[:, complete], cycle_times[complete]
    if seasons.shape[1] < 2:
        raise ValueError(
            f"a seasonal test needs at least two whole cycles of {period} values; "
            f"found {seasons.shape[1]}"
        )
    scores = score_rows(seasons, cycle_times)
    s, pairs = float(scores.s.sum()), float(scores.pairs.sum())
    variance = _season_covariance(seasons) if correlated else float(scores.variance.sum())
    z = standardise(np.array([s]), np.array([variance]), continuity=not correlated)[0]
    width = scipy_stats.norm.ppf((1 + level) / 2) * sqrt(variance)
    fields = _slope_fields(np.sort(scores.slopes.reshape(1, -1), axis=1), width)
    fields |= {"n": int(np.count_nonzero(~np.isnan(seasons))), "s": s, "var_s": variance}
    fields |= {"z": float(z), "tau": s / pairs if pairs else nan}
    fields["p_value"] = float(normal_p_value(z, alternative))
    if not correlated:
        fields |= _seasonal_diagnosis(values, period, level, alternative)
    return fields


def _seasonal_diagnosis(
    values: Array, period: int, level: float, alternative: str
) -> dict[str, float]:
    fit = auto.fit_seasons(values, period)
    if fit is None:
        return {}
    r = fit.autocorrelation
    factor = auto.season_factor(r, period)
    size = auto.expected_size(factor, 1.0, level, alternative)
    return {"autocorrelation": r, "expected_size": size}


def _slope_fields(slopes: Array, half_width: float) -> dict[str, float]:
    slope, low, high = slope_bounds(slopes, np.array([half_width]))
    bounds = (float(slope[0]), float(low[0]), float(high[0]))
    return dict(zip(("slope", "slope_low", "slope_high"), bounds, strict=True))


def _smallest_p_value(series: _Series, method: str, alternative: str) -> float:
    """Return the p-value of the same values in rising order, where a method has such a bound."""
    n = len(series.values)
    one_way = "greater" if alternative == "less" else alternative
    ordered = score_rows(np.sort(series.values)[None, :], series.times)
    if method == "exact":
        return exact_p_value(float(ordered.s[0]), n, one_way)
    if method == "normal":
        return float(normal_p_value(standardise(ordered.s, ordered.variance)[0], one_way))
    return nan


def _check_correction(series: _Series, method: str, lag: int | None) -> None:
    n, least = len(series.values), max(_FEWEST_TO_CORRECT, (lag or 0) + 1)
    if n < least:
        raise ValueError(
            f"found {n} values; {method} needs at least {_FEWEST_TO_CORRECT}, and more than its "
            "lag, to estimate the autocorrelation; use method='auto'"
        )
    if not series.even:
        raise ValueError(
            f"the values are not evenly spaced in time, or some are missing between others, so "
            f"{method} cannot tell neighbours; use method='normal' or a series without gaps"
        )
    if np.ptp(series.values) == 0:
        raise ValueError(
            "the series has no variation, so it has no autocorrelation; use method='normal'"
        )


def _prewhitened(series: _Series) -> _Series:
    r = auto.autocorrelations(series.values, 1)[0]
    white = series.values[1:] - series.values[:-1] * r
    return _Series(white, series.times[1:], series.even, series.tied)


def _plain_test(
    series: _Series, method: str, *, lag: int | None, level: float, alternative: str
) -> dict[str, Any]:
    """Test one series without seasons; the slope is always that of the values as they are."""
    n = len(series.values)
    if method in _CORRECTED:
        _check_correction(series, method, lag)
    given = score_rows(series.values[None, :], series.times)
    slope = float(slope_bounds(given.slopes, np.zeros(1))[0][0])
    detrended = series.values - series.times * slope
    tested = _prewhitened(series) if method == "prewhitened" else series
    scores = score_rows(tested.values[None, :], tested.times)
    factor = auto.variance_factor(detrended, method, lag) if method in _BY_LAGS else 1.0
    fields = _tested(scores, detrended, method, factor=factor, level=level, alternative=alternative)
    width = fields.pop("half_width")
    fields |= _slope_fields(given.slopes, width)
    fields |= {"n": n, "smallest_p_value": _smallest_p_value(series, method, alternative)}
    if series.even and n >= _FEWEST_TO_CORRECT and np.ptp(detrended) > 0:
        fields |= _diagnosis(detrended, method, factor=factor, level=level, alternative=alternative)
    return fields


def _tested(
    scores: Scores, detrended: Array, method: str, *, factor: float, level: float, alternative: str
) -> dict[str, Any]:
    """Return S, its variance, z, tau, the p-value and the half width of the slope's interval."""
    n, s, pairs = len(detrended), float(scores.s[0]), float(scores.pairs[0])
    variance = float(scores.variance[0]) * factor
    z = float(standardise(scores.s, np.array([variance]))[0])
    fields = {"s": s, "tau": s / pairs if pairs else nan}
    if method == "exact":
        p_value, width = exact_p_value(s, n, alternative), exact_half_width(n, level)
    elif method == "ar1":
        fit = auto.fit_ranks(detrended)
        p_value = auto.mixed_p_value(z, fit, n, alternative)
        width = auto.mixed_half_width(sqrt(variance), fit, n, level)
        mean_factor = float(fit.weights @ score_factor(GRID, n))
        variance, z = variance * mean_factor, z / sqrt(mean_factor)
    else:
        p_value = float(normal_p_value(z, alternative))
        width = float(scipy_stats.norm.ppf((1 + level) / 2)) * sqrt(variance)
    return fields | {"var_s": variance, "z": z, "p_value": p_value, "half_width": width}


def _diagnosis(
    detrended: Array, method: str, *, factor: float, level: float, alternative: str
) -> dict[str, float]:
    """Return the autocorrelation and, where the method does not allow for it, the real size."""
    r = auto.fit_ranks(detrended).autocorrelation
    if method in ("ar1", "prewhitened"):
        return {"autocorrelation": r}
    true = float(score_factor(r, len(detrended)))
    size = auto.expected_size(true, factor, level, alternative)
    return {"autocorrelation": r, "expected_size": size}


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
    return ("exact", "few") if len(series.values) <= EXACT_UP_TO else ("normal", "many")


def _ordered(vector: Array, clock: Array) -> tuple[Array, Array]:
    """Return values and times in order of time, without values whose time is missing."""
    order = np.argsort(clock, kind="stable")[: np.count_nonzero(~np.isnan(clock))]
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
    there = ~np.isnan(vector)
    values, times = vector[there], clock[there]
    tied = len(np.unique(values)) < len(values) or len(np.unique(times)) < len(times)
    return _Series(values, times, auto.is_even(times), tied)


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
    """Test a series for a monotonic trend and estimate its slope (Mann 1945, Kendall 1975, Sen 1968).

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
          7 % from 30 values on up to an autocorrelation of 0.2 ("hamed_rao") and 0.4 ("yue_wang").
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
    _check_options(method, alternative, period, lag)
    check_level(level)
    vector = _vector(values, "values")
    clock, per = _time_vector(times, len(vector))
    vector, clock = _ordered(vector, clock)
    options: dict[str, Any] = {"level": level, "alternative": alternative}
    reason = ""
    if method in _SEASONAL:
        if times is None:
            clock, per = clock / period, "cycle"
        fields = _seasonal_test(vector, clock, method, period=period, **options)
    else:
        series = _known_series(vector, clock)
        method, reason = _chosen(series, method)
        if method == "exact" and series.tied:
            raise ValueError(
                "the exact method needs values and times without ties; "
                "use method='normal', which corrects for them"
            )
        fields = _plain_test(series, method, lag=lag, **options)
    shown = lag or 1 if method in (*_BY_LAGS, "ar1", "prewhitened") else lag
    trend = _named_trend(fields["s"], fields["p_value"], level)
    labels = {"method": method, "trend": trend, "lag": shown, "per": per, "reason": reason}
    return TrendTest(**fields, **options, **labels)


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
    if rows.ndim != 2 or not rows.size or np.isinf(rows).any():
        raise ValueError(
            f"values has the shape {rows.shape}; "
            "give series in rows and points in columns, finite or NaN"
        )
    check_level(level)
    clock, _ = _time_vector(times, rows.shape[1])
    order = np.argsort(clock, kind="stable")[: np.count_nonzero(~np.isnan(clock))]
    rows, clock = rows[:, order], clock[order]
    starts = range(0, len(rows), _ROWS_AT_ONCE)
    parts = [_score_table(rows[i : i + _ROWS_AT_ONCE], clock, level) for i in starts]
    table = pd.concat(parts, ignore_index=True)
    table["p_value"] = normal_p_value(table["z"].to_numpy(), "two-sided")
    table["p_value"] = table["p_value"].where(table["n"] >= _FEWEST)
    found = (table["p_value"] < 1 - level) & (table["s"] != 0)
    named = np.where(table["s"] > 0, "increasing", "decreasing")
    table["trend"] = np.where(found, named, "no trend")
    return table[_COLUMNS]


def _score_table(rows: Array, clock: Array, level: float) -> pd.DataFrame:
    scores = score_rows(rows, clock)
    width = scipy_stats.norm.ppf((1 + level) / 2) * np.sqrt(scores.variance)
    slope, low, high = slope_bounds(scores.slopes, width)
    unknown = np.full(len(rows), nan)
    tau = np.divide(scores.s, scores.pairs, out=unknown, where=scores.pairs > 0)
    fields = {
        "n": np.count_nonzero(~np.isnan(rows), axis=1),
        "s": scores.s,
        "var_s": scores.variance,
        "z": standardise(scores.s, scores.variance),
        "tau": tau,
        "slope": slope,
        "slope_low": low,
        "slope_high": high,
    }
    return pd.DataFrame(fields)
