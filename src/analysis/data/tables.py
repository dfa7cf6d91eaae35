"""Read the raw tables as they stand, and the columns that each must have."""

from __future__ import annotations

import csv
from pathlib import Path

from analysis.errors import DataError

Row = dict[str, str]

# fmt: off
FIGURES = (
    "indicator", "value", "unit", "measure", "period_start", "period_end", "as_of", "place_id",
    "region_id", "place_name", "level", "register", "office", "vote", "breakdown",
    "breakdown_value", "stage", "precision", "dating", "source_id", "producer", "confidence",
    "note",
)
PLACES = (
    "place_id", "level", "kato", "name_kk", "name_ru", "name_en", "described_kk", "described_ru",
    "aliases", "valid_from", "valid_to", "parent_id", "parent_before", "population_2023",
    "tile_column", "tile_row", "rural_akims", "report", "note",
)
SOURCES = ("source_id", "url", "title", "publisher", "published", "language", "terms")
EVENTS = (
    "theme", "date", "date_precision", "event", "kind", "source_id", "note", "milestone_en",
    "milestone_kk", "milestone_ru",
)
MANDATES = (
    "office", "valid_from", "valid_to", "meetings_per_year", "where", "decree", "source_id", "note",
)
CORRECTIONS = (
    "dataset", "source_id", "indicator", "period_start", "place_id", "breakdown_value", "column",
    "expected", "corrected", "reason", "by_source", "corrected_on",
)
SUPERSEDED = (
    "dataset", "source_id", "indicator", "period_start", "place_id", "breakdown_value", "expected",
    "kind", "by_source", "reason",
)
DUTIES = (
    "code", "theme", "duty", "body", "frequency_or_term", "term_number", "term_unit", "article",
    "in_force_from", "in_force_to", "edition", "text_en", "text_kk", "text_ru", "source_id", "note",
)
COVERAGE_ITEMS = (
    "item", "dataset", "indicators", "registers", "office", "parts", "parts_partial",
    "unit_of_time", "for_nation", "duty", "requires", "en", "kk", "ru",
)
CODES = ("column", "code", "en", "kk", "ru")
VOTES = (
    "vote", "scope", "kind", "day", "hours", "region_stages", "name_en", "name_kk", "name_ru",
)
DATASETS = ("dataset", "published")
# fmt: on


def read_table(path: Path, columns: tuple[str, ...]) -> list[Row]:
    """Read a UTF-8 CSV file with exactly these columns.

    Raises
    ------
    DataError
        If the file is missing, empty, not UTF-8, or has another header or a row of another length.
    """
    lines = list(csv.reader(_read_text(path).splitlines()))
    if not lines:
        raise DataError.one(
            file=path.name,
            found="an empty file",
            expected="a header row and rows of figures",
            remedy="Restore the file.",
        )
    _check_header(path.name, lines[0], columns)
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(columns):
            raise DataError.one(
                file=path.name,
                row=number,
                found=f"{len(line)} cells",
                expected=f"{len(columns)} cells",
                remedy="Quote cells that hold commas.",
            )
    return [dict(zip(columns, line, strict=True)) for line in lines[1:]]


def _read_text(path: Path) -> str:
    if not path.is_file():
        raise DataError.one(
            file=path.name,
            found="no such file",
            expected=str(path),
            remedy="Restore it, or set OPENNESS_HOME to the folder that holds data/.",
        )
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError.one(
            file=path.name,
            found=f"a byte that is not UTF-8 at position {error.start}",
            expected="UTF-8 text",
            remedy="Save the file as UTF-8 (in Excel: CSV UTF-8).",
        ) from None


def _check_header(file: str, header: list[str], columns: tuple[str, ...]) -> None:
    if tuple(header) == columns:
        return
    missing = [column for column in columns if column not in header]
    extra = [column for column in header if column not in columns]
    found = "columns in another order"
    if missing or extra:
        found = f"missing {missing}, not known {extra}"
    raise DataError.one(
        file=file,
        row=1,
        found=found,
        expected=",".join(columns),
        remedy="Correct the header row.",
    )
