"""Season, trend and rest of a series: seasonal adjustment by STL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.locale import text
from analysis.stats._autocorrelation import is_even
from analysis.stats._validate import check_whole
from analysis.stats.inputs import as_numbers, as_times
from analysis.stats.words import figure, share_words

_ROUNDING = 1e-9
_MONTHS, _QUARTERS = 12, 4


@dataclass(frozen=True, eq=False)
class SeasonalAdjustment:
    """Result of `seasonal_adjustment`: `table` by time, `seasons` by place in the cycle."""

    table: pd.DataFrame
    seasons: pd.Series
    period: int
    multiplicative: bool
    strength_season: float
    strength_trend: float

    def summary(self, language: str = "en") -> str:
        """Return how far the seasons move the series, and how much of it they explain."""
        low, high = float(self.seasons.min()), float(self.seasons.max())
        return text(
            "stats_seasonal",
            language,
            low=self._printed(low, language),
            high=self._printed(high, language),
            lowest=int(self.seasons.idxmin()),
            highest=int(self.seasons.idxmax()),
            n=len(self.table),
            period=self.period,
            strength=figure(self.strength_season, language, digits=2),
        )

    def _printed(self, value: float, language: str) -> str:
        sign = "+" if value > 0 else ""
        if not self.multiplicative:
            return sign + figure(value, language)
        return sign + share_words(round(value, 2), language)


def _strength(rest: pd.Series, part: pd.Series, level: float) -> float:
    """Return the part's share of the variance of part and rest (Wang et al. 2006)."""
    of_both = float((rest + part).var())
    rounding = (_ROUNDING * level) ** 2
    if of_both <= rounding:
        return 0.0
    of_rest = float(rest.var())
    return max(0.0, 1 - of_rest / of_both)


def _as_series(values: ArrayLike, times: ArrayLike | None) -> pd.Series:
    numbers = np.atleast_1d(as_numbers(values))
    if times is None:
        index = values.index if isinstance(values, pd.Series) else None
        return pd.Series(numbers, index)
    clock = as_times(times)
    if len(clock) != len(numbers):
        raise ValueError(
            f"times has {len(clock)} entries and values has {len(numbers)}; "
            "give one time for each value"
        )
    series = pd.Series(numbers, pd.Index(clock.to_numpy()))
    in_order = series.sort_index()
    _check_even(in_order.index)
    return in_order


def _check_even(times: pd.Index) -> None:
    clock = times.to_numpy().astype(float)
    if len(clock) > 1 and not is_even(clock):
        raise ValueError(
            "the times are not evenly spaced, so seasons cannot be told apart; "
            "fill in the missing steps, or take a later part of the series"
        )


def _read(values: ArrayLike, times: ArrayLike | None, period: int) -> pd.Series:
    series = _as_series(values, times)
    if not np.isfinite(series).all():
        raise ValueError("a value is missing or infinite; seasonal adjustment needs all of them")
    if len(series) < 2 * period + 1:
        raise ValueError(
            f"found {len(series)} values; "
            f"seasonal adjustment needs more than two cycles of {period}"
        )
    return series


def _places(index: pd.Index, period: int) -> Any:
    """Return the place of each value in its cycle: months or quarters by name, else by number."""
    dated = isinstance(index, pd.DatetimeIndex)
    if dated and period == _MONTHS:
        return index.month
    if dated and period == _QUARTERS:
        return index.quarter
    return np.arange(len(index)) % period + 1


def _split(series: pd.Series, period: int, *, robust: bool) -> pd.DataFrame:
    from statsmodels.tsa.seasonal import STL

    stl = STL(series.to_numpy(), period=period, robust=robust)
    parts = stl.fit()
    columns = {
        "trend": parts.trend,
        "season": parts.seasonal,
        "rest": parts.resid,
    }
    return pd.DataFrame(columns, index=series.index)


def seasonal_adjustment(
    values: ArrayLike,
    times: ArrayLike | None = None,
    *,
    period: int = 12,
    multiplicative: bool = False,
    robust: bool = True,
) -> SeasonalAdjustment:
    """Split a series into trend, season and rest, and take out the season.

    STL (Cleveland et al. 1990), by statsmodels.

    Do not use it on fewer than three or four cycles to speak of one month, on a series whose way of
    counting changed (the break goes into trend and rest), or to test anything: the adjusted values
    are estimates that depend on each other.

    Parameters
    ----------
    values : array_like
        The series, in order of time if no times are given; a Series keeps its index.
    times : array_like, optional
        Numbers or dates, one for each value, evenly spaced.
    period : int
        Values in a cycle.
    multiplicative : bool
        Seasons as shares of the level (logarithms inside), for counts that grow.
    robust : bool
        Give outlying values less weight.

    Returns
    -------
    SeasonalAdjustment
        table (by time: observed, trend, season, rest, adjusted; with multiplicative the season and
        rest are factors), seasons (mean season by place in the cycle: calendar months or quarters
        for dates; in units of the values, or as shares of the level: 0.1 is a tenth above), period,
        multiplicative, strength_season and strength_trend (0..1).

    Raises
    ------
    ValueError
        For values that are missing, not above 0 with multiplicative, two cycles or fewer, and times
        that are not even.

    Examples
    --------
    >>> months = pd.date_range("2021-01-01", periods=48, freq="MS")
    >>> counts = 100 + np.arange(48) + 20 * (months.month == 12)
    >>> result = seasonal_adjustment(counts, months)
    >>> int(result.seasons.idxmax()), bool(result.strength_season > 0.9)
    (12, True)
    """
    check_whole("period", period, 2)
    series = _read(values, times, period)
    if multiplicative and (series <= 0).any():
        raise ValueError(f"found {series.min():g}; multiplicative seasons need values above 0")

    fitted = np.log(series) if multiplicative else series
    table = _split(fitted, period, robust=robust)
    level = float(fitted.abs().max())
    strength_season = _strength(table["rest"], table["season"], level)
    strength_trend = _strength(table["rest"], table["trend"], level)

    places = _places(series.index, period)
    seasons = table["season"].groupby(places).mean()
    table["adjusted"] = fitted - table["season"]
    if multiplicative:
        table = np.exp(table)
        seasons = np.expm1(seasons)
    table.insert(0, "observed", series)
    return SeasonalAdjustment(
        table=table,
        seasons=seasons.rename_axis("place"),
        period=period,
        multiplicative=multiplicative,
        strength_season=strength_season,
        strength_trend=strength_trend,
    )
