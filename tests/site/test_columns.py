"""What the explorer holds is what was released."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from analysis import reference, store
from analysis.locale import day
from analysis.site.columns import data_script, number_signs, values, words_script
from analysis.site.labels import PART

NUMBERS = ("value", "low", "high")


@pytest.fixture(scope="module")
def data() -> dict:
    return read(data_script())


def read(script: str) -> dict:
    return json.loads(script.split(" = ", 1)[1].rstrip().removesuffix(";"))


def test_every_released_value_is_there_and_no_other(data):
    """The columns are put together again by plain Python and compared with the files."""
    got = set()
    for n, value in enumerate(data["value"]):
        cell = {name: codes[data["rows"][name][n]] for name, codes in data["codes"].items()}
        start, end = cell["period"].split("/")[:2]
        sources = data["sources"][n]
        ids = [
            data["source"][one][0] for one in (sources if isinstance(sources, list) else [sources])
        ]
        bounds = [data[name].get(str(n), value) for name in ("low", "high")]
        own = (
            cell["dataset"],
            cell["indicator"],
            cell["place_id"],
            start,
            end,
            cell["as_of"],
            cell["vote"],
        )
        got.add((*own, cell["precision"], value, *bounds, " ".join(ids)))
    wanted = set()
    for dataset in reference.datasets():
        for row in store.read_rows(dataset):
            numbers = [float(row[name]) if row[name] else None for name in NUMBERS]
            own = [
                row[name]
                for name in ("indicator", "place_id", "period_start", "period_end", "as_of", "vote")
            ]
            wanted.add((dataset, *own, row["precision"], *numbers, row["sources"]))
    assert got == wanted
    assert len(data["value"]) == sum(len(store.read_rows(name)) for name in reference.datasets())


def test_a_part_stands_for_what_tells_it_apart(data):
    frame = values()
    n = int(frame.index[frame["register"].eq("e_otinish")][0])
    code = data["codes"]["part_code"][data["rows"]["part_code"][n]]
    assert dict(zip(PART, data["parts"][code], strict=True))["register"] == "e_otinish"
    assert frame.groupby("part_code")["part"].nunique().max() == 1


def test_a_part_never_mixes_two_data_sets():
    """The population that an election counted is not that of the statistics."""
    frame = values()
    alike = frame.groupby(["indicator", "part_code"])["dataset"].nunique()
    assert alike.max() == 1
    pavlodar = frame[frame["indicator"].eq("population") & frame["place_id"].eq("KZ-55")]
    whole = pavlodar[pavlodar["part_code"].eq("population")]
    assert whole["value"].min() > 750_000


def test_a_figure_through_the_day_is_a_part_of_its_vote_and_never_of_a_result():
    frame = values()
    interim = frame[frame["stage"].eq("interim")]
    assert all(part.vote for part in interim["part"])
    assert not set(interim["part_code"]) & set(frame.loc[frame["stage"].ne("interim"), "part_code"])


@pytest.mark.parametrize("language", reference.languages())
def test_every_code_has_words_and_every_place_its_turn(data, language):
    words = read(words_script(language))
    assert len(words["indicator"]) == len(data["codes"]["indicator"])
    assert set(words["part"]) == set(data["codes"]["part_code"])
    assert set(words["period"]) == set(data["codes"]["period"])
    places = data["codes"]["place_id"]
    assert sorted(place for place, _ in words["order"]) == list(range(len(places)))
    assert places[words["order"][0][0]] == "KZ"
    assert set(words["published"]) == {source[4] for source in data["source"]} - {""}
    assert words["published"]["2021-07-26"] == day(pd.Timestamp("2021-07-26").date(), language)


def test_districts_stand_under_their_region_in_the_order_of_the_alphabet(data):
    words = read(words_script("kk"))
    names = [words["place"][place] for place, _ in words["order"]]
    assert (
        names.index("Қостанай облысы")
        < names.index("Түркістан облысы")
        < names.index("Ұлытау облысы")
    )
    depth = {data["codes"]["place_id"][place]: inside for place, inside in words["order"]}
    order = [data["codes"]["place_id"][place] for place, _ in words["order"]]
    alakol = order.index("333400000")
    assert depth["333400000"] == 1
    above = next(place for place in order[alakol::-1] if not depth[place])
    assert above == "KZ-33"


def test_signs_of_numbers_are_those_of_the_language():
    assert number_signs("en") == {"decimal": ".", "group": ",", "percent": "%"}
    assert number_signs("kk") == {"decimal": ",", "group": "\xa0", "percent": "%"}
