"""The version of the data: that of the newest release in CHANGELOG.md."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from analysis import paths
from analysis.errors import DataError

_RELEASE = re.compile(r"^## (\d+\.\d+\.\d+) \((\d{4}-\d\d-\d\d)\)", re.M)


class Release(NamedTuple):
    """A release of the data."""

    version: str
    on: date


def newest_release() -> Release:
    """Return version and day of the newest release, the first in CHANGELOG.md.

    Raises
    ------
    DataError
        If no release is named there.
    """
    path = paths.root() / "CHANGELOG.md"
    found = _RELEASE.search(path.read_text("utf-8"))
    if found is None:
        raise DataError.one(
            file=path.name,
            found="no release",
            expected="a heading such as: ## 1.0.0 (2026-11-24)",
            remedy="Run: openness data release",
        )
    return Release(found[1], date.fromisoformat(found[2]))


def notes_of_release() -> str:
    """Return the notes of the newest release: what it added, corrected or removed.

    Examples
    --------
    >>> notes_of_release().startswith("## ")
    False
    """
    log = (paths.root() / "CHANGELOG.md").read_text("utf-8")
    newest = _RELEASE.split(log)[3]
    return newest.strip()


def data_version() -> str:
    """Return the version of the newest data release.

    Examples
    --------
    >>> data_version().count(".")
    2
    """
    return newest_release().version
