"""How long people wait for an answer, with the cases that are still open."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from math import inf, nan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats as scipy_stats

from analysis.locale import text
from analysis.stats._validate import check_level
from analysis.stats._waiting import bound_of_all, read_waits
from analysis.stats.words import figure, share_words

Array = NDArray[Any]

# The usual deadline in E-Otinish; complaints have 20, complaints on public services 5.
DEADLINE_DAYS = 15.0
_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class ResponseTime:
    """Result of `response_time`: `table` by group, `curves` the steps of the survival curves."""

    table: pd.DataFrame
    curves: pd.DataFrame
    deadline: float
    as_of: Any
    level: float
    n_dropped: int

    def _field(self, name: str) -> Any:
        column = self.table[name]
        if len(column) == 1:
            return float(column.iloc[0])
        return column

    @property
    def median(self) -> Any:
        """The median in days: a number, or one for each group."""
        return self._field("median")

    @property
    def share_within(self) -> Any:
        """The share answered within the deadline: a number, or one for each group."""
        return self._field("share_within")

    def summary(self, language: str = "en") -> str:
        """Return how long answers take, of the slowest group where there are several."""
        slowest = self.table["median"].idxmax()
        row = self.table.loc[slowest]
        values = self._values(row, language)
        within_key = "stats_response_within"
        if np.isnan(row["share_within"]):
            within_key += "_unknown"
        key = "stats_response_one" if len(self.table) == 1 else "stats_response_slowest"
        if not np.isfinite(row["median"]):
            key += "_unknown"
        return text(
            key,
            language,
            **values,
            group=str(row.name),
            within=text(within_key, language, **values),
        )

    def _values(self, row: pd.Series, language: str) -> dict[str, Any]:
        values: dict[str, Any] = {
            "n": int(row["n"]),
            "open": int(row["open"]),
            "deadline": figure(self.deadline, language),
            "level": share_words(self.level, language),
        }
        for name in ("median", "median_low", "median_high"):
            values[name] = figure(float(row[name]), language)
        for name in ("share_within", "share_low", "share_high"):
            values[name] = _percent(float(row[name]), language)
        return values


def _percent(share: float, language: str) -> str:
    if np.isnan(share):
        return figure(share, language)
    return share_words(round(share, 3), language)


def _curve(days: Array, answered: Array, level: float) -> pd.DataFrame:
    """Return the Kaplan-Meier curve at the times of answers.

    With log-log intervals (Kalbfleisch and Prentice 1980).
    """
    if not answered.any():
        return pd.DataFrame({"days": [], "waiting": [], "low": [], "high": []}, dtype=float)
    sample = scipy_stats.CensoredData.right_censored(days, ~answered)
    curve = scipy_stats.ecdf(sample).sf
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        # There is no interval where all are answered; the bounds are set below.
        warnings.simplefilter("ignore", RuntimeWarning)
        bounds = curve.confidence_interval(level, method="log-log")

    columns = {
        "days": curve.quantiles,
        "waiting": curve.probabilities,
        "low": bounds.low.probabilities,
        "high": bounds.high.probabilities,
    }
    table = pd.DataFrame(columns)
    all_answered = table["waiting"] == 0
    table.loc[all_answered, "low"] = 0.0
    with_answers = table["days"].isin(days[answered])
    return table[with_answers].reset_index(drop=True)


def _first_day(curve: pd.DataFrame, column: str) -> float:
    """Return the first day on which no more than half are waiting, or infinity."""
    half = curve[column] <= 0.5 + _ROUNDING
    reached = curve.loc[half, "days"]
    if reached.empty:
        return inf
    return float(reached.iloc[0])


def _share_within(
    curve: pd.DataFrame, days: Array, answered: Array, deadline: float, level: float
) -> tuple[float, float, float]:
    longest = days.max()
    if deadline > longest and not answered[days == longest].all():
        return nan, nan, nan

    steps = curve[curve["days"] <= deadline]
    share = 0.0 if steps.empty else float(1 - steps["waiting"].iloc[-1])
    if share == 0:
        at_risk = int((days >= deadline).sum())
        return 0.0, 0.0, 1 - bound_of_all(at_risk, level)
    if share >= 1 - _ROUNDING:
        return 1.0, bound_of_all(len(days), level), 1.0
    still_waiting = steps.iloc[-1]
    low = float(1 - still_waiting["high"])
    high = float(1 - still_waiting["low"])
    return share, low, high


def _row(
    days: Array, answered: Array, curve: pd.DataFrame, deadline: float, level: float
) -> dict[str, float]:
    share, low, high = _share_within(curve, days, answered, deadline, level)
    return {
        "n": len(days),
        "answered": int(answered.sum()),
        "open": int((~answered).sum()),
        "median": _first_day(curve, "waiting"),
        "median_low": _first_day(curve, "low"),
        "median_high": _first_day(curve, "high"),
        "share_within": share,
        "share_low": low,
        "share_high": high,
    }


def response_time(  # noqa: PLR0913  options of one public function, all by keyword
    frame: pd.DataFrame,
    *,
    start: str,
    end: str,
    group: str | None = None,
    deadline: float = DEADLINE_DAYS,
    as_of: Any = None,
    level: float = 0.95,
) -> ResponseTime:
    """Estimate how long answers take, counting the cases still open (Kaplan and Meier 1958).

    Do not use it on a file of closed cases only (the slow ones are missing from it), where a case
    can also end by being passed on or withdrawn (use `competing_outcomes`: here these would count
    as answers, or as waiting on), or where deadlines count working days and these are calendar
    days. An answer is not a solution.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each case.
    start, end : str
        Columns of dates (also as 2024-07-25) or of numbers of days; a missing end is an open case.
        Cases without a start or that start after `as_of` are left out and counted.
    group : str, optional
        Column: one curve for each group.
    deadline : float
        Days within which an answer is due.
    as_of : date or number, optional
        Until when answers are known; the latest date in the two columns if not given. Later answers
        count as open.
    level : float
        Level of the intervals (log-log, and exact where all or none are answered).

    Returns
    -------
    ResponseTime
        table (index group: n, answered, open, median, median_low, median_high in days, infinite
        where fewer than half are answered; share_within, share_low, share_high, missing where no
        case was followed so long), curves (group, days, waiting, low, high), deadline, as_of,
        level, n_dropped; `median` and `share_within`: a number, or a Series by group.

    Raises
    ------
    ValueError
        For cases that end before they start, dates that cannot be read, and when there is no case.

    Examples
    --------
    >>> cases = pd.DataFrame({"opened": [0, 0, 0, 0], "closed": [5, 10, 12, None]})
    >>> result = response_time(cases, start="opened", end="closed", as_of=30)
    >>> result.median, result.share_within
    (10.0, 0.75)
    """
    check_level(level)
    waits = read_waits(frame, start=start, end=end, group=group, as_of=as_of)
    rows, curves = {}, []
    for name, part in waits.cases.groupby("group", sort=True):
        days = part["days"].to_numpy()
        answered = part["ended"].to_numpy(dtype=bool)
        curve = _curve(days, answered, level)
        rows[name] = _row(days, answered, curve, deadline, level)
        curves.append(curve.assign(group=name))

    table = pd.DataFrame(rows).T.rename_axis("group")
    columns = ["group", "days", "waiting", "low", "high"]
    all_curves = pd.concat(curves, ignore_index=True)
    return ResponseTime(
        table=table.astype({"n": int, "answered": int, "open": int}),
        curves=all_curves[columns],
        deadline=deadline,
        as_of=waits.as_of,
        level=level,
        n_dropped=waits.n_dropped,
    )
