"""Blocks, their numbers and their sources."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.evidence.weight import KINDS, kinds
from analysis.report.document import (
    Fold,
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


folds = st.builds(lambda title, some: Fold(title, tuple(some)), texts, st.lists(blocks, max_size=2))


@given(st.lists(st.one_of(blocks, folds), max_size=4))
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
    first, second, third = [one for one, kind in kinds().items() if kind == "press"][:3]
    made = document(Paragraph((Run("a"),), (first, second)), Paragraph((Run("b"),), (third,)))
    assert made.references((third, first, second)) == [(1, 3)]
    assert made.references((third, first)) == [(1, 1), (3, 3)]


def test_what_is_folded_away_goes_to_an_annex_on_paper():
    inside = Table("t", ("a",), (("1",),), (("s64a494b7",),))
    made = document(
        Heading(1, "T"),
        Fold("Values", (inside,)),
        Heading(2, "A"),
        Table("u", ("a",), (("2",),)),
        language="en",
    )
    printed = made.on_paper()
    assert [block.text for block in printed if isinstance(block, Heading)] == [
        "T", "A", "Annex", "Values",
    ]  # fmt: skip
    captions = [block.caption for block in printed if isinstance(block, Table)]
    assert captions == ["Table 1. u", "Table 2. t"]
    assert made.folds[0].blocks[0].caption == "Table 2. t"
    assert made.numbers == {"s64a494b7": 1}


def test_a_document_without_folds_has_no_annex():
    printed = document(Heading(1, "T"), Heading(2, "A"), language="en").on_paper()
    assert [block.text for block in printed] == ["T", "A"]


def test_the_source_that_weighs_most_has_the_lowest_number():
    """A package, a mirror and a state body's figure: the last comes first, whatever is cited first."""
    package, mirror, bureau = "sa6fd3a42", "sb1b4dd36", "s3ff284d4"
    made = document(Paragraph((Run("a"),), (package, mirror, bureau)))
    assert [made.numbers[source] for source in (bureau, mirror, package)] == [1, 2, 3]
    weights = [KINDS.index(kinds()[source]) for source in made.numbers]
    assert weights == sorted(weights)


def test_each_source_has_an_address_its_kind_and_an_archive_link():
    made = document(Paragraph((Run("a"),), ("sa6fd3a42", "sb1b4dd36")), language="en")
    for source in made.sources:
        assert source.archive.startswith("https://web.archive.org/web/20")
        assert source.archive.endswith(source.url)
    assert "Mirror of an encyclopedia" in made.sources[0].text
    assert "Software package" in made.sources[1].text
