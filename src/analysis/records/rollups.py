"""Own records become series of the published shape: counted by DuckDB here, or by Spark beyond one machine."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import load
from analysis.errors import DataError, Problem, UnknownName
from analysis.locale import LANGUAGES, keys, text
from analysis.reconcile import SERIES_COLUMNS
from analysis.records import disclosure

if TYPE_CHECKING:
    import ibis.expr.types as ir

ENGINES = ("duckdb", "spark")
PERIODS = {"month": "M", "quarter": "Q", "year": "Y"}
_OFFSETS = {"month": pd.offsets.MonthEnd(0), "quarter": pd.offsets.QuarterEnd(0), "year": pd.offsets.YearEnd(0)}
# What records can be counted by: name -> column of the records and name of the breakdown in a series.
DIMENSIONS = {
    "appeals": {
        "place": ("place_id", ""), "region": ("place_id", ""), "body": ("body", "state_body"), "type": ("type", "appeal_type"),
        "topic": ("topic", "topic"), "channel": ("channel", "channel"), "applicant_kind": ("applicant_kind", "applicant"),
        "language": ("language", "language"),
    },
    "meetings": {
        "place": ("place_id", ""), "region": ("place_id", ""), "kind": ("kind", "venue"), "held_by": ("held_by", "held_by"),
        "level": ("level", "akim_level"),
    },
    "elections": {"place": ("place_id", ""), "region": ("place_id", ""), "office": ("office", "office")},
}  # fmt: skip
# Counts of appeals that add up; every one of them is in the table, so that a remainder nobody prints is protected as well.
APPEAL_PARTS = (
    ("appeals_registered", ("appeals_open", "appeals_considered", "appeals_withdrawn")),
    ("appeals_open", ("appeals_overdue", "appeals_open_not_overdue")),
    ("appeals_considered", ("appeals_answered", "appeals_redirected")),
    ("appeals_answered", ("appeals_answered_late", "appeals_answered_in_time", "appeals_answered_undated")),
    ("appeals_past_deadline", ("appeals_answered_late", "appeals_overdue")),
    ("appeals_answered", ("appeals_clarified", "appeals_satisfied", "appeals_partly_satisfied", "appeals_refused", "appeals_answered_otherwise")),
)  # fmt: skip
_HIDDEN_LAST = {"appeals_registered": 30.0, "appeals_past_deadline": 8.0, "appeals_answered_in_time": 8.0}
_MEETING_COUNTS = (
    "meetings_held",
    "meeting_participants",
    "meeting_questions_raised",
    "meeting_questions_resolved",
    "receptions_held",
)
_RECEPTION_COUNTS = ("citizens_received", "reception_questions_raised", "reception_questions_resolved")
_ELECTION_COUNTS = ("voters_listed", "voters_voted", "ballots_invalid", "votes_against_all")
# A share: its count over the sum of these counts.
SHARES = {
    "appeals_clarified_share": ("appeals_clarified", ("appeals_considered",)),
    "appeals_satisfied_share": ("appeals_satisfied", ("appeals_considered",)),
    "appeals_refused_share": ("appeals_refused", ("appeals_considered",)),
    "appeals_redirected_share": ("appeals_redirected", ("appeals_considered",)),
    "appeals_past_deadline_share": ("appeals_past_deadline", ("appeals_past_deadline", "appeals_answered_in_time")),
    "meeting_questions_resolved_share": ("meeting_questions_resolved", ("meeting_questions_raised",)),
    "reception_questions_resolved_share": ("reception_questions_resolved", ("reception_questions_raised",)),
    "turnout_share": ("voters_voted", ("voters_listed",)),
}
QUANTILES = {"response_days_median": 0.5, "response_days_p90": 0.9}
_ALL, _NOT_STATED = "", "not_stated"


@contextmanager
def _engine(name: str, *, memory_limit: str, spill: Path | None, master: str | None) -> Iterator[Any]:
    """Give a connection of Ibis to the engine, and close what was opened."""
    import ibis

    if name == "duckdb":
        options = {"temp_directory": str(spill)} if spill else {}
        connection = ibis.duckdb.connect(memory_limit=memory_limit, preserve_insertion_order=False, **options)
        try:
            yield connection
        finally:
            connection.disconnect()
        return
    if name != "spark":
        raise UnknownName(f"engine {name!r} is not known. Known: {', '.join(ENGINES)}")
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise DataError([
            Problem("rollup", None, "engine", "no pyspark", "Spark", "Install it with: pip install 'governance-openness[spark]'")
        ]) from None  # fmt: skip
    session = (
        SparkSession.builder.master(master or "local[*]").appName("openness rollup")
        .config("spark.driver.memory", memory_limit.lower().replace("gb", "g").replace("mb", "m"))
        .config("spark.ui.enabled", "false").config("spark.sql.session.timeZone", "UTC").getOrCreate()
    )  # fmt: skip
    try:
        yield ibis.pyspark.connect(session)
    finally:
        session.stop()


def _known(dataset: str) -> str:
    if dataset not in DIMENSIONS:
        raise UnknownName(f"dataset {dataset!r} is not known. Known: {', '.join(DIMENSIONS)}")
    return dataset


def _records(connection: Any, folder: Path, dataset: str) -> ir.Table:
    where = folder / dataset
    if not any(where.glob("year=*/*.parquet")):
        raise DataError([
            Problem(str(where), None, None, "no records", "year=.../*.parquet as `openness ingest` writes it", "Run: openness ingest FILE --dataset "
                    f"{dataset} --out {folder}")
        ])  # fmt: skip
    if connection.name == "pyspark":
        return connection.read_parquet(str(where))
    return connection.read_parquet(str(where / "year=*" / "*.parquet"), hive_partitioning=False)


def _appeal_measures(table: ir.Table, as_of: date) -> tuple[ir.Value, dict[str, Any]]:
    """Give the days waited, and each count that is not a sum of others."""
    import ibis

    state, outcome = table.state.fill_null(""), table.outcome.fill_null("")
    redirected = (state == "redirected") | (outcome == "redirected")
    withdrawn = ((state == "withdrawn") | (outcome == "withdrawn")) & ~redirected
    by_then = (table.finished <= as_of).fill_null(False)
    answered = ~redirected & ~withdrawn & (by_then | (table.finished.isnull() & (state == "done")))
    open_ = ~redirected & ~withdrawn & ~answered
    late = by_then & (table.finished > table.deadline).fill_null(False)
    in_time = by_then & (table.finished <= table.deadline).fill_null(False)
    overdue = (table.deadline < as_of).fill_null(False)
    until = ibis.cases((answered & by_then, table.finished), (open_, ibis.literal(as_of)))
    waited = until.delta(table.registered, unit="day")
    named = {"clarified", "satisfied", "partly_satisfied", "refused"}
    filters = {
        "appeals_overdue": open_ & overdue, "appeals_open_not_overdue": open_ & ~overdue, "appeals_redirected": redirected,
        "appeals_withdrawn": withdrawn, "appeals_answered_late": answered & late, "appeals_answered_in_time": answered & in_time,
        "appeals_answered_undated": answered & ~late & ~in_time, "appeals_answered_otherwise": answered & ~outcome.isin(named),
        "waited_to_answer": answered & by_then,
    }  # fmt: skip
    filters |= {f"appeals_{code}": answered & (outcome == code) for code in named}
    return waited, {name: table.count(where=condition) for name, condition in filters.items()}


def _meeting_measures(table: ir.Table) -> dict[str, Any]:
    reception = table.kind.fill_null("") == "reception"
    sums = {
        "meeting_participants": "participants",
        "meeting_questions_raised": "questions",
        "meeting_questions_resolved": "resolved",
    }
    received = dict(zip(_RECEPTION_COUNTS, ("participants", "questions", "resolved"), strict=True))
    return (
        {"meetings_held": table.count(where=~reception), "receptions_held": table.count(where=reception)}
        | {name: table[column].sum(where=~reception).fill_null(0) for name, column in sums.items()}
        | {name: table[column].sum(where=reception).fill_null(0) for name, column in received.items()}
    )


def _stations(table: ir.Table) -> ir.Table:
    """Give one row a station and office: the rows of its candidates repeat the counts of the station."""
    keys = ["date", "place", "place_id", "station", "office"]
    counts = {name: table[name].max() for name in ("listed", "voted", "invalid", "against_all")}
    return table.group_by(keys).aggregate(**counts, simulated=table.simulated.max())


def _election_measures(table: ir.Table) -> dict[str, Any]:
    columns = dict(zip(_ELECTION_COUNTS, ("listed", "voted", "invalid", "against_all"), strict=True))
    return {name: table[column].sum().fill_null(0) for name, column in columns.items()}


def _when(table: ir.Table, column: str, period: str | None) -> ir.Value:
    import ibis

    if period == "day":
        return table[column]
    return table[column].truncate(PERIODS[period]).cast("date") if period else ibis.literal(0)


def _span(table: ir.Table, column: str) -> dict[str, Any]:
    asked = {"first": table[column].min(), "last": table[column].max(), "rows": table.count()}
    if "finished" in table.columns:
        asked["finished"] = table.finished.max()
    asked["simulated"] = table.simulated.fill_null(False).cast("int8").max()
    found = table.aggregate(**asked).to_pyarrow().to_pylist()[0]
    latest = [day for day in (found["last"], found.get("finished")) if day]
    return {"first": found["first"], "last": found["last"], "as_of": max(latest), "simulated": bool(found["simulated"])}


def _split(by: Sequence[str], dataset: str) -> tuple[str | None, list[str]]:
    """Give the period and the other dimensions asked for."""
    known = [*PERIODS, *(["day"] if dataset == "elections" else []), *DIMENSIONS[dataset]]
    for name in by:
        if name not in known:
            raise UnknownName(f"records of {dataset} cannot be counted by {name!r}. Known: {', '.join(known)}")
    periods = [name for name in by if name not in DIMENSIONS[dataset]]
    if len(periods) > 1 or {"place", "region"} <= set(by):
        raise UnknownName(f"by={','.join(by)}: name one period at most, and place or region, not both")
    return (periods[0] if periods else None), [name for name in by if name in DIMENSIONS[dataset]]


def _base(table: ir.Table, dataset: str, period: str | None, dimensions: list[str], as_of: date) -> pd.DataFrame:
    """Count the records in the engine: one row a combination that occurs, and for appeals a number of days waited."""
    when = "registered" if dataset == "appeals" else "date"
    keys = {"period": _when(table, when, period)} | {name: table[DIMENSIONS[dataset][name][0]] for name in dimensions}
    if dataset == "appeals":
        keys["waited"], measures = _appeal_measures(table, as_of)
    else:
        measures = _meeting_measures(table) if dataset == "meetings" else _election_measures(table)
    frame = table.group_by(**keys).aggregate(**measures).to_pyarrow().to_pandas()
    for name in dimensions:
        frame[name] = frame[name].astype("str").where(frame[name].notna() & frame[name].ne(""), _NOT_STATED)
    if "topic" in dimensions:
        frame["topic"] = frame["topic"].map(lambda words: _topics().get(words.casefold(), words))
    if "region" in dimensions:
        frame["region"] = frame["region"].map(_regions()).fillna(_NOT_STATED)
    return frame


@cache
def _topics() -> dict[str, str]:
    """Give the code of each topic that the suite has words for, by its words in any language."""
    return {text(key, language).casefold(): key.removeprefix("t_") for key in keys("t_") for language in LANGUAGES}


@cache
def _regions() -> dict[str, str]:
    """Give the region, or the nation, that a place lies in."""
    parents = load.load_places().set_index("place_id")["parent_id"].to_dict()
    regions = {}
    for place in parents:
        above = place
        while "KZ-" not in above[:3] and parents.get(above, ""):
            above = parents[above]
        regions[place] = above.split("/")[0]
    return regions


def _margins(base: pd.DataFrame, dimensions: list[str]) -> Iterator[pd.DataFrame]:
    """Give the counted combinations with every set of dimensions added up; what is added up is marked with `_ALL`."""
    for kept in range(len(dimensions), -1, -1):
        for names in combinations(dimensions, kept):
            summed = [name for name in dimensions if name not in names]
            if any(base[name].nunique() == 1 for name in summed):
                continue  # the sum of one part is that part
            yield base.assign(**dict.fromkeys(summed, _ALL)) if summed else base


def _add_up(base: pd.DataFrame, keys: list[str], dataset: str) -> pd.DataFrame:
    counts = [name for name in base if name not in (*keys, "waited", "waited_to_answer")]
    table = base.groupby(keys, sort=True, as_index=False)[counts].sum()
    if dataset == "appeals":
        for total, parts in reversed(APPEAL_PARTS[:5]):
            table[total] = table[list(parts)].sum(axis=1)
    return table


def _waiting_days(base: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Give the quantiles of the days to the answer by group, the open cases counted as waiting (Kaplan and Meier 1958).

    A quantile is the first day by which that share has an answer; it is missing where too many still wait.
    """
    waiting = base["appeals_overdue"] + base["appeals_open_not_overdue"]
    rows = base[base["waited"].ge(0)].assign(left=base["waited_to_answer"] + waiting)
    rows = rows.groupby([*keys, "waited"], sort=True, as_index=False)[["waited_to_answer", "left"]].sum()
    groups = rows.groupby(keys, sort=True)
    at_risk = groups["left"].transform("sum") - groups["left"].cumsum() + rows["left"]
    with np.errstate(divide="ignore"):
        step = np.log1p(-rows["waited_to_answer"] / at_risk)
    curve = np.exp(step.groupby([rows[key] for key in keys]).cumsum())
    found = {
        name: rows[curve <= 1 - share + 1e-9].groupby(keys, sort=True)["waited"].first() for name, share in QUANTILES.items()
    }
    return pd.DataFrame(found, index=groups.size().index).reset_index()


def _protected_counts(dataset: str) -> tuple[list[str], Sequence[tuple[str, Sequence[str]]]]:
    """Give the counts that are of persons, and how they add up."""
    if dataset == "appeals":
        return list(dict.fromkeys(name for total, parts in APPEAL_PARTS for name in (total, *parts))), APPEAL_PARTS
    return (list(_RECEPTION_COUNTS), ()) if dataset == "meetings" else ([], ())


def _public_counts(dataset: str) -> list[str]:
    return {"appeals": [], "meetings": list(_MEETING_COUNTS), "elections": list(_ELECTION_COUNTS)}[dataset]


def _long(table: pd.DataFrame, keys: list[str], names: Sequence[str]) -> pd.DataFrame:
    return table.melt(id_vars=keys, value_vars=list(names), var_name="indicator", value_name="value")


def _weights(counts: pd.DataFrame, keys: list[str]) -> NDArray[Any]:
    """Say what to hide last: how many appeals there were, and totals before parts."""
    sums = sum((counts[name].eq(_ALL).astype(int) for name in keys if name != "period"), pd.Series(0, index=counts.index))
    return counts["indicator"].map(_HIDDEN_LAST).fillna(1.0).to_numpy() * 3.0 ** sums.to_numpy()


def _protect(counts: pd.DataFrame, keys: list[str], parts: Any, threshold: int) -> tuple[pd.DataFrame, disclosure.Audit]:
    """Hide what has to be hidden, and audit the result as a reader would see it."""
    totals: dict[str, Any] = {name: _ALL for name in keys if name != "period" and counts[name].eq(_ALL).any()}
    cells: dict[str, Any] = {
        "by": [*keys, "indicator"],
        "totals": totals | ({"indicator": parts} if parts else {}),
        "threshold": threshold,
    }
    hidden = disclosure.protect(counts.assign(weight=_weights(counts, keys)), weight="weight", **cells).drop(columns="weight")
    return hidden, disclosure.check_release(hidden, **cells)


def _derived(counts: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Give each share; it is hidden where a count behind it is."""
    wide = counts.pivot(index=keys, columns="indicator", values=["value", "suppressed"])
    shares = []
    for name, (part, whole) in SHARES.items():
        if part not in wide["value"]:
            continue
        needed = list(dict.fromkeys((part, *whole)))
        hidden = wide["suppressed"][needed].astype(bool).any(axis=1)
        total = wide["value"][list(whole)].astype("Float64").sum(axis=1, skipna=False)
        share = (wide["value"][part].astype("Float64") / total.mask(total == 0)).mask(hidden)
        shares.append(pd.DataFrame({"indicator": name, "value": share, "suppressed": hidden, "unit": "share"}).reset_index())
    return pd.concat(shares, ignore_index=True) if shares else counts.iloc[:0]


def _days(waiting: pd.DataFrame, counts: pd.DataFrame, keys: list[str], threshold: int | None) -> pd.DataFrame:
    """Give the quantiles in rows, hidden where few people are behind them."""
    behind = counts[counts["indicator"].isin(["appeals_answered", "appeals_open"])]
    state = behind.groupby(keys, as_index=False).agg(people=("value", "sum"), suppressed=("suppressed", "any"))
    rows = _long(waiting, keys, list(QUANTILES)).merge(state, on=keys, how="left", validate="many_to_one")
    if threshold:
        rows["suppressed"] |= rows["people"].fillna(0) < threshold
    value = rows["value"].astype("Float64").mask(rows["suppressed"])
    return rows.assign(value=value, unit="days").drop(columns="people")


def _name_places(frame: pd.DataFrame) -> pd.DataFrame:
    places = load.load_places().set_index("place_id")
    names = {
        f"place_{language}": frame["place_id"].map(places[f"name_{language}"].where(places[f"name_{language}"].ne(""), places["name_en"]))
        .fillna(text("place_unknown", language)) for language in LANGUAGES
    }  # fmt: skip
    return frame.assign(
        **names, region_id=frame["place_id"].map(_regions()).fillna(""), level=frame["place_id"].map(places["level"])
    )


def _whole(base: pd.DataFrame, dimensions: list[str], places: list[str]) -> str:
    """Give the place that the records are of: the one place or region that they all lie in, else the nation."""
    regions = {_regions().get(place, "") for place in places}
    if len(set(places)) == 1 and "" not in regions:
        return places[0]
    return regions.pop() if len(regions) == 1 and "" not in regions else "KZ"


def _shape(
    rows: pd.DataFrame, dataset: str, period: str | None, dimensions: list[str], span: dict[str, Any], whole: str, register: str
) -> pd.DataFrame:
    """Give rows the columns of a published series."""
    frame = rows.copy()
    where = next((name for name in ("place", "region") if name in dimensions), None)
    frame["place_id"] = frame[where].where(frame[where].ne(_ALL), whole) if where else whole
    others = [name for name in dimensions if name != where]
    named = [(DIMENSIONS[dataset][name][1], frame[name]) for name in others]
    frame["breakdown"] = _joined(
        [pd.Series(label, index=frame.index).where(values.ne(_ALL), "") for label, values in named], "+", frame.index
    )
    frame["breakdown_value"] = _joined([values for _, values in named], "; ", frame.index)
    start = pd.to_datetime(frame["period"]) if period else pd.Timestamp(span["first"])
    frame["period_start"] = start
    frame["period_end"] = start if period == "day" else start + _OFFSETS[period] if period else pd.Timestamp(span["last"])
    frame["rule"] = np.select(
        [frame["suppressed"], frame["value"].isna() & frame["unit"].eq("days"), frame["value"].isna()],
        ["suppressed", "not_reached", "no_cases"], np.where(frame["unit"].eq("count"), "counted", "computed"),
    )  # fmt: skip
    name = "simulated_records" if span["simulated"] else "own_records"
    frame["value"] = frame["value"].astype("float64")
    frame = frame.assign(
        measure=np.where(frame["indicator"].isin(["appeals_open", "appeals_overdue", "appeals_open_not_overdue"]), "stock", "flow"),
        register=register, office="", vote="", stage=None, producer="", low=frame["value"], high=frame["value"], precision="as_printed",
        n_figures=1, n_publishers=1, n_producers=1, agree=True, confidence="high", sources=name, publishers=name,
        published=pd.Timestamp(span["as_of"]), simulated=span["simulated"],
    )  # fmt: skip
    frame = _name_places(frame)
    for column, order in load._CATEGORIES.items():
        frame[column] = pd.Categorical(frame[column], categories=order, ordered=True)
    columns = [*SERIES_COLUMNS, "publishers", "published", "place_en", "place_kk", "place_ru", "simulated"]
    return frame.sort_values(["indicator", "period_start", "place_id", "breakdown", "breakdown_value"], ignore_index=True)[
        columns
    ]


def _joined(parts: list[pd.Series], mark: str, index: pd.Index) -> pd.Series:
    """Join the words of each row that are not empty."""
    joined = pd.Series("", index=index)
    for part in parts:
        joined = joined + np.where((joined != "") & (part != ""), mark, "") + part
    return joined


def _roll(
    folder: Path, dataset: str, by: Sequence[str], threshold: int | None, as_of: date | None, register: str, connection: Any
) -> tuple[pd.DataFrame, disclosure.Audit | None]:
    period, dimensions = _split(by, dataset)
    table = _records(connection, folder, dataset)
    if dataset == "elections":
        table = _stations(table)
    span = _span(table, "registered" if dataset == "appeals" else "date")
    span["as_of"] = as_of or span["as_of"]
    where = next((name for name in ("place", "region") if name in dimensions), None)
    base = _base(table, dataset, period, dimensions, span["as_of"])
    places = list(base[where].unique()) if where else _places(table)
    keys = ["period", *dimensions]
    cells = pd.concat(_margins(base, dimensions), ignore_index=True)
    counted = _add_up(cells, keys, dataset)
    persons, parts = _protected_counts(dataset)
    counts, audit = _long(counted, keys, persons).assign(suppressed=False), None
    if threshold and persons:
        counts, audit = _protect(counts.drop(columns="suppressed"), keys, parts, threshold)
    counts = pd.concat([counts, _long(counted, keys, _public_counts(dataset)).assign(suppressed=False)], ignore_index=True)
    rows = [counts.assign(unit="count"), _derived(counts, keys)]
    if dataset == "appeals":
        rows.append(_days(_waiting_days(cells, keys), counts, keys, threshold))
    whole = _whole(base, dimensions, places)
    return _shape(pd.concat(rows, ignore_index=True), dataset, period, dimensions, span, whole, register), audit


def _places(table: ir.Table) -> list[str]:
    return [place or "" for place in table.select("place_id").distinct().to_pyarrow()["place_id"].to_pylist()]


def rollup(
    folder: Path | str,
    *,
    by: Sequence[str] = ("month",),
    dataset: str = "appeals",
    out: Path | str | None = None,
    threshold: int | None = disclosure.SMALL_CELL,
    as_of: date | None = None,
    register: str = "e_otinish",
    engine: str = "duckdb",
    memory_limit: str = "1GB",
    spill: Path | str | None = None,
    master: str | None = None,
) -> pd.DataFrame:
    """Count own records by period, place and other columns, as series of the published shape.

    Parameters
    ----------
    folder : path
        What `openness ingest` wrote.
    by : list of str
        One period at most (month, quarter, year; elections also day) and any of `DIMENSIONS`: for appeals place or region, body, type,
        topic, channel, applicant_kind, language. All totals over places and the others are given as well.
    dataset : {"appeals", "meetings", "elections"}
    out : path, optional
        A file to write, .csv or .parquet; beside it goes what the audit found (.audit.json).
    threshold : int or None
        Counts of persons below it are hidden, with as many others as it takes (see `analysis.records.protect`); None shows all,
        for work where the records are held, and cannot be written. Counts of meetings and results of elections are public.
    as_of : date, optional
        The day on which open and overdue appeals are counted; the latest day in the records if not given.
    register : str
        The register that the records are an export of.
    engine : {"duckdb", "spark"}
    memory_limit : str
        Memory that the engine may use, such as "1GB"; DuckDB writes what does not fit to `spill`.
    spill : path, optional
        Folder for what does not fit; the engine's own choice if not given.
    master : str, optional
        Address of a Spark cluster; this machine if not given.

    Returns
    -------
    pandas.DataFrame
        The columns of `analysis.load_appeals`, and `simulated`. Indicators of appeals are counts that add up (`APPEAL_PARTS`), shares
        0..1 and days to the answer (median and 90th percentile, those still waiting counted as waiting). `rule` says what a value is:
        counted, computed, suppressed (hidden), no_cases (a share of nothing), not_reached (too many still wait). A combination without
        a record has no row: it is zero.

    Raises
    ------
    DataError
        If there are no records, or if the audit of what was hidden fails.
    UnknownName
        For a data set, engine or column that is not known.

    Notes
    -----
    Tables that are released one by one are not audited together: ask for what belongs together in one call.
    """
    _split(by, _known(dataset))
    if out is not None:
        _check_out(Path(out), dataset != "elections", threshold)
    with _engine(engine, memory_limit=memory_limit, spill=Path(spill) if spill else None, master=master) as connection:
        frame, audit = _roll(Path(folder), dataset, by, threshold, as_of, register, connection)
    frame.attrs["audit"] = {
        "verdict": audit.verdict if audit else "not checked", "threshold": threshold if audit else None,
        "hidden": len(audit.cells) if audit else 0, "said": audit.summary() if audit else "",
    }  # fmt: skip
    if out is not None:
        _write(frame, Path(out))
    return frame


def _check_out(out: Path, persons: bool, threshold: int | None) -> None:
    problems = []
    if out.suffix not in (".csv", ".parquet"):
        problems.append(Problem(str(out), None, None, f"the ending {out.suffix!r}", ".csv or .parquet", "Name the file so."))
    if persons and not threshold:
        problems.append(
            Problem(
                str(out),
                None,
                None,
                "no threshold",
                "a threshold of 2 or more",
                "What leaves must pass the control of small counts.",
            )
        )
    if problems:
        raise DataError(problems)


def _write(frame: pd.DataFrame, out: Path) -> None:
    """Write the table and what its audit found; both are there as a whole or not at all."""
    record = out.with_name(f"{out.name}.audit.json")
    parts = [path.with_name(f".{path.name}.part") for path in (record, out)]
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        parts[0].write_text(json.dumps(frame.attrs["audit"], ensure_ascii=False, indent=1) + "\n", "utf-8")
        if out.suffix == ".csv":
            frame.to_csv(parts[1], index=False, lineterminator="\n", date_format="%Y-%m-%d")
        else:
            frame.to_parquet(parts[1], index=False)
        for part, path in zip(parts, (record, out), strict=True):
            os.replace(part, path)
    except OSError as error:
        raise DataError(
            [Problem(str(out), None, None, str(error), "a file that can be written", "Name another with --out.")]
        ) from None
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
