"""How far the sources agree, over the values that more than one of them published."""

from __future__ import annotations

import pandas as pd

from analysis import load
from analysis.reference import datasets

KINDS = ("rounding", "vintage", "stage", "definition", "conflict")


def agreement() -> pd.DataFrame:
    """Return by data set how many values were published more than once, and how they differ.

    Returns
    -------
    pandas.DataFrame
        By data set: `n_values`; `n_repeated`, values behind which stands more than one figure;
        `n_independent`, those that more than one producer counted (where it is 0, agreement is
        copying and confirms nothing); the number of values by kind of disagreement: `rounding`,
        `vintage`, `stage`, `definition`, `conflict`; `conflict_share`, the conflicts in the values
        that more than one producer counted, and `repeated_conflict_share`, those in the values
        published more than once (missing where there are none). Figures through the day of a vote
        are left out.

    Examples
    --------
    >>> table = agreement()
    >>> int(table.loc["akim_elections", "n_independent"])
    0
    """
    names = datasets()
    rows = []
    for name in names:
        frame = load.read_series(name)
        rows.append(_of(frame))
    index = pd.Index(names, name="dataset")
    return pd.DataFrame(rows, index=index)


def _of(frame: pd.DataFrame) -> dict[str, float]:
    kinds = frame["disagreement"].value_counts().reindex(KINDS, fill_value=0)
    is_conflict = frame["disagreement"] == "conflict"
    repeated, independent = frame["n_figures"] > 1, frame["n_producers"] > 1
    counts = {
        "n_values": len(frame),
        "n_repeated": int(repeated.sum()),
        "n_independent": int(independent.sum()),
    }
    shares = {
        "conflict_share": is_conflict[independent].mean(),
        "repeated_conflict_share": is_conflict[repeated].mean(),
    }
    return counts | kinds.to_dict() | shares
