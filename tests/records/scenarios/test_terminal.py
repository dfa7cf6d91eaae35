"""On a terminal the command asks; elsewhere it refuses, and says exactly what to do."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from analysis import cli, records

TEXT = "№ обращения;Дата регистрации;Район;Область\n1;01/02/2023;Аксуский район;Жетысу\n"


def test_without_a_terminal_a_mapping_file_is_left_and_works(tmp_path, capsys, monkeypatch):
    (tmp_path / "a.csv").write_text(TEXT, "utf-8")
    arguments = [
        "ingest",
        str(tmp_path / "a.csv"),
        "--dataset",
        "appeals",
        "--out",
        str(tmp_path / "own"),
    ]
    assert cli.main(arguments) == 1
    said = capsys.readouterr().err
    template = tmp_path / "own.mapping.toml"
    assert (
        f"--mapping {template}" in said
        and "'Район' / 'Область'" in said
        and "day or the month first" in said
    )
    assert not (tmp_path / "own").exists()
    text = template.read_text("utf-8").replace(
        '# registered = "day first"', 'registered = "month first"'
    )
    template.write_text(text, "utf-8")
    assert cli.main([*arguments, "--mapping", str(template)]) == 0
    assert records.read(tmp_path / "own")["registered"].dt.month.tolist() == [1]


def test_the_mapping_file_is_written_where_it_was_asked_for(tmp_path, capsys):
    (tmp_path / "a.csv").write_text(TEXT, "utf-8")
    wanted = tmp_path / "new" / "m.toml"
    arguments = [
        "ingest",
        str(tmp_path / "a.csv"),
        "--dataset",
        "appeals",
        "--out",
        str(tmp_path / "own"),
        "--mapping",
        str(wanted),
    ]
    assert cli.main(arguments) == 1 and wanted.is_file()


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
def test_on_a_terminal_it_asks(tmp_path):
    (tmp_path / "a.csv").write_text(TEXT, "utf-8")
    ours, theirs = os.openpty()
    command = [
        sys.executable,
        "-m",
        "analysis.cli",
        "ingest",
        str(tmp_path / "a.csv"),
        "--dataset",
        "appeals",
        "--out",
        str(tmp_path / "own"),
    ]
    run = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True)
    os.close(theirs)
    os.write(ours, b"9\n1\n2\n")
    said = b""
    try:
        while block := os.read(ours, 4096):
            said += block
    except OSError:  # the other end is closed
        pass
    assert run.wait() == 0, said.decode()
    assert "day or the month first" in said.decode()
    frame = records.read(tmp_path / "own")
    assert frame["registered"].dt.month.tolist() == [1] and frame["place"].tolist() == [
        "Аксуский район"
    ]
