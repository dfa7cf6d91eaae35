"""The sums of a table: which cells are totals of which, and whether they add up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
    if isinstance(spec, str):
        return [(spec, [value for value in frame[column].unique() if value != spec])]
    return spec


def relations(frame: pd.DataFrame, by: Sequence[str], totals: Totals) -> sparse.csr_matrix:
    """Return one row per sum of the table: 1 for the total, -1 for each part that is there."""
    rows, columns, signs, found = [], [], [], 0
    for column, spec in totals.items():
        others = [name for name in by if name != column]
        group = (
            frame.groupby(others, sort=False, observed=True).ngroup().to_numpy()
            if others
            else np.zeros(len(frame), dtype=int)
        )
        for total, parts in _pairs(frame, column, spec):
            whole = np.flatnonzero(frame[column].eq(total))
            number = np.full(len(frame) + 1, -1)
            number[group[whole]] = np.arange(len(whole)) + found
            part = np.flatnonzero(frame[column].isin(parts))
            part = part[number[group[part]] >= 0]
            # A total without any part in the table says nothing of its parts.
            has_part = np.zeros(len(frame) + 1, dtype=bool)
            has_part[group[part]] = True
            whole = whole[has_part[group[whole]]]
            number[:] = -1
            number[group[whole]] = np.arange(len(whole)) + found
            rows += [number[group[whole]], number[group[part]]]
            columns += [whole, part]
            signs += [np.ones(len(whole)), -np.ones(len(part))]
            found += len(whole)
    if not rows:
        return sparse.csr_matrix((0, len(frame)))
    entries = (np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns)))
    return sparse.csr_matrix(entries, shape=(found, len(frame)))


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
        raise DataError.one(
            file="table",
            found=f"the cell {cell_words(double.iloc[0], by)} twice",
            expected="each cell once",
            remedy="Add up or drop one of them.",
        )


def cell_words(row: pd.Series, by: Sequence[str]) -> str:
    return ", ".join(str(row[name]) for name in by if str(row[name]))


def wrong_sum(frame: pd.DataFrame, by: Sequence[str], row: sparse.csr_matrix) -> DataError:
    total = frame.iloc[row.indices[row.data > 0][0]]
    return DataError.one(
        file="table",
        column=", ".join(str(total[name]) for name in by),
        found="a total that is not the sum of its parts",
        expected="totals that add up",
        remedy="Count totals and parts from the same records.",
    )
