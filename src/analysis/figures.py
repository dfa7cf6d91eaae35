"""The older name of `analysis.gallery`, kept for one release."""

from __future__ import annotations

import warnings

from analysis.gallery import FIGURES, Verdict, contact_sheet, versions
from analysis.gallery import iter_export as export
from analysis.gallery import iter_verify as verify

__all__ = ["FIGURES", "Verdict", "contact_sheet", "export", "verify", "versions"]

warnings.warn(
    "analysis.figures is now analysis.gallery; its export and verify work when called.",
    DeprecationWarning,
    stacklevel=2,
)
