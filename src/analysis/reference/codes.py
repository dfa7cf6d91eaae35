"""What the codes in the data mean, by column: indicators, registers, parts of a breakdown ..."""

from __future__ import annotations

from analysis.errors import UnknownName
from analysis.reference.languages import fallback
from analysis.store import cached_on, read_rows

_LAST_RESORT = "en"


@cached_on("raw/codes")
def _rows() -> dict[tuple[str, str], dict[str, str]]:
    rows = {}
    for row in read_rows("raw/codes"):
        key = (row["column"], row["code"])
        rows[key] = row
    return rows


def code_name(column: str, code: str, language: str) -> str:
    """Return what a code of a column means, in a language or in the next that has words for it.

    Parameters
    ----------
    column : str
        Such as "indicator", "register" or "breakdown_value".
    code, language : str

    Raises
    ------
    UnknownName
        If codes.csv has no such code.

    Examples
    --------
    >>> code_name("unit", "days", "kk")
    'күн'
    """
    rows = _rows()
    if (column, code) not in rows:
        known = [name for kind, name in rows if kind == column]
        raise UnknownName(column, code, known)
    row = rows[column, code]
    for known_language in (*fallback(language), _LAST_RESORT):
        if row.get(known_language):
            return row[known_language]
    return code
