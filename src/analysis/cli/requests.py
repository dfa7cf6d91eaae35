"""`openness request`: start a round of requests for information, and follow it."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import reference
from analysis.cli.asked import choose, refuse

if TYPE_CHECKING:
    from analysis.cli.asked import Commands

_ACTIONS = (
    "status FOLDER: what is due, what is overdue, which complaint follows; enter FOLDER: refusals, "
    "silence and answers become part of the coverage"
)


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    request = commands.add_parser(
        "request", help="letters and forms that ask bodies for what is not held, and their log"
    )
    request.add_argument("action", nargs="?", choices=tuple(_ACTION), default="start")
    request.add_argument("folder", nargs="?", type=Path, help=_ACTIONS)
    place = "codes of places such as KZ-33,333400000, or all regions (all)"
    request.add_argument("--place", help=place)
    request.add_argument("--language", default="kk", help="of the letters: kk (default) or ru")
    request.add_argument("--out", type=Path, help="folder of the round")
    on = "status: the day to look from (default: today)"
    request.add_argument("--on", type=date.fromisoformat, help=on)
    write = "enter: write what became of the round to data/raw, after it was shown"
    request.add_argument("--write", action="store_true", help=write)
    request.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Run one of the actions."""
    folder = asked.folder or asked.out
    if folder is None or (asked.action == "start" and not asked.place):
        return refuse(
            "openness request needs --place and --out; openness request status needs a folder"
        )
    return _ACTION[asked.action](asked, folder)


def _start(asked: argparse.Namespace, folder: Path) -> int:
    from analysis.requests.rounds import start_round

    places = choose(asked.place, reference.regions())
    requests = start_round(folder, places, language=asked.language)
    print(f"{len(requests)} requests: letters, forms and requests.csv are in {folder}.")
    print(f"Fill in {folder}/requester.csv (git ignores it) and run the command again:")
    print("letters that were not sent are written anew with it.")
    return 0


def _status(asked: argparse.Namespace, folder: Path) -> int:
    from analysis.requests.rounds import status

    for _, line in status(folder, on=asked.on or date.today()):
        print(line)
    return 0


def _enter(asked: argparse.Namespace, folder: Path) -> int:
    from analysis.requests.log import enter_round, outcomes

    on = asked.on or date.today()
    for row in outcomes(folder, on=on):
        print(f"+ {row['request']}: {row['outcome']} {row['answered_on']}".rstrip())
    if not asked.write:
        print("Nothing was written. Repeat with --write to enter this round.")
        return 0
    print(f"wrote {enter_round(folder, on=on)} requests. Now run: openness data build")
    return 0


_ACTION = {"start": _start, "status": _status, "enter": _enter}
