"""The opening of a report."""

from __future__ import annotations

import re

from analysis import report
from analysis.report.document import (
    Table,
    plain_text,
)


def said(section) -> str:
    """All text of a section, tables included."""
    return re.sub(r"[\u00a0\u202f]", " ", plain_text(section.blocks))


def test_key_figures_of_jetisu():
    """Published figures: referendum of 15 March 2026 78.49 % (nation 73.24 %), Majilis 2023 55.32 %; Almaty Region 66.5 % in 2021."""
    text = said(report.opening("KZ-33"))
    assert "78.49%; Kazakhstan: 73.24%" in text
    assert "55.32%; Kazakhstan: 54.19%" in text
    assert "Almaty Region, of which the region was then part | July 25, 2021 | 66.5%" in text
    assert "Total of appeals | – | not found in the sources searched" in text


def test_every_key_figure_that_was_found_has_its_sources():
    for place in ("KZ", "KZ-23", "KZ-62", "333400000"):
        table = next(b for b in report.opening(place).blocks if isinstance(b, Table))
        for row, sources in zip(table.rows, table.sources, strict=True):
            computed = "could be published" in row[0]
            assert bool(sources) == (
                row[2] != "not found in the sources searched" and not computed
            ), row


def test_the_sentence_that_stands_in_every_report_is_counted_from_the_data():
    """No region has a total of appeals of a whole year; five have nothing beside national turnout."""
    text = said(report.opening("KZ-33"))
    assert (
        "no region has a full-year total of appeals in any year since 2021. "
        "Leaving national turnout aside, 5 of 20 regions have no figure at all in their present "
        "borders, and 18 have no count of meetings" in text
    )
    assert "participation, not openness" in text
