"""Regions on a day, what they were part of before, where they lie on a map of tiles.

And their names.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from analysis.errors import UnknownName
from analysis.reference.languages import in_language, mark_not_found
from analysis.reference.votes import votes
from analysis.store import cached_on, read_rows

if TYPE_CHECKING:
    import pandas as pd

NATION = "KZ"
_REGION_LEVELS = ("region", "city")  # cities of republican significance are on this level
_END_OF_TIME = "9999-12-31"
Row = dict[str, str]


@cached_on("raw/places")
def _rows() -> dict[str, Row]:
    rows = read_rows("raw/places")
    return {row["place_id"]: row for row in rows}


def _is_region(row: Row) -> bool:
    lies_in_nation = row["parent_id"] == NATION
    return lies_in_nation and row["level"] in _REGION_LEVELS


def _exists(row: Row, on: str) -> bool:
    if row["valid_from"] > on:
        return False
    last_day = row["valid_to"] or _END_OF_TIME
    return last_day >= on


@cached_on("raw/places")
def regions(on: date | str | None = None) -> tuple[str, ...]:
    """Return the regions and cities of republican significance, those of a day if asked.

    Examples
    --------
    >>> len(regions()), len(regions("2021-01-10"))
    (20, 17)
    """
    day = str(on) if on else _END_OF_TIME
    found = []
    for place, row in _rows().items():
        if _is_region(row) and _exists(row, day):
            found.append(place)
    return tuple(sorted(found))


@cached_on("raw/places", "raw/votes")
def regions_in_votes() -> tuple[str, ...]:
    """Return today's regions.

    Then those of larger borders in which the national votes were counted.

    Examples
    --------
    >>> regions_in_votes()[-3:]
    ('KZ-ALM', 'KZ-KAR', 'KZ-VOS')
    """
    return (*regions(), *former_regions())


@cached_on("raw/places", "raw/votes")
def former_regions() -> tuple[str, ...]:
    """Return the regions of the first national vote that exist no longer in those borders.

    Examples
    --------
    >>> former_regions()
    ('KZ-ALM', 'KZ-KAR', 'KZ-VOS')
    """
    today = regions()
    first_vote = votes()[0]
    then = regions(first_vote.day)
    former = [place for place in then if place not in today]
    return tuple(former)


@cached_on("raw/places", "raw/votes")
def unmoved_regions() -> tuple[str, ...]:
    """Return the regions whose borders are those of the first national vote.

    Examples
    --------
    >>> len(unmoved_regions())
    14
    """
    today = regions()
    unmoved = [place for place in today if borders_before(place) is None]
    return tuple(unmoved)


def parts_of(former: str) -> tuple[str, ...]:
    """Return the regions that one of larger borders was split into.

    Examples
    --------
    >>> parts_of("KZ-ALM")
    ('KZ-19', 'KZ-33')
    """
    rows = _rows()
    today = regions()
    parts = [place for place in today if rows[place]["parent_before"] == former]
    return tuple(parts)


def borders_before(place: str) -> str | None:
    """Return the region that a region was part of at the first national vote, if it was.

    Examples
    --------
    >>> borders_before("KZ-33"), borders_before("KZ-39")
    ('KZ-ALM', None)
    """
    row = _rows().get(place)
    if row is None or row["parent_before"] not in former_regions():
        return None
    return row["parent_before"]


@cached_on("raw/places", "raw/votes")
def borders_moved_on() -> date:
    """Return the day since which regions have today's borders.

    Examples
    --------
    >>> borders_moved_on().isoformat()
    '2022-06-08'
    """
    rows = _rows()
    began = [rows[place]["valid_from"] for place in regions()]
    latest = max(began)
    return date.fromisoformat(latest)


@cached_on("raw/neighbours")
def _neighbours() -> dict[str, tuple[str, ...]]:
    found = {}
    for row in read_rows("raw/neighbours"):
        neighbours = row["neighbours"].split()
        found[row["place_id"]] = tuple(neighbours)
    return found


def neighbours(place: str) -> tuple[str, ...]:
    """Return the regions with which a region has a common land border; none for other places.

    Examples
    --------
    >>> neighbours("KZ-33")
    ('KZ-10', 'KZ-19', 'KZ-35')
    """
    return _neighbours().get(place, ())


def tiles() -> dict[str, tuple[int, int]]:
    """Return column and row of each region on a map of equal tiles.

    Examples
    --------
    >>> tiles()["KZ-33"]
    (7, 3)
    """
    rows = _rows()
    found = {}
    for place in regions():
        row = rows[place]
        found[place] = (int(row["tile_column"]), int(row["tile_row"]))
    return found


def has_rural_akims(place: str) -> bool:
    """Return whether rural akims are elected in a place.

    Cities of republican significance have none.

    Examples
    --------
    >>> has_rural_akims("KZ-33"), has_rural_akims("KZ-75")
    (True, False)
    """
    row = _rows()[place]
    return row["rural_akims"] != "no"


def report_places() -> tuple[str, ...]:
    """Return the places with a full report: the nation, each region, and the districts chosen.

    Examples
    --------
    >>> report_places()[0], report_places()[-1]
    ('KZ', '333400000')
    """
    wide = (NATION, *regions())
    districts = []
    for place, row in _rows().items():
        if row["report"] == "yes" and place not in wide:
            districts.append(place)
    return (*wide, *districts)


def region_of(place: str) -> str:
    """Return the region in which a place lies: itself for a region or the nation.

    Examples
    --------
    >>> region_of("333400000"), region_of("KZ-75")
    ('KZ-33', 'KZ-75')
    """
    rows = _rows()
    while place in rows and not _is_region(rows[place]):
        parent = rows[place]["parent_id"]
        if not parent:
            break
        place = parent
    return place


def place_name(place: str, language: str) -> str:
    """Return the name of a place, in the nominative.

    A name that was not found in the language is shown as it was found, with a mark.

    Raises
    ------
    UnknownName
        If there is no such place, with near codes.

    Examples
    --------
    >>> place_name("KZ-62", "ru")
    'область Ұлытау'
    >>> place_name("KZ-47/akshukur-village", "kk")
    '«Akshukur» ауылы (қазақша атауы табылмады)'
    """
    rows = _rows()
    if place not in rows:
        raise UnknownName("place", place, rows)
    return _name(rows[place], language)


def _name(row: Row, language: str) -> str:
    own = row.get(f"name_{language}")
    if own:
        return own
    described = row.get(f"described_{language}")
    return mark_not_found(described or in_language(row, "name", language), language)


def place_names(places: pd.DataFrame, language: str) -> pd.Series:
    """Return the names of a table of places in a language, marked where they are not in it.

    Parameters
    ----------
    places : pandas.DataFrame
        With columns `name_en`, `name_kk`, `name_ru`, and `described_kk`, `described_ru` if known.
    language : str
    """
    import pandas as pd

    named = places.filter(regex="^(name|described)_").fillna("")
    names = [_name(row, language) for row in named.to_dict("records")]
    return pd.Series(names, index=places.index, dtype="str")
