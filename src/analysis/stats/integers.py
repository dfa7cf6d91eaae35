"""Are whole percentages too frequent among polling stations? Plausibility, not fraud."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats as scipy_stats

from analysis.locale import text
from analysis.stats.inputs import aligned, as_numbers
from analysis.stats.words import figure

Array = NDArray[Any]

FEWEST_STATIONS = 300
_DEVIATIONS = 3
_SLACK = 1e-6
_REACH = 9  # deviations beyond which binomial probabilities are nil
_STATIONS_AT_ONCE = 5000


@dataclass(frozen=True)
class IntegerExcess:
    """Result of `integer_excess`; the numbers are missing where it is not applicable."""

    observed: float
    expected: float
    excess: float
    excess_turnout: float
    excess_result: float
    sd: float
    n: int
    applicable: bool

    def summary(self, language: str = "en") -> str:
        """Return whether whole percentages are too frequent, or that this cannot be asked."""
        if not self.applicable:
            return text("stats_integers_not_applicable", language, n=self.n, least=FEWEST_STATIONS)
        names = ("observed", "expected", "excess", "sd")
        numbers = {name: figure(getattr(self, name), language) for name in names}
        found = self.excess > _DEVIATIONS * self.sd
        key = "stats_integers_found" if found else "stats_integers_none"
        return text(key, language, n=self.n, **numbers)


def _is_near(part: Array, whole: Array, width: float) -> Array:
    return np.abs(100 * part - np.round(100 * part / whole) * whole) <= width * whole + _SLACK


def _chance(part: Array, whole: Array, width: float) -> Array:
    """Return each station's probability of a share near a whole percentage, at its own share."""
    starts = range(0, len(part), _STATIONS_AT_ONCE)
    slices = [slice(i, i + _STATIONS_AT_ONCE) for i in starts]
    return np.concatenate([_chance_of_some(part[s], whole[s], width) for s in slices])


def _chance_of_some(part: Array, whole: Array, width: float) -> Array:
    """Add up the binomial probabilities of all counts near whole percentages."""
    percent, n = np.arange(101), whole[:, None]
    first = np.ceil(((percent - width) * n - _SLACK) / 100).clip(0)
    last = np.minimum(np.floor(((percent + width) * n + _SLACK) / 100), n)
    reach = _REACH * np.sqrt(part * (1 - part / whole)) + _REACH
    first = np.maximum(first, np.ceil(part - reach)[:, None])
    last = np.minimum(last, np.floor(part + reach)[:, None])
    counts = np.maximum(last - first + 1, 0).astype(int)
    station = np.repeat(np.arange(len(part)), counts.sum(axis=1))
    flat = counts.ravel()
    begins = np.repeat(flat.cumsum() - flat, flat)
    value = np.repeat(first.ravel(), flat) + np.arange(flat.sum()) - begins
    probability = scipy_stats.binom.pmf(value, whole[station], (part / whole)[station])
    return np.bincount(station, weights=probability, minlength=len(part))


def _stations(
    columns: dict[str, ArrayLike | None], min_listed: int, max_share: float
) -> pd.DataFrame:
    names = [name for name, values in columns.items() if values is not None]
    in_order = aligned(*(columns[name] for name in names))
    given = [np.atleast_1d(as_numbers(values)) for values in in_order]
    lengths = [len(values) for values in given]
    if len(set(lengths)) > 1:
        counts = ", ".join(f"{name} {n}" for name, n in zip(names, lengths, strict=True))
        raise ValueError(f"the columns have different lengths: {counts}")
    table = pd.DataFrame(dict(zip(names, given, strict=True))).dropna()
    if (table < 0).any(axis=None) or np.isinf(table).any(axis=None):
        raise ValueError("a station has a count below 0, or an infinite one")
    large = table["listed"] >= max(min_listed, 1)
    table = table[large & (table["voted"] <= max_share * table["listed"])]
    if "votes" in table:
        counted = table["ballots"] > 0
        table = table[counted & (table["votes"] <= max_share * table["ballots"])]
    return table


def integer_excess(  # noqa: PLR0913  options of one public function, all by keyword
    listed: ArrayLike,
    voted: ArrayLike,
    *,
    votes: ArrayLike | None = None,
    ballots: ArrayLike | None = None,
    width: float = 0.05,
    min_listed: int = 100,
    max_share: float = 0.99,
) -> IntegerExcess:
    """Count the stations with a whole percentage of turnout or of a result, against chance.

    Kobak, Shpilkin and Pshenichnikov (2016).

    Do not use it on regions or districts, on a few hundred stations, on rounded figures, or as
    proof: an excess says that figures were worked out from a percentage somewhere, not by whom or
    why, and its absence says nothing.

    Parameters
    ----------
    listed, voted : array_like
        Voters listed and voters who took part, one for each station: Series by their labels, arrays
        in the same order. Stations with a missing value are left out.
    votes, ballots : array_like, optional
        Votes for one candidate (or answer) and ballots counted.
    width : float
        How near to a whole percentage counts, in percentage points.
    min_listed : int
        Smaller stations are left out.
    max_share : float
        Stations with a larger turnout or result are left out: 100 % is whole for plain reasons.

    Returns
    -------
    IntegerExcess
        observed (stations with a whole percentage of either), expected (sum of the stations' exact
        binomial probabilities at their own shares, turnout and result taken as independent),
        excess, excess_turnout, excess_result, sd (of observed under chance; the sentence speaks of
        an excess beyond three of these), n, applicable (False, and the numbers missing, on fewer
        than 300 stations).

    Raises
    ------
    ValueError
        For votes without ballots, columns of different length, counts below 0 and infinite ones.

    Examples
    --------
    >>> integer_excess([1000] * 20, [700] * 20).summary("en")
    'Not applicable: 20 polling stations, and whole percentages can be judged on 300 or more.'
    """
    if (votes is None) != (ballots is None):
        raise ValueError("votes and ballots go together: give both or neither")
    columns = {"listed": listed, "voted": voted, "votes": votes, "ballots": ballots}
    table = _stations(columns, min_listed, max_share)
    n = len(table)
    if n < FEWEST_STATIONS:
        return IntegerExcess(nan, nan, nan, nan, nan, nan, n=n, applicable=False)
    pairs = [("voted", "listed")] + ([("votes", "ballots")] if votes is not None else [])
    near, miss, excesses = np.zeros(n, dtype=bool), np.ones(n), []
    for part, whole in pairs:
        counts = table[part].to_numpy(), table[whole].to_numpy()
        hit, chance = _is_near(*counts, width), _chance(*counts, width)
        excesses.append(float(hit.sum() - chance.sum()))
        near, miss = near | hit, miss * (1 - chance)
    observed, expected = float(near.sum()), float((1 - miss).sum())
    return IntegerExcess(
        observed=observed,
        expected=expected,
        excess=observed - expected,
        excess_turnout=excesses[0],
        excess_result=excesses[1] if votes is not None else nan,
        sd=float(np.sqrt((miss * (1 - miss)).sum())),
        n=n,
        applicable=True,
    )
