"""The built site, and a browser with the network cut."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis import paths
from analysis.report import build
from analysis.site import build_site

CHROMIUM = shutil.which("chromium")
VISITED = ("KZ", "KZ-33", "KZ-43", "KZ-79", "333400000")
SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")


@pytest.fixture(scope="session")
def built() -> Path:
    """The site of `make reports` with the places looked at: what is unchanged stays."""
    folder = paths.root() / "reports"
    build(folder, places=VISITED, formats=["html"], site=True)
    build_site(folder)
    return folder


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM:
        pytest.skip("chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=CHROMIUM, args=[*SWITCHES])
        yield started
        started.close()


@pytest.fixture
def opened(browser):
    """Open a file with the network cut; what a page logs as an error, or asks of a network, fails."""

    @contextlib.contextmanager
    def open_(path: Path, *, address: str = "", **options) -> Iterator:
        options = {"viewport": {"width": 1200, "height": 900}} | options
        context = browser.new_context(accept_downloads=True, offline=True, **options)
        page, errors, asked = context.new_page(), [], []
        page.on(
            "console",
            lambda said: errors.append(said.text) if said.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "request",
            lambda request: asked.append(request.url) if request.url.startswith("http") else None,
        )
        page.goto(path.as_uri() + address)
        yield page
        assert not errors
        assert not asked
        context.close()

    return open_
