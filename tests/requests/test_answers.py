"""Answers are read right or refused with the cell named, questioned, and entered with their letter."""

from __future__ import annotations

import csv
import shutil
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from analysis import paths
from analysis.cli import main
from analysis.errors import DataError
from analysis.requests.answers.doubts import doubts
from analysis.requests.answers.filled import read_form
from analysis.requests.answers.tables import Mapping, read_answer_table
from analysis.requests.forms import reasons, write_form

MEETINGS = {"2022": 150, "2023": 210, "2024": 198, "2025": 205}


def codes_of(sheet):
    """Where each code stands: rows of items, columns of periods."""
    head = next(row for row in sheet.iter_rows() if row[0].value == "item")
    columns = {cell.value: cell.column for cell in head}
    rows = {row[0].value: row[0].row for row in sheet.iter_rows(min_row=head[0].row + 1)}
    return columns, rows


@pytest.fixture
def filled(tmp_path):
    """A form of Jetisu's akimat, filled as a clerk would; call it to change more of it."""

    def fill(change=None, *, place="KZ-33", body="akimat", name="answer.xlsx", letter="03-11/45"):
        path = write_form(tmp_path, place, body)
        workbook = load_workbook(path)
        sheet = workbook.active
        columns, rows = codes_of(sheet)
        sheet["C6"], sheet["C7"] = letter, datetime(2026, 11, 20)
        if body == "akimat":
            for year, value in MEETINGS.items():
                sheet.cell(rows["meetings"], columns[year], value)
        if change:
            change(workbook, sheet, columns, rows)
        answer = tmp_path / name
        workbook.save(answer)
        return answer

    return fill


def values(reply, item="meetings"):
    return {one.period: int(one.value) for one in reply.figures if one.item == item}


def test_a_filled_form_becomes_figures_with_the_letter_as_source(filled):
    def not_kept(workbook, sheet, columns, rows):
        choices = reasons()
        sheet.cell(rows["hotline"], columns["reason"], choices["held_elsewhere"])
        sheet.cell(rows["hotline"], columns["holder"], "iKomek109")
        sheet.cell(rows["meeting_participants"], columns["reason"], "не учитывается")

    reply = read_form(filled(not_kept))
    assert values(reply) == MEETINGS
    assert (reply.number, reply.date) == ("03-11/45", date(2026, 11, 20))
    assert reply.source["publisher"] == "Akimat: Jetisu Region"
    assert reply.missing == (
        ("meeting_participants", "not_kept", ""),
        ("hotline", "held_elsewhere", "iKomek109"),
    )


def renamed(workbook, sheet, columns, rows):
    sheet.title = "Лист1"
    workbook.create_sheet("Пустой", 0)


def with_a_row_more(workbook, sheet, columns, rows):
    sheet.insert_rows(rows["meetings"])
    sheet.cell(rows["meetings"], 2, "Вписано отделом:")


def with_a_column_more(workbook, sheet, columns, rows):
    sheet.unmerge_cells("B1:H1")
    for merged in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(merged))
    sheet.insert_cols(2)
    sheet["D6"], sheet["D7"] = "03-11/45", datetime(2026, 11, 20)


def typed_as_text(workbook, sheet, columns, rows):
    for year, value in zip(
        MEETINGS, ("150", " 2 10".replace(" ", ""), "198*", "205 встреч"[:3]), strict=True
    ):
        sheet.cell(rows["meetings"], columns[year], value)


@pytest.mark.parametrize(
    "change",
    [renamed, with_a_row_more, with_a_column_more, typed_as_text],
    ids=lambda one: one.__name__,
)
def test_what_a_clerk_moves_does_no_harm(filled, change):
    assert values(read_form(filled(change))) == MEETINGS


def in_cell(item, year, value):
    def change(workbook, sheet, columns, rows):
        sheet.cell(rows[item], columns[year], value)

    return change


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1 2З4", "in figures"),  # a Cyrillic letter for a 3, as scans have it
        ("l50", "in figures"),
        ("около 150", "in figures"),
        ("-", "in figures"),
        ("нет данных", "in figures"),
        (-3, "in figures"),
        (150.5, "a whole number"),
        (True, "a number"),
    ],
)
def test_a_cell_that_is_no_number_is_refused_by_its_name(filled, value, expected):
    with pytest.raises(DataError) as error:
        read_form(filled(in_cell("meetings", "2023", value)))
    (problem,) = error.value.problems
    assert problem.column == "F14"
    assert expected in problem.expected


@pytest.mark.parametrize(
    ("value", "read"), [("42 774", 42774), ("42\u00a0774", 42774), ("120 чел.", 120), ("7*", 7)]
)
def test_a_number_typed_as_text_is_read(filled, value, read):
    reply = read_form(filled(in_cell("people_received", "2023", value)))
    assert values(reply, "people_received") == {"2023": read}


def test_formulas_are_refused_with_their_cells(filled):
    with pytest.raises(DataError, match=r"F14: found the formula '=150\+60'"):
        read_form(filled(in_cell("meetings", "2023", "=150+60")))


def test_macros_are_refused_unopened(filled, tmp_path):
    answer = filled()
    with zipfile.ZipFile(answer, "a") as parts:
        parts.writestr("xl/vbaProject.bin", b"macro")
    with pytest.raises(DataError, match="found macros"):
        read_form(answer)


def test_what_cannot_be_known_is_refused(filled):
    def merged(workbook, sheet, columns, rows):
        sheet.merge_cells("E14:F14")

    def no_code(workbook, sheet, columns, rows):
        sheet.cell(rows["meetings"], 1).value = None

    def twice(workbook, sheet, columns, rows):
        sheet.cell(rows["meetings"], 1).value = "people_received"

    for change, said in ((merged, "E14:F14"), (no_code, "A14"), (twice, "people_received")):
        with pytest.raises(DataError, match=said):
            read_form(filled(change))


def test_a_letter_without_number_and_date_is_no_source(filled):
    def unsigned(workbook, sheet, columns, rows):
        sheet["C6"], sheet["C7"] = None, "вчера"

    with pytest.raises(DataError) as error:
        read_form(filled(unsigned))
    assert [problem.column for problem in error.value.problems] == ["answer-number", "answer-date"]


def test_another_workbook_is_not_taken_for_the_form(tmp_path):
    Workbook().save(tmp_path / "other.xlsx")
    with pytest.raises(DataError, match="openness-form"):
        read_form(tmp_path / "other.xlsx")
    (tmp_path / "scan.xlsx").write_bytes(b"%PDF-1.7")
    with pytest.raises(DataError, match="does not open as XLSX"):
        read_form(tmp_path / "scan.xlsx")


def test_figures_that_do_not_fit_are_asked_about_by_name(filled):
    def unlikely(workbook, sheet, columns, rows):
        for item, value in {
            "vote_listed": 400_000,
            "vote_voted": 250_000,
            "vote_turnout": 61.5,
        }.items():
            sheet.cell(rows[item], columns["majilis_2023"], value)
        for item, value in {
            "vote_listed": 400_000,
            "vote_voted": 400_001,
            "vote_turnout": "100",
        }.items():
            sheet.cell(rows[item], columns["referendum_2026"], value)

    reply = read_form(filled(unlikely, body="election_commission"))
    said = [str(doubt) for doubt in doubts(reply)]
    assert len(said) == 2
    assert "vote_voted, referendum_2026): 400001 is more than its whole, 400000 in" in said[0]
    assert "61.5 % does not follow from 250000" in said[1] and "62.50 %" in said[1]


# --- tables as bodies send them --------------------------------------------------------------


def mapping(**more):
    given = {
        "place": "KZ-33",
        "body": "akimat",
        "number": "7/1",
        "date": date(2026, 11, 20),
        "header": (1,),
        "first_row": 2,
        "last_row": 9,
    }
    return Mapping(**given | more)


def table(tmp_path, rows, merge=()):
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    for cells in merge:
        workbook.active.merge_cells(cells)
    path = tmp_path / "table.xlsx"
    workbook.save(path)
    return path


def read(path, meaning):
    reply = read_answer_table(path, meaning)
    return {(one.item, one.place_id, one.period): one.value for one in reply.figures}


def test_a_table_wide_by_year_with_footnotes(tmp_path):
    path = table(
        tmp_path,
        [
            ["Показатель", "2022 г.", "2023 г.", "2024 г.**"],
            ["Количество встреч*", "150", 210, "1\u00a0198"],
            ["Принято граждан", 3000, "3 100 чел.", 2900],
            ["* с учётом выездных"],
        ],
    )
    words = {"Количество встреч": "meetings", "Принято граждан": "people_received"}
    assert read(path, mapping(items=words)) == {
        ("meetings", "KZ-33", "2022"): 150,
        ("meetings", "KZ-33", "2023"): 210,
        ("meetings", "KZ-33", "2024"): 1198,
        ("people_received", "KZ-33", "2022"): 3000,
        ("people_received", "KZ-33", "2023"): 3100,
        ("people_received", "KZ-33", "2024"): 2900,
    }


REGIONS = [
    ["Сведения об обращениях", None, None, None, None],
    ["Регион", "2023", None, "2024", None],
    [None, "зарегистрировано", "с нарушением", "зарегистрировано", "с нарушением"],
    ["область Жетісу", 1000, 10, 1100, 9],
    ["Алматинская область", "2 000", 30, 2100, "28"],
    ["г. Шымкент", 3000, 5, 3300, 4],
    ["ИТОГО", 6000, 45, 6500, 41],
]
BY_REGION = {
    "place": "KZ",
    "body": "legal_statistics",
    "places": True,
    "header": (2, 3),
    "first_row": 4,
    "items": {"зарегистрировано": "appeals", "с нарушением": "appeals_late"},
}


def test_a_table_by_region_with_a_heading_of_two_rows_and_totals(tmp_path):
    path = table(tmp_path, REGIONS, merge=("A2:A3", "B2:C2", "D2:E2"))
    found = read(path, mapping(**BY_REGION))
    assert len(found) == 12
    assert found["appeals", "KZ-19", "2023"] == 2000
    assert found["appeals_late", "KZ-79", "2024"] == 4


def test_a_table_copied_from_a_pdf_one_item_by_region(tmp_path):
    """Everything is text, numbers are grouped by blanks, and a column adds up the row."""
    path = table(
        tmp_path,
        [
            ["№ п/п", "Өңір", "2023 жыл", "2024 жыл", "Барлығы"],
            ["1", "Жетісу облысы", "1 000", "1 100", "2 100"],
            ["2", "Шымкент қаласы", "3 000", "3 300", "6 300"],
            ["", "Барлығы", "4 000", "4 400", "8 400"],
        ],
    )
    meaning = mapping(place="KZ", body="legal_statistics", places=True, item="appeals")
    assert read(path, meaning) == {
        ("appeals", "KZ-33", "2023"): 1000,
        ("appeals", "KZ-33", "2024"): 1100,
        ("appeals", "KZ-79", "2023"): 3000,
        ("appeals", "KZ-79", "2024"): 3300,
    }


def test_noise_of_a_scan_and_a_total_that_is_off_are_named(tmp_path):
    rows = [list(row) for row in REGIONS]
    rows[4][1], rows[6][4] = "2 0О0", 42
    with pytest.raises(DataError) as error:
        read_answer_table(table(tmp_path, rows, merge=("B2:C2", "D2:E2")), mapping(**BY_REGION))
    found = {problem.column: problem.found for problem in error.value.problems}
    assert found["B5"] == "'2 0О0'"
    assert found["E7"] == "the total 42"


def test_a_heading_that_means_nothing_is_named(tmp_path):
    rows = [*REGIONS[:5], ["Атлантида", 1, 1, 1, 1]]
    with pytest.raises(DataError, match=r"B6: found 1 under headings that name no place"):
        read_answer_table(table(tmp_path, rows, merge=("B2:C2", "D2:E2")), mapping(**BY_REGION))


# --- entered ---------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A copy of the data to write to."""
    copy = tmp_path / "home"
    for folder in ("data", "notebooks"):
        shutil.copytree(paths.root() / folder, copy / folder)
    shutil.copy(paths.root() / "CHANGELOG.md", copy)
    (copy / "pyproject.toml").touch()
    monkeypatch.setenv("OPENNESS_HOME", str(copy))
    return copy


def raw(home, name):
    with (home / "data" / "raw" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_an_answer_is_shown_and_entered_only_when_asked(filled, home, capsys):
    answer = filled(in_cell("questions_resolved", "2023", 12))
    before = raw(home, "meetings")
    assert main(["data", "add", "--form", str(answer)]) == 0
    shown = capsys.readouterr().out
    assert "+ meetings_held 150 KZ-33 2022: new" in shown and "Nothing was written" in shown
    assert raw(home, "meetings") == before
    assert main(["data", "add", "--form", str(answer), "--write"]) == 0
    new = raw(home, "meetings")[len(before) :]
    assert {
        row["period_start"]: row["value"] for row in new if row["indicator"] == "meetings_held"
    } == {
        "2022-06-08": "150",
        "2023-01-01": "210",
        "2024-01-01": "198",
        "2025-01-01": "205",
    }
    (source,) = [row for row in raw(home, "sources") if row["source_id"] == new[0]["source_id"]]
    assert source["title"] == "Answer No. 03-11/45 of 2026-11-20 to a request for information"
    assert main(["data", "add", "--form", str(answer), "--write"]) == 1  # it is there already


@pytest.mark.slow
def test_this_years_answer_is_held_against_last_years(filled, home, capsys):
    assert main(["data", "add", "--form", str(filled()), "--write"]) == 0
    later = filled(in_cell("meetings", "2023", 240), name="later.xlsx", letter="03-11/99")
    capsys.readouterr()
    assert main(["data", "add", "--form", str(later), "--write"]) == 0
    asked = "240, but Answer No. 03-11/45 of 2026-11-20 said 210. Why do they differ?"
    assert asked in capsys.readouterr().out
    (kept,) = [
        row for row in raw(home, "meetings") if row["value"] == "240" and "answer" in row["note"]
    ]
    assert asked in kept["note"]
    assert Decimal(kept["value"]) == 240


def test_a_table_needs_its_mapping(tmp_path, capsys):
    path = table(tmp_path, REGIONS, merge=("B2:C2", "D2:E2"))
    assert main(["data", "add", "--table", str(path)]) == 2
    meaning = tmp_path / "mapping.toml"
    meaning.write_text(
        'place = "Kazakhstan"\nbody = "legal_statistics"\nnumber = "2-1/7"\ndate = 2026-11-20\n'
        "header = [2, 3]\nfirst_row = 4\nlast_row = 7\nplaces = true\n"
        '[items]\n"зарегистрировано" = "appeals"\n"с нарушением" = "appeals_late"\n',
        "utf-8",
    )
    assert main(["data", "add", "--table", str(path), "--mapping", str(meaning)]) == 0
    assert "+ appeals_late 9 KZ-33 2024: new" in capsys.readouterr().out
    meaning.write_text('place = "Kazakhstan"\nbodies = "akimat"\n', "utf-8")
    assert main(["data", "add", "--table", str(path), "--mapping", str(meaning)]) == 1
    assert "not known ['bodies']" in capsys.readouterr().err
