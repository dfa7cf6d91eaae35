"""How a kernel shows results: sections, frames, series and strings as blocks."""

from __future__ import annotations

import nbformat
import pytest

from analysis.errors import DataError
from analysis.report.document import Heading, Items, Paragraph, Table
from analysis.report.notebook.blocks import blocks_of
from analysis.report.notebook.warm import WarmKernel


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return a function that runs cells and returns the blocks that they show."""
    folder = tmp_path_factory.mktemp("kernel")
    with WarmKernel(folder) as warm:

        def blocks(*sources):
            cells = [nbformat.v4.new_code_cell(source) for source in sources]
            path = folder / "own.ipynb"
            nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
            return blocks_of(warm.run(path, place="KZ", language="kk"), name="own.ipynb")

        yield blocks


def test_frames_and_series_are_tables_with_gaps_marked(run):
    frame, series = run(
        "import pandas as pd\n"
        "pd.DataFrame({'day': [pd.Timestamp('2026-03-15')], 'share': [0.5], 'gap': [None]})",
        "pd.Series([1, 2], index=['a', 'b'], name='n')",
    )
    assert frame == Table("", ("day", "share", "gap"), (("2026-03-15", "0.5", "–"),))
    assert series == Table("", ("index", "n"), (("a", "1"), ("b", "2")))


def test_a_section_comes_as_its_blocks_and_a_string_as_a_paragraph(run):
    heading, said = run(
        "from analysis import report\n"
        "report.heading({'kk': 'Қорытынды', 'en': 'Results'}, language=language)",
        "f'{place} айтылды'",
    )
    assert heading == Heading(2, "Қорытынды")
    assert isinstance(said, Paragraph)
    assert said.runs[0].text == "KZ айтылды"


def test_markdown_html_and_numbers_are_text(run):
    shown = run(
        "from IPython.display import HTML, Markdown\nMarkdown('### Тақырып\\n\\n- бір')",
        "HTML('<table><tr><th>a</th></tr><tr><td>1</td></tr></table>')",
        "2.5",
    )
    assert [type(block) for block in shown] == [Heading, Items, Table, Paragraph]
    assert shown[-1].runs[0].text == "2.5"


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("import numpy as np\nnp.float64(0.5)", r"np\.float64\(0\.5\)"),
        ("import matplotlib.figure as f\nf.Figure().add_subplot()", "<Axes: >"),
        ("{'a': 1}", r"\{'a': 1\}"),
        ("object()", "<object at"),
    ],
)
def test_an_object_that_names_itself_is_refused_with_its_cell(run, source, named):
    with pytest.raises(DataError, match=rf"own\.ipynb, cell 2: found an object.*{named}"):
        run("1", source)
