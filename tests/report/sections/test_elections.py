"""The section on direct elections."""

from __future__ import annotations

import re

from analysis import report
from analysis.report.document import (
    Picture,
    plain_text,
)


def said(section) -> str:
    """All text of a section, tables included."""
    return re.sub(r"[\u00a0\u202f]", " ", plain_text(section.blocks))


def test_a_city_of_republican_significance_has_no_rural_akims():
    assert "rural akims are not elected" in said(report.elections("KZ-71"))
    assert not [b for b in report.elections("KZ-71").blocks if isinstance(b, Picture)]
    assert "rural akim" not in said(report.questions("KZ-71"))
