"""Write a folder whole or not at all: work beside it, and exchange the two in one step at the end."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analysis.errors import DataError, Problem

_MARK = "ingest.json"


def check_target(out: Path, dataset: str) -> None:
    """Refuse a folder that holds anything but an earlier ingest of the same data set."""
    if not out.exists():
        return
    names = {path.name for path in out.iterdir()} if out.is_dir() else {out.name}
    if not names or (out.is_dir() and names <= {_MARK, "rejects.csv", dataset} and _MARK in names):
        return
    found = "a file" if not out.is_dir() else ", ".join(sorted(names)[:5])
    expected = f"a new or empty folder, or one that an ingest of {dataset} wrote"
    raise DataError(
        [
            Problem(
                file=str(out),
                found=found,
                expected=expected,
                remedy="Choose another --out; nothing was changed.",
            )
        ]
    )


@contextmanager
def whole_folder(out: Path) -> Iterator[tuple[Path, Path]]:
    """Yield a folder to work in and a folder to write to; the latter takes the place of `out` if all goes well."""
    out = out.absolute()
    out.parent.mkdir(parents=True, exist_ok=True)
    _sweep(out)
    partial = out.parent / f".{out.name}.partial-{os.getpid()}"
    work, new = partial / "work", partial / "new"
    partial.mkdir(mode=0o700)
    work.mkdir()
    new.mkdir()
    try:
        yield work, new
        shutil.rmtree(work)
        new.chmod(0o755)
        _take_place(new, out)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _sweep(out: Path) -> None:
    """Remove what a killed run left beside the folder."""
    for path in out.parent.glob(f".{out.name}.partial-*"):
        if not _runs(path.name.rsplit("-", 1)[1]):
            shutil.rmtree(path, ignore_errors=True)


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
    if _exchange(new, out):
        return  # the earlier folder is now in the place of the new one and goes with it
    older = new.parent / "older"
    os.rename(out, older)
    os.rename(new, out)


def _exchange(first: Path, second: Path) -> bool:
    """Exchange two folders in one step where the system can (Linux, macOS)."""
    library = ctypes.CDLL(None, use_errno=True) if os.name == "posix" else None
    here, there = os.fsencode(first), os.fsencode(second)
    if sys.platform == "darwin" and hasattr(library, "renamex_np"):
        done = library.renamex_np(here, there, ctypes.c_uint(2))  # type: ignore[union-attr]
    elif hasattr(library, "renameat2"):
        done = library.renameat2(-100, here, -100, there, ctypes.c_uint(2))  # type: ignore[union-attr]
    else:
        return False
    if done and ctypes.get_errno() not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(second))
    return done == 0
