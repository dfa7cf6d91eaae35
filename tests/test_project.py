"""The project's own files agree with each other."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib

import pytest

from analysis import paths
from analysis.data.version import newest_release
from analysis.evidence import cite

CONDA_NAMES = {
    "ibis-duckdb": "ibis-framework[duckdb]",
    "jupyter_client": "jupyter-client",
    "jupyter_core": "jupyter-core",
    "matplotlib-base": "matplotlib",
    "python-duckdb": "duckdb",
    "seaborn-base": "seaborn",
}
HEAVY = {"pandas", "numpy", "matplotlib", "scipy", "babel", "jinja2", "nbclient", "tqdm"}


def read(name: str) -> str:
    return (paths.root() / name).read_text("utf-8")


def test_conda_and_pyproject_name_the_same_packages():
    wanted = set(tomllib.loads(read("pyproject.toml"))["project"]["dependencies"])
    lines = re.findall(r"^ +- ([^-\s]\S*)$", read("environment.yml"), re.M)
    found = {re.sub(r"^[\w-]+", lambda m: CONDA_NAMES.get(m[0], m[0]), line) for line in lines}
    assert found - {"pip", "pip:", "python=3.11"} == wanted
    assert "python=3.11" in found


@pytest.mark.parametrize("arguments", [["-c", "import analysis"], ["-m", "analysis.cli", "--help"]])
def test_heavy_libraries_load_when_first_used(arguments):
    run = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments], capture_output=True, text=True, check=True
    )
    loaded = {line.rsplit("|", 1)[1].strip() for line in run.stderr.splitlines() if "|" in line}
    assert "analysis" in loaded
    assert not loaded & HEAVY


def test_imports_are_the_dependencies_declared():
    run = subprocess.run(
        [sys.executable, "-m", "deptry", "src/analysis"],
        cwd=paths.root(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")
def test_make_clean_removes_nothing_that_git_keeps():
    removed = re.search(r"^clean:\n\trm -rf (.*)$", read("Makefile"), re.M)
    kept = subprocess.run(
        ["git", "ls-files", "--", *removed[1].split()],
        cwd=paths.root(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert kept.stdout == ""


def test_one_version_of_the_data_stands_everywhere():
    version, on = newest_release()
    assert f"version: {version}\ndate-released: {on}" in read("CITATION.cff")
    for stage in ("raw", "processed"):
        assert f'"version": "{version}"' in read(f"data/{stage}/datapackage.json")
    assert f"governance-openness {version}" in cite()
    assert f"version = {{{version}}}" in cite(style="bibtex")


def test_what_is_made_is_in_the_wheel():
    wheel = tomllib.loads(read("pyproject.toml"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    for source, target in wheel["force-include"].items():
        assert (paths.root() / source).exists()
        assert target == f"analysis/_home/{source}"
