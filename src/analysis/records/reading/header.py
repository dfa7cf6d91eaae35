"""Find the header of a sheet and the columns of the schema in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import zip_longest

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
        names = " / ".join(map(repr, self.names))
        key = f"doubt_{self.question}"
        value = repr(self.value)
        return text(key, language, names=names, column=self.column, value=value, rows=self.rows)


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
        words = [*TOTALS, *self.totals]
        escaped = map(re.escape, words)
        called = "|".join(escaped)
        return re.compile(rf"\s*(?:{called})(?:[\s:.,(]|$)", re.I)

    def drop(self, position: int, reason: str) -> None:
        """Note why a column is not written; the first reason stays."""
        header = self.headers[position]
        number = position + 1
        shown = self.guard.header(header)
        name = shown or f"column {number}"
        self.dropped.setdefault(name, reason)

    @property
    def schema(self) -> Schema:
        return self.guard.schema

    def rows(self) -> list[list[str]]:
        """Return the rows of data that are at hand without reading on."""
        preview = self.sheet.preview
        return preview[self.first :]

    def values(self, position: int) -> list[str]:
        """Return the values of a column in the rows of the preview, without empty cells."""
        filled = []
        for row in self.rows():
            cell = row[position] if position < len(row) else ""
            if cell:
                filled.append(cell)
        return filled


def _is_data(row: list[str]) -> bool:
    cells = [cell for cell in row if cell]
    data = any(map(_is_value, cells))
    return data and not _numbers_columns(row)


def _is_value(cell: str) -> bool:
    """Return whether a cell is a date or a number, as no header is."""
    number = re.fullmatch(r"[\d\s.,%-]+", cell)
    if number is not None:
        return True
    day = parse_date(cell)
    return day is not None


def _numbers_columns(row: list[str]) -> bool:
    cells = [cell for cell in row if cell]
    numbers = range(1, len(cells) + 1)
    return len(cells) > 1 and cells == list(map(str, numbers))


def _names_at(rows: list[list[str]], at: int) -> list[tuple[list[list[str]], int]]:
    """Return the ways to read a header that begins at a row: alone, and with the row below."""
    top = rows[at]
    alone = [[cell] for cell in top]
    ways = [(alone, 1)]
    below = rows[at + 1] if at + 1 < len(rows) else []
    named = any(below) and not _is_data(below)
    if named and not _numbers_columns(below):
        ways.append((_names_of_two(top, below), 2))
    return ways


def _names_of_two(top: list[str], below: list[str]) -> list[list[str]]:
    """Return the names of columns from two rows, where a cell of the upper one spans several."""
    last = ""
    names = []
    for above, under in zip_longest(top, below, fillvalue=""):
        last = above or last
        both = f"{last} {under}".strip()
        names.append([both, under] if under else [above])
    return names


def find_header(rows: list[list[str]], schema: Schema) -> tuple[list[list[str]], int, int]:
    """Return the names of columns in the row that matches most, its number, and its height."""
    names, at = _widest(rows)
    best = (names, at, 1)
    best_score = 0.0
    for at, _ in enumerate(rows[:_HEADER_WITHIN]):
        for names, height in _names_at(rows, at):
            score = _likeness(names, schema)
            if height > 1:
                score -= _COST_OF_TWO_ROWS
            if score > best_score:
                best = (names, at, height)
                best_score = score
    return best


def _likeness(names: list[list[str]], schema: Schema) -> float:
    """Return how well names are columns of the schema, each column counted once."""
    scores = {}
    for options in names:
        guess = _best_guess(options, schema)
        if guess:
            scores[guess.column] = guess.score
    return sum(scores.values())


def _widest(rows: list[list[str]]) -> tuple[list[list[str]], int]:
    within = rows[:_HEADER_WITHIN]
    filled = [sum(map(bool, row)) for row in within]
    if not filled:
        return [], 0
    at = filled.index(max(filled))
    row = within[at]
    if _is_data(row):
        return [], at
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
    words = plain(header)
    found = re.search(r"\b(?:fio|iin|telefon|adres|zhsn|aty zhoni)\b", words)
    return found is not None


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
    if not options:
        return ""
    words = options[0].split()
    return " ".join(words)


def _by_words(sheet: Sheet, guard: Guard, mapping: Mapping) -> Layout:
    """Match headers by the synonym table; what the mapping answers is not asked again."""
    schema = guard.schema
    rows = _header_rows(sheet)
    names, at, height = find_header(rows, schema)
    headers = [_one_name(options) for options in names]
    layout = Layout(sheet, guard, headers, at + height)
    for column, found in _candidates(names, schema).items():
        chosen = mapping.columns.get(column)
        if chosen is None:
            _pick(layout, column, found)
        elif chosen in headers:
            layout.picks[column] = headers.index(chosen)
    for column, chosen in mapping.columns.items():
        if chosen in headers:
            layout.picks[column] = headers.index(chosen)
    return layout


def _header_rows(sheet: Sheet) -> list[list[str]]:
    """Return the rows among which the header is: the first where the kind of file says so."""
    if sheet.kind == "parquet":
        return sheet.preview[:1]
    return sheet.preview


def _candidates(names: list[list[str]], schema: Schema) -> dict[str, list[tuple[float, int]]]:
    """Return for each column the headers that may be meant: score and position, the best first."""
    found: dict[str, list[tuple[float, int]]] = {}
    for position, options in enumerate(names):
        guess = _best_guess(options, schema)
        if guess:
            candidates = found.setdefault(guess.column, [])
            candidates.append((guess.score, position))
    for candidates in found.values():
        candidates.sort(key=lambda pair: (-pair[0], pair[1]))
    return found


def _pick(layout: Layout, column: str, found: list[tuple[float, int]]) -> None:
    """Take the best header for a column, and note the doubt where others are as good."""
    best, position = found[0]
    layout.picks[column] = position
    layout.scores[column] = best
    rivals = [layout.headers[place] for score, place in found if score > best - 1]
    if len(rivals) == 1 and best >= SURE:
        return
    shown = tuple(map(layout.guard.header, rivals))
    answers = [name for name in rivals if layout.guard.header(name) == name]
    sheet = layout.sheet.name
    layout.doubts.append(Doubt(sheet, "rivals", "columns", column, (*answers, ""), names=shown))


def _ways(rows: list[list[str]], mapping: Mapping) -> list[tuple[list[list[str]], int, int]]:
    """Return the ways to read a header: names of columns, the row, and the height."""
    number = mapping.header_row
    if number == 0:
        width = max(map(len, rows), default=0)
        numbers = [[str(column)] for column in range(1, width + 1)]
        return [(numbers, 0, 0)]
    places = range(_HEADER_WITHIN)
    if number is not None:
        places = range(number - 1, number)
    ways = []
    for at in places:
        if at >= len(rows):
            break
        for names, height in _names_at(rows, at):
            ways.append((names, at, height))
    return ways


def _by_mapping(sheet: Sheet, guard: Guard, mapping: Mapping) -> Layout:
    rows = _header_rows(sheet)
    wanted = [name for column in mapping.columns for name in mapping.names(column)]
    wanted += mapping.candidates
    ways = _ways(rows, mapping)
    best = max(ways, key=lambda way: _how_many(way[0], wanted), default=([], 0, 0))
    names, at, height = best
    positions = _positions(names, wanted)
    headers = [_one_name(options) for options in names]
    layout = Layout(sheet, guard, headers, at + height)
    problems = _wrong_names(layout, mapping, positions)
    if problems:
        raise DataError(problems)
    for column in mapping.columns:
        first, *further = [positions[name][0] for name in mapping.names(column)]
        layout.picks[column] = first
        if further:
            layout.sums[column] = further
    layout.candidates = {name: positions[name][0] for name in mapping.candidates}
    layout.scores = dict.fromkeys(layout.picks, 100.0)
    return layout


def _wrong_names(
    layout: Layout, mapping: Mapping, positions: dict[str, list[int]]
) -> list[Problem]:
    """Return a problem for each name of the mapping that is no header, or several."""
    asked = [(column, name) for column in mapping.columns for name in mapping.names(column)]
    asked += [("candidates", name) for name in mapping.candidates]
    there = _named(layout.headers, layout.guard)
    problems = []
    for column, name in asked:
        times = len(positions[name])
        if times == 1:
            continue
        problem = Problem(
            file=layout.sheet.name,
            column=column,
            found=f"{name!r} more than once" if times else f"no column {name!r}",
            expected=f"one of {there}; #3 is the third column",
            remedy="Correct the mapping file.",
        )
        problems.append(problem)
    return problems


def _named(headers: list[str], guard: Guard) -> str:
    shown = []
    for header in headers[:_MOST_NAMED]:
        printed = guard.header(header)
        shown.append(repr(printed))
    return ", ".join(shown)


def _how_many(names: list[list[str]], wanted: list[str]) -> int:
    positions = _positions(names, wanted)
    found = [places for places in positions.values() if places]
    return len(found)


def _positions(names: list[list[str]], wanted: list[str]) -> dict[str, list[int]]:
    """Return where each wanted name is: a header, or #3 for the third column."""
    there: dict[str, list[int]] = {}
    for position, options in enumerate(names):
        known = {_tidy(option) for option in options}
        known.add(f"#{position + 1}")
        for option in known:
            places = there.setdefault(option, [])
            places.append(position)
    return {name: there.get(_tidy(name), []) for name in wanted}


def _tidy(name: str) -> str:
    words = name.casefold().split()
    return " ".join(words)


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
    """Drop the columns that hold personal data by their first rows."""
    for column in schema.columns:
        position = layout.picks.get(column.name)
        if position is None:
            continue
        values = layout.values(position)
        reason = layout.guard.sample(values, column)
        if reason:
            layout.drop(position, f"holds {reason}: dropped")
            del layout.picks[column.name]


def _note_unread(layout: Layout) -> None:
    taken = set(layout.picks.values())
    taken.update(layout.candidates.values())
    for further in layout.sums.values():
        taken.update(further)
    for position, _ in enumerate(layout.headers):
        if position not in taken:
            layout.drop(position, "not in the schema or not mapped: not read")
