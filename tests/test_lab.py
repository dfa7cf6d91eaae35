"""In a real JupyterLab each notebook opens, runs without an error in the language chosen, and shows its figures."""

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
from analysis.notebooks import story
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


# All in English; one with charts, one of sentences and one of own records in the other two.
RUN = [(path, "en") for path in notebooks()] + [
    (path, language)
    for language in ("kk", "ru")
    for path in notebooks()
    if path.stem[:2] in ("01", "08", "09")
]


@pytest.mark.parametrize(("path", "language"), RUN, ids=lambda p: getattr(p, "stem", p))
def test_a_notebook_runs_in_jupyterlab(page, lab, path: Path, language: str):
    workspace = f"{path.stem}-{language}"
    page.goto(f"{lab}/workspaces/{workspace}/tree/{path.name}", wait_until="commit", timeout=60_000)
    page.wait_for_selector(".jp-NotebookPanel .jp-Cell", state="attached", timeout=60_000)
    cells = page.evaluate(
        """async (language) => {
          const panel = window.jupyterapp.shell.currentWidget;
          await panel.sessionContext.ready;
          const model = panel.content.model;
          for (const cell of model.cells) {
            const source = cell.sharedModel.getSource();
            if ((cell.getMetadata('tags') || []).includes('parameters'))
              cell.sharedModel.setSource(source.replace('language = "en"', `language = "${language}"`));
          }
          await window.jupyterapp.commands.execute('notebook:run-all-cells');
          return model.toJSON().cells.filter(cell => cell.cell_type == 'code');
        }""",
        language,
    )
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert all(cell["execution_count"] for cell in cells)
    assert not [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"]
    heading = str(story("votes.limits", language)).splitlines()[0].removeprefix("## ")
    if path.stem[:2] not in ("00", "12"):
        shown = page.locator(".jp-OutputArea h2", has_text=heading)
        shown.first.wait_for(state="attached", timeout=20_000)
    if path.stem[:2] not in ("07", "08"):
        assert [o for o in outputs if "<figure>" in "".join(o.get("data", {}).get("text/html", ""))]
        picture = page.locator(".jp-OutputArea figure img").first
        picture.wait_for(state="attached", timeout=20_000)
        assert picture.evaluate("image => image.naturalWidth") > 500
    assert not [
        cell
        for cell in cells
        if "solution" in cell["metadata"].get("tags", []) and not is_folded(cell)
    ]
    pictures = os.environ.get("OPENNESS_SCREENSHOTS")
    if pictures:
        page.screenshot(path=f"{pictures}/{workspace}.png")


def is_folded(cell) -> bool:
    shown = cell["metadata"]["jupyter"]
    return shown["source_hidden"] and shown["outputs_hidden"]
