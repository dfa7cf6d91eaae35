"""The frames that charts take: how one is told from another, and which loader returns it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.reference.places import NATION

_SERIES = ("indicator", "place_id", "breakdown", "period_start", "period_end", "value", "sources")
# A column that only one kind of series fills; meetings fill none of them.
_MARKS = {"vote": "load_turnout", "office": "load_akim_elections", "register": "load_appeals"}
_MEETINGS = ("meeting", "reception", "citizens_", "public_council")


class WrongFrame(TypeError):
    """A frame that a chart cannot take; the message names the loader that returns the right one."""


@dataclass(frozen=True)
class Kind:
    """A kind of frame: the loader that returns it, and the columns that it must have."""

    loader: str
    columns: tuple[str, ...]
    is_series: bool = False


APPEALS = Kind("load_appeals", (*_SERIES, "register"), is_series=True)
MEETINGS = Kind("load_meetings", (*_SERIES, "region_id"), is_series=True)
ELECTIONS = Kind("load_akim_elections", (*_SERIES, "office"), is_series=True)
TURNOUT = Kind("load_turnout", (*_SERIES, "vote"), is_series=True)
CONTEXT = Kind("load_context", (*_SERIES, "producer"), is_series=True)
SERIES = Kind("load_appeals", _SERIES)
ALL_SERIES = Kind("load.load_all", (*_SERIES, "dataset", "n_figures", "agree"))
COVERAGE = Kind("coverage", ("item", "place_id", "year", "status", "asked", "sources"))
EVENTS = Kind("load_events", ("date", "event", "milestone_en", "sources"))
MANDATES = Kind("load_mandates", ("office", "valid_from", "valid_to", "meetings_per_year"))
ROLLUP = Kind("analysis.records.rollup", ("indicator", "breakdown", "value", "sources"))
RECORDS = Kind("analysis.records.read", ("registered", "finished", "state"))


def of_indicator(frame: pd.DataFrame, *indicators: str) -> pd.DataFrame:
    """Return the rows of one or several indicators."""
    is_wanted = frame["indicator"].isin(indicators)
    return frame[is_wanted]


def of_nation(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the nation."""
    is_nation = frame["place_id"] == NATION
    return frame[is_nation]


def without_nation(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of all places but the nation."""
    places = frame["place_id"]
    is_elsewhere = places != NATION
    return frame[is_elsewhere]


def loader_of(frame: pd.DataFrame) -> str | None:
    """Return the loader that a frame of series comes from, or None where nothing tells.

    Examples
    --------
    >>> from analysis import load_appeals, load_turnout
    >>> loader_of(load_appeals()), loader_of(load_turnout())
    ('load_appeals', 'load_turnout')
    """
    for column, loader in _MARKS.items():
        if column not in frame:
            continue
        written = frame[column].astype("str")
        if written.ne("").any():
            return loader
    if "indicator" not in frame or frame.empty:
        return None
    about = frame["indicator"].astype("str")
    if about.str.startswith(_MEETINGS).any():
        return "load_meetings"
    if about.str.startswith("population").all():
        return "load_population"
    is_index = "producer" in frame and frame["producer"].ne("").any()
    return "load_context" if is_index else None


def require(frame: Any, kind: Kind, *, chart: str) -> Any:
    """Return a frame if it is of the kind that a chart takes.

    Parameters
    ----------
    frame : object
        What was given to the chart.
    kind : Kind
    chart : str
        Name of the chart, for the message.

    Raises
    ------
    WrongFrame
        If a column is missing or the figures are of another kind. No rows at all are no error.

    Examples
    --------
    >>> from analysis import load_appeals
    >>> require(load_appeals(), TURNOUT, chart="plot_turnout_gaps")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    analysis.charts.frames.WrongFrame: plot_turnout_gaps takes ...
    """
    wanted = f"{chart} takes a frame as {kind.loader}() returns it"
    if not isinstance(frame, pd.DataFrame):
        raise WrongFrame(f"{wanted}; this is a {type(frame).__name__}.")
    missing = [column for column in kind.columns if column not in frame]
    if missing:
        raise WrongFrame(f"{wanted}; this one has no column {', '.join(missing)}.")
    found = loader_of(frame) if kind.is_series else None
    if found not in (None, kind.loader):
        raise WrongFrame(f"{wanted}; this one is as {found}() returns it.")
    return frame


def known_values(frame: Any) -> Any:
    """Return the rows that have a value: a missing one is drawn as missing, not as a point."""
    is_frame = isinstance(frame, pd.DataFrame)
    if not is_frame or "value" not in frame:
        return frame
    is_known = frame["value"].notna()
    return frame[is_known]
