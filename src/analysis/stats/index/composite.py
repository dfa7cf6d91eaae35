"""The index and what can be asked of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.locale import text
from analysis.stats._level import tails
from analysis.stats._validate import check_level
from analysis.stats.index import steps
from analysis.stats.index.draws import Draws, factors, one_by_one, read_alternatives
from analysis.stats.index.plan import (
    TOP,
    Plan,
    Steps,
    check_plan,
    in_logs,
    prepare,
    read_structure,
    read_unit_groups,
)
from analysis.stats.index.sobol import sobol_table
from analysis.stats.words import figure, share_words

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class CompositeIndex:
    """Result of `composite_index`."""

    scores: pd.Series
    ranks: pd.Series
    groups: pd.DataFrame
    normalised: pd.DataFrame
    log: pd.DataFrame
    _plan: Plan = field(repr=False)

    def uncertainty(
        self,
        n: int = 1000,
        seed: int = 0,
        *,
        alternatives: Mapping[str, Any] | None = None,
        level: float = 0.9,
    ) -> IndexUncertainty:
        """Recompute the index under other reasonable choices, drawn at random.

        Parameters
        ----------
        n, seed : int
            Number of draws, seed of the generator.
        alternatives : mapping, optional
            "normalise", "aggregate", "impute": lists of methods to draw from ("as given" keeps what
            the index uses); "weights": share by which every weight may go up or down (0.25 if not
            given). Geometric means are drawn only where the scale begins above 0.
        level : float
            Level of the intervals.

        Returns
        -------
        IndexUncertainty
            table (by unit: score, score_low, score_high, rank, rank_low, rank_high), draws, ranks,
            alternatives (as `alternatives` returns them). The scores of a draw are brought to the
            mean and spread of the index, because scales differ between normalisations.
        """
        check_level(level)
        if n < 1:
            raise ValueError(f"n is {n}; give at least one draw")
        options = read_alternatives(self._plan, alternatives)
        n_choices = len(factors(self._plan, options))
        rng = np.random.default_rng(seed)
        draws = Draws(self._plan, options, rng.random((n, n_choices)))
        scores = draws.scores()
        ranks = steps.rank(scores)
        return IndexUncertainty(
            table=self._intervals(scores, ranks, level),
            draws=draws.table(),
            ranks=pd.DataFrame(ranks, columns=self.scores.index),
            level=level,
            alternatives=one_by_one(self._plan, options, self.ranks),
        )

    def _intervals(self, scores: Array, ranks: Array, level: float) -> pd.DataFrame:
        outer = tails(level)
        comparable = steps.rescale(scores, self.scores.to_numpy())
        score_low, score_high = np.quantile(comparable, outer, axis=0)
        rank_low, rank_high = np.quantile(ranks, outer, axis=0, method="closest_observation")
        columns = {
            "score": self.scores,
            "score_low": score_low,
            "score_high": score_high,
            "rank": self.ranks,
            "rank_low": rank_low,
            "rank_high": rank_high,
        }
        table = pd.DataFrame(columns, index=self.scores.index)
        return table.astype({"rank_low": int, "rank_high": int})

    def alternatives(self, given: Mapping[str, Any] | None = None) -> pd.DataFrame:
        """Return what each other choice of method changes by itself.

        Parameters
        ----------
        given : mapping, optional
            As `alternatives` in `uncertainty`.

        Returns
        -------
        pandas.DataFrame
            One row for each alternative: choice, option, mean_shift and max_shift (in ranks),
            moved_most (the unit that moves furthest, empty if none moves).
        """
        options = read_alternatives(self._plan, given)
        return one_by_one(self._plan, options, self.ranks)

    def sensitivity(
        self,
        n: int = 512,
        seed: int = 0,
        *,
        alternatives: Mapping[str, Any] | None = None,
        level: float = 0.95,
    ) -> IndexSensitivity:
        """Return which choice moves the ranks most: Sobol indices of the mean absolute shift.

        Parameters are those of `uncertainty`; n is a power of two and the index is computed
        n (2 + choices) times.

        Returns
        -------
        IndexSensitivity
            table, one row for each choice: first, first_low, first_high (its effect alone), total,
            total_low, total_high (with all it interacts with), as shares of the variance;
            alternatives (what each changes by itself).
        """
        options = read_alternatives(self._plan, alternatives)
        ranks_as_given = self.ranks.to_numpy()

        def mean_shift(positions: Array) -> Array:
            draws = Draws(self._plan, options, positions.T)
            ranks = steps.rank(draws.scores())
            shifts = np.abs(ranks - ranks_as_given)
            return shifts.mean(axis=1)

        table = sobol_table(
            mean_shift,
            factors(self._plan, options),
            n=n,
            seed=seed,
            level=level,
        )
        by_itself = one_by_one(self._plan, options, self.ranks)
        return IndexSensitivity(table, level, by_itself)

    def leave_one_out(self) -> pd.DataFrame:
        """Recompute the ranks without each indicator in turn.

        Returns
        -------
        pandas.DataFrame
            One row for each indicator left out, one column for each unit with its rank (missing
            where the unit has no other indicator), and `mean_shift`, the mean absolute shift in
            rank.
        """
        plan = self._plan
        names = list(plan.raw.columns)
        weights = _weights_without_each(plan, names)
        scores = steps.aggregate(
            self.normalised.to_numpy(),
            plan,
            weights,
            plan.aggregate,
        )
        frame = pd.DataFrame(
            scores[TOP].round(10),
            index=pd.Index(names, name="left_out"),
            columns=self.scores.index,
        )
        ranks = frame.rank(axis=1, ascending=False, method="min")
        shifts = (ranks - self.ranks.to_numpy()).abs()
        whole = ranks.astype("Int64")
        return whole.assign(mean_shift=shifts.mean(axis=1))

    def summary(self, language: str = "en") -> str:
        """Return what the index is and how far its order depends on single indicators."""
        shifts = self.leave_one_out()["mean_shift"]
        return text(
            "stats_index",
            language,
            units=len(self.scores),
            indicators=self.normalised.shape[1],
            shift=figure(float(shifts.max()), language),
        )


@dataclass(frozen=True, eq=False)
class IndexUncertainty:
    """Result of `CompositeIndex.uncertainty`."""

    table: pd.DataFrame
    draws: pd.DataFrame
    ranks: pd.DataFrame
    level: float
    alternatives: pd.DataFrame

    def summary(self, language: str = "en") -> str:
        """Return how far ranks depend on choices of method."""
        widths = self.table["rank_high"] - self.table["rank_low"]
        return text(
            "stats_index_uncertainty",
            language,
            draws=len(self.ranks),
            units=len(widths),
            fixed=int((widths == 0).sum()),
            widest=int(widths.max()),
            level=share_words(self.level, language),
        )


@dataclass(frozen=True, eq=False)
class IndexSensitivity:
    """Result of `CompositeIndex.sensitivity`."""

    table: pd.DataFrame
    level: float
    alternatives: pd.DataFrame

    def summary(self, language: str = "en") -> str:
        """Return which choice matters most."""
        row = self.table.loc[self.table["total"].idxmax()]
        names = ("total", "total_low", "total_high")
        numbers = {name: figure(float(row[name]), language, digits=2) for name in names}
        return text(
            "stats_index_sensitivity",
            language,
            factor=str(row.name),
            level=share_words(self.level, language),
            **numbers,
        )


def _weights_without_each(plan: Plan, names: list[str]) -> dict[str, Array]:
    """Return the weights of each member by indicator left out, whose own weight is then 0."""
    weights = {}
    for name, weight in plan.weights.items():
        weights[name] = np.full(len(names), weight)
    for i, name in enumerate(names):
        weights[name][i] = 0.0
    return weights


def _run(plan: Plan, log: Steps) -> CompositeIndex:
    imputed = steps.impute(plan, plan.impute)
    values, treated = steps.treat(imputed, plan.outliers)
    normalised = steps.normalise(values, plan, plan.normalise)

    weights = {name: np.array([weight]) for name, weight in plan.weights.items()}
    scores = steps.aggregate(normalised, plan, weights, plan.aggregate)
    ranks = steps.rank(scores[TOP])
    groups = {group: scores[group][0] for group in plan.groups if group != TOP}
    units = plan.raw.index
    return CompositeIndex(
        scores=pd.Series(scores[TOP][0], units, name=TOP),
        ranks=pd.Series(ranks[0], units, name="rank"),
        groups=pd.DataFrame(groups, index=units),
        normalised=pd.DataFrame(normalised, index=units, columns=plan.raw.columns),
        log=pd.DataFrame(log + _log(plan, treated), columns=["step", "done"]),
        _plan=plan,
    )


def _log(plan: Plan, treated: Mapping[str, int]) -> Steps:
    log = []
    for name, n in plan.raw.isna().sum().items():
        if n:
            log.append(("impute", f"{name}: {n} missing, {plan.impute}"))
    for name, n in treated.items():
        log.append(("treat outliers", f"{name}: {n} steps of winsorising"))
    for name, sign in plan.direction.items():
        if sign < 0:
            log.append(("direction", f"{name} turned round"))

    log.append(("normalise", plan.normalise))
    for group, members in plan.groups.items():
        shares = _shares_of_weight(plan, members)
        log.append(("aggregate", f"{group}: {plan.aggregate[group]} mean of {shares}"))
    return log


def _shares_of_weight(plan: Plan, members: Sequence[str]) -> str:
    total = sum(plan.weights[member] for member in members)
    parts = []
    for member in members:
        share = plan.weights[member] / total
        parts.append(f"{member} {share:.3g}")
    return ", ".join(parts)


def composite_index(  # noqa: PLR0913  options of one public function, all by keyword
    frame: pd.DataFrame,
    *,
    structure: Mapping[str, Any] | pd.DataFrame,
    weights: Mapping[str, float] | None = None,
    direction: Mapping[str, int] | None = None,
    denominators: Mapping[str, str] | None = None,
    logs: Sequence[str] = (),
    min_coverage: float = 2 / 3,
    impute: str = "none",
    unit_groups: str | Mapping[Any, Any] | pd.Series | None = None,
    outliers: str = "winsorise",
    normalise: str | None = None,
    goalposts: Mapping[str, tuple[float, float]] | None = None,
    scale: tuple[float, float] = (1.0, 100.0),
    aggregate: str | Mapping[str, str] = "arithmetic",
) -> CompositeIndex:
    """Build a composite index, each step logged (OECD and JRC handbook, Nardo et al. 2008).

    Do not use it where indicators are missing for reasons (what is not published is not average),
    for things that do not add up to one idea (turnout is participation, not openness), or to
    publish a rank without its interval. An index of regions of Kazakhstan is not built by this
    suite: most have no total of appeals and no count of meetings. It is there for your own data.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each unit (its name is the index), columns of indicators and denominators.
    structure : mapping or pandas.DataFrame
        {"group": ["indicator", ...]} with groups in groups as deep as need be, or {"indicator":
        weight} as the members; or a table with columns name, parent (empty: the index), and if
        wanted weight and direction.
    weights : mapping, optional
        Weight of an indicator or group within its group, for those that differ from the structure
        (1 if not given).
    direction : mapping, optional
        -1 for indicators of which less is better.
    denominators : mapping, optional
        {"indicator": "column to divide by"}.
    logs : sequence of str
        Indicators to take the logarithm of (after dividing).
    min_coverage : float
        Units with a smaller share of the indicators are left out.
    impute : {"none", "mean", "median", "group_mean"}
        "none" lets the indicators that are there take the weight of those that are not.
        "group_mean" takes the mean of the unit's group, as `unit_groups` names it.
    unit_groups : str, mapping or pandas.Series, optional
        The group of each unit (a region's kind, a country's continent): a column of the frame, or
        by unit.
    outliers : {"winsorise", "none"}
        Pull in extreme values of indicators with skewness above 2 and kurtosis above 3.5, at most
        five times each.
    normalise : {"minmax", "zscore", "rank", "goalposts"}, optional
        "minmax" if there are no goalposts. z-scores have mean 50 and standard deviation 10.
    goalposts : mapping, optional
        {"indicator": (worst, best)} on its own scale, before logarithms; scores are cut at both.
    scale : tuple of float
        Scores of the worst and the best unit (or goalpost): from 1 by default, so that geometric
        means are defined; (0, 100) as many published indices have it.
    aggregate : {"arithmetic", "geometric", "harmonic"} or mapping
        One for all groups, or {"group": method}, with "index" for the top.

    Returns
    -------
    CompositeIndex
        scores, ranks (1 is best, equal scores share a rank), groups, normalised, log, and the
        methods uncertainty, alternatives, sensitivity and leave_one_out.

    Raises
    ------
    UnknownName
        For methods that do not exist.
    ValueError
        For columns that are not there, structures that contradict themselves, infinite values,
        denominators of 0 or less, units without a group, and means that do not exist.

    Examples
    --------
    >>> data = {"books": [3, 9, 6], "crimes": [5, 1, 3], "parks": [2, 4, 9]}
    >>> structure = {"culture": ["books", "parks"], "safety": ["crimes"]}
    >>> frame = pd.DataFrame(data, index=["a", "b", "c"])
    >>> result = composite_index(frame, structure=structure, direction={"crimes": -1})
    >>> result.ranks.to_dict()
    {'a': 3, 'b': 1, 'c': 2}
    """
    found = read_structure(structure)
    indicators = found.indicators
    raw, log = prepare(
        frame,
        indicators,
        denominators=denominators or {},
        logs=logs,
        min_coverage=min_coverage,
    )
    plan = Plan(
        raw=raw,
        groups=found.groups,
        weights=found.weights | dict(weights or {}),
        direction=dict.fromkeys(indicators, 1) | found.direction | dict(direction or {}),
        impute=impute,
        outliers=outliers,
        normalise=normalise or ("goalposts" if goalposts else "minmax"),
        goalposts=in_logs(goalposts or {}, logs),
        scale=scale,
        aggregate=_mean_of_each(found.groups, aggregate),
        unit_groups=read_unit_groups(frame, unit_groups, raw.index),
    )
    check_plan(plan)
    if plan.normalise == "goalposts":
        plan = replace(plan, outliers="none")
    return _run(plan, log)


def _mean_of_each(groups: Iterable[str], given: str | Mapping[str, str]) -> dict[str, str]:
    """Return how each group is aggregated: by one mean, or by those given and arithmetic ones."""
    if isinstance(given, str):
        return dict.fromkeys(groups, given)
    return dict.fromkeys(groups, "arithmetic") | dict(given)
