"""Funnel limits: what they promise, and Spiegelhalter's factor by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from analysis.stats import funnel

# Mean square of a standard normal, the outer tenths pulled in to 1.2816, by numerical integration.
GRID = np.linspace(-9, 9, 200_001)
CHANCE = float(
    (np.clip(GRID, -1.2815515655, 1.2815515655) ** 2 * scipy_stats.norm.pdf(GRID)).sum()
    * (GRID[1] - GRID[0])
)


def units(counts, totals):
    return pd.DataFrame(
        {"body": [f"b{i}" for i in range(len(counts))], "late": counts, "all": totals}
    )


def run(frame, **options):
    return funnel(frame, count="late", total="all", unit="body", **options)


@pytest.mark.parametrize("level", [0.95, 0.998])
def test_the_probability_between_counts_is_the_tail_asked_for(level):
    """Spiegelhalter (2005), appendix A.1.1: interpolating P(R <= r) between counts at the limit gives the tail exactly."""
    result = run(units([30, 40, 60, 20], [100, 150, 180, 60]), levels=(level,))
    tail = (1 - level) / 2
    for row in result.table.itertuples():
        for limit, p in [(f"low_{level:g}", tail), (f"high_{level:g}", 1 - tail)]:
            r = result.table.loc[row.Index, limit] * row.total
            steps = np.arange(row.total + 1)
            assert np.interp(
                r, steps, scipy_stats.binom.cdf(steps, row.total, result.target)
            ) == pytest.approx(p)


def test_the_overdispersion_factor_by_hand():
    """Eleven units of 100 about 0.5: the z-scores are -2 to 2 in steps; the ends are pulled in to the tenth from the end."""
    counts = [40, 42, 44, 46, 48, 50, 52, 54, 56, 58, 60]
    result = run(units(counts, [100] * 11))
    assert result.target == 0.5
    z = np.array([-1.6, -1.6, -1.2, -0.8, -0.4, 0, 0.4, 0.8, 1.2, 1.6, 1.6])
    assert result.overdispersion == pytest.approx((z**2).mean() / CHANCE)


def test_who_is_outside_and_by_how_much():
    frame = units([50, 50, 48, 52, 61, 95, 5], [100] * 6 + [10])
    result = run(frame)
    outside = result.table.set_index("unit")["outside"]
    assert outside["b5"] == 0.998
    assert outside["b0"] == 0
    assert bool(result.table.set_index("unit").loc["b6", "too_small"])
    assert outside["b6"] == 0
    assert result.target == pytest.approx(361 / 610)


def test_limits_widen_with_overdispersion_only():
    wild = run(units([100, 900, 200, 800, 500, 300, 700, 400, 600, 500], [1000] * 10))
    assert wild.overdispersion > 10
    wider = wild.overdispersion**0.5
    for side in ("low", "high"):
        exact, adjusted = wild.table[f"{side}_0.998"], wild.table[f"adjusted_{side}_0.998"]
        assert adjusted.tolist() == pytest.approx((0.5 + (exact - 0.5) * wider).clip(0, 1).tolist())
    assert (wild.table["outside"] == 0.998).sum() == 8
    assert (wild.table["outside_adjusted"] == 0).all()
    calm = run(units([500, 501, 499, 500], [1000] * 4))
    assert calm.table["adjusted_low_0.95"].tolist() == pytest.approx(
        calm.table["low_0.95"].tolist()
    )


def test_missing_rows_are_left_out_and_small_units_count_for_the_target():
    frame = pd.concat(
        [units([30, 30, 30], [100, 100, 100]), units([np.nan, 9], [100, 10])], ignore_index=True
    )
    result = run(frame)
    assert len(result.table) == 4
    at_least = run(units([9, 10, 11, 12], [29, 30, 30, 31]))
    assert at_least.table["too_small"].tolist() == [True, False, False, False]
    assert (at_least.limits["total"].iloc[0], at_least.limits["total"].iloc[-1]) == (30, 33)
    none = run(units([0, 9, 10, 11], [0, 30, 30, 31]), min_n=0)
    assert np.isnan(none.table["share"].iloc[0])
    assert none.limits["total"].iloc[0] == 1
    assert result.target == pytest.approx(99 / 310)
    assert run(frame, target=0.3).target == 0.3
    assert result.min_n == 30


def test_a_factor_that_chance_gives_is_not_called_overdispersion():
    """Ten units of chance: the factor varies by sqrt(0.391 / 10) / 0.679 = 0.291, so 1.58 is the bound."""
    mild = run(units([44, 56] * 5, [100] * 10))
    assert mild.overdispersion == pytest.approx(1.44 / CHANCE, rel=1e-4)
    assert mild.overdispersed
    calm = run(units([45, 55] * 5, [100] * 10))
    assert calm.overdispersion == pytest.approx(1 / CHANCE, rel=1e-4)
    assert 1.47 < calm.overdispersion < 1.57
    assert not calm.overdispersed
    assert "more than chance" not in calm.summary("en")
    assert "more than chance" in mild.summary("en")
    wider = mild.overdispersion**0.5
    for side in ("low", "high"):
        exact, adjusted = mild.table[f"{side}_0.95"], mild.table[f"adjusted_{side}_0.95"]
        assert adjusted.tolist() == pytest.approx((0.5 + (exact - 0.5) * wider).tolist())
        assert mild.limits[f"adjusted_{side}_0.95"].between(0.01, 0.99).all()


def test_whole_numbers_with_gaps_and_words_that_are_numbers_will_do():
    plain = run(units([30, 40, 60, 20], [100, 150, 180, 60]))
    for kind in ("Int64", "str"):
        other = run(
            units([30, 40, 60, 20], [100, 150, 180, 60]).astype(
                {"late": kind, "all": kind, "body": "category"}
            )
        )
        assert other.table["z"].tolist() == plain.table["z"].tolist()
    for level in (95, 1, 0):
        with pytest.raises(ValueError, match="levels is"):
            run(units([30, 40, 60, 20], [100, 150, 180, 60]), levels=(level,))


def test_the_bound_of_chance_is_two_errors_of_the_factor():
    """The variance of the squared, pulled-in normal by numerical integration: 0.391."""
    squares = np.clip(GRID, -1.2815515655, 1.2815515655) ** 2
    weights = scipy_stats.norm.pdf(GRID) * (GRID[1] - GRID[0])
    variance = float((squares**2 * weights).sum()) - CHANCE**2
    assert variance == pytest.approx(0.391, abs=5e-4)
    for n in (10, 20, 40):
        bound = 1 + 2 * (variance / n) ** 0.5 / CHANCE
        for beyond in (0.97, 1.03):
            away = (
                5 * (beyond * bound * CHANCE) ** 0.5
            )  # z is away / 5 with 100 in each of two arms
            result = run(units([50 - away, 50 + away] * (n // 2), [100] * n))
            assert result.overdispersed == (beyond > 1), (n, beyond)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (units([5, 5, 101], [100] * 3), "above its total"),
        (units([5, 5, -1], [100] * 3), "below 0"),
        (units([100, 100, 100], [100] * 3), "is 1; there is nothing"),
        (units([5, 5], [100] * 2), "found 2 units"),
        (units([0, 0, 0], [100] * 3), "is 0; there is nothing"),
    ],
)
def test_funnel_refuses(frame, words):
    with pytest.raises(ValueError, match=words):
        run(frame)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(40, 400)), min_size=3, max_size=12))
def test_limits_hold_the_target_are_nested_and_do_not_depend_on_order(pairs):
    counts, totals = zip(*pairs, strict=True)
    if sum(counts) == 0 or sum(counts) == sum(totals):
        return
    frame = units(list(counts), list(totals))
    table = run(frame).table
    assert (table["low_0.998"] >= 0).all() and (table["high_0.998"] <= 1).all()
    assert (table["low_0.998"] <= table["low_0.95"] + 1e-12).all() and (
        table["high_0.95"] <= table["high_0.998"] + 1e-12
    ).all()
    back = run(frame[::-1]).table.set_index("unit")["outside"]
    assert back.loc[table["unit"]].tolist() == table["outside"].tolist()


def test_a_unit_of_chance_is_outside_as_rarely_as_promised():
    rng = np.random.default_rng(2)
    totals = rng.integers(50, 2000, size=4000)
    result = run(units(rng.binomial(totals, 0.3), totals))
    assert (result.table["outside"] >= 0.95).mean() == pytest.approx(0.05, abs=0.012)
    assert (result.table["outside"] == 0.998).mean() == pytest.approx(0.002, abs=0.0025)


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_the_chart_shows_every_unit_and_says_what_the_result_says(language):
    from analysis.charts import plot_funnel

    for result, lines in [
        (run(units([500, 501, 499, 500, 5], [1000] * 4 + [10])), 5),
        (run(units([100, 900, 200, 800], [1000] * 4)), 9),
    ]:
        chart = plot_funnel(result, title="?", language=language)
        assert sum(len(points.get_offsets()) for points in chart.axes[0].collections) == len(
            result.table
        )
        assert len(chart.axes[0].lines) == lines
        assert chart.alt == result.summary(language)
        if language == "kk":
            assert chart.png() == plot_funnel(result, title="?", language=language).png()


def test_the_deviation_between_units_agrees_with_statsmodels():
    """Spiegelhalter (2005), appendix A.3: (I phi - (I - 1)) / C, with the C of DerSimonian and Laird.

    statsmodels' tau2 of the same shares and variances is (Q - (I - 1)) / C, which gives C.
    """
    from statsmodels.stats.meta_analysis import combine_effects

    totals = np.array([100, 200, 400, 800, 150, 300, 600, 250])
    counts = np.array([20, 80, 90, 300, 60, 60, 240, 50])
    result = run(units(counts, totals))
    target = counts.sum() / totals.sum()
    other = combine_effects(counts / totals, target * (1 - target) / totals, method_re="dl")
    scale = (other.q - 7) / other.tau2
    assert result.tau**2 == pytest.approx((8 * result.overdispersion - 7) / scale)
    further = np.sqrt(1 + result.tau**2 / (target * (1 - target) / totals))
    table = result.table
    moved = target + (table["low_0.95"] - target) * further
    assert table["random_low_0.95"].tolist() == pytest.approx(moved.clip(0, 1).tolist())


def test_without_excess_there_is_no_deviation_between_units():
    result = run(units([30, 61, 89, 120], [100, 200, 300, 400]))
    assert result.tau == 0
    assert result.table["random_high_0.95"].tolist() == result.table["high_0.95"].tolist()


@pytest.mark.parametrize(("factor", "tau"), [(1, 0.0), (4, 0.0), (1, 0.06)])
def test_the_factor_and_the_deviation_that_were_simulated_come_back(factor, tau):
    """2,000 units, so that the factor is known to about 4 %: winsorising does not pull it down."""
    rng = np.random.default_rng(5)
    totals = 4 * rng.integers(50, 200, 2000)
    shares = np.clip(rng.normal(0.3, tau, 2000), 0, 1) if tau else np.full(2000, 0.3)
    result = run(units(factor * rng.binomial(totals // factor, shares), totals))
    if tau:
        assert result.tau == pytest.approx(tau, rel=0.06)
        assert (result.table["outside_random"] >= 0.95).mean() == pytest.approx(0.05, abs=0.015)
    else:
        assert result.overdispersion == pytest.approx(factor, rel=0.1)
        assert (result.table["outside_adjusted"] >= 0.95).mean() == pytest.approx(0.05, abs=0.015)
