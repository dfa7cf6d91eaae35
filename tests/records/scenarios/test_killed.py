"""A run that is stopped at any point leaves the folder as it was, or complete."""

from __future__ import annotations

import hashlib
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis import records

HEADER = "№ обращения,Дата регистрации,Вид обращения,Тема\n"


def write(path: Path, count: int, topic: str) -> Path:
    lines = (
        f"{topic}-{n},{n % 28 + 1:02}.{n % 12 + 1:02}.{2020 + n % 5},Жалоба,{topic}\n"
        for n in range(count)
    )
    path.write_text(HEADER + "".join(lines), "utf-8")
    return path


def state(out: Path) -> dict[str, str]:
    return {
        str(p.relative_to(out)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(out.rglob("*"))
        if p.is_file()
    }


def start(path: Path, out: Path, limit: int = 0) -> subprocess.Popen[str]:
    code = "import sys; from analysis.cli import main; "
    if limit:
        code += f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit})); "
    code += "sys.exit(main(sys.argv[1:]))"
    command = [
        sys.executable,
        "-c",
        code,
        "ingest",
        str(path),
        "--dataset",
        "appeals",
        "--out",
        str(out),
        "--replace",
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def complete(out: Path, count: int) -> bool:
    account = json.loads((out / "ingest.json").read_text("utf-8"))
    return (
        account["rows_out"] == count == len(records.read(out)) and (out / "rejects.csv").is_file()
    )


def test_a_full_disk_leaves_the_folder_as_it_was(tmp_path):
    out = tmp_path / "own"
    records.ingest(write(tmp_path / "a.csv", 100, "old"), dataset="appeals", out=out)
    before = state(out)
    run = start(write(tmp_path / "b.csv", 20_000, "new"), out, limit=50_000)
    printed, error = run.communicate()
    assert run.returncode == 1 and "nothing was changed" in error and "Traceback" not in error, (
        printed
    )
    assert state(out) == before and {p.name for p in tmp_path.iterdir()} == {
        "a.csv",
        "b.csv",
        "own",
    }


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_stopped_at_random_points(tmp_path, sign):
    out, chance = tmp_path / "own", random.Random(sign)
    records.ingest(write(tmp_path / "a.csv", 100, "old"), dataset="appeals", out=out)
    before, path = state(out), write(tmp_path / "b.csv", 150_000, "new")
    begun = time.monotonic()
    assert start(path, tmp_path / "trial").wait() == 0
    whole = time.monotonic() - begun
    unchanged = 0
    for _ in range(12):
        run = start(path, out)
        time.sleep(chance.uniform(0.3, 1.05) * whole)
        run.send_signal(sign)
        _, error = run.communicate()
        if state(out) == before:
            unchanged += 1
            assert "Traceback" not in error, error
        else:
            assert complete(out, 150_000)
            records.ingest(tmp_path / "a.csv", dataset="appeals", out=out, replace_all=True)
            before = state(out)
    assert unchanged > 2
    records.ingest(tmp_path / "a.csv", dataset="appeals", out=out, replace_all=True)
    assert not list(tmp_path.glob(".own*")), "what killed runs left is swept away"


@pytest.mark.slow
def test_a_killed_first_run_leaves_no_folder(tmp_path):
    path, chance = write(tmp_path / "b.csv", 150_000, "new"), random.Random(1)
    for _ in range(10):
        run = start(path, tmp_path / "own")
        time.sleep(chance.uniform(0.5, 4))
        run.kill()
        run.communicate()
        assert not (tmp_path / "own").exists() or complete(tmp_path / "own", 150_000)


def test_exchanging_two_folders_is_one_step(tmp_path):
    from analysis.records.ingestion.target import exchange as _exchange

    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "said").write_text(name)
    if not _exchange(tmp_path / "one", tmp_path / "two"):
        pytest.skip("this system cannot exchange folders")
    assert (tmp_path / "one" / "said").read_text() == "two" and (
        tmp_path / "two" / "said"
    ).read_text() == "one"
