"""A round of requests: a folder with letters, forms and a log that is filled in by hand.

Personal data of the requester stand in `requester.csv` and in the letters made with it; both are
ignored by git, and nothing else of the suite reads them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from analysis.derive.law import article_words
from analysis.errors import DataError, Problem, check_known
from analysis.files import quote_formula, write_whole
from analysis.locale import text
from analysis.reference import check_language
from analysis.requests.forms import form_name, write_form
from analysis.requests.items import asked_bodies, gaps, items
from analysis.requests.law import cite_with_edition, day_in_text, duty
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
_SEPARATORS = (",", ";", "\t")
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
        answer = duty("request_answer")
        length = answer.term or 0
        if self.extended_on:
            length += duty("request_extend").term or 0
        return term_end(self.received_on, length, answer.term_unit)

    def state(self, on: date) -> str:
        """Return where the request stands on a day.

        One of the outcomes with "late" where the answer came after the term, or "not_sent", "sent",
        "running", "due" and "overdue".
        """
        term = self.term
        if self.outcome and self.outcome != "silent":
            return f"{self.outcome}_late" if self._is_late else self.outcome
        if term is None:
            return "sent" if self.sent_on else "not_sent"
        if self.outcome == "silent":
            return "silent"
        state = term.state(on)
        return "overdue" if state == "over" else state

    @property
    def _is_late(self) -> bool:
        term, answered = self.term, self.answered_on
        if term is None or answered is None:
            return False
        return answered > term.last

    def complaint_until(self, on: date) -> date | None:
        """Return the last safe day for a complaint, where there is something to complain of."""
        learned = self._learned_on(on)
        if learned is None:
            return None
        complaint = duty("complaint_file")
        length = complaint.term or 0
        end = term_end(learned, length, complaint.term_unit)
        return end.first

    def _learned_on(self, on: date) -> date | None:
        state, term = self.state(on), self.term
        is_silent = state in ("overdue", "silent")
        if is_silent and term is not None:
            return term.last + _DAY
        if state.startswith("refused"):
            return self.answered_on
        return None


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
    check_language(language)
    check_known("language of a letter", language, LANGUAGES)
    is_started = (folder / LOG).is_file()
    kept = read_round(folder) if is_started else []
    every = kept + _added(kept, places, language)
    _write_requester(folder)
    unsent = [request for request in every if request.sent_on is None]
    _write_letters(folder, unsent)
    write_round(folder, every)
    return every


def _added(kept: Sequence[Request], places: Sequence[str], language: str) -> list[Request]:
    there = {request.request for request in kept}
    wanted: list[Request] = []
    for place in places:
        wanted += [_new(place, body, language) for body in asked_bodies(place)]
    return [request for request in wanted if request.request not in there]


def _write_requester(folder: Path) -> None:
    """Write the file for who asks, if there is none, and have git ignore what names them."""
    ignored = [REQUESTER, f"{LETTERS}/", f"{COMPLAINTS}/", ""]
    write_whole(folder / IGNORED, "\n".join(ignored))
    path = folder / REQUESTER
    if not path.is_file():
        empty = dict.fromkeys(_PERSONAL, "")
        write_whole(path, _csv(_PERSONAL, [empty]))


def _new(place: str, body: str, language: str) -> Request:
    rows = gaps(place)
    names = rows.loc[rows["body"] == body, "item"]
    asked = tuple(names.unique())
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
    rows = _read_csv(path)
    given = rows[0] if rows else {}
    personal = {}
    for column in _PERSONAL:
        value = given.get(column) or ""
        personal[column] = value.strip()
    return Applicant(**personal)


def write_round(folder: Path, requests: Sequence[Request]) -> None:
    """Write the log of a round."""
    rows = [_log_row(request) for request in requests]
    log = _csv(COLUMNS, rows)
    write_whole(folder / LOG, log)


def _log_row(request: Request) -> dict[str, str]:
    row = {}
    for column in COLUMNS:
        value = getattr(request, column)
        row[column] = _cell(value)
    return row


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " ".join(value)
    return quote_formula(str(value))


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
    rows = _read_csv(path)
    problems: list[Problem] = []
    for number, row in enumerate(rows, start=2):
        problems += _problems(number, row)
    if problems:
        raise DataError(problems)
    return [_request(row) for row in rows]


def _read_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows of a file of the round, also as a spreadsheet saves it.

    With semicolons, or in Windows-1251 with Kazakh letters.
    """
    content = path.read_bytes()
    try:
        written = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        written = content.decode("kz1048")
    heading = written.partition("\n")[0]
    separator = max(_SEPARATORS, key=heading.count)
    lines = io.StringIO(written, newline="")
    return list(csv.DictReader(lines, delimiter=separator))


def _problems(number: int, row: dict[str, str]) -> Iterator[Problem]:
    missing = [column for column in COLUMNS if row.get(column) is None]
    if missing:
        first = missing[0]
        yield _problem(number, first, "no such cell", "all columns of the log")
        return
    yield from _wrong_words(number, row)
    wrong_days = [column for column in _DATES if not _is_day(row[column])]
    for column in wrong_days:
        found = repr(row[column])
        yield _problem(number, column, found, "a day as 2026-11-25, or nothing")
    if not wrong_days:
        yield from _wrong_order(number, row)


def _wrong_words(number: int, row: dict[str, str]) -> Iterator[Problem]:
    outcome = row["outcome"]
    if outcome and outcome not in OUTCOMES:
        known = ", ".join(OUTCOMES)
        yield _problem(number, "outcome", repr(outcome), f"one of {known}")
    asked = row["items"].split()
    for item in asked:
        if item not in items():
            yield _problem(number, "items", repr(item), "items of request_items.csv")


def _wrong_order(number: int, row: dict[str, str]) -> Iterator[Problem]:
    if row["outcome"] not in ("", "silent") and not row["answered_on"]:
        yield _problem(number, "answered_on", "nothing", "the day of the answer")
    in_turn = [_day(row[column]) for column in ("sent_on", "received_on", "answered_on")]
    days = [day for day in in_turn if day is not None]
    if days != sorted(days):
        found = ", ".join(str(day) for day in days)
        yield _problem(number, "answered_on", found, "sent, received and answered in turn")


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
        _day(cell)
    except ValueError:
        return False
    return True


def _day(cell: str) -> date | None:
    """Return a day written as 2026-11-25, or as 25.11.2026 by a spreadsheet; None if empty."""
    written = cell.strip()
    if not written:
        return None
    if "." in written:
        return datetime.strptime(written, "%d.%m.%Y").date()
    return date.fromisoformat(written)


def _request(row: dict[str, str]) -> Request:
    return Request(
        request=row["request"],
        place_id=row["place_id"],
        body=row["body"],
        language=row["language"],
        items=tuple(row["items"].split()),
        sent_on=_day(row["sent_on"]),
        received_on=_day(row["received_on"]),
        registered_as=row["registered_as"],
        extended_on=_day(row["extended_on"]),
        answered_on=_day(row["answered_on"]),
        outcome=row["outcome"],
        article=row["article"],
        forwarded_to=row["forwarded_to"],
        note=row["note"],
    )


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
    right = cite_with_edition(duty("request_complaint"), language)
    notes = (_complained_of(request, on), _ways(language))
    return Letter(
        place=request.place_id,
        body=request.body,
        language=language,
        addressee=addressee(request.body, request.place_id, language),
        opening=text("complaint_opening", language, cited=right),
        asked=(),
        notes=notes,
        applicant=applicant or Applicant(),
        kind="complaint",
    )


def _complained_of(request: Request, on: date) -> str:
    language, term = request.language, request.term
    assert term is not None and request.received_on is not None
    known = {
        "received": day_in_text(request.received_on, language, case="on"),
        "number": request.registered_as or "________",
    }
    state = request.state(on)
    if state.startswith("refused"):
        assert request.answered_on is not None
        answered = day_in_text(request.answered_on, language, case="on")
        return text("complaint_refused", language, answered=answered, **known)
    silence = duty("silence_is_refusal")
    cited = article_words(silence.article, language=language)
    ended = day_in_text(term.last, language, case="on")
    return text("complaint_silent", language, ended=ended, cited=cited, **known)


def _ways(language: str) -> str:
    file, consider = duty("complaint_file"), duty("complaint_consider")
    return text(
        "complaint_term",
        language,
        file=article_words(file.article, language=language),
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
    state = request.state(on).replace("_", " ")
    parts = [f"{request.request}: {state}"]
    if request.term is not None and not request.outcome:
        parts.append(_due(request.term))
    if follows is not None:
        rights = [duty(code).article for code in ("request_complaint", "complaint_file")]
        articles = ", ".join(rights)
        until = request.complaint_until(on)
        parts.append(f"complaint until {until} ({articles}): {COMPLAINTS}/{follows.file_name}")
    return "; ".join(parts)


def _due(term: Term) -> str:
    due = f"answer due {term.first}, late after {term.last}"
    if term.is_provisional:
        return f"{due} (provisional: the calendar estimates a day off)"
    return due


__all__ = ["Request", "complaint", "read_round", "start_round", "status", "write_round"]
