"""Disclosure control: small counts are hidden with what would give them away, then audited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.errors import DataError, Problem
from analysis.locale import text
from analysis.records.privacy.axes import product_of
from analysis.records.privacy.hiding import Counts, decoys, hide_further
from analysis.records.privacy.ranges import intervals, verdicts_of
from analysis.records.privacy.sums import (
    NEAR,
    Array,
    Totals,
    cell_words,
    check_columns,
    relations,
    wrong_sum,
)

# A count of one to nine people is not shown: the least count that ACRO, the checker of outputs of
# research data centres, releases by default is ten too (safe_threshold in its default parameters).
SMALL_CELL = 10
# With a threshold of two, a hidden count is known to be one.
LEAST_THRESHOLD = 3


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
    """Result of `audit`: `verdict` is "pass", "review" or "fail"; `cells` are the hidden cells."""

    verdict: str
    cells: pd.DataFrame
    threshold: int

    def summary(self, language: str = "en") -> str:
        """Return in one sentence what a reader can work out, and name the first such cell."""
        worst = self.cells[self.cells["verdict"] == self.verdict]
        if worst.empty:
            return text("disclosure_nothing", language)
        first = worst.iloc[0]
        by = worst.columns.drop(["low", "high", "verdict"])
        high = f"{first['high']:g}"
        return text(
            f"disclosure_{self.verdict}",
            language,
            hidden=len(self.cells),
            n=len(worst),
            threshold=self.threshold,
            cell=cell_words(first, by),
            low=f"{first['low']:g}",
            high=high.replace("inf", "∞"),
        )


def audit(  # noqa: PLR0913  options of one public function, all by keyword
    frame: pd.DataFrame,
    *,
    by: Sequence[str],
    totals: Totals,
    count: str = "value",
    threshold: int = SMALL_CELL,
    exact: bool = True,
) -> Audit:
    """Work out what a reader of a table can learn about its hidden cells.

    For each hidden cell two linear programmes find the least and the greatest count that agree with
    all that is shown (the attacker problems of Fischetti and Salazar 2000). It does not see other
    tables: release what belongs together as one table.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per cell: the columns of `by` and the count, missing where it is hidden. A cell that
        is not there counts as zero. A hidden cell is at least one, or zero where a total above it
        is hidden.
    by : list of str
        The columns that tell cells apart.
    totals : mapping
        For a column the value that stands for all others, or pairs of a total and its parts where
        there are several. Values that are in no such sum stand for themselves.
    count : str
        The column of counts.
    threshold : int
        Counts below it are small.
    exact : bool
        Return the whole range of every hidden cell. Without it the verdicts are the same and come
        sooner in large tables, and the range of a cell that passes is the one that example tables
        prove.

    Returns
    -------
    Audit
        verdict: "fail" if a hidden cell can be computed, "review" if one is known to be small
        though not how small, else "pass"; cells: the hidden cells with low, high (infinite where
        nothing bounds them) and verdict.

    Raises
    ------
    DataError
        For a column that is not there, a cell that is there twice, and totals that cannot be the
        sums of their parts.

    Examples
    --------
    >>> shown = pd.DataFrame({"place": ["KZ", "a", "b", "c"], "value": [100, 60, 37, None]})
    >>> found = audit(shown, by=["place"], totals={"place": "KZ"}).cells
    >>> found[["place", "low", "high", "verdict"]].values.tolist()
    [['c', 3.0, 3.0, 'fail']]
    """
    threshold = check_threshold(threshold)
    check_columns(frame, by, totals, count)
    values = frame[count].to_numpy(dtype=float, na_value=np.nan)
    hidden = np.isnan(values)
    matrix = relations(frame, by, totals)
    hidden_parts = np.asarray(abs(matrix[:, hidden]).sum(axis=1)).ravel()
    shown = matrix[hidden_parts == 0]
    change = shown @ np.nan_to_num(values)
    wrong = np.flatnonzero(np.abs(change) > NEAR)
    if len(wrong):
        raise wrong_sum(frame, by, shown[wrong[0]])
    try:
        low, high = intervals(matrix, values, hidden, threshold, exact=exact)
    except ArithmeticError:
        open_ = np.flatnonzero(hidden_parts)
        raise wrong_sum(frame, by, matrix[open_[0]]) from None
    verdicts = verdicts_of(low, high, threshold)
    cells = frame.loc[hidden, list(by)].assign(low=low, high=high, verdict=verdicts)
    return Audit(_worst(verdicts), cells.reset_index(drop=True), threshold)


def _worst(verdicts: Iterable[str]) -> str:
    found = set(verdicts)
    for verdict in ("fail", "review"):
        if verdict in found:
            return verdict
    return "pass"


def _check_counts(frame: pd.DataFrame, by: Sequence[str], count: str) -> Array:
    """Return the counts of a table, none of which is missing or negative."""
    values = frame[count].to_numpy(dtype=float, na_value=np.nan)
    bad = np.flatnonzero(~(values >= 0))
    if len(bad):
        first = bad[0]
        cell = cell_words(frame.iloc[first], by)
        raise DataError.one(
            file="table",
            column=count,
            found=f"{values[first]:g} in the cell {cell}",
            expected="a count of 0 or more",
            remedy="Count it.",
        )
    return values


def _whole_sums(
    frame: pd.DataFrame, by: Sequence[str], totals: Totals, values: Array, *, partial: bool
) -> sparse.csr_matrix:
    """Return the sums of a table; those that do not add up are left out if it is `partial`."""
    matrix = relations(frame, by, totals)
    adds_up = np.abs(matrix @ values) <= NEAR
    if not partial and not adds_up.all():
        first = np.argmin(adds_up)
        raise wrong_sum(frame, by, matrix[first])
    return matrix[adds_up]


def _loss(frame: pd.DataFrame, values: Array, weight: str | None) -> Array:
    """Return what the loss of each cell costs: that it is one counts for more than its size."""
    size = 1 + 0.1 * np.log1p(values)
    if weight is None:
        return size
    times = frame[weight].to_numpy(dtype=float)
    return size * times


def protect(  # noqa: PLR0913  options of one public function, all by keyword
    frame: pd.DataFrame,
    *,
    by: Sequence[str],
    totals: Totals,
    count: str = "value",
    threshold: int = SMALL_CELL,
    weight: str | None = None,
) -> pd.DataFrame:
    """Hide counts below a threshold, and as many others as keep totals from giving them away.

    Small and secondary cells carry the same mark, because telling them apart would say which are
    small. A zero is shown, unless the zeros of a small row would tell what its one other cell is:
    then one of them is hidden too. `audit` of the result always passes.

    Parameters
    ----------
    frame, by, totals, count, threshold
        As in `audit`; no count is missing. The threshold is 3 or more.
    weight : str, optional
        Column of numbers above 0: how much more the loss of a cell weighs than that of another.

    Returns
    -------
    pandas.DataFrame
        As `frame`, the hidden counts missing, and a column `suppressed` that says which (a missing
        count is not a zero).

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


def protect_and_audit(  # noqa: PLR0913  options of one function, all by keyword
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
        Leave out the sums of which some parts are not in the table, where tables are protected
        together.

    Raises
    ------
    DataError
        As `protect`, and where what is shown already gives a small count away.
    """
    threshold = check_threshold(threshold)
    check_columns(frame, by, totals, count)
    values = _check_counts(frame, by, count)
    matrix = _whole_sums(frame, by, totals, values, partial=partial)
    nothing = np.zeros(len(frame), dtype=bool)
    fixed = nothing if shown is None else shown
    loss = _loss(frame, values, weight)
    counts = Counts(matrix, values, loss, threshold, fixed)
    small = (values > 0) & (values < threshold)
    first = small if also is None else small | also
    hidden = decoys(matrix, values, first & ~fixed, fixed)
    open_ = weak = nothing
    if hidden.any():
        try:
            hidden, open_, weak = hide_further(counts, product_of(frame, by, totals), hidden)
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
        cells = cells.assign(**_proven_ranges(counts, hidden))
    cells.loc[weak[hidden], "verdict"] = "review"
    verdict = _worst(cells["verdict"])
    return done, Audit(verdict, cells.reset_index(drop=True), threshold)


def _proven_ranges(counts: Counts, hidden: Array) -> dict[str, Array]:
    """Return low, high and verdict of the hidden cells, and stop where a count can be computed."""
    low, high = intervals(counts.matrix, counts.values, hidden, counts.threshold, exact=False)
    verdicts = verdicts_of(low, high, counts.threshold)
    told = verdicts == "fail"
    if (told & (counts.values[hidden] > 0)).any():
        raise DataError.one(
            file="release",
            found="a hidden count that totals give away",
            expected="no hidden count that can be computed",
            remedy="Nothing was written. Count by fewer columns.",
        )
    return {"low": low, "high": high, "verdict": verdicts}


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
    problems = []
    for _, row in failed.iterrows():
        problem = Problem(
            file="export",
            column=cell_words(row, by),
            found="a hidden count that totals give away",
            expected="no hidden count that can be computed",
            remedy="Nothing was written. Hide the table with analysis.records.protect first.",
        )
        problems.append(problem)
    if problems:
        raise DataError(problems)
    return result
