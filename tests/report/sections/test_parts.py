"""What a report says is what the data say, also where they say almost nothing."""

from __future__ import annotations

import re

import pytest

from analysis import coverage, report, stats
from analysis.report.document import (
    Picture,
    plain_text,
)
from analysis.report.sections.parts import years_words


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


SECTIONS = (
    "opening", "key_figures", "appeals", "meetings", "elections", "national_votes", "published",
    "peers", "news", "context", "questions", "method", "values",
)  # fmt: skip
TREND_TESTS = (
    "mann_kendall", "theil_sen", "change_point", "interrupted_series", "seasonal_mann_kendall",
)  # fmt: skip


def test_no_section_asks_whether_there_is_a_trend(monkeypatch):
    """With four yearly points no trend can be significant: no section runs a test of one."""

    def claimed(*_, **__):
        raise AssertionError("a trend is tested")

    known = [name for name in TREND_TESTS if hasattr(stats, name)]
    assert known
    for name in known:
        monkeypatch.setattr(stats, name, claimed)
    for name in SECTIONS:
        assert getattr(report, name)("KZ-15").blocks is not None
    assert "no trend is claimed" in said(report.method("KZ-15"))


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_a_report_says_the_same_of_a_place_whatever_came_first(monkeypatch, language):
    """Years in a turned order change no sentence of the finding: it counts, it does not compare."""
    before = said(report.opening("KZ-23", language=language))
    cells = coverage().iloc[::-1].reset_index(drop=True)
    monkeypatch.setattr("analysis.derive.required.coverage", lambda: cells)
    assert set(before.split()) == set(said(report.opening("KZ-23", language=language)).split())


@pytest.mark.parametrize(
    ("years", "words"),
    [((2021, 2022, 2023), "2021–2023"), ((2025, 2021), "2021, 2025"), ((2022,), "2022"), ((), "–")],
)
def test_years_that_follow_each_other_run_together(years, words):
    assert years_words(years) == words


def test_a_section_is_shown_in_its_language_in_a_notebook():
    shown = report.national_votes("KZ-33", language="kk")._repr_html_()
    assert "Диаграмманы қалай оқу керек:" in shown
    assert "How to read" not in shown
