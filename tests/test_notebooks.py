"""Every notebook runs, prints no warning and is kept without outputs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from analysis import paths
from analysis.report import notebooks
from analysis.report.document import MIME
from analysis.report.jobs import standard_notebook
from analysis.report.notebook.warm import WarmKernel

NOTEBOOKS = notebooks()
# Each takes seconds in a kernel: one here, all of them in `make test-slow`.
RUN = [NOTEBOOKS[0], *(pytest.param(path, marks=pytest.mark.slow) for path in NOTEBOOKS[1:])]
STRIP = (
    "JupyterLab saves outputs by itself. Run:\n"
    "  .venv/bin/python -m nbstripout --keep-id {path}\n"
    "and once in a clone `make filters`, after which git leaves outputs out of commits."
)


@pytest.fixture(scope="module")
def kernel():
    with WarmKernel(paths.root() / "notebooks") as warm:
        yield warm


def with_outputs(path):
    cells = nbformat.read(path, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    return [cell for cell in code if cell.outputs or cell.execution_count is not None]


@pytest.mark.parametrize("path", [*NOTEBOOKS, standard_notebook()], ids=lambda p: p.stem)
def test_a_notebook_is_kept_without_outputs(path):
    name = path.relative_to(paths.root())
    assert not with_outputs(path), f"{name} has outputs. {STRIP.format(path=name)}"


def test_the_filter_of_git_leaves_clean_notebooks_as_they_are(tmp_path):
    copies = [Path(shutil.copy(path, tmp_path)) for path in [*NOTEBOOKS, standard_notebook()]]
    command = [sys.executable, "-m", "nbstripout", "--keep-id", *copies]
    subprocess.run(command, capture_output=True, check=True)
    for copy in copies:
        (path,) = (paths.root() / "notebooks").rglob(copy.name)
        name = path.relative_to(paths.root())
        filtered = copy.read_bytes() == path.read_bytes()
        assert filtered, f"{name} is not as the filter writes it. {STRIP.format(path=name)}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_holds_no_logic(path):
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= 8
            assert "def " not in cell.source


@pytest.mark.parametrize("path", RUN, ids=lambda p: p.stem)
def test_a_notebook_runs_without_error_or_warning_and_shows_its_figures(path, kernel):
    notebook = kernel.run(path, language="ru")
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    shown = sum("svg" in str(output.get("data", {}).get(MIME, "")) for output in outputs)
    assert shown >= {"12": 1, "00": 1, "05": 1, "07": 0, "08": 0, "11": 2}.get(path.stem[:2], 3)
    printed = [o for c in notebook.cells for o in c.get("outputs", []) if o.get("name") == "stderr"]
    assert not [o["text"] for o in printed if re.search(r"Warning", o["text"])]


@pytest.mark.parametrize("path", NOTEBOOKS[1:], ids=lambda p: p.stem)
def test_a_notebook_ends_with_exercises_whose_solutions_are_hidden(path):
    cells = nbformat.read(path, as_version=4).cells
    solutions = [c for c in cells if "solution" in c.metadata.get("tags", [])]
    assert solutions
    assert all(c.metadata["jupyter"]["source_hidden"] for c in solutions)
