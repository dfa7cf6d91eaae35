"""The one error that users of the suite are meant to read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one cell, row or file."""

    file: str
    row: int | None
    column: str | None
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", column {self.column}"
        return f"{place}: found {self.found}; expected {self.expected}. {self.remedy}"


class DataError(ValueError):
    """Figures that cannot be used, with every problem found and what to do about it."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class UnknownName(KeyError):
    """A place, indicator or option that does not exist, with the near matches."""

    def __str__(self) -> str:
        return str(self.args[0])
