"""One job is a report of one place in one language, with a key of all that it depends on."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis import paths, reference
from analysis.errors import check_known
from analysis.files import write_whole
from analysis.reference.places import NATION
from analysis.report import FORMATS
from analysis.report.output.html import file_name
from analysis.report.short_pages import district_pages

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
_AFTER_REPORTS = ("site", "cli")
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
        if self.notebook == standard_notebook():
            return "openness"
        return self.notebook.stem

    def jobs(self) -> Iterator[Job]:
        """Return one job for each report: the nation first, for readers who do not wait."""
        known = [NATION, *reference.report_places()]
        ordered = sorted(self.places, key=known.index)
        for language in self.languages:
            for place in ordered:
                yield self._job(place, language)

    def _job(self, place: str, language: str) -> Job:
        name = f"{self.stem}-{place}"
        home = self.folder / place
        written = [kind for kind in FORMATS if _is_there(home, name, language, kind)]
        every = reference.languages()
        spoken = [known for known in every if _is_there(home, name, known, FORMATS[0])]
        linked = {*spoken, *self.languages}
        offered = {*written, *self.formats}
        return Job(
            notebook=self.notebook,
            name=name,
            place=place,
            language=language,
            folder=home,
            formats=_in_order(FORMATS, self.formats),
            languages=_in_order(every, linked),
            offered=_in_order(FORMATS[1:], offered),
            site="../index.html" if self.site else "",
            records=self.records,
        )


def _is_there(home: Path, name: str, language: str, kind: str) -> bool:
    stem = file_name(name, language)
    path = home / f"{stem}.{kind}"
    return path.is_file()


def _in_order(every: Iterable[str], chosen: Container[str]) -> tuple[str, ...]:
    kept = [name for name in every if name in chosen]
    return tuple(kept)


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
        stem = file_name(self.name, self.language)
        return self.folder / f"{stem}.{kind}"

    def files(self) -> dict[str, Path]:
        """Return the files of the report by the names under which their keys are kept."""
        files = [self.path(kind) for kind in self.formats]
        if self.has_districts:
            files += district_pages(self.folder.parent, self.place, self.language)
        home = self.folder.name
        return {f"{home}/{path.name}": path for path in files}

    @property
    def has_districts(self) -> bool:
        """Whether the short pages of the districts go with it: with the standard report as HTML."""
        is_standard = self.notebook == standard_notebook()
        return is_standard and FORMATS[0] in self.formats

    def key(self, common: str) -> str:
        """Hash all that the report depends on."""
        parts = [
            common,
            self.name,
            self.place,
            self.language,
            ",".join(self.offered),
            ",".join(self.languages),
            self.site,
            _account(self.records),
        ]
        depends_on = "|".join(parts)
        return hashlib.sha256(depends_on.encode()).hexdigest()

    def is_built(self, keys: dict[str, str], common: str) -> bool:
        """Return whether all files are there and made from what they would be made from now."""
        key = self.key(common)
        for name, path in self.files().items():
            if keys.get(name) != key or not path.is_file():
                return False
        return True


def _account(records: str) -> str:
    """Return what `openness ingest` wrote about the records, which changes when they do."""
    if not records:
        return ""
    path = Path(records) / "ingest.json"
    return path.read_text("utf-8")


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
    folder = paths.root() / "notebooks"
    return sorted(folder.glob("[0-9]*.ipynb"))


def common_key(notebook: Path | None = None) -> str:
    """Hash what every report depends on: code, words, templates, data, notebook, libraries."""
    own = [notebook] if notebook else []
    data = [*paths.raw().glob("*.csv"), *paths.processed().glob("*.csv")]
    return _hash_of([*own, *data], code_key())


def code_key(*, without: Sequence[str] = _AFTER_REPORTS) -> str:
    """Hash code, words, templates, libraries, and the facts of the world that the code reads.

    What is published, and so what changes most often, is not in it.

    Parameters
    ----------
    without : list of str
        Stages of the package that are left out, since nothing here depends on them.
    """
    package = Path(__file__).parents[1]
    stages = [stage for stage in package.iterdir() if stage.name not in without]
    found = [path for stage in stages for path in [stage, *stage.rglob("*")]]
    found = [path for path in found if path.suffix not in _NOT_CODE]
    published = {*reference.datasets(), *_BESIDE}
    found += [path for path in paths.raw().glob("*.csv") if path.stem not in published]
    found.append(paths.root() / "CHANGELOG.md")
    versions = [f"{library} {importlib.metadata.version(library)}" for library in _LIBRARIES]
    return _hash_of(found, *versions)


def _hash_of(files: Iterable[Path], *words: str) -> str:
    digest = hashlib.sha256("|".join(words).encode())
    for path in sorted(path for path in files if path.is_file()):
        name = path.name.encode()
        digest.update(name + b"\0" + path.read_bytes())
    return digest.hexdigest()


def write_keys(folder: Path, keys: dict[str, str]) -> None:
    """Keep what the files in a folder were made from."""
    content = json.dumps(keys, indent=1, sort_keys=True)
    write_whole(folder / _KEYS, content)


def read_keys(folder: Path) -> dict[str, str]:
    """Return what the files in a folder were made from, as far as it is known."""
    path = folder / _KEYS
    try:
        keys = json.loads(path.read_text("utf-8"))
        return dict(keys)
    except (OSError, ValueError):
        return {}
