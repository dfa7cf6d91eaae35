"""What became of a round enters the data: outcomes and days, never who asked."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from analysis import paths
from analysis.data.tables import Row
from analysis.files import write_whole
from analysis.requests.rounds import Request, read_round
from analysis.store import read_rows

COLUMNS = (
    "round", "request", "place_id", "body", "items", "received_on", "due_on", "is_provisional",
    "answered_on", "outcome", "article", "forwarded_to",
)  # fmt: skip


def outcomes(folder: Path, *, on: date) -> list[Row]:
    """Return the requests of a round whose outcome is known on a day, as rows of requests.csv.

    A request that was not answered by the end of its term is silent.

    Parameters
    ----------
    folder : Path
        The folder of the round; its name is the name of the round.
    on : datetime.date

    Raises
    ------
    DataError
        As in `analysis.requests.read_round`.
    """
    name = folder.resolve().name
    rows = [_row(name, request, on) for request in read_round(folder)]
    return [row for row in rows if row is not None]


def _row(round_name: str, request: Request, on: date) -> Row | None:
    outcome = request.outcome
    if request.state(on) == "overdue":
        outcome = "silent"
    if request.term is None or request.received_on is None or not outcome:
        return None
    return {
        "round": round_name,
        "request": request.request,
        "place_id": request.place_id,
        "body": request.body,
        "items": " ".join(request.items),
        "received_on": str(request.received_on),
        "due_on": str(request.term.last),
        "is_provisional": "yes" if request.term.is_provisional else "",
        "answered_on": str(request.answered_on or ""),
        "outcome": outcome,
        "article": request.article,
        "forwarded_to": request.forwarded_to,
    }


def enter_round(folder: Path, *, on: date) -> int:
    """Write what became of a round to data/raw/requests.csv; an earlier state of it is replaced.

    Returns
    -------
    int
        How many requests of the round are in the data now.
    """
    new = outcomes(folder, on=on)
    name = folder.resolve().name
    held = read_rows("raw/requests")
    kept = [row for row in held if row["round"] != name]
    path = paths.raw() / "requests.csv"
    written = _csv([*kept, *new])
    write_whole(path, written)
    return len(new)


def _csv(rows: Sequence[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def as_frame(rows: Sequence[Row]) -> pd.DataFrame:
    """Return rows of a round as `analysis.load_requests` returns them.

    Examples
    --------
    >>> as_frame([]).columns.tolist() == list(COLUMNS)
    True
    """
    frame = pd.DataFrame(list(rows), columns=list(COLUMNS))
    for column in ("received_on", "due_on", "answered_on"):
        frame[column] = pd.to_datetime(frame[column].replace("", None))
    return frame.assign(is_provisional=frame["is_provisional"] == "yes")
