"""The national report: the notebooks run in a language, their figures gathered on one page that opens offline."""

from __future__ import annotations

import html
import importlib.metadata
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
import nbformat
from nbclient import NotebookClient

from analysis import load, paths
from analysis.build import write_file
from analysis.locale import LANGUAGES, day, text

_NOT_EVIDENCE = {"09_own_records"}  # simulated records teach and test; they are no part of a report on the country


def notebooks() -> list[Path]:
    """Return the notebooks in reading order."""
    return sorted((paths.root() / "notebooks").glob("[0-9]*.ipynb"))


def run_notebook(path: Path, language: str) -> Any:
    """Run a notebook from a fresh kernel in a language and return it with its outputs; the file stays as it is.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell raises.
    """
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if "parameters" in cell.metadata.get("tags", []):
            cell.source = re.sub(r'language = "\w+"', f'language = "{language}"', cell.source)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": path.parent}}).execute()
    return notebook


def figures_of(notebook: Any) -> list[str]:
    """Return the figures of an executed notebook as HTML fragments."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    fragments = [output.get("data", {}).get("text/html", "") for output in outputs]
    return [fragment for fragment in fragments if fragment.startswith("<figure>")]


def sentences_of(notebook: Any) -> list[str]:
    """Return the sentences that cells of an executed notebook give as their result."""
    results = [output.get("data", {}).get("text/plain", "") for cell in notebook.cells for output in cell.get("outputs", [])]
    return [result[1:-1] for result in results if result[:1] in ("'", '"') and result.endswith((".'", '."'))]


def _figures(job: tuple[Path, str]) -> list[str]:
    path, language = job
    notebook = run_notebook(path, language)
    return [*figures_of(notebook), *(f"<p>{html.escape(said)}</p>" for said in sentences_of(notebook))]


def _page(language: str, sections: list[tuple[str, list[str]]]) -> str:
    template = resources.files(__package__).joinpath("page.html.j2").read_text("utf-8")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(template).render(
        language=language,
        languages=LANGUAGES,
        title=text("report_title", language),
        intro=text("report_intro", language),
        contents=text("contents", language),
        as_of=text("as_of", language, date=day(load.data_as_of(), language)),
        errors=text("report_error", language),
        cite=text("how_to_cite", language, version=importlib.metadata.version("governance-openness")),
        sections=[(name, text(f"section_{name}", language), figures) for name, figures in sections],
    )


def build(folder: Path, *, languages: Iterable[str] = LANGUAGES) -> Iterator[str]:
    """Write the national report as one self-contained page a language; yields a line a step.

    Parameters
    ----------
    folder : Path
        Where the pages go.
    languages : list of str
        Of "en", "kk", "ru".
    """
    languages = list(languages)
    told = [path for path in notebooks() if path.stem not in _NOT_EVIDENCE]
    jobs = [(path, language) for language in languages for path in told]
    pages: dict[str, list[tuple[str, list[str]]]] = {language: [] for language in languages}
    with ProcessPoolExecutor(max_workers=2) as pool:
        for done, ((path, language), figures) in enumerate(zip(jobs, pool.map(_figures, jobs), strict=True), 1):
            pages[language].append((path.stem, figures))
            yield f"[{done}/{len(jobs)}] {path.stem} ({language}): {len(figures)} parts"
    for language, sections in pages.items():
        write_file(folder / f"{language}.html", _page(language, sections))
    first = "kk" if "kk" in languages else languages[0]
    write_file(
        folder / "index.html",
        f'<!doctype html><html lang="{first}"><meta charset="utf-8"><title>{text("report_title", first)}</title>'
        f'<meta http-equiv="refresh" content="0; url={first}.html">'
        + "".join(f'<p><a href="{lang}.html" lang="{lang}">{lang}</a></p>' for lang in languages)
        + "</html>\n",
    )
