"""Units of very different size compared with their common share: funnel limits instead of a league table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats as scipy_stats

from analysis.locale import text
from analysis.stats.inputs import as_numbers
from analysis.stats.words import figure, share_words

Array = NDArray[Any]

_WINSORISED_SHARE = 0.1


@dataclass(frozen=True, eq=False)
class Funnel:
    """Result of `funnel`: `table` has one row a unit, `limits` one row a size of unit for the chart."""

    table: pd.DataFrame
    limits: pd.DataFrame
    target: float
    overdispersion: float
    levels: tuple[float, ...]
    min_n: int

    @property
    def overdispersed(self) -> bool:
        """Whether the factor is two standard errors above the 1 that chance gives (sqrt(2 / units) each, Spiegelhalter 2005)."""
        units = int((~self.table["too_small"]).sum())
        return self.overdispersion > 1 + 2 * (2 / units) ** 0.5

    def summary(self, language: str = "en") -> str:
        """Say in one sentence how many units are outside and whether limits of chance are fair here."""
        judged = self.table[~self.table["too_small"]]
        values = {
            "n": len(judged), "outside": int((judged["outside"] == max(self.levels)).sum()),
            "adjusted": int((judged["outside_adjusted"] == max(self.levels)).sum()), "small": int(self.table["too_small"].sum()),
            "level": share_words(max(self.levels), language), "target": figure(self.target, language),
            "factor": figure(self.overdispersion, language, digits=2),
        }  # fmt: skip
        return text(
            "stats_funnel_overdispersed" if self.overdispersed else "stats_funnel",
            language,
            **values,
        )


def _exact_limits(n: Array, target: float, tail: float) -> tuple[Array, Array]:
    """Give the shares below and above which a unit of n falls with probability `tail`, interpolated between counts."""
    limits = []
    for p in (tail, 1 - tail):
        r = scipy_stats.binom.ppf(p, n, target)
        at, below = scipy_stats.binom.cdf(r, n, target), scipy_stats.binom.cdf(r - 1, n, target)
        limits.append(np.clip((r - (at - p) / (at - below)) / n, 0, 1))
    return limits[0], limits[1]


def _overdispersion(z: Array) -> float:
    """Give the mean square of the z-scores, the outer tenth on each side pulled in (Spiegelhalter 2005, appendix A.1)."""
    low, high = np.quantile(z, [_WINSORISED_SHARE, 1 - _WINSORISED_SHARE])
    return float((np.clip(z, low, high) ** 2).mean())


def _limit_columns(
    n: Array, target: float, levels: tuple[float, ...], factor: float
) -> dict[str, Array]:
    columns: dict[str, Array] = {}
    for level in levels:
        low, high = _exact_limits(n, target, (1 - level) / 2)
        wider = max(1.0, factor) ** 0.5
        columns |= {
            f"low_{level:g}": low, f"high_{level:g}": high,
            f"adjusted_low_{level:g}": np.clip(target + (low - target) * wider, 0, 1),
            f"adjusted_high_{level:g}": np.clip(target + (high - target) * wider, 0, 1),
        }  # fmt: skip
    return columns


def _beyond(table: pd.DataFrame, levels: tuple[float, ...], prefix: str) -> pd.Series:
    """Give the highest level whose limits a unit is outside of, 0 for none."""
    found = pd.Series(0.0, index=table.index)
    for level in sorted(levels):
        out = (table["share"] < table[f"{prefix}low_{level:g}"]) | (
            table["share"] > table[f"{prefix}high_{level:g}"]
        )
        found[out & ~table["too_small"]] = level
    return found


def funnel(
    frame: pd.DataFrame,
    *,
    count: str,
    total: str,
    unit: str,
    levels: tuple[float, ...] = (0.95, 0.998),
    min_n: int = 30,
) -> Funnel:
    """Compare the shares of units with the share of all, within limits that chance alone would rarely leave (Spiegelhalter 2005).

    Do not use it to rank units, nor to call a unit good or bad: outside the limits means worth a look. Where nearly all
    units are outside (`overdispersion` well above 1) the units differ by more than chance, and the exact limits say little
    about any one of them; look at `outside_adjusted` then.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a unit; rows with a missing value are left out.
    count, total, unit : str
        Columns: cases, all, and the name of the unit.
    levels : tuple of float
        Levels of the limits.
    min_n : int
        Units with a smaller total are shown and not judged; they do not count for the target.

    Returns
    -------
    Funnel
        table (unit, count, total, share, z, too_small, the limits, outside and outside_adjusted: the highest level whose
        limits the unit is outside of, 0 for none), limits (for the chart), target (the share of all units judged),
        overdispersion (mean square of winsorised z-scores), overdispersed (whether that is more than chance gives), levels,
        min_n. `analysis.charts.plot_funnel` draws it.

    Raises
    ------
    ValueError
        For counts above their totals, fewer than three units that are large enough, a target of 0 or 1, and levels
        outside 0..1.

    Examples
    --------
    >>> bodies = pd.DataFrame({"body": list("abcd"), "late": [12, 25, 110, 26], "appeals": [100, 200, 400, 220]})
    >>> result = funnel(bodies, count="late", total="appeals", unit="body")
    >>> result.table.loc[result.table["outside"] > 0.99, "unit"].tolist()
    ['c']
    """
    levels = tuple(levels)
    if not levels or not all(0 < level < 1 for level in levels):
        raise ValueError(f"levels is {levels}; give shares between 0 and 1, such as (0.95, 0.998)")
    columns = {
        "unit": frame[unit].to_numpy(),
        "count": as_numbers(frame[count]),
        "total": as_numbers(frame[total]),
    }
    table = pd.DataFrame(columns).dropna().reset_index(drop=True)
    if ((table["count"] < 0) | (table["count"] > table["total"])).any():
        raise ValueError(f"a count in {count!r} lies below 0 or above its total in {total!r}")
    table["too_small"] = (table["total"] < max(min_n, 1)).astype(bool)
    judged = table[~table["too_small"]]
    if len(judged) < 3:
        raise ValueError(
            f"found {len(judged)} units with at least {min_n} cases; a funnel needs at least three"
        )
    target = float(judged["count"].sum() / judged["total"].sum())
    if target in (0, 1):
        raise ValueError(f"the share of all units is {target:g}; there is nothing to compare")
    n = table["total"].clip(lower=1).to_numpy(dtype=float)
    table["share"] = (table["count"] / table["total"].where(table["total"] > 0)).astype(float)
    table["z"] = (table["share"] - target) / np.sqrt(target * (1 - target) / n)
    factor = _overdispersion(table.loc[~table["too_small"], "z"].to_numpy())
    table = table.assign(**_limit_columns(n, target, levels, factor))
    table["outside"], table["outside_adjusted"] = (
        _beyond(table, levels, prefix) for prefix in ("", "adjusted_")
    )
    sizes = np.unique(np.geomspace(max(min_n, 1), n.max() * 1.05, 200).round())
    limits = pd.DataFrame({"total": sizes, **_limit_columns(sizes, target, levels, factor)})
    return Funnel(
        table=table, limits=limits, target=target, overdispersion=factor, levels=levels, min_n=min_n
    )
