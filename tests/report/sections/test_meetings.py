"""The duty of akims beside what was found."""

from __future__ import annotations

import pytest

from analysis import load_mandates, report
from analysis.report.document import Fold, Picture, Table


def duties_of(place: str) -> list[tuple[str, ...]]:
    blocks = report.meetings(place).blocks
    table = next(b for b in blocks if isinstance(b, Table) and "decree requires" in b.caption)
    return list(table.rows)


@pytest.mark.parametrize(
    ("place", "offices"),
    [("KZ-33", ["region", "district", "rural"]), ("KZ-75", ["city_of_republican_significance", "district"]), ("333400000", ["district", "rural"])],
)  # fmt: skip
def test_the_duty_in_force_is_that_of_the_akims_of_the_place(place, offices):
    """Decree 826 as amended in November 2023: once a year for a region, twice for a district."""
    in_force = load_mandates().query("valid_to.isna()").set_index("office")["meetings_per_year"]
    rows = duties_of(place)
    assert [row[2].split()[0] for row in rows] == [str(in_force[office]) for office in offices]
    assert {row[3] for row in rows} == {"No. 826"}


def test_the_national_chart_is_folded_away_in_the_report_of_a_region():
    blocks = report.meetings("KZ-33").blocks
    assert not [block for block in blocks if isinstance(block, Picture)]
    (fold,) = [block for block in blocks if isinstance(block, Fold)]
    assert [type(block) for block in fold.blocks if isinstance(block, Picture)]
