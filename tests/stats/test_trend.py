"""Mann-Kendall, Pettitt and the block bootstrap, against published numbers and other programs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pymannkendall
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from analysis.errors import UnknownName
from analysis.stats import block_bootstrap, change_point, mann_kendall, mann_kendall_rows

# Pettitt (1979), Table 1, as reprinted in the examples of the R packages wq and trend (PagesData).
PETTITT_1979 = [
    -1.05, 0.96, 1.22, 0.58, -0.98, -0.03, -1.54, -0.71, -0.35, 0.66, 0.44, 0.91, -0.02, -1.42, 1.26, -1.02, -0.81, 1.66, 1.05, 0.97,
    2.14, 1.22, -0.24, 1.60, 0.72, -0.12, 0.44, 0.03, 0.66, 0.56, 1.37, 1.66, 0.10, 0.80, 1.29, 0.49, -0.07, 1.18, 3.29, 1.84,
]  # fmt: skip
OTHERS = {
    "normal": pymannkendall.original_test,
    "hamed_rao": pymannkendall.hamed_rao_modification_test,
    "yue_wang": pymannkendall.yue_wang_modification_test,
    "prewhitened": pymannkendall.pre_whitening_modification_test,
    "seasonal": pymannkendall.seasonal_test,
    "correlated_seasonal": pymannkendall.correlated_seasonal_test,
}
series = st.lists(st.floats(-1e3, 1e3).map(lambda x: round(x, 2)), min_size=4, max_size=14)
long_series = st.lists(st.integers(-50, 50), min_size=24, max_size=48)


@pytest.fixture(scope="module")
def nile() -> np.ndarray:
    return sm.datasets.nile.load_pandas().data["volume"].to_numpy()


@pytest.fixture(scope="module")
def co2() -> np.ndarray:
    """Monthly means of 20 years of CO2 at Mauna Loa with their trend halved away, so that p-values are not 0."""
    monthly = (
        sm.datasets.co2.load_pandas()
        .data["co2"]
        .resample("MS")
        .mean()
        .interpolate()["1960":"1979"]
        .to_numpy()
    )
    return monthly - np.arange(240) * 0.08


def agrees(result, other):
    for ours, theirs in [
        ("s", "s"),
        ("var_s", "var_s"),
        ("z", "z"),
        ("p_value", "p"),
        ("slope", "slope"),
    ]:
        assert getattr(result, ours) == pytest.approx(
            getattr(other, theirs), rel=1e-10, abs=1e-12
        ), ours
    assert result.trend == other.trend


@pytest.mark.parametrize("method", ["normal", "hamed_rao", "yue_wang", "prewhitened"])
def test_the_nile_agrees_with_pymannkendall(nile, method):
    """With all lags, where it has lags: that is the other program's default, and not ours."""
    lag = len(nile) - 1 if method in ("hamed_rao", "yue_wang") else None
    agrees(mann_kendall(nile, method=method, lag=lag), OTHERS[method](nile))


def test_the_score_of_the_nile_as_pymannkendall_prints_it(nile):
    """Printed by pymannkendall 1.4.3. The example of mk.test in the R package trend is this series; its output was not at hand."""
    result = mann_kendall(nile)
    assert (result.n, result.s, result.method) == (100, -1387, "normal")
    assert result.var_s == pytest.approx(112728.33, abs=0.01)
    assert result.z == pytest.approx(-4.128, abs=5e-4)


@pytest.mark.parametrize("lag", [1, 3])
@pytest.mark.parametrize("method", ["hamed_rao", "yue_wang"])
def test_the_lag_agrees_with_pymannkendall(nile, method, lag):
    result = mann_kendall(nile, method=method, lag=lag)
    agrees(result, OTHERS[method](nile, lag=lag))
    assert result.lag == lag


@pytest.mark.parametrize("method", ["seasonal", "correlated_seasonal"])
def test_months_agree_with_pymannkendall(co2, method):
    agrees(mann_kendall(co2, method=method), OTHERS[method](co2, period=12))


def test_months_with_ties_gaps_and_a_cut_last_year_agree_with_pymannkendall(co2):
    values = np.round(co2[60:162])
    values[[3, 20]] = np.nan
    result = mann_kendall(values, method="seasonal")
    agrees(result, pymannkendall.seasonal_test(values, period=12))
    assert (result.n, result.s > 0) == (100, True)


def test_months_with_dates_have_a_slope_per_year(co2):
    months = pd.date_range("1960-01-01", periods=240, freq="MS")
    plain, dated = (mann_kendall(co2, times, method="seasonal") for times in (None, months))
    assert dated.slope == pytest.approx(plain.slope, rel=1e-3)
    with pytest.raises(ValueError, match="not evenly spaced"):
        mann_kendall(np.delete(co2, 5), months.delete(5), method="seasonal")


@pytest.mark.parametrize(
    ("n", "s", "p"),
    [
        (4, 6, 0.042),
        (5, 8, 0.042),
        (8, 16, 0.031),
        (9, 20, 0.022),
        (10, 23, 0.023),
        (10, 25, 0.014),
    ],
)
def test_exact_tails_of_gilbert_1987_table_a18(n, s, p):
    swaps = (n * (n - 1) // 2 - s) // 2
    values = list(range(n))
    for _ in range(swaps):
        i = next(i for i in range(n - 1) if values[i] < values[i + 1])
        values[i], values[i + 1] = values[i + 1], values[i]
    result = mann_kendall(values, alternative="greater")
    assert (result.s, result.method) == (s, "exact")
    assert result.p_value == pytest.approx(p, abs=5e-4)


@pytest.mark.parametrize("values", [[3, 1, 4, 1.5, 9, 2.6], [2, 7, 1, 8, 2.8, 1.8, 2.9]])
def test_exact_p_values_and_tau_agree_with_scipy(values):
    result, other = (
        mann_kendall(values),
        scipy_stats.kendalltau(range(len(values)), values, method="exact"),
    )
    assert (result.tau, result.p_value) == pytest.approx((other.statistic, other.pvalue))


def test_ties_in_values_and_times_agree_with_scipy(nile):
    values, times = np.round(nile, -2), np.arange(100) // 3 * 2
    result, other = (
        mann_kendall(values, times),
        scipy_stats.kendalltau(times, values, method="asymptotic"),
    )
    assert result.tau == pytest.approx(other.statistic)
    assert 2 * scipy_stats.norm.sf(abs(result.s) / result.var_s**0.5) == pytest.approx(other.pvalue)


@pytest.mark.parametrize("level", [0.8, 0.95])
def test_the_interval_of_the_slope_agrees_with_scipy(nile, level):
    years = np.arange(1871, 1971)
    result, other = (
        mann_kendall(nile, years, level=level),
        scipy_stats.theilslopes(nile, years, alpha=level),
    )
    assert (result.slope, result.slope_low, result.slope_high) == pytest.approx(
        (other.slope, other.low_slope, other.high_slope)
    )


def test_the_exact_interval_of_hollander_and_wolfe_section_9_3():
    """For n = 5, P(S >= 10) = 1/120 and P(S >= 8) = 5/120 > 0.025, so the bounds are the extremes of the ten slopes."""
    values = [2.0, 3.5, 3.0, 6.0, 8.5]
    slopes = sorted((values[j] - values[i]) / (j - i) for i in range(5) for j in range(i + 1, 5))
    result = mann_kendall(values)
    assert (result.slope_low, result.slope_high) == (slopes[0], slopes[-1])


def test_four_yearly_points_cannot_show_a_trend():
    result = mann_kendall([1, 2, 3, 4], [2021, 2022, 2023, 2024])
    assert (result.p_value, result.trend) == (pytest.approx(2 / 24), "no trend")
    assert (result.slope_low, result.slope_high) == (-np.inf, np.inf)
    assert "no trend can be significant" in result.summary("en")
    assert "can be significant" not in mann_kendall([1, 2, 3, 4, 5]).summary("en")


@pytest.mark.parametrize(
    ("alternative", "trend"),
    [("greater", "increasing"), ("less", "no trend"), ("two-sided", "no trend")],
)
def test_one_sided_alternatives(alternative, trend):
    assert mann_kendall([1, 2, 3, 4], alternative=alternative).trend == trend
    many = mann_kendall(range(12), alternative=alternative)
    assert many.p_value == pytest.approx(
        {"greater": 0, "less": 1, "two-sided": 0}[alternative], abs=1e-4
    )


def test_missing_values_go_with_their_times():
    assert mann_kendall([1, None, 9, 4, 5], [1, 2, 3, 4, 5]) == mann_kendall(
        [1, 9, 4, 5], [1, 3, 4, 5]
    )
    assert (
        mann_kendall([1, np.nan, 9, 4, 5]).slope == mann_kendall([1, 9, 4, 5], [0, 2, 3, 4]).slope
    )
    assert mann_kendall([5, 4, 9, 1], [5, 4, 3, 1]) == mann_kendall([1, 9, 4, 5], [1, 3, 4, 5])


YEARS = ["2021-01-01", "2022-01-01", "2023-01-01", "2024-01-01"]


@pytest.mark.parametrize(
    "years",
    [
        YEARS, pd.to_datetime(YEARS), pd.to_datetime(YEARS).date, pd.Series(pd.to_datetime(YEARS), index=[7, 8, 9, 10]),
        pd.to_datetime(YEARS).tz_localize("Asia/Almaty"), pd.PeriodIndex(YEARS, freq="Y"), pd.Categorical(pd.to_datetime(YEARS)),
        ["2021", "2022", "2023", "2024"], pd.array([2021, 2022, 2023, 2024], dtype="Int64"),
    ],
)  # fmt: skip
def test_dates_in_whatever_form_give_a_slope_per_year(years):
    assert mann_kendall([1, 2, 3, 4], years).slope == pytest.approx(1, rel=1e-3)


def test_whole_numbers_with_gaps_and_missing_times_are_dropped():
    values = pd.Series([3, None, 5, 4, 8, 9], dtype="Int64")
    times = pd.to_datetime(["2020", "2021", "2022", None, "2024", "2025"])
    assert mann_kendall(values, times) == mann_kendall([3, 5, 8, 9], times[[0, 2, 4, 5]])


def test_a_constant_series_has_no_trend():
    result = mann_kendall([7] * 12)
    assert (result.s, result.z, result.p_value, result.trend, result.slope) == (
        0,
        0,
        1,
        "no trend",
        0,
    )
    assert np.isnan(result.tau)


@pytest.mark.parametrize(
    ("values", "options", "words"),
    [
        ([1, 2, 3], {}, "found 3 values"),
        ([1, 2, np.nan, 3], {}, "found 3 values"),
        ([1, 2, 2, 3], {"method": "exact"}, "without ties"),
        ([1, 2, 3, np.inf], {}, "infinite"),
        ([1, 2, 3, 4], {"method": "best"}, "method 'best' is not known"),
        ([1, 2, 3, 4], {"alternative": "up"}, "alternative 'up'"),
        ([1, 2, 3, 4], {"level": 1}, "level is 1"),
        ([1, 2, 3, 4], {"level": 0}, "level is 0"),
        ([1, 2, 3, 4], {"times": [1, 2]}, "times has 2 entries"),
        ([1, 2, 3, 4], {"times": pd.to_datetime(["2020", "2021"])}, "times has 2 entries"),
        ([1, 2, 3, 4], {"times": ["05.07.2020"] * 4}, "times has '05.07.2020'"),
        ([1, 2, 3, 4], {"times": [7] * 4}, "all 4 times are equal"),
        (range(14), {"method": "hamed_rao"}, "found 14 values; hamed_rao needs at least 15"),
        (range(20), {"method": "yue_wang", "lag": 20}, "found 20 values; yue_wang"),
        (range(30), {"method": "hamed_rao", "lag": 0}, "lag is 0"),
        (range(30), {"method": "seasonal", "period": 1}, "period is 1"),
        (range(12), {"method": "seasonal"}, "two whole cycles"),
        ([1.0] * 20, {"method": "hamed_rao"}, "no variation"),
        (range(30), {"method": "hamed_rao", "lag": 3.5}, "lag is 3.5"),
        ([1, 2, 3, 4j], {}, "complex"),
        ([1, -1] * 10, {"method": "yue_wang", "lag": 1}, "small lag"),
    ],
)
def test_what_cannot_be_tested_is_refused(values, options, words):
    with pytest.raises((ValueError, UnknownName), match=words):
        mann_kendall(values, **options)


@settings(max_examples=25, deadline=None)
@given(series)
def test_s_and_tau_are_antisymmetric_in_time_and_under_a_change_of_sign(values):
    there, back, mirrored = (
        mann_kendall(values),
        mann_kendall(values[::-1]),
        mann_kendall([-v for v in values]),
    )
    assert there.s == -back.s == -mirrored.s
    assert there.tau == pytest.approx(-back.tau, nan_ok=True)
    assert there.p_value == pytest.approx(back.p_value)
    assert (there.slope_low, there.slope_high) == pytest.approx(
        (-mirrored.slope_high, -mirrored.slope_low)
    )


@settings(max_examples=25, deadline=None)
@given(series)
def test_s_tau_and_p_do_not_change_under_a_monotone_transform(values):
    plain, cubed = mann_kendall(values), mann_kendall([float(v) ** 3 + 5 for v in values])
    assert (plain.s, plain.p_value) == (cubed.s, cubed.p_value)


@settings(max_examples=25, deadline=None)
@given(series, st.integers(1, 9), st.integers(-9, 9), st.integers(1, 9))
def test_the_slope_is_equivariant(values, scale, shift, unit):
    """Times a constant, plus a line, in another unit of time: the slope and its interval follow."""
    times = np.arange(len(values))
    plain = mann_kendall(values, times)
    changed = mann_kendall(np.array(values) * scale + 3, times * unit)
    assert changed.slope == pytest.approx(plain.slope * scale / unit, abs=1e-6)
    bounds = (plain.slope_low * scale / unit, plain.slope_high * scale / unit)
    assert (changed.slope_low, changed.slope_high) == pytest.approx(bounds, abs=1e-6)
    tilted = mann_kendall(np.array(values) + shift * times, times)
    assert tilted.slope == pytest.approx(plain.slope + shift, abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(series)
def test_the_interval_of_the_slope_holds_it_and_grows_with_the_level(values):
    narrow, wide = mann_kendall(values, level=0.6), mann_kendall(values, level=0.99)
    assert (
        wide.slope_low <= narrow.slope_low <= narrow.slope <= narrow.slope_high <= wide.slope_high
    )


@settings(max_examples=10, deadline=None)
@given(long_series)
def test_the_seasonal_test_is_antisymmetric_and_rank_based(values):
    values = values[: len(values) // 4 * 4]
    there, back = (mann_kendall(v, method="seasonal", period=4) for v in (values, values[::-1]))
    cubed = mann_kendall([v**3 for v in values], method="seasonal", period=4)
    assert there.s == -back.s == cubed.s
    assert (there.tau, there.tau) == pytest.approx((-back.tau, cubed.tau), nan_ok=True)
    assert there.var_s == cubed.var_s


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_many_series_at_once_agree_with_one_by_one(seed, tied):
    rng = np.random.default_rng(seed)
    times = rng.integers(0, 8, 12) if tied else rng.permutation(12)
    rows = rng.normal(size=(7, 12)).round(rng.integers(0, 3))
    rows[0, 3] = rows[1, 0] = np.nan
    table = mann_kendall_rows(rows, times)
    for row, line in zip(rows, table.itertuples(), strict=True):
        single = mann_kendall(row, times, method="normal")
        for name in table.columns:
            assert getattr(line, name) == pytest.approx(getattr(single, name), nan_ok=True), name


def test_short_rows_have_no_p_value_and_shapes_are_checked():
    table = mann_kendall_rows(
        pd.DataFrame({"a": [1, None], "b": [2, 3], "c": [4, 3], "d": [5, 5]}, dtype="Int64")
    )
    assert (table["n"].tolist(), table["p_value"].isna().tolist()) == ([4, 3], [False, True])
    for wrong in ([1, 2, 3, 4], np.empty((0, 5)), [[1, 2, np.inf, 4]]):
        with pytest.raises(ValueError, match="series in rows"):
            mann_kendall_rows(wrong)


def test_exact_p_values_are_never_too_small():
    """P(p <= a) <= a over all orders of five values."""
    from itertools import permutations

    found = np.array([mann_kendall(order).p_value for order in permutations(range(5))])
    for a in np.unique(found):
        assert (found <= a).mean() <= a + 1e-12


@pytest.mark.slow
@pytest.mark.parametrize("method", ["hamed_rao", "yue_wang", "prewhitened"])
def test_corrections_reject_less_than_the_plain_test_on_series_that_remember(method):
    rng = np.random.default_rng(1)
    plain = corrected = 0
    for _ in range(200):
        noise = rng.normal(size=80)
        values = np.array([0.0, *noise])
        for i in range(1, 81):
            values[i] += 0.5 * values[i - 1]
        plain += mann_kendall(values).p_value < 0.05
        corrected += (
            mann_kendall(values, method=method, lag=None if method == "prewhitened" else 1).p_value
            < 0.05
        )
    assert corrected < plain


def test_the_example_of_pettitt_1979():
    result = change_point(PETTITT_1979)
    assert (result.n, result.statistic, result.position) == (40, 232, 17)
    assert result.p_value == pytest.approx(0.0146, abs=5e-5)


def test_the_nile_changes_after_1898(nile):
    """Cobb (1978) and the R manual page of Nile: the level falls in 1898, with the building of the dam at Aswan."""
    assert 1870 + change_point(nile).position == 1898


@settings(max_examples=15, deadline=None)
@given(series)
def test_the_change_is_rank_based_and_bounded(values):
    plain, cubed = change_point(values), change_point([v**3 for v in values])
    assert (plain.statistic, plain.position) == (cubed.statistic, cubed.position)
    assert 0 <= plain.p_value <= 1
    assert change_point(values[::-1]).statistic == plain.statistic


def test_change_point_refuses_three_values():
    with pytest.raises(ValueError, match="found 3 values"):
        change_point([1, 2, 3])
    assert change_point([1, 1, 2, 2]).position == 2


def test_a_level_is_judged_for_autocorrelation_from_fifteen_values_on():
    drift = np.cumsum(np.r_[np.ones(8), -np.ones(7)])
    assert np.isnan(change_point(drift[:14]).autocorrelation)
    assert change_point(drift).autocorrelation > 0


def test_blocks_of_one_give_the_textbook_standard_error(nile):
    result = block_bootstrap(nile, block=1, draws=4000)
    assert result.se == pytest.approx(nile.std() / 10, rel=0.05)
    assert (result.high - result.low) / 2 == pytest.approx(1.96 * nile.std() / 10, rel=0.06)


def test_blocks_widen_the_interval_of_a_series_that_remembers(nile):
    one, many = block_bootstrap(nile, block=1), block_bootstrap(nile, block=10)
    assert many.se > 1.3 * one.se
    assert block_bootstrap(nile).block == 5
    assert block_bootstrap(nile) == block_bootstrap(nile)
    assert block_bootstrap(nile, seed=1) != block_bootstrap(nile)


def test_a_block_as_long_as_the_series_only_turns_it_round(nile):
    result = block_bootstrap(nile, block=100, draws=50)
    assert (result.low, result.high, result.se) == pytest.approx(
        (nile.mean(), nile.mean(), 0), abs=1e-9
    )


def test_a_statistic_of_one_series_will_do(nile):
    assert block_bootstrap(
        nile, lambda row: float(sorted(row)[50] + sorted(row)[49]) / 2, draws=99
    ) == block_bootstrap(nile, np.median, draws=99)


def test_the_interval_narrows_with_the_level_and_is_checked(nile):
    narrow, wide = (block_bootstrap(nile, level=level) for level in (0.5, 0.99))
    assert wide.low < narrow.low < narrow.estimate < narrow.high < wide.high
    with pytest.raises(ValueError, match="level is 95"):
        block_bootstrap(nile, level=95)
    with pytest.raises(ValueError, match="1 draws"):
        block_bootstrap(nile, draws=1)


@pytest.mark.parametrize(
    ("values", "block"), [(range(9), None), (range(20), 21), (range(20), -1), (range(20), 0)]
)
def test_what_cannot_be_resampled_is_refused(values, block):
    with pytest.raises(ValueError, match="resampling needs"):
        block_bootstrap(values, block=block)


def test_a_year_of_dates_is_365_2425_days():
    days = pd.Timestamp("2000-01-01") + pd.to_timedelta(365.2425 * np.arange(5), unit="D")
    assert mann_kendall([2, 4, 6, 8, 10], days).slope == pytest.approx(2, rel=1e-9)


def test_two_cycles_are_enough_for_seasons_and_slopes_are_in_the_units_of_time():
    """Quarters half a unit apart: a cycle is two units, each season rises by 6 in it, so the slope is 3."""
    values, times = [1, 2, 3, 4, 7, 8, 9, 10], np.arange(8) * 0.5
    result = mann_kendall(values, times, method="seasonal", period=4)
    assert (result.n, result.s, result.tau, result.slope) == (8, 4, 1, 3)
    assert mann_kendall(values, method="seasonal", period=4).slope == 6


def test_the_covariance_of_seasons_by_hand():
    """Two seasons in the same order over three cycles: each variance 3 * 2 * 11 / 18, and the covariance as large."""
    values = [1, 10, 2, 20, 3, 30]
    apart, together = (
        mann_kendall(values, method=m, period=2) for m in ("seasonal", "correlated_seasonal")
    )
    assert apart.var_s == pytest.approx(2 * 11 / 3)
    assert together.var_s == pytest.approx(4 * 11 / 3)
    assert together.z == pytest.approx(6 / (44 / 3) ** 0.5)


@pytest.mark.parametrize("n", [4, 5, 9, 10])
def test_the_smallest_p_value_is_that_of_a_series_that_only_rises(n):
    for alternative in ("two-sided", "greater"):
        result = mann_kendall(range(n), alternative=alternative)
        assert result.p_value == pytest.approx(result.smallest_p_value)
    assert mann_kendall(range(11)).method == "normal"
    assert mann_kendall(range(10)).method == "exact"


def test_the_change_by_hand():
    """Ranks 1 3 2 5 4 6 7: U_t = 2 sum of ranks - t (n + 1): -6, -8, -12, -10, -10, -6; p = 2 exp(-6 * 144 / (343 + 49))."""
    result = change_point([1, 3, 2, 5, 4, 6, 7])
    assert (result.statistic, result.position) == (12, 3)
    assert result.p_value == pytest.approx(2 * np.exp(-6 * 144 / 392))


def test_a_block_of_the_bootstrap_keeps_neighbours_together():
    values = np.arange(30.0)
    steps = []
    block_bootstrap(values, lambda rows: steps.append(np.diff(rows)) or 0.0, block=5, draws=20)
    inside = np.delete(np.array(steps[:-1]) % 30, [4, 9, 14, 19, 24], axis=1)
    assert (inside == 1).all()
    assert len(steps) == 21


def test_two_different_times_are_enough():
    result = mann_kendall([1, 2, 3, 4], [7, 7, 7, 8])
    assert (result.s, result.slope) == (3, 2)


@pytest.mark.parametrize("n", [9, 40])
def test_the_interval_of_the_slope_covers_as_often_as_promised(n):
    """Series with slope 0.3: the exact interval covers at least, the normal one about, 90 % of the time."""
    times = np.arange(n)
    rows = 0.3 * times + np.random.default_rng(6).standard_t(3, size=(2000 if n > 10 else 150, n))
    if n > 10:
        table = mann_kendall_rows(rows, times, level=0.9)
    else:
        table = pd.DataFrame([vars(mann_kendall(row, times, level=0.9)) for row in rows])
    covered = ((table["slope_low"] <= 0.3) & (table["slope_high"] >= 0.3)).mean()
    error = 3 * (0.9 * 0.1 / len(rows)) ** 0.5
    assert 0.9 - error <= covered <= (0.9 + error if n > 10 else 0.98)


def test_p_values_of_series_without_a_trend_are_small_as_rarely_as_they_say():
    table = mann_kendall_rows(np.random.default_rng(8).normal(size=(4000, 30)).round(1))
    for a in (0.01, 0.05, 0.2):
        assert (table["p_value"] <= a).mean() <= a + 3 * (a * (1 - a) / 4000) ** 0.5


def test_a_series_without_lag_one_autocorrelation_can_be_corrected():
    """Centred 1 0 -1 0 ... has no product of neighbours, and is not constant."""
    values = [1.0, 0.0, -1.0, 0.0] * 6
    assert 0 < mann_kendall(values, method="prewhitened").p_value <= 1


@pytest.mark.parametrize("method", ["normal", "hamed_rao", "yue_wang", "prewhitened"])
def test_counts_with_many_ties_agree_with_pymannkendall(method):
    """Detrended counts tie but for rounding: the same arithmetic in the same order gives the same ranks."""
    rng = np.random.default_rng(123)
    for n in (28, 34, 51):
        values = rng.normal(size=n).cumsum().round()
        lag = n - 1 if method in ("hamed_rao", "yue_wang") else None
        agrees(mann_kendall(values, method=method, lag=lag), OTHERS[method](values))


def autoregressive(n: int, phi: float, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=n + 50)
    for i in range(1, n + 50):
        noise[i] += phi * noise[i - 1]
    return noise[50:]


def test_the_variance_of_s_at_an_autocorrelation_is_that_of_a_simulation():
    """The variance that the test takes at the mean autocorrelation, against 4,000 Gaussian series of that kind."""
    result = mann_kendall(autoregressive(200, 0.5, 1), method="ar1")
    phi, n = result.autocorrelation, 40
    rng = np.random.default_rng(2)
    series = rng.normal(size=(4000, n + 60))
    for i in range(1, n + 60):
        series[:, i] += phi * series[:, i - 1]
    table = mann_kendall_rows(series[:, 60:])
    from analysis.stats._ar1 import score_factor

    assert score_factor(phi, n) == pytest.approx(
        table["s"].var() / table["var_s"].iloc[0], rel=0.08
    )


@pytest.mark.parametrize("phi", [0.0, 0.5])
def test_a_trend_is_found_in_autocorrelated_values_and_its_interval_is_wider(phi):
    values = autoregressive(60, phi, 4) + 0.15 * np.arange(60)
    plain, allowed = mann_kendall(values), mann_kendall(values, method="ar1")
    assert allowed.trend == "increasing"
    assert (allowed.s, allowed.slope, allowed.tau) == (plain.s, plain.slope, plain.tau)
    assert allowed.p_value > plain.p_value
    if phi:
        assert allowed.slope_high - allowed.slope_low > plain.slope_high - plain.slope_low
        assert allowed.var_s > 1.5 * plain.var_s
    assert allowed.lag == 1


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 9999))
def test_the_averaged_test_is_antisymmetric_and_its_interval_holds_0_as_its_p_value_says(seed):
    values = autoregressive(30, 0.4, seed)
    there, back = (mann_kendall(v, method="ar1") for v in (values, values[::-1]))
    assert there.s == -back.s
    assert there.p_value == pytest.approx(back.p_value, rel=0.02, abs=1e-4)
    if not 0.02 < there.p_value < 0.1:
        assert (there.slope_low <= 0 <= there.slope_high) == (there.p_value > 0.05)
    one = mann_kendall(values, method="ar1", alternative="greater")
    other = mann_kendall(values, method="ar1", alternative="less")
    assert one.p_value + other.p_value == pytest.approx(1)


@pytest.mark.parametrize("method", ["hamed_rao", "yue_wang", "ar1", "prewhitened"])
def test_corrections_refuse_uneven_times_and_gaps(method):
    values = autoregressive(40, 0.3, 1)
    months = pd.date_range("2020-01-01", periods=40, freq="MS")
    assert mann_kendall(values, months, method=method).n == 40
    hole = values.copy()
    hole[9] = np.nan
    for given_values, times in (
        (hole, None),
        (hole, months),
        (np.delete(values, 9), months.delete(9)),
    ):
        with pytest.raises(ValueError, match="not evenly spaced"):
            mann_kendall(given_values, times, method=method)
    ends = values.copy()
    ends[[0, 39]] = np.nan
    assert mann_kendall(ends, method=method).n == 38


def test_the_defaults_of_corrections_never_shrink_the_variance_and_show_their_lag():
    """Yue and Wang's default by hand: (n r1 + 2) / (n - 4), carried on as AR(1) over all lags."""
    values = np.array([1, -1] * 12) + np.random.default_rng(0).normal(0, 0.1, 24)
    for method in ("hamed_rao", "yue_wang"):
        result = mann_kendall(values, method=method)
        assert result.var_s == mann_kendall(values, method="normal").var_s
        assert result.lag == 1
    values = autoregressive(40, 0.6, 3)
    plain = mann_kendall(values)
    rest = values - plain.slope * np.arange(40)
    centred = rest - rest.mean()
    r = (centred[1:] * centred[:-1]).sum() / (centred**2).sum()
    r = (40 * r + 2) / 36
    factor = 1 + 2 * sum((1 - k / 40) * r**k for k in range(1, 40))
    assert mann_kendall(values, method="yue_wang").var_s == pytest.approx(plain.var_s * factor)


def test_the_smallest_p_value_is_missing_where_there_is_no_such_bound():
    values = autoregressive(40, 0.3, 1)
    for method in ("hamed_rao", "yue_wang", "prewhitened", "ar1"):
        assert np.isnan(mann_kendall(values, method=method).smallest_p_value)
    assert np.isnan(mann_kendall(values, method="seasonal", period=4).smallest_p_value)
    tied = mann_kendall([1, 1, 2, 2])
    rising = mann_kendall([1, 1, 2, 2], method="normal")
    assert tied.smallest_p_value == rising.p_value
    falling = mann_kendall([2, 1, 2, 1])
    assert falling.smallest_p_value == rising.p_value < falling.p_value


def test_the_reason_of_the_automatic_choice_is_named():
    assert "exact test was chosen" in mann_kendall([1, 3, 2, 5, 4]).summary("en")
    assert "some of the 5 values or times are equal" in mann_kendall([1, 3, 3, 5, 4]).summary("en")
    assert "30 values are enough" in mann_kendall(autoregressive(30, 0, 1)).summary("en")
    assert "chosen" not in mann_kendall([1, 3, 2, 5, 4], method="exact").summary("en")


def test_the_sentence_names_the_unit_of_time_and_says_the_effect_first():
    years = pd.date_range("2000", periods=20, freq="YS")
    dated = mann_kendall(range(20), years).summary("en")
    assert dated.startswith(
        "The series of 20 values rises by 1 per year (95% interval 1 to 1, p < 0.001)."
    )
    assert "per step" in mann_kendall(range(20)).summary("en")
    assert "per unit of time" in mann_kendall(range(20), range(0, 40, 2)).summary("en")
    assert "per cycle" in mann_kendall(range(20), method="seasonal", period=4).summary("en")


def test_the_sentence_says_how_often_the_test_errs_at_the_autocorrelation_found():
    """The size at a variance f times too small: twice the normal tail beyond 1.96 / sqrt(f)."""
    values = autoregressive(60, 0.6, 8)
    result = mann_kendall(values)
    assert result.autocorrelation > 0.3
    factor = mann_kendall(values, method="ar1").var_s / result.var_s
    near = 2 * scipy_stats.norm.sf(1.96 / factor**0.5)
    assert result.expected_size == pytest.approx(near, abs=0.08)
    assert f"in about {round(result.expected_size, 2):.0%} of cases, not 5%" in result.summary("en")
    assert "where there is none in about" not in mann_kendall(values, method="ar1").summary("en")


def test_months_that_depend_on_each_other_are_noticed_by_the_seasonal_test():
    values = autoregressive(120, 0.6, 9) + 3 * np.sin(np.arange(120) * np.pi / 6)
    result = mann_kendall(values, method="seasonal")
    assert 0.4 < result.autocorrelation < 0.8
    assert result.expected_size > 0.15
    assert "where there is none" in result.summary("en")
    calm = mann_kendall(np.random.default_rng(1).normal(size=120), method="seasonal")
    assert calm.expected_size < 0.08
    assert np.isnan(mann_kendall(range(16), method="seasonal", period=8).expected_size)


def test_the_interval_of_few_blocks_is_wider_than_its_quantiles():
    """Ten blocks of four: the normal quantile becomes t with nine degrees, and n / (n - 4) widens as well."""
    values = np.random.default_rng(7).normal(size=40)
    result = block_bootstrap(values, block=4, level=0.9, draws=4000)
    half = (result.high - result.low) / 2
    expected = 1.645 * result.se * (1.833 / 1.645) * (40 / 36) ** 0.5
    assert half == pytest.approx(expected, rel=0.05)


def test_the_bootstrap_says_when_it_covers_too_rarely():
    wild = block_bootstrap(autoregressive(60, 0.8, 1), draws=99)
    assert wild.expected_coverage < 0.92
    assert "covers about" in wild.summary("en")
    calm = block_bootstrap(np.random.default_rng(3).normal(size=60), draws=99)
    assert calm.expected_coverage > 0.92
    assert "covers about" not in calm.summary("en")
    assert np.isnan(block_bootstrap(range(12), draws=99).expected_coverage)


def test_the_search_for_a_change_says_how_often_it_errs():
    """Pettitt's tail 2 exp(-6 K^2 / (n^3 + n^2)) with a variance (1 + r) / (1 - r) times as large."""
    result = change_point(autoregressive(60, 0.6, 2))
    r = result.autocorrelation
    assert result.expected_size == pytest.approx(2 * 0.025 ** ((1 - r) / (1 + r)))
    assert "finds one in about" in result.summary("en")
    plain = change_point([1, 3, 2, 4, 11, 13, 12, 14])
    assert (plain.before, plain.after) == (2.5, 12.5)
    assert np.isnan(plain.expected_size)
    assert "medians are 2.5 and 12.5" in plain.summary("en")
