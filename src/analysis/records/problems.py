"""One way to say what is wrong: where, what was found, what was expected and what to do."""

from __future__ import annotations

from analysis.errors import DataError, Problem


def problem(
    file: str,
    *,
    found: str,
    expected: str,
    remedy: str,
    row: int | None = None,
    column: str | None = None,
) -> DataError:
    """Return the error for one thing that is wrong.

    Examples
    --------
    >>> print(problem("a.csv", row=3, found="a NUL byte", expected="text", remedy="Export it again."))
    a.csv, row 3: found a NUL byte; expected text. Export it again.
    """
    return DataError([Problem(file, row, column, found, expected, remedy)])
