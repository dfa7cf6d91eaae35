"""Answers to questions asked in Open Dialogue, beside what their own counts give."""

from __future__ import annotations

import pandas as pd

from analysis.derive.gaps import join_sources
from analysis.reference import regions

_SHARE, _ANSWERS = "open_dialogue_answered_share", "open_dialogue_answers"
_QUESTIONS = "open_dialogue_appeals"


def dialogue_answers(appeals: pd.DataFrame) -> pd.DataFrame:
    """Return the share of questions answered in Open Dialogue by region, to the latest day.

    Parameters
    ----------
    appeals : pandas.DataFrame
        As `load_appeals()` returns it.

    Returns
    -------
    pandas.DataFrame
        One row per region: the columns of `appeals` with `printed`, the share that the source
        prints, and `counted`, answers / questions where both are printed (else missing).

    Examples
    --------
    >>> from analysis import load_appeals
    >>> found = dialogue_answers(load_appeals()).set_index("place_id")
    >>> found.loc["KZ-62", ["printed", "counted"]].astype("float").round(3).tolist()
    [0.813, 0.713]
    """
    wanted = appeals["indicator"].isin([_SHARE, _ANSWERS, _QUESTIONS])
    in_register = appeals[wanted & (appeals["register"] == "open_dialogue")]
    rows = in_register[in_register["place_id"].isin(regions()) & (in_register["breakdown"] == "")]
    rows = rows[rows["period_end"] == rows["period_end"].max()]
    counts = rows.pivot(index="place_id", columns="indicator", values="value")
    counts = counts.reindex(columns=[_ANSWERS, _QUESTIONS])
    counted = (counts[_ANSWERS] / counts[_QUESTIONS]).rename("counted")
    sources = rows.groupby("place_id")["sources"].agg(join_sources)
    printed = rows[rows["indicator"] == _SHARE].assign(printed=lambda own: own["value"])
    return printed.drop(columns="sources").join(counted, on="place_id").join(sources, on="place_id")
