"""A round of requests as a finding: who answered, how, and in how many days against the term."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis import reference, stats
from analysis.reference.places import NATION

OUTCOMES = ("answered", "partly", "forwarded", "refused", "silent")
_SMALLEST = 5  # bodies of a kind of which a share is said
COMPARED_REGIONS, COMPARED_REQUESTS = 3, 20  # at least, for a funnel: so many of so many


@dataclass(frozen=True)
class RoundFinding:
    """What a round found.

    `rows` are the requests with `is_in_time`, `days` (from receipt to answer) and `days_of_term`;
    `counts` by outcome; `in_time` the share answered in full and in time, with a Wilson interval as
    a yardstick; `by_region` the number of requests by region and outcome, in the order of codes;
    `funnel` compares that share between regions, within limits of chance, where enough were asked.
    """

    rows: pd.DataFrame
    counts: pd.Series
    in_time: stats.Interval | None
    by_region: pd.DataFrame
    funnel: stats.Funnel | None


def round_finding(requests: pd.DataFrame) -> RoundFinding:
    """Return what a round of requests found.

    An answer is in time if it came by the last day of the term in the reading that leaves a body
    most time. Regions are never ranked. They are compared by a funnel where at least three have
    twenty requests: a region that is asked through its own four bodies has too few for a share.

    Parameters
    ----------
    requests : pandas.DataFrame
        As `analysis.load_requests()` returns it, of one round.

    Examples
    --------
    >>> asked = pd.DataFrame({
    ...     "round": "test", "request": ["a", "b"], "place_id": ["KZ-33", "333400000"],
    ...     "received_on": pd.to_datetime(["2026-10-09"] * 2),
    ...     "due_on": pd.to_datetime(["2026-10-27"] * 2),
    ...     "answered_on": pd.to_datetime(["2026-10-20", None]), "outcome": ["answered", "silent"]})
    >>> found = round_finding(asked)
    >>> found.counts["silent"], found.rows["days"].tolist()[0], found.by_region.index.tolist()
    (np.int64(1), 11.0, ['KZ-33'])
    """
    rows = requests.assign(
        is_in_time=requests["answered_on"] <= requests["due_on"],
        days=(requests["answered_on"] - requests["received_on"]).dt.days,
        days_of_term=(requests["due_on"] - requests["received_on"]).dt.days,
        region_id=[reference.region_of(place) for place in requests["place_id"]],
    )
    counts = rows["outcome"].value_counts().reindex(OUTCOMES, fill_value=0)
    is_whole = rows["is_in_time"] & (rows["outcome"] == "answered")
    n_whole = int(is_whole.sum())
    enough = len(rows) >= _SMALLEST
    by_region = pd.crosstab(rows["region_id"], rows["outcome"])
    return RoundFinding(
        rows=rows,
        counts=counts,
        in_time=stats.proportion_interval(n_whole, len(rows)) if enough else None,
        by_region=by_region.reindex(columns=OUTCOMES, fill_value=0).sort_index(),
        funnel=_funnel(rows.assign(is_whole=is_whole)),
    )


def _funnel(rows: pd.DataFrame) -> stats.Funnel | None:
    """Return the shares of regions within limits of chance, where enough were asked to compare."""
    of_regions = rows[rows["region_id"] != NATION]
    by_region = of_regions.groupby("region_id")["is_whole"].agg(["sum", "size"]).reset_index()
    n_large = int((by_region["size"] >= COMPARED_REQUESTS).sum())
    n_whole, n_asked = by_region["sum"].sum(), by_region["size"].sum()
    if n_large < COMPARED_REGIONS or n_whole in (0, n_asked):
        return None
    return stats.funnel(
        by_region, count="sum", total="size", unit="region_id", min_n=COMPARED_REQUESTS
    )
