"""The cells of a table: every combination that occurs, and totals over all sets of dimensions."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

ALL = ""


@dataclass(frozen=True)
class Cube:
    """The cells of a table, and how its rows add up to them.

    `of_row` is the finest cell of each row of the base; each of `sets` holds, for every finest
    cell, the cell that it is added to, or -1."""

    cells: pd.DataFrame
    of_row: NDArray[Any]
    sets: list[NDArray[Any]]

    def add_up(self, fine: NDArray[Any]) -> NDArray[Any]:
        """Add the finest cells up to all cells."""
        added = np.zeros((len(self.cells), fine.shape[1]))
        for cell in self.sets:
            there = cell >= 0
            np.add.at(added, cell[there], fine[there])
        return added

    def finest(self, column: NDArray[Any]) -> NDArray[Any]:
        """Return the sums of a column over the rows of each finest cell."""
        cells = len(self.sets[0])
        return np.bincount(self.of_row, column, cells)


def find_distinct(numbers: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the distinct numbers in order, and the place of each number among them.

    Hashing first is quicker than sorting all.
    """
    first, found = pd.factorize(numbers)
    order = np.argsort(found)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return found[order], place[first]


def _levels(codes: NDArray[Any], above: NDArray[Any] | None) -> list[NDArray[Any]]:
    """Return what a dimension is added up to: itself, its regions if it has any, and the total."""
    levels = [codes]
    if above is not None:
        region = above[codes]
        own = (region == codes) | (region == 0)
        if not own.all():
            levels.append(np.where(own, -1, region))
    if len(np.unique(codes)) > 1:  # the sum of one part is that part
        levels.append(np.zeros_like(codes))
    return levels


def make_cube(base: pd.DataFrame, dimensions: list[str], above: NDArray[Any] | None) -> Cube:
    """Return the cells of a table, totals of every set of dimensions among them.

    Parameters
    ----------
    base : pandas.DataFrame
        One row per combination; `period` and the dimensions are categories, the total first.
    dimensions : list of str
    above : array, optional
        For the first dimension, the code of the region of each code.
    """
    keys = ["period", *dimensions]
    sizes = [len(base[name].cat.categories) + 1 for name in keys]
    codes = [base[name].cat.codes.to_numpy().astype("int64") for name in keys]
    finest, of_row = find_distinct(np.ravel_multi_index(codes, sizes))
    period, *fine = np.unravel_index(finest, sizes)
    levels = [_levels(column, None if number else above) for number, column in enumerate(fine)]
    numbers = []
    for chosen in product(*levels):
        there = np.all([column >= 0 for column in chosen], axis=0) if chosen else True
        places = [np.maximum(column, 0) for column in chosen]
        number = np.ravel_multi_index([period, *places], sizes)
        numbers.append(np.where(there, number, -1))
    stacked = np.concatenate(numbers)
    occurs = stacked >= 0
    found, cell = np.unique(stacked[occurs], return_inverse=True)
    all_cells = np.full(len(stacked), -1)
    all_cells[occurs] = cell
    labels = {}
    for name, code in zip(keys, np.unravel_index(found, sizes), strict=True):
        labels[name] = pd.Categorical.from_codes(code, dtype=base[name].dtype)
    sets = np.split(all_cells, len(numbers))
    return Cube(pd.DataFrame(labels), of_row, sets)
