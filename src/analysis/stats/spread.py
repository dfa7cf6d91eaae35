"""Gaps of regions to a reference over votes, and how far apart the regions are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats as scipy_stats

from analysis.locale import text
from analysis.stats._validate import check_labels, check_option
from analysis.stats.inputs import as_numbers
from analysis.stats.intervals import adjust_pvalues
from analysis.stats.words import amount, are_shares, figure, names

Array = NDArray[Any]

_REFERENCES = ("median", "rest")
_ALPHA = 0.05
_FEWEST_TO_SPREAD = 3


@dataclass(frozen=True, eq=False)
class Gaps:
    """Result of `gaps`: `table` has one row for each unit."""

    table: pd.DataFrame
    method: str
    reference: str
    shares: bool

    def summary(self, language: str = "en") -> str:
        """Return the widest gaps first, then which units keep to one side after adjustment."""
        median = self.table["median"]
        found = self.table["p_adjusted"] < _ALPHA
        above = self.table.index[found & (median > 0)]
        below = self.table.index[found & (median < 0)]
        votes = int(self.table["n"].max())
        return text(
            "stats_gaps",
            language,
            reference=text(f"stats_gaps_{self.reference}", language),
            votes=votes,
            n=len(self.table),
            highest=self._with_gap(median.idxmax(), language),
            lowest=self._with_gap(median.idxmin(), language),
            above=names(above, language),
            below=names(below, language),
            method=text(f"stats_adjust_{self.method}", language),
            smallest=figure(2 * 0.5**votes, language),
        )

    def _with_gap(self, unit: Any, language: str) -> str:
        gap = float(self.table.loc[unit, "median"])
        sign = "+" if gap > 0 else ""
        size = amount(gap, language, shares=self.shares)
        return f"{unit} ({sign}{size})"


@dataclass(frozen=True, eq=False)
class Dispersion:
    """Result of `dispersion`: `table` has one row for each column, `changes` one for each pair."""

    table: pd.DataFrame
    changes: pd.DataFrame
    shares: bool

    def summary(self, language: str = "en") -> str:
        """Return how the spread changed from the first column to the last, and for whom."""
        first = str(self.table.index[0])
        last = str(self.table.index[-1])
        if self.changes.empty:
            sd = self._amount(self.table["sd"].iloc[0], language)
            return text(
                "stats_dispersion_one",
                language,
                first=first,
                sd=sd,
            )

        row = self.changes.iloc[-1]
        kept = "kept" if row["keeps_sign"] else "lost"
        way = "up" if row["change"] > 0 else "down"
        return text(
            f"stats_dispersion_{way}_{kept}",
            language,
            first=first,
            last=last,
            sd_first=self._amount(row["sd_from"], language),
            sd_last=self._amount(row["sd_to"], language),
            change=self._amount(abs(row["change"]), language),
            low=self._amount(row["change_low"], language),
            high=self._amount(row["change_high"], language),
            unit=row["most_influential"],
            without=self._amount(row["change_without"], language),
        )

    def _amount(self, value: float, language: str) -> str:
        return amount(float(value), language, shares=self.shares)


def _reference(
    frame: pd.DataFrame, reference: pd.Series | str, weights: pd.Series | None
) -> tuple[Array, str]:
    """Return the reference of each unit in each vote, and its name."""
    values = as_numbers(frame)
    if not isinstance(reference, str):
        by_vote = reference.reindex(frame.columns)
        if by_vote.isna().any():
            raise ValueError("each vote needs a reference; leave out votes without")
        return np.broadcast_to(as_numbers(by_vote), values.shape), "given"

    check_option("reference", reference, _REFERENCES)
    if reference == "median":
        medians = np.nanmedian(values, axis=0)
        return np.broadcast_to(medians, values.shape), reference
    by_unit = _weights(frame, weights)
    return _rest(values, by_unit), reference


def _weights(frame: pd.DataFrame, weights: pd.Series | None) -> Array:
    if weights is None:
        return np.ones(len(frame))
    by_unit = as_numbers(weights.reindex(frame.index))
    if not (by_unit > 0).all():
        raise ValueError("each unit needs a weight above 0, such as its voters listed")
    return by_unit


def _rest(values: Array, weights: Array) -> Array:
    """Return the weighted mean of all other units that are known in a vote."""
    missing = np.isnan(values)
    known_weights = np.where(missing, 0.0, weights[:, None])
    weighted = np.where(missing, 0.0, values) * known_weights
    of_others = weighted.sum(axis=0) - weighted
    weights_of_others = known_weights.sum(axis=0) - known_weights
    with np.errstate(invalid="ignore"):
        return of_others / weights_of_others


def _sign_test(above: int, below: int) -> float:
    n = above + below
    if n == 0:
        return 1.0
    test = scipy_stats.binomtest(above, n)
    return float(test.pvalue)


def gaps(
    frame: pd.DataFrame,
    reference: pd.Series | str = "median",
    *,
    method: str = "holm",
    weights: pd.Series | None = None,
) -> Gaps:
    """Measure how far units lie from a reference over votes, and test whether they keep to a side.

    The sign test asks whether a unit is above the reference as often as below it. That holds by
    chance for the median unit; it does not hold for a mean that one large outlier pulls away from
    all others: with turnout, two thirds of all region-votes lie above the nation because one city
    of a tenth of the voters lies 25 to 41 points below it. Against such a reference read the gaps,
    not the p-values.

    Do not use it as if the units were independent: regions share one national path and together
    make up the nation, so that their gaps depend negatively; "holm" and "by" hold whatever they
    share, "bh" does not. With five votes or fewer no unit can be significant at 5 %.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each unit (region), one column for each vote; missing values are left out.
    reference : {"median", "rest"} or pandas.Series
        The median unit of each vote; the mean of all other units; or the value by vote (of the
        nation).
    method : {"holm", "by", "bh", "bonferroni"}
        How p-values are adjusted over the units, as in `adjust_pvalues`.
    weights : pandas.Series, optional
        By unit, for "rest": voters listed. All units count the same if not given.

    Returns
    -------
    Gaps
        table (n votes, n_above, n_below, median, low, high of the gaps in units of the frame,
        p_value of the two-sided sign test, in which a gap of 0 does not count, and p_adjusted, by
        unit), method, reference, shares (whether all values lie in 0..1: the sentence then speaks
        of percentage points).

    Raises
    ------
    UnknownName
        For a reference or a method that does not exist.
    ValueError
        For a vote without a reference, a unit without any vote, a label that occurs twice, and
        weights that are missing or not above 0.

    Examples
    --------
    >>> units = ["a", "b", "c"]
    >>> votes = pd.DataFrame({"2019": [0.6, 0.4, 0.5], "2021": [0.7, 0.5, 0.55]}, index=units)
    >>> gaps(votes).table[["n_above", "n_below", "p_value"]].values.tolist()
    [[2.0, 0.0, 0.5], [0.0, 2.0, 0.5], [0.0, 0.0, 1.0]]
    """
    check_labels(frame.index, "the frame")
    if frame.isna().all(axis=1).any():
        raise ValueError("each unit needs at least one vote; leave out those without")
    values, named = _reference(frame, reference, weights)
    distances = as_numbers(frame) - values
    difference = pd.DataFrame(distances, frame.index, frame.columns).round(12)

    above = (difference > 0).sum(axis=1)
    below = (difference < 0).sum(axis=1)
    tests = [_sign_test(int(a), int(b)) for a, b in zip(above, below, strict=True)]

    p_value = pd.Series(tests, frame.index)
    adjusted = adjust_pvalues(p_value, method=method)
    columns = {
        "n": difference.notna().sum(axis=1),
        "n_above": above,
        "n_below": below,
        "median": difference.median(axis=1),
        "low": difference.min(axis=1),
        "high": difference.max(axis=1),
        "p_value": p_value,
        "p_adjusted": adjusted.adjusted,
    }
    return Gaps(
        table=pd.DataFrame(columns),
        method=method,
        reference=named,
        shares=are_shares(frame),
    )


def dispersion(frame: pd.DataFrame) -> Dispersion:
    """Measure the spread between units in each column, and its change without each unit in turn.

    The change between two columns leaves the same unit out of both (a paired jackknife), so that it
    shows whether one unit makes the change.

    Do not read the leave-one-out range as a confidence interval: the regions are all there are, not
    a sample, and the range only says what the spread would be without any one of them.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each unit (region), one column for each vote or year.

    Returns
    -------
    Dispersion
        `table`, one row for each column of the frame: n, mean, sd (dividing by n), sd_low, sd_high
        (leaving out one unit), range, range_low, range_high, most_influential (the unit whose
        absence changes sd most). `changes`, indexed by from and to: each column and the next, last
        the first and the last column; over the units known in both: n, sd_from, sd_to, change,
        change_low, change_high (leaving out one unit), keeps_sign, most_influential,
        change_without (that unit). `shares`: whether all values lie in 0..1, and the sentence
        speaks of percentage points.

    Raises
    ------
    ValueError
        For a column, or a pair of columns, with fewer than three units.

    Examples
    --------
    >>> frame = pd.DataFrame({"2019": [0.5, 0.6, 0.7, 0.2], "2023": [0.5, 0.6, 0.6, 0.4]})
    >>> result = dispersion(frame)
    >>> round(float(result.table.loc["2023", "range"]), 2)
    0.2
    >>> bool(result.changes["keeps_sign"].iloc[0]), int(result.changes["most_influential"].iloc[0])
    (True, 3)
    """
    spreads = {name: _spread(frame[name].dropna()) for name in frame.columns}
    pairs = list(pairwise(frame.columns))
    if len(pairs) > 1:
        first_and_last = (frame.columns[0], frame.columns[-1])
        pairs.append(first_and_last)

    changes = pd.DataFrame([_change(frame[list(pair)].dropna()) for pair in pairs])
    if pairs:
        changes.index = pd.MultiIndex.from_tuples(pairs, names=["from", "to"])
    return Dispersion(
        table=pd.DataFrame(spreads).T.infer_objects(),
        changes=changes,
        shares=are_shares(frame),
    )


def _without_each(values: Array) -> Array:
    """Return the values without the first unit, without the second, ..., in rows."""
    n = len(values)
    kept = ~np.eye(n, dtype=bool)
    copies = np.broadcast_to(values, (n, n))
    return copies[kept].reshape(n, n - 1)


def _check_units(n: int, what: str) -> None:
    if n < _FEWEST_TO_SPREAD:
        raise ValueError(f"{what} {n} values; spread needs at least three")


def _spread(values: pd.Series) -> dict[str, Any]:
    _check_units(len(values), f"column {values.name!r} has")
    x = values.to_numpy(dtype=float)
    others = _without_each(x)
    sds = others.std(axis=1)
    ranges = np.ptp(others, axis=1)
    sd = x.std()
    influence = np.abs(sds - sd)
    return {
        "n": len(x),
        "mean": x.mean(),
        "sd": sd,
        "sd_low": sds.min(),
        "sd_high": sds.max(),
        "range": np.ptp(x),
        "range_low": ranges.min(),
        "range_high": ranges.max(),
        "most_influential": values.index[influence.argmax()],
    }


def _change(both: pd.DataFrame) -> dict[str, Any]:
    _check_units(len(both), f"columns {both.columns[0]!r} and {both.columns[1]!r} share")
    first, last = both.to_numpy(dtype=float).T
    sd_from, sd_to = first.std(), last.std()

    change = sd_to - sd_from
    without = _without_each(last).std(axis=1) - _without_each(first).std(axis=1)
    same_way = np.sign(change) * without
    keeps_sign = bool((same_way > 0).all())
    # Where one unit makes the change it is named, else the one that moves it most.
    unit = int(np.abs(without - change).argmax())
    if not keeps_sign:
        unit = int(same_way.argmin())
    return {
        "n": len(both),
        "sd_from": sd_from,
        "sd_to": sd_to,
        "change": change,
        "change_low": without.min(),
        "change_high": without.max(),
        "keeps_sign": keeps_sign,
        "most_influential": both.index[unit],
        "change_without": without[unit],
    }
