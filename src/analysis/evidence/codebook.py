"""What an indicator, register or data set means, and how much is known of it."""

from __future__ import annotations

import pandas as pd

from analysis import load, reference
from analysis.errors import UnknownName
from analysis.evidence.sources import provenance
from analysis.store import cached_on, read_rows


@cached_on("raw/codebook")
def _entries() -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in read_rows("raw/codebook")}


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
    if name not in _entries():
        raise UnknownName("codebook entry", name, _entries())
    entry = _entries()[name]
    frames = [load.read_series(data).assign(dataset=data) for data in reference.datasets()]
    every = pd.concat(frames)
    rows = every[every[entry["kind"]] == name]
    years = rows["period_end"].dt.year
    return pd.Series(
        {
            "kind": entry["kind"],
            "name": name,
            "definition": entry.get(language) or entry["en"],
            "units": ", ".join(sorted(rows["unit"].unique())),
            "first_year": years.min(),
            "last_year": years.max(),
            "n_values": len(rows),
            "n_disagree": int((~rows["agree"]).sum()),
            "n_sources": len(provenance(rows)),
        }
    )
