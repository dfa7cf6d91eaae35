"""In a real JupyterLab each notebook opens, runs all its cells without an error and shows its figures."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from analysis import paths
from analysis.report import notebooks

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("chromium"), reason="chromium is not installed"),
]


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 1800})
    yield page
    page.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(paths.root() / "notebooks", folder / "notebooks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "OPENNESS_HOME": str(paths.root()),
        "JUPYTER_CONFIG_DIR": str(folder),
        "HOME": str(folder),
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "notebooks", "--no-browser", "--allow-root", f"--port={port}",
         "--expose-app-in-browser", "--IdentityProvider.token=", "--LabApp.news_url="],
        cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}/lab"
    for _ in range(120):
        try:
            urllib.request.urlopen(address, timeout=2)
            break
        except OSError:
            time.sleep(0.5)
    yield address
    server.terminate()
    server.wait(timeout=20)


@pytest.mark.parametrize("path", notebooks(), ids=lambda p: p.stem)
def test_a_notebook_runs_in_jupyterlab(page, lab, path: Path):
    page.goto(f"{lab}/workspaces/{path.stem}/tree/{path.name}", wait_until="commit", timeout=60_000)
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", state="attached", timeout=60_000)
    cells = page.evaluate(
        """async () => {
          const panel = window.jupyterapp.shell.currentWidget;
          await panel.sessionContext.ready;
          await window.jupyterapp.commands.execute('notebook:run-all-cells');
          return panel.content.model.toJSON().cells.filter(cell => cell.cell_type == 'code');
        }"""
    )
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert all(cell["execution_count"] for cell in cells)
    assert not [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"]
    if path.stem != "08_methods":
        assert [o for o in outputs if "<figure>" in "".join(o.get("data", {}).get("text/html", ""))]
        picture = page.locator(".jp-OutputArea figure img").first
        picture.wait_for(state="attached", timeout=20_000)
        assert picture.evaluate("image => image.naturalWidth") > 500
    pictures = os.environ.get("OPENNESS_SCREENSHOTS")
    if pictures:
        page.screenshot(path=f"{pictures}/{path.stem}.png")
