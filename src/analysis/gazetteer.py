"""Moved to `analysis.reference.names`; `analysis.match_place` stays."""

from __future__ import annotations

from analysis.moved import moved

_HOMES = dict.fromkeys(("Match", "latin", "match_place"), "analysis.reference.names")
__getattr__ = moved(__name__, _HOMES)
