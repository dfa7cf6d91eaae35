"""Letters that ask a body for the figures that are not held, ready to be signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import reference
from analysis.derive.law import article_words
from analysis.errors import check_known
from analysis.files import write_whole
from analysis.locale import text
from analysis.requests.items import asked_bodies, bodies, gaps, items
from analysis.requests.law import cite_with_edition, day_in_text, duty
from analysis.requests.names import addressee, name_in_case

LANGUAGES = ("kk", "ru")  # a request is written, and answered, in one of these


@dataclass(frozen=True)
class Applicant:
    """Who asks: personal data, kept in one file of a round and in the letters themselves."""

    name: str = ""
    number: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Asked:
    """One line of a letter: the figure asked for, its unit, and the periods."""

    item: str
    what: str
    unit: str
    periods: tuple[str, ...]


@dataclass(frozen=True)
class Letter:
    """A letter to one body about one place in one language; `kind` is "letter" or "complaint"."""

    place: str
    body: str
    language: str
    addressee: str
    opening: str
    asked: tuple[Asked, ...]
    notes: tuple[str, ...]
    applicant: Applicant = Applicant()
    enclosure: str = ""
    kind: str = "letter"

    @property
    def file_name(self) -> str:
        """The name of its DOCX."""
        return letter_name(self.place, self.body, self.language, kind=self.kind)


def letter_name(place: str, body: str, language: str, *, kind: str = "letter") -> str:
    """Return the name of a letter's DOCX.

    Examples
    --------
    >>> letter_name("KZ-33", "election_commission", "kk")
    'letter-KZ-33-election-commission-kk.docx'
    """
    named = body.replace("_", "-")
    return f"{kind}-{place}-{named}-{language}.docx"


def letters(place: str, *, languages: Sequence[str] = LANGUAGES) -> list[Letter]:
    """Return the letters about a place: one per body and language.

    Parameters
    ----------
    place : str
        The nation, a region, or a place inside a region.
    languages : list of str
        Of "kk" and "ru".

    Raises
    ------
    UnknownName
        For a place or language that does not exist.

    Examples
    --------
    >>> [letter.file_name for letter in letters("KZ-33", languages=["kk"])][0]
    'letter-KZ-33-akimat-kk.docx'
    """
    every = []
    for body in asked_bodies(place):
        of_body = [letter(place, body, language) for language in languages]
        every += of_body
    return every


def letter(
    place: str,
    body: str,
    language: str,
    *,
    applicant: Applicant | None = None,
    enclosure: str = "",
) -> Letter:
    """Return the letter that asks one body for the figures about a place that are not held.

    Parameters
    ----------
    place : str
        The nation, a region, or a place inside a region.
    body : str
        Of `analysis.requests.bodies(place)`.
    language : {"kk", "ru"}
    applicant : Applicant, optional
        Who asks; lines to fill in if not given.
    enclosure : str
        The name of the form to be filled in, if one goes with the letter.

    Raises
    ------
    UnknownName
        For a place, body or language that does not exist.

    Examples
    --------
    >>> asked = letter("KZ-33", "election_commission", "ru").asked
    >>> asked[0].what
    'Число должностей сельских акимов, на которые проведены выборы'
    """
    check_known("language of a letter", language, LANGUAGES)
    check_known("body", body, bodies(place))
    every = gaps(place)
    rows = every[every["body"] == body]
    about = name_in_case(place, language, case="about")
    return Letter(
        place=place,
        body=body,
        language=language,
        addressee=addressee(body, place, language),
        opening=text("letter_opening", language, place=about),
        asked=tuple(_asked(rows, language)),
        notes=tuple(_notes(rows, language)),
        applicant=applicant or Applicant(),
        enclosure=enclosure,
    )


def _asked(rows: pd.DataFrame, language: str) -> Iterator[Asked]:
    known = items()
    for name, cells in rows.groupby("item", sort=False):
        item = known[str(name)]
        records = cells.to_dict("records")
        periods = [period_name(cell, language) for cell in records]
        yield Asked(
            item=item.name,
            what=item.wording(language),
            unit=text(f"counted_{item.counted}", language),
            periods=tuple(periods),
        )


def period_name(cell: dict[Any, Any], language: str) -> str:
    """Return how a period of `gaps` is named: a year, starred if cut, or a vote with its day.

    Examples
    --------
    >>> rows = gaps("KZ-33").to_dict("records")
    >>> period_name(rows[0], "ru"), period_name(rows[1], "ru")
    ('2022*', '2023')
    """
    period = str(cell["period"])
    if not period.isdigit():
        vote = reference.vote(period)
        name = vote.name(language).removesuffix(f", {vote.year}")
        return f"{name}, {vote.day:%d.%m.%Y}"
    return f"{period}*" if _is_cut(cell) else period


def _is_cut(cell: dict[Any, Any]) -> bool:
    """Return whether a year begins later than it should, with the borders of the place."""
    is_year = str(cell["period"]).isdigit()
    return is_year and not str(cell["period_start"]).endswith("-01-01")


def _notes(rows: pd.DataFrame, language: str) -> Iterator[str]:
    cells = rows.to_dict("records")
    if any(_is_cut(cell) for cell in cells):
        moved = day_in_text(reference.borders_moved_on(), language, case="since")
        yield text("letter_borders", language, day=moved)
    basis = "; ".join(_bases(rows, language))
    if basis:
        yield text("letter_basis", language, basis=basis)
    yield _forward(language)
    yield _term(language)


def _bases(rows: pd.DataFrame, language: str) -> Iterator[str]:
    """Return the articles that ask for what is counted, each with the lines of the table."""
    lines: dict[str, list[int]] = {}
    for number, name in enumerate(rows["item"].unique(), start=1):
        behind = items()[name].duty
        if behind:
            lines.setdefault(behind, []).append(number)
    for behind, numbers in lines.items():
        cited = cite_with_edition(duty(behind), language)
        first, last = numbers[0], numbers[-1]
        if first == last:
            yield text("letter_line", language, lines=first, cited=cited)
        else:
            yield text("letter_lines", language, lines=f"{first}–{last}", cited=cited)


def _forward(language: str) -> str:
    forward = duty("request_forward")
    article, days = forward.article, forward.term
    cited = article_words(article, language=language)
    return text("letter_forward", language, days=days, cited=cited)


def _term(language: str) -> str:
    """Return the paragraph on the terms of the law, with the edition read."""
    answer = duty("request_answer")
    extend = duty("request_extend")
    refuse = duty("request_refuse")
    assert answer.edition is not None
    return text(
        "letter_term",
        language,
        days=answer.term,
        more=extend.term,
        answer=article_words(answer.article, language=language),
        refusal_days=refuse.term,
        refusal=article_words(refuse.article, language=language),
        edition=day_in_text(answer.edition, language),
    )


def write_letter(letter: Letter, folder: Path) -> Path:
    """Write a letter as DOCX, the same bytes each time, and return its path."""
    from analysis.requests.word import docx

    path = folder / letter.file_name
    write_whole(path, docx(letter))
    return path


def write_letters(folder: Path, place: str, *, languages: Sequence[str] = LANGUAGES) -> list[Path]:
    """Write all letters about a place into a folder and return their paths."""
    paths = []
    for written in letters(place, languages=languages):
        path = write_letter(written, folder)
        paths.append(path)
    return paths
