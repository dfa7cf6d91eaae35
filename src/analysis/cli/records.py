"""`openness ingest`, `rollup` and `simulate`: records that are not published."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.cli.asked import refuse
from analysis.records.schemas import SCHEMAS

if TYPE_CHECKING:
    from analysis.cli.asked import Commands

_THRESHOLD, _LOWEST_THRESHOLD = 10, 2


def register(commands: Commands) -> None:
    """Add the commands to the parser."""
    _register_ingest(commands)
    _register_rollup(commands)
    _register_simulate(commands)


def _register_ingest(commands: Commands) -> None:
    parser = commands.add_parser("ingest", help="read records into a protected folder of Parquet")
    option = parser.add_argument
    files = "files, folders or globs; they are not changed"
    option("sources", type=Path, nargs="+", metavar="FILE", help=files)
    option("--dataset", choices=tuple(SCHEMAS), required=True)
    option("--out", type=Path, required=True, help="folder to write, whole or not at all")
    mapping = "mapping file of a foreign layout; written if there is none and one is needed"
    option("--mapping", type=Path, help=mapping)
    key = "key of the hashes of registration numbers (or OPENNESS_KEY)"
    option("--key-file", type=Path, help=key)
    parser.set_defaults(run=ingest)


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
    option("--as-of", type=date.fromisoformat, help=as_of)
    threshold = f"counts of persons below it are hidden (default: {_THRESHOLD})"
    option("--threshold", type=int, default=_THRESHOLD, help=threshold)
    register = "register that the records are an export of (default: e_otinish)"
    option("--register", default="e_otinish", help=register)
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
    from analysis.records import command

    return command.run(
        asked.sources,
        dataset=asked.dataset,
        out=asked.out,
        mapping=asked.mapping,
        key_file=asked.key_file,
    )


def rollup(asked: argparse.Namespace) -> int:
    """Count ingested records; exported counts must pass disclosure control."""
    from analysis import records

    if asked.threshold < _LOWEST_THRESHOLD and asked.dataset != "elections":
        return refuse(
            "openness rollup: exported counts must pass disclosure control: "
            f"--threshold must be {_LOWEST_THRESHOLD} or more"
        )
    frame = records.rollup(
        asked.folder,
        by=asked.by.split(","),
        dataset=asked.dataset,
        out=asked.out,
        threshold=asked.threshold,
        as_of=asked.as_of,
        register=asked.register,
        engine=asked.engine,
        master=asked.master,
        memory_limit=asked.memory_limit,
        spill=asked.spill,
    )
    found = frame.attrs["audit"]["said"]
    print(f"Control of small counts: {found or 'not needed, these are public counts'}")
    print(f"wrote {len(frame)} rows to {asked.out}; what the control found is beside it")
    return 0


def simulate(asked: argparse.Namespace) -> int:
    """Write simulated appeals."""
    from analysis import records

    path = records.simulate(asked.rows, seed=asked.seed, out=asked.out)
    print(f"wrote {asked.rows} simulated appeals to {path}")
    return 0
