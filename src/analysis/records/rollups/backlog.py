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
    state = records["state"]
    ended = state.isin(_ENDED) if state.notna().any() else pd.Series(False, index=records.index)
    return records["finished"].isna() & ~ended


def _ends(first: pd.Timestamp, until: pd.Timestamp) -> pd.DatetimeIndex:
    ends = pd.date_range(first, until + pd.offsets.MonthEnd(0), freq="ME")
    return ends[ends <= until] if (ends <= until).any() else pd.DatetimeIndex([until])


def _small(values: pd.Series, threshold: int) -> pd.Series:
    return values.gt(0) & values.lt(threshold)


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
    latest = records[["registered", "finished"]].max().max() if len(records) else pd.NaT
    until = pd.Timestamp(as_of) if as_of is not None else latest
    dated = records["finished"].notna() | _is_open(records)
    kept = records[records["registered"].le(until) & dated]
    if kept.empty:
        return pd.DataFrame({"date": [], "value": [], "overdue": []})
    ends = _ends(kept["registered"].min(), until)
    came, went = (
        np.searchsorted(np.sort(kept[name].dropna()), ends, side="right")
        for name in ("registered", "finished")
    )
    table = pd.DataFrame({"date": ends, "value": (came - went).astype(float)})
    table["overdue"] = _count_overdue(kept, ends)
    rest = table["value"] - table["overdue"]
    hide = _small(table["overdue"], threshold) | _small(rest, threshold)
    table["overdue"] = table["overdue"].mask(hide)
    table["value"] = table["value"].mask(_small(table["value"], threshold))
    return table


def _count_overdue(kept: pd.DataFrame, ends: pd.DatetimeIndex) -> NDArray[np.float64]:
    """Count by differences: a case is overdue from the day after its deadline until its end."""
    known = kept[kept["deadline"].notna()]
    if known.empty:
        return np.full(len(ends), np.nan)
    begin = known[["deadline", "registered"]].max(axis=1)
    late = known["finished"].isna() | (known["finished"] > begin)
    from_day = np.sort((known.loc[late, "deadline"]).to_numpy())
    to_day = np.sort(known.loc[late, "finished"].dropna().to_numpy())
    started = np.searchsorted(from_day, ends.to_numpy(), side="left")
    ended = np.searchsorted(to_day, ends.to_numpy(), side="right")
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
    gone = np.searchsorted(people, curve["days"].to_numpy(), side="right")
    left = len(people) - np.searchsorted(people, curve["days"].to_numpy())
    kept, last = [], 0
    for number, ended in enumerate(gone):
        if ended - last >= threshold and left[number] >= threshold:
            kept.append(number)
            last = int(ended)
    return curve.iloc[kept]
