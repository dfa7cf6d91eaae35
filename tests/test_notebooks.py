"""Every notebook runs from a fresh kernel and is kept without outputs; the report holds its figures."""

from __future__ import annotations

import re

import nbformat
import pytest

from analysis import report

NOTEBOOKS = report.notebooks()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_kept_without_outputs_and_holds_no_logic(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert not cell.outputs and cell.execution_count is None
            assert len(cell.source.splitlines()) <= 8 and "def " not in cell.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_runs_without_error_or_warning_and_shows_its_figures(path):
    notebook = report.run_notebook(path, "ru")
    assert len(report.figures_of(notebook)) >= {"00": 1, "05": 1, "07": 1, "08": 0}.get(path.stem[:2], 3)
    printed = [o for c in notebook.cells for o in c.get("outputs", []) if o.get("name") == "stderr"]
    assert not [o["text"] for o in printed if re.search(r"Warning", o["text"])]


@pytest.mark.parametrize("path", NOTEBOOKS[1:], ids=lambda p: p.stem)
def test_a_notebook_ends_with_exercises_whose_solutions_are_hidden(path):
    cells = nbformat.read(path, as_version=4).cells
    solutions = [c for c in cells if "solution" in c.metadata.get("tags", [])]
    assert solutions
    assert all(c.metadata["jupyter"]["source_hidden"] for c in solutions)


def test_the_report_is_one_page_that_needs_no_network(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "notebooks", lambda: NOTEBOOKS[1:3])
    lines = list(report.build(tmp_path, languages=["kk"]))
    assert len(lines) == 2
    page = (tmp_path / "kk.html").read_text("utf-8")
    assert page.count("<figure>") == page.count("alt=") >= 8
    assert not re.search(r'(src|href)="(https?:)?//', page)
    assert '<html lang="kk">' in page and "Деректер 2026\u202fж. 27 наурыз жағдайы бойынша" in page
    assert "Қате туралы хабарлау" in page
