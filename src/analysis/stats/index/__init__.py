"""A composite index as a logged pipeline that can be run again under other assumptions."""

from __future__ import annotations

from analysis.stats.index.composite import (
    CompositeIndex,
    IndexSensitivity,
    IndexUncertainty,
    composite_index,
)
from analysis.stats.index.sobol import sobol_table

__all__ = [
    "CompositeIndex",
    "IndexSensitivity",
    "IndexUncertainty",
    "composite_index",
    "sobol_table",
]
