"""Put figures of regions on constant borders."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from analysis.errors import check_known
from analysis.reference.places import borders_before, former_regions, parts_of

_NONE = float("nan")
_MERGED = ("value", "low", "high")


def harmonise(
    frame: pd.DataFrame,
    *,
    borders: Literal["2018", "2022"],
    weights: pd.Series | None = None,
    by: str = "vote",
) -> pd.DataFrame:
    """Put a frame of region values on constant borders.

    Parameters
    ----------
    frame : pandas.DataFrame
        With `place_id`, `unit`, `value`, `low`, `high`, `sources` and the column `by`; one row per
        region and `by`.
    borders : {"2018", "2022"}
        "2018": the 17 units before 8 June 2022; "2022": the 20 units since.
    weights : pandas.Series, optional
        Residents or voters listed by `place_id`; `weights.name` is kept in the result. Needed to
        merge shares.
    by : str
        What tells the values of one region apart.

    Returns
    -------
    pandas.DataFrame
        As `frame`, with `weight` (the name of the weight, empty where nothing moved), `parts_low`
        and `parts_high`: the least and greatest value of the parts of a merged unit, between which
        it lies whatever the weight (missing where nothing moved). A merged unit is missing when a
        part is missing. `low` and `high` stay what they are, the range across producers: those of
        the parts, merged as the value is. Counts are added.

    Raises
    ------
    ValueError
        If splitting would be needed, a share is to be merged without weights, or a weight is
        missing.

    Notes
    -----
    A merged share is the mean of its parts weighted by `weights`. Not for other averages.

    Examples
    --------
    >>> parts = pd.DataFrame({"place_id": ["KZ-35", "KZ-62"], "vote": "v", "unit": "count",
    ...                       "value": [3.0, 1.0], "low": [3.0, 1.0], "high": [3.0, 1.0],
    ...                       "sources": ["a", "b"]})
    >>> harmonise(parts, borders="2018")[["place_id", "value", "sources"]].values.tolist()
    [['KZ-KAR', 4.0, 'a b']]
    """
    check_known("borders", borders, ("2018", "2022"))
    unmoved = {"weight": "", "parts_low": _NONE, "parts_high": _NONE}
    if borders == "2022":
        _refuse_splits(frame)
        return frame.assign(**unmoved)

    before = frame["place_id"].map(borders_before)
    kept = frame[before.isna()].assign(**unmoved)
    parts = frame[before.notna()]
    merged = []
    for (_, whole), group in parts.groupby([by, before[parts.index]], observed=True):
        merged.append(_merge(group, whole, weights))
    if not merged:
        return kept.reset_index(drop=True)
    together = pd.concat([kept, pd.DataFrame(merged)])
    return together.astype(kept.dtypes).reset_index(drop=True)


def _refuse_splits(frame: pd.DataFrame) -> None:
    former = set(former_regions())
    old = sorted(former.intersection(frame["place_id"]))
    if old:
        raise ValueError(
            f"{', '.join(old)} would have to be split, and no figure says how: "
            "use borders='2018', or keep only values since 8 June 2022."
        )


def _merge(group: pd.DataFrame, whole: str, weights: pd.Series | None) -> pd.Series:
    """Return the row of a region of larger borders, from those of its parts."""
    row = group.iloc[0].copy()
    row["place_id"] = whole
    row["weight"] = ""
    if "region_id" in group:
        row["region_id"] = whole
    row["sources"] = _all_sources(group)
    row["parts_low"] = group["value"].min()
    row["parts_high"] = group["value"].max()

    all_parts = set(group["place_id"]) == set(parts_of(whole))
    if not all_parts or group["value"].isna().any():
        row[[*_MERGED, "parts_low", "parts_high"]] = _NONE
        return row
    if (group["unit"] == "count").all():
        for column in _MERGED:
            row[column] = group[column].sum(min_count=len(group))
        return row

    weight = _weight_of_parts(group, whole, weights)
    for column in _MERGED:
        weighted = group[column] * weight
        row[column] = weighted.sum(min_count=len(group)) / weight.sum()
    row["weight"] = str(weight.name)
    return row


def _all_sources(group: pd.DataFrame) -> str:
    sources: set[str] = set()
    for cell in group["sources"]:
        sources.update(cell.split())
    return " ".join(sorted(sources))


def _weight_of_parts(group: pd.DataFrame, whole: str, weights: pd.Series | None) -> pd.Series:
    units = sorted(set(group["unit"]))
    if units != ["share"]:
        raise ValueError(f"{whole}: only counts and shares can be merged, not {units}.")
    if weights is None:
        raise ValueError(f"{whole}: shares need weights (voters listed or residents by place_id).")
    with_weight = weights.dropna().index
    missing = sorted(set(group["place_id"]) - set(with_weight))
    if missing:
        raise ValueError(f"{whole}: no weight for {', '.join(missing)}.")
    by_part = group["place_id"].map(weights)
    return by_part.rename(weights.name)
