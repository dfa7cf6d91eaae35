"""One run of an ingest: what it reads with, whom it asks, and the refusal of what is open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import DataError, Problem
from analysis.locale import text
from analysis.records.ingestion import columns
from analysis.records.privacy.guard import Guard
from analysis.records.reading.header import Doubt
from analysis.records.reading.hidden import HiddenFiles
from analysis.records.reading.mapping import Mapping
from analysis.records.reading.places import OwnPlaces
from analysis.records.schemas import Schema

if TYPE_CHECKING:
    import duckdb

Ask = Callable[[Doubt], str]
Say = Callable[[str], None]


class Refusal(DataError):
    """Something is open that only a person can say; `template` is the mapping file to fill in."""

    def __init__(self, problems: list[Problem], template: str):
        super().__init__(problems)
        self.template = template


@dataclass
class Run:
    """What one run reads with, its number, and the day of the export ("" if not given)."""

    guard: Guard
    mappings: list[Mapping]
    places: OwnPlaces
    key: bytes
    hidden: HiddenFiles
    connection: duckdb.DuckDBPyConnection
    say: Say
    ask: Ask | None
    language: str
    number: int
    exported: str
    earlier: Path

    @property
    def schema(self) -> Schema:
        return self.guard.schema

    def words(self, key: str, **values: Any) -> str:
        """Return a message in the language of the run."""
        return text(key, self.language, **values)

    def find_place(self, name: str) -> columns.Match:
        own = self.places.find(name)
        if own:
            return own, own
        return columns.find_in_gazetteer(name)

    def file_names(self, names: Iterable[str]) -> list[str]:
        """Return the names of files or sheets as they may be written."""
        numbered = enumerate(names, 1)
        return [self.guard.file_name(name, number) for number, name in numbered]

    def mapping_of(self, name: str) -> Mapping:
        """Return the mapping of a file: the first whose patterns fit its name."""
        base = name.split(", sheet ", maxsplit=1)[0]
        for mapping in self.mappings:
            if mapping.reads(base):
                return mapping
        return Mapping()
