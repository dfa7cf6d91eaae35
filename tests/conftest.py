"""Fixtures shared by the tests."""

from __future__ import annotations

import shutil
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
