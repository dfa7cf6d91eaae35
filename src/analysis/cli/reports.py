"""`openness report`: reports of places in languages and formats, and the site that lists them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from analysis import reference
from analysis.cli.asked import choose, refuse
from analysis.progress import is_watched
from analysis.report import FORMATS

if TYPE_CHECKING:
    from analysis.cli.asked import Commands
    from analysis.report import Built


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    report = commands.add_parser(
        "report", help="write reports as HTML, PDF and Word, and the site that lists them"
    )
    place = "KZ, codes of regions such as KZ-33,KZ-62, or all (default: KZ)"
    report.add_argument("--place", default="KZ", help=place)
    several = "several with commas, or all (default: all)"
    languages = ", ".join(reference.languages())
    report.add_argument("--language", default="all", help=f"{languages}, {several}")
    report.add_argument("--format", default="all", help=f"{', '.join(FORMATS)}, {several}")
    notebook = "a notebook of your own that takes place and language"
    report.add_argument("--notebook", type=Path, help=notebook)
    records = "records that ingest wrote, to show beside the published figures"
    report.add_argument("--records", type=Path, metavar="DIR", help=records)
    out = Path("reports")
    report.add_argument("--out", type=Path, default=out, help="folder (default: reports)")
    site = "also write the site: index.html, the explorer, figures, data, notebooks"
    report.add_argument("--site", action="store_true", help=site)
    base = "where the site will be found; its pages and feed then name absolute addresses"
    report.add_argument("--base-url", default="", metavar="URL", help=base)
    report.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Write the reports that were asked for."""
    chosen = {
        "place": choose(asked.place, reference.report_places()),
        "language": choose(asked.language, reference.languages()),
        "format": choose(asked.format, FORMATS),
    }
    refusal = _refusal(asked, chosen)
    if refusal:
        return refuse(refusal)
    from analysis.report import build
    from analysis.site import build_site

    build(
        asked.out,
        places=chosen["place"],
        languages=chosen["language"],
        formats=chosen["format"],
        notebook=asked.notebook,
        records=asked.records,
        site=asked.site or (asked.out / "index.html").is_file(),
        progress=None if is_watched() else _print_line,
    )
    if not asked.site:
        print(f"Look in {asked.out}")
        return 0
    tell = None if is_watched() else _print_part
    build_site(asked.out, base_url=asked.base_url, progress=tell)
    print(f"Open {asked.out / 'index.html'} in a browser.")
    return 0


def _refusal(asked: argparse.Namespace, chosen: dict[str, tuple[str, ...]]) -> str:
    """Return what cannot be done and what can, or nothing."""
    known = {
        "place": reference.report_places(),
        "language": reference.languages(),
        "format": FORMATS,
    }
    if asked.notebook and not asked.notebook.is_file():
        takes = "--notebook takes the path of a Jupyter notebook."
        return f"{asked.notebook}: no such file; {takes}"
    for what, names in chosen.items():
        unknown = ",".join(name for name in names if name not in known[what])
        if unknown:
            return f"--{what} {unknown} is not known. Known: {', '.join(known[what])}, all"
    if asked.base_url and not asked.base_url.startswith(("https://", "http://")):
        return f"--base-url {asked.base_url}: it begins with https:// or http://"
    if asked.records and not (asked.records / "ingest.json").is_file():
        takes = "--records takes a folder that openness ingest wrote."
        return f"{asked.records}: no ingest.json in it; {takes}"
    return ""


def _print_line(report: Built) -> None:
    state = "written" if report.fresh else "unchanged"
    left = f", about {report.seconds_left:.0f} s left" if report.seconds_left >= 1 else ""
    print(f"[{report.done}/{report.total}] {report} {state}{left}", flush=True)


def _print_part(part: str) -> None:
    print(part, flush=True)
