"""The rules that turn many figures into one value, one by one."""

from __future__ import annotations

import pytest

from analysis.data.reconcile import reconcile
from analysis.data.tables import FIGURES

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
    ("rows", "value", "low", "high", "rule", "agree"),
    [
        ([figure("5"), figure("5", "b")], "5", "5", "5", "only", "true"),
        ([figure("1700", precision="rounded"), figure("1668", "b")], "1668", "1668", "1700", "precision", "false"),
        ([figure("5", "d", confidence="low"), figure("6", "b")], "6", "5", "6", "confidence", "false"),
        ([figure("5", "b"), figure("6", "o", confidence="medium")], "6", "5", "6", "official", "false"),
        ([figure("5", "d"), figure("6", "b")], "6", "5", "6", "latest", "false"),
        ([figure("5"), figure("6")], "5", "5", "6", "first_source", "false"),
        ([figure("2000", precision="at_least")], "2000", "2000", "", "only", "true"),
        ([figure("2000", precision="at_least"), figure("2334", "b")], "2334", "2334", "2334", "precision", "true"),
    ],
)  # fmt: skip
def test_the_rule_that_decides(rows, value, low, high, rule, agree):
    (series,), ledger = reconcile(rows, sources=SOURCES)
    assert [series[c] for c in ("value", "low", "high", "rule", "agree")] == [
        value,
        low,
        high,
        rule,
        agree,
    ]
    assert not ledger


@pytest.mark.parametrize(
    "cells",
    [{"stage": "interim"}, {"stage": "planned"}, {"dating": "bracket"}, {"period_start": ""}],
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
