"""Intervals for shares and rates, and adjusted p-values, against published tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from analysis.errors import UnknownName
from analysis.stats import adjust_pvalues, proportion_interval, rate_interval

# Benjamini and Hochberg (1995), section 3.2: fifteen ordered p-values.
BH_1995 = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
]  # fmt: skip
METHODS = ["wilson", "clopper_pearson", "jeffreys"]


@pytest.mark.parametrize(
    ("count", "total", "wilson", "exact"),
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_newcombe_1998_table_i(count, total, wilson, exact):
    for method, expected in [("wilson", wilson), ("clopper_pearson", exact)]:
        interval = proportion_interval(count, total, method=method)
        assert (interval.low, interval.high) == pytest.approx(expected, abs=5.1e-5), method


def test_jeffreys_agrees_with_the_quantiles_of_the_beta_distribution():
    interval = proportion_interval(7, 50, method="jeffreys", level=0.9)
    assert (interval.low, interval.high) == pytest.approx(
        scipy_stats.beta.ppf([0.05, 0.95], 7.5, 43.5)
    )


def test_intervals_keep_the_index_of_a_series_and_missing_values():
    counts = pd.Series([5, np.nan, 0], index=["a", "b", "c"])
    interval = proportion_interval(counts, pd.Series([10, 10, 0], index=["a", "b", "c"]))
    assert interval.low.index.tolist() == ["a", "b", "c"]
    assert interval.low.isna().tolist() == interval.estimate.isna().tolist() == [False, True, True]
    assert interval.estimate["a"] == 0.5
    assert isinstance(proportion_interval(1, 2).low, float)


def test_series_go_by_their_labels_and_tables_keep_their_shape():
    count, total = pd.Series([1, 90], index=["a", "b"]), pd.Series([200, 100], index=["b", "a"])
    assert (
        proportion_interval(count, total).estimate.to_dict()
        == rate_interval(count, total).estimate.to_dict()
    )
    assert proportion_interval(count, total).estimate.to_dict() == {"a": 0.01, "b": 0.45}
    with pytest.raises(ValueError, match="different labels"):
        proportion_interval(count, total.rename({"b": "c"}))
    assert proportion_interval([[1, 2], [3, None]], 10).low.shape == (2, 2)
    whole = proportion_interval(
        pd.Series([1, None], dtype="Int64"), pd.Series([5, 5], dtype="Int64")
    )
    assert whole.high.isna().tolist() == [False, True]


@pytest.mark.parametrize(("count", "total"), [(-1, 5), (6, 5)])
def test_impossible_counts_are_refused(count, total):
    with pytest.raises(ValueError, match=f"found {count} of 5"):
        proportion_interval(count, total)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: proportion_interval(1, 2, method="wald"), "method 'wald'"),
        (lambda: proportion_interval(1, 2, level=95), "level is 95"),
        (lambda: rate_interval(1, 2, level=0), "level is 0"),
        (lambda: rate_interval(-1, 2), "counts must be"),
        (lambda: rate_interval(1, 0), "counts must be"),
        (lambda: adjust_pvalues([0.5], method="fdr"), "method 'fdr'"),
        (lambda: adjust_pvalues([1.5]), "between 0 and 1"),
    ],
)
def test_wrong_options_are_refused(call, words):
    with pytest.raises((ValueError, UnknownName), match=words):
        call()


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 200), st.integers(0, 200), st.sampled_from(METHODS))
def test_the_interval_of_a_share_stays_inside_and_grows_with_the_level(x, rest, method):
    n = x + rest + 1
    narrow, wide = (proportion_interval(x, n, method=method, level=level) for level in (0.8, 0.99))
    assert 0 <= wide.low <= narrow.low <= narrow.estimate <= narrow.high <= wide.high <= 1
    mirrored = proportion_interval(n - x, n, method=method, level=0.8)
    assert (1 - mirrored.high, 1 - mirrored.low) == pytest.approx(
        (narrow.low, narrow.high), abs=1e-9
    )


@pytest.mark.parametrize(
    ("method", "least"), [("wilson", 0.92), ("clopper_pearson", 0.95), ("jeffreys", 0.9)]
)
def test_coverage_over_all_shares(method, least):
    """Exact coverage of n = 50: Clopper-Pearson never under 95 %, the others on average near it (Brown et al. 2001)."""
    counts = np.arange(51)
    interval = proportion_interval(counts, 50, method=method)
    shares = np.linspace(0.1, 0.9, 161)
    inside = (interval.low <= shares[:, None]) & (shares[:, None] <= interval.high)
    coverage = (scipy_stats.binom.pmf(counts, 50, shares[:, None]) * inside).sum(axis=1)
    assert coverage.min() >= least
    assert coverage.mean() == pytest.approx(0.95, abs=0.03 if method == "clopper_pearson" else 0.01)


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0, 3.689), (1, 0.02532, 5.572), (3, 0.6187, 8.767), (10, 4.795, 18.391)],
)
def test_garwood_1936_limits(count, low, high):
    interval = rate_interval(count, 2000, per=2000)
    assert (interval.estimate, interval.low, interval.high) == pytest.approx(
        (count, low, high), rel=2e-4, abs=1e-9
    )


def test_rates_by_region_keep_their_index():
    interval = rate_interval(pd.Series([4, 9], index=["x", "y"]), [1000, 3000], per=1000)
    assert interval.estimate.to_dict() == {"x": 4, "y": 3}
    assert (interval.low < interval.estimate).all() and (interval.estimate < interval.high).all()


def test_benjamini_and_hochberg_1995_reject_four_of_fifteen():
    assert (adjust_pvalues(BH_1995) <= 0.05).sum() == 4
    assert (adjust_pvalues(BH_1995, method="bonferroni") <= 0.05).sum() == 3
    exact = adjust_pvalues([0.025, 0.05], method="bonferroni")
    assert ((exact < 0.05).sum(), (exact <= 0.05).sum()) == (0, 1)


def test_holm_by_hand():
    assert list(adjust_pvalues([0.01, 0.04, 0.03], method="holm")) == pytest.approx(
        [0.03, 0.06, 0.06]
    )


@pytest.mark.parametrize(
    ("method", "theirs"), [("bh", "fdr_bh"), ("holm", "holm"), ("bonferroni", "bonferroni")]
)
def test_adjustments_agree_with_statsmodels(method, theirs):
    from statsmodels.stats.multitest import multipletests

    for p in (BH_1995, [0.04, 0.04, 0.01, 1.0, 0.0, 0.2], [0.3]):
        assert list(adjust_pvalues(p[::-1], method=method)) == pytest.approx(
            multipletests(p[::-1], method=theirs)[1].tolist()
        )


def test_missing_p_values_are_no_tests():
    p = pd.Series([0.01, np.nan, 0.04], index=["a", "b", "c"])
    result = adjust_pvalues(p, method="bonferroni")
    assert result.adjusted["a"] == result["a"] == 0.02
    assert np.isnan(result.adjusted["b"])
    assert len(result) == 3
    assert np.isnan(adjust_pvalues([np.nan]).adjusted).all()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_adjustment_never_lowers_keeps_order_and_holm_lies_between(p):
    bh, holm, bonferroni = (
        np.asarray(adjust_pvalues(p, method=method)) for method in ("bh", "holm", "bonferroni")
    )
    raw = np.array(p)
    assert (
        (raw <= bh + 1e-12).all()
        and (bh <= holm + 1e-12).all()
        and (holm <= bonferroni + 1e-12).all()
    )
    assert bonferroni.max() <= 1
    order = np.argsort(raw)
    assert (np.diff(bh[order]) >= -1e-12).all()


def test_the_sentences_give_the_numbers():
    assert (
        "Of 3 tests 2 are below 5% before adjustment for their number and 1 after"
        in adjust_pvalues([0.001, 0.04, 0.5]).summary("en")
    )
    assert "Of 2 estimates the least certain has a 90% interval 0.519 wide" in proportion_interval(
        [1, 50], [5, 100], level=0.9
    ).summary("en")
    assert adjust_pvalues(p=[0.2]).adjusted.tolist() == [0.2]
    assert (
        proportion_interval(count=1, total=2).estimate
        == rate_interval(count=1, population=2).estimate
        == 0.5
    )


@pytest.mark.parametrize("level", [0, 1])
def test_a_level_lies_between_0_and_1(level):
    with pytest.raises(ValueError, match=f"level is {level}"):
        proportion_interval(1, 2, level=level)


def test_the_interval_of_a_rate_covers_at_least_as_often_as_promised():
    counts = np.arange(120)
    interval = rate_interval(counts, np.ones(120), level=0.9)
    for mean in np.linspace(0.2, 40, 60):
        inside = (interval.low <= mean) & (mean <= interval.high)
        assert scipy_stats.poisson.pmf(counts[inside], mean).sum() >= 0.9


@pytest.mark.parametrize(
    "call",
    [
        lambda: proportion_interval(3, np.inf), lambda: proportion_interval([1, np.inf], [2, np.inf]),
        lambda: rate_interval(np.inf, 5), lambda: rate_interval(3, [5, np.inf]),
    ],
)  # fmt: skip
def test_infinite_counts_and_totals_are_refused(call):
    with pytest.raises(ValueError, match="infinite"):
        call()


def test_benjamini_yekutieli_multiplies_by_the_harmonic_sum():
    """Benjamini and Yekutieli (2001), theorem 1.3: 1 + 1/2 + 1/3 times Benjamini and Hochberg's."""
    p = [0.01, 0.02, 0.03]
    bh, by = (np.asarray(adjust_pvalues(p, method=method)) for method in ("bh", "by"))
    assert by.tolist() == pytest.approx((bh * (1 + 1 / 2 + 1 / 3)).tolist())
