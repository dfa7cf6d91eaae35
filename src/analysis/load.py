"""Load the tidy series: one row is one value, with its range and its sources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import pandas as pd

from analysis import reference, store
from analysis.data.reconcile import publisher
from analysis.errors import UnknownName, check_known
from analysis.reference.names import find_place
from analysis.store import cached_on

__all__ = [
    "CATEGORIES",
    "data_as_of",
    "last_possible_day",
    "load_akim_elections",
    "load_all",
    "load_appeals",
    "load_context",
    "load_duties",
    "load_events",
    "load_listed_voters",
    "load_mandates",
    "load_meetings",
    "load_places",
    "load_population",
    "load_requests",
    "load_residents",
    "load_sources",
    "load_turnout",
    "name_places",
    "name_publishers",
    "read_series",
]

CATEGORIES = {
    "precision": ["as_printed", "rounded", "at_least", "at_most"],
    "confidence": ["low", "medium", "high"],
    "stage": ["interim", "preliminary", "final"],
    "level": ["world", "national", "region", "city", "district", "town", "rural_district"],
}
_WHOLE_DAY = len("2026-01-01")
_DATES = ("period_start", "period_end")
_INTERIM = "interim"
_COUNTS = ["n_figures", "n_publishers", "n_producers"]
Names = str | Iterable[str] | None


@cached_on(lambda dataset, interim=False: [dataset], "sources", "places", "raw/languages")
def read_series(dataset: str, *, interim: bool = False) -> pd.DataFrame:
    """Return a whole data set, typed, with the names of places and publishers.

    Parameters
    ----------
    dataset : str
        One of `analysis.reference.datasets()`.
    interim : bool
        Whether to return the figures announced through the day of a vote instead of the results.
        The two are never in one frame.

    Examples
    --------
    >>> read_series("appeals")["agree"].dtype
    dtype('bool')
    """
    frame = store.read_table(dataset)
    through_the_day = frame["stage"].eq(_INTERIM)
    wanted = through_the_day if interim else ~through_the_day
    rows = frame[wanted].reset_index(drop=True)
    typed = _typed(rows)
    return _ordered(name_places(name_publishers(typed)))


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    for column in ("value", "low", "high"):
        frame[column] = pd.to_numeric(frame[column])
    frame[_COUNTS] = frame[_COUNTS].astype("int64")
    frame["agree"] = frame["agree"].eq("true")
    for column in _DATES:
        frame[column] = pd.to_datetime(frame[column])
    return frame


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with columns of few values as ordered categories, missing where empty."""
    for column, order in CATEGORIES.items():
        is_known = frame[column].ne("")
        known = frame[column].where(is_known)
        frame[column] = pd.Categorical(known, categories=order, ordered=True)
    return frame


def name_publishers(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with `publishers` of its `sources` and when the newest was published.

    `published` is the newest day that is known, `published_in` the newest date as far as it is: a
    day, a month or a year.
    """
    known = _sources_by_id()
    publishers, published, published_in = {}, {}, {}
    for cell in frame["sources"].unique():
        behind = [known[source] for source in cell.split()]
        names = {publisher(source) for source in behind}
        publishers[cell] = "; ".join(sorted(names))
        dates = [source["published"] for source in behind]
        days = [date for date in dates if len(date) == _WHOLE_DAY]
        published[cell] = max(days, default=None)
        published_in[cell] = max(dates, key=last_possible_day, default="")

    newest_day = frame["sources"].map(published)
    return frame.assign(
        publishers=frame["sources"].map(publishers),
        published=pd.to_datetime(newest_day, format="ISO8601", errors="coerce"),
        published_in=frame["sources"].map(published_in),
    )


@cached_on("sources")
def _sources_by_id() -> dict[str, dict[str, str]]:
    rows = store.read_table("sources").to_dict("records")
    return {row["source_id"]: row for row in rows}


def last_possible_day(date: str) -> str:
    """Return a text that sorts a day, a month, a year or "" by the last day that it can mean.

    Examples
    --------
    >>> max(["2024-03-01", "2024", "2023-12-31", ""], key=last_possible_day)
    '2024'
    """
    if not date:
        return date
    missing = len(date) - len("2026")
    return date + "-99-99"[missing:]


def name_places(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame with the name of each place in each language: `place_en`, `place_kk` ..."""
    known = store.read_table("places")
    is_named = known["place_id"].isin(frame["place_id"])
    places = known[is_named].set_index("place_id")
    columns = {}
    for language in reference.languages():
        names = reference.place_names(places, language)
        in_frame = frame["place_id"].map(names)
        columns[f"place_{language}"] = in_frame
    return frame.assign(**columns)


def _as_list(names: str | Iterable[str]) -> list[str]:
    if isinstance(names, str):
        return [names]
    return list(names)


def _wanted(what: str, asked: str | Iterable[str], known: Iterable[str]) -> list[str]:
    in_order = sorted(set(known))
    return [check_known(what, name, in_order) for name in _as_list(asked)]


def _keep(frame: pd.DataFrame, column: str, names: Names) -> pd.DataFrame:
    """Return the rows with these names in a column, all if none are given."""
    if names is None:
        return frame
    known = frame[column].dropna()
    wanted = _wanted(column, names, known)
    is_wanted = frame[column].isin(wanted)
    return frame[is_wanted]


def _filter(
    frame: pd.DataFrame, *, since: int | str | None, place: Names, **columns: Names
) -> pd.DataFrame:
    kept = frame
    if place is not None:
        places = [find_place(name) for name in _as_list(place)]
        kept = kept[kept["place_id"].isin(places)]
    for column, names in columns.items():
        if names is not None:
            # A name is known by the whole frame, also where the place has none of it.
            known = frame[column].dropna()
            wanted = _wanted(column, names, known)
            kept = kept[kept[column].isin(wanted)]
    if since is not None:
        first_day = pd.Timestamp(int(since), 1, 1)
        kept = kept[kept["period_end"] >= first_day]
    return kept.reset_index(drop=True)


def load_appeals(
    *,
    since: int | str | None = 2021,
    place: Names = None,
    level: Names = None,
    indicator: Names = None,
    register: Names = None,
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
        One row per value. `value`, `low`, `high` in the `unit` named; shares 0..1; `sources` holds
        source ids separated by spaces; `rule` is the rule that chose the value, `disagreement` why
        figures behind it differ (see `analysis.data.reconcile`).

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
        read_series("appeals"),
        since=since,
        place=place,
        level=level,
        indicator=indicator,
        register=register,
    )


def load_meetings(
    *,
    since: int | str | None = 2021,
    place: Names = None,
    level: Names = None,
    indicator: Names = None,
) -> pd.DataFrame:
    """Load figures on report meetings, receptions, open-door days and public councils.

    Parameters, columns and errors as in `load_appeals`.

    Examples
    --------
    >>> held = load_meetings(place="KZ", indicator="meetings_held")
    >>> int(held["value"].max())
    28300
    """
    return _filter(
        read_series("meetings"),
        since=since,
        place=place,
        level=level,
        indicator=indicator,
    )


def load_akim_elections(
    *,
    since: int | str | None = 2021,
    place: Names = None,
    level: Names = None,
    indicator: Names = None,
    office: Names = None,
) -> pd.DataFrame:
    """Load direct elections of akims: rural since July 2021, district since November 2023.

    Parameters, columns and errors as in `load_appeals`; `office` is "rural" or "district".

    Examples
    --------
    >>> turnout = load_akim_elections(indicator="turnout_share", place="KZ-31", office="rural")
    >>> float(turnout["value"].item())
    0.907
    """
    return _filter(
        read_series("akim_elections"),
        since=since,
        place=place,
        level=level,
        indicator=indicator,
        office=office,
    )


def load_turnout(
    *,
    since: int | str | None = 2019,
    place: Names = None,
    level: Names = None,
    vote: Names = None,
    stage: Literal["preliminary", "final", "interim"] = "preliminary",
) -> pd.DataFrame:
    """Load turnout in the national votes since 2019 by region, one stage of counting at a time.

    Parameters
    ----------
    stage : {"preliminary", "final", "interim"}
        "preliminary", announced at the close of voting, and "interim", through the day, are the
        share of listed voters who received a ballot; "final" is the share who took part. For
        regions the close was found for most, final figures for two regions of one vote only.
    since, place, level, vote
        As in `load_appeals`.

    Returns
    -------
    pandas.DataFrame
        As `load_appeals` returns it; "interim" adds `hour`, the hour in the capital ("10:00").

    Raises
    ------
    UnknownName
        For a name or a stage that does not occur, with the near matches.

    Examples
    --------
    >>> last = load_turnout(vote="referendum_2026")
    >>> len(last[last["place_id"] != "KZ"])
    18
    >>> day = load_turnout(vote="majilis_2023", place="KZ-61", stage="interim")
    >>> day.set_index("hour")["value"].round(3).to_dict()["18:00"]
    0.511
    """
    check_known("stage", stage, CATEGORIES["stage"])
    frame = read_series("national_votes", interim=stage == _INTERIM)
    is_turnout = frame["indicator"] == "turnout_share"
    of_all_voters = frame["breakdown"] == ""
    frame = frame[is_turnout & of_all_voters]
    if stage == _INTERIM:
        frame = frame.assign(hour=frame["as_of"])
    return _filter(
        frame,
        since=since,
        place=place,
        level=level,
        indicator=None,
        vote=vote,
        stage=stage,
    )


def load_context(
    *,
    since: int | str | None = 2021,
    place: Names = None,
    indicator: Names = None,
) -> pd.DataFrame:
    """Load indices and surveys; `producer` makes the index, `sources` say where it was read.

    Examples
    --------
    >>> load_context(place="KZ", indicator="e_participation_index")["period_end"].dt.year.tolist()
    [2022, 2024]
    """
    return _filter(
        read_series("context"),
        since=since,
        place=place,
        level=None,
        indicator=indicator,
    )


def load_population(
    *,
    since: int | str | None = 2021,
    place: Names = None,
    level: Names = None,
) -> pd.DataFrame:
    """Load population at the start of the year; 2018-2021 in the borders of that time.

    Examples
    --------
    >>> load_population(place="KZ", since=2018)["indicator"].unique().tolist()
    ['population', 'population_census']
    """
    return _filter(
        read_series("population"),
        since=since,
        place=place,
        level=level,
        indicator=None,
    )


@cached_on("population", "sources", "places", "raw/languages")
def load_residents(*, on: str = "2023-01-01") -> pd.Series:
    """Load residents by `place_id` on one day, to weight or divide by; the name says the day.

    Examples
    --------
    >>> int(load_residents()["KZ-33"])
    698729
    """
    frame = read_series("population")
    is_count = frame["indicator"] == "population"
    of_all = frame["breakdown"] == ""
    on_day = frame["period_end"] == pd.Timestamp(on)
    rows = frame[is_count & of_all & on_day]
    if rows.empty:
        days = frame["period_end"].dt.date.astype(str)
        known = sorted(days.unique())
        raise UnknownName("day of the population", on, known)

    by_place = rows.set_index("place_id")
    return by_place["value"].rename(f"residents, {on}")


def load_listed_voters() -> pd.Series:
    """Load voters listed by national vote and place, the latest stage of counting that is held.

    Few regions have one: see `load_residents` for what else can weigh shares.

    Examples
    --------
    >>> int(load_listed_voters()["majilis_2023", "KZ-43"])
    486002
    """
    frame = read_series("national_votes")
    is_listed = frame["indicator"] == "voters_listed"
    of_all = frame["breakdown"] == ""
    rows = frame[is_listed & of_all & (frame["vote"] != "")]
    by_stage = rows.sort_values("stage")
    latest = by_stage.groupby(["vote", "place_id"])["value"].last()
    return latest.rename("voters listed")


def _with_validity(frame: pd.DataFrame) -> pd.DataFrame:
    for column in ("valid_from", "valid_to"):
        frame[column] = pd.to_datetime(frame[column])
    return frame


def load_places(*, level: Names = None) -> pd.DataFrame:
    """Load places: codes, names in Kazakh, Russian and English, validity and parents.

    Examples
    --------
    >>> load_places().set_index("place_id").loc["KZ-33", "name_kk"]
    'Жетісу облысы'
    """
    frame = _with_validity(store.read_table("places"))
    population = pd.to_numeric(frame["population_2023"])
    frame["population_2023"] = population.astype("Int64")
    kept = _keep(frame, "level", level)
    return kept.reset_index(drop=True)


def load_events(*, theme: Names = None) -> pd.DataFrame:
    """Load dated laws, launches and votes; `date` is text, as exact as `date_precision` says.

    Examples
    --------
    >>> len(load_events(theme="meetings")) > 20
    True
    """
    frame = store.read_table("events")
    events = _keep(frame, "theme", theme).reset_index(drop=True)
    with_sources = events.assign(sources=events["source_id"])
    return name_publishers(with_sources)


@cached_on(reference.published_datasets, "sources", "places")
def load_all() -> pd.DataFrame:
    """Load the four data sets of published Kazakh figures as one frame with a column `dataset`.

    Examples
    --------
    >>> sorted(load_all()["dataset"].unique())
    ['akim_elections', 'appeals', 'meetings', 'national_votes']
    """
    frames = []
    for name in reference.published_datasets():
        frame = read_series(name)
        frames.append(frame.assign(dataset=name))
    return pd.concat(frames, ignore_index=True)


def load_mandates() -> pd.DataFrame:
    """Load the least number of meetings a year that decrees require, by level of akim.

    Returns
    -------
    pandas.DataFrame
        `office`, `valid_from`, `valid_to`, `meetings_per_year` (missing: not found), `where` each
        must be held, `decree`, `source_id`, `note`. Decree 190 was on report meetings, decree 826
        is on meetings with residents.

    Examples
    --------
    >>> duty = load_mandates().query("office == 'district'")
    >>> duty["meetings_per_year"].tolist()
    [1, 4, 2]
    """
    frame = _with_validity(store.read_table("mandates"))
    meetings = pd.to_numeric(frame["meetings_per_year"])
    frame["meetings_per_year"] = meetings.astype("Int64")
    with_sources = frame.assign(sources=frame["source_id"])
    return name_publishers(with_sources)


def load_requests() -> pd.DataFrame:
    """Load the requests for information that were sent to bodies, and what became of them.

    Returns
    -------
    pandas.DataFrame
        One row per request of a round: `round`, `request`, `place_id`, `body`, `items` (of
        request_items.csv, separated by blanks), `received_on`, `due_on` (the end of the term by the
        longest reading), `is_provisional`, `answered_on` (missing: no answer came), `outcome`
        ("answered", "partly", "refused", "forwarded", "silent"), `article` that a refusal names,
        `forwarded_to`. Empty as long as no round was entered.

    Examples
    --------
    >>> load_requests()["received_on"].dtype.kind
    'M'
    """
    frame = store.read_table("raw/requests")
    for column in ("received_on", "due_on", "answered_on"):
        frame[column] = pd.to_datetime(frame[column])
    return frame.assign(is_provisional=frame["is_provisional"] == "yes")


def load_duties(
    *, body: str | None = None, theme: Names = None, on: str | None = None
) -> pd.DataFrame:
    """Load what laws and decrees require of state bodies, akims and requesters.

    Parameters
    ----------
    body : str, optional
        Keep the duties of bodies whose description holds this word, such as "akim".
    theme : str or list of str, optional
        Keep these themes: "requests", "publication", "meetings", "reception", "appeals" ...
    on : str, optional
        A day. Keep the duties in force on it as far as known; a duty without a first day is in
        force in the edition read, and stays.

    Returns
    -------
    pandas.DataFrame
        One row per duty and source: `code` (where reports use it), `theme`, `duty`, `body`,
        `frequency_or_term` in words, `term_number` of `term_unit` ("calendar_days",
        "working_days", "weeks", "months", "times_a_year") where one is stated, `article`,
        `in_force_from`, `in_force_to` (text; a day or a month), `edition` (day of the latest
        amendment in the edition read; missing for undated copies), `edition_is_older` than `on`
        (false without `on`), short words `text_en`, `text_kk`, `text_ru`, and `note`.

    Raises
    ------
    UnknownName
        If no body is described so, or a theme is not known.

    Examples
    --------
    >>> answer = load_duties(theme="requests").query("code == 'request_answer'").iloc[0]
    >>> int(answer["term_number"]), answer["term_unit"], answer["article"]
    (15, 'calendar_days', 'Law 401-V art. 11 p. 10')
    """
    frame = store.read_table("duties")
    if body is not None:
        meant = frame["body"].str.contains(body, case=False, regex=False)
        if not meant.any():
            raise UnknownName("body", body, sorted(frame["body"].unique()))
        frame = frame[meant]
    frame = _keep(frame, "theme", theme)
    if on is not None:
        frame = frame[_in_force(frame, on)]
    edition = pd.to_datetime(frame["edition"])
    term = pd.to_numeric(frame["term_number"])
    duties = frame.assign(
        edition=edition,
        edition_is_older=False if on is None else edition < pd.Timestamp(on),
        term_number=term.astype("Int64"),
        sources=frame["source_id"],
    )
    return name_publishers(duties.reset_index(drop=True))


def _in_force(duties: pd.DataFrame, on: str) -> pd.Series:
    began = duties["in_force_from"] <= on
    ended = []
    for last in duties["in_force_to"]:
        # A month is set against the month of the day.
        same_precision = on[: len(last)]
        has_ended = last != "" and last < same_precision
        ended.append(has_ended)
    return began & ~pd.Series(ended, index=duties.index, dtype=bool)


def load_sources(ids: Names = None) -> pd.DataFrame:
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
    frame = store.read_table("sources")
    if ids is not None:
        wanted: list[str] = []
        for cell in _as_list(ids):
            wanted += cell.split()
        frame = _keep(frame, "source_id", wanted)
    return frame.reset_index(drop=True)


def data_as_of() -> pd.Timestamp:
    """Return the day of the newest source: nothing published later is in the data.

    Examples
    --------
    >>> data_as_of().date().isoformat()
    '2026-03-27'
    """
    sources = store.read_table("sources")
    published = sources["published"]
    is_day = published.str.fullmatch(r"\d{4}-\d\d-\d\d")
    known = published[is_day]
    return pd.to_datetime(known).max()


def __dir__() -> list[str]:
    return sorted(__all__)
