"""The front page: sentences and the map say what the data say, and the search knows every name."""

from __future__ import annotations

import re

import pytest

from analysis import load_turnout, reference
from analysis.derive.coverage import coverage
from analysis.locale import percent
from analysis.reference.names import spellings
from analysis.site.findings import findings
from analysis.site.places import search_entries
from analysis.site.tiles import map_layers

FOUND = ("partial", "closing", "final")


def test_the_first_sentence_counts_what_was_found():
    cells = coverage()
    cells = cells[(cells["place_id"] != "KZ") & (cells["status"] != "not_applicable")]
    sentence = findings("en")[0][0]
    assert re.findall(r"\d+", sentence)[:2] == [str(len(cells)), "20"]
    assert f"{cells['status'].isin(FOUND).sum()} were found" in sentence


def test_most_and_least_are_named_with_those_that_are_level():
    sentence = findings("en")[2][0]
    assert "Jetisu Region" in sentence
    assert "(4 of 24)" in sentence
    assert sentence.index("Atyrau Region") < sentence.index("least")


@pytest.mark.parametrize("language", reference.languages())
def test_five_sentences_each_with_a_page(language):
    told = findings(language)
    assert len(told) == 5
    assert len({sentence for sentence, _ in told}) == 5
    assert all(sentence.endswith((".", ")")) for sentence, _ in told)


def test_a_tile_says_the_turnout_of_its_region_and_no_other():
    layer = next(one for one in map_layers("ru") if one.code == "majilis_2023")
    turnout = load_turnout(vote="majilis_2023").set_index("place_id")["value"]
    assert {place: words for place, (words, _) in layer.places.items()} == {
        place: percent(turnout[place], "ru") for place in reference.regions()
    }
    low, high = min(layer.places, key=turnout.get), max(layer.places, key=turnout.get)
    assert (layer.places[low][1], layer.places[high][1]) == (1, 5)


def test_a_region_that_did_not_exist_has_no_number():
    layer = next(one for one in map_layers("en") if one.code == "president_2019")
    assert layer.places["KZ-33"] == ("–", 0)
    assert layer.legend[-1][0] == 0


def test_the_search_holds_every_spelling_of_the_gazetteer(tmp_path):
    entries = {name: names for name, _, _, names in search_entries(tmp_path, "en")}
    assert {"zhetysu", "jetisu"} <= set(entries["Jetisu Region"])
    held = {name for names in entries.values() for name in names}
    today = {
        name for place, names in spellings().items() if place.startswith("KZ-") for name in names
    }
    assert today - held <= {"vostochno kazakhstanskaia"} or today & held
