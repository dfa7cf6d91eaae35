"""The composite index against the Human Development Index, plain recomputation and the Ishigami function."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import UnknownName
from analysis.stats import composite_index, sobol_table

# UNDP, Human Development Report 2021/22, statistical annex, table 1 (2021): inputs as printed, and the HDI.
HDR_2021 = pd.DataFrame(
    {
        "life": [84.0, 83.2, 82.7, 69.4], "expected_school": [16.5, 18.2, 19.2, 15.8], "mean_school": [13.9, 13.0, 13.8, 12.3],
        "income": [66933, 64660, 55782, 23943], "hdi": [0.962, 0.961, 0.959, 0.811],
    },
    index=["Switzerland", "Norway", "Iceland", "Kazakhstan"],
)  # fmt: skip
GOALPOSTS = {
    "life": (20, 85),
    "expected_school": (0, 18),
    "mean_school": (0, 15),
    "income": (100, 75_000),
}
STRUCTURE = {"culture": {"books": 2, "parks": 1}, "safety": ["crimes", "fires", "police"]}


def hdi(**options):
    """Technical note 1 of the report: goalposts, log of income, mean of the two schoolings, geometric mean of the three."""
    structure = {
        "health": ["life"],
        "education": ["expected_school", "mean_school"],
        "living": ["income"],
    }
    return composite_index(
        HDR_2021,
        structure=structure,
        goalposts=GOALPOSTS,
        logs=["income"],
        scale=(0, 1),
        aggregate={"index": "geometric"},
        **options,
    )


@pytest.fixture(scope="module")
def towns() -> pd.DataFrame:
    rng = np.random.default_rng(8)
    frame = pd.DataFrame(
        rng.gamma(4, 10, size=(12, 5)), columns=["books", "parks", "crimes", "fires", "police"]
    )
    frame.index = [f"t{i}" for i in range(12)]
    return frame.assign(people=rng.integers(1000, 9000, 12))


def test_the_human_development_index_of_2021_comes_out():
    result = hdi()
    assert result.scores.to_numpy() == pytest.approx(HDR_2021["hdi"].to_numpy(), abs=1.1e-3)
    assert result.ranks.tolist() == [1, 2, 3, 4]
    assert result.groups.loc["Norway", "education"] == pytest.approx((1 + 13 / 15) / 2)


def test_the_example_of_china_in_the_human_development_report_of_2010():
    """HDR 2010, technical note 1: education is a geometric mean over its own maximum; HDI 0.663."""
    china = pd.DataFrame(
        {"life": [73.5, 20], "mean": [7.5, 1], "expected": [11.4, 1], "income": [7263, 163]},
        index=["China", "least"],
    )
    posts = {"life": (20, 83.2), "mean": (0, 13.2), "expected": (0, 20.6), "income": (163, 108_211)}
    result = composite_index(
        china, structure={"health": ["life"], "education": ["mean", "expected"], "living": ["income"]}, goalposts=posts,
        logs=["income"], scale=(0.0001, 1), aggregate="geometric",
    )  # fmt: skip
    assert result.groups.loc["China", "health"] == pytest.approx(0.847, abs=1e-3)
    assert result.groups.loc["China", "education"] / 0.951 == pytest.approx(0.589, abs=1e-3)
    assert result.groups.loc["China", "living"] == pytest.approx(0.584, abs=1e-3)
    assert result.scores["China"] / 0.951 ** (1 / 3) == pytest.approx(0.663, abs=1e-3)


def test_each_step_by_plain_pandas(towns):
    result = composite_index(
        towns,
        structure=STRUCTURE,
        direction={"crimes": -1, "fires": -1},
        denominators={"books": "people"},
    )
    plain = towns.drop(columns="people").assign(books=towns["books"] / towns["people"])
    plain[["crimes", "fires"]] *= -1
    scaled = 1 + 99 * (plain - plain.min()) / (plain.max() - plain.min())
    culture = (2 * scaled["books"] + scaled["parks"]) / 3
    safety = scaled[["crimes", "fires", "police"]].mean(axis=1)
    pd.testing.assert_series_equal(result.scores, (culture + safety) / 2, check_names=False)
    pd.testing.assert_series_equal(
        result.ranks, result.scores.rank(ascending=False).astype(int), check_names=False
    )
    assert "books divided by people" in result.log["done"].tolist()
    assert "culture: arithmetic mean of books 0.667, parks 0.333" in result.log["done"].tolist()


def test_a_table_says_the_same_as_a_mapping(towns):
    table = pd.DataFrame(
        [("books", "culture", 2, 1), ("parks", "culture", 1, 1), ("crimes", "safety", 1, -1), ("fires", "safety", 1, -1),
         ("police", "safety", 1, 1), ("culture", "", 1, 1), ("safety", None, 1, 1)],
        columns=["name", "parent", "weight", "direction"],
    )  # fmt: skip
    mapping = composite_index(towns, structure=STRUCTURE, direction={"crimes": -1, "fires": -1})
    pd.testing.assert_series_equal(composite_index(towns, structure=table).scores, mapping.scores)


@pytest.mark.parametrize(
    ("impute", "expected"),
    [("none", 75.25), ("mean", 50.5 * 0.5 + 37.625), ("median", 37.625 + 25.25)],
)
def test_missing_values(impute, expected):
    """b lacks x. Without x its score is that of y; with the mean or median of x, 5, x counts as the middle of 0..10."""
    frame = pd.DataFrame({"x": [0, np.nan, 10, 5], "y": [1, 4, 5, 3]}, index=list("abcd"))
    result = composite_index(frame, structure={"all": ["x", "y"]}, impute=impute, min_coverage=0.5)
    assert result.scores["b"] == pytest.approx(expected)
    assert (result.log["done"] == f"x: 1 missing, {impute}").any()


def test_units_with_too_little_are_left_out_and_logged():
    frame = pd.DataFrame(
        {"x": [0, np.nan, 10], "y": [1, np.nan, 5], "z": [1, 2, 3]}, index=list("abc")
    )
    result = composite_index(frame, structure={"all": ["x", "y", "z"]})
    assert result.scores.index.tolist() == ["a", "c"]
    assert "b left out: 33% of the indicators" in result.log["done"].tolist()


def test_an_outlier_is_pulled_in_to_the_next_value():
    frame = pd.DataFrame({"x": [*range(10), 1000.0], "y": range(11)})
    treated, plain = (
        composite_index(frame, structure={"all": ["x", "y"]}, outliers=o)
        for o in ("winsorise", "none")
    )
    assert treated.normalised["x"].iloc[8:].tolist() == pytest.approx([89, 100, 100])
    assert plain.normalised["x"].iloc[9] < 2
    assert "x: 1 steps of winsorising" in treated.log["done"].tolist()


@pytest.mark.parametrize("mean", ["geometric", "harmonic"])
def test_means_by_scipy(towns, mean):
    from scipy import stats

    result = composite_index(towns, structure={"all": ["books", "parks"]}, aggregate=mean)
    other = {"geometric": stats.gmean, "harmonic": stats.hmean}[mean](result.normalised, axis=1)
    assert result.scores.to_numpy() == pytest.approx(other)


def test_z_scores_and_ranks(towns):
    z = composite_index(towns, structure=STRUCTURE, normalise="zscore", outliers="none").normalised
    assert z.mean().to_numpy() == pytest.approx(50)
    assert z.std(ddof=0).to_numpy() == pytest.approx(10)
    r = composite_index(
        towns, structure=STRUCTURE, normalise="rank", direction={"books": -1}
    ).normalised
    pd.testing.assert_series_equal(r["books"], towns["books"].rank(ascending=False))


@settings(max_examples=8, deadline=None)
@given(
    st.integers(0, 999),
    st.floats(0.01, 100),
    st.floats(-50, 50),
    st.sampled_from(["minmax", "zscore", "rank"]),
)
def test_the_index_does_not_depend_on_the_order_of_units_or_the_unit_of_an_indicator(
    seed, factor, shift, normalise
):
    frame = pd.DataFrame(
        np.random.default_rng(seed).normal(50, 9, size=(8, 3)), columns=list("xyz")
    )
    options = {"structure": {"one": ["x", "y"], "two": ["z"]}, "normalise": normalise}
    plain = composite_index(frame, **options)
    changed = composite_index(
        frame.assign(x=frame["x"] * factor + shift).sample(frac=1, random_state=1), **options
    )
    assert changed.scores[frame.index].to_numpy() == pytest.approx(
        plain.scores.to_numpy(), rel=1e-6
    )
    assert changed.ranks[frame.index].tolist() == plain.ranks.tolist()
    turned = composite_index(frame.assign(x=-frame["x"]), direction={"x": -1}, **options)
    assert turned.scores.to_numpy() == pytest.approx(plain.scores.to_numpy())


def test_every_draw_is_the_index_recomputed(towns):
    towns = towns.mask(np.random.default_rng(0).random(towns.shape) < 0.05)
    index = composite_index(towns, structure=STRUCTURE, direction={"crimes": -1})
    drawn = index.uncertainty(40, seed=3)
    assert drawn.draws["normalise"].nunique() == drawn.draws["impute"].nunique() == 3
    for (_, draw), ranks in zip(drawn.draws.iterrows(), drawn.ranks.to_numpy(), strict=True):
        weights = {
            name.removeprefix("weight: "): draw[name]
            for name in drawn.draws.columns
            if name.startswith("weight: ")
        }
        how = "arithmetic" if draw["aggregate"] == "as given" else draw["aggregate"]
        again = composite_index(
            towns, structure=STRUCTURE, direction={"crimes": -1}, weights=weights, impute=draw["impute"], normalise=draw["normalise"],
            aggregate=how,
        )  # fmt: skip
        assert again.ranks.tolist() == ranks.tolist()


def test_intervals_hold_the_ranks_repeat_with_the_seed_and_vanish_without_alternatives(towns):
    index = composite_index(towns, structure=STRUCTURE)
    table = index.uncertainty(300).table
    assert (table["rank_low"] <= table["rank_high"]).all() and (
        table["score_low"] <= table["score_high"]
    ).all()
    assert table["rank"].between(table["rank_low"], table["rank_high"]).mean() > 0.8
    pd.testing.assert_frame_equal(table, index.uncertainty(300).table)
    wide = index.uncertainty(300, level=0.99).table
    assert (wide["rank_low"] <= table["rank_low"]).all() and (
        wide["rank_high"] >= table["rank_high"]
    ).all()
    nothing = {"normalise": ["minmax"], "aggregate": ["as given"], "weights": 0}
    fixed = index.uncertainty(5, alternatives=nothing).table
    assert (fixed["rank_low"] == fixed["rank"]).all() and (
        fixed["rank_high"] == fixed["rank"]
    ).all()
    assert fixed["score_low"].to_numpy() == pytest.approx(fixed["score"].to_numpy())


def test_leaving_one_out_is_the_index_without_it(towns):
    table = composite_index(towns, structure=STRUCTURE).leave_one_out()
    without = composite_index(
        towns, structure={"culture": {"books": 2}, "safety": STRUCTURE["safety"]}
    )
    assert table.loc["parks", towns.index].tolist() == without.ranks.tolist()
    assert (
        table.loc["parks", "mean_shift"]
        == np.abs(without.ranks - composite_index(towns, structure=STRUCTURE).ranks).mean()
    )
    alone = composite_index(towns, structure={"a": ["books"], "b": ["parks"]}).leave_one_out()
    assert (
        alone.loc["books", towns.index].tolist()
        == towns["parks"].rank(ascending=False).astype(int).tolist()
    )


def test_sobol_indices_of_the_ishigami_function():
    """Ishigami and Homma (1990), a = 7, b = 0.1; first 0.3139, 0.4424, 0 and total 0.5576, 0.4424, 0.2437 (Saltelli et al. 2008)."""

    def ishigami(u):
        x = np.pi * (2 * u - 1)
        return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])

    table = sobol_table(ishigami, ["x1", "x2", "x3"], n=1024)
    for name, values in [("first", [0.3139, 0.4424, 0]), ("total", [0.5576, 0.4424, 0.2437])]:
        assert table[name].to_numpy() == pytest.approx(values, abs=0.04)
        assert (table[f"{name}_low"] - 0.01 <= values).all() and (
            values <= table[f"{name}_high"] + 0.01
        ).all()


def test_sensitivity_names_the_choice_that_matters(towns):
    index = composite_index(towns, structure={"all": ["books", "parks", "crimes"]})
    only_weights = index.sensitivity(
        64, alternatives={"normalise": ["minmax"], "aggregate": ["as given"]}
    ).table
    assert only_weights.index.tolist() == ["weight: books", "weight: parks", "weight: crimes"]
    both = index.sensitivity(64, alternatives={"weights": 0.01}).table
    assert both["total"].idxmax() in ("normalise", "aggregate")
    nothing = index.sensitivity(
        64, alternatives={"weights": 1e-9, "normalise": ["minmax"], "aggregate": ["as given"]}
    ).table
    assert (nothing == 0).all(axis=None)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"structure": {"a": ["books", "nothing"]}}, "no column 'nothing'"),
        ({"structure": {"a": ["books"], "b": ["books"]}}, "one in two groups"),
        ({"structure": {"a": ["books"]}}, "at least two indicators"),
        ({"structure": {"a": {"a": ["books"]}}}, "occurs twice"),
        ({"direction": {"books": 0}}, "1 or -1"),
        ({"direction": {"book": 1}}, "direction names 'book'"),
        ({"weights": {"books": -1}}, "weights must be 0 or more"),
        ({"weights": {"culture": 0, "safety": 0}}, "above 0 in sum"),
        ({"normalise": "log"}, "normalise 'log'"),
        ({"normalise": "goalposts"}, "no goalposts are given"),
        ({"aggregate": "median"}, "aggregate 'median'"),
        ({"impute": "zero"}, "impute 'zero'"),
        ({"outliers": "drop"}, "outliers 'drop'"),
        ({"aggregate": "geometric", "scale": (0, 100)}, "needs positive scores"),
        ({"min_coverage": 2}, "found 0 units"),
    ],
)
def test_what_makes_no_index_is_refused(towns, options, words):
    with pytest.raises((ValueError, UnknownName), match=words):
        composite_index(towns, **({"structure": STRUCTURE} | options))


def test_denominators_of_nothing_and_infinite_values_are_refused(towns):
    with pytest.raises(ValueError, match="'books' is divided by 'people'"):
        composite_index(
            towns.assign(people=0), structure=STRUCTURE, denominators={"books": "people"}
        )
    with pytest.raises(ValueError, match="'books' holds an infinite"):
        composite_index(towns.assign(books=np.inf), structure=STRUCTURE)


def test_whole_numbers_with_gaps_make_the_same_index_as_floats():
    floats = pd.DataFrame({"x": [1, 2, np.nan, 4, 9], "y": [4.0, 3, 2, 1, 5]}, index=list("abcde"))
    options = {"structure": {"all": {"x": np.int64(2), "y": 1}}, "min_coverage": 0.5}
    plain, whole = (
        composite_index(frame, **options) for frame in (floats, floats.convert_dtypes())
    )
    pd.testing.assert_series_equal(plain.scores, whole.scores)
    without = plain.leave_one_out()
    assert without.isna().sum().to_dict() == {
        "a": 0,
        "b": 0,
        "c": 1,
        "d": 0,
        "e": 0,
        "mean_shift": 0,
    }
    assert without.loc["y", ["a", "b", "d", "e"]].tolist() == [4, 3, 2, 1]


def test_a_unit_with_nothing_is_left_out_even_if_all_are_wanted():
    frame = pd.DataFrame({"x": [1, 2, np.nan], "y": [1, 3, np.nan]}, index=list("abc"))
    result = composite_index(frame, structure={"all": ["x", "y"]}, min_coverage=0)
    assert result.scores.index.tolist() == ["a", "b"]
    assert "c left out: 0% of the indicators" in result.log["done"].tolist()


def test_values_that_have_no_logarithm_or_are_not_there_are_refused(towns):
    with pytest.raises(ValueError, match="logarithm of 'books'"):
        composite_index(towns.assign(books=0), structure=STRUCTURE, logs=["books"])
    with pytest.raises(ValueError, match="no unit has a value of 'books'"):
        composite_index(towns.assign(books=np.nan), structure=STRUCTURE)
    index = composite_index(towns, structure=STRUCTURE)
    for wrong in ({"weight": 0.1}, {"weights": 1}, {"normalise": ["log"]}):
        with pytest.raises(
            (ValueError, UnknownName), match=r"alternatives 'weight'|weights may|'log' is not known"
        ):
            index.uncertainty(3, alternatives=wrong)
    with pytest.raises(ValueError, match="power of two"):
        index.sensitivity(100)
    for options in ({"n": 0}, {"level": 90}):
        with pytest.raises(ValueError, match=r"at least one draw|level is 90"):
            index.uncertainty(**options)


def skewed(top):
    return pd.DataFrame({"x": [*np.linspace(0, 1, 19), top], "y": np.arange(20.0)})


@pytest.mark.parametrize(("top", "steps"), [(2.0, 0), (4.0, 1)])
def test_only_indicators_with_skewness_above_2_and_kurtosis_above_3_5_are_treated(top, steps):
    from scipy import stats

    x = skewed(top)["x"]
    beyond = stats.skew(x, bias=False) > 2 and stats.kurtosis(x, bias=False) > 3.5
    assert beyond == bool(steps)
    log = composite_index(skewed(top), structure={"all": ["x", "y"]}).log["done"].tolist()
    assert ("x: 1 steps of winsorising" in log) == beyond


def test_a_skewness_of_2_5_is_treated_on_either_side():
    from scipy import stats

    frame = skewed(2.6)
    assert 2 < stats.skew(frame["x"], bias=False) < 3
    for sign in (1, -1):
        result = composite_index(frame.assign(x=sign * frame["x"]), structure={"all": ["x", "y"]})
        assert "x: 1 steps of winsorising" in result.log["done"].tolist()
        assert result.normalised["x"].nunique() == 19


def test_the_log_says_what_was_done_in_order(towns):
    index = composite_index(
        towns,
        structure=STRUCTURE,
        direction={"crimes": -1},
        denominators={"books": "people"},
        logs=["parks"],
        outliers="none",
    )
    assert index.log.values.tolist() == [
        ["denominate", "books divided by people"], ["denominate", "logarithm of parks"], ["direction", "crimes turned round"],
        ["normalise", "minmax"], ["aggregate", "culture: arithmetic mean of books 0.667, parks 0.333"],
        ["aggregate", "safety: arithmetic mean of crimes 0.333, fires 0.333, police 0.333"],
        ["aggregate", "index: arithmetic mean of culture 0.5, safety 0.5"],
    ]  # fmt: skip


def test_weights_are_drawn_about_what_they_are(towns):
    """From 0.75 to 1.25 times the weight, evenly; a group of one keeps its weight."""
    structure = {"culture": {"books": 3, "parks": 1}, "safety": ["police"]}
    draws = composite_index(towns, structure=structure).uncertainty(2000).draws
    for name, weight in [("books", 3), ("parks", 1), ("culture", 1)]:
        drawn = draws[f"weight: {name}"]
        assert (drawn.min(), drawn.max()) == pytest.approx((0.75 * weight, 1.25 * weight), rel=0.01)
        assert drawn.mean() == pytest.approx(weight, rel=0.01)
    assert (draws["weight: police"] == 1).all()
    assert draws["normalise"].value_counts(normalize=True).to_numpy() == pytest.approx(
        [1 / 3] * 3, abs=0.05
    )


def test_draws_begin_with_seed_0(towns):
    index = composite_index(towns, structure=STRUCTURE)
    pd.testing.assert_frame_equal(index.uncertainty(30).draws, index.uncertainty(30, 0).draws)
    assert len(index.uncertainty().ranks) == 1000
    pd.testing.assert_frame_equal(index.sensitivity(8).table, index.sensitivity(8, 0).table)
    assert not index.sensitivity(8).table.equals(index.sensitivity(8, 1).table)
    one = index.sensitivity(8, alternatives={"weights": 0, "aggregate": ["as given"]}).table
    assert one.index.tolist() == ["normalise"]
    assert one.loc["normalise", "total"] > 0


def test_at_most_five_values_are_pulled_in():
    frame = pd.DataFrame(
        {"x": [*np.linspace(0, 1, 60), *(10.0 ** np.arange(2, 10))], "y": np.arange(68.0)}
    )
    result = composite_index(frame, structure={"all": ["x", "y"]})
    assert "x: 5 steps of winsorising" in result.log["done"].tolist()
    assert (result.normalised["x"] == 100).sum() == 6


def test_an_indicator_that_is_the_same_everywhere_takes_the_middle(towns):
    flat = towns.assign(books=7.0)
    for method, middle in [("minmax", 50.5), ("zscore", 50.0), ("rank", 6.5)]:
        normalised = composite_index(flat, structure=STRUCTURE, normalise=method).normalised
        assert normalised["books"].tolist() == [middle] * 12


@pytest.mark.parametrize("level", [0.9, 0.5])
def test_intervals_are_the_quantiles_of_the_draws(towns, level):
    drawn = composite_index(towns, structure=STRUCTURE).uncertainty(101, level=level)
    ordered = np.sort(drawn.ranks.to_numpy(), axis=0)
    for name, share in [("rank_low", (1 - level) / 2), ("rank_high", (1 + level) / 2)]:
        expected = np.quantile(ordered, share, axis=0, method="closest_observation")
        assert drawn.table[name].tolist() == expected.tolist()
    assert (drawn.table["score_low"] < drawn.table["score"].median()).any()


def test_an_indicator_of_two_values_is_not_pulled_in_to_one():
    frame = pd.DataFrame({"x": [0.0] * 19 + [1.0], "y": np.arange(20.0)})
    assert composite_index(frame, structure={"all": ["x", "y"]}).normalised["x"].nunique() == 2


@pytest.mark.parametrize(
    ("how", "others"), [("arithmetic", {"geometric"}), ("harmonic", {"arithmetic", "geometric"})]
)
def test_other_means_than_the_one_of_the_index_are_drawn(towns, how, others):
    index = composite_index(towns, structure=STRUCTURE, aggregate=how)
    assert set(index.uncertainty(100, 0, alternatives={}).draws["aggregate"]) == {
        "as given",
        *others,
    }
    for method in (index.uncertainty, index.sensitivity):
        with pytest.raises(TypeError):
            method(8, 0, {})


def test_the_example_of_asem_data_in_the_manual_of_coinr():
    """COINr 1.0, vignette "Imputation": ten countries, four indicators, filled by the mean.

    The scores on 0..100 follow from the filled values as printed. The ASEM index itself, of 51
    countries and 49 indicators, is not rebuilt: its data are no text that can be read here.
    """
    nan = np.nan
    raw = pd.DataFrame(
        {
            "Pat": [23.7, 583.5, 3.6, 249.8, nan, 64.2, 0.3, nan, 46.5, 7.2],
            "CultServ": [0.13405, 2.20754, 0.0578, 1.798, nan, 1.15292, 0.00266, 0.08905, 0.34615, 0.03553],
            "CultGood": [nan, 16.182, 0.985, nan, nan, 7.555, 0.046, nan, 1.213, 1.256],
            "Tourist": [11.519, 24.04, 6.509, 17.242, 3.315, 26.757, 0.404, 2.907, 3.37, 0.966],
        }
    )  # fmt: skip
    printed = raw.fillna({"Pat": 122.35, "CultServ": 0.6470778, "CultGood": 4.5395})
    index = composite_index(
        raw,
        structure={"p2p": [*raw]},
        impute="mean",
        scale=(0, 100),
        outliers="none",
        min_coverage=0,
    )
    expected = 100 * (printed - raw.min()) / (raw.max() - raw.min())
    assert index.normalised.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-4)
    assert index.scores.to_numpy() == pytest.approx(expected.mean(axis=1).to_numpy(), abs=1e-4)
    groups = {unit: "a" if unit < 5 else "b" for unit in raw.index}
    by_group = composite_index(
        raw, structure={"p2p": [*raw]}, impute="group_mean", unit_groups=groups, scale=(0, 100),
        outliers="none", min_coverage=0,
    )  # fmt: skip
    mean = (23.7 + 583.5 + 3.6 + 249.8) / 4
    assert by_group.normalised.loc[4, "Pat"] == pytest.approx(100 * (mean - 0.3) / (583.5 - 0.3))


def test_the_mean_of_a_units_group_fills_its_gaps():
    """As COINr fills the ASEM index: mean of the units of the same continent, here by plain pandas."""
    frame = pd.DataFrame(
        {"x": [1.0, np.nan, 3, 10, 20, np.nan], "y": [1.0, 2, 3, 4, 5, 6], "kind": list("aaabbb")},
        index=list("uvwxyz"),
    )
    options = {"structure": {"all": ["x", "y"]}, "scale": (0, 100), "min_coverage": 0.5}
    result = composite_index(frame, impute="group_mean", unit_groups="kind", **options)
    filled = frame["x"].fillna(frame.groupby("kind")["x"].transform("mean"))
    expected = (filled - 1) / 19 * 50 + (frame["y"] - 1) / 5 * 50
    assert result.scores.to_dict() == pytest.approx(expected.to_dict())
    assert ("impute", "x: 2 missing, group_mean") in result.log.itertuples(index=False, name=None)
    by_unit = composite_index(
        frame, impute="group_mean", unit_groups=frame["kind"].to_dict(), **options
    )
    pd.testing.assert_series_equal(by_unit.scores, result.scores)
    drawn = result.uncertainty(60).draws
    assert set(drawn["impute"]) == {"none", "mean", "median", "group_mean"}
    for wrong, words in ((None, "needs unit_groups"), ({"u": "a"}, "'v' has no group")):
        with pytest.raises(ValueError, match=words):
            composite_index(frame, impute="group_mean", unit_groups=wrong, **options)


def test_a_scale_from_0_to_100_can_be_varied_without_geometric_means(towns):
    index = composite_index(towns, structure=STRUCTURE, scale=(0, 100))
    result = index.uncertainty(50)
    assert set(result.draws["aggregate"]) == {"as given"}
    assert index.normalised.to_numpy().min() == 0
    assert "geometric" in set(
        composite_index(towns, structure=STRUCTURE).uncertainty(50).draws["aggregate"]
    )
    with pytest.raises(ValueError, match="lower score first"):
        composite_index(towns, structure=STRUCTURE, scale=(100, 0))


def test_each_alternative_by_itself_is_the_index_built_so(towns):
    """Recomputed one by one with the public function."""
    index = composite_index(towns, structure=STRUCTURE)
    table = index.alternatives().set_index(["choice", "option"])
    for (choice, option), options in {
        ("normalise", "zscore"): {"normalise": "zscore"},
        ("normalise", "rank"): {"normalise": "rank"},
        ("aggregate", "geometric"): {"aggregate": "geometric"},
        ("weight: books", "+25%"): {"weights": {"books": 2.5}},
        ("weight: culture", "−25%"): {"weights": {"culture": 0.75}},
    }.items():
        ranks = composite_index(towns, structure=STRUCTURE, **options).ranks
        shift = (ranks - index.ranks).abs()
        row = table.loc[(choice, option)]
        assert (row["mean_shift"], row["max_shift"]) == (pytest.approx(shift.mean()), shift.max())
        if shift.max():
            assert shift[row["moved_most"]] == shift.max()
    pd.testing.assert_frame_equal(index.sensitivity(4).alternatives, index.alternatives())
    pd.testing.assert_frame_equal(index.uncertainty(4).alternatives, index.alternatives())
    assert not index.alternatives({"weights": 0})["choice"].str.startswith("weight").any()
