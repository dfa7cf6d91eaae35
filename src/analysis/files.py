"""Write files whole or not at all, the same bytes each time, safe to open in a spreadsheet."""

from __future__ import annotations

import io
import os
import re
import zipfile
from datetime import datetime
from pathlib import Path

# The day written into workbooks and documents, which otherwise differ at each build.
FILES_DATED = datetime(2026, 1, 1)
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all.

    Parameters
    ----------
    path : Path
        The file; its folder is made if it is not there.
    content : str or bytes
        Text is written as UTF-8.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    data = content.encode() if isinstance(content, str) else content
    try:
        part.write_bytes(data)
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def timeless(content: bytes) -> bytes:
    """Set the time stamps inside an XLSX or DOCX, so that two builds are the same."""
    out = io.BytesIO()
    day = FILES_DATED.timetuple()[:6]
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():
            data = old.read(item)
            if item.filename == "docProps/core.xml":
                data = _stamped(data)
            dated = zipfile.ZipInfo(item.filename, day)
            new.writestr(dated, data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _stamped(properties: bytes) -> bytes:
    stamp = FILES_DATED.strftime("%Y-%m-%dT%H:%M:%SZ")
    stamped = rb"\g<1>" + stamp.encode()
    return re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", stamped, properties)


def quote_formula(cell: str) -> str:
    """Return a cell that a spreadsheet reads as text, never as a formula; numbers stay as they are.

    Examples
    --------
    >>> quote_formula("=1+1"), quote_formula("-0.25"), quote_formula("a-b")
    ("'=1+1", '-0.25', 'a-b')
    """
    if not cell.startswith(_FORMULA_STARTS):
        return cell
    try:
        float(cell)
    except ValueError:
        return "'" + cell
    return cell
