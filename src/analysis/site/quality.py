"""How good a value is, by what stands behind it: never a grade of those who publish it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.locale import number, text

# In the order in which they are told; the first four leave no value out and count none twice.
KINDS = ("one", "copied", "agree", "differ", "rounded", "bound", "secondary")
_NEEDED = ("n_publishers", "n_producers", "agree", "precision", "confidence")


@dataclass(frozen=True)
class Quality:
    """How many of some values rest on what.

    Attributes
    ----------
    n : int
        Values.
    counts : dict of str to int
        By kind of `KINDS`: values of one publisher; of several that repeat one producer; of several
        producers that agree; of several figures that differ; rounded; bounds ("more than"); read in
        the press or in a copy, not at an official source.
    """

    n: int
    counts: dict[str, int]

    def sentences(self, language: str) -> list[str]:
        """Return what is to be said of the values, without what holds for none."""
        every = number(self.n, language)
        return [
            text(f"quality_{kind}", language, n=number(self.counts[kind], language), all=every)
            for kind in KINDS
            if self.counts[kind]
        ]


def quality(rows: pd.DataFrame) -> Quality | None:
    """Return how good some values are, or None where the rows are no values with sources.

    Parameters
    ----------
    rows : pandas.DataFrame
        Values as the loaders return them.

    Examples
    --------
    >>> from analysis import load_appeals
    >>> quality(load_appeals(indicator="administrative_lawsuits_filed")).counts["one"]
    5
    """
    if not set(_NEEDED) <= set(rows.columns):
        return None
    several = rows["n_publishers"] > 1
    agree = rows["agree"].astype("bool")
    independent = rows["n_producers"] > 1
    holds = {
        "one": ~several & agree,
        "copied": several & agree & ~independent,
        "agree": several & agree & independent,
        "differ": ~agree,
        "rounded": rows["precision"].eq("rounded"),
        "bound": rows["precision"].isin(["at_least", "at_most"]),
        "secondary": rows["confidence"].ne("high"),
    }
    counts = {kind: int(mask.sum()) for kind, mask in holds.items()}
    return Quality(len(rows), counts)
