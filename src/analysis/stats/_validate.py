"""Checks of options, shared by all methods: a wrong option is named, with what is known."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral
from typing import Any

import pandas as pd

from analysis.errors import check_known


def check_option(what: str, given: Any, known: Iterable[str]) -> None:
    """Raise `UnknownName` unless an option is one of those known."""
    check_known(what, given, known)


def check_level(level: float) -> None:
    """Raise ValueError unless a level lies between 0 and 1."""
    if not 0 < level < 1:
        raise ValueError(f"level is {level}; give a share between 0 and 1, such as 0.95")


def check_whole(what: str, given: Any, least: int) -> None:
    """Raise ValueError unless a number is whole and at least so large."""
    whole = isinstance(given, Integral) and not isinstance(given, bool)
    if not whole or given < least:
        raise ValueError(f"{what} is {given}; give a whole number of at least {least}")


def check_columns(frame: pd.DataFrame, names: Iterable[str | None]) -> None:
    """Raise ValueError unless a frame has all columns; None asks for nothing."""
    asked = [name for name in names if name is not None]
    missing = [repr(name) for name in asked if name not in frame]
    if missing:
        raise ValueError(f"the frame has no column {', '.join(missing)}")


def check_labels(index: pd.Index, what: str) -> None:
    """Raise ValueError if a label occurs twice."""
    repeated = index[index.duplicated()]
    if len(repeated):
        first = repeated[0]
        raise ValueError(f"{what} has {first!r} twice; give one row for each unit")
