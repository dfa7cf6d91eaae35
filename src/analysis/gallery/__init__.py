"""The published figures: which there are, written with their data, redrawn and compared."""

from __future__ import annotations

from analysis.gallery.export import export, iter_export, versions
from analysis.gallery.registry import FIGURES, Entry, draw
from analysis.gallery.sheet import contact_sheet
from analysis.gallery.verify import Verdict, iter_verify, verify, verify_one

__all__ = [
    "FIGURES",
    "Entry",
    "Verdict",
    "contact_sheet",
    "draw",
    "export",
    "iter_export",
    "iter_verify",
    "verify",
    "verify_one",
    "versions",
]
