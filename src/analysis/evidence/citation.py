"""The version of the data, and how to cite it."""

from __future__ import annotations

import re
from typing import Literal

from analysis import load, paths
from analysis.errors import DataError, check_known
from analysis.locale import day, text

_RELEASE = re.compile(r"^## (\d+\.\d+\.\d+) \((\d{4})-\d\d-\d\d\)", re.M)
_BIBTEX = """@misc{{governance_openness,
  title = {{Openness of local government in Kazakhstan: published figures, charts and reports}},
  author = {{{{The governance-openness contributors}}}},
  year = {{{year}}},
  version = {{{version}}},
  note = {{{note}}}
}}"""


def _release() -> tuple[str, str]:
    path = paths.root() / "CHANGELOG.md"
    found = _RELEASE.search(path.read_text("utf-8"))
    if found is None:
        raise DataError.one(
            file=path.name,
            found="no release",
            expected="a heading such as: ## 1.0.0 (2026-11-24)",
            remedy="Run: openness data release",
        )
    return found[1], found[2]


def data_version() -> str:
    """Return the version of the newest data release, the first in CHANGELOG.md.

    Examples
    --------
    >>> data_version().count(".")
    2
    """
    return _release()[0]


def cite(*, language: str = "en", style: Literal["text", "bibtex"] = "text") -> str:
    """Return how to cite the data release.

    Parameters
    ----------
    language : {"en", "kk", "ru"}
    style : {"text", "bibtex"}

    Examples
    --------
    >>> cite().startswith("How to cite: governance-openness")
    True
    >>> print(cite(style="bibtex").splitlines()[0])
    @misc{governance_openness,
    """
    check_known("style", style, ("text", "bibtex"))
    version, year = _release()
    as_of = text("as_of", language, date=day(load.data_as_of(), language))
    if style == "bibtex":
        return _BIBTEX.format(version=version, year=year, note=as_of)
    return f"{text('how_to_cite', language, version=version)} {as_of}."
