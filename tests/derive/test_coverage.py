"""Coverage counts what it says: rules are data, and every sentence is computed from it."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pandas as pd
import pytest

import analysis
from analysis import charts, paths
from analysis.data.build import build
from analysis.derive import coverage as module
from analysis.derive.coverage import (
    FOUND,
    items,
    open_questions,
    openness_sentence,
    places_without_figures,
    required_by,
    rows_of,
    status_counts,
    yardstick,
)
from analysis.reference import languages, regions
from analysis.report.document import plain_text
from analysis.report.sections.published import questions


@pytest.fixture(scope="module")
def cells() -> pd.DataFrame:
    return analysis.coverage()


def status(cells: pd.DataFrame, item: str, place: str) -> dict[int, str]:
    own = cells[(cells["item"] == item) & (cells["place_id"] == place)]
    return dict(zip(own["year"], own["status"], strict=True))


def test_every_cell_is_there_once(cells):
    assert len(cells) == 21 * 6 * 5
    assert not cells.duplicated(["item", "place_id", "year"]).any()
    assert int(status_counts(cells).sum()) == len(cells)


def test_final_needs_a_final_figure(cells):
    """Ninety-one cells of the close of voting were once called final."""
    votes = cells[cells["item"] == "national_turnout"]
    finals = analysis.load_turnout(stage="final")
    for cell in votes[votes["status"] == "final"].itertuples():
        held = finals[
            (finals["place_id"] == cell.place_id) & (finals["period_end"].dt.year == cell.year)
        ]
        n_votes = sum(vote.year == cell.year for vote in analysis.reference.votes())
        assert len(held) == n_votes
    assert status(cells, "national_turnout", "KZ") == {
        2021: "final", 2022: "final", 2023: "closing", 2024: "final", 2026: "final",
    }  # fmt: skip
    regions_final = votes[(votes["status"] == "final") & (votes["place_id"] != "KZ")]
    assert set(regions_final["place_id"]) == {"KZ-43", "KZ-75"}
    assert (votes["status"] == "closing").sum() == 91


def test_the_last_vote_has_a_close_for_all_but_two_regions(cells):
    last = cells[(cells["item"] == "national_turnout") & (cells["year"] == 2026)].set_index(
        "place_id"
    )["status"]
    assert set(last.index[last == "partial"]) == {"KZ-59", "KZ-62"}  # hours of the day only


def test_no_region_has_a_total_of_appeals_of_a_whole_year(cells):
    totals = cells[(cells["item"] == "appeals_total") & cells["place_id"].isin(regions())]
    assert not (totals["status"] == "final").any()
    assert set(totals[totals["status"] == "partial"]["place_id"]) == {
        "KZ-10",
        "KZ-23",
        "KZ-27",
        "KZ-55",
    }


def test_five_regions_have_nothing_but_national_turnout(cells):
    assert places_without_figures(cells) == ["KZ-19", "KZ-33", "KZ-62", "KZ-63", "KZ-79"]


def test_a_part_of_a_register_is_no_total(cells):
    """The ombudsman's 6,748 and the prosecution's 461,932 once made the national total of 2024."""
    item = next(item for item in items() if item.name == "appeals_total")
    rows = rows_of(item)
    assert set(rows["register"]) <= {"appeals_registers", "e_otinish"}
    assert not set(rows["value"]) & {6748, 461932}
    assert status(cells, "appeals_total", "KZ") == {
        2021: "not_found", 2022: "final", 2023: "not_found", 2024: "final", 2025: "not_found",
    }  # fmt: skip


def test_ministers_are_no_akims(cells):
    assert (
        status(cells, "people_received", "KZ")[2022] == "not_found"
    )  # 1,498 were received by ministers
    assert status(cells, "meetings_count", "KZ")[2022] == "final"  # 28,300 of akims of all levels
    meetings = cells[(cells["item"] == "meetings_count") & cells["status"].isin(FOUND)]
    assert set(meetings["place_id"]) == {"KZ", "KZ-35", "KZ-75"}  # receptions are no meetings


def test_turnout_of_district_akims_is_not_rural(cells):
    assert status(cells, "rural_turnout", "KZ") == {2021: "final"} | dict.fromkeys(
        range(2022, 2026), "not_found"
    )
    assert status(cells, "rural_turnout", "KZ-23")[2023] == "not_found"
    assert status(cells, "rural_turnout", "KZ-59")[2023] == "final"


def test_units_that_did_not_exist_have_no_cells_of_2021_to_find(cells):
    before = cells[(cells["year"] == 2021) & (cells["predecessor"] != "")]
    assert len(before) == 36
    assert (before["status"] == "not_applicable").all()
    assert set(before["place_id"]) == {"KZ-10", "KZ-63", "KZ-19", "KZ-33", "KZ-35", "KZ-62"}
    credited = before[before["predecessor_status"].isin(FOUND)]
    assert len(credited) == 12  # rural and Majilis turnout of 2021, of the three larger regions
    assert set(credited["item"]) == {"rural_turnout", "national_turnout"}


def test_what_cannot_be_is_not_missing(cells):
    for city in ("KZ-71", "KZ-75", "KZ-79"):
        assert set(status(cells, "rural_turnout", city).values()) == {"not_applicable"}
    assert set(status(cells, "hotline_requests", "KZ").values()) == {"not_applicable"}
    assert status_counts(cells)["not_applicable"] == 36 + 15 + 5


def test_each_item_is_defined_in_each_language():
    for item in items():
        assert all(item.definition(language) for language in languages())


def test_the_law_stands_beside_what_was_found(cells):
    last = cells[(cells["item"] == "people_received") & (cells["year"] == 2025)].iloc[0]
    assert (last["requires"], last["article"]) == ("do", "APPC art. 90 p. 1")
    assert last["edition_is_older"] and "older than the year" in required_by(last)
    first = cells[(cells["item"] == "people_received") & (cells["year"] == 2022)].iloc[0]
    assert not first["edition_is_older"]
    votes = cells[cells["item"] == "national_turnout"].iloc[0]
    assert required_by(votes, language="ru").startswith("прочитанные тексты этого не требуют; ")


def test_no_duty_is_named_for_a_year_before_it_was_in_force(cells):
    """The decree on meetings is of 3 March 2022; the code of July 2021 holds for a part of 2021."""
    own = cells[cells["place_id"] == "KZ-11"].set_index(["item", "year"], drop=False)
    assert own.loc[("meetings_count", 2021), "requires"] == ""
    assert own.loc[("meetings_count", 2022), "law"] == "Decree No 826"
    first = own.loc[("people_received", 2021)]
    assert first["body"].startswith("heads of state bodies")
    assert "in force since July 1, 2021" in required_by(first)
    assert "in force since" not in required_by(own.loc[("people_received", 2023)])


def test_a_duty_to_publish_reads_as_the_law_asks():
    """No item has one in the texts read; the sentence for one is held here."""
    cell = pd.Series(
        {
            "status": "not_found", "requires": "publish", "law": "Law 401-V",
            "article": "Law 401-V art. 16 p. 3 (4)", "in_force_from": "", "year": 2022,
            "edition": pd.Timestamp("2022-12-30"), "edition_is_older": False,
        }
    )  # fmt: skip
    assert required_by(cell) == (
        "required by article 16, paragraph 3, subparagraph 4 of Law No. 401-V “On Access to "
        "Information” (edition read: December 30, 2022, in force in the edition read), "
        "not found in the sources searched"
    )
    russian = required_by(cell, language="ru")
    assert "статья 16, пункт 3, подпункт 4)" in russian and "действует" in russian
    assert "16-бап, 3-тармақ, 4) тармақша" in required_by(cell, language="kk")
    assert "undated copy" in required_by(cell.replace({cell["edition"]: pd.NaT}))


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_the_yardstick_has_a_finished_sentence_for_each_cell(cells, language):
    table = yardstick(cells, language=language)
    assert len(table) == len(cells)
    assert set(table["definition"]) == {item.definition(language) for item in items()}
    absent = table[table["status"] == "not_found"]
    words = {"en": "not found", "kk": "табылмады", "ru": "не найдено"}[language]
    assert absent["sentence"].str.contains(words).all()
    assert not table["sentence"].str.contains(r"[{}]|APPC|art\.|nan|NaT").any()
    bound = table[table["law"] != ""]
    assert (bound["body"] != "").all() and bound["edition"].notna().all()


def test_each_duty_that_reports_use_is_of_a_law_with_a_name():
    from analysis.derive.law import article_words

    used = analysis.load_duties().query("code != ''")
    for article in used["article"]:
        assert article_words(article, language="kk") != article


def test_everyone_is_asked_for_final_figures_of_every_vote(cells):
    asked = open_questions(cells)
    votes = asked[asked["item"] == "national_turnout"].groupby("place_id")["year"].agg(set)
    assert votes["KZ-11"] == {2021, 2022, 2023, 2024, 2026}
    assert votes["KZ-33"] == {2022, 2023, 2024, 2026}  # it was not there in 2021
    assert votes["KZ"] == {2023}
    rural = asked[(asked["item"] == "rural_turnout") & (asked["place_id"] == "KZ")]["year"]
    assert set(rural) == {2022, 2023, 2024, 2025}


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_the_sentence_names_the_numbers_of_the_cells(cells, language):
    sentence = openness_sentence(cells, language=language)
    assert {"5", "18", "20", "2021"} <= set(pd.Series(sentence).str.findall(r"\d+").item())
    two = openness_sentence(cells[cells["place_id"].isin(["KZ-10", "KZ-35"])], language=language)
    assert {"0", "1", "2", "2021"} <= set(pd.Series(two).str.findall(r"\d+").item())


@pytest.fixture
def home(tmp_path: Path, monkeypatch) -> Path:
    """A copy of the data to change, which the whole suite reads."""
    shutil.copytree(paths.raw(), tmp_path / "data" / "raw")
    shutil.copy(paths.root() / "CHANGELOG.md", tmp_path)
    monkeypatch.setenv("OPENNESS_HOME", str(tmp_path))
    build()
    return tmp_path


def change(home: Path, dataset: str, edit) -> None:
    path = home / "data" / "raw" / f"{dataset}.csv"
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    rows = edit(rows)
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    build()


def letter(place: str) -> str:
    """The request for information that the report of a place ends with."""
    return plain_text(questions(place).blocks)


def drawn(cells: pd.DataFrame, item: str, place: str, year: int) -> tuple[str, str]:
    """The status that the chart draws for a cell, and its sentence."""
    chart = charts.plot_coverage(cells)
    rows = chart.rows
    own = rows[(rows["item"] == item) & (rows["place_id"] == place) & (rows["year"] == year)]
    return str(own["status"].item()), chart.alt


def test_one_row_added_is_followed_by_cell_sentence_chart_questions_and_letter(home):
    cells = analysis.coverage()
    assert openness_sentence(cells).startswith("In the sources searched, no region")
    asked = open_questions(cells).query("item == 'appeals_total' and place_id == 'KZ-19'")
    assert 2024 in set(asked["year"])
    appeals = next(line for line in letter("KZ-19").splitlines() if "2024" in line)
    before, said_before = drawn(cells, "appeals_total", "KZ-19", 2024)
    assert before == "not_found"

    def add(rows):
        total = next(row for row in rows if row["value"] == "4400000")
        new = {"value": "90000", "place_id": "KZ-19", "region_id": "KZ-19", "level": "region"}
        return [*rows, total | new | {"precision": "as_printed"}]

    change(home, "appeals", add)
    cells = analysis.coverage()
    assert status(cells, "appeals_total", "KZ-19")[2024] == "final"
    assert "KZ-19" not in places_without_figures(cells)
    sentence = openness_sentence(cells)
    assert "1 of 20 regions have a full-year total" in sentence and "4 have no figure" in sentence
    asked = open_questions(cells).query("item == 'appeals_total' and place_id == 'KZ-19'")
    assert 2024 not in set(asked["year"])
    after, said_after = drawn(cells, "appeals_total", "KZ-19", 2024)
    assert after == "final" and said_after != said_before
    assert appeals not in letter("KZ-19").splitlines()
    assert appeals.replace("2024, ", "") in letter("KZ-19").splitlines()


def test_one_row_removed_is_followed_too(home):
    before = analysis.coverage()
    assert status(before, "meetings_count", "KZ-35")[2025] == "partial"
    assert drawn(before, "meetings_count", "KZ-35", 2025)[0] == "partial"
    change(
        home,
        "meetings",
        lambda rows: [
            row
            for row in rows
            if not (row["place_id"] == "KZ-35" and row["indicator"] == "meetings_held")
        ],
    )
    cells = analysis.coverage()
    assert status(cells, "meetings_count", "KZ-35")[2025] == "not_found"
    assert "19 have no count of meetings" in openness_sentence(cells)
    assert drawn(cells, "meetings_count", "KZ-35", 2025)[0] == "not_found"
    final = {
        (c.place_id, c.year)
        for c in before.itertuples()
        if c.status == "final" and c.item == "national_turnout"
    }
    change(
        home,
        "national_votes",
        lambda rows: [
            row for row in rows if not (row["place_id"] == "KZ-43" and row["stage"] == "final")
        ],
    )
    after = analysis.coverage()
    left = {
        (c.place_id, c.year)
        for c in after.itertuples()
        if c.status == "final" and c.item == "national_turnout"
    }
    assert final - left == {("KZ-43", 2024)}
    assert status(after, "national_turnout", "KZ-43")[2024] == "closing"
    votes = [line for line in letter("KZ-43").splitlines() if "national votes" in line]
    assert len(votes) == 1 and "2024" in votes[0]


def test_a_rule_is_data(home):
    """The count of the ombudsman becomes a total if coverage_items.csv says so."""
    path = home / "data" / "raw" / "coverage_items.csv"
    path.write_text(
        path.read_text("utf-8").replace("appeals_registers e_otinish", "appeals_registers"), "utf-8"
    )
    assert status(module.coverage(), "appeals_total", "KZ")[2022] == "not_found"
