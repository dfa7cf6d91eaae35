"""What needs killed processes."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from analysis.data.build import processed_files

pytestmark = pytest.mark.slow


def test_a_build_killed_at_any_moment_leaves_whole_files(tmp_path):
    whole = processed_files()
    code = "import sys; from pathlib import Path; from analysis.data.build import build; build(processed=Path(sys.argv[1]))"
    for step in range(8):
        process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)])
        time.sleep(0.1 + 0.08 * step)
        process.kill()
        process.wait()
        for file in tmp_path.glob("*.csv"):
            assert file.read_text("utf-8") == whole[file.name]
