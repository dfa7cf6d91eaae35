"""Figures are written, with their data, when `export` is called."""

from __future__ import annotations

import importlib
import io
import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from analysis import charts, gallery, paths
from analysis.charts.chart import _DATA_COLUMNS
from analysis.errors import UnknownName
from analysis.gallery.export import files_of
from analysis.locale import text

FEW = ("administrative_lawsuits", "tile_map", "timeline")


@pytest.fixture
def few(monkeypatch):
    figures = {name: charts.FIGURES[name] for name in FEW}
    monkeypatch.setattr(sys.modules["analysis.gallery.export"], "FIGURES", figures)


@pytest.mark.slow
def test_every_figure_is_published_with_its_data():
    record = json.loads((paths.root() / "figures" / "manifest.json").read_text())
    assert set(record["figures"]) == set(charts.FIGURES)
    for name in charts.FIGURES:
        published = (paths.root() / "figures" / f"{name}.csv").read_text("utf-8")
        assert charts.draw(name).table().to_csv(index=False, lineterminator="\n") == published


def test_export_works_when_called_and_returns_what_it_wrote(few, tmp_path):
    steps = []
    written = gallery.export(str(tmp_path / "out"), language="kk", progress=steps.append)
    assert sorted(written) == sorted((tmp_path / "out").iterdir())
    assert [step.name for step in steps] == list(FEW)
    assert (steps[-1].done, steps[-1].total) == (3, 3)
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["language"] == "kk"


def test_the_iterator_writes_one_figure_at_a_time(few, tmp_path):
    steps = gallery.iter_export(tmp_path)
    assert next(steps).name == FEW[0]
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".csv", ".png", ".svg", ".xlsx"]


def test_a_language_that_is_not_known_writes_nothing(tmp_path):
    with pytest.raises(UnknownName, match="'kz'"):
        gallery.export(tmp_path, language="kz")
    assert not list(tmp_path.iterdir())


def test_the_names_of_charts_are_those_of_the_figures():
    assert {charts.draw(name).key for name in FEW} == set(FEW)
    assert set(charts.FIGURES) <= set(charts.CHARTS)


def test_the_older_module_says_where_its_functions_are_now():
    sys.modules.pop("analysis.figures", None)
    with pytest.warns(DeprecationWarning, match=r"analysis\.gallery"):
        figures = importlib.import_module("analysis.figures")
    assert figures.contact_sheet is gallery.contact_sheet


@pytest.mark.slow
def test_figures_are_the_same_in_another_locale_time_zone_and_folder(tmp_path):
    code = (
        "from analysis.gallery.export import files_of; import pathlib, sys; "
        "[pathlib.Path(sys.argv[1], f).write_bytes(c) for n in ('timeline', 'tile_map') "
        "for f, c in files_of(n, 'kk')[1].items()]"
    )
    outputs = []
    for zone, locale in (("UTC", "C"), ("Asia/Almaty", "C.UTF-8")):
        folder = tmp_path / zone.replace("/", "-")
        folder.mkdir()
        settings = {"TZ": zone, "LC_ALL": locale, "OPENNESS_HOME": str(paths.root())}
        arguments = [sys.executable, "-c", code, str(folder)]
        subprocess.run(arguments, env=os.environ | settings, cwd=folder, check=True)
        outputs.append({file.name: file.read_bytes() for file in folder.iterdir()})
    assert outputs[0] == outputs[1] and len(outputs[0]) == 8


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_the_workbook_holds_the_rows_of_the_csv_under_headings_of_the_language(language):
    chart, files = files_of("tile_map", language)
    table = pd.read_excel(io.BytesIO(files["tile_map.xlsx"]), engine="openpyxl")
    listed = pd.read_csv(io.BytesIO(files["tile_map.csv"]))
    assert list(table) == list(listed)
    assert table.iloc[:, 0].tolist() == listed.iloc[:, 0].tolist()
    assert len(set(table)) == len(table.columns) and len(table) == 20
    value = {"en": "value", "kk": "мән", "ru": "значение"}[language]
    assert np.allclose(table[value], chart.data()["value"], equal_nan=True)
    assert files_of("tile_map", language)[1]["tile_map.xlsx"] == files["tile_map.xlsx"]


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_every_column_of_data_has_a_heading_of_its_own(language):
    heads = [text(f"head_{column}", language) for column in _DATA_COLUMNS]
    assert len(set(heads)) == len(heads)
