"""Reports are written once, and again when something changes."""

from __future__ import annotations

import re

import nbformat
import pytest

from analysis.errors import DataError, UnknownName
from analysis.report import build
from analysis.report.jobs import read_keys, standard_notebook, write_keys
from analysis.report.short_pages import district_pages


@pytest.mark.slow
def test_a_report_is_written_once_and_left_alone_until_something_changes(tmp_path):
    asked = {"places": "KZ-62", "languages": "kk"}
    told = []
    made = build(str(tmp_path), **asked, formats=["html", "docx"], progress=told.append)
    assert told == made
    (first,) = made
    assert str(first) == "KZ-62 (kk)" and first.fresh
    short = district_pages(tmp_path, "KZ-62", "kk")
    assert list(first.files) == [
        tmp_path / "KZ-62/openness-KZ-62-kk.html",
        tmp_path / "KZ-62/openness-KZ-62-kk.docx",
        *short,
    ]
    assert all(file.is_file() for file in first.files)
    page = first.files[0].read_text("utf-8")
    assert "75,48%" in page
    assert len(page) < 1_500_000
    assert not re.search(r"[\w-]+\.part$", " ".join(p.name for p in tmp_path.rglob("*")))
    (again,) = build(tmp_path, **asked, formats=["html", "docx"])
    assert not again.fresh
    write_keys(tmp_path, dict.fromkeys(read_keys(tmp_path), "made from something else"))
    first.files[0].write_text("old")
    for report in build(tmp_path, **asked, formats=["html"]):
        assert report.fresh
    assert first.files[0].read_text("utf-8") == page


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"places": ["KZ-99"]}, "place 'KZ-99' is not known.* Known: KZ, KZ-10"),
        ({"languages": ["de"]}, "language 'de' is not known"),
        ({"formats": ["odt"]}, "format 'odt' is not known.* Known: html, pdf, docx"),
    ],
)
def test_what_does_not_exist_is_refused_before_anything_runs(tmp_path, asked, message):
    with pytest.raises(UnknownName, match=message):
        build(tmp_path, **asked)
    assert not list(tmp_path.iterdir())


def test_the_report_notebook_holds_calls_and_no_outputs():
    cells = nbformat.read(standard_notebook(), as_version=4).cells
    code = [c for c in cells if c.cell_type == "code"]
    assert not any(c.outputs for c in code)
    parameters, *calls = code
    assert "parameters" in parameters.metadata.tags
    assert [line.split(" = ")[0] for line in parameters.source.splitlines()] == [
        "place", "language", "records", "title",
    ]  # fmt: skip
    assert all(len(c.source.splitlines()) == 1 for c in calls)


def test_a_notebook_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match=r"nothing\.ipynb: found no such file"):
        build(tmp_path, notebook="nothing.ipynb")
