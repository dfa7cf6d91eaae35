"""A figure of an answer, and the row of data/raw that it becomes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from analysis import reference
from analysis.data.tables import FIGURES, Row
from analysis.requests.items import Item, items, period_days
from analysis.requests.names import body_name
from analysis.store import cached_on, read_rows


@dataclass(frozen=True)
class Figure:
    """One number of an answer: which item, place and period, and the cell it stands in."""

    item: str
    place_id: str
    period: str
    value: Decimal
    cell: str
    is_marked: bool = False


@dataclass(frozen=True)
class Reply:
    """What a body answered: its letter, its figures, and why others are missing.

    `missing` holds item, reason ("not_kept" or "held_elsewhere") and the body that holds it.
    """

    file: str
    place_id: str
    body: str
    number: str
    date: date
    figures: tuple[Figure, ...]
    missing: tuple[tuple[str, str, str], ...] = ()

    @property
    def source(self) -> Row:
        """The letter as a row of sources.csv."""
        publisher = body_name(self.body, self.place_id, "en")
        told = f"{publisher}|{self.number}|{self.date}"
        return {
            "source_id": "s" + hashlib.sha256(told.encode()).hexdigest()[:8],
            "url": "",
            "title": f"Answer No. {self.number} of {self.date} to a request for information",
            "publisher": publisher,
            "published": str(self.date),
            "language": "",
            "terms": "answer to a request for information, kept by the requester",
        }


def observation(figure: Figure, source_id: str, *, note: str = "") -> Row:
    """Return a figure as a row of its data set."""
    item = items()[figure.item]
    first, last = period_days(figure.place_id, figure.period)
    row = dict.fromkeys(FIGURES, "")
    said = [f"answer to a request, cell {figure.cell}"]
    said += ["footnote in the answer"] if figure.is_marked else []
    return row | {
        **_of_item(item),
        "value": _plain(figure.value),
        "period_start": str(first),
        "period_end": str(last),
        "place_id": figure.place_id,
        "region_id": reference.region_of(figure.place_id),
        "level": _levels()[figure.place_id],
        "vote": figure.period if item.is_of_votes else "",
        "stage": "final" if item.is_of_votes else "",
        "precision": "as_printed",
        "dating": "stated",
        "source_id": source_id,
        "confidence": "high",
        "note": "; ".join([*said, note] if note else said),
    }


def _of_item(item: Item) -> Row:
    columns = (
        "indicator", "unit", "measure", "register", "office", "breakdown", "breakdown_value",
    )  # fmt: skip
    return {column: getattr(item, column) for column in columns}


def _plain(value: Decimal) -> str:
    digits = format(value, "f")
    if "." not in digits:
        return digits
    return digits.rstrip("0").rstrip(".")


@cached_on("raw/places")
def _levels() -> dict[str, str]:
    levels = {}
    for row in read_rows("raw/places"):
        place = row["place_id"]
        levels[place] = row["level"]
    return levels
