"""Write a folder whole or not at all: work beside it, then exchange the two in one step."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analysis.errors import DataError
from analysis.records.reading.places import FILE, OwnPlaces, read_places

try:
    import fcntl
except ImportError:  # Windows has no such locks
    fcntl = None  # type: ignore[assignment]

_MARK = "ingest.json"
_LOCK = "lock"
_OURS = {_MARK, "rejects.csv", "places.csv", "releases.json", "releases", "earlier"}
_WORKING = {"work", "new", "older", _LOCK}
# As the system calls them: exchange two paths, which begin in the working directory.
_EXCHANGE, _FROM_HERE = 2, -100


def check_target(out: Path, dataset: str) -> None:
    """Refuse a folder that holds anything but an earlier ingest of the same data set."""
    if not out.exists():
        return
    found = "a file"
    if out.is_dir():
        names = {path.name for path in out.iterdir()}
        known = _OURS | {dataset}
        ours = _MARK in names and names <= known
        if ours or not names:
            return
        found = ", ".join(sorted(names)[:5])
    raise DataError.one(
        file=str(out),
        found=found,
        expected=f"a new or empty folder, or one that an ingest of {dataset} wrote",
        remedy="Choose another --out; nothing was changed.",
    )


def read_account(folder: Path) -> dict[str, Any]:
    """Return the account of a folder, empty where there is none."""
    path = folder / _MARK
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DataError.one(
            file=str(path),
            found=f"an account that cannot be read ({type(error).__name__})",
            expected="the file as ingest wrote it",
            remedy="Read the exports again into another folder.",
        ) from error
    return found if isinstance(found, dict) and "dataset" in found else {}


def read_own_places(folder: Path) -> OwnPlaces:
    """Return the list of places that a folder was read with."""
    path = folder / FILE
    return read_places(path) if path.is_file() else OwnPlaces({}, {})


def carry_over(earlier: Path, new: Path) -> None:
    """Take along what later runs do not make anew: releases, rejects and the list of places."""
    for name in ("rejects.csv", FILE, "releases.json"):
        source = earlier / name
        copy = new / name
        if source.is_file() and not copy.exists():
            shutil.copyfile(source, copy)
    releases = earlier / "releases"
    copies = new / "releases"
    if releases.is_dir():
        shutil.copytree(releases, copies, dirs_exist_ok=True)


@contextmanager
def whole_folder(out: Path) -> Iterator[tuple[Path, Path]]:
    """Yield a folder to work in, and one to write to, which becomes `out` if all goes well."""
    out = out.absolute()
    out.parent.mkdir(parents=True, exist_ok=True)
    sweep(out)
    partial = Path(tempfile.mkdtemp(prefix=f".{out.name}.partial-", dir=out.parent))
    work, new = partial / "work", partial / "new"
    with _locked(partial / _LOCK):
        work.mkdir()
        new.mkdir()
        try:
            yield work, new
            shutil.rmtree(work)
            new.chmod(0o755)
            _take_place(new, out)
        finally:
            shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock that the system lets go of when the process ends, however it ends."""
    with path.open("w") as stream:
        if fcntl is not None:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def sweep(out: Path) -> None:
    """Remove what a killed run left beside a folder; what a live run works in, or others, stays."""
    out = out.absolute()
    if not out.parent.is_dir():
        return
    pattern = f".{_escaped(out.name)}.partial-*"
    for path in out.parent.glob(pattern):
        try:
            names = {inside.name for inside in path.iterdir()}
        except OSError:
            continue
        ours = names <= _WORKING
        if ours and _is_left(path):
            shutil.rmtree(path, ignore_errors=True)


def _escaped(name: str) -> str:
    return re.sub(r"([\[*?])", r"[\1]", name)


def _is_left(partial: Path) -> bool:
    lock = partial / _LOCK
    if not lock.exists():  # of an earlier version, which named the process
        return not _runs(partial.name.rsplit("-", 1)[1])
    if fcntl is None:
        return False
    try:
        with lock.open("r+") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except OSError:
        return False


def _runs(process: str) -> bool:
    if os.name != "posix":  # elsewhere signal 0 is not harmless
        return True
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError):
        return False
    except OSError:
        return True
    return int(process) != os.getpid()


def _take_place(new: Path, out: Path) -> None:
    if not out.exists():
        os.rename(new, out)
        return
    if exchange(new, out):
        return  # the earlier folder is now in the place of the new one and goes with it
    older = new.parent / "older"
    os.rename(out, older)
    os.rename(new, out)


def exchange(first: Path, second: Path) -> bool:
    """Exchange two folders in one step where the system can (Linux, macOS)."""
    library = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    here, there = os.fsencode(first), os.fsencode(second)
    swap = ctypes.c_uint(_EXCHANGE)
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        done = library.renamex_np(here, there, swap)  # type: ignore[union-attr]
    elif hasattr(library, "renameat2"):
        at = _FROM_HERE
        done = library.renameat2(at, here, at, there, swap)  # type: ignore[union-attr]
    else:
        return False
    number = ctypes.get_errno()
    if done and number not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        raise OSError(number, os.strerror(number), str(second))
    return done == 0
