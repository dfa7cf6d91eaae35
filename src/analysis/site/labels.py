"""How the site names what is coded in the data: an indicator, one part of it, a place."""

from __future__ import annotations

from functools import cache
from typing import Any

from analysis import reference
from analysis.locale import keys, text

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
PART = ("register", "office", "breakdown", "breakdown_value", "stage", "measure", "vote")
TOTAL = "total"


def code_words(column: str, code: str, language: str) -> str:
    """Return the words for a code: the short ones of the catalogue, else those of codes.csv.

    Examples
    --------
    >>> code_words("indicator", "turnout_share", "ru"), code_words("unit", "rank", "en")
    ('явка избирателей', 'place in an order')
    """
    key = _PREFIXES[column] + code
    return text(key, language) if key in _keys() else reference.code_name(column, code, language)


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
    return words[:1].upper() + words[1:]


def indicator_name(indicator: str, language: str) -> str:
    """Return the name of an indicator as a heading.

    Examples
    --------
    >>> indicator_name("turnout_share", "en")
    'Turnout'
    """
    return capital(code_words("indicator", indicator, language))


def part_code(part: Any) -> str:
    """Return the code of a part as it stands in addresses.

    Parameters
    ----------
    part : named tuple
        With the attributes of `PART`, empty where they do not matter.
    """
    return "~".join(code for code in part if code) or TOTAL


def part_name(part: Any, language: str) -> str:
    """Return what a part of an indicator counts, in words.

    Parameters and codes as in `part_code`.
    """
    words = [
        code_words(column, code, language)
        for column, code in zip(PART, part, strict=True)
        if code and column in ("register", "office")
    ]
    if part.breakdown_value:
        kind = code_words("breakdown", part.breakdown, language)
        words.append(f"{kind}: {code_words('breakdown_value', part.breakdown_value, language)}")
    words += [
        code_words(column, code, language)
        for column, code in (("measure", part.measure), ("stage", part.stage))
        if code
    ]
    if part.vote:
        words.append(reference.vote(part.vote).name(language))
    return capital(", ".join(words)) or text("explorer_total", language)
