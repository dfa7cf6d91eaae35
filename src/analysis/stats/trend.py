"""Trend and change in one series: Mann-Kendall with Sen's slope, Pettitt's test, block bootstrap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import factorial, inf, isfinite, nan, sqrt
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats as scipy_stats

from analysis.locale import text
from analysis.stats.inputs import as_numbers, as_times
from analysis.stats.words import figure, p_words, share_words

Array = NDArray[Any]

EXACT_UP_TO = 10
_FEWEST = 4
_FEWEST_TO_CORRECT = (
    10  # autocorrelation of fewer points is noise: corrected tests of four reject every third time
)
_YEAR_DAYS = 365.2425
_SEASONAL = ("seasonal", "correlated_seasonal")
_CORRECTED = ("hamed_rao", "yue_wang", "prewhitened")
_METHODS = ("auto", "exact", "normal", *_SEASONAL, *_CORRECTED)
_ALTERNATIVES = ("two-sided", "greater", "less")
_ROWS_AT_ONCE = 64  # their pairs stay in the processor's cache


@dataclass(frozen=True)
class TrendTest:
    """Result of `mann_kendall`; `slope_low` and `slope_high` are infinite where so few points give no bound."""

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

    @property
    def smallest_p_value(self) -> float:
        """The p-value of a series that only rises (or falls): no order of n points can give a smaller one."""
        return min(1.0, (2 if self.alternative == "two-sided" else 1) / factorial(min(self.n, 100)))

    def summary(self, language: str = "en") -> str:
        """Say in one sentence what the test bears."""
        values = {
            "n": self.n,
            "alpha": share_words(1 - self.level, language),
            "p": p_words(self.p_value, language),
        }
        if self.smallest_p_value > 1 - self.level:
            return text(
                "stats_trend_impossible",
                language,
                **values,
                smallest=figure(self.smallest_p_value, language),
            )
        if self.trend == "no trend":
            return text("stats_trend_none", language, **values)
        key = "stats_trend_up" if self.trend == "increasing" else "stats_trend_down"
        low, high = figure(self.slope_low, language), figure(self.slope_high, language)
        return text(
            key,
            language,
            **values,
            slope=figure(self.slope, language),
            low=low,
            high=high,
            level=share_words(self.level, language),
        )


@dataclass(frozen=True)
class ChangePoint:
    """Result of `change_point`: the change lies after the value number `position` (counted from 1)."""

    n: int
    statistic: float
    position: int
    p_value: float

    def summary(self, language: str = "en") -> str:
        """Say in one sentence what the test bears."""
        key = "stats_change_found" if self.p_value < 0.05 else "stats_change_none"
        return text(
            key, language, n=self.n, position=self.position, p=p_words(self.p_value, language)
        )


@dataclass(frozen=True)
class Bootstrap:
    """Result of `block_bootstrap`."""

    estimate: float
    low: float
    high: float
    se: float
    n: int
    block: int
    draws: int
    level: float

    def summary(self, language: str = "en") -> str:
        """Say in one sentence what the interval is."""
        values = {
            name: figure(getattr(self, name), language) for name in ("estimate", "low", "high")
        }
        return text(
            "stats_bootstrap",
            language,
            **values,
            level=share_words(self.level, language),
            block=self.block,
            draws=self.draws,
        )


def _vector(values: ArrayLike, name: str) -> Array:
    vector = np.atleast_1d(as_numbers(values))
    if np.isinf(vector).any():
        raise ValueError(
            f"{name} holds an infinite number; give finite numbers, or NaN where a value is missing"
        )
    return vector


def _time_vector(times: ArrayLike | None, n: int) -> Array:
    if times is None:
        return np.arange(1, n + 1, dtype=float)
    series = as_times(times)
    if len(series) != n:
        raise ValueError(
            f"times has {len(series)} entries and values has {n}; give one time for each value"
        )
    if pd.api.types.is_datetime64_any_dtype(series):
        return ((series - series.min()).dt.total_seconds() / (86400 * _YEAR_DAYS)).to_numpy(
            dtype=float
        )
    return _vector(series, "times")


def _check_options(method: str, alternative: str, period: int, lag: int | None) -> None:
    for name, given, known in (
        ("method", method, _METHODS),
        ("alternative", alternative, _ALTERNATIVES),
    ):
        if given not in known:
            raise ValueError(f"{name} {given!r} is not known; use one of {', '.join(known)}")
    for name, whole, least in (("period", period, 2), ("lag", lag, 1)):
        if whole is not None and whole < least:
            raise ValueError(f"{name} is {whole}; give a whole number of at least {least}")


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; give a share between 0 and 1, such as 0.95")


def _tie_sums(row: Array) -> tuple[float, float, float]:
    t = np.unique(row, return_counts=True)[1].astype(float)
    return (
        float((t * (t - 1) * (2 * t + 5)).sum()),
        float((t * (t - 1) * (t - 2)).sum()),
        float((t * (t - 1)).sum()),
    )


def _variance_and_pairs(row: Array, times: Array) -> tuple[float, float]:
    """Give Kendall's variance of S and the denominator of tau-b, with ties in values and in times."""
    n = len(row)
    if n < 2:
        return 0.0, 0.0
    (x1, x2, x3), (t1, t2, t3) = _tie_sums(row), _tie_sums(times)
    pairs = n * (n - 1)
    variance = (pairs * (2 * n + 5) - x1 - t1) / 18 + x3 * t3 / (2 * pairs)
    if n > 2:
        variance += x2 * t2 / (9 * pairs * (n - 2))
    return variance, sqrt((pairs - x3) / 2 * (pairs - t3) / 2)


def _untied_time_variance(rows: Array) -> tuple[Array, Array]:
    """Give what `_variance_and_pairs` gives, of all rows at once where no two times are equal."""
    n = np.count_nonzero(~np.isnan(rows), axis=1).astype(float)
    ordered = np.sort(rows, axis=1)
    begins = np.ones(rows.shape, dtype=bool)
    begins[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    place = np.flatnonzero(begins)
    t = np.diff(place, append=rows.size).astype(float)
    row = place // rows.shape[1]
    x1, x3 = (
        np.bincount(row, weights=w, minlength=len(rows))
        for w in (t * (t - 1) * (2 * t + 5), t * (t - 1))
    )
    all_pairs = n * (n - 1)
    return (all_pairs * (2 * n + 5) - x1) / 18, np.sqrt((all_pairs - x3) / 2 * all_pairs / 2)


def _score_rows(rows: Array, times: Array) -> tuple[Array, Array, Array, Array]:
    """Give S, its variance and the denominator of tau-b of each row, and the slopes of all pairs in order.

    Times must not fall. A row may hold NaN: its pairs drop out, and their slopes stand last as NaN.
    """
    first, second = np.triu_indices(rows.shape[1], 1)
    change, gap = rows[:, second] - rows[:, first], times[second] - times[first]
    moving = change[:, gap != 0] if (gap == 0).any() else change
    scores = (np.count_nonzero(moving > 0, axis=1) - np.count_nonzero(moving < 0, axis=1)).astype(
        float
    )
    variances, pairs = _untied_time_variance(rows)
    if (gap == 0).any():
        for i, row in enumerate(rows):
            there = ~np.isnan(row)
            variances[i], pairs[i] = _variance_and_pairs(row[there], times[there])
    with np.errstate(divide="ignore", invalid="ignore"):
        slopes = np.divide(change, np.where(gap == 0, nan, gap), out=change)
    slopes.sort(axis=1)
    return scores, variances, pairs, slopes


def _median_and_bounds(slopes: Array, half_width: Array) -> tuple[Array, Array, Array]:
    """Take the median slope and the slopes that stand `half_width` pairs around it (Gilbert 1987, section 16.5)."""
    count = np.count_nonzero(~np.isnan(slopes), axis=1)
    row, last = np.arange(len(slopes)), np.maximum(count - 1, 0)
    median = (slopes[row, last // 2] + slopes[row, np.minimum((last + 1) // 2, last)]) / 2
    low_rank = np.round((count - half_width) / 2) - 1
    high_rank = np.round((count + half_width) / 2)
    low = np.where(low_rank < 0, -inf, slopes[row, np.clip(low_rank, 0, last).astype(int)])
    high = np.where(high_rank > last, inf, slopes[row, np.clip(high_rank, 0, last).astype(int)])
    return median, low, high


def _null_distribution(n: int) -> tuple[Array, Array]:
    """Give the values of S and their probabilities when all n! orders are equally likely and there are no ties."""
    ways = np.ones(1)
    for i in range(2, n + 1):
        ways = np.convolve(ways, np.ones(i)) / i
    most = n * (n - 1) // 2
    return np.arange(-most, most + 1, 2), ways


def _exact_p_value(s: float, n: int, alternative: str) -> float:
    values, probability = _null_distribution(n)
    upper, lower = probability[values >= s].sum(), probability[values <= s].sum()
    tail = {"greater": upper, "less": lower, "two-sided": 2 * min(upper, lower)}[alternative]
    return min(1.0, float(tail))


def _exact_half_width(n: int, level: float) -> float:
    """Give the half width in ranks of the exact interval for Sen's slope (Hollander and Wolfe 1999, 9.3)."""
    values, probability = _null_distribution(n)
    beyond = probability[::-1].cumsum()[::-1]
    allowed = values[beyond <= (1 - level) / 2 + 1e-12]
    return float(allowed.min() - 2) if len(allowed) else inf


def _standardise(s: Array, var_s: Array, *, continuity: bool = True) -> Array:
    corrected = np.sign(s) * (np.abs(s) - 1) if continuity else s
    return np.divide(
        corrected, np.sqrt(var_s), out=np.zeros_like(s, dtype=float), where=(var_s > 0) & (s != 0)
    )


def _normal_p_value(z: Array, alternative: str) -> Array:
    if alternative == "two-sided":
        return np.minimum(1.0, 2 * scipy_stats.norm.sf(np.abs(z)))
    return scipy_stats.norm.sf(z) if alternative == "greater" else scipy_stats.norm.cdf(z)


def _autocorrelation(x: Array, lags: int) -> Array:
    centred = x - x.mean()
    products = np.correlate(centred, centred, "full")[len(x) - 1 :]
    if products[0] == 0:
        raise ValueError(
            "the series has no variation left, so it has no autocorrelation; use method='normal'"
        )
    return products[1 : lags + 1] / products[0]


def _correction(x: Array, method: str, lag: int) -> float:
    """Give the factor by which autocorrelation of the detrended series changes the variance of S."""
    n = len(x)
    k = np.arange(1, lag + 1)
    if method == "yue_wang":
        return float(1 + 2 * ((1 - k / n) * _autocorrelation(x, lag)).sum())
    r = _autocorrelation(scipy_stats.rankdata(x), lag)
    r = np.where(np.abs(r) > scipy_stats.norm.ppf(0.975) / sqrt(n), r, 0)
    return float(1 + 2 * ((n - k) * (n - k - 1) * (n - k - 2) * r).sum() / (n * (n - 1) * (n - 2)))


def _season_matrix(values: Array, times: Array | None, period: int) -> tuple[Array, Array]:
    """Lay a series out with one season a row and one cycle a column."""
    if times is not None and (steps := np.diff(times)).size and steps.max() > 1.5 * steps.min():
        raise ValueError(
            "the times are not evenly spaced, so seasons cannot be told apart; put in missing steps with the value NaN"
        )
    cycles = -(-len(values) // period)
    padded = np.full(cycles * period, nan)
    padded[: len(values)] = values
    unit = 1.0 if times is None else float(times[-1] - times[0]) / (len(times) - 1) * period
    return padded.reshape(cycles, period).T, np.arange(cycles) * unit


def _season_covariance(seasons: Array) -> float:
    """Give the variance of the sum of the seasons' S when seasons depend on each other (Hirsch and Slack 1984)."""
    n = seasons.shape[1]
    first, second = np.triu_indices(n, 1)
    signs = np.sign(seasons[:, second] - seasons[:, first])
    ranks = scipy_stats.rankdata(seasons, axis=1)
    return float((signs @ signs.T + 4 * ranks @ ranks.T - n * (n + 1) ** 2).sum() / 3)


def _seasonal_test(
    values: Array, times: Array | None, method: str, period: int, level: float
) -> dict[str, Any]:
    seasons, cycle_times = _season_matrix(values, times, period)
    if method == "correlated_seasonal":
        complete = ~np.isnan(seasons).any(axis=0)
        seasons, cycle_times = seasons[:, complete], cycle_times[complete]
    if seasons.shape[1] < 2:
        raise ValueError(
            f"a seasonal test needs at least two whole cycles of {period} values; found {seasons.shape[1]}"
        )
    scores, variances, pairs, slopes = _score_rows(seasons, cycle_times)
    s, denominator = scores.sum(), pairs.sum()
    correlated = method == "correlated_seasonal"
    var_s = _season_covariance(seasons) if correlated else variances.sum()
    width = np.array([scipy_stats.norm.ppf((1 + level) / 2) * sqrt(var_s)])
    slope, low, high = _median_and_bounds(np.sort(slopes.reshape(1, -1), axis=1), width)
    z = _standardise(np.array([s]), np.array([var_s]), continuity=not correlated)
    fields = {
        "n": int(np.count_nonzero(~np.isnan(seasons))),
        "s": float(s),
        "var_s": float(var_s),
        "z": float(z[0]),
    }
    tau = float(s / denominator) if denominator else nan
    return fields | {
        "tau": tau,
        "slope": float(slope[0]),
        "slope_low": float(low[0]),
        "slope_high": float(high[0]),
    }


def _plain_test(
    values: Array, times: Array, method: str, lag: int | None, level: float
) -> dict[str, Any]:
    scores, variances, pairs, slopes = _score_rows(values[None, :], times)
    slope = float(_median_and_bounds(slopes, np.zeros(1))[0][0])
    if method in _CORRECTED and len(values) < max(_FEWEST_TO_CORRECT, (lag or 0) + 1):
        raise ValueError(
            f"found {len(values)} values; {method} needs at least {_FEWEST_TO_CORRECT}, and more than its lag, to know how the "
            "series remembers its past; use method='auto'"
        )
    if method == "prewhitened":
        white = values[1:] - values[:-1] * _autocorrelation(values, 1)[0]
        scores, variances, pairs, _ = _score_rows(white[None, :], times[1:])
    if method in ("hamed_rao", "yue_wang"):
        factor = _correction(values - times * slope, method, lag or len(values) - 1)
        if factor <= 0:
            raise ValueError(
                f"{method} with {lag or 'all'} lags makes the variance of S negative; give a small lag, such as lag=3"
            )
        variances = variances * factor
    exact = method == "exact"
    width = (
        _exact_half_width(len(values), level)
        if exact
        else scipy_stats.norm.ppf((1 + level) / 2) * sqrt(variances[0])
    )
    _, low, high = _median_and_bounds(slopes, np.array([width]))
    s, var_s = float(scores[0]), float(variances[0])
    tau = s / pairs[0] if pairs[0] else nan
    z = float(_standardise(scores, variances)[0])
    bounds = {"slope_low": float(low[0]), "slope_high": float(high[0])}
    return {
        "n": len(values),
        "s": s,
        "var_s": var_s,
        "z": z,
        "tau": float(tau),
        "slope": slope,
    } | bounds


def _named_trend(s: float, p_value: float, level: float) -> str:
    if p_value >= 1 - level or s == 0:
        return "no trend"
    return "increasing" if s > 0 else "decreasing"


def mann_kendall(
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

    Do not use it on fewer points than can show anything (four yearly points cannot be significant at 5 % whatever
    their order), on a series with a break in its definition, to look for a change that goes up and down again, or, with
    `method="normal"`, on months and on series that remember their past: the p-value is then too small.

    Parameters
    ----------
    values : array_like
        The series, in order of time if no times are given. Missing values are dropped with their times.
    times : array_like, optional
        Numbers or dates (also as 2024-07-25), one a value, in any order. The slope is then per unit of time (dates: per year). Without times one step is
        the unit, and one whole cycle for the seasonal methods.
    method : {"auto", "exact", "normal", "hamed_rao", "seasonal", "correlated_seasonal", "prewhitened", "yue_wang"}
        "auto" is "exact" up to ten points without ties and "normal" (with the correction for ties) otherwise. "hamed_rao"
        (1998, significant autocorrelations of the detrended ranks) and "yue_wang" (2004) correct the variance,
        "prewhitened" (von Storch 1995) takes out the lag-one autocorrelation, "seasonal" (Hirsch, Slack and Smith 1982) adds
        up the seasons, "correlated_seasonal" (Hirsch and Slack 1984) lets them depend on each other and uses whole cycles only.
    alternative : {"two-sided", "greater", "less"}
        "greater" is a rising series.
    level : float
        Level of the interval of the slope; a trend is named when the p-value is below 1 - level.
    period : int
        Values in a cycle, for the seasonal methods. Keep missing values in place as NaN.
    lag : int, optional
        The largest lag that "hamed_rao" and "yue_wang" look at; all lags if not given.

    Returns
    -------
    TrendTest
        n, s, var_s, z, p_value, tau (tau-b), slope (Sen), slope_low, slope_high, method, trend ("increasing",
        "decreasing", "no trend"). The interval of the slope is Gilbert's (1987), exact with the exact test.

    Raises
    ------
    ValueError
        For fewer than four values (ten where autocorrelation is corrected for), unknown options, infinite values, times that
        are all equal or cannot be read, and ties with the exact method.

    Examples
    --------
    >>> result = mann_kendall([58.2, 61.4, 66.0, 71.3], times=[2021, 2022, 2023, 2024])
    >>> round(result.p_value, 4), round(result.slope, 2), result.trend
    (0.0833, 4.48, 'no trend')
    """
    _check_options(method, alternative, period, lag)
    _check_level(level)
    vector = _vector(values, "values")
    clock = _time_vector(times, len(vector))
    order = np.argsort(clock, kind="stable")[: np.count_nonzero(~np.isnan(clock))]
    vector, clock = vector[order], clock[order]
    there = ~np.isnan(vector)
    if there.sum() < _FEWEST:
        raise ValueError(
            f"found {there.sum()} values; a trend test needs at least {_FEWEST}. Show the values instead"
        )
    if clock[0] == clock[-1]:
        raise ValueError(f"all {len(clock)} times are equal, so there is no order to test")
    if method in _SEASONAL:
        fields = _seasonal_test(vector, None if times is None else clock, method, period, level)
    else:
        vector, clock = vector[there], clock[there]
        ties = len(np.unique(vector)) < len(vector) or len(np.unique(clock)) < len(clock)
        if method == "auto":
            method = "exact" if len(vector) <= EXACT_UP_TO and not ties else "normal"
        if method == "exact" and ties:
            raise ValueError(
                "the exact method needs values and times without ties; use method='normal', which corrects for them"
            )
        fields = _plain_test(vector, clock, method, lag, level)
    if method == "exact":
        p_value = _exact_p_value(fields["s"], fields["n"], alternative)
    else:
        p_value = float(_normal_p_value(np.array(fields["z"]), alternative))
    trend = _named_trend(fields["s"], p_value, level)
    return TrendTest(
        **fields,
        p_value=p_value,
        method=method,
        trend=trend,
        alternative=alternative,
        level=level,
        lag=lag,
    )


def mann_kendall_rows(
    values: ArrayLike, times: ArrayLike | None = None, *, level: float = 0.95
) -> pd.DataFrame:
    """Run the normal Mann-Kendall test with correction for ties on many series at once.

    Do not use it to pick the series that look significant: adjust the p-values with `adjust_pvalues`. For short series
    call `mann_kendall`, which is exact.

    Parameters
    ----------
    values : array_like, shape (series, points)
        One series a row; NaN where a value is missing.
    times : array_like, optional
        Shared by all series.
    level : float
        As in `mann_kendall`.

    Returns
    -------
    pandas.DataFrame
        One row a series: n, s, var_s, z, p_value, tau, slope, slope_low, slope_high, trend. With fewer than four values
        p_value is missing.

    Raises
    ------
    ValueError
        For an array that is not of series by points, times of another length, and infinite values.

    Examples
    --------
    >>> mann_kendall_rows([[1, 2, 3, 4, 5, 6], [3, 1, 2, 6, 4, 5]])["s"].tolist()
    [15.0, 7.0]
    """
    rows = as_numbers(values)
    if rows.ndim != 2 or not rows.size or np.isinf(rows).any():
        raise ValueError(
            f"values has the shape {rows.shape}; give series in rows and points in columns, finite or NaN"
        )
    _check_level(level)
    clock = _time_vector(times, rows.shape[1])
    order = np.argsort(clock, kind="stable")[: np.count_nonzero(~np.isnan(clock))]
    rows, clock = rows[:, order], clock[order]
    parts = [
        _score_table(rows[i : i + _ROWS_AT_ONCE], clock, level)
        for i in range(0, len(rows), _ROWS_AT_ONCE)
    ]
    table = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    table["p_value"] = np.where(table["n"] < _FEWEST, nan, _normal_p_value(table["z"], "two-sided"))
    named = np.where(table["s"] > 0, "increasing", "decreasing")
    table["trend"] = np.where((table["p_value"] < 1 - level) & (table["s"] != 0), named, "no trend")
    frame = pd.DataFrame(table)
    return frame[
        ["n", "s", "var_s", "z", "p_value", "tau", "slope", "slope_low", "slope_high", "trend"]
    ]


def _score_table(rows: Array, clock: Array, level: float) -> dict[str, Array]:
    s, var_s, pairs, slopes = _score_rows(rows, clock)
    width = scipy_stats.norm.ppf((1 + level) / 2) * np.sqrt(var_s)
    slope, low, high = _median_and_bounds(slopes, width)
    tau = np.divide(s, pairs, out=np.full(len(s), nan), where=pairs > 0)
    fields = {
        "n": np.count_nonzero(~np.isnan(rows), axis=1),
        "s": s,
        "var_s": var_s,
        "z": _standardise(s, var_s),
        "tau": tau,
    }
    return fields | {"slope": slope, "slope_low": low, "slope_high": high}


def change_point(values: ArrayLike) -> ChangePoint:
    """Look for one change of level in a series (Pettitt 1979).

    Do not use it on a series with a smooth trend (it finds a change in the middle), on one that remembers its past, or
    to date a reform: it gives the most likely place, without an interval. The p-value is approximate, good below 0.5.

    Parameters
    ----------
    values : array_like
        The series in order of time; missing values are dropped.

    Returns
    -------
    ChangePoint
        n, statistic (largest |U|), position (number of values before the change), p_value.

    Raises
    ------
    ValueError
        For fewer than four values.

    Examples
    --------
    >>> change_point([1, 3, 2, 4, 11, 13, 12, 14]).position
    4
    """
    vector = _vector(values, "values")
    vector = vector[~np.isnan(vector)]
    n = len(vector)
    if n < _FEWEST:
        raise ValueError(f"found {n} values; the search for a change needs at least {_FEWEST}")
    u = 2 * scipy_stats.rankdata(vector).cumsum() - np.arange(1, n + 1) * (n + 1)
    position = int(np.abs(u[:-1]).argmax()) + 1
    statistic = float(abs(u[position - 1]))
    p_value = min(1.0, 2 * float(np.exp(-6 * statistic**2 / (n**3 + n**2))))
    return ChangePoint(n=n, statistic=statistic, position=position, p_value=p_value)


def _over_rows(statistic: Callable[..., Any], rows: Array) -> Array:
    try:
        return np.asarray(statistic(rows, axis=1), dtype=float)
    except TypeError:
        return np.array([statistic(row) for row in rows], dtype=float)


def block_bootstrap(
    values: ArrayLike,
    statistic: Callable[..., Any] = np.mean,
    *,
    block: int | None = None,
    draws: int = 1999,
    level: float = 0.95,
    seed: int = 0,
) -> Bootstrap:
    """Give a percentile interval for a statistic of a series that remembers its past (circular blocks, Politis and Romano 1992).

    Do not use it on a handful of yearly points, on a series with a trend or seasons (take them out first), or for a
    statistic that depends on order beyond the length of a block.

    Parameters
    ----------
    values : array_like
        The series in order of time; missing values are dropped.
    statistic : callable
        Takes an array and `axis`, as `numpy.mean` does, or one series.
    block : int, optional
        Length of a block; the cube root of n, rounded up, if not given.
    draws, level, seed
        Number of resampled series, level of the interval, seed of the generator.

    Returns
    -------
    Bootstrap
        estimate, low, high, se, n, block, draws, level.

    Raises
    ------
    ValueError
        For fewer than ten values, a block that is longer than the series, and a level outside 0..1.

    Examples
    --------
    >>> result = block_bootstrap(range(20), block=3, draws=99)
    >>> result.low < result.estimate < result.high
    True
    """
    vector = _vector(values, "values")
    vector = vector[~np.isnan(vector)]
    n = len(vector)
    length = int(np.ceil(n ** (1 / 3))) if block is None else block
    _check_level(level)
    if n < 10 or not 1 <= length <= n or draws < 2:
        raise ValueError(
            f"found {n} values, blocks of {length} and {draws} draws; resampling needs ten values, blocks no longer than the "
            "series and two draws"
        )
    starts = np.random.default_rng(seed).integers(0, n, size=(draws, -(-n // length)))
    places = (starts[:, :, None] + np.arange(length)) % n
    resampled = _over_rows(statistic, vector[places.reshape(draws, -1)[:, :n]])
    low, high = np.quantile(resampled, [(1 - level) / 2, (1 + level) / 2])
    estimate = float(_over_rows(statistic, vector[None, :])[0])
    if not isfinite(estimate):
        raise ValueError("the statistic of the series is not a finite number")
    se = float(resampled.std(ddof=1))
    return Bootstrap(
        estimate=estimate,
        low=float(low),
        high=float(high),
        se=se,
        n=n,
        block=length,
        draws=draws,
        level=level,
    )
