"""Names that have moved still work, and say where they are now."""

from __future__ import annotations

import importlib

import pytest


@pytest.mark.parametrize(
    ("old", "name", "new"),
    [
        ("analysis.gazetteer", "match_place", "analysis.reference.names"),
        ("analysis.gazetteer", "Match", "analysis.reference.names"),
        ("analysis.places", "harmonise", "analysis.reference.borders"),
        ("analysis.report", "build_site", "analysis.site"),
        ("analysis.comparisons", "turnout_by_region", "analysis.derive.comparisons"),
        ("analysis.comparisons", "beside_neighbours", "analysis.derive.comparisons"),
    ],
)
def test_a_name_that_has_moved_works_and_warns_with_its_new_home(old, name, new):
    with pytest.warns(DeprecationWarning, match=f"{name} has moved to {new}"):
        found = getattr(importlib.import_module(old), name)
    assert found is getattr(importlib.import_module(new), name)


def test_a_name_that_never_was_there_is_an_attribute_error():
    from analysis import gazetteer

    with pytest.raises(AttributeError, match="has no attribute 'find'"):
        _ = gazetteer.find
