"""Laws and decrees as the recorder of the duties writes them, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.store import cached_on, read_rows

_NAMED_IN_CODES = ("law", "code_of_law")
_ARTICLE = re.compile(r"art\. (?P<article>[\d-]+)")
_PARAGRAPH = re.compile(r"\bp\. (?P<paragraph>[\d-]+)(?: \((?P<subparagraph>\d+)\))?")


@dataclass(frozen=True)
class Article:
    """A place in a law: "" for what is not named. A code of laws has parts for paragraphs."""

    law: str
    is_code: bool
    article: str
    paragraph: str
    subparagraph: str


@cached_on("raw/codes")
def _laws() -> dict[str, dict[str, str]]:
    laws = {}
    for row in read_rows("raw/codes"):
        if row["column"] in _NAMED_IN_CODES:
            laws[row["code"]] = row
    return laws


def law_name(law: str, language: str) -> str:
    """Return the name of a law in a language; its code where codes.csv has none.

    Examples
    --------
    >>> law_name("Law on public councils", "ru")
    'Закон «Об общественных советах»'
    """
    row = _laws().get(law)
    if row is None:
        return law
    return row.get(language) or row["en"]


def read_article(words: str) -> Article | None:
    """Return the law and the article of a duty; nothing where the law is not in codes.csv.

    Examples
    --------
    >>> read_article("Law 401-V art. 16 p. 3 (14)")
    Article(law='Law 401-V', is_code=False, article='16', paragraph='3', subparagraph='14')
    >>> read_article("Methodology of the block")
    """
    law = next((law for law in _laws() if words.startswith(law)), None)
    if law is None:
        return None
    rest = words.removeprefix(law)
    article, paragraph = _ARTICLE.search(rest), _PARAGRAPH.search(rest)
    return Article(
        law=law,
        is_code=_laws()[law]["column"] == "code_of_law",
        article=article["article"] if article else "",
        paragraph=paragraph["paragraph"] if paragraph else "",
        subparagraph=(paragraph["subparagraph"] or "") if paragraph else "",
    )
