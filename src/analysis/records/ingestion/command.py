"""The commands `openness ingest` and `openness rollup`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from analysis.files import write_whole
from analysis.locale import text
from analysis.records.ingestion import pipeline, target
from analysis.records.reading.header import Doubt


def run(asked: argparse.Namespace) -> int:
    """Read records and say what was understood; a refusal leaves a mapping file to fill in."""
    language = asked.language
    if asked.remove:
        pipeline.remove(asked.out, asked.remove, say=say)
        print(text("ing_look", language, folder=asked.out))
        return 0
    answers = Answers(language)
    given, template = _mappings(asked)
    try:
        account = _ingest(asked, given, answers)
    except pipeline.Refusal as refusal:
        print(refusal, file=sys.stderr)
        path = _free(template)
        write_whole(path, refusal.template)
        values = {"folder": asked.out, "file": path, "option": "--mapping"}
        print(text("ing_refused", language, **values), file=sys.stderr)
        return 1
    if answers.said and account.get("mapping"):
        path = _free(template)
        write_whole(path, account["mapping"])
        print(text("ing_saved", language, file=path))
    print(text("ing_look", language, folder=asked.out))
    return 0


def _mappings(asked: argparse.Namespace) -> tuple[list[Path], Path]:
    """Return the mapping files that are there, and the path of one to write where one is needed."""
    given, absent = [], []
    for path in asked.mapping or []:
        if path.is_file():
            given.append(path)
        else:
            absent.append(path)
            print(text("ing_absent", asked.language, file=path))
    if absent:
        return given, absent[0]
    folder = asked.out.parent
    return given, folder / f"{asked.out.name}.mapping.toml"


def _ingest(asked: argparse.Namespace, given: list[Path], answers: Answers) -> dict[str, Any]:
    on_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    return pipeline.ingest(
        asked.sources,
        dataset=asked.dataset,
        out=asked.out,
        mapping=given or None,
        places=asked.places,
        key=pipeline.read_key(asked.key_file),
        rare=asked.rare,
        as_of=asked.as_of,
        replace_all=asked.replace,
        ask=answers if on_terminal else None,
        say=say,
        language=asked.language,
    )


def run_rollup(asked: argparse.Namespace) -> int:
    """Count records and say what disclosure control found."""
    from analysis.records.rollups.build import rollup

    target.sweep(asked.folder)
    frame = rollup(
        asked.folder,
        by=asked.by.split(","),
        dataset=asked.dataset,
        out=asked.out,
        threshold=asked.threshold,
        as_of=asked.as_of,
        register=asked.register,
        place=asked.place,
        engine=asked.engine,
        master=asked.master,
        memory_limit=asked.memory_limit,
        spill=asked.spill,
    )
    said = frame.attrs["audit"]["said"]
    language = asked.language
    print(text("roll_control", language, said=said) if said else text("roll_public", language))
    print(text("roll_wrote", language, rows=len(frame), file=asked.out))
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


class Answers:
    """Asks on the terminal until one of the answers is chosen."""

    def __init__(self, language: str):
        self.language = language
        self.said = 0

    def __call__(self, doubt: Doubt) -> str:
        print(f"{doubt.file}: {doubt.sentence(self.language)}")
        for number, answer in enumerate(doubt.answers, 1):
            print(f"  {number}  {answer or text('ing_none', self.language)}")
        while True:
            said = input(f"1-{len(doubt.answers)}? ").strip()
            if said.isdigit() and 1 <= int(said) <= len(doubt.answers):
                self.said += 1
                return doubt.answers[int(said) - 1]
