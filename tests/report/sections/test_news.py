"""What a release brought for a place, read from its notes."""

from __future__ import annotations

import re

from analysis import report
from analysis.report.document import plain_text
from analysis.report.sections import news as module

# As `openness data release` writes a row that is added and a value that is corrected.
NOTES = """### Rows added

- national_votes: turnout_share share flow 2026-03-15 2026-03-15 KZ-33 KZ-33 region referendum_2026 preliminary
- national_votes: turnout_share share flow 2026-03-15 2026-03-15 KZ-10 KZ-10 region referendum_2026 preliminary

### Values corrected

- national_votes: turnout_share share flow 2023-03-19 2023-03-19 KZ-33 KZ-33 region majilis_2023 preliminary: value 0.55 -> 0.5532
"""


def test_rows_that_the_notes_name_are_those_of_the_place():
    rows = module.added("KZ-33", notes=NOTES)
    assert sorted(rows["vote"]) == ["majilis_2023", "referendum_2026"]
    assert set(rows["place_id"]) == {"KZ-33"}
    assert module.added("KZ-62", notes=NOTES).empty


def test_the_first_release_says_that_there_is_nothing_to_compare(monkeypatch):
    monkeypatch.setattr(module, "notes_of_release", lambda: "The first release.")
    text = plain_text(report.news("KZ-33").blocks)
    assert "It is the first release" in text


def test_a_later_release_lists_what_it_brought(monkeypatch):
    monkeypatch.setattr(module, "notes_of_release", lambda: NOTES)
    text = re.sub(r"[\u00a0\u202f]", " ", plain_text(report.news("KZ-33").blocks))
    assert "Added or corrected for this place: 2 figures" in text
    assert "78.49%" in text
    assert "55.32%" in text


def test_a_release_without_news_of_a_place_says_so(monkeypatch):
    monkeypatch.setattr(module, "notes_of_release", lambda: NOTES)
    assert "Nothing was added or corrected" in plain_text(report.news("KZ-62").blocks)
