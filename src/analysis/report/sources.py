"""The list of sources of a report: each with its address, kind, day read and an archive link."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from analysis import load
from analysis.data.version import newest_release
from analysis.evidence.weight import PRESS, kind_of
from analysis.locale import dated, day, note_words, publisher_words, text

_ARCHIVE = "https://web.archive.org/web"


@dataclass(frozen=True)
class Source:
    """One entry of the list of sources."""

    number: int
    text: str
    url: str
    archive: str = ""

    @property
    def address(self) -> str:
        """The address as a person writes it, its letters decoded."""
        return unquote(self.url)


def list_sources(numbers: dict[str, int], language: str) -> list[Source]:
    """Return the entries of sources by their numbers.

    The archive link leads to the copy nearest to the day by which the page was read; whether there
    is one was not checked, and the text above the list says so.

    Parameters
    ----------
    numbers : dict
        Source id to its number.
    language : str

    Examples
    --------
    >>> list_sources({"s3ff284d4": 1}, "en")[0].archive[:36]
    'https://web.archive.org/web/20261124'
    """
    if not numbers:
        return []
    rows = load.load_sources(list(numbers)).set_index("source_id")
    return [_entry(number, rows.loc[name], language) for name, number in numbers.items()]


def _entry(number: int, row: Any, language: str) -> Source:
    kind = kind_of(row)
    called = "" if kind == PRESS else text(f"source_kind_{kind}", language)
    when = published_words(row["published"], language)
    parts = [publisher_words(row["publisher"], language), row["title"], called, when]
    if re.match(r"https?://", row["url"]):
        archive = f"{_ARCHIVE}/{newest_release().on:%Y%m%d}/{row['url']}"
        return Source(number, _joined(parts), row["url"], archive)
    parts.append(text("no_address", language))
    return Source(number, _joined(parts), "")


def _joined(parts: Iterable[str]) -> str:
    """Return parts as sentences; a title that ends in a mark of its own gets no full stop."""
    *first, last = [part for part in parts if part]
    ended = [part if part[-1] in ".?!…" else f"{part}." for part in first]
    return " ".join([*ended, last])


def published_words(published: str, language: str) -> str:
    """Return when a source was published, as exactly as it says so itself.

    Examples
    --------
    >>> published_words("2024", "en"), published_words("2024-05-02", "en")
    ('published 2024', 'published May 2, 2024')
    """
    if not published:
        return text("source_undated", language)
    return text("source_dated", language, date=note_words(dated(published, language), language))


def read_words(language: str) -> str:
    """Return by which day the sources were read, and what the archive links are.

    Examples
    --------
    >>> read_words("en")[:48]
    'All addresses were read by November 24, 2026. Th'
    """
    return text("sources_read", language, date=day(newest_release().on, language))
