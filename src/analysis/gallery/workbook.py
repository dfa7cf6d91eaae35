"""The data of a figure as a workbook: what offices open, beside the CSV that programs read."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd

from analysis.charts.chart import Chart
from analysis.files import FILES_DATED, timeless

_WIDEST, _NARROWEST, _MARGIN = 40, 10, 2  # letters of a column


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
    rows.title = chart.key[:31]
    _write_rows(rows, chart.table())
    for line in (chart.title, chart.subtitle, chart.alt, chart.source_line, chart.cite()):
        about.append([line])
    book.properties.created = book.properties.modified = FILES_DATED
    book.properties.title = chart.title
    out = io.BytesIO()
    book.save(out)
    return timeless(out.getvalue())


def _write_rows(sheet: Any, table: pd.DataFrame) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.append(list(table))
    for row in table.itertuples(index=False):
        sheet.append([_cell(value) for value in row])
    for place, head in enumerate(table, start=1):
        longest = table[head].astype("str").str.len().max()
        width = max(len(head), longest, _NARROWEST) + _MARGIN
        sheet.column_dimensions[get_column_letter(place)].width = min(width, _WIDEST)
        sheet.cell(row=1, column=place).font = Font(bold=True)
    sheet.freeze_panes = "A2"


def _cell(value: Any) -> Any:
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if hasattr(value, "item") else value
