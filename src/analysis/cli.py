"""The command line `openness`."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from analysis import reference
from analysis.errors import DataError, UnknownName
from analysis.files import write_whole
from analysis.reference import datasets


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="openness",
        description="Published figures on the openness of local government in Kazakhstan: "
        "check the data, draw the figures, write the report.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    data = commands.add_parser("data", help="build data/processed from data/raw, or check both")
    data.add_argument(
        "action",
        choices=("build", "check", "add", "release"),
        help="build: write data/processed; check: say what is wrong; add: enter new figures from a CSV file; "
        "release: version and change log from the diff to the last tag",
    )
    data.add_argument(
        "--dataset", choices=datasets(), help="add: the data set that the figures belong to"
    )
    data.add_argument(
        "--file", type=Path, help="add: CSV with the columns of that data set in data/raw"
    )
    data.add_argument("--write", action="store_true", help="add: write, after the diff was shown")
    figures = commands.add_parser(
        "figures", help="draw every figure as PNG and SVG, each with its data"
    )
    figures.add_argument(
        "--out", type=Path, default=Path("figures"), help="folder (default: figures)"
    )
    figures.add_argument(
        "--language", choices=reference.languages(), default="en", help="language of the labels"
    )
    figures.add_argument(
        "--sheet",
        type=int,
        metavar="WIDTH",
        help="write one picture of all figures, WIDTH pixels each",
    )
    commands.add_parser(
        "verify", help="redraw the published figures and say, one by one, whether they are the same"
    )
    report = commands.add_parser(
        "report", help="write reports as HTML, PDF and Word, and the site that lists them"
    )
    report.add_argument(
        "--place",
        default="KZ",
        help="KZ, codes of regions such as KZ-33,KZ-62, or all (default: KZ)",
    )
    report.add_argument(
        "--language", default="all", help="en, kk, ru, several with commas, or all (default: all)"
    )
    report.add_argument(
        "--format",
        default="all",
        help="html, pdf, docx, several with commas, or all (default: all)",
    )
    report.add_argument(
        "--notebook", type=Path, help="a notebook of your own that takes place and language"
    )
    report.add_argument(
        "--records",
        type=Path,
        metavar="DIR",
        help="own records that ingest wrote, to show beside the published figures",
    )
    report.add_argument(
        "--out", type=Path, default=Path("reports"), help="folder (default: reports)"
    )
    report.add_argument(
        "--site",
        action="store_true",
        help="also write index.html with the figures, the data and the notebooks",
    )
    ingest = commands.add_parser(
        "ingest", help="read own records into a protected folder of Parquet"
    )
    ingest.add_argument(
        "sources",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="files, folders or globs; they are not changed",
    )
    ingest.add_argument("--dataset", choices=("appeals", "meetings", "elections"), required=True)
    ingest.add_argument(
        "--out", type=Path, required=True, help="folder to write, whole or not at all"
    )
    ingest.add_argument(
        "--mapping",
        type=Path,
        help="mapping file of a foreign layout; written if there is none and one is needed",
    )
    ingest.add_argument(
        "--key-file", type=Path, help="key of the hashes of registration numbers (or OPENNESS_KEY)"
    )
    rollup = commands.add_parser(
        "rollup",
        help="count ingested records as series of the published shape, small counts hidden",
    )
    rollup.add_argument("folder", type=Path, metavar="DIR", help="folder that ingest wrote")
    rollup.add_argument(
        "--by",
        required=True,
        help="for instance month,place: a period and columns, separated by commas",
    )
    rollup.add_argument("--out", type=Path, required=True, help="file to write: .csv or .parquet")
    rollup.add_argument(
        "--dataset",
        choices=("appeals", "meetings", "elections"),
        default="appeals",
        help="default: appeals",
    )
    rollup.add_argument(
        "--as-of",
        type=date.fromisoformat,
        help="day on which open appeals are counted (default: latest day)",
    )
    rollup.add_argument(
        "--threshold",
        type=int,
        default=10,
        help="counts of persons below it are hidden (default: 10)",
    )
    rollup.add_argument(
        "--register",
        default="e_otinish",
        help="register that the records are an export of (default: e_otinish)",
    )
    rollup.add_argument(
        "--engine",
        choices=("duckdb", "spark"),
        default="duckdb",
        help="default: duckdb, on this machine",
    )
    rollup.add_argument("--master", help="address of a Spark cluster (default: this machine)")
    rollup.add_argument(
        "--memory-limit", default="1GB", help="memory that the engine may use (default: 1GB)"
    )
    rollup.add_argument("--spill", type=Path, help="folder for what does not fit into memory")
    simulate = commands.add_parser(
        "simulate", help="make E-Otinish-like appeals with known effects, to learn and test with"
    )
    simulate.add_argument("--rows", type=int, required=True, help="number of appeals")
    simulate.add_argument(
        "--seed", type=int, required=True, help="the same seed gives the same rows"
    )
    simulate.add_argument(
        "--out",
        type=Path,
        default=Path("simulated-appeals.csv"),
        help="default: simulated-appeals.csv",
    )
    return parser


def _add(asked: argparse.Namespace) -> int:
    from analysis.data import add

    if not asked.dataset or not asked.file:
        print("openness data add needs --dataset and --file", file=sys.stderr)
        return 2
    for line in add.preview(asked.dataset, asked.file):
        print(line)
    if asked.write:
        print(
            f"wrote {add.append(asked.dataset, asked.file)} figures. Now run: openness data build"
        )
    else:
        print("Nothing was written. Repeat with --write to enter these figures.")
    return 0


def _release() -> int:
    from datetime import date

    from analysis.data import release

    version, notes = release.release(on=date.today())
    print(notes)
    print(f"Version {version}. Commit CHANGELOG.md, then: git tag data-{version}")
    return 0


def _data(action: str) -> int:
    from analysis import paths
    from analysis.data import build, dictionary, release

    described = dictionary.described_files()
    if action == "build":
        for name, text in described.items():
            write_whole(paths.root() / name, text)
            print(f"wrote {name}")
        for path in build.build():
            print(f"wrote {path.name}")
        release.write_workbook(paths.processed() / "openness.xlsx")
        print("wrote openness.xlsx")
        return 0
    stale = [f"data/processed/{name}" for name in build.stale()]
    stale += [
        n
        for n, t in described.items()
        if not (paths.root() / n).is_file() or (paths.root() / n).read_text("utf-8") != t
    ]
    for name in stale:
        print(f"{name} is not what data/raw gives. Run: openness data build", file=sys.stderr)
    if not stale:
        print("data/raw is valid; data/processed is what data/raw gives.")
    return 1 if stale else 0


def _figures(out: Path, language: str, sheet: int | None) -> int:
    from analysis import gallery

    if sheet:
        path = gallery.contact_sheet(
            out / f"sheet-{language}-{sheet}.png", language=language, width=sheet
        )
        print(f"Look at {path}")
        return 0

    for name, done, total in gallery.iter_export(out, language=language):
        print(f"[{done}/{total}] {name}", flush=True)
    print(f"Look in {out}")
    return 0


def _verify() -> int:
    from analysis import gallery

    verdicts = []
    for verdict in gallery.iter_verify():
        print(f"{'✓' if verdict.passed else '✗'} {verdict.name:28} {verdict.said}", flush=True)
        verdicts.append(verdict)
    passed = sum(v.passed for v in verdicts)
    print(f"{passed} of {len(verdicts)} figures are the same.")
    return 0 if passed == len(verdicts) else 1


def _report(asked: argparse.Namespace) -> int:
    from analysis.report import FORMATS, PLACES, build, build_site

    places, languages, formats = (
        known if chosen == "all" else tuple(chosen.split(","))
        for chosen, known in (
            (asked.place, PLACES),
            (asked.language, reference.languages()),
            (asked.format, FORMATS),
        )
    )
    if asked.notebook and not asked.notebook.is_file():
        print(
            f"{asked.notebook}: no such file; --notebook takes the path of a Jupyter notebook.",
            file=sys.stderr,
        )
        return 2
    for what, chosen, known in (
        ("place", places, PLACES),
        ("language", languages, reference.languages()),
        ("format", formats, FORMATS),
    ):
        unknown = [name for name in chosen if name not in known]
        if unknown:
            print(
                f"--{what} {','.join(unknown)} is not known. Known: {', '.join(known)}, all",
                file=sys.stderr,
            )
            return 2
    if asked.records and not (asked.records / "ingest.json").is_file():
        print(
            f"{asked.records}: no ingest.json in it; --records takes a folder that openness ingest wrote.",
            file=sys.stderr,
        )
        return 2
    site = asked.site or (asked.out / "index.html").is_file()
    for report in build(
        asked.out,
        places=places,
        languages=languages,
        formats=formats,
        notebook=asked.notebook,
        records=asked.records,
        site=site,
    ):
        state = "written" if report.fresh else "unchanged"
        left = (
            f", about {report.seconds_left:.0f} s left"
            if report.fresh and report.seconds_left >= 1
            else ""
        )
        _progress(
            f"[{report.done}/{report.total}] {report.place} ({report.language}) {state}{left}",
            last=report.done == report.total,
        )
    if asked.site:
        for part in build_site(asked.out):
            print(part, flush=True)
        print(f"Open {asked.out / 'index.html'} in a browser.")
    else:
        print(f"Look in {asked.out}")
    return 0


def _progress(line: str, *, last: bool) -> None:
    """Print a line, or on a terminal write it over the one before."""
    if sys.stdout.isatty():
        print(f"\r{line:<78}", end="\n" if last else "", flush=True)
    else:
        print(line, flush=True)


def _ingest(asked: argparse.Namespace) -> int:
    from analysis.records import command

    return command.run(
        asked.sources,
        dataset=asked.dataset,
        out=asked.out,
        mapping=asked.mapping,
        key_file=asked.key_file,
    )


def _rollup(asked: argparse.Namespace) -> int:
    from analysis.records.rollups import rollup

    if asked.threshold < 2 and asked.dataset != "elections":
        print(
            "openness rollup: --threshold must be 2 or more: what leaves must pass the control of small counts",
            file=sys.stderr,
        )
        return 2
    frame = rollup(
        asked.folder, by=asked.by.split(","), dataset=asked.dataset, out=asked.out, threshold=asked.threshold, as_of=asked.as_of,
        register=asked.register, engine=asked.engine, master=asked.master, memory_limit=asked.memory_limit, spill=asked.spill,
    )  # fmt: skip
    said = frame.attrs["audit"]["said"]
    print(f"Control of small counts: {said or 'not needed, these are public counts'}")
    print(f"wrote {len(frame)} rows to {asked.out}; what the control found is beside it")
    return 0


def _simulate(asked: argparse.Namespace) -> int:
    from analysis.records.simulation import simulate

    print(
        f"wrote {asked.rows} simulated appeals to {simulate(asked.rows, seed=asked.seed, out=asked.out)}"
    )
    return 0


def _run(asked: argparse.Namespace) -> int:
    own = {"ingest": _ingest, "rollup": _rollup, "simulate": _simulate}
    if asked.command in own:
        return own[asked.command](asked)
    if asked.command == "data":
        actions = {"add": lambda: _add(asked), "release": _release}
        return actions.get(asked.action, lambda: _data(asked.action))()
    if asked.command == "figures":
        return _figures(asked.out, asked.language, asked.sheet)
    return _verify() if asked.command == "verify" else _report(asked)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 is success, 1 an error in the data, 2 wrong use."""
    try:
        return _run(_parser().parse_args(arguments))
    except (DataError, UnknownName) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped; finished files are whole, nothing is half written.", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
