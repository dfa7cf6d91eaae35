"""The released data set: a version and a change log that follow from the diff, and a workbook for readers of Excel."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from analysis import paths
from analysis.data.build import processed_files
from analysis.data.dictionary import columns_of
from analysis.data.reconcile import KEY
from analysis.errors import DataError, Problem
from analysis.files import FILES_DATED, timeless, write_whole

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
        parts = {
            "Columns removed": self.columns_removed,
            "Rows removed": self.rows_removed,
            "Rows added": self.rows_added,
            "Values corrected": self.values_corrected,
        }
        return "\n".join(
            f"### {title}\n\n" + "\n".join(f"- {line}" for line in lines) + "\n"
            for title, lines in parts.items()
            if lines
        )


def _table(text: str) -> tuple[list[str], Table]:
    rows = list(csv.DictReader(io.StringIO(text)))
    columns = list(rows[0]) if rows else next(csv.reader(io.StringIO(text)), [])
    key = [c for c in KEY if c in columns] if "rule" in columns else columns[:1]
    table: Table = {}
    for row in rows:
        name = tuple(row[c] for c in key)
        while name in table:
            name += ("again",)
        table[name] = row
    return columns, table


def compare(before: dict[str, str], after: dict[str, str]) -> Changes:
    """Compare two releases, each a dict of file name to CSV text.

    Examples
    --------
    >>> compare({"a.csv": "id,v\\n1,5\\n"}, {"a.csv": "id,v\\n1,6\\n2,7\\n"})
    Changes(columns_removed=[], rows_removed=[], rows_added=['a: 2'], values_corrected=['a: 1: v 5 -> 6'])
    """
    changes = Changes()
    for name in sorted(before | after):
        label = name.removesuffix(".csv")
        old_columns, old = _table(before.get(name, ""))
        new_columns, new = _table(after.get(name, ""))
        changes.columns_removed += [f"{label}: {c}" for c in old_columns if c not in new_columns]
        changes.rows_removed += [f"{label}: {_say(key)}" for key in old if key not in new]
        changes.rows_added += [f"{label}: {_say(key)}" for key in new if key not in old]
        for key in old:
            if key in new:
                differ = [c for c in old_columns if c in new[key] and old[key][c] != new[key][c]]
                changes.values_corrected += [
                    f"{label}: {_say(key)}: {c} {old[key][c]} -> {new[key][c]}" for c in differ
                ]
    return changes


def _say(key: tuple[str, ...]) -> str:
    return " ".join(part for part in key if part)


def _git(*arguments: str) -> str:
    run = subprocess.run(
        ["git", *arguments], cwd=paths.root(), capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise DataError(
            [
                Problem(
                    file="git",
                    found=run.stderr.strip(),
                    expected="a clone of the project",
                    remedy="Run it inside the clone.",
                )
            ]
        )
    return run.stdout


def last_release() -> tuple[str, dict[str, str]]:
    """Return the version of the last git tag `data-X.Y.Z` and its processed files; 0.0.0 and none before the first."""
    tags = [
        t for t in _git("tag", "--list", "data-*").split() if re.fullmatch(r"data-\d+\.\d+\.\d+", t)
    ]
    if not tags:
        return "0.0.0", {}
    tag = max(tags, key=lambda t: [int(n) for n in t.removeprefix("data-").split(".")])
    names = [
        n
        for n in _git("ls-tree", "--name-only", f"{tag}:data/processed").split()
        if n.endswith(".csv")
    ]
    return tag.removeprefix("data-"), {
        name: _git("show", f"{tag}:data/processed/{name}") for name in names
    }


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
    return "'" + text if text[0] in "=+@" or (text[0] == "-" and kind == "string") else text


def workbook(files: dict[str, str], *, version: str) -> bytes:
    """Return all tables as one XLSX with a cover sheet; the same bytes for the same data.

    Text that Excel could take for a formula is quoted; dates are dates; the header row is frozen.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    cover = book.active
    cover.title = "about"
    for row in _cover(files, version):
        cover.append(row)
    cover["A1"].font = Font(bold=True, size=14)
    cover.column_dimensions["A"].width, cover.column_dimensions["B"].width = 28, 110
    for name, text in files.items():
        sheet = book.create_sheet(name.removesuffix(".csv"))
        rows = list(csv.reader(io.StringIO(text)))
        kinds = [columns_of(name.removesuffix(".csv")).get(column, "string") for column in rows[0]]
        sheet.append(rows[0])
        for row in rows[1:]:
            sheet.append([_cell(value, kind) for value, kind in zip(row, kinds, strict=True)])
        for cell in sheet[1]:
            cell.font, cell.alignment = Font(bold=True), Alignment(vertical="top")
            sheet.column_dimensions[get_column_letter(cell.column)].width = max(
                12, min(len(str(cell.value)) + 4, 40)
            )
        sheet.freeze_panes, sheet.auto_filter.ref = "A2", sheet.dimensions
    book.properties.created = book.properties.modified = FILES_DATED
    book.properties.title = "Openness of local government in Kazakhstan"
    out = io.BytesIO()
    book.save(out)
    return timeless(out.getvalue())


def _cover(files: dict[str, str], version: str) -> list[list[str]]:
    return [
        ["Openness of local government in Kazakhstan: published figures"],
        ["version", version],
        ["licence", "CC BY 4.0 for the compilation; each source keeps its own rights"],
        [
            "kk",
            "Әр жол — бір мән, аралығы және дереккөздерімен. Бағандардың мағынасы: docs/data-dictionary.kk.md",
        ],
        [
            "ru",
            "Строка — одно значение с разбросом и источниками. Значение столбцов: docs/data-dictionary.ru.md",
        ],
        [
            "en",
            "One row is one value with its range and sources. The columns are explained in docs/data-dictionary.en.md",
        ],
        [],
        *(
            [name.removesuffix(".csv"), f"{text.count(chr(10)) - 1} rows"]
            for name, text in files.items()
        ),
    ]


def write_workbook(path: Path) -> Path:
    """Write the workbook of the current data."""
    version, _ = last_release()
    write_whole(path, workbook(processed_files(), version=version))
    return path
