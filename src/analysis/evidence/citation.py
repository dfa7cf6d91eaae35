"""How to cite the data."""

from __future__ import annotations

from typing import Literal

from analysis import load
from analysis.data.version import data_version, newest_release
from analysis.errors import check_known
from analysis.locale import day, text

__all__ = ["cite", "data_version"]

_BIBTEX = """@misc{{governance_openness,
  title = {{Openness of local government in Kazakhstan: published figures, charts and reports}},
  author = {{{{The governance-openness contributors}}}},
  year = {{{year}}},
  version = {{{version}}},
  note = {{{note}}}
}}"""


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
    version, released = newest_release()
    newest_source = day(load.data_as_of(), language)
    as_of = text("as_of", language, date=newest_source)
    if style == "bibtex":
        return _BIBTEX.format(
            version=version,
            year=released.year,
            note=as_of,
        )
    how_to_cite = text("how_to_cite", language, version=version)
    return f"{how_to_cite} {as_of}."
