"""The sums of a table: which cells are totals of which, and whether they add up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from analysis.errors import DataError

NEAR = 1e-6
Array = NDArray[Any]
# A column's totals: the one value that stands for all others, or pairs of a total and its parts.
Totals = Mapping[str, str | Sequence[tuple[str, Sequence[str]]]]


def _pairs(
    frame: pd.DataFrame, column: str, spec: str | Sequence[tuple[str, Sequence[str]]]
) -> Sequence[tuple[str, Sequence[str]]]:
    """Return each total of a column with its parts."""
    if not isinstance(spec, str):
        return spec
    parts = [value for value in frame[column].unique() if value != spec]
    return [(spec, parts)]


def relations(frame: pd.DataFrame, by: Sequence[str], totals: Totals) -> sparse.csr_matrix:
    """Return one row per sum of the table: 1 for the total, -1 for each part that is there."""
    rows, columns, signs, found = [], [], [], 0
    for column, spec in totals.items():
        others = [name for name in by if name != column]
        group = groups_of(frame, others)
        for total, parts in _pairs(frame, column, spec):
            is_total = frame[column].eq(total).to_numpy(dtype=bool)
            is_part = frame[column].isin(parts).to_numpy(dtype=bool)
            # A total without any part in the table says nothing of its parts.
            complete = _is_there(group, is_total) & _is_there(group, is_part)
            whole = np.flatnonzero(is_total & complete)
            part = np.flatnonzero(is_part & complete)
            number = np.zeros(len(frame) + 1, dtype=int)
            number[group[whole]] = np.arange(len(whole)) + found
            rows += [number[group[whole]], number[group[part]]]
            columns += [whole, part]
            signs += [np.ones(len(whole)), -np.ones(len(part))]
            found += len(whole)
    if not rows:
        return sparse.csr_matrix((0, len(frame)))
    places = (np.concatenate(rows), np.concatenate(columns))
    return sparse.csr_matrix((np.concatenate(signs), places), shape=(found, len(frame)))


def _is_there(group: Array, lines: Array) -> Array:
    """Return for each line whether its group has one of some lines."""
    there = np.zeros(len(group) + 1, dtype=bool)
    there[group[lines]] = True
    return there[group]


def groups_of(frame: pd.DataFrame, names: Sequence[str]) -> Array:
    """Return for each row the number of its combination of values; 0 where there are no columns."""
    if not names:
        return np.zeros(len(frame), dtype=int)
    grouped = frame.groupby(list(names), sort=False, observed=True)
    return grouped.ngroup().to_numpy()


def components(matrix: sparse.csr_matrix) -> Iterator[tuple[Array, Array]]:
    """Yield the rows and columns of each part of a matrix that shares nothing with the others."""
    n_rows, n_columns = matrix.shape
    blocks = (
        sparse.bmat([[None, matrix], [matrix.T, None]])
        if n_rows
        else sparse.csr_matrix((n_columns, n_columns))
    )
    count, label = csgraph.connected_components(blocks, directed=False)
    order = np.argsort(label, kind="stable")
    edges = np.searchsorted(label[order], np.arange(count + 1))
    for first, last in pairwise(edges):
        nodes = order[first:last]
        yield nodes[nodes < n_rows], nodes[nodes >= n_rows] - n_rows


def check_columns(frame: pd.DataFrame, by: Sequence[str], totals: Totals, count: str) -> None:
    """Check that a table has the columns that it is said to have, and each cell once.

    Raises
    ------
    DataError
        If it has not.
    """
    missing = [name for name in (*by, *totals, count) if name not in frame]
    if missing:
        raise DataError.one(
            file="table",
            column=str(missing[0]),
            found="no such column",
            expected=", ".join(map(str, frame.columns)),
            remedy="Name a column of it.",
        )
    double = frame[frame.duplicated(list(by))]
    if len(double):
        cell = cell_words(double.iloc[0], by)
        raise DataError.one(
            file="table",
            found=f"the cell {cell} twice",
            expected="each cell once",
            remedy="Add up or drop one of them.",
        )


def cell_words(row: pd.Series, by: Iterable[str]) -> str:
    """Return what tells a cell apart, without totals, which have no name."""
    words = [str(row[name]) for name in by]
    return ", ".join(filter(None, words))


def wrong_sum(frame: pd.DataFrame, by: Sequence[str], row: sparse.csr_matrix) -> DataError:
    """Return the error of a total that is not the sum of its parts: `row` is its sum."""
    is_total = row.data > 0
    line = row.indices[is_total][0]
    total = frame.iloc[line]
    return DataError.one(
        file="table",
        column=", ".join(str(total[name]) for name in by),
        found="a total that is not the sum of its parts",
        expected="totals that add up",
        remedy="Count totals and parts from the same records.",
    )
