"""Small cells: hidden together with what would give them away, and audited before anything leaves."""

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

from analysis.errors import DataError, Problem
from analysis.locale import text

# A count of one to nine people is not shown: the least count that ACRO, the checker of outputs of research data centres, lets out by
# default is ten too (safe_threshold in its default parameters).
SMALL_CELL = 10
_AT_ONCE = 4000
_NEAR = 1e-6
_PASSES = (
    40  # a large table is covered in about so many programmes, each for many small cells at once
)
_SOLVER = {"presolve": False}  # the programmes are many and small

Array = NDArray[Any]
# A column's totals: the one value that stands for all others, or pairs of a total and its parts.
Totals = Mapping[str, str | Sequence[tuple[str, Sequence[str]]]]


@dataclass(frozen=True, eq=False)
class Audit:
    """Result of `audit`: `verdict` is "pass", "review" or "fail", `cells` has one row a hidden cell."""

    verdict: str
    cells: pd.DataFrame
    threshold: int

    def summary(self, language: str = "en") -> str:
        """Say in one sentence what a reader of the table can work out, and name the first such cell."""
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
    """Give one row a sum that the table shows: 1 for the total, -1 for each part; parts that are not in the table are zero."""
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
            rows += [number[group[whole]], number[group[part]]]
            columns += [whole, part]
            signs += [np.ones(len(whole)), -np.ones(len(part))]
            found += len(whole)
    if not rows:
        return sparse.csr_matrix((0, len(frame)))
    entries = (np.concatenate(signs), (np.concatenate(rows), np.concatenate(columns)))
    return sparse.csr_matrix(entries, shape=(found, len(frame)))


def _components(matrix: sparse.csr_matrix) -> Iterator[tuple[Array, Array]]:
    """Give the rows and columns of each part of a matrix that has nothing to do with the others."""
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
        raise DataError(
            [
                Problem(
                    "table",
                    None,
                    missing[0],
                    "no such column",
                    ", ".join(frame.columns),
                    "Name a column of it.",
                )
            ]
        )
    double = frame[frame.duplicated(list(by))]
    if len(double):
        cell = ", ".join(str(v) for v in double.iloc[0][list(by)])
        raise DataError(
            [
                Problem(
                    "table",
                    None,
                    None,
                    f"the cell {cell} twice",
                    "each cell once",
                    "Add up or drop one of them.",
                )
            ]
        )


def _wrong_sum(frame: pd.DataFrame, by: Sequence[str], row: sparse.csr_matrix) -> DataError:
    cell = ", ".join(str(v) for v in frame.iloc[row.indices[row.data > 0][0]][list(by)])
    return DataError([
        Problem("table", None, cell, "a total that is not the sum of its parts", "totals that add up", "Count totals and parts from the same records.")
    ])  # fmt: skip


def _boundless(matrix: sparse.csr_matrix) -> Array:
    """Say which cells may grow without end while all sums hold: those that some change with no fall in it raises."""
    n = matrix.shape[1]
    ends = np.r_[np.ones(n), np.full(n, np.inf)]
    solved = optimize.linprog(
        np.r_[-np.ones(n), np.zeros(n)], A_eq=sparse.hstack([matrix, matrix], format="csr"), b_eq=np.zeros(matrix.shape[0]),
        bounds=np.column_stack([np.zeros(2 * n), ends]), method="highs", options=_SOLVER,
    )  # fmt: skip
    return solved.x[:n] > 0.5


def _extremes(matrix: sparse.csr_matrix, sums: Array, cells: Array, sign: float) -> Array:
    """Give the least (sign 1) or the greatest (-1) value of each cell that the sums allow, all cells being 1 or more."""
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
            bounds=(1, None),
            method="highs",
            options=_SOLVER,
        )
        if not solved.success:
            raise ArithmeticError(solved.message)
        best.append(solved.x[places])
    return np.concatenate(best) if best else np.array([])


def _examples(matrix: sparse.csr_matrix, sums: Array, threshold: int) -> tuple[Array, Array]:
    """Give a range of each cell that tables that agree with the sums are found for, until none of them widens it.

    Each table lifts as many cells as it can to the threshold, or lets as many fall as it can that have not moved yet.
    """
    n = matrix.shape[1]
    low, high = np.full(n, np.inf), np.full(n, -np.inf)
    equal = sparse.hstack([matrix, sparse.csr_matrix(matrix.shape)], format="csr")
    below = sparse.hstack([-sparse.identity(n), sparse.identity(n)], format="csr")
    ends = np.column_stack(
        [np.r_[np.ones(n), np.zeros(n)], np.r_[np.full(n, np.inf), np.full(n, float(threshold))]]
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
    """Give what a reader can work out about each hidden cell from all that is shown.

    Unless `exact`, the range of a cell that passes is one that examples prove, and may be wider in truth.
    """
    unknown = np.flatnonzero(hidden)
    sums = -matrix[:, ~hidden] @ values[~hidden]
    part = matrix[:, unknown].tocsr()
    low, high = np.ones(len(unknown)), np.full(len(unknown), np.inf)
    for rows, columns in _components(part):
        if not (len(rows) and len(columns)):
            continue
        own, total = part[rows][:, columns], sums[rows]
        unsure = np.arange(len(columns))
        if not exact:
            low[columns], high[columns] = _examples(own, total, threshold)
            unsure = np.flatnonzero(_verdicts(low[columns], high[columns], threshold) != "pass")
        if len(unsure):
            low[columns[unsure]] = np.ceil(_extremes(own, total, unsure, 1.0) - _NEAR)
            ends = ~_boundless(own)[unsure]
            high[columns[unsure[~ends]]] = np.inf
            high[columns[unsure[ends]]] = np.floor(
                _extremes(own, total, unsure[ends], -1.0) + _NEAR
            )
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
    """Work out what a reader of a table can learn about its hidden cells, exactly (Fischetti and Salazar 2000, attacker problems).

    For each hidden cell two linear programmes give the least and the greatest count that agrees with all that is shown. It does
    not see other tables: release what belongs together as one table.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a cell: the columns of `by` and the count, missing where it is hidden. A cell that is not there counts as zero,
        a zero is never hidden (so a hidden cell is at least one).
    by : list of str
        The columns that tell cells apart.
    totals : mapping
        For a column the value that stands for all others, or pairs of a total and its parts where there are several. Values that are
        in no such sum stand for themselves.
    count : str
        The column of counts.
    threshold : int
        Counts below it are small.
    exact : bool
        Give the whole range of every hidden cell. Without it the verdicts are the same and come sooner in large tables, and
        the range of a cell that passes is the one that example tables prove.

    Returns
    -------
    Audit
        verdict: "fail" if a hidden cell can be computed, "review" if one is known to be small though not how small, else "pass";
        cells: the hidden cells with low, high (infinite where nothing bounds them) and verdict.

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
    matrix: sparse.csr_matrix, values: Array, cost: Array, cells: Array, rise: Array, small: Array
) -> Array:
    """Give the cheapest change of the table in which some cells rise and all sums hold: what it touches has to be hidden.

    Published cells cost so much a unit (Kelly, Golden and Assad 1992), hidden ones nothing; other small cells are let rise as well.
    """
    n = len(values)
    up = cost - np.where(small, 1e-3, 0.0)
    lower, upper = (
        np.zeros(2 * n),
        np.r_[np.where(small, np.maximum(small, rise.sum()), np.inf), np.maximum(values - 1, 0)],
    )
    lower[cells] = rise
    upper[n + cells] = 0
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
    """Give all cells of one connected table that have to be hidden so that no small one can be worked out."""
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


def protect(
    frame: pd.DataFrame,
    *,
    by: Sequence[str],
    totals: Totals,
    count: str = "value",
    threshold: int = SMALL_CELL,
    weight: str | None = None,
) -> pd.DataFrame:
    """Hide counts of one to `threshold` - 1, and as many others as it takes that none of them can be worked out from totals.

    Small and secondary cells carry the same mark, because telling them apart would say which are small. Zeros are shown:
    nobody is in them. `audit` of the result always passes.

    Parameters
    ----------
    frame, by, totals, count, threshold
        As in `audit`; no count is missing.
    weight : str, optional
        Column of numbers above 0: how much more the loss of a cell weighs than that of another of its size.

    Returns
    -------
    pandas.DataFrame
        As `frame`, the hidden counts missing, and a column `suppressed` that says which (a missing count is not a zero).

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
    _check_columns(frame, by, totals, count)
    values = frame[count].to_numpy(dtype=float, na_value=np.nan)
    bad = np.flatnonzero(~(values >= 0))
    if len(bad):
        cell = ", ".join(str(v) for v in frame.iloc[bad[0]][list(by)])
        raise DataError(
            [
                Problem(
                    "table",
                    None,
                    count,
                    f"{values[bad[0]]:g} in the cell {cell}",
                    "a count of 0 or more",
                    "Count it.",
                )
            ]
        )
    matrix = _relations(frame, by, totals)
    wrong = np.flatnonzero(np.abs(matrix @ values) > _NEAR)
    if len(wrong):
        raise _wrong_sum(frame, by, matrix[wrong[0]])
    hidden = (values > 0) & (values < threshold)
    loss = np.log1p(values) * (frame[weight].to_numpy(dtype=float) if weight else 1.0)
    there = np.flatnonzero(values > 0)
    part = matrix[:, there].tocsr()
    for rows, columns in _components(part):
        cells = there[columns]
        if len(rows) and hidden[cells].any():
            hidden[cells] = _hide(
                part[rows][:, columns], values[cells], hidden[cells], loss[cells], threshold
            )
    return frame.assign(
        **{count: frame[count].astype("Float64").mask(hidden), "suppressed": hidden}
    )


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
        raise DataError([
            Problem(
                "export", None, ", ".join(str(row[name]) for name in by if str(row[name])), "a hidden count that totals give away",
                "no hidden count that can be computed", "Nothing was written. Hide the table with analysis.records.protect first.",
            )
            for _, row in failed.iterrows()
        ])  # fmt: skip
    return result
