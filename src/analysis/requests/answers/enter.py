"""Enter an answer: its letter as a source, its figures as rows of data/raw."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from analysis import paths
from analysis.data.add import verdict
from analysis.data.observations import read_observations
from analysis.data.tables import FIGURES, SOURCES, Row, read_table
from analysis.files import write_whole
from analysis.requests.answers.doubts import Doubt, doubts
from analysis.requests.answers.figures import Reply, observation
from analysis.requests.items import items


def preview(reply: Reply) -> list[str]:
    """Return what each figure of an answer does to the data, and what to ask the body about.

    Raises
    ------
    DataError
        If a figure is not valid or is there already.
    """
    lines = []
    for dataset, rows in _rows(reply).items():
        held = read_observations(dataset)
        lines += [f"+ {_named(row)}: {verdict(row, held)}" for row in rows]
    lines += [f"- {item}: {reason} {holder}".rstrip() for item, reason, holder in reply.missing]
    lines += [f"? {doubt}" for doubt in doubts_of(reply)]
    return lines


def doubts_of(reply: Reply) -> list[Doubt]:
    """Return what does not fit in an answer, beside all that is held."""
    named = [items()[figure.item].dataset for figure in reply.figures]
    held: list[Row] = []
    for dataset in dict.fromkeys(named):
        held += read_table(_raw(dataset), FIGURES)
    sources = read_table(_raw("sources"), SOURCES)
    return doubts(reply, held, sources)


def enter(reply: Reply) -> int:
    """Write an answer to data/raw, whole or not at all, and return how many figures it has.

    Raises
    ------
    DataError
        As in `preview`.
    """
    texts = {dataset: _appended(dataset, FIGURES, rows) for dataset, rows in _rows(reply).items()}
    known = {row["source_id"] for row in read_table(_raw("sources"), SOURCES)}
    if reply.source["source_id"] not in known:
        texts["sources"] = _appended("sources", SOURCES, [reply.source])
    _check(texts)
    for name, text in sorted(texts.items(), key=lambda named: named[0] != "sources"):
        write_whole(_raw(name), text)
    return len(reply.figures)


def _rows(reply: Reply) -> dict[str, list[Row]]:
    """Return the rows of an answer by data set; those asked about are marked so."""
    asked: dict[str, list[str]] = {}
    for doubt in doubts_of(reply):
        asked.setdefault(doubt.figure.cell, []).append(doubt.question)
    rows: dict[str, list[Row]] = {}
    for figure in reply.figures:
        questions = asked.get(figure.cell, [])
        note = f"asked about: {' '.join(questions)}" if questions else ""
        row = observation(figure, reply.source["source_id"], note=note)
        rows.setdefault(items()[figure.item].dataset, []).append(row)
    return rows


def _named(row: Row) -> str:
    year = row["period_end"][:4]
    period = row["vote"] or year
    return f"{row['indicator']} {row['value']} {row['place_id']} {period}"


def _raw(name: str) -> Path:
    return paths.raw() / f"{name}.csv"


def _appended(name: str, columns: Sequence[str], rows: Sequence[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writerows(rows)
    held = _raw(name).read_text("utf-8")
    return held + out.getvalue()


def _check(texts: dict[str, str]) -> None:
    """Read the data as they would be, in a copy."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "raw"
        shutil.copytree(paths.raw(), copy)
        for name, text in texts.items():
            path = copy / f"{name}.csv"
            path.write_text(text, "utf-8")
        for name in texts:
            if name != "sources":
                read_observations(name, folder=copy)
