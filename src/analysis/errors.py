"""Errors that users of the suite are meant to read."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

_NEAR, _KNOWN = 5, 40  # names listed in a message
_LIKENESS = 0.5  # of a near name, 0 to 1


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing that is wrong with one cell, row or file."""

    file: str
    row: int | None = None
    column: str | None = None
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        where = self.file
        if self.row is not None:
            where += f", row {self.row}"
        if self.column:
            where += f", column {self.column}"
        return f"{where}: found {self.found}; expected {self.expected}. {self.remedy}"


class DataError(ValueError):
    """Data that cannot be used, with every problem found and what to do about it."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        lines = [str(problem) for problem in problems]
        super().__init__("\n".join(lines))

    @classmethod
    def one(  # noqa: PLR0913 - the fields of a Problem
        cls,
        *,
        file: str,
        row: int | None = None,
        column: str | None = None,
        found: str,
        expected: str,
        remedy: str,
    ) -> DataError:
        """Return the error of a single problem."""
        problem = Problem(
            file=file,
            row=row,
            column=column,
            found=found,
            expected=expected,
            remedy=remedy,
        )
        return cls([problem])


class UnknownName(KeyError):
    """A place, indicator or option that does not exist, with the near matches.

    Attributes
    ----------
    what : str
        The kind of name: "place", "language", "method".
    given : object
        What was asked for.
    known : list of str
        What there is.
    near : list of str
        Those of `known` that are spelled alike.
    """

    def __init__(
        self,
        what: str,
        given: object,
        known: Iterable[object] = (),
        *,
        near: Iterable[str] | None = None,
        hint: str = "",
    ):
        self.what = what
        self.given = given
        self.known = [str(name) for name in known]
        if near is None:
            self.near = near_names(str(given), self.known)
        else:
            self.near = list(near)
        self.hint = hint
        super().__init__(str(self))

    def __str__(self) -> str:
        sentence = f"{self.what} {self.given!r} is not known"
        if self.near:
            sentence += "; near: " + ", ".join(self.near)
        sentence += "."
        if self.known:
            listed = ", ".join(self.known[:_KNOWN])
            end = " ..." if len(self.known) > _KNOWN else "."
            sentence += f" Known: {listed}{end}"
        if self.hint:
            sentence += f" {self.hint}"
        return sentence


def near_names(given: str, known: Iterable[str]) -> list[str]:
    """Return the names that are spelled like the one given, the nearest first.

    Examples
    --------
    >>> near_names("turnout_shar", ["turnout_share", "value"])
    ['turnout_share']
    """
    by_lower_case = {name.casefold(): name for name in known}
    found = difflib.get_close_matches(
        given.casefold(),
        by_lower_case,
        n=_NEAR,
        cutoff=_LIKENESS,
    )
    return [by_lower_case[name] for name in found]


def check_known(what: str, given: str, known: Iterable[object]) -> str:
    """Return the name given if it is one of those known.

    Raises
    ------
    UnknownName
        If it is not, with the near matches.

    Examples
    --------
    >>> check_known("stage", "final", ["preliminary", "final"])
    'final'
    """
    known = list(known)
    if given not in known:
        raise UnknownName(what, given, known)
    return given
