"""What the documentation shows runs as it stands, and the documentation builds."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import pytest

from analysis import paths
from analysis.reference import languages

DOCS = paths.root() / "docs"
START = [DOCS / "guides" / f"start.{language}.md" for language in languages()]
QUICK = [START[0], DOCS / "how-to" / "join.md", DOCS / "how-to" / "shape.md"]
DRAWN = [*START[1:], DOCS / "how-to" / "charts.md"]
PAGES = [*QUICK, *(pytest.param(page, marks=pytest.mark.slow) for page in DRAWN)]


def blocks(page: Path) -> list[str]:
    return re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.S)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_examples_of_a_page_run_in_order(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    mpl.use("Agg")
    names: dict[str, object] = {}
    for block in blocks(page):
        exec(compile(block, str(page), "exec"), names)
    plt.close("all")
    assert blocks(page)


def test_every_page_with_examples_is_run():
    pages = {page for page in DOCS.glob("[gh]*/*.md") if blocks(page)}
    assert pages == {*QUICK, *DRAWN}


def test_three_lines_give_a_chart_and_three_more_put_two_side_by_side():
    for page in START:
        one, two = ([line for line in block.splitlines() if line] for block in blocks(page)[:2])
        assert len(one) == 3
        steps = [line for line in two if not line.startswith(("import", "figure.savefig"))]
        assert len(steps) == 3
        assert sum("plot_" in step and "title=" in step for step in steps) == 2


def test_every_guide_stands_in_three_languages():
    guides = {path.name.partition(".")[0] for path in (DOCS / "guides").glob("*.*.md")}
    missing = [
        f"{guide}.{language}"
        for guide in guides - {"records", "methods"}
        for language in languages()
        if not (DOCS / "guides" / f"{guide}.{language}.md").is_file()
    ]
    assert missing == []
    assert {"start", "read", "records", "figure", "methods"} <= guides


@pytest.mark.slow
def test_the_documentation_builds_without_a_warning(tmp_path):
    pytest.importorskip("sphinx")
    source = tmp_path / "source"
    shutil.copytree(DOCS, source)
    for folder in ("notebooks", "figures"):
        shutil.copytree(paths.root() / folder, source / folder)
    environment = os.environ | {"DOCS_NOTEBOOKS": "off"}
    out = tmp_path / "out"
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    run = subprocess.run(
        [*command, str(source), str(out)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-4000:]
    pages = {path.relative_to(out).as_posix() for path in out.rglob("*.html")}
    assert "reference/names/analysis.load_turnout.html" in pages
    assert "guides/start.kk.html" in pages
    assert 'lang="kk"' in (out / "guides" / "start.kk.html").read_text("utf-8")[:400]
    links = re.compile(r'(?:href|src)="(?!https?:|#|mailto:|data:)([^"#?]+)')
    broken = [
        f"{page}: {link}"
        for page in pages
        for link in links.findall((out / page).read_text("utf-8"))
        if not ((out / page).parent / link).exists()
    ]
    assert broken == []
