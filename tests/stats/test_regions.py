"""Concordance, association and spread of regions."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from analysis.errors import UnknownName
from analysis.stats import association, concordance, dispersion, gaps


def test_kendalls_w_by_hand():
    """Sums 2, 5, 5 about 4: S = 6, so W = 12 * 6 / (2^2 * (3^3 - 3)) = 0.75."""
    result = concordance(pd.DataFrame({"first": [10, 20, 30], "second": [1, 3, 2]}))
    assert result.w == pytest.approx(0.75)
    assert result.mean_spearman == pytest.approx(0.5)


def test_w_with_ties_agrees_with_friedmans_test_in_scipy():
    rng = np.random.default_rng(5)
    votes = pd.DataFrame(rng.integers(0, 5, size=(9, 4)))
    result, other = concordance(votes, draws=4999), scipy_stats.friedmanchisquare(*votes.to_numpy())
    assert result.statistic == pytest.approx(other.statistic)
    assert result.p_value == pytest.approx(other.pvalue, abs=0.05)


def test_the_p_value_of_w_agrees_with_all_orders():
    votes = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 2, 4, 3]})
    found = [
        concordance(votes.assign(b=list(order)), draws=1).w for order in permutations([1, 2, 3, 4])
    ]
    share = np.mean(np.array(found) >= concordance(votes, draws=1).w - 1e-9)
    assert concordance(votes, draws=9999).p_value == pytest.approx(share, abs=0.02)


def test_units_with_missing_votes_are_left_out():
    votes = pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 2, 3, np.nan]})
    result = concordance(votes, draws=99)
    assert (result.n_units, result.n_rankings, result.n_dropped, result.w) == (3, 2, 1, 1)
    assert "(1 left out)" in result.summary("en")
    assert concordance(pd.concat([votes, votes.iloc[3:], votes.iloc[3:]]), draws=9).n_dropped == 3


def test_no_p_value_of_random_orders_is_below_one_in_their_number_and_one():
    same = pd.DataFrame({name: range(9) for name in "abcd"})
    assert concordance(same, draws=99).p_value == 1 / 100
    assert association([1, 1, *range(2, 12)], [1, 1, *range(2, 12)], draws=99).p_value == 1 / 100


@pytest.mark.parametrize(
    "frame", [{"a": [1, 2, 3]}, {"a": [1, 2], "b": [1, 2]}, {"a": [5, 5, 5], "b": [1, 1, 1]}]
)
def test_concordance_refuses(frame):
    with pytest.raises(ValueError, match=r"at least two rankings|all units are equal"):
        concordance(pd.DataFrame(frame))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 9999), st.integers(3, 8), st.integers(2, 5))
def test_w_is_a_share_and_does_not_depend_on_the_order_of_units_or_votes(seed, n, m):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n, m)))
    w = concordance(frame, draws=9).w
    assert 0 <= w <= 1 + 1e-12
    assert concordance(
        np.exp(frame).sample(frac=1, random_state=1).iloc[:, ::-1], draws=9
    ).w == pytest.approx(w)


@pytest.mark.parametrize(("swaps", "p"), [(0, 2 * 0.0083), (1, 2 * 0.042)])
def test_association_has_the_exact_tails_of_kendalls_table_for_five(swaps, p):
    y = [1, 2, 3, 4, 5]
    if swaps:
        y[0], y[1] = y[1], y[0]
    result = association([1, 2, 3, 4, 5], y)
    assert (result.method, result.p_value) == ("exact", pytest.approx(p, abs=1e-3))


def test_association_with_ties_agrees_with_all_orders_in_scipy():
    x, y = [1, 1, 2, 3, 4, 5], [2, 1, 3, 3, 6, 5]
    result = association(x, y, draws=20_000)
    statistic = lambda order: scipy_stats.kendalltau(x, order).statistic  # noqa: E731
    other = scipy_stats.permutation_test(
        (y,), statistic, permutation_type="pairings", n_resamples=np.inf
    )
    assert result.tau == pytest.approx(other.statistic)
    assert result.method == "permutation"
    assert result.p_value == pytest.approx(other.pvalue, abs=0.01)


def test_permutation_p_values_are_never_too_small():
    """P(p <= a) <= a under the null: over all orders of a tied vector, within the error of the random draws."""
    x = [1, 1, 2, 3, 4]
    found = np.array(
        [
            association(x, order, draws=199, seed=i).p_value
            for i, order in enumerate(permutations([1, 2, 2, 4, 5]))
        ]
    )
    for a in (0.05, 0.1, 0.2, 0.5):
        assert (found <= a).mean() <= a + 0.02


def test_the_sentence_gives_tau_with_two_digits():
    assert "(tau-b = 0.43, p = 0.239)" in association(
        [1, 2, 3, 4, 5, 6, 7], [2, 1, 4, 7, 3, 6, 5]
    ).summary("en")


def test_association_leaves_out_pairs_with_missing_values():
    assert association([1, 2, np.nan, 3, 4], [1, 2, 3, 4, 5]).n == 4


def test_series_go_by_their_labels():
    x = pd.Series([1, 2, 3, 4, 5], index=list("abcde"))
    assert association(x, x[::-1]).tau == pytest.approx(1)
    with pytest.raises(ValueError, match="different labels"):
        association(x, x.rename({"a": "f"}))


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([1, 2, 3], [1, 2, 3], "found 3 complete pairs"),
        ([1, 1, 1, 1], [1, 2, 3, 4], "the same in all"),
        ([1, 2], [1], "x has 2 values"),
    ],
)
def test_association_refuses(x, y, words):
    with pytest.raises(ValueError, match=words):
        association(x, y)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(-99, 99), min_size=4, max_size=9, unique=True), st.integers(0, 99))
def test_association_is_symmetric_and_rank_based(x, seed):
    y = np.random.default_rng(seed).permutation(len(x))
    there, back = association(x, y), association(y, [v**3 for v in x])
    assert (there.tau, there.p_value) == pytest.approx((back.tau, back.p_value))
    assert association(x, -y).tau == pytest.approx(-there.tau)


def test_dispersion_agrees_with_plain_pandas():
    frame = pd.DataFrame(
        {"2019": [0.6, 0.7, 0.8, 0.3], "2023": [0.5, 0.52, np.nan, 0.6]}, index=list("abcd")
    )
    table = dispersion(frame).table
    for name, column in frame.items():
        known = column.dropna()
        without = [known.drop(unit) for unit in known.index]
        sds = pd.Series([rest.std(ddof=0) for rest in without], index=known.index)
        row = table.loc[name]
        assert row["n"] == len(known)
        assert (row["mean"], row["sd"], row["sd_low"], row["sd_high"]) == pytest.approx(
            (known.mean(), known.std(ddof=0), sds.min(), sds.max())
        )
        assert (row["range"], row["range_low"], row["range_high"]) == pytest.approx(
            (
                known.max() - known.min(),
                min(r.max() - r.min() for r in without),
                max(r.max() - r.min() for r in without),
            )
        )
    assert table["most_influential"].tolist() == ["d", "d"]


def test_dispersion_refuses_two_values():
    with pytest.raises(ValueError, match="column 'a' has 2 values"):
        dispersion(pd.DataFrame({"a": [1, 2, np.nan]}))


def test_the_change_of_spread_leaves_the_same_unit_out_of_both_columns():
    """Worked out with plain pandas: drop a unit from both columns, then take the standard deviations."""
    frame = pd.DataFrame(
        {"2019": [0.6, 0.7, 0.8, 0.3], "2023": [0.5, 0.52, 0.7, 0.2]}, index=list("abcd")
    )
    row = dispersion(frame).changes.loc[("2019", "2023")]
    without = pd.Series(
        {unit: frame.drop(unit).std(ddof=0).diff().iloc[-1] for unit in frame.index}
    )
    assert row["change"] == pytest.approx(frame.std(ddof=0).diff().iloc[-1])
    assert (row["change_low"], row["change_high"]) == pytest.approx((without.min(), without.max()))
    assert row["keeps_sign"] == (np.sign(without) == np.sign(row["change"])).all()
    assert row["change_without"] == pytest.approx(without[row["most_influential"]])


def test_pairs_of_columns_take_the_units_known_in_both_and_the_first_and_last_come_last():
    frame = pd.DataFrame({"a": [1, 2, 4, 9], "b": [1, 3, 5, np.nan], "c": [2, 4, 8, 9]})
    changes = dispersion(frame).changes
    assert changes.index.tolist() == [("a", "b"), ("b", "c"), ("a", "c")]
    assert changes["n"].tolist() == [3, 3, 4]
    assert changes.loc[("a", "b"), "sd_from"] == pytest.approx(np.std([1, 2, 4]))
    with pytest.raises(ValueError, match="columns 'a' and 'b' share 2 values"):
        dispersion(pd.DataFrame({"a": [1, 2, 3, np.nan], "b": [np.nan, 1, 2, 3]}))


def test_a_change_that_one_unit_makes_is_named_and_one_that_all_make_is_not_doubted():
    made = pd.DataFrame(
        {"2019": [0.5, 0.6, 0.7, 0.6], "2023": [0.55, 0.6, 0.65, 0.1]}, index=list("abcd")
    )
    assert "without d the change is −" in dispersion(made).summary("en")
    assert "depends on single units" in dispersion(made).summary("en")
    fair = pd.DataFrame(
        {"2019": [0.5, 0.6, 0.7, 0.4], "2023": [0.4, 0.6, 0.8, 0.2]}, index=list("abcd")
    )
    sentence = dispersion(fair).summary("en")
    assert "rose by 11.2 points, from 11.2 points (2019) to 22.4 points (2023)" in sentence
    assert "has the same sign" in sentence
    back = dispersion(fair.iloc[:, ::-1]).summary("en")
    assert "fell by 11.2 points" in back
    plain = dispersion(fair * 50).summary("en")
    assert "rose by 5.59, from 5.59 (2019)" in plain
    assert dispersion(fair[["2019"]]).summary("en").endswith("is 11.2 points (2019).")


VOTES = pd.DataFrame(
    [[0.7, 0.8, 0.9, 0.6, 0.9, 0.8, 0.7], [0.3, 0.4, 0.2, 0.1, 0.4, 0.2, 0.3], [0.7, 0.2, 0.5, 0.6, np.nan, 0.4, 0.9]],
    index=["high", "low", "mixed"], columns=[f"v{i}" for i in range(7)],
)  # fmt: skip
NATION = pd.Series(0.5, index=VOTES.columns[::-1])


def test_gaps_by_hand():
    """Seven of seven: 2 / 2^7. Mixed: above 0.7, 0.6, 0.9, below 0.2, 0.4, one equal, one missing: three of five, p = 1."""
    table = gaps(VOTES, NATION, method="bonferroni").table
    assert table[["n", "n_above", "n_below"]].values.tolist() == [[7, 7, 0], [7, 0, 7], [6, 3, 2]]
    assert table["p_value"].tolist() == pytest.approx([2 / 128, 2 / 128, 1])
    assert table["p_adjusted"].tolist() == pytest.approx([6 / 128, 6 / 128, 1])
    assert table.loc["mixed", ["median", "low", "high"]].tolist() == pytest.approx(
        [0.05, -0.3, 0.4]
    )


def test_the_sentence_of_gaps_begins_with_the_widest_gaps_in_points():
    sentence = gaps(VOTES, NATION, method="bh").summary("en")
    assert sentence.startswith(
        "Beside the value given for each vote, high (+30 points) is furthest above"
    )
    assert "and low (−20 points) furthest below" in sentence
    assert "above: high; below: low." in sentence
    assert "can be below 0.0156" in sentence
    assert "above: none; below: none." in gaps(VOTES.iloc[:, :5], NATION).summary("en")
    assert "high (+30) is" in gaps(VOTES * 100, NATION * 100).summary("en")


def test_gaps_to_the_median_and_to_the_rest_by_plain_pandas():
    weights = pd.Series([3.0, 1.0, 2.0], index=VOTES.index)
    median = gaps(VOTES).table
    assert median["median"].tolist() == pytest.approx(
        (VOTES - VOTES.median()).median(axis=1).tolist()
    )
    rest = pd.DataFrame(
        {
            unit: VOTES.drop(unit).mul(weights.drop(unit), axis=0).sum()
            / VOTES.drop(unit).notna().mul(weights.drop(unit), axis=0).sum()
            for unit in VOTES.index
        }
    ).T
    found = gaps(VOTES, "rest", weights=weights).table
    assert found["median"].tolist() == pytest.approx((VOTES - rest).median(axis=1).tolist())
    alike = gaps(VOTES, "rest").table
    plain = gaps(VOTES, "rest", weights=weights * 0 + 7).table
    pd.testing.assert_frame_equal(alike, plain)
    assert gaps(VOTES).method == "holm"
    assert gaps(VOTES).reference == "median"


def test_one_outlier_makes_everybody_else_stand_above_the_mean_and_not_above_the_median():
    """Sixteen alike units and a city of a tenth of the voters 40 points below them all."""
    rng = np.random.default_rng(4)
    votes = pd.DataFrame(rng.normal(0.7, 0.02, (17, 9)))
    votes.iloc[0] -= 0.4
    nation = votes.mean()
    assert (gaps(votes, nation).table["n_above"] >= 8).sum() > 10
    against_median = gaps(votes).table
    assert against_median.index[against_median["p_adjusted"] < 0.07].tolist() in ([0], [])
    assert (against_median["n_above"].iloc[1:] >= 8).sum() <= 2


def test_five_votes_cannot_show_a_side_and_order_does_not_matter():
    assert gaps(VOTES.iloc[:, :5], NATION).table["p_value"].min() == 2 / 32
    pd.testing.assert_frame_equal(
        gaps(VOTES.iloc[::-1, ::-1], NATION).table.iloc[::-1], gaps(VOTES, NATION).table
    )
    turned = gaps(1 - VOTES, 1 - NATION).table
    assert turned["p_value"].tolist() == gaps(VOTES, NATION).table["p_value"].tolist()
    assert turned["n_above"].tolist() == gaps(VOTES, NATION).table["n_below"].tolist()


@pytest.mark.parametrize(
    ("frame", "reference", "options", "words"),
    [
        (VOTES, NATION.drop("v3"), {}, "each vote needs a reference"),
        (VOTES.assign(v0=np.nan)[["v0"]], NATION, {}, "each unit needs at least one vote"),
        (VOTES, "mean", {}, "reference 'mean' is not known"),
        (VOTES, "median", {"method": "sidak"}, "method 'sidak' is not known"),
        (VOTES, "rest", {"weights": pd.Series({"high": 1.0})}, "needs a weight above 0"),
        (pd.concat([VOTES, VOTES]), "median", {}, "has 'high' twice"),
    ],
)
def test_gaps_refuse(frame, reference, options, words):
    with pytest.raises((ValueError, UnknownName), match=words):
        gaps(frame, reference, **options)


def test_p_values_of_concordance_are_small_as_rarely_as_they_say():
    rng = np.random.default_rng(9)
    found = np.array(
        [
            concordance(pd.DataFrame(rng.random((5, 3)).round(1)), draws=99, seed=i).p_value
            for i in range(150)
        ]
    )
    for a in (0.05, 0.1, 0.3):
        assert (found <= a).mean() <= a + 3 * (a * (1 - a) / 150) ** 0.5
