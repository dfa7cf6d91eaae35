"""Simulate how often each test rejects a true null, and how often each interval covers.

Run: python benchmarks/levels.py [--runs 1000] [--only mann_kendall] [--markdown]

Each row is one method at one size, without and with autocorrelation (AR(1)) where the data are a
series. "claimed" marks the cells that the docstring of the method speaks for: there a test stated at
5 % must stay at or under 7 %, and an interval stated at 95 % must cover at least 92 % of the time
("near": beyond that by less than two errors of the simulation).
"warns" is how often `summary` adds a caution. Errors are those of the simulation (one standard error).
"""

from __future__ import annotations

import argparse
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.signal import lfilter

from analysis import stats

Rng = np.random.Generator
Cell = Callable[[Rng, int, float], tuple[bool, bool | None]]

MOST_SIZE, LEAST_COVERAGE = 0.07, 0.92
SERIES = (0.0, 0.4)
NONE = (0.0,)


@dataclass(frozen=True)
class Method:
    """One test or interval, the sizes it is tried at, and the cells it claims to hold in."""

    name: str
    kind: str  # "size" or "coverage"
    run: Cell
    sizes: tuple[int, ...]
    dependence: tuple[float, ...] = NONE
    claims: Callable[[int, float], bool] = lambda n, phi: True
    share: float = 1.0  # of the runs asked for, where one run is slow


def ar1(rng: Rng, n: int, phi: float) -> np.ndarray:
    """Return a stationary AR(1) series."""
    return lfilter([1], [1, -phi], rng.normal(size=n + 60))[60:]


def trend_size(method: str, **options: Any) -> Cell:
    def run(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
        result = stats.mann_kendall(ar1(rng, n, phi), method=method, **options)
        unchecked = np.isnan(result.autocorrelation) and result.trend != "no trend"
        cautious = method in ("auto", "seasonal") and unchecked
        return result.p_value < 0.05, bool(result.expected_size > MOST_SIZE or cautious)

    return run


def slope_coverage(method: str) -> Cell:
    def run(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
        result = stats.mann_kendall(ar1(rng, n, phi) + 0.1 * np.arange(n), method=method)
        covers = result.slope_low <= 0.1 <= result.slope_high
        return covers, bool(result.expected_size > MOST_SIZE)

    return run


def change_size(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
    result = stats.change_point(ar1(rng, n, phi))
    return result.p_value < 0.05, bool(result.expected_size > MOST_SIZE)


def bootstrap_coverage(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
    result = stats.block_bootstrap(ar1(rng, n, phi), draws=499, seed=int(rng.integers(1 << 30)))
    return result.low <= 0 <= result.high, bool(result.expected_coverage < LEAST_COVERAGE)


def its_frame(rng: Rng, n: int, phi: float, family: str) -> pd.DataFrame:
    noise = ar1(rng, n, phi)
    if family == "gaussian":
        return pd.DataFrame({"t": np.arange(n), "y": noise})
    if family == "poisson":
        return pd.DataFrame({"t": np.arange(n), "y": rng.poisson(40, n)})
    scale = 0.25 * (1 - phi**2) ** 0.5
    return pd.DataFrame({"t": np.arange(n), "y": rng.poisson(40 * np.exp(scale * noise))})


def its_coverage(family: str, cov: str) -> Cell:
    def run(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
        frame = its_frame(rng, n, phi, family)
        result = stats.interrupted_time_series(
            frame, outcome="y", time="t", start=n // 2, family=family, cov=cov
        )
        row = result.table.loc["level_change"]
        return row["low"] <= 0 <= row["high"], bool(result.expected_coverage < LEAST_COVERAGE)

    return run


def placebo_size(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
    start = int(rng.integers(12, n - 12))
    frame = its_frame(rng, n, phi, "gaussian")
    result = stats.interrupted_time_series(frame, outcome="y", time="t", start=start)
    return result.placebo().p_value < 0.05, None


def share_coverage(method: str) -> Cell:
    def run(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
        share = rng.uniform(0.02, 0.98)
        found = stats.proportion_interval(rng.binomial(n, share), n, method=method)
        return found.low <= share <= found.high, None

    return run


def rate_coverage(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
    found = stats.rate_interval(rng.poisson(n), 1.0)
    return found.low <= n <= found.high, None


def adjusted_size(method: str) -> Cell:
    def run(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
        return bool(
            (np.asarray(stats.adjust_pvalues(rng.random(n), method=method)) < 0.05).any()
        ), None

    return run


def concordance_size(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
    frame = pd.DataFrame(rng.normal(size=(n, 4)).round(1))
    return stats.concordance(frame, draws=199, seed=int(rng.integers(1 << 30))).p_value < 0.05, None


def association_size(decimals: int) -> Cell:
    def run(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
        x, y = rng.normal(size=(2, n)).round(decimals)
        seed = int(rng.integers(1 << 30))
        return stats.association(x, y, draws=199, seed=seed).p_value < 0.05, None

    return run


def gaps_size(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
    frame = pd.DataFrame(rng.normal(size=(n, 9)))
    return bool((stats.gaps(frame).table["p_adjusted"] < 0.05).any()), None


def distance_size(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
    errors = pd.Series(rng.uniform(0.1, 0.5, n))
    estimates = pd.Series(rng.normal(0, errors))
    table = stats.distances(estimates, errors, reference=0).table
    return bool((table["p_adjusted"] < 0.05).any()), None


def distance_coverage(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
    errors = pd.Series(rng.uniform(0.1, 0.5, n))
    row = stats.distances(pd.Series(rng.normal(0, errors)), errors, reference=0).table.iloc[0]
    return row["low"] <= 0 <= row["high"], None


def equivalence_size(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
    errors = pd.Series(np.full(n, 0.2))
    truth = np.r_[0.0, np.ones(n - 1)]
    estimates = pd.Series(rng.normal(truth, errors))
    table = stats.distances(estimates, errors, reference=0, margin=1.0).table
    return bool(table["equivalent"].any()), None


def funnel_size(column: str, factor: float, tau: float) -> Cell:
    """Outside the 95 % limits: one unit, drawn at random, of a funnel of n units."""

    def run(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
        sizes = rng.integers(100, 1000, n)
        if tau:
            shares = np.clip(rng.normal(0.3, tau, n), 0.01, 0.99)
            counts = rng.binomial(sizes, shares)
        elif factor > 1:
            # Whole blocks of `factor` cases answer alike.
            counts = int(factor) * rng.binomial(sizes // int(factor), 0.3)
            sizes = int(factor) * (sizes // int(factor))
        else:
            counts = rng.binomial(sizes, 0.3)
        frame = pd.DataFrame({"unit": range(n), "count": counts, "total": sizes})
        table = stats.funnel(frame, count="count", total="total", unit="unit").table
        return bool(table[column].iloc[int(rng.integers(n))] > 0), None

    return run


def waits(rng: Rng, n: int) -> pd.DataFrame:
    """Answered after 12 days on average, redirected after 40, followed for 10 to 60 days."""
    answer, redirect = rng.exponential(12, n), rng.exponential(40, n)
    follow = rng.uniform(10, 60, n)
    ended = np.minimum(answer, redirect)
    how = np.where(answer <= redirect, "answered", "redirected")
    begin = 60 - follow
    end = np.where(ended <= follow, begin + ended, np.nan)
    return pd.DataFrame({"begin": begin, "end": end, "how": np.where(np.isnan(end), None, how)})


def waiting_coverage(column: str) -> Cell:
    rate = 1 / 12 + 1 / 40
    truth = {"median": np.log(2) / rate, "share": 1 - np.exp(-15 * rate)}[column]
    columns = {"median": ("median_low", "median_high"), "share": ("share_low", "share_high")}[
        column
    ]

    def run(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
        result = stats.response_time(waits(rng, n), start="begin", end="end", as_of=60)
        low, high = result.table[list(columns)].iloc[0]
        return low <= truth <= high, None

    return run


def incidence_coverage(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
    rate = 1 / 12 + 1 / 40
    truth = (1 / 40) / rate * (1 - np.exp(-15 * rate))
    result = stats.competing_outcomes(
        waits(rng, n), start="begin", end="end", outcome="how", as_of=60
    )
    if ("all", "redirected") not in result.table.index:
        return False, None
    row = result.table.loc[("all", "redirected")]
    return row["share_low"] <= truth <= row["share_high"], None


def hazard_coverage(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
    x = rng.integers(0, 2, n)
    days = rng.exponential(10 * np.exp(-0.5 * x))
    frame = pd.DataFrame({"begin": 0.0, "end": days, "how": "answered", "x": x})
    found = stats.wait_regression(
        frame, start="begin", end="end", outcome="how", event="answered", predictors=["x"]
    )
    row = found.table.loc["x"]
    return row["ratio_low"] <= np.exp(0.5) <= row["ratio_high"], None


def clustered_coverage(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
    """n bodies of 8 cases; x belongs to the body, whose cases depend on each other."""
    body = np.repeat(np.arange(n), 8)
    x = rng.integers(0, 2, n)[body]
    frailty = np.exp(phi * rng.normal(size=n))[body]
    days = rng.exponential(10 / frailty)
    frame = pd.DataFrame({"begin": 0.0, "end": days, "how": "answered", "x": x, "body": body})
    options = {"outcome": "how", "event": "answered", "predictors": ["x"], "cluster": "body"}
    found = stats.wait_regression(frame, start="begin", end="end", **options)
    row = found.table.loc["x"]
    return row["ratio_low"] <= 1 <= row["ratio_high"], found.n_clusters < 30


def multilevel_coverage(what: str) -> Cell:
    """One unit, drawn at random: its share in an average vote, or its rank; four votes."""

    def run(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
        effects = rng.normal(0, 0.4, n)
        votes = rng.normal(0.5, 0.5, 4)
        logits = effects[:, None] + votes + rng.normal(0, 0.3, (n, 4))
        result = stats.multilevel(pd.DataFrame(1 / (1 + np.exp(-logits))), draws=1000)
        unit = int(rng.integers(n))
        row = result.table.iloc[unit]
        if what == "rank":
            rank = 1 + int((effects > effects[unit]).sum())
            return row["rank_low"] <= rank <= row["rank_high"], None
        share = 1 / (1 + np.exp(-(votes.mean() + effects[unit])))
        return row["low"] <= share <= row["high"], None

    return run


def integers_size(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
    listed = rng.integers(300, 3000, n)
    voted = rng.binomial(listed, np.clip(rng.normal(0.65, 0.1, n), 0.1, 0.95))
    found = stats.integer_excess(listed, voted)
    return found.excess > 3 * found.sd, None


def coinciding_size(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
    """Four lists in tenths of a percent that keep the order of the regions."""
    level = rng.normal(0.6, 0.07, n)
    lists = pd.DataFrame({k: (level + rng.normal(0.02 * k, 0.02, n)).round(3) for k in range(4)})
    table = stats.coinciding_lists(lists).table
    return bool((table["p_adjusted"] < 0.05).any()), None


def sobol_coverage(rng: Rng, n: int, phi: float) -> tuple[bool, bool | None]:
    """The total index of the first input of 2 a + b is 0.8."""
    table = stats.sobol_table(
        lambda x: 2 * x[0] + x[1], ["a", "b"], n=n, seed=int(rng.integers(1 << 30))
    )
    return table.loc["a", "total_low"] <= 0.8 <= table.loc["a", "total_high"], None


def up_to(least: int, most: float) -> Callable[[int, float], bool]:
    return lambda n, phi: n >= least and phi <= most


METHODS = (
    Method("mann_kendall auto", "size", trend_size("auto"), (8, 30, 60), SERIES, up_to(4, 0.0)),
    Method("mann_kendall ar1", "size", trend_size("ar1"), (20, 36, 60), (0.0, 0.4, 0.6), up_to(20, 0.6)),
    Method("mann_kendall hamed_rao", "size", trend_size("hamed_rao"), (15, 36, 60), (0.0, 0.2, 0.4), up_to(30, 0.4)),
    Method("mann_kendall yue_wang", "size", trend_size("yue_wang"), (15, 36, 60), (0.0, 0.2, 0.4), up_to(30, 0.4)),
    Method("mann_kendall prewhitened", "size", trend_size("prewhitened"), (20, 36, 60), (0.0, 0.4, 0.6), up_to(20, 0.6)),
    Method("mann_kendall seasonal", "size", trend_size("seasonal"), (36, 60, 120), SERIES, up_to(24, 0.0)),
    Method("mann_kendall correlated_seasonal", "size", trend_size("correlated_seasonal"), (60, 120, 240), SERIES, up_to(60, 0.4)),
    Method("mann_kendall slope, auto", "coverage", slope_coverage("auto"), (8, 30, 60), SERIES, up_to(4, 0.0)),
    Method("mann_kendall slope, ar1", "coverage", slope_coverage("ar1"), (20, 36, 60), (0.0, 0.4, 0.6), up_to(20, 0.6)),
    Method("change_point", "size", change_size, (15, 30, 60), SERIES, up_to(4, 0.0)),
    Method("block_bootstrap, mean", "coverage", bootstrap_coverage, (20, 60, 120), (0.0, 0.4, 0.6), up_to(20, 0.4)),
    Method("interrupted_time_series gaussian", "coverage", its_coverage("gaussian", "nonrobust"), (24, 36, 60), SERIES, up_to(24, 0.0)),
    Method("interrupted_time_series gaussian ar1", "coverage", its_coverage("gaussian", "ar1"), (24, 36, 60), (0.0, 0.4, 0.6), up_to(24, 0.6)),
    Method("interrupted_time_series gaussian hac", "coverage", its_coverage("gaussian", "hac"), (100, 120, 240), SERIES, up_to(100, 0.0)),
    Method("interrupted_time_series poisson", "coverage", its_coverage("poisson", "nonrobust"), (24, 36, 60), NONE, up_to(24, 0.0)),
    Method("interrupted_time_series quasipoisson", "coverage", its_coverage("quasipoisson", "nonrobust"), (24, 36, 60), SERIES, up_to(24, 0.0)),
    Method("interrupted_time_series quasipoisson ar1", "coverage", its_coverage("quasipoisson", "ar1"), (24, 36, 60), SERIES, up_to(24, 0.6)),
    Method("interrupted_time_series placebo", "size", placebo_size, (48, 60, 96), SERIES, up_to(48, 0.4), 0.3),
    Method("proportion_interval wilson", "coverage", share_coverage("wilson"), (20, 100, 1000)),
    Method("proportion_interval clopper_pearson", "coverage", share_coverage("clopper_pearson"), (20, 100, 1000)),
    Method("proportion_interval jeffreys", "coverage", share_coverage("jeffreys"), (20, 100, 1000)),
    Method("rate_interval", "coverage", rate_coverage, (3, 30, 300)),
    Method("adjust_pvalues bh, any find", "size", adjusted_size("bh"), (5, 20, 100)),
    Method("adjust_pvalues by, any find", "size", adjusted_size("by"), (5, 20, 100)),
    Method("adjust_pvalues holm, any find", "size", adjusted_size("holm"), (5, 20, 100)),
    Method("concordance", "size", concordance_size, (5, 10, 20)),
    Method("association exact", "size", association_size(9), (6, 12, 20)),
    Method("association with ties", "size", association_size(0), (12, 20, 40)),
    Method("gaps, to the median, any find", "size", gaps_size, (7, 17, 20)),
    Method("distances, any find", "size", distance_size, (3, 8, 20)),
    Method("distances, interval", "coverage", distance_coverage, (3, 8, 20)),
    Method("distances equivalent at the margin", "size", equivalence_size, (3, 8, 20)),
    Method("funnel chance", "size", funnel_size("outside", 1, 0.0), (10, 30, 100)),
    Method("funnel adjusted, factor 1", "size", funnel_size("outside_adjusted", 1, 0.0), (10, 30, 100)),
    Method("funnel adjusted, factor 4", "size", funnel_size("outside_adjusted", 4, 0.0), (10, 30, 100), claims=up_to(30, 0.0)),
    Method("funnel random, tau 5 points", "size", funnel_size("outside_random", 1, 0.05), (10, 30, 100), claims=up_to(30, 0.0)),
    Method("response_time median", "coverage", waiting_coverage("median"), (20, 60, 200)),
    Method("response_time share", "coverage", waiting_coverage("share"), (20, 60, 200)),
    Method("competing_outcomes share", "coverage", incidence_coverage, (20, 60, 200)),
    Method("wait_regression", "coverage", hazard_coverage, (40, 100, 300)),
    Method("wait_regression clustered", "coverage", clustered_coverage, (15, 30, 60), (0.0, 0.5), up_to(30, 0.5), 0.5),
    Method("multilevel estimate", "coverage", multilevel_coverage("estimate"), (8, 17, 40), share=0.5),
    Method("multilevel rank", "coverage", multilevel_coverage("rank"), (8, 17, 40), share=0.5),
    Method("integer_excess, beyond 3 sd", "size", integers_size, (300, 1000, 3000), share=0.2),
    Method("coinciding_lists, any pair", "size", coinciding_size, (8, 14, 20)),
    Method("sobol_table total", "coverage", sobol_coverage, (64, 256, 512), share=0.3),
)  # fmt: skip


def simulate(method: Method, n: int, phi: float, runs: int) -> dict[str, Any]:
    """Return one row of the table."""
    seed = zlib.crc32(f"{method.name} {n} {phi}".encode())
    rng = np.random.default_rng(seed)
    runs = max(20, int(runs * method.share))
    found = [method.run(rng, n, phi) for _ in range(runs)]
    hits = float(np.mean([hit for hit, _ in found]))
    cautions = [warned for _, warned in found if warned is not None]
    return {
        "method": method.name,
        "kind": method.kind,
        "n": n,
        "autocorrelation": phi if len(method.dependence) > 1 else None,
        "measured": hits,
        "error": (max(hits * (1 - hits), 1 / runs) / runs) ** 0.5,
        "claimed": method.claims(n, phi),
        "warns": float(np.mean(cautions)) if cautions else None,
        "runs": runs,
    }


def holds(row: dict[str, Any], errors: float = 0.0) -> bool:
    """Return whether a claimed cell is inside its bound, give or take so many errors."""
    if not row["claimed"]:
        return True
    slack = errors * row["error"]
    if row["kind"] == "size":
        return row["measured"] <= MOST_SIZE + slack
    return row["measured"] >= LEAST_COVERAGE - slack


def rows(runs: int, only: str = "") -> Iterator[dict[str, Any]]:
    """Return the rows of all methods whose name contains `only`."""
    for method in METHODS:
        if only not in method.name:
            continue
        for n in method.sizes:
            for phi in method.dependence:
                yield simulate(method, n, phi, runs)


def line(row: dict[str, Any]) -> str:
    """Return a row as a line of a Markdown table."""
    blank = "–"
    phi = blank if row["autocorrelation"] is None else f"{row['autocorrelation']:g}"
    warns = blank if row["warns"] is None else f"{row['warns']:.0%}"
    claim = "holds" if holds(row) else "near" if holds(row, errors=2) else "FAILS"
    claim = claim if row["claimed"] else "outside"
    measured = f"{row['measured']:.3f} ± {row['error']:.3f}"
    cells = (row["method"], row["kind"], str(row["n"]), phi, measured, claim, warns)
    return f"| {' | '.join(cells)} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    print("| method | kind | n | autocorrelation | measured | claim | warns |")
    print("| --- | --- | ---: | ---: | ---: | --- | ---: |")
    failed, begin = 0, time.perf_counter()
    for row in rows(options.runs, options.only):
        print(line(row), flush=True)
        failed += not holds(row, errors=2)
    print(f"{failed} claimed cells fail; {time.perf_counter() - begin:.0f} s", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
