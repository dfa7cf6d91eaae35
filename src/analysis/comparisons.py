"""Moved to `analysis.derive.comparisons`."""

from __future__ import annotations

from analysis.moved import moved

_NAMES = (
    "COUNTRIES",
    "WITH_ERRORS",
    "beside_neighbours",
    "published_errors",
    "rural_beside_national",
    "turnout_by_region",
    "vote_name",
    "votes_of_a_kind",
)
__getattr__ = moved(__name__, dict.fromkeys(_NAMES, "analysis.derive.comparisons"))
