"""What a report says is what the data say, also where they say almost nothing."""

from __future__ import annotations

import re

import pytest

from analysis import load_akim_elections, load_turnout, report
from analysis.errors import UnknownName
from analysis.reference import place_name
from analysis.report.document import Heading, Items, Paragraph, Picture, Table
from analysis.report.wording import period_words, value_words


def said(section) -> str:
    """All text of a section, tables included."""
    parts = []
    for block in section.blocks:
        if isinstance(block, Heading):
            parts.append(block.text)
        elif isinstance(block, Paragraph):
            parts.append("".join(run.text for run in block.runs))
        elif isinstance(block, Items):
            parts += ["".join(run.text for run in item) for item in block.items]
        elif isinstance(block, Table):
            parts += [" | ".join(row) for row in block.rows]
        elif isinstance(block, Picture):
            parts.append(block.alt)
    return re.sub(r"[\u00a0\u202f]", " ", "\n".join(parts))


def test_key_figures_of_jetisu():
    """Published figures: referendum of 15 March 2026 78.49 % (nation 73.24 %), Majilis 2023 55.32 %; Almaty Region 66.5 % in 2021."""
    text = said(report.opening("KZ-33"))
    assert "78.49%; Kazakhstan: 73.24%" in text
    assert "55.32%; Kazakhstan: 54.19%" in text
    assert (
        "Almaty Region, of which the region was then part | July 25, 2021 | 66.5% (range across sources: 66%–66.5%)"
        in text
    )
    assert "Total of appeals | – | not found in the sources searched" in text


def test_every_key_figure_that_was_found_has_its_sources():
    for place in ("KZ", "KZ-23", "KZ-62", "333400000"):
        table = next(b for b in report.opening(place).blocks if isinstance(b, Table))
        for row, sources in zip(table.rows, table.sources, strict=True):
            computed = "could be published" in row[0]
            assert bool(sources) == (
                row[2] != "not found in the sources searched" and not computed
            ), row


def test_turnout_is_counted_against_the_nation_in_todays_borders_only():
    wide = load_turnout().pivot(index="vote", columns="place_id", values="value")
    above = int((wide["KZ-33"] > wide["KZ"]).sum())
    text = said(report.national_votes("KZ-33"))
    assert (
        f"Votes for which a figure was found: {wide['KZ-33'].notna().sum()}; turnout was above that of the nation in {above}"
        in text
    )
    assert "Until 7 June 2022 the region was part of a larger one: Almaty Region" in text
    assert "show no trend" in text


def test_a_vote_without_a_figure_is_named():
    assert "Не найдено в просмотренных источниках: референдум 2026." in said(
        report.national_votes("KZ-47", language="ru")
    )


def test_a_city_of_republican_significance_has_no_rural_akims():
    assert "rural akims are not elected" in said(report.elections("KZ-71"))
    assert not [b for b in report.elections("KZ-71").blocks if isinstance(b, Picture)]
    assert "rural akim" not in said(report.questions("KZ-71"))


def test_the_request_asks_for_what_was_not_found_and_cites_the_law_by_number_only():
    text = said(report.questions("KZ-62", language="kk"))
    assert "«Ақпаратқа қол жеткізу туралы»" in text
    assert "№ 401-V" in text
    assert "(2021, 2022, 2023, 2024, 2025)" in text
    assert not re.search(r"\d+ (?:жұмыс күні|күн ішінде)", text)


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


def test_the_sentence_that_stands_in_every_report_is_counted_from_the_data():
    """Thirteen of twenty regions have no total of appeals since 2021 (hotlines included) and sixteen no count of meetings."""
    text = said(report.opening("KZ-33"))
    assert (
        "13 of 20 regions have no total of appeals since 2021, hotlines included, and 16 no count of meetings"
        in text
    )
    assert "participation, not openness" in text


def test_no_trend_is_claimed_anywhere():
    for name in ("opening", "appeals", "meetings", "elections", "national_votes", "published"):
        text = said(getattr(report, name)("KZ-15"))
        assert not re.search(
            r"\b(?:rising|falling|increas\w+|decreas\w+|improv\w+|worsen\w*) ", text
        )


def test_values_are_printed_as_exactly_as_their_source():
    turnout = load_akim_elections(indicator="turnout_share", place="KZ", office="rural")
    rows = {
        row.period_end.date().isoformat(): value_words(row, "ru").replace("\xa0", " ")
        for row in turnout.itertuples()
    }
    assert rows["2021-07-25"] == "79,1 %"
    bound = load_akim_elections(indicator="akims_elected", place="KZ", office="rural").query(
        "precision == 'at_least'"
    )
    assert all(value_words(row, "kk").startswith("кемінде ") for row in bound.itertuples())


def test_periods_are_named_by_cldr():
    row = next(
        load_akim_elections(indicator="turnout_share", place="KZ", office="rural").itertuples()
    )
    assert [
        period_words(row, lang).replace("\u202f", " ").replace("\xa0", " ")
        for lang in ("en", "kk", "ru")
    ] == [
        "July 25, 2021",
        "2021 ж. 25 шілде",
        "25 июля 2021 г.",
    ]


def test_a_name_that_is_not_known_in_kazakh_is_that_in_russian():
    assert place_name("KZ-33", "kk") == "Жетісу облысы"
    assert place_name("333400000", "kk") == "Алакөл ауданы"
    with pytest.raises(UnknownName, match="place 'KZ-99' is not known"):
        place_name("KZ-99", "kk")


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_glossary_stands_in_three_languages(language):
    table = next(b for b in report.method("KZ", language=language).blocks if isinstance(b, Table))
    row = next(r for r in table.rows if "есеп беру кездесуі" in r)
    assert set(row) == {"есеп беру кездесуі", "отчётная встреча", "report meeting"}
    assert row[0] == {"kk": "есеп беру кездесуі", "ru": "отчётная встреча"}[language]


def test_own_records_stand_beside_the_published_figures_and_say_that_they_are_simulated(tmp_path):
    from analysis import records

    export = records.simulate(30_000, seed=3, out=tmp_path / "appeals.csv")
    records.ingest(export, dataset="appeals", out=tmp_path / "own")
    section = report.own_records("KZ-33", records=str(tmp_path / "own"), language="kk")
    assert "30 000" in said(section)
    pictures = [b for b in section.blocks if isinstance(b, Picture)]
    assert len(pictures) == 3
    assert all(
        "одельденген деректер" in b.alt and "МОДЕЛЬДЕНГЕН ДЕРЕКТЕР" in b.svg for b in pictures
    )
    assert not report.own_records("KZ-33", language="kk").blocks


def test_a_section_is_shown_in_its_language_in_a_notebook():
    shown = report.national_votes("KZ-33", language="kk")._repr_html_()
    assert "Диаграмманы қалай оқу керек:" in shown
    assert "How to read" not in shown
