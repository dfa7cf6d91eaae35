"""The built site."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import paths
from analysis.report import build
from analysis.site import build_site

VISITED = ("KZ", "KZ-33", "KZ-43", "KZ-79", "333400000")


@pytest.fixture(scope="session")
def built() -> Path:
    """The site of `make reports` with the places looked at: what is unchanged stays."""
    folder = paths.root() / "reports"
    build(folder, places=VISITED, formats=["html"], site=True)
    build_site(folder)
    return folder
