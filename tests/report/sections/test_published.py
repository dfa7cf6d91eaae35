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


def test_the_request_asks_for_what_was_not_found_and_names_the_edition_of_the_term():
    text = said(report.questions("KZ-62", language="kk"))
    assert "«Ақпаратқа қол жеткізу туралы»" in text
    assert "№ 401-V" in text
    assert "(2022, 2023, 2024, 2025)" in text
    # Law 401-V, article 11, paragraph 10: 15 calendar days, extended once by at most 15.
    assert "күнтізбелік 15 күн ішінде" in text and "2022 жылғы 30 желтоқсан" in text
    # Ulytau exists since June 2022: nothing is asked of it for 2021.
    assert "2021" not in text


def test_nothing_is_asked_of_a_city_about_rural_akims():
    assert "rural akim" not in said(report.questions("KZ-75"))
    assert "rural akim" in said(report.questions("KZ-33"))
