"""Progress: a bar where someone looks on, plain lines elsewhere."""

from __future__ import annotations

import sys

import pytest

from analysis.progress import Steps, is_watched


def test_nobody_looks_on_in_a_pipe(monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    assert not is_watched()


def test_lines_are_printed_where_nobody_looks_on(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    with Steps(2, lines=True) as steps:
        steps.done("one")
        steps.done("two")
    with Steps(lines=True) as steps:
        steps.done("of unknown number")
    printed = capsys.readouterr()
    assert printed.out == "[1/2] one\n[2/2] two\n[1] of unknown number\n"
    assert printed.err == ""


def test_a_call_from_a_script_prints_nothing(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    with Steps(1) as steps:
        steps.done("one")
    assert capsys.readouterr() == ("", "")


def test_a_terminal_gets_a_bar(monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Steps(2, lines=True) as steps:
        steps.done("KZ (kk)")
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "KZ (kk)" in printed.err


@pytest.mark.parametrize(("shell", "seen"), [("ZMQInteractiveShell", True), ("Other", False)])
def test_a_notebook_is_looked_at(monkeypatch, shell, seen):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False)
    running = type(shell, (), {})()
    monkeypatch.setattr("IPython.get_ipython", lambda: running)
    assert is_watched() is seen
