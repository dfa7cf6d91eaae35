"""How Sphinx builds the documentation: `make docs`.

The Makefile lays this folder, the notebooks and the figures side by side in build/docs-source. The
pages of the reference and of the gallery are written there from the public names of the package
and from the manifest of the figures, so that none can be forgotten.
"""

from __future__ import annotations

import importlib
import json
import os
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any

project = "Openness of local government in Kazakhstan"
author = "governance-openness"
copyright = "governance-openness, CC BY 4.0 (data), MIT (code)"
version = release = installed("governance-openness")
language = "en"

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "myst_nb",
    "sphinx_design",
]
exclude_patterns = ["figures/README.md", "notebooks/report.ipynb"]
templates_path: list[str] = []
suppress_warnings = [
    "myst.xref_missing",  # files of the clone that the documentation only names
    "misc.highlighting_failure",  # examples of CSV
]

html_theme = "pydata_sphinx_theme"
html_title = "Openness of local government"
html_static_path = ["_static"]
html_css_files = ["docs.css"]
html_context = {"default_mode": "auto"}
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "navbar_end": ["theme-switcher"],
    "navbar_persistent": ["search-button"],
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": False,
    "footer_start": ["copyright"],
    "footer_end": [],
}

autosummary_generate = True
autodoc_typehints = "none"
numpydoc_show_class_members = False
numpydoc_xref_param_type = False

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
nb_execution_mode = os.environ.get("DOCS_NOTEBOOKS", "cache")
nb_execution_cache_path = os.environ.get("DOCS_CACHE", "../docs-cache")
nb_execution_timeout = 300
nb_execution_raise_on_error = True
nb_merge_streams = True

# What the reference shows: module, title, what it is for.
ROOMS = (
    ("analysis", "Load, cite, match", "Series as frames, their sources, names and borders."),
    ("analysis.charts", "Charts", "A frame in, a figure out, with its words and its data."),
    ("analysis.stats", "Statistics", "Tests and intervals with named results and a summary."),
    ("analysis.records", "Your own records", "Exports read, protected and rolled up."),
    ("analysis.report", "Reports", "Pages, PDF and Word files, and their sections."),
    ("analysis.gallery", "Published figures", "Drawn, written and compared."),
)


def _listing(module: str) -> str:
    home = importlib.import_module(module)
    names = [name for name in home.__all__ if _is_described(getattr(home, name))]
    lines = "\n   ".join(names)
    return f".. currentmodule:: {module}\n\n.. autosummary::\n   :toctree: names\n\n   {lines}\n"


def _is_described(thing: Any) -> bool:
    """Return whether a public name is a function or a class, not a module or a constant."""
    return callable(thing) and bool(getattr(thing, "__doc__", None))


def _write(path: Path, text: str) -> None:
    """Write a page if it changed: an untouched file is not read again by Sphinx."""
    if not path.is_file() or path.read_text("utf-8") != text:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")


def write_reference(app: Any, config: Any) -> None:
    """Write a page of the reference for each room of the package."""
    source = Path(app.srcdir)
    pages = []
    for module, title, about in ROOMS:
        page = module.replace(".", "-")
        head = f"{title}\n{'=' * len(title)}\n\n``{module}``: {about}\n\n"
        _write(source / "reference" / f"{page}.rst", head + _listing(module))
        pages.append(page)
    listed = "\n   ".join(pages)
    head = "Reference\n=========\n\nAll that is public, from the docstrings.\n\n"
    toc = f".. toctree::\n   :maxdepth: 1\n\n   {listed}\n"
    _write(source / "reference" / "index.rst", head + toc)


def write_gallery(app: Any, config: Any) -> None:
    """Write the page of the published figures from their manifest."""
    source = Path(app.srcdir)
    manifest = json.loads((source / "figures" / "manifest.json").read_text("utf-8"))
    cards = [_card(name, entry) for name, entry in sorted(manifest["figures"].items())]
    head = (
        "# Gallery\n\nThe published figures. Each is drawn by a function of `analysis.charts` from"
        " a frame that a loader gives; its picture leads to the function.\n\n"
    )
    grid = "::::{grid} 1 2 2 3\n:gutter: 3\n\n" + "\n".join(cards) + "::::\n"
    _write(source / "gallery.md", head + grid)


def _card(name: str, entry: dict[str, str]) -> str:
    link = f"reference/names/analysis.charts.plot_{name}"
    return (
        f":::{{grid-item-card}} {entry['title']}\n"
        f":link: {link}\n:link-type: doc\n"
        f":img-top: figures/{name}.png\n:img-alt: {_one_line(entry['alt'])}\n:::\n"
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def set_language(app: Any, page: str, template: str, context: Any, doctree: Any) -> None:
    """Name the language of a guide in its page, for screen readers and hyphenation."""
    ending = page.rpartition(".")[2]
    if ending in ("kk", "ru"):
        context["language"] = ending


def setup(app: Any) -> None:
    """Have the pages written before Sphinx reads its sources."""
    app.connect("config-inited", write_reference)
    app.connect("config-inited", write_gallery)
    app.connect("html-page-context", set_language)
