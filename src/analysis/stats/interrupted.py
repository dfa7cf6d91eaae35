"""What a dated change did to a monthly series: segmented regression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.locale import text
from analysis.stats.inputs import as_moment, as_numbers, as_times
from analysis.stats.words import figure, p_words, share_words

_FAMILIES = ("gaussian", "poisson", "quasipoisson")
_COVARIANCES = ("nonrobust", "hac")
_FEWEST_A_SIDE = 12
_YEAR_DAYS = 360


@dataclass(frozen=True, eq=False)
class InterruptedTimeSeries:
    """Result of `interrupted_time_series`."""

    table: pd.DataFrame
    fitted: pd.Series
    counterfactual: pd.Series
    observed: pd.Series
    start: Any
    family: str
    cov: str
    n_before: int
    n_after: int
    dispersion: float
    residual_autocorrelation: float
    level: float

    def summary(self, language: str = "en") -> str:
        """Say in one sentence how the level changed and what that does not show."""
        row = self.table.loc["level_change"]
        counts = self.family != "gaussian"
        columns = ("ratio", "ratio_low", "ratio_high") if counts else ("estimate", "low", "high")
        estimate, low, high = (figure(float(row[name]), language) for name in columns)
        key = f"stats_its_{'ratio' if counts else 'change'}_{'found' if row['p_value'] < 1 - self.level else 'none'}"
        return text(
            key, language, estimate=estimate, low=low, high=high, p=p_words(float(row["p_value"]), language),
            level=share_words(self.level, language), before=self.n_before, after=self.n_after,
        )  # fmt: skip


def _steps(times: pd.Series, period: int) -> pd.Series:
    """Count dates in months or quarters where they are such, else in their own usual step; numbers stay as they are."""
    if not pd.api.types.is_datetime64_any_dtype(times):
        return times
    gap = times.sort_values().diff().dt.total_seconds().median() / 86400
    months = times.dt.year * 12.0 + times.dt.month
    if 27 < gap < 32:
        return months
    if 88 < gap < 93 and period == 4:
        return months / 3
    return (times - times.min()).dt.total_seconds() / 86400 / gap


def _is_yearly(times: pd.Series) -> bool:
    gap = times.sort_values().diff().median()
    if pd.api.types.is_datetime64_any_dtype(times):
        return bool(gap.total_seconds() / 86400 > _YEAR_DAYS)
    return bool(times.between(1800, 2200).all() and gap >= 1)


def _check(rows: pd.DataFrame, after: pd.Series, family: str, cov: str, allow_short: bool) -> None:
    for name, given, known in (("family", family, _FAMILIES), ("cov", cov, _COVARIANCES)):
        if given not in known:
            raise ValueError(f"{name} {given!r} is not known; use one of {', '.join(known)}")
    if family != "gaussian" and (rows["outcome"] < 0).any():
        raise ValueError(f"the family {family!r} is for counts; found {rows['outcome'].min():g}")
    if (rows["offset"] <= 0).any():
        raise ValueError(
            f"the offset is a population or exposure and must be above 0; found {rows['offset'].min():g}"
        )
    if np.isinf(rows["outcome"]).any():
        raise ValueError(
            "the outcome holds an infinite number; give finite numbers, or NaN where a value is missing"
        )
    if family != "gaussian" and (rows["outcome"] == 0).all():
        raise ValueError("all counts are 0, so there is no level that could change")
    if rows["time"].duplicated().any():
        raise ValueError(
            f"the time {rows['time'][rows['time'].duplicated()].iloc[0]} occurs twice; give one row a time"
        )
    if not after.any() or after.all():
        raise ValueError("start must lie inside the series, with values before and after it")
    if allow_short:
        return
    if _is_yearly(rows["time"]):
        raise ValueError(
            "the data are yearly: a few points a side cannot tell a change from a trend; give months, or allow_short=True"
        )
    sides = int((~after).sum()), int(after.sum())
    if min(sides) < _FEWEST_A_SIDE:
        raise ValueError(
            f"found {sides[0]} points before and {sides[1]} after start: with fewer than {_FEWEST_A_SIDE} a side the trend before it "
            "is not known well enough to be continued; give more, or allow_short=True"
        )


def _design(
    step: pd.Series, after: pd.Series, begin: float, *, slope: bool, harmonics: int, period: int
) -> pd.DataFrame:
    columns = {"intercept": np.ones(len(step)), "trend": step, "level_change": after.astype(float)}
    if slope:
        columns["slope_change"] = (step - begin) * after
    for k in range(1, harmonics + 1):
        columns[f"sin_{k}"] = np.sin(2 * np.pi * k * step / period)
        columns[f"cos_{k}"] = np.cos(2 * np.pi * k * step / period)
    return pd.DataFrame(columns)


def _fit(design: pd.DataFrame, rows: pd.DataFrame, family: str, cov: str) -> Any:
    import statsmodels.api as sm

    options: dict[str, Any] = {"cov_type": "nonrobust"}
    if cov == "hac":
        lags = int(4 * (len(rows) / 100) ** (2 / 9))
        options = {"cov_type": "HAC", "cov_kwds": {"maxlags": lags, "use_correction": True}}
    if family == "gaussian":
        return sm.OLS(rows["outcome"], design).fit(**options)
    model = sm.GLM(
        rows["outcome"], design, family=sm.families.Poisson(), offset=np.log(rows["offset"])
    )
    return model.fit(scale="X2" if family == "quasipoisson" else None, **options)


def _term_table(fit: Any, family: str, level: float) -> pd.DataFrame:
    bounds = fit.conf_int(alpha=1 - level)
    table = pd.DataFrame(
        {
            "estimate": fit.params,
            "se": fit.bse,
            "low": bounds[0],
            "high": bounds[1],
            "p_value": fit.pvalues,
        }
    ).rename_axis("term")
    if family != "gaussian":
        table["ratio"], table["ratio_low"], table["ratio_high"] = (
            np.exp(table[name]) for name in ("estimate", "low", "high")
        )
    return table


def interrupted_time_series(
    frame: pd.DataFrame,
    *,
    outcome: str,
    time: str,
    start: Any,
    offset: str | None = None,
    family: str = "gaussian",
    harmonics: int = 0,
    period: int = 12,
    change_in_slope: bool = False,
    cov: str = "nonrobust",
    level: float = 0.95,
    allow_short: bool = False,
) -> InterruptedTimeSeries:
    """Estimate how a series changed at a known time: segmented regression (Wagner 2002; Bernal, Cummins, Gasparrini 2017).

    Do not use it to search for the time of the change, on yearly data, where something else began at the same time, where
    the change came slowly or was expected, or where the way of counting changed with the law (a new register counts anew).

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a time; rows with a missing value are left out.
    outcome, time : str
        Columns. Time is dates (also as 2024-07 or 2024-07-25) or numbers; the trend is per month for monthly dates, per
        number for numbers.
    start : date, str or number
        The first time under the new rule.
    offset : str, optional
        Column of a population or exposure; its logarithm is taken inside. For the count families.
    family : {"gaussian", "poisson", "quasipoisson"}
        "quasipoisson" lets counts vary more than Poisson counts do.
    harmonics, period : int
        Pairs of sine and cosine for seasons with so many steps.
    change_in_slope : bool
        Also let the trend change; `level_change` is then the jump at `start`.
    cov : {"nonrobust", "hac"}
        "hac" allows for residuals that remember their past (Newey and West 1987, 4 (n/100)^(2/9) lags).
    level : float
        Level of the intervals.
    allow_short : bool
        Fit yearly data and fewer than twelve points a side all the same.

    Returns
    -------
    InterruptedTimeSeries
        table (terms intercept, trend, level_change, slope_change, sin_k, cos_k with estimate, se, low, high, p_value and for
        counts ratio, ratio_low, ratio_high), observed, fitted and counterfactual (series by time; the last is what the model
        expects without the change), n_before, n_after, dispersion (Pearson), residual_autocorrelation (lag one).

    Raises
    ------
    ValueError
        For yearly or short series (see `allow_short`), negative counts, counts that are all 0, exposures of 0, times that
        occur twice or cannot be read, a start of another kind than the times, columns that are not there.

    Examples
    --------
    >>> months = pd.DataFrame({"month": range(36), "appeals": [10 + t + 5 * (t >= 18) for t in range(36)]})
    >>> result = interrupted_time_series(months, outcome="appeals", time="month", start=18)
    >>> round(float(result.table.loc["level_change", "estimate"]), 1)
    5.0
    """
    if offset is not None and family == "gaussian":
        raise ValueError(
            "an offset is for the count families; for the gaussian family divide the outcome by the population"
        )
    if missing := [
        name for name in (outcome, time, offset) if name is not None and name not in frame
    ]:
        raise ValueError(f"the frame has no column {', '.join(map(repr, missing))}")
    rows = pd.DataFrame(
        {"time": as_times(frame[time], time).to_numpy(), "outcome": as_numbers(frame[outcome])}
    )
    rows["offset"] = as_numbers(frame[offset]) if offset else 1.0
    rows = rows.dropna().sort_values("time", ignore_index=True)
    start = as_moment(start, rows["time"], "start")
    after = rows["time"] >= start
    _check(rows, after, family, cov, allow_short)
    step = _steps(rows["time"], period)
    begin = float(step[after].iloc[0])
    design = _design(step, after, begin, slope=change_in_slope, harmonics=harmonics, period=period)
    if len(rows) <= design.shape[1]:
        raise ValueError(
            f"found {len(rows)} rows for {design.shape[1]} terms; give more rows or ask for fewer terms"
        )
    fit = _fit(design, rows, family, cov)
    without = design.assign(
        **{name: 0.0 for name in ("level_change", "slope_change") if name in design}
    )
    exposure = {} if family == "gaussian" else {"offset": np.log(rows["offset"])}
    index = pd.Index(rows["time"], name=time)
    fitted, counterfactual = (np.asarray(fit.predict(x, **exposure)) for x in (design, without))
    pearson = np.asarray(fit.resid if family == "gaussian" else fit.resid_pearson)
    return InterruptedTimeSeries(
        table=_term_table(fit, family, level),
        fitted=pd.Series(fitted, index, name="fitted"),
        counterfactual=pd.Series(counterfactual, index, name="counterfactual"),
        observed=pd.Series(rows["outcome"].to_numpy(), index, name="observed"),
        start=start, family=family, cov=cov, n_before=int((~after).sum()), n_after=int(after.sum()),
        dispersion=_dispersion(rows["outcome"].to_numpy(), fitted, family, len(rows) - design.shape[1]),
        residual_autocorrelation=float(np.corrcoef(pearson[1:], pearson[:-1])[0, 1]), level=level,
    )  # fmt: skip


def _dispersion(observed: Any, fitted: Any, family: str, freedom: int) -> float:
    weights = 1.0 if family == "gaussian" else fitted
    return float(((observed - fitted) ** 2 / weights).sum() / freedom)
