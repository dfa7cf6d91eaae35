"""Places to set a place beside: its neighbours, those nearest in population, its predecessor."""

from __future__ import annotations

import pandas as pd

from analysis import load, reference
from analysis.reference.places import NATION
from analysis.store import cached_on

LARGEST_RATIO = 1.5  # of the populations of two places that are compared
_NEAREST = 3
NEIGHBOUR, POPULATION, PREDECESSOR = "neighbour", "population", "predecessor"


@cached_on("population", "sources", "places", "raw/neighbours")
def peers(place: str) -> pd.DataFrame:
    """Return the places that a place is set beside, and why each was picked.

    Parameters
    ----------
    place : str
        A region, or a district or city inside one. The nation has no peers.

    Returns
    -------
    pandas.DataFrame
        One row per peer in the order of the reasons: `place_id`, `why` ("neighbour": a common land
        border; "population": of the three nearest by residents, within a ratio of 1.5; for a
        district among those of its region; "predecessor": the region it was part of before),
        `residents` on 1 January 2023 (missing for a predecessor).

    Examples
    --------
    >>> peers("KZ-33")[["place_id", "why"]].values.tolist()[:2]
    [['KZ-10', 'neighbour'], ['KZ-19', 'neighbour']]
    >>> peers("KZ").empty
    True
    """
    residents = load.load_residents()
    reasons: dict[str, str] = dict.fromkeys(reference.neighbours(place), NEIGHBOUR)
    for near in _nearest(place, residents):
        reasons.setdefault(near, POPULATION)
    before = reference.borders_before(place)
    if before:
        reasons.setdefault(before, PREDECESSOR)
    table = pd.DataFrame({"place_id": list(reasons), "why": list(reasons.values())})
    return table.assign(residents=table["place_id"].map(residents))


def _nearest(place: str, residents: pd.Series) -> list[str]:
    """Return the places of the same kind whose number of residents is nearest, by ratio."""
    if place not in residents or place == NATION:
        return []
    of_a_kind = residents[residents.index.isin(_of_a_kind(place))].drop(place)
    ratio = of_a_kind / residents[place]
    apart = ratio.where(ratio >= 1, 1 / ratio)
    return list(apart[apart <= LARGEST_RATIO].sort_values(kind="stable").index[:_NEAREST])


def _of_a_kind(place: str) -> list[str]:
    if place in reference.regions():
        return list(reference.regions())
    table = load.load_places()
    own = table[table["place_id"] == place].iloc[0]
    same = (table["parent_id"] == own["parent_id"]) & (table["level"] == own["level"])
    return list(table[same]["place_id"])
