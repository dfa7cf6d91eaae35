"""Progress of long work: a bar on a terminal and in a notebook, plain lines elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any, Self


def is_watched() -> bool:
    """Return whether someone looks on: at a terminal, or at the output of a notebook's cell."""
    return sys.stderr.isatty() or _in_notebook()


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    if ipython is None:
        return False
    shell = ipython.get_ipython()
    return type(shell).__name__ == "ZMQInteractiveShell"


class Steps:
    """Steps of long work, shown as they are done.

    Parameters
    ----------
    total : int, optional
        Number of steps, as far as it is known.
    lines : bool
        Whether to print a line for each step where nobody looks on, as a log keeps it.

    Examples
    --------
    >>> with Steps(2, lines=True) as steps:
    ...     steps.done("appeals")
    ...     steps.done("meetings")
    [1/2] appeals
    [2/2] meetings
    """

    def __init__(self, total: int | None = None, *, lines: bool = False):
        self.total = total
        self.number = 0
        self.lines = lines
        self._bar: Any = None
        if is_watched():
            from tqdm import tqdm

            self._bar = tqdm(total=total, leave=False, mininterval=0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def done(self, step: object) -> None:
        """Count a step that is done."""
        self.number += 1
        if self._bar is not None:
            self._bar.set_postfix_str(str(step), refresh=False)
            self._bar.update()
        elif self.lines:
            self._print(step)

    def _print(self, step: object) -> None:
        count = str(self.number)
        if self.total is not None:
            count += f"/{self.total}"
        print(f"[{count}] {step}", flush=True)
