"""Openness of local government in Kazakhstan: published figures, charts and reports."""

from __future__ import annotations

import importlib
from typing import Any

_LOADERS = (
    "data_as_of", "load_akim_elections", "load_appeals", "load_context", "load_events", "load_mandates", "load_meetings",
    "load_places", "load_population", "load_residents", "load_sources", "load_turnout",
)  # fmt: skip
_EVIDENCE = ("cite", "coverage", "describe", "openness_sentence", "per_thousand", "provenance")
_MODULES = ("charts", "comparisons", "places", "records", "report", "stats")

__all__ = [*_LOADERS, *_EVIDENCE, *_MODULES]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name in _LOADERS:
        return getattr(importlib.import_module("analysis.load"), name)
    if name in _EVIDENCE:
        return getattr(importlib.import_module("analysis.evidence"), name)
    if name in _MODULES:
        return importlib.import_module(f"analysis.{name}")
    raise AttributeError(f"module 'analysis' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
