"""The data of a figure as a workbook: what offices open, beside the CSV that programs read."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd

from analysis.charts.chart import Chart
from analysis.files import FILES_DATED, timeless

_WIDEST, _NARROWEST, _MARGIN = 40, 10, 2  # letters of a column
_SHEET_LETTERS = 31  # that the name of a sheet can have


def workbook(chart: Chart) -> bytes:
    """Return the data of a chart as XLSX, the same bytes for the same chart.

    The first sheet holds the rows as `Chart.table` returns them; the second says what they are.

    Parameters
    ----------
    chart : Chart
    """
    from openpyxl import Workbook

    book = Workbook()
    rows, about = book.active, book.create_sheet("i")
    rows.title = chart.key[:_SHEET_LETTERS]
    _write_rows(rows, chart.table())
    lines = [chart.title, chart.subtitle, chart.alt, chart.source_line, chart.cite()]
    for line in lines:
        about.append([line])
    properties = book.properties
    properties.created = FILES_DATED
    properties.modified = FILES_DATED
    properties.title = chart.title
    out = io.BytesIO()
    book.save(out)
    return timeless(out.getvalue())


def _write_rows(sheet: Any, table: pd.DataFrame) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    heads = list(table)
    sheet.append(heads)
    for row in table.itertuples(index=False):
        cells = [_cell(value) for value in row]
        sheet.append(cells)
    bold = Font(bold=True)
    for place, head in enumerate(heads, start=1):
        letter = get_column_letter(place)
        column = sheet.column_dimensions[letter]
        column.width = _width(head, table[head])
        top = sheet.cell(row=1, column=place)
        top.font = bold
    sheet.freeze_panes = "A2"


def _width(head: str, values: pd.Series) -> int:
    """Return how many letters wide a column is."""
    written = values.astype("str")
    longest = written.str.len().max()
    needed = max(len(head), longest, _NARROWEST)
    return min(needed + _MARGIN, _WIDEST)


def _cell(value: Any) -> Any:
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if hasattr(value, "item") else value
