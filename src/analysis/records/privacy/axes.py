"""A table as a product of axes, where it is one: the shape in which moves are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import DataError
from analysis.records.privacy import cover
from analysis.records.privacy.sums import Array, Totals

# A table with more places than this, empty ones among them, is too fine to be protected.
MOST_PLACES = 20_000_000
# A sum graph of more indicators than this is left to linear programming.
MOST_ITEMS = 24


def _is_tree(spec: Sequence[tuple[str, Sequence[str]]]) -> bool:
    parts = [part for _, mine in spec for part in mine]
    wholes = [total for total, _ in spec]
    return len(set(parts)) == len(parts) and len(set(wholes)) == len(wholes)


def product_of(frame: pd.DataFrame, by: Sequence[str], totals: Totals) -> Product | None:
    """Return the axes of a table, or None where it has another shape."""
    flat = {name: spec for name, spec in totals.items() if isinstance(spec, str)}
    given = {name: spec for name, spec in totals.items() if not isinstance(spec, str)}
    trees = {name: spec for name, spec in given.items() if _is_tree(spec)}
    graphs = [name for name in given if name not in trees]
    if len(graphs) > 1 or (graphs and frame[graphs[0]].nunique() > MOST_ITEMS):
        return None
    axes = [*flat, *trees]
    rest = [name for name in by if name not in (*axes, *graphs)]
    codes = [_blocks(frame, rest)]
    parents: list[Array | None] = []
    for name in axes:
        code, parent = _axis(frame[name].astype("str"), totals[name])
        codes.append(code)
        parents.append(parent)
    item, names = np.zeros(len(frame), dtype=int), [""]
    if graphs:
        item, found = pd.factorize(frame[graphs[0]].astype("str"))
        names = list(found)
    sizes = [int(code.max()) + 1 for code in codes]
    _check_fineness(sizes)
    place = np.ravel_multi_index(codes, sizes)
    cell, row = np.unique(place, return_inverse=True)
    cells = np.full(sizes, -1)
    cells.ravel()[cell] = np.arange(len(cell))
    relations = _numbered(names, given[graphs[0]]) if graphs else ()
    return Product(cells, row, item, relations, len(names), tuple(parents))


def _blocks(frame: pd.DataFrame, names: list[str]) -> Array:
    if not names:
        return np.zeros(len(frame), dtype=int)
    return frame.groupby(names, sort=False, observed=True).ngroup().to_numpy()


def _axis(
    labels: pd.Series, spec: str | Sequence[tuple[str, Sequence[str]]]
) -> tuple[Array, Array | None]:
    """Return the place of each label on its axis (one total is at 0), and the parents of levels."""
    here = list(labels.unique())
    if isinstance(spec, str):
        order = [spec, *(label for label in here if label != spec)]
        parent = None
    else:
        above = {part: total for total, parts in spec for part in parts}
        order = here
        number = {label: place for place, label in enumerate(order)}
        parent = np.array([number.get(above.get(label, ""), -1) for label in order])
    number = {label: place for place, label in enumerate(order)}
    return labels.map(number).to_numpy(), parent


def _numbered(names: list[str], spec: Any) -> cover.Relations:
    number = {name: place for place, name in enumerate(names)}
    found = []
    for total, parts in spec:
        here = tuple(number[part] for part in parts if part in number)
        if total in number and here:
            found.append((number[total], here))
    return tuple(found)


def _check_fineness(sizes: list[int]) -> None:
    if np.prod(np.array(sizes, dtype=float)) > MOST_PLACES:
        raise DataError.one(
            file="table",
            found=f"{' x '.join(map(str, sizes))} places",
            expected=f"at most {MOST_PLACES}",
            remedy="Count by fewer columns, or by wider ones (quarters, regions).",
        )


@dataclass(frozen=True)
class Product:
    """A table as a product of axes: its places, and row and indicator of each line of the frame."""

    cells: Array
    row: Array
    item: Array
    relations: cover.Relations
    items: int
    parents: tuple[Array | None, ...]

    def spread(self, column: Array, empty: float = 0.0) -> Array:
        table = np.full((int(self.row.max()) + 1, self.items), empty, dtype=column.dtype)
        table[self.row, self.item] = column
        return table
