"""Which conclusions the figures bear: tests, intervals and models with named results and honest sentences."""

from __future__ import annotations

from analysis.stats.intervals import AdjustedPValues, Interval, adjust_pvalues, proportion_interval, rate_interval
from analysis.stats.regions import Association, Concordance, Dispersion, association, concordance, dispersion
from analysis.stats.trend import (
    Bootstrap,
    ChangePoint,
    TrendTest,
    block_bootstrap,
    change_point,
    mann_kendall,
    mann_kendall_rows,
)

__all__ = [
    "AdjustedPValues", "Association", "Bootstrap", "ChangePoint", "Concordance", "Dispersion", "Interval", "TrendTest",
    "adjust_pvalues", "association", "block_bootstrap", "change_point", "concordance", "dispersion", "mann_kendall",
    "mann_kendall_rows", "proportion_interval", "rate_interval",
]  # fmt: skip
