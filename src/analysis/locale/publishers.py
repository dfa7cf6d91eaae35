"""Publishers of sources, and the notes that stand beside them, in the languages of the suite.

What is ours to say is translated by `bodies.csv`; the names of outlets stay as they are.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources

_CITING = re.compile(r"(?P<head>.+?)(?:, | \()(?:citing|quoting) (?P<cited>.+)")
_NOTE = re.compile(r"(?P<head>.+?) \((?P<note>[^()]+)\)")


@cache
def _bodies() -> dict[str, dict[str, str]]:
    path = resources.files("analysis.locale") / "bodies.csv"
    with path.open("r", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        return {row["en"]: row for row in rows}


def note_words(note: str, language: str) -> str:
    """Return a note of the list of sources in a language, or itself where none is known.

    Examples
    --------
    >>> note_words("edition in force early 2023", "ru")
    'редакция, действовавшая в начале 2023 года'
    """
    known = _bodies().get(note, {})
    return known.get(language) or note


def publisher_words(publisher: str, language: str) -> str:
    """Return the publisher of a source with its note in a language.

    Parameters
    ----------
    publisher : str
        As sources.csv has it, with a note in English: "Orda.kz (citing CEC)".
    language : str

    Examples
    --------
    >>> publisher_words("Orda.kz (citing CEC)", "kk")
    'Orda.kz (дереккөзі: ОСК)'
    >>> publisher_words("UN DESA (copy in a public repository)", "ru")
    'Департамент ООН по экономическим и социальным вопросам (копия в открытом репозитории)'
    """
    from analysis.locale import text

    if publisher in _bodies():
        return note_words(publisher, language)
    citing = _CITING.fullmatch(publisher)
    if citing:
        cited = citing["cited"]
        if cited.count(")") > cited.count("("):
            cited = cited.removesuffix(")")
        return text(
            "source_citing",
            language,
            publisher=note_words(citing["head"], language),
            cited=note_words(cited, language),
        )
    noted = _NOTE.fullmatch(publisher)
    if not noted:
        return publisher
    head = note_words(noted["head"], language)
    note = note_words(noted["note"], language)
    return f"{head} ({note})"
