"""Outputs and markdown become blocks."""

from __future__ import annotations

import base64
import io

import nbformat
import pytest
from PIL import Image

from analysis.errors import DataError
from analysis.report.document import (
    Code,
    Heading,
    Picture,
    Table,
)
from analysis.report.notebook.blocks import blocks_of, markdown_blocks


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
    assert chart.alt.startswith("68\xa0% обращений 2024 года")
    assert plain.alt == "A plain picture."
    assert Image.open(io.BytesIO(base64.b64decode(plain.png))).width > 300
    assert Code("said") in blocks
    assert not any("hidden" in str(b) for b in blocks)


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
