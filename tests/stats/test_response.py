"""Kaplan-Meier against the textbook and statsmodels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from analysis.stats import response_time

# Freireich et al. (1963), remission in weeks, as in Kleinbaum and Klein, Survival Analysis, table 1.1: (weeks, relapsed).
MP6 = [
    (6, 1), (6, 1), (6, 1), (6, 0), (7, 1), (9, 0), (10, 1), (10, 0), (11, 0), (13, 1), (16, 1), (17, 0), (19, 0), (20, 0),
    (22, 1), (23, 1), (25, 0), (32, 0), (32, 0), (34, 0), (35, 0),
]  # fmt: skip
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
TEXTBOOK = {6: 0.8571, 7: 0.8067, 10: 0.7529, 13: 0.6902, 16: 0.6275, 22: 0.5378, 23: 0.4482}


def cases(pairs, group="a"):
    """A case that was followed for t days starts t days before the day the file was made."""
    rows = [
        {"start": 40 - t, "end": 40 if answered else np.nan, "group": group}
        for t, answered in pairs
    ]
    return pd.DataFrame(rows)


def test_remission_times_of_freireich_1963():
    both = pd.concat([cases(MP6, "6-MP"), cases([(t, 1) for t in PLACEBO], "placebo")])
    result = response_time(both, start="start", end="end", group="group", deadline=10)
    curve = result.curves[result.curves["group"] == "6-MP"].set_index("days")["waiting"]
    assert curve.to_dict() == pytest.approx(TEXTBOOK, abs=5e-5)
    assert result.median.to_dict() == {"6-MP": 23, "placebo": 8}
    assert result.share_within["6-MP"] == pytest.approx(1 - 0.7529, abs=5e-5)
    assert result.table.loc["6-MP", ["n", "answered", "open"]].tolist() == [21, 9, 12]


def test_intervals_agree_with_statsmodels():
    result = response_time(cases(MP6), start="start", end="end", deadline=16)
    other = SurvfuncRight([t for t, _ in MP6], [d for _, d in MP6])
    row = result.table.iloc[0]
    low, high = other.quantile_ci(0.5)
    assert (row["median_low"], row["median_high"]) == (low, high)
    at = list(other.surv_times).index(16)
    s, se = other.surv_prob[at], other.surv_prob_se[at]
    width = 1.959964 * se / (s * abs(np.log(s)))
    assert (row["share_low"], row["share_high"]) == pytest.approx(
        (1 - s ** np.exp(-width), 1 - s ** np.exp(width)), rel=1e-5
    )


def test_without_open_cases_it_is_the_plain_share_and_median():
    result = response_time(cases([(t, 1) for t in PLACEBO]), start="start", end="end", deadline=8)
    assert result.share_within == pytest.approx(np.mean(np.array(PLACEBO) <= 8))
    assert result.median == np.median(PLACEBO)


def test_dates_and_the_day_of_the_file():
    frame = pd.DataFrame(
        {
            "opened": pd.to_datetime(["2024-01-01"] * 4),
            "closed": pd.to_datetime(["2024-01-06", "2024-01-20", None, None]),
        }
    )
    result = response_time(frame, start="opened", end="closed", as_of="2024-02-01")
    assert result.share_within == pytest.approx(0.25)
    assert result.table.iloc[0]["median"] == 19
    early = response_time(frame, start="opened", end="closed", as_of="2024-01-10")
    assert early.table.iloc[0]["answered"] == 1
    assert np.isnan(early.share_within)
    assert early.median == np.inf
    assert "median is not known" in early.summary("en")


def test_none_and_all_within_the_deadline_have_exact_bounds():
    """Nobody of ten: the upper bound of Clopper and Pearson, 1 - 0.025^(1/10)."""
    slow = response_time(cases([(30, 1)] * 10), start="start", end="end", deadline=15).table.iloc[0]
    fast = response_time(cases([(5, 1)] * 10), start="start", end="end", deadline=15).table.iloc[0]
    assert (slow["share_within"], slow["share_low"], slow["share_high"]) == pytest.approx(
        (0, 0, 1 - 0.025**0.1)
    )
    assert (fast["share_within"], fast["share_low"], fast["share_high"]) == pytest.approx(
        (1, 0.025**0.1, 1)
    )


def test_open_cases_only_have_no_median():
    result = response_time(cases([(9, 0), (20, 0)]), start="start", end="end", as_of=40)
    assert result.median == np.inf
    assert result.share_within == 0


def test_cases_without_a_start_are_counted_and_impossible_ones_refused():
    frame = cases(MP6).assign(start=lambda f: f["start"].where(f.index > 0))
    assert response_time(frame, start="start", end="end").n_dropped == 1
    with pytest.raises(ValueError, match="ends before it starts"):
        response_time(pd.DataFrame({"a": [10], "b": [5]}), start="a", end="b")
    with pytest.raises(ValueError, match="no case has a date"):
        response_time(pd.DataFrame({"a": [np.nan], "b": [5]}), start="a", end="b")


DATED = pd.DataFrame(
    {
        "opened": pd.to_datetime(["2024-01-01"] * 4), "closed": pd.to_datetime(["2024-01-06", "2024-01-20", None, None]),
        "body": pd.Categorical(["a", "a", "b", "b"], categories=["a", "b", "c"]),
    }
)  # fmt: skip


@pytest.mark.parametrize(
    "form", [lambda d: d.dt.strftime("%Y-%m-%d"), lambda d: d.dt.date, lambda d: d.dt.tz_localize("Asia/Almaty"), lambda d: d.dt.to_period("D")]
)  # fmt: skip
def test_dates_in_whatever_form_give_the_same(form):
    options = {"start": "opened", "end": "closed", "as_of": "2024-02-01"}
    formed = DATED.assign(opened=form(DATED["opened"]), closed=form(DATED["closed"]))
    pd.testing.assert_frame_equal(
        response_time(DATED, **options).table, response_time(formed, **options).table
    )


@pytest.mark.parametrize("nothing", [None, pd.NaT, np.nan])
def test_all_open_in_whatever_form(nothing):
    result = response_time(
        DATED.assign(closed=nothing), start="opened", end="closed", as_of="2024-03-01"
    )
    assert result.table.iloc[0][["n", "answered", "open", "median", "share_within"]].tolist() == [
        4,
        0,
        4,
        np.inf,
        0,
    ]
    assert result.share_within == 0


def test_groups_nobody_is_in_are_not_shown_and_later_cases_do_not_count():
    result = response_time(DATED, start="opened", end="closed", group="body", as_of="2024-02-01")
    assert result.table.index.tolist() == ["a", "b"]
    later = pd.concat(
        [DATED, DATED.assign(opened=pd.Timestamp("2024-05-01"), closed=pd.Timestamp("2024-05-03"))]
    )
    early = response_time(later, start="opened", end="closed", group="body", as_of="2024-02-01")
    pd.testing.assert_frame_equal(early.table, result.table)
    assert early.n_dropped == 4


@pytest.mark.parametrize(
    ("change", "options", "words"),
    [
        ({"closed": "soon"}, {}, "closed has 'soon'"),
        ({"closed": 5.0}, {}, "not both dates or both numbers"),
        ({}, {"as_of": 40}, "as_of is 40 and the times are dates"),
        ({}, {"as_of": "2023-01-01"}, "no case has a date"),
        ({}, {"group": "akimat"}, "no column 'akimat'"),
        ({}, {"level": 95}, "level is 95"),
        ({}, {"level": 0}, "level is 0"),
        ({}, {"level": 1}, "level is 1"),
    ],
)
def test_what_cannot_be_read_is_refused(change, options, words):
    with pytest.raises(ValueError, match=words):
        response_time(DATED.assign(**change), start="opened", end="closed", **options)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 1)), min_size=1, max_size=25),
    st.integers(1, 25),
)
def test_curves_fall_and_intervals_hold_them(pairs, deadline):
    narrow, wide = (
        response_time(cases(pairs), start="start", end="end", as_of=40, deadline=deadline, level=v)
        for v in (0.5, 0.99)
    )
    steps = narrow.curves["waiting"].to_numpy()
    assert (np.diff(steps) < 0).all() and (steps >= -1e-12).all() and (steps < 1).all()
    row, other = narrow.table.iloc[0], wide.table.iloc[0]
    if not np.isnan(row["share_within"]):
        assert 0 <= other["share_low"] <= row["share_low"] + 1e-9
        assert row["share_low"] <= row["share_within"] + 1e-9
        assert row["share_within"] <= row["share_high"] + 1e-9
        assert row["share_high"] <= other["share_high"] + 1e-9 <= 1 + 2e-9
    assert row["median_low"] <= row["median"] <= row["median_high"]


@pytest.mark.slow
def test_the_interval_covers_as_often_as_promised():
    rng = np.random.default_rng(4)
    covered = 0
    for _ in range(400):
        wait, followed = rng.exponential(20, 60), rng.uniform(5, 60, 60)
        pairs = [(min(w, f), w <= f) for w, f in zip(wait, followed, strict=True)]
        row = response_time(
            cases(pairs), start="start", end="end", as_of=40, deadline=15
        ).table.iloc[0]
        covered += row["share_low"] <= 1 - np.exp(-15 / 20) <= row["share_high"]
    assert covered / 400 == pytest.approx(0.95, abs=0.035)


def test_parts_of_a_day_and_cases_followed_just_to_the_deadline_count():
    """Two and a half days; and nobody of ten answered by day 15, to which all were followed: 1 - 0.025^(1/10)."""
    times = pd.DataFrame(
        {
            "a": pd.to_datetime(["2024-01-01 00:00"] * 3),
            "b": pd.to_datetime(["2024-01-03 12:00"] * 3),
        }
    )
    assert response_time(times, start="a", end="b").median == 2.5
    followed = response_time(
        cases([(15, 0)] * 10), start="start", end="end", as_of=40, deadline=15
    ).table.iloc[0]
    assert (followed["share_within"], followed["share_high"]) == pytest.approx((0, 1 - 0.025**0.1))


def test_the_deadline_is_fifteen_days_and_includes_the_last():
    result = response_time(cases([(14, 1), (15, 1), (16, 1), (40, 1)]), start="start", end="end")
    assert (result.deadline, result.share_within, result.as_of, result.level) == (15, 0.5, 40, 0.95)


def test_the_row_that_cannot_be_is_named():
    frame = pd.DataFrame({"a": [1, 2, 9], "b": [3, 4, 5]}, index=[7, 7, 7])
    with pytest.raises(
        ValueError, match=r"row 3: a case that starts at 9.* ends .*\(at 5.*there are 1 such"
    ):
        response_time(frame, start="a", end="b")


def test_where_all_are_answered_nobody_may_be_waiting():
    curve = response_time(
        cases([(1, 1), (2, 1), (3, 1)]), start="start", end="end", as_of=40
    ).curves
    last = curve.iloc[-1]
    assert (last["waiting"], last["low"]) == (0, 0)
