"""Which values a line may join: those of one thing, counted alike, one after another."""

from __future__ import annotations

import pandas as pd

# What makes values of an indicator one thing. A vote is one: two votes are never joined.
THING = (
    "indicator", "place_id", "register", "office", "vote", "breakdown", "breakdown_value",
    "stage", "producer", "measure",
)  # fmt: skip
# Days on which an indicator began to be counted in another way, though one source prints both.
# Population: values before rest on the census of 2009, those since on that of 2021 (the note of the
# raw figures says so). Meetings: decree 826 was amended, and fewer are required.
_BREAKS = {
    "population": pd.Timestamp("2022-01-01"),
    "meetings_held": pd.Timestamp("2024-01-01"),
}
_INTERIM = "interim"
_SAME_LENGTH = 3  # days by which two periods may differ: a leap year, a quarter


def joined_to_previous(frame: pd.DataFrame) -> pd.Series:
    """Return for each value whether a line may lead to it from the one in the row before.

    Both count the same thing (see `THING`) over periods of the same length, one source prints both,
    and no break of the series lies between. Figures through the day of a vote are joined by hour.

    Parameters
    ----------
    frame : pandas.DataFrame
        As the loaders return it, sorted by `THING`, `period_end` and `as_of`.

    Examples
    --------
    >>> from analysis import load_appeals
    >>> lawsuits = load_appeals(indicator="administrative_lawsuits_filed")
    >>> joined_to_previous(lawsuits).tolist()
    [False, False, True, True, False]
    """
    things = frame[list(THING)].astype("object").fillna("")
    same_thing = (things == things.shift()).all(axis=1)
    length = (frame["period_end"] - frame["period_start"]).dt.days
    same_length = length.diff().abs() <= _SAME_LENGTH
    through_the_day = frame["stage"].eq(_INTERIM)
    end, hour = frame["period_end"], frame["as_of"]
    later = (end > end.shift()) | (through_the_day & (hour > hour.shift()))
    alike = _share_a_source(frame) | through_the_day
    return same_thing & same_length & later & alike & ~_crosses_a_break(frame)


def _share_a_source(frame: pd.DataFrame) -> pd.Series:
    cells = [set(cell.split()) for cell in frame["sources"]]
    shared = [bool(own & other) for own, other in zip(cells, [set(), *cells], strict=False)]
    return pd.Series(shared, index=frame.index, dtype="bool")


def _crosses_a_break(frame: pd.DataFrame) -> pd.Series:
    end = frame["period_end"]
    broke = pd.to_datetime(frame["indicator"].map(_BREAKS))
    return (end.shift() < broke) & (end >= broke)
