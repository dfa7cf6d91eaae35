"""Days to the answer, those still waiting counted as waiting (Kaplan and Meier 1958)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.records.rollups.cube import Cube, find_distinct
from analysis.records.rollups.measures import Lateness

QUANTILES = {"response_days_median": 0.5, "response_days_p90": 0.9}
_CERTAIN = 1e-15
_NEAR = 1e-9


@dataclass(frozen=True)
class Waiting:
    """The quantiles of each cell, and the dated answers that they rest on."""

    days: pd.DataFrame
    answers: NDArray[Any]


def _by_day(base: pd.DataFrame, cube: Cube) -> tuple[NDArray[Any], ...]:
    """Return cell, day, people who had waited so long, and those of them who then got an answer."""
    waited = base["waited"].to_numpy(dtype=float, na_value=np.nan)
    known = waited >= 0
    longest = int(waited[known].max(initial=0)) + 1
    step, place = find_distinct(cube.of_row[known] * longest + waited[known].astype("int64"))
    n = base["n"].to_numpy(dtype=float)[known]
    answered = base["kind"].to_numpy()[known] >= Lateness.LATE
    left = np.bincount(place, n, len(step))
    answers = np.bincount(place, n * answered, len(step))
    fine, day = np.divmod(step, longest)
    numbers, people, answered_people = [], [], []
    for cell in cube.sets:
        added = cell[fine] >= 0
        numbers.append(cell[fine][added] * longest + day[added])
        people.append(left[added])
        answered_people.append(answers[added])
    whole, where = find_distinct(np.concatenate(numbers))
    sums = [
        np.bincount(where, np.concatenate(parts), len(whole)) for parts in (people, answered_people)
    ]
    return *np.divmod(whole, longest), *sums


def count_waiting(base: pd.DataFrame, cube: Cube) -> Waiting:
    """Return the quantiles of the days to the answer by cell.

    A quantile is the first day by which that share has an answer; it is missing where too many
    still wait."""
    cells = len(cube.cells)
    table = pd.DataFrame(index=range(cells), columns=list(QUANTILES), dtype=float)
    if not len(base):
        return Waiting(table, np.zeros(cells))
    group, days, left, answers = _by_day(base, cube)
    if not len(group):
        return Waiting(table, np.zeros(cells))
    first = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    size = np.diff(np.r_[first, len(group)])
    before = np.r_[0.0, left.cumsum()][:-1]
    everyone = np.repeat(np.add.reduceat(left, first), size)
    at_risk = everyone - (before - np.repeat(before[first], size))
    rate = np.minimum(answers / at_risk, 1 - _CERTAIN)
    gone = np.r_[0.0, np.log1p(-rate).cumsum()]
    curve = np.exp(gone[1:] - np.repeat(gone[first], size))
    for name, share in QUANTILES.items():
        reached = np.flatnonzero(curve <= 1 - share + _NEAR)
        where, earliest = np.unique(group[reached], return_index=True)
        table.loc[where, name] = days[reached[earliest]]
    return Waiting(table, np.bincount(group, answers, cells))
