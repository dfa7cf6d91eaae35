"""Distances between estimates with published standard errors: by hand, laws, and what cannot be told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from analysis import load_context
from analysis.derive import comparisons
from analysis.stats import distances

ESTIMATES = pd.Series({"here": 1.0, "far": 3.0, "below": -1.5, "near": 1.4})
ERRORS = pd.Series({"near": 0.4, "below": 0.4, "far": 0.4, "here": 0.3})


def test_distances_by_hand():
    """The error of a difference is sqrt(0.3^2 + 0.4^2) = 0.5, so z = 4, -5 and 0.8; Holm multiplies by 2, 3 and 1."""
    table = distances(ESTIMATES, ERRORS, reference="here").table
    assert table["difference"].to_dict() == pytest.approx({"far": 2, "below": -2.5, "near": 0.4})
    assert table["se"].tolist() == pytest.approx([0.5] * 3)
    assert table["z"].tolist() == pytest.approx([4, -5, 0.8])
    p = 2 * scipy_stats.norm.sf([4, 5, 0.8])
    assert table["p_value"].tolist() == pytest.approx(p)
    assert table["p_adjusted"].tolist() == pytest.approx(p * [2, 3, 1])
    assert (table["low"].iloc[0], table["high"].iloc[0]) == pytest.approx(
        (2 - 0.98, 2 + 0.98), abs=1e-4
    )


def test_the_sentence_names_who_is_above_below_and_not_told_apart():
    result = distances(ESTIMATES, ERRORS, reference="here")
    assert result.summary("en") == (
        "By the published standard errors here can be told apart from these of 3 others, adjusted for their number at 5%, errors "
        "taken as independent: above it: far (+2); below it: below (−2.5); not told apart, which does not mean equal: near."
    )
    assert (
        "у" not in result.summary("en")
        and "near" in result.summary("ru")
        and "near" in result.summary("kk")
    )


def test_units_without_an_error_are_left_out_and_wrong_ones_refused():
    assert distances(ESTIMATES, ERRORS.drop("far"), reference="here").table.index.tolist() == [
        "below",
        "near",
    ]
    assert distances(ESTIMATES.astype("Float64"), ERRORS, reference="here").table["z"].notna().all()
    for estimates, errors, words in [
        (ESTIMATES, ERRORS.drop("here"), "'here' and at least one other"),
        (ESTIMATES[["here"]], ERRORS, "'here' and at least one other"),
        (ESTIMATES, ERRORS.mask(ERRORS.index == "far", 0), "error of 'far' is 0"),
    ]:
        with pytest.raises(ValueError, match=words):
            distances(estimates, errors, reference="here")
    for level in (95, 1, 0):
        with pytest.raises(ValueError, match=f"level is {level}"):
            distances(ESTIMATES, ERRORS, reference="here", level=level)
    assert distances(ESTIMATES, ERRORS, reference="here", level=0.5).table["high"].iloc[
        0
    ] == pytest.approx(2 + 0.6745 * 0.5, abs=1e-4)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 999), st.floats(0.1, 10), st.floats(-9, 9))
def test_scale_shift_and_order_do_not_matter(seed, scale, shift):
    rng = np.random.default_rng(seed)
    estimates, errors = (
        pd.Series(rng.normal(size=5), index=list("abcde")),
        pd.Series(rng.uniform(0.1, 1, 5), index=list("abcde")),
    )
    plain = distances(estimates, errors, reference="c").table
    other = distances((estimates * scale + shift)[::-1], errors * scale, reference="c").table.loc[
        plain.index
    ]
    assert other["z"].tolist() == pytest.approx(plain["z"].tolist())
    assert other["difference"].tolist() == pytest.approx((plain["difference"] * scale).tolist())
    assert (plain["low"] < plain["difference"]).all() and (
        plain["difference"] < plain["high"]
    ).all()
    assert (plain["p_adjusted"] >= plain["p_value"]).all()


def test_nobody_is_told_apart_more_often_than_promised():
    """All equal: Holm names anybody in at most one of twenty data sets, within the error of 120."""
    rng = np.random.default_rng(3)
    names, errors = list("abcdefgh"), pd.Series(0.3, index=list("abcdefgh"))
    found = [
        (
            distances(pd.Series(rng.normal(0, 0.3, 8), index=names), errors, reference="a").table[
                "p_adjusted"
            ]
            < 0.05
        ).any()
        for _ in range(120)
    ]
    assert np.mean(found) <= 0.05 + 3 * (0.05 * 0.95 / 120) ** 0.5


def test_the_neighbours_of_kazakhstan_in_2023():
    """Worked out from the published estimates and errors: Georgia (0.0347 + 1.0038) / sqrt(0.1272^2 + 0.1212^2) = 5.91."""
    table = comparisons.beside_neighbours(
        load_context(since=2012), "wgi_voice_accountability_estimate"
    )
    result = distances(table["estimate"], table["se"], reference="Kazakhstan").table
    assert result.loc["Georgia", "z"] == pytest.approx(5.91, abs=0.01)
    assert set(result.index[result["p_adjusted"] < 0.05]) == {
        "Armenia",
        "Georgia",
        "Mongolia",
        "Tajikistan",
    }


def test_equivalence_by_hand():
    """Schuirmann (1987): difference 0.4, error 0.5, margin 1: p = P(Z > 0.6 / 0.5) = 0.1151, times two for Holm's step."""
    result = distances(ESTIMATES, ERRORS, reference="here", margin=1, level=0.7)
    row = result.table.loc["near"]
    assert row["p_equivalent"] == pytest.approx(3 * 0.11507, abs=1e-4)
    assert not row["equivalent"]
    wide = distances(ESTIMATES, ERRORS, reference="here", margin=2)
    assert wide.table.loc["near", "p_equivalent"] == pytest.approx(3 * scipy_stats.norm.sf(3.2))
    assert wide.table["equivalent"].to_dict() == {"far": False, "below": False, "near": True}
    assert wide.summary("en").endswith("Equal within 2 (two one-sided tests): near.")
    assert "p_equivalent" not in distances(ESTIMATES, ERRORS, reference="here").table


def test_equivalence_agrees_with_statsmodels():
    from statsmodels.stats.weightstats import _zstat_generic

    row = distances(ESTIMATES, ERRORS, reference="here", margin=1.5, method="bonferroni").table.loc[
        "near"
    ]
    _, upper = _zstat_generic(0.4, 0, 0.5, alternative="smaller", diff=1.5)
    _, lower = _zstat_generic(0.4, 0, 0.5, alternative="larger", diff=-1.5)
    assert row["p_equivalent"] == pytest.approx(3 * max(upper, lower))


@pytest.mark.parametrize(
    ("estimates", "errors", "options", "words"),
    [
        (pd.Series([1.0, 2, 3], index=["here", "far", "far"]), ERRORS, {}, "'far' twice"),
        (ESTIMATES, pd.concat([ERRORS, ERRORS]), {}, "twice"),
        (ESTIMATES.replace(3.0, np.inf), ERRORS, {}, "'far' has an infinite"),
        (ESTIMATES, ERRORS, {"margin": 0}, "margin is 0"),
        (ESTIMATES, ERRORS, {"margin": -1}, "margin is -1"),
    ],
)
def test_labels_that_repeat_and_endless_numbers_are_refused(estimates, errors, options, words):
    with pytest.raises(ValueError, match=words):
        distances(estimates, errors, reference="here", **options)
