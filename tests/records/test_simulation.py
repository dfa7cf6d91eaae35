"""Simulated records carry what was built into them: the statistics of the suite find it again."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis import stats
from analysis.cli import main
from analysis.errors import DataError
from analysis.records.simulation import HOLIDAYS, Effects, bodies, simulate

ROWS = 120_000


def monthly(frame):
    counts = frame.groupby(frame["registered"].dt.to_period("M")).size()
    return pd.DataFrame({"month": counts.index.to_timestamp(), "appeals": counts.to_numpy()})


@pytest.mark.parametrize(
    ("level_change", "growth", "season"), [(1.25, 0.05, 0.15), (0.7, 0.0, 0.3), (1.0, 0.1, 0.05)]
)
def test_the_reform_is_found_with_its_size(level_change, growth, season):
    effects = Effects(level_change=level_change, growth=growth, season=season)
    result = stats.interrupted_time_series(
        monthly(simulate(ROWS, seed=7, effects=effects)), outcome="appeals", time="month", start=effects.reform,
        family="quasipoisson", harmonics=1,
    )  # fmt: skip
    row = result.table.loc["level_change"]
    assert row["ratio_low"] <= level_change <= row["ratio_high"]
    assert row["ratio_high"] - row["ratio_low"] < 0.3 * level_change
    if level_change != 1:
        assert not row["ratio_low"] <= 1 <= row["ratio_high"]
    wave = np.hypot(*result.table.loc[["sin_1", "cos_1"], "estimate"])
    assert abs(wave - season) < 0.06


@pytest.mark.parametrize(
    ("growth", "trend"), [(0.15, "increasing"), (-0.12, "decreasing"), (0.0, "no trend")]
)
def test_growth_is_a_trend_within_the_seasons(growth, trend):
    frame = simulate(ROWS, seed=11, effects=Effects(growth=growth, level_change=1.0))
    counts = monthly(frame)["appeals"].to_numpy()
    assert stats.mann_kendall(counts, method="seasonal").trend == trend


@pytest.mark.parametrize("late_share", [0.04, 0.12])
def test_slow_bodies_stand_out_and_others_do_not(late_share):
    slow = {bodies()[7]: late_share + 0.12, bodies()[100]: late_share + 0.15}
    done = simulate(ROWS, seed=3, effects=Effects(late_share=late_share, slow_bodies=slow)).query(
        "state == 'done'"
    )
    late = (
        (done["finished"] > done["deadline"])
        .groupby(done["body"])
        .agg(["sum", "size"])
        .reset_index()
    )
    result = stats.funnel(late, count="sum", total="size", unit="body")
    above = result.table[
        (result.table["outside"] == 0.998) & (result.table["share"] > result.target)
    ]
    assert set(slow) <= set(above["unit"])
    assert len(above) <= len(slow) + 2  # 138 bodies at one in a thousand
    for body, share in slow.items():
        row = result.table.set_index("unit").loc[body]
        assert abs(row["share"] - share) < 4 * np.sqrt(share * (1 - share) / row["total"])


@pytest.mark.parametrize("faster", [0.6, 0.8, 1.0])
def test_answers_come_faster_after_the_reform(faster):
    effects = Effects(faster=faster, late_share=0.0, slow_bodies={}, stuck_share=0.0)
    frame = simulate(ROWS, seed=5, effects=effects).query(
        "state in ('done', 'in_progress') and type == 'application'"
    )
    when = np.where(frame["registered"] >= pd.Timestamp(effects.reform), "after", "before")
    result = stats.response_time(
        frame.assign(when=when),
        start="registered",
        end="finished",
        group="when",
        as_of=pd.Timestamp(effects.end),
    )
    # The median of Beta(2.5, 1.5) is 0.6360 (scipy.stats.beta.ppf), of 15 days and rounded up to whole ones.
    assert result.median.to_dict() == {
        "before": np.ceil(15 * 0.6360),
        "after": np.ceil(15 * 0.6360 * faster),
    }
    assert (result.share_within == 1).all()


def test_censoring_does_not_hide_late_answers():
    effects = Effects(
        late_share=0.1,
        slow_bodies={},
        stuck_share=0.02,
        end=date(2023, 3, 31),
        reform=date(2023, 3, 1),
    )
    frame = simulate(ROWS, seed=5, effects=effects).query(
        "state in ('done', 'in_progress') and type == 'application'"
    )
    result = stats.response_time(
        frame, start="registered", end="finished", as_of=pd.Timestamp(effects.end)
    )
    assert result.table["open"].item() > 1000
    assert abs(result.share_within - 0.9 * 0.98) < 0.01


def test_the_week_and_the_days_off_have_their_rhythm():
    frame = simulate(
        ROWS, seed=2, effects=Effects(growth=0, season=0, level_change=1, weekend=0.4, holiday=0.2)
    )
    days = frame.groupby("registered").size()
    off = pd.Series([(d.month, d.day) in HOLIDAYS for d in days.index], index=days.index)
    working = days[(days.index.day_of_week < 5) & ~off].mean()
    assert abs(days[(days.index.day_of_week >= 5) & ~off].mean() / working - 0.4) < 0.02
    assert abs(days[off].mean() / working - 0.2) < 0.03


def test_topics_and_outcomes_have_the_shares_that_were_asked():
    topics = {"land": 0.5, "health": 0.3, "education": 0.2}
    frame = simulate(ROWS, seed=9, effects=Effects(topics=topics, satisfied_share=0.5))
    shares = frame["topic"].value_counts(normalize=True)
    assert all(abs(shares[topic] - share) < 0.01 for topic, share in topics.items())
    assert abs(frame["outcome"].dropna().eq("satisfied").mean() - 0.5) < 0.01


def test_a_seed_gives_the_same_file_and_another_seed_another(tmp_path):
    one, two, other = (
        simulate(150_000, seed=s, out=tmp_path / f"{n}.csv") for n, s in enumerate((4, 4, 5))
    )
    assert one.read_bytes() == two.read_bytes() != other.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.csv", "1.csv", "2.csv"]


def test_every_row_says_that_it_is_simulated_and_the_file_says_what_the_frame_says(tmp_path):
    path = simulate(5000, seed=4, out=tmp_path / "appeals.csv")
    read, frame = pd.read_csv(path), simulate(5000, seed=4)
    assert read["simulated"].all() and frame["simulated"].all() and len(read) == len(frame) == 5000
    assert read["Регистрационный номер"].is_unique
    assert (
        pd.to_datetime(read["Дата исполнения"], format="%d.%m.%Y").isna()
        == frame["finished"].isna()
    ).all()
    earlier = frame["repeat_of"].dropna()
    assert len(earlier) > 50 and (earlier.str[-8:].astype(int) <= earlier.index + 1).all()


@pytest.mark.parametrize(
    ("rows", "settings", "said"),
    [(0, {}, "rows: found 0"), (10, {"late_share": 1.5}, "late_share: found 1.5"), (10, {"slow_bodies": {"x": 0.1}}, "slow_bodies: found 'x'"),
     (10, {"topics": {"weather": 1}}, "topics: found 'weather'"), (10, {"end": date(2020, 1, 1)}, "end: found 2020-01-01")],
)  # fmt: skip
def test_settings_that_cannot_be_are_named(rows, settings, said):
    with pytest.raises(DataError, match=said):
        simulate(rows, seed=1, effects=replace(Effects(), **settings))


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path):
    code = (
        "import sys, resource; from analysis.records.simulation import simulate; "
        "simulate(int(sys.argv[1]), seed=1, out=sys.argv[2]); print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    peaks = []
    for rows in (1_000_000, 4_000_000):
        run = subprocess.run(
            [sys.executable, "-c", code, str(rows), str(tmp_path / "a.csv")],
            check=True,
            capture_output=True,
            text=True,
        )
        peaks.append(int(run.stdout))
    assert peaks[1] < 1.2 * peaks[0]


def test_the_command_writes_the_same_file(tmp_path, capsys):
    assert (
        main(["simulate", "--rows", "2000", "--seed", "4", "--out", str(tmp_path / "a.csv")]) == 0
    )
    assert "2000 simulated appeals" in capsys.readouterr().out
    assert (tmp_path / "a.csv").read_bytes() == simulate(
        2000, seed=4, out=tmp_path / "b.csv"
    ).read_bytes()
    assert main(["simulate", "--rows", "0", "--seed", "4", "--out", str(tmp_path / "c.csv")]) == 1
    assert not (tmp_path / "c.csv").exists()
