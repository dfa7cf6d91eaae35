"""Figures that give way to another figure for the same thing, each a row of superseded.csv."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analysis import paths
from analysis.data import tables
from analysis.data.tables import Row, read_table
from analysis.errors import DataError, Problem

KINDS = ("vintage", "stage", "definition", "dating")
Groups = dict[tuple[str, ...], list[tuple[int, Row]]]


@dataclass(frozen=True)
class Superseded:
    """A figure that gives way: which, to what source, why, and the row of superseded.csv."""

    number: int
    row: tuple[tuple[str, str], ...]
    kind: str

    def __getitem__(self, column: str) -> str:
        cells = dict(self.row)
        return cells[column]

    def __str__(self) -> str:
        """Return the reason as the ledger keeps it."""
        return f"{self.kind}: {self['reason']}"


def read_superseded(dataset: str, *, folder: Path | None = None) -> list[Superseded]:
    """Read the figures of a data set that give way to another.

    Raises
    ------
    DataError
        If a row names a kind that is not known.

    Examples
    --------
    >>> [known.kind for known in read_superseded("population")]
    ['vintage', 'vintage', 'vintage']
    """
    rows = read_table((folder or paths.raw()) / "superseded.csv", tables.SUPERSEDED)
    for number, row in enumerate(rows, start=2):
        if row["kind"] not in KINDS:
            raise DataError.one(
                file="superseded.csv",
                row=number,
                column="kind",
                found=repr(row["kind"]),
                expected=f"one of {', '.join(KINDS)}",
                remedy="Use a listed kind.",
            )
    return [
        Superseded(number=number, row=tuple(row.items()), kind=row["kind"])
        for number, row in enumerate(rows, start=2)
        if row["dataset"] == dataset
    ]


def superseded(groups: Groups, known: list[Superseded], *, file: str) -> dict[int, Superseded]:
    """Return which figures give way, by their row number.

    A row without a place gives way wherever the other source has a figure for the same thing.

    Raises
    ------
    DataError
        If a row of superseded.csv finds no figure that says what it expects.
    """
    out: dict[int, Superseded] = {}
    for entry in known:
        found = [
            number
            for group in groups.values()
            for number, row in group
            if _is_meant(row, entry) and (entry["place_id"] or _has_source(group, entry))
        ]
        if not found:
            raise DataError([_not_found(entry, file)])
        out |= dict.fromkeys(found, entry)
    return out


def _is_meant(row: Row, entry: Superseded) -> bool:
    for column in ("source_id", "indicator", "period_start", "breakdown_value"):
        if row[column] != entry[column]:
            return False
    is_place = entry["place_id"] in ("", row["place_id"])
    is_value = entry["expected"] in ("", row["value"])
    return is_place and is_value


def _has_source(group: list[tuple[int, Row]], entry: Superseded) -> bool:
    wanted = entry["by_source"]
    sources = [row["source_id"] for _, row in group]
    return wanted in sources


def _not_found(entry: Superseded, file: str) -> Problem:
    return Problem(
        file="superseded.csv",
        row=entry.number,
        column="expected",
        found=f"no row of {file} that says {entry['expected'] or 'what it names'!r}",
        expected="one or more",
        remedy="Compare it with the raw row; delete it if the row is gone.",
    )
