"""Read exports into a protected folder of Parquet, take a run out again, and read the folder."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import DataError
from analysis.records.arguments import check_day
from analysis.records.ingestion import settling, staging, target, telling, versions, writing
from analysis.records.ingestion.run import Ask, Refusal, Run, Say
from analysis.records.ingestion.staging import sql_path
from analysis.records.ingestion.writing import Target, Work
from analysis.records.privacy import keys
from analysis.records.privacy.guard import RARE, Guard
from analysis.records.reading import files
from analysis.records.reading.hidden import HiddenFiles
from analysis.records.reading.mapping import Mapping, read_mapping
from analysis.records.reading.places import OwnPlaces, read_places
from analysis.records.reading.vocabulary import is_term
from analysis.records.schemas import Schema, schema

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

__all__ = ["Refusal", "ingest", "read", "read_key", "remove"]

MEMORY = "800MB"
_ROOM = "Check the room on the disk and the rights of the folder; nothing was changed."
read_key = keys.read_key


def _as_paths(value: Any, name: str) -> list[Path]:
    items = [value] if _is_path(value) else value
    several = isinstance(items, Sequence) and all(map(_is_path, items))
    if not several or not items:
        raise DataError.one(
            file="ingest",
            column=name,
            found=repr(value),
            expected="a path or several",
            remedy="Name a file or folder.",
        )
    return [Path(item) for item in items]


def _is_path(value: Any) -> bool:
    if not isinstance(value, str | os.PathLike):
        return False
    return str(value) != ""


def _check_rare(rare: Any) -> int:
    if isinstance(rare, bool) or not isinstance(rare, int) or rare < 1:
        raise DataError.one(
            file="ingest",
            column="rare",
            found=repr(rare),
            expected="a whole number of 1 or more",
            remedy="Correct it.",
        )
    return rare


def ingest(  # noqa: PLR0913  options of one public function, all by keyword
    source: str | Path | Sequence[str | Path],
    *,
    dataset: str,
    out: str | Path,
    mapping: str | Path | Sequence[str | Path] | None = None,
    places: str | Path | None = None,
    key: bytes | None = None,
    rare: int = RARE,
    as_of: date | str | None = None,
    replace_all: bool = False,
    ask: Ask | None = None,
    say: Say = lambda line: None,
    language: str = "en",
) -> dict[str, Any]:
    """Read exports of appeals, meetings or elections into a protected folder of Parquet.

    Parameters
    ----------
    source : path or sequence of paths
        Files (CSV, TSV, XLSX, XLS, ODS, JSON, Parquet; zip, gzip), folders or globs. Never changed.
    dataset : {"appeals", "meetings", "elections"}
    out : path
        New folder, or one of an earlier ingest, to which the records are added; it stays as it was
        until all is complete: `out/<dataset>/year=.../*.parquet`, `out/ingest.json` (the account of
        all runs), `out/rejects.csv`. Of a case that is there already (by its number), the newest
        version wins.
    mapping : path or sequence of paths, optional
        Mapping files; only the columns that they name are read. One with `files` is for these files
        only. Without any, headers are matched by the synonym table.
    places : path, optional
        Your own list of places: a CSV with the columns code, name, parent.
    key : bytes, optional
        Key of the hashes in the place of registration numbers; a random one if not given, and then
        nothing can be added to the folder later.
    rare : int
        A value of an open category that fewer rows carry is written as "other" unless it is in a
        vocabulary.
    as_of : date or str, optional
        The day of the export, where exports are not read in their order.
    replace_all : bool
        Start the folder anew.
    ask : callable, optional
        Answers a doubt with one of its answers; without it a doubt is refused.
    say : callable, optional
        Takes the lines that tell what was understood, before anything is written.
    language : {"en", "kk", "ru"}
        Language of these lines.

    Returns
    -------
    dict
        The account, as in ingest.json: rows_in = rows_out + rejects + totals + duplicates.

    Raises
    ------
    Refusal
        If something is open, with the mapping file to fill in.
    DataError
        If a file cannot be read or an option cannot be.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> lines = "№ обращения,Дата регистрации,Вид обращения\\n1,25.07.2021,Жалоба\\n"
    >>> _ = (folder / "a.csv").write_text(lines, encoding="utf-8")
    >>> account = ingest(folder / "a.csv", dataset="appeals", out=folder / "own")
    >>> account["rows_in"], account["rows_out"], account["rejects"]
    (1, 1, 0)
    >>> read(folder / "own")[["registered", "type"]].iloc[0].tolist()
    [Timestamp('2021-07-25 00:00:00'), 'complaint']
    """
    wanted = schema(dataset)
    folder = _as_paths(out, "out")[0]
    paths = files.find_files(_as_paths(source, "source"))
    mappings = _read_mappings(mapping, wanted)
    own = OwnPlaces({}, {})
    if places is not None:
        own = read_places(_as_paths(places, "places")[0])
    if key is not None:
        keys.check_key(key, "key")
    day = check_day(as_of, command="ingest")
    guard = Guard(wanted, _check_rare(rare), _vocabulary(own))
    target.check_target(folder, dataset)
    _check_apart(folder, paths)
    earlier = {} if replace_all else target.read_account(folder)
    _check_same_key(earlier, key, wanted, folder)

    def work(hidden: HiddenFiles, connection: duckdb.DuckDBPyConnection, new: Path) -> Any:
        run = Run(
            guard,
            mappings,
            own if own.names else target.read_own_places(folder),
            key or secrets.token_bytes(32),
            hidden,
            connection,
            say,
            ask,
            language,
            len(earlier.get("runs", [])) + 1,
            day.isoformat() if day else "",
            folder if earlier else new,
        )
        return _ingest(run, paths, Target(new, earlier, key is not None))

    return _in_folder(folder, work)


def _read_mappings(asked: Any, wanted: Schema) -> list[Mapping]:
    if asked is None:
        return []
    paths = _as_paths(asked, "mapping")
    return [read_mapping(path, wanted) for path in paths]


def _ingest(run: Run, paths: list[Path], aim: Target) -> dict[str, Any]:
    staging.set_key(run.connection, run.key)
    sheets = []
    for path in paths:
        mapping = run.mapping_of(path.name)
        sheets += files.open_sheets(
            path, run.hidden, encoding=mapping.encoding, separator=mapping.separator
        )
    settled = settling.settle(run, sheets)
    for line in telling.understood(run, settled):
        run.say(line)
    account = writing.write(run, settled, paths, aim)
    for line in telling.summary(run, account):
        run.say(line)
    layouts = [one.layout for one in settled.typed]
    template = settling.template_of(run, [], layouts)
    return account | {"mapping": template}


def remove(folder: str | Path, run: int, *, say: Say = lambda line: None) -> dict[str, Any]:
    """Take the records of one run out of a folder again; older versions of its cases come back.

    Parameters
    ----------
    folder : path
        What `ingest` wrote.
    run : int
        The number of the run in ingest.json, from 1.

    Returns
    -------
    dict
        The account.

    Raises
    ------
    DataError
        If the folder has no such run, or no other.
    """
    path = _as_paths(folder, "folder")[0]
    earlier = target.read_account(path)
    runs = earlier.get("runs", [])
    there = [one["run"] for one in runs if not one.get("removed")]
    if run not in there or len(there) == 1:
        raise DataError.one(
            file=str(path),
            column="run",
            found=repr(run),
            expected=f"one of {there}, and another that stays",
            remedy="See ingest.json.",
        )
    wanted = schema(earlier["dataset"])
    guard = Guard(wanted, earlier.get("rare", RARE))

    def work(hidden: HiddenFiles, connection: duckdb.DuckDBPyConnection, new: Path) -> Any:
        work = Work(connection, guard, new)
        stored = versions.stored(path, wanted)
        every = versions.read_all(wanted, stored, left=run)
        kept = writing.write_rows(work, every, 0)
        target.carry_over(path, new)
        account = earlier | {"runs": [_marked(one, run) for one in runs]}
        return writing.finish(work, account, kept, wide=True)

    return _in_folder(path, work)


def _marked(one: dict[str, Any], run: int) -> dict[str, Any]:
    """Return the account of a run, marked as removed if it is the one that is taken out."""
    if one["run"] == run:
        return one | {"removed": True}
    return one


def _vocabulary(own: OwnPlaces) -> Callable[[str, str], bool]:
    def known(column: str, value: str) -> bool:
        if is_term(value):
            return True
        return column == "place" and own.find(value) is not None

    return known


def _check_apart(folder: Path, paths: list[Path]) -> None:
    here = folder.absolute()
    for path in paths:
        there = path.absolute()
        if here == there or here in there.parents:
            raise DataError.one(
                file=str(folder),
                found="a folder that holds the input",
                expected="another folder",
                remedy="Choose another --out.",
            )


def _check_same_key(
    earlier: dict[str, Any], key: bytes | None, wanted: Schema, folder: Path
) -> None:
    """Refuse to add records whose numbers are hashed with another key: no case would be found."""
    if not earlier or not wanted.keyed:
        return
    if key is not None and earlier.get("key_check") == keys.fingerprint(key):
        return
    raise DataError.one(
        file=str(folder),
        found="records that were read with another key",
        expected="the same key, so that cases are found again",
        remedy="Give that key (--key-file or OPENNESS_KEY), name another --out, or start anew "
        "with --replace.",
    )


def _in_folder(folder: Path, work: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """Work beside a folder and put the result in its place, with every failure as one sentence."""
    import duckdb

    try:
        with target.whole_folder(folder) as (spill, new):
            hidden = HiddenFiles(spill)
            connection = _connect(spill)
            try:
                return work(hidden, connection, new)
            finally:
                connection.close()
                hidden.close()
    except (duckdb.InterruptException, RuntimeError) as error:
        if "interrupt" not in str(error).casefold():
            raise
        raise KeyboardInterrupt from error
    except (duckdb.IOException, duckdb.OutOfMemoryException, OSError) as error:
        raise DataError.one(
            file=str(folder),
            found=str(error).splitlines()[0],
            expected="room to work and to write",
            remedy=_ROOM,
        ) from error
    except duckdb.Error as error:
        kind = str(error).split(":")[0]
        raise DataError.one(
            file=str(folder),
            found=f"data that cannot be read ({kind[:60]})",
            expected="a whole file",
            remedy="Export it again, or as CSV; nothing was changed.",
        ) from error


def _connect(spill: Path) -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(spill),
            "temp_file_encryption": "true",
            "threads": min(4, os.cpu_count() or 1),
        }
    )


def read(source: str | Path, *, dataset: str | None = None) -> pd.DataFrame:
    """Return the records of a protected folder as a frame; for folders that fit into memory.

    Parameters
    ----------
    source : path
        A folder that `ingest` wrote.
    dataset : {"appeals", "meetings", "elections"}, optional
        The one that the folder holds if not given.

    Returns
    -------
    pandas.DataFrame
        The columns of the schema: dates as datetime64, counts as Int64, categories and hashes as
        text.

    Raises
    ------
    DataError
        If the folder is none that `ingest` wrote.
    """
    import duckdb

    folder = _as_paths(source, "source")[0]
    account = target.read_account(folder)
    if not account:
        raise files.fail(
            str(folder),
            "no ingest.json",
            "a folder that ingest wrote",
            "Run: openness ingest FILE --dataset ... --out DIR",
        )
    wanted = schema(dataset or account["dataset"])
    types = wanted.written()
    names = ", ".join(types)
    paths = sorted((folder / wanted.dataset).glob("year=*/*.parquet"))
    if not paths:
        raise files.fail(str(folder), f"no {wanted.dataset}", account["dataset"], "Name that one.")
    listed = ", ".join(sql_path(path) for path in paths)
    query = f"SELECT {names} FROM read_parquet([{listed}], hive_partitioning = false)"
    frame = duckdb.connect().execute(query).df()
    counts = [name for name, kind in types.items() if kind == "BIGINT"]
    return frame.astype(dict.fromkeys(counts, "Int64"))
