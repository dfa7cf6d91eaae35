"""What the groups of commands share: lists in options, and refusals."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  # for types only

WRONG_USE = 2


def choose(chosen: str, known: Sequence[str]) -> tuple[str, ...]:
    """Return the names of an option: several with commas, or all.

    Examples
    --------
    >>> choose("pdf,docx", ("html", "pdf", "docx")), choose("all", ("en", "kk"))
    (('pdf', 'docx'), ('en', 'kk'))
    """
    return tuple(known) if chosen == "all" else tuple(chosen.split(","))


def refuse(why: str) -> int:
    """Print why a command cannot run as it was asked to, and return the exit code."""
    print(why, file=sys.stderr)
    return WRONG_USE
