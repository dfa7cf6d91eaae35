"""Notebooks run one after the other in one kernel."""

from __future__ import annotations

import nbformat
import pytest

from analysis.errors import DataError


def write(path, *cells):
    made = [
        nbformat.v4.new_code_cell(
            c[1:], metadata={"tags": ["parameters"]} if c[1:].startswith("place") else {}
        )
        if c.startswith(">")
        else nbformat.v4.new_markdown_cell(c)
        for c in cells
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    return path


def test_names_of_one_report_are_gone_in_the_next(kernel, tmp_path):
    kernel.run(write(tmp_path / "a.ipynb", ">left = 1"), place="KZ", language="en")
    with pytest.raises(DataError, match="NameError: name 'left' is not defined"):
        kernel.run(write(tmp_path / "b.ipynb", "text", ">left"), place="KZ", language="en")
    assert kernel.run(write(tmp_path / "c.ipynb", ">1 + 1"), place="KZ", language="en").cells


def test_a_cell_that_fails_is_named_with_what_to_do(kernel, tmp_path):
    with pytest.raises(
        DataError,
        match=r"b\.ipynb, cell 2: found ZeroDivisionError: division by zero; expected a cell that runs",
    ):
        kernel.run(write(tmp_path / "b.ipynb", ">1 + 1", ">1 / 0"), place="KZ", language="en")
