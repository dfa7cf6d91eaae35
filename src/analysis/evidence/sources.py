"""The sources behind a frame or a chart."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis import load


def provenance(what: Any) -> pd.DataFrame:
    """Return the sources behind a frame or a chart.

    Parameters
    ----------
    what : pandas.DataFrame or Chart
        A frame with a `sources` or `source_id` column, or a chart of `analysis.charts`.

    Returns
    -------
    pandas.DataFrame
        One row per source, as `load_sources` returns it, with `n_values`, the number of rows that
        rest on it.

    Raises
    ------
    TypeError
        If there is no such column.

    Examples
    --------
    >>> lawsuits = load.load_appeals(indicator="administrative_lawsuits_filed")
    >>> provenance(lawsuits)[["source_id", "n_values"]].values.tolist()
    [['s64a494b7', 5]]
    """
    frame = getattr(what, "rows", what)
    columns = getattr(frame, "columns", ())
    named = [name for name in ("sources", "source_id") if name in columns]
    if not named:
        raise TypeError(
            "provenance takes a frame with a column sources or source_id, "
            "or a chart of analysis.charts."
        )
    cells = frame[named[0]].str.split()
    counts = cells.explode().value_counts()
    if counts.empty:
        sources = load.load_sources().iloc[:0]
    else:
        sources = load.load_sources(list(counts.index))
    n_values = sources["source_id"].map(counts)
    return sources.assign(n_values=n_values.astype("int64"))
