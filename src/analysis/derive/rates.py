"""Counts per resident."""

from __future__ import annotations

from typing import Any

import pandas as pd

UNIT = "per 1,000 residents"


def per_thousand(
    frame: pd.DataFrame, population: pd.DataFrame, *, tolerance_days: int = 366
) -> pd.DataFrame:
    """Return counts per 1,000 residents, with the day of the population named.

    Parameters
    ----------
    frame : pandas.DataFrame
        Counts over a period, as the loaders return them.
    population : pandas.DataFrame
        As `load_population(since=None)` returns it.
    tolerance_days : int
        How far the day of the population may lie from the start of the period.

    Returns
    -------
    pandas.DataFrame
        As `frame`, `value`, `low` and `high` per 1,000 residents, `unit` "per 1,000 residents",
        `population` and `population_on`. Periods keep their length: a rate over nine months is not
        one over a year.

    Raises
    ------
    ValueError
        If a row is no count, or no population of that place is known within the tolerance; all such
        rows are named.

    Examples
    --------
    >>> from analysis import load_appeals, load_population
    >>> lawsuits = load_appeals(indicator="administrative_lawsuits_filed")
    >>> in_2022 = lawsuits[lawsuits["period_end"].dt.year == 2022]
    >>> rate = per_thousand(in_2022, load_population(since=None))
    >>> round(rate["value"].item(), 2), rate["population_on"].item().date().isoformat()
    (1.48, '2022-01-01')
    """
    whole = (population["indicator"] == "population") & (population["breakdown"] == "")
    residents = population[whole]
    problems: list[str] = []
    found: list[pd.Series] = []
    for row in frame.itertuples(index=False):
        nearest = _nearest_population(row, residents, tolerance_days)
        if isinstance(nearest, str):
            problems.append(nearest)
        else:
            found.append(nearest)
    if problems:
        raise ValueError("No rate without a denominator: " + "; ".join(problems) + ".")
    size = pd.Series([near["value"] for near in found], index=frame.index, dtype="float64")
    days = pd.Series([near["period_start"] for near in found], index=frame.index)
    rates = {column: frame[column] / size * 1000 for column in ("value", "low", "high")}
    return frame.assign(**rates, unit=UNIT, population=size, population_on=pd.to_datetime(days))


def _nearest_population(row: Any, residents: pd.DataFrame, tolerance_days: int) -> pd.Series | str:
    """Return the population nearest in time, or why there is none."""
    if row.unit != "count":
        return f"{row.indicator} of {row.place_id} is a {row.unit}, not a count"
    where = f"{row.place_id} on {row.period_start.date()}"
    known = residents[residents["place_id"] == row.place_id]
    if known.empty:
        return f"{where}: nearest population known is none"
    away = (known["period_start"] - row.period_start).abs()
    nearest = known.loc[away.idxmin()]
    if away.min().days > tolerance_days:
        return f"{where}: nearest population known is {nearest['period_start'].date()}"
    return nearest
