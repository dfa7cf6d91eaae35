"""Give counted and protected cells the shape of a published series."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import load
from analysis.data.reconcile import SERIES_COLUMNS
from analysis.records.rollups.counting import Counted
from analysis.records.rollups.cube import ALL
from analysis.records.rollups.measures import DIMENSIONS, SHARES, add_shares, is_known
from analysis.records.rollups.places import DIRECT, Places
from analysis.records.rollups.release import Hidden
from analysis.records.rollups.waiting import QUANTILES

_OFFSETS = {
    "month": pd.offsets.MonthEnd(0),
    "quarter": pd.offsets.QuarterEnd(0),
    "year": pd.offsets.YearEnd(0),
}
_UNIT = dict.fromkeys(SHARES, "share") | dict.fromkeys(QUANTILES, "days")
_RULES = ("suppressed", "not_reached", "no_cases", "counted", "computed")
_ORDER = ["period_start", "place_id", "breakdown", "breakdown_value"]
_NAMES = ["place_en", "place_kk", "place_ru"]
_COLUMNS = [
    *SERIES_COLUMNS,
    "publishers",
    "published",
    "published_in",
    *_NAMES,
    "simulated",
]
_STOCK = ("appeals_open", "appeals_overdue")


def _joined(parts: list[pd.Series], mark: str, index: pd.Index) -> pd.Series:
    """Join the words of each row that are not empty."""
    joined = pd.Series("", index=index)
    for part in parts:
        both = joined.ne("") & part.ne("")
        between = np.where(both, mark, "")
        joined = joined + between + part
    return joined


def _period(counted: Counted) -> tuple[Any, Any]:
    """Return the first and the last day of the period of each cell."""
    kind = counted.asked.period
    if kind is None:
        span = counted.span
        return pd.Timestamp(span.first), pd.Timestamp(span.last)
    days = counted.cube.cells["period"].astype("datetime64[us]")
    start = pd.to_datetime(days)
    if kind == "day":
        return start, start
    return start, start + _OFFSETS[kind]


def _locate(counted: Counted, places: Places) -> pd.DataFrame:
    """Return the place, period and breakdown of each cell."""
    asked, cells = counted.asked, counted.cube.cells
    frame = pd.DataFrame(index=cells.index)
    frame["period_start"], frame["period_end"] = _period(counted)
    frame["place_id"] = counted.whole
    names, values = [], []
    for name in asked.dimensions:
        label = cells[name].astype("str")
        is_part = label.ne(ALL)
        if name == asked.where:
            frame["place_id"] = label.where(is_part, counted.whole)
            continue
        _, breakdown = DIMENSIONS[asked.dataset][name]
        named = pd.Series(breakdown, index=cells.index)
        names.append(named.where(is_part, ""))
        values.append(label)
    frame["breakdown"] = _joined(names, "+", cells.index)
    frame["breakdown_value"] = _joined(values, "; ", cells.index)
    return places.add_names(frame)


def _add_days(
    counted: Counted, counts: pd.DataFrame, hidden: pd.DataFrame, threshold: int | None
) -> None:
    """Add the quantiles of days, hidden where few dated answers are behind them."""
    waiting = counted.waiting
    if waiting is None:
        return
    few = hidden[["appeals_answered", "appeals_open"]].any(axis=1)
    if threshold:
        few |= waiting.answers < threshold
    for name in QUANTILES:
        counts[name] = waiting.days[name]
        hidden[name] = few


def _constants(counted: Counted, register: str) -> dict[str, Any]:
    span = counted.span
    name = "simulated_records" if span.simulated else "own_records"
    office = span.offices[0] if len(span.offices) == 1 else ""
    return {
        "register": register,
        "office": office,
        "vote": "",
        "stage": None,
        "as_of": "",
        "producer": "",
        "precision": "as_printed",
        "n_figures": 1,
        "n_publishers": 1,
        "n_producers": 1,
        "agree": True,
        "disagreement": "",
        "confidence": "high",
        "sources": name,
        "publishers": name,
        "published": pd.Timestamp(span.as_of),
        "published_in": span.as_of.isoformat(),
        "simulated": span.simulated,
    }


def _rules(values: NDArray[Any], masked: NDArray[Any], units: NDArray[Any]) -> NDArray[Any]:
    """Return for each value the number of its rule among `_RULES`; the last where no other is."""
    missing = np.isnan(values)
    not_reached = missing & (units == "days")
    counted = units == "count"
    cases = [masked, not_reached, missing, counted]
    return np.select(cases, list(range(len(cases))), len(cases))


def shape(
    counted: Counted,
    hidden: Hidden,
    *,
    places: Places,
    register: str,
    threshold: int | None,
) -> pd.DataFrame:
    """Return every count, share and number of days as a row with the columns of a published series.

    What the records have no column for has no row.
    """
    counts, masks = counted.counts.copy(), hidden.counts.copy()
    add_shares(counts, masks)
    _add_days(counted, counts, masks, threshold)
    located = _locate(counted, places)
    direct = located["place_id"].str.endswith(DIRECT)
    listed = located[~direct & ~hidden.unlisted]
    in_order = listed.sort_values(_ORDER, kind="stable")
    cells = in_order.assign(**_constants(counted, register))
    for column, categories in load.CATEGORIES.items():
        cells[column] = pd.Categorical(cells[column], categories=categories, ordered=True)
    names = sorted(name for name in counts if is_known(name, counted.span.filled))
    values = counts.loc[cells.index, names].to_numpy(dtype=float)
    masked = masks.loc[cells.index, names].to_numpy()
    rows = _rows_of(cells, names, values.ravel(order="F"), masked.ravel(order="F"))
    return rows[_COLUMNS]


def _rows_of(
    cells: pd.DataFrame, names: list[str], values: NDArray[Any], masked: NDArray[Any]
) -> pd.DataFrame:
    """Return a row per measure and cell, with what the measure is and what its value is."""
    of_cell = np.tile(np.arange(len(cells)), len(names))
    of_name = np.repeat(np.arange(len(names)), len(cells))
    measures = ["stock" if name.startswith(_STOCK) else "flow" for name in names]
    units = np.array([_UNIT.get(name, "count") for name in names])[of_name]
    rule = _rules(values, masked, units)
    shown = np.where(masked, np.nan, values)
    frame = cells.iloc[of_cell].reset_index(drop=True)
    frame["indicator"] = _words(names, of_name)
    frame["measure"] = _words(measures, of_name)
    frame["unit"] = pd.array(units, dtype="str")
    frame["rule"] = _words(list(_RULES), rule)
    return frame.assign(value=shown, low=shown, high=shown)


def _words(words: list[str], number: NDArray[Any]) -> Any:
    """Return words by their numbers."""
    listed = pd.array(words, dtype="str")
    return listed.take(number)
