"""What the law says of a request, as duties.csv has it, and how a letter cites the edition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from analysis import load
from analysis.derive.law import article_words
from analysis.errors import check_known
from analysis.locale import text
from analysis.store import cached_on


@dataclass(frozen=True)
class Duty:
    """One duty of duties.csv: `term` of `term_unit` where one is stated, the edition read."""

    code: str
    article: str
    term: int | None
    term_unit: str
    edition: date | None
    sources: tuple[str, ...]


def duty(code: str) -> Duty:
    """Return a duty by its code.

    Raises
    ------
    UnknownName
        If duties.csv has no such code.

    Examples
    --------
    >>> duty("request_answer").term, duty("request_answer").term_unit
    (15, 'calendar_days')
    """
    known = _duties()
    return known[check_known("duty", code, known)]


@cached_on("duties")
def _duties() -> dict[str, Duty]:
    rows = load.load_duties()
    has_code = rows["code"] != ""
    named = rows[has_code].to_dict("records")
    return {row["code"]: _duty(row) for row in named}


def _duty(row: dict[Any, Any]) -> Duty:
    term, edition = row["term_number"], row["edition"]
    return Duty(
        code=row["code"],
        article=row["article"],
        term=None if pd.isna(term) else int(term),
        term_unit=row["term_unit"],
        edition=None if pd.isna(edition) else edition.date(),
        sources=tuple(row["sources"].split()),
    )


def cite_with_edition(of: Duty, language: str) -> str:
    """Return the article of a duty with the edition in which it was read.

    Examples
    --------
    >>> cite_with_edition(duty("appeals_register"), "en")[-56:]
    '(read in the edition with amendments of 5 November 2022)'
    """
    cited = article_words(of.article, language=language)
    if of.edition is None:
        return text("cited_undated", language, cited=cited)
    edition = day_in_text(of.edition, language)
    return text("cited_edition", language, cited=cited, edition=edition)


def day_in_text(day: date, language: str, *, case: str = "of") -> str:
    """Return a date as it stands in the running text of a letter.

    Parameters
    ----------
    day : datetime.date
    language : {"en", "kk", "ru"}
    case : {"of", "on", "since"}
        Kazakh has an ending for each.

    Examples
    --------
    >>> from datetime import date
    >>> day_in_text(date(2022, 12, 30), "kk"), day_in_text(date(2022, 12, 30), "ru")
    ('2022 жылғы 30 желтоқсандағы', '30 декабря 2022 года')
    """
    of_year = text(f"months_{case}", language)
    months = of_year.split()
    month = months[day.month - 1]
    return text(
        "day_in_text",
        language,
        day=day.day,
        month=month,
        year=day.year,
    )
