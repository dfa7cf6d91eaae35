"""A table as a product of axes, where it is one: the shape in which moves are looked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import DataError
from analysis.records.privacy import cover
from analysis.records.privacy.sums import Array, Totals, groups_of

# A table with more places than this, empty ones among them, is too fine to be protected.
MOST_PLACES = 20_000_000
# A sum graph of more indicators than this is left to linear programming.
MOST_ITEMS = 24


def _is_tree(spec: Sequence[tuple[str, Sequence[str]]]) -> bool:
    """Return whether each part lies in one total, and each total is there once."""
    wholes: list[str] = []
    parts: list[str] = []
    for total, mine in spec:
        wholes.append(total)
        parts += mine
    return _are_different(parts) and _are_different(wholes)


def _are_different(names: list[str]) -> bool:
    different = set(names)
    return len(different) == len(names)


def product_of(frame: pd.DataFrame, by: Sequence[str], totals: Totals) -> Product | None:
    """Return the axes of a table, or None where it has another shape."""
    flat, trees, graphs = [], [], []
    for name, spec in totals.items():
        if isinstance(spec, str):
            flat.append(name)
        elif _is_tree(spec):
            trees.append(name)
        else:
            graphs.append(name)
    if len(graphs) > 1 or (graphs and frame[graphs[0]].nunique() > MOST_ITEMS):
        return None
    axes = [*flat, *trees]
    rest = [name for name in by if name not in (*axes, *graphs)]
    codes = [groups_of(frame, rest)]
    parents: list[Array | None] = []
    for name in axes:
        code, parent = _axis(frame[name].astype("str"), totals[name])
        codes.append(code)
        parents.append(parent)
    item, names = np.zeros(len(frame), dtype=int), [""]
    relations: cover.Relations = ()
    if graphs:
        (graph,) = graphs
        item, found = pd.factorize(frame[graph].astype("str"))
        names = list(found)
        relations = _numbered(names, totals[graph])
    sizes = [int(code.max()) + 1 for code in codes]
    _check_fineness(sizes)
    place = np.ravel_multi_index(codes, sizes)
    cell, row = np.unique(place, return_inverse=True)
    cells = np.full(sizes, -1)
    cells.ravel()[cell] = np.arange(len(cell))
    return Product(cells, row, item, relations, len(names), tuple(parents))


def _axis(
    labels: pd.Series, spec: str | Sequence[tuple[str, Sequence[str]]]
) -> tuple[Array, Array | None]:
    """Return the place of each label on its axis (one total is at 0), and the parents of levels."""
    here = list(labels.unique())
    if isinstance(spec, str):
        parts = [label for label in here if label != spec]
        return _numbers(labels, [spec, *parts]), None
    above = {part: total for total, parts in spec for part in parts}
    number = {label: place for place, label in enumerate(here)}
    parent = [number.get(above.get(label, ""), -1) for label in here]
    return _numbers(labels, here), np.array(parent)


def _numbers(labels: pd.Series, order: list[str]) -> Array:
    places = range(len(order))
    number = dict(zip(order, places, strict=True))
    return labels.map(number).to_numpy()


def _numbered(names: list[str], spec: Any) -> cover.Relations:
    """Return the sums among indicators by their numbers, as far as the table has them."""
    number = {name: place for place, name in enumerate(names)}
    found = []
    for total, parts in spec:
        here = tuple(number[part] for part in parts if part in number)
        if here and total in number:
            found.append((number[total], here))
    return tuple(found)


def _check_fineness(sizes: list[int]) -> None:
    places = math.prod(sizes)
    if places > MOST_PLACES:
        named = " x ".join(map(str, sizes))
        raise DataError.one(
            file="table",
            found=f"{named} places",
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
        """Return a column of the frame as a table: one row per place, one column per indicator."""
        rows = int(self.row.max()) + 1
        table = np.full((rows, self.items), empty, dtype=column.dtype)
        table[self.row, self.item] = column
        return table
