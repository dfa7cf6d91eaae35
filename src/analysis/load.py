"""Load the tidy series: one row is one value, with its range and its sources."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import paths
from analysis.errors import DataError, Problem, UnknownName
from analysis.reconcile import publisher

_CATEGORIES = {
    "precision": ["as_printed", "rounded", "at_least", "at_most"],
    "confidence": ["low", "medium", "high"],
    "stage": ["preliminary", "final"],
    "level": ["world", "national", "region", "city", "district", "town", "rural_district"],
}
_DATES = ("period_start", "period_end")
_PUBLISHED = ("appeals", "meetings", "akim_elections", "national_votes")


def _read(name: str) -> pd.DataFrame:
    return _table(paths.processed() / f"{name}.csv", _changed(name)).copy(deep=False)


def _changed(name: str) -> int:
    """Return when a processed file last changed; tables are kept until it does."""
    path = paths.processed() / f"{name}.csv"
    if not path.is_file():
        raise DataError(
            [Problem(path.name, None, None, "no such file", str(path), "Run: openness data build")]
        )
    return path.stat().st_mtime_ns


@lru_cache(maxsize=32)
def _table(path: Path, changed: int) -> pd.DataFrame:
    return pd.read_csv(path, dtype="str", keep_default_na=False)


def _series(name: str) -> pd.DataFrame:
    changed = tuple(_changed(n) for n in (name, "sources", "places"))
    return _tidy(name, paths.processed(), changed).copy(deep=False)


@lru_cache(maxsize=32)
def _tidy(name: str, folder: Path, changed: tuple[int, ...]) -> pd.DataFrame:
    frame = _read(name)
    for column in ("value", "low", "high"):
        frame[column] = pd.to_numeric(frame[column])
    counts = ["n_figures", "n_publishers", "n_producers"]
    frame[counts] = frame[counts].astype("int64")
    frame["agree"] = frame["agree"].eq("true")
    for column in _DATES:
        frame[column] = pd.to_datetime(frame[column])
    frame = _name_places(_name_publishers(frame))
    for column, order in _CATEGORIES.items():
        frame[column] = pd.Categorical(
            frame[column].where(frame[column].ne("")), categories=order, ordered=True
        )
    return frame


def _name_publishers(frame: pd.DataFrame) -> pd.DataFrame:
    sources = _read("sources").set_index("source_id", drop=False)
    cells = {cell: sources.loc[cell.split()] for cell in frame["sources"].unique()}
    publishers = {
        cell: "; ".join(sorted({publisher(row) for row in rows.to_dict("records")}))
        for cell, rows in cells.items()
    }
    published = {cell: rows["published"].max() for cell, rows in cells.items()}
    return frame.assign(
        publishers=frame["sources"].map(publishers),
        published=pd.to_datetime(
            frame["sources"].map(published), format="ISO8601", errors="coerce"
        ),
    )


def _names(places: pd.DataFrame, language: str) -> pd.Series:
    """Give names in a language; where none is known, that in Russian for Kazakh, and that in English for either."""
    order = {"en": ("en", "ru"), "kk": ("kk", "ru", "en"), "ru": ("ru", "en")}[language]
    columns = [places[f"name_{known}"].replace("", pd.NA) for known in order]
    names = columns[0]
    for column in columns[1:]:
        names = names.fillna(column)
    return names


def _name_places(frame: pd.DataFrame) -> pd.DataFrame:
    places = _read("places").set_index("place_id")
    names = {
        f"place_{language}": frame["place_id"].map(_names(places, language))
        for language in ("en", "kk", "ru")
    }
    return frame.assign(**names)


def _wanted(what: str, asked: str | Iterable[str], known: Iterable[str]) -> list[str]:
    names = [asked] if isinstance(asked, str) else list(asked)
    known = sorted(set(known))
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=5, cutoff=0.4)
            raise UnknownName(
                f"{what} {name!r} is not in this data set; near: {', '.join(near) or 'nothing'}. "
                f"Known: {', '.join(known[:40])}{' ...' if len(known) > 40 else ''}"
            )
    return names


def _filter(
    frame: pd.DataFrame,
    *,
    since: int | None,
    place: str | Iterable[str] | None,
    level: str | Iterable[str] | None,
    indicator: str | Iterable[str] | None,
    **columns: str | Iterable[str] | None,
) -> pd.DataFrame:
    keep = pd.Series(True, index=frame.index)
    asked: dict[str, Any] = {"place_id": place, "level": level, "indicator": indicator, **columns}
    for column, names in asked.items():
        if names is not None:
            known = load_places()["place_id"] if column == "place_id" else frame[column].dropna()
            keep &= frame[column].isin(_wanted(column, names, known))
    if since is not None:
        keep &= frame["period_end"] >= pd.Timestamp(since, 1, 1)
    return frame[keep].reset_index(drop=True)


def load_appeals(
    *,
    since: int | None = 2021,
    place: str | Iterable[str] | None = None,
    level: str | Iterable[str] | None = None,
    indicator: str | Iterable[str] | None = None,
    register: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Load figures on appeals: E-Otinish and the registers that are kept apart from it.

    Parameters
    ----------
    since : int or None
        First year; a figure is kept if its period ends in that year or later. None for all.
    place, level, indicator, register : str or list of str, optional
        Keep only these `place_id`, `level`, `indicator` or `register` values.

    Returns
    -------
    pandas.DataFrame
        One row a value. `value`, `low`, `high` in the `unit` named; shares 0..1; `sources` holds source ids
        separated by spaces; `rule` is the rule that chose the value (see `analysis.reconcile`).

    Raises
    ------
    UnknownName
        For a name that does not occur, with the near matches.

    Examples
    --------
    >>> lawsuits = load_appeals(indicator="administrative_lawsuits_filed")
    >>> [int(v) for v in lawsuits["value"]]
    [14469, 28852, 31186, 32866, 17154]
    """
    return _filter(
        _series("appeals"),
        since=since,
        place=place,
        level=level,
        indicator=indicator,
        register=register,
    )


def load_meetings(
    *,
    since: int | None = 2021,
    place: str | Iterable[str] | None = None,
    level: str | Iterable[str] | None = None,
    indicator: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Load figures on report meetings, receptions, open-door days and public councils.

    Parameters, columns and errors as in `load_appeals`.

    Examples
    --------
    >>> held = load_meetings(place="KZ", indicator="meetings_held")
    >>> int(held["value"].max())
    28300
    """
    return _filter(_series("meetings"), since=since, place=place, level=level, indicator=indicator)


def load_akim_elections(
    *,
    since: int | None = 2021,
    place: str | Iterable[str] | None = None,
    level: str | Iterable[str] | None = None,
    indicator: str | Iterable[str] | None = None,
    office: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Load figures on direct elections of akims: rural since July 2021, district since November 2023.

    Parameters, columns and errors as in `load_appeals`; `office` is "rural" or "district".

    Examples
    --------
    >>> turnout = load_akim_elections(indicator="turnout_share", place="KZ-31", office="rural")
    >>> float(turnout["value"].item())
    0.907
    """
    return _filter(
        _series("akim_elections"),
        since=since,
        place=place,
        level=level,
        indicator=indicator,
        office=office,
    )


def load_turnout(
    *,
    since: int | None = 2019,
    place: str | Iterable[str] | None = None,
    level: str | Iterable[str] | None = None,
    vote: str | Iterable[str] | None = None,
    stage: str = "preliminary",
) -> pd.DataFrame:
    """Load turnout in the seven national votes since 2019, by region: voters who took part / voters listed.

    Parameters
    ----------
    stage : {"preliminary", "final"}
        One stage for a whole vote. Only the preliminary stage (at the close of voting) is published by
        region; final figures exist for the nation and few regions.
    since, place, level, vote
        As in `load_appeals`.

    Examples
    --------
    >>> last = load_turnout(vote="referendum_2026")
    >>> len(last[last["place_id"] != "KZ"])
    16
    """
    frame = _series("national_votes")
    frame = frame[(frame["indicator"] == "turnout_share") & (frame["breakdown"] == "")]
    return _filter(
        frame, since=since, place=place, level=level, indicator=None, vote=vote, stage=stage
    )


def load_context(
    *,
    since: int | None = 2021,
    place: str | Iterable[str] | None = None,
    indicator: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Load international indices and surveys; `producer` makes the index, `sources` say where it was read.

    Examples
    --------
    >>> load_context(place="KZ", indicator="e_participation_index")["period_end"].dt.year.tolist()
    [2022, 2024]
    """
    return _filter(_series("context"), since=since, place=place, level=None, indicator=indicator)


def load_population(
    *,
    since: int | None = 2021,
    place: str | Iterable[str] | None = None,
    level: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """Load population at the start of the year; 2018-2021 in the borders and on the census of that time.

    Examples
    --------
    >>> load_population(place="KZ", since=2018)["indicator"].unique().tolist()
    ['population', 'population_census']
    """
    return _filter(_series("population"), since=since, place=place, level=level, indicator=None)


def load_residents(*, on: str = "2023-01-01") -> pd.Series:
    """Load residents by `place_id` on one day, to weight or to divide by; the name of the series says the day.

    Examples
    --------
    >>> int(load_residents()["KZ-33"])
    698729
    """
    frame = _series("population")
    rows = frame[
        (frame["indicator"] == "population")
        & (frame["breakdown"] == "")
        & (frame["period_end"] == pd.Timestamp(on))
    ]
    if rows.empty:
        days = sorted(frame["period_end"].dt.date.astype(str).unique())
        raise UnknownName(f"no population of {on}. Known days: {', '.join(days)}")
    return rows.set_index("place_id")["value"].rename(f"residents, {on}")


def load_places(*, level: str | Iterable[str] | None = None) -> pd.DataFrame:
    """Load places: codes, names in Kazakh, Russian and English, validity and parents.

    Examples
    --------
    >>> load_places().set_index("place_id").loc["KZ-33", "name_kk"]
    'Жетісу облысы'
    """
    frame = _read("places")
    for column in ("valid_from", "valid_to"):
        frame[column] = pd.to_datetime(frame[column])
    frame["population_2023"] = pd.to_numeric(frame["population_2023"]).astype("Int64")
    if level is not None:
        frame = frame[frame["level"].isin(_wanted("level", level, frame["level"]))]
    return frame.reset_index(drop=True)


def load_events(*, theme: str | Iterable[str] | None = None) -> pd.DataFrame:
    """Load dated laws, decrees, launches and votes; `date` is text, as exact as `date_precision` says.

    Examples
    --------
    >>> len(load_events(theme="meetings")) > 20
    True
    """
    frame = _read("events")
    if theme is not None:
        frame = frame[frame["theme"].isin(_wanted("theme", theme, frame["theme"]))]
    return _name_publishers(frame.assign(sources=frame["source_id"]).reset_index(drop=True))


def load_all() -> pd.DataFrame:
    """Load the four data sets of published Kazakh figures as one frame with a column `dataset`.

    Examples
    --------
    >>> sorted(load_all()["dataset"].unique())
    ['akim_elections', 'appeals', 'meetings', 'national_votes']
    """
    return _all(tuple(_changed(name) for name in (*_PUBLISHED, "sources", "places"))).copy(
        deep=False
    )


@lru_cache(maxsize=2)
def _all(changed: tuple[int, ...]) -> pd.DataFrame:
    return pd.concat([_series(name).assign(dataset=name) for name in _PUBLISHED], ignore_index=True)


def load_mandates() -> pd.DataFrame:
    """Load what the law requires: the least number of report meetings a year by level of akim over time.

    Returns
    -------
    pandas.DataFrame
        `office`, `valid_from`, `valid_to`, `meetings_per_year` (missing: not found), `where` each must be held,
        `decree`, `source_id`, `note`.

    Examples
    --------
    >>> duty = load_mandates().query("office == 'district'")
    >>> duty["meetings_per_year"].tolist()
    [1, 4, 2]
    """
    frame = _read("mandates")
    for column in ("valid_from", "valid_to"):
        frame[column] = pd.to_datetime(frame[column])
    frame["meetings_per_year"] = pd.to_numeric(frame["meetings_per_year"]).astype("Int64")
    return _name_publishers(frame.assign(sources=frame["source_id"]))


def load_sources(ids: str | Iterable[str] | None = None) -> pd.DataFrame:
    """Load the sources: address, title, publisher, date, language and terms as far as known.

    Parameters
    ----------
    ids : str or list of str, optional
        Source ids; a `sources` cell of any frame (ids separated by spaces) can be given as it is.

    Examples
    --------
    >>> load_sources("s64a494b7")["source_id"].tolist()
    ['s64a494b7']
    """
    frame = _read("sources")
    if ids is not None:
        cells = [ids] if isinstance(ids, str) else list(ids)
        wanted = [source for cell in cells for source in cell.split()]
        frame = frame[frame["source_id"].isin(_wanted("source_id", wanted, frame["source_id"]))]
    return frame.reset_index(drop=True)


def data_as_of() -> pd.Timestamp:
    """Return the day of the newest source: nothing published later is in the data.

    Examples
    --------
    >>> data_as_of().date().isoformat()
    '2026-03-27'
    """
    published = _read("sources")["published"]
    return pd.to_datetime(published[published.str.len() == 10]).max()
