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
    names = [row["dataset"] for row in read_rows("raw/datasets")]
    return tuple(names)


@cached_on("raw/datasets")
def published_datasets() -> tuple[str, ...]:
    """Return the data sets of figures on openness; context and population stand beside them.

    Examples
    --------
    >>> published_datasets()
    ('appeals', 'meetings', 'akim_elections', 'national_votes')
    """
    found = []
    for row in read_rows("raw/datasets"):
        if row["published"] == "yes":
            found.append(row["dataset"])
    return tuple(found)
