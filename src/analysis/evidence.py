"""What stands behind a number: its sources, its definition, how to cite it, and what is not published."""

from __future__ import annotations

import csv
import difflib
import importlib.metadata
import re
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import pandas as pd

from analysis import load, paths
from analysis.errors import UnknownName
from analysis.locale import LANGUAGES, day, text

REGIONS = [
    "KZ-10", "KZ-11", "KZ-15", "KZ-19", "KZ-23", "KZ-27", "KZ-31", "KZ-33", "KZ-35", "KZ-39", "KZ-43", "KZ-47",
    "KZ-55", "KZ-59", "KZ-61", "KZ-62", "KZ-63", "KZ-71", "KZ-75", "KZ-79",
]  # fmt: skip


def provenance(what: Any) -> pd.DataFrame:
    """Return the sources behind a frame or a chart.

    Parameters
    ----------
    what : pandas.DataFrame or Chart
        A frame with a `sources` or `source_id` column, or a chart of `analysis.charts`.

    Returns
    -------
    pandas.DataFrame
        One row a source, as `load_sources` gives it, with `n_values`, the number of rows that rest on it.

    Examples
    --------
    >>> provenance(load.load_appeals(indicator="administrative_lawsuits_filed"))[["source_id", "n_values"]].values.tolist()
    [['s64a494b7', 5]]
    """
    frame = getattr(what, "rows", what)
    column = next((c for c in ("sources", "source_id") if c in getattr(frame, "columns", ())), None)
    if column is None:
        raise TypeError(
            "provenance takes a frame with a column sources or source_id, or a chart of analysis.charts."
        )
    counts = frame[column].str.split().explode().value_counts()
    sources = load.load_sources(list(counts.index)) if len(counts) else load.load_sources().iloc[:0]
    return sources.assign(n_values=sources["source_id"].map(counts).astype("int64"))


@cache
def _codebook() -> dict[str, dict[str, str]]:
    text_ = resources.files("analysis.locale").joinpath("codebook.csv").read_text("utf-8")
    return {row["name"]: row for row in csv.DictReader(text_.splitlines())}


def describe(name: str, *, language: str = "en") -> pd.Series:
    """Return the codebook entry of an indicator, register or data set.

    Returns
    -------
    pandas.Series
        `kind`, `name`, `definition` in the language, `units`, `first_year`, `last_year`, `n_values`, `n_disagree`
        (values on which figures differ), `n_sources`.

    Raises
    ------
    UnknownName
        With the near matches.

    Examples
    --------
    >>> describe("courts", language="ru")["definition"]
    'Административные иски в судах, которые не являются обращениями'
    """
    if language not in LANGUAGES:
        raise UnknownName(f"language {language!r} is not known. Known: {', '.join(LANGUAGES)}")
    if name not in _codebook():
        near = difflib.get_close_matches(name, _codebook(), n=5, cutoff=0.4)
        raise UnknownName(f"{name!r} has no codebook entry; near: {', '.join(near) or 'nothing'}.")
    entry = _codebook()[name]
    frames = {
        d: load._series(d)
        for d in (
            "appeals",
            "meetings",
            "akim_elections",
            "national_votes",
            "context",
            "population",
        )
    }
    every = pd.concat(frame.assign(dataset=dataset) for dataset, frame in frames.items())
    rows = every[every[entry["kind"]] == name]
    return pd.Series(
        {
            "kind": entry["kind"], "name": name, "definition": entry[language],
            "units": ", ".join(sorted(rows["unit"].unique())),
            "first_year": rows["period_end"].dt.year.min(), "last_year": rows["period_end"].dt.year.max(),
            "n_values": len(rows), "n_disagree": int((~rows["agree"]).sum()), "n_sources": len(provenance(rows)),
        }
    )  # fmt: skip


def data_version() -> str:
    """Return the version of the newest data release in CHANGELOG.md.

    Examples
    --------
    >>> data_version().count(".")
    2
    """
    found = re.search(
        r"^## (\d+\.\d+\.\d+)", (paths.root() / "CHANGELOG.md").read_text("utf-8"), re.M
    )
    return found[1] if found else importlib.metadata.version("governance-openness")


def cite(*, language: str = "en") -> str:
    """Return how to cite the data release.

    Examples
    --------
    >>> cite().startswith("How to cite: governance-openness")
    True
    """
    version = importlib.metadata.version("governance-openness")
    as_of = text("as_of", language, date=day(load.data_as_of(), language))
    return f"{text('how_to_cite', language, version=version)} {as_of}."


def per_thousand(
    frame: pd.DataFrame, population: pd.DataFrame, *, tolerance_days: int = 366
) -> pd.DataFrame:
    """Return counts per 1,000 residents, with the day of the population named.

    Parameters
    ----------
    frame : pandas.DataFrame
        Counts over a period, as the loaders give them.
    population : pandas.DataFrame
        As `load_population(since=None)` gives it.
    tolerance_days : int
        How far the day of the population may lie from the start of the period.

    Returns
    -------
    pandas.DataFrame
        As `frame`, `value`, `low` and `high` per 1,000 residents, `unit` "per 1,000 residents", `population` and
        `population_on`. Periods keep their length: a rate over nine months is not one over a year.

    Raises
    ------
    ValueError
        If a row is no count, or no population of that place is known within the tolerance; all such rows are named.

    Examples
    --------
    >>> lawsuits = load.load_appeals(indicator="administrative_lawsuits_filed").query("period_end.dt.year == 2022")
    >>> rate = per_thousand(lawsuits, load.load_population(since=None))
    >>> round(rate["value"].item(), 2), rate["population_on"].item().date().isoformat()
    (1.48, '2022-01-01')
    """
    residents = population[
        (population["indicator"] == "population") & (population["breakdown"] == "")
    ]
    problems, rows = [], []
    for row in frame.itertuples(index=False):
        known = residents[residents["place_id"] == row.place_id]
        away = (known["period_start"] - row.period_start).abs()
        if row.unit != "count":
            problems.append(f"{row.indicator} of {row.place_id} is a {row.unit}, not a count")
        elif known.empty or away.min().days > tolerance_days:
            near = (
                "none"
                if known.empty
                else known.loc[away.idxmin(), "period_start"].date().isoformat()
            )
            problems.append(
                f"{row.place_id} on {row.period_start.date()}: nearest population known is {near}"
            )
        else:
            rows.append(known.loc[away.idxmin()])
    if problems:
        raise ValueError("No rate without a denominator: " + "; ".join(problems) + ".")
    size = pd.Series([r["value"] for r in rows], index=frame.index, dtype="float64")
    rates = {column: frame[column] / size * 1000 for column in ("value", "low", "high")}
    days = pd.to_datetime(pd.Series([r["period_start"] for r in rows], index=frame.index))
    return frame.assign(**rates, unit="per 1,000 residents", population=size, population_on=days)


WITHOUT_RURAL_AKIMS = (
    "KZ-71",
    "KZ-75",
    "KZ-79",
)  # cities of republican significance have no rural districts
_COULD_BE = {
    "appeals_total": ("appeals", ("appeals_registered", "appeals_considered"), range(2021, 2026)),
    "hotline_requests": ("appeals", ("hotline_requests",), range(2021, 2026)),
    "meetings_count": ("meetings", ("meetings_held", "receptions_held"), range(2021, 2026)),
    "people_received": ("meetings", ("citizens_received",), range(2021, 2026)),
    "rural_turnout": ("akim_elections", ("turnout_share",), range(2021, 2026)),
    "national_turnout": ("national_votes", ("turnout_share",), (2021, 2022, 2023, 2024, 2026)),
}


def coverage() -> pd.DataFrame:
    """Return what is published by data set, region and year against what could be.

    Returns
    -------
    pandas.DataFrame
        One row for each of the 20 regions and the nation, each year and each of the items `appeals_total`,
        `hotline_requests` (a register of its own, never added to appeals), `meetings_count`, `people_received`,
        `rural_turnout`, `national_turnout`. `status` is an ordered category:
        "not_found" (in the sources searched, which `load_sources` lists: it says nothing of what exists elsewhere),
        "partial" (interim, a bound, rounded, or a part of the year) or "final"; `n_publishers`; `n_disagree`, the
        values on which figures differ.

    Notes
    -----
    Before 8 June 2022 six of today's regions were parts of three larger ones; their cells say what is known in
    today's borders only. The three cities of republican significance have no rural akims and no such cells.

    Examples
    --------
    >>> cells = coverage()
    >>> cells[(cells["item"] == "national_turnout") & (cells["place_id"] == "KZ")]["status"].tolist()
    ['final', 'final', 'final', 'final', 'final']
    """
    names = ("ledger", *(dataset for dataset, _, _ in _COULD_BE.values()), "sources", "places")
    return _coverage(tuple(load._changed(name) for name in names)).copy(deep=False)


@lru_cache(maxsize=2)
def _coverage(changed: tuple[int, ...]) -> pd.DataFrame:
    ledger = load._read("ledger")
    interim = ledger[ledger["reason"].str.startswith("interim")]
    series = {
        dataset: load._series(dataset)
        for dataset in {dataset for dataset, _, _ in _COULD_BE.values()}
    }
    cells = []
    for item, (dataset, indicators, years) in _COULD_BE.items():
        frame = series[dataset]
        frame = frame[
            frame["indicator"].isin(indicators)
            & ~frame["breakdown"].isin(["topic", "appeal_type", "applicant", "event"])
        ]
        found = dict(
            iter(frame.groupby([frame["place_id"], frame["period_end"].dt.year], observed=True))
        )
        early = set(
            interim[(interim["dataset"] == dataset) & interim["indicator"].isin(indicators)][
                "place_id"
            ]
        )
        for place in ["KZ", *REGIONS]:
            if item == "rural_turnout" and place in WITHOUT_RURAL_AKIMS:
                continue
            for year in years:
                rows = found.get((place, year), frame.iloc[:0])
                last_vote = item == "national_turnout" and year == 2026
                status = _status(rows, election=item.endswith("turnout"))
                if status == "not_found" and last_vote and place in early:
                    status = "partial"
                publishers = {name for cell in rows["publishers"] for name in cell.split("; ")}
                ids = sorted({s for cell in rows["sources"] for s in cell.split()})
                cells.append(
                    (
                        item,
                        place,
                        year,
                        status,
                        len(publishers),
                        int((~rows["agree"]).sum()),
                        " ".join(ids),
                    )
                )
    columns = ["item", "place_id", "year", "status", "n_publishers", "n_disagree", "sources"]
    table = pd.DataFrame(cells, columns=columns)
    order = ["not_found", "partial", "final"]
    table = load._name_places(load._name_publishers(table))
    return table.assign(status=pd.Categorical(table["status"], categories=order, ordered=True))


def openness_sentence(cells: pd.DataFrame, *, language: str = "en") -> str:
    """Say what is not published of the regions, and that turnout is participation, not openness: a sentence of every report.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `coverage()` gives it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> openness_sentence(coverage())[:83]
    'In the sources searched, 13 of 20 regions have no total of appeals since 2021, hotl'
    """
    regions = cells[cells["place_id"].isin(REGIONS)]
    found = regions[regions["status"] != "not_found"].groupby("item")["place_id"].agg(set)
    n = regions["place_id"].nunique()
    appeals = found.get("appeals_total", set()) | found.get("hotline_requests", set())
    meetings = n - len(found.get("meetings_count", set()))
    return text(
        "fixed_openness_sentence", language, appeals=n - len(appeals), meetings=meetings, regions=n
    )


def _status(rows: pd.DataFrame, *, election: bool) -> str:
    if rows.empty:
        return "not_found"
    whole_year = (rows["period_end"] - rows["period_start"]).dt.days >= 364
    exact = rows["precision"].eq("as_printed")
    return "final" if (exact & (whole_year | election)).any() else "partial"
