"""Read and check the raw figures: one row is one figure printed by one source."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from datetime import date
from pathlib import Path

from analysis import paths
from analysis.errors import DataError, Problem

DATASETS = ("appeals", "meetings", "akim_elections", "national_votes", "context", "population")

COLUMNS = (
    "indicator", "value", "unit", "measure", "period_start", "period_end", "as_of", "place_id", "region_id",
    "place_name", "level", "register", "office", "vote", "breakdown", "breakdown_value", "stage", "precision",
    "dating", "source_id", "producer", "confidence", "note",
)  # fmt: skip

CODES: dict[str, tuple[str, ...]] = {
    "unit": ("count", "share", "change", "days", "years", "index", "rank", "percentile", "ratio"),
    "measure": ("flow", "stock", "cumulative", "index"),
    "level": ("national", "region", "city", "district", "town", "rural_district", "world"),
    "register": (
        "", "appeals_registers", "e_otinish", "open_dialogue", "hotline", "presidential_administration",
        "social_media_and_broadcasts", "ombudsman", "prosecution", "party_reception", "courts",
        "constitutional_court", "petitions",
    ),
    "office": ("", "rural", "district", "indirect_maslikhat_vote"),
    "vote": (
        "", "president_2019", "majilis_2021", "referendum_2022", "president_2022", "majilis_2023",
        "referendum_2024", "referendum_2026",
    ),
    "stage": ("", "planned", "interim", "preliminary", "final", "other_base"),
    "precision": ("as_printed", "rounded", "at_least", "at_most"),
    "dating": ("stated", "inferred", "bracket"),
    "confidence": ("high", "medium", "low"),
}  # fmt: skip

_RANGES = {
    "share": (0.0, 1.0),
    "percentile": (0.0, 100.0),
    "count": (0.0, None),
    "days": (0.0, None),
}

Row = dict[str, str]


def read_table(path: Path, columns: tuple[str, ...]) -> list[Row]:
    """Read a UTF-8 CSV file with exactly these columns.

    Raises
    ------
    DataError
        If the file is missing, empty, not UTF-8, or has another header or a row of another length.
    """

    def fail(row: int | None, found: str, expected: str, remedy: str) -> DataError:
        return DataError([Problem(path.name, row, None, found, expected, remedy)])

    if not path.is_file():
        raise fail(
            None, "no such file", str(path), "Restore it, or name the right folder with --data."
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise fail(
            None, f"a byte that is not UTF-8 at position {error.start}", "UTF-8 text",
            "Save the file as UTF-8 (in Excel: CSV UTF-8).",
        ) from None  # fmt: skip
    lines = list(csv.reader(text.splitlines()))
    if not lines:
        raise fail(None, "an empty file", "a header row and rows of figures", "Restore the file.")
    if tuple(lines[0]) != columns:
        missing = [c for c in columns if c not in lines[0]]
        extra = [c for c in lines[0] if c not in columns]
        raise fail(
            1, f"missing {missing}, not known {extra}" if missing or extra else "columns in another order",
            ",".join(columns), "Correct the header row.",
        )  # fmt: skip
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(columns):
            raise fail(
                number,
                f"{len(line)} cells",
                f"{len(columns)} cells",
                "Quote cells that hold commas.",
            )
    return [dict(zip(columns, line, strict=True)) for line in lines[1:]]


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _check_row(
    row: Row, places: set[str], sources: set[str], say: Callable[[str, str, str], None]
) -> None:
    for column, allowed in CODES.items():
        if row[column] not in allowed:
            say(
                column, "one of " + ", ".join(a or "(empty)" for a in allowed), "Use a listed code."
            )
    try:
        value = float(row["value"])
    except ValueError:
        say(
            "value",
            "a number with a decimal point",
            "Write the figure without spaces, words or signs.",
        )
    else:
        low, high = _RANGES.get(row["unit"], (None, None))
        if (
            (low is not None and value < low)
            or (high is not None and value > high)
            or math.isnan(value)
        ):
            say(
                "value",
                f"a {row['unit']} from {low} to {high or 'any'}",
                "Check the figure and its unit.",
            )
    if row["period_start"] or row["period_end"]:
        start, end = _date(row["period_start"]), _date(row["period_end"])
        for column, day in (("period_start", start), ("period_end", end)):
            if day is None:
                say(column, "a date as 2021-07-25", "Write the date as year-month-day.")
        if start and end and end < start:
            say(
                "period_end",
                f"no day before {row['period_start']}",
                "Exchange or correct the dates.",
            )
    if not row["indicator"]:
        say("indicator", "a name", "Name what the figure counts.")
    if row["place_id"] not in places:
        say("place_id", "a place listed in places.csv", "Correct the code, or add the place.")
    if row["source_id"] not in sources:
        say("source_id", "a source listed in sources.csv", "Correct it, or add the source.")


CORRECTION_COLUMNS = (
    "dataset", "source_id", "indicator", "period_start", "breakdown_value", "column", "expected", "corrected", "reason", "by_source",
    "corrected_on",
)  # fmt: skip


def apply_corrections(dataset: str, rows: list[Row], corrections: list[Row]) -> list[Row]:
    """Override printed figures as corrections.csv says, each row of which names what it expects to find.

    Raises
    ------
    DataError
        If a correction finds no row that says what it expects: the raw row was changed, or the correction is wrong.
    """
    corrected = [dict(row) for row in rows]
    problems = []
    for number, fix in enumerate(corrections, start=2):
        if fix["dataset"] != dataset:
            continue
        key = ("source_id", "indicator", "period_start")
        part = fix["breakdown_value"]
        found = [
            r for r in corrected
            if all(r[c] == fix[c] for c in key) and r["breakdown_value"] == (part or r["breakdown_value"])
            and r[fix["column"]] == fix["expected"]
        ]  # fmt: skip
        if not found:
            problems.append(
                Problem("corrections.csv", number, "expected", f"no row of {dataset}.csv that says {fix['expected']!r}",
                        "one or more", "Compare the correction with the raw row; delete it if the row is right now.")
            )  # fmt: skip
        for row in found:
            row[fix["column"]] = fix["corrected"]
    if problems:
        raise DataError(problems)
    return corrected


def read_observations(dataset: str, *, folder: Path | None = None) -> list[Row]:
    """Read and check one data set of raw figures.

    Parameters
    ----------
    dataset : str
        One of `DATASETS`.
    folder : Path, optional
        The folder of raw data; that of the repository if not given.

    Returns
    -------
    list of dict
        Each row as printed but for corrections.csv, all cells text, with the columns of `COLUMNS`.

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
    places = {row["place_id"] for row in read_table(folder / "places.csv", PLACE_COLUMNS)}
    sources = {row["source_id"] for row in read_table(folder / "sources.csv", SOURCE_COLUMNS)}
    path = folder / f"{dataset}.csv"
    corrections = read_table(folder / "corrections.csv", CORRECTION_COLUMNS)
    rows = apply_corrections(dataset, read_table(path, COLUMNS), corrections)
    problems: list[Problem] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows, start=2):

        def say(
            column: str, expected: str, remedy: str, number: int = number, row: Row = row
        ) -> None:
            problems.append(Problem(path.name, number, column, repr(row[column]), expected, remedy))

        _check_row(row, places, sources, say)
        key = tuple(row[c] for c in COLUMNS if c not in ("confidence", "note"))
        if key in seen:
            problems.append(
                Problem(path.name, number, None, f"the same figure as row {seen[key]}",
                        "each figure of a source once", "Delete one of the two rows.")
            )  # fmt: skip
        seen.setdefault(key, number)
    if problems:
        raise DataError(problems)
    return rows


PLACE_COLUMNS = (
    "place_id", "level", "kato", "name_kk", "name_ru", "name_en", "aliases", "valid_from", "valid_to",
    "parent_id", "parent_before", "population_2023", "note",
)  # fmt: skip
SOURCE_COLUMNS = ("source_id", "url", "title", "publisher", "published", "language", "terms")
EVENT_COLUMNS = ("theme", "date", "date_precision", "event", "kind", "source_id", "note")
MANDATE_COLUMNS = (
    "office",
    "valid_from",
    "valid_to",
    "meetings_per_year",
    "where",
    "decree",
    "source_id",
    "note",
)
