"""The ZIP of a release: the same bytes each time, and readable by the tools it is described for."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

from analysis import paths
from analysis.data.archive import archive


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    with zipfile.ZipFile(io.BytesIO(archive())) as packed:
        assert packed.testzip() is None
        packed.extractall(folder)
    return folder


def test_two_archives_are_the_same_bytes():
    assert archive() == archive()


def test_the_archive_holds_the_released_files_and_their_descriptions(unpacked):
    names = {path.name for path in unpacked.iterdir()}
    released = {
        path.name
        for path in paths.processed().iterdir()
        if path.suffix in (".csv", ".json", ".xlsx")
    }
    dictionaries = {f"data-dictionary.{language}.md" for language in ("en", "kk", "ru")}
    assert names == released | dictionaries | {"README.md", "croissant.json"}
    for name in released:
        assert (unpacked / name).read_bytes() == (paths.processed() / name).read_bytes()


def test_every_column_is_described(unpacked):
    described = json.loads((unpacked / "croissant.json").read_text("utf-8"))
    for table in described["recordSet"]:
        header = (unpacked / f"{table['name']}.csv").read_text("utf-8").splitlines()[0]
        assert [field["name"] for field in table["field"]] == header.split(",")
    assert {"appeals", "places", "sources"} <= {table["name"] for table in described["recordSet"]}


@pytest.mark.slow
def test_mlcroissant_finds_no_fault_and_reads_the_rows_back(unpacked, caplog):
    mlcroissant = pytest.importorskip("mlcroissant")
    dataset = mlcroissant.Dataset(jsonld=unpacked / "croissant.json")
    assert not dataset.metadata.issues.errors
    assert not dataset.metadata.issues.warnings
    assert "not standard" not in caplog.text
    for table, column in (("appeals", "indicator"), ("places", "place_id")):
        with (unpacked / f"{table}.csv").open(encoding="utf-8") as file:
            wanted = [row[column] for row in csv.DictReader(file)]
        got = [row[f"{table}/{column}"].decode() for row in dataset.records(table)]
        assert got == wanted


@pytest.mark.slow
def test_frictionless_finds_the_package_valid_with_its_keys(unpacked, monkeypatch):
    frictionless = pytest.importorskip("frictionless")
    monkeypatch.chdir(unpacked)
    package = frictionless.Package("datapackage.json")
    report = package.validate()
    assert report.valid, report.flatten(["title", "message"])[:5]
    targets = {
        key["reference"]["resource"] for one in package.resources for key in one.schema.foreign_keys
    }
    assert targets == {"places", "sources"}
