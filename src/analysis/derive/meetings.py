"""Meetings and receptions: events told apart, halves of a year from what is published."""

from __future__ import annotations

import pandas as pd

from analysis.reference.places import NATION


def distinct_events(rows: pd.DataFrame) -> pd.DataFrame:
    """Return counts of events with each event once.

    One count of one region, whose period lies inside that of an equal count, is the same event:
    the narrower period stays, and of two places the wider.

    Parameters
    ----------
    rows : pandas.DataFrame
        As `load_meetings()` returns it.

    Examples
    --------
    >>> from analysis import load_meetings
    >>> received = load_meetings(indicator="citizens_received", place="KZ-39")
    >>> distinct_events(received)["value"].tolist()
    [81.0, 52.0, 180.0]
    """
    length = (rows["period_end"] - rows["period_start"]).dt.days
    is_inside = rows["place_id"] != rows["region_id"]
    order = ["_length", "_is_inside"]
    ordered = rows.assign(_length=length, _is_inside=is_inside).sort_values(order, kind="stable")
    kept: list[int] = []
    for index, row in ordered.iterrows():
        if not any(_same_event(row, ordered.loc[other]) for other in kept):
            kept.append(index)
    return rows.loc[sorted(kept)].reset_index(drop=True)


def _same_event(longer: pd.Series, shorter: pd.Series) -> bool:
    for column in ("indicator", "region_id", "value"):
        if longer[column] != shorter[column]:
            return False
    begins_before = longer["period_start"] <= shorter["period_start"]
    ends_after = shorter["period_end"] <= longer["period_end"]
    return bool(begins_before and ends_after)


def halves_of_2022(meetings: pd.DataFrame) -> pd.DataFrame:
    """Return questions raised and resolved at meetings of akims in 2022, by half-year.

    The first half is the published year less the published second half. It holds only if "by the
    end of the second half", as the source words it, means the second half.

    Parameters
    ----------
    meetings : pandas.DataFrame
        As `load_meetings()` returns it.

    Returns
    -------
    pandas.DataFrame
        `raised`, `resolved` and `share` resolved of "first_half" (implied), "second_half" and
        "year" (published).

    Examples
    --------
    >>> from analysis import load_meetings
    >>> halves_of_2022(load_meetings())["share"].round(2).to_dict()
    {'first_half': 0.49, 'second_half': 0.99, 'year': 0.76}
    """
    rows = meetings[
        (meetings["place_id"] == NATION) & (meetings["breakdown_value"] == "akims_all_levels")
    ]
    rows = rows[rows["period_end"] == "2022-12-31"]
    names = {"2022-01-01": "year", "2022-07-01": "second_half"}
    period = rows["period_start"].dt.date.astype(str).map(names).rename("period")
    wide = rows.pivot_table(index=period, columns="indicator", values="value")
    columns = {"meeting_questions_raised": "raised", "meeting_questions_resolved": "resolved"}
    counts = wide[list(columns)].rename(columns=columns)
    counts.loc["first_half"] = counts.loc["year"] - counts.loc["second_half"]
    table = counts.loc[["first_half", "second_half", "year"]]
    return table.assign(share=table["resolved"] / table["raised"]).rename_axis(columns=None)
