"""Rolled-up records say what counting them by hand says, hide what is small, and fit the charts of published figures."""

from __future__ import annotations

import json
import shutil
import sys
from functools import cache

import numpy as np
import pandas as pd
import pytest

from analysis import charts, load_appeals, stats
from analysis.cli import main
from analysis.errors import DataError, UnknownName
from analysis.records.rollups.build import rollup
from analysis.records.rollups.measures import APPEAL_PARTS
from analysis.records.simulation import Effects, simulate
from analysis.reference.names import match_place

END = pd.Timestamp(Effects().end)


@pytest.fixture(scope="module")
def appeals():
    frame = simulate(30_000, seed=1).rename(columns={"registration_number": "appeal_key"})
    frame["place_id"] = frame["place"].map(
        {name: match_place(name).place_id for name in frame["place"].unique()}
    )
    frame.loc[frame.index % 500 == 0, ["place_id", "topic", "deadline"]] = None
    return frame


@pytest.fixture(scope="module")
def folder(appeals, as_ingested, tmp_path_factory):
    return as_ingested(appeals, tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def rolled_by(folder):
    """Roll up once what several tests look at."""

    @cache
    def roll(*by, threshold=10):
        return rollup(folder, by=list(by), threshold=threshold)

    return roll


def counted(frame, **cell):
    for column, value in cell.items():
        frame = frame[frame[column].eq(value)]
    assert len(frame) == 1
    return frame["value"].item()


def test_counts_are_those_of_counting_by_hand(appeals, folder):
    rolled = rollup(folder, by=["year", "place", "type"], threshold=None)
    mine = appeals[
        (appeals["registered"].dt.year == 2024)
        & (appeals["place_id"] == "KZ-75")
        & (appeals["type"] == "complaint")
    ]
    cell = rolled[
        (rolled["period_start"] == "2024-01-01")
        & (rolled["place_id"] == "KZ-75")
        & (rolled["breakdown_value"] == "complaint")
    ]
    done = mine[mine["state"] == "done"]
    expected = {
        "appeals_registered": len(mine), "appeals_answered": len(done), "appeals_open": int((mine["state"] == "in_progress").sum()),
        "appeals_answered_late": int((done["finished"] > done["deadline"]).sum()),
        "appeals_satisfied": int((mine["outcome"] == "satisfied").sum()),
        "appeals_redirected": int((mine["state"] == "redirected").sum()),
        "appeals_withdrawn": int((mine["state"] == "withdrawn").sum()),
    }  # fmt: skip
    assert {name: counted(cell, indicator=name) for name in expected} == expected
    considered = expected["appeals_answered"] + expected["appeals_redirected"]
    assert counted(cell, indicator="appeals_satisfied_share") == pytest.approx(
        expected["appeals_satisfied"] / considered
    )
    assert (cell["breakdown"] == "appeal_type").all() and (cell["period_end"] == "2024-12-31").all()


def test_overdue_is_open_past_the_deadline_on_the_day_asked_for(appeals, folder):
    day = pd.Timestamp("2024-06-30")
    rolled = rollup(folder, by=["year"], threshold=None, as_of=day.date())
    alive = ~appeals["state"].isin(["redirected", "withdrawn"])
    waiting = appeals[
        alive
        & ((appeals["finished"] > day) | appeals["finished"].isna())
        & (appeals["registered"].dt.year == 2024)
    ]
    got = rolled[rolled["period_start"] == "2024-01-01"]
    assert counted(got, indicator="appeals_open") == len(waiting)
    assert counted(got, indicator="appeals_overdue") == (waiting["deadline"] < day).sum()


def test_the_median_counts_those_still_waiting_as_waiting(appeals, folder):
    rolled = rollup(folder, by=["quarter", "body"], threshold=None)
    alive = appeals[~appeals["state"].isin(["redirected", "withdrawn"])]
    last = alive[alive["registered"] >= "2025-10-01"]
    expected = stats.response_time(
        last, start="registered", end="finished", group="body", as_of=END
    ).median
    cells = rolled[
        (rolled["indicator"] == "response_days_median") & (rolled["period_start"] == "2025-10-01")
    ]
    found = cells[cells["breakdown"] == "state_body"].set_index("breakdown_value")["value"]
    assert len(found) == len(expected) > 50
    assert (found[expected.index].fillna(np.inf) == expected).all()
    assert (cells.loc[cells["value"].isna(), "rule"] == "not_reached").all()


def test_every_total_is_the_sum_of_its_parts(folder):
    rolled = rollup(folder, by=["month", "region", "type"], threshold=None)
    wide = rolled[rolled["unit"] == "count"].pivot(
        index=["period_start", "place_id", "breakdown_value"], columns="indicator", values="value"
    )
    for total, parts in APPEAL_PARTS:
        assert (wide[total] == wide[list(parts)].sum(axis=1)).all()
    registered = wide["appeals_registered"].unstack(fill_value=0)
    assert (registered[""] == registered.drop(columns="").sum(axis=1)).all()
    places = registered[""].unstack(fill_value=0)
    assert (places["KZ"] == places.drop(columns="KZ").sum(axis=1)).all()
    assert places["KZ"].sum() == 30_000


def test_what_is_small_is_hidden_and_marked_and_zero_and_nothing_are_not(rolled_by):
    shown, full = rolled_by("year", "region"), rolled_by("year", "region", threshold=None)
    both = shown.merge(
        full,
        on=["indicator", "period_start", "place_id"],
        suffixes=("", "_true"),
        validate="one_to_one",
    )
    assert len(both) == len(shown) == len(full)
    hidden = both["rule"] == "suppressed"
    counts = both["unit"] == "count"
    assert both.loc[hidden, ["value", "low", "high"]].isna().all(axis=None)
    assert not both.loc[~hidden & counts, "value"].between(1, 9).any()
    assert (
        both.loc[~hidden, "value"].fillna(-1) == both.loc[~hidden, "value_true"].fillna(-1)
    ).all()
    assert both.loc[~hidden & counts, "value"].eq(0).any()
    assert (
        both.loc[both["value"].isna() & ~hidden, "rule"].isin(["no_cases", "not_reached"])
    ).all()
    assert shown.attrs["audit"]["verdict"] == "pass"


def test_a_share_is_hidden_with_its_counts(folder):
    shown = rollup(folder, by=["quarter", "type"])
    cells = shown.pivot(
        index=["period_start", "breakdown_value"], columns="indicator", values="rule"
    )
    hidden = cells["appeals_satisfied"].eq("suppressed") | cells["appeals_considered"].eq(
        "suppressed"
    )
    assert hidden.any() and not hidden.all()
    assert not cells["appeals_registered"].eq("suppressed").any()
    assert cells.loc[hidden, "appeals_satisfied_share"].eq("suppressed").all()
    assert (
        cells.loc[cells["appeals_answered"].eq("suppressed"), "response_days_median"]
        .eq("suppressed")
        .all()
    )


def test_an_export_is_read_back_as_it_was_with_its_audit(folder, rolled_by, tmp_path, capsys):
    for kind in ("csv", "parquet"):
        out = tmp_path / f"out.{kind}"
        assert main(["rollup", str(folder), "--by", "year", "--out", str(out)]) == 0
        assert "Pass: none of the" in capsys.readouterr().out
        read = pd.read_csv(out, keep_default_na=False) if kind == "csv" else pd.read_parquet(out)
        assert len(read) == len(rolled_by("year"))
        assert json.loads((tmp_path / f"out.{kind}.audit.json").read_text())["verdict"] == "pass"
    assert len(list(tmp_path.iterdir())) == 6


def test_rolled_up_records_have_the_columns_of_published_appeals(rolled_by):
    rolled, published = rolled_by("year", "type"), load_appeals()
    assert set(published.columns) <= set(rolled.columns)
    together = pd.concat([published, rolled], ignore_index=True)
    for column in (
        "period_start",
        "period_end",
        "published",
        "value",
        "level",
        "precision",
        "confidence",
    ):
        assert together[column].dtype == published[column].dtype, column
    assert rolled["simulated"].all() and rolled["sources"].eq("simulated_records").all()


@pytest.mark.parametrize(
    ("language", "stamp"),
    [("en", "Simulated data"), ("kk", "Модельденген деректер"), ("ru", "Смоделированные данные")],
)
def test_charts_of_published_figures_take_records_and_stamp_them(rolled_by, language, stamp):
    chart = charts.plot_appeal_types(rolled_by("year", "type"), language=language)
    assert len(chart.data()) == 6
    assert chart.alt.startswith(stamp)
    assert stamp.upper() in [text.get_text() for text in chart.texts]
    assert "simulated" not in charts.draw("appeal_types", language=language).alt.casefold()


def test_records_of_one_region_are_not_called_the_nation(appeals, as_ingested, tmp_path):
    as_ingested(appeals[appeals["place_id"] == "KZ-27"], tmp_path)
    assert rollup(tmp_path, by=["year"], threshold=None)["place_id"].unique().tolist() == ["KZ-27"]
    assert rollup(tmp_path, by=["year", "place"], threshold=None)["place_id"].unique().tolist() == [
        "KZ-27"
    ]


def test_a_topic_in_words_gets_its_code_and_one_of_its_own_keeps_its_words(
    appeals, as_ingested, tmp_path
):
    frame = appeals.assign(topic=np.where(appeals["topic"] == "land", "Земля", "Собаки"))
    topics = rollup(as_ingested(frame, tmp_path), by=["topic"], threshold=None)
    assert set(topics["breakdown_value"]) == {"", "land", "Собаки"}


def test_meetings_are_public_and_receptions_are_not(as_ingested, tmp_path):
    rows = pd.DataFrame({
        "date": pd.to_datetime(["2024-02-01", "2024-02-03", "2024-02-09", "2024-02-09"]), "place": "Алматы", "place_id": ["KZ-75", "KZ-75", "KZ-71", "KZ-75"],
        "level": "city", "kind": ["report_meeting", "reception", "reception", "reception"], "held_by": "akim",
        "participants": [5, 40, 4, 30], "questions": [3, 40, 4, 30], "resolved": [2, 20, 1, 15], "broadcast": True, "simulated": False,
    })  # fmt: skip
    folder = as_ingested(rows, tmp_path, "meetings", "date")
    rolled = rollup(folder, by=["month", "place"], dataset="meetings")
    assert counted(rolled, indicator="meeting_participants", place_id="KZ-75") == 5
    assert counted(
        rolled, indicator="meeting_questions_resolved_share", place_id="KZ-75"
    ) == pytest.approx(2 / 3)
    assert counted(rolled, indicator="receptions_held", place_id="KZ-71") == 1
    hidden = rolled[(rolled["indicator"] == "citizens_received") & (rolled["rule"] == "suppressed")]
    assert set(hidden["place_id"]) == {"KZ-71", "KZ-75"}
    assert counted(rolled, indicator="citizens_received", place_id="KZ") == 74


def test_a_polling_station_counts_once_however_many_candidates(as_ingested, tmp_path):
    rows = pd.DataFrame({
        "date": pd.to_datetime(["2021-07-25"] * 4), "place": "x", "place_id": "KZ-31", "station": ["1", "1", "2", "2"], "office": "rural",
        "listed": [100, 100, 50, 50], "voted": [80, 80, 45, 45], "against_all": [1, 1, 0, 0], "invalid": [2, 2, 1, 1], "candidates": 2,
        "candidate": ["a", "b", "a", "b"], "votes": [50, 27, 30, 14], "simulated": False,
    })  # fmt: skip
    rolled = rollup(
        as_ingested(rows, tmp_path, "elections", "date"),
        by=["day"],
        dataset="elections",
        out=tmp_path / "e.csv",
    )
    assert counted(rolled, indicator="voters_listed") == 150
    assert counted(rolled, indicator="turnout_share") == pytest.approx(125 / 150)
    assert (rolled["period_end"] == "2021-07-25").all() and (tmp_path / "e.csv").is_file()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            {"by": ["week"]},
            "cannot be counted by 'week' is not known.* Known: month, quarter, year, place",
        ),
        ({"by": ["month", "year"]}, "one period at most"),
        ({"by": ["place", "region"]}, "place or region, not both"),
        ({"by": ["month"], "engine": "dask"}, "engine 'dask' is not known. Known: duckdb, spark"),
        ({"by": ["month"], "dataset": "letters"}, "data set of records 'letters' is not known"),
        ({"by": ["month"], "out": "x.xlsx"}, "the ending '.xlsx'"),
        ({"by": ["month"], "out": "x.csv", "threshold": None}, "no threshold"),
        ({"by": ["month"], "dataset": "meetings"}, "Run: openness ingest FILE --dataset meetings"),
    ],
)
def test_a_wrong_wish_says_what_is_known(folder, options, said):
    with pytest.raises(
        (UnknownName, DataError), match=said.replace(".", r"\.").replace("(", r"\(")
    ):
        rollup(folder, **options)


def test_the_engine_works_within_a_small_memory_and_leaves_no_spill(folder, tmp_path):
    asked = {"by": ["quarter", "region"], "threshold": None}
    small = rollup(folder, **asked, memory_limit="120MB", spill=tmp_path / "spill")
    pd.testing.assert_frame_equal(small, rollup(folder, **asked))
    assert not list((tmp_path / "spill").glob("*"))


@pytest.mark.slow
def test_spark_gives_the_same_numbers(folder):
    pytest.importorskip("pyspark", reason="pyspark is not installed (optional extra: spark)")
    if not shutil.which("java"):
        pytest.skip("Spark needs Java, and none was found")
    for by in (["month", "place", "type"], ["quarter", "topic"], ["year", "days"]):
        here, there = (
            rollup(folder, by=by, threshold=None, engine=engine) for engine in ("duckdb", "spark")
        )
        pd.testing.assert_frame_equal(here, there)


def test_without_pyspark_the_extra_is_named(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(DataError, match=r"pip install 'governance-openness\[spark\]'"):
        rollup(folder, by=["year"], engine="spark")
