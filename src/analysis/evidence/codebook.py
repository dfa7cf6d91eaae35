"""What an indicator, register or data set means, and how much is known of it."""

from __future__ import annotations

import pandas as pd

from analysis import load, reference
from analysis.errors import UnknownName
from analysis.evidence.sources import provenance
from analysis.store import cached_on, read_rows


@cached_on("raw/codebook")
def _entries() -> dict[str, dict[str, str]]:
    entries = {}
    for row in read_rows("raw/codebook"):
        name = row["name"]
        entries[name] = row
    return entries


def describe(name: str, *, language: str = "en") -> pd.Series:
    """Return the codebook entry of an indicator, register or data set.

    Returns
    -------
    pandas.Series
        `kind`, `name`, `definition` in the language, `units`, `first_year`, `last_year`,
        `n_values`, `n_disagree` (values on which figures differ), `n_sources`.

    Raises
    ------
    UnknownName
        With the near matches.

    Examples
    --------
    >>> describe("courts", language="ru")["definition"]
    'Административные иски в судах, которые не являются обращениями'
    """
    reference.check_language(language)
    entries = _entries()
    if name not in entries:
        raise UnknownName("codebook entry", name, entries)
    entry = entries[name]
    rows = _rows_of(name, entry["kind"])
    units = sorted(rows["unit"].unique())
    years = rows["period_end"].dt.year
    fields = {
        "kind": entry["kind"],
        "name": name,
        "definition": entry.get(language) or entry["en"],
        "units": ", ".join(units),
        "first_year": years.min(),
        "last_year": years.max(),
        "n_values": len(rows),
        "n_disagree": int((~rows["agree"]).sum()),
        "n_sources": len(provenance(rows)),
    }
    return pd.Series(fields)


def _rows_of(name: str, kind: str) -> pd.DataFrame:
    """Return the values of an indicator, register or data set, from whatever data set has them."""
    frames = []
    for dataset in reference.datasets():
        frame = load.read_series(dataset)
        frames.append(frame.assign(dataset=dataset))
    every = pd.concat(frames)
    return every[every[kind] == name]
