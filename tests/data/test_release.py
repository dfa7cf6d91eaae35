"""The version follows from the diff; the workbook is readable, safe and the same twice."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from analysis import paths
from analysis.data.release import compare, workbook

BEFORE = {"a.csv": "id,v\n1,5\n2,6\n"}


@pytest.mark.parametrize(
    ("after", "version"),
    [
        ("id\n1\n2\n", "2.0.0"),
        ("id,v\n1,5\n", "2.0.0"),
        ("id,v\n1,5\n2,6\n3,7\n", "1.3.0"),
        ("id,v\n1,5\n2,9\n", "1.2.4"),
        ("id,v,w\n1,5,x\n2,6,x\n", "1.2.3"),
        (BEFORE["a.csv"], "1.2.3"),
    ],
)
def test_the_version_follows_from_the_diff(after, version):
    assert compare(BEFORE, {"a.csv": after}).next_version("1.2.3") == version


def test_the_notes_name_the_figure():
    notes = compare(BEFORE, {"a.csv": "id,v\n1,5\n2,9\n"}).notes()
    assert "### Values corrected\n\n- a: 2: v 6 -> 9" in notes


def test_the_workbook_keeps_letters_dates_and_numbers():
    book = load_workbook(paths.processed() / "openness.xlsx")
    tables = {file.stem for file in paths.processed().glob("*.csv")}
    assert book.sheetnames[0] == "about" and set(book.sheetnames[1:]) == tables
    votes = book["national_votes"]
    assert votes.freeze_panes == "A2"
    heads = [c.value for c in votes[1]]
    row = [c.value for c in votes[2]]
    assert row[heads.index("period_start")].year in range(2019, 2027)
    assert isinstance(row[heads.index("value")], int | float)
    names = [c.value for c in book["places"]["D"]]
    assert "Жетісу облысы" in names


def test_text_that_looks_like_a_formula_is_quoted():
    files = {
        "events.csv": 'theme,date,date_precision,event,kind,source_id,note\nx,2021,year,"=cmd|1",law,s,@y\n'
    }
    sheet = load_workbook(io.BytesIO(workbook(files, version="1.0.0")))["events"]
    assert [c.value for c in sheet[2]][3] == "'=cmd|1" and sheet["D2"].data_type == "s"
