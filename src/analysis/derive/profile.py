"""The latest national vote of which every region is known."""

from __future__ import annotations

import pandas as pd

from analysis.reference import regions, votes
from analysis.reference.places import NATION


def latest_whole_vote(turnout: pd.DataFrame) -> str:
    """Return the latest national vote with a figure for every region, or the latest if none has.

    Examples
    --------
    >>> from analysis import load_turnout
    >>> latest_whole_vote(load_turnout())
    'referendum_2024'
    """
    is_region = turnout["place_id"] != NATION
    of_regions = turnout[is_region]
    by_vote = of_regions.groupby("vote")["place_id"]
    found = by_vote.agg(set)
    every = set(regions())
    newest_first = [vote.code for vote in reversed(votes())]
    for vote in newest_first:
        if every <= found.get(vote, set()):
            return vote
    return newest_first[0]
