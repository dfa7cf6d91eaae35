"""Cases with a start and an end, as durations until a date: shared by the methods on waiting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.stats._level import tail
from analysis.stats._validate import check_columns
from analysis.stats.inputs import as_moment, as_times


@dataclass(frozen=True, eq=False)
class Waits:
    """Cases that began by `as_of`: group, days until the end or `as_of`, whether they ended."""

    cases: pd.DataFrame
    as_of: Any
    n_dropped: int


def _days(first: pd.Series, last: pd.Series) -> pd.Series:
    gap = last - first
    if not pd.api.types.is_timedelta64_dtype(gap):
        return gap
    return gap.dt.total_seconds() / 86400


def _read(frame: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    begun = as_times(frame[start], start).reset_index(drop=True)
    ended = as_times(frame[end], end).reset_index(drop=True)
    if ended.isna().all():
        ended = begun.where(ended.notna())
    if begun.dtype.kind != ended.dtype.kind:
        raise ValueError(
            f"{start!r} and {end!r} are not both dates or both numbers; "
            "give the two in the same way"
        )
    rows = pd.DataFrame({"start": begun, "end": ended})
    wrong = rows[rows["end"] < rows["start"]]
    if len(wrong):
        first = wrong.iloc[0]
        raise ValueError(
            f"row {wrong.index[0] + 1}: a case that starts at {first['start']} ends before it "
            f"starts (at {first['end']}); there are {len(wrong)} such cases, correct or remove them"
        )
    return rows


def read_waits(
    frame: pd.DataFrame, *, start: str, end: str, group: str | None, as_of: Any
) -> Waits:
    """Return the cases that began by `as_of`, with their row in the frame as index."""
    check_columns(frame, [start, end, group])
    rows = _read(frame, start, end)
    rows["group"] = frame[group].to_numpy() if group else "all"
    latest = rows[["start", "end"]].max().max()
    until = latest if as_of is None else as_moment(as_of, rows["start"], "as_of")
    begun = rows["start"] <= until
    kept = rows[begun & rows["group"].notna()]
    if kept.empty:
        raise ValueError(f"no case has a date in {start!r} up to {until}")

    ended = kept["end"] <= until
    last_known = kept["end"].where(ended, until)
    columns = {
        "group": kept["group"],
        "days": _days(kept["start"], last_known),
        "ended": ended,
    }
    return Waits(
        cases=pd.DataFrame(columns),
        as_of=until,
        n_dropped=len(rows) - len(kept),
    )


def bound_of_all(n: int, level: float) -> float:
    """Return the exact lower bound of a share of which all of n cases are seen.

    One minus it is the upper bound of a share of which no case is seen.
    """
    return tail(level) ** (1 / max(n, 1))
