"""Build reports: notebooks run in warm kernels on all cores, each written in the formats asked for; what is unchanged stays."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path

from analysis import paths, reference
from analysis.errors import check_known
from analysis.evidence import data_version
from analysis.files import write_whole
from analysis.locale import text
from analysis.reference import place_name
from analysis.report.document import Document, assemble
from analysis.report.notebook import WarmKernel, blocks_of
from analysis.report.page import file_name, page
from analysis.report.sections import PLACES

FORMATS = ("html", "pdf", "docx")
_KEYS = ".built.json"
_LIBRARIES = (
    "babel",
    "jinja2",
    "matplotlib",
    "mistune",
    "nbclient",
    "pandas",
    "python-docx",
    "scipy",
    "seaborn",
    "typst",
)


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


@dataclass(frozen=True)
class _Job:
    notebook: Path
    name: str
    place: str
    language: str
    folder: Path
    formats: tuple[str, ...]
    languages: tuple[str, ...]
    offered: tuple[str, ...]
    site: str
    records: str

    def path(self, kind: str) -> Path:
        return self.folder / f"{file_name(self.name, self.language)}.{kind}"


def standard_notebook() -> Path:
    """Return the notebook of the standard report."""
    return paths.root() / "notebooks" / "report.ipynb"


def notebooks() -> list[Path]:
    """Return the notebooks of the suite in reading order, without that of the report."""
    return sorted((paths.root() / "notebooks").glob("[0-9]*.ipynb"))


def build(
    folder: Path,
    *,
    places: Sequence[str] = ("KZ",),
    languages: Sequence[str] | None = None,
    formats: Sequence[str] = FORMATS,
    notebook: Path | None = None,
    records: Path | None = None,
    site: bool = False,
    workers: int | None = None,
) -> Iterator[Built]:
    """Write reports and yield each as it is done; whole files only, whenever it is stopped.

    Parameters
    ----------
    folder : Path
        Where the reports go: `<folder>/<place>/openness-<place>-<language>.<format>`.
    places : list of str
        Of `analysis.report.PLACES`: "KZ", the 20 regions and Alakol district.
    languages, formats : list of str
        Of "en", "kk", "ru" and of "html", "pdf", "docx".
    notebook : Path, optional
        A notebook of your own that takes `place` and `language` (see `notebooks/report.ipynb`).
    records : Path, optional
        A folder that `openness ingest` wrote, to show beside the published figures.
    site : bool
        Whether the pages link to `index.html` in `folder`.
    workers : int, optional
        Kernels that run at once; as many as there are cores if not given.

    Raises
    ------
    UnknownName
        For a place, language or format that does not exist.
    DataError
        If a cell of the notebook fails, or a picture has no words.
    """
    languages = languages or reference.languages()
    for what, asked, known in (
        ("place", places, PLACES),
        ("language", languages, reference.languages()),
        ("format", formats, FORMATS),
    ):
        for name in asked:
            check_known(what, name, known)
    source = notebook or standard_notebook()
    owned = str(records.resolve()) if records else ""
    jobs = _jobs(
        folder,
        source,
        places=places,
        languages=languages,
        formats=formats,
        site=site,
        records=owned,
    )
    keys = read_keys(folder)
    common = common_key(source)
    fresh = [job for job in jobs if not _is_built(job, keys, common)]
    began, done = time.monotonic(), 0
    for job in (j for j in jobs if j not in fresh):
        done += 1
        yield Built(
            job.place,
            job.language,
            tuple(job.path(k) for k in job.formats),
            False,
            done,
            len(jobs),
            0.0,
        )
    for job in _run(fresh, min(workers or os.cpu_count() or 1, len(fresh))):
        done += 1
        keys |= {str(job.path(k).relative_to(folder)): _key(job, common) for k in job.formats}
        write_keys(folder, keys)
        made = done - (len(jobs) - len(fresh))
        left = (time.monotonic() - began) / made * (len(jobs) - done)
        yield Built(
            job.place,
            job.language,
            tuple(job.path(k) for k in job.formats),
            True,
            done,
            len(jobs),
            left,
        )


def _jobs(
    folder: Path,
    notebook: Path,
    *,
    places: Sequence[str],
    languages: Sequence[str],
    formats: Sequence[str],
    site: bool,
    records: str,
) -> list[_Job]:
    stem = "openness" if notebook == standard_notebook() else notebook.stem
    jobs = []
    for language in languages:
        for place in sorted(places, key=lambda p: (p != "KZ", PLACES.index(p))):
            name, home = f"{stem}-{place}", folder / place
            there = {
                lang
                for lang in reference.languages()
                if (home / f"{file_name(name, lang)}.html").is_file()
            }
            kinds = {k for k in FORMATS if (home / f"{file_name(name, language)}.{k}").is_file()}
            jobs.append(
                _Job(
                    notebook, name, place, language, home, tuple(k for k in FORMATS if k in formats),
                    languages=tuple(lang for lang in reference.languages() if lang in there | set(languages)),
                    offered=tuple(k for k in FORMATS[1:] if k in kinds | set(formats)), site="../index.html" if site else "", records=records,
                )
            )  # fmt: skip
    return jobs


def _run(jobs: Sequence[_Job], workers: int) -> Iterator[_Job]:
    """Run jobs in threads, each with a kernel of its own, and yield each job when its files are there."""
    if not jobs:
        return
    kernels: list[WarmKernel] = []
    own = threading.local()

    def start() -> None:
        own.kernel = WarmKernel(paths.root() / "notebooks")
        kernels.append(own.kernel)

    pool = ThreadPoolExecutor(workers, initializer=start)
    try:
        waiting: set[Future[_Job]] = {
            pool.submit(lambda job: _make(job, own.kernel), job) for job in jobs
        }
        while waiting:
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in finished:
                yield future.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        _end(kernels)
        pool.shutdown(wait=True)
        _end(kernels)  # one that was just starting


def _end(kernels: list[WarmKernel]) -> None:
    for kernel in kernels:
        kernel.end()


def _make(job: _Job, kernel: WarmKernel) -> _Job:
    own = {"records": job.records} if job.records else {}
    executed = kernel.run(job.notebook, place=job.place, language=job.language, **own)
    document = assemble(
        blocks_of(executed, name=job.notebook.name), name=job.name, place=place_name(job.place, job.language),
        language=job.language, version=text("data_version_short", job.language, version=data_version()),
    )  # fmt: skip
    for kind in job.formats:
        write_whole(job.path(kind), _written(document, kind, job))
    return job


def _written(document: Document, kind: str, job: _Job) -> str | bytes:
    if kind == "html":
        return page(document, formats=job.offered, languages=job.languages, site=job.site)
    if kind == "pdf":
        from analysis.report.pdf import pdf

        return pdf(document)
    from analysis.report.word import docx

    return docx(document)


def common_key(notebook: Path | None = None) -> str:
    """Hash what every report hangs on: code, catalogues and templates, processed data, the notebook and the libraries."""
    digest = hashlib.sha256(notebook.read_bytes() if notebook else b"")
    package = Path(__file__).parents[1]
    files = [p for p in package.rglob("*") if p.is_file() and p.suffix not in (".pyc", ".part")]
    for path in sorted([*files, *paths.processed().glob("*.csv"), paths.root() / "CHANGELOG.md"]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    for library in _LIBRARIES:
        digest.update(f"{library} {importlib.metadata.version(library)}".encode())
    return digest.hexdigest()


def _key(job: _Job, common: str) -> str:
    said = "|".join(
        (
            common,
            job.name,
            job.place,
            job.language,
            ",".join(job.offered),
            ",".join(job.languages),
            job.site,
            _account(job.records),
        )
    )
    return hashlib.sha256(said.encode()).hexdigest()


def _account(records: str) -> str:
    """Give what `openness ingest` said of the records, which changes when they do."""
    return (Path(records) / "ingest.json").read_text("utf-8") if records else ""


def _is_built(job: _Job, keys: dict[str, str], common: str) -> bool:
    return all(
        job.path(kind).is_file()
        and keys.get(f"{job.folder.name}/{job.path(kind).name}") == _key(job, common)
        for kind in job.formats
    )


def write_keys(folder: Path, keys: dict[str, str]) -> None:
    """Keep what the files in a folder were made from."""
    write_whole(folder / _KEYS, json.dumps(keys, indent=1, sort_keys=True))


def read_keys(folder: Path) -> dict[str, str]:
    """Return what the files in a folder were made from, as far as it is known."""
    path = folder / _KEYS
    try:
        return dict(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError):
        return {}
