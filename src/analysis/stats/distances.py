"""How far one estimate lies from others, all with published standard errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats as scipy_stats

from analysis.locale import text
from analysis.stats._level import normal_quantile
from analysis.stats._validate import check_labels, check_level
from analysis.stats.inputs import as_numbers
from analysis.stats.intervals import adjust_pvalues
from analysis.stats.words import figure, names, share_words


@dataclass(frozen=True, eq=False)
class Distances:
    """Result of `distances`: `table` has one row for each unit other than the reference."""

    table: pd.DataFrame
    reference: str
    method: str
    level: float
    margin: float | None = None

    def summary(self, language: str = "en") -> str:
        """Return from whom the reference can be told apart, by how much, and who equals it."""
        difference = self.table["difference"]
        apart = self.table["p_adjusted"] < 1 - self.level
        above = difference[apart & (difference > 0)]
        below = difference[apart & (difference < 0)]
        sentence = text(
            "stats_distances",
            language,
            n=len(self.table),
            reference=self.reference,
            alpha=share_words(1 - self.level, language),
            above=_named(above, language),
            below=_named(below, language),
            alike=names(self.table.index[~apart], language),
        )
        if self.margin is None:
            return sentence
        equal = self.table.index[self.table["equivalent"]]
        within = text(
            "stats_distances_equal",
            language,
            margin=figure(self.margin, language),
            equal=names(equal, language),
        )
        return f"{sentence} {within}"


def _named(differences: pd.Series, language: str) -> str:
    units = []
    for unit, difference in differences.items():
        units.append(f"{unit} ({_signed(difference, language)})")
    return names(units, language)


def _signed(value: float, language: str) -> str:
    sign = "+" if value > 0 else ""
    return sign + figure(value, language)


def _read(estimates: pd.Series, errors: pd.Series, reference: str) -> pd.DataFrame:
    check_labels(estimates.index, "estimates")
    check_labels(errors.index, "errors")
    in_order = errors.reindex(estimates.index)
    columns = {
        "estimate": as_numbers(estimates),
        "error": as_numbers(in_order),
    }
    table = pd.DataFrame(columns, index=estimates.index).dropna()
    if reference not in table.index or len(table) <= 1:
        raise ValueError(
            f"{reference!r} and at least one other unit need an estimate with a standard error; "
            f"found {len(table)}"
        )
    _check_estimates(table)
    return table


def _check_estimates(table: pd.DataFrame) -> None:
    endless = np.isinf(table).any(axis=1)
    if endless.any():
        first = table.index[endless][0]
        raise ValueError(f"{first!r} has an infinite estimate or error")
    least = table["error"].min()
    if least <= 0:
        unit = table["error"].idxmin()
        raise ValueError(f"the standard error of {unit!r} is {least:g}; it must be above 0")


def distances(  # noqa: PLR0913  options of one public function, all by keyword
    estimates: pd.Series,
    errors: pd.Series,
    *,
    reference: str,
    method: str = "holm",
    level: float = 0.95,
    margin: float | None = None,
) -> Distances:
    """Test how far units lie from one of them, by the standard errors published with the estimates.

    Do not use it to rank the units among each other, or on estimates made by different methods (two
    editions of an index). Not told apart is not equal: for that give a `margin`, chosen before
    looking. The errors are taken as normal and independent; where two units are rated by the same
    sources their errors depend positively, and the test then misses differences rather than invents
    them. Where an error rests on few sources (nine, say), normal quantiles are too narrow: give
    errors that allow for it.

    Parameters
    ----------
    estimates, errors : pandas.Series
        Estimates and their standard errors, by unit. Units without either are left out.
    reference : str
        The unit from which distances are taken.
    method : {"holm", "bh", "by", "bonferroni"}
        How p-values are adjusted over the units, as in `adjust_pvalues`.
    level : float
        Level of the intervals, each by itself; a unit is told apart where the adjusted p-value is
        below 1 - level.
    margin : float, optional
        The largest difference, in units of the estimates, that still counts as equal: two one-sided
        tests of each difference against it (Schuirmann 1987).

    Returns
    -------
    Distances
        table (difference from the reference, se, low, high, z, p_value, p_adjusted, by unit; with a
        margin also p_equivalent, adjusted, and equivalent), reference, method, level, margin.

    Raises
    ------
    UnknownName
        For a method that does not exist.
    ValueError
        If the reference or all others are missing, a label occurs twice, a number is infinite, an
        error or the margin is 0 or less.

    Examples
    --------
    >>> scores = pd.Series({"here": 0.0, "there": 1.0, "near": 0.1})
    >>> errors = pd.Series({"here": 0.2, "there": 0.2, "near": 0.2})
    >>> result = distances(scores, errors, reference="here", margin=1)
    >>> result.table["p_adjusted"].round(4).tolist()
    [0.0008, 0.7237]
    >>> result.table["equivalent"].tolist()
    [False, True]
    """
    check_level(level)
    if margin is not None and not 0 < margin < np.inf:
        raise ValueError(f"margin is {margin}; give a difference above 0 that counts as equal")
    table = _read(estimates, errors, reference)
    own = table.loc[reference]
    others = table.drop(index=reference)

    difference = others["estimate"] - own["estimate"]
    se = np.hypot(others["error"], own["error"])
    reach = normal_quantile(level) * se
    z = difference / se
    p_value = 2 * scipy_stats.norm.sf(z.abs())

    columns = {
        "difference": difference,
        "se": se,
        "low": difference - reach,
        "high": difference + reach,
        "z": z,
        "p_value": p_value,
    }
    result = pd.DataFrame(columns, index=others.index)
    adjusted = adjust_pvalues(result["p_value"], method=method)
    result["p_adjusted"] = adjusted.adjusted
    if margin is not None:
        p_value = pd.Series(_p_beyond(difference, se, margin), others.index)
        adjusted = adjust_pvalues(p_value, method=method)
        result["p_equivalent"] = adjusted.adjusted
        result["equivalent"] = adjusted.adjusted < 1 - level
    return Distances(result, reference, method, level, margin)


def _p_beyond(difference: pd.Series, se: pd.Series, margin: float) -> NDArray[Any]:
    """Return the larger p-value of the two one-sided tests of each difference."""
    inside = margin - difference.abs()
    return scipy_stats.norm.sf(inside / se)
