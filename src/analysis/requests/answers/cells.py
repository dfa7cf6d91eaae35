"""Workbooks as bodies send them: opened without trust, every cell read right or refused by name."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils.exceptions import InvalidFileException

from analysis.errors import DataError, Problem
from analysis.records.reading.values import parse_date

_LARGEST = 50_000_000  # bytes of an unpacked workbook
_MACROS = ("vbaProject", "macrosheets", "activeX")
_SPACES = re.compile(r"[\s\u00a0\u202f']")
_GROUPED = re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?")
_FOOTNOTE = re.compile(r"\s*(?:\*+|[¹²³⁴⁵]|\d\))$")
_UNIT = re.compile(r"\s*(?:%|чел\.?|человек|адам|ед\.?|бірлік|шт\.?)$", re.IGNORECASE)
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Number:
    """A figure as a cell has it; `is_marked` by a footnote."""

    value: Decimal
    is_marked: bool


def problem(file: str, where: str, found: str, expected: str, remedy: str) -> Problem:
    """Return what is wrong with one cell, named as in a spreadsheet."""
    return Problem(file=file, column=where, found=found, expected=expected, remedy=remedy)


def open_workbook(path: Path) -> Any:
    """Open an XLSX without running or following anything in it.

    Raises
    ------
    DataError
        If it is no XLSX, holds macros, or holds a formula: the cells are named.
    """
    try:
        _check_parts(path)
        workbook = load_workbook(path, data_only=False, keep_links=False)
    except (OSError, zipfile.BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError.one(
            file=path.name,
            found="a file that does not open as XLSX",
            expected="a workbook saved as XLSX",
            remedy="Open it in a spreadsheet and save it as XLSX.",
        ) from None
    _check_formulas(path, workbook)
    return workbook


def _check_parts(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    size = sum(part.file_size for part in parts)
    names = "\n".join(part.filename for part in parts)
    has_macros = any(mark in names for mark in _MACROS)
    if has_macros or path.suffix.lower() == ".xlsm":
        raise DataError.one(
            file=path.name,
            found="macros",
            expected="a workbook without macros",
            remedy="Save it as XLSX without macros; it was not opened.",
        )
    if size > _LARGEST:
        raise DataError.one(
            file=path.name,
            found=f"{size} bytes when unpacked",
            expected=f"at most {_LARGEST}",
            remedy="Copy the table into a new workbook.",
        )


def _check_formulas(path: Path, workbook: Any) -> None:
    problems = [
        problem(
            path.name,
            f"{sheet.title}!{cell.coordinate}",
            f"the formula {str(cell.value)[:40]!r}",
            "a number",
            "Paste the values in place of the formulas.",
        )
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    if problems:
        raise DataError(problems)


def number(cell: Cell, *, unit: str) -> Number | str | None:
    """Return the figure in a cell, None if it is empty, or what should have stood there.

    Parameters
    ----------
    cell : openpyxl cell
    unit : {"count", "share"}
        A share is given in percent, or as a cell formatted so.
    """
    value, is_marked = cell.value, False
    if value is None or (isinstance(value, str) and not _SPACES.sub("", value)):
        return None
    if isinstance(value, str):
        text = _FOOTNOTE.sub("", value.strip())
        is_marked = text != value.strip()
        value = _from_text(text)
    elif isinstance(value, bool) or not isinstance(value, (int, float)):
        return "a number"
    else:
        value = Decimal(str(value))
    if value is None or value < 0:
        return "a number of 0 or more in figures"
    if unit == "count":
        is_whole = value == value.to_integral_value()
        return Number(value, is_marked) if is_whole else "a whole number"
    if "%" not in str(cell.number_format) or isinstance(cell.value, str):
        value /= _HUNDRED
    return Number(value, is_marked) if value <= 1 else "a share from 0 to 100 %"


def _from_text(text: str) -> Decimal | None:
    """Return a number typed as text: "42 774", "62,79 %", "120 чел."; None for anything else."""
    plain = re.sub(r"[\s\u00a0\u202f']+", " ", _UNIT.sub("", text)).strip()
    if not _GROUPED.fullmatch(plain):
        return None
    try:
        return Decimal(plain.replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None


def day(value: object) -> date | None:
    """Return the day in a cell, typed as a date or as text."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return parse_date(str(value)) if value else None


def words(value: object) -> str:
    """Return the text of a cell on one line.

    Examples
    --------
    >>> words("  Число \\n встреч* ")
    'Число встреч'
    """
    if value is None:
        return ""
    on_one_line = " ".join(str(value).split())
    return _FOOTNOTE.sub("", on_one_line)
