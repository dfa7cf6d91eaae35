"""How far one estimate lies from others, all with published standard errors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats as scipy_stats

from analysis.locale import text
from analysis.stats.intervals import adjust_pvalues
from analysis.stats.words import names, share_words


@dataclass(frozen=True, eq=False)
class Distances:
    """Result of `distances`: `table` has one row a unit other than the reference."""

    table: pd.DataFrame
    reference: str
    method: str
    level: float

    def summary(self, language: str = "en") -> str:
        """Say in one sentence from whom the reference can be told apart, and on what this rests."""
        apart = self.table["p_adjusted"] < 1 - self.level
        sides = {
            "above": names(self.table.index[apart & (self.table["difference"] > 0)], language),
            "below": names(self.table.index[apart & (self.table["difference"] < 0)], language),
            "alike": names(self.table.index[~apart], language),
        }
        level = share_words(1 - self.level, language)
        return text(
            "stats_distances",
            language,
            n=len(self.table),
            reference=self.reference,
            alpha=level,
            **sides,
        )


def distances(
    estimates: pd.Series,
    errors: pd.Series,
    *,
    reference: str,
    method: str = "holm",
    level: float = 0.95,
) -> Distances:
    """Test how far units lie from one of them, by the standard errors published with the estimates.

    Do not use it to rank the units among each other, on estimates made by different methods (two editions of an index), or
    to say that two units are alike: not told apart is not equal. The errors are taken as independent; where two units
    are rated by the same sources their errors go together, and the test then misses differences rather than invents them.

    Parameters
    ----------
    estimates, errors : pandas.Series
        Estimates and their standard errors, by unit. Units without either are left out.
    reference : str
        The unit from which distances are taken.
    method : {"bh", "holm", "bonferroni"}
        How p-values are adjusted over the units, as in `adjust_pvalues`.
    level : float
        Level of the intervals, each by itself; a unit is told apart where the adjusted p-value is below 1 - level.

    Returns
    -------
    Distances
        table (difference from the reference, se, low, high, z, p_value, p_adjusted, by unit), reference, method, level.

    Raises
    ------
    ValueError
        If the reference or all others are missing, or an error is 0 or less.

    Examples
    --------
    >>> scores = pd.Series({"here": 0.0, "there": 1.0, "near": 0.1})
    >>> result = distances(scores, pd.Series({"here": 0.2, "there": 0.2, "near": 0.2}), reference="here")
    >>> result.table["p_adjusted"].round(4).tolist()
    [0.0008, 0.7237]
    """
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; give a share between 0 and 1, such as 0.95")
    table = (
        pd.DataFrame({"estimate": estimates, "error": errors})
        .astype(float)
        .dropna()
        .reindex(estimates.index)
        .dropna()
    )
    if reference not in table.index or len(table) < 2:
        raise ValueError(
            f"{reference!r} and at least one other unit need an estimate with a standard error; found {len(table)}"
        )
    if (table["error"] <= 0).any():
        raise ValueError(
            f"the standard error of {table['error'].idxmin()!r} is {table['error'].min():g}; it must be above 0"
        )
    own, others = table.loc[reference], table.drop(index=reference)
    difference, se = others["estimate"] - own["estimate"], np.hypot(others["error"], own["error"])
    margin = scipy_stats.norm.ppf((1 + level) / 2) * se
    p_value = pd.Series(2 * scipy_stats.norm.sf((difference / se).abs()), others.index)
    result = pd.DataFrame(
        {
            "difference": difference,
            "se": se,
            "low": difference - margin,
            "high": difference + margin,
        }
    )
    result = result.assign(
        z=difference / se,
        p_value=p_value,
        p_adjusted=adjust_pvalues(p_value, method=method).adjusted,
    )
    return Distances(result, reference, method, level)
