"""What a report says is what the data say, also where they say almost nothing."""

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


def test_a_place_with_almost_no_data_still_has_a_true_report():
    """Ulytau: no appeals, no meetings; turnout of three votes and the Open Dialogue portal are all there is."""
    assert "табылмады" in said(report.appeals("KZ-62", language="kk"))
    assert "81,3%" in said(report.appeals("KZ-62", language="kk"))
    assert "75,48%" in said(report.values("KZ-62", language="kk"))
    assert (
        len(
            [
                b
                for b in report.national_votes("KZ-62", language="kk").blocks
                if isinstance(b, Picture)
            ]
        )
        == 1
    )


def test_no_trend_is_claimed_anywhere():
    for name in ("opening", "appeals", "meetings", "elections", "national_votes", "published"):
        text = said(getattr(report, name)("KZ-15"))
        assert not re.search(
            r"\b(?:rising|falling|increas\w+|decreas\w+|improv\w+|worsen\w*) ", text
        )


def test_a_section_is_shown_in_its_language_in_a_notebook():
    shown = report.national_votes("KZ-33", language="kk")._repr_html_()
    assert "Диаграмманы қалай оқу керек:" in shown
    assert "How to read" not in shown
