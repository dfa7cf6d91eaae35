"""Keys of the hashes that stand for registration numbers."""

from __future__ import annotations

import hashlib
import hmac
import os
from itertools import pairwise
from pathlib import Path
from typing import Any

from analysis.errors import DataError

KEY_VARIABLE = "OPENNESS_KEY"
SHORTEST_KEY = 16
LEAST_DISTINCT = 8
LONGEST_DIGITS = 24
_FEW_STEPS, _FINGERPRINT = 2, 16
_REMEDY = "Make one, for instance with: openssl rand -hex 32"


def _weakness(key: bytes) -> str:
    """Return why a key could be guessed, or ""."""
    if len(key) < SHORTEST_KEY:
        return f"a key of {len(key)} bytes"
    if len(set(key)) < LEAST_DISTINCT:
        return f"a key of {len(set(key))} different bytes"
    for period in range(1, len(key) // 2 + 1):
        if key == (key[:period] * len(key))[: len(key)]:
            return "a key that repeats itself"
    steps = {second - first for first, second in pairwise(key)}
    if len(steps) <= _FEW_STEPS:
        return "a key that counts up"
    return "a key of digits only" if key.isdigit() and len(key) < LONGEST_DIGITS else ""


def check_key(key: Any, name: str) -> bytes:
    """Return a key that is hard to guess.

    Raises
    ------
    DataError
        If it is short, repeats itself, or has few different bytes.

    Examples
    --------
    >>> check_key(b"9f2c51d07ab34e86", "key")
    b'9f2c51d07ab34e86'
    """
    weakness = _weakness(key) if isinstance(key, bytes) else f"a key that is {type(key).__name__}"
    if weakness:
        raise DataError.one(
            file=name,
            found=weakness,
            expected=f"at least {SHORTEST_KEY} bytes that cannot be guessed",
            remedy=_REMEDY,
        )
    return bytes(key)


def fingerprint(key: bytes) -> str:
    """Return a sign by which a folder knows the key that it was read with, and not the key."""
    digest = hmac.new(key, b"openness", hashlib.sha256).hexdigest()
    return digest[:_FINGERPRINT]


def read_key(path: Path | None) -> bytes | None:
    """Return the key from a file or from the environment variable OPENNESS_KEY, or None.

    Raises
    ------
    DataError
        If the key is short or weak, or the file cannot be read.
    """
    name = str(path) if path else f"environment variable {KEY_VARIABLE}"
    try:
        said = path.read_bytes() if path else os.environ.get(KEY_VARIABLE, "").encode()
    except OSError as error:
        raise DataError.one(
            file=name,
            found=error.strerror or "an error",
            expected="a key",
            remedy="Check the path.",
        ) from error
    key = said.strip()
    return check_key(key, name) if key or path else None
