"""What kind of page a source is, and which of several to show first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from analysis import load
from analysis.data.reconcile import is_official
from analysis.store import cached_on

OFFICIAL, COPY, PRESS, ENCYCLOPEDIA, SOFTWARE = KINDS = (
    "official",
    "copy",
    "press",
    "encyclopedia",
    "software",
)
WEAK = (ENCYCLOPEDIA, SOFTWARE)  # never shown alone where another source is held
_SOFTWARE = re.compile(r"\bpackage\b|^GitHub:", re.I)
_ENCYCLOPEDIA = re.compile(r"wiki", re.I)
_COPY = re.compile(r"\(copy\b|\bvia\b", re.I)


def kind_of(source: Mapping[str, Any]) -> str:
    """Return the kind of a source: of these, the first carry the most weight.

    "official" is a page of a state body or one that cites it; "copy" the file of a producer, read
    at another address; "press" everything else; then mirrors of an encyclopedia, and software.

    Parameters
    ----------
    source : mapping
        A row of `load_sources()`.

    Examples
    --------
    >>> kind_of({"publisher": "Wikipedia mirror", "url": "https://example.org/a"})
    'encyclopedia'
    >>> kind_of({"publisher": "", "url": "https://stat.gov.kz/a"})
    'official'
    """
    publisher, url = source["publisher"], source["url"]
    if _SOFTWARE.search(publisher):
        return SOFTWARE
    host = re.sub(r"^https?://|/.*", "", url)
    if _ENCYCLOPEDIA.search(publisher) or _ENCYCLOPEDIA.search(host):
        return ENCYCLOPEDIA
    if is_official(dict(source)):
        return OFFICIAL
    return COPY if _COPY.search(publisher) else PRESS


@cached_on("sources")
def kinds() -> dict[str, str]:
    """Return the kind of each source by its id.

    Examples
    --------
    >>> kinds()["s3ff284d4"]
    'copy'
    """
    rows: list[Any] = load.load_sources().to_dict("records")
    return {row["source_id"]: kind_of(row) for row in rows}


def by_weight(ids: Iterable[str]) -> list[str]:
    """Return source ids, those that carry the most weight first; equal ones keep their order.

    Examples
    --------
    >>> by_weight(["sa6fd3a42", "s3ff284d4"])
    ['s3ff284d4', 'sa6fd3a42']
    """
    known = kinds()
    return sorted(ids, key=lambda source: KINDS.index(known[source]))


def is_weak(cell: str) -> bool:
    """Return whether a `sources` cell holds nothing but mirrors of an encyclopedia and software.

    Examples
    --------
    >>> is_weak("sa6fd3a42"), is_weak("sa6fd3a42 s3ff284d4")
    (True, False)
    """
    known = kinds()
    return all(known[source] in WEAK for source in cell.split())
