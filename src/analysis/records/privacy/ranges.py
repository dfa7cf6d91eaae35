"""What a reader can work out about each hidden cell, by linear programming."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from scipy import sparse

from analysis.records.privacy.sums import NEAR, Array, components

SOLVER = {"presolve": False}  # the programmes are many and small
_AT_ONCE = 4000
_HALF = 0.5  # a share that is 0 or 1 but for rounding


def _least(matrix: sparse.csr_matrix, values: Array, hidden: Array) -> Array:
    """Return the least value that a reader must allow each hidden cell.

    A zero is hidden only where the total above it is hidden too, so elsewhere a hidden cell is one
    or more. A hidden total may be zero where all its parts may be.
    """
    least = np.where(hidden, 1.0, values)
    parts = abs(matrix.minimum(0)).tocsr()
    total_of = matrix.maximum(0).tocsr()
    under = (parts.T @ (total_of @ hidden.astype(float))) > 0
    least[hidden & under] = 0.0
    while True:
        floor = parts @ least
        empty = (total_of.T @ ((floor < NEAR) & (parts.getnnz(axis=1) > 0)).astype(float)) > 0
        lower = hidden & empty & (least > 0)
        if not lower.any():
            return least
        least[lower] = 0.0


def _boundless(matrix: sparse.csr_matrix) -> Array:
    """Return the cells with no upper bound: a change without a fall raises them."""
    n = matrix.shape[1]
    ends = np.r_[np.ones(n), np.full(n, np.inf)]
    solved = scipy.optimize.linprog(
        np.r_[-np.ones(n), np.zeros(n)],
        A_eq=sparse.hstack([matrix, matrix], format="csr"), b_eq=np.zeros(matrix.shape[0]),
        bounds=np.column_stack([np.zeros(2 * n), ends]), method="highs", options=SOLVER,
    )  # fmt: skip
    return solved.x[:n] > _HALF


def _extremes(
    matrix: sparse.csr_matrix, sums: Array, cells: Array, sign: float, least: Array
) -> Array:
    """Return the least (sign 1) or the greatest (-1) value of each cell that the sums allow."""
    n = matrix.shape[1]
    best = []
    for chunk in np.array_split(cells, -(-len(cells) * n // _AT_ONCE)) if len(cells) else []:
        places = np.arange(len(chunk)) * n + chunk
        goals = np.zeros(len(chunk) * n)
        goals[places] = sign
        stacked = sparse.kron(sparse.identity(len(chunk)), matrix, format="csr")
        solved = scipy.optimize.linprog(
            goals,
            A_eq=stacked,
            b_eq=np.tile(sums, len(chunk)),
            bounds=np.column_stack([np.tile(least, len(chunk)), np.full(len(chunk) * n, np.inf)]),
            method="highs",
            options=SOLVER,
        )
        if not solved.success:
            raise ArithmeticError(solved.message)
        best.append(solved.x[places])
    return np.concatenate(best) if best else np.array([])


def _examples(
    matrix: sparse.csr_matrix, sums: Array, threshold: int, least: Array
) -> tuple[Array, Array]:
    """Return a range of each cell, widened by tables that agree with the sums until none widens it.

    Each table lifts as many cells as it can to the threshold, or lets as many fall as it can that
    have not moved yet.
    """
    n = matrix.shape[1]
    low, high = np.full(n, np.inf), np.full(n, -np.inf)
    equal = sparse.hstack([matrix, sparse.csr_matrix(matrix.shape)], format="csr")
    below = sparse.hstack([-sparse.identity(n), sparse.identity(n)], format="csr")
    ends = np.column_stack(
        [np.r_[least, np.zeros(n)], np.r_[np.full(n, np.inf), np.full(n, float(threshold))]]
    )
    for lifting in (True, False):
        left = n + 1
        while True:
            todo = high < threshold - NEAR if lifting else high - low < 1 - NEAR
            if todo.sum() in (0, left):
                break
            left = todo.sum()
            goals = np.r_[np.zeros(n), -1.0 * todo] if lifting else np.r_[1.0 * todo, np.zeros(n)]
            solved = scipy.optimize.linprog(
                goals,
                A_ub=below,
                b_ub=np.zeros(n),
                A_eq=equal,
                b_eq=sums,
                bounds=ends,
                method="highs",
                options=SOLVER,
            )
            if not solved.success:
                raise ArithmeticError(solved.message)
            low, high = np.minimum(low, solved.x[:n]), np.maximum(high, solved.x[:n])
    return np.ceil(low - NEAR), np.floor(high + NEAR)


def intervals(
    matrix: sparse.csr_matrix, values: Array, hidden: Array, threshold: int, *, exact: bool
) -> tuple[Array, Array]:
    """Return what a reader can work out about each hidden cell from all that is shown.

    Unless `exact`, the range of a cell that passes is one that examples prove, and may be wider.
    """
    unknown = np.flatnonzero(hidden)
    sums = -matrix[:, ~hidden] @ values[~hidden]
    part = matrix[:, unknown].tocsr()
    least = _least(matrix, values, hidden)[unknown]
    # Where the true counts are at hand, a hidden zero is allowed for wherever it lies.
    least = np.where(values[unknown] < least, 0.0, least)
    low, high = least.copy(), np.full(len(unknown), np.inf)
    for rows, columns in components(part):
        if not (len(rows) and len(columns)):
            continue
        block = _Block(part[rows][:, columns], sums[rows], least[columns], threshold)
        low[columns], high[columns] = block.ranges(exact=exact)
    return low, high


@dataclass(frozen=True)
class _Block:
    """Hidden cells that share sums: the sums, what these leave to them, the least of each."""

    matrix: sparse.csr_matrix
    sums: Array
    least: Array
    threshold: int

    def ranges(self, *, exact: bool) -> tuple[Array, Array]:
        count = len(self.least)
        low, high = self.least.copy(), np.full(count, np.inf)
        unsure = np.arange(count)
        if not exact:
            low, high = _examples(self.matrix, self.sums, self.threshold, self.least)
            unsure = np.flatnonzero(verdicts_of(low, high, self.threshold) != "pass")
        if len(unsure):
            found = _extremes(self.matrix, self.sums, unsure, 1.0, self.least)
            low[unsure] = np.ceil(found - NEAR)
            ends = ~_boundless(self.matrix)[unsure]
            high[unsure[~ends]] = np.inf
            bounded = _extremes(self.matrix, self.sums, unsure[ends], -1.0, self.least)
            high[unsure[ends]] = np.floor(bounded + NEAR)
        return low, high


def verdicts_of(low: Array, high: Array, threshold: int) -> Array:
    """Return "fail" for counts that can be computed, "review" for known small ones, else "pass"."""
    known = low >= high
    small = high < threshold
    return np.select([known, small], ["fail", "review"], "pass")
