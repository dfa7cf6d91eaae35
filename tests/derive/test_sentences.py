"""What the sentences of charts and reports rest on, tested on the data and not on their words."""

from __future__ import annotations

import pandas as pd
import pytest

import analysis
from analysis import load, paths
from analysis.store import read_rows


def ledger() -> pd.DataFrame:
    return pd.read_csv(paths.processed() / "ledger.csv", keep_default_na=False)


def test_lawsuits_won_are_about_sixty_percent_said_in_september_2025():
    won = analysis.load_appeals(indicator="administrative_lawsuits_share_won_by_citizens")
    about = won[won["sources"] == "s64a494b7"].iloc[0]
    assert (about["value"], about["precision"]) == (0.6, "rounded")
    (source,) = analysis.load_sources("s64a494b7").to_dict("records")
    assert source["published"].startswith("2025-09") and "бизнес" in source["title"].lower()
    before = ledger().query("indicator == 'administrative_lawsuits_share_won_by_citizens'")
    assert before["value"].tolist() == [0.15]
    assert before["reason"].item().startswith("undated")


def test_outcomes_of_west_kazakhstan_are_parts_of_the_considered():
    rows = analysis.load_appeals(place="KZ-27", register="appeals_registers")
    rows = rows[(rows["period_end"] == "2021-05-17") & (rows["breakdown"] == "")]
    counts = rows.set_index("indicator")["value"]
    parts = counts[["appeals_clarified", "appeals_satisfied", "appeals_refused"]]
    assert parts.sum() / counts["appeals_considered"] == pytest.approx(0.992, abs=0.001)


def test_complaints_grew():
    row = analysis.load_appeals(indicator="complaints_growth_half_on_half").iloc[0]
    assert (row["unit"], row["value"]) == ("change", 0.16)


def test_a_cut_decimal_is_no_range():
    row = analysis.load_akim_elections(
        indicator="turnout_share", place="KZ-ALM", office="rural"
    ).iloc[0]
    assert (row["value"], row["low"], row["high"], row["disagreement"]) == (
        0.665,
        0.665,
        0.665,
        "rounding",
    )


def test_between_two_referendums_that_rose_one_fell():
    turnout = analysis.load_turnout(vote=["referendum_2022", "referendum_2024", "referendum_2026"])
    turnout = turnout[turnout["place_id"] != "KZ"]
    wide = turnout.pivot(index="place_id", columns="vote", values="value")
    first = wide.dropna(subset=["referendum_2022", "referendum_2024"])
    fell = (first["referendum_2024"] < first["referendum_2022"]).sum()
    assert (fell, len(first)) == (11, 14)
    both = wide.dropna(subset=["referendum_2022", "referendum_2026"])
    assert len(both) == 13
    assert (both["referendum_2026"] > both["referendum_2022"]).sum() == 11


def test_what_one_kind_of_source_says_alone_is_not_confirmed():
    elections = load.read_series("akim_elections")
    assert (elections["n_producers"] == 1).all()


def test_the_national_rural_turnout_rests_on_one_source():
    row = analysis.load_akim_elections(indicator="turnout_share", place="KZ", office="rural").iloc[
        0
    ]
    assert (row["n_figures"], row["confidence"]) == (1, "medium")


def test_national_totals_of_meetings_were_found_for_2022_only():
    cells = analysis.coverage()
    nation = cells[(cells["item"] == "meetings_count") & (cells["place_id"] == "KZ")]
    assert set(nation[nation["status"] == "final"]["year"]) == {2022}


def test_land_is_half_of_what_people_write_about_in_atyrau():
    rows = analysis.load_appeals(place="KZ-23", indicator="appeals_registered")
    first = rows[rows["period_end"] == "2021-04-30"].set_index("breakdown_value")["value"]
    assert first["land"] / first["local_executive_bodies"] == pytest.approx(0.47, abs=0.005)


def test_winners_and_candidates_who_nominated_themselves_are_two_open_counts():
    """33 of 730, then 182 of the next 363: one of the two is off, and both stay as published."""
    frame = analysis.load_akim_elections(place="KZ", indicator="akims_elected", office="rural")
    own = frame[(frame["breakdown"] == "nominated_by") & (frame["breakdown_value"] == "self")]
    assert own[own["period_end"] == "2022-07-29"]["value"].item() == 215


def test_a_year_is_no_day():
    dated = pd.Series([row["published"] for row in read_rows("raw/sources")])
    assert dated.str.fullmatch(r"\d{4}").any()
    assert analysis.data_as_of() == pd.Timestamp("2026-03-27")


def test_lists_of_two_votes_coincide_and_both_are_named():
    """14:00 on 5 June 2022 and 16:00 on 10 January 2021: equal, rounded or cut, in 11 of 17 regions."""
    day = analysis.load_turnout(stage="interim")
    later = day[(day["vote"] == "referendum_2022") & (day["hour"] == "14:00")]
    earlier = day[(day["vote"] == "majilis_2021") & (day["hour"] == "16:00")]
    both = later.set_index("place_id")["value"].to_frame("later")
    both = both.join(earlier.set_index("place_id")["value"].rename("earlier"), how="inner").drop(
        "KZ"
    )
    tenths = (both["later"] * 1000).round(6)
    same = (tenths.round() == (both["earlier"] * 1000).round()) | (
        tenths // 1 == (both["earlier"] * 1000).round()
    )
    assert (int(same.sum()), len(both)) == (11, 17)
    assert (later["sources"] != "").all() and (earlier["sources"] != "").all()
