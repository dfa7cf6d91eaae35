"""How many appeals were open at the end of each month, and curves of waiting, both protected."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.records.privacy.disclosure import SMALL_CELL, check_threshold

_ENDED = ("done", "withdrawn", "redirected")


def _is_open(records: pd.DataFrame) -> pd.Series:
    """Return which cases without an end are open: all of them where no state is known."""
    without_end = records["finished"].isna()
    state = records["state"]
    if state.isna().all():
        return without_end
    return without_end & ~state.isin(_ENDED)


def _ends(first: pd.Timestamp, until: pd.Timestamp) -> pd.DatetimeIndex:
    last = until + pd.offsets.MonthEnd(0)
    ends = pd.date_range(first, last, freq="ME")
    reached = ends[ends <= until]
    if reached.empty:
        return pd.DatetimeIndex([until])
    return reached


def _small(values: pd.Series, threshold: int) -> pd.Series:
    return values.between(0, threshold, inclusive="neither")


def count_backlog(
    records: pd.DataFrame, *, as_of: date | str | None = None, threshold: int = SMALL_CELL
) -> pd.DataFrame:
    """Count the appeals that were open at the end of each month; small counts are hidden.

    Parameters
    ----------
    records : pandas.DataFrame
        As `analysis.records.read` returns appeals.
    as_of : date, optional
        The last day; the latest day in the records if not given.
    threshold : int
        Counts from 1 to one below it are hidden, and changes of so few from month to month as well.

    Returns
    -------
    pandas.DataFrame
        date, value (open appeals), overdue (missing throughout where no deadline is known).

    Examples
    --------
    >>> days = pd.to_datetime(["2024-01-05"] * 12)
    >>> appeals = pd.DataFrame({"registered": days, "finished": pd.NaT, "state": None})
    >>> appeals["deadline"] = pd.NaT
    >>> count_backlog(appeals, as_of="2024-01-31")["value"].tolist()
    [12.0]
    """
    threshold = check_threshold(threshold)
    days = records[["registered", "finished"]]
    latest = days.max().max() if len(days) else pd.NaT
    until = latest if as_of is None else pd.Timestamp(as_of)
    dated = records["finished"].notna() | _is_open(records)
    begun = records["registered"].le(until)
    kept = records[begun & dated]
    if kept.empty:
        return pd.DataFrame({"date": [], "value": [], "overdue": []})
    ends = _ends(kept["registered"].min(), until)
    came = _count_until(kept["registered"], ends)
    went = _count_until(kept["finished"], ends)
    open_ = pd.Series(came - went, dtype=float)
    overdue = pd.Series(_count_overdue(kept, ends))
    in_time = open_ - overdue
    telling = _small(overdue, threshold) | _small(in_time, threshold)
    value = open_.mask(_small(open_, threshold))
    return pd.DataFrame({"date": ends, "value": value, "overdue": overdue.mask(telling)})


def _count_until(days: pd.Series, ends: pd.DatetimeIndex) -> NDArray[np.int64]:
    """Return how many of the days there are until each end, which counts as well."""
    known = np.sort(days.dropna().to_numpy())
    return np.searchsorted(known, ends.to_numpy(), side="right")


def _count_overdue(kept: pd.DataFrame, ends: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Count by differences: a case is overdue from the day after its deadline until its end."""
    known = kept.dropna(subset=["deadline"])
    if known.empty:
        return np.full(len(ends), np.nan)
    finished = known["finished"]
    begin = known[["deadline", "registered"]].max(axis=1)
    late = known[finished.isna() | (finished > begin)]
    deadlines = np.sort(late["deadline"].to_numpy())
    started = np.searchsorted(deadlines, ends.to_numpy(), side="left")
    ended = _count_until(late["finished"], ends)
    return (started - ended).astype(float)


def bin_curve(
    curve: pd.DataFrame, waited: NDArray[np.float64], *, threshold: int = SMALL_CELL
) -> pd.DataFrame:
    """Keep the days of a curve between which at least `threshold` people ended their wait.

    Parameters
    ----------
    curve : pandas.DataFrame
        Column `days`, in order.
    waited : array
        Days that each person waited.
    """
    people = np.sort(waited)
    days = curve["days"].to_numpy()
    gone = np.searchsorted(people, days, side="right")
    left = len(people) - np.searchsorted(people, days)
    enough_left = left >= threshold
    kept, last = [], 0
    for number, ended in enumerate(gone):
        enough_ended = ended - last >= threshold
        if enough_ended and enough_left[number]:
            kept.append(number)
            last = int(ended)
    return curve.iloc[kept]
