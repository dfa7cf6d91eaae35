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
_WEIGHT_OF = "weight: "


def _usual(plan: Plan) -> dict[str, Any]:
    """Return the alternatives that are drawn from if none are given."""
    scale = "goalposts" if plan.goalposts else "minmax"
    has_gaps = bool(plan.raw.isna().any(axis=None))
    return {
        "normalise": [scale, "zscore", "rank"],
        "aggregate": [_AS_GIVEN, *_other_means(plan)],
        "impute": _possible_imputations(plan) if has_gaps else [plan.impute],
        "weights": _WEIGHTS,
    }


def _other_means(plan: Plan) -> list[str]:
    """Return the means that exist on the scale and are not that of all groups already."""
    means = ["arithmetic"]
    if plan.scale[0] > 0:
        means.append("geometric")
    used = set(plan.aggregate.values())
    return [mean for mean in means if used != {mean}]


def _possible_imputations(plan: Plan) -> list[str]:
    if plan.unit_groups is not None:
        return list(IMPUTATIONS)
    return [method for method in IMPUTATIONS if method != "group_mean"]


def read_alternatives(plan: Plan, given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the alternatives given, the usual ones for the rest; "as given" named."""
    options = _usual(plan)
    for name in given or {}:
        check_option("alternatives", name, options)
    options |= dict(given or {})
    for name in _CHOICES:
        known = (*_KNOWN[name], _AS_GIVEN)
        for option in options[name]:
            check_option(name, option, known)
    for name in ("normalise", "impute"):
        used = getattr(plan, name)
        options[name] = [used if option == _AS_GIVEN else option for option in options[name]]
    if not 0 <= options["weights"] < 1:
        raise ValueError(
            "weights may go up or down by a share of 0 or more and below 1; "
            f"found {options['weights']}"
        )
    return options


def factors(plan: Plan, options: dict[str, Any]) -> list[str]:
    """Return the names of the choices that vary."""
    varying = [name for name in _CHOICES if len(options[name]) > 1]
    if options["weights"] == 0:
        return varying
    for members in plan.groups.values():
        # The weight of an only member changes nothing.
        if len(members) > 1:
            varying += [f"{_WEIGHT_OF}{member}" for member in members]
    return varying


class Draws:
    """Choices drawn from positions in 0..1, and the scores they lead to."""

    def __init__(self, plan: Plan, options: dict[str, Any], positions: Array):
        self.plan, self.options = plan, options
        n = len(positions)
        names = factors(plan, options)
        columns = dict(zip(names, positions.T, strict=True))
        self.choices = {}
        for name in _CHOICES:
            self.choices[name] = self._choice(columns.get(name), name, n)

        spread = options["weights"]
        middle = np.full(n, 0.5)
        self.weights = {}
        for name, weight in plan.weights.items():
            position = columns.get(f"{_WEIGHT_OF}{name}", middle)
            change = spread * (2 * position - 1)
            self.weights[name] = weight * (1 + change)

    def _choice(self, position: Array | None, name: str, n: int) -> Array:
        if position is None:
            return np.zeros(n, dtype=int)
        count = len(self.options[name])
        chosen = (position * count).astype(int)
        return chosen.clip(max=count - 1)

    def scores(self) -> Array:
        """Return the scores, draws in rows and units in columns."""
        names = ("normalise", "impute", "aggregate")
        chosen = np.stack([self.choices[name] for name in names], axis=1)
        result = np.empty((len(chosen), len(self.plan.raw)))
        # Draws with the same methods differ in weights only, and are computed at once.
        for combination in np.unique(chosen, axis=0):
            rows = np.flatnonzero((chosen == combination).all(axis=1))
            method = {}
            for name, i in zip(names, combination, strict=True):
                method[name] = self.options[name][i]
            weights = {name: weight[rows] for name, weight in self.weights.items()}
            result[rows] = score(self.plan, method, weights)
        return result

    def table(self) -> pd.DataFrame:
        """Return the choices of every draw."""
        columns: dict[str, Array] = {}
        for name, chosen in self.choices.items():
            options = np.array(self.options[name])
            columns[name] = options[chosen]
        for name, weight in self.weights.items():
            columns[f"{_WEIGHT_OF}{name}"] = weight
        return pd.DataFrame(columns)


def score(plan: Plan, method: Mapping[str, str], weights: Mapping[str, Array]) -> Array:
    """Return the scores of the index by other methods and weights, draws in rows."""
    imputed = steps.impute(plan, method["impute"])
    values, _ = steps.treat(imputed, plan.outliers)
    normalised = steps.normalise(values, plan, method["normalise"])
    how = plan.aggregate
    if method["aggregate"] != _AS_GIVEN:
        how = dict.fromkeys(plan.groups, method["aggregate"])
    scores = steps.aggregate(normalised, plan, weights, how)
    return scores[TOP]


def one_by_one(plan: Plan, options: dict[str, Any], ranks: pd.Series) -> pd.DataFrame:
    """Return what each alternative changes by itself: one row for each, the rest as it is."""
    rows = _other_methods(plan, options, ranks)
    rows += _other_weights(plan, options, ranks)
    columns = ["choice", "option", "mean_shift", "max_shift", "moved_most"]
    return pd.DataFrame(rows, columns=columns)


def _methods_of(plan: Plan) -> dict[str, str]:
    return {
        "normalise": plan.normalise,
        "impute": plan.impute,
        "aggregate": _AS_GIVEN,
    }


def _other_methods(plan: Plan, options: dict[str, Any], ranks: pd.Series) -> list[dict[str, Any]]:
    used = _methods_of(plan)
    rows = []
    for name in _CHOICES:
        for option in options[name]:
            if option == used[name]:
                continue
            found = _ranks(plan, used | {name: option}, plan.weights)
            row = {"choice": name, "option": option}
            rows.append(row | _shift(found, ranks))
    return rows


def _other_weights(plan: Plan, options: dict[str, Any], ranks: pd.Series) -> list[dict[str, Any]]:
    spread = options["weights"]
    used = _methods_of(plan)

    rows = []
    for name in factors(plan, options):
        if not name.startswith(_WEIGHT_OF):
            continue
        member = name.removeprefix(_WEIGHT_OF)
        for sign, printed in ((1, "+"), (-1, "−")):
            changed = plan.weights[member] * (1 + sign * spread)
            weights = plan.weights | {member: changed}
            found = _ranks(replace(plan, weights=weights), used, weights)
            row = {"choice": name, "option": f"{printed}{spread:.0%}"}
            rows.append(row | _shift(found, ranks))
    return rows


def _ranks(plan: Plan, method: Mapping[str, str], weights: Mapping[str, float]) -> Array:
    arrays = {name: np.array([weight]) for name, weight in weights.items()}
    scores = score(plan, method, arrays)
    return steps.rank(scores)[0]


def _shift(found: Array, ranks: pd.Series) -> dict[str, Any]:
    shifts = np.abs(found - ranks.to_numpy())
    furthest = ranks.index[shifts.argmax()]
    return {
        "mean_shift": shifts.mean(),
        "max_shift": int(shifts.max()),
        "moved_most": furthest if shifts.any() else "",
    }
