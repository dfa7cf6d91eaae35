"""Imported records in a report."""

from __future__ import annotations

import re

import pytest

from analysis import records, report
from analysis.report.document import (
    Picture,
    plain_text,
)


def said(section) -> str:
    """All text of a section, tables included."""
    return re.sub(r"[\u00a0\u202f]", " ", plain_text(section.blocks))


def test_own_records_stand_beside_the_published_figures_and_say_that_they_are_simulated(tmp_path):
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


MEETINGS = "Дата,Место,Вид встречи,Участники,Вопросы,Решено\n" + "".join(
    f"{day:02}.02.2024,Алматы,Отчётная встреча,{100 + day},20,15\n" for day in range(1, 13)
)
ELECTIONS = "Дата,Место,Участок,Внесено в список,Проголосовало,Кандидат,Голоса\n" + "".join(
    f"05.11.2023,Алматы,{station},1000,600,{name},{votes}\n"
    for station in range(1, 4)
    for name, votes in (("Первый", 350), ("Второй", 250))
)


@pytest.mark.parametrize(
    ("dataset", "export", "found", "charts"),
    [("meetings", MEETINGS, "12", 1), ("elections", ELECTIONS, "60", 2)],
)
def test_meetings_or_elections_alone_give_charts_of_their_own(
    tmp_path, dataset, export, found, charts
):
    path = tmp_path / "a.csv"
    path.write_text(export, "utf-8")
    records.ingest(path, dataset=dataset, out=tmp_path / "own")
    section = report.own_records("KZ", records=str(tmp_path / "own"), language="ru")
    pictures = [block for block in section.blocks if isinstance(block, Picture)]
    assert len(pictures) == charts
    assert found in pictures[0].alt
