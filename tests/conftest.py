"""Fixtures shared by the tests."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest
from hypothesis import settings

from analysis import paths

mpl.use("Agg")

# The same verdict each time, on a busy machine too. What the search of `make test-slow` finds
# becomes an example of its test.
settings.register_profile("tests", deadline=None, derandomize=True, max_examples=25)
settings.register_profile("search", deadline=None, derandomize=False, print_blob=True)
settings.load_profile("tests")
SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking")
MORE = 10  # times the examples of a test, in the search


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In the search, let each property test draw many more examples, freely."""
    if config.getoption("--hypothesis-profile") != "search":
        return
    for item in items:
        test = getattr(item, "obj", None)
        if getattr(test, "is_hypothesis_test", False):
            given = test._hypothesis_internal_use_settings
            many = settings(given, derandomize=False, max_examples=MORE * given.max_examples)
            test._hypothesis_internal_use_settings = many


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture
def raw_copy(tmp_path: Path) -> Path:
    """A copy of data/raw to break."""
    return Path(shutil.copytree(paths.raw(), tmp_path / "raw"))


@pytest.fixture(scope="module")
def browser():
    """Chromium; closed with its module, since a running kernel bears no second event loop."""
    chromium = shutil.which("chromium") or pytest.skip("chromium is not installed")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        started = running.chromium.launch(executable_path=chromium, args=[*SWITCHES])
        yield started
        started.close()


@pytest.fixture
def opened(browser):
    """Open a file with the network cut; what a page logs as an error, or asks of a network, fails."""

    @contextlib.contextmanager
    def open_(path: Path, *, address: str = "", width: int = 1200, **options) -> Iterator:
        options = {"viewport": {"width": width, "height": 900}} | options
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
