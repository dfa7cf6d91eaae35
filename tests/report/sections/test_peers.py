"""Places beside a place, in words and figures."""

from __future__ import annotations

from analysis import load_turnout, report
from analysis.locale import share
from analysis.reference import place_name
from analysis.report.document import Table


def table_of(place: str, language: str = "en") -> Table | None:
    blocks = report.peers(place, language=language).blocks
    return next((block for block in blocks if isinstance(block, Table)), None)


def test_jetisu_stands_beside_its_neighbours_with_the_turnout_that_was_published():
    table = table_of("KZ-33")
    turnout = load_turnout(vote="referendum_2024").set_index("place_id")["value"]
    by_name = {row[0]: row for row in table.rows}
    for place in ("KZ-33", "KZ-10", "KZ-35"):
        assert share(turnout[place], "en") in by_name[place_name(place, "en")]
    assert by_name["Abai Region"][1] == "neighbour"
    assert by_name["Jetisu Region"][3] == "4 of 24"


def test_districts_stand_beside_each_other_without_ranks_or_shares():
    table = table_of("333400000")
    assert table.rows[0][0] == "Alakol District"
    assert [row[1] for row in table.rows[1:]] == ["near in population"] * (len(table.rows) - 1)
    assert not [cell for row in table.rows for cell in row if "%" in cell]


def test_the_nation_has_no_peers():
    assert table_of("KZ") is None
