"""The multilevel model against published estimates, and what shrinkage promises."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from analysis.stats import multilevel

# Pinheiro and Bates (2000), Mixed-Effects Models in S and S-PLUS, section 1.2: ergoStool, effort to
# rise from four types of stool by nine subjects.
STOOLS = pd.DataFrame(
    {
        "T1": [12, 10, 7, 7, 8, 9, 8, 7, 9],
        "T2": [15, 14, 14, 11, 11, 11, 12, 11, 13],
        "T3": [12, 13, 13, 10, 8, 11, 12, 8, 10],
        "T4": [10, 12, 9, 9, 7, 10, 11, 7, 8],
    },
    index=[f"s{i}" for i in range(1, 10)],
)


def test_the_stools_of_pinheiro_and_bates():
    """Restricted maximum likelihood: sd 1.332465 and 1.100295, log-likelihood -60.56539, as printed there."""
    result = multilevel(STOOLS, scale="identity")
    assert result.sd_unit == pytest.approx(1.332465, abs=2e-4)
    assert result.sd_residual == pytest.approx(1.100295, abs=2e-4)
    assert result.log_likelihood == pytest.approx(-60.56539, abs=1e-3)
    assert result.votes.tolist() == pytest.approx([8.555556, 12.444444, 10.777778, 9.222222])
    assert result.share_between == pytest.approx(
        1.332465**2 / (1.332465**2 + 1.100295**2), abs=1e-3
    )


def test_effects_are_means_pulled_in_by_the_ratio_of_variances():
    """Laird and Ware (1982), balanced: 4 sd_unit^2 / (4 sd_unit^2 + sd_residual^2) of the mean residual."""
    result = multilevel(STOOLS, scale="identity")
    kept = 4 * 1.332465**2 / (4 * 1.332465**2 + 1.100295**2)
    means = STOOLS.mean(axis=1) - STOOLS.to_numpy().mean()
    assert result.table["effect"].tolist() == pytest.approx((kept * means).tolist(), abs=1e-3)
    assert result.table["estimate"].tolist() == pytest.approx(
        (STOOLS.to_numpy().mean() + kept * means).tolist(), abs=1e-3
    )


def test_effects_agree_with_statsmodels_where_values_are_missing():
    import statsmodels.api as sm

    holes = STOOLS.astype(float).copy()
    holes.iloc[0, 1] = holes.iloc[3, 2] = holes.iloc[3, 0] = np.nan
    long = holes.stack().dropna().reset_index()
    long.columns = ["unit", "vote", "y"]
    design = pd.get_dummies(long["vote"], dtype=float)
    fit = sm.MixedLM(long["y"], design, groups=long["unit"]).fit(reml=True)
    theirs = {unit: float(effect.iloc[0]) for unit, effect in fit.random_effects.items()}
    ours = multilevel(holes, scale="identity").table
    assert ours["effect"].to_dict() == pytest.approx(theirs, abs=2e-3)
    assert ours["n"].tolist() == [3, 4, 4, 2, 4, 4, 4, 4, 4]
    assert ours.loc["s4", "se"] > ours.loc["s5", "se"]


def shares(seed, units=10, votes=4):
    rng = np.random.default_rng(seed)
    logits = rng.normal(0.5, 0.5, (units, 1)) + rng.normal(0, 0.3, (units, votes))
    return pd.DataFrame(special.expit(logits), index=[f"u{i}" for i in range(units)])


def test_shares_are_modelled_on_the_logit_scale_and_come_back_as_shares():
    frame = shares(1)
    result = multilevel(frame)
    plain = multilevel(special.logit(frame), scale="identity")
    assert result.table["effect"].tolist() == pytest.approx(plain.table["effect"].tolist())
    assert result.table["estimate"].tolist() == pytest.approx(
        special.expit(plain.table["estimate"]).tolist()
    )
    assert (result.table["low"] < result.table["estimate"]).all()
    order = result.table["rank"].sort_values().index
    said = result.summary("en")
    assert "%" in said and said.index(order[0]) < said.index(order[-1])


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 999))
def test_no_estimate_lies_further_out_than_its_mean_and_ranks_hold_their_intervals(seed):
    frame = special.logit(shares(seed))
    result = multilevel(frame, scale="identity", draws=500)
    mean = frame.mean(axis=1) - frame.to_numpy().mean()
    assert (result.table["effect"].abs() <= mean.abs() + 1e-9).all()
    table = result.table
    assert (table["rank_low"] <= table["rank"]).all() and (
        table["rank"] <= table["rank_high"]
    ).all()
    assert table["rank"].tolist() == table["effect"].rank(ascending=False).astype(int).tolist()
    turned = multilevel(-frame, scale="identity", draws=500).table
    assert turned["effect"].tolist() == pytest.approx((-table["effect"]).tolist(), abs=1e-4)


def test_the_same_seed_gives_the_same_ranks_and_a_higher_level_wider_ones():
    frame = shares(2)
    pd.testing.assert_frame_equal(multilevel(frame).table, multilevel(frame).table)
    wide, narrow = (multilevel(frame, level=level).table for level in (0.99, 0.5))
    widths = [(t["rank_high"] - t["rank_low"]).sum() for t in (wide, narrow)]
    assert widths[0] > widths[1]
    assert (wide["low"] < narrow["low"]).all()


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (shares(1).replace(shares(1).iloc[0, 0], 1.0), "found a share of 1"),
        (shares(1).iloc[:5], "found 5 units"),
        (shares(1).iloc[:, :1], "two columns"),
        (shares(1).reindex([*shares(1).index, "u10"]), "each unit needs a value"),
        (pd.concat([shares(1), shares(1)]), "'u0' twice"),
        (shares(1).replace(shares(1).iloc[0, 0], np.inf), "infinite"),
    ],
)  # fmt: skip
def test_what_cannot_be_modelled_is_refused(frame, words):
    with pytest.raises(ValueError, match=words):
        multilevel(frame)


def test_the_regions_of_kazakhstan_have_wide_ranks_in_the_middle():
    from analysis import load_residents, load_turnout
    from analysis.derive import comparisons

    votes, _ = comparisons.turnout_by_region(load_turnout(), load_residents())
    table = multilevel(votes).table
    assert table["rank"].idxmax() == "KZ-75"
    middle = table[table["rank"].between(6, 12)]
    assert ((middle["rank_high"] - middle["rank_low"]) >= 3).all()


def test_the_interval_holds_what_the_estimated_shrinkage_adds():
    """Morris (1983), section 4, by hand on balanced data, whose REML estimates are those of ANOVA."""
    from scipy import stats as scipy_stats

    table = multilevel(STOOLS, scale="identity").table
    y = STOOLS.to_numpy(dtype=float)
    units, votes = y.shape
    means = y.mean(axis=1) - y.mean()
    rest = y - y.mean(axis=0) - means[:, None]
    within = (rest**2).sum() / ((units - 1) * (votes - 1))
    of_units = votes * (means**2).sum() / (units - 1)
    between = (of_units - within) / votes
    noise = within / votes
    pulled = noise / (noise + between)
    variance = noise * (1 - pulled) + pulled**2 * (between + noise) / units
    variance = variance + 2 / (units - 3) * (pulled**2 * means**2 + pulled * noise)
    reach = scipy_stats.t.ppf(0.975, units - 1) * np.sqrt(variance)
    middle = y.mean() + (1 - pulled) * means
    assert table["estimate"].to_numpy() == pytest.approx(middle, rel=1e-3)
    assert table["low"].to_numpy() == pytest.approx(middle - reach, rel=1e-3)
    assert table["high"].to_numpy() == pytest.approx(middle + reach, rel=1e-3)
