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
from analysis.data.reconcile import SERIES_COLUMNS
from analysis.errors import DataError, Problem, UnknownName
from analysis.locale import keys, text
from analysis.records import disclosure
from analysis.reference import languages, place_names

if TYPE_CHECKING:
    import ibis.expr.types as ir

ENGINES = ("duckdb", "spark")
PERIODS = {"month": "M", "quarter": "Q", "year": "Y"}
_OFFSETS = {
    "month": pd.offsets.MonthEnd(0),
    "quarter": pd.offsets.QuarterEnd(0),
    "year": pd.offsets.YearEnd(0),
}
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
_OUTCOMES = ("clarified", "satisfied", "partly_satisfied", "refused")
_HIDDEN_LAST = {
    "appeals_registered": 30.0,
    "appeals_past_deadline": 8.0,
    "appeals_answered_in_time": 8.0,
}
_MEETING_COUNTS = (
    "meetings_held",
    "meeting_participants",
    "meeting_questions_raised",
    "meeting_questions_resolved",
    "receptions_held",
)
_RECEPTION_COUNTS = (
    "citizens_received",
    "reception_questions_raised",
    "reception_questions_resolved",
)
_ELECTION_COUNTS = ("voters_listed", "voters_voted", "ballots_invalid", "votes_against_all")
# A share: its count over the sum of these counts.
SHARES = {
    "appeals_clarified_share": ("appeals_clarified", ("appeals_considered",)),
    "appeals_satisfied_share": ("appeals_satisfied", ("appeals_considered",)),
    "appeals_refused_share": ("appeals_refused", ("appeals_considered",)),
    "appeals_redirected_share": ("appeals_redirected", ("appeals_considered",)),
    "appeals_past_deadline_share": (
        "appeals_past_deadline",
        ("appeals_past_deadline", "appeals_answered_in_time"),
    ),
    "meeting_questions_resolved_share": (
        "meeting_questions_resolved",
        ("meeting_questions_raised",),
    ),
    "reception_questions_resolved_share": (
        "reception_questions_resolved",
        ("reception_questions_raised",),
    ),
    "turnout_share": ("voters_voted", ("voters_listed",)),
}
QUANTILES = {"response_days_median": 0.5, "response_days_p90": 0.9}
_UNIT = dict.fromkeys(SHARES, "share") | dict.fromkeys(QUANTILES, "days")
_RULES = ("suppressed", "not_reached", "no_cases", "counted", "computed")
_ALL, _NOT_STATED = "", "not_stated"


@contextmanager
def _engine(
    name: str, *, memory_limit: str, spill: Path | None, master: str | None
) -> Iterator[Any]:
    """Give a connection of Ibis to the engine, and close what was opened."""
    import ibis

    if name == "duckdb":
        options = {"temp_directory": str(spill)} if spill else {}
        connection = ibis.duckdb.connect(
            memory_limit=memory_limit, preserve_insertion_order=False, **options
        )
        try:
            yield connection
        finally:
            connection.disconnect()
        return
    if name != "spark":
        raise UnknownName("engine", name, ENGINES)
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise DataError([
            Problem(file="rollup", column="engine", found="no pyspark", expected="Spark", remedy="Install it with: pip install 'governance-openness[spark]'")
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
        raise UnknownName("data set of records", dataset, DIMENSIONS)
    return dataset


def _records(connection: Any, folder: Path, dataset: str) -> ir.Table:
    where = folder / dataset
    if not any(where.glob("year=*/*.parquet")):
        raise DataError([
            Problem(file=str(where), found="no records", expected="year=.../*.parquet as `openness ingest` writes it", remedy="Run: openness ingest FILE --dataset "
                    f"{dataset} --out {folder}")
        ])  # fmt: skip
    if connection.name == "pyspark":
        return connection.read_parquet(str(where))
    return connection.read_parquet(str(where / "year=*" / "*.parquet"), hive_partitioning=False)


def _appeal_class(table: ir.Table, as_of: date) -> tuple[ir.Value, ir.Value]:
    """Give what became of each appeal as one of `_CLASSES`, and the days to the answer or, where there is none yet, until today."""
    import ibis

    redirected = (table.state == "redirected") | (table.outcome == "redirected")
    withdrawn = (table.state == "withdrawn") | (table.outcome == "withdrawn")
    answered = (table.finished <= as_of) | (table.finished.isnull() & (table.state == "done"))
    lateness = ibis.cases(
        (table.finished > table.deadline, 10), (table.finished <= table.deadline, 20), else_=30
    )
    outcome = ibis.cases(
        *((table.outcome == name, number) for number, name in enumerate(_OUTCOMES)),
        else_=len(_OUTCOMES),
    )
    waiting = ibis.cases((table.deadline < as_of, 3), else_=4)
    kind = ibis.cases(
        (redirected, 1), (withdrawn, 2), (answered, lateness + outcome), else_=waiting
    )
    until = ibis.cases(
        (kind.isin([1, 2]), ibis.null("date")),
        (answered, table.finished),
        else_=ibis.literal(as_of),
    )
    return kind.cast("int8"), until.delta(table.registered, unit="day")


def _meeting_measures(table: ir.Table) -> dict[str, Any]:
    reception = table.kind.fill_null("") == "reception"
    sums = {
        "meeting_participants": "participants",
        "meeting_questions_raised": "questions",
        "meeting_questions_resolved": "resolved",
    }
    received = dict(zip(_RECEPTION_COUNTS, ("participants", "questions", "resolved"), strict=True))
    return (
        {
            "meetings_held": table.count(where=~reception),
            "receptions_held": table.count(where=reception),
        }
        | {name: table[column].sum(where=~reception).fill_null(0) for name, column in sums.items()}
        | {
            name: table[column].sum(where=reception).fill_null(0)
            for name, column in received.items()
        }
    )


def _stations(table: ir.Table) -> ir.Table:
    """Give one row a station and office: the rows of its candidates repeat the counts of the station."""
    keys = ["date", "place", "place_id", "station", "office"]
    counts = {name: table[name].max() for name in ("listed", "voted", "invalid", "against_all")}
    return table.group_by(keys).aggregate(**counts, simulated=table.simulated.max())


def _election_measures(table: ir.Table) -> dict[str, Any]:
    columns = dict(
        zip(_ELECTION_COUNTS, ("listed", "voted", "invalid", "against_all"), strict=True)
    )
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
    return {
        "first": found["first"],
        "last": found["last"],
        "as_of": max(latest),
        "simulated": bool(found["simulated"]),
    }


def _split(by: Sequence[str], dataset: str) -> tuple[str | None, list[str]]:
    """Give the period and the other dimensions asked for."""
    known = [*PERIODS, *(["day"] if dataset == "elections" else []), *DIMENSIONS[dataset]]
    for name in by:
        if name not in known:
            raise UnknownName(f"records of {dataset} cannot be counted by", name, known)
    periods = [name for name in by if name not in DIMENSIONS[dataset]]
    if len(periods) > 1 or {"place", "region"} <= set(by):
        raise UnknownName(
            "by", ",".join(by), hint="Name one period at most, and place or region, not both."
        )
    return (periods[0] if periods else None), [name for name in by if name in DIMENSIONS[dataset]]


def _base(
    table: ir.Table, dataset: str, period: str | None, dimensions: list[str], as_of: date
) -> pd.DataFrame:
    """Count the records in the engine: one row a combination that occurs; of appeals, by class and days waited as well."""
    keys = {"period": _when(table, "registered" if dataset == "appeals" else "date", period)}
    keys |= {name: table[DIMENSIONS[dataset][name][0]] for name in dimensions}
    if dataset == "appeals":
        keys["kind"], keys["waited"] = _appeal_class(table, as_of)
        measures = {"n": table.count()}
    else:
        measures = _meeting_measures(table) if dataset == "meetings" else _election_measures(table)
    found = table.group_by(**keys).aggregate(**measures).to_pyarrow()
    for number, name in enumerate(found.column_names):
        if name in ("period", *dimensions):
            found = found.set_column(number, name, found[name].dictionary_encode())
    frame = found.to_pandas()
    for name in dimensions:
        frame[name] = _clean(frame[name], name)
    days = frame["period"].cat.categories
    frame["period"] = frame["period"].cat.reorder_categories(sorted(days), ordered=True)
    return frame


def _clean(column: pd.Series, name: str) -> pd.Series:
    """Give a column as categories, the total first, what is not stated named so, topics and regions by their codes."""
    words: dict[str, Any] = {
        "topic": lambda w: _topics().get(w.casefold(), w),
        "region": lambda w: _regions().get(w) or _NOT_STATED,
    }
    old = [str(value) for value in column.cat.categories]
    new = [words.get(name, str)(value) if value else _NOT_STATED for value in old]
    labels = [_ALL, *sorted({*new, _NOT_STATED})]
    place = np.array([labels.index(value) for value in [*new, _NOT_STATED]])
    return pd.Series(pd.Categorical.from_codes(place[column.cat.codes], labels), index=column.index)


@cache
def _topics() -> dict[str, str]:
    """Give the code of each topic that the suite has words for, by its words in any language."""
    return {
        text(key, language).casefold(): key.removeprefix("t_")
        for key in keys("t_")
        for language in languages()
    }


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


def _cells(
    base: pd.DataFrame, dimensions: list[str]
) -> tuple[pd.DataFrame, NDArray[Any], list[NDArray[Any]]]:
    """Give the cells of the table, totals of every set of dimensions among them.

    Also the number among the finest cells that each row of the base falls into, and for each set of dimensions the cell of the table that
    each of the finest cells is added to.
    """
    keys = ["period", *dimensions]
    sizes = [len(base[name].cat.categories) + 1 for name in keys]
    codes = [base[name].cat.codes.to_numpy().astype("int64") for name in keys]
    finest, of_row = _distinct(np.ravel_multi_index(codes, sizes))
    fine = dict(zip(keys, np.unravel_index(finest, sizes), strict=True))
    parts = []
    for kept in range(len(dimensions), -1, -1):
        for names in combinations(dimensions, kept):
            summed = [name for name in dimensions if name not in names]
            if all(
                len(np.unique(fine[name])) > 1 for name in summed
            ):  # the sum of one part is that part
                parts.append(
                    np.ravel_multi_index(
                        [fine[name] * (name not in summed) for name in keys], sizes
                    )
                )
    found, cell = np.unique(np.concatenate(parts), return_inverse=True)
    labels = zip(keys, np.unravel_index(found, sizes), strict=True)
    cells = pd.DataFrame(
        {name: pd.Categorical.from_codes(code, dtype=base[name].dtype) for name, code in labels}
    )
    return cells, of_row, np.split(cell, len(parts))


def _add_up(table: NDArray[Any], cells: int, sets: list[NDArray[Any]]) -> NDArray[Any]:
    """Add the rows of the finest cells up to the cells of the table."""
    added = np.zeros((cells, table.shape[1]))
    for cell in sets:
        np.add.at(added, cell, table)
    return added


def _count_kinds(
    base: pd.DataFrame, of_row: NDArray[Any], cells: int, sets: list[NDArray[Any]]
) -> pd.DataFrame:
    """Add up the appeals of each cell by class, and give every count that follows from the classes."""
    size = 40
    finest = np.bincount(
        of_row * size + base["kind"].to_numpy(), base["n"].to_numpy(), len(sets[0]) * size
    )
    by_kind = _add_up(finest.reshape(-1, size), cells, sets)
    ranges = {"late": range(10, 20), "in_time": range(20, 30), "undated": range(30, 40)}
    counts = {
        f"appeals_answered_{name}": by_kind[:, list(kinds)].sum(axis=1)
        for name, kinds in ranges.items()
    }
    single = {
        "appeals_redirected": 1,
        "appeals_withdrawn": 2,
        "appeals_overdue": 3,
        "appeals_open_not_overdue": 4,
    }
    counts |= {name: by_kind[:, kind] for name, kind in single.items()}
    for number, name in enumerate((*_OUTCOMES, "answered_otherwise")):
        counts[f"appeals_{name}"] = by_kind[:, [10 + number, 20 + number, 30 + number]].sum(axis=1)
    for total, parts in reversed(APPEAL_PARTS[:5]):
        counts[total] = sum(counts[part] for part in parts)
    return pd.DataFrame(counts)


def _distinct(numbers: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Give the distinct numbers in order and the place of each number among them; hashed, which is quicker than sorting all."""
    found, first = pd.factorize(numbers)[::-1]
    order = np.argsort(found)
    place = np.empty(len(found), dtype=np.int64)
    place[order] = np.arange(len(found))
    return found[order], place[first]


def _by_day(
    base: pd.DataFrame, of_row: NDArray[Any], sets: list[NDArray[Any]]
) -> tuple[NDArray[Any], ...]:
    """Give cell, day, people who had waited so long, and those of them who then got an answer, in order."""
    waited = base["waited"].to_numpy(dtype=float, na_value=np.nan)
    known = waited >= 0
    longest = int(waited[known].max(initial=0)) + 1
    step, place = _distinct(of_row[known] * longest + waited[known].astype("int64"))
    n = base["n"].to_numpy(dtype=float)[known]
    left = np.bincount(place, n, len(step))
    answers = np.bincount(place, n * (base["kind"].to_numpy()[known] >= 10), len(step))
    fine, day = np.divmod(step, longest)
    whole, where = _distinct(np.concatenate([cell[fine] * longest + day for cell in sets]))
    added = [
        np.bincount(where, np.tile(people, len(sets)), len(whole)) for people in (left, answers)
    ]
    return *np.divmod(whole, longest), *added


def _waiting_days(
    base: pd.DataFrame, of_row: NDArray[Any], cells: int, sets: list[NDArray[Any]]
) -> pd.DataFrame:
    """Give the quantiles of the days to the answer by cell, the open cases counted as waiting (Kaplan and Meier 1958).

    A quantile is the first day by which that share has an answer; it is missing where too many still wait.
    """
    group, days, left, answers = _by_day(base, of_row, sets)
    table = pd.DataFrame(index=range(cells), columns=list(QUANTILES), dtype=float)
    if not len(group):
        return table
    first = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    size = np.diff(np.r_[first, len(group)])
    before = np.r_[0.0, left.cumsum()][:-1]
    at_risk = np.repeat(np.add.reduceat(left, first), size) - (
        before - np.repeat(before[first], size)
    )
    gone = np.r_[0.0, np.log1p(-np.minimum(answers / at_risk, 1 - 1e-15)).cumsum()]
    curve = np.exp(gone[1:] - np.repeat(gone[first], size))
    for name, share in QUANTILES.items():
        reached = np.flatnonzero(curve <= 1 - share + 1e-9)
        where, earliest = np.unique(group[reached], return_index=True)
        table.loc[where, name] = days[reached[earliest]]
    return table


def _count(
    base: pd.DataFrame, dataset: str, of_row: NDArray[Any], cells: int, sets: list[NDArray[Any]]
) -> pd.DataFrame:
    if dataset == "appeals":
        return _count_kinds(base, of_row, cells, sets)
    names = [*_public_counts(dataset), *_protected_counts(dataset)[0]]
    finest = np.column_stack(
        [np.bincount(of_row, base[name].to_numpy(dtype=float), len(sets[0])) for name in names]
    )
    return pd.DataFrame(_add_up(finest, cells, sets), columns=names)


def _protected_counts(dataset: str) -> tuple[list[str], Sequence[tuple[str, Sequence[str]]]]:
    """Give the counts that are of persons, and how they add up."""
    if dataset == "appeals":
        return list(
            dict.fromkeys(name for total, parts in APPEAL_PARTS for name in (total, *parts))
        ), APPEAL_PARTS
    return (list(_RECEPTION_COUNTS), ()) if dataset == "meetings" else ([], ())


def _public_counts(dataset: str) -> list[str]:
    return {"appeals": [], "meetings": list(_MEETING_COUNTS), "elections": list(_ELECTION_COUNTS)}[
        dataset
    ]


def _protect(
    cells: pd.DataFrame, counts: pd.DataFrame, parts: Any, threshold: int
) -> tuple[pd.DataFrame, disclosure.Audit]:
    """Say what has to be hidden, and audit the rest as a reader would see it."""
    keys = list(cells)
    long = cells.astype(dict.fromkeys(keys[1:], "str")).merge(
        pd.DataFrame({"indicator": list(counts)}), how="cross"
    )
    long["value"] = counts.to_numpy().ravel()
    sums = sum(
        (long[name].eq(_ALL).astype(int) for name in keys[1:]), pd.Series(0, index=long.index)
    )
    long["weight"] = (
        long["indicator"].map(_HIDDEN_LAST).fillna(1.0) * 3.0**sums
    )  # what to hide last: totals before parts
    totals: dict[str, Any] = {name: _ALL for name in keys[1:] if long[name].eq(_ALL).any()}
    options: dict[str, Any] = {
        "by": [*keys, "indicator"],
        "totals": totals | ({"indicator": parts} if parts else {}),
        "threshold": threshold,
    }
    done = disclosure.protect(long, weight="weight", **options)
    audit = disclosure.check_release(done, **options)
    return pd.DataFrame(
        done["suppressed"].to_numpy().reshape(counts.shape), columns=counts.columns
    ), audit


def _add_shares(counts: pd.DataFrame, hidden: pd.DataFrame) -> None:
    """Add each share; it is hidden where a count behind it is."""
    for name, (part, whole) in SHARES.items():
        if part in counts:
            total = counts[list(whole)].sum(axis=1)
            counts[name] = counts[part] / total.mask(total == 0)
            hidden[name] = hidden[[part, *whole]].any(axis=1)


def _add_days(
    counts: pd.DataFrame, hidden: pd.DataFrame, days: pd.DataFrame, threshold: int | None
) -> None:
    """Add the quantiles of days, hidden where few people are behind them."""
    few = hidden[["appeals_answered", "appeals_open"]].any(axis=1)
    if threshold:
        few |= counts["appeals_answered"] + counts["appeals_open"] < threshold
    for name in QUANTILES:
        counts[name], hidden[name] = days[name], few


def _name_places(frame: pd.DataFrame) -> pd.DataFrame:
    places = load.load_places().set_index("place_id")
    names = {
        f"place_{language}": frame["place_id"].map(place_names(places, language))
        for language in languages()
    }
    if names["place_en"].isna().any():
        names = {
            key: name.fillna(text("place_unknown", key.removeprefix("place_")))
            for key, name in names.items()
        }
    return frame.assign(
        **names,
        region_id=frame["place_id"].map(_regions()).fillna(""),
        level=frame["place_id"].map(places["level"]),
    )


def _whole(places: list[str]) -> str:
    """Give the place that the records are of: the one place or region that they all lie in, else the nation."""
    regions = {_regions().get(place, "") for place in places}
    if len(set(places)) == 1 and "" not in regions:
        return places[0]
    return regions.pop() if len(regions) == 1 and "" not in regions else "KZ"


def _locate(
    cells: pd.DataFrame, dataset: str, period: str | None, span: dict[str, Any], whole: str
) -> pd.DataFrame:
    """Give each cell the place, period and breakdown of a published series."""
    dimensions = list(cells)[1:]
    where = next((name for name in ("place", "region") if name in dimensions), None)
    text_of = {name: cells[name].astype("str") for name in dimensions}
    others = [name for name in dimensions if name != where]
    frame = pd.DataFrame(index=cells.index)
    start = (
        pd.to_datetime(cells["period"].astype("datetime64[us]"))
        if period
        else pd.Timestamp(span["first"])
    )
    frame["period_start"] = start
    frame["period_end"] = (
        start
        if period == "day"
        else start + _OFFSETS[period]
        if period
        else pd.Timestamp(span["last"])
    )
    frame["place_id"] = text_of[where].where(text_of[where].ne(_ALL), whole) if where else whole
    named = [
        pd.Series(DIMENSIONS[dataset][name][1], index=cells.index).where(text_of[name].ne(_ALL), "")
        for name in others
    ]
    frame["breakdown"] = _joined(named, "+", cells.index)
    frame["breakdown_value"] = _joined([text_of[name] for name in others], "; ", cells.index)
    return _name_places(frame)


def _shape(
    located: pd.DataFrame,
    counts: pd.DataFrame,
    hidden: pd.DataFrame,
    span: dict[str, Any],
    register: str,
) -> pd.DataFrame:
    """Give every count, share and number of days a row with the columns of a published series."""
    name = "simulated_records" if span["simulated"] else "own_records"
    cells = located.sort_values(["period_start", "place_id", "breakdown", "breakdown_value"], kind="stable").assign(
        register=register, as_of="", office="", vote="", stage=None, producer="", precision="as_printed", n_figures=1, n_publishers=1, n_producers=1,
        agree=True, disagreement="", confidence="high", sources=name, publishers=name, published=pd.Timestamp(span["as_of"]), simulated=span["simulated"],
    )  # fmt: skip
    for column, categories in load.CATEGORIES.items():
        cells[column] = pd.Categorical(cells[column], categories=categories, ordered=True)
    names = sorted(counts)
    each = np.repeat(np.arange(len(names)), len(cells))
    units = np.array([_UNIT.get(name, "count") for name in names])
    stock = [
        "stock" if name.startswith(("appeals_open", "appeals_overdue")) else "flow"
        for name in names
    ]
    values, masked = (
        table.loc[cells.index, names].to_numpy().ravel(order="F")
        for table in (counts.astype(float), hidden)
    )
    missing = np.isnan(values)
    counted, days = (units == "count")[each], (units == "days")[each]
    rule = np.select([masked, missing & days, missing, counted], [0, 1, 2, 3], 4)
    shown = np.where(masked, np.nan, values)
    frame = cells.iloc[np.tile(np.arange(len(cells)), len(names))].reset_index(drop=True)
    words = {
        "indicator": (names, each),
        "unit": (list(units), each),
        "measure": (stock, each),
        "rule": (list(_RULES), rule),
    }
    for column, (labels, codes) in words.items():
        frame[column] = pd.array(labels, dtype="str").take(codes)
    frame = frame.assign(value=shown, low=shown, high=shown)
    return frame[
        [
            *SERIES_COLUMNS,
            "publishers",
            "published",
            "place_en",
            "place_kk",
            "place_ru",
            "simulated",
        ]
    ]


def _joined(parts: list[pd.Series], mark: str, index: pd.Index) -> pd.Series:
    """Join the words of each row that are not empty."""
    joined = pd.Series("", index=index)
    for part in parts:
        joined = joined + np.where((joined != "") & (part != ""), mark, "") + part
    return joined


def _roll(
    folder: Path,
    dataset: str,
    by: Sequence[str],
    threshold: int | None,
    as_of: date | None,
    register: str,
    connection: Any,
) -> tuple[pd.DataFrame, disclosure.Audit | None]:
    period, dimensions = _split(by, dataset)
    table = _records(connection, folder, dataset)
    if dataset == "elections":
        table = _stations(table)
    span = _span(table, "registered" if dataset == "appeals" else "date")
    span["as_of"] = as_of or span["as_of"]
    where = next((name for name in ("place", "region") if name in dimensions), None)
    base = _base(table, dataset, period, dimensions, span["as_of"])
    places = [value for value in base[where].unique() if value != _ALL] if where else _places(table)
    cells, of_row, sets = _cells(base, dimensions)
    counts = _count(base, dataset, of_row, len(cells), sets)
    hidden, audit = pd.DataFrame(False, index=counts.index, columns=counts.columns), None
    persons, parts = _protected_counts(dataset)
    if threshold and persons:
        found, audit = _protect(cells, counts[persons], parts, threshold)
        hidden[persons] = found
    _add_shares(counts, hidden)
    if dataset == "appeals":
        _add_days(counts, hidden, _waiting_days(base, of_row, len(cells), sets), threshold)
    located = _locate(cells, dataset, period, span, _whole(list(places)))
    return _shape(located, counts, hidden, span, register), audit


def _places(table: ir.Table) -> list[str]:
    return [
        place or ""
        for place in table.select("place_id").distinct().to_pyarrow()["place_id"].to_pylist()
    ]


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
    with _engine(
        engine, memory_limit=memory_limit, spill=Path(spill) if spill else None, master=master
    ) as connection:
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
        problems.append(
            Problem(
                file=str(out),
                found=f"the ending {out.suffix!r}",
                expected=".csv or .parquet",
                remedy="Name the file so.",
            )
        )
    if persons and not threshold:
        problems.append(
            Problem(
                file=str(out),
                found="no threshold",
                expected="a threshold of 2 or more",
                remedy="What leaves must pass the control of small counts.",
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
        parts[0].write_text(
            json.dumps(frame.attrs["audit"], ensure_ascii=False, indent=1) + "\n", "utf-8"
        )
        if out.suffix == ".csv":
            frame.to_csv(parts[1], index=False, lineterminator="\n", date_format="%Y-%m-%d")
        else:
            frame.to_parquet(parts[1], index=False)
        for part, path in zip(parts, (record, out), strict=True):
            os.replace(part, path)
    except OSError as error:
        raise DataError(
            [
                Problem(
                    file=str(out),
                    found=str(error),
                    expected="a file that can be written",
                    remedy="Name another with --out.",
                )
            ]
        ) from None
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
