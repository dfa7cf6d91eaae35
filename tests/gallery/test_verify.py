"""The published figures are what the code draws; a changed one is named with what changed."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from analysis import charts, gallery, paths
from analysis.errors import DataError

FEW = ("administrative_lawsuits", "tile_map", "timeline")


@pytest.fixture
def few(monkeypatch, tmp_path):
    """A copy of three published figures, and a code that draws only these."""
    figures = {name: charts.FIGURES[name] for name in FEW}
    monkeypatch.setattr(sys.modules["analysis.gallery.verify"], "FIGURES", figures)
    folder = Path(shutil.copytree(paths.root() / "figures", tmp_path / "figures"))
    record = json.loads((folder / "manifest.json").read_text())
    record["figures"] = {name: record["figures"][name] for name in FEW}
    (folder / "manifest.json").write_text(json.dumps(record))
    return folder


def change(folder, write):
    record = json.loads((folder / "manifest.json").read_text())
    write(record)
    (folder / "manifest.json").write_text(json.dumps(record))


def verdict_on(name, folder):
    return next(verdict for verdict in gallery.verify(folder) if verdict.name == name)


def test_a_redrawn_figure_passes(few):
    seen = []
    verdicts = gallery.verify(str(few), progress=seen.append)
    assert len(verdicts) == 3 and all(verdict.passed for verdict in verdicts)
    assert seen == verdicts == list(gallery.iter_verify(few))


def test_changed_data_is_named_with_its_rows(few):
    path = few / "tile_map.csv"
    path.write_text(path.read_text("utf-8").replace("0.9302", "0.9303"), "utf-8")
    change(few, lambda record: record["figures"]["tile_map"].update(csv="0" * 64))
    verdict = verdict_on("tile_map", few)
    assert not verdict.passed
    assert verdict.said.startswith("different data: ")


def test_a_picture_of_another_version_is_a_pass_with_a_note(few):
    def other_version(record):
        record["figures"]["timeline"]["svg"] = "0" * 64
        record["versions"]["matplotlib"] = "3.9.0"

    change(few, other_version)
    verdict = verdict_on("timeline", few)
    assert verdict.passed
    assert "(published: 3.9.0)" in verdict.said


def test_a_figure_that_is_new_or_gone_is_named(few):
    change(few, lambda record: record["figures"].update(old=record["figures"].pop("timeline")))
    assert verdict_on("timeline", few).said == "not published"
    assert verdict_on("old", few).said == "published, but no longer drawn"


def test_an_empty_folder_says_what_to_do(tmp_path):
    with pytest.raises(DataError, match="Run: openness figures"):
        gallery.verify(tmp_path)
