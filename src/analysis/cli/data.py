"""`openness data`: build, check, add, release."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import paths, reference
from analysis.cli.asked import refuse
from analysis.errors import DataError

if TYPE_CHECKING:
    from analysis.cli.asked import Commands

_ACTIONS = (
    "build: write data/processed; check: say what is wrong; add: enter new figures from a CSV "
    "file; release: version and change log from the diff to the last tag"
)


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    data = commands.add_parser("data", help="build data/processed from data/raw, or check both")
    data.add_argument("action", choices=tuple(_RUN), help=_ACTIONS)
    dataset = "add: the data set that the figures belong to"
    data.add_argument("--dataset", choices=reference.datasets(), help=dataset)
    file = "add: CSV with the columns of that data set in data/raw"
    data.add_argument("--file", type=Path, help=file)
    form = "add: a form that a body filled in, from a round of requests"
    data.add_argument("--form", type=Path, metavar="XLSX", help=form)
    table = "add: a table of a body, read by --mapping"
    data.add_argument("--table", type=Path, metavar="XLSX", help=table)
    mapping = "add: what the words of the table mean"
    data.add_argument("--mapping", type=Path, metavar="TOML", help=mapping)
    data.add_argument("--write", action="store_true", help="add: write, after the diff was shown")
    data.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Run one of the actions, in a clone only.

    Raises
    ------
    DataError
        If the data are those inside the installed package, which are for reading.
    """
    if not paths.in_clone():
        raise DataError.one(
            file=f"openness data {asked.action}",
            found="the data inside the installed package, which are for reading",
            expected="a clone of the project",
            remedy="Run it inside the clone, or set OPENNESS_HOME to the folder of the clone.",
        )
    return _RUN[asked.action](asked)


def _build(asked: argparse.Namespace) -> int:
    from analysis.data import build

    for name in build.build_all():
        print(f"wrote {name}")
    return 0


def _check(asked: argparse.Namespace) -> int:
    from analysis.data import build

    stale = build.check_all()
    for name in stale:
        print(f"{name} is not what data/raw gives. Run: openness data build", file=sys.stderr)
    if stale:
        return 1
    print("data/raw is valid; data/processed is what data/raw gives.")
    return 0


def _add(asked: argparse.Namespace) -> int:
    from analysis.data import add

    if asked.form or asked.table:
        return _add_answer(asked)
    if not asked.dataset or not asked.file:
        return refuse("openness data add needs --dataset and --file, or --form, or --table")
    for line in add.preview(asked.dataset, asked.file):
        print(line)
    if not asked.write:
        print("Nothing was written. Repeat with --write to enter these figures.")
        return 0
    written = add.append(asked.dataset, asked.file)
    print(f"wrote {written} figures. Now run: openness data build")
    return 0


def _add_answer(asked: argparse.Namespace) -> int:
    """Enter what a body answered: shown as a diff, written only when asked."""
    from analysis.requests.answers import enter, filled, tables

    if asked.table and not asked.mapping:
        return refuse("openness data add --table needs --mapping")
    if asked.form:
        reply = filled.read_form(asked.form)
    else:
        reply = tables.read_answer_table(asked.table, tables.read_mapping(asked.mapping))
    print(f"{reply.source['publisher']}: {reply.source['title']}")
    for line in enter.preview(reply):
        print(line)
    if not asked.write:
        print("Nothing was written. Repeat with --write to enter these figures.")
        return 0
    print(f"wrote {enter.enter(reply)} figures. Now run: openness data build")
    return 0


def _release(asked: argparse.Namespace) -> int:
    from datetime import date

    from analysis.data import release

    version, notes = release.release(on=date.today())
    print(notes)
    print(f"Version {version}. Commit CHANGELOG.md, then: git tag data-{version}")
    return 0


_RUN = {"build": _build, "check": _check, "add": _add, "release": _release}
