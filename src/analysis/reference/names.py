"""Match names as people write them to a place that is valid at a date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

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
    "ń": "n", "ö": "o", "ū": "u", "ü": "u", "ş": "sh", "š": "sh", "ý": "y", "ı": "i", "q": "k",
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
_CITIES = ("city", "town")


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
    name = re.sub(r"[\"«»“”()]|(?<=\.)(?=\w)", " ", text.casefold())
    name = " ".join(name.split())
    kind = None
    for level, words in _KINDS.items():
        without = re.sub(rf"(?<!\w)(?:{words})(?!\w)", " ", name)
        if without != name:
            kind = kind or level
            name = without

    letters = re.sub(r"[^a-z0-9]+", " ", latin(name))
    return " ".join(letters.split()), kind


class _Spelling(NamedTuple):
    """One spelling of a place; the days are ISO texts, empty where a side is open."""

    folded: str
    place_id: str
    level: str
    name: str
    valid_from: str
    valid_to: str

    def is_valid(self, day: str) -> bool:
        has_begun = self.valid_from <= day
        has_ended = self.valid_to != "" and self.valid_to < day
        return has_begun and not has_ended


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
    found: dict[str, tuple[str, ...]] = {}
    for spelling in _spellings():
        before = found.get(spelling.place_id, ())
        found[spelling.place_id] = (*before, spelling.folded)
    return found


@cached_on("raw/places")
def _spellings() -> list[_Spelling]:
    """Return each spelling of each place once, in the order of the raw table."""
    found: dict[tuple[str, str], _Spelling] = {}
    for row in read_rows("raw/places"):
        if not _is_here(row):
            continue
        for spelling in _spellings_of(row):
            found.setdefault((spelling.folded, spelling.place_id), spelling)
    return list(found.values())


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


def _spellings_of(row: dict[str, str]) -> Iterator[_Spelling]:
    for name in sorted(_all_names(row)):
        folded, kind = _fold(name)
        if folded:
            yield _Spelling(
                folded=folded,
                place_id=row["place_id"],
                level=kind or row["level"],
                name=row["name_en"],
                valid_from=row["valid_from"],
                valid_to=row["valid_to"],
            )


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
    asked = date.fromisoformat(on) if isinstance(on, str) else on
    day = asked or date.today()
    iso_day = f"{day:%Y-%m-%d}"
    spellings = [known for known in _spellings() if known.is_valid(iso_day)]
    wanted = level or kind
    if wanted:
        levels = _CITIES if wanted == "city" else (wanted,)
        spellings = [known for known in spellings if known.level in levels]

    exact = [known for known in spellings if known.folded == folded]
    if exact:
        return _only(text, exact)
    return _nearest(text, folded, spellings)


def _nearest(text: str, folded: str, spellings: list[_Spelling]) -> Match:
    """Return the one place whose name is a letter or so away and that no other name rivals."""
    found = process.extract(
        folded,
        [known.folded for known in spellings],
        scorer=fuzz.ratio,
        limit=_CANDIDATES,
        score_cutoff=_WORTH_NAMING,
    )
    close = [(spellings[position], score) for _, score, position in found]
    misspelt = [known for known in close if _is_misspelling(known[0].folded, folded, known[1])]
    if misspelt:
        best, top = misspelt[0]
        rivals = {known.place_id for known, score in close if score > top - _CLEAR_LEAD}
        if len(rivals) == 1:
            return Match(best.place_id, best.name, top)
    candidates = [f"{known.name} ({known.place_id}, {score:.0f})" for known, score in close]
    raise _unsure(text, candidates)


def _is_misspelling(name: str, given: str, score: float) -> bool:
    long_enough = len(given) >= _SHORTEST
    difference = abs(len(name) - len(given))
    return long_enough and difference <= 1 and score >= _SAME_NAME


def _without_namesakes(spellings: list[_Spelling]) -> list[_Spelling]:
    """Return the spellings without settlements that have no code and share a region's name.

    Such a settlement stands under the code of its region, a slash and its name.
    """
    coded = {known.place_id for known in spellings if "/" not in known.place_id}
    kept = []
    for known in spellings:
        region, _, settlement = known.place_id.partition("/")
        if not settlement or region not in coded:
            kept.append(known)
    return kept


def _only(text: str, exact: list[_Spelling]) -> Match:
    """Return the one place meant by an exact name, or raise with those it may mean."""
    meant = _without_namesakes(exact)
    regions = [known for known in meant if known.level == "region"]
    has_town = any(known.level in _CITIES for known in meant)
    if len(regions) == 1 and not has_town:
        meant = regions
    if len(meant) > 1:
        candidates = [f"{known.name} ({known.place_id})" for known in meant]
        raise _unsure(text, candidates)
    (place,) = meant
    return Match(place.place_id, place.name, 100.0)


def _unsure(text: str, candidates: list[str]) -> UnknownName:
    hint = "Add the level or the region, or use a code."
    return UnknownName("place", text, near=dict.fromkeys(candidates), hint=hint)
