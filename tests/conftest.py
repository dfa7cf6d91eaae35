"""Fixtures shared by the tests."""

from __future__ import annotations

import shutil
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from analysis import paths

mpl.use("Agg")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.fixture
def raw_copy(tmp_path: Path) -> Path:
    """A copy of data/raw to break."""
    return Path(shutil.copytree(paths.raw(), tmp_path / "raw"))
