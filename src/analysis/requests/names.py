"""Names of places and bodies in the case that a sentence needs."""

from __future__ import annotations

import re

from analysis import reference
from analysis.locale import text
from analysis.reference import place_name
from analysis.reference.places import NATION

# Endings of names as places.csv has them. A name that fits none stays as it is.
_CASES = {
    ("ru", "of"): (
        (r"ская область$", "ской области"),
        (r"^область ", "области "),
        (r"^город ", "города "),
        (r"ский район$", "ского района"),
    ),
    ("ru", "about"): (
        (r"ская область$", "ской области"),
        (r"^область ", "области "),
        (r"^город ", "городу "),
        (r"ский район$", "скому району"),
        (r"^район ", "району "),
    ),
    ("kk", "of"): ((r"(облысы|қаласы|ауданы)$", r"\1ның"),),
}


def name_in_case(place: str, language: str, *, case: str) -> str:
    """Return the name of a place in the case for "the akimat of ..." or "figures about ...".

    Parameters
    ----------
    place : str
        A code of places.csv.
    language : {"en", "kk", "ru"}
    case : {"of", "about"}

    Examples
    --------
    >>> name_in_case("KZ-33", "ru", case="of"), name_in_case("KZ-75", "ru", case="about")
    ('области Жетісу', 'городу Алматы')
    >>> name_in_case("333400000", "kk", case="of")
    'Алакөл ауданының'
    """
    name = place_name(place, language)
    for ending, replaced in _CASES.get((language, case), ()):
        changed = re.sub(ending, replaced, name)
        if changed != name:
            return changed
    return name


def addressee(body: str, place: str, language: str) -> str:
    """Return a body that is asked about a place, as a letter is addressed to it.

    Examples
    --------
    >>> addressee("akimat", "KZ-33", "kk"), addressee("akimat", "KZ-33", "ru")
    ('Жетісу облысының әкімдігіне', 'В акимат области Жетісу')
    """
    return _named(f"letter_to_{body}", body, place, language)


def body_name(body: str, place: str, language: str) -> str:
    """Return the name of a body that is asked about a place.

    Examples
    --------
    >>> body_name("akimat", "333400000", "ru"), body_name("civil_service", "KZ", "en")
    ('Акимат Алакольского района', 'Agency for Civil Service Affairs')
    """
    return _named(f"body_{body}", body, place, language)


def _named(key: str, body: str, place: str, language: str) -> str:
    if place == NATION:
        key += "_national"
    is_of_region = body == "civil_service"
    seat = reference.region_of(place) if is_of_region else place
    of = name_in_case(seat, language, case="of")
    about = name_in_case(seat, language, case="about")
    return text(key, language, of=of, about=about)
