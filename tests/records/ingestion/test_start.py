"""What the commands of records import before they do any work."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.slow


def loaded_after(code: str) -> set[str]:
    """Return the modules that a fresh interpreter holds after it ran some code."""
    listed = f"{code}\nimport sys\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", listed], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_an_ingest_does_without_pandas(tmp_path):
    export = tmp_path / "a.csv"
    export.write_text("№ обращения,Дата регистрации,Регион\n1,25.07.2021,Астана\n", "utf-8")
    arguments = ["ingest", str(export), "--dataset", "appeals", "--out", str(tmp_path / "own")]
    loaded = loaded_after(f"from analysis.cli import main\nassert main({arguments}) == 0")
    assert (tmp_path / "own" / "ingest.json").is_file()
    assert {"duckdb", "analysis.records.ingestion.pipeline"} <= loaded
    assert not loaded & {"pandas", "scipy", "ibis", "matplotlib"}


def test_a_rollup_loads_linear_programming_only_where_moves_do_not_suffice():
    loaded = loaded_after("import analysis.records.rollups.build")
    assert "scipy.sparse" in loaded
    assert not loaded & {"scipy.optimize", "matplotlib", "ibis"}
