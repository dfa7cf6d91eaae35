"""How the site names what is coded in the data: an indicator, one part of it, a place."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from analysis import reference
from analysis.locale import alphabetical, keys, text

# Columns whose codes have short words in the catalogues, by what the keys begin with.
_PREFIXES = {
    "indicator": "indicator_",
    "register": "register_",
    "office": "term_office_",
    "stage": "stage_",
    "breakdown": "breakdown_",
    "breakdown_value": "value_",
    "measure": "measure_",
    "unit": "unit_",
    "dataset": "dataset_",
}
# What tells the parts of one indicator apart.
PART = ("register", "office", "breakdown", "breakdown_value", "stage", "measure", "vote", "dataset")
TOTAL = "total"
_LEVEL = re.compile(r"^(?:область|город|г\.|район|село) ")


def code_words(column: str, code: str, language: str) -> str:
    """Return the words for a code: the short ones of the catalogue, else those of codes.csv.

    Examples
    --------
    >>> code_words("indicator", "turnout_share", "ru"), code_words("unit", "rank", "en")
    ('явка избирателей', 'place in an order')
    """
    prefix = _PREFIXES[column]
    key = prefix + code
    if key in _keys():
        return text(key, language)
    return reference.code_name(column, code, language)


@cache
def _keys() -> frozenset[str]:
    return frozenset(keys(""))


def capital(words: str) -> str:
    """Return words with a capital first letter.

    Examples
    --------
    >>> capital("явка")
    'Явка'
    """
    first, rest = words[:1], words[1:]
    return first.upper() + rest


def indicator_name(indicator: str, language: str) -> str:
    """Return the name of an indicator as a heading.

    Examples
    --------
    >>> indicator_name("turnout_share", "en")
    'Turnout'
    """
    return capital(code_words("indicator", indicator, language))


def place_words(place: str, language: str) -> str:
    """Return the name of a place; a region in borders it has no longer says so.

    Examples
    --------
    >>> place_words("KZ-19", "en"), place_words("KZ-ALM", "en")
    ('Almaty Region', 'Almaty Region (former borders)')
    """
    name = reference.place_name(place, language)
    if place not in reference.former_regions():
        return name
    return text("explorer_former", language, place=name)


def place_order(place: str, language: str) -> str:
    """Return the key by which places are sorted: the name without the word for its level.

    Examples
    --------
    >>> sorted(["KZ-62", "KZ-43", "KZ-10"], key=lambda place: place_order(place, "ru"))
    ['KZ-10', 'KZ-43', 'KZ-62']
    """
    name = place_words(place, language)
    return alphabetical(_LEVEL.sub("", name))


def part_code(part: Any) -> str:
    """Return the code of a part as it stands in addresses.

    Parameters
    ----------
    part : named tuple
        With the attributes of `PART`, empty where they do not matter.
    """
    codes = [code for code in part if code]
    return "~".join(codes) or TOTAL


def part_name(part: Any, language: str) -> str:
    """Return what a part of an indicator counts, in words.

    Parameters and codes as in `part_code`.
    """
    words = _each_in_words(part, ("register", "office"), language)
    if part.breakdown_value:
        kind = code_words("breakdown", part.breakdown, language)
        which = code_words("breakdown_value", part.breakdown_value, language)
        words.append(f"{kind}: {which}")
    words += _each_in_words(part, ("measure", "stage"), language)
    if part.vote:
        vote = reference.vote(part.vote)
        words.append(vote.name(language))
    words += _each_in_words(part, ("dataset",), language)
    if not words:
        return text("explorer_total", language)
    return capital(", ".join(words))


def _each_in_words(part: Any, columns: tuple[str, ...], language: str) -> list[str]:
    words = []
    for column in columns:
        code = getattr(part, column)
        if code:
            words.append(code_words(column, code, language))
    return words
