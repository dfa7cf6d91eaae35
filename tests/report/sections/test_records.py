"""Imported records in a report."""

from __future__ import annotations

import re

from analysis import report
from analysis.report.document import (
    Picture,
    plain_text,
)


def said(section) -> str:
    """All text of a section, tables included."""
    return re.sub(r"[\u00a0\u202f]", " ", plain_text(section.blocks))


def test_own_records_stand_beside_the_published_figures_and_say_that_they_are_simulated(tmp_path):
    from analysis import records

    export = records.simulate(30_000, seed=3, out=tmp_path / "appeals.csv")
    records.ingest(export, dataset="appeals", out=tmp_path / "own")
    section = report.own_records("KZ", records=str(tmp_path / "own"), language="kk")
    assert "30 000" in said(section)
    pictures = [b for b in section.blocks if isinstance(b, Picture)]
    assert len(pictures) == 2  # so few are late in each body that their number is hidden
    assert all(
        "одельденген деректер" in b.alt and "МОДЕЛЬДЕНГЕН ДЕРЕКТЕР" in b.svg for b in pictures
    )
    assert not report.own_records("KZ-33", language="kk").blocks
