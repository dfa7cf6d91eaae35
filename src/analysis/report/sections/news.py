"""The section on what is new since the last release of the data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from analysis import reference
from analysis.data.reconcile import KEY
from analysis.data.version import newest_release, notes_of_release
from analysis.locale import counted, day, text
from analysis.report.document import Block, Heading, Items, Run, words
from analysis.report.sections.parts import rows_of, section, since_2021
from analysis.report.sources import published_words
from analysis.report.wording import figure_label, period_words, value_words

_NEWEST = 3


@section
def news(place: str, *, language: str = "en") -> list[Block]:
    """Return the figures of a place that the newest release added or corrected.

    Where it is the first, the figures of the newest sources. Parameters and returns as in
    `opening`.

    Examples
    --------
    >>> news("KZ-33").blocks[0]
    Heading(level=2, text='New since the last release of the data')
    """
    heading = Heading(2, text("h_news", language))
    version, on = newest_release()
    lead = text("news_release", language, version=version, date=day(on, language))
    rows = added(place)
    if len(rows):
        n = counted("n_figures", len(rows), language)
        listed = Items(tuple(_lines(rows.tail(_NEWEST), language)))
        return [heading, words(f"{lead} {text('news_added', language, n=n)}"), listed]
    first = not notes_of_release().count("###")
    key = "news_first" if first else "news_none"
    newest = Items(tuple(_newest(place, language)))
    blocks: list[Block] = [heading, words(f"{lead} {text(key, language)}")]
    return [*blocks, newest] if newest.items else blocks


def added(place: str, notes: str | None = None) -> pd.DataFrame:
    """Return the rows of a place that a release added or corrected, as its notes name them.

    Parameters
    ----------
    place : str
    notes : str, optional
        Those of the newest release if not given.

    Examples
    --------
    >>> len(added("KZ-33", notes="The first release."))
    0
    """
    told = notes_of_release() if notes is None else notes
    lines = [line for line in told.splitlines() if line.startswith("- ")]
    named = [line.removeprefix("- ").split(": ")[:2] for line in lines]  # "appeals: key: 5 -> 6"
    every = [rows_of(place, name) for name in reference.published_datasets()]
    rows = pd.concat(every)
    is_named = [[row.dataset, _key(row)] in named for row in rows.itertuples()]
    return rows[pd.Series(is_named, index=rows.index, dtype=bool)]


def _key(row: Any) -> str:
    """Return what identifies a row, as the notes of a release write it."""
    written = []
    for column in KEY:
        part = getattr(row, column)
        if isinstance(part, pd.Timestamp):
            part = part.date().isoformat()
        if part and not pd.isna(part):
            written.append(str(part))
    return " ".join(written)


def _lines(rows: pd.DataFrame, language: str) -> Iterator[tuple[Run, ...]]:
    for row in rows.itertuples():
        label, value = figure_label(row, language), value_words(row, language)
        yield (Run(f"{label}: {value} ({period_words(row, language)})"),)


def _newest(place: str, language: str) -> Iterator[tuple[Run, ...]]:
    """Yield what the newest sources published, without its value, which stands above."""
    every = [since_2021(rows_of(place, name)) for name in reference.published_datasets()]
    rows = pd.concat(every)
    rows = rows[rows["published_in"] != ""].sort_values("published_in", kind="stable")
    newest: Any = rows.drop_duplicates("indicator", keep="last").tail(_NEWEST).iloc[::-1]
    for row in newest.itertuples():
        on = published_words(row.published_in, language)
        yield (Run(f"{figure_label(row, language)}; {on}"),)
