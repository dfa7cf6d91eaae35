"""Every notebook runs, says nothing on the way and is kept without outputs."""

from __future__ import annotations

import re

import nbformat
import pytest

from analysis import paths
from analysis.report import notebooks
from analysis.report.document import Picture
from analysis.report.notebook import WarmKernel, blocks_of

NOTEBOOKS = notebooks()


@pytest.fixture(scope="module")
def kernel():
    with WarmKernel(paths.root() / "notebooks") as warm:
        yield warm


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_kept_without_outputs_and_holds_no_logic(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert not cell.outputs and cell.execution_count is None
            assert len(cell.source.splitlines()) <= 8 and "def " not in cell.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_runs_without_error_or_warning_and_shows_its_figures(path, kernel):
    notebook = kernel.run(path, language="ru")
    assert sum(isinstance(b, Picture) for b in blocks_of(notebook, name=path.name)) >= {
        "00": 1,
        "05": 1,
        "07": 1,
        "08": 0,
    }.get(path.stem[:2], 3)
    printed = [o for c in notebook.cells for o in c.get("outputs", []) if o.get("name") == "stderr"]
    assert not [o["text"] for o in printed if re.search(r"Warning", o["text"])]


@pytest.mark.parametrize("path", NOTEBOOKS[1:], ids=lambda p: p.stem)
def test_a_notebook_ends_with_exercises_whose_solutions_are_hidden(path):
    cells = nbformat.read(path, as_version=4).cells
    solutions = [c for c in cells if "solution" in c.metadata.get("tags", [])]
    assert solutions
    assert all(c.metadata["jupyter"]["source_hidden"] for c in solutions)
