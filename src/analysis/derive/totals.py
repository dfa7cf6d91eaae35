"""Totals of a place, and the parts of totals, which are never listed as totals."""

from __future__ import annotations

import pandas as pd

from analysis.derive.coverage import items, rows_of
from analysis.errors import check_known

_SINCE = pd.Timestamp("2021-01-01")
_ELSEWHERE = ("akim_elections", "national_votes")


def _counted(place: str, dataset: str) -> pd.DataFrame:
    countable = [item for item in items() if item.dataset not in _ELSEWHERE]
    known = {item.dataset for item in countable}
    check_known("dataset", dataset, sorted(known))
    wanted = [item for item in countable if item.dataset == dataset]
    frames = []
    for item in wanted:
        found = rows_of(item)
        frames.append(found.assign(item=item.name))
    rows = pd.concat(frames)
    rows = rows[rows["place_id"] == place]
    is_recent = rows["period_end"] >= _SINCE
    order = ["period_end", "value"]
    ordered = rows[is_recent].sort_values(order, kind="stable")
    return ordered.reset_index(drop=True)


def totals_found(place: str, dataset: str) -> pd.DataFrame:
    """Return the totals of a place since 2021, the newest last.

    Parameters
    ----------
    place : str
        A `place_id`.
    dataset : {"appeals", "meetings"}

    Returns
    -------
    pandas.DataFrame
        Values as the loaders return them, with `item`, the name of what is looked for in
        coverage_items.csv. The whole of a register, of one contact centre, or of all akims; a part
        of the year is still named by its period.

    Raises
    ------
    UnknownName
        If the data set has no totals.

    Examples
    --------
    >>> totals_found("KZ", "appeals")[["period_end", "value"]].astype(str).values.tolist()
    [['2022-12-31', '1700000.0'], ['2024-12-31', '4400000.0']]
    """
    rows = _counted(place, dataset)
    totals = rows[rows["is_whole"]]
    return totals.reset_index(drop=True)


def totals_of(place: str, item: str) -> pd.DataFrame:
    """Return the totals of a place since 2021 of one thing that is looked for, the newest last.

    Parameters
    ----------
    place : str
        A `place_id`.
    item : str
        Such as "people_received": see coverage_items.csv.

    Examples
    --------
    >>> totals_of("KZ", "appeals_total")["value"].tolist()
    [1700000.0, 4400000.0]
    """
    by_name = {one.name: one for one in items()}
    check_known("item", item, by_name)
    dataset = by_name[item].dataset
    rows = totals_found(place, dataset)
    is_item = rows["item"] == item
    return rows[is_item]


def parts_found(place: str, dataset: str) -> pd.DataFrame:
    """Return the parts of totals of a place since 2021: of some bodies or one office.

    Parameters, columns and errors as in `totals_found`.

    Examples
    --------
    >>> parts_found("KZ", "appeals")[["breakdown_value", "value"]].values.tolist()
    [['local_executive_bodies', 1100000.0], ['central_state_bodies', 2100000.0]]
    """
    rows = _counted(place, dataset)
    is_part = ~rows["is_whole"]
    parts = rows[is_part]
    return parts.reset_index(drop=True)
