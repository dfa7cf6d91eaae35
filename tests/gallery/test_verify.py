"""The published figures are what the code draws; a changed one is named with what changed."""

from __future__ import annotations

import hashlib
import json
import re
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


def move(folder, name, pattern, by):
    """Move one mark of a published picture by so many points, and write its hash."""
    path = folder / f"{name}.svg"
    moved = re.sub(pattern, lambda m: f"{m[1]}{float(m[2]) + by:.6f}", path.read_text(), count=1)
    assert moved != path.read_text()
    path.write_text(moved)
    hashed = hashlib.sha256(path.read_bytes()).hexdigest()
    change(folder, lambda record: record["figures"][name].update(svg=hashed))


DOT = r'(<use [^>]*style="fill: #0072b2[^>]*|<use xlink:href="#m\w+" x=")([\d.]+)'


@pytest.mark.parametrize(("by", "passed"), [(0.3, True), (0.5, False), (20, False)])
def test_another_version_may_move_a_mark_by_half_a_pixel(few, by, passed):
    move(few, "timeline", DOT, by)
    change(few, lambda record: record["versions"].update(matplotlib="3.9.0"))
    verdict = verdict_on("timeline", few)
    assert verdict.passed is passed
    assert "(published: 3.9.0)" in verdict.said
    assert ("lies" in verdict.said) is not passed


def test_other_bytes_never_pass_with_the_same_versions_on_the_same_system(few):
    move(few, "timeline", DOT, 0.001)
    verdict = verdict_on("timeline", few)
    assert not verdict.passed
    assert "on the same system: every mark within half a pixel" in verdict.said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Jetisu<", "Abai<", "“Jetisu” instead of “Abai”"),
        ("#0072b2", "#0072b3", "of another colour"),
    ],
)
def test_another_word_or_colour_is_another_picture(few, old, new, said):
    name = "tile_map" if "Jetisu" in old else "administrative_lawsuits"
    path = few / f"{name}.svg"
    path.write_text(path.read_text().replace(old, new, 1))
    change(few, lambda record: record["figures"][name].update(svg="0" * 64))
    change(few, lambda record: record["versions"].update(numpy="1.0"))
    verdict = verdict_on(name, few)
    assert not verdict.passed and said in verdict.said


def test_a_missing_picture_is_named(few):
    (few / "timeline.svg").unlink()
    change(few, lambda record: record["figures"]["timeline"].update(svg="0" * 64))
    assert verdict_on("timeline", few).said == "timeline.svg is missing"


def test_a_figure_that_is_new_or_gone_is_named(few):
    change(few, lambda record: record["figures"].update(old=record["figures"].pop("timeline")))
    assert verdict_on("timeline", few).said == "not published"
    assert verdict_on("old", few).said == "published, but no longer drawn"


def test_an_empty_folder_says_what_to_do(tmp_path):
    with pytest.raises(DataError, match="Run: openness figures"):
        gallery.verify(tmp_path)
