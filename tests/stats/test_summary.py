"""The sentences: one for every result, in three languages, none with a placeholder or a raw number left."""

from __future__ import annotations

import dataclasses
import functools
import inspect
import re
from string import Formatter

import numpy as np
import pandas as pd
import pytest

from analysis import stats
from analysis.errors import UnknownName
from analysis.locale import read_catalogue

RNG = np.random.default_rng(0)
REGIONS = pd.DataFrame(RNG.random((8, 3)), columns=["2019", "2021", "2023"])
INDEX = stats.composite_index(REGIONS, structure={"all": ["2019", "2021"], "last": ["2023"]})
CASES = pd.DataFrame({"start": [0, 0, 0, 0], "end": [5, 9, 30, np.nan], "body": list("aabb")})
OPEN = CASES.assign(end=[5, np.nan, np.nan, np.nan])
UNITS = pd.DataFrame(
    {"unit": range(10), "count": [500, 501, 499, 502, 498, 500, 500, 503, 497, 500], "total": 1000}
)
MONTHS = pd.DataFrame({"t": range(40), "y": [20 + 9 * (t >= 20) + t % 3 for t in range(40)]})
LISTED = np.full(400, 1000)
STEADY = [1, 5, 2, 4, 3, 5, 1, 4, 2, 3, 3, 4]


AR = np.array([0.0, *np.cumsum(np.r_[np.ones(20), -np.ones(20)])]) + RNG.normal(size=41) * 0.1
CHART_WORDS = {"stats_funnel_cases", "stats_funnel_sub"}
CLAUSES = {
    "stats_none", "stats_response_within", "stats_response_within_unknown", "stats_points", "stats_between", "stats_competing_part",
    "stats_wait_term", "stats_coinciding_part",
    *(f"stats_per_{per}" for per in ("year", "unit", "step", "cycle")),
    *(f"stats_gaps_{name}" for name in ("median", "rest", "given")),
    *(f"stats_adjust_{name}" for name in ("holm", "by", "bh", "bonferroni")),
}  # fmt: skip


def its(frame, **options):
    return stats.interrupted_time_series(frame, outcome="y", time="t", start=20, **options)


def waits(n=120, **columns):
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {"begin": 0.0, "end": rng.exponential(10, n), "how": rng.choice(["a", "b"], n)}
    )
    frame["x"], frame["body"] = rng.integers(0, 2, n), np.arange(n) % 12
    return frame.assign(**columns)


def regression(**options):
    return stats.wait_regression(
        waits(), start="begin", end="end", outcome="how", event="a", predictors=["x"], **options
    )


WILD = UNITS.assign(count=np.arange(10) * 90 + 50)
SPREAD = pd.DataFrame({"2019": [1, 2, 3, 4, 5], "2023": [10, 20, 30, 40, 50]})
ONE_MAKES_IT = pd.DataFrame({"2019": [1, 2, 3, 4, 5.0], "2023": [1, 2.2, 3, 3.8, 40]})
LISTS = pd.DataFrame(RNG.random((8, 3)).round(4), columns=["10:00", "12:00", "14:00"])
SAME = LISTS.assign(**{"12:00": LISTS["10:00"]})
EQUAL = pd.Series({"KZ": 0.0, "MN": 0.1}), pd.Series({"KZ": 0.1, "MN": 0.1})
DRIFT = [0, 1, 2, 3, 4, 3, 2, 1, 0, -1, -2, -1, 0, 1, 2, 3, 4, 5, 4, 3, 2, 1, 2, 3]
RESULTS = {
    "stats_trend_impossible": stats.mann_kendall([1, 2, 3, 4]),
    "stats_trend_none": stats.mann_kendall(STEADY),
    "stats_trend_up": stats.mann_kendall(range(12)),
    "stats_trend_down": stats.mann_kendall(range(12, 0, -1)),
    "stats_trend_auto_few": stats.mann_kendall([1, 2, 3, 4, 5]),
    "stats_trend_auto_many": stats.mann_kendall(range(12)),
    "stats_trend_auto_ties": stats.mann_kendall(STEADY),
    "stats_trend_autocorrelated": stats.mann_kendall(DRIFT),
    "stats_trend_independence": stats.mann_kendall(range(12)),
    "stats_change_found": stats.change_point([1] * 15 + [2] * 15),
    "stats_change_none": stats.change_point(STEADY),
    "stats_change_autocorrelated": stats.change_point(DRIFT),
    "stats_bootstrap": stats.block_bootstrap(range(20), draws=99),
    "stats_bootstrap_autocorrelated": stats.block_bootstrap(range(20), draws=99),
    "stats_interval": stats.proportion_interval(5, 50),
    "stats_intervals": stats.rate_interval([5, 7], [50, 90]),
    "stats_adjusted": stats.adjust_pvalues([0.01, 0.04, 0.5]),
    "stats_concordance_found": stats.concordance(REGIONS.assign(**{"2021": REGIONS["2019"], "2023": REGIONS["2019"]}), draws=999),
    "stats_concordance_none": stats.concordance(pd.DataFrame({"a": [1, 2, 3], "b": [3, 2, 1]}), draws=99),
    "stats_association_positive": stats.association(range(9), range(9)),
    "stats_association_negative": stats.association(range(9), range(9, 0, -1)),
    "stats_association_none": stats.association([1, 2, 3, 4], [2, 1, 4, 3]),
    "stats_dispersion_one": stats.dispersion(SPREAD[["2019"]]),
    "stats_dispersion_up_kept": stats.dispersion(SPREAD),
    "stats_dispersion_down_kept": stats.dispersion(SPREAD.iloc[:, ::-1]),
    "stats_dispersion_up_lost": stats.dispersion(ONE_MAKES_IT),
    "stats_dispersion_down_lost": stats.dispersion(ONE_MAKES_IT.iloc[:, ::-1]),
    "stats_gaps": stats.gaps(REGIONS, REGIONS.mean()),
    "stats_distances": stats.distances(pd.Series({"KZ": 0, "MN": 1}), pd.Series({"KZ": 0.1, "MN": 0.1}), reference="KZ"),
    "stats_distances_equal": stats.distances(*EQUAL, reference="KZ", margin=1),
    "stats_its_change_found": its(MONTHS),
    "stats_its_change_none": its(MONTHS.assign(y=lambda f: f["t"] % 3)),
    "stats_its_ratio_found": its(MONTHS, family="poisson"),
    "stats_its_ratio_none": its(MONTHS.assign(y=lambda f: 20 + f["t"] % 3), family="poisson"),
    "stats_its_autocorrelation": its(MONTHS),
    "stats_its_doubtful": its(MONTHS.assign(y=AR[:40])),
    "stats_its_doubtful_counts": its(MONTHS.assign(y=lambda f: 20 + 30 * (f["t"] % 4 == 1)), family="poisson"),
    "stats_placebo": its(MONTHS).placebo(),
    "stats_funnel": stats.funnel(UNITS, count="count", total="total", unit="unit"),
    "stats_funnel_overdispersed": stats.funnel(WILD, count="count", total="total", unit="unit"),
    "stats_response_one": stats.response_time(CASES, start="start", end="end"),
    "stats_response_one_unknown": stats.response_time(OPEN, start="start", end="end", as_of=40),
    "stats_response_slowest": stats.response_time(CASES.fillna(40), start="start", end="end", group="body"),
    "stats_response_slowest_unknown": stats.response_time(OPEN, start="start", end="end", group="body", as_of=40),
    "stats_competing_one": stats.competing_outcomes(waits(), start="begin", end="end", outcome="how"),
    "stats_competing_group": stats.competing_outcomes(waits(), start="begin", end="end", outcome="how", group="body"),
    "stats_wait": regression(),
    "stats_wait_few": regression(cluster="body"),
    "stats_multilevel": stats.multilevel(REGIONS),
    "stats_coinciding_none": stats.coinciding_lists(LISTS),
    "stats_coinciding_found": stats.coinciding_lists(SAME),
    "stats_seasonal": stats.seasonal_adjustment(np.arange(40) + np.arange(40) % 4, period=4),
    "stats_integers_not_applicable": stats.integer_excess([1000], [500]),
    "stats_integers_found": stats.integer_excess(LISTED, [500] * 400),
    "stats_integers_none": stats.integer_excess(LISTED, 503 + np.arange(400) % 5),
    "stats_index": INDEX,
    "stats_index_uncertainty": INDEX.uncertainty(20),
    "stats_index_sensitivity": INDEX.sensitivity(16),
}  # fmt: skip


@functools.cache
def messages() -> dict[str, dict[str, str]]:
    catalogues = {language: read_catalogue(language) for language in ("en", "kk", "ru")}
    keys = [m.id for m in catalogues["en"] if isinstance(m.id, str) and m.id.startswith("stats_")]
    return {
        key: {language: catalogue[key].string for language, catalogue in catalogues.items()}
        for key in keys
    }


def test_every_sentence_is_reached_and_none_is_missing():
    assert set(RESULTS) == set(messages()) - CHART_WORDS - CLAUSES


@pytest.mark.parametrize("key", messages())
def test_the_three_languages_take_the_same_values(key):
    names = {
        language: {name for _, name, _, _ in Formatter().parse(messages()[key][language]) if name}
        for language in ("en", "kk", "ru")
    }
    assert names["en"] == names["kk"] == names["ru"]


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
@pytest.mark.parametrize("key", RESULTS)
def test_the_sentence_is_the_one_meant_and_is_finished(key, language):
    sentence = RESULTS[key].summary(language)
    pattern = re.sub(r"\\\{\w+\\\}", ".+", re.escape(messages()[key][language]))
    assert re.search(pattern, sentence)
    assert not re.search(r"[{}]|nan\b|inf\b|e-\d", sentence)
    assert (re.search("[а-яәғқңөұүһі]", sentence) is None) == (language == "en")


def test_a_share_that_nobody_was_followed_for_is_said_to_be_unknown():
    early = stats.response_time(
        CASES.assign(end=[5, 9, np.nan, np.nan]), start="start", end="end", as_of=10
    )
    assert "within 15 days is not known" in early.summary("en")
    assert "within 15 days is not known" not in RESULTS["stats_response_one"].summary("en")


def test_numbers_of_p_values_and_names():
    from analysis.stats.words import figure, p_words, share_words

    assert (p_words(0.001, "en"), p_words(0.00099, "en"), p_words(1, "ru")) == (
        "p = 0.001",
        "p < 0.001",
        "p = 1",
    )
    assert (figure(np.inf, "en"), figure(-np.inf, "en"), figure(np.nan, "ru")) == (
        "∞",
        "−∞",
        "нет данных",
    )
    assert (figure(-1234.5, "en"), figure(0.000012345, "en"), share_words(0.998, "en")) == (
        "−1,230",
        "0.0000123",
        "99.8%",
    )


@pytest.mark.parametrize("key", RESULTS)
def test_a_result_cannot_be_changed(key):
    field = dataclasses.fields(RESULTS[key])[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(RESULTS[key], field, 0)


DATA = {
    "mann_kendall": ["values", "times"], "mann_kendall_rows": ["values", "times"], "change_point": ["values"],
    "block_bootstrap": ["values", "statistic"], "interrupted_time_series": ["frame"], "proportion_interval": ["count", "total"],
    "rate_interval": ["count", "population"], "adjust_pvalues": ["p"], "funnel": ["frame"], "concordance": ["frame"],
    "association": ["x", "y"], "dispersion": ["frame"], "gaps": ["frame", "reference"], "distances": ["estimates", "errors"],
    "response_time": ["frame"], "integer_excess": ["listed", "voted"], "composite_index": ["frame"],
    "sobol_table": ["function", "names"], "competing_outcomes": ["frame"], "wait_regression": ["frame"], "multilevel": ["frame"],
    "coinciding_lists": ["lists"], "seasonal_adjustment": ["values", "times"],
}  # fmt: skip


@pytest.mark.parametrize(
    "call",
    [
        lambda: stats.mann_kendall(STEADY, method="best"), lambda: stats.mann_kendall(STEADY, alternative="up"),
        lambda: its(MONTHS, family="normal"), lambda: its(MONTHS, cov="hc3"),
        lambda: stats.proportion_interval(1, 2, method="wald"), lambda: stats.adjust_pvalues([0.1], method="fdr"),
        lambda: stats.gaps(REGIONS, "mean"), lambda: stats.distances(*EQUAL, reference="KZ", method="none"),
        lambda: stats.composite_index(REGIONS, structure={"a": ["2019", "2021"]}, impute="zero"),
        lambda: INDEX.uncertainty(3, alternatives={"weight": 0.1}), lambda: regression(ties="exact"),
        lambda: stats.multilevel(REGIONS, scale="log"), lambda: stats.coinciding_lists(LISTS, method="none"),
    ],
)  # fmt: skip
def test_an_option_that_does_not_exist_is_named_with_those_that_do(call):
    with pytest.raises(UnknownName, match=r"is not known.* Known: \w+"):
        call()


@pytest.mark.parametrize("level", [0, 1, 95, -0.5])
@pytest.mark.parametrize(
    "call",
    [
        lambda level: stats.mann_kendall(STEADY, level=level), lambda level: stats.mann_kendall_rows([STEADY], level=level),
        lambda level: stats.block_bootstrap(STEADY, level=level), lambda level: its(MONTHS, level=level),
        lambda level: stats.proportion_interval(1, 2, level=level), lambda level: stats.rate_interval(1, 2, level=level),
        lambda level: stats.distances(*EQUAL, reference="KZ", level=level),
        lambda level: stats.response_time(CASES, start="start", end="end", level=level),
        lambda level: stats.competing_outcomes(waits(), start="begin", end="end", outcome="how", level=level),
        lambda level: regression(level=level), lambda level: stats.multilevel(REGIONS, level=level),
        lambda level: INDEX.uncertainty(3, level=level), lambda level: INDEX.sensitivity(4, level=level),
        lambda level: stats.sobol_table(lambda x: x[0], ["a"], level=level),
    ],
)  # fmt: skip
def test_a_level_that_is_no_share_is_refused_by_all(call, level):
    with pytest.raises(ValueError, match=f"level is {level}; give a share between 0 and 1"):
        call(level)


def test_data_come_by_position_and_options_by_name():
    for name, data in DATA.items():
        parameters = inspect.signature(getattr(stats, name)).parameters.values()
        assert [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD] == data, name
        assert all(p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY) for p in parameters), name
    assert set(DATA) == {name for name in stats.__all__ if inspect.isfunction(getattr(stats, name))}


@pytest.mark.parametrize(
    "name", [name for name in stats.__all__ if inspect.isfunction(getattr(stats, name))]
)
def test_every_method_says_when_not_to_use_it_and_shows_an_example(name):
    text = inspect.getdoc(getattr(stats, name))
    assert "Do not use it" in text or "Do not read" in text
    assert ">>> " in text and "Returns" in text


def test_numbers_follow_the_language():
    interval = stats.proportion_interval(15, 148)
    assert interval.summary("en") == "The estimate is 0.101 (95% interval 0.0624 to 0.16)."
    assert "0,0624" in interval.summary("ru")


def test_an_unknown_language_is_refused():
    with pytest.raises(KeyError, match="language 'de'"):
        stats.association(range(9), range(9)).summary("de")
