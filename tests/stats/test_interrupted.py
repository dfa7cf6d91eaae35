"""Segmented regression against statsmodels' own formulas and series whose change is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf

from analysis.errors import UnknownName
from analysis.stats import interrupted_time_series


@pytest.fixture(scope="module")
def months() -> pd.DataFrame:
    """Five years of monthly counts that fall by a tenth in month 37, in the shape of Bernal's Sicily example."""
    rng = np.random.default_rng(11)
    t = np.arange(1, 61)
    people = 380_000 + 300.0 * t
    expected = people * np.exp(
        -6.2 + 0.004 * t - 0.105 * (t >= 37) + 0.05 * np.sin(2 * np.pi * t / 12)
    )
    return pd.DataFrame(
        {
            "time": t,
            "month": pd.date_range("2019-01-01", periods=60, freq="MS"),
            "people": people,
            "cases": rng.poisson(expected),
        }
    )


def model(months, **options):
    return interrupted_time_series(months, outcome="cases", time="time", start=37, **options)


@pytest.mark.parametrize(("family", "scale"), [("poisson", None), ("quasipoisson", "X2")])
def test_counts_agree_with_a_formula_in_statsmodels(months, family, scale):
    result = model(months, offset="people", family=family, harmonics=1)
    data = months.assign(
        after=(months["time"] >= 37).astype(int), w=2 * np.pi * months["time"] / 12
    )
    other = smf.glm(
        "cases ~ time + after + np.sin(w) + np.cos(w)",
        data,
        family=sm.families.Poisson(),
        offset=np.log(data["people"]),
    ).fit(scale=scale, use_t=family == "quasipoisson")
    row = result.table.loc["level_change"]
    low, high = other.conf_int().loc["after"]
    assert (row["estimate"], row["se"], row["low"], row["high"], row["p_value"]) == pytest.approx(
        (other.params["after"], other.bse["after"], low, high, other.pvalues["after"])
    )
    assert (row["ratio"], row["ratio_low"], row["ratio_high"]) == pytest.approx(
        tuple(np.exp([row["estimate"], low, high]))
    )
    assert result.fitted.to_numpy() == pytest.approx(other.fittedvalues.to_numpy())
    assert result.dispersion == pytest.approx(other.pearson_chi2 / other.df_resid)
    assert row["low"] < -0.105 < row["high"]


def test_gaussian_with_a_change_in_slope_agrees_with_a_formula_and_newey_west(months):
    data = months.assign(
        after=(months["time"] >= 37).astype(int), since=(months["time"] - 37).clip(lower=0)
    )
    result = model(months, change_in_slope=True, cov="hac", allow_short=True)
    other = smf.ols("cases ~ time + after + since", data).fit(
        cov_type="HAC", cov_kwds={"maxlags": 3, "use_correction": True}
    )
    assert result.table["estimate"].to_numpy() == pytest.approx(other.params.to_numpy())
    assert result.table["se"].to_numpy() == pytest.approx(other.bse.to_numpy())
    assert "ratio" not in result.table


def test_a_known_change_comes_back_and_the_counterfactual_goes_on():
    t = np.arange(30)
    frame = pd.DataFrame({"t": t, "y": 3 + 2.0 * t - 7 * (t >= 14) + 0.5 * (t - 14) * (t >= 14)})
    result = interrupted_time_series(frame, outcome="y", time="t", start=14, change_in_slope=True)
    assert result.table["estimate"].to_dict() == pytest.approx(
        {"intercept": 3, "trend": 2, "level_change": -7, "slope_change": 0.5}
    )
    assert result.counterfactual.to_numpy() == pytest.approx(3 + 2.0 * t)
    assert result.fitted.to_numpy() == pytest.approx(frame["y"].to_numpy())
    assert (result.n_before, result.n_after) == (14, 16)


def test_dates_count_in_months_and_order_and_gaps_do_not_matter(months):
    plain = model(months, family="poisson", harmonics=2)
    dated = interrupted_time_series(
        months.sample(frac=1, random_state=3),
        outcome="cases",
        time="month",
        start="2022-01",
        family="poisson",
        harmonics=2,
    )
    assert dated.table.loc["trend":"level_change", "estimate"].to_numpy() == pytest.approx(
        plain.table.loc["trend":"level_change", "estimate"].to_numpy()
    )
    gap = model(months.assign(cases=months["cases"].where(months["time"] != 9)), family="poisson")
    assert gap.n_before == 35
    assert gap.table.loc["trend", "estimate"] == pytest.approx(
        model(months, family="poisson").table.loc["trend", "estimate"], rel=0.2
    )


@pytest.mark.parametrize(
    "form",
    [
        lambda m: m.dt.strftime("%Y-%m-%d"), lambda m: m.dt.strftime("%Y-%m"), lambda m: m.dt.date, lambda m: m.dt.to_period("M"),
        lambda m: m.dt.tz_localize("Asia/Almaty"), lambda m: m + pd.offsets.MonthEnd(0),
    ],
)  # fmt: skip
def test_dates_in_whatever_form_and_whole_numbers_with_gaps_give_the_same(months, form):
    options = {"outcome": "cases", "time": "month", "offset": "people", "family": "quasipoisson"}
    plain = interrupted_time_series(months, start="2022", **options)
    formed = months.assign(month=form(months["month"]), cases=months["cases"].astype("Int64"))
    other = interrupted_time_series(formed, start=pd.Timestamp("2022-01-01").date(), **options)
    pd.testing.assert_frame_equal(plain.table, other.table)


def test_the_sentence_names_the_ratio_and_other_causes(months):
    assert "times what the trend before" in model(
        months, family="poisson", offset="people"
    ).summary("en")
    assert "another cause" in model(months, family="poisson", offset="people").summary("en")


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        ({}, {"start": 5}, "found 4 points before and 56 after"),
        ({}, {"start": 61}, "start must lie inside"),
        ({}, {"start": 1}, "start must lie inside"),
        ({}, {"family": "binomial"}, "family 'binomial'"),
        ({}, {"cov": "hc3"}, "cov 'hc3'"),
        ({}, {"offset": "people"}, "divide the outcome"),
        ({"cases": -1}, {"family": "poisson"}, "found -1"),
        ({"people": 0}, {"family": "poisson", "offset": "people"}, "must be above 0"),
        ({"people": -5}, {"family": "poisson", "offset": "people"}, "must be above 0"),
        ({}, {"start": 12}, "found 11 points before and 49 after"),
        ({}, {"start": 50}, "found 49 points before and 11 after"),
        ({"time": 7}, {}, "occurs twice"),
        ({"cases": np.inf}, {}, "infinite number"),
        ({"cases": 0}, {"family": "poisson"}, "all counts are 0"),
        ({}, {"outcome": "deaths", "offset": "people", "family": "poisson"}, "no column 'deaths'"),
        ({}, {"time": "month"}, "start is 37 and the times are dates"),
        ({}, {"start": "2022-01"}, "start has|start is"),
        ({"time": "June"}, {}, "time has 'June'"),
        ({"time": range(1951, 2011)}, {"start": 1990}, "yearly"),
        ({"time": pd.date_range("1951", periods=60, freq="YS")}, {"start": "1990"}, "yearly"),
    ],
)
def test_what_cannot_be_told_apart_is_refused(months, change, options, words):
    with pytest.raises((ValueError, UnknownName), match=words):
        interrupted_time_series(
            months.assign(**change), **({"outcome": "cases", "time": "time", "start": 37} | options)
        )


def test_told_otherwise_it_fits_short_and_yearly_data_but_not_too_many_terms():
    years = pd.DataFrame({"year": range(2015, 2025), "n": [3, 4, 5, 7, 6, 9, 12, 11, 14, 13]})
    result = interrupted_time_series(years, outcome="n", time="year", start=2020, allow_short=True)
    assert result.n_after == 5
    with pytest.raises(ValueError, match="found 4 rows for 5 terms"):
        interrupted_time_series(
            years[4:8], outcome="n", time="year", start=2021, harmonics=1, allow_short=True
        )


@pytest.mark.slow
def test_hac_intervals_cover_better_than_plain_ones_when_residuals_remember():
    rng = np.random.default_rng(7)
    covered = dict.fromkeys(("nonrobust", "hac"), 0)
    for _ in range(200):
        y = np.zeros(120)
        for i, noise in enumerate(rng.normal(size=120)):
            y[i] = 0.5 * y[i - 1] + noise if i else noise
        frame = pd.DataFrame({"t": range(120), "y": y})
        for cov in covered:
            row = interrupted_time_series(
                frame, outcome="y", time="t", start=60, cov=cov
            ).table.loc["level_change"]
            covered[cov] += row["low"] <= 0 <= row["high"]
    assert covered["nonrobust"] < covered["hac"]


def test_quarters_count_in_quarters():
    quarters = pd.date_range("2010-01-01", periods=40, freq="QS")
    steps = np.arange(40)
    season = np.sin(2 * np.pi * steps / 4)
    frame = pd.DataFrame({"q": quarters, "y": 5 + 2.0 * steps + 3 * (steps >= 20) + season})
    result = interrupted_time_series(
        frame, outcome="y", time="q", start="2015-01-01", harmonics=1, period=4
    )
    assert result.table.loc[["trend", "level_change"], "estimate"].tolist() == pytest.approx([2, 3])
    assert (result.table.loc[["sin_1", "cos_1"], "estimate"] ** 2).sum() == pytest.approx(1)
    assert (result.n_before, result.n_after) == (20, 20)


def test_weeks_count_in_weeks_and_twelve_points_a_side_are_enough():
    weeks = pd.date_range("2024-01-01", periods=24, freq="7D")
    frame = pd.DataFrame({"w": weeks, "y": 4 + 1.5 * np.arange(24) - 2 * (np.arange(24) >= 12)})
    result = interrupted_time_series(frame, outcome="y", time="w", start=weeks[12])
    assert result.table.loc[["trend", "level_change"], "estimate"].tolist() == pytest.approx(
        [1.5, -2]
    )


def test_intervals_have_the_level_asked_for(months):
    wide, narrow = (model(months, level=level).table.loc["level_change"] for level in (0.95, 0.8))
    other = smf.ols(
        "cases ~ time + after", months.assign(after=(months["time"] >= 37).astype(int))
    ).fit()
    assert (narrow["low"], narrow["high"]) == pytest.approx(
        tuple(other.conf_int(alpha=0.2).loc["after"])
    )
    assert wide["low"] < narrow["low"] < narrow["high"] < wide["high"]


@pytest.mark.parametrize(("n", "lags"), [(40, 3), (60, 3), (120, 4)])
def test_the_lags_of_newey_and_west_grow_with_the_series(n, lags):
    """4 (n/100)^(2/9), cut to a whole number: 3.26, 3.57, 4.17."""
    frame = pd.DataFrame({"t": range(n), "y": np.random.default_rng(n).normal(size=n).cumsum()})
    ours = interrupted_time_series(
        frame, outcome="y", time="t", start=n // 2, cov="hac", allow_short=True
    ).table["se"]
    options = {"cov_type": "HAC", "cov_kwds": {"maxlags": lags, "use_correction": True}}
    other = smf.ols("y ~ t + after", frame.assign(after=(frame["t"] >= n // 2).astype(int))).fit(
        **options
    )
    assert sorted(ours) == pytest.approx(sorted(other.bse))


def test_the_residual_autocorrelation_is_that_of_the_residuals(months):
    result = model(months)
    rest = (result.observed - result.fitted).to_numpy()
    assert result.residual_autocorrelation == pytest.approx(np.corrcoef(rest[1:], rest[:-1])[0, 1])
    assert result.dispersion == pytest.approx((rest**2).sum() / 57)


def autoregressive(n: int, phi: float, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(size=n + 50)
    for i in range(1, n + 50):
        noise[i] += phi * noise[i - 1]
    return noise[50:]


def test_autoregressive_errors_agree_with_generalised_least_squares_in_statsmodels():
    """At each autocorrelation GLS with its matrix; weights by the restricted likelihood (Harville 1974)."""
    n, t = 40, np.arange(40)
    frame = pd.DataFrame({"t": t, "y": autoregressive(n, 0.5, 1) + 0.3 * t})
    result = interrupted_time_series(frame, outcome="y", time="t", start=20, cov="ar1")
    x = np.column_stack([np.ones(n), t, t >= 20]).astype(float)
    grid = np.linspace(-0.8, 0.98, 90)
    weights, estimates, errors = [], [], []
    for phi in grid:
        sigma = phi ** np.abs(np.subtract.outer(t, t))
        fit = sm.GLS(frame["y"], x, sigma=sigma).fit()
        inverse = np.linalg.inv(sigma)
        weights.append(
            -0.5 * np.linalg.slogdet(sigma)[1]
            - 0.5 * np.linalg.slogdet(x.T @ inverse @ x)[1]
            - (n - 3) / 2 * np.log(fit.ssr)
        )
        estimates.append(fit.params.iloc[2])
        errors.append(fit.bse.iloc[2])
    w = np.exp(np.array(weights) - max(weights))
    w = w / w.sum()
    row = result.table.loc["level_change"]
    middle = float(w @ np.array(estimates))
    assert row["estimate"] == pytest.approx(middle, rel=1e-6)
    assert row["se"] ** 2 == pytest.approx(
        float(w @ (np.array(errors) ** 2 + (np.array(estimates) - middle) ** 2)), rel=1e-6
    )
    assert result.autocorrelation == pytest.approx(float(w @ grid))
    from scipy import stats as scipy_stats

    for bound, share in (("low", 0.025), ("high", 0.975)):
        z = (row[bound] - np.array(estimates)) / np.array(errors)
        assert float(w @ scipy_stats.t.cdf(z, n - 3)) == pytest.approx(share, abs=1e-6)
    below = float(w @ scipy_stats.t.cdf(-np.array(estimates) / np.array(errors), n - 3))
    assert row["p_value"] == pytest.approx(2 * min(below, 1 - below))


def test_autoregressive_errors_do_not_need_every_month():
    frame = pd.DataFrame(
        {"t": np.arange(60), "y": autoregressive(60, 0.6, 2) + 4 * (np.arange(60) >= 30)}
    )
    options = {"outcome": "y", "time": "t", "start": 30, "cov": "ar1"}
    whole = interrupted_time_series(frame, **options)
    holes = interrupted_time_series(frame.drop([7, 8, 21, 44]), **options)
    assert holes.n_before + holes.n_after == 56
    assert holes.autocorrelation == pytest.approx(whole.autocorrelation, abs=0.15)
    assert holes.table.loc["level_change", "estimate"] == pytest.approx(
        whole.table.loc["level_change", "estimate"], abs=whole.table.loc["level_change", "se"]
    )
    uneven = frame.assign(t=np.cumsum(np.random.default_rng(0).uniform(0.3, 1.7, 60)))
    with pytest.raises(ValueError, match="not whole steps apart"):
        interrupted_time_series(uneven, outcome="y", time="t", start=uneven["t"][30], cov="ar1")


def test_autoregressive_counts_agree_with_plain_ones_where_there_is_no_autocorrelation(months):
    options = {"offset": "people", "family": "quasipoisson"}
    plain = model(months, **options).table.loc["level_change"]
    other = model(months, cov="ar1", **options).table.loc["level_change"]
    assert other["ratio"] == pytest.approx(plain["ratio"], abs=plain["se"])
    assert other["se"] == pytest.approx(plain["se"], rel=0.5)
    assert other["ratio_low"] < other["ratio"] < other["ratio_high"]
    with pytest.raises(ValueError, match="use family='quasipoisson'"):
        model(months, cov="ar1", family="poisson")


def test_the_sentence_says_how_often_an_interval_covers_on_autocorrelated_residuals():
    frame = pd.DataFrame({"t": range(60), "y": autoregressive(60, 0.7, 3)})
    result = interrupted_time_series(frame, outcome="y", time="t", start=30)
    assert 0.5 < result.expected_coverage < 0.9
    assert f"would cover about {result.expected_coverage:.0%} of the time" in result.summary("en")
    better = interrupted_time_series(frame, outcome="y", time="t", start=30, cov="ar1")
    assert "would cover" not in better.summary("en")
    assert "Autocorrelation of the residuals" in better.summary("en")
    calm = frame.assign(y=np.random.default_rng(1).normal(size=60))
    assert "would cover" not in interrupted_time_series(
        calm, outcome="y", time="t", start=30
    ).summary("en")


@pytest.mark.parametrize("cov", ["nonrobust", "hac"])
def test_the_coverage_expected_at_an_autocorrelation_is_that_of_a_simulation(cov):
    """200 series of 100 points by plain numpy at the autocorrelation that the result names."""
    frame = pd.DataFrame({"t": range(100), "y": autoregressive(100, 0.4, 5)})
    result = interrupted_time_series(frame, outcome="y", time="t", start=50, cov=cov)
    rng, phi = np.random.default_rng(0), result.autocorrelation
    t = np.arange(100)
    x = np.column_stack([np.ones(100), t, t >= 50]).astype(float)
    covered = []
    for _ in range(200):
        y = autoregressive(100, phi, int(rng.integers(1 << 30)))
        kind = {"cov_type": "nonrobust"}
        if cov == "hac":
            kind = {"cov_type": "HAC", "cov_kwds": {"maxlags": 4, "use_correction": True}}
        low, high = np.asarray(sm.OLS(y, x).fit(**kind, use_t=True).conf_int())[2]
        covered.append(low <= 0 <= high)
    assert result.expected_coverage == pytest.approx(np.mean(covered), abs=0.05)


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        ({"cases": lambda m: m["cases"].where(m["time"] >= 37, 0)}, {"family": "poisson"}, "all counts before the change are 0"),
        ({"cases": lambda m: m["cases"].where(m["time"] < 37, 0)}, {"family": "quasipoisson"}, "all counts after the change are 0"),
        ({"people": np.nan}, {"family": "poisson", "offset": "people"}, "offset 'people' has no value"),
        ({"cases": np.nan}, {}, "outcome 'cases' has no value"),
        ({"people": np.inf}, {"family": "poisson", "offset": "people"}, "infinite"),
        ({}, {"harmonics": 6}, "only 14 of the 15 terms"),
        ({}, {"cov": "hac"}, "found 60 points: below 100"),
    ],
)  # fmt: skip
def test_what_has_no_finite_answer_is_refused(months, change, options, words):
    with pytest.raises(ValueError, match=words):
        model(months.assign(**change), **options)


def test_placebos_by_hand(months):
    """The model is run anew at each date with twelve points on each side."""
    result = model(months, family="quasipoisson", offset="people")
    placebo = result.placebo()
    assert placebo.table.index.tolist() == [*range(13, 37), *range(38, 50)]
    for date in (13, 30, 49):
        row = interrupted_time_series(
            months, outcome="cases", time="time", start=date, family="quasipoisson", offset="people"
        ).table.loc["level_change"]
        assert placebo.table.loc[date, "statistic"] == pytest.approx(row["estimate"] / row["se"])
    larger = (placebo.table["statistic"].abs() >= abs(placebo.statistic)).sum()
    assert placebo.p_value == (larger + 1) / 37
    assert f"at {larger} of them" in placebo.summary("en")


def test_a_jump_is_larger_than_at_any_other_date_and_short_series_have_no_placebo(months):
    t = np.arange(60)
    jump = pd.DataFrame({"t": t, "y": 20 * (t >= 30) + np.random.default_rng(1).normal(size=60)})
    placebo = interrupted_time_series(jump, outcome="y", time="t", start=30).placebo()
    assert placebo.p_value == 1 / 37
    short = interrupted_time_series(jump[14:46], outcome="y", time="t", start=30)
    with pytest.raises(ValueError, match="found 8 other dates"):
        short.placebo()


@pytest.mark.parametrize(("n", "lags"), [(100, 4), (240, 4), (300, 5), (1000, 6)])
def test_the_lags_of_newey_and_west(n, lags):
    """4 (n / 100)^(2/9), cut to a whole number."""
    from analysis.stats._coverage import newey_west_lags

    assert newey_west_lags(n) == lags


@pytest.mark.parametrize(("coverage", "warns"), [(0.93, False), (0.91, True)])
def test_an_interval_that_misses_more_than_eight_in_a_hundred_is_doubted(months, coverage, warns):
    from dataclasses import replace

    result = replace(model(months), expected_coverage=coverage)
    assert ("would cover" in result.summary("en")) == warns
