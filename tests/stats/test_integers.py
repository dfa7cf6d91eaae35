"""Whole percentages: the exact probabilities by brute force, clean and rounded elections by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from analysis.stats import integer_excess
from analysis.stats.integers import _chance, _is_near


def simulated(n=2000, seed=0, rounded=0):
    """Stations with binomial turnout and result; in `rounded` of them turnout is made from a whole percentage."""
    rng = np.random.default_rng(seed)
    listed = rng.integers(500, 2500, size=n)
    voted = rng.binomial(listed, rng.beta(12, 8, size=n))
    voted[:rounded] = np.round(listed[:rounded] * rng.integers(50, 95, size=rounded) / 100)
    return listed, voted, rng.binomial(voted, rng.beta(14, 6, size=n)), voted


@settings(max_examples=20, deadline=None)
@given(st.integers(100, 3000), st.floats(0.01, 0.99), st.sampled_from([0.05, 0.1, 0.3]))
def test_the_probability_by_brute_force(whole, share, width):
    part = round(whole * share)
    counts = np.arange(whole + 1)
    percent = 100 * counts / whole
    near = np.abs(percent - np.round(percent)) <= width + 1e-9
    expected = scipy_stats.binom.pmf(counts[near], whole, part / whole).sum()
    assert _chance(np.array([part]), np.array([whole]), width)[0] == pytest.approx(
        expected, abs=1e-10
    )
    assert _is_near(counts, np.full(whole + 1, whole), width).tolist() == near.tolist()


def test_a_clean_election_has_no_excess():
    scores = []
    for seed in range(8):
        listed, voted, votes, ballots = simulated(seed=seed)
        result = integer_excess(listed, voted, votes=votes, ballots=ballots)
        scores.append(result.excess / result.sd)
    assert np.abs(scores).max() < 3.5
    assert abs(np.mean(scores)) < 3 / 8**0.5


def test_rounded_turnout_is_found_in_turnout_only():
    listed, voted, votes, ballots = simulated(rounded=200)
    result = integer_excess(listed, voted, votes=votes, ballots=ballots)
    assert (result.n, result.applicable) == (2000, True)
    assert result.excess_turnout == pytest.approx(180, abs=30)
    assert abs(result.excess_result) < 4 * result.sd
    assert result.excess == pytest.approx(result.observed - result.expected)
    assert result.excess > 5 * result.sd
    assert "does not say by whom" in result.summary("en")
    assert np.isnan(integer_excess(listed, voted).excess_result)


def test_either_counts_once_and_the_chances_are_joined():
    listed, voted, votes, ballots = simulated(seed=3)
    both, turnout = (
        integer_excess(listed, voted, votes=votes, ballots=ballots),
        integer_excess(listed, voted),
    )
    result = integer_excess(ballots, votes)
    near = _is_near(voted, listed, 0.05) | _is_near(votes, ballots, 0.05)
    assert both.observed == near.sum()
    p, q = _chance(voted, listed, 0.05), _chance(votes, ballots, 0.05)
    assert both.expected == pytest.approx((p + q - p * q).sum())
    assert both.sd**2 == pytest.approx(((p + q - p * q) * (1 - p) * (1 - q)).sum())
    assert (both.excess_turnout, both.excess_result) == pytest.approx(
        (turnout.excess, result.excess)
    )


def test_small_and_nearly_full_stations_are_left_out():
    listed, voted, *_ = simulated(n=400)
    small, full = (
        np.concatenate([listed, [99] * 50, [200] * 50]),
        np.concatenate([voted, [50] * 50, [199] * 50]),
    )
    assert integer_excess(small, full).n == integer_excess(listed, voted).n == 400
    assert integer_excess(small, full, min_listed=50).n == 450
    assert integer_excess(small, full, max_share=1).n == 450


@pytest.mark.parametrize(("n", "applicable"), [(299, False), (300, True)])
def test_fewer_than_300_stations_are_not_applicable(n, applicable):
    listed, voted, *_ = simulated(n=n)
    result = integer_excess(listed, voted)
    assert (result.applicable, np.isnan(result.excess)) == (applicable, not applicable)
    assert result.n == n
    assert ("Not applicable" in result.summary("en")) is not applicable


def test_series_go_by_their_labels_and_whole_numbers_with_gaps_will_do():
    import pandas as pd

    listed, voted, *_ = simulated(n=400)
    plain = integer_excess(listed, voted)
    shuffled = pd.Series(voted, dtype="Int64").sample(frac=1, random_state=0)
    assert integer_excess(pd.Series(listed), shuffled).observed == plain.observed
    assert integer_excess(pd.Series(listed), shuffled.mask(shuffled.index < 20)).n == 380


def test_missing_values_drop_the_station():
    listed, voted, *_ = simulated(n=400)
    assert integer_excess(listed, np.where(np.arange(400) < 50, np.nan, voted)).n == 350


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"listed": [1, 2], "voted": [1]}, "different lengths: listed 2, voted 1"),
        ({"listed": [1], "voted": [1], "votes": [1]}, "go together"),
        ({"listed": [100], "voted": [-1]}, "below 0"),
    ],
)
def test_integer_excess_refuses(columns, words):
    with pytest.raises(ValueError, match=words):
        integer_excess(**columns)
