"""What is required and found, and what to ask for."""

from __future__ import annotations

import re

from analysis import report
from analysis.report.document import Fold, Table, plain_text


def said(section) -> str:
    """All text of a section, tables included."""
    return re.sub(r"[\u00a0\u202f]", " ", plain_text(section.blocks))


def rows_of(place: str, language: str = "en") -> dict[str, tuple[str, ...]]:
    blocks = report.published(place, language=language).blocks
    table = next(block for block in blocks if isinstance(block, Table))
    return {row[0]: row[1:] for row in table.rows}


def test_each_gap_has_the_article_of_the_law_beside_it():
    rows = rows_of("KZ-33")
    assert len(rows) == 6
    appeals = next(row for what, row in rows.items() if what.startswith("Appeals to state bodies"))
    assert appeals[:2] == ("–", "2022–2025")
    assert "69" in appeals[2] and "3" in appeals[2]
    turnout = next(row for what, row in rows.items() if what.startswith("Turnout of the place in"))
    assert turnout[0] == "2022–2024, 2026"


def test_a_duty_that_was_not_found_is_not_made_up():
    rows = rows_of("KZ-75")
    centre = next(row for what, row in rows.items() if "contact centre" in what)
    assert centre == ("2025", "2021–2024", "not required by the texts read")


def test_the_questions_ask_for_what_was_not_found():
    (folded,) = report.questions("KZ-62", language="kk").blocks
    assert isinstance(folded, Fold)
    text = said(report.questions("KZ-62", language="kk"))
    assert "2022, 2023, 2024, 2025" in text
    # Ulytau exists since June 2022: nothing is asked of it for 2021.
    assert "2021" not in text


def test_nothing_is_asked_of_a_city_about_rural_akims():
    assert "rural akim" not in said(report.questions("KZ-75"))
    assert "rural akim" in said(report.questions("KZ-33"))
