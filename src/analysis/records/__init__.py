"""Own records: read exports of appeals, meetings and elections, protect them, roll them up."""

from __future__ import annotations

import importlib
from typing import Any

# No module has the name of a public function: importing it would put it in the function's place.
_HOMES = {
    "audit": "privacy.disclosure",
    "count_backlog": "rollups.backlog",
    "ingest": "ingestion.pipeline",
    "protect": "privacy.disclosure",
    "read": "ingestion.pipeline",
    "remove": "ingestion.pipeline",
    "release": "rollups.build",
    "rollup": "rollups.build",
    "simulate": "simulation",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'analysis.records' has no attribute {name!r}")
    return getattr(importlib.import_module(f"analysis.records.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
