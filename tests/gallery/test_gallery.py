"""The published figures are what the code draws; a changed one is named with what changed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import charts, figures, paths
from analysis.errors import DataError

FEW = ("administrative_lawsuits", "tile_map", "timeline")


@pytest.fixture
def few(monkeypatch, tmp_path):
    """A copy of three published figures, and a code that draws only these."""
    monkeypatch.setattr(figures, "FIGURES", {name: charts.FIGURES[name] for name in FEW})
    folder = Path(shutil.copytree(paths.root() / "figures", tmp_path / "figures"))
    record = json.loads((folder / "manifest.json").read_text())
    record["figures"] = {name: record["figures"][name] for name in FEW}
    (folder / "manifest.json").write_text(json.dumps(record))
    return folder


def test_every_figure_is_published_with_its_data():
    record = json.loads((paths.root() / "figures" / "manifest.json").read_text())
    assert set(record["figures"]) == set(charts.FIGURES)
    for name in charts.FIGURES:
        published = (paths.root() / "figures" / f"{name}.csv").read_text("utf-8")
        assert charts.draw(name).data().to_csv(index=False, lineterminator="\n") == published


def test_a_redrawn_figure_passes(few):
    assert all(v.passed for v in figures.verify(few))


def test_changed_data_is_named_with_its_rows(few):
    path = few / "tile_map.csv"
    path.write_text(path.read_text("utf-8").replace("0.9302", "0.9303"), "utf-8")
    record = json.loads((few / "manifest.json").read_text())
    record["figures"]["tile_map"]["csv"] = "0" * 64
    (few / "manifest.json").write_text(json.dumps(record))
    verdict = next(v for v in figures.verify(few) if v.name == "tile_map")
    assert not verdict.passed
    assert verdict.said.startswith("different data: ")


def test_a_picture_of_another_version_is_a_pass_with_a_note(few):
    record = json.loads((few / "manifest.json").read_text())
    record["figures"]["timeline"]["svg"] = "0" * 64
    record["versions"]["matplotlib"] = "3.9.0"
    (few / "manifest.json").write_text(json.dumps(record))
    verdict = next(v for v in figures.verify(few) if v.name == "timeline")
    assert verdict.passed
    assert "(published: 3.9.0)" in verdict.said


def test_an_empty_folder_says_what_to_do(tmp_path):
    with pytest.raises(DataError, match="Run: openness figures"):
        list(figures.verify(tmp_path))


def test_figures_are_the_same_in_another_locale_time_zone_and_folder(tmp_path):
    code = (
        "from analysis import figures, charts; import pathlib, sys; "
        "[pathlib.Path(sys.argv[1], f).write_bytes(c) for n in ('timeline', 'tile_map') "
        "for f, c in figures._files(n, 'kk')[1].items()]"
    )
    outputs = []
    for zone, locale in (("UTC", "C"), ("Asia/Almaty", "C.UTF-8")):
        folder = tmp_path / zone.replace("/", "-")
        folder.mkdir()
        environment = os.environ | {
            "TZ": zone,
            "LC_ALL": locale,
            "OPENNESS_HOME": str(paths.root()),
        }
        subprocess.run(
            [sys.executable, "-c", code, str(folder)], env=environment, cwd=folder, check=True
        )
        outputs.append({file.name: file.read_bytes() for file in folder.iterdir()})
    assert outputs[0] == outputs[1] and len(outputs[0]) == 6
