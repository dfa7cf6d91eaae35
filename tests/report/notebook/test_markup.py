"""What libraries show as HTML becomes blocks, and nothing of it runs."""

from __future__ import annotations

import pandas as pd
import pytest
import statsmodels.api as sm

from analysis.report.document import Code, Heading, Items, Paragraph, Run, Table
from analysis.report.notebook.markup import html_blocks


def test_a_styler_is_a_table_with_its_formats_and_its_caption():
    frame = pd.DataFrame({"share": [0.5, 0.25]}, index=["Jetisu", "Abai"])
    styled = frame.style.format(precision=3).set_caption("Shares").hide(axis="columns", names=False)
    (table,) = html_blocks(frame.style.format(precision=3).set_caption("Shares").to_html())
    assert table == Table("Shares", ("", "share"), (("Jetisu", "0.500"), ("Abai", "0.250")))
    assert html_blocks(styled.to_html())  # one without heads is a table too


def test_a_summary_of_statsmodels_is_its_tables():
    x = sm.add_constant(pd.Series(range(10), name="year").astype(float))
    model = sm.OLS(2 * x["year"] + 1, x).fit()
    tables = [b for b in html_blocks(model.summary().as_html()) if isinstance(b, Table)]
    assert len(tables) == 3
    assert tables[0].caption == "OLS Regression Results"
    coefficients = {row[0]: row[1] for row in tables[1].rows}
    assert float(coefficients["year"]) == pytest.approx(2)


def test_text_lists_and_headings_come_out_as_such():
    blocks = html_blocks(
        "loose <b>bold</b><h4>Deep</h4><p>a &amp; b</p><ul><li>one</li><li>two</li></ul>"
        "<pre>x  =  1</pre><p>end</p>"
    )
    assert [type(block) for block in blocks] == [
        Paragraph, Heading, Paragraph, Items, Code, Paragraph,
    ]  # fmt: skip
    assert blocks[0].runs == (Run("loose "), Run("bold", bold=True))
    assert blocks[1] == Heading(3, "Deep")
    assert blocks[2].runs[0].text == "a & b"
    assert blocks[3].items == ((Run("one"),), (Run("two"),))
    assert blocks[4].text == "x  =  1"


def test_cells_that_span_columns_keep_the_table_whole():
    (table,) = html_blocks(
        "<table><tr><th></th><th colspan=2>2024</th></tr><tr><th>r</th><th>a</th><th>b</th></tr>"
        "<tr><td>x</td><td>1</td><td>2</td></tr><tr><td>short</td></tr></table>"
    )
    assert table.columns == ("r", "2024 a", "b")
    assert table.rows == (("x", "1", "2"), ("short", "", ""))


@pytest.mark.parametrize("hidden", ["script", "style", "template", "noscript"])
def test_nothing_that_runs_comes_through(hidden):
    blocks = html_blocks(f"<p>said</p><{hidden}>alert(1)</{hidden}><a href='javascript:x'>l</a>")
    assert "alert" not in str(blocks)
    assert "javascript" not in str(blocks)


def test_broken_html_is_read_to_its_end():
    assert html_blocks("<p>open <b>never closed")[0].runs[-1] == Run("never closed", bold=True)
    assert html_blocks("</table></ul></p>") == []
    assert html_blocks("<table></table>") == []
