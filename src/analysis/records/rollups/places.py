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
        tops = [code for code in self.names if self.parents.get(code, "") not in self.names]
        return tops[0] if len(tops) == 1 and len(self.names) > 1 else ""

    def region(self, place: str) -> str:
        """Return the region that a place lies in: itself where nothing above it is known.

        A place counts in the totals of the region that it lies in.
        """
        if place not in self.names:
            return _region(place)
        root = self.own_root()
        above = place
        while self.parents.get(above, "") in self.names and self.parents[above] != root:
            above = self.parents[above]
        return above

    def whole(self, places: list[str]) -> str:
        """Return the place that all records together are of."""
        stated = {place for place in places if place and place != NOT_STATED}
        regions = {self.region(place) for place in stated}
        if len(stated) == 1 and len(places) == 1:
            return stated.pop()
        if len(regions) == 1 and len(stated) == len(places):
            return regions.pop()
        if stated & set(self.names):
            return self.own_root() or ALL_RECORDS
        known = [place for place in stated if is_known(place)]
        return NATION if not stated or 2 * len(known) >= len(stated) else ALL_RECORDS

    def add_names(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with the names of its places in each language.

        Their region and level.
        """
        known = load.load_places().set_index("place_id")
        named = frame
        for language in reference.languages():
            names = reference.place_names(known, language).to_dict() | self.names
            names |= {
                ALL_RECORDS: text("place_all_records", language),
                NOT_STATED: text("place_not_stated", language),
            }
            column = frame["place_id"].map(names)
            named = named.assign(**{f"place_{language}": column.fillna(frame["place_id"])})
        regions = {place: self._region_shown(place) for place in frame["place_id"].unique()}
        return named.assign(
            region_id=frame["place_id"].map(regions),
            level=frame["place_id"].map(known["level"]),
        )

    def _region_shown(self, place: str) -> str:
        return "" if place in (ALL_RECORDS, NOT_STATED) else self.region(place)


def _region(place: str) -> str:
    return reference.region_of(place).split("/")[0] if is_known(place) else place


def is_known(place: str) -> bool:
    """Return whether the gazetteer has a place."""
    return place in _gazetteer()


@cached_on("places")
def _gazetteer() -> frozenset[str]:
    return frozenset(load.load_places()["place_id"])


def read_own_places(folder: Path) -> Places:
    """Return the places of a folder of records: those of its own list, if it has one."""
    path = folder / FILE
    if not path.is_file():
        return Places({}, {})
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = {row["code"]: row["name"] for row in rows}
    return Places(names, {row["code"]: row["parent"] for row in rows})
