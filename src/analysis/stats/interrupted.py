"""What a dated change did to a series of months: segmented regression, and its placebo test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import nan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.locale import text
from analysis.stats._ar1 import Ar1Fit, fit_ar1
from analysis.stats._coverage import expected_coverage, newey_west_lags
from analysis.stats._validate import check_columns, check_level, check_option
from analysis.stats.inputs import as_moment, as_numbers, as_times
from analysis.stats.words import figure, p_words, share_words

Array = NDArray[Any]

_FAMILIES = ("gaussian", "poisson", "quasipoisson")
_COVARIANCES = ("nonrobust", "hac", "ar1")
_FEWEST_A_SIDE = 12
_FEWEST_FOR_HAC = 100
_FEWEST_PLACEBOS = 10
_FEWEST_NEIGHBOURS = 3
_YEAR_DAYS = 360
_SHORTEST = 1e-7  # a column shorter than this is 0 but for rounding
_MISSES_THAT_HOLD = 1.6  # 8 % where 5 % is stated
_DAY_SECONDS = 86400
_MONTH_DAYS = (27, 32)
_QUARTER_DAYS = (88, 93)
_QUARTERS = 4
_FIRST_YEAR, _LAST_YEAR = 1800, 2200


@dataclass(frozen=True, eq=False)
class Placebo:
    """Result of `InterruptedTimeSeries.placebo`: `table` has one row for each moved date."""

    table: pd.DataFrame
    start: Any
    statistic: float
    p_value: float

    def summary(self, language: str = "en") -> str:
        """Return how many other dates show as large a change as the real one."""
        sizes = self.table["statistic"].abs()
        as_large = sizes >= abs(self.statistic)
        return text(
            "stats_placebo",
            language,
            n=len(self.table),
            larger=int(as_large.sum()),
            t=figure(self.statistic, language),
            p=p_words(self.p_value, language),
        )


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
    autocorrelation: float = nan
    expected_coverage: float = nan
    _terms_at: Callable[[Any], pd.DataFrame] | None = field(default=None, repr=False)

    @property
    def _counts(self) -> bool:
        return self.family != "gaussian"

    def summary(self, language: str = "en") -> str:
        """Return the change of level with its interval, and what makes it doubtful."""
        row = self.table.loc["level_change"]
        kind = "ratio" if self._counts else "change"
        found = "found" if row["p_value"] < 1 - self.level else "none"
        if self._counts:
            columns = ["ratio", "ratio_low", "ratio_high"]
        else:
            columns = ["estimate", "low", "high"]
        estimate, low, high = (figure(float(row[name]), language) for name in columns)
        sentence = text(
            f"stats_its_{kind}_{found}",
            language,
            estimate=estimate,
            low=low,
            high=high,
            p=p_words(float(row["p_value"]), language),
            level=share_words(self.level, language),
            before=self.n_before,
            after=self.n_after,
        )
        return f"{sentence} {self._caution(language)}".strip()

    def _caution(self, language: str) -> str:
        r = figure(self.residual_autocorrelation, language, digits=2)
        expected_misses = 1 - self.expected_coverage
        if not expected_misses > _MISSES_THAT_HOLD * (1 - self.level):
            return text("stats_its_autocorrelation", language, r=r)
        dispersed = self.family == "poisson" and self.dispersion > 1
        coverage = round(self.expected_coverage, 2)
        return text(
            "stats_its_doubtful_counts" if dispersed else "stats_its_doubtful",
            language,
            r=r,
            coverage=share_words(coverage, language),
            level=share_words(self.level, language),
            dispersion=figure(self.dispersion, language, digits=2),
        )

    def placebo(self) -> Placebo:
        """Move the change to every other date and compare: a placebo test in time.

        Do not use it where the change came slowly, or where other changes fell within the series:
        they count as placebos. Dates near the real one see part of its effect, so that the test
        finds too little rather than too much. Fewer than 19 other dates cannot give p < 0.05.

        Returns
        -------
        Placebo
            table (date, estimate, statistic: the change of level in standard errors), start,
            statistic (of the real date), p_value (the share of all dates, the real one among them,
            with a statistic as large).

        Raises
        ------
        ValueError
            For fewer than ten other dates with as many points on each side as the model asks for.

        Examples
        --------
        >>> counts = [t % 3 + 9 * (t > 29) for t in range(60)]
        >>> months = pd.DataFrame({"month": range(60), "n": counts})
        >>> result = interrupted_time_series(months, outcome="n", time="month", start=30)
        >>> placebo = result.placebo()
        >>> len(placebo.table), round(placebo.p_value, 3)
        (36, 0.027)
        """
        times = self.observed.index
        inner = times[_FEWEST_A_SIDE : len(times) - _FEWEST_A_SIDE + 1]
        real = times[times >= self.start][0]
        others = [date for date in inner if date != real]
        if self._terms_at is None or len(others) < _FEWEST_PLACEBOS:
            raise ValueError(
                f"found {len(others)} other dates with {_FEWEST_A_SIDE} points on each side; "
                f"a placebo test needs at least {_FEWEST_PLACEBOS}"
            )

        rows = [self._terms_at(date).loc["level_change"] for date in others]
        changes = pd.DataFrame(rows, index=pd.Index(others, name=times.name))
        statistics = changes["estimate"] / changes["se"]
        row = self.table.loc["level_change"]
        statistic = float(row["estimate"] / row["se"])
        as_large = int((statistics.abs() >= abs(statistic)).sum())
        return Placebo(
            table=changes[["estimate"]].assign(statistic=statistics),
            start=self.start,
            statistic=statistic,
            p_value=(as_large + 1) / (len(others) + 1),
        )


def _usual_gap(times: pd.Series) -> Any:
    gaps = times.sort_values().diff()
    return gaps.median()


def _steps(times: pd.Series, period: int) -> pd.Series:
    """Count dates in months or quarters where they are such, else in their own usual step."""
    if not pd.api.types.is_datetime64_any_dtype(times):
        return times
    gap_days = _usual_gap(times).total_seconds() / _DAY_SECONDS
    months = times.dt.year * 12.0 + times.dt.month
    shortest, longest = _MONTH_DAYS
    if shortest < gap_days < longest:
        return months

    shortest, longest = _QUARTER_DAYS
    if shortest < gap_days < longest and period == _QUARTERS:
        return months / 3

    since_first = times - times.min()
    days = since_first.dt.total_seconds() / _DAY_SECONDS
    return days / gap_days


def _is_yearly(times: pd.Series) -> bool:
    gap = _usual_gap(times)
    if pd.api.types.is_datetime64_any_dtype(times):
        days = gap.total_seconds() / _DAY_SECONDS
        return bool(days > _YEAR_DAYS)
    like_years = times.between(_FIRST_YEAR, _LAST_YEAR)
    return bool(like_years.all() and gap >= 1)


def _read(frame: pd.DataFrame, outcome: str, time: str, offset: str | None) -> pd.DataFrame:
    check_columns(frame, [outcome, time, offset])
    columns = {
        "time": as_times(frame[time], time).to_numpy(),
        "outcome": as_numbers(frame[outcome]),
        "offset": as_numbers(frame[offset]) if offset else 1.0,
    }

    rows = pd.DataFrame(columns)
    for name, column in (("offset", offset), ("outcome", outcome)):
        if rows[name].isna().all():
            raise ValueError(f"{name} {column!r} has no value; give a column that is filled")
    complete = rows.dropna()
    return complete.sort_values("time", ignore_index=True)


def _check_values(rows: pd.DataFrame, family: str) -> None:
    outcome, exposure, times = rows["outcome"], rows["offset"], rows["time"]
    if family != "gaussian" and (outcome < 0).any():
        raise ValueError(f"the family {family!r} is for counts; found {outcome.min():g}")
    if (exposure <= 0).any():
        raise ValueError(
            f"the offset is a population or exposure and must be above 0; found {exposure.min():g}"
        )
    if np.isinf(outcome).any() or np.isinf(exposure).any():
        raise ValueError(
            "the outcome or the offset holds an infinite number; give finite numbers, "
            "or NaN where a value is missing"
        )
    twice = times[times.duplicated()]
    if len(twice):
        raise ValueError(f"the time {twice.iloc[0]} occurs twice; give one row a time")


def _check_sides(rows: pd.DataFrame, after: pd.Series, family: str) -> None:
    if not after.any() or after.all():
        raise ValueError("start must lie inside the series, with values before and after it")
    if family == "gaussian":
        return
    zero = rows["outcome"] == 0
    if zero.all():
        raise ValueError("all counts are 0, so there is no level that could change")
    for side, words in ((~after, "before"), (after, "after")):
        if zero[side].all():
            raise ValueError(
                f"all counts {words} the change are 0, so the ratio of the levels has no finite "
                "value; describe the counts instead, or take a coarser step of time"
            )


def _check_length(rows: pd.DataFrame, after: pd.Series, cov: str) -> None:
    if _is_yearly(rows["time"]):
        raise ValueError(
            "the data are yearly: a few points a side cannot tell a change from a trend; "
            "give months, or allow_short=True"
        )
    n_after = int(after.sum())
    n_before = len(after) - n_after
    if min(n_before, n_after) < _FEWEST_A_SIDE:
        raise ValueError(
            f"found {n_before} points before and {n_after} after start: with fewer than "
            f"{_FEWEST_A_SIDE} a side the trend before it is not known well enough to be "
            "continued; give more, or allow_short=True"
        )
    if cov == "hac" and len(rows) < _FEWEST_FOR_HAC:
        raise ValueError(
            f"found {len(rows)} points: below {_FEWEST_FOR_HAC} intervals with cov='hac' cover "
            "less often than those without; use cov='ar1', or allow_short=True"
        )


@dataclass(frozen=True, eq=False)
class _Model:
    """A design with its outcome, and how they are fitted."""

    design: pd.DataFrame
    rows: pd.DataFrame
    steps: pd.Series
    family: str
    cov: str
    level: float


def _design(
    step: pd.Series, after: pd.Series, *, slope: bool, harmonics: int, period: int
) -> pd.DataFrame:
    columns = {
        "intercept": np.ones(len(step)),
        "trend": step,
        "level_change": after.astype(float),
    }

    if slope:
        begin = float(step[after].iloc[0])
        columns["slope_change"] = (step - begin) * after
    for k in range(1, harmonics + 1):
        angle = 2 * np.pi * k * step / period
        columns[f"sin_{k}"] = np.sin(angle)
        columns[f"cos_{k}"] = np.cos(angle)
    design = pd.DataFrame(columns)
    _check_design(design, period)
    return design


def _check_design(design: pd.DataFrame, period: int) -> None:
    n, terms = design.shape
    if n <= terms:
        raise ValueError(f"found {n} rows for {terms} terms; give more rows or ask for fewer terms")

    lengths = np.sqrt((design**2).sum())
    scaled = design / np.maximum(lengths, _SHORTEST)
    rank = int(np.linalg.matrix_rank(scaled, tol=10 * _SHORTEST))
    if rank < terms:
        raise ValueError(
            f"only {rank} of the {terms} terms can be told apart: with a period of "
            f"{period} steps, harmonics must be below {period / 2:g}, and a slope needs two points"
        )


def _fit(model: _Model) -> Any:
    import statsmodels.api as sm

    options: dict[str, Any] = {"cov_type": "nonrobust"}
    if model.cov == "hac":
        lags = newey_west_lags(len(model.rows))
        settings = {"maxlags": lags, "use_correction": True}
        options = {"cov_type": "HAC", "cov_kwds": settings}
    outcome = model.rows["outcome"]
    if model.family == "gaussian":
        ols = sm.OLS(outcome, model.design)
        return ols.fit(**options, use_t=True)
    glm = sm.GLM(
        outcome,
        model.design,
        family=sm.families.Poisson(),
        offset=np.log(model.rows["offset"]),
    )
    if model.family == "poisson":
        return glm.fit(**options)
    return glm.fit(scale="X2", use_t=True, **options)


def _working(model: _Model, fit: Any) -> tuple[Array, Array]:
    """Return outcome and design on the scale on which residuals have one variance.

    For counts these are the working response and its weights (Breslow and Clayton 1993).
    """
    design = model.design.to_numpy()
    outcome = model.rows["outcome"].to_numpy()
    if model.family == "gaussian":
        return outcome, design

    mean = np.asarray(fit.mu)
    weight = np.sqrt(mean)
    line = design @ fit.params.to_numpy()
    response = line + (outcome - mean) / mean
    return weight * response, weight[:, None] * design


def _whole_steps(steps: pd.Series) -> Array | None:
    """Return the times as whole numbers of the usual step, None if they are not such."""
    usual = float(np.median(np.diff(steps)))
    since_first = steps - steps.iloc[0]
    whole = np.round(since_first / usual).to_numpy()
    off = np.abs(whole * usual - since_first)
    if off.max() >= usual / 4:
        return None
    rising = (np.diff(whole) > 0).all()
    return whole if rising else None


def _autoregression(model: _Model, fit: Any) -> Ar1Fit | None:
    """Return the fit with AR(1) errors; None where times are uneven or nothing is left over."""
    steps = _whole_steps(model.steps)
    outcome, design = _working(model, fit)
    residuals = outcome - design @ np.asarray(fit.params)

    largest = np.abs(residuals).max()
    rounding = 1e-9 * max(1.0, np.abs(outcome).max())
    if steps is None or not largest > rounding:
        return None
    return fit_ar1(outcome, design, steps)


def _plain_table(fit: Any, level: float) -> pd.DataFrame:
    bounds = fit.conf_int(alpha=1 - level)
    columns = {
        "estimate": fit.params,
        "se": fit.bse,
        "low": bounds[0],
        "high": bounds[1],
        "p_value": fit.pvalues,
    }
    return pd.DataFrame(columns)


def _averaged_table(auto: Ar1Fit, terms: pd.Index, level: float) -> pd.DataFrame:
    numbers = range(len(terms))
    bounds = np.array([auto.interval(i, level) for i in numbers])
    columns = {
        "estimate": auto.estimates,
        "se": auto.errors,
        "low": bounds[:, 0],
        "high": bounds[:, 1],
        "p_value": np.array([auto.p_value(i) for i in numbers]),
    }
    return pd.DataFrame(columns, index=terms)


def _terms(model: _Model) -> pd.DataFrame:
    fit = _fit(model)
    auto = _autoregression(model, fit) if model.cov == "ar1" else None
    return _term_table(model, fit, auto)


def _term_table(model: _Model, fit: Any, auto: Ar1Fit | None) -> pd.DataFrame:
    if model.cov != "ar1":
        table = _plain_table(fit, model.level)
    elif auto is not None:
        table = _averaged_table(auto, model.design.columns, model.level)
    else:
        raise ValueError(
            "the times are not whole steps apart, or the model fits without residuals, "
            "so cov='ar1' has nothing to estimate; use cov='nonrobust'"
        )
    if model.family != "gaussian":
        table["ratio"] = np.exp(table["estimate"])
        table["ratio_low"] = np.exp(table["low"])
        table["ratio_high"] = np.exp(table["high"])
    return table.rename_axis("term")


def _predict(model: _Model, table: pd.DataFrame, design: pd.DataFrame) -> Array:
    line = design.to_numpy() @ table["estimate"].to_numpy()
    if model.family == "gaussian":
        return line
    return np.exp(line) * model.rows["offset"].to_numpy()


def _lag_one(residual: Array, steps: Array | None) -> float:
    """Return the correlation of residuals with those one step before them."""
    neighbours = np.ones(len(residual) - 1, dtype=bool)
    if steps is not None:
        neighbours = np.diff(steps) == 1

    now = residual[1:][neighbours]
    before = residual[:-1][neighbours]
    if len(now) < _FEWEST_NEIGHBOURS:
        return 0.0
    if np.ptp(now) == 0 or np.ptp(before) == 0:
        return 0.0
    correlations = np.corrcoef(now, before)
    return float(correlations[0, 1])


def _coverage(model: _Model, fit: Any, auto: Ar1Fit | None, dispersion: float) -> float:
    """Return how often the interval of the change covers, at the autocorrelation found."""
    if model.cov == "ar1" or auto is None:
        return nan
    _, design = _working(model, fit)
    is_poisson = model.family == "poisson"
    return expected_coverage(
        design,
        model.design.columns.get_loc("level_change"),
        auto.autocorrelation,
        cov=model.cov,
        level=model.level,
        spread=max(1.0, dispersion) if is_poisson else 1.0,
        known_variance=is_poisson,
    )


def _without_change(design: pd.DataFrame) -> pd.DataFrame:
    changes = [name for name in ("level_change", "slope_change") if name in design]
    zeros = dict.fromkeys(changes, 0.0)
    return design.assign(**zeros)


def _pearson_residuals(model: _Model, observed: Array, fitted: Array) -> Array:
    residuals = observed - fitted
    if model.family == "gaussian":
        return residuals
    return residuals / np.sqrt(fitted)


def _result(
    model: _Model,
    after: pd.Series,
    start: Any,
    time: str,
    terms_at: Callable[[Any], pd.DataFrame],
) -> InterruptedTimeSeries:
    fit = _fit(model)
    auto = _autoregression(model, fit)
    table = _term_table(model, fit, auto)
    fitted = _predict(model, table, model.design)
    unchanged = _predict(model, table, _without_change(model.design))
    observed = model.rows["outcome"].to_numpy()
    pearson = _pearson_residuals(model, observed, fitted)
    n, terms = model.design.shape
    dispersion = float((pearson**2).sum() / (n - terms))
    index = pd.Index(model.rows["time"], name=time)
    return InterruptedTimeSeries(
        table=table,
        fitted=pd.Series(fitted, index, name="fitted"),
        counterfactual=pd.Series(unchanged, index, name="counterfactual"),
        observed=pd.Series(observed, index, name="observed"),
        start=start,
        family=model.family,
        cov=model.cov,
        n_before=int((~after).sum()),
        n_after=int(after.sum()),
        dispersion=dispersion,
        residual_autocorrelation=_lag_one(pearson, _whole_steps(model.steps)),
        level=model.level,
        autocorrelation=nan if auto is None else auto.autocorrelation,
        expected_coverage=_coverage(model, fit, auto, dispersion),
        _terms_at=terms_at,
    )


def _check_options(family: str, cov: str, offset: str | None) -> None:
    check_option("family", family, _FAMILIES)
    check_option("cov", cov, _COVARIANCES)
    if offset and family == "gaussian":
        raise ValueError(
            "an offset is for the count families; "
            "for the gaussian family divide the outcome by the population"
        )
    if family == "poisson" and cov == "ar1":
        raise ValueError(
            "cov='ar1' estimates the variance of the counts too; use family='quasipoisson'"
        )


def interrupted_time_series(  # noqa: PLR0913  options of one public function, all by keyword
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
    """Estimate how a series changed at a known time by segmented regression.

    Wagner et al. (2002); Bernal, Cummins and Gasparrini (2017).

    Do not use it to search for the time of the change, on yearly data, where something else began
    at the same time, where the change came slowly or was expected, or where the way of counting
    changed with the law (a new register counts anew). With cov="nonrobust" do not use it on
    autocorrelated residuals: `summary` names the autocorrelation and says how often the interval
    would cover.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each time; rows with a missing value are left out.
    outcome, time : str
        Columns. Time is dates (also as 2024-07 or 2024-07-25) or numbers; the trend is per month
        for monthly dates, per number for numbers.
    start : date, str or number
        The first time under the new rule.
    offset : str, optional
        Column of a population or exposure; its logarithm is taken inside. For the count families.
    family : {"gaussian", "poisson", "quasipoisson"}
        "quasipoisson" lets counts vary more than Poisson counts do; its intervals use Student's t.
    harmonics, period : int
        Pairs of sine and cosine for seasons with so many steps.
    change_in_slope : bool
        Also let the trend change; `level_change` is then the jump at `start`.
    cov : {"nonrobust", "ar1", "hac"}
        - "nonrobust": independent residuals.
        - "ar1": residuals of a first-order autoregression, averaged over the autocorrelations that
          the restricted likelihood allows, gaps in time respected. Covers 92 % or more of the time
          where 95 % is stated, up to an autocorrelation of 0.6, from 24 points on.
        - "hac": Newey and West (1987), 4 (n/100)^(2/9) lags; from 100 points on.
    level : float
        Level of the intervals.
    allow_short : bool
        Fit yearly data, fewer than twelve points on a side, and "hac" on fewer than 100, all the
        same.

    Returns
    -------
    InterruptedTimeSeries
        table (terms intercept, trend, level_change, slope_change, sin_k, cos_k with estimate, se,
        low, high, p_value and for counts ratio, ratio_low, ratio_high), observed, fitted and
        counterfactual (series by time; the last is what the model expects without the change),
        n_before, n_after, dispersion (Pearson), residual_autocorrelation (lag one, of the
        residuals), autocorrelation (estimated with AR(1) errors, free of the bias of the former),
        expected_coverage (of the interval of level_change at that autocorrelation; missing with
        "ar1"), and the method `placebo`.

    Raises
    ------
    UnknownName
        For a family or a cov that does not exist.
    ValueError
        For yearly or short series (see `allow_short`), negative counts, counts that are all 0 or
        all 0 on one side, exposures of 0, columns without any value, terms that cannot be told
        apart, times that occur twice or cannot be read, a start of another kind than the times,
        columns that are not there.

    Examples
    --------
    >>> counts = [10 + t + 5 * (t >= 18) for t in range(36)]
    >>> months = pd.DataFrame({"month": range(36), "appeals": counts})
    >>> result = interrupted_time_series(months, outcome="appeals", time="month", start=18)
    >>> round(float(result.table.loc["level_change", "estimate"]), 1)
    5.0
    """
    check_level(level)
    _check_options(family, cov, offset)
    rows = _read(frame, outcome, time, offset)
    _check_values(rows, family)
    start = as_moment(start, rows["time"], "start")
    step = _steps(rows["time"], period)

    def model_at(moment: Any) -> _Model:
        after = rows["time"] >= moment
        _check_sides(rows, after, family)
        if not allow_short:
            _check_length(rows, after, cov)
        design = _design(
            step,
            after,
            slope=change_in_slope,
            harmonics=harmonics,
            period=period,
        )
        return _Model(design, rows, step, family, cov, level)

    after = rows["time"] >= start
    return _result(model_at(start), after, start, time, lambda date: _terms(model_at(date)))
