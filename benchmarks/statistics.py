"""Time the vectorised statistics against the plain way, and compare their numbers.

Run: python benchmarks/statistics.py
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pymannkendall

from analysis.stats import composite_index, mann_kendall_rows

SERIES, POINTS = 10_000, 60
UNITS, INDICATORS, DRAWS = 20, 12, 10_000
LEAST = 20


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Run once and give the result and the seconds."""
    begin = time.perf_counter()
    result = work()
    return result, time.perf_counter() - begin


def report(name: str, plain: float, ours: float) -> bool:
    """Print one line and say whether the ratio is large enough."""
    ratio = plain / ours
    print(
        f"{name}: plain {plain:.2f} s, vectorised {ours:.3f} s, {ratio:.0f} times as fast, same numbers"
    )
    return ratio >= LEAST


def mann_kendall_benchmark() -> bool:
    """Test 10,000 series of 60 points, one by one with pymannkendall and all at once."""
    rows = np.random.default_rng(1).normal(size=(SERIES, POINTS)).cumsum(axis=1).round(1)
    mann_kendall_rows(rows[:10])
    ours, seconds = timed(lambda: mann_kendall_rows(rows))
    plain, plain_seconds = timed(lambda: [pymannkendall.original_test(row) for row in rows])
    for name, theirs in [
        ("s", "s"),
        ("var_s", "var_s"),
        ("z", "z"),
        ("p_value", "p"),
        ("slope", "slope"),
    ]:
        np.testing.assert_allclose(
            ours[name], [getattr(r, theirs) for r in plain], rtol=1e-9, atol=1e-12
        )
    assert ours["trend"].tolist() == [r.trend for r in plain]
    return report(f"Mann-Kendall, {SERIES} series of {POINTS} points", plain_seconds, seconds)


def index_benchmark() -> bool:
    """Draw 10,000 alternative indices, and recompute each from its choices in a loop."""
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(
        rng.gamma(5, 10, size=(UNITS, INDICATORS)), columns=[f"i{k}" for k in range(INDICATORS)]
    )
    structure = {f"g{k}": [f"i{3 * k + j}" for j in range(3)] for k in range(4)}
    index = composite_index(frame, structure=structure)
    index.uncertainty(10)
    drawn, seconds = timed(lambda: index.uncertainty(DRAWS, seed=3))
    choices = drawn.draws.rename(columns=lambda name: name.removeprefix("weight: ")).to_dict(
        "records"
    )

    def recomputed(choice: dict[str, Any]) -> np.ndarray:
        options = {name: choice.pop(name) for name in ("normalise", "aggregate", "impute")}
        options["aggregate"] = options["aggregate"].replace("as given", "arithmetic")
        return composite_index(
            frame, structure=structure, weights=choice, **options
        ).ranks.to_numpy()

    plain, plain_seconds = timed(lambda: np.array([recomputed(choice) for choice in choices]))
    np.testing.assert_array_equal(drawn.ranks.to_numpy(), plain)
    return report(
        f"Index, {UNITS} units, {INDICATORS} indicators, {DRAWS} draws", plain_seconds, seconds
    )


if __name__ == "__main__":
    enough = [mann_kendall_benchmark(), index_benchmark()]
    sys.exit(0 if all(enough) else 1)
