"""What is new: each release in sentences, the newest sources, and the feed."""

from __future__ import annotations

import html
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from analysis import load, reference, store
from analysis.data.release import Changes, PastRelease, past_releases
from analysis.locale import counted, day, number, text
from analysis.site.columns import values
from analysis.site.labels import capital, code_words, indicator_name
from analysis.site.pages import Page, Site, feed_path

_NEW_DAYS = 92  # a quarter, before the day of the newest source
_CHANGES = ("rows_added", "values_corrected", "rows_removed", "columns_removed")


class Told(NamedTuple):
    """A release in sentences of a language; `id` is its anchor on the page."""

    id: str
    title: str
    on: date
    sentences: list[str]


def told_releases(language: str) -> list[Told]:
    """Return the releases in sentences, the newest first.

    Examples
    --------
    >>> told_releases("en")[-1].title
    'Release 1.0.0, November 24, 2026'
    """
    return [_told(release, language) for release in past_releases()]


def _told(release: PastRelease, language: str) -> Told:
    version = release.version
    on = day(release.on, language)
    sentences = change_sentences(release.changes, language)
    return Told(
        id=f"data-{version}",
        title=text("release_title", language, version=version, day=on),
        on=release.on,
        sentences=sentences or [_first(language)],
    )


def change_sentences(changes: Changes, language: str) -> list[str]:
    """Return what differs between two releases in sentences, one for each table and kind.

    Examples
    --------
    >>> change_sentences(Changes(rows_added=["appeals: x", "appeals: y"]), "en")
    ['Appeals: values added: 2']
    """
    told = []
    for kind in _CHANGES:
        counts = changes.by_table(kind)
        for table, n in counts.items():
            name = _table_name(table, language)
            count = number(n, language)
            sentence = text(f"release_{kind}", language, table=name, n=count)
            told.append(sentence)
    return told


def _table_name(table: str, language: str) -> str:
    if table in reference.datasets():
        name = code_words("dataset", table, language)
        return capital(name)
    return text(f"dictionary_table_{table}", language)


def _first(language: str) -> str:
    n_sources = len(store.read_table("sources"))
    return text(
        "release_first",
        language,
        values=counted("n_figures", len(values()), language),
        sources=counted("n_sources", n_sources, language),
    )


def _newest(page: Page) -> list[tuple[str, str, str]]:
    """Return the indicators with values of the latest quarter: address, name, places and days."""
    language = page.language
    frame = values()
    newest = pd.Timestamp(load.data_as_of())
    since = newest - pd.Timedelta(days=_NEW_DAYS)
    new = frame[frame["published"] >= since]
    by_indicator = new.groupby("indicator")["published"].agg(["max", "size"])
    ordered = by_indicator.sort_values(["max", "size"], ascending=False, kind="stable")
    listed = []
    for indicator, last, n in ordered.itertuples():
        address = page.sibling("indicator", indicator).path
        count = counted("n_figures", n, language)
        when = day(last.date(), language)
        listed.append((address, indicator_name(indicator, language), f"{count}, {when}"))
    return listed


def news_page(site: Site, language: str) -> str:
    """Return the page of releases and news as HTML.

    Parameters
    ----------
    site : Site
    language : str
    """
    page = Page("news", language)
    title, lead = text("site_news", language), text("site_news_lead", language)
    return site.render(
        page,
        title=title,
        description=lead,
        releases=told_releases(language),
        newest_title=text("news_newest", language, day=day(load.data_as_of(), language)),
        newest=_newest(page),
    )


def feed(site: Site, language: str) -> str:
    """Return the feed of releases as Atom, with relative links where the site has no address.

    Parameters
    ----------
    site : Site
    language : str
    """
    releases, news = told_releases(language), Page("news", language).path
    title = text("report_title", language)
    entries = "".join(_entry(site, release, news) for release in releases)
    base = f' xml:base="{_escaped(site.base_url)}"' if site.base_url else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}"{base}>\n'
        f"<title>{_escaped(title)}</title>\n"
        f"<id>urn:governance-openness:{language}</id>\n"
        f"<updated>{_moment(releases[0].on)}</updated>\n"
        "<author><name>governance-openness</name></author>\n"
        f'<link rel="self" href="{_escaped(site.address(feed_path(language)))}"/>\n'
        f'<link rel="alternate" href="{_escaped(site.address(news))}"/>\n'
        f"{entries}</feed>\n"
    )


def _entry(site: Site, release: Told, news: str) -> str:
    link = site.address(f"{news}#{release.id}")
    items = [f"<li>{_escaped(sentence)}</li>" for sentence in release.sentences]
    listed = "".join(items)
    content = _escaped(f"<ul>{listed}</ul>")
    return (
        "<entry>\n"
        f"<title>{_escaped(release.title)}</title>\n"
        f"<id>urn:governance-openness:{release.id}</id>\n"
        f"<updated>{_moment(release.on)}</updated>\n"
        f'<link href="{_escaped(link)}"/>\n'
        f'<content type="html">{content}</content>\n'
        "</entry>\n"
    )


def _moment(on: date) -> str:
    return f"{on.isoformat()}T00:00:00Z"


def _escaped(words: Any) -> str:
    return html.escape(str(words))
