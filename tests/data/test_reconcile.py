"""The rules that turn many figures into one value, one by one."""

from __future__ import annotations

import pytest

from analysis.data.reconcile import contains, reconcile
from analysis.data.superseded import Superseded
from analysis.data.tables import FIGURES, SUPERSEDED
from analysis.errors import DataError

SOURCES = {
    "a": {
        "publisher": "Tengrinews (citing CEC)",
        "published": "2021-01-01",
        "url": "",
        "title": "",
    },
    "b": {
        "publisher": "",
        "published": "2022-01-01",
        "url": "https://www.inform.kz/1",
        "title": "",
    },
    "e": {"publisher": "Orda", "published": "2021-01-01", "url": "", "title": ""},
    "f": {"publisher": "Orda (citing Vlast)", "published": "2021-01-01", "url": "", "title": ""},
    "d": {"publisher": "Vlast", "published": "2021-01-01", "url": "", "title": ""},
    "o": {"publisher": "", "published": "2020-01-01", "url": "https://www.gov.kz/a", "title": ""},
    "c": {"publisher": "Liter.kz (citing CEC)", "published": "2022-01-01", "url": "", "title": ""},
}


def figure(value: str, source: str = "a", **cells: str) -> dict[str, str]:
    row = dict.fromkeys(FIGURES, "") | {
        "indicator": "x", "unit": "count", "period_start": "2022-01-01", "period_end": "2022-12-31",
        "precision": "as_printed", "dating": "stated", "confidence": "high",
    }  # fmt: skip
    return row | {"value": value, "source_id": source} | cells


@pytest.mark.parametrize(
    ("rows", "value", "low", "high", "rule", "disagreement"),
    [
        ([figure("5"), figure("5", "b")], "5", "5", "5", "only", ""),
        ([figure("1700", precision="rounded"), figure("1668", "b")], "1668", "1668", "1668", "precision", "rounding"),
        ([figure("1800", precision="rounded"), figure("1668", "b")], "1668", "1668", "1800", "precision", "conflict"),
        ([figure("5", "d", confidence="low"), figure("6", "b")], "6", "5", "6", "confidence", "conflict"),
        ([figure("5", "b"), figure("6", "o", confidence="medium")], "6", "5", "6", "official", "conflict"),
        ([figure("5", "d"), figure("6", "b")], "6", "5", "6", "latest", "conflict"),
        ([figure("5", "b"), figure("6", "d"), figure("6", "e")], "6", "5", "6", "witnesses", "conflict"),
        ([figure("5", "b"), figure("6", "d"), figure("6", "f")], "5", "5", "6", "latest", "conflict"),
        ([figure("6", "d"), figure("5", "e")], "5", "5", "6", "undecided", "conflict"),
        ([figure("2000", precision="at_least")], "2000", "2000", "", "only", ""),
        ([figure("2000", precision="at_least"), figure("2334", "b")], "2334", "2334", "2334", "precision", ""),
        ([figure("19", producer="TI"), figure("9", "b", producer="TI", confidence="low")], "19", "19", "19", "official", "conflict"),
    ],
)  # fmt: skip
def test_the_rule_that_decides(rows, value, low, high, rule, disagreement):
    for given in (rows, rows[::-1]):  # no rule looks at the order of rows
        (series,), ledger = reconcile(given, sources=SOURCES)
        columns = ("value", "low", "high", "rule", "disagreement")
        assert [series[column] for column in columns] == [value, low, high, rule, disagreement]
        assert series["agree"] == str(disagreement != "conflict").lower()
        assert not ledger


def test_no_rule_looks_at_the_ids_of_sources():
    renamed = {"b": "z9", "d": "a0", "e": "m5", "f": "c1"}
    sources = {renamed.get(name, name): source for name, source in SOURCES.items()}
    rows = [figure("5", "b"), figure("6", "d"), figure("7", "e")]
    other = [row | {"source_id": renamed[row["source_id"]]} for row in rows]
    (series,), _ = reconcile(rows, sources=SOURCES)
    (again,), _ = reconcile(other, sources=sources)
    same = ("value", "low", "high", "rule")
    assert [series[column] for column in same] == [again[column] for column in same]


def test_one_source_with_two_values_for_one_thing_stops_the_build():
    """Two candidates' votes were once merged: the key must tell them apart."""
    rows = [figure("130"), figure("7", "b"), figure("102")]
    with pytest.raises(
        DataError, match=r"votes.csv, row 4, column value: found 102, and 130 in row 2"
    ):
        reconcile(rows, sources=SOURCES, file="votes.csv")
    apart = [row | {"breakdown": "candidate", "breakdown_value": row["value"]} for row in rows]
    assert len(reconcile(apart, sources=SOURCES)[0]) == 3


def test_one_source_may_repeat_a_value():
    (series,), _ = reconcile([figure("5"), figure("5")], sources=SOURCES)
    assert (series["n_figures"], series["n_publishers"]) == ("2", "1")


@pytest.mark.parametrize(
    ("coarse", "fine", "unit", "precision", "expected"),
    [
        ("0.66", "0.665", "share", "as_printed", True),  # cut
        ("0.67", "0.665", "share", "as_printed", True),  # rounded
        ("0.68", "0.665", "share", "as_printed", False),
        ("0.6", "0.64", "share", "as_printed", False),  # "60%" is not "about 60%"
        ("46", "46.7", "years", "as_printed", True),
        ("45", "46.7", "years", "as_printed", False),
        ("83000", "82500", "count", "rounded", True),
        ("83000", "82500", "count", "as_printed", False),
        ("665", "664", "count", "rounded", False),
        ("1.05", "1.0501", "index", "as_printed", True),
    ],
)
def test_a_rounding_that_contains_a_finer_figure(coarse, fine, unit, precision, expected):
    one = figure(coarse, unit=unit, precision=precision)
    assert contains(one, figure(fine, unit=unit)) is expected


def test_a_share_and_its_counts_come_from_one_list():
    """The source that lists the most places gives the counts of a place too, though it is older."""
    cells = {"vote": "v", "stage": "preliminary"}
    shares = [
        figure("0.68", "a", indicator="turnout_share", unit="share", place_id=place, **cells)
        for place in "xyz"
    ]
    rows = [
        *shares,
        figure("0.7", "b", indicator="turnout_share", unit="share", place_id="x", **cells),
        figure("68", "a", indicator="voters_voted", place_id="x", **cells),
        figure("70", "b", indicator="voters_voted", place_id="x", **cells),
    ]
    series, _ = reconcile(rows, sources=SOURCES | {"a": SOURCES["d"]})
    chosen = {row["indicator"]: row for row in series if row["place_id"] == "x"}
    assert (chosen["turnout_share"]["value"], chosen["voters_voted"]["value"]) == ("0.68", "68")
    assert {row["rule"] for row in chosen.values()} == {"one_list"}


def gives_way(**cells: str) -> Superseded:
    row = dict.fromkeys(SUPERSEDED, "") | {
        "source_id": "a", "indicator": "x", "period_start": "2022-01-01", "by_source": "b", "reason": "revised",
    }  # fmt: skip
    return Superseded(number=2, row=tuple((row | cells).items()), kind=cells.get("kind", "vintage"))


@pytest.mark.parametrize("kind", ["vintage", "stage", "definition"])
def test_a_figure_that_gives_way_is_kept_in_the_ledger(kind):
    (series,), ledger = reconcile(
        [figure("5"), figure("6", "b")], sources=SOURCES, gives_way=[gives_way(kind=kind)]
    )
    assert (series["value"], series["low"], series["high"]) == ("6", "6", "6")
    assert (series["disagreement"], series["agree"], series["n_figures"]) == (kind, "true", "1")
    assert [(row["value"], row["reason"]) for row in ledger] == [("5", f"{kind}: revised")]


def test_a_figure_gives_way_only_where_the_other_source_has_one():
    rows = [figure("5", place_id="p"), figure("6", "b", place_id="p"), figure("7", place_id="q")]
    series, ledger = reconcile(rows, sources=SOURCES, gives_way=[gives_way()])
    assert {row["place_id"]: row["value"] for row in series} == {"p": "6", "q": "7"}
    assert len(ledger) == 1


def test_what_gives_way_must_be_there():
    with pytest.raises(DataError, match=r"superseded.csv, row 2, column expected: found no row of"):
        reconcile(
            [figure("5"), figure("6", "b")], sources=SOURCES, gives_way=[gives_way(expected="4")]
        )


@pytest.mark.parametrize(
    "cells",
    [
        {"stage": "interim"},
        {"stage": "interim", "vote": "v"},
        {"stage": "planned"},
        {"dating": "bracket"},
        {"period_start": ""},
    ],
)
def test_what_is_no_result_goes_to_the_ledger(cells):
    series, ledger = reconcile([figure("5", **cells)], sources=SOURCES)
    assert not series
    assert ledger[0]["row"] == "2"


def test_registers_are_never_merged():
    rows = [figure("5", register="e_otinish"), figure("6", register="open_dialogue")]
    assert len(reconcile(rows, sources=SOURCES)[0]) == 2


def test_two_outlets_printing_one_release_are_one_producer():
    (series,), _ = reconcile([figure("5"), figure("5", "c"), figure("5", "b")], sources=SOURCES)
    assert (series["n_figures"], series["n_publishers"], series["n_producers"]) == ("3", "3", "2")


def test_all_that_print_a_vote_go_back_to_the_commissions():
    rows = [figure("5", s, vote="majilis_2023") for s in ("a", "b", "c")]
    assert reconcile(rows, sources=SOURCES)[0][0]["n_producers"] == "1"


def test_figures_through_the_day_of_a_vote_are_a_series_by_hour():
    cells = {"vote": "v", "stage": "interim"}
    rows = [figure("1", as_of="10:00", **cells), figure("2", as_of="12:00", **cells)]
    series, ledger = reconcile(rows, sources=SOURCES)
    assert [(row["as_of"], row["value"]) for row in series] == [("10:00", "1"), ("12:00", "2")]
    assert not ledger
