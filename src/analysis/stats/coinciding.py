"""Do published lists share more equal figures than chance? Plausibility, not fraud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from analysis.locale import text
from analysis.stats._validate import check_labels
from analysis.stats.inputs import as_numbers
from analysis.stats.intervals import adjust_pvalues
from analysis.stats.words import figure, p_words

Array = NDArray[Any]

_MOST_DECIMALS = 8
_SLACK = 1e-9
_FEWEST_UNITS = 5
_FEWEST_APART = 4
_ALPHA = 0.05
_IQR_OF_NORMAL = 1.349


@dataclass(frozen=True, eq=False)
class Coincidences:
    """Result of `coinciding_lists`: `table` has one row for each pair of lists."""

    table: pd.DataFrame
    method: str

    def summary(self, language: str = "en") -> str:
        """Return which pairs share more equal figures than chance, and what that does not say."""
        found = self.table[self.table["p_adjusted"] < _ALPHA]
        if found.empty:
            return text(
                "stats_coinciding_none",
                language,
                pairs=len(self.table),
                most=int(self.table["n_equal"].max()),
            )
        parts = [self._part(row, language) for _, row in found.iterrows()]
        return text(
            "stats_coinciding_found",
            language,
            parts="; ".join(parts),
            pairs=len(self.table),
            found=len(found),
        )

    @staticmethod
    def _part(row: pd.Series, language: str) -> str:
        return text(
            "stats_coinciding_part",
            language,
            first=row["first"],
            second=row["second"],
            equal=int(row["n_equal"]),
            n=int(row["n"]),
            expected=figure(float(row["expected"]), language, digits=2),
            p=p_words(float(row["p_adjusted"]), language),
        )


def _decimals(values: Array) -> int:
    """Return the fewest decimals that hold all figures of a list."""
    known = values[~np.isnan(values)]
    for decimals in range(_MOST_DECIMALS):
        rounded = np.round(known, decimals)
        if np.allclose(known, rounded, rtol=0, atol=_SLACK):
            return decimals
    return _MOST_DECIMALS


def _equal(fine: Array, coarse: Array, decimals: int) -> Array:
    """Return where a figure, rounded or cut to so many decimals, is that of the coarser list."""
    unit = 10.0**decimals
    wanted = np.round(coarse * unit)
    in_units = fine * unit
    rounded = np.floor(in_units + 0.5 + _SLACK)
    cut = np.floor(in_units + _SLACK)
    return (rounded == wanted) | (cut == wanted)


def _differences(fine: Array, coarse: Array, equal: Array) -> tuple[float, float]:
    """Return middle and spread of the differences; of independent lists where few differ."""
    apart = (fine - coarse)[~equal]
    if len(apart) < _FEWEST_APART:
        independent = np.hypot(fine.std(ddof=1), coarse.std(ddof=1))
        return 0.0, float(independent)
    middle = float(np.median(apart))
    upper, lower = np.quantile(apart, [0.75, 0.25])
    by_quartiles = float((upper - lower) / _IQR_OF_NORMAL)
    deviation = float(apart.std(ddof=1))
    # Quartiles that are equal say nothing of the spread.
    return middle, min(deviation, by_quartiles or np.inf)


def _chance(fine: Array, coarse: Array, equal: Array, *, width: float, same: bool) -> float:
    """Return the probability of one equal figure, from the spread of the figures that differ."""
    middle, spread = _differences(fine, coarse, equal)
    if spread == 0:
        return 1.0
    # A finer figure may be rounded up or cut down to the coarser one; figures of the same
    # decimals are equal only if they round alike.
    low = -width / 2
    high = width / 2 if same else width
    below_low, below_high = special.ndtr((np.array([low, high]) - middle) / spread)
    return float(below_high - below_low)


def _compare(
    lists: pd.DataFrame, decimals: Mapping[Any, int], pair: tuple[Any, Any]
) -> dict[str, Any]:
    fine, coarse = sorted(pair, key=lambda name: -decimals[name])
    kept = decimals[coarse]
    all_fine, all_coarse = lists[fine].to_numpy(), lists[coarse].to_numpy()
    in_both = ~(np.isnan(all_fine) | np.isnan(all_coarse))
    x, y = all_fine[in_both], all_coarse[in_both]
    row = {"first": pair[0], "second": pair[1], "n": len(x), "decimals": kept}
    if len(x) < _FEWEST_UNITS:
        unknown = dict.fromkeys(("n_equal", "expected", "p_value"), np.nan)
        return row | unknown | {"units": ""}

    equal = _equal(x, y, kept)
    same = decimals[fine] == kept
    chance = _chance(x, y, equal, width=10.0**-kept, same=same)
    n, hits = len(x), int(equal.sum())
    p_value = float(special.bdtrc(hits - 1, n, chance))
    units = ", ".join(map(str, lists.index[in_both][equal]))
    return row | {"n_equal": hits, "expected": n * chance, "p_value": p_value, "units": units}


def coinciding_lists(
    lists: pd.DataFrame,
    *,
    decimals: Mapping[Any, int] | None = None,
    method: str = "holm",
) -> Coincidences:
    """Count equal figures in each pair of lists, against independent lists of that spread.

    Two figures are equal where the finer, rounded or cut to the decimals of the coarser list, gives
    the coarser. Under chance each unit's figures differ by the spread of the figures that are not
    equal (the smaller of standard deviation and quartiles), so that lists that keep the regions'
    order are expected to share more; the count is then binomial, and its probability exact.

    Do not use it on lists rounded to whole percentages (most will share some), on two editions of
    one list (they are meant to agree), or as proof: it says nothing of the cause. A list may have
    been copied, printed again under another heading, or collected by us under a wrong date. Look at
    the sources of the units it names.

    Parameters
    ----------
    lists : pandas.DataFrame
        One row for each unit (region), one column for each list (a vote at an hour).
    decimals : mapping, optional
        Decimals of each list, in the unit of the frame; the fewest that hold all its figures if not
        given (0.624 has three, also where 62.40 % was printed: then give 4).
    method : {"holm", "by", "bh", "bonferroni"}
        How p-values are adjusted over the pairs, as in `adjust_pvalues`.

    Returns
    -------
    Coincidences
        table (first, second, n units in both, decimals compared, n_equal, expected, p_value of as
        many or more, units that are equal, p_adjusted), sorted by p_value, method. Pairs that share
        fewer than five units have no p-value.

    Raises
    ------
    UnknownName
        For a method that does not exist.
    ValueError
        For fewer than two lists, labels that occur twice, and when no pair shares five units.

    Examples
    --------
    >>> lists = pd.DataFrame({"10:00": [0.1123, 0.2051, 0.1876, 0.3020, 0.2544, 0.1711],
    ...                       "12:00": [0.112, 0.205, 0.188, 0.302, 0.391, 0.284]})
    >>> table = coinciding_lists(lists).table
    >>> int(table["n_equal"].iloc[0]), bool(table["p_value"].iloc[0] < 0.001)
    (4, True)
    """
    check_labels(lists.index, "lists")
    check_labels(lists.columns, "lists")
    if lists.shape[1] <= 1:
        raise ValueError(f"found {lists.shape[1]} lists; give at least two")

    numbers = pd.DataFrame(as_numbers(lists), lists.index, lists.columns)
    compared = {name: _decimals(numbers[name].to_numpy()) for name in numbers}
    compared |= dict(decimals or {})
    rows = []
    for pair in combinations(numbers.columns, 2):
        rows.append(_compare(numbers, compared, pair))

    table = pd.DataFrame(rows)
    if table["p_value"].isna().all():
        raise ValueError(f"no pair of lists shares {_FEWEST_UNITS} units; there is nothing to test")
    adjusted = adjust_pvalues(table["p_value"], method=method)
    table["p_adjusted"] = adjusted.adjusted
    in_order = table.sort_values("p_value", ignore_index=True)
    return Coincidences(in_order, method)
