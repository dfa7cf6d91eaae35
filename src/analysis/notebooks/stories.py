"""Texts in Markdown, by name and language: `texts/en.md`, `texts/kk.md`, `texts/ru.md`.

A text that a language lacks is taken from English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from analysis.errors import check_known
from analysis.load import data_as_of
from analysis.locale import SOURCE, day, text
from analysis.reference import check_language

_STORIES = {
    "00_start_here": "start",
    "01_appeals": "appeals",
    "02_meetings": "meetings",
    "03_akim_elections": "akims",
    "04_national_votes": "votes",
    "05_context": "context",
    "06_evidence": "evidence",
    "07_alakol": "alakol",
    "08_methods": "methods",
    "09_own_records": "records",
    "10_through_the_day": "day",
    "11_what_the_law_requires": "law",
    "12_requests": "requests",
}
_NAME = re.compile(r"^<!-- (\S+) -->$", re.MULTILINE)
_MARKUP = re.compile(r"([\\`*_\[\]<>#$|~])")


@dataclass(frozen=True, repr=False)
class Words:
    """A text in Markdown; a notebook shows it as text, with its headings."""

    markdown: str

    def __repr__(self) -> str:
        return self.markdown

    def _repr_markdown_(self) -> str:
        return self.markdown


@cache
def texts(language: str) -> dict[str, str]:
    """Return the texts that stand in the file of a language, by name; none if it has no file."""
    path = resources.files("analysis.notebooks") / "texts" / f"{language}.md"
    if not path.is_file():
        return {}
    _, *parts = _NAME.split(path.read_text("utf-8"))
    names, bodies = parts[::2], parts[1::2]
    written = zip(names, (body.strip() for body in bodies), strict=True)
    return {name: body for name, body in written if body}


def story(name: str, language: str = SOURCE, **values: object) -> Words:
    """Return a text of the notebooks.

    Parameters
    ----------
    name : str
        As the comment above the text in `analysis/notebooks/texts` names it.
    language : str
        One of `analysis.reference.languages()`.
    **values
        What stands in the place of the names in braces.

    Raises
    ------
    UnknownName
        If there is no such text or language.

    Examples
    --------
    >>> print(story("appeals.topics", "ru"))
    ## Темы
    <BLANKLINE>
    Темы по регионам находились редко.
    """
    known = texts(SOURCE) | texts(check_language(language))
    said = known[check_known("text", name, known)]
    return Words(said.format(**values) if values else said)


def title(notebook: Path, language: str) -> str:
    """Return the title of a notebook.

    Parameters
    ----------
    notebook : Path
        Of `analysis.report.notebooks()`, such as `notebooks/01_appeals.ipynb`.
    language : str
        One of `analysis.reference.languages()`.

    Examples
    --------
    >>> title(Path("01_appeals.ipynb"), "kk")
    'Жолданымдар'
    """
    named = _STORIES[check_known("notebook", notebook.stem, _STORIES)]
    return str(story(f"{named}.title", language))


def paragraphs(*sentences: str) -> Words:
    """Return sentences as text, a paragraph for each.

    Signs that Markdown takes for markup stay as they are.

    Examples
    --------
    >>> print(paragraphs("Turnout rose.", "p < 0.05"))
    Turnout rose.
    <BLANKLINE>
    p \\< 0.05
    """
    plain = [_MARKUP.sub(r"\\\1", sentence) for sentence in sentences]
    return Words("\n\n".join(plain))


def ending(language: str = SOURCE) -> Words:
    """Return where to report an error, and the newest day of the data.

    Parameters
    ----------
    language : str
        One of `analysis.reference.languages()`.

    Examples
    --------
    >>> str(ending("en")).startswith("Report an error: see CONTRIBUTING.md. The newest source")
    True
    """
    newest = day(data_as_of(), language)
    return story("ending", language, report_error=text("report_error", language), day=newest)
