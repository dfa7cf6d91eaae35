"""Openness of local government in Kazakhstan: published figures, charts and reports."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis import charts, records, reference, report, stats
    from analysis.derive.coverage import coverage, openness_sentence
    from analysis.derive.rates import per_thousand
    from analysis.evidence import cite, describe, provenance
    from analysis.load import (
        data_as_of,
        load_akim_elections,
        load_appeals,
        load_context,
        load_duties,
        load_events,
        load_mandates,
        load_meetings,
        load_places,
        load_population,
        load_requests,
        load_residents,
        load_sources,
        load_turnout,
    )
    from analysis.reference.borders import harmonise
    from analysis.reference.names import match_place

    __version__: str

# Imports wait until a name is used: `import analysis` stays quick.
_HOMES = {
    "cite": "analysis.evidence",
    "coverage": "analysis.derive.coverage",
    "data_as_of": "analysis.load",
    "describe": "analysis.evidence",
    "harmonise": "analysis.reference.borders",
    "load_akim_elections": "analysis.load",
    "load_appeals": "analysis.load",
    "load_context": "analysis.load",
    "load_duties": "analysis.load",
    "load_events": "analysis.load",
    "load_mandates": "analysis.load",
    "load_meetings": "analysis.load",
    "load_places": "analysis.load",
    "load_population": "analysis.load",
    "load_requests": "analysis.load",
    "load_residents": "analysis.load",
    "load_sources": "analysis.load",
    "load_turnout": "analysis.load",
    "match_place": "analysis.reference.names",
    "openness_sentence": "analysis.derive.coverage",
    "per_thousand": "analysis.derive.rates",
    "provenance": "analysis.evidence",
}
_MODULES = ("charts", "records", "reference", "report", "stats")

__all__ = [
    "charts",
    "cite",
    "coverage",
    "data_as_of",
    "describe",
    "harmonise",
    "load_akim_elections",
    "load_appeals",
    "load_context",
    "load_duties",
    "load_events",
    "load_mandates",
    "load_meetings",
    "load_places",
    "load_population",
    "load_requests",
    "load_residents",
    "load_sources",
    "load_turnout",
    "match_place",
    "openness_sentence",
    "per_thousand",
    "provenance",
    "records",
    "reference",
    "report",
    "stats",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name in _MODULES:
        return importlib.import_module(f"analysis.{name}")
    if name == "__version__":
        from importlib.metadata import version

        return version("governance-openness")
    raise AttributeError(f"module 'analysis' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
