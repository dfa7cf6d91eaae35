"""The command line `openness`: one module for each group of commands, each registers its own."""

from __future__ import annotations

import argparse
import io
import sys

from analysis.cli import data, figures, records, reports, requests
from analysis.errors import DataError, UnknownName

_GROUPS = (data, figures, reports, requests, records)
_ERROR_IN_DATA = 1


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    whole = argparse.ArgumentParser(
        prog="openness",
        description="Published figures on the openness of local government in Kazakhstan: "
        "check the data, draw the figures, write the report.",
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for group in _GROUPS:
        group.register(commands)
    return whole


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code.

    Returns
    -------
    int
        0 for success, 1 for an error in the data, 2 for wrong use.
    """
    _print_any_letter()
    try:
        asked = parser().parse_args(arguments)
        return int(asked.run(asked))
    except (DataError, UnknownName) as error:
        print(error, file=sys.stderr)
        return _ERROR_IN_DATA
    except KeyboardInterrupt:
        print("Stopped; finished files are whole, nothing is half written.", file=sys.stderr)
        return _ERROR_IN_DATA


def _print_any_letter() -> None:
    """Let a console that lacks a letter print its code instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
