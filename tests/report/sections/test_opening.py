"""The first screen: what it says is counted from the data."""

from __future__ import annotations

import re

import pytest

from analysis import coverage, load_akim_elections, report
from analysis.derive.coverage import FOUND
from analysis.errors import DataError
from analysis.locale import sentence
from analysis.reference import place_name
from analysis.report.document import Heading, Paragraph, plain_text


def said(section) -> str:
    """All text of a section, tables included."""
    return re.sub(r"[\u00a0\u202f]", " ", plain_text(section.blocks))


def role(section, name: str) -> list[str]:
    paragraphs = [block for block in section.blocks if isinstance(block, Paragraph)]
    return ["".join(run.text for run in p.runs) for p in paragraphs if p.role == name]


def test_the_finding_of_jetisu_is_its_own():
    """Four of 24 figures, the joint lowest share; Atyrau and West Kazakhstan have nine of 30."""
    (finding,) = role(report.opening("KZ-33"), "finding")
    assert finding.startswith("Jetisu Region: 4 of 24 figures")
    assert "the joint lowest share of 20 regions" in finding
    assert finding.endswith("Atyrau Region, West Kazakhstan Region, 9 of 30.")


@pytest.mark.parametrize("place", ["KZ-10", "KZ-23", "KZ-59", "KZ-75"])
def test_the_finding_counts_the_cells_of_each_region(place):
    cells = coverage()
    own = cells[(cells["place_id"] == place) & (cells["status"] != "not_applicable")]
    n_found = own["status"].isin(FOUND).sum()
    (finding,) = role(report.opening(place), "finding")
    assert f"{place_name(place, 'en')}: {n_found} of {len(own)} figures" in finding


def test_the_finding_of_alakol_begins_with_its_own_figure():
    rows = load_akim_elections(place="333400000", indicator="akims_elected")
    elected = int(rows["value"].max())
    (finding,) = role(report.opening("333400000", language="ru"), "finding")
    assert finding.startswith(f"Избранные акимы — сельские акимы: {elected} ")
    assert "Ничего не найдено о следующем: встречи и приёмы, обращения." in finding


def test_the_nation_says_in_the_same_sentence_what_was_not_found_of_the_regions():
    """No region has a total of appeals of a whole year; five have nothing beside turnout."""
    text = said(report.opening("KZ"))
    assert (
        "no region has a full-year total of appeals in any year since 2021. "
        "Leaving national turnout aside, 5 of 20 regions have no figure at all in their present "
        "borders, and 18 have no count of meetings" in text
    )
    assert "participation, not openness" in text


@pytest.mark.parametrize("place", ["KZ", "KZ-33", "KZ-75", "333400000"])
@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_each_place_has_one_sentence_to_quote_with_its_source(place, language):
    (quote,) = role(report.opening(place, language=language), "quote")
    assert sentence(place_name(place, language)) in quote
    cited = "governance-openness" if place != "333400000" else "Алакөл Экосистемасы"
    assert cited in quote
    assert quote[0] in "«“"


def test_the_answer_to_a_request_is_due_in_the_term_of_the_law():
    text = said(report.opening("KZ-62", language="kk"))
    # Law 401-V, article 11, paragraph 10: 15 calendar days.
    assert "күнтізбелік 15 күн ішінде" in text


def test_what_cannot_be_known_is_said_with_the_figures_that_would_tell():
    text = said(report.opening("KZ-33"))
    assert (
        "Whether akims are more open than in 2021 cannot be told from the figures found. "
        "These would tell, for each year of 2022–2025: the number of appeals, "
        "the number of meetings of akims with residents, the number of people received" in text
    )


def test_a_title_of_ones_own_comes_in_the_language_of_the_report():
    title = {"kk": "Менің есебім", "en": "Mine"}
    blocks = report.opening("KZ-33", language="kk", title=title).blocks
    assert blocks[0] == Heading(1, "Менің есебім")
    assert report.heading(title, language="en").blocks == (Heading(2, "Mine"),)
    (other,) = report.heading(title, language="ru").blocks  # a language that the words lack
    assert other.text in title.values()
    with pytest.raises(DataError, match="cell tagged parameters"):
        report.heading({}, language="ru")
