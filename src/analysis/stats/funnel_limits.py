"""Units of very different size compared with their common share: funnel limits, no league table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats as scipy_stats

from analysis.locale import text
from analysis.stats._level import tail
from analysis.stats._validate import check_columns
from analysis.stats.inputs import as_numbers
from analysis.stats.words import figure, share_words

Array = NDArray[Any]

_WINSORISED_SHARE = 0.1
_FEWEST_UNITS = 3
_SIZES_DRAWN = 200


def _winsorised_moments() -> tuple[float, float]:
    """Return mean and variance of a squared standard normal, the outer tenths pulled in."""
    share = _WINSORISED_SHARE
    inner = 1 - 2 * share
    cut = scipy_stats.norm.isf(share)
    density = scipy_stats.norm.pdf(cut)
    second = inner - 2 * cut * density
    second += 2 * share * cut**2
    fourth = 3 * inner - 2 * density * (cut**3 + 3 * cut)
    fourth += 2 * share * cut**4
    variance = fourth - second**2
    return float(second), float(variance)


_EXPECTED, _VARIANCE = _winsorised_moments()  # 0.679 and 0.391


@dataclass(frozen=True, eq=False)
class Funnel:
    """Result of `funnel`: `table` has one row for each unit, `limits` one for each size drawn."""

    table: pd.DataFrame
    limits: pd.DataFrame
    target: float
    overdispersion: float
    tau: float
    levels: tuple[float, ...]
    min_n: int

    @property
    def overdispersed(self) -> bool:
        """Whether the factor is two standard errors above the 1 expected by chance."""
        judged = ~self.table["too_small"]
        units = int(judged.sum())
        error = (_VARIANCE / units) ** 0.5 / _EXPECTED
        return self.overdispersion > 1 + 2 * error

    def summary(self, language: str = "en") -> str:
        """Return how many units are outside, and whether limits of chance are fair here."""
        too_small = self.table["too_small"]
        judged = self.table[~too_small]
        outer = max(self.levels)
        columns = ["outside", "outside_adjusted", "outside_random"]
        beyond_outer = (judged[columns] == outer).sum()
        return text(
            "stats_funnel_overdispersed" if self.overdispersed else "stats_funnel",
            language,
            n=len(judged),
            outside=int(beyond_outer["outside"]),
            adjusted=int(beyond_outer["outside_adjusted"]),
            additive=int(beyond_outer["outside_random"]),
            small=int(too_small.sum()),
            level=share_words(outer, language),
            target=share_words(round(self.target, 4), language),
            factor=figure(self.overdispersion, language, digits=2),
            tau=figure(100 * self.tau, language, digits=2),
        )


def _exact_limits(n: Array, target: float, outside: float) -> tuple[Array, Array]:
    """Return the shares that a unit of n goes beyond with probability `outside` on each side.

    Interpolated between counts, as in Spiegelhalter (2005), appendix A.1.1.
    """
    limits = []
    for p in (outside, 1 - outside):
        r = scipy_stats.binom.ppf(p, n, target)
        at = scipy_stats.binom.cdf(r, n, target)
        below = scipy_stats.binom.cdf(r - 1, n, target)
        part_of_step = (at - p) / (at - below)
        count = r - part_of_step
        limits.append(np.clip(count / n, 0, 1))
    low, high = limits
    return low, high


def _overdispersion(z: Array) -> float:
    """Return the mean square of winsorised z-scores over its expectation under chance."""
    tails = [_WINSORISED_SHARE, 1 - _WINSORISED_SHARE]
    low, high = np.quantile(z, tails)
    squares = np.clip(z, low, high) ** 2
    factor = squares.mean() / _EXPECTED
    return float(factor)


def _between(n: Array, target: float, factor: float) -> float:
    """Return tau, the standard deviation between units (Spiegelhalter 2005, appendix A.3)."""
    weight = n / (target * (1 - target))
    total = weight.sum()
    units = len(n)
    excess = units * factor - (units - 1)
    effective = total - (weight**2).sum() / total
    variance = max(0.0, excess / effective)
    return float(variance**0.5)


@dataclass(frozen=True)
class _Spread:
    """What the limits are drawn from."""

    target: float
    factor: float
    tau: float
    levels: tuple[float, ...]

    def columns(self, n: Array) -> dict[str, Array]:
        """Return the limits of chance, widened by the factor, and with additive effects."""
        chance = self.target * (1 - self.target) / n
        times = {
            "": 1.0,
            "adjusted_": max(1.0, self.factor) ** 0.5,
            "random_": np.sqrt(1 + self.tau**2 / chance),
        }
        columns: dict[str, Array] = {}
        for level in self.levels:
            low, high = _exact_limits(n, self.target, tail(level))
            for prefix, widening in times.items():
                columns[f"{prefix}low_{level:g}"] = self._widened(low, widening)
                columns[f"{prefix}high_{level:g}"] = self._widened(high, widening)
        return columns

    def _widened(self, limit: Array, times: float | Array) -> Array:
        distance = limit - self.target
        moved = self.target + distance * times
        return np.clip(moved, 0, 1)


def _beyond(table: pd.DataFrame, levels: tuple[float, ...], prefix: str) -> pd.Series:
    """Return the highest level whose limits a unit is outside of, 0 for none."""
    share = table["share"]
    found = pd.Series(0.0, index=table.index)
    for level in sorted(levels):
        below = share < table[f"{prefix}low_{level:g}"]
        above = share > table[f"{prefix}high_{level:g}"]
        outside = below | above
        found[outside & ~table["too_small"]] = level
    return found


def _read(frame: pd.DataFrame, count: str, total: str, unit: str) -> pd.DataFrame:
    check_columns(frame, [count, total, unit])
    columns = {
        "unit": frame[unit].to_numpy(),
        "count": as_numbers(frame[count]),
        "total": as_numbers(frame[total]),
    }
    table = pd.DataFrame(columns).dropna().reset_index(drop=True)

    numbers = table[["count", "total"]].to_numpy(dtype=float)
    if np.isinf(numbers).any():
        raise ValueError(f"{count!r} or {total!r} holds an infinite number")
    below = table["count"] < 0
    above = table["count"] > table["total"]
    if (below | above).any():
        raise ValueError(f"a count in {count!r} lies below 0 or above its total in {total!r}")
    return table


def _check_levels(levels: tuple[float, ...]) -> tuple[float, ...]:
    levels = tuple(levels)
    if not levels or not all(0 < level < 1 for level in levels):
        raise ValueError(f"levels is {levels}; give shares between 0 and 1, such as (0.95, 0.998)")
    return levels


def _target(table: pd.DataFrame, given: float | None) -> float:
    target = given
    if target is None:
        cases, whole = table["count"].sum(), table["total"].sum()
        target = float(cases / whole)
    if not 0 < target < 1:
        raise ValueError(f"the share of all units is {target:g}; there is nothing to compare")
    return target


def funnel(  # noqa: PLR0913  options of one public function, all by keyword
    frame: pd.DataFrame,
    *,
    count: str,
    total: str,
    unit: str,
    levels: tuple[float, ...] = (0.95, 0.998),
    min_n: int = 30,
    target: float | None = None,
) -> Funnel:
    """Compare the shares of units with that of all, within limits of chance (Spiegelhalter 2005).

    Do not use it to rank units, nor to call a unit good or bad: outside the limits means worth a
    look. Where nearly all units are outside (`overdispersion` well above 1) the units differ by
    more than chance, and the exact limits say little about any one of them. Then look at
    `outside_random` where the units themselves differ by so many points whatever their size, and at
    `outside_adjusted` where each unit's cases depend on each other; with sizes as unequal as 30 and
    100,000 the former is the fair one. Units that were left out of the frame because of
    their result bias the target: give them all, or the target.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each unit; rows with a missing value are left out.
    count, total, unit : str
        Columns: cases, all, and the name of the unit.
    levels : tuple of float
        Levels of the limits.
    min_n : int
        Units with a smaller total are shown and not judged.
    target : float, optional
        The common share, if it is known from more than these units; that of all units if not given.

    Returns
    -------
    Funnel
        table (unit, count, total, share, z, too_small, limits, and the highest level whose limits
        the unit is outside of, 0 for none: outside for chance, outside_adjusted for limits times
        the root of the factor, outside_random for limits with tau), limits (for the chart), target,
        overdispersion (mean square of z-scores winsorised by a tenth on each side, over 0.679, its
        expectation under chance), overdispersed (whether that is more than chance explains), tau
        (standard deviation between units, a share), levels, min_n. `analysis.charts.plot_funnel`
        draws it.

    Raises
    ------
    ValueError
        For counts above their totals, fewer than three units that are large enough, a target of 0
        or 1, levels outside 0..1, columns that are not there.

    Examples
    --------
    >>> late, appeals = [12, 25, 110, 26], [100, 200, 400, 220]
    >>> bodies = pd.DataFrame({"body": list("abcd"), "late": late, "appeals": appeals})
    >>> result = funnel(bodies, count="late", total="appeals", unit="body")
    >>> result.table.loc[result.table["outside"] > 0.99, "unit"].tolist()
    ['c']
    """
    levels = _check_levels(levels)
    table = _read(frame, count, total, unit)
    least = max(min_n, 1)
    table["too_small"] = (table["total"] < least).astype(bool)
    judged = ~table["too_small"]
    if judged.sum() < _FEWEST_UNITS:
        raise ValueError(
            f"found {judged.sum()} units with at least {min_n} cases; a funnel needs at least three"
        )

    common = _target(table, target)
    n = table["total"].clip(lower=1).to_numpy(dtype=float)
    above_zero = table["total"].where(table["total"] > 0)
    table["share"] = (table["count"] / above_zero).astype(float)
    chance = common * (1 - common) / n
    table["z"] = (table["share"] - common) / np.sqrt(chance)

    factor = _overdispersion(table.loc[judged, "z"].to_numpy())
    tau = _between(n[judged], common, factor)
    spread = _Spread(common, factor, tau, levels)
    table = table.assign(**spread.columns(n))

    table["outside"] = _beyond(table, levels, "")
    table["outside_adjusted"] = _beyond(table, levels, "adjusted_")
    table["outside_random"] = _beyond(table, levels, "random_")

    sizes = _sizes_drawn(least, n.max())
    limits = pd.DataFrame({"total": sizes, **spread.columns(sizes)})
    return Funnel(table, limits, common, factor, tau, levels, min_n)


def _sizes_drawn(least: float, most: float) -> Array:
    """Return the sizes at which the limits are drawn, a little beyond the largest unit."""
    sizes = np.geomspace(least, most * 1.05, _SIZES_DRAWN)
    return np.unique(sizes.round())
