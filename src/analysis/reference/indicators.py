"""The data sets of the suite."""

from __future__ import annotations

from analysis.store import cached_on, read_rows


@cached_on("raw/datasets")
def datasets() -> tuple[str, ...]:
    """Return the data sets: one file of figures each in data/raw.

    Examples
    --------
    >>> datasets()
    ('appeals', 'meetings', 'akim_elections', 'national_votes', 'context', 'population')
    """
    rows = read_rows("raw/datasets")
    return tuple(row["dataset"] for row in rows)


@cached_on("raw/datasets")
def published_datasets() -> tuple[str, ...]:
    """Return the data sets of figures on openness; context and population stand beside them.

    Examples
    --------
    >>> published_datasets()
    ('appeals', 'meetings', 'akim_elections', 'national_votes')
    """
    rows = read_rows("raw/datasets")
    return tuple(row["dataset"] for row in rows if row["published"] == "yes")
