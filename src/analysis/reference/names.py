"""Match names as people write them to a place that is valid at a date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import pandas as pd
from rapidfuzz import fuzz, process

from analysis.errors import UnknownName, near_names
from analysis.reference.places import NATION
from analysis.store import cached_on, read_rows

# fmt: off
_LATIN = str.maketrans({
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "e",
    "ж": "zh", "з": "z", "и": "i", "й": "i", "к": "k", "қ": "k", "л": "l", "м": "m", "н": "n",
    "ң": "n", "о": "o", "ө": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u",
    "ү": "u", "ф": "f", "х": "h", "һ": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ъ": "",
    "ы": "y", "і": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia", "ä": "a", "ğ": "g", "ñ": "n",
    "ń": "n", "ö": "o", "ū": "u", "ü": "u", "ş": "sh", "š": "sh", "ý": "y", "ı": "y", "q": "k",
    "ǵ": "g", "á": "a", "ó": "o", "ú": "u", "w": "u", "y": "y",
})
# fmt: on
# What a word says of the level; the words themselves are no part of the name.
_KINDS = {
    "rural_district": (
        r"rural district|ауылдық округі?|сельск(?:ий|ого) округ|с\.?\s?о\.|"
        r"auyldyq okrug[i]?|ayyldyk okrug"
    ),
    "region": r"region|oblast|oblysy|область|обл\.?|облысы|облыс",
    "district": r"district|raion|rayon|район|р-н|ауданы|аудан|audany",
    "city": r"city|город|г\.|қаласы|қ\.|qalasy|kalasy",
}


# Scores of likeness, 0 to 100, and the shortest name that is matched unless it is exact.
_SAME_NAME, _WORTH_NAMING, _CLEAR_LEAD, _SHORTEST = 88, 60, 8, 5
_CANDIDATES = 8
_CITIES = ["city", "town"]


@dataclass(frozen=True)
class Match:
    """A place that a name was matched to; `score` is 100 for an exact match of name or alias."""

    place_id: str
    name: str
    score: float


def latin(text: str) -> str:
    """Return text in small plain Latin letters, whichever of the alphabets it is written in.

    Examples
    --------
    >>> latin("Тіркелген күні") == latin("Tirkelgen kúni")
    True
    """
    lower = text.casefold()
    return lower.translate(_LATIN)


def _fold(text: str) -> tuple[str, str | None]:
    """Return a name in plain Latin letters and the level that its words name."""
    name = re.sub(r"[\"«»“”()]", " ", text.casefold())
    name = " ".join(name.split())
    kind = None
    for level, words in _KINDS.items():
        without = re.sub(rf"(?<!\w)(?:{words})(?!\w)", " ", name)
        if without != name:
            kind = kind or level
            name = without

    letters = re.sub(r"[^a-z0-9]+", " ", latin(name))
    return " ".join(letters.split()), kind


@cached_on("raw/places")
def _names() -> pd.DataFrame:
    known = []
    for row in read_rows("raw/places"):
        if _is_here(row):
            known += _spellings(row)
    columns = ["folded", "place_id", "level", "name", "valid_from", "valid_to"]
    frame = pd.DataFrame(known, columns=columns)
    frame = frame.drop_duplicates(["folded", "place_id"])
    for column in ("valid_from", "valid_to"):
        frame[column] = pd.to_datetime(frame[column])
    return frame


def _is_here(row: dict[str, str]) -> bool:
    """Return whether a place lies in Kazakhstan: its parents lead to the nation."""
    if row["place_id"] == NATION:
        return True
    return row["parent_id"] != ""


def _all_names(row: dict[str, str]) -> set[str]:
    """Return the names of a place in all languages and its aliases, without what brackets say."""
    aliases = re.sub(r"\([^)]*\)", "", row["aliases"])
    names = set(aliases.split(";"))
    for column, cell in row.items():
        if column.startswith("name_"):
            names.add(cell)
    return names - {""}


def _spellings(row: dict[str, str]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name in sorted(_all_names(row)):
        folded, kind = _fold(name)
        if not folded:
            continue
        spelling = (
            folded,
            row["place_id"],
            kind or row["level"],
            row["name_en"],
            row["valid_from"],
            row["valid_to"],
        )
        found.append(spelling)
    return found


def find_place(name: str) -> str:
    """Return the code of a place from its code, its KATO code, or a name in any language.

    Raises
    ------
    UnknownName
        If no place or more than one fits.

    Examples
    --------
    >>> find_place("KZ-33"), find_place("Jetisu"), find_place("330000000")
    ('KZ-33', 'KZ-33', 'KZ-33')
    """
    codes = _codes()
    if name in codes:
        return codes[name]
    try:
        return match_place(name).place_id
    except UnknownName as unsure:
        near = unsure.near or near_names(name, codes)
        raise UnknownName("place", name, near=near, hint=unsure.hint) from None


@cached_on("raw/places")
def _codes() -> dict[str, str]:
    rows = read_rows("raw/places")
    codes = {row["kato"]: row["place_id"] for row in rows if row["kato"]}
    for row in rows:
        place = row["place_id"]
        codes[place] = place
    return codes


def match_place(text: str, *, on: date | str | None = None, level: str | None = None) -> Match:
    """Match a name in Kazakh, Russian or English, Cyrillic or Latin, to a place.

    Parameters
    ----------
    text : str
        For instance "Жетысуская обл.", "Zhetysu region", "г. Нур-Султан".
    on : date or str, optional
        The day at which the place must exist (borders moved on 8 June 2022); today's places if not
        given.
    level : str, optional
        Keep to one level; else the words of the name decide (область, район, city ...). A bare name
        is a region before a district; a bare "Almaty" is the city or the region, and so an error.

    Returns
    -------
    Match

    Raises
    ------
    UnknownName
        If no place or more than one fits, with the candidates.

    Examples
    --------
    >>> match_place("Жетысуская область").place_id
    'KZ-33'
    >>> match_place("Алматинская обл.", on="2021-07-25").place_id
    'KZ-ALM'
    """
    folded, kind = _fold(text)
    names = _valid_names(on)
    wanted = level or kind
    if wanted:
        levels = _CITIES if wanted == "city" else [wanted]
        names = names[names["level"].isin(levels)]

    exact = names[names["folded"] == folded]
    if exact.empty:
        return _nearest(text, folded, names)
    return _only(text, exact)


def _valid_names(on: date | str | None) -> pd.DataFrame:
    day = pd.Timestamp(on) if on else pd.Timestamp.today()
    names = _names()
    began_later = names["valid_from"] > day
    ended_before = names["valid_to"] < day
    return names[~began_later & ~ended_before]


def _nearest(text: str, folded: str, names: pd.DataFrame) -> Match:
    """Return the one place whose name is a letter or so away and that no other name rivals."""
    found = process.extract(
        folded,
        names["folded"].tolist(),
        scorer=fuzz.ratio,
        limit=_CANDIDATES,
        score_cutoff=_WORTH_NAMING,
    )

    close = [(names.iloc[position], score) for _, score, position in found]
    misspelt = [
        (row, score) for row, score in close if _is_misspelling(row["folded"], folded, score)
    ]
    if misspelt:
        best, top = misspelt[0]
        rivals = {row["place_id"] for row, score in close if score > top - _CLEAR_LEAD}
        if len(rivals) == 1:
            return Match(best["place_id"], best["name"], top)
    candidates = [f"{row['name']} ({row['place_id']}, {score:.0f})" for row, score in close]
    raise _unsure(text, candidates)


def _is_misspelling(name: str, given: str, score: float) -> bool:
    long_enough = len(given) >= _SHORTEST
    difference = abs(len(name) - len(given))
    return long_enough and difference <= 1 and score >= _SAME_NAME


def _without_namesakes(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows without settlements that have no code and share the name of their region.

    Such a settlement stands under the code of its region, a slash and its name.
    """
    place = rows["place_id"]
    region = place.str.split("/").str[0]
    has_code = place == region
    regions = place[has_code]
    return rows[has_code | ~region.isin(regions)]


def _only(text: str, rows: pd.DataFrame) -> Match:
    found = _without_namesakes(rows.drop_duplicates("place_id"))
    regions = found[found["level"] == "region"]
    has_town = found["level"].isin(_CITIES).any()
    if len(regions) == 1 and not has_town:
        found = regions

    if len(found) > 1:
        candidates = []
        for row in found.itertuples(index=False):
            candidates.append(f"{row.name} ({row.place_id})")
        raise _unsure(text, candidates)
    place = found.iloc[0]
    return Match(place["place_id"], place["name"], 100.0)


def _unsure(text: str, candidates: list[str]) -> UnknownName:
    hint = "Add the level or the region, or use a code."
    return UnknownName("place", text, near=dict.fromkeys(candidates), hint=hint)
