"""A thinner run of benchmarks/levels.py: claimed cells hold, give or take three errors of the simulation."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from pathlib import Path

import pytest

from analysis import stats

PATH = Path(__file__).resolve().parents[2] / "benchmarks" / "levels.py"
SPEC = importlib.util.spec_from_file_location("levels", PATH)
levels = importlib.util.module_from_spec(SPEC)
sys.modules["levels"] = levels
SPEC.loader.exec_module(levels)

# What draws no conclusion from chance: many series at once (as one), the index, and seasonal adjustment.
WITHOUT_LEVEL = {"mann_kendall_rows", "composite_index", "seasonal_adjustment", "dispersion"}


def test_every_function_of_the_package_is_simulated():
    functions = {name for name in stats.__all__ if inspect.isfunction(getattr(stats, name))}
    simulated = {method.name.split(",")[0].split()[0] for method in levels.METHODS}
    assert functions - WITHOUT_LEVEL == simulated


def test_every_method_is_tried_at_three_sizes_and_series_with_and_without_autocorrelation():
    for method in levels.METHODS:
        assert len(method.sizes) == 3, method.name
        assert len(method.dependence) == 1 or {0.0} < set(method.dependence), method.name
        assert any(method.claims(n, phi) for n in method.sizes for phi in method.dependence)


@pytest.mark.parametrize(
    ("kind", "measured", "holds"),
    [
        ("size", 0.07, True),
        ("size", 0.071, False),
        ("coverage", 0.92, True),
        ("coverage", 0.919, False),
    ],
)
def test_a_cell_holds_up_to_its_bound(kind, measured, holds):
    row = {"claimed": True, "kind": kind, "measured": measured, "error": 0.01}
    assert levels.holds(row) == holds
    assert levels.holds(row | {"claimed": False})
    assert levels.holds(row, errors=1)


@pytest.mark.slow
@pytest.mark.parametrize("method", levels.METHODS, ids=lambda method: method.name)
def test_claimed_sizes_and_coverages_hold(method):
    for n in method.sizes:
        for phi in method.dependence:
            if method.claims(n, phi):
                row = levels.simulate(method, n, phi, runs=150)
                assert levels.holds(row, errors=3), levels.line(row)
