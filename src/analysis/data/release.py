"""The released data set: a version and a change log that follow from the diff.

And a workbook for readers of Excel.
"""

from __future__ import annotations

import csv
import io
import re
import subprocess
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from analysis import paths
from analysis.data.build import processed_files
from analysis.data.dictionary import columns_of
from analysis.data.reconcile import KEY
from analysis.errors import DataError
from analysis.files import FILES_DATED, quote_formula, timeless, write_whole
from analysis.locale import text as message
from analysis.reference import languages

_TAG = re.compile(r"data-(\d+\.\d+\.\d+)")
_NARROWEST, _WIDEST = 12, 40  # width of columns, in characters
_COVER_WIDTHS = {"A": 28, "B": 110}
_HEADING = re.compile(r"^## (\d+\.\d+\.\d+) \((\d{4}-\d\d-\d\d)\)\n", re.M)
_CHAPTERS = {
    "columns_removed": "Columns removed",
    "rows_removed": "Rows removed",
    "rows_added": "Rows added",
    "values_corrected": "Values corrected",
}
Table = dict[tuple[str, ...], dict[str, str]]


@dataclass
class Changes:
    """What differs between two releases of data/processed."""

    columns_removed: list[str] = field(default_factory=list)
    rows_removed: list[str] = field(default_factory=list)
    rows_added: list[str] = field(default_factory=list)
    values_corrected: list[str] = field(default_factory=list)

    def next_version(self, version: str) -> str:
        """Return the version that follows: major, minor, patch, or the same.

        Examples
        --------
        >>> Changes(rows_added=["appeals: x"]).next_version("1.2.3")
        '1.3.0'
        """
        major, minor, patch = (int(part) for part in version.split("."))
        if self.columns_removed or self.rows_removed:
            return f"{major + 1}.0.0"
        if self.rows_added:
            return f"{major}.{minor + 1}.0"
        return f"{major}.{minor}.{patch + 1}" if self.values_corrected else version

    def notes(self) -> str:
        """Return the changes as Markdown, each figure named."""
        chapters = []
        for kind, title in _CHAPTERS.items():
            lines = getattr(self, kind)
            if lines:
                listed = "\n".join(f"- {line}" for line in lines)
                chapters.append(f"### {title}\n\n{listed}\n")
        return "\n".join(chapters)

    @classmethod
    def read(cls, notes: str) -> Changes:
        """Return the changes that notes name, as `notes` writes them.

        Examples
        --------
        >>> Changes.read(Changes(rows_added=["appeals: x"]).notes()).rows_added
        ['appeals: x']
        """
        found: dict[str, list[str]] = {}
        for chapter in notes.split("### ")[1:]:
            title, *lines = chapter.splitlines()
            found[title] = [line.removeprefix("- ") for line in lines if line.startswith("- ")]
        return cls(**{kind: found.get(title, []) for kind, title in _CHAPTERS.items()})

    def by_table(self, kind: str) -> dict[str, int]:
        """Return the number of changes of a kind, such as "rows_added", by table.

        Examples
        --------
        >>> Changes(rows_added=["appeals: x", "appeals: y"]).by_table("rows_added")
        {'appeals': 2}
        """
        tables = [line.split(":")[0] for line in getattr(self, kind)]
        return {table: tables.count(table) for table in sorted(set(tables))}


class PastRelease(NamedTuple):
    """A release that CHANGELOG.md names, with what it changed; the first changed nothing."""

    version: str
    on: date
    changes: Changes


def past_releases() -> list[PastRelease]:
    """Return the releases that CHANGELOG.md names, the newest first.

    Examples
    --------
    >>> past_releases()[-1].version
    '1.0.0'
    """
    text = (paths.root() / "CHANGELOG.md").read_text("utf-8")
    _, *pieces = _HEADING.split(text)
    versions, days, notes = pieces[::3], pieces[1::3], pieces[2::3]
    return [
        PastRelease(version, date.fromisoformat(day), Changes.read(told))
        for version, day, told in zip(versions, days, notes, strict=True)
    ]


def _table(text: str) -> tuple[list[str], Table]:
    """Return the columns of a CSV text and its rows by what identifies them."""
    rows = list(csv.DictReader(io.StringIO(text)))
    columns = list(rows[0]) if rows else next(csv.reader(io.StringIO(text)), [])
    is_series = "rule" in columns
    key = [column for column in KEY if column in columns] if is_series else columns[:1]
    table: Table = {}
    for row in rows:
        name = tuple(row[column] for column in key)
        while name in table:
            name += ("again",)
        table[name] = row
    return columns, table


def compare(before: dict[str, str], after: dict[str, str]) -> Changes:
    """Compare two releases, each a dict of file name to CSV text.

    Examples
    --------
    >>> changes = compare({"a.csv": "id,v\\n1,5\\n"}, {"a.csv": "id,v\\n1,6\\n2,7\\n"})
    >>> changes.rows_added, changes.values_corrected
    (['a: 2'], ['a: 1: v 5 -> 6'])
    """
    changes = Changes()
    for name in sorted(before | after):
        label = name.removesuffix(".csv")
        old_columns, old = _table(before.get(name, ""))
        new_columns, new = _table(after.get(name, ""))
        gone = [column for column in old_columns if column not in new_columns]
        changes.columns_removed += [f"{label}: {column}" for column in gone]
        changes.rows_removed += [f"{label}: {_words(key)}" for key in old if key not in new]
        changes.rows_added += [f"{label}: {_words(key)}" for key in new if key not in old]
        for key in old.keys() & new.keys():
            corrected = _corrected(old[key], new[key])
            changes.values_corrected += [f"{label}: {_words(key)}: {cell}" for cell in corrected]
        changes.values_corrected.sort()
    return changes


def _corrected(old: dict[str, str], new: dict[str, str]) -> list[str]:
    both = [column for column in old if column in new]
    return [
        f"{column} {old[column]} -> {new[column]}" for column in both if old[column] != new[column]
    ]


def _words(key: tuple[str, ...]) -> str:
    return " ".join(part for part in key if part)


def _git(*arguments: str) -> str:
    command = ["git", *arguments]
    try:
        run = subprocess.run(command, cwd=paths.root(), capture_output=True, text=True, check=False)
        failed = run.stderr.strip() if run.returncode else ""
    except FileNotFoundError:
        failed = "no git on this machine"
    if failed:
        raise DataError.one(
            file="git",
            found=failed,
            expected="a clone of the project",
            remedy="Run it inside a clone.",
        )
    return run.stdout


def last_release() -> tuple[str, dict[str, str]]:
    """Return the version of the last git tag `data-X.Y.Z` and its processed files.

    Before the first release: "0.0.0" and no files.
    """
    listed = _git("tag", "--list", "data-*").split()
    versions = [found[1] for tag in listed if (found := _TAG.fullmatch(tag))]
    if not versions:
        return "0.0.0", {}
    version = max(versions, key=lambda name: [int(part) for part in name.split(".")])
    folder = f"data-{version}:data/processed"
    names = _git("ls-tree", "--name-only", folder).split()
    files = {name: _git("show", f"{folder}/{name}") for name in names if name.endswith(".csv")}
    return version, files


def release(*, on: date) -> tuple[str, str]:
    """Write the change log of the release that the data call for, and return its version and notes.

    Parameters
    ----------
    on : date
        Day of the release.
    """
    version, before = last_release()
    changes = compare(before, processed_files())
    following = changes.next_version(version) if before else "1.0.0"
    if before and following == version:
        return version, "Nothing has changed since the last release.\n"
    notes = changes.notes() if before else "The first release.\n"
    path = paths.root() / "CHANGELOG.md"
    head = "# Releases of the data\n\n"
    rest = path.read_text("utf-8").removeprefix(head) if path.is_file() else ""
    if f"## {following} " not in rest:
        write_whole(path, f"{head}## {following} ({on.isoformat()})\n\n{notes}\n{rest}")
    return following, notes


def _cell(text: str, kind: str) -> Any:
    if text == "":
        return None
    if kind in ("number", "integer"):
        return float(text) if "." in text else int(text)
    if kind == "date":
        return date.fromisoformat(text)
    return quote_formula(text)


def workbook(files: dict[str, str], *, version: str) -> bytes:
    """Return all tables as one XLSX with a cover sheet; the same bytes for the same data.

    Text that Excel could take for a formula is quoted; dates are dates; the header row is frozen.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    cover = book.active
    cover.title = "about"
    for row in _cover(files, version):
        cover.append(row)
    cover["A1"].font = Font(bold=True, size=14)
    for column, width in _COVER_WIDTHS.items():
        cover.column_dimensions[column].width = width
    for name, text in files.items():
        _write_sheet(book, name.removesuffix(".csv"), text)
    book.properties.created = book.properties.modified = FILES_DATED
    book.properties.title = "Openness of local government in Kazakhstan"
    out = io.BytesIO()
    book.save(out)
    return timeless(out.getvalue())


def _write_sheet(book: Any, name: str, text: str) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(name)
    header, *rows = csv.reader(io.StringIO(text))
    types = columns_of(name)
    kinds = [types.get(column, "string") for column in header]
    sheet.append(header)
    for row in rows:
        sheet.append([_cell(cell, kind) for cell, kind in zip(row, kinds, strict=True)])
    for cell in sheet[1]:
        cell.font, cell.alignment = Font(bold=True), Alignment(vertical="top")
        width = len(str(cell.value)) + 4
        letter = get_column_letter(cell.column)
        sheet.column_dimensions[letter].width = max(_NARROWEST, min(width, _WIDEST))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _cover(files: dict[str, str], version: str) -> list[list[str]]:
    explained = [[language, message("workbook_about", language)] for language in languages()]
    rows = [
        [name.removesuffix(".csv"), f"{text.count(chr(10)) - 1} rows"]
        for name, text in files.items()
    ]
    return [
        ["Openness of local government in Kazakhstan: published figures"],
        ["version", version],
        ["licence", "CC BY 4.0 for the compilation; each source keeps its own rights"],
        *explained,
        [],
        *rows,
    ]
