"""Find the header of a sheet and the columns of the schema in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from analysis.errors import DataError, Problem
from analysis.locale import text
from analysis.records.privacy.guard import Guard, find
from analysis.records.reading.files import Sheet
from analysis.records.reading.mapping import Mapping
from analysis.records.reading.values import parse_count, parse_date
from analysis.records.reading.vocabulary import SURE, Guess, guess_column, plain
from analysis.records.schemas import Schema

_HEADER_WITHIN = 50
_COST_OF_TWO_ROWS = 5
_MOST_NAMED = 60
TOTALS = (
    "итого", "всего", "барлығы", "барлыгы", "жиыны", "жалпы саны", "подытог", "total", "totals",
    "grand total", "subtotal", "insgesamt", "gesamt", "summe", "ogółem", "razem", "toplam",
    "totale", "ukupno",
)  # fmt: skip
NOTE = re.compile(
    r"\s*(?:\*|примечани|ескерту|note:|notes:|источник:|дереккөз|source:|сноска)", re.I
)


@dataclass(frozen=True)
class Doubt:
    """Something that only a person can say.

    `question` is the key of its sentence; `sets` is the table of the mapping file that an answer
    goes to, `column` the column of the schema, `value` the value in the file, `rows` how many rows
    have it, and `names` what else the sentence names."""

    file: str
    question: str
    sets: str
    column: str
    answers: tuple[str, ...]
    value: str = ""
    rows: int = 0
    names: tuple[str, ...] = ()

    def sentence(self, language: str = "en") -> str:
        """Return the question without the name of the file."""
        names = " / ".join(repr(name) for name in self.names)
        values = {"column": self.column, "value": repr(self.value), "rows": self.rows}
        return text(f"doubt_{self.question}", language, names=names, **values)

    @property
    def said(self) -> str:
        return f"{self.file}: {self.sentence()}"


@dataclass
class Layout:
    """Where a sheet has what: `first` rows come before the data, `picks` are column -> position."""

    sheet: Sheet
    guard: Guard
    headers: list[str]
    first: int
    picks: dict[str, int] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    candidates: dict[str, int] = field(default_factory=dict)
    dropped: dict[str, str] = field(default_factory=dict)
    sums: dict[str, list[int]] = field(default_factory=dict)
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
        name = self.guard.header(header) or f"column {position + 1}"
        self.dropped.setdefault(name, reason)

    @property
    def schema(self) -> Schema:
        return self.guard.schema

    def rows(self) -> list[list[str]]:
        """Return the rows of data that are at hand without reading on."""
        return self.sheet.preview[self.first :]

    def values(self, position: int) -> list[str]:
        return [row[position] for row in self.rows() if len(row) > position and row[position]]


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
    """Return the ways to read a header at a row: for each, the possible names of each column.

    And the rows it takes.
    """
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
    """Return the possible names of each column, the row of the header (from 0).

    And how many rows it takes.
    """
    best: tuple[float, list[list[str]], int, int] = (0.0, *_widest(rows), 1)
    for at in range(min(_HEADER_WITHIN, len(rows))):
        for names, height in _names_at(rows, at):
            guesses = [_best_guess(options, schema) for options in names]
            columns = {guess.column: guess.score for guess in guesses if guess}
            score = sum(columns.values()) - (_COST_OF_TWO_ROWS if height > 1 else 0)
            if score > best[0]:
                best = (score, names, at, height)
    return best[1], best[2], best[3]


def _widest(rows: list[list[str]]) -> tuple[list[list[str]], int]:
    """Return the row that a person would take for the header where no word of it is known.

    Of data, no name is told.
    """
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


def lay_out(sheet: Sheet, guard: Guard, mapping: Mapping) -> Layout:
    """Find the columns of a sheet.

    By the mapping where there is one and by the synonym table otherwise.

    Raises
    ------
    DataError
        If the mapping names columns that the sheet does not have.
    """
    schema = guard.schema
    reader = _by_mapping if mapping.given else _by_words
    layout = reader(sheet, guard, mapping)
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


def _by_words(sheet: Sheet, guard: Guard, mapping: Mapping) -> Layout:
    schema = guard.schema
    names, at, height = find_header(
        sheet.preview[:1] if sheet.kind == "parquet" else sheet.preview, schema
    )
    headers = [_one_name(options) for options in names]
    layout = Layout(sheet, guard, headers, at + height)
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
            shown = tuple(guard.header(name) for name in rivals)
            answers = tuple(name for name in rivals if guard.header(name) == name)
            layout.doubts.append(
                Doubt(sheet.name, "rivals", "columns", column, (*answers, ""), names=shown)
            )
    for column, chosen in mapping.columns.items():
        if column not in layout.picks and chosen in headers:
            layout.picks[column] = headers.index(chosen)
    return layout


def _ways(rows: list[list[str]], mapping: Mapping) -> list[tuple[list[list[str]], int, int]]:
    """Return the ways to read the header that the mapping leaves: names, row and height."""
    if mapping.header_row == 0:
        width = max(map(len, rows), default=0)
        return [([[str(position + 1)] for position in range(width)], 0, 0)]
    if mapping.header_row is None:
        places = list(range(min(_HEADER_WITHIN, len(rows))))
    else:
        places = [mapping.header_row - 1]
    here = [at for at in places if at < len(rows)]
    return [(names, at, height) for at in here for names, height in _names_at(rows, at)]


def _by_mapping(sheet: Sheet, guard: Guard, mapping: Mapping) -> Layout:
    rows = sheet.preview[:1] if sheet.kind == "parquet" else sheet.preview
    asked = [(column, name) for column in mapping.columns for name in mapping.names(column)]
    asked += [("candidates", name) for name in mapping.candidates]
    wanted = [name for _, name in asked]
    ways = _ways(rows, mapping)
    best = max(ways, key=lambda way: _how_many(way[0], wanted), default=([], 0, 0))
    positions = _positions(best[0], wanted)
    headers = [_one_name(options) for options in best[0]]
    layout = Layout(sheet, guard, headers, best[1] + best[2])
    problems = [
        Problem(
            file=sheet.name,
            column=column,
            found=f"no column {name!r}" if not positions[name] else f"{name!r} more than once",
            expected=f"one of {_named(headers, guard)}; #3 is the third column",
            remedy="Correct the mapping file.",
        )
        for column, name in asked
        if len(positions[name]) != 1
    ]
    if problems:
        raise DataError(problems)
    for column in mapping.columns:
        parts = [positions[name][0] for name in mapping.names(column)]
        layout.picks[column] = parts[0]
        if len(parts) > 1:
            layout.sums[column] = parts[1:]
    layout.candidates = {name: positions[name][0] for name in mapping.candidates}
    layout.scores = dict.fromkeys(layout.picks, 100.0)
    return layout


def _named(headers: list[str], guard: Guard) -> str:
    return ", ".join(repr(guard.header(header)) for header in headers[:_MOST_NAMED])


def _how_many(names: list[list[str]], wanted: list[str]) -> int:
    return sum(map(bool, _positions(names, wanted).values()))


def _positions(names: list[list[str]], wanted: list[str]) -> dict[str, list[int]]:
    """Return the columns that each wanted name stands for: its words, or # and its number."""
    there: dict[str, list[int]] = {}
    for position, options in enumerate(names):
        for option in dict.fromkeys([*map(_tidy, options), f"#{position + 1}"]):
            there.setdefault(option, []).append(position)
    return {name: there.get(_tidy(name), []) for name in wanted}


def _tidy(name: str) -> str:
    return " ".join(name.split()).casefold()


def _find_candidates(layout: Layout) -> None:
    taken = set(layout.picks.values())
    for position, header in enumerate(layout.headers):
        values = layout.values(position)
        words = header.split()
        named = (
            len(words) > 1 and all(word[0].isupper() for word in words) and find(header) == "name"
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
        if reason := layout.guard.sample(layout.values(position), column):
            layout.drop(position, f"holds {reason}: dropped")
            del layout.picks[column.name]


def _note_unread(layout: Layout) -> None:
    added = [position for parts in layout.sums.values() for position in parts]
    taken = {*layout.picks.values(), *layout.candidates.values(), *added}
    for position in range(len(layout.headers)):
        if position not in taken:
            layout.drop(position, "not in the schema or not mapped: not read")
