"""What stands behind a number: its sources, its definition, how to cite it."""

from __future__ import annotations

from analysis.evidence.citation import cite, data_version
from analysis.evidence.codebook import describe
from analysis.evidence.sources import provenance

__all__ = ["cite", "data_version", "describe", "provenance"]
