"""The project's own files agree with each other."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest

from analysis import paths

CONDA_NAMES = {
    "ibis-duckdb": "ibis-framework[duckdb]",
    "matplotlib-base": "matplotlib",
    "python-duckdb": "duckdb",
    "seaborn-base": "seaborn",
}


def test_conda_and_pyproject_name_the_same_packages():
    project = tomllib.loads((paths.root() / "pyproject.toml").read_text())["project"]
    wanted = set(project["dependencies"])
    lines = re.findall(r"^ +- ([^-\s]\S*)$", (paths.root() / "environment.yml").read_text(), re.M)
    found = {re.sub(r"^[\w-]+", lambda m: CONDA_NAMES.get(m[0], m[0]), line) for line in lines}
    assert found - {"pip", "pip:", "python=3.11"} == wanted
    assert "python=3.11" in found


@pytest.mark.parametrize("arguments", [["-c", "import analysis"], ["-m", "analysis.cli", "--help"]])
def test_heavy_libraries_load_when_first_used(arguments):
    run = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=True
    )
    loaded = {line.rsplit("|", 1)[1].strip() for line in run.stderr.splitlines() if "|" in line}
    assert not loaded & {
        "pandas",
        "numpy",
        "matplotlib",
        "seaborn",
        "scipy",
        "babel",
        "jinja2",
        "nbclient",
    }
