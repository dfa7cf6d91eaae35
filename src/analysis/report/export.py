"""Build reports: notebooks run in warm kernels on all cores, each written in all formats."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from analysis import paths, reference, requests
from analysis.errors import DataError
from analysis.evidence import data_version
from analysis.files import write_whole
from analysis.locale import text
from analysis.progress import Steps
from analysis.reference import place_name, region_of
from analysis.reference.places import NATION
from analysis.report import FORMATS
from analysis.report.addresses import page_name
from analysis.report.document import Document, assemble
from analysis.report.jobs import (
    Job,
    Order,
    common_key,
    notebooks,
    read_keys,
    standard_notebook,
    write_keys,
)
from analysis.report.notebook.blocks import blocks_of
from analysis.report.notebook.warm import WarmKernel
from analysis.report.output.html import page
from analysis.report.short_pages import write_districts

__all__ = ["Built", "build", "notebooks", "standard_notebook"]


@dataclass(frozen=True)
class Built:
    """One report that is there now: `fresh` is False if it was unchanged and left alone."""

    place: str
    language: str
    files: tuple[Path, ...]
    fresh: bool
    done: int
    total: int
    seconds_left: float

    def __str__(self) -> str:
        return f"{self.place} ({self.language})"


def build(  # noqa: PLR0913  # the options of one command, by keyword only
    folder: Path | str,
    *,
    places: Sequence[str] = (NATION,),
    languages: Sequence[str] | None = None,
    formats: Sequence[str] = FORMATS,
    notebook: Path | str | None = None,
    records: Path | str | None = None,
    site: bool = False,
    workers: int | None = None,
    progress: Callable[[Built], object] | None = None,
) -> list[Built]:
    """Write reports; whole files only, whenever it is stopped.

    What is unchanged since the last build is left alone.

    Parameters
    ----------
    folder : Path or str
        Where the reports go: `<folder>/<place>/openness-<place>-<language>.<format>`.
    places : list of str
        Of `analysis.report.PLACES`: "KZ", the regions, and the districts that have a report.
    languages : list of str, optional
        Of `analysis.reference.languages()`; all if not given.
    formats : list of str
        Of "html", "pdf" and "docx".
    notebook : Path or str, optional
        A notebook of your own that takes `place` and `language` (see `notebooks/report.ipynb`).
    records : Path or str, optional
        A folder that `openness ingest` wrote, to show beside the published figures.
    site : bool
        Whether the pages link to `index.html` in `folder`.
    workers : int, optional
        Kernels that run at once; as many as there are cores if not given.
    progress : callable, optional
        Called with each report as it is done; a progress bar on a terminal and in a notebook if
        not given.

    Returns
    -------
    list of Built
        In the order in which they were done.

    Raises
    ------
    UnknownName
        For a place, language or format that does not exist, before anything is written.
    DataError
        If there is no such notebook, a cell of it fails, or a picture has no words.

    Examples
    --------
    >>> build("reports", places=["KZ-99"])  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    UnknownName: place 'KZ-99' is not known
    """
    order = Order(
        folder=Path(folder),
        places=_as_list(places),
        languages=_as_list(languages or reference.languages()),
        formats=_as_list(formats),
        notebook=_existing(Path(notebook)) if notebook else standard_notebook(),
        records=str(Path(records).resolve()) if records else "",
        site=site,
    )
    order.check()
    jobs = list(order.jobs())
    if progress is not None:
        return [_told(built, progress) for built in _build(order, jobs, workers)]
    with Steps(len(jobs)) as steps:
        return [_told(built, steps.done) for built in _build(order, jobs, workers)]


def _as_list(names: str | Sequence[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _existing(notebook: Path) -> Path:
    if notebook.is_file():
        return notebook
    raise DataError.one(
        file=str(notebook),
        found="no such file",
        expected="the path of a Jupyter notebook",
        remedy="Correct the path.",
    )


def _told(built: Built, tell: Callable[[Built], object]) -> Built:
    tell(built)
    return built


def _build(order: Order, jobs: list[Job], workers: int | None) -> Iterator[Built]:
    """Write what is not there or has changed, and yield each report as it is done."""
    keys, common = read_keys(order.folder), common_key(order.notebook)
    there = [job for job in jobs if job.is_built(keys, common)]
    fresh = [job for job in jobs if job not in there]
    for done, job in enumerate(there, start=1):
        yield _built(job, fresh=False, done=done, total=len(jobs))
    began = time.monotonic()
    at_once = min(workers or os.cpu_count() or 1, len(fresh))
    for made, job in enumerate(_run(fresh, at_once), start=1):
        keys |= dict.fromkeys(job.files(), job.key(common))
        write_keys(order.folder, keys)
        left = (time.monotonic() - began) / made * (len(fresh) - made)
        done = len(there) + made
        yield _built(job, fresh=True, done=done, total=len(jobs), seconds_left=left)


def _built(job: Job, *, fresh: bool, done: int, total: int, seconds_left: float = 0.0) -> Built:
    files = tuple(job.files().values())
    return Built(job.place, job.language, files, fresh, done, total, seconds_left)


def _run(jobs: Sequence[Job], workers: int) -> Iterator[Job]:
    """Run jobs in threads, each with its own kernel, and yield each when its files are there."""
    if not jobs:
        return
    kernels: list[WarmKernel] = []
    own = threading.local()

    def start() -> None:
        folder = paths.root() / "notebooks"
        kernel = WarmKernel(folder)
        own.kernel = kernel
        kernels.append(kernel)

    pool = ThreadPoolExecutor(workers, initializer=start)
    try:
        waiting = {pool.submit(lambda job: _make(job, own.kernel), job) for job in jobs}
        yield from _finished(waiting)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        _end(kernels)
        pool.shutdown(wait=True)
        _end(kernels)  # one that was just starting


def _finished(waiting: set[Future[Job]]) -> Iterator[Job]:
    while waiting:
        finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        for future in finished:
            yield future.result()


def _end(kernels: list[WarmKernel]) -> None:
    for kernel in kernels:
        kernel.end()


def _make(job: Job, kernel: WarmKernel) -> Job:
    own = {"records": job.records} if job.records else {}
    executed = kernel.run(job.notebook, place=job.place, language=job.language, **own)
    blocks = blocks_of(executed, name=job.notebook.name)
    version = text("data_version_short", job.language, version=data_version())
    document = assemble(
        blocks,
        name=job.name,
        place=place_name(job.place, job.language),
        language=job.language,
        version=version,
    )
    for kind in job.formats:
        write_whole(job.path(kind), _written(document, kind, job))
    if job.has_districts:
        folder = job.folder.parent
        write_districts(folder, job.place, job.language, languages=job.languages, site=job.site)
    if job.notebook == standard_notebook():
        _write_letters(job)
    return job


def _region_page(job: Job) -> tuple[str, str] | None:
    """Return the address and the name of the region in which the place of a report lies."""
    region = region_of(job.place)
    if region == job.place:
        return None
    name = place_name(region, job.language)
    return f"../{region}/{page_name(region, job.language)}", name


def _write_letters(job: Job) -> None:
    """Write the letters that ask for what was not found, in the languages of a request."""
    spoken = [job.language] if job.language in requests.LANGUAGES else requests.LANGUAGES
    requests.write_letters(job.folder, job.place, languages=spoken)


def _written(document: Document, kind: str, job: Job) -> str | bytes:
    if kind == "html":
        return page(
            document,
            formats=job.offered,
            languages=job.languages,
            site=job.site,
            up=_region_page(job),
        )
    if kind == "pdf":
        from analysis.report.output.pdf import pdf

        return pdf(document)
    from analysis.report.output.word import docx

    return docx(document)
