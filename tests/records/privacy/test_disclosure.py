"""Hidden counts stay hidden: what is published on the trap, and laws that hold for any table."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.errors import DataError
from analysis.records.privacy import disclosure

TWO_WAY = {"row": "tot", "column": "tot"}


def cross_table(counts):
    """A two-way table as rows, with its margins."""
    table = pd.DataFrame(counts).T
    table.loc["tot"] = table.sum()
    table["tot"] = table.sum(axis=1)
    long = (
        table.rename_axis("row")
        .reset_index()
        .melt(id_vars="row", var_name="column", value_name="value")
    )
    return long.astype({"row": str, "column": str, "value": float})


@pytest.fixture
def trap():
    """The counts that the tests of the R package sdcTable use ("problem due to constraints, we can compute w|b")."""
    table = cross_table({
        "w": {"a": 30, "b": 47, "c": 64, "d": 89}, "x": {"a": 90, "b": 124, "c": 5, "d": 31},
        "y": {"a": 92, "b": 100, "c": 59, "d": 85}, "z": {"a": 800, "b": 991, "c": 651, "d": 685},
    })  # fmt: skip
    assert table.loc[(table["row"] == "tot") & (table["column"] == "tot"), "value"].item() == 3943
    hidden = (table["row"] + table["column"]).isin(
        ["wa", "wb", "wc", "xa", "xc", "yb", "yd", "zb", "zd"]
    )
    return table.assign(value=table["value"].mask(hidden))


def test_the_trap_of_sdctable_gives_away_wb_and_only_wb(trap):
    result = disclosure.audit(trap, by=["row", "column"], totals=TWO_WAY)
    assert result.verdict == "fail"
    found = result.cells[result.cells["verdict"] == "fail"]
    assert found[["row", "column", "low", "high"]].to_numpy().tolist() == [["w", "b", 47.0, 47.0]]
    assert (
        result.cells.loc[result.cells["verdict"] != "fail", "high"] > result.cells["low"].min()
    ).all()


def test_a_failed_audit_stops_the_release_and_names_the_cell(trap):
    with pytest.raises(
        DataError,
        match=r"^export, column w, b: found a hidden count that totals give away.*Nothing was written",
    ):
        disclosure.check_release(trap, by=["row", "column"], totals=TWO_WAY)


def test_a_cell_known_to_be_small_is_for_review(trap):
    shown = pd.DataFrame({"row": ["tot", "a", "b", "c"], "value": [100, 94, None, None]})
    result = disclosure.audit(shown, by=["row"], totals={"row": "tot"})
    assert result.verdict == "review"
    assert result.cells[["low", "high"]].to_numpy().tolist() == [[1, 5], [1, 5]]
    assert disclosure.check_release(shown, by=["row"], totals={"row": "tot"}).verdict == "review"


def test_two_hidden_ones_that_add_up_to_two_are_found():
    shown = pd.DataFrame({"row": ["tot", "a", "b", "c"], "value": [100, 98, None, None]})
    assert disclosure.audit(shown, by=["row"], totals={"row": "tot"}).verdict == "fail"


def test_intervals_are_those_of_counting_out_all_tables():
    table = cross_table(
        {
            "w": {"a": 3, "b": 2, "c": 6},
            "x": {"a": 4, "b": 1, "c": 7},
            "y": {"a": 5, "b": 8, "c": 9},
        }
    )
    hidden = (table["row"] + table["column"]).isin(["wa", "wb", "xa", "xb", "ya", "yb"])
    result = disclosure.audit(
        table.assign(value=table["value"].mask(hidden)), by=["row", "column"], totals=TWO_WAY
    )
    possible = [
        (wa, 5 - wa, xa, 5 - xa, ya, 13 - ya)
        for wa, xa, ya in itertools.product(range(1, 5), range(1, 5), range(1, 13))
        if wa + xa + ya == 12
    ]
    names = ["wa", "wb", "xa", "xb", "ya", "yb"]
    expected = {
        name: (min(values), max(values))
        for name, values in zip(names, zip(*possible, strict=True), strict=True)
    }
    found = {r.row + r.column: (r.low, r.high) for r in result.cells.itertuples()}
    assert found == expected


def test_a_hidden_total_that_nothing_bounds_is_open_upwards():
    shown = pd.DataFrame({"row": ["tot", "a", "b"], "value": [None, 50, None]})
    assert disclosure.audit(shown, by=["row"], totals={"row": "tot"}).cells["high"].tolist() == [
        np.inf,
        np.inf,
    ]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([100, 60, 30, 3], "a total that is not the sum of its parts"),
        ([100, 60, 43, -3], "-3 in the cell c"),
        ([100, 60, None, 3], "nan in the cell b"),
    ],
)
def test_a_table_that_cannot_be_protected_says_why(values, said):
    table = pd.DataFrame({"row": ["tot", "a", "b", "c"], "value": values})
    with pytest.raises(DataError, match=said):
        disclosure.protect(table, by=["row"], totals={"row": "tot"})


def test_totals_that_no_hidden_values_can_give_are_named():
    shown = pd.DataFrame({"row": ["tot", "a", "b"], "value": [50, 60, None]})
    with pytest.raises(DataError, match="not the sum"):
        disclosure.audit(shown, by=["row"], totals={"row": "tot"})


def test_a_cell_twice_and_an_unknown_column_are_named():
    table = pd.DataFrame({"row": ["a", "a"], "value": [50, 60]})
    with pytest.raises(DataError, match="the cell a twice"):
        disclosure.audit(table, by=["row"], totals={})
    with pytest.raises(DataError, match="no such column"):
        disclosure.audit(table, by=["place"], totals={})


def test_zero_missing_and_suppressed_are_three_things():
    table = pd.DataFrame({"row": ["tot", "a", "b", "c", "d"], "value": [100, 60, 37, 3, 0]})
    done = disclosure.protect(table, by=["row"], totals={"row": "tot"}).set_index("row")
    assert done.loc["d", "value"] == 0 and not done.loc["d", "suppressed"]
    assert pd.isna(done.loc["c", "value"]) and done.loc["c", "suppressed"]


def test_both_sums_of_a_count_are_kept():
    """A remainder that nobody prints, 97 of 100 answered in time, is a small cell of three all the same."""
    parts = [("answered", ["late", "in_time"]), ("answered", ["satisfied", "other"])]
    table = pd.DataFrame(
        {
            "what": ["answered", "late", "in_time", "satisfied", "other"],
            "value": [100, 3, 97, 50, 50],
        }
    )
    done = disclosure.protect(table, by=["what"], totals={"what": parts})
    assert (
        done.loc[done["suppressed"], "what"].tolist() == ["late", "in_time"]
        or done.loc[0, "suppressed"]
    )
    assert disclosure.audit(done, by=["what"], totals={"what": parts}).verdict == "pass"


def hierarchical(draw_counts):
    """Districts in two regions in the nation, by type, with all sums."""
    districts = ["a1", "a2", "a3", "b1", "b2"]
    rows = [
        (d, t, float(v))
        for (d, t), v in zip(
            itertools.product(districts, ["x", "y", "z"]), draw_counts, strict=True
        )
    ]
    base = pd.DataFrame(rows, columns=["place", "type", "value"])
    regions = (
        base.assign(place=base["place"].str[0])
        .groupby(["place", "type"], as_index=False)["value"]
        .sum()
    )
    nation = base.groupby("type", as_index=False)["value"].sum().assign(place="KZ")
    cells = pd.concat([base, regions, nation])
    every = cells.groupby("place", as_index=False)["value"].sum().assign(type="")
    return pd.concat([cells, every], ignore_index=True)


HIERARCHY = {
    "place": [("a", ["a1", "a2", "a3"]), ("b", ["b1", "b2"]), ("KZ", ["a", "b"])],
    "type": "",
}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.integers(0, 12), st.integers(0, 200)), min_size=15, max_size=15))
def test_suppression_cannot_be_undone(counts):
    table = hierarchical(counts)
    done = disclosure.protect(table, by=["place", "type"], totals=HIERARCHY)
    result = disclosure.audit(done, by=["place", "type"], totals=HIERARCHY)
    assert result.verdict == "pass"
    shown = done[~done["suppressed"]]
    assert shown["value"].eq(table.loc[shown.index, "value"]).all()
    assert not shown["value"].between(1, 9).any()
    true = table.loc[done["suppressed"], "value"].to_numpy()
    assert ((result.cells["low"] <= true) & (true <= result.cells["high"])).all()
    assert (result.cells["high"] >= 10).all()
    quick = disclosure.audit(done, by=["place", "type"], totals=HIERARCHY, exact=False)
    assert (quick.cells["verdict"] == result.cells["verdict"]).all()
    assert (quick.cells["low"] >= result.cells["low"]).all() and (
        quick.cells["high"] <= result.cells["high"]
    ).all()


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.integers(0, 30), min_size=12, max_size=12), st.sets(st.integers(0, 19), max_size=12)
)
def test_quick_and_exact_audits_agree_on_any_pattern(counts, places):
    grid = np.array(counts).reshape(3, 4)
    table = cross_table({f"r{i}": {f"c{j}": int(grid[i, j]) for j in range(4)} for i in range(3)})
    hidden = table.index.isin(places) & table["value"].gt(0)
    shown = table.assign(value=table["value"].mask(hidden))
    exact, quick = (
        disclosure.audit(shown, by=["row", "column"], totals=TWO_WAY, exact=exact)
        for exact in (True, False)
    )
    assert exact.cells["verdict"].tolist() == quick.cells["verdict"].tolist()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=12, max_size=12), st.integers(3, 15))
def test_hidden_cells_are_no_combination_of_shown_ones(counts, threshold):
    """Independent of linear programming: with all sums, a hidden cell is fixed if its unit vector lies in the row space."""
    grid = np.array(counts).reshape(3, 4)
    table = cross_table({f"r{i}": {f"c{j}": int(grid[i, j]) for j in range(4)} for i in range(3)})
    done = disclosure.protect(table, by=["row", "column"], totals=TWO_WAY, threshold=threshold)
    hidden = [(r.row, r.column) for r in done[done["suppressed"]].itertuples()]
    equations = []
    for kind, other in (("row", "column"), ("column", "row")):
        for name in table[kind].unique():
            cells = [
                (r.row, r.column, -1 if getattr(r, other) == "tot" else 1)
                for r in table[table[kind] == name].itertuples()
            ]
            equations.append(
                [
                    next((sign for row, column, sign in cells if (row, column) == cell), 0)
                    for cell in hidden
                ]
            )
    if not hidden:
        return
    space = np.array(equations, dtype=float)
    rank = np.linalg.matrix_rank(space)
    for unit in np.eye(len(hidden)):
        assert np.linalg.matrix_rank(np.vstack([space, unit])) > rank


def test_totals_are_not_changed_and_few_are_hidden():
    rng = np.random.default_rng(5)
    grid = rng.poisson(40, size=(12, 8))
    grid[3, 2], grid[7, 5] = 4, 7
    table = cross_table({f"r{i}": {f"c{j}": int(grid[i, j]) for j in range(8)} for i in range(12)})
    done = disclosure.protect(table, by=["row", "column"], totals=TWO_WAY)
    margins = (table["row"] == "tot") | (table["column"] == "tot")
    assert not done.loc[margins, "suppressed"].any()
    assert 4 <= done["suppressed"].sum() <= 8


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_the_audit_says_what_it_found(trap, language):
    said = disclosure.audit(trap, by=["row", "column"], totals=TWO_WAY).summary(language)
    assert "w, b" in said and "47" in said
