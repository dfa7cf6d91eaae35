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
from analysis.stats.inputs import as_moment, as_times
from analysis.stats.words import figure, share_words

Array = NDArray[Any]

DEADLINE_DAYS = (
    15.0  # the usual deadline in E-Otinish; complaints have 20, complaints on public services 5
)


@dataclass(frozen=True, eq=False)
class ResponseTime:
    """Result of `response_time`: `table` has one row a group, `curves` the steps of the survival curves."""

    table: pd.DataFrame
    curves: pd.DataFrame
    deadline: float
    as_of: Any
    level: float
    n_dropped: int

    def _field(self, name: str) -> Any:
        column = self.table[name]
        return float(column.iloc[0]) if len(column) == 1 else column

    @property
    def median(self) -> Any:
        """The median: a number, or one a group."""
        return self._field("median")

    @property
    def share_within(self) -> Any:
        """The share answered within the deadline: a number, or one a group."""
        return self._field("share_within")

    def summary(self, language: str = "en") -> str:
        """Say in one sentence how long answers take, and in the slowest group where there are several."""
        row = self.table.loc[self.table["median"].idxmax()]
        names = ("median", "median_low", "median_high", "share_within", "share_low", "share_high")
        values = {name: figure(float(row[name]), language) for name in names} | {
            "n": int(row["n"]),
            "open": int(row["open"]),
        }
        values |= {
            "deadline": figure(self.deadline, language),
            "level": share_words(self.level, language),
        }
        within = text(
            "stats_response_within" + ("_unknown" if np.isnan(row["share_within"]) else ""),
            language,
            **values,
        )
        key = "stats_response_one" if len(self.table) == 1 else "stats_response_slowest"
        key += "_unknown" if not np.isfinite(row["median"]) else ""
        return text(key, language, **values, group=str(row.name), within=within)


def _days(first: pd.Series, last: pd.Series) -> pd.Series:
    gap = last - first
    return gap.dt.total_seconds() / 86400 if pd.api.types.is_timedelta64_dtype(gap) else gap


def _read(frame: pd.DataFrame, start: str, end: str, group: str | None) -> pd.DataFrame:
    if missing := [name for name in (start, end, group) if name is not None and name not in frame]:
        raise ValueError(f"the frame has no column {', '.join(map(repr, missing))}")
    begun, ended = (as_times(frame[name], name).reset_index(drop=True) for name in (start, end))
    if ended.isna().all():
        ended = begun.where(ended.notna())
    if begun.dtype.kind != ended.dtype.kind:
        raise ValueError(
            f"{start!r} and {end!r} are not both dates or both numbers; give the two in the same way"
        )
    rows = pd.DataFrame(
        {"start": begun, "end": ended, "group": frame[group].to_numpy() if group else "all"}
    )
    wrong = rows[rows["end"] < rows["start"]]
    if len(wrong):
        raise ValueError(
            f"row {wrong.index[0] + 1}: a case that starts at {wrong['start'].iloc[0]} ends before it starts (at "
            f"{wrong['end'].iloc[0]}); there are {len(wrong)} such cases, correct or remove them"
        )
    return rows


def _durations(rows: pd.DataFrame, as_of: Any) -> pd.DataFrame:
    answered = rows["end"] <= as_of
    return pd.DataFrame(
        {
            "group": rows["group"],
            "days": _days(rows["start"], rows["end"].where(answered, as_of)),
            "answered": answered,
        }
    )


def _curve(days: Array, answered: Array, level: float) -> pd.DataFrame:
    """Give the Kaplan-Meier curve at the times of answers, with log-log intervals (Kalbfleisch and Prentice 1980)."""
    if not answered.any():
        return pd.DataFrame({"days": [], "waiting": [], "low": [], "high": []}, dtype=float)
    sample = scipy_stats.CensoredData.right_censored(days, ~answered)
    curve = scipy_stats.ecdf(sample).sf
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter(
            "ignore", RuntimeWarning
        )  # no interval where all are answered; the bounds are set below
        bounds = curve.confidence_interval(level, method="log-log")
    columns = {"days": curve.quantiles, "waiting": curve.probabilities}
    columns |= {"low": bounds.low.probabilities, "high": bounds.high.probabilities}
    table = pd.DataFrame(columns)
    table.loc[table["waiting"] == 0, "low"] = 0.0
    return table[table["days"].isin(days[answered])].reset_index(drop=True)


def _first_day(curve: pd.DataFrame, column: str) -> float:
    reached = curve.loc[curve[column] <= 0.5 + 1e-12, "days"]
    return float(reached.iloc[0]) if len(reached) else inf


def _share_within(
    curve: pd.DataFrame, days: Array, answered: Array, deadline: float, level: float
) -> tuple[float, float, float]:
    if deadline > days.max() and not answered[days == days.max()].all():
        return nan, nan, nan
    steps = curve[curve["days"] <= deadline]
    share = 0.0 if steps.empty else float(1 - steps["waiting"].iloc[-1])
    if 0 < share < 1 - 1e-12:
        return share, float(1 - steps["high"].iloc[-1]), float(1 - steps["low"].iloc[-1])
    at_risk = int((days >= deadline).sum()) if share == 0 else len(days)
    far = ((1 - level) / 2) ** (1 / max(at_risk, 1))
    return (share, 0.0, 1 - far) if share == 0 else (1.0, far, 1.0)


def _row(
    days: Array, answered: Array, curve: pd.DataFrame, deadline: float, level: float
) -> dict[str, float]:
    share, low, high = _share_within(curve, days, answered, deadline, level)
    return {
        "n": len(days), "answered": int(answered.sum()), "open": int((~answered).sum()),
        "median": _first_day(curve, "waiting"), "median_low": _first_day(curve, "low"), "median_high": _first_day(curve, "high"),
        "share_within": share, "share_low": low, "share_high": high,
    }  # fmt: skip


def response_time(
    frame: pd.DataFrame,
    *,
    start: str,
    end: str,
    group: str | None = None,
    deadline: float = DEADLINE_DAYS,
    as_of: Any = None,
    level: float = 0.95,
) -> ResponseTime:
    """Estimate how long answers take, counting the cases that are still open (Kaplan and Meier 1958).

    Do not use it on a file of closed cases only (the slow ones are missing from it), where a case is closed by being passed
    on, or where deadlines count working days and these are calendar days. An answer is not a solution.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a case.
    start, end : str
        Columns of dates (also as 2024-07-25) or of numbers of days; a missing end is an open case. Cases without a start or
        that start after `as_of` are left out and counted.
    group : str, optional
        Column: one curve a group.
    deadline : float
        Days within which an answer is due.
    as_of : date or number, optional
        Until when answers are known; the latest date in the two columns if not given. Later answers count as open.
    level : float
        Level of the intervals (log-log, and exact where all or none are answered).

    Returns
    -------
    ResponseTime
        table (index group: n, answered, open, median, median_low, median_high in days, infinite where fewer than half are
        answered; share_within, share_low, share_high, missing where no case was followed so long), curves (group, days,
        waiting, low, high), deadline, as_of, level, n_dropped; `median` and `share_within`: a number, or a Series by group.

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
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; give a share between 0 and 1, such as 0.95")
    rows = _read(frame, start, end, group)
    latest = rows[["start", "end"]].max().max()
    as_of = latest if as_of is None else as_moment(as_of, rows["start"], "as_of")
    kept = rows[rows["group"].notna() & (rows["start"] <= as_of)]
    if kept.empty:
        raise ValueError(f"no case has a date in {start!r} up to {as_of}")
    cases = _durations(kept, as_of)
    table, curves = {}, []
    for name, part in cases.groupby("group", sort=True):
        days, answered = part["days"].to_numpy(), part["answered"].to_numpy(dtype=bool)
        curve = _curve(days, answered, level)
        table[name] = _row(days, answered, curve, deadline, level)
        curves.append(curve.assign(group=name))
    summary = (
        pd.DataFrame(table).T.rename_axis("group").astype({"n": int, "answered": int, "open": int})
    )
    steps = pd.concat(curves, ignore_index=True)[["group", "days", "waiting", "low", "high"]]
    return ResponseTime(
        table=summary,
        curves=steps,
        deadline=deadline,
        as_of=as_of,
        level=level,
        n_dropped=len(rows) - len(kept),
    )
