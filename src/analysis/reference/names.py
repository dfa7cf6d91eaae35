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
    return text.casefold().translate(_LATIN)


def _fold(text: str) -> tuple[str, str | None]:
    """Return a name in plain Latin letters and the level that its words name."""
    text = " ".join(re.sub(r"[\"«»“”()]", " ", text.casefold()).split())
    kind = None
    for level, words in _KINDS.items():
        shorter = re.sub(rf"(?<!\w)(?:{words})(?!\w)", " ", text)
        if shorter != text:
            kind = kind or level
            text = shorter
    return " ".join(re.sub(r"[^a-z0-9]+", " ", latin(text)).split()), kind


def folding() -> tuple[dict[str, str], tuple[str, ...]]:
    """Return how names are made comparable: plain Latin letters, and the words for levels.

    Returns
    -------
    tuple
        What each letter becomes, and regular expressions of words that are no part of a name. For
        programs that match names elsewhere, such as a page with a search.

    Examples
    --------
    >>> letters, _ = folding()
    >>> letters["ж"]
    'zh'
    """
    letters = {chr(code): plain for code, plain in _LATIN.items()}
    return letters, tuple(_KINDS.values())


def spellings() -> dict[str, tuple[str, ...]]:
    """Return every spelling of each place that the gazetteer knows, in plain Latin letters.

    Examples
    --------
    >>> "zhetysu" in spellings()["KZ-33"]
    True
    """
    names = _names()
    by_place = names.groupby("place_id", sort=False)["folded"]
    return {str(place): tuple(folded) for place, folded in by_place}


@cached_on("raw/places")
def _names() -> pd.DataFrame:
    known = [named for row in read_rows("raw/places") if _is_here(row) for named in _spellings(row)]
    columns = ["folded", "place_id", "level", "name", "valid_from", "valid_to"]
    frame = pd.DataFrame(known, columns=columns).drop_duplicates(["folded", "place_id"])
    for column in ("valid_from", "valid_to"):
        frame[column] = pd.to_datetime(frame[column])
    return frame


def _is_here(row: dict[str, str]) -> bool:
    """Return whether a place lies in Kazakhstan: its parents lead to the nation."""
    return row["place_id"] == NATION or row["parent_id"] != ""


def _spellings(row: dict[str, str]) -> list[tuple[str, ...]]:
    aliases = re.sub(r"\([^)]*\)", "", row["aliases"]).split(";")
    names = {row[column] for column in row if column.startswith("name_")} | set(aliases)
    found: list[tuple[str, ...]] = []
    for name in sorted(names - {""}):
        folded, kind = _fold(name)
        if folded:
            level = kind or row["level"]
            found.append(
                (folded, row["place_id"], level, row["name_en"], row["valid_from"], row["valid_to"])
            )
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
    by_kato = {row["kato"]: row["place_id"] for row in rows if row["kato"]}
    return by_kato | {row["place_id"]: row["place_id"] for row in rows}


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
    level = level or kind
    if level:
        levels = ["city", "town"] if level == "city" else [level]
        names = names[names["level"].isin(levels)]
    exact = names[names["folded"] == folded]
    if not exact.empty:
        return _only(text, exact)
    return _nearest(text, folded, names)


def _valid_names(on: date | str | None) -> pd.DataFrame:
    day = pd.Timestamp(on) if on else pd.Timestamp.today()
    names = _names()
    began_later, ended_before = names["valid_from"] > day, names["valid_to"] < day
    return names[~began_later & ~ended_before]


def _nearest(text: str, folded: str, names: pd.DataFrame) -> Match:
    """Return the one place whose name is a letter or so away and that no other name rivals."""
    spellings = names["folded"].tolist()
    found = process.extract(
        folded, spellings, scorer=fuzz.ratio, limit=_CANDIDATES, score_cutoff=_WORTH_NAMING
    )
    close = [(names.iloc[position], score) for _, score, position in found]
    good = [(row, score) for row, score in close if _is_misspelling(row["folded"], folded, score)]
    if good:
        best, top = good[0]
        rivals = {row["place_id"] for row, score in close if score > top - _CLEAR_LEAD}
        if len(rivals) == 1:
            return Match(best["place_id"], best["name"], top)
    raise _unsure(text, [f"{row['name']} ({row['place_id']}, {score:.0f})" for row, score in close])


def _is_misspelling(name: str, given: str, score: float) -> bool:
    long_enough = len(given) >= _SHORTEST
    as_long = abs(len(name) - len(given)) <= 1
    return score >= _SAME_NAME and long_enough and as_long


def _only(text: str, rows: pd.DataFrame) -> Match:
    rows = rows.drop_duplicates("place_id")
    coded = [place for place in rows["place_id"] if "/" not in place]
    # A settlement without a code of its own gives way to its region of the same name.
    region_part = rows["place_id"].str.split("/").str[0]
    gives_way = rows["place_id"].ne(region_part) & region_part.isin(coded)
    rows = rows[~gives_way]
    regions = rows[rows["level"] == "region"]
    is_town = rows["level"].isin(["city", "town"])
    if len(regions) == 1 and not is_town.any():
        rows = regions
    if len(rows) > 1:
        named = [f"{row.name} ({row.place_id})" for row in rows.itertuples(index=False)]
        raise _unsure(text, named)
    return Match(rows["place_id"].item(), rows["name"].item(), 100.0)


def _unsure(text: str, candidates: list[str]) -> UnknownName:
    hint = "Add the level or the region, or use a code."
    return UnknownName("place", text, near=dict.fromkeys(candidates), hint=hint)
