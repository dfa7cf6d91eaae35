"""The map of tiles on the front page, and what it can be coloured by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from analysis import load, reference
from analysis.derive.headline import counted_words
from analysis.locale import percent, text
from analysis.reference import place_name
from analysis.site.findings import found_of_regions
from analysis.site.labels import capital
from analysis.site.places import place_address

_STEPS = 5  # shades of the map
_NOTHING = "–"
_LETTERS = 4  # of a name on a tile of a phone
_WORDS_FOR_REGION = re.compile(r" (?:Region|облысы|область)$|^область |^г\. | қаласы$| city$")
Place = Any  # the code of a region, as pandas hands it out


class Layer(NamedTuple):
    """What the map can be coloured by: by place its words and its shade, 0 for no figure."""

    code: str
    name: str
    places: dict[str, tuple[str, int]]
    legend: list[tuple[int, str]]
    note: str


def map_layers(language: str) -> list[Layer]:
    """Return what the map can be coloured by: the figures found, then turnout in each vote."""
    every = reference.votes()
    votes = sorted(every, key=lambda vote: vote.day, reverse=True)
    of_coverage = _coverage_layer(language)
    of_votes = [_vote_layer(vote, language) for vote in votes]
    return [of_coverage, *of_votes]


def _coverage_layer(language: str) -> Layer:
    regions = found_of_regions()
    found, possible = regions["found"], regions["possible"]
    words = found.astype("str") + "/" + possible.astype("str")
    parts = (found / possible).to_dict()
    return Layer(
        code="coverage",
        name=text("map_coverage", language),
        places=_shaded(parts, words.to_dict()),
        legend=_legend(parts, language),
        note=text("map_coverage_note", language),
    )


def _vote_layer(vote: reference.Vote, language: str) -> Layer:
    rows = load.load_turnout(vote=vote.code)
    of_regions = rows[rows["place_id"].isin(reference.regions())]
    shares = of_regions.set_index("place_id")["value"].to_dict()
    words = {place: percent(value, language) for place, value in shares.items()}
    counted = capital(counted_words("preliminary", language))
    return Layer(
        code=vote.code,
        name=text("kf_turnout", language, vote=vote.name(language)),
        places=_shaded(shares, words),
        legend=_legend(shares, language),
        note=text("map_vote_note", language, counted=counted),
    )


def _bounds(shares: Mapping[Place, float]) -> list[float]:
    """Return the bounds of equal steps from the lowest to the highest share."""
    low = min(shares.values())
    high = max(shares.values())
    width = (high - low) / _STEPS
    bounds = [low]
    for step in range(1, _STEPS):
        bounds.append(low + step * width)
    return [*bounds, high]


def _shaded(
    shares: Mapping[Place, float], words: Mapping[Place, str]
) -> dict[str, tuple[str, int]]:
    inner = _bounds(shares)[1:-1]
    places = {place: (_NOTHING, 0) for place in reference.regions()}
    for place, share in shares.items():
        step = 1 + sum(share >= bound for bound in inner)
        places[str(place)] = (words[place], step)
    return places


def _legend(shares: Mapping[Place, float], language: str) -> list[tuple[int, str]]:
    bounds = [percent(bound, language, digits=0) for bound in _bounds(shares)]
    legend = []
    for step in range(1, _STEPS + 1):
        low, high = bounds[step - 1], bounds[step]
        legend.append((step, f"{low} – {high}"))
    if len(shares) < len(reference.regions()):
        legend.append((0, text("map_nothing", language)))
    return legend


def tiles(layer: Layer, folder: Path, language: str) -> list[dict[str, Any]]:
    """Return the tiles of the map, row by row: readers by keyboard go through them so.

    Parameters
    ----------
    layer : Layer
        What they are coloured by at first.
    folder : Path
        Where the reports are.
    language : str
    """
    short = _short_names(language)
    found = []
    for place, (column, row) in reference.tiles().items():
        words, step = layer.places[place]
        tile = {
            "place": place,
            "column": column + 1,
            "row": row + 1,
            "name": place_name(place, language),
            "short": short[place],
            "code": short[place][:_LETTERS],
            "words": words,
            "step": step,
            "href": place_address(folder, place, language),
        }
        found.append(tile)
    return sorted(found, key=lambda tile: (tile["row"], tile["column"]))


def _short_names(language: str) -> dict[str, str]:
    """Return the names of regions without the word for it; a city keeps it beside its region."""
    short = {}
    for place in reference.regions():
        name = place_name(place, language)
        short[place] = _WORDS_FOR_REGION.sub("", name)
    names = list(short.values())
    for place, name in short.items():
        is_city = not reference.has_rural_akims(place)
        is_shared = names.count(name) > 1
        if is_city and is_shared:
            short[place] = place_name(place, language)
    return short
