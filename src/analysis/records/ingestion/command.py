"""The command `openness ingest`."""

from __future__ import annotations

import sys
from pathlib import Path

from analysis.records.ingestion import pipeline
from analysis.records.reading.header import Doubt


def run(
    sources: list[Path], *, dataset: str, out: Path, mapping: Path | None, key_file: Path | None
) -> int:
    """Read records and say what was understood; a refusal leaves a mapping file to fill in."""
    asked = ask if sys.stdin.isatty() and sys.stdout.isatty() else None
    given = mapping if mapping and mapping.is_file() else None
    if mapping and not given:
        print(
            f"{mapping} is not there: the columns are recognised by their names, and it is written if something is open."
        )
    try:
        key = pipeline.read_key(key_file)
        pipeline.ingest(
            sources, dataset=dataset, out=out, mapping=given, key=key, ask=asked, say=say
        )
    except pipeline.Refusal as refusal:
        print(refusal, file=sys.stderr)
        template = _free(
            mapping if mapping and not given else out.parent / f"{out.name}.mapping.toml"
        )
        template.parent.mkdir(parents=True, exist_ok=True)
        template.write_text(refusal.template, "utf-8")
        print(
            f"Nothing was written to {out}. Fill in {template} and run the same command with --mapping {template}",
            file=sys.stderr,
        )
        return 1
    print(f"Look in {out}")
    return 0


def _free(path: Path) -> Path:
    """Return the path, or one like it that is not taken."""
    number = 1
    free = path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name.removesuffix('.toml')}-{number}.toml")
    return free


def say(line: str) -> None:
    print(line, flush=True)


def ask(doubt: Doubt) -> str:
    """Ask on the terminal until one of the answers is chosen."""
    print(doubt.said)
    for number, answer in enumerate(doubt.answers, 1):
        print(f"  {number}  {answer or '(none)'}")
    while True:
        said = input(f"1-{len(doubt.answers)}? ").strip()
        if said.isdigit() and 1 <= int(said) <= len(doubt.answers):
            return doubt.answers[int(said) - 1]
