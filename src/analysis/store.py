"""The one keeper of tables: what was read or computed is kept until the files behind it change."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from analysis import paths
from analysis.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

P = ParamSpec("P")
T = TypeVar("T")


def table_path(name: str) -> Path:
    """Return the file of a table: "appeals" is processed, "raw/votes" is raw.

    Raises
    ------
    DataError
        If there is no such file.
    """
    raw_name = name.removeprefix("raw/")
    folder = paths.raw() if raw_name != name else paths.processed()
    path = folder / f"{raw_name}.csv"
    if not path.is_file():
        raise DataError.one(
            file=path.name,
            found="no such file",
            expected=str(path),
            remedy="Run: openness data build",
        )
    return path


Name = str | Callable[..., Iterable[str]]


def cached_on(*names: Name) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Keep the results of a function until one of the tables named changes.

    Parameters
    ----------
    *names : str or callable
        Tables that the result is made of; a callable gets the arguments and returns such names.

    Notes
    -----
    A frame is handed out as a shallow copy, so that a caller who adds columns changes no one
    else's.
    """

    def keep(function: Callable[P, T]) -> Callable[P, T]:
        kept: dict[Any, tuple[Any, T]] = {}

        @wraps(function)
        def wrapped(*args: P.args, **options: P.kwargs) -> T:
            tables = _tables_behind(names, args, options)
            changed = [_state(table) for table in tables]
            in_order = sorted(options.items())
            call = (args, tuple(in_order))
            if call not in kept or kept[call][0] != changed:
                kept[call] = changed, function(*args, **options)
            _, result = kept[call]
            return _own_copy(result)

        return wrapped

    return keep


def _tables_behind(names: Iterable[Name], args: Any, options: Any) -> list[str]:
    """Return the names of tables, those that depend on the arguments asked for."""
    tables: list[str] = []
    for name in names:
        if isinstance(name, str):
            tables.append(name)
        else:
            tables += name(*args, **options)
    return tables


def _state(table: str) -> tuple[Path, int]:
    """Return the file of a table and when it was last changed."""
    path = table_path(table)
    return path, path.stat().st_mtime_ns


def _own_copy(result: T) -> T:
    pandas = sys.modules.get("pandas")  # where it was never imported, nothing is a frame
    if pandas is not None and isinstance(result, pandas.DataFrame):
        return result.copy(deep=False)
    return result


_tables: dict[Path, tuple[int, pd.DataFrame]] = {}


def read_table(name: str) -> pd.DataFrame:
    """Return a table as text, cell by cell as it stands in its file.

    Parameters
    ----------
    name : str
        A processed table such as "appeals", or a raw one such as "raw/votes".

    Examples
    --------
    >>> read_table("raw/votes")["kind"].unique().tolist()[:2]
    ['president', 'majilis']
    """
    import pandas as pd

    path, changed = _state(name)
    if path not in _tables or _tables[path][0] != changed:
        frame = pd.read_csv(path, dtype="str", keep_default_na=False)
        _tables[path] = changed, frame
    _, kept = _tables[path]
    return kept.copy(deep=False)


def read_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of a table as dictionaries of text.

    Examples
    --------
    >>> read_rows("raw/languages")[0]["language"]
    'en'
    """
    path = table_path(name)
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        return list(reader)
