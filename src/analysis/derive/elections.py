"""Elections of akims: candidates for a seat, wave by wave."""

from __future__ import annotations

import pandas as pd

from analysis import reference
from analysis.reference.places import NATION


def candidates_for_a_seat(elections: pd.DataFrame) -> pd.DataFrame:
    """Return registered candidates per seat of each wave of rural elections, region by region.

    Parameters
    ----------
    elections : pandas.DataFrame
        As `load_akim_elections()` returns it.

    Returns
    -------
    pandas.DataFrame
        One row per place and period with both counts: `place_id`, `period_start`, `period_end`,
        `candidates`, `seats`, `ratio`, `is_first_wave` (25 July 2021), `sources`.

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> pairs = candidates_for_a_seat(load_akim_elections())
    >>> pairs[pairs["place_id"] == "KZ-15"]["ratio"].tolist()
    [3.0, 3.0, 3.0]
    """
    places = {NATION, *reference.regions_in_votes()}
    rows = elections[
        (elections["office"] == "rural")
        & (elections["breakdown"] == "")
        & elections["place_id"].isin(places)
    ]
    key = ["place_id", "period_start", "period_end"]
    names = {"candidates_registered": "candidates", "seats_contested": "seats"}
    counted = rows[rows["indicator"].isin(names)]
    wide = counted.pivot_table(index=key, columns="indicator", values="value").dropna()
    sources = counted.groupby(key)["sources"].agg(" ".join)
    table = wide.rename(columns=names).assign(ratio=lambda t: t["candidates"] / t["seats"])
    table = table.assign(sources=sources).reset_index().rename_axis(columns=None)
    first = pd.Timestamp(reference.first_akim_election("rural").day)
    return table.assign(is_first_wave=table["period_end"] == first)
