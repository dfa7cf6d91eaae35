"""Overrides of published figures, each a row of corrections.csv that names what it expects."""

from __future__ import annotations

from analysis.data.tables import Row
from analysis.errors import DataError, Problem

_KEY = ("source_id", "indicator", "period_start")
_NARROWER = ("place_id", "breakdown_value")  # empty in corrections.csv: any


def apply_corrections(dataset: str, rows: list[Row], corrections: list[Row]) -> list[Row]:
    """Return the rows with published figures overridden as corrections.csv says.

    Raises
    ------
    DataError
        If a correction finds no row that says what it expects: the raw row was changed, or the
        correction is wrong.
    """
    corrected = [dict(row) for row in rows]
    problems = []
    for number, fix in enumerate(corrections, start=2):
        if fix["dataset"] != dataset:
            continue
        found = [row for row in corrected if _is_meant(row, fix)]
        for row in found:
            row[fix["column"]] = fix["corrected"]
        if not found:
            problems.append(_not_found(number, fix))
    if problems:
        raise DataError(problems)
    return corrected


def _is_meant(row: Row, fix: Row) -> bool:
    for column in _KEY:
        if row[column] != fix[column]:
            return False
    for column in _NARROWER:
        if fix[column] and fix[column] != row[column]:
            return False
    column = fix["column"]
    return row[column] == fix["expected"]


def _not_found(number: int, fix: Row) -> Problem:
    return Problem(
        file="corrections.csv",
        row=number,
        column="expected",
        found=f"no row of {fix['dataset']}.csv that says {fix['expected']!r}",
        expected="one or more",
        remedy="Compare the correction with the raw row; delete it if the row is right now.",
    )
