"""An eighth national vote is a row of votes.csv and its figures: no line of code changes."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import paths, reference

pytestmark = pytest.mark.slow

VOTE, DAY = "president_2029", "2029-01-14"
ROW = {
    "vote": VOTE,
    "scope": "national",
    "kind": "president",
    "day": DAY,
    "hours": "12:00 20:00",
    "region_stages": "preliminary",
    "name_en": "presidential election, 2029",
    "name_kk": "Президент сайлауы, 2029",
    "name_ru": "выборы Президента, 2029",
}
SHARE = {"KZ": "0.6", "KZ-33": "0.9"}  # all other regions 0.65
# All that is drawn and written of the vote, in one process of the copy.
CODE = """
import analysis, json, sys
from analysis import gallery, load_turnout, reference, report, stats, coverage
from analysis.derive import comparisons
from analysis.report.document import plain_text

told = {"votes": len(reference.votes()), "latest": reference.latest_votes()[0].code}
rows = load_turnout(vote="president_2029")
told["loaded"] = len(rows)
told["years"] = sorted(coverage().query("item == 'national_turnout'")["year"].unique().tolist())
votes, nation = comparisons.turnout_by_region(load_turnout(), analysis.load_residents())
told["compared"] = list(votes.columns)
told["sentence"] = stats.concordance(votes).summary("en")
told["charts"] = {}
for name in ("turnout_spread", "vote_pairs", "turnout_gaps", "tile_map"):
    drawn = gallery.draw(name, language="en")
    told["charts"][name] = [str(drawn.title), str(drawn.alt), drawn.data().to_csv()]
for name in gallery.FIGURES:
    for language in reference.languages():
        gallery.draw(name, language=language)
for language in reference.languages():
    sections = [report.key_figures("KZ-33", language=language)]
    sections += [report.national_votes(place, language=language) for place in ("KZ", "KZ-33")]
    sections += [report.values("KZ-33", language=language)]
    told[language] = [plain_text(section.blocks) for section in sections]
json.dump(told, open("told.json", "w"), ensure_ascii=False)
"""


def figures(columns: list[str]) -> list[dict[str, str]]:
    """Made-up turnout of the nation and of all regions, in the shape of national_votes.csv."""
    with (paths.raw() / "national_votes.csv").open(encoding="utf-8") as file:
        like = next(
            row
            for row in csv.DictReader(file)
            if row["indicator"] == "turnout_share" and row["stage"] == "preliminary"
        )
    rows = []
    for place in ("KZ", *reference.regions()):
        level = "national" if place == "KZ" else _level(place)
        row = like | {"vote": VOTE, "period_start": DAY, "period_end": DAY, "note": ""}
        row |= {"place_id": place, "region_id": place, "level": level}
        rows.append(row | {"value": SHARE.get(place, "0.65"), "precision": "as_printed"})
    return [{column: row[column] for column in columns} for row in rows]


def _level(place: str) -> str:
    with (paths.raw() / "places.csv").open(encoding="utf-8") as file:
        return next(row["level"] for row in csv.DictReader(file) if row["place_id"] == place)


def append(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writerows(rows)


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> dict:
    """What the suite says after the vote was entered into a copy of the data and built."""
    import json

    home = tmp_path_factory.mktemp("home")
    for name in ("data", "docs", "notebooks"):
        shutil.copytree(paths.root() / name, home / name)
    shutil.copy(paths.root() / "CHANGELOG.md", home)
    raw = home / "data" / "raw"
    append(raw / "votes.csv", [ROW])
    with (raw / "national_votes.csv").open(encoding="utf-8") as file:
        columns = next(csv.reader(file))
    append(raw / "national_votes.csv", figures(columns))
    environment = os.environ | {"OPENNESS_HOME": str(home)}
    for command in (["-m", "analysis.cli", "data", "build"], ["-c", CODE]):
        run = subprocess.run(
            [sys.executable, *command],
            cwd=home,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr[-3000:]
    return json.loads((home / "told.json").read_text("utf-8"))


def test_loaders_and_reference_know_the_vote(told):
    assert told["votes"] == len(reference.votes()) + 1
    assert told["latest"] == VOTE
    assert told["loaded"] == 1 + len(reference.regions())


def test_coverage_asks_for_its_year(told):
    assert 2029 in told["years"]


def test_comparisons_and_their_sentences_count_it(told):
    assert VOTE in told["compared"]
    assert len(told["compared"]) == len(reference.votes()) + 1
    assert str(len(told["compared"])) in told["sentence"]


@pytest.mark.parametrize("name", ["turnout_spread", "vote_pairs", "turnout_gaps", "tile_map"])
def test_charts_draw_it(told, name):
    assert any("2029" in part for part in told["charts"][name])


@pytest.mark.parametrize(("language", "name"), [(k[5:], v) for k, v in ROW.items() if "name_" in k])
def test_sections_name_it_in_each_language(told, language, name):
    opening, nation, region, values = told[language]
    assert name in opening
    assert "2029" in nation
    assert "2029" in region or name in region
    assert name in values


def test_the_widest_gap_of_a_region_may_be_that_of_the_new_vote(told):
    _, _, region, _ = told["en"]
    assert "+30 percentage points (presidential election, 2029)" in region
