"""Charts of own records: whole in every language, stamped when simulated, true to what was built in."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from analysis import charts
from analysis.records.rollups.build import rollup
from analysis.records.simulation import Effects, simulate

STAMPS = {"en": "Simulated data", "kk": "Модельденген деректер", "ru": "Смоделированные данные"}
NAMES = ("monthly", "reform", "response", "overdue", "backlog", "topics")


@pytest.fixture(scope="module")
def own(as_ingested, tmp_path_factory):
    """The records, and the roll-ups that the charts take."""
    frame = (
        simulate(60_000, seed=9)
        .rename(columns={"registration_number": "appeal_key"})
        .assign(place_id="KZ-27")
    )
    folder = as_ingested(frame, tmp_path_factory.mktemp("charts"))
    return {
        "records": frame,
        **{
            name: rollup(folder, by=[name], threshold=threshold)
            for name, threshold in (("month", 10), ("body", None), ("topic", 10))
        },
    }


def draw(name, own, language):
    applications = own["records"][own["records"]["type"] == "application"]
    plots = {
        "monthly": lambda: charts.plot_records_monthly(own["month"], language=language),
        "reform": lambda: charts.plot_records_reform(
            own["month"], start=Effects().reform, language=language
        ),
        "response": lambda: charts.plot_records_response(applications, language=language),
        "overdue": lambda: charts.plot_records_overdue(own["body"], language=language),
        "backlog": lambda: charts.plot_records_backlog(own["records"], language=language),
        "topics": lambda: charts.plot_records_topics(own["topic"], language=language),
    }
    return plots[name]()


@pytest.mark.parametrize(("name", "language"), list(itertools.product(NAMES, STAMPS)))
def test_a_chart_is_whole_and_stamped(own, name, language):
    chart = draw(name, own, language)
    chart.canvas.draw()
    assert chart.alt.startswith(STAMPS[language]) and any(c.isdigit() for c in chart.alt)
    stamp = [text for text in chart.texts if text.get_text() == STAMPS[language].upper()]
    assert len(stamp) == 1 and stamp[0].get_visible() and stamp[0].get_alpha() >= 0.25
    data = chart.data()
    assert len(data) and data["simulated"].all() and (data["sources"] == "simulated_records").all()
    assert chart.source_line.split(": ")[1].startswith(
        {"en": "simulated", "kk": "модельденген", "ru": "смоделированные"}[language]
    )
    renderer = chart.canvas.get_renderer()
    for text in set(chart.texts) - set(stamp):
        box = text.get_window_extent(renderer)
        assert box.x0 >= -1 and box.x1 <= chart.bbox.width + 1, text.get_text()
    heads = [text.get_window_extent(renderer) for text in chart.texts if text not in stamp]
    plots = [axes.get_tightbbox(renderer) for axes in chart.axes]
    assert not any(a.overlaps(b) for a, b in itertools.combinations(heads, 2))
    assert not any(a.padded(-1).overlaps(b) for a, b in itertools.product(plots, heads))


def test_records_of_real_people_are_not_stamped(own):
    real = {name: frame.assign(simulated=False) for name, frame in own.items()}
    for name in ("monthly", "response", "overdue"):
        source = {
            key: frame.assign(publishers="own_records", sources="own_records")
            if "publishers" in frame
            else frame
            for key, frame in real.items()
        }
        chart = draw(name, source, "en")
        assert not chart.alt.startswith("Simulated") and "own records" in chart.source_line


def test_the_backlog_is_what_was_open_at_the_end_of_each_month(own):
    frame = own["records"]
    data = draw("backlog", own, "en").data().set_index("date")
    for day in pd.to_datetime(["2023-02-28", "2024-12-31"]):
        waiting = frame[(frame["registered"] <= day) & ~(frame["finished"] <= day)]
        assert data.loc[day, "value"] == len(waiting)
        assert data.loc[day, "overdue"] == (waiting["deadline"] < day).sum()


def test_the_slow_bodies_are_outside_the_funnel(own):
    data = draw("overdue", own, "en").data()
    assert len(data) == 140
    chart = draw("overdue", own, "en")
    outside = set(chart.rows.loc[chart.rows["outside"] == 0.998, "breakdown_value"])
    assert set(Effects().slow_bodies) <= outside and len(outside) <= 5


def test_the_counterfactual_is_the_level_without_the_reform(own):
    data = draw("reform", own, "en").data()
    after = data[data["period_start"] >= pd.Timestamp(Effects().reform)]
    assert abs((after["fitted"] / after["counterfactual"]).mean() - Effects().level_change) < 0.08
    before = data[data["period_start"] < pd.Timestamp(Effects().reform)]
    assert np.allclose(before["fitted"], before["counterfactual"])


def test_a_curve_ends_where_few_are_left(own):
    few = own["records"].query("type == 'application'").iloc[:200]
    data = draw("response", {"records": few}, "en").data()
    assert len(data) and data["value"].min() * 200 >= 5


def test_a_hidden_topic_is_named_as_hidden(own):
    topics = own["topic"].copy()
    topics.loc[
        (topics["breakdown_value"] == "health") & (topics["indicator"] == "appeals_registered"),
        "value",
    ] = np.nan
    chart = draw("topics", own | {"topic": topics}, "en")
    assert "health — suppressed (small number)" in chart.alt


def test_many_topics_are_cut_to_those_that_can_be_read(own):
    topics = own["topic"]
    one = topics[
        (topics["breakdown_value"] == "health") & (topics["indicator"] == "appeals_registered")
    ]
    names = ["not_stated", *(f"topic {n} that is asked about in many words" for n in range(160))]
    many = pd.concat([one] * len(names), ignore_index=True)
    many = many.assign(breakdown_value=names, value=range(10_000, 10_000 - len(names), -1))
    chart = draw("topics", own | {"topic": many}, "en")
    (axes,) = chart.axes
    shown = [label.get_text() for label in axes.get_yticklabels()]
    assert len(shown) == len(chart.rows) == 25
    assert chart.get_figheight() < 12
    assert "not_stated" not in chart.alt + "".join(shown)
    assert "136" in chart.alt.rsplit(";", 1)[1]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_to_draw_is_said(own, name):
    nothing = {key: frame.iloc[:0] for key, frame in own.items()}
    assert draw(name, nothing, "ru").alt == "нет данных"
