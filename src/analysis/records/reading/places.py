"""A list of places of one's own: code, name and the place above."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import DataError
from analysis.records.reading.vocabulary import plain

FILE = "places.csv"
_COLUMNS = ["code", "name", "parent"]


@dataclass(frozen=True)
class OwnPlaces:
    """Places by their codes: names, and the code of the place above each."""

    names: dict[str, str]
    parents: dict[str, str]

    def find(self, text: str) -> str | None:
        """Return the code of a place that a file names by its name or code."""
        if text in self.names:
            return text
        wanted = plain(text)
        for code, name in self.names.items():
            if plain(name) == wanted and wanted:
                return code
        return None

    def write(self, folder: Path) -> None:
        """Write the list into a folder of records."""
        path = folder / FILE
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(_COLUMNS)
            for code, name in self.names.items():
                parent = self.parents.get(code, "")
                writer.writerow((code, name, parent))


def read_places(path: Path) -> OwnPlaces:
    """Read a list of places.

    Raises
    ------
    DataError
        If it is not there, lacks a column, or names a parent that it does not have.
    """
    rows = _read_rows(path)
    names, parents = {}, {}
    for row in rows:
        code = row["code"]
        names[code] = row["name"]
        parents[code] = row["parent"]
    for number, row in enumerate(rows, 2):
        parent = parents[row["code"]]
        if parent and parent not in names:
            raise _wrong(path, f"the parent {parent!r}", "a code of the list", row=number)
    if "" in names or len(names) < len(rows) or _has_circle(parents):
        raise _wrong(path, "a code that is empty, twice or above itself", "each code once")
    return OwnPlaces(names, parents)


def _read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of the list, without spaces around their cells."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeError, csv.Error) as error:
        raise _wrong(path, str(error), "a CSV in UTF-8") from error
    columns = list(rows[0]) if rows else []
    if not set(_COLUMNS) <= set(columns):
        wanted = ", ".join(_COLUMNS)
        raise _wrong(path, ", ".join(columns) or "no rows", f"the columns {wanted}")
    return [{name: (row[name] or "").strip() for name in _COLUMNS} for row in rows]


def _has_circle(parents: dict[str, str]) -> bool:
    for first in parents.values():
        above, steps = first, 0
        while above and steps <= len(parents):
            above, steps = parents.get(above, ""), steps + 1
        if steps > len(parents):
            return True
    return False


def _wrong(path: Path, found: str, expected: str, row: int | None = None) -> DataError:
    return DataError.one(
        file=str(path), row=row, found=found, expected=expected, remedy="Correct the list."
    )
