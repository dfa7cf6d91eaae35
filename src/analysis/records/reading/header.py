"""Find the header of a sheet and the columns of the schema in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from analysis.errors import DataError, Problem
from analysis.records.privacy.guard import find, judge_numbers, judge_terms
from analysis.records.reading.files import Sheet
from analysis.records.reading.mapping import Mapping
from analysis.records.reading.values import parse_count, parse_date, pattern
from analysis.records.reading.vocabulary import SURE, Guess, guess_column, plain
from analysis.records.schemas import Column, Schema

_HEADER_WITHIN = 50
TOTALS = (
    "итого", "всего", "барлығы", "барлыгы", "жиыны", "жалпы саны", "подытог", "total", "totals", "grand total", "subtotal", "insgesamt",
    "gesamt", "summe", "ogółem", "razem", "toplam", "totale", "ukupno",
)  # fmt: skip
NOTE = re.compile(
    r"\s*(?:\*|примечани|ескерту|note:|notes:|источник:|дереккөз|source:|сноска)", re.I
)


@dataclass(frozen=True)
class Doubt:
    """Something that only a person can say: the question, the answers that are allowed, and what an answer sets.

    `sets` is the table of the mapping file, `column` the column of the schema, `value` the value in the file.
    """

    said: str
    sets: str
    column: str
    answers: tuple[str, ...]
    value: str = ""


@dataclass
class Layout:
    """Where a sheet has what: `first` rows come before the data, `picks` are column -> position."""

    sheet: Sheet
    schema: Schema
    headers: list[str]
    first: int
    picks: dict[str, int] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    candidates: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, str] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    totals: list[str] = field(default_factory=list)

    @property
    def total(self) -> re.Pattern[str]:
        """The rule for the first word of a total row."""
        words = "|".join(re.escape(word) for word in (*TOTALS, *self.totals))
        return re.compile(rf"\s*(?:{words})(?:[\s:.,(]|$)", re.I)

    def drop(self, position: int, reason: str) -> None:
        """Note why a column is not written; the first reason stays."""
        header = self.headers[position]
        self.dropped.setdefault(shown(header, self.schema) or f"column {position + 1}", reason)

    def rows(self) -> list[list[str]]:
        """Return the rows of data that are at hand without reading on."""
        return self.sheet.preview[self.first :]

    def values(self, position: int) -> list[str]:
        return [row[position] for row in self.rows() if len(row) > position and row[position]]


def shown(header: str, schema: Schema) -> str:
    """Return a header for people; of one that is personal itself, only what it looks like."""
    header = " ".join(header.split())[:80]
    return f"[{pattern(header)}]" if find(header, public=schema.public) else header


def _is_data(row: list[str]) -> bool:
    cells = [cell for cell in row if cell]
    data = sum(
        parse_date(cell) is not None or bool(re.fullmatch(r"[\d\s.,%-]+", cell)) for cell in cells
    )
    return data > 0 and not _numbers_columns(row)


def _numbers_columns(row: list[str]) -> bool:
    cells = [cell for cell in row if cell]
    return len(cells) > 1 and cells == [str(number) for number in range(1, len(cells) + 1)]


def _names_at(rows: list[list[str]], at: int) -> list[tuple[list[list[str]], int]]:
    """Return the ways to read a header at a row: for each, the possible names of each column, and the rows it takes."""
    top = rows[at]
    ways = [([[cell] for cell in top], 1)]
    below = rows[at + 1] if at + 1 < len(rows) else []
    if sum(map(bool, below)) > 0 and not _is_data(below) and not _numbers_columns(below):
        last, names = "", []
        for position in range(max(len(top), len(below))):
            above = top[position] if position < len(top) else ""
            under = below[position] if position < len(below) else ""
            last = above or last
            names.append([f"{last} {under}".strip(), under] if under else [above])
        ways.append((names, 2))
    return ways


def find_header(rows: list[list[str]], schema: Schema) -> tuple[list[list[str]], int, int]:
    """Return the possible names of each column, the row of the header (from 0), and how many rows it takes."""
    best: tuple[float, list[list[str]], int, int] = (0.0, *_widest(rows), 1)
    for at in range(min(_HEADER_WITHIN, len(rows))):
        for names, height in _names_at(rows, at):
            guesses = [_best_guess(options, schema) for options in names]
            columns = {guess.column: guess.score for guess in guesses if guess}
            score = sum(columns.values()) - (5 if height == 2 else 0)
            if score > best[0]:
                best = (score, names, at, height)
    return best[1], best[2], best[3]


def _widest(rows: list[list[str]]) -> tuple[list[list[str]], int]:
    """Return the row that a person would take for the header where no word of it is known; of data, no name is told."""
    within = rows[:_HEADER_WITHIN]
    at = max(range(len(within)), key=lambda n: sum(map(bool, within[n])), default=0)
    row = within[at] if within and not _is_data(within[at]) else []
    return [[cell] for cell in row], at


def _best_guess(options: list[str], schema: Schema) -> Guess | None:
    if (
        options
        and guess_column(options[0], schema.dataset) is None
        and len(options) > 1
        and _is_personal(options[0])
    ):
        return None
    guesses = [guess for option in options if (guess := guess_column(option, schema.dataset))]
    return max(guesses, key=lambda guess: guess.score) if guesses else None


def _is_personal(header: str) -> bool:
    return bool(re.search(r"\b(?:fio|iin|telefon|adres|zhsn|aty zhoni)\b", plain(header)))


def lay_out(sheet: Sheet, schema: Schema, mapping: Mapping) -> Layout:
    """Find the columns of a sheet, by the mapping where there is one and by the synonym table otherwise.

    Raises
    ------
    DataError
        If the mapping names columns that the sheet does not have.
    """
    layout = (
        _by_mapping(sheet, schema, mapping) if mapping.given else _by_words(sheet, schema, mapping)
    )
    layout.totals = mapping.totals
    while layout.first < len(sheet.preview) and (
        _numbers_columns(sheet.preview[layout.first]) or not any(sheet.preview[layout.first])
    ):
        layout.first += 1
    if (
        schema.dataset == "elections"
        and not mapping.given
        and not {"candidate", "votes"} & layout.picks.keys()
    ):
        _find_candidates(layout)
    _screen(layout, schema)
    _note_unread(layout)
    return layout


def _one_name(options: list[str]) -> str:
    return " ".join(options[0].split()) if options else ""


def _by_words(sheet: Sheet, schema: Schema, mapping: Mapping) -> Layout:
    names, at, height = find_header(
        sheet.preview[:1] if sheet.kind == "parquet" else sheet.preview, schema
    )
    headers = [_one_name(options) for options in names]
    layout = Layout(sheet, schema, headers, at + height)
    ranked: dict[str, list[tuple[float, int]]] = {}
    for position, options in enumerate(names):
        if guess := _best_guess(options, schema):
            ranked.setdefault(guess.column, []).append((guess.score, position))
    for column, found in ranked.items():
        found.sort(key=lambda pair: (-pair[0], pair[1]))
        chosen = mapping.columns.get(column)
        if chosen is not None:
            layout.picks |= {column: headers.index(chosen)} if chosen in headers else {}
            continue
        layout.picks[column], layout.scores[column] = found[0][1], found[0][0]
        rivals = [headers[position] for score, position in found if score > found[0][0] - 1]
        if len(rivals) > 1 or found[0][0] < SURE:
            said = " or ".join(repr(shown(name, schema)) for name in rivals)
            layout.doubts.append(
                Doubt(
                    f"{sheet.name}: is {said} the column <{column}>?",
                    "columns",
                    column,
                    (*rivals, ""),
                )
            )
    for column, chosen in mapping.columns.items():
        if column not in layout.picks and chosen in headers:
            layout.picks[column] = headers.index(chosen)
    return layout


def _by_mapping(sheet: Sheet, schema: Schema, mapping: Mapping) -> Layout:
    wanted = [*mapping.columns.values(), *mapping.candidates]
    rows = sheet.preview[:1] if sheet.kind == "parquet" else sheet.preview
    if mapping.header_row == 0:
        ways = [([[str(position + 1)] for position in range(max(map(len, rows), default=0))], 0, 0)]
    else:
        places = (
            range(min(_HEADER_WITHIN, len(rows)))
            if mapping.header_row is None
            else [mapping.header_row - 1]
        )
        ways = [
            (names, at, height)
            for at in places
            if at < len(rows)
            for names, height in _names_at(rows, at)
        ]
    best = max(ways, key=lambda way: len(_positions(way[0], wanted)), default=([], 0, 0))
    positions = _positions(best[0], wanted)
    layout = Layout(sheet, schema, [_one_name(options) for options in best[0]], best[1] + best[2])
    problems = []
    for column, name in [
        *mapping.columns.items(),
        *(("candidates", name) for name in mapping.candidates),
    ]:
        if name not in positions:
            near = ", ".join(repr(shown(header, schema)) for header in layout.headers[:60])
            problems.append(
                Problem(
                    file=sheet.name,
                    column=column,
                    found=f"no column {name!r}",
                    expected=f"one of {near}",
                    remedy="Correct the mapping file.",
                )
            )
    if problems:
        raise DataError(problems)
    layout.picks = {column: positions[name] for column, name in mapping.columns.items()}
    layout.candidates = {name: positions[name] for name in mapping.candidates}
    layout.scores = dict.fromkeys(layout.picks, 100.0)
    return layout


def _positions(names: list[list[str]], wanted: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    tidy = {" ".join(name.split()).casefold(): name for name in wanted}
    for position, options in enumerate(names):
        for option in options:
            key = " ".join(option.split()).casefold()
            if key in tidy:
                found.setdefault(tidy[key], position)
    return found


def _find_candidates(layout: Layout) -> None:
    taken = set(layout.picks.values())
    for position, header in enumerate(layout.headers):
        values = layout.values(position)
        words = header.split()
        named = (
            len(words) >= 2 and all(word[0].isupper() for word in words) and find(header) == "name"
        )
        if (
            position not in taken
            and named
            and values
            and all(parse_count(value) is not None for value in values)
        ):
            layout.candidates[header] = position


def _screen(layout: Layout, schema: Schema) -> None:
    """Drop the columns whose first rows show that they hold persons."""
    for column in schema.columns:
        if column.name not in layout.picks:
            continue
        position = layout.picks[column.name]
        if reason := _reason(layout.values(position), column, schema):
            layout.drop(position, f"holds {reason}: dropped")
            del layout.picks[column.name]


def _reason(values: list[str], column: Column, schema: Schema) -> str | None:
    if column.kind in ("count", "key"):
        return judge_numbers(values)
    if column.kind in ("body", "place") or (
        column.kind == "category" and not column.codes and column.name != "candidate"
    ):
        counts: dict[str, int] = {}
        for value in values:
            counts[value] = counts.get(value, 0) + 1
        return judge_terms(
            counts,
            person_level=schema.person_level,
            place=column.kind == "place",
            public=schema.public,
        )[0]
    return None


def _note_unread(layout: Layout) -> None:
    taken = {*layout.picks.values(), *layout.candidates.values()}
    for position in range(len(layout.headers)):
        if position not in taken:
            layout.drop(position, "not in the schema or not mapped: not read")
