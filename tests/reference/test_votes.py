"""National votes are rows of votes.csv."""

from __future__ import annotations

import pytest

from analysis import load_turnout, reference
from analysis.errors import UnknownName


def test_the_votes_are_those_that_turnout_is_known_of():
    assert {vote.code for vote in reference.votes()} == set(load_turnout(since=None)["vote"])


def test_votes_of_a_kind_stand_together_by_day():
    codes = [vote.code for vote in reference.votes_by_kind()]
    assert codes == [
        "president_2019",
        "president_2022",
        "majilis_2021",
        "majilis_2023",
        "referendum_2022",
        "referendum_2024",
        "referendum_2026",
    ]


def test_the_latest_vote_of_each_kind_comes_newest_first():
    days = [vote.day for vote in reference.latest_votes()]
    assert days == sorted(days, reverse=True)
    assert len(days) == len(reference.kinds())


def test_the_day_of_a_vote_is_that_of_its_figures():
    turnout = load_turnout(since=None)
    days = turnout.groupby("vote")["period_end"].unique()
    for vote in reference.votes():
        assert [day.date() for day in days[vote.code]] == [vote.day]


def test_first_direct_elections_of_akims():
    assert reference.first_akim_election("rural").day.isoformat() == "2021-07-25"
    assert reference.first_akim_election("district").day.isoformat() == "2023-11-05"


@pytest.mark.parametrize("language", reference.languages())
def test_each_vote_has_a_name(language):
    for vote in reference.votes():
        assert str(vote.year) in vote.name(language)


def test_what_is_no_vote_is_refused():
    with pytest.raises(UnknownName, match="vote 'referendum_2025' is not known; near: referendum"):
        reference.vote("referendum_2025")
    with pytest.raises(UnknownName, match="office 'region' is not known"):
        reference.first_akim_election("region")
