"""data/raw is a valid Frictionless data package, and its descriptions are current."""

from __future__ import annotations

import csv

import pytest

from analysis import paths
from analysis.data import dictionary


def test_the_descriptions_are_what_the_data_give():
    for name, text in dictionary.described_files().items():
        assert (paths.root() / name).read_text("utf-8") == text, name


@pytest.mark.parametrize("folder", [paths.raw(), paths.processed()], ids=["raw", "processed"])
def test_frictionless_finds_the_package_valid(folder):
    from frictionless import Package, system

    with system.use_context(trusted=True):
        report = Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["resourceName", "rowNumber", "fieldName", "message"])[:5]


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_every_raw_column_is_described(language):
    page = dictionary.data_dictionary(language)
    for path in paths.raw().glob("*.csv"):
        for column in next(csv.reader(path.read_text("utf-8").splitlines())):
            assert f"`{column}`" in page
