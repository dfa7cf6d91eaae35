"""Regions compared over votes: concordance, association, spread and gaps. The regions are all there are, not a sample."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats as scipy_stats

from analysis.locale import text
from analysis.stats.inputs import aligned, as_numbers
from analysis.stats.intervals import adjust_pvalues
from analysis.stats.words import figure, names, p_words

Array = NDArray[Any]

_DRAWS_AT_ONCE = 1000
_PAIRS_AT_ONCE = 5_000_000


@dataclass(frozen=True)
class Concordance:
    """Result of `concordance`."""

    w: float
    p_value: float
    statistic: float
    mean_spearman: float
    n_units: int
    n_rankings: int
    n_dropped: int
    draws: int

    def summary(self, language: str = "en") -> str:
        """Say in one sentence whether the units keep their order."""
        key = "stats_concordance_found" if self.p_value < 0.05 else "stats_concordance_none"
        values = {"w": figure(self.w, language, digits=2), "p": p_words(self.p_value, language)}
        return text(
            key,
            language,
            **values,
            units=self.n_units,
            rankings=self.n_rankings,
            dropped=self.n_dropped,
        )


@dataclass(frozen=True)
class Association:
    """Result of `association`."""

    n: int
    tau: float
    p_value: float
    method: str

    def summary(self, language: str = "en") -> str:
        """Say in one sentence whether the two go together."""
        key = "stats_association_none"
        if self.p_value < 0.05:
            key = "stats_association_positive" if self.tau > 0 else "stats_association_negative"
        return text(
            key,
            language,
            n=self.n,
            tau=figure(self.tau, language, digits=2),
            p=p_words(self.p_value, language),
        )


@dataclass(frozen=True, eq=False)
class Dispersion:
    """Result of `dispersion`: `table` has one row a column of the frame."""

    table: pd.DataFrame

    def summary(self, language: str = "en") -> str:
        """Say in one sentence how the spread went from the first column to the last."""
        first, last = self.table.iloc[0], self.table.iloc[-1]
        apart = last["sd_low"] > first["sd_high"] or last["sd_high"] < first["sd_low"]
        values = {
            f"{name}_{end}": figure(float(row[name]), language)
            for end, row in (("first", first), ("last", last))
            for name in ("sd", "sd_low", "sd_high")
        }
        values |= {"first": str(self.table.index[0]), "last": str(self.table.index[-1])}
        return text(
            "stats_dispersion_apart" if apart else "stats_dispersion_overlap", language, **values
        )


@dataclass(frozen=True, eq=False)
class Gaps:
    """Result of `gaps`: `table` has one row a unit."""

    table: pd.DataFrame
    method: str

    def summary(self, language: str = "en") -> str:
        """Say in one sentence which units keep to one side, after adjustment, and why the tests hang together."""
        found = self.table["p_adjusted"] < 0.05
        values = {
            "n": len(self.table), "votes": int(self.table["n"].max()), "before": int((self.table["p_value"] < 0.05).sum()),
            "after": int(found.sum()), "smallest": figure(2 * 0.5 ** self.table["n"].max(), language),
            "above": names(self.table.index[found & (self.table["median"] > 0)], language),
            "below": names(self.table.index[found & (self.table["median"] < 0)], language),
        }  # fmt: skip
        return text("stats_gaps", language, **values)


def _kendall_w(ranks: Array) -> Array:
    """Give W with its correction for ties; `ranks` has rankings in rows and units in columns, draws in front."""
    m, n = ranks.shape[-2:]
    sums = ranks.sum(axis=-2)
    spread = ((sums - sums.mean(axis=-1, keepdims=True)) ** 2).sum(axis=-1)
    ties = 12 * (((ranks - (n + 1) / 2) ** 2).sum(axis=(-1, -2)))
    return 12 * spread / (m * ties)


def concordance(frame: pd.DataFrame, *, draws: int = 9999, seed: int = 0) -> Concordance:
    """Measure how far units keep their order from one ranking to the next: Kendall's W (Kendall and Babington Smith 1939).

    Do not use it to say that regions *agree*: W is about order, not level, and votes that share one national path have
    the same path in every region. Two rankings are better served by `association`.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a unit (region), one column a ranking (vote). Units with a missing value are left out.
    draws, seed : int
        The p-value comes from so many random orders of each ranking, so that it is never too small.

    Returns
    -------
    Concordance
        w in 0..1 (corrected for ties), p_value, statistic (Friedman's chi-squared), mean_spearman, n_units, n_rankings,
        n_dropped, draws.

    Raises
    ------
    ValueError
        For fewer than two rankings or three complete units, or rankings without any difference.

    Examples
    --------
    >>> votes = pd.DataFrame({"2019": [1, 2, 3, 4], "2021": [1, 3, 2, 4], "2023": [1, 2, 4, 3]})
    >>> round(concordance(votes, draws=99).w, 3)
    0.778
    """
    complete = frame.dropna()
    n, m = complete.shape
    if m < 2 or n < 3:
        raise ValueError(
            f"found {m} rankings of {n} complete units; concordance needs at least two rankings of three units"
        )
    ranks = scipy_stats.rankdata(complete.to_numpy(dtype=float).T, axis=1)
    if (ranks == ranks[:, :1]).all():
        raise ValueError("all units are equal in every ranking; there is no order to compare")
    w = float(_kendall_w(ranks))
    generator = np.random.default_rng(seed)
    at_least = 0
    for start in range(0, draws, _DRAWS_AT_ONCE):
        size = min(_DRAWS_AT_ONCE, draws - start)
        shuffled = generator.permuted(np.broadcast_to(ranks, (size, m, n)), axis=-1)
        at_least += int((_kendall_w(shuffled) >= w - 1e-9).sum())
    return Concordance(
        w=w, p_value=(at_least + 1) / (draws + 1), statistic=m * (n - 1) * w, mean_spearman=(m * w - 1) / (m - 1),
        n_units=n, n_rankings=m, n_dropped=len(frame) - n, draws=draws,
    )  # fmt: skip


def association(x: ArrayLike, y: ArrayLike, *, draws: int = 9999, seed: int = 0) -> Association:
    """Measure whether two indicators rise together over units: Kendall's tau-b with an exact or permutation p-value.

    Do not use it to say that one causes the other, nor on two series over time (both have a trend, so they go together),
    nor to say of people what holds for regions.

    Parameters
    ----------
    x, y : array_like
        One value a unit: Series by their labels, arrays in the same order. Pairs with a missing value are left out.
    draws, seed : int
        With ties the p-value comes from so many random orders, so that it is never too small; without ties it is exact.

    Returns
    -------
    Association
        n, tau (tau-b), p_value (two-sided), method ("exact" or "permutation").

    Raises
    ------
    ValueError
        For vectors of different length or labels, fewer than four pairs, or a constant indicator.

    Examples
    --------
    >>> result = association([1, 2, 3, 4, 5], [1, 2, 3, 5, 4])
    >>> round(result.tau, 3), round(result.p_value, 4)
    (0.8, 0.0833)
    """
    first, second = (np.atleast_1d(as_numbers(values)) for values in aligned(x, y))
    if len(first) != len(second):
        raise ValueError(
            f"x has {len(first)} values and y has {len(second)}; give one of each a unit"
        )
    known = ~np.isnan(first) & ~np.isnan(second)
    a, b = first[known], second[known]
    n = len(a)
    if n < 4:
        raise ValueError(f"found {n} complete pairs; an association needs at least four")
    if (a == a[0]).all() or (b == b[0]).all():
        raise ValueError("an indicator is the same in all units, so nothing can go with it")
    ties = len(np.unique(a)) < n or len(np.unique(b)) < n
    found = scipy_stats.kendalltau(a, b, method="asymptotic" if ties else "exact")
    p_value = _permutation_p_value(a, b, draws, seed) if ties else float(found.pvalue)
    return Association(
        n=n, tau=float(found.statistic), p_value=p_value, method="permutation" if ties else "exact"
    )


def _permutation_p_value(a: Array, b: Array, draws: int, seed: int) -> float:
    first, second = np.triu_indices(len(a), 1)
    signs = np.sign(a[second] - a[first])
    observed = abs((signs * np.sign(b[second] - b[first])).sum())
    generator = np.random.default_rng(seed)
    at_least, size = 0, max(1, min(_DRAWS_AT_ONCE, _PAIRS_AT_ONCE // len(first)))
    for start in range(0, draws, size):
        shuffled = generator.permuted(
            np.broadcast_to(b, (min(size, draws - start), len(b))), axis=1
        )
        scores = np.sign(shuffled[:, second] - shuffled[:, first]) @ signs
        at_least += int((np.abs(scores) >= observed).sum())
    return (at_least + 1) / (draws + 1)


def gaps(frame: pd.DataFrame, reference: pd.Series, *, method: str = "bh") -> Gaps:
    """Test whether units keep to one side of a reference over votes: exact sign tests, adjusted over the units.

    Do not use it to say how large a gap is (look at the gaps), nor as if the units were independent: regions share one
    national path and together make up the nation, so the tests hang together; "holm" holds whatever they share. With five
    votes or fewer no unit can be significant at 5 %, whatever its gaps.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a unit (region), one column a vote; missing values are left out.
    reference : pandas.Series
        The value of the nation by vote.
    method : {"bh", "holm", "bonferroni"}
        How p-values are adjusted over the units, as in `adjust_pvalues`.

    Returns
    -------
    Gaps
        table (n votes, n_above, n_below, median, low, high of the gaps, p_value of the two-sided sign test, in which a gap of 0
        does not count, and p_adjusted, by unit), method.

    Raises
    ------
    ValueError
        For a vote without a reference and a unit without any vote.

    Examples
    --------
    >>> votes = pd.DataFrame({"2019": [0.6, 0.4], "2021": [0.7, 0.5], "2023": [0.8, 0.3]}, index=["a", "b"])
    >>> gaps(votes, pd.Series({"2019": 0.5, "2021": 0.6, "2023": 0.5})).table[["n_above", "p_value"]].values.tolist()
    [[3.0, 0.25], [0.0, 0.25]]
    """
    own = reference.reindex(frame.columns)
    if own.isna().any() or frame.isna().all(axis=1).any():
        raise ValueError(
            "each vote needs a reference and each unit at least one vote; leave out those without"
        )
    difference = pd.DataFrame(as_numbers(frame) - as_numbers(own), frame.index, frame.columns)
    above, below = (difference > 0).sum(axis=1), (difference < 0).sum(axis=1)
    p_value = pd.Series(
        [
            scipy_stats.binomtest(int(a), int(a + b)).pvalue if a + b else 1.0
            for a, b in zip(above, below, strict=True)
        ],
        frame.index,
    )
    table = pd.DataFrame(
        {
            "n": difference.notna().sum(axis=1), "n_above": above, "n_below": below, "median": difference.median(axis=1),
            "low": difference.min(axis=1), "high": difference.max(axis=1), "p_value": p_value,
            "p_adjusted": adjust_pvalues(p_value, method=method).adjusted,
        }
    )  # fmt: skip
    return Gaps(table, method)


def dispersion(frame: pd.DataFrame) -> Dispersion:
    """Measure the spread between units in each column, and how far it hangs on one unit.

    Do not read the leave-one-out range as a confidence interval: the regions are all there are, not a sample, and the range
    only says what the spread would be without any one of them. Do not compare columns that miss different units.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a unit (region), one column a vote or a year.

    Returns
    -------
    Dispersion
        `table`, one row a column of the frame: n, mean, sd (dividing by n), sd_low, sd_high (leaving out one unit), range,
        range_low, range_high, most_influential (the unit whose absence changes sd most).

    Raises
    ------
    ValueError
        For a column with fewer than three values.

    Examples
    --------
    >>> table = dispersion(pd.DataFrame({"2023": [0.5, 0.6, 0.7, 0.2]}, index=list("abcd"))).table
    >>> round(float(table.loc["2023", "range"]), 2), table.loc["2023", "most_influential"]
    (0.5, 'd')
    """
    return Dispersion(
        pd.DataFrame(
            {name: _spread(frame[name].dropna()) for name in frame.columns}
        ).T.infer_objects()
    )


def _spread(values: pd.Series) -> dict[str, Any]:
    n = len(values)
    if n < 3:
        raise ValueError(f"column {values.name!r} has {n} values; spread needs at least three")
    x = values.to_numpy(dtype=float)
    others = np.array([np.delete(x, i) for i in range(n)])
    sds, ranges = others.std(axis=1), np.ptp(others, axis=1)
    sd = x.std()
    return {
        "n": n, "mean": x.mean(), "sd": sd, "sd_low": sds.min(), "sd_high": sds.max(), "range": np.ptp(x),
        "range_low": ranges.min(), "range_high": ranges.max(), "most_influential": values.index[np.abs(sds - sd).argmax()],
    }  # fmt: skip
