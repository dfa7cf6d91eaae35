"""Files without a name: what is staged in clear text is gone however the process ends."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


class HiddenFiles:
    """Makes files that no folder lists, where the system has them (Linux); else private ones.

    The path of such a file is that of its descriptor, so that any reader can open it while this
    lives."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._open: list[int] = []

    def fresh(self) -> Path:
        """Return the path of a new, empty file."""
        flag = getattr(os, "O_TMPFILE", 0)
        own = Path(f"/proc/{os.getpid()}/fd")
        if flag and own.is_dir():
            try:
                number = os.open(self.folder, flag | os.O_RDWR, 0o600)
            except OSError as error:
                if error.errno not in _UNSUPPORTED:
                    raise
            else:
                self._open.append(number)
                return own / str(number)
        number, name = tempfile.mkstemp(dir=self.folder)
        os.close(number)
        return Path(name)

    def close(self) -> None:
        """Let go of all files: the system then frees them."""
        for number in self._open:
            os.close(number)
        self._open.clear()


def _unsupported() -> frozenset[int]:
    import errno

    return frozenset({errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT, errno.ENOSYS})


_UNSUPPORTED = _unsupported()
