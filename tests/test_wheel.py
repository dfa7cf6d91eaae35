"""The installed package works in an empty folder, with no repository near and no git."""

from __future__ import annotations

import os
import site
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from analysis import paths

pytestmark = pytest.mark.slow


class Installed(NamedTuple):
    """A virtual environment with the wheel in it, and an empty folder to work in."""

    python: Path
    folder: Path

    def run(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run the environment's Python where neither the clone nor git is to be found."""
        hidden = ("OPENNESS_HOME", "PYTHONPATH", "VIRTUAL_ENV")
        environment = {name: value for name, value in os.environ.items() if name not in hidden}
        environment |= {"PATH": str(self.python.parent), "HOME": str(self.folder)}
        run = subprocess.run(
            [str(self.python), *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == code, run.stdout[-2000:] + run.stderr[-3000:]
        return run

    def openness(self, *arguments: str, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run the command `openness`."""
        return self.run(str(self.python.with_name("openness")), *arguments, code=code)


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Installed:
    """The built wheel, installed offline; what it depends on is lent by this environment."""
    home = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*build, "--directory", home], cwd=paths.root(), check=True, capture_output=True)
    (wheel,) = home.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", home / "venv"], check=True)
    python = home / "venv" / "bin" / "python"
    pip = [python, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel]
    subprocess.run(pip, check=True)
    # A line with a folder lends what lies in it, but not what its own .pth files point to: the
    # clone, which is installed here by such a file, stays out of reach.
    (packages,) = (home / "venv" / "lib").glob("python*/site-packages")
    (packages / "lent.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    folder = home / "empty"
    folder.mkdir()
    return Installed(python, folder)


def test_data_and_version_are_those_of_the_package(installed):
    code = (
        "import analysis, shutil; from analysis import paths; from analysis.data.version import "
        "data_version; print(analysis.__version__, data_version(), paths.root(), paths.in_clone(), "
        "shutil.which('git'))"
    )
    version, data, root, in_clone, git = installed.run("-c", code).stdout.split()
    assert (version, in_clone, git) == ("0.1.0", "False", "None")
    assert data.count(".") == 2
    assert Path(root).is_relative_to(installed.python.parents[1])


def test_every_loader_gives_rows(installed):
    code = (
        "import analysis\n"
        "names = [name for name in analysis.__all__ if name.startswith('load_')]\n"
        "few = [name for name in names if len(getattr(analysis, name)()) <= 5]\n"
        "assert few == ['load_requests'], few\n"  # no round was run yet
        "print(len(names), len(analysis.coverage()), analysis.cite())"
    )
    assert int(installed.run("-c", code).stdout.split()[0]) >= 11


def test_figures_are_drawn_and_verified(installed):
    written = installed.openness("figures", "--out", "figures").stdout
    assert "Look in figures" in written
    assert len(list((installed.folder / "figures").glob("*.svg"))) >= 30
    verdict = installed.openness("verify").stdout.splitlines()[-1]
    passed, _, total, *_ = verdict.split()
    assert passed == total


def test_a_report_is_written_in_three_formats(installed):
    installed.openness("report", "--place", "KZ,KZ-33", "--language", "kk")
    home = installed.folder / "reports" / "KZ-33"
    reports = sorted(path.name for path in home.glob("openness-KZ-33-*"))
    assert reports == [f"openness-KZ-33-kk.{kind}" for kind in ("docx", "html", "pdf")]
    assert (home / "letter-KZ-33-akimat-kk.docx").is_file()


def test_records_are_simulated_read_and_counted(installed):
    installed.openness("simulate", "--rows", "3000", "--seed", "1", "--out", "a.csv")
    installed.openness("ingest", "a.csv", "--dataset", "appeals", "--out", "own")
    installed.openness("rollup", "own", "--by", "month", "--out", "monthly.csv")
    assert (installed.folder / "monthly.csv").read_text("utf-8").count("\n") > 12
    report = ("report", "--language", "ru", "--format", "html", "--records", "own", "--out", "mine")
    installed.openness(*report)
    assert (installed.folder / "mine" / "KZ" / "openness-KZ-ru.html").is_file()


@pytest.mark.parametrize("action", ["build", "check", "add", "release"])
def test_what_changes_the_data_asks_for_a_clone(installed, action):
    refused = installed.openness("data", action, code=1)
    assert "expected a clone of the project" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_type_checker_sees_the_types(installed):
    file = installed.folder / "typed.py"
    file.write_text("from analysis import load_turnout\nreveal_type(load_turnout)\n")
    checked = installed.run("-m", "mypy", "--ignore-missing-imports", "typed.py")
    assert 'Revealed type is "def (*, since: int | str | None' in checked.stdout
