"""Read and check the raw figures: one row is one figure published by one source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analysis import paths
from analysis.data import tables
from analysis.data.corrections import apply_corrections
from analysis.data.tables import Row, read_table
from analysis.errors import DataError, Problem, near_names

# Columns whose codes are listed in codes.csv, and those of them that may be empty.
CODED = (
    "unit", "measure", "level", "register", "office", "stage", "precision", "dating",
    "confidence", "indicator", "breakdown", "breakdown_value",
)  # fmt: skip
_MAY_BE_EMPTY = ("register", "office", "vote", "stage", "breakdown", "breakdown_value")
_LISTED = 14  # codes named in a message; of longer lists only the near ones
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_LONGEST_NUMBER = 20
_CHANGES = "_change_"
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

_RANGES: dict[str, tuple[float, float | None]] = {
    "share": (0.0, 1.0),
    "percentile": (0.0, 100.0),
    "count": (0.0, None),
    "days": (0.0, None),
}
_NOT_IN_IDENTITY = ("confidence", "note")


@dataclass(frozen=True)
class _Known:
    """The names that a figure may refer to."""

    places: frozenset[str]
    sources: frozenset[str]
    codes: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class _Fault:
    column: str
    expected: str
    remedy: str


def codes(folder: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Return the codes that each column may hold; those of the votes come from votes.csv.

    Examples
    --------
    >>> "referendum_2024" in codes()["vote"], "turnout_share" in codes()["indicator"]
    (True, True)
    """
    folder = folder or paths.raw()
    found: dict[str, list[str]] = {column: [] for column in CODED}
    for row in read_table(folder / "codes.csv", tables.CODES):
        found.setdefault(row["column"], []).append(row["code"])
    votes = read_table(folder / "votes.csv", tables.VOTES)
    found["vote"] = [row["vote"] for row in votes if row["scope"] == "national"]
    empty = {column: [""] for column in _MAY_BE_EMPTY}
    return {column: (*empty.get(column, []), *listed) for column, listed in found.items()}


def _read_known(folder: Path) -> _Known:
    places = read_table(folder / "places.csv", tables.PLACES)
    sources = read_table(folder / "sources.csv", tables.SOURCES)
    return _Known(
        places=frozenset(row["place_id"] for row in places),
        sources=frozenset(row["source_id"] for row in sources),
        codes=codes(folder),
    )


def _as_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _faults(row: Row, known: _Known) -> Iterator[_Fault]:
    for column in (*CODED, "vote"):
        if row[column] not in known.codes[column]:
            yield _unknown_code(column, row[column], known.codes[column])
    for column in tables.FIGURES:
        if _CONTROL.search(row[column]):
            yield _Fault(column, "text without control characters", "Type the cell again.")
    yield from _value_faults(row)
    yield from _period_faults(row)
    if bool(row["breakdown"]) != bool(row["breakdown_value"]):
        expected = "breakdown and breakdown_value both filled, or both empty"
        yield _Fault("breakdown_value", expected, "Name the part, or empty both for a total.")
    if row["place_id"] not in known.places:
        remedy = "Correct the code, or add the place."
        yield _Fault("place_id", "a place listed in places.csv", remedy)
    if row["source_id"] not in known.sources:
        remedy = "Correct it, or add the source."
        yield _Fault("source_id", "a source listed in sources.csv", remedy)


def _unknown_code(column: str, given: str, allowed: tuple[str, ...]) -> _Fault:
    if len(allowed) <= _LISTED:
        listed = ", ".join(code or "(empty)" for code in allowed)
        return _Fault(column, f"one of {listed}", "Use a listed code.")
    near = near_names(given, [code for code in allowed if code])
    remedy = f"Near: {', '.join(near) or 'nothing'}. Use one, or add the code to codes.csv."
    return _Fault(column, "a code of codes.csv", remedy)


def _value_faults(row: Row) -> Iterator[_Fault]:
    if not _NUMBER.fullmatch(row["value"]) or len(row["value"]) > _LONGEST_NUMBER:
        remedy = "Write the figure without spaces, words, signs or an exponent."
        yield _Fault("value", "a number with a decimal point", remedy)
        return
    value = float(row["value"])
    low, high = _RANGES.get(row["unit"], (None, None))
    if _CHANGES in row["indicator"]:  # a difference of two counts may be below zero
        low = None
    too_low = low is not None and value < low
    too_high = high is not None and value > high
    if too_low or too_high:
        expected = f"a {row['unit']} from {low} to {high or 'any'}"
        yield _Fault("value", expected, "Check the figure and its unit.")


def _period_faults(row: Row) -> Iterator[_Fault]:
    if not (row["period_start"] or row["period_end"]):
        return
    start, end = _as_date(row["period_start"]), _as_date(row["period_end"])
    for column, day in (("period_start", start), ("period_end", end)):
        if day is None:
            yield _Fault(column, "a date as 2021-07-25", "Write the date as year-month-day.")
    if start and end and end < start:
        expected = f"no day before {row['period_start']}"
        yield _Fault("period_end", expected, "Exchange or correct the dates.")


def read_observations(dataset: str, *, folder: Path | None = None) -> list[Row]:
    """Read and check one data set of raw figures.

    Parameters
    ----------
    dataset : str
        One of `analysis.reference.datasets()`.
    folder : Path, optional
        The folder of raw data; that of the repository if not given.

    Returns
    -------
    list of dict
        Each row as published but for corrections.csv, all cells text, with the columns of
        `tables.FIGURES`.

    Raises
    ------
    DataError
        With every bad cell: file, row, column, what was found, what was expected and what to do.

    Examples
    --------
    >>> rows = read_observations("appeals")
    >>> rows[1]["indicator"], rows[1]["value"]
    ('administrative_lawsuits_filed', '14469')
    """
    folder = folder or paths.raw()
    known = _read_known(folder)
    path = folder / f"{dataset}.csv"
    corrections = read_table(folder / "corrections.csv", tables.CORRECTIONS)
    rows = apply_corrections(dataset, read_table(path, tables.FIGURES), corrections)
    problems = [
        problem
        for number, row in enumerate(rows, start=2)
        for problem in _row_problems(path.name, number, row, known)
    ]
    problems += _repeated(path.name, rows)
    if problems:
        raise DataError(sorted(problems, key=lambda problem: problem.row or 0))
    return rows


def _row_problems(file: str, number: int, row: Row, known: _Known) -> Iterator[Problem]:
    for fault in _faults(row, known):
        yield Problem(
            file=file,
            row=number,
            column=fault.column,
            found=repr(row[fault.column]),
            expected=fault.expected,
            remedy=fault.remedy,
        )


def _repeated(file: str, rows: list[Row]) -> Iterator[Problem]:
    identity = [column for column in tables.FIGURES if column not in _NOT_IN_IDENTITY]
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows, start=2):
        key = tuple(row[column] for column in identity)
        if key in seen:
            yield Problem(
                file=file,
                row=number,
                found=f"the same figure as row {seen[key]}",
                expected="each figure of a source once",
                remedy="Delete one of the two rows.",
            )
        seen.setdefault(key, number)
