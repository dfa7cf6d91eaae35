"""What is required and what was found, of a region from the coverage and of any other place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis import reference
from analysis.derive.coverage import (
    FOUND,
    NATIONAL_TURNOUT,
    Item,
    coverage,
    items,
    open_questions,
    rows_of,
)
from analysis.reference import region_of
from analysis.reference.places import NATION
from analysis.store import cached_on

_LAW = ("requires", "law", "article", "body", "edition")


def _read(_: str) -> tuple[str, ...]:
    return reference.published_datasets()


@cached_on(_read, "duties", "sources", "places", "raw/votes", "raw/coverage_items")
def required_and_found(place: str) -> pd.DataFrame:
    """Return what could be published of a place by item: years found, years not, and the law.

    Parameters
    ----------
    place : str
        A `place_id` in Kazakhstan.

    Returns
    -------
    pandas.DataFrame
        One row per item that applies to the place: `item`, `found`, `part` and `missing` (years as
        tuples: whole or announced at the close of voting; a part only; not found), `sources`, and
        the law of the newest year: `duty`, `requires`, `law`, `article`, `body` and `edition` as
        `coverage()` has them.

    Examples
    --------
    >>> rows = required_and_found("KZ-33").set_index("item")
    >>> rows.loc["national_turnout", "found"], rows.loc["appeals_total", "missing"]
    ((2022, 2023, 2024, 2026), (2022, 2023, 2024, 2025))
    """
    cells = coverage()
    own = cells[cells["place_id"] == place]
    if own.empty:
        return pd.DataFrame(_rows_inside(place))
    possible = own[own["status"] != "not_applicable"]
    rows = [
        _row(item, possible[possible["item"] == item.name])
        for item in items()
        if (possible["item"] == item.name).any()
    ]
    return pd.DataFrame(rows)


def _row(item: Item, cells: pd.DataFrame) -> dict[str, object]:
    status = cells["status"].astype(str)
    sources = [source for cell in cells["sources"] for source in cell.split()]
    newest = cells.sort_values("year").iloc[-1]
    return {
        "item": item.name,
        "found": _years(cells[status.isin(["final", "closing"])]),
        "part": _years(cells[status == "partial"]),
        "missing": _years(cells[status == "not_found"]),
        "duty": item.duty,
        **{key: newest[key] for key in _LAW},
        "sources": " ".join(dict.fromkeys(sources)),
    }


def _years(cells: pd.DataFrame) -> tuple[int, ...]:
    return tuple(int(year) for year in sorted(cells["year"]))


def _rows_inside(place: str) -> Iterator[dict[str, object]]:
    """Yield the rows of a place inside a region: what is looked for, and the law, are the same."""
    by_name = {item.name: item for item in items()}
    above: list[Any] = required_and_found(region_of(place)).to_dict("records")
    for row in above:
        item = by_name[row["item"]]
        if item.name == NATIONAL_TURNOUT:
            continue
        known = _known_inside(item.name).get(place)
        years = set() if known is None else set(known["period_end"].dt.year)
        part = [year for year in item.years if year in years]
        missing = [year for year in item.years if year not in years]
        cells = [] if known is None else list(known["sources"])
        sources = " ".join(dict.fromkeys(" ".join(cells).split()))
        seen = {"found": (), "part": tuple(part), "missing": tuple(missing), "sources": sources}
        yield {**row, **seen}


@cached_on(_read, "sources", "places", "raw/coverage_items")
def _known_inside(item: str) -> dict[str, pd.DataFrame]:
    """Return the values that count for an item by place."""
    by_name = {one.name: one for one in items()}
    rows = rows_of(by_name[item])
    return {str(place): frame for place, frame in rows.groupby("place_id", observed=True)}


def standing(place: str) -> pd.DataFrame:
    """Return how many of the figures that could be published were found, of each region.

    Returns
    -------
    pandas.DataFrame
        Indexed by `place_id`: `found`, `cells`, `share`, and `is_here`. Cells that do not apply,
        such as a year before a region existed, are not counted.

    Examples
    --------
    >>> table = standing("KZ-33")
    >>> table.loc["KZ-33", ["found", "cells"]].tolist(), len(table)
    ([4, 24], 20)
    """
    cells = coverage()
    cells = cells[(cells["place_id"] != NATION) & (cells["status"] != "not_applicable")]
    groups = cells["status"].isin(FOUND).groupby(cells["place_id"])
    table = pd.DataFrame({"found": groups.sum(), "cells": groups.size()})
    share = table["found"] / table["cells"]
    return table.assign(share=share, is_here=table.index == place)


def n_open(place: str) -> int:
    """Return the number of figures to ask for: neither final nor impossible.

    Examples
    --------
    >>> n_open("KZ-33") >= 20
    True
    """
    cells = coverage()
    return len(open_questions(cells[cells["place_id"] == place]))
