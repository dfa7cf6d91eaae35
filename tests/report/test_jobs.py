"""What a report depends on, and which reports are there."""

from __future__ import annotations

import dataclasses

import pytest

from analysis import records
from analysis.errors import UnknownName
from analysis.report import FORMATS
from analysis.report.jobs import Order, common_key, read_keys, standard_notebook, write_keys


@pytest.fixture
def order(tmp_path):
    return Order(
        folder=tmp_path,
        places=["KZ-33", "KZ"],
        languages=["kk", "en"],
        formats=["pdf", "html"],
        notebook=standard_notebook(),
    )


def test_the_nation_comes_first_and_formats_in_one_order(order):
    jobs = list(order.jobs())
    assert [(job.place, job.language) for job in jobs] == [
        ("KZ", "kk"),
        ("KZ-33", "kk"),
        ("KZ", "en"),
        ("KZ-33", "en"),
    ]
    assert jobs[0].formats == ("html", "pdf")
    assert jobs[0].languages == ("en", "kk")
    assert jobs[0].offered == ("pdf",)


def test_the_short_pages_of_districts_go_with_the_page_of_their_region(order):
    region = dataclasses.replace(order, places=["KZ-39"])
    files = next(region.jobs()).files()
    assert "KZ-39/openness-391000000-kk.html" in files
    assert "KZ-39/openness-KZ-39-kk.html" in files
    on_paper = dataclasses.replace(region, formats=["pdf"])
    assert list(next(on_paper.jobs()).files()) == ["KZ-39/openness-KZ-39-kk.pdf"]


def test_a_page_links_to_what_was_there_before(order, tmp_path):
    (tmp_path / "KZ").mkdir()
    for name in ("openness-KZ-kk.docx", "openness-KZ-ru.html"):
        (tmp_path / "KZ" / name).touch()
    job = next(order.jobs())
    assert job.languages == ("en", "kk", "ru")
    assert job.offered == ("pdf", "docx")


def test_a_report_is_built_as_long_as_nothing_it_depends_on_changes(order, tmp_path):
    job = next(order.jobs())
    assert not job.is_built({}, "common")
    (tmp_path / "KZ").mkdir()
    for path in job.files().values():
        path.touch()
    write_keys(tmp_path, dict.fromkeys(job.files(), job.key("common")))
    keys = read_keys(tmp_path)
    assert job.is_built(keys, "common")
    assert not job.is_built(keys, "another version of the code")
    linked = dataclasses.replace(job, site="../index.html")
    assert not linked.is_built(keys, "common")


def test_keys_that_cannot_be_read_are_no_keys(tmp_path):
    (tmp_path / ".built.json").write_text("{")
    assert read_keys(tmp_path) == {}


def test_the_notebook_is_part_of_the_key(tmp_path):
    own = tmp_path / "own.ipynb"
    own.write_text("{}")
    assert common_key(own) != common_key()


def test_other_records_of_equal_counts_are_not_taken_for_the_same(order, tmp_path):
    keys = []
    for kind in ("Жалоба", "Запрос", "Жалоба"):
        export = tmp_path / "a.csv"
        export.write_text(f"№ обращения,Дата регистрации,Вид обращения\n1,01.03.2023,{kind}\n")
        own = tmp_path / str(len(keys))
        records.ingest(export, dataset="appeals", out=own, key=b"a key for the tests only")
        of_records = dataclasses.replace(order, records=str(own))
        keys.append(next(of_records.jobs()).key("common"))
    assert keys[0] != keys[1]
    assert keys[0] == keys[2]


@pytest.mark.parametrize(
    ("field", "name"), [("places", "KZ-99"), ("languages", "de"), ("formats", "odt")]
)
def test_names_that_do_not_exist_are_refused(order, field, name):
    with pytest.raises(UnknownName, match=name):
        dataclasses.replace(order, **{field: [name]}).check()


def test_formats_are_those_of_the_outputs():
    assert FORMATS == ("html", "pdf", "docx")
