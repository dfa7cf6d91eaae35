"""Disclosure control: small counts are hidden together with what would give them away, then audited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize, sparse
from scipy.sparse import csgraph

from analysis.errors import DataError
from analysis.locale import text
from analysis.records.privacy import cover

# A count of one to nine people is not shown: the least count that ACRO, the checker of outputs of
# research data centres, releases by default is ten too (safe_threshold in its default parameters).
SMALL_CELL = 10
# With a threshold of two, a hidden count is known to be one.
LEAST_THRESHOLD = 3
# A table with more places than this, empty ones among them, is too fine to be protected.
MOST_PLACES = 20_000_000
# A sum graph of more indicators than this is left to linear programming.
MOST_ITEMS = 24
_AT_ONCE = 4000
_NEAR = 1e-6
_PASSES = 40  # a large table is covered in about so many programmes, each for many small cells
_SOLVER = {"presolve": False}  # the programmes are many and small

Array = NDArray[Any]
# A column's totals: the one value that stands for all others, or pairs of a total and its parts.
Totals = Mapping[str, str | Sequence[tuple[str, Sequence[str]]]]


def check_threshold(threshold: Any) -> int:
    """Return a threshold of small counts that may be used.

    Raises
    ------
    DataError
        If it is no whole number, or below 3.

    Examples
    --------
    >>> check_threshold(10)
    10
    """
    whole = isinstance(threshold, int | np.integer) and not isinstance(threshold, bool)
    if not whole or threshold < LEAST_THRESHOLD:
        raise DataError.one(
            file="disclosure control",
            column="threshold",
            found=repr(threshold),
            expected=f"a whole number of {LEAST_THRESHOLD} or more",
            remedy="Exported counts must pass disclosure control: choose a higher threshold.",
        )
    return int(threshold)


@dataclass(frozen=True, eq=False)
class Audit:
    """Result of `audit`: `verdict` is "pass", "review" or "fail", `cells` has one row per hidden cell."""

    verdict: str
    cells: pd.DataFrame
    threshold: int

    def summary(self, language: str = "en") -> str:
        """Return in one sentence what a reader can work out, and name the first such cell."""
        worst = self.cells[self.cells["verdict"] == self.verdict]
        if worst.empty:
            return text("disclosure_nothing", language)
        names = [column for column in self.cells if column not in ("low", "high", "verdict")]
        first = worst.iloc[0]
        return text(
            f"disclosure_{self.verdict}", language, hidden=len(self.cells), n=len(worst), threshold=self.threshold,
            cell=", ".join(str(first[name]) for name in names if str(first[name])),
            low=f"{first['low']:g}", high=f"{first['high']:g}".replace("inf", "∞"),
        )  # fmt: skip


def _pairs(
    frame: pd.DataFrame, column: str, spec: str | Sequence[tuple[str, Sequence[str]]]
) -> Sequence[tuple[str, Sequence[str]]]:
    if isinstance(spec, str):
        return [(spec, [value for value in frame[column].unique() if value != spec])]
    return spec


def _relations(frame: pd.DataFrame, by: Sequence[str], totals: Totals) -> sparse.csr_matrix:
    """Return one row per sum of the table: 1 for the total, -1 for each part; absent parts are zero."""
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


def _components(matrix: sparse.csr_matrix) -> Iterator[tuple[Array, Array]]:
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


def _check_columns(frame: pd.DataFrame, by: Sequence[str], totals: Totals, count: str) -> None:
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
            found=f"the cell {_cell_words(double.iloc[0], by)} twice",
            expected="each cell once",
            remedy="Add up or drop one of them.",
        )


def _cell_words(row: pd.Series, by: Sequence[str]) -> str:
    return ", ".join(str(row[name]) for name in by if str(row[name]))


def _wrong_sum(frame: pd.DataFrame, by: Sequence[str], row: sparse.csr_matrix) -> DataError:
    total = frame.iloc[row.indices[row.data > 0][0]]
    return DataError.one(
        file="table",
        column=", ".join(str(total[name]) for name in by),
        found="a total that is not the sum of its parts",
        expected="totals that add up",
        remedy="Count totals and parts from the same records.",
    )


def _least(matrix: sparse.csr_matrix, values: Array, hidden: Array) -> Array:
    """Return the least value that a reader must allow each hidden cell.

    A zero is hidden only where the total above it is hidden too, so elsewhere a hidden cell is one or
    more. A hidden total may be zero where all its parts may be.
    """
    least = np.where(hidden, 1.0, values)
    parts = abs(matrix.minimum(0)).tocsr()
    total_of = matrix.maximum(0).tocsr()
    under = (parts.T @ (total_of @ hidden.astype(float))) > 0
    least[hidden & under] = 0.0
    while True:
        floor = parts @ least
        empty = (total_of.T @ ((floor < _NEAR) & (parts.getnnz(axis=1) > 0)).astype(float)) > 0
        lower = hidden & empty & (least > 0)
        if not lower.any():
            return least
        least[lower] = 0.0


def _boundless(matrix: sparse.csr_matrix) -> Array:
    """Return the cells with no upper bound: some all-positive change raises them, every total the same."""
    n = matrix.shape[1]
    ends = np.r_[np.ones(n), np.full(n, np.inf)]
    solved = optimize.linprog(
        np.r_[-np.ones(n), np.zeros(n)], A_eq=sparse.hstack([matrix, matrix], format="csr"), b_eq=np.zeros(matrix.shape[0]),
        bounds=np.column_stack([np.zeros(2 * n), ends]), method="highs", options=_SOLVER,
    )  # fmt: skip
    return solved.x[:n] > 0.5


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
        solved = optimize.linprog(
            goals,
            A_eq=stacked,
            b_eq=np.tile(sums, len(chunk)),
            bounds=np.column_stack([np.tile(least, len(chunk)), np.full(len(chunk) * n, np.inf)]),
            method="highs",
            options=_SOLVER,
        )
        if not solved.success:
            raise ArithmeticError(solved.message)
        best.append(solved.x[places])
    return np.concatenate(best) if best else np.array([])


def _examples(
    matrix: sparse.csr_matrix, sums: Array, threshold: int, least: Array
) -> tuple[Array, Array]:
    """Return a range of each cell, widened by tables that agree with the sums until none widens it.

    Each table lifts as many cells as it can to the threshold, or lets as many fall as it can that have not moved yet.
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
            todo = high < threshold - _NEAR if lifting else high - low < 1 - _NEAR
            if todo.sum() in (0, left):
                break
            left = todo.sum()
            goals = np.r_[np.zeros(n), -1.0 * todo] if lifting else np.r_[1.0 * todo, np.zeros(n)]
            solved = optimize.linprog(
                goals,
                A_ub=below,
                b_ub=np.zeros(n),
                A_eq=equal,
                b_eq=sums,
                bounds=ends,
                method="highs",
                options=_SOLVER,
            )
            if not solved.success:
                raise ArithmeticError(solved.message)
            low, high = np.minimum(low, solved.x[:n]), np.maximum(high, solved.x[:n])
    return np.ceil(low - _NEAR), np.floor(high + _NEAR)


def _intervals(
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
    for rows, columns in _components(part):
        if not (len(rows) and len(columns)):
            continue
        block = _Block(part[rows][:, columns], sums[rows], least[columns], threshold)
        low[columns], high[columns] = block.ranges(exact=exact)
    return low, high


@dataclass(frozen=True)
class _Block:
    """Hidden cells that share sums: the sums, what they leave to the cells, and the least of each cell."""

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
            unsure = np.flatnonzero(_verdicts(low, high, self.threshold) != "pass")
        if len(unsure):
            found = _extremes(self.matrix, self.sums, unsure, 1.0, self.least)
            low[unsure] = np.ceil(found - _NEAR)
            ends = ~_boundless(self.matrix)[unsure]
            high[unsure[~ends]] = np.inf
            bounded = _extremes(self.matrix, self.sums, unsure[ends], -1.0, self.least)
            high[unsure[ends]] = np.floor(bounded + _NEAR)
        return low, high


def _verdicts(low: Array, high: Array, threshold: int) -> Array:
    return np.where(low >= high, "fail", np.where(high < threshold, "review", "pass"))


def audit(
    frame: pd.DataFrame,
    *,
    by: Sequence[str],
    totals: Totals,
    count: str = "value",
    threshold: int = SMALL_CELL,
    exact: bool = True,
) -> Audit:
    """Work out what a reader of a table can learn about its hidden cells.

    For each hidden cell two linear programmes find the least and the greatest count that agree with all
    that is shown (the attacker problems of Fischetti and Salazar 2000). It does not see other tables:
    release what belongs together as one table.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per cell: the columns of `by` and the count, missing where it is hidden. A cell that is
        not there counts as zero. A hidden cell is at least one, or zero where a total above it is hidden.
    by : list of str
        The columns that tell cells apart.
    totals : mapping
        For a column the value that stands for all others, or pairs of a total and its parts where there
        are several. Values that are in no such sum stand for themselves.
    count : str
        The column of counts.
    threshold : int
        Counts below it are small.
    exact : bool
        Return the whole range of every hidden cell. Without it the verdicts are the same and come sooner
        in large tables, and the range of a cell that passes is the one that example tables prove.

    Returns
    -------
    Audit
        verdict: "fail" if a hidden cell can be computed, "review" if one is known to be small though not
        how small, else "pass"; cells: the hidden cells with low, high (infinite where nothing bounds
        them) and verdict.

    Raises
    ------
    DataError
        For a column that is not there, a cell that is there twice, and totals that cannot be the sums of their parts.

    Examples
    --------
    >>> shown = pd.DataFrame({"place": ["KZ", "a", "b", "c"], "value": [100, 60, 37, None]})
    >>> audit(shown, by=["place"], totals={"place": "KZ"}).cells[["place", "low", "high", "verdict"]].values.tolist()
    [['c', 3.0, 3.0, 'fail']]
    """
    threshold = check_threshold(threshold)
    _check_columns(frame, by, totals, count)
    values = frame[count].to_numpy(dtype=float, na_value=np.nan)
    hidden = np.isnan(values)
    matrix = _relations(frame, by, totals)
    shown = matrix[np.asarray((abs(matrix[:, hidden])).sum(axis=1)).ravel() == 0]
    wrong = np.flatnonzero(np.abs(shown @ np.nan_to_num(values)) > _NEAR)
    if len(wrong):
        raise _wrong_sum(frame, by, shown[wrong[0]])
    try:
        low, high = _intervals(matrix, values, hidden, threshold, exact=exact)
    except ArithmeticError:
        raise _wrong_sum(
            frame,
            by,
            matrix[np.flatnonzero(np.asarray(abs(matrix[:, hidden]).sum(axis=1)).ravel())[0]],
        ) from None
    cells = (
        frame.loc[hidden, list(by)]
        .assign(low=low, high=high, verdict=_verdicts(low, high, threshold))
        .reset_index(drop=True)
    )
    found = set(cells["verdict"])
    return Audit(
        verdict=next((v for v in ("fail", "review") if v in found), "pass"),
        cells=cells,
        threshold=threshold,
    )


def _cover(
    matrix: sparse.csr_matrix,
    values: Array,
    cost: Array,
    cells: Array,
    rise: Array,
    small: Array,
    fixed: Array | None = None,
) -> Array:
    """Return the cheapest change in which some cells rise and all sums hold; what it touches is hidden.

    Changing a published cell costs `cost` per unit (Kelly, Golden and Assad 1992), a hidden cell nothing.
    Other small cells may rise too; fixed ones do not move.
    """
    n = len(values)
    up = cost - np.where(small, 1e-3, 0.0)
    lower, upper = (
        np.zeros(2 * n),
        np.r_[np.where(small, np.maximum(small, rise.sum()), np.inf), np.maximum(values - 1, 0)],
    )
    lower[cells] = rise
    upper[n + cells] = 0
    if fixed is not None:
        upper[np.r_[fixed, fixed]] = 0
    solved = optimize.linprog(
        np.r_[up, cost], A_eq=sparse.hstack([matrix, -matrix], format="csr"), b_eq=np.zeros(matrix.shape[0]),
        bounds=np.column_stack([lower, upper]), method="highs", options=_SOLVER,
    )  # fmt: skip
    if not solved.success:
        raise ArithmeticError(solved.message)
    change = solved.x[:n] - solved.x[n:]
    return np.where(np.abs(change) > _NEAR, change, 0.0)


def _hide(
    matrix: sparse.csr_matrix, values: Array, hidden: Array, loss: Array, threshold: int
) -> Array:
    """Return all cells of one connected table that must be hidden to protect its small ones."""
    hidden, reached = hidden.copy(), values.copy()
    at_once = 1 + int(hidden.sum()) // _PASSES
    while True:
        low = np.flatnonzero(hidden & (reached < threshold - _NEAR))
        low = low[np.argsort(values[low], kind="stable")][:at_once]
        if not len(low):
            break
        small = np.where(hidden & (reached < threshold), threshold - values, 0.0)
        change = _cover(
            matrix, values, np.where(hidden, 1e-6, loss), low, threshold - values[low], small
        )
        hidden |= change != 0
        falls = change > 0
        back = ((values - 1)[falls] / change[falls]).min(initial=np.inf)
        reached = np.maximum(reached, np.maximum(values + change, values - min(back, 1e6) * change))
    while True:
        low, high = _intervals(matrix, values, hidden, threshold, exact=False)
        readable = np.flatnonzero(hidden)[_verdicts(low, high, threshold) != "pass"][:1]
        if not len(readable):
            return hidden
        rise = np.maximum(1.0, threshold - values[readable])
        hidden |= (
            _cover(
                matrix, values, np.where(hidden, 1e-6, loss), readable, rise, np.zeros(len(values))
            )
            != 0
        )


def _decoys(matrix: sparse.csr_matrix, values: Array, hidden: Array, fixed: Array) -> Array:
    """Hide a zero wherever the zeros of a small row would tell what its one other cell is.

    A total of three with one part of three and zeros besides says what all three are, hidden or not.
    One zero is hidden with the part, and the reader cannot tell which of the two is empty. A hidden
    zero that is itself a total takes a part along. A zero below a zero that was shown before is known.
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


def _is_tree(spec: Sequence[tuple[str, Sequence[str]]]) -> bool:
    parts = [part for _, mine in spec for part in mine]
    wholes = [total for total, _ in spec]
    return len(set(parts)) == len(parts) and len(set(wholes)) == len(wholes)


def _product(frame: pd.DataFrame, by: Sequence[str], totals: Totals) -> _Product | None:
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
    return _Product(cells, row, item, relations, len(names), tuple(parents))


def _blocks(frame: pd.DataFrame, names: list[str]) -> Array:
    if not names:
        return np.zeros(len(frame), dtype=int)
    return frame.groupby(names, sort=False, observed=True).ngroup().to_numpy()


def _axis(
    labels: pd.Series, spec: str | Sequence[tuple[str, Sequence[str]]]
) -> tuple[Array, Array | None]:
    """Return the place of each label on its axis (one total is at 0), and the parents if there are levels."""
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
class _Product:
    """A table as a product of axes: its places, and the row and indicator of each line of the frame."""

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


def _below(matrix: sparse.csr_matrix, hidden: Array) -> Array:
    """Return the cells that lie under a hidden total, over any number of steps."""
    parts, total_of = abs(matrix.minimum(0)).T.tocsr(), matrix.maximum(0).tocsr()
    reached = hidden.copy()
    while True:
        more = reached | ((parts @ (total_of @ reached.astype(float))) > 0)
        if (more == reached).all():
            return reached
        reached = more


def _hide_known(
    matrix: sparse.csr_matrix,
    values: Array,
    hidden: Array,
    loss: Array,
    threshold: int,
    fixed: Array,
) -> Array:
    """Return what must be hidden so that no count is known exactly, where totals were shown before."""
    hidden = hidden.copy()
    while True:
        low, high = _intervals(matrix, values, hidden, threshold, exact=False)
        open_ = np.flatnonzero(hidden)
        readable = open_[(low >= high) & (values[open_] > 0)][:1]
        if not len(readable):
            return hidden
        cost = np.where(hidden, 1e-6, loss)
        change = _cover(matrix, values, cost, readable, np.ones(1), np.zeros(len(values)), fixed)
        hidden |= change != 0


@dataclass(frozen=True)
class _Counts:
    """A table to protect: its sums, its counts, what their loss costs, and the threshold."""

    matrix: sparse.csr_matrix
    values: Array
    loss: Array
    threshold: int
    fixed: Array

    def touchable(self, hidden: Array) -> Array:
        return ((self.values > 0) | _below(self.matrix, hidden)) & ~self.fixed

    def cover_by_moves(self, product: _Product, hidden: Array) -> cover.Cover:
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
        low, high = _intervals(self.matrix, self.values, hidden, self.threshold, exact=False)
        known = np.zeros(len(hidden), dtype=bool)
        known[hidden] = (low >= high) & (self.values[hidden] == 0)
        return known

    def cover_exactly(self, hidden: Array, unproven: Array) -> Array:
        """Hide what the cells that no move proves need, by linear programming on what shares sums."""
        hidden = hidden.copy()
        # What was shown before cannot be hidden, but its count is a part of the sums.
        there = np.flatnonzero(self.touchable(hidden) | hidden | (self.values > 0))
        part = self.matrix[:, there].tocsr()
        for rows, columns in _components(part):
            cells = there[columns]
            if len(rows) and unproven[cells].any():
                block = part[rows][:, columns]
                mine = (self.values[cells], hidden[cells], self.loss[cells], self.threshold)
                hidden[cells] = (
                    _hide_known(block, *mine, self.fixed[cells])
                    if self.fixed.any()
                    else _hide(block, *mine)
                )
        return hidden


def _protect(
    counts: _Counts, product: _Product | None, hidden: Array
) -> tuple[Array, Array, Array]:
    """Return what is hidden, what of it only linear programming proves, and what is known to be small."""
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


def _check_moves(counts: _Counts, product: _Product, found: cover.Cover) -> None:
    """Make sure, apart from how they were found, that moves keep every sum and touch hidden cells only."""
    line = np.full(found.hidden.size, -1)
    line[product.row * product.items + product.item] = np.arange(len(product.row))
    moves = found.moves.tocsr()
    outside = moves[line < 0].nnz
    aligned = sparse.csr_matrix((len(product.row), moves.shape[1]))
    aligned = moves[np.flatnonzero(line >= 0)]
    order = line[line >= 0]
    change = abs(counts.matrix[:, order] @ aligned)
    touched = np.unique(found.moves.indices)
    if outside or (change.nnz and change.max() > _NEAR) or not found.hidden.ravel()[touched].all():
        raise ArithmeticError("a move that changes a total")  # a fault of the program


def _counts_of(
    frame: pd.DataFrame,
    by: Sequence[str],
    totals: Totals,
    count: str,
    weight: str | None,
    *,
    partial: bool = False,
) -> tuple[sparse.csr_matrix, Array, Array]:
    _check_columns(frame, by, totals, count)
    values = frame[count].to_numpy(dtype=float, na_value=np.nan)
    bad = np.flatnonzero(~(values >= 0))
    if len(bad):
        raise DataError.one(
            file="table",
            column=count,
            found=f"{values[bad[0]]:g} in the cell {_cell_words(frame.iloc[bad[0]], by)}",
            expected="a count of 0 or more",
            remedy="Count it.",
        )
    matrix = _relations(frame, by, totals)
    wrong = np.flatnonzero(np.abs(matrix @ values) > _NEAR)
    if len(wrong) and not partial:
        raise _wrong_sum(frame, by, matrix[wrong[0]])
    matrix = matrix[np.setdiff1d(np.arange(matrix.shape[0]), wrong)]
    # The number of cells counts for more than how large they are.
    size = 1 + 0.1 * np.log1p(values)
    loss = size * (frame[weight].to_numpy(dtype=float) if weight else 1.0)
    return matrix, values, loss


def protect(
    frame: pd.DataFrame,
    *,
    by: Sequence[str],
    totals: Totals,
    count: str = "value",
    threshold: int = SMALL_CELL,
    weight: str | None = None,
) -> pd.DataFrame:
    """Hide counts below a threshold, and as many others as it takes that totals do not give them away.

    Small and secondary cells carry the same mark, because telling them apart would say which are small.
    A zero is shown, unless the zeros of a small row would tell what its one other cell is: then one of
    them is hidden too. `audit` of the result always passes.

    Parameters
    ----------
    frame, by, totals, count, threshold
        As in `audit`; no count is missing. The threshold is 3 or more.
    weight : str, optional
        Column of numbers above 0: how much more the loss of a cell weighs than that of another.

    Returns
    -------
    pandas.DataFrame
        As `frame`, the hidden counts missing, and a column `suppressed` that says which (a missing count
        is not a zero).

    Raises
    ------
    DataError
        As `audit`, and for a count that is missing or negative.

    Examples
    --------
    >>> table = pd.DataFrame({"place": ["KZ", "a", "b", "c"], "value": [100, 60, 37, 3]})
    >>> protect(table, by=["place"], totals={"place": "KZ"}).query("suppressed")["place"].tolist()
    ['b', 'c']
    """
    done, _ = protect_and_audit(
        frame, by=by, totals=totals, count=count, threshold=threshold, weight=weight
    )
    return done


def protect_and_audit(
    frame: pd.DataFrame,
    *,
    by: Sequence[str],
    totals: Totals,
    count: str = "value",
    threshold: int = SMALL_CELL,
    weight: str | None = None,
    also: Array | None = None,
    shown: Array | None = None,
    partial: bool = False,
) -> tuple[pd.DataFrame, Audit]:
    """Protect a table, and return with it the audit that its moves and linear programmes prove.

    Parameters
    ----------
    frame, by, totals, count, threshold, weight
        As in `protect`.
    also : array of bool, optional
        Cells to be hidden whatever their size.
    shown : array of bool, optional
        Cells that are known already, and so cannot be hidden.
    partial : bool
        Leave out the sums of which some parts are not in the table, where tables are protected together.

    Raises
    ------
    DataError
        As `protect`, and where what is shown already gives a small count away.
    """
    threshold = check_threshold(threshold)
    matrix, values, loss = _counts_of(frame, by, totals, count, weight, partial=partial)
    fixed = np.zeros(len(frame), dtype=bool) if shown is None else shown
    counts = _Counts(matrix, values, loss, threshold, fixed)
    small = (values > 0) & (values < threshold) & ~fixed
    first = small if also is None else (small | also) & ~fixed
    hidden = _decoys(matrix, values, first, fixed)
    open_ = weak = np.zeros(len(frame), dtype=bool)
    if hidden.any():
        try:
            hidden, open_, weak = _protect(counts, _product(frame, by, totals), hidden)
        except ArithmeticError as error:
            raise DataError.one(
                file="release",
                found="a small count that what is shown already gives away",
                expected="a table that can be protected",
                remedy="Count by fewer columns, or by those of an earlier release.",
            ) from error
    left = frame[count].astype("Float64").mask(hidden)
    done = frame.assign(**{count: left, "suppressed": hidden})
    cells = frame.loc[hidden, list(by)].assign(low=0.0, high=np.inf, verdict="pass")
    if open_.any():
        low, high = _intervals(matrix, values, hidden, threshold, exact=False)
        verdicts = _verdicts(low, high, threshold)
        cells = cells.assign(low=low, high=high, verdict=verdicts)
        told = (verdicts == "fail") & (values[hidden] > 0)
        if told.any():
            raise DataError.one(
                file="release",
                found="a hidden count that totals give away",
                expected="no hidden count that can be computed",
                remedy="Nothing was written. Count by fewer columns.",
            )
    cells.loc[weak[hidden], "verdict"] = "review"
    found = set(cells["verdict"])
    verdict = next((name for name in ("fail", "review") if name in found), "pass")
    return done, Audit(verdict, cells.reset_index(drop=True), threshold)


def check_release(
    frame: pd.DataFrame,
    *,
    by: Sequence[str],
    totals: Totals,
    count: str = "value",
    threshold: int = SMALL_CELL,
) -> Audit:
    """Audit a table that is about to leave, and stop it if a hidden cell can be computed.

    Parameters
    ----------
    frame, by, totals, count, threshold
        As in `audit`.

    Raises
    ------
    DataError
        If the audit fails, with every cell that can be computed.
    """
    result = audit(frame, by=by, totals=totals, count=count, threshold=threshold, exact=False)
    failed = result.cells[result.cells["verdict"] == "fail"]
    if len(failed):
        problems = [
            DataError.one(
                file="export",
                column=_cell_words(row, by),
                found="a hidden count that totals give away",
                expected="no hidden count that can be computed",
                remedy="Nothing was written. Hide the table with analysis.records.protect first.",
            ).problems[0]
            for _, row in failed.iterrows()
        ]
        raise DataError(problems)
    return result
