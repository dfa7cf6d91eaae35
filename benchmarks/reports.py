"""Reports against the plain way (papermill for each, then nbconvert), on the same notebook in one run.

    python benchmarks/reports.py            # all places in all languages; the plain way on every third report
    python benchmarks/reports.py --plain-all

The plain way writes HTML only; ours writes HTML, PDF and Word. Prints seconds a report, the ratio, and the peak memory of
all processes together.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

from analysis.reference import languages
from analysis.report import PLACES, build
from analysis.report.jobs import standard_notebook


class Memory(threading.Thread):
    """The most memory that this process and its children have held together, sampled."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak, self.stopped = 0, False

    def run(self) -> None:
        me = psutil.Process()
        while not self.stopped:
            total = 0
            for process in [me, *me.children(recursive=True)]:
                try:
                    total += process.memory_info().rss
                except psutil.Error:
                    continue
            self.peak = max(self.peak, total)
            time.sleep(0.2)


def plain(place: str, language: str, folder: Path) -> None:
    out = folder / f"{place}-{language}.ipynb"
    run = [
        sys.executable,
        "-m",
        "papermill",
        "--no-progress-bar",
        "--log-level",
        "ERROR",
        str(standard_notebook()),
        str(out),
    ]
    subprocess.run(
        [*run, "-r", "place", place, "-r", "language", language],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    convert = [sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", str(out)]
    subprocess.run(convert, check=True, stderr=subprocess.DEVNULL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--plain-all",
        action="store_true",
        help="run the plain way on every report, not on every third",
    )
    asked = parser.parse_args()
    every = [(place, language) for place in PLACES for language in languages()]
    memory = Memory()
    memory.start()
    with tempfile.TemporaryDirectory() as name:
        began = time.perf_counter()
        reports = build(Path(name), places=PLACES)
        ours = (time.perf_counter() - began) / len(reports)
        memory.stopped = True
        print(
            f"ours: {len(reports)} reports in three formats, {ours:.2f} s a report, {memory.peak / 2**30:.2f} GiB at most",
            flush=True,
        )
        some = every if asked.plain_all else every[::3]
        began = time.perf_counter()
        for place, language in some:
            plain(place, language, Path(name))
        other = (time.perf_counter() - began) / len(some)
    print(f"plain: {len(some)} reports as HTML, {other:.2f} s a report")
    print(f"ratio: {other / ours:.1f}")


if __name__ == "__main__":
    main()
