"""Open the files that people have: find their kind, unpack within limits, read rows of text."""

from __future__ import annotations

import csv
import gzip
import json
import re
import subprocess
import sys
import threading
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from analysis.errors import DataError
from analysis.records.reading import workbook
from analysis.records.reading.hidden import HiddenFiles

# Limits: what unpacks to more, or grows by more, is taken for a bomb.
MOST_UNPACKED = 32 * 2**30
MOST_WORKBOOK = 2**30
MOST_GROWTH = 250
GROWTH_FROM = 64 * 2**20
MOST_COLUMNS = 2_000
MOST_CELL = 2**20
MOST_JSON = 512 * 2**20
MOST_FILES = 10_000
PREVIEW_ROWS = 2_000
_BLOCK = 2**20
_WORKBOOK_SECONDS = 600
# A Parquet file or a table of more rows than this is refused before it is read.
MOST_ROWS = 200_000_000
_HIDDEN_LINES = 100
# Lines of a cell that all have as many separators as a row: so many of them are rows.
_TELLING_LINES = 5
_ENDINGS = {
    ".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", ".geojson", ".parquet",
    ".xlsx", ".xlsm", ".xls", ".ods", ".gz", ".zip",
}  # fmt: skip
_FORGIVEN = ("utf-8", "kz1048", "cp1252", "cp1251", "cp866", "koi8-r")
_LAST_ASCII, _CYRILLIC_SHARE = 127, 0.25
# What is looked at of a file: bytes for two-byte encodings, lines for its separator; rows of more
# cells than the last are as telling as of so many.
_WITHIN_HEAD, _MOST_OF_HEAD, _TELLING_HEAD, _WIDE = 4_000, 0.8, 60, 12
_CYRILLIC = ("cp1251", "cp866", "koi8-r")
_COMMON = "оеаинтсрв"
# Қ қ Ә ә Ң ң stand in KZ-1048 where Windows-1251 has letters of Macedonian and Serbian; the other
# Kazakh letters stand where it has those of Ukrainian and Belarusian.
_ONLY_KAZAKH = b"\x8d\x9d\xa3\xbc\xbd\xbe"
_KAZAKH_PLACES = _ONLY_KAZAKH + b"\x8e\x9e\xa1\xa2\xa5\xaa\xaf\xb4\xba\xbf"
_ENCODINGS = (
    ("utf-8-sig", b"\xef\xbb\xbf"),
    ("utf-32", b"\xff\xfe\0\0"),
    ("utf-32", b"\0\0\xfe\xff"),
    ("utf-16", b"\xff\xfe"),
    ("utf-16", b"\xfe\xff"),
)


@dataclass
class Sheet:
    """Rows of text: a delimited text file, one sheet of a workbook, or a Parquet file.

    `name` is for people. `preview` holds the first rows; the rest is read when it is staged.
    """

    name: str
    path: Path
    kind: str  # csv, parquet
    encoding: str = "utf-8"
    separator: str = ","
    preview: list[list[str]] = field(default_factory=list)


def fail(name: str, found: str, expected: str, remedy: str, *, row: int | None = None) -> DataError:
    """Return the error of a file."""
    return DataError.one(file=name, row=row, found=found, expected=expected, remedy=remedy)


def find_files(asked: list[Path]) -> list[Path]:
    """Return the files that paths, folders and globs name, each once, in order of their names."""
    found: list[Path] = []
    for path in asked:
        if path.is_dir():
            found += _files_in(path)
        elif path.is_file():
            found.append(path)
        elif any(mark in str(path) for mark in "*?["):
            found += _files_like(path)
    files = list(dict.fromkeys(found))
    if not files:
        names = ", ".join(map(str, asked))
        endings = " ".join(sorted(_ENDINGS))
        raise fail(
            names,
            "no file that can be read",
            f"a file, a folder or a glob with {endings}",
            "Check the path.",
        )
    if len(files) > MOST_FILES:
        raise fail(
            str(asked[0]), f"{len(files)} files", f"at most {MOST_FILES}", "Name fewer files."
        )
    return files


def _files_in(folder: Path) -> list[Path]:
    found = []
    for path in folder.rglob("*"):
        if path.is_file() and _may_hold_records(path):
            found.append(path)
    return sorted(found)


def _files_like(pattern: Path) -> list[Path]:
    root = Path(pattern.anchor)
    inside = pattern.relative_to(root)
    found = root.glob(str(inside))
    return sorted(filter(Path.is_file, found))


def _may_hold_records(path: Path) -> bool:
    """Return whether a name is of a file of records, not of one that a program hides or locks."""
    ending = path.suffix.casefold()
    hidden = path.name.startswith((".", "~$"))
    return ending in _ENDINGS and not hidden


def open_sheets(
    path: Path, work: HiddenFiles, *, encoding: str = "", separator: str = "", name: str = ""
) -> list[Sheet]:
    """Return the sheets of a file, unpacked into `work` where it is packed.

    Raises
    ------
    DataError
        If the file is empty, broken, of no known kind, or unpacks to too much.
    """
    name = name or path.name
    try:
        return _open(path, work, encoding, separator, name)
    except (EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise _broken(name, error) from error
    except OSError as error:
        # What the system reports is no fault of the file, but for a broken gzip.
        if error.errno and not isinstance(error, gzip.BadGzipFile):
            raise
        raise _broken(name, error) from error


def _broken(name: str, error: Exception) -> DataError:
    return fail(name, f"a broken file ({error})", "a whole file", "Copy or export it again.")


def _open(path: Path, work: HiddenFiles, encoding: str, separator: str, name: str) -> list[Sheet]:
    with path.open("rb") as stream:
        head = stream.read(_BLOCK)
    if not head.strip():
        raise fail(name, "an empty file", "rows", "Export it again.")
    if head.startswith(b"\x1f\x8b"):
        return _gunzip(path, work, name, encoding, separator)
    if head.startswith(b"PK"):
        return _zipped(path, work, name, encoding, separator)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _workbook(path, work, name)
    if head.startswith(b"PAR1"):
        return [_parquet(path, name)]
    first = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    if first.startswith((b"{", b"[")):
        return [_json(path, work, name)]
    return [_text(path, head, name, encoding, separator)]


@dataclass(frozen=True)
class _Packed:
    """A packed file: its name, its size, and the most bytes that it may unpack to."""

    name: str
    size: int
    most: int

    def check(self, unpacked: int) -> None:
        grown = unpacked > GROWTH_FROM and unpacked > MOST_GROWTH * self.size
        if unpacked <= self.most and not grown:
            return
        gigabytes = self.most / 2**30
        limit = f"at most {gigabytes:g} GiB unpacked, and {MOST_GROWTH} times the packed size"
        raise fail(
            self.name,
            f"{self.size} bytes that unpack to more than {unpacked} bytes",
            limit,
            "Unpack it yourself if you trust it.",
        )


def _copy(stream: BinaryIO | Any, target: Path | None, packed: _Packed, already: int = 0) -> int:
    """Copy what unpacks, counting as it goes, and stop at the limits."""
    size = already
    out = target.open("wb") if target else None
    try:
        while block := stream.read(_BLOCK):
            size += len(block)
            packed.check(size)
            if out:
                out.write(block)
    finally:
        if out:
            out.close()
    return size


def _gunzip(path: Path, work: HiddenFiles, name: str, encoding: str, separator: str) -> list[Sheet]:
    target = work.fresh()
    size = path.stat().st_size
    limit = _Packed(name, size, MOST_UNPACKED)
    with gzip.open(path) as stream:
        _copy(stream, target, limit)
    return open_sheets(target, work, encoding=encoding, separator=separator, name=name)


def _zipped(path: Path, work: HiddenFiles, name: str, encoding: str, separator: str) -> list[Sheet]:
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > MOST_FILES:
            raise fail(
                name,
                f"{len(members)} files",
                f"at most {MOST_FILES}",
                "Unpack it and name the files.",
            )
        packed = path.stat().st_size
        names = {member.filename for member in members}
        if "[Content_Types].xml" in names or "content.xml" in names:
            size = 0
            for member in members:
                with archive.open(member) as stream:
                    size = _copy(stream, None, _Packed(name, packed, MOST_WORKBOOK), size)
            return _workbook(path, work, name)
        members.sort(key=lambda member: member.filename)
        limit = _Packed(name, packed, MOST_UNPACKED)
        unpacked = _unpack(archive, members, work, limit)
    sheets: list[Sheet] = []
    for inside, target in unpacked:
        sheets += open_sheets(
            target, work, encoding=encoding, separator=separator, name=f"{name}/{inside}"
        )
    if not sheets:
        raise fail(
            name,
            "an archive without a file of records",
            "CSV, XLSX, JSON or Parquet inside",
            "Check the archive.",
        )
    return sheets


def _unpack(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], work: HiddenFiles, limit: _Packed
) -> list[tuple[str, Path]]:
    """Unpack the files of records of an archive, all together within the limit."""
    unpacked = []
    size = 0
    for member in members:
        inside = Path(member.filename)
        if not _may_hold_records(inside) or "__MACOSX" in inside.parts:
            continue
        if inside.suffix.casefold() == ".zip":
            raise fail(
                limit.name,
                "a zip inside a zip",
                "files of records",
                "Unpack it yourself if you trust it.",
            )
        target = work.fresh()
        with archive.open(member) as stream:
            size = _copy(stream, target, limit, size)
        unpacked.append((member.filename, target))
    return unpacked


def _workbook(path: Path, work: HiddenFiles, name: str) -> list[Sheet]:
    """Read a workbook in a process of its own, so that a broken one cannot take this one down.

    The process writes nothing: the rows of each sheet come through a pipe into a file without a
    name."""
    command = [sys.executable, "-m", "analysis.records.reading.workbook", str(path.absolute())]
    sheets: list[Sheet] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as run:
        timer = threading.Timer(_WORKBOOK_SECONDS, run.kill)
        timer.start()
        try:
            said = _read_sheets(run.stdout, sheets, work, name)
        finally:
            timer.cancel()
    if said or run.returncode:
        why = said or f"the reader ended with code {run.returncode}"
        raise fail(
            name,
            f"a workbook that cannot be read ({why})",
            "a whole XLSX, XLS or ODS",
            "Save it again, or as CSV.",
        )
    for sheet in sheets:
        sheet.preview = _preview(sheet)
    filled = [sheet for sheet in sheets if sheet.preview]
    if not filled:
        raise fail(name, "a workbook without rows", "rows", "Export it again.")
    return filled


def _read_sheets(stream: Any, sheets: list[Sheet], work: HiddenFiles, name: str) -> str:
    """Read the frames of the process into sheets; returns what it says went wrong."""
    out = None
    try:
        while head := stream.read(workbook.HEAD):
            kind, length = workbook.unpack(head)
            body = stream.read(length)
            if kind == workbook.ERROR:
                return body.decode("utf-8", "replace")[:200]
            if kind == workbook.SHEET:
                if out:
                    out.close()
                target = work.fresh()
                out = target.open("wb")
                sheets.append(Sheet(f"{name}, sheet {body.decode()}", target, "csv"))
            elif out:
                out.write(body)
    finally:
        if out:
            out.close()
    return ""


def _parquet(path: Path, name: str) -> Sheet:
    import duckdb

    try:
        connection = duckdb.connect()
        escaped = re.sub(r"([\[*?])", r"[\1]", str(path))
        query = "SELECT num_rows FROM parquet_file_metadata(?)"
        (rows_in,) = connection.execute(query, [escaped]).fetchone() or (0,)
        if rows_in > MOST_ROWS:
            found = f"{rows_in} rows in {path.stat().st_size} bytes"
            raise fail(name, found, f"at most {MOST_ROWS}", "Split it if you trust it.")
        relation = connection.execute("SELECT * FROM read_parquet(?) LIMIT 200", [escaped])
        columns = [column[0] for column in relation.description or []]
        rows = [["" if cell is None else str(cell) for cell in row] for row in relation.fetchall()]
    except duckdb.Error as error:
        raise fail(
            name,
            f"a broken Parquet file ({str(error).splitlines()[0][:120]})",
            "a whole file",
            "Copy or export it again.",
        ) from error
    _check_width(columns, name)
    return Sheet(name, path, "parquet", preview=[columns, *rows])


def _json(path: Path, work: HiddenFiles, name: str) -> Sheet:
    """Write records of JSON as CSV.

    They are a list, a list under a name, GeoJSON, a table with meta data, or one record a line.
    """
    text = path.read_bytes()[: MOST_JSON + 1]
    if len(text) > MOST_JSON:
        raise fail(name, f"more than {MOST_JSON // 2**20} MiB of JSON", "less", "Export it as CSV.")
    try:
        records = _read_json(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise fail(
            name,
            f"broken JSON ({str(error)[:100]})",
            "a list of records, or one record a line",
            "Export it again.",
        ) from error
    if not records or not all(isinstance(record, dict) for record in records):
        raise fail(
            name,
            "JSON without a list of records",
            '[{"column": "value"}, ...]',
            "Export it as CSV.",
        )
    rows = [_flat(record) for record in records]
    columns = list(dict.fromkeys(key for row in rows for key in row))
    _check_width(columns, name)
    target = work.fresh()
    # Half a pair of surrogates, which JSON can hold, is no letter.
    with target.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    sheet = Sheet(name, target, "csv")
    sheet.preview = _preview(sheet)
    return sheet


def _read_json(text: str) -> list[Any]:
    """Return the records of a text, which is one value or a value in each line."""
    try:
        return _records(json.loads(text))
    except json.JSONDecodeError:
        lines = [line for line in text.splitlines() if line.strip()]
        return [json.loads(line) for line in lines]


def _records(found: Any) -> list[Any]:
    if isinstance(found, list):
        return found
    if not isinstance(found, dict):
        return []
    columns = _columns_of_view(found)
    if columns and isinstance(found.get("data"), list):
        names = [column.get("name", str(place)) for place, column in enumerate(columns)]
        return [dict(zip(names, row, strict=False)) for row in found["data"]]
    if isinstance(found.get("features"), list):
        return [feature.get("properties", {}) for feature in found["features"]]
    lists = [value for value in found.values() if _is_list_of_records(value)]
    return max(lists, key=len, default=[found])


def _columns_of_view(found: dict[str, Any]) -> Any:
    """Return the columns of a table with meta data, as portals of open data export it."""
    meta = found.get("meta")
    if not isinstance(meta, dict):
        return None
    view = meta.get("view", {})
    return view.get("columns")


def _is_list_of_records(value: Any) -> bool:
    if not isinstance(value, list) or not value:
        return False
    first = value[0]
    return isinstance(first, dict)


def _flat(record: dict[str, Any]) -> dict[str, str]:
    row: dict[str, str] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            for inner, cell in value.items():
                name = f"{key}.{inner}"
                row[name] = _said(cell)
        else:
            row[key] = _said(value)
    return row


def _said(value: Any) -> str:
    if value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _text(path: Path, head: bytes, name: str, encoding: str, separator: str) -> Sheet:
    encoding = encoding or _encoding(path, head, name)
    _check_no_nul(path, encoding, name)
    sheet = Sheet(name, path, "csv", encoding)
    try:
        sheet.separator = separator or _separator(head.decode(encoding, errors="ignore"))
        sheet.preview = _preview(sheet)
    except (UnicodeError, LookupError) as error:
        raise fail(
            name,
            f"text that is not {encoding} ({error})",
            f"text in {encoding}",
            "Give the encoding in the mapping file.",
        ) from error
    if not any(any(row) for row in sheet.preview):
        raise fail(name, "an empty file", "rows", "Export it again.")
    return sheet


def _check_no_nul(path: Path, encoding: str, name: str) -> None:
    if encoding.startswith(("utf-16", "utf-32")):
        return
    lines = 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            if (at := block.find(b"\0")) >= 0:
                row = lines + block.count(b"\n", 0, at) + 1
                raise fail(
                    name,
                    "a NUL byte",
                    "text",
                    "The file is broken or no text: export it again.",
                    row=row,
                )
            lines += block.count(b"\n")


def _encoding(path: Path, head: bytes, name: str) -> str:
    for encoding, mark in _ENCODINGS:
        if head.startswith(mark):
            return encoding
    for encoding, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        upper = head[first:_WITHIN_HEAD:2]
        # In Latin and Cyrillic text the upper byte of two is 0 or 4.
        usual = upper.count(b"\0") + upper.count(b"\4")
        if b"\0" in upper and usual > _MOST_OF_HEAD * len(upper):
            return encoding
    last_line = head.rfind(b"\n") + 1
    try:
        head[: last_line or None].decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        return _one_byte_encoding(head)


def _one_byte_encoding(head: bytes) -> str:
    """Return an encoding of Cyrillic where many letters are no ASCII, else that of the West."""
    high = sum(byte > _LAST_ASCII for byte in head)
    ascii_letters = sum(bytes([byte]).isalpha() for byte in head)
    if high > _CYRILLIC_SHARE * (high + ascii_letters):
        return _cyrillic(head)
    return "cp1252"


def _cyrillic(head: bytes) -> str:
    """Return the encoding in which a Cyrillic text has most of the commonest letters.

    KZ-1048 is Windows-1251 with Kazakh letters in the places of others.
    """
    likeness = {}
    for encoding in _CYRILLIC:
        letters = _COMMON.encode(encoding)
        likeness[encoding] = sum(map(head.count, letters))
    likeliest = max(_CYRILLIC, key=likeness.__getitem__)
    if likeliest != "cp1251":
        return likeliest
    kazakh = [byte for byte in _KAZAKH_PLACES if byte in head]
    if not kazakh or any(byte in _ONLY_KAZAKH for byte in kazakh):
        return "kz1048"
    return "cp1251"


def _separator(text: str) -> str:
    first = text.splitlines()[:_TELLING_HEAD]
    lines = [line for line in first if line.strip()]
    best, best_score = ",", 0.0
    for separator in ";,\t|":
        score = _regularity(lines, separator)
        if score > best_score:
            best, best_score = separator, score
    return best


def _regularity(lines: list[str], separator: str) -> float:
    """Return how regular a table is with a separator: rows of one width, and of many cells."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator)]
    except csv.Error:
        return 0.0
    usual = max(set(widths), key=widths.count, default=1)
    if usual == 1:
        return 0.0
    share = widths.count(usual) / len(widths)
    return share * min(usual, _WIDE)


def read_rows(sheet: Sheet) -> Iterator[list[str]]:
    """Yield the records of a sheet of text.

    Raises DataError where a quote is never closed or a cell has no end.
    """
    csv.field_size_limit(MOST_CELL)
    errors = "replace" if sheet.encoding in _FORGIVEN else "strict"
    with sheet.path.open(encoding=sheet.encoding, errors=errors, newline="") as stream:
        reader = csv.reader(stream, delimiter=sheet.separator)
        row: list[str] = []
        before, number = 0, 0
        widths: Counter[int] = Counter()
        try:
            for row in reader:
                number += 1
                lines, before = reader.line_num - before, reader.line_num
                if lines > 1 and (cell := _find_swallowed(row, sheet.separator, widths)):
                    raise _swallowed(sheet.name, number, cell)
                widths[len(row)] += 1
                yield row
        except csv.Error as error:
            remedy = "Look for a quote that is opened and not closed."
            raise fail(
                sheet.name, f"a cell without an end ({error})", "cells", remedy, row=number + 1
            ) from error
        except UnicodeError as error:
            raise fail(
                sheet.name,
                f"text that is not {sheet.encoding}",
                sheet.encoding,
                "Copy or export it again.",
                row=number,
            ) from error
    if number and lines > _HIDDEN_LINES and row and row[-1].count("\n") > _HIDDEN_LINES:
        raise fail(
            sheet.name,
            f"a last cell of {lines} lines",
            "one row",
            "Look for a quote that is opened and not closed.",
            row=number,
        )


def _find_swallowed(row: list[str], separator: str, widths: Counter[int]) -> int:
    """Return how many lines a cell holds that are rows by their separators, or 0.

    Two quotes that are opened and never closed make one cell of all that is between them. `widths`
    says how many rows there were of each width so far.
    """
    usual = max(widths, key=widths.__getitem__, default=0)
    width = max(len(row), usual)
    between = width - 1
    for cell in row:
        lines = cell.count("\n")
        separators = cell.count(separator)
        if between > 1 and lines and separators >= between * lines:
            return lines
        inner = cell.split("\n")[1:-1]
        if between == 0 or len(inner) < _TELLING_LINES:
            continue
        if all(line.count(separator) == between for line in inner):
            return lines
    return 0


def _swallowed(name: str, row: int, lines: int) -> DataError:
    """Return the error for rows that a quote has swallowed."""
    return fail(
        name,
        f"a cell that holds {lines} further rows",
        "cells",
        "Look for a quote that is opened and not closed.",
        row=row,
    )


def _preview(sheet: Sheet) -> list[list[str]]:
    rows = list(islice(read_rows(sheet), PREVIEW_ROWS))
    for row in rows[:100]:
        _check_width(row, sheet.name)
    return [_tidy(row) for row in rows]


def _tidy(row: list[str]) -> list[str]:
    return [cell[:MOST_CELL].strip() for cell in row]


def _check_width(row: list[str], name: str) -> None:
    if len(row) > MOST_COLUMNS:
        raise fail(
            name,
            f"{len(row)} columns",
            f"at most {MOST_COLUMNS}",
            "Keep the columns that are needed.",
        )
