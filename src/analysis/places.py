"""Moved to `analysis.reference.borders`; `analysis.harmonise` stays."""

from __future__ import annotations

from analysis.moved import moved

__getattr__ = moved(__name__, {"harmonise": "analysis.reference.borders"})
