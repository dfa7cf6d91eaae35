"""What needs a browser or killed processes."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from analysis import report

pytestmark = pytest.mark.slow


@pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not installed")
def test_the_report_opens_in_a_browser(tmp_path):
    list(report.build(tmp_path / "report", languages=["kk"]))
    run = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={tmp_path}/profile",
         "--disable-background-networking", "--dump-dom", (tmp_path / "report" / "kk.html").as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert run.stdout.count("<figure>") >= 12


def test_a_build_killed_at_any_moment_leaves_whole_files(tmp_path):
    import sys
    import time

    from analysis.build import processed_files

    whole = processed_files()
    code = "import sys; from pathlib import Path; from analysis.build import build; build(processed=Path(sys.argv[1]))"
    for step in range(8):
        process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)])
        time.sleep(0.1 + 0.08 * step)
        process.kill()
        process.wait()
        for file in tmp_path.glob("*.csv"):
            assert file.read_text("utf-8") == whole[file.name]
