"""Send each sheet of a workbook as CSV through a pipe, from a process with a limit on memory."""

from __future__ import annotations

import csv
import io
import re
import struct
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

MOST_MEMORY = 6 * 2**30
MOST_CELLS = 60_000_000
# Frames: kind and length, then so many bytes.
_FORMAT = ">cI"
HEAD = struct.calcsize(_FORMAT)
SHEET, ROWS, ERROR = b"s", b"r", b"e"
_AT_ONCE = 5_000
_EXACT = 1e15  # whole numbers below it are exact in a workbook


def unpack(head: bytes) -> tuple[bytes, int]:
    """Return the kind of a frame and the number of bytes that follow."""
    kind, length = struct.unpack(_FORMAT, head)
    return kind, length


def _send(kind: bytes, body: bytes) -> None:
    out = sys.stdout.buffer
    out.write(struct.pack(_FORMAT, kind, len(body)))
    out.write(body)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit.
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, hard))


def _check_size(path: str) -> None:
    """Refuse a sheet whose cells lie so far apart that a table of them would not fit."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
                rows, width, rest = 0, 0, b""
                with archive.open(name) as stream:
                    while block := stream.read(2**20):
                        block = rest + block
                        for letters, number in re.findall(
                            rb'<c[^>]{0,80}? r="([A-Z]{1,3})(\d{1,7})"', block
                        ):
                            rows = max(rows, int(number))
                            width = max(width, _column(letters))
                        rest = block[-200:]
                if rows * width > MOST_CELLS:
                    raise ValueError(
                        f"{rows} rows by {width} columns in {name}; at most {MOST_CELLS} cells"
                    )


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _said(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) < _EXACT
        return str(int(cell)) if whole else repr(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell.total_seconds())
    return str(cell)


def _send_rows(rows: list[list[Any]]) -> None:
    for first in range(0, len(rows), _AT_ONCE):
        stream = io.StringIO(newline="")
        writer = csv.writer(stream)
        for row in rows[first : first + _AT_ONCE]:
            writer.writerow(map(_said, row))
        text = stream.getvalue()
        _send(ROWS, text.encode())


def main(path: str) -> int:
    _limit_memory()
    try:
        from python_calamine import CalamineWorkbook

        _check_size(path)
        book = CalamineWorkbook.from_path(path)
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if rows:
                _send(SHEET, name.encode())
                _send_rows(rows)
    except BaseException as error:  # a panic of the parser is no Exception
        said = f"{type(error).__name__}: {str(error)[:200]}".replace("\n", " ")
        _send(ERROR, said.encode())
        return 1
    finally:
        sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
