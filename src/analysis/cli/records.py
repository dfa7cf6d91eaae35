"""`openness ingest`, `rollup` and `simulate`: records that are not published."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import reference
from analysis.cli.asked import refuse
from analysis.records.schemas import SCHEMAS

if TYPE_CHECKING:
    from analysis.cli.asked import Commands

_THRESHOLD, _RARE = 10, 5


def register(commands: Commands) -> None:
    """Add the commands to the parser."""
    _register_ingest(commands)
    _register_rollup(commands)
    _register_simulate(commands)


def _register_ingest(commands: Commands) -> None:
    parser = commands.add_parser("ingest", help="read records into a protected folder of Parquet")
    option = parser.add_argument
    files = "files, folders or globs; they are not changed"
    option("sources", type=Path, nargs="*", metavar="FILE", help=files)
    option("--dataset", choices=tuple(SCHEMAS), required=True)
    option("--out", type=Path, required=True, help="folder to write, whole or not at all")
    mapping = "mapping file of a foreign layout, several times for several; written if needed"
    option("--mapping", type=Path, action="append", help=mapping)
    places = "your own list of places: CSV with code, name, parent"
    option("--places", type=Path, help=places)
    key = "key of the hashes of registration numbers (or OPENNESS_KEY)"
    option("--key-file", type=Path, help=key)
    rare = f"values that fewer rows carry are written as other (default: {_RARE})"
    option("--rare", type=int, default=_RARE, help=rare)
    option("--as-of", help="day of the export (default: exports come in their order)")
    option("--replace", action="store_true", help="start the folder anew")
    option("--remove", type=int, metavar="RUN", help="take the records of a run out again")
    _register_language(parser)
    parser.set_defaults(run=ingest)


def _register_language(parser: argparse.ArgumentParser) -> None:
    """Messages come in the language of the system unless another is asked for."""
    known = reference.languages()
    system = (os.environ.get("LC_ALL") or os.environ.get("LANG") or "")[:2].lower()
    default = system if system in known else "en"
    words = f"of messages (default: {default})"
    parser.add_argument("--language", choices=known, default=default, help=words)


def _register_rollup(commands: Commands) -> None:
    parser = commands.add_parser(
        "rollup", help="count ingested records as series of the published shape"
    )
    option = parser.add_argument
    option("folder", type=Path, metavar="DIR", help="folder that ingest wrote")
    by = "for instance month,place: a period and columns, separated by commas"
    option("--by", required=True, help=by)
    option("--out", type=Path, required=True, help="file to write: .csv or .parquet")
    option("--dataset", choices=tuple(SCHEMAS), default="appeals", help="default: appeals")
    as_of = "day on which open appeals are counted (default: latest day)"
    option("--as-of", help=as_of)
    threshold = f"counts of persons below it are hidden; 3 or more (default: {_THRESHOLD})"
    option("--threshold", type=int, default=_THRESHOLD, help=threshold)
    register = "register that the records are an export of (default: own_records)"
    option("--register", default="own_records", help=register)
    option("--place", default="", help="count only the records of this place")
    _register_language(parser)
    engine = "default: duckdb, on this machine"
    option("--engine", choices=("duckdb", "spark"), default="duckdb", help=engine)
    option("--master", help="address of a Spark cluster (default: this machine)")
    memory = "memory that the engine may use (default: 1GB)"
    option("--memory-limit", default="1GB", help=memory)
    option("--spill", type=Path, help="folder for what does not fit into memory")
    parser.set_defaults(run=rollup)


def _register_simulate(commands: Commands) -> None:
    parser = commands.add_parser(
        "simulate", help="make E-Otinish-like appeals with known effects, to learn and test with"
    )
    option = parser.add_argument
    option("--rows", type=int, required=True, help="number of appeals")
    option("--seed", type=int, required=True, help="the same seed gives the same rows")
    out = Path("simulated-appeals.csv")
    option("--out", type=Path, default=out, help="default: simulated-appeals.csv")
    parser.set_defaults(run=simulate)


def ingest(asked: argparse.Namespace) -> int:
    """Read records into a protected folder."""
    from analysis.records.ingestion import command

    if not asked.remove and not asked.sources:
        return refuse("openness ingest: name a FILE, or --remove RUN")
    return command.run(asked)


def rollup(asked: argparse.Namespace) -> int:
    """Count ingested records; exported counts must pass disclosure control."""
    from analysis.records.ingestion import command

    return command.run_rollup(asked)


def simulate(asked: argparse.Namespace) -> int:
    """Write simulated appeals."""
    from analysis import records

    path = records.simulate(asked.rows, seed=asked.seed, out=asked.out)
    print(f"wrote {asked.rows} simulated appeals to {path}")
    return 0
