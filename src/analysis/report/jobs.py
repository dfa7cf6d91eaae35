"""One job is a report of one place in one language, with a key of all that it depends on."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis import paths, reference
from analysis.errors import check_known
from analysis.files import write_whole
from analysis.reference.places import NATION
from analysis.report import FORMATS
from analysis.report.output.html import file_name

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
_NOT_CODE = (".pyc", ".part")
# Tables beside the data sets that grow with them.
_BESIDE = ("sources", "excluded", "corrections", "superseded")


@dataclass(frozen=True)
class Order:
    """What was asked for: which reports, in which formats, of which notebook, and where to."""

    folder: Path
    places: Sequence[str]
    languages: Sequence[str]
    formats: Sequence[str]
    notebook: Path
    records: str = ""
    site: bool = False

    def check(self) -> None:
        """Refuse names that do not exist.

        Raises
        ------
        UnknownName
            For a place, language or format, with what there is.
        """
        for place in self.places:
            check_known("place", place, reference.report_places())
        for language in self.languages:
            check_known("language", language, reference.languages())
        for kind in self.formats:
            check_known("format", kind, FORMATS)

    @property
    def stem(self) -> str:
        """How the names of the files begin."""
        return "openness" if self.notebook == standard_notebook() else self.notebook.stem

    def jobs(self) -> Iterator[Job]:
        """Return one job for each report: the nation first, for readers who do not wait."""
        known = [NATION, *reference.report_places()]
        ordered = sorted(self.places, key=known.index)
        for language in self.languages:
            for place in ordered:
                yield self._job(place, language)

    def _job(self, place: str, language: str) -> Job:
        name, home = f"{self.stem}-{place}", self.folder / place
        kinds = [kind for kind in FORMATS if _is_there(home, name, language, kind)]
        every = reference.languages()
        spoken = [known for known in every if _is_there(home, name, known, FORMATS[0])]
        linked = {*spoken, *self.languages}
        offered = {*kinds, *self.formats}
        site = "../index.html" if self.site else ""
        formats = tuple(kind for kind in FORMATS if kind in self.formats)
        return Job(
            notebook=self.notebook,
            name=name,
            place=place,
            language=language,
            folder=home,
            formats=formats,
            languages=tuple(known for known in every if known in linked),
            offered=tuple(kind for kind in FORMATS[1:] if kind in offered),
            site=site,
            records=self.records,
        )


def _is_there(home: Path, name: str, language: str, kind: str) -> bool:
    return (home / f"{file_name(name, language)}.{kind}").is_file()


@dataclass(frozen=True)
class Job:
    """One report to be written; `offered` and `languages` are what its page links to."""

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
        """Return the file of the report in a format."""
        return self.folder / f"{file_name(self.name, self.language)}.{kind}"

    def files(self) -> dict[str, Path]:
        """Return the files of the report by the names under which their keys are kept."""
        paths_ = [self.path(kind) for kind in self.formats]
        return {f"{self.folder.name}/{path.name}": path for path in paths_}

    def key(self, common: str) -> str:
        """Hash all that the report depends on."""
        offered, languages = ",".join(self.offered), ",".join(self.languages)
        parts = (common, self.name, self.place, self.language, offered, languages, self.site)
        return hashlib.sha256("|".join((*parts, _account(self.records))).encode()).hexdigest()

    def is_built(self, keys: dict[str, str], common: str) -> bool:
        """Return whether all files are there and made from what they would be made from now."""
        key = self.key(common)
        return all(path.is_file() and keys.get(name) == key for name, path in self.files().items())


def _account(records: str) -> str:
    """Return what `openness ingest` wrote about the records, which changes when they do."""
    return (Path(records) / "ingest.json").read_text("utf-8") if records else ""


def standard_notebook() -> Path:
    """Return the notebook of the standard report."""
    folder = paths.root() / "notebooks"
    return folder / "report.ipynb"


def notebooks() -> list[Path]:
    """Return the notebooks of the suite in reading order, without that of the report.

    Examples
    --------
    >>> notebooks()[0].name
    '00_start_here.ipynb'
    """
    return sorted((paths.root() / "notebooks").glob("[0-9]*.ipynb"))


def code_key() -> str:
    """Hash code, words, templates, libraries, and the facts of the world that the code reads.

    What is published, and so what changes most often, is not in it.
    """
    package = Path(__file__).parents[1]
    files = [path for path in package.rglob("*") if path.suffix not in _NOT_CODE]
    published = {*reference.datasets(), *_BESIDE}
    files += [path for path in paths.raw().glob("*.csv") if path.stem not in published]
    files.append(paths.root() / "CHANGELOG.md")
    digest = _digest_of(files)
    for library in _LIBRARIES:
        digest.update(f"{library} {importlib.metadata.version(library)}".encode())
    return digest.hexdigest()


def common_key(notebook: Path | None = None) -> str:
    """Hash what every report depends on: code, words, templates, data, notebook, libraries."""
    own = [notebook] if notebook else []
    digest = _digest_of([*own, *paths.raw().glob("*.csv"), *paths.processed().glob("*.csv")])
    digest.update(code_key().encode())
    return digest.hexdigest()


def _digest_of(files: Iterable[Path]) -> hashlib._Hash:
    digest = hashlib.sha256()
    for path in sorted(path for path in files if path.is_file()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest


def write_keys(folder: Path, keys: dict[str, str]) -> None:
    """Keep what the files in a folder were made from."""
    write_whole(folder / _KEYS, json.dumps(keys, indent=1, sort_keys=True))


def read_keys(folder: Path) -> dict[str, str]:
    """Return what the files in a folder were made from, as far as it is known."""
    try:
        return dict(json.loads((folder / _KEYS).read_text("utf-8")))
    except (OSError, ValueError):
        return {}
