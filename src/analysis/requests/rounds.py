"""A round of requests: a folder with letters, forms and a log that is filled in by hand.

Personal data of the requester stand in `requester.csv` and in the letters made with it; both are
ignored by git, and nothing else of the suite reads them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from analysis.errors import DataError, Problem, check_known
from analysis.files import quote_formula, write_whole
from analysis.locale import text
from analysis.reference import check_language
from analysis.requests.forms import form_name, write_form
from analysis.requests.items import bodies, gaps, items
from analysis.requests.law import Duty, cite, cite_with_edition, day_in_text, duty
from analysis.requests.letters import LANGUAGES, Applicant, Letter, letter, write_letter
from analysis.requests.names import addressee
from analysis.requests.terms import Term, term_end
from analysis.store import read_table

LOG, REQUESTER, IGNORED = "requests.csv", "requester.csv", ".gitignore"
LETTERS, FORMS, COMPLAINTS = "letters", "forms", "complaints"
COLUMNS = (
    "request", "place_id", "body", "language", "items", "sent_on", "received_on", "registered_as",
    "extended_on", "answered_on", "outcome", "article", "forwarded_to", "note",
)  # fmt: skip
OUTCOMES = ("answered", "partly", "refused", "forwarded", "silent")
_DATES = ("sent_on", "received_on", "extended_on", "answered_on")
_PERSONAL = ("name", "number", "address", "phone")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Request:
    """One request of a round, as its log has it."""

    request: str
    place_id: str
    body: str
    language: str
    items: tuple[str, ...]
    sent_on: date | None
    received_on: date | None
    registered_as: str
    extended_on: date | None
    answered_on: date | None
    outcome: str
    article: str
    forwarded_to: str
    note: str

    @property
    def term(self) -> Term | None:
        """When the answer is due; not known before the day of receipt is."""
        if self.received_on is None:
            return None
        answer, extend = duty("request_answer"), duty("request_extend")
        more = (extend.term or 0) if self.extended_on else 0
        return term_end(self.received_on, (answer.term or 0) + more, answer.term_unit)

    def state(self, on: date) -> str:
        """Return where the request stands on a day.

        One of the outcomes with "late" where the answer came after the term, or "not_sent", "sent",
        "running", "due" and "overdue".
        """
        term = self.term
        if self.outcome and self.outcome != "silent":
            late = term and self.answered_on and self.answered_on > term.last
            return f"{self.outcome}_late" if late else self.outcome
        if term is None:
            return "sent" if self.sent_on else "not_sent"
        if self.outcome == "silent":
            return "silent"
        return {"running": "running", "due": "due", "over": "overdue"}[term.state(on)]

    def complaint_until(self, on: date) -> date | None:
        """Return the last safe day for a complaint, where there is something to complain of."""
        learned = self._learned_on(on)
        if learned is None:
            return None
        complaint = duty("complaint_file")
        return term_end(learned, complaint.term or 0, complaint.term_unit).first

    def _learned_on(self, on: date) -> date | None:
        state = self.state(on)
        if state in ("overdue", "silent") and self.term:
            return self.term.last + _DAY
        return self.answered_on if state.startswith("refused") else None


def start_round(folder: Path, places: Sequence[str], *, language: str = "kk") -> list[Request]:
    """Start a round of requests, or write what is missing of one that was started.

    Writes `requests.csv` (the log), `requester.csv` (to be filled in, ignored by git), a letter and
    a form for each body. Requests that were sent are left as they are.

    Parameters
    ----------
    folder : Path
        The folder of the round.
    places : list of str
        The nation, regions, or places inside a region.
    language : {"kk", "ru"}
        Of the letters.

    Returns
    -------
    list of Request
        All requests of the round.

    Raises
    ------
    UnknownName
        For a place or language that does not exist, before anything is written.
    """
    known = read_table("places")["place_id"]
    for place in places:
        check_known("place", place, known)
    check_known("language of a letter", check_language(language), LANGUAGES)
    kept = read_round(folder) if (folder / LOG).is_file() else []
    there = {request.request for request in kept}
    wanted = (_new(place, body, language) for place in places for body in _asked(place))
    every = kept + [request for request in wanted if request.request not in there]
    write_whole(folder / IGNORED, f"{REQUESTER}\n{LETTERS}/\n{COMPLAINTS}/\n")
    if not (folder / REQUESTER).is_file():
        write_whole(folder / REQUESTER, _csv(_PERSONAL, [dict.fromkeys(_PERSONAL, "")]))
    _write_letters(folder, [request for request in every if request.sent_on is None])
    write_round(folder, every)
    return every


def _asked(place: str) -> list[str]:
    asked_of = set(gaps(place)["body"])
    return [body for body in bodies(place) if body in asked_of]


def _new(place: str, body: str, language: str) -> Request:
    rows = gaps(place)
    asked = tuple(dict.fromkeys(rows[rows["body"] == body]["item"]))
    return Request(
        request=f"{place}-{body}",
        place_id=place,
        body=body,
        language=language,
        items=asked,
        sent_on=None,
        received_on=None,
        registered_as="",
        extended_on=None,
        answered_on=None,
        outcome="",
        article="",
        forwarded_to="",
        note="",
    )


def _write_letters(folder: Path, requests: Sequence[Request]) -> None:
    applicant = read_requester(folder)
    for request in requests:
        place, body = request.place_id, request.body
        write_form(folder / FORMS, place, body)
        written = letter(
            place,
            body,
            request.language,
            applicant=applicant,
            enclosure=form_name(place, body),
        )
        write_letter(written, folder / LETTERS)


def read_requester(folder: Path) -> Applicant:
    """Return who asks, as `requester.csv` of a round has it; empty if it is not filled in."""
    path = folder / REQUESTER
    if not path.is_file():
        return Applicant()
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    given = rows[0] if rows else {}
    return Applicant(**{column: (given.get(column) or "").strip() for column in _PERSONAL})


def write_round(folder: Path, requests: Sequence[Request]) -> None:
    """Write the log of a round."""
    rows = [{column: _said(getattr(request, column)) for column in COLUMNS} for request in requests]
    write_whole(folder / LOG, _csv(COLUMNS, rows))


def _said(value: object) -> str:
    if isinstance(value, tuple):
        return " ".join(value)
    return "" if value is None else quote_formula(str(value))


def _csv(columns: Sequence[str], rows: Sequence[dict[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def read_round(folder: Path) -> list[Request]:
    """Read and check the log of a round.

    Raises
    ------
    DataError
        With every cell that is wrong: a day that is none, an outcome or item that does not exist,
        an answer before the request was received.
    """
    path = folder / LOG
    if not path.is_file():
        raise DataError.one(
            file=str(path),
            found="no such file",
            expected="the log of a round",
            remedy="Start one: openness request --place KZ-33 --language kk --out FOLDER",
        )
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    problems = [
        problem for number, row in enumerate(rows, start=2) for problem in _problems(number, row)
    ]
    if problems:
        raise DataError(problems)
    return [_request(row) for row in rows]


def _problems(number: int, row: dict[str, str]) -> Iterator[Problem]:
    missing = [column for column in COLUMNS if row.get(column) is None]
    if missing:
        yield _problem(number, missing[0], "no such cell", "all columns of the log")
        return
    wrong_days = [column for column in _DATES if not _is_day(row[column])]
    for column in wrong_days:
        yield _problem(number, column, repr(row[column]), "a day as 2026-11-25, or nothing")
    if row["outcome"] and row["outcome"] not in OUTCOMES:
        yield _problem(number, "outcome", repr(row["outcome"]), f"one of {', '.join(OUTCOMES)}")
    for item in row["items"].split():
        if item not in items():
            yield _problem(number, "items", repr(item), "items of request_items.csv")
    if wrong_days:
        return
    if row["outcome"] and row["outcome"] != "silent" and not row["answered_on"]:
        yield _problem(number, "answered_on", "nothing", "the day of the answer")
    days = [row[column] for column in ("sent_on", "received_on", "answered_on") if row[column]]
    if days != sorted(days):
        yield _problem(
            number, "answered_on", ", ".join(days), "sent, received and answered in turn"
        )


def _problem(number: int, column: str, found: str, expected: str) -> Problem:
    return Problem(
        file=LOG,
        row=number,
        column=column,
        found=found,
        expected=expected,
        remedy="Correct the cell.",
    )


def _is_day(cell: str) -> bool:
    try:
        return not cell or bool(date.fromisoformat(cell))
    except ValueError:
        return False


def _request(row: dict[str, str]) -> Request:
    days = {column: date.fromisoformat(row[column]) if row[column] else None for column in _DATES}
    texts = {column: row[column] for column in COLUMNS if column not in (*_DATES, "items")}
    return Request(items=tuple(row["items"].split()), **days, **texts)  # type: ignore[arg-type]


def complaint(request: Request, on: date, *, applicant: Applicant | None = None) -> Letter | None:
    """Return the complaint that follows from a refusal or from silence, if one does.

    Parameters
    ----------
    request : Request
    on : datetime.date
        The day on which it is asked.
    applicant : Applicant, optional
        Who complains; lines to fill in if not given.
    """
    if request.complaint_until(on) is None or request.term is None:
        return None
    language = request.language
    notes = [_complained_of(request, on), *_ways(language)]
    return Letter(
        place=request.place_id,
        body=request.body,
        language=language,
        addressee=addressee(request.body, request.place_id, language),
        opening=text("complaint_opening", language, cited=cite_with_edition(_right(), language)),
        asked=(),
        notes=tuple(notes),
        applicant=applicant or Applicant(),
        kind="complaint",
    )


def _right() -> Duty:
    return duty("request_complaint")


def _complained_of(request: Request, on: date) -> str:
    language, term = request.language, request.term
    assert term is not None and request.received_on is not None
    received = day_in_text(request.received_on, language, case="on")
    number = request.registered_as or "________"
    if request.state(on).startswith("refused"):
        assert request.answered_on is not None
        answered = day_in_text(request.answered_on, language, case="on")
        return text(
            "complaint_refused", language, received=received, number=number, answered=answered
        )
    silence = cite(duty("silence_is_refusal").article, language)
    ended = day_in_text(term.last, language, case="on")
    return text(
        "complaint_silent", language, received=received, number=number, ended=ended, cited=silence
    )


def _ways(language: str) -> Iterator[str]:
    file, consider = duty("complaint_file"), duty("complaint_consider")
    yield text(
        "complaint_term",
        language,
        file=cite(file.article, language),
        months=file.term,
        days=consider.term,
        consider=cite_with_edition(consider, language),
    )


def status(folder: Path, *, on: date) -> list[tuple[Request, str]]:
    """Return each request of a round with a line on where it stands on a day.

    A complaint is written for each that was refused or not answered in time.

    Raises
    ------
    DataError
        As in `read_round`.
    """
    applicant = read_requester(folder)
    lines = []
    for request in read_round(folder):
        follows = complaint(request, on, applicant=applicant)
        if follows is not None:
            write_letter(follows, folder / COMPLAINTS)
        lines.append((request, _line(request, on, follows)))
    return lines


def _line(request: Request, on: date, follows: Letter | None) -> str:
    parts = [f"{request.request}: {request.state(on).replace('_', ' ')}"]
    term = request.term
    if term is not None and not request.outcome:
        estimated = (
            " (provisional: the calendar estimates a day off)" if term.is_provisional else ""
        )
        parts.append(f"answer due {term.first}, late after {term.last}{estimated}")
    if follows is not None:
        articles = ", ".join(duty(code).article for code in ("request_complaint", "complaint_file"))
        until = request.complaint_until(on)
        parts.append(f"complaint until {until} ({articles}): {COMPLAINTS}/{follows.file_name}")
    return "; ".join(parts)


__all__ = ["Request", "complaint", "read_round", "start_round", "status", "write_round"]
