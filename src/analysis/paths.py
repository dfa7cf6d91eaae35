"""Where the data of the suite lie: in the clone it is run from.

Else inside the installed package.
"""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """Return the folder that holds data/, notebooks/ and figures/.

    OPENNESS_HOME if set, else the clone above src/, else the copy inside the installed package.
    """
    home = os.environ.get("OPENNESS_HOME")
    if home:
        return Path(home)
    clone = _PACKAGE.parents[1]
    return clone if (clone / "data" / "raw").is_dir() else _PACKAGE / "_home"


def in_clone() -> bool:
    """Return whether the data can be changed: the installed package carries a copy to read."""
    return root() != _PACKAGE / "_home"


def raw() -> Path:
    """Return the folder of the figures as published."""
    return root() / "data" / "raw"


def processed() -> Path:
    """Return the folder of the tidy series."""
    return root() / "data" / "processed"
