"""Choose what is hidden besides small counts: by moves first, the rest by linear programming."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy
from scipy import sparse

from analysis.records.privacy import cover
from analysis.records.privacy.axes import Product
from analysis.records.privacy.ranges import SOLVER, intervals, verdicts_of
from analysis.records.privacy.sums import NEAR, Array, components

_PASSES = 40  # a large table is covered in about so many programmes, each for many small cells
# The cost of a change of what is hidden already, and what is gained where a small cell rises too.
_FREE, _BONUS = 1e-6, 1e-3
_FARTHEST = 1e6


def decoys(matrix: sparse.csr_matrix, values: Array, hidden: Array, fixed: Array) -> Array:
    """Hide a zero wherever the zeros of a small row would tell what its one other cell is.

    A total of three with one part of three and zeros besides says what all three are, hidden or
    not. One zero is hidden with the part, and the reader cannot tell which of the two is empty. A
    hidden zero that is itself a total takes a part along. A zero below a zero that was shown before
    is known.
    """
    hidden = hidden.copy()
    parts = abs(matrix.minimum(0)).tocsr()
    total_of = matrix.maximum(0).tocsr()
    filled = parts @ (values > 0).astype(float)
    # A hidden zero that is a total is unknown if one part is; another total needs two.
    enough = np.where(total_of @ values > 0, 2.0, 1.0)
    given = parts.T @ (total_of @ ((values == 0) & fixed).astype(float) > 0).astype(float) > 0
    while True:
        shut = fixed | given
        hidden &= ~(shut & (values == 0))
        before = int(hidden.sum())
        # A zero is known where the total above it is a zero that is shown.
        shown_zero = (values == 0) & ~hidden
        empty = total_of @ shown_zero.astype(float) > 0
        known = parts.T @ empty.astype(float) > 0
        above = total_of.T @ ((parts @ (hidden & known).astype(float)) > 0).astype(float) > 0
        hidden |= above & shown_zero & ~shut
        below = total_of @ hidden.astype(float) > 0
        zeros = parts @ (hidden & (values == 0)).astype(float)
        telling = np.flatnonzero(below & (filled + zeros < enough))
        # A zero that serves many such rows is hidden rather than one for each of them.
        serves = np.asarray(parts[telling].sum(axis=0)).ravel()
        for row in telling:
            mine = parts.indices[parts.indptr[row] : parts.indptr[row + 1]]
            if (hidden[mine] & (values[mine] == 0)).sum() + filled[row] >= enough[row]:
                continue
            spare = mine[(values[mine] == 0) & ~hidden[mine] & ~shut[mine]]
            if len(spare):
                hidden[spare[np.lexsort((-serves[spare], known[spare]))[0]]] = True
        if int(hidden.sum()) == before:
            return hidden


def _below(matrix: sparse.csr_matrix, hidden: Array) -> Array:
    """Return the cells that lie under a hidden total, over any number of steps."""
    parts = abs(matrix.minimum(0)).T.tocsr()
    total_of = matrix.maximum(0).tocsr()
    reached = hidden.copy()
    while True:
        sums = total_of @ reached.astype(float)
        more = reached | (parts @ sums > 0)
        if (more == reached).all():
            return reached
        reached = more


@dataclass(frozen=True)
class Counts:
    """A table to protect: its sums, its counts, what their loss costs, and the threshold."""

    matrix: sparse.csr_matrix
    values: Array
    loss: Array
    threshold: int
    fixed: Array

    def touchable(self, hidden: Array) -> Array:
        """Return the cells that may be hidden: counts, and zeros below a hidden total."""
        below = _below(self.matrix, hidden)
        unknown = (self.values > 0) | below
        return unknown & ~self.fixed

    def cover_by_moves(self, product: Product, hidden: Array) -> cover.Cover:
        touchable = self.touchable(hidden)
        table = cover.Table(
            product.cells,
            product.spread(self.values),
            product.spread(self.loss),
            product.relations,
            self.threshold,
            product.parents,
            review=bool(self.fixed.any()),
        )
        return cover.cover(table, product.spread(hidden, False), product.spread(touchable, False))

    def known_zeros(self, hidden: Array) -> Array:
        """Return the hidden zeros that a reader can compute."""
        low, high = intervals(self.matrix, self.values, hidden, self.threshold, exact=False)
        known = np.zeros(len(hidden), dtype=bool)
        known[hidden] = (low >= high) & (self.values[hidden] == 0)
        return known

    def cover_exactly(self, hidden: Array, unproven: Array) -> Array:
        """Hide what cells that no move proves need, by linear programming on what shares sums."""
        hidden = hidden.copy()
        # What was shown before cannot be hidden, but its count is a part of the sums.
        there = np.flatnonzero(self.touchable(hidden) | hidden | (self.values > 0))
        part = self.matrix[:, there].tocsr()
        for rows, columns in components(part):
            cells = there[columns]
            if len(rows) and unproven[cells].any():
                block = replace(
                    self,
                    matrix=part[rows][:, columns],
                    values=self.values[cells],
                    loss=self.loss[cells],
                    fixed=self.fixed[cells],
                )
                hide = _hide_known if self.fixed.any() else _hide
                hidden[cells] = hide(block, hidden[cells])
        return hidden


def _cover(counts: Counts, hidden: Array, cells: Array, rise: Array, small: Array) -> Array:
    """Return the cheapest change in which some cells rise and all sums hold; its cells are hidden.

    Changing a published cell costs its loss per unit (Kelly, Golden and Assad 1992), a hidden cell
    nothing. Other small cells may rise too; fixed ones do not move.
    """
    matrix, values = counts.matrix, counts.values
    n = len(values)
    cost = np.where(hidden, _FREE, counts.loss)
    up = cost - np.where(small, _BONUS, 0.0)
    most = np.where(small, np.maximum(small, rise.sum()), np.inf)
    lower, upper = np.zeros(2 * n), np.r_[most, np.maximum(values - 1, 0)]
    lower[cells] = rise
    upper[n + cells] = 0
    upper[np.r_[counts.fixed, counts.fixed]] = 0
    solved = scipy.optimize.linprog(
        np.r_[up, cost],
        A_eq=sparse.hstack([matrix, -matrix], format="csr"), b_eq=np.zeros(matrix.shape[0]),
        bounds=np.column_stack([lower, upper]), method="highs", options=SOLVER,
    )  # fmt: skip
    if not solved.success:
        raise ArithmeticError(solved.message)
    change = solved.x[:n] - solved.x[n:]
    return np.where(np.abs(change) > NEAR, change, 0.0)


def _hide(counts: Counts, hidden: Array) -> Array:
    """Return all cells of one connected table that must be hidden to protect its small ones."""
    values, threshold = counts.values, counts.threshold
    hidden = _hide_small(counts, hidden)
    while True:
        low, high = intervals(counts.matrix, values, hidden, threshold, exact=False)
        readable = np.flatnonzero(hidden)[verdicts_of(low, high, threshold) != "pass"][:1]
        if not len(readable):
            return hidden
        rise = np.maximum(1.0, threshold - values[readable])
        hidden |= _cover(counts, hidden, readable, rise, np.zeros(len(values))) != 0


def _hide_small(counts: Counts, hidden: Array) -> Array:
    """Hide what lets the small cells rise to the threshold, many of them at once."""
    values, threshold = counts.values, counts.threshold
    hidden, reached = hidden.copy(), values.copy()
    at_once = 1 + int(hidden.sum()) // _PASSES
    while True:
        low = np.flatnonzero(hidden & (reached < threshold - NEAR))
        low = low[np.argsort(values[low], kind="stable")][:at_once]
        if not len(low):
            return hidden
        small = np.where(hidden & (reached < threshold), threshold - values, 0.0)
        change = _cover(counts, hidden, low, threshold - values[low], small)
        hidden |= change != 0
        rises = change > 0
        back = ((values - 1)[rises] / change[rises]).min(initial=_FARTHEST)
        moved = np.maximum(values + change, values - back * change)
        reached = np.maximum(reached, moved)


def _hide_known(counts: Counts, hidden: Array) -> Array:
    """Return what must be hidden so that no count is known, where totals were shown before."""
    values = counts.values
    hidden = hidden.copy()
    while True:
        low, high = intervals(counts.matrix, values, hidden, counts.threshold, exact=False)
        open_ = np.flatnonzero(hidden)
        readable = open_[(low >= high) & (values[open_] > 0)][:1]
        if not len(readable):
            return hidden
        change = _cover(counts, hidden, readable, np.ones(1), np.zeros(len(values)))
        hidden |= change != 0


def hide_further(
    counts: Counts, product: Product | None, hidden: Array
) -> tuple[Array, Array, Array]:
    """Return what is hidden, what of it only linear programming proves, and what is known small."""
    nothing = np.zeros(len(hidden), dtype=bool)
    if product is None:
        return counts.cover_exactly(hidden, hidden), hidden, nothing
    found = counts.cover_by_moves(product, hidden)
    table = product.spread(counts.values)
    covered = found.hidden[product.row, product.item]
    open_ = found.unproven(table, counts.threshold)[product.row, product.item]
    _check_moves(counts, product, found)
    if open_.any():
        covered = counts.cover_exactly(covered, open_)
        if counts.fixed.any():
            # Beside what was shown before, some zeros are known whatever is hidden now.
            known = counts.known_zeros(covered)
            covered, open_ = covered & ~known, open_ & ~known
    weak = (found.weak & (found.high < counts.threshold))[product.row, product.item]
    return covered, open_, weak & covered


def _check_moves(counts: Counts, product: Product, found: cover.Cover) -> None:
    """Make sure, apart from the search, that moves keep every sum and touch hidden cells only."""
    line = np.full(found.hidden.size, -1)
    line[product.row * product.items + product.item] = np.arange(len(product.row))
    moves = found.moves.tocsr()
    outside = moves[line < 0].nnz
    aligned = moves[np.flatnonzero(line >= 0)]
    order = line[line >= 0]
    change = abs(counts.matrix[:, order] @ aligned)
    touched = np.unique(found.moves.indices)
    if outside or (change.nnz and change.max() > NEAR) or not found.hidden.ravel()[touched].all():
        raise ArithmeticError("a move that changes a total")  # a fault of the program
