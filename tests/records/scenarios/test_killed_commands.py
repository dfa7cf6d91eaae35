"""Every command of records, killed at random moments: nothing readable is left, nothing half made."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis import records

PLANTED = ["900101300017", "Смағұлов Ерлан Серікұлы", "+77012345678", "smagulov@mail.kz"]
HEADER = "№ обращения,Дата регистрации,Тема,Источник,ФИО заявителя,Телефон\n"
TIMES = 8


def write_export(path: Path, rows: int, encoding: str = "utf-8") -> Path:
    """Write appeals with persons in columns that are not read, and in a few cells that are."""
    lines = []
    for n in range(rows):
        topic = PLANTED[n % len(PLANTED)] if n % 997 == 0 else "Дороги"
        lines.append(f"ЖТ-{n},{n % 28 + 1:02}.03.2023,{topic},Портал,{PLANTED[1]},{PLANTED[2]}\n")
    path.write_bytes((HEADER.replace("№", "Номер") + "".join(lines)).encode(encoding, "replace"))
    return path


def found_on_disk(folder: Path, but: Path) -> list[str]:
    """Return the files that hold a planted value in any of the encodings."""
    signs = [value.encode(code, "replace") for value in PLANTED for code in ("utf-8", "cp1251")]
    held = []
    for path in folder.rglob("*"):
        if path.is_file() and but not in path.parents:
            content = path.read_bytes()
            held += [str(path) for sign in signs if sign in content]
    return held


def command(arguments: list[str]) -> list[str]:
    code = "import sys; from analysis.cli import main; sys.exit(main(sys.argv[1:]))"
    return [sys.executable, "-c", code, *arguments]


def run_for(arguments: list[str], seconds: float) -> None:
    silent = subprocess.DEVNULL
    with subprocess.Popen(command(arguments), stdout=silent, stderr=silent) as run:
        time.sleep(seconds)
        run.kill()


def duration(arguments: list[str]) -> float:
    begun = time.monotonic()
    subprocess.run(command(arguments), check=True, capture_output=True)
    return time.monotonic() - begun


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8", "cp1251"])
def test_a_killed_ingest_leaves_no_value_of_a_person(tmp_path, encoding):
    chance = random.Random(encoding)
    inputs, out = tmp_path / "in", tmp_path / "out"
    inputs.mkdir()
    path = write_export(inputs / "a.csv", 120_000, encoding)
    asked = ["ingest", str(path), "--dataset", "appeals", "--out", str(out / "own"), "--replace"]
    whole = duration(asked)
    assert found_on_disk(out, inputs) == []
    for _ in range(TIMES):
        run_for(asked, chance.uniform(0.2, 1.0) * whole)
        assert found_on_disk(out, inputs) == []
        assert json.loads((out / "own" / "ingest.json").read_text("utf-8"))["rows_in"] == 120_000


@pytest.mark.slow
def test_a_killed_rollup_leaves_a_table_with_its_audit_or_none(tmp_path):
    chance = random.Random(5)
    export = records.simulate(20_000, seed=5, out=tmp_path / "a.csv")
    records.ingest(export, dataset="appeals", out=tmp_path / "own")
    out = tmp_path / "tables" / "t.csv"
    asked = ["rollup", str(tmp_path / "own"), "--by", "month,type", "--out", str(out)]
    whole = duration(asked)
    for number in range(TIMES):
        by = "month,type" if number % 2 else "quarter,language"
        run_for([*asked[:3], by, *asked[4:]], chance.uniform(0.5, 1.1) * whole)
        if out.exists():
            audit = json.loads(out.with_name("t.csv.audit.json").read_text("utf-8"))
            assert audit["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
        ledger = tmp_path / "own" / "releases.json"
        if ledger.exists():
            entries = json.loads(ledger.read_text("utf-8"))
            assert all((tmp_path / "own" / entry["copy"]).is_file() for entry in entries)
    assert duration(asked) > 0, "the next run is as any other"


@pytest.mark.slow
def test_a_killed_simulation_leaves_no_file_by_that_name(tmp_path):
    chance = random.Random(6)
    asked = ["simulate", "--rows", "400000", "--seed", "1", "--out"]
    whole = duration([*asked, str(tmp_path / "whole.csv")])
    expected = (tmp_path / "whole.csv").read_bytes()
    for _ in range(TIMES):
        run_for([*asked, str(tmp_path / "s.csv")], chance.uniform(0.3, 1.05) * whole)
        made = tmp_path / "s.csv"
        assert not made.exists() or made.read_bytes() == expected
        made.unlink(missing_ok=True)
