"""What is published, and the request for what is not."""

from __future__ import annotations

import re

from analysis import report
from analysis.report.document import (
    plain_text,
)


def said(section) -> str:
    """All text of a section, tables included."""
    return re.sub(r"[\u00a0\u202f]", " ", plain_text(section.blocks))


def test_the_request_asks_for_what_was_not_found_and_cites_the_law_by_number_only():
    text = said(report.questions("KZ-62", language="kk"))
    assert "«Ақпаратқа қол жеткізу туралы»" in text
    assert "№ 401-V" in text
    assert "(2021, 2022, 2023, 2024, 2025)" in text
    assert not re.search(r"\d+ (?:жұмыс күні|күн ішінде)", text)
