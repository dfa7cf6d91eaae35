"""Blocks, their numbers and their sources."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.report.document import (
    Heading,
    Items,
    Paragraph,
    Run,
    Table,
    assemble,
    csv_text,
    pack,
    unpack,
)

SOURCES = ("s64a494b7", "s07feb3ca")


def test_a_formula_in_a_csv_is_text():
    said = csv_text(
        pd.DataFrame(
            {"a": ["=cmd", "+1", "@x", "-5", "-x", "plain"], "b": [-1.5, None, 2, 3, 4, 5]}
        )
    )
    cells = [line.split(",")[0] for line in said.splitlines()[1:]]
    assert cells == ["'=cmd", "+1", "'@x", "-5", "'-x", "plain"]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


blocks = st.one_of(
    st.builds(Heading, st.integers(1, 3), texts),
    st.builds(lambda t, b: Paragraph((Run(t, bold=b),), SOURCES), texts, st.booleans()),
    st.builds(
        lambda rows: Table("t", ("a", "b"), tuple(rows)),
        st.lists(st.tuples(texts, texts), max_size=3),
    ),
    st.builds(
        lambda items: Items(tuple((Run(t),) for t in items)),
        st.lists(texts, min_size=1, max_size=3),
    ),
)


@given(st.lists(blocks, max_size=4))
def test_blocks_pass_through_a_notebook_unchanged(some):
    assert list(unpack(pack(some))) == some


def document(*blocks, language="kk"):
    return assemble(
        blocks,
        name="openness-KZ-33",
        place="Жетісу облысы",
        language=language,
        version="Деректер 1.0.0",
    )


def test_references_run_together():
    made = document(Paragraph((Run("a"),), SOURCES), Paragraph((Run("b"),), ("s4c85f2e8",)))
    assert made.references(("s4c85f2e8", *SOURCES)) == [(1, 3)]
    assert made.references(("s4c85f2e8", SOURCES[0])) == [(1, 1), (3, 3)]
