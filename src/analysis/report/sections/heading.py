"""Headings of one's own."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.report.document import Block, Heading
from analysis.report.sections.parts import in_own_language, section

_OPENS_SECTION = 2


@section
def heading(
    words: Mapping[str, str], *, language: str = "en", level: int = _OPENS_SECTION
) -> list[Block]:
    """Return a heading of one's own, in the language of the report.

    Parameters
    ----------
    words : dict
        The heading by language, such as {"kk": "...", "ru": "...", "en": "..."}: the report takes
        its own, or the next that is there.
    language : str
        One of `analysis.reference.languages()`.
    level : int
        2 opens a section, 3 a part of one.

    Raises
    ------
    DataError
        If there are no words in any language.

    Examples
    --------
    >>> heading({"kk": "Қорытынды", "en": "Results"}, language="kk").blocks[0]
    Heading(level=2, text='Қорытынды')
    """
    return [Heading(level, in_own_language(words, language))]
