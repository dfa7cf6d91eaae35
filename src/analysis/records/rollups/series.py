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
_STOCK = ("appeals_open", "appeals_overdue")


def _joined(parts: list[pd.Series], mark: str, index: pd.Index) -> pd.Series:
    """Join the words of each row that are not empty."""
    joined = pd.Series("", index=index)
    for part in parts:
        between = np.where((joined != "") & (part != ""), mark, "")
        joined = joined + between + part
    return joined


def _period(counted: Counted) -> tuple[Any, Any]:
    kind = counted.asked.period
    if kind is None:
        return pd.Timestamp(counted.span.first), pd.Timestamp(counted.span.last)
    start = pd.to_datetime(counted.cube.cells["period"].astype("datetime64[us]"))
    return start, start if kind == "day" else start + _OFFSETS[kind]


def _locate(counted: Counted, places: Places) -> pd.DataFrame:
    """Return the place, period and breakdown of each cell."""
    asked, cells = counted.asked, counted.cube.cells
    words = {name: cells[name].astype("str") for name in asked.dimensions}
    others = [name for name in asked.dimensions if name != asked.where]
    frame = pd.DataFrame(index=cells.index)
    frame["period_start"], frame["period_end"] = _period(counted)
    frame["place_id"] = counted.whole
    if asked.where:
        label = words[asked.where]
        frame["place_id"] = label.where(label.ne(ALL), counted.whole)
    names = [
        pd.Series(DIMENSIONS[asked.dataset][name][1], index=cells.index).where(
            words[name].ne(ALL), ""
        )
        for name in others
    ]
    frame["breakdown"] = _joined(names, "+", cells.index)
    frame["breakdown_value"] = _joined([words[name] for name in others], "; ", cells.index)
    return places.add_names(frame)


def _add_days(
    counted: Counted, counts: pd.DataFrame, hidden: pd.DataFrame, threshold: int | None
) -> None:
    """Add the quantiles of days, hidden where few dated answers are behind them."""
    if counted.waiting is None:
        return
    few = hidden[["appeals_answered", "appeals_open"]].any(axis=1)
    if threshold:
        few |= counted.waiting.answers < threshold
    for name in QUANTILES:
        counts[name], hidden[name] = counted.waiting.days[name], few


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
    missing = np.isnan(values)
    cases = [masked, missing & (units == "days"), missing, units == "count"]
    return np.select(cases, [0, 1, 2, 3], 4)


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
    located = located[~direct & ~hidden.unlisted]
    order = ["period_start", "place_id", "breakdown", "breakdown_value"]
    cells = located.sort_values(order, kind="stable").assign(**_constants(counted, register))
    for column, categories in load.CATEGORIES.items():
        cells[column] = pd.Categorical(cells[column], categories=categories, ordered=True)
    names = sorted(name for name in counts if is_known(name, counted.span.filled))
    each = np.repeat(np.arange(len(names)), len(cells))
    units = np.array([_UNIT.get(name, "count") for name in names])[each]
    values = counts.loc[cells.index, names].to_numpy(dtype=float).ravel(order="F")
    masked = masks.loc[cells.index, names].to_numpy().ravel(order="F")
    rule = _rules(values, masked, units)
    frame = cells.iloc[np.tile(np.arange(len(cells)), len(names))].reset_index(drop=True)
    stock = ["stock" if name.startswith(_STOCK) else "flow" for name in names]
    frame["indicator"] = pd.array(names, dtype="str").take(each)
    frame["measure"] = pd.array(stock, dtype="str").take(each)
    frame["unit"] = pd.array(units, dtype="str")
    frame["rule"] = pd.array(list(_RULES), dtype="str").take(rule)
    shown = np.where(masked, np.nan, values)
    frame = frame.assign(value=shown, low=shown, high=shown)
    named = ["place_en", "place_kk", "place_ru"]
    return frame[[*SERIES_COLUMNS, "publishers", "published", "published_in", *named, "simulated"]]
