"""Notebooks become reports: the standard one, one's own, and one that fails."""

from __future__ import annotations

import base64
import io
import re

import nbformat
import pytest
from PIL import Image

from analysis.errors import DataError, UnknownName
from analysis.report import build
from analysis.report.document import Code, Heading, Picture, Table
from analysis.report.export import read_keys, standard_notebook, write_keys
from analysis.report.notebook import WarmKernel, blocks_of, markdown_blocks


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    with WarmKernel(tmp_path_factory.mktemp("kernel")) as warm:
        yield warm


def write(path, *cells):
    made = [
        nbformat.v4.new_code_cell(
            c[1:], metadata={"tags": ["parameters"]} if c[1:].startswith("place") else {}
        )
        if c.startswith(">")
        else nbformat.v4.new_markdown_cell(c)
        for c in cells
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    return path


def test_a_notebook_of_ones_own_becomes_blocks(kernel, tmp_path):
    path = write(
        tmp_path / "mine.ipynb",
        "# My report <b>x</b>", '>place = "KZ"\nlanguage = "en"', ">import pandas as pd\nhidden = 1",
        "What the region shows.", '>pd.DataFrame({"place": [place], "share": [0.5]})', '>f"{place} in {language}"',
        ">from analysis import charts\ncharts.draw('appeal_types', language=language)",
        "A plain picture.", ">import matplotlib.pyplot as plt\nplt.plot([1, 2]);", ">print('said')",
    )  # fmt: skip
    before = path.read_bytes()
    blocks = blocks_of(kernel.run(path, place="KZ-33", language="ru"), name="mine")
    assert path.read_bytes() == before
    assert blocks[0] == Heading(1, "My report <b>x</b>")
    table = next(b for b in blocks if isinstance(b, Table))
    assert (table.columns, table.rows) == (("place", "share"), (("KZ-33", "0.5"),))
    assert any(getattr(b, "runs", None) and b.runs[0].text == "KZ-33 in ru" for b in blocks)
    chart, plain = (b for b in blocks if isinstance(b, Picture))
    assert chart.alt.startswith("Обращения 2024 года")
    assert plain.alt == "A plain picture."
    assert Image.open(io.BytesIO(base64.b64decode(plain.png))).width > 300
    assert Code("said") in blocks
    assert not any("hidden" in str(b) for b in blocks)


def test_names_of_one_report_are_gone_in_the_next(kernel, tmp_path):
    kernel.run(write(tmp_path / "a.ipynb", ">left = 1"), place="KZ", language="en")
    with pytest.raises(DataError, match="NameError: name 'left' is not defined"):
        kernel.run(write(tmp_path / "b.ipynb", "text", ">left"), place="KZ", language="en")
    assert kernel.run(write(tmp_path / "c.ipynb", ">1 + 1"), place="KZ", language="en").cells


def test_a_cell_that_fails_is_named_with_what_to_do(kernel, tmp_path):
    with pytest.raises(
        DataError,
        match=r"b\.ipynb, cell 2: found ZeroDivisionError: division by zero; expected a cell that runs",
    ):
        kernel.run(write(tmp_path / "b.ipynb", ">1 + 1", ">1 / 0"), place="KZ", language="en")


def test_a_picture_without_words_is_refused(kernel, tmp_path):
    run = kernel.run(
        write(tmp_path / "p.ipynb", ">import matplotlib.pyplot as plt\nplt.plot([1, 2]);"),
        place="KZ",
        language="en",
    )
    with pytest.raises(
        DataError, match="found a picture without words; expected a paragraph before it"
    ):
        blocks_of(run, name="p.ipynb")


def test_markdown_is_words_and_never_html():
    blocks = list(
        markdown_blocks(
            "## H\n\ntext **bold** [a](https://x.kz) [b](javascript:1)\n\n- one\n- two\n\n|a|b|\n|-|-|\n|1|2|\n\n<script>x</script>"
        )
    )
    assert [type(b).__name__ for b in blocks] == [
        "Heading",
        "Paragraph",
        "Items",
        "Table",
        "Paragraph",
    ]
    assert {run.href for run in blocks[1].runs} == {"", "https://x.kz"}
    assert blocks[-1].runs[0].text == "<script>x</script>"


def test_a_report_is_written_once_and_left_alone_until_something_changes(tmp_path):
    asked = {"places": ["KZ-62"], "languages": ["kk"]}
    (first,) = build(tmp_path, **asked, formats=["html", "docx"])
    assert first.fresh
    assert [f.relative_to(tmp_path).as_posix() for f in first.files] == [
        "KZ-62/openness-KZ-62-kk.html",
        "KZ-62/openness-KZ-62-kk.docx",
    ]
    page = first.files[0].read_text("utf-8")
    assert "75,48%" in page
    assert len(page) < 1_500_000
    assert not re.search(r"[\w-]+\.part$", " ".join(p.name for p in tmp_path.rglob("*")))
    (again,) = build(tmp_path, **asked, formats=["html", "docx"])
    assert not again.fresh
    write_keys(tmp_path, dict.fromkeys(read_keys(tmp_path), "made from something else"))
    first.files[0].write_text("old")
    for report in build(tmp_path, **asked, formats=["html"]):
        assert report.fresh
    assert first.files[0].read_text("utf-8") == page


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"places": ["KZ-99"]}, "place 'KZ-99' is not known.* Known: KZ, KZ-10"),
        ({"languages": ["de"]}, "language 'de' is not known"),
        ({"formats": ["odt"]}, "format 'odt' is not known.* Known: html, pdf, docx"),
    ],
)
def test_what_does_not_exist_is_refused_before_anything_runs(tmp_path, asked, message):
    with pytest.raises(UnknownName, match=message):
        next(build(tmp_path, **asked))
    assert not list(tmp_path.iterdir())


def test_the_report_notebook_holds_calls_and_no_outputs():
    cells = nbformat.read(standard_notebook(), as_version=4).cells
    code = [c for c in cells if c.cell_type == "code"]
    assert not any(c.outputs for c in code)
    assert all(len(c.source.splitlines()) <= 3 for c in code)
