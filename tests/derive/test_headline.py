"""The turnout to quote is final where a final figure is held, and says what it counts."""

from __future__ import annotations

import pandas as pd
import pytest

import analysis
from analysis.derive.headline import headline_turnout, turnout_of_the_rest
from analysis.errors import UnknownName
from analysis.reference import votes

FINALS = {
    "president_2019": 0.775, "majilis_2021": 0.6325, "referendum_2022": 0.6805,
    "president_2022": 0.6944, "referendum_2024": 0.6366, "referendum_2026": 0.7312,
}  # fmt: skip


@pytest.mark.parametrize("vote", [vote.code for vote in votes()])
def test_the_nation_is_quoted_by_the_final_result_where_one_is_held(vote):
    found = headline_turnout("KZ", vote=vote)
    assert found.is_final is (vote in FINALS)
    assert found.value == FINALS.get(vote, 0.5419)
    assert "took part" in found.counted("en") if found.is_final else "ballot" in found.counted("en")


def test_a_region_is_quoted_by_the_close_unless_it_has_a_final():
    assert headline_turnout("KZ-33", vote="referendum_2024").stage == "preliminary"
    assert headline_turnout("KZ-43", vote="referendum_2024").value == 0.8223
    assert "бюллетень" in headline_turnout("KZ-33", vote="referendum_2024").counted("ru")


def test_what_was_not_found_has_no_value_and_an_hour_is_no_headline():
    nothing = headline_turnout("KZ-59", vote="referendum_2026")
    assert (nothing.stage, nothing.value, nothing.row) == ("", None, None)
    hours = analysis.load_turnout(vote="referendum_2026", place="KZ-59", stage="interim")
    assert len(hours) > 0


def test_an_unknown_vote_is_named():
    with pytest.raises(UnknownName, match="near: referendum_2026, referendum_2024"):
        headline_turnout(vote="referendum_2025")


def test_the_close_counts_ballots_handed_out_and_the_final_counts_voters():
    frame = analysis.load.read_series("national_votes").query(
        "vote == 'referendum_2022' and place_id == 'KZ'"
    )
    voted = frame[frame["indicator"] == "voters_voted"].set_index("stage")["value"]
    assert voted.to_dict() == {"preliminary": 8030739, "final": 7985769}


def test_the_rural_turnout_of_2021_holds_only_if_the_other_regions_are_near_87_percent():
    rest = turnout_of_the_rest(analysis.load_akim_elections())
    assert rest["n_known"] == 7
    assert rest["mean_known"] == pytest.approx(0.739, abs=0.001)
    assert rest["mean_rest"] == pytest.approx(0.87, abs=0.001)
    assert rest["plain_mean_rest"] == pytest.approx(0.842, abs=0.001)
    whole = rest["mean_known"] * rest["voters_known"]
    whole += rest["mean_rest"] * (rest["voters_nation"] - rest["voters_known"])
    assert whole / rest["voters_nation"] == pytest.approx(0.791)


def test_no_stages_are_mixed_unseen():
    for stage in ("interim", "preliminary", "final"):
        frame = analysis.load_turnout(stage=stage)
        assert set(frame["stage"]) == {stage}
        assert ("hour" in frame) is (stage == "interim")
    with pytest.raises(UnknownName, match="near: preliminary"):
        analysis.load_turnout(stage="preliminar")
    day = analysis.load_turnout(stage="interim", vote="majilis_2023")
    wide = day.pivot(index="place_id", columns="hour", values="value")
    rises = wide[["10:00", "12:00", "16:00", "18:00", "20:00"]].diff(axis=1).iloc[:, 1:]
    assert (rises.min(axis=None) >= 0) and pd.notna(rises.min(axis=None))
