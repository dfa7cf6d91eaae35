"""Which conclusions the figures bear: tests, intervals and models with named results and honest sentences."""

from __future__ import annotations

from analysis.stats.distances import Distances, distances
from analysis.stats.funnel_limits import Funnel, funnel
from analysis.stats.index import (
    CompositeIndex,
    IndexSensitivity,
    IndexUncertainty,
    composite_index,
    sobol_table,
)
from analysis.stats.integers import IntegerExcess, integer_excess
from analysis.stats.interrupted import InterruptedTimeSeries, interrupted_time_series
from analysis.stats.intervals import (
    AdjustedPValues,
    Interval,
    adjust_pvalues,
    proportion_interval,
    rate_interval,
)
from analysis.stats.regions import (
    Association,
    Concordance,
    Dispersion,
    Gaps,
    association,
    concordance,
    dispersion,
    gaps,
)
from analysis.stats.response import ResponseTime, response_time
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
    "AdjustedPValues",
    "Association",
    "Bootstrap",
    "ChangePoint",
    "CompositeIndex",
    "Concordance",
    "Dispersion",
    "Distances",
    "Funnel",
    "Gaps",
    "IndexSensitivity",
    "IndexUncertainty",
    "IntegerExcess",
    "InterruptedTimeSeries",
    "Interval",
    "ResponseTime",
    "TrendTest",
    "adjust_pvalues",
    "association",
    "block_bootstrap",
    "change_point",
    "composite_index",
    "concordance",
    "dispersion",
    "distances",
    "funnel",
    "gaps",
    "integer_excess",
    "interrupted_time_series",
    "mann_kendall",
    "mann_kendall_rows",
    "proportion_interval",
    "rate_interval",
    "response_time",
    "sobol_table",
]
