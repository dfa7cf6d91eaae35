"""Competing outcomes and Cox regression against Stata, R and textbooks, and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats as scipy_stats

from analysis.errors import UnknownName
from analysis.stats import competing_outcomes, response_time, wait_regression

# The data of statsmodels' test_incidence, whose estimates agree with R (cmprsk) and whose errors agree with
# Stata's stcompet (Marubini and Valsecchi 1995).
DAYS = [1, 1, 2, 4, 4, 4, 6, 6, 7, 8, 9, 9, 9, 1, 2, 2, 4, 4]
CODES = [1, 1, 1, 2, 2, 2, 3, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0]
NAMES = {0: "open", 1: "answered", 2: "redirected", 3: "withdrawn"}
STATA = pd.DataFrame({"begin": 0, "end": DAYS, "how": [NAMES[code] for code in CODES]})
# Freireich et al. (1963): weeks of remission of 42 patients on placebo and on 6-MP, as in Cox (1972).
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
TREATED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
GEHAN = pd.DataFrame(
    {
        "begin": 0,
        "end": [*PLACEBO, *TREATED, *CENSORED],
        "how": ["relapse"] * 30 + ["open"] * 12,
        "placebo": [1] * 21 + [0] * 21,
        "pair": [*range(21), *range(21)],
    }
)


def outcomes(frame, **options):
    return competing_outcomes(
        frame, start="begin", end="end", outcome="how", censored=["open"], **options
    )


def cox(frame, **options):
    given = {"event": "relapse", "predictors": ["placebo"], "censored": ["open"]} | options
    return wait_regression(frame, start="begin", end="end", outcome="how", **given)


def test_incidence_agrees_with_r_and_its_errors_with_stata():
    """By day 9: 0.17037, 0.20741, 0.26667; errors by day 1 and 2 of the first: 0.07407, 0.08976."""
    result = outcomes(STATA, deadline=9)
    assert result.table["share"].tolist() == pytest.approx([0.17037037, 0.20740741, 0.26666667])
    curve = result.curves[result.curves["outcome"] == "answered"].set_index("days")
    assert curve.loc[[1, 2], "share"].tolist() == pytest.approx([0.11111111, 0.17037037])
    assert curve.loc[[1, 2], "se"].tolist() == pytest.approx([0.07407407, 0.08976251])
    assert result.table["open"].tolist() == [9] * 3
    assert result.table["ended"].tolist() == [3, 3, 3]


def test_the_errors_are_those_of_statsmodels_on_every_day_but_a_last_one_without_an_open_case():
    """On it statsmodels divides by 0; the term is 0 in the limit, so that the error is finite."""
    from statsmodels.duration.survfunc import CumIncidenceRight

    rng = np.random.default_rng(2)
    days, codes = rng.integers(1, 20, 90), rng.integers(0, 3, 90)
    days[0], codes[0] = 25, 1  # the last case at risk ends
    with np.errstate(divide="ignore", invalid="ignore"):
        theirs = CumIncidenceRight(days, codes)
    names = {0: "open", 1: "answered", 2: "redirected"}
    frame = pd.DataFrame({"begin": 0, "end": days, "how": [names[code] for code in codes]})
    curves = outcomes(frame).curves
    for code in (1, 2):
        se = curves.loc[curves["outcome"] == names[code], "se"].to_numpy()
        assert se[:-1] == pytest.approx(theirs.cinc_se[code - 1][:-1], rel=1e-9)
        assert np.isnan(theirs.cinc_se[code - 1][-1]) and 0.02 < se[-1] < 0.1


def test_a_file_without_an_open_case_has_intervals_and_a_finished_sentence():
    """With no case open the error is that of a share: sqrt(p (1 - p) / n)."""
    frame = pd.DataFrame({"begin": 0, "end": [1, 2, 3, 4, 5, 6, 7, 8], "how": list("aabbabba")})
    result = outcomes(frame, deadline=30)
    last = result.curves.groupby("outcome").tail(1).set_index("outcome")
    assert last.loc["a", "se"] == pytest.approx((0.5 * 0.5 / 8) ** 0.5)
    assert result.table[["share_low", "share_high"]].notna().all(axis=None)
    assert "NaN" not in result.summary("en")


def test_the_interval_is_that_of_the_scale_log_of_minus_log():
    """Pintilie (2006): share to the power exp(-+ 1.96 se / (share log share))."""
    row = outcomes(STATA, deadline=2).table.loc[("all", "answered")]
    share, se = 0.17037037, 0.08976251
    reach = 1.959964 * se / (share * np.log(share))
    bounds = sorted([share ** np.exp(reach), share ** np.exp(-reach)])
    assert [row["share_low"], row["share_high"]] == pytest.approx(bounds, rel=1e-5)
    wide, narrow = (outcomes(STATA, deadline=2, level=level).table.iloc[0] for level in (0.99, 0.5))
    assert wide["share_low"] < row["share_low"] < narrow["share_low"] < row["share"]


def test_with_one_outcome_it_is_one_minus_kaplan_meier():
    frame = GEHAN[["begin", "end", "how"]]
    plain = frame.assign(end=frame["end"].where(frame["how"] == "relapse"))
    for day in (5, 10, 22):
        share = outcomes(frame, deadline=day).table["share"].iloc[0]
        steps = outcomes(frame).curves
        assert share == steps.loc[steps["days"] <= day, "share"].iloc[-1]
    whole = plain.fillna({"end": 99}).assign(how="relapse")
    incidence = outcomes(whole, as_of=30, deadline=12).table["share"].iloc[0]
    waiting = response_time(whole, start="begin", end="end", as_of=30, deadline=12)
    assert incidence == pytest.approx(waiting.share_within)


def test_shares_of_all_outcomes_add_up_to_those_that_ended_when_nothing_is_open():
    frame = STATA[STATA["how"] != "open"]
    result = outcomes(frame, deadline=4)
    assert result.table["share"].sum() == pytest.approx((frame["end"] <= 4).mean())
    assert outcomes(frame, deadline=99).table["share"].tolist() == pytest.approx([1 / 3] * 3)


def test_groups_have_all_outcomes_and_what_nobody_was_followed_for_is_unknown():
    frame = STATA.assign(body=["a"] * 6 + ["b"] * 12)
    result = outcomes(frame, group="body", deadline=4)
    assert result.table.loc[("a", "withdrawn"), "share"] == 0
    assert 0 < result.table.loc[("a", "withdrawn"), "share_high"] < 1
    assert result.table.loc[("b", "answered"), "ended"] == 0
    assert np.isnan(outcomes(STATA, deadline=10).table["share"]).all()
    assert "no data" in outcomes(STATA, deadline=10).summary("en")
    assert outcomes(frame, group="body", deadline=4).summary("en").startswith("a: by day 4")


def test_later_outcomes_count_as_open_and_dates_will_do():
    days = pd.Timestamp("2024-01-01") + pd.to_timedelta(STATA["end"], unit="D")
    dated = STATA.assign(begin="2024-01-01", end=days)
    plain, other = (
        outcomes(STATA, as_of=5, deadline=3),
        outcomes(dated, as_of="2024-01-06", deadline=3),
    )
    pd.testing.assert_frame_equal(plain.table, other.table)
    assert plain.table["open"].iloc[0] == 12
    assert set(plain.table.index.get_level_values("outcome")) == {"answered", "redirected"}


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (STATA.assign(how=None), "18 cases have an end and no 'how'"),
        (STATA.assign(how="open"), "no case has ended"),
        (STATA.assign(begin=99), "ends before it"),
        (STATA.drop(columns="how"), "no column 'how'"),
    ],
)
def test_cases_without_an_outcome_are_refused(frame, words):
    with pytest.raises(ValueError, match=words):
        outcomes(frame)


@pytest.mark.parametrize(
    ("ties", "estimate", "se"), [("efron", 1.5721, 0.4124), ("breslow", 1.5092, 0.4096)]
)
def test_the_leukaemia_of_cox_1972(ties, estimate, se):
    """coxph of R's survival on MASS::gehan (Efron) and SAS's default (Breslow); Cox (1972) has 1.51."""
    result = cox(GEHAN, ties=ties)
    row = result.table.loc["placebo"]
    assert (row["estimate"], row["se"]) == pytest.approx((estimate, se), abs=5e-5)
    assert row["ratio"] == pytest.approx(np.exp(estimate), rel=1e-3)
    assert (row["ratio_low"], row["ratio_high"]) == pytest.approx(
        tuple(np.exp(estimate + np.array([-1, 1]) * 1.959964 * se)), rel=1e-3
    )
    tails = 2 * scipy_stats.norm.sf(estimate / se)  # R prints 0.000138 for Efron
    assert row["p_value"] == pytest.approx(tails, rel=2e-3)
    assert (result.n, result.n_events, result.n_clusters) == (42, 30, 0)


def test_cases_given_twice_under_one_cluster_say_no_more_than_once():
    """Breslow's likelihood doubles; plain errors shrink by the root of two, clustered ones stay."""
    single = GEHAN.assign(who=range(42))
    twice = pd.concat([single, single], ignore_index=True)
    options = {"ties": "breslow"}
    one = cox(single, cluster="who", **options).table.loc["placebo"]
    both = cox(twice, cluster="who", **options).table.loc["placebo"]
    plain = cox(twice, **options).table.loc["placebo"]
    assert both["estimate"] == pytest.approx(one["estimate"], abs=1e-5)
    assert both["se"] == pytest.approx(one["se"], rel=1e-4)
    assert plain["se"] == pytest.approx(0.4096 / 2**0.5, abs=1e-3)


def test_other_outcomes_leave_those_at_risk():
    """Recoding the other outcome as open gives the same cause-specific hazard."""
    mixed = GEHAN.assign(how=GEHAN["how"].where(GEHAN["end"] % 5 != 0, "moved"))
    recoded = mixed.assign(how=mixed["how"].replace("moved", "open"))
    pd.testing.assert_frame_equal(cox(mixed).table, cox(recoded).table)


def test_categories_are_set_against_the_first_and_missing_predictors_are_left_out():
    frame = GEHAN.assign(arm=GEHAN["placebo"].map({0: "a", 1: "b"}))
    result = cox(frame, predictors=["arm"])
    assert result.table.index.tolist() == ["arm: b"]
    assert result.table["estimate"].iloc[0] == pytest.approx(cox(GEHAN).table["estimate"].iloc[0])
    holes = cox(frame.assign(arm=frame["arm"].where(frame.index > 1)), predictors=["arm"])
    assert (holes.n, holes.n_dropped) == (40, 2)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"event": "death"}, UnknownName, "event 'death' is not known. Known: relapse"),
        ({"predictors": ["begin"]}, ValueError, "'begin'.*does not vary|does not vary.*'begin'"),
        ({"predictors": ["placebo", "twin"]}, ValueError, "cannot be told apart"),
        ({"predictors": ["placebo", "pair", "extra", "end"]}, ValueError, "30 cases that ended so for 4 terms"),
        ({"predictors": ["age"]}, ValueError, "no column 'age'"),
    ],
)  # fmt: skip
def test_what_cannot_be_fitted_is_refused(options, error, words):
    frame = GEHAN.assign(twin=1 - GEHAN["placebo"], extra=np.random.default_rng(0).normal(size=42))
    with pytest.raises(error, match=words):
        cox(frame, **options)


def test_few_clusters_are_named_and_their_quantile_is_wider():
    few, plain = cox(GEHAN, cluster="pair"), cox(GEHAN)
    assert "21 clusters; with fewer than 30" in few.summary("en")
    assert "clusters" not in plain.summary("en")
    row = few.table.loc["placebo"]
    reach = np.log(row["ratio_high"]) - row["estimate"]
    assert reach == pytest.approx(2.085963 * row["se"], rel=1e-5)
    tails = 2 * scipy_stats.t.sf(row["estimate"] / row["se"], 20)
    assert row["p_value"] == pytest.approx(tails, rel=1e-5)


def test_clustered_errors_agree_with_statsmodels_and_hold_where_a_case_was_never_at_risk():
    """statsmodels' own robust covariance, times G / (G - 1); it is missing once a case leaves before any event."""
    from statsmodels.duration.hazard_regression import PHReg

    status = (GEHAN["how"] == "relapse").astype(int)
    fit = PHReg(GEHAN["end"], GEHAN[["placebo"]], status=status, ties="efron")
    theirs = float(fit.fit(groups=GEHAN["pair"].to_numpy(), disp=0).bse[0]) * (21 / 20) ** 0.5
    ours = cox(GEHAN, cluster="pair").table.loc["placebo", "se"]
    assert ours == pytest.approx(theirs, rel=1e-6)
    early = pd.DataFrame(
        {"begin": 0, "end": 0.5, "how": "open", "placebo": 0, "pair": 3}, index=[0]
    )
    more = pd.concat([GEHAN, early], ignore_index=True)
    assert cox(more, cluster="pair").table.loc["placebo", "se"] == pytest.approx(ours)
    with pytest.raises(ValueError, match="all cases belong to one 'pair'"):
        cox(GEHAN.assign(pair=1), cluster="pair")


def test_before_the_first_day_nothing_has_ended():
    """Its upper bound is exact: 1 - 0.025^(1/n)."""
    frame = pd.DataFrame({"begin": 0, "end": [5, 6, 7, 8], "how": ["a", "a", "b", "b"]})
    table = outcomes(frame, deadline=2).table
    assert table["share"].tolist() == [0, 0]
    assert table["share_low"].tolist() == [0, 0]
    assert table["share_high"].tolist() == pytest.approx([1 - 0.025 ** (1 / 4)] * 2)
