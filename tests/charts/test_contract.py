"""The contract that every chart keeps: frames checked, words and data given, options for all."""

from __future__ import annotations

import inspect
import re
import warnings

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from analysis import (
    charts,
    coverage,
    load_akim_elections,
    load_appeals,
    load_context,
    load_events,
    load_meetings,
    load_population,
    load_turnout,
    paths,
)
from analysis.charts import CHARTS, FIGURES, WrongFrame
from analysis.charts.frames import loader_of
from analysis.errors import UnknownName
from analysis.locale import keys, read_catalogue
from analysis.reference import languages

OTHERS = {
    "load_appeals": load_appeals,
    "load_turnout": load_turnout,
    "load_akim_elections": load_akim_elections,
    "load_meetings": load_meetings,
    "load_context": load_context,
    "load_population": load_population,
}


def frames_of(name):
    return [loader() for loader in FIGURES[name].loaders]


@pytest.mark.parametrize("name", OTHERS)
def test_a_frame_is_told_by_what_it_holds(name):
    assert loader_of(OTHERS[name]()) == name


@pytest.mark.parametrize("name", FIGURES)
def test_a_wrong_frame_names_the_loader_that_returns_the_right_one(name):
    right, *others = frames_of(name)
    wrong = load_events() if "date" not in right else load_appeals()
    loader = dict.fromkeys(("coverage", "required_found"), "coverage")
    with pytest.raises(WrongFrame, match=r"as (load\.)?\w+\(\) returns it") as raised:
        FIGURES[name].plot(wrong, *others)
    assert f"plot_{name}" in str(raised.value)
    assert loader.get(name, "load") in str(raised.value)


@pytest.mark.parametrize("name", FIGURES)
def test_figures_of_another_kind_are_never_drawn_as_no_data(name):
    right, *others = frames_of(name)
    if "indicator" not in right or "dataset" in right:
        pytest.skip("takes no series of one kind")
    own = loader_of(right)
    for loader, load in OTHERS.items():
        if loader != own:
            with pytest.raises(WrongFrame, match=loader):
                FIGURES[name].plot(load(), *others)


def test_a_list_or_a_number_is_no_frame():
    with pytest.raises(WrongFrame, match=r"load_turnout\(\) returns it; this is a list"):
        charts.plot_tile_map([1, 2])


@pytest.mark.parametrize("name", FIGURES)
def test_an_empty_frame_says_that_there_is_no_data(name):
    frames = [frame.iloc[:0] for frame in frames_of(name)]
    assert FIGURES[name].plot(*frames, language="kk").alt == "дерек жоқ"


def test_an_unknown_language_figure_or_place_is_one_clear_error():
    with pytest.raises(UnknownName, match=r"language 'kz' is not known; near: kk|language 'kz'"):
        charts.draw("timeline", language="kz")
    with pytest.raises(UnknownName, match="near: tile_map"):
        charts.draw("tile_mapp")
    with pytest.raises(UnknownName, match="Atlantis"):
        charts.plot_place_coverage(coverage(), place="Atlantis")
    with pytest.raises(UnknownName, match="referendum_2027"):
        charts.plot_tile_map(load_turnout(), vote="referendum_2027")


@pytest.mark.parametrize("name", FIGURES)
def test_words_of_ones_own_take_the_place_of_the_messages(name):
    chart = charts.draw(name, title="Mine", subtitle="Below", figsize=(6, 5), source=False)
    written = [text.get_text() for text in chart.texts]
    assert written == ["Mine", "Below"]
    assert (chart.title, chart.subtitle) == ("Mine", "Below")
    assert chart.get_size_inches().tolist() == [6, 5]
    assert chart.source_line and chart.alt != "Mine"


@pytest.mark.parametrize("name", FIGURES)
def test_a_chart_is_drawn_on_axes_of_the_callers(name):
    figure, (left, right) = plt.subplots(1, 2, figsize=(14, 8), layout="constrained")
    panel = charts.draw(name, ax=left)
    whole = charts.draw(name)
    assert panel.ax is left and panel.data().equals(whole.data()) and panel.alt == whole.alt
    assert panel.title.split()[0] in left.get_title(loc="left")
    drawn = [axes for axes in figure.axes if axes is not right]
    n_artists = sum(len(axes.get_children()) for axes in whole.axes)
    blank = len(right.get_children())
    extra = blank if len(whole.axes) > 1 else 0
    assert sum(len(axes.get_children()) for axes in drawn) - extra == n_artists
    assert not right.has_data()
    figure.canvas.draw()


def test_axes_that_are_in_no_grid_are_refused_where_several_plots_are_drawn():
    ax = plt.figure().add_axes((0, 0, 1, 1))
    with pytest.raises(ValueError, match=r"plt\.subplots"):
        charts.draw("neighbours", ax=ax)


def test_no_chart_is_known_to_pyplot():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn = [charts.draw("timeline") for _ in range(25)]
    assert len(drawn) == 25 and plt.get_fignums() == []


@pytest.mark.parametrize("name", CHARTS)
def test_options_are_in_the_signature_and_the_docstring(name):
    plot = CHARTS[name]
    parameters = inspect.signature(plot).parameters
    for option in ("ax", "title", "subtitle", "figsize", "source"):
        assert parameters[option].kind is inspect.Parameter.KEYWORD_ONLY
    assert "canvas" not in parameters
    assert plot.__doc__.count('language : {"en", "kk", "ru"}') == 1
    assert "Other Parameters" in plot.__doc__ and "Examples\n" in plot.__doc__


def test_a_chart_says_what_it_rests_on():
    chart = charts.draw("administrative_lawsuits")
    assert set(chart.sources["source_id"]) == {s for c in chart.rows["sources"] for s in c.split()}
    assert chart.title in chart.cite() and "governance-openness" in chart.cite()
    assert chart.caption.startswith(chart.title) and chart.source_line.rstrip(".") in chart.caption


def test_every_chart_has_its_three_messages_under_its_own_name():
    # Two charts show a funnel in their own words for its title.
    named = set(CHARTS) - {"funnel", "records_overdue"}
    wanted = {f"{name}_{part}" for name in named for part in ("title", "sub", "alt")}
    assert not wanted - set(keys(""))


@pytest.mark.parametrize("language", languages())
def test_every_message_of_a_chart_is_reached(language):
    """A title, subtitle or alt text belongs to a chart, or is named in the code."""
    files = [path for kind in ("*.py", "*.j2") for path in (paths.root() / "src").rglob(kind)]
    code = "".join(path.read_text("utf-8") for path in files)
    left = set()
    for message in read_catalogue(language):
        found = re.fullmatch(r"(.+)_(title|sub|alt)", str(message.id or ""))
        if found and found[1] not in CHARTS and not re.search(rf"[\"']{found[0]}[\"']", code):
            left.add(found[0])
    # Charts of records still name their messages rec_..., some with a name made of two parts.
    assert not {name for name in left if not name.startswith("rec_")}


def test_a_subset_is_drawn_as_the_subset_that_it_is():
    two = charts.plot_turnout_gaps(load_turnout(place=["KZ-33", "KZ"]))
    assert [label.get_text() for label in two.axes[0].get_yticklabels()] == ["Jetisu Region"]
    one = charts.plot_tile_map(load_turnout(vote="majilis_2023"))
    assert one.subtitle.startswith("Turnout by region: Majilis 2023. ") and one.alt != "no data"
    kinds = charts.plot_vote_pairs(load_turnout(vote=["majilis_2021", "majilis_2023"]))
    assert len(kinds.axes) == 1
    regions = charts.plot_turnout_spread(load_turnout(place=["KZ-33"]))
    assert regions.alt.endswith("no data.") and regions.axes[0].collections
    with pytest.raises(WrongFrame, match='Add "KZ"'):
        charts.plot_turnout_gaps(load_turnout(place="KZ-33"))


def test_a_row_without_a_value_is_not_drawn():
    rows = load_appeals(since=2020).assign(value=float("nan"))
    assert charts.plot_appeals_totals(rows).alt == "no data"
    assert isinstance(charts.draw("timeline").data(), pd.DataFrame)
