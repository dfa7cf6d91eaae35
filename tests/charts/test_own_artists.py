"""Charts of your own records, of funnels and of one place draw the values that their data list."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from artists import listed, near, points, rows
from matplotlib.dates import date2num

from analysis import charts, coverage, load_turnout, stats
from analysis.records.simulation import simulate

MONTHS = pd.date_range("2021-01-01", periods=30, freq="MS")
COUNTS = 500 + 40 * np.sin(np.arange(30) * 1.3) + np.arange(30)


def rollup(indicator, values, **columns):
    frame = {
        "indicator": indicator,
        "breakdown": "",
        "breakdown_value": "",
        "value": values,
        "place_id": "KZ-27",
        "unit": "count",
        "period_start": MONTHS[: len(values)],
        "period_end": MONTHS[: len(values)] + pd.offsets.MonthEnd(0),
        "sources": "own_records",
        "publishers": "own_records",
        "published": MONTHS[-1],
        "simulated": False,
        "place_en": list("abcdefghijklmnopqrstuvwxyz0123")[: len(values)],
    }
    return pd.DataFrame(frame | columns)


def by_topic():
    topics = ["land", "health", "roads", "x"]
    return rollup(
        "appeals_registered", [50.0, np.nan, 30, 8], breakdown="topic", breakdown_value=topics
    )


def shares():
    one_day = {"period_start": MONTHS[0], "period_end": MONTHS[0], "unit": "share"}
    return rollup("turnout_share", [0.4, 0.6, 0.5], **one_day)


def bodies():
    kinds = ["appeals_past_deadline", "appeals_answered_in_time"] * 4
    late = [9.0, 91, 12, 88, 30, 70, 11, 89]
    names = np.repeat(list("abcd"), 2)
    return rollup(kinds, late, breakdown="state_body", breakdown_value=names)


LINES = {
    "topics": lambda: charts.plot_records_topics(by_topic()),
    "turnout": lambda: charts.plot_records_turnout(shares()),
}


@pytest.mark.parametrize("name", LINES)
def test_lines_of_dots_stand_at_their_values(name):
    found, wanted = rows(LINES[name]())
    assert sum(found.values()) >= 3
    # A hidden count has a line in the data and no dot.
    assert found == wanted


def courses(chart, column="period_start"):
    """The values over time that a chart shows, and those that its data list."""
    data = chart.data()
    when = [near(day) for day in date2num(data[column])]
    wanted = Counter(zip(when, data["value"].map(near), strict=True))
    first = chart.axes[0]
    lines = [line for line in first.lines if len(line.get_xdata()) > 2]
    return lines, wanted


def shown(line):
    x, y = date2num(line.get_xdata()), line.get_ydata()
    return Counter((near(a), near(b)) for a, b in zip(x, y, strict=True))


@pytest.mark.parametrize("how", ["monthly", "reform"])
def test_months_stand_at_their_counts(how):
    frame = rollup("appeals_registered", COUNTS)
    plots = {
        "monthly": lambda: charts.plot_records_monthly(frame),
        "reform": lambda: charts.plot_records_reform(frame, start="2022-06-01"),
    }
    lines, wanted = courses(plots[how]())
    assert shown(lines[0]) == wanted and len(wanted) == 30


def test_the_fitted_line_and_the_counterfactual_are_those_of_the_data():
    chart = charts.plot_records_reform(rollup("appeals_registered", COUNTS), start="2022-06-01")
    lines, _ = courses(chart)
    data = chart.data()
    assert np.allclose(lines[1].get_ydata(), data["fitted"])
    after = data[data["period_start"] >= "2022-06-01"]
    assert np.allclose(lines[2].get_ydata(), after["counterfactual"])


def test_the_backlog_stands_at_its_counts():
    chart = charts.plot_records_backlog(simulate(4_000, seed=3))
    lines, wanted = courses(chart, "date")
    assert shown(lines[0]) == wanted and len(wanted) > 12
    assert np.allclose(lines[1].get_ydata(), chart.data()["overdue"], equal_nan=True)


def test_meetings_stand_at_their_counts_under_their_names():
    kinds = {"meetings_held": 1, "meeting_questions_raised": 3, "meeting_questions_resolved": 2}
    frame = pd.concat([rollup(kind, COUNTS[:5] * n) for kind, n in kinds.items()])
    chart = charts.plot_records_meetings(frame)
    data = chart.data()
    for line in chart.axes[0].lines:
        own = data[data["series"] == line.get_label()]
        assert np.allclose(line.get_ydata(), own["value"]) and len(own) == 5


def test_bodies_stand_at_their_size_and_share():
    chart = charts.plot_records_overdue(bodies())
    data = listed(chart)
    wanted = Counter((near(n), near(share)) for n, share in data[["total", "value"]].values)
    found = Counter((near(x), near(y)) for x, y in points(chart.axes[0]))
    assert found == wanted and len(data) == 4


def test_the_common_share_is_that_of_all_bodies():
    """Four bodies are shown with 62 of 400 late; of all bodies 250 of 1,000 are."""
    kinds = ["appeals_past_deadline", "appeals_answered_in_time"]
    of_all = rollup(kinds, [250.0, 750.0])
    fifth = {"breakdown": "state_body", "breakdown_value": "e"}
    hidden = rollup([*kinds, "appeals_registered"], [np.nan, np.nan, 600], **fifth)
    shown = pd.concat([bodies(), hidden])
    known = charts.plot_records_overdue(pd.concat([of_all, shown]))
    assert "common share 25.0%" in known.subtitle
    assert "of the bodies shown" not in known.alt
    unknown = charts.plot_records_overdue(shown)
    assert "common share 15.5%" in unknown.subtitle
    assert "of the bodies shown" in unknown.alt


def test_a_funnel_draws_its_table():
    table = pd.DataFrame({"unit": list("abcd"), "late": [9, 12, 30, 1], "all": [100, 90, 110, 4]})
    result = stats.funnel(table, count="late", total="all", unit="unit")
    chart = charts.plot_funnel(result, title="Late")
    found = Counter((near(x), near(y)) for x, y in points(chart.axes[0]))
    both = result.table[["total", "share"]].to_numpy()
    assert found == Counter((near(n), near(share)) for n, share in both)


def test_a_place_stands_at_its_turnout_beside_the_nation():
    chart = charts.plot_place_turnout(load_turnout(), place="KZ-27")
    data = chart.data()
    dots = Counter(near(x) for x, _ in points(chart.axes[0]))
    wanted = Counter(near(value) for value in data["value"])
    assert not wanted - dots and set(data["place_id"]) == {"KZ", "KZ-27"}


def test_the_cells_of_a_place_have_the_marks_of_their_status():
    cells = coverage()
    chart = charts.plot_place_coverage(cells, place="KZ-27")
    own = cells[cells["place_id"] == "KZ-27"]
    found = {line.get_label(): len(line.get_xdata()) for line in chart.axes[0].lines}
    assert sum(found.values()) == len(own)
    assert found["not found in the sources searched"] == (own["status"] == "not_found").sum()
