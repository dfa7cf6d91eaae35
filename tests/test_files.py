"""Files are written whole or not at all, the same bytes each time, and safe for a spreadsheet."""

from __future__ import annotations

import io
import zipfile

import pytest

from analysis import files
from analysis.files import quote_formula, timeless, write_whole


def test_a_file_is_there_whole_and_nothing_beside_it(tmp_path):
    write_whole(tmp_path / "new" / "a.txt", "ә")
    assert (tmp_path / "new" / "a.txt").read_bytes() == "ә".encode()
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["a.txt"]


def test_what_was_there_stays_when_writing_fails(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(files.os, "replace", fail)
    with pytest.raises(OSError, match="no space"):
        write_whole(path, "new")
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]


def archive(*, stamp, day):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        core = f"<dcterms:created>{stamp}</dcterms:created>"
        book.writestr(zipfile.ZipInfo("docProps/core.xml", day), core)
    return out.getvalue()


def test_two_builds_of_a_document_are_the_same_bytes():
    first = archive(stamp="2026-11-25T10:00:00Z", day=(2026, 11, 25, 10, 0, 0))
    second = archive(stamp="2027-01-01T00:00:00Z", day=(2027, 1, 1, 0, 0, 0))
    assert first != second
    assert timeless(first) == timeless(second)


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "-2+3", "+7 (701) 1", "\t=1"])
def test_a_formula_becomes_text(cell):
    assert quote_formula(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["", "-0.25", "+3", "a=b", "Жетісу", "1e-3"])
def test_text_and_numbers_stay(cell):
    assert quote_formula(cell) == cell
