"""What an index is made of: its structure, its data, and the choices of method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from analysis.stats._validate import check_columns, check_labels, check_option
from analysis.stats.inputs import as_numbers

TOP = "index"
NORMALISATIONS = ("minmax", "zscore", "rank", "goalposts")
AGGREGATIONS = ("arithmetic", "geometric", "harmonic")
IMPUTATIONS = ("none", "mean", "median", "group_mean")
TREATMENTS = ("none", "winsorise")

Steps = list[tuple[str, str]]


@dataclass(frozen=True, eq=False)
class Plan:
    """Everything the pipeline needs, so that it can be run again with one thing changed."""

    raw: pd.DataFrame
    groups: dict[str, list[str]]
    weights: dict[str, float]
    direction: dict[str, int]
    impute: str
    outliers: str
    normalise: str
    goalposts: dict[str, tuple[float, float]]
    scale: tuple[float, float]
    aggregate: dict[str, str]
    unit_groups: pd.Series | None = None


@dataclass
class Structure:
    """Members of each group from the bottom up, their weights, and directions if given."""

    groups: dict[str, list[str]]
    weights: dict[str, float]
    direction: dict[str, int]

    @property
    def indicators(self) -> list[str]:
        """The members that are no groups."""
        found = []
        for members in self.groups.values():
            found += [member for member in members if member not in self.groups]
        return found


def read_structure(structure: Mapping[str, Any] | pd.DataFrame) -> Structure:
    """Return a structure given as a mapping or as a table."""
    if isinstance(structure, pd.DataFrame):
        found = _from_table(structure)
    else:
        found = _from_mapping(structure)
    indicators = found.indicators
    repeated = len(set(indicators)) < len(indicators)
    if repeated or len(indicators) <= 1:
        raise ValueError(
            "an index needs at least two indicators, each in one group; "
            "the structure has one, or one in two groups"
        )
    return found


def _from_table(structure: pd.DataFrame) -> Structure:
    check_columns(structure, ["name", "parent"])
    rows = structure.set_index("name")
    weights = dict.fromkeys(rows.index, 1.0)
    if "weight" in rows:
        weights = rows["weight"].astype(float).to_dict()
    direction = {}
    if "direction" in rows:
        known = rows["direction"].dropna()
        direction = known.astype(int).to_dict()

    parents = rows["parent"].fillna(TOP).replace("", TOP)
    groups = {}
    for parent in _bottom_up(parents.to_dict()):
        members = parents.index[parents == parent]
        groups[parent] = members.tolist()
    return Structure(groups, weights, direction)


def _from_mapping(structure: Any) -> Structure:
    found = Structure({}, {}, {})
    _walk(found, TOP, structure)
    return found


def _walk(found: Structure, name: str, members: Any) -> None:
    names = list(members)
    for member in names:
        inner = members[member] if isinstance(members, Mapping) else 1.0
        if isinstance(inner, Real):
            found.weights[member] = float(inner)
        else:
            found.weights[member] = 1.0
            _walk(found, member, inner)
    repeated = len(set(names)) < len(names)
    if repeated or name in found.groups:
        raise ValueError(f"the group {name!r} or one of its members occurs twice in the structure")
    found.groups[name] = names


def _bottom_up(parents: dict[str, str]) -> list[str]:
    depth = {name: _depth(name, parents) for name in set(parents.values())}
    return sorted(depth, key=lambda name: (-depth[name], name))


def _depth(name: str, parents: dict[str, str]) -> int:
    steps, at = 0, name
    while at in parents:
        steps += 1
        at = parents[at]
        if steps > len(parents):
            raise ValueError(f"the group {name!r} is its own ancestor in the structure")
    return steps


def check_plan(plan: Plan) -> None:
    """Raise an error where the parts of a plan contradict each other."""
    _check_names(plan)
    signs = set(plan.direction.values())
    if not signs <= {-1, 1}:
        raise ValueError("a direction is 1 or -1")
    _check_weights(plan)

    check_option("normalise", plan.normalise, NORMALISATIONS)
    check_option("impute", plan.impute, IMPUTATIONS)
    check_option("outliers", plan.outliers, TREATMENTS)
    for method in plan.aggregate.values():
        check_option("aggregate", method, AGGREGATIONS)

    missing = sorted(set(plan.raw) - set(plan.goalposts))
    if plan.normalise == "goalposts" and missing:
        listed = ", ".join(map(repr, missing))
        raise ValueError(f"no goalposts are given for {listed}")
    if plan.impute == "group_mean" and plan.unit_groups is None:
        raise ValueError("impute='group_mean' needs unit_groups: the group of each unit")
    lower, upper = plan.scale
    if not lower < upper:
        raise ValueError(f"scale is {plan.scale}; give the lower score first, such as (0, 100)")


def _check_weights(plan: Plan) -> None:
    sums = []
    for members in plan.groups.values():
        sums.append(sum(plan.weights[member] for member in members))
    if min(plan.weights.values()) < 0 or min(sums) <= 0:
        raise ValueError("weights must be 0 or more, and above 0 in sum within each group")


def _check_names(plan: Plan) -> None:
    names = {*plan.groups, *plan.raw}
    given: dict[str, Mapping[str, Any]] = {
        "weights": plan.weights,
        "direction": plan.direction,
        "aggregate": plan.aggregate,
        "goalposts": plan.goalposts,
    }
    for what, keys in given.items():
        unknown = sorted(set(keys) - names)
        if unknown:
            listed = ", ".join(map(repr, unknown))
            raise ValueError(f"{what} names {listed}, which the structure does not")


def prepare(
    frame: pd.DataFrame,
    names: list[str],
    *,
    denominators: Mapping[str, str],
    logs: Sequence[str],
    min_coverage: float,
) -> tuple[pd.DataFrame, Steps]:
    """Return the indicators, divided and in logarithms, of units with enough of them; and a log."""
    check_columns(frame, [*names, *denominators.values()])
    check_labels(frame.index, "the frame")
    raw = pd.DataFrame(as_numbers(frame[names]), frame.index, names)
    endless = [name for name in raw if np.isinf(raw[name]).any()]
    if endless:
        listed = ", ".join(map(repr, endless))
        raise ValueError(f"{listed} holds an infinite number")

    divided = _divide(raw, frame, denominators)
    in_logarithms = _take_logs(raw, logs)
    raw, screened = _screen(raw, min_coverage)
    empty = [name for name in raw if raw[name].isna().all()]
    if empty:
        listed = ", ".join(map(repr, empty))
        raise ValueError(f"no unit has a value of {listed}")
    return raw, divided + in_logarithms + screened


def _divide(raw: pd.DataFrame, frame: pd.DataFrame, denominators: Mapping[str, str]) -> Steps:
    steps = []
    for name, by in denominators.items():
        divisor = as_numbers(frame[by])
        if (divisor <= 0).any():
            raise ValueError(f"{name!r} is divided by {by!r}, which has values of 0 or less")
        raw[name] = raw[name] / divisor
        steps.append(("denominate", f"{name} divided by {by}"))
    return steps


def _take_logs(raw: pd.DataFrame, logs: Sequence[str]) -> Steps:
    steps = []
    for name in logs:
        if (raw[name] <= 0).any():
            raise ValueError(
                f"the logarithm of {name!r} is asked for, and it has values of 0 or less"
            )
        raw[name] = np.log(raw[name])
        steps.append(("denominate", f"logarithm of {name}"))
    return steps


def _screen(raw: pd.DataFrame, min_coverage: float) -> tuple[pd.DataFrame, Steps]:
    coverage = raw.notna().mean(axis=1)
    enough = coverage >= min_coverage
    kept = enough & (coverage > 0)
    n_kept = kept.sum()
    if n_kept <= 1:
        raise ValueError(
            f"found {n_kept} units with enough indicators; an index compares at least two"
        )
    steps = []
    for unit, share in coverage[~kept].items():
        steps.append(("screen", f"{unit} left out: {share:.0%} of the indicators"))
    return raw[kept], steps


def read_unit_groups(
    frame: pd.DataFrame, given: str | Mapping[Any, Any] | pd.Series | None, units: pd.Index
) -> pd.Series | None:
    """Return the group of each unit, from a column, a mapping or a Series."""
    if given is None:
        return None
    if isinstance(given, str):
        check_columns(frame, [given])
        groups = frame[given].reindex(units)
    else:
        groups = pd.Series(given).reindex(units)
    without = groups.index[groups.isna()]
    if len(without):
        raise ValueError(f"{without[0]!r} has no group in unit_groups")
    return groups


def in_logs(
    goalposts: Mapping[str, tuple[float, float]], logs: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """Return goalposts on the scale of the indicators: logarithms where these are taken."""
    posts = {}
    for name, (worst, best) in goalposts.items():
        if name in logs:
            posts[name] = (float(np.log(worst)), float(np.log(best)))
        else:
            posts[name] = (worst, best)
    return posts
