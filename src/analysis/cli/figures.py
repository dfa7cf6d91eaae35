"""`openness figures` draws the figures, `openness verify` redraws the published ones."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import reference

if TYPE_CHECKING:
    from analysis.cli.asked import Commands
    from analysis.gallery import Verdict


def register(commands: Commands) -> None:
    """Add the commands to the parser."""
    figures = commands.add_parser(
        "figures", help="draw every figure as PNG and SVG, each with its data"
    )
    out, languages = Path("figures"), reference.languages()
    figures.add_argument("--out", type=Path, default=out, help="folder (default: figures)")
    figures.add_argument(
        "--language", choices=languages, default="en", help="language of the labels"
    )
    sheet = "write one picture of all figures, WIDTH pixels each"
    figures.add_argument("--sheet", type=int, metavar="WIDTH", help=sheet)
    figures.set_defaults(run=draw)
    verify = commands.add_parser(
        "verify", help="redraw the published figures and say, one by one, whether they are the same"
    )
    verify.add_argument("figure", nargs="?", help="only this one, such as timeline")
    verify.set_defaults(run=compare)


def draw(asked: argparse.Namespace) -> int:
    """Write every figure, or one picture of them all."""
    from analysis import gallery
    from analysis.progress import Steps

    if asked.sheet:
        name = f"sheet-{asked.language}-{asked.sheet}.png"
        path = gallery.contact_sheet(asked.out / name, language=asked.language, width=asked.sheet)
        print(f"Look at {path}")
        return 0
    with Steps(len(gallery.FIGURES), lines=True) as steps:
        gallery.export(
            asked.out, language=asked.language, progress=lambda step: steps.done(step.name)
        )
    print(f"Look in {asked.out}")
    return 0


def compare(asked: argparse.Namespace) -> int:
    """Print a verdict on each published figure."""
    from analysis import gallery

    if asked.figure:
        verdict = gallery.verify_one(asked.figure)
        _print_verdict(verdict)
        return 0 if verdict.passed else 1
    verdicts = gallery.verify(progress=_print_verdict)
    passed = sum(verdict.passed for verdict in verdicts)
    print(f"{passed} of {len(verdicts)} figures are the same.")
    return 0 if passed == len(verdicts) else 1


def _print_verdict(verdict: Verdict) -> None:
    mark = "✓" if verdict.passed else "✗"
    print(f"{mark} {verdict.name:28} {verdict.said}", flush=True)
