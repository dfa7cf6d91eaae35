"""Equal figures in published lists: by hand, laws, and lists that were copied."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from analysis.stats import coinciding_lists


def lists(seed=0, units=17, count=3, decimals=4):
    rng = np.random.default_rng(seed)
    level = rng.normal(0.6, 0.07, units)
    frame = {f"l{k}": level + rng.normal(0.03 * k, 0.02, units) for k in range(count)}
    return pd.DataFrame(frame, index=[f"u{i}" for i in range(units)]).round(decimals)


def row(table, first, second):
    return table[(table["first"] == first) & (table["second"] == second)].iloc[0]


def test_figures_are_equal_when_rounded_or_cut_to_the_coarser_decimals():
    """0.6249 is 0.62 rounded and cut, 0.6251 is 0.63 rounded and 0.62 cut, 0.6149 is neither 0.62 nor 0.60."""
    frame = pd.DataFrame(
        {
            "fine": [0.6249, 0.6251, 0.6251, 0.6149, 0.7, 0.8111],
            "coarse": [0.62, 0.62, 0.63, 0.62, 0.71, 0.82],
        },
        index=list("abcdef"),
    )
    found = coinciding_lists(frame).table.iloc[0]
    assert (found["n_equal"], found["units"], found["decimals"]) == (3, "a, b, c", 2)
    same = coinciding_lists(frame, decimals={"coarse": 4}).table.iloc[0]
    assert same["n_equal"] == 0


def test_the_probability_is_binomial_with_the_spread_of_figures_that_differ():
    frame = lists(3, units=20, count=2)
    frame.loc[["u1", "u5", "u9"], "l1"] = frame.loc[["u1", "u5", "u9"], "l0"]
    found = coinciding_lists(frame).table.iloc[0]
    apart = (frame["l0"] - frame["l1"]).drop(["u1", "u5", "u9"])
    quartiles = np.subtract(*np.quantile(apart, [0.75, 0.25])) / 1.349
    normal = scipy_stats.norm(apart.median(), min(apart.std(), quartiles))
    chance = normal.cdf(0.00005) - normal.cdf(-0.00005)
    assert found["expected"] == pytest.approx(20 * chance)
    assert found["p_value"] == pytest.approx(scipy_stats.binom.sf(2, 20, chance))
    assert found["units"] == "u1, u5, u9"


def test_a_copied_list_is_found_and_nothing_is_said_of_the_cause():
    frame = lists(1, units=14, count=4)
    frame["l2"] = frame["l0"].round(3)
    result = coinciding_lists(frame)
    first = result.table.iloc[0]
    assert (first["first"], first["second"], first["n_equal"]) == ("l0", "l2", 14)
    assert first["p_adjusted"] < 1e-6
    assert (result.table["p_adjusted"].iloc[1:] > 0.05).all()
    sentence = result.summary("en")
    assert "In 1 of 6 pairs" in sentence and "nothing of the cause" in sentence
    assert "14 of 14 equal" in sentence


def test_lists_that_keep_the_order_of_the_regions_are_expected_to_share_more():
    rng = np.random.default_rng(2)
    level = rng.normal(0.6, 0.1, 40)
    close = pd.DataFrame({k: (level + rng.normal(0, 0.005, 40)).round(3) for k in "ab"})
    apart = pd.DataFrame({k: rng.normal(0.6, 0.1, 40).round(3) for k in "ab"})
    assert (
        coinciding_lists(close).table["expected"].iloc[0]
        > 5 * coinciding_lists(apart).table["expected"].iloc[0]
    )
    assert coinciding_lists(close).table["p_value"].iloc[0] > 0.05


def test_units_missing_from_one_list_are_left_out_and_too_few_have_no_p_value():
    frame = lists(4, units=9)
    frame.loc[["u0", "u1"], "l1"] = np.nan
    frame.loc[frame.index[:5], "l2"] = np.nan
    table = coinciding_lists(frame).table
    assert row(table, "l0", "l1")["n"] == 7
    assert np.isnan(row(table, "l0", "l2")["p_value"])
    assert np.isnan(row(table, "l0", "l2")["p_adjusted"])
    assert "In none of 3 pairs" in coinciding_lists(frame).summary("en")


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 999))
def test_order_of_units_and_lists_and_the_scale_do_not_matter(seed):
    frame = lists(seed, units=12)
    plain = coinciding_lists(frame).table.sort_values("p_value")["p_value"].tolist()
    other = coinciding_lists(frame.sample(frac=1, random_state=seed).iloc[:, ::-1]).table
    assert sorted(other["p_value"]) == pytest.approx(sorted(plain))
    percent = coinciding_lists((frame * 100).round(2)).table
    assert sorted(percent["p_value"]) == pytest.approx(sorted(plain), rel=1e-6)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (lists(1)[["l0"]], "found 1 lists"),
        (lists(1, units=4), "no pair of lists shares 5 units"),
        (pd.concat([lists(1), lists(1)]), "'u0' twice"),
        (pd.concat([lists(1), lists(1)], axis=1), "'l0' twice"),
    ],
)
def test_what_cannot_be_compared_is_refused(frame, words):
    with pytest.raises(ValueError, match=words):
        coinciding_lists(frame)
