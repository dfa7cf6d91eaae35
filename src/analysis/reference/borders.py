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
    if borders == "2022":
        old = sorted(set(frame["place_id"]) & set(former_regions()))
        if old:
            raise ValueError(
                f"{', '.join(old)} would have to be split, and no figure says how: "
                "use borders='2018', or keep only values since 8 June 2022."
            )
        return frame.assign(weight="", parts_low=_NONE, parts_high=_NONE)
    before = frame["place_id"].map(borders_before)
    parts = frame[before.notna()]
    kept = frame[before.isna()].assign(weight="", parts_low=_NONE, parts_high=_NONE)
    groups = parts.groupby([by, before[parts.index]], observed=True)
    merged = [_merge(group, whole, weights) for (_, whole), group in groups]
    if not merged:
        return kept.reset_index(drop=True)
    return pd.concat([kept, pd.DataFrame(merged)]).astype(kept.dtypes).reset_index(drop=True)


def _merge(group: pd.DataFrame, whole: str, weights: pd.Series | None) -> pd.Series:
    row = group.iloc[0].copy()
    row["place_id"], row["weight"] = whole, ""
    if "region_id" in group:
        row["region_id"] = whole
    sources = {source for cell in group["sources"] for source in cell.split()}
    row["sources"] = " ".join(sorted(sources))
    row["parts_low"], row["parts_high"] = group["value"].min(), group["value"].max()
    all_there = set(group["place_id"]) == set(parts_of(whole)) and group["value"].notna().all()
    if not all_there:
        row[[*_MERGED, "parts_low", "parts_high"]] = _NONE
        return row
    if (group["unit"] == "count").all():
        for column in _MERGED:
            row[column] = group[column].sum(min_count=len(group))
        return row
    weight = _weight_of_parts(group, whole, weights)
    for column in _MERGED:
        row[column] = (group[column] * weight).sum(min_count=len(group)) / weight.sum()
    row["weight"] = str(weight.name)
    return row


def _weight_of_parts(group: pd.DataFrame, whole: str, weights: pd.Series | None) -> pd.Series:
    units = sorted(set(group["unit"]))
    if units != ["share"]:
        raise ValueError(f"{whole}: only counts and shares can be merged, not {units}.")
    if weights is None:
        raise ValueError(f"{whole}: shares need weights (voters listed or residents by place_id).")
    missing = sorted(set(group["place_id"]) - set(weights.dropna().index))
    if missing:
        raise ValueError(f"{whole}: no weight for {', '.join(missing)}.")
    return group["place_id"].map(weights).rename(weights.name)
