"""Statistical tests, intervals and models.

Results have named fields and a plain-language `summary()` in English, Kazakh and Russian.
docs/methods.md shows, for every test and interval, how often it errs in simulation.
"""

from __future__ import annotations

from analysis.stats.change import Bootstrap, ChangePoint, block_bootstrap, change_point
from analysis.stats.coinciding import Coincidences, coinciding_lists
from analysis.stats.competing import (
    CompetingOutcomes,
    WaitRegression,
    competing_outcomes,
    wait_regression,
)
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
from analysis.stats.interrupted import InterruptedTimeSeries, Placebo, interrupted_time_series
from analysis.stats.intervals import (
    AdjustedPValues,
    Interval,
    adjust_pvalues,
    proportion_interval,
    rate_interval,
)
from analysis.stats.multilevel import Multilevel, multilevel
from analysis.stats.regions import Association, Concordance, association, concordance
from analysis.stats.response import ResponseTime, response_time
from analysis.stats.seasonal import SeasonalAdjustment, seasonal_adjustment
from analysis.stats.spread import Dispersion, Gaps, dispersion, gaps
from analysis.stats.trend import TrendTest, mann_kendall, mann_kendall_rows

__all__ = [
    "AdjustedPValues",
    "Association",
    "Bootstrap",
    "ChangePoint",
    "Coincidences",
    "CompetingOutcomes",
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
    "Multilevel",
    "Placebo",
    "ResponseTime",
    "SeasonalAdjustment",
    "TrendTest",
    "WaitRegression",
    "adjust_pvalues",
    "association",
    "block_bootstrap",
    "change_point",
    "coinciding_lists",
    "competing_outcomes",
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
    "multilevel",
    "proportion_interval",
    "rate_interval",
    "response_time",
    "seasonal_adjustment",
    "sobol_table",
    "wait_regression",
]
