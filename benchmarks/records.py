"""Measure ingest and roll-up of simulated appeals against the plain way, in one run: time, peak memory, and how both grow.

Run: python benchmarks/records.py [--rows 1000000 10000000 30000000] [--folder FOLDER]

Each step is a process of its own, so that its peak memory is its own; imports are not timed. The ratios are judged at ten million
rows (or at the size nearest to it). Thirty million rows need about 25 GB in the folder, which is emptied after each size.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROWS = (1_000_000, 10_000_000, 30_000_000)
JUDGED = 10_000_000
MEMORY = "1GB"
BY = ["month", "place", "type"]
COLUMNS = {
    "appeal_key": "Регистрационный номер", "registered": "Дата регистрации", "deadline": "Срок исполнения", "finished": "Дата исполнения",
    "type": "Вид обращения", "topic": "Тема", "body": "Орган", "executing_body": "Орган-исполнитель", "place": "Регион", "channel": "Источник",
    "applicant_kind": "Категория заявителя", "language": "Язык обращения", "outcome": "Результат рассмотрения", "state": "Состояние",
    "prolonged": "Количество продлений", "repeat_of": "Повторное к", "redirected_from": "Переадресовано из", "simulated": "simulated",
}  # fmt: skip


def simulate(folder: Path, rows: int) -> int:
    """Write the CSV."""
    from analysis.records import simulate

    simulate(rows, seed=1, out=folder / "appeals.csv")
    return rows


def copy(folder: Path, rows: int) -> int:
    """Copy the same columns to Parquet by year, as one would write it by hand: no names checked, no values scanned, no keys hashed."""
    import duckdb

    columns = ", ".join(f'"{words}" AS {name}' for name, words in COLUMNS.items())
    types = {
        words: "DATE" if name in ("registered", "deadline", "finished") else "VARCHAR"
        for name, words in COLUMNS.items()
    }
    types |= {"Количество продлений": "BIGINT", "simulated": "BOOLEAN"}
    duckdb.execute(f"SET memory_limit = '{MEMORY}'; SET preserve_insertion_order = false")
    duckdb.execute(
        f"COPY (SELECT {columns}, year(registered) AS year FROM read_csv('{folder}/appeals.csv', header = true, delim = ',', "
        f"dateformat = '%d.%m.%Y', columns = {types})) TO '{folder}/plain' (FORMAT parquet, PARTITION_BY (year))"
    )
    return duckdb.execute(
        f"SELECT count(*) FROM read_parquet('{folder}/plain/*/*.parquet')"
    ).fetchone()[0]


def ingest(folder: Path, rows: int) -> int:
    """Read, protect and write with the suite."""
    from analysis.records import ingest

    return ingest(
        folder / "appeals.csv", dataset="appeals", out=folder / "own", key=b"a key for benchmarks"
    )["rows_out"]


QUERY = """
SELECT date_trunc('month', registered) AS month, place_id, type, count(*) AS registered,
       count(*) FILTER (open) AS open, count(*) FILTER (open AND deadline < last) AS overdue,
       count(*) FILTER (answered) AS answered, count(*) FILTER (answered AND finished > deadline) AS late,
       count(*) FILTER (answered AND finished <= deadline) AS in_time, count(*) FILTER (state = 'withdrawn') AS withdrawn,
       count(*) FILTER (state = 'redirected') AS redirected, count(*) FILTER (outcome = 'clarified') AS clarified,
       count(*) FILTER (outcome = 'satisfied') AS satisfied, count(*) FILTER (outcome = 'partly_satisfied') AS partly,
       count(*) FILTER (outcome = 'refused') AS refused,
       count(*) FILTER (outcome = 'satisfied') / count(*) FILTER (answered OR state = 'redirected') AS satisfied_share,
       quantile_disc(finished - registered, [0.5, 0.9]) FILTER (answered) AS days
FROM (SELECT *, state = 'in_progress' AS open, state = 'done' AS answered, (SELECT max(finished) FROM appeals) AS last FROM appeals)
GROUP BY ALL ORDER BY ALL
"""


def query(folder: Path, rows: int) -> int:
    """Ask the Parquet files by hand."""
    import duckdb

    duckdb.execute(f"SET memory_limit = '{MEMORY}'")
    duckdb.execute(f"CREATE VIEW appeals AS FROM read_parquet('{folder}/own/appeals/*/*.parquet')")
    return int(duckdb.execute(QUERY).df()["registered"].sum())


def _rolled(folder: Path, threshold: int | None) -> int:
    from analysis.records import rollup

    frame = rollup(folder / "own", by=BY, threshold=threshold, memory_limit=MEMORY)
    counts = frame[
        (frame["indicator"] == "appeals_registered")
        & (frame["breakdown"] == "")
        & (frame["place_id"] == "KZ")
    ]
    return int(counts["value"].sum())


def rollup(folder: Path, rows: int) -> int:
    """Roll up with the suite, totals of places and types and series of the published shape included."""
    return _rolled(folder, None)


def protected(folder: Path, rows: int) -> int:
    """Roll up, hide small counts and audit the result."""
    return _rolled(folder, 10)


def pandas(folder: Path, rows: int) -> int:
    """Do the same counts with read_csv and groupby."""
    import pandas as pd

    dates = ["Дата регистрации", "Срок исполнения", "Дата исполнения"]
    frame = pd.read_csv(
        folder / "appeals.csv",
        parse_dates=dates,
        dayfirst=True,
        dtype={"Результат рассмотрения": "str"},
    )
    frame = frame.set_axis(list(COLUMNS), axis=1)
    frame["month"] = frame["registered"].dt.to_period("M")
    frame["open"], frame["answered"] = (
        frame["state"] == "На исполнении",
        frame["state"] == "Исполнено",
    )
    frame["overdue"] = frame["open"] & (frame["deadline"] < frame["finished"].max())
    frame["late"] = frame["answered"] & (frame["finished"] > frame["deadline"])
    frame["satisfied"] = frame["outcome"] == "Удовлетворено"
    frame["days"] = (frame["finished"] - frame["registered"]).dt.days.where(frame["answered"])
    groups = frame.groupby(["month", "place", "type"])
    counts = (
        groups[["open", "answered", "overdue", "late", "satisfied"]]
        .sum()
        .assign(registered=groups.size())
    )
    counts[["median", "p90"]] = groups["days"].quantile([0.5, 0.9]).unstack()
    return int(counts["registered"].sum())


STEPS: dict[str, Callable[[Path, int], int]] = {
    "simulate": simulate, "copy": copy, "ingest": ingest, "query": query, "rollup": rollup, "protected": protected, "pandas": pandas,
}  # fmt: skip
REPEATED = {"query": 3, "rollup": 3}


def step(name: str, folder: Path, rows: int) -> None:
    """Run one step in this process and print its seconds and peak memory."""
    import duckdb  # noqa: F401
    import ibis
    import scipy.optimize  # noqa: F401

    import analysis.records.ingestion.pipeline
    import analysis.records.rollups.build  # noqa: F401

    ibis.duckdb  # noqa: B018  Ibis imports the engine when it is first named
    begin = time.perf_counter()
    found = STEPS[name](folder, rows)
    seconds = time.perf_counter() - begin
    if found != rows:
        sys.exit(f"{name} counted {found} of {rows} rows")
    print(
        json.dumps(
            {"seconds": seconds, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
        )
    )


def run(name: str, folder: Path, rows: int) -> dict[str, float]:
    """Run a step in a process of its own; the quick ones three times, the best of which counts."""
    command = [
        sys.executable,
        __file__,
        "--step",
        name,
        "--folder",
        str(folder),
        "--rows",
        str(rows),
    ]
    results = []
    for _ in range(REPEATED.get(name, 1)):
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        results.append(json.loads(done.stdout.splitlines()[-1]))
    best = min(results, key=lambda result: result["seconds"]) | {
        "peak": max(result["peak"] for result in results)
    }
    print(f"{rows:>11,}  {name:<10} {best['seconds']:8.2f} s {best['peak']:8.0f} MB", flush=True)
    return best


def measure(rows: int, folder: Path) -> dict[str, dict[str, float]]:
    """Run all steps at one size, and empty the folder."""
    try:
        return {
            name: run(name, folder, rows) for name in STEPS if name != "pandas" or rows <= JUDGED
        }
    finally:
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def judge(found: dict[str, dict[str, float]]) -> bool:
    """Print the ratios and say whether all hold."""
    second = {name: result["seconds"] for name, result in found.items()}
    ratios = [
        ("ingest / DuckDB COPY, time", second["ingest"] / second["copy"], "<=", 3.0),
        ("roll-up / DuckDB query, time", second["rollup"] / second["query"], "<=", 1.4),
        ("pandas / roll-up, time", second["pandas"] / second["rollup"], ">=", 2.0),
        (
            "pandas / (ingest + roll-up), time",
            second["pandas"] / (second["ingest"] + second["rollup"]),
            "",
            0.0,
        ),
    ]
    own = ("simulate", "ingest", "rollup", "protected")
    ratios += [
        (
            f"{name} / pandas, peak memory",
            found[name]["peak"] / found["pandas"]["peak"],
            "<=",
            1 / 3,
        )
        for name in own
    ]
    enough = True
    for name, ratio, sign, limit in ratios:
        holds = not sign or (ratio <= limit if sign == "<=" else ratio >= limit)
        enough &= holds
        print(
            f"{name:<36} {ratio:6.2f}  {f'{sign} {limit:.2f}' if sign else ''}  {'' if holds else 'MISSED'}"
        )
    return enough


def growth(results: dict[int, dict[str, dict[str, float]]]) -> None:
    """Print how time and memory grow from the smallest to the largest size."""
    small, large = min(results), max(results)
    if small == large:
        return
    print(f"From {small:,} to {large:,} rows ({large / small:.0f} times):")
    for name in results[large]:
        before, after = results[small][name], results[large][name]
        print(
            f"  {name:<10} time x {after['seconds'] / before['seconds']:6.1f}   peak memory x {after['peak'] / before['peak']:5.2f}"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=list(ROWS))
    parser.add_argument(
        "--folder", type=Path, help="where files go; a temporary folder if not given"
    )
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.step:
        step(asked.step, asked.folder, asked.rows[0])
        return 0
    folder = Path(tempfile.mkdtemp(prefix="openness-", dir=asked.folder))
    try:
        results = {rows: measure(rows, folder) for rows in asked.rows}
    finally:
        shutil.rmtree(folder)
    print()
    judged = min(
        (rows for rows in results if "pandas" in results[rows]),
        key=lambda rows: abs(rows - JUDGED),
        default=None,
    )
    enough = judge(results[judged]) if judged else True
    growth(results)
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main())
