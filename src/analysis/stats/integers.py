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
        found = self.excess > _DEVIATIONS * self.sd
        return text(
            "stats_integers_found" if found else "stats_integers_none",
            language,
            n=self.n,
            observed=figure(self.observed, language),
            expected=figure(self.expected, language),
            excess=figure(self.excess, language),
            sd=figure(self.sd, language),
        )


def _is_near(part: Array, whole: Array, width: float) -> Array:
    """Return which stations have a share within `width` points of a whole percentage."""
    percent = np.round(100 * part / whole)
    off = np.abs(100 * part - percent * whole)
    return off <= width * whole + _SLACK


def _chance(part: Array, whole: Array, width: float) -> Array:
    """Return each station's probability of a share near a whole percentage, at its own share."""
    found = []
    for start in range(0, len(part), _STATIONS_AT_ONCE):
        some = slice(start, start + _STATIONS_AT_ONCE)
        found.append(_chance_of_some(part[some], whole[some], width))
    return np.concatenate(found)


def _counts_near_whole(part: Array, whole: Array, width: float) -> tuple[Array, Array]:
    """Return the first and last count near each percentage, stations in rows.

    Counts so far from the station's own that their probability is nil are left out.
    """
    percent = np.arange(101)
    n = whole[:, None]
    lower = (percent - width) * n
    upper = (percent + width) * n
    first = np.ceil((lower - _SLACK) / 100).clip(0)
    last = np.floor((upper + _SLACK) / 100)

    variance = part * (1 - part / whole)
    reach = _REACH * np.sqrt(variance) + _REACH
    least = np.ceil(part - reach)[:, None]
    most = np.floor(part + reach)[:, None]
    first = np.maximum(first, least)
    last = np.minimum(np.minimum(last, n), most)
    return first, last


def _chance_of_some(part: Array, whole: Array, width: float) -> Array:
    """Add up the binomial probabilities of all counts near whole percentages."""
    first, last = _counts_near_whole(part, whole, width)
    n_counts = np.maximum(last - first + 1, 0).astype(int)
    of_station = n_counts.sum(axis=1)
    station = np.repeat(np.arange(len(part)), of_station)

    # All counts of all stations in one row: the first of each percentage, and those after it.
    repeats = n_counts.ravel()
    begins = np.repeat(repeats.cumsum() - repeats, repeats)
    after_first = np.arange(repeats.sum()) - begins
    value = np.repeat(first.ravel(), repeats) + after_first
    share = part / whole
    probability = scipy_stats.binom.pmf(value, whole[station], share[station])
    return np.bincount(station, weights=probability, minlength=len(part))


def _near_and_chance(
    table: pd.DataFrame, part: str, whole: str, width: float
) -> tuple[Array, Array]:
    """Return which stations have a whole percentage, and each one's probability of one."""
    counts = table[part].to_numpy(), table[whole].to_numpy()
    near = _is_near(*counts, width)
    chance = _chance(*counts, width)
    return near, chance


def _as_table(columns: dict[str, ArrayLike | None]) -> pd.DataFrame:
    names = [name for name, values in columns.items() if values is not None]
    in_order = aligned(*(columns[name] for name in names))
    given = [np.atleast_1d(as_numbers(values)) for values in in_order]
    lengths = [len(values) for values in given]
    if len(set(lengths)) > 1:
        counts = ", ".join(f"{name} {n}" for name, n in zip(names, lengths, strict=True))
        raise ValueError(f"the columns have different lengths: {counts}")
    by_name = dict(zip(names, given, strict=True))
    return pd.DataFrame(by_name).dropna()


def _stations(
    columns: dict[str, ArrayLike | None], min_listed: int, max_share: float
) -> pd.DataFrame:
    table = _as_table(columns)
    endless = np.isinf(table).any(axis=None)
    if endless or (table < 0).any(axis=None):
        raise ValueError("a station has a count below 0, or an infinite one")

    large = table["listed"] >= max(min_listed, 1)
    not_full = table["voted"] <= max_share * table["listed"]
    table = table[large & not_full]
    if "votes" in table:
        counted = table["ballots"] > 0
        not_all = table["votes"] <= max_share * table["ballots"]
        table = table[counted & not_all]
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

    near_turnout, chance_turnout = _near_and_chance(table, "voted", "listed", width)
    near, neither = near_turnout, 1 - chance_turnout
    excess_result = nan
    if votes is not None:
        near_result, chance_result = _near_and_chance(table, "votes", "ballots", width)
        near = near | near_result
        neither = neither * (1 - chance_result)
        excess_result = float(near_result.sum() - chance_result.sum())

    observed = float(near.sum())
    expected = float((1 - neither).sum())
    variance = (neither * (1 - neither)).sum()
    return IntegerExcess(
        observed=observed,
        expected=expected,
        excess=observed - expected,
        excess_turnout=float(near_turnout.sum() - chance_turnout.sum()),
        excess_result=excess_result,
        sd=float(np.sqrt(variance)),
        n=n,
        applicable=True,
    )
