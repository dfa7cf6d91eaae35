"""Turnout and candidates per seat, computed where the sources publish only the counts."""

from __future__ import annotations

import pandas as pd

_LEVELS = ("national", "region")


def single_election_turnout(elections: pd.DataFrame) -> pd.DataFrame:
    """Return the turnout of single elections, with the number of voters listed.

    A turnout is voters who took part / voters listed where both are published, else the
    published share.

    Parameters
    ----------
    elections : pandas.DataFrame
        As `load_akim_elections()` returns it.

    Returns
    -------
    pandas.DataFrame
        One row per place and election day, in order of time: the columns of `elections` with
        `value` (share 0..1), `listed` (voters listed, missing where not found) and `computed`
        (whether the share was computed from counts).

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> found = single_election_turnout(load_akim_elections(office="district"))
    >>> bool(found["value"].between(0, 1).all())
    True
    """
    is_one_day = elections["period_start"] == elections["period_end"]
    single = elections[(elections["breakdown"] == "") & is_one_day]
    by = ["place_id", "period_end"]
    listed = single[single["indicator"] == "voters_listed"].set_index(by)
    voted = single[single["indicator"] == "voters_voted"].set_index(by)
    computed = _ratio(voted, listed, name="listed").assign(
        computed=True, unit="share", indicator="turnout_share"
    )
    published = single[single["indicator"] == "turnout_share"].set_index(by)
    published = published.join(listed["value"].rename("listed")).assign(computed=False)
    others = published[~published.index.isin(computed.index)]
    both = pd.concat([computed, others]).reset_index()
    return both.sort_values("period_end", ignore_index=True)


def candidates_per_seat(elections: pd.DataFrame) -> pd.DataFrame:
    """Return candidates registered per seat, where both are published for the same election.

    Parameters
    ----------
    elections : pandas.DataFrame
        As `load_akim_elections()` returns it.

    Returns
    -------
    pandas.DataFrame
        One row per place, office and period, in order of time: the columns of `elections` with
        `value` (candidates / seats, unit "ratio") and `seats`.

    Examples
    --------
    >>> from analysis import load_akim_elections
    >>> found = candidates_per_seat(load_akim_elections())
    >>> found["unit"].unique().tolist()
    ['ratio']
    """
    is_total = (elections["breakdown"] == "") & elections["level"].isin(_LEVELS)
    total = elections[is_total]
    by = ["place_id", "office", "period_start", "period_end"]
    seats = total[total["indicator"] == "seats_contested"].set_index(by)
    candidates = total[total["indicator"] == "candidates_registered"].set_index(by)
    ratio = _ratio(candidates, seats, name="seats").reset_index()
    ratio = ratio.assign(unit="ratio", indicator="candidates_per_seat")
    return ratio.sort_values("period_end")


def _ratio(count: pd.DataFrame, total: pd.DataFrame, *, name: str) -> pd.DataFrame:
    """Return count / total by their common index, with the sources of both."""
    columns = total[["value", "sources"]]
    columns = columns.set_axis([name, "total_sources"], axis=1)
    both = count.join(columns, how="inner")
    ids = both["sources"] + " " + both["total_sources"]
    sources = [" ".join(sorted(set(cell.split()))) for cell in ids]
    share = both["value"] / both[name]
    return both.assign(
        value=share,
        low=share,
        high=share,
        sources=sources,
    )
