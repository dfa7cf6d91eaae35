"""Reports: a notebook run for a place in a language becomes one page, one PDF and one Word file.

The notebook is the report: `notebooks/report.ipynb` calls the sections below; copy it, change it, and export the copy
with `build(..., notebook=...)`.
"""

from __future__ import annotations

import importlib
from typing import Any

_HOMES = {
    "build": "analysis.report.export", "Built": "analysis.report.export", "FORMATS": "analysis.report.export",
    "notebooks": "analysis.report.export",
    "build_site": "analysis.report.site", "PLACES": "analysis.report.sections", "Section": "analysis.report.sections",
    **dict.fromkeys(
        ("opening", "appeals", "meetings", "elections", "national_votes", "published", "questions", "context", "own_records", "method", "values"),
        "analysis.report.sections",
    ),
}  # fmt: skip

__all__ = sorted(_HOMES)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'analysis.report' has no attribute {name!r}")
