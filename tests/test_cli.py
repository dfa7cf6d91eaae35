"""The command line says what it does, and an error is a sentence with exit code 1."""

from __future__ import annotations

import pytest

from analysis import paths
from analysis.cli import main


def test_check_says_that_all_is_well(capsys):
    assert main(["data", "check"]) == 0
    assert "data/processed is what data/raw gives" in capsys.readouterr().out


def test_a_broken_file_is_one_sentence_and_exit_code_1(raw_copy, monkeypatch, capsys):
    (raw_copy / "appeals.csv").write_text("")
    monkeypatch.setattr(paths, "raw", lambda: raw_copy)
    assert main(["data", "check"]) == 1
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert said[0].startswith("appeals.csv: found an empty file; expected a header row")


@pytest.mark.parametrize("arguments", [[], ["data"], ["data", "burn"], ["report", "--pages", "3"]])
def test_wrong_use_is_exit_code_2(arguments):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--language", "de"], "--language de is not known. Known: en, kk, ru, all"),
        (["--place", "KZ-33,KZ-99"], "--place KZ-99 is not known. Known: KZ, KZ-10"),
        (["--format", "html,odt"], "--format odt is not known. Known: html, pdf, docx, all"),
        (["--notebook", "nothing.ipynb"], "nothing.ipynb: no such file"),
    ],
)
def test_a_report_that_cannot_be_is_refused_with_what_can(arguments, said, capsys, tmp_path):
    assert main(["report", "--out", str(tmp_path / "out"), *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("action", ["build", "check", "add", "release"])
def test_data_of_the_installed_package_are_not_changed(action, monkeypatch, capsys):
    monkeypatch.setattr(paths, "in_clone", lambda: False)
    assert main(["data", action]) == 1
    refused = capsys.readouterr().err
    assert "expected a clone of the project" in refused
    assert "OPENNESS_HOME" in refused


@pytest.mark.parametrize(
    "command", ["data", "figures", "verify", "report", "ingest", "rollup", "simulate"]
)
def test_each_command_has_help(command, capsys):
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    assert f"openness {command}" in capsys.readouterr().out
