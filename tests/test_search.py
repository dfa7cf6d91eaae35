"""The properties hold for many more examples than each run of the tests draws."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from analysis import paths

pytestmark = pytest.mark.slow


def test_a_free_search_finds_no_counterexample():
    command = [sys.executable, "-m", "pytest", "-q", "-n", str(os.cpu_count() or 1), "tests"]
    run = subprocess.run(
        [*command, "-m", "hypothesis and not slow", "--hypothesis-profile=search"],
        cwd=paths.root(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-6000:]
    assert " passed" in run.stdout
