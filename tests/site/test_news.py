"""Releases are told in sentences, and the feed is Atom."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from analysis import reference
from analysis.data.release import Changes, compare, past_releases
from analysis.site.news import change_sentences, feed, told_releases
from analysis.site.pages import Site

ATOM = "{http://www.w3.org/2005/Atom}"


def test_changes_are_read_from_the_notes_that_tell_them():
    before, after = {"a.csv": "id,v\n1,5\n3,1\n"}, {"a.csv": "id,v\n1,6\n2,7\n"}
    changes = compare(before, after)
    assert Changes.read(changes.notes()) == changes


def test_a_release_is_told_by_table_and_kind():
    changes = Changes(
        rows_added=["appeals: x", "appeals: y", "meetings: z"],
        values_corrected=["sources: a: url b -> c"],
    )
    assert change_sentences(changes, "ru") == [
        "Обращения: добавлено значений: 2",
        "Встречи и приёмы: добавлено значений: 1",
        "Источники: исправлено значений: 1",
    ]


@pytest.mark.parametrize("language", reference.languages())
def test_each_release_of_the_change_log_is_told(language):
    told = told_releases(language)
    assert [release.id for release in told] == [f"data-{past.version}" for past in past_releases()]
    assert all(release.sentences for release in told)


@pytest.mark.parametrize("base", ["", "https://openness.example/"])
def test_the_feed_has_what_atom_asks_for(base):
    root = ElementTree.fromstring(feed(Site(base_url=base), "kk"))
    for name in ("title", "id", "updated", "author"):
        assert root.find(f"{ATOM}{name}") is not None
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == len(past_releases())
    for entry in entries:
        assert entry.find(f"{ATOM}updated").text.endswith("T00:00:00Z")
        link = entry.find(f"{ATOM}link").get("href")
        assert link.startswith(base + "news-kk.html#data-")
