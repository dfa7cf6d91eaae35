"""Seasonal adjustment against statsmodels' STL, and what must hold of its parts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.tsa.seasonal import STL

from analysis.stats import seasonal_adjustment

MONTHS = pd.date_range("2020-01-01", periods=60, freq="MS")


@pytest.fixture(scope="module")
def co2() -> pd.Series:
    data = sm.datasets.co2.load_pandas().data["co2"]
    return data.resample("MS").mean().interpolate()["1960":"1979"]


def test_parts_are_those_of_stl_in_statsmodels_and_add_up(co2):
    """statsmodels' STL is held to the Fortran code of Cleveland et al. (1990) in its own tests."""
    result = seasonal_adjustment(co2)
    other = STL(co2, period=12, robust=True).fit()
    table = result.table
    assert table["trend"].to_numpy() == pytest.approx(other.trend.to_numpy())
    assert table["season"].to_numpy() == pytest.approx(other.seasonal.to_numpy())
    assert (table["trend"] + table["season"] + table["rest"]).to_numpy() == pytest.approx(
        co2.to_numpy()
    )
    assert table["adjusted"].to_numpy() == pytest.approx((co2 - table["season"]).to_numpy())
    assert seasonal_adjustment(co2, robust=False).table["trend"].to_numpy() == pytest.approx(
        STL(co2, period=12).fit().trend.to_numpy()
    )


def test_carbon_dioxide_is_highest_in_may_and_lowest_in_autumn(co2):
    """Mauna Loa, as every textbook has it: some 6 ppm between May and September or October."""
    result = seasonal_adjustment(co2)
    assert result.seasons.idxmax() == 5
    assert result.seasons.idxmin() in (9, 10)
    assert 5 < result.seasons.max() - result.seasons.min() < 7
    assert result.strength_season > 0.9 and result.strength_trend > 0.9


def test_strength_is_that_of_wang_smith_and_hyndman(co2):
    table = seasonal_adjustment(co2).table
    expected = 1 - table["rest"].var() / (table["rest"] + table["season"]).var()
    assert seasonal_adjustment(co2).strength_season == pytest.approx(expected)


def test_factors_multiply_and_are_shares_of_the_level():
    level = 100 * 1.01 ** np.arange(60)
    values = level * np.where(MONTHS.month == 12, 1.5, 1.0)
    result = seasonal_adjustment(values, MONTHS, multiplicative=True)
    table = result.table
    assert (table["trend"] * table["season"] * table["rest"]).to_numpy() == pytest.approx(values)
    assert (1 + result.seasons[12]) / (1 + result.seasons[6]) == pytest.approx(1.5, rel=0.02)
    assert table["adjusted"].to_numpy() == pytest.approx(values / table["season"].to_numpy())
    assert "%" in result.summary("en") and "place 12" in result.summary("en")


def test_order_of_times_does_not_matter_and_a_flat_series_has_no_season():
    values = np.arange(60) + 5.0 * (MONTHS.month == 3)
    turned = seasonal_adjustment(values[::-1], MONTHS[::-1])
    pd.testing.assert_frame_equal(
        turned.table, seasonal_adjustment(values, MONTHS).table, check_freq=False
    )
    flat = seasonal_adjustment([7.0] * 30)
    assert flat.strength_season == 0
    quarters = seasonal_adjustment(np.tile([1.0, 2, 3, 9], 5), period=4)
    assert quarters.seasons.idxmax() == 4


@pytest.mark.parametrize(
    ("values", "options", "words"),
    [
        (range(24), {}, "found 24 values; seasonal adjustment needs more than two cycles of 12"),
        ([*range(30), np.nan], {}, "missing or infinite"),
        (range(30), {"multiplicative": True}, "found 0; multiplicative"),
        (range(30), {"times": range(29)}, "times has 29 entries"),
        (range(30), {"times": [*range(29), 40]}, "not evenly spaced"),
        (range(30), {"period": 1}, "period is 1"),
        (range(30), {"period": 2.5}, "period is 2.5"),
    ],
)
def test_what_cannot_be_adjusted_is_refused(values, options, words):
    with pytest.raises(ValueError, match=words):
        seasonal_adjustment(values, **options)


def test_two_steps_make_a_cycle():
    result = seasonal_adjustment(np.tile([1.0, 5.0], 8), period=2)
    assert result.seasons.tolist() == pytest.approx([-2, 2], abs=1e-6)
