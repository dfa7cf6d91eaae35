"""Reports: a notebook run for a place in a language becomes one page, one PDF and one Word file.

The notebook is the report: `notebooks/report.ipynb` calls the sections below; copy it, change it,
and export the copy with `build(..., notebook=...)`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from analysis.moved import moved

if TYPE_CHECKING:
    from analysis.report.addresses import Page, pages
    from analysis.report.export import Built, build, notebooks
    from analysis.report.sections.appeals import appeals
    from analysis.report.sections.context import context
    from analysis.report.sections.districts import districts, known
    from analysis.report.sections.elections import elections
    from analysis.report.sections.heading import heading
    from analysis.report.sections.key_figures import key_figures
    from analysis.report.sections.meetings import meetings
    from analysis.report.sections.method import method, values
    from analysis.report.sections.news import news
    from analysis.report.sections.opening import opening
    from analysis.report.sections.parts import Section
    from analysis.report.sections.peers import peers
    from analysis.report.sections.published import published, questions
    from analysis.report.sections.records import own_records
    from analysis.report.sections.requests import requests
    from analysis.report.sections.votes import national_votes

    PLACES: tuple[str, ...]

FORMATS = ("html", "pdf", "docx")
_SECTIONS = "analysis.report.sections"
# Imports wait until a name is used: `from analysis import report` stays quick.
_HOMES = {
    "Built": "analysis.report.export",
    "Page": "analysis.report.addresses",
    "Section": f"{_SECTIONS}.parts",
    "appeals": f"{_SECTIONS}.appeals",
    "build": "analysis.report.export",
    "context": f"{_SECTIONS}.context",
    "districts": f"{_SECTIONS}.districts",
    "elections": f"{_SECTIONS}.elections",
    "heading": f"{_SECTIONS}.heading",
    "key_figures": f"{_SECTIONS}.key_figures",
    "known": f"{_SECTIONS}.districts",
    "meetings": f"{_SECTIONS}.meetings",
    "method": f"{_SECTIONS}.method",
    "national_votes": f"{_SECTIONS}.votes",
    "news": f"{_SECTIONS}.news",
    "notebooks": "analysis.report.export",
    "opening": f"{_SECTIONS}.opening",
    "own_records": f"{_SECTIONS}.records",
    "pages": "analysis.report.addresses",
    "peers": f"{_SECTIONS}.peers",
    "published": f"{_SECTIONS}.published",
    "questions": f"{_SECTIONS}.published",
    "requests": f"{_SECTIONS}.requests",
    "values": f"{_SECTIONS}.method",
}

__all__ = [
    "FORMATS",
    "PLACES",
    "Built",
    "Page",
    "Section",
    "appeals",
    "build",
    "context",
    "districts",
    "elections",
    "heading",
    "key_figures",
    "known",
    "meetings",
    "method",
    "national_votes",
    "news",
    "notebooks",
    "opening",
    "own_records",
    "pages",
    "peers",
    "published",
    "questions",
    "requests",
    "values",
]


_moved = moved("analysis.report", {"build_site": "analysis.site"})


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    if name == "PLACES":
        from analysis.reference import report_places

        return report_places()
    return _moved(name)


def __dir__() -> list[str]:
    return __all__
