"""Where the data of the suite lie: in the repository that the package is run from."""

from __future__ import annotations

import os
from pathlib import Path


def root() -> Path:
    """Return the repository: OPENNESS_HOME if set, else the folder above src/."""
    home = os.environ.get("OPENNESS_HOME")
    return Path(home) if home else Path(__file__).resolve().parents[2]


def raw() -> Path:
    return root() / "data" / "raw"


def processed() -> Path:
    return root() / "data" / "processed"
