"""How a kernel that executes report notebooks shows its results: as blocks of a document."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.charts.chart import Chart
from analysis.report.document import MIME, Block, Table, explained, pack, words
from analysis.report.sections.parts import Section


def install() -> None:
    """Show sections, charts, tables and strings as blocks; a second call changes nothing."""
    from IPython import get_ipython

    shell: Any = get_ipython()  # type: ignore[no-untyped-call]
    shell.run_line_magic("matplotlib", "inline")
    formatter = shell.display_formatter.ipython_display_formatter
    formatter.for_type(Section, lambda section: _show(list(section.blocks)))
    formatter.for_type(Chart, lambda chart: _show(explained(chart)))
    formatter.for_type(pd.DataFrame, lambda frame: _show([_table(frame)]))
    formatter.for_type(pd.Series, lambda series: _show([_table(series.to_frame())]))
    formatter.for_type(str, lambda said: _show([words(said)]))


def _show(blocks: list[Block]) -> None:
    from IPython.display import display

    display({MIME: pack(blocks)}, raw=True)  # type: ignore[no-untyped-call]


def _table(frame: pd.DataFrame) -> Table:
    if not isinstance(frame.index, pd.RangeIndex):
        frame = frame.reset_index()
    columns = tuple(str(column) for column in frame.columns)
    rows = [tuple(_cell(value) for value in row) for row in frame.itertuples(index=False)]
    return Table("", columns, tuple(rows))


def _cell(value: Any) -> str:
    if pd.isna(value):
        return "–"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return f"{value:g}" if isinstance(value, float) else str(value)
