"""Other reasonable choices of method, drawn at random or one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.stats._validate import check_option
from analysis.stats.index import steps
from analysis.stats.index.plan import AGGREGATIONS, IMPUTATIONS, NORMALISATIONS, TOP, Plan

Array = NDArray[Any]

_AS_GIVEN = "as given"
_CHOICES = ("normalise", "aggregate", "impute")
_KNOWN = {"normalise": NORMALISATIONS, "aggregate": AGGREGATIONS, "impute": IMPUTATIONS}
_WEIGHTS = 0.25


def _usual(plan: Plan) -> dict[str, Any]:
    """Return the alternatives that are drawn from if none are given."""
    scale = "goalposts" if plan.goalposts else "minmax"
    means = ["arithmetic"] if plan.scale[0] <= 0 else ["arithmetic", "geometric"]
    others = [mean for mean in means if set(plan.aggregate.values()) != {mean}]
    gaps = bool(plan.raw.isna().any(axis=None))
    fillings = [m for m in IMPUTATIONS if m != "group_mean" or plan.unit_groups is not None]
    return {
        "normalise": [scale, "zscore", "rank"],
        "aggregate": [_AS_GIVEN, *others],
        "impute": fillings if gaps else [plan.impute],
        "weights": _WEIGHTS,
    }


def read_alternatives(plan: Plan, given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the alternatives given, the usual ones for the rest; "as given" named."""
    options = _usual(plan)
    for name in given or {}:
        check_option("alternatives", name, options)
    options |= dict(given or {})
    for name in _CHOICES:
        for option in options[name]:
            check_option(name, option, (*_KNOWN[name], _AS_GIVEN))
    for name in ("normalise", "impute"):
        own = getattr(plan, name)
        options[name] = [own if option == _AS_GIVEN else option for option in options[name]]
    if not 0 <= options["weights"] < 1:
        raise ValueError(
            "weights may go up or down by a share of 0 or more and below 1; "
            f"found {options['weights']}"
        )
    return options


def factors(plan: Plan, options: dict[str, Any]) -> list[str]:
    """Return the names of the choices that vary."""
    chosen = [name for name in _CHOICES if len(options[name]) > 1]
    if options["weights"] == 0:
        return chosen
    shared = [members for members in plan.groups.values() if len(members) > 1]
    return chosen + [f"weight: {member}" for members in shared for member in members]


class Draws:
    """Choices drawn from positions in 0..1, and the scores they lead to."""

    def __init__(self, plan: Plan, options: dict[str, Any], positions: Array):
        self.plan, self.options = plan, options
        columns = dict(zip(factors(plan, options), positions.T, strict=True))
        n = len(positions)
        self.choices = {name: self._choice(columns.get(name), name, n) for name in _CHOICES}
        spread = options["weights"]
        self.weights = {}
        for name, weight in plan.weights.items():
            position = columns.get(f"weight: {name}", np.full(n, 0.5))
            self.weights[name] = weight * (1 + spread * (2 * position - 1))

    def _choice(self, position: Array | None, name: str, n: int) -> Array:
        if position is None:
            return np.zeros(n, dtype=int)
        count = len(self.options[name])
        return (position * count).astype(int).clip(max=count - 1)

    def scores(self) -> Array:
        """Return the scores, draws in rows and units in columns."""
        order = ("normalise", "impute", "aggregate")
        keys = np.stack([self.choices[name] for name in order], axis=1)
        result = np.empty((len(keys), len(self.plan.raw)))
        for key in np.unique(keys, axis=0):
            rows = np.flatnonzero((keys == key).all(axis=1))
            method = {name: self.options[name][i] for name, i in zip(order, key, strict=True)}
            weights = {name: weight[rows] for name, weight in self.weights.items()}
            result[rows] = score(self.plan, method, weights)
        return result

    def table(self) -> pd.DataFrame:
        """Return the choices of every draw."""
        columns: dict[str, Array] = {}
        for name, chosen in self.choices.items():
            columns[name] = np.array(self.options[name])[chosen]
        columns |= {f"weight: {name}": weight for name, weight in self.weights.items()}
        return pd.DataFrame(columns)


def score(plan: Plan, method: Mapping[str, str], weights: Mapping[str, Array]) -> Array:
    """Return the scores of the index by other methods and weights, draws in rows."""
    values, _ = steps.treat(steps.impute(plan, method["impute"]), plan.outliers)
    normalised = steps.normalise(values, plan, method["normalise"])
    how = plan.aggregate
    if method["aggregate"] != _AS_GIVEN:
        how = dict.fromkeys(plan.groups, method["aggregate"])
    return steps.aggregate(normalised, plan, weights, how)[TOP]


def one_by_one(plan: Plan, options: dict[str, Any], ranks: pd.Series) -> pd.DataFrame:
    """Return what each alternative changes by itself: one row for each, the rest as it is."""
    own = {"normalise": plan.normalise, "impute": plan.impute, "aggregate": _AS_GIVEN}
    rows = []
    for name in _CHOICES:
        others = [option for option in options[name] if option != own[name]]
        for option in others:
            found = _ranks(plan, own | {name: option}, plan.weights)
            rows.append({"choice": name, "option": option} | _shift(found, ranks))
    spread = options["weights"]
    for name in factors(plan, options):
        if not name.startswith("weight: "):
            continue
        member = name.removeprefix("weight: ")
        for sign in (1, -1):
            weights = plan.weights | {member: plan.weights[member] * (1 + sign * spread)}
            found = _ranks(replace(plan, weights=weights), own, weights)
            option = f"{'+' if sign > 0 else '−'}{spread:.0%}"
            rows.append({"choice": name, "option": option} | _shift(found, ranks))
    return pd.DataFrame(rows, columns=["choice", "option", "mean_shift", "max_shift", "moved_most"])


def _ranks(plan: Plan, method: Mapping[str, str], weights: Mapping[str, float]) -> Array:
    arrays = {name: np.array([weight]) for name, weight in weights.items()}
    return steps.rank(score(plan, method, arrays))[0]


def _shift(found: Array, ranks: pd.Series) -> dict[str, Any]:
    shift = np.abs(found - ranks.to_numpy())
    moved = ranks.index[shift.argmax()] if shift.any() else ""
    return {"mean_shift": shift.mean(), "max_shift": int(shift.max()), "moved_most": moved}
