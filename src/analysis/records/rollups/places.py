"""Where places of records lie: in a region of Kazakhstan, in your own list, or nowhere known."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis import load, reference
from analysis.locale import text
from analysis.store import cached_on

# The places of records that lie in no one country or list.
ALL_RECORDS = "all_records"
NATION = "KZ"
NOT_STATED = "not_stated"
# The records of a region that name no place inside it; counted in its total, and not shown apart.
DIRECT = "~"
FILE = "places.csv"


@dataclass(frozen=True)
class Places:
    """The places that records may name: the user's own list beside the gazetteer."""

    names: dict[str, str]
    parents: dict[str, str]

    def own_root(self) -> str:
        """Return the one place of the own list that all others lie in, or ""."""
        if len(self.names) == 1:
            return ""
        tops = [code for code in self.names if not self._is_below(code)]
        return tops[0] if len(tops) == 1 else ""

    def _is_below(self, code: str) -> bool:
        parent = self.parents.get(code, "")
        return parent in self.names

    def region(self, place: str) -> str:
        """Return the region that a place lies in: itself where nothing above it is known.

        A place counts in the totals of the region that it lies in.
        """
        if place not in self.names:
            return _region(place)
        root = self.own_root()
        above = place
        while self._is_below(above):
            parent = self.parents[above]
            if parent == root:
                break
            above = parent
        return above

    def whole(self, places: list[str]) -> str:
        """Return the place that all records together are of."""
        stated = set(places) - {"", NOT_STATED}
        regions = {self.region(place) for place in stated}
        if len(stated) == 1 and len(places) == 1:
            return stated.pop()
        if len(regions) == 1 and len(stated) == len(places):
            return regions.pop()
        if not stated.isdisjoint(self.names):
            return self.own_root() or ALL_RECORDS
        known = list(filter(is_known, stated))
        if 2 * len(known) >= len(stated):
            return NATION
        return ALL_RECORDS

    def add_names(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with the region, the level and the names of its places."""
        known = load.load_places().set_index("place_id")
        place = frame["place_id"]
        named = frame.copy()
        for language in reference.languages():
            names = reference.place_names(known, language).to_dict()
            names |= self.names
            names[ALL_RECORDS] = text("place_all_records", language)
            names[NOT_STATED] = text("place_not_stated", language)
            found = place.map(names)
            named[f"place_{language}"] = found.fillna(place)
        regions = {code: self._region_shown(code) for code in place.unique()}
        named["region_id"] = place.map(regions)
        named["level"] = place.map(known["level"])
        return named

    def _region_shown(self, place: str) -> str:
        if place in (ALL_RECORDS, NOT_STATED):
            return ""
        return self.region(place)


def _region(place: str) -> str:
    if not is_known(place):
        return place
    region = reference.region_of(place)
    return region.split("/")[0]


def is_known(place: str) -> bool:
    """Return whether the gazetteer has a place."""
    return place in _gazetteer()


@cached_on("places")
def _gazetteer() -> frozenset[str]:
    places = load.load_places()
    return frozenset(places["place_id"])


def read_own_places(folder: Path) -> Places:
    """Return the places of a folder of records: those of its own list, if it has one."""
    names: dict[str, str] = {}
    parents: dict[str, str] = {}
    path = folder / FILE
    if not path.is_file():
        return Places(names, parents)
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            code = row["code"]
            names[code] = row["name"]
            parents[code] = row["parent"]
    return Places(names, parents)
