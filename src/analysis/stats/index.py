"""A composite index as a logged pipeline that can be run again under other assumptions."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats as scipy_stats

from analysis.locale import text
from analysis.stats.inputs import as_numbers
from analysis.stats.words import figure, share_words

Array = NDArray[Any]

TOP = "index"
_NORMALISATIONS = ("minmax", "zscore", "rank", "goalposts")
_AGGREGATIONS = ("arithmetic", "geometric", "harmonic")
_IMPUTATIONS = ("none", "mean", "median")
_TREATMENTS = ("none", "winsorise")
_SKEW_LIMIT, _KURTOSIS_LIMIT, _MOST_WINSORISED = (
    2.0,
    3.5,
    5,
)  # JRC (2008) and the Global Innovation Index
_AS_GIVEN = "as given"


@dataclass(frozen=True, eq=False)
class _Plan:
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


@dataclass(frozen=True, eq=False)
class CompositeIndex:
    """Result of `composite_index`."""

    scores: pd.Series
    ranks: pd.Series
    groups: pd.DataFrame
    normalised: pd.DataFrame
    log: pd.DataFrame
    _plan: _Plan = field(repr=False)

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
            "normalise", "aggregate", "impute": lists of methods to draw from ("as given" keeps what the index uses);
            "weights": share by which every weight may go up or down (0.25 if not given).
        level : float
            Level of the intervals.

        Returns
        -------
        IndexUncertainty
            table (score, score_low, score_high, rank, rank_low, rank_high a unit), draws, ranks. The scores of a draw are
            brought to the mean and spread of the index, because scales differ between normalisations.
        """
        if n < 1 or not 0 < level < 1:
            raise ValueError(
                f"n is {n} and level {level}; give at least one draw and a level between 0 and 1"
            )
        options = _alternatives(self._plan, alternatives)
        factors = _factors(self._plan, options)
        draws = _Draws(self._plan, options, np.random.default_rng(seed).random((n, len(factors))))
        scores = draws.scores()
        ranks = _rank(scores)
        low, high = (1 - level) / 2, (1 + level) / 2
        base = self.scores.to_numpy()
        comparable = _rescaled(scores, base)
        score_low, score_high = np.quantile(comparable, [low, high], axis=0)
        rank_low, rank_high = np.quantile(ranks, [low, high], axis=0, method="closest_observation")
        table = pd.DataFrame(
            {
                "score": base, "score_low": score_low, "score_high": score_high, "rank": self.ranks.to_numpy(),
                "rank_low": rank_low.astype(int), "rank_high": rank_high.astype(int),
            },
            index=self.scores.index,
        )  # fmt: skip
        all_ranks = pd.DataFrame(ranks, columns=self.scores.index)
        return IndexUncertainty(table=table, draws=draws.table(), ranks=all_ranks, level=level)

    def sensitivity(
        self,
        n: int = 512,
        seed: int = 0,
        *,
        alternatives: Mapping[str, Any] | None = None,
        level: float = 0.95,
    ) -> IndexSensitivity:
        """Say which choice moves the ranks most: Sobol indices of the mean absolute shift in rank.

        Parameters are those of `uncertainty`; n is a power of two and the index is computed n (2 + choices) times.

        Returns
        -------
        IndexSensitivity
            table, one row a choice: first, first_low, first_high (its effect alone), total, total_low, total_high (with all it
            interacts with), as shares of the variance.
        """
        options = _alternatives(self._plan, alternatives)
        names = _factors(self._plan, options)
        base = self.ranks.to_numpy()

        def mean_shift(positions: Array) -> Array:
            ranks = _rank(_Draws(self._plan, options, positions.T).scores())
            return np.abs(ranks - base).mean(axis=1)

        return IndexSensitivity(
            table=sobol_table(mean_shift, names, n=n, seed=seed, level=level), level=level
        )

    def leave_one_out(self) -> pd.DataFrame:
        """Recompute the ranks without each indicator in turn.

        Returns
        -------
        pandas.DataFrame
            One row an indicator left out, one column a unit with its rank (missing where the unit has no other indicator),
            and `mean_shift`, the mean absolute shift in rank.
        """
        plan = self._plan
        names = list(plan.raw.columns)
        weights = {name: np.full(len(names), weight) for name, weight in plan.weights.items()}
        for i, name in enumerate(names):
            weights[name][i] = 0.0
        scores = pd.DataFrame(
            _aggregate(self.normalised.to_numpy(), plan, weights, plan.aggregate)[TOP].round(10)
        )
        ranks = scores.rank(axis=1, ascending=False, method="min").set_axis(
            pd.Index(names, name="left_out")
        )
        ranks = ranks.set_axis(self.scores.index, axis=1)
        shift = (ranks - self.ranks.to_numpy()).abs().mean(axis=1)
        return ranks.astype("Int64").assign(mean_shift=shift)

    def summary(self, language: str = "en") -> str:
        """Say in one sentence what the index is and what its order hangs on."""
        shift = float(self.leave_one_out()["mean_shift"].max())
        return text(
            "stats_index",
            language,
            units=len(self.scores),
            indicators=self.normalised.shape[1],
            shift=figure(shift, language),
        )


@dataclass(frozen=True, eq=False)
class IndexUncertainty:
    """Result of `CompositeIndex.uncertainty`."""

    table: pd.DataFrame
    draws: pd.DataFrame
    ranks: pd.DataFrame
    level: float

    def summary(self, language: str = "en") -> str:
        """Say in one sentence how far ranks hang on choices of method."""
        widths = self.table["rank_high"] - self.table["rank_low"]
        fixed = int((widths == 0).sum())
        values = {
            "draws": len(self.ranks),
            "units": len(widths),
            "fixed": fixed,
            "widest": int(widths.max()),
        }
        return text(
            "stats_index_uncertainty", language, **values, level=share_words(self.level, language)
        )


@dataclass(frozen=True, eq=False)
class IndexSensitivity:
    """Result of `CompositeIndex.sensitivity`."""

    table: pd.DataFrame
    level: float

    def summary(self, language: str = "en") -> str:
        """Say in one sentence which choice matters most."""
        row = self.table.loc[self.table["total"].idxmax()]
        numbers = {
            name: figure(float(row[name]), language, digits=2)
            for name in ("total", "total_low", "total_high")
        }
        level = share_words(self.level, language)
        return text(
            "stats_index_sensitivity", language, factor=str(row.name), level=level, **numbers
        )


def _read_structure(
    structure: Mapping[str, Any] | pd.DataFrame,
) -> tuple[dict[str, list[str]], dict[str, float], dict[str, int]]:
    """Give the members of each group from the bottom up, the weight of each member, and directions if they are given."""
    groups: dict[str, list[str]] = {}
    weights: dict[str, float] = {}
    if isinstance(structure, pd.DataFrame):
        rows = structure.set_index("name")
        weights = (
            rows["weight"].astype(float).to_dict()
            if "weight" in rows
            else dict.fromkeys(rows.index, 1.0)
        )
        direction = rows["direction"].dropna().astype(int).to_dict() if "direction" in rows else {}
        parents = rows["parent"].fillna(TOP).replace("", TOP)
        for parent in _bottom_up(parents.to_dict()):
            groups[parent] = parents.index[parents == parent].tolist()
        return groups, weights, direction

    def walk(name: str, members: Any) -> None:
        names = list(members)
        for member in names:
            inner = members[member] if isinstance(members, Mapping) else 1.0
            weights[member] = float(inner) if isinstance(inner, Real) else 1.0
            if not isinstance(inner, Real):
                walk(member, inner)
        if name in groups or len(set(names)) < len(names):
            raise ValueError(
                f"the group {name!r} or one of its members occurs twice in the structure"
            )
        groups[name] = names

    walk(TOP, structure)
    return groups, weights, {}


def _bottom_up(parents: dict[str, str]) -> list[str]:
    depth: dict[str, int] = {}
    for name in set(parents.values()):
        steps, at = 0, name
        while at in parents:
            steps, at = steps + 1, parents[at]
            if steps > len(parents):
                raise ValueError(f"the group {name!r} is its own ancestor in the structure")
        depth[name] = steps
    return sorted(depth, key=lambda name: (-depth[name], name))


def _known(name: str, given: str, known: Sequence[str]) -> None:
    if given not in known:
        raise ValueError(f"{name} {given!r} is not known; use one of {', '.join(known)}")


def _imputed(raw: pd.DataFrame, method: str) -> pd.DataFrame:
    if method == "none":
        return raw
    return raw.fillna(raw.mean() if method == "mean" else raw.median())


def _winsorised(column: pd.Series) -> tuple[pd.Series, int]:
    """Pull in the most extreme value again and again while a column is very skewed and heavy-tailed."""
    values = column.copy()
    for done in range(_MOST_WINSORISED + 1):
        known = values.dropna()
        if known.nunique() < 3:
            return values, done
        skew, kurtosis = (
            scipy_stats.skew(known, bias=False),
            scipy_stats.kurtosis(known, bias=False) if len(known) > 3 else 0.0,
        )
        if done == _MOST_WINSORISED or abs(skew) <= _SKEW_LIMIT or kurtosis <= _KURTOSIS_LIMIT:
            return values, done
        outer = known.max() if skew > 0 else known.min()
        inner = known[known != outer].max() if skew > 0 else known[known != outer].min()
        values = values.clip(upper=inner) if skew > 0 else values.clip(lower=inner)
    return values, _MOST_WINSORISED


def _treated(values: pd.DataFrame, method: str) -> tuple[pd.DataFrame, dict[str, int]]:
    if method == "none":
        return values, {}
    columns = {name: _winsorised(values[name]) for name in values}
    return pd.DataFrame({name: column for name, (column, _) in columns.items()}), {
        k: n for k, (_, n) in columns.items() if n
    }


def _normalised(values: pd.DataFrame, plan: _Plan, method: str) -> Array:
    """Bring every indicator to one scale on which more is better."""
    x = values.to_numpy() * [plan.direction[name] for name in values]
    low, high = plan.scale
    if method == "zscore":
        deviation = np.nanstd(x, axis=0)
        return 50 + 10 * (x - np.nanmean(x, axis=0)) / np.where(deviation > 0, deviation, 1)
    if method == "rank":
        return scipy_stats.rankdata(x, axis=0, nan_policy="omit")
    if method == "goalposts":
        posts = np.array([plan.goalposts[name] for name in values]).T
        share = ((values.to_numpy() - posts[0]) / (posts[1] - posts[0])).clip(0, 1)
    else:
        span = np.nanmax(x, axis=0) - np.nanmin(x, axis=0)
        share = np.where(
            span > 0,
            (x - np.nanmin(x, axis=0)) / np.where(span > 0, span, 1),
            np.where(np.isnan(x), np.nan, 0.5),
        )
    return low + share * (high - low)


_FORWARD: dict[str, Callable[[Array], Array]] = {
    "arithmetic": lambda x: x,
    "geometric": np.log,
    "harmonic": np.reciprocal,
}
_BACK: dict[str, Callable[[Array], Array]] = {
    "arithmetic": lambda x: x,
    "geometric": np.exp,
    "harmonic": np.reciprocal,
}


def _aggregate(
    normalised: Array, plan: _Plan, weights: Mapping[str, Array], how: Mapping[str, str]
) -> dict[str, Array]:
    """Give the scores of every group, draws in rows and units in columns; a member without a value takes no weight."""
    scores: dict[str, Array] = {
        name: normalised[None, :, i] for i, name in enumerate(plan.raw.columns)
    }
    for group, members in plan.groups.items():
        method = how[group]
        total, weight = np.zeros(1), np.zeros(1)
        for member in members:
            x = scores[member]
            if method != "arithmetic" and (x <= 0).any():
                raise ValueError(
                    f"a {method} mean needs positive scores, and {member!r} has some of 0 or less; use scale=(1, 100)"
                )
            w = np.atleast_1d(weights[member])[:, None]
            there = ~np.isnan(x)
            total = total + np.where(there, w * _FORWARD[method](np.where(there, x, 1.0)), 0.0)
            weight = weight + np.where(there, w, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            scores[group] = np.where(weight > 0, _BACK[method](total / weight), np.nan)
    return scores


def _rank(scores: Array) -> Array:
    return scipy_stats.rankdata(-scores.round(10), method="min", axis=1).astype(int)


def _rescaled(scores: Array, like: Array) -> Array:
    spread = scores.std(axis=1, keepdims=True)
    return (
        like.mean()
        + (scores - scores.mean(axis=1, keepdims=True))
        / np.where(spread > 0, spread, 1)
        * like.std()
    )


def _alternatives(plan: _Plan, given: Mapping[str, Any] | None) -> dict[str, Any]:
    scale = ["goalposts"] if plan.goalposts else ["minmax"]
    gaps = bool(plan.raw.isna().any(axis=None))
    means = [mean for mean in ("arithmetic", "geometric") if set(plan.aggregate.values()) != {mean}]
    options: dict[str, Any] = {
        "normalise": [*scale, "zscore", "rank"], "aggregate": [_AS_GIVEN, *means],
        "impute": list(_IMPUTATIONS) if gaps else [plan.impute], "weights": 0.25,
    }  # fmt: skip
    given = dict(given or {})
    if unknown := set(given) - set(options):
        raise ValueError(
            f"alternatives has {', '.join(sorted(unknown))}; it takes {', '.join(options)}"
        )
    options |= given
    for name, known in (
        ("normalise", _NORMALISATIONS),
        ("aggregate", _AGGREGATIONS),
        ("impute", _IMPUTATIONS),
    ):
        options[name] = [
            getattr(plan, name) if name != "aggregate" and o == _AS_GIVEN else o
            for o in options[name]
        ]
        for option in options[name]:
            _known(name, option, (*known, _AS_GIVEN))
    if not 0 <= options["weights"] < 1:
        raise ValueError(
            f"weights may go up or down by a share of 0 or more and below 1; found {options['weights']}"
        )
    return options


def _factors(plan: _Plan, options: dict[str, Any]) -> list[str]:
    weighted = [
        f"weight: {m}"
        for members in plan.groups.values()
        if len(members) > 1
        for m in members
        if options["weights"] > 0
    ]
    return [
        name for name in ("normalise", "aggregate", "impute") if len(options[name]) > 1
    ] + weighted


class _Draws:
    """Choices drawn from positions in 0..1, and the scores they lead to, all draws of one method at once."""

    def __init__(self, plan: _Plan, options: dict[str, Any], positions: Array):
        self.plan, self.options = plan, options
        columns = dict(zip(_factors(plan, options), positions.T, strict=True))
        n = len(positions)
        self.choices = {
            name: (columns[name] * len(options[name])).astype(int).clip(max=len(options[name]) - 1)
            if name in columns
            else np.zeros(n, dtype=int)
            for name in ("normalise", "aggregate", "impute")
        }
        spread = options["weights"]
        self.weights = {
            name: weight * (1 + spread * (2 * columns.get(f"weight: {name}", np.full(n, 0.5)) - 1))
            for name, weight in plan.weights.items()
        }

    def scores(self) -> Array:
        """Give the scores, draws in rows and units in columns."""
        keys = np.stack(
            [self.choices[name] for name in ("normalise", "impute", "aggregate")], axis=1
        )
        result = np.empty((len(keys), len(self.plan.raw)))
        for normalise, impute, aggregate in np.unique(keys, axis=0):
            rows = np.flatnonzero((keys == (normalise, impute, aggregate)).all(axis=1))
            values, _ = _treated(
                _imputed(self.plan.raw, self.options["impute"][impute]), self.plan.outliers
            )
            normalised = _normalised(values, self.plan, self.options["normalise"][normalise])
            method = self.options["aggregate"][aggregate]
            how = (
                self.plan.aggregate
                if method == _AS_GIVEN
                else dict.fromkeys(self.plan.groups, method)
            )
            weights = {name: weight[rows] for name, weight in self.weights.items()}
            result[rows] = _aggregate(normalised, self.plan, weights, how)[TOP]
        return result

    def table(self) -> pd.DataFrame:
        """Give the choices of every draw."""
        named = {
            name: np.array(self.options[name])[chosen] for name, chosen in self.choices.items()
        }
        return pd.DataFrame(
            named | {f"weight: {name}": weight for name, weight in self.weights.items()}
        )


def _saltelli(f_a: Array, f_b: Array, f_ab: Array) -> tuple[Array, Array]:
    """Give the first and total indices, outputs in rows and inputs in columns (Saltelli et al. 2010, table 2, b and f)."""
    variance = np.var([f_a, f_b], axis=(0, -1))
    return (f_b * (f_ab - f_a)).mean(axis=-1).T / variance, ((f_a - f_ab) ** 2).mean(axis=-1).T / (
        2 * variance
    )


def sobol_table(
    function: Callable[[Array], Array],
    names: Sequence[str],
    *,
    n: int = 512,
    seed: int = 0,
    level: float = 0.95,
) -> pd.DataFrame:
    """Give the Sobol indices of a function of independent uniform inputs in 0..1, with bootstrap intervals (Saltelli 2010).

    Do not use it for inputs that depend on each other, nor read small indices from few draws: look at the intervals.

    Parameters
    ----------
    function : callable
        Takes an array (inputs, draws) and returns an array (draws).
    names : sequence of str
        The inputs.
    n, seed : int
        Draws (a power of two), seed.
    level : float
        Level of the intervals.

    Returns
    -------
    pandas.DataFrame
        One row an input: first, first_low, first_high, total, total_low, total_high.

    Examples
    --------
    >>> sobol_table(lambda x: x[0] + 0 * x[1], ["matters", "does not"])["total"].round(2).tolist()
    [1.0, 0.0]
    """
    uniform = [scipy_stats.uniform()] * max(
        2, len(names)
    )  # scipy needs two inputs: a second one without effect joins a single one
    if n < 2 or n & (n - 1):
        raise ValueError(f"n is {n}; give a power of two, such as 512")
    if function(np.random.default_rng(seed).random((len(names), 64))).std() == 0:
        return pd.DataFrame(0.0, index=pd.Index(names, name="factor"), columns=_SOBOL_COLUMNS)
    drawn: list[tuple[Array, ...]] = []

    def saltelli(f_A: Array, f_B: Array, f_AB: Array) -> tuple[Array, Array]:
        drawn.append((f_A, f_B, f_AB))
        return _saltelli(f_A, f_B, f_AB)

    generator = np.random.default_rng(seed)
    found = scipy_stats.sobol_indices(
        func=lambda x: function(x[: len(names)]), n=n, dists=uniform, method=saltelli, rng=generator
    )
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter(
            "ignore", RuntimeWarning
        )  # no interval for an input without any effect
        bounds = scipy_stats.bootstrap(
            [np.arange(n)], lambda rows: np.stack(_saltelli(*(values[..., rows] for values in drawn[0])))[:, 0],
            confidence_level=level, n_resamples=199, rng=generator,
        ).confidence_interval  # fmt: skip
    columns = [
        found.first_order,
        bounds.low[0],
        bounds.high[0],
        found.total_order,
        bounds.low[1],
        bounds.high[1],
    ]
    table = pd.DataFrame(
        {name: column[: len(names)] for name, column in zip(_SOBOL_COLUMNS, columns, strict=True)},
        index=pd.Index(names, name="factor"),
    )
    for name in ("first", "total"):
        for end in ("low", "high"):
            table[f"{name}_{end}"] = table[f"{name}_{end}"].fillna(table[name])
    return table


_SOBOL_COLUMNS = ["first", "first_low", "first_high", "total", "total_low", "total_high"]


def _prepared(
    frame: pd.DataFrame,
    names: list[str],
    denominators: Mapping[str, str],
    logs: Sequence[str],
    min_coverage: float,
) -> tuple[pd.DataFrame, list[tuple[str, str]]]:
    """Take the indicators, divide, take logarithms, and leave out units with too little; say what was done."""
    if missing := [name for name in [*names, *denominators.values()] if name not in frame]:
        raise ValueError(f"the frame has no column {', '.join(map(repr, missing))}")
    raw = pd.DataFrame(as_numbers(frame[names]), frame.index, names)
    if np.isinf(raw.to_numpy()).any():
        raise ValueError(
            f"{', '.join(repr(name) for name in raw if np.isinf(raw[name]).any())} holds an infinite number"
        )
    steps = []
    for name, by in denominators.items():
        divisor = as_numbers(frame[by])
        if (divisor <= 0).any():
            raise ValueError(f"{name!r} is divided by {by!r}, which has values of 0 or less")
        raw[name] = raw[name] / divisor
        steps.append(("denominate", f"{name} divided by {by}"))
    for name in logs:
        if (raw[name] <= 0).any():
            raise ValueError(
                f"the logarithm of {name!r} is asked for, and it has values of 0 or less"
            )
        raw[name] = np.log(raw[name])
        steps.append(("denominate", f"logarithm of {name}"))
    coverage = raw.notna().mean(axis=1)
    kept = (coverage >= min_coverage) & (coverage > 0)
    steps += [
        ("screen", f"{unit} left out: {share:.0%} of the indicators")
        for unit, share in coverage[~kept].items()
    ]
    raw = raw[kept]
    if len(raw) < 2:
        raise ValueError(
            f"found {len(raw)} units with enough indicators; an index compares at least two"
        )
    if empty := [name for name in raw if raw[name].isna().all()]:
        raise ValueError(f"no unit has a value of {', '.join(map(repr, empty))}")
    return raw, steps


def _run(plan: _Plan, steps: list[tuple[str, str]]) -> CompositeIndex:
    values = _imputed(plan.raw, plan.impute)
    gaps = plan.raw.isna().sum()
    steps += [("impute", f"{name}: {n} missing, {plan.impute}") for name, n in gaps.items() if n]
    values, treated = _treated(values, plan.outliers)
    steps += [
        ("treat outliers", f"{name}: {n} steps of winsorising") for name, n in treated.items()
    ]
    steps += [
        ("direction", f"{name} turned round") for name, sign in plan.direction.items() if sign < 0
    ]
    steps.append(("normalise", plan.normalise))
    normalised = _normalised(values, plan, plan.normalise)
    weights = {name: np.array([weight]) for name, weight in plan.weights.items()}
    scores = _aggregate(normalised, plan, weights, plan.aggregate)
    for group, members in plan.groups.items():
        shares = ", ".join(
            f"{m} {plan.weights[m] / sum(plan.weights[x] for x in members):.3g}" for m in members
        )
        steps.append(("aggregate", f"{group}: {plan.aggregate[group]} mean of {shares}"))
    units = plan.raw.index
    return CompositeIndex(
        scores=pd.Series(scores[TOP][0], units, name=TOP), ranks=pd.Series(_rank(scores[TOP])[0], units, name="rank"),
        groups=pd.DataFrame({group: scores[group][0] for group in plan.groups if group != TOP}, index=units),
        normalised=pd.DataFrame(normalised, index=units, columns=plan.raw.columns),
        log=pd.DataFrame(steps, columns=["step", "done"]), _plan=plan,
    )  # fmt: skip


def composite_index(
    frame: pd.DataFrame,
    *,
    structure: Mapping[str, Any] | pd.DataFrame,
    weights: Mapping[str, float] | None = None,
    direction: Mapping[str, int] | None = None,
    denominators: Mapping[str, str] | None = None,
    logs: Sequence[str] = (),
    min_coverage: float = 2 / 3,
    impute: str = "none",
    outliers: str = "winsorise",
    normalise: str | None = None,
    goalposts: Mapping[str, tuple[float, float]] | None = None,
    scale: tuple[float, float] = (1.0, 100.0),
    aggregate: str | Mapping[str, str] = "arithmetic",
) -> CompositeIndex:
    """Build a composite index, each step logged, in the manner of the OECD and JRC handbook (Nardo et al. 2008).

    Do not use it where indicators are missing for reasons (what is not published is not average), for things that do
    not add up to one idea (turnout is participation, not openness), or to publish a rank without its interval. An index
    of regions of Kazakhstan is not built by this suite: most have no total of appeals and no count of meetings.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row a unit (its name is the index), columns of indicators and denominators.
    structure : mapping or pandas.DataFrame
        {"group": ["indicator", ...]} with groups in groups as deep as need be, or {"indicator": weight} as the members;
        or a table with columns name, parent (empty: the index), and if wanted weight and direction.
    weights : mapping, optional
        Weight of an indicator or group within its group, for those that differ from the structure (1 if not given).
    direction : mapping, optional
        -1 for indicators of which less is better.
    denominators : mapping, optional
        {"indicator": "column to divide by"}.
    logs : sequence of str
        Indicators to take the logarithm of (after dividing).
    min_coverage : float
        Units with a smaller share of the indicators are left out.
    impute : {"none", "mean", "median"}
        "none" lets the indicators that are there take the weight of those that are not.
    outliers : {"winsorise", "none"}
        Pull in extreme values of indicators with skewness above 2 and kurtosis above 3.5, at most five times each.
    normalise : {"minmax", "zscore", "rank", "goalposts"}, optional
        "minmax" if there are no goalposts. z-scores have mean 50 and standard deviation 10.
    goalposts : mapping, optional
        {"indicator": (worst, best)} on its own scale, before logarithms; scores are cut at both.
    scale : tuple of float
        Scores of the worst and the best unit (or goalpost); from 1, so that geometric means are defined.
    aggregate : {"arithmetic", "geometric", "harmonic"} or mapping
        One for all groups, or {"group": method}, with "index" for the top.

    Returns
    -------
    CompositeIndex
        scores, ranks (1 is best, equal scores share a rank), groups, normalised, log, and the methods uncertainty,
        sensitivity and leave_one_out.

    Raises
    ------
    ValueError
        For columns that are not there, structures that contradict themselves, unknown methods, infinite values, denominators
        of 0 or less, and means that do not exist.

    Examples
    --------
    >>> data = pd.DataFrame({"books": [3, 9, 6], "crimes": [5, 1, 3], "parks": [2, 4, 9]}, index=["a", "b", "c"])
    >>> result = composite_index(data, structure={"culture": ["books", "parks"], "safety": ["crimes"]}, direction={"crimes": -1})
    >>> result.ranks.to_dict()
    {'a': 3, 'b': 1, 'c': 2}
    """
    groups, all_weights, told = _read_structure(structure)
    indicators = [
        member for members in groups.values() for member in members if member not in groups
    ]
    if len(set(indicators)) < len(indicators) or len(indicators) < 2:
        raise ValueError(
            "an index needs at least two indicators, each in one group; the structure has one, or one in two groups"
        )
    normalise = normalise or ("goalposts" if goalposts else "minmax")
    how = (
        dict.fromkeys(groups, "arithmetic") | dict(aggregate)
        if isinstance(aggregate, Mapping)
        else dict.fromkeys(groups, aggregate)
    )
    signs = dict.fromkeys(indicators, 1) | told | dict(direction or {})
    all_weights |= weights or {}
    _check_plan(groups, indicators, all_weights, signs, how, normalise, goalposts or {})
    _known("impute", impute, _IMPUTATIONS)
    _known("outliers", outliers, _TREATMENTS)
    raw, steps = _prepared(frame, indicators, denominators or {}, logs, min_coverage)
    posts = {
        k: (float(np.log(v[0])), float(np.log(v[1]))) if k in logs else (v[0], v[1])
        for k, v in (goalposts or {}).items()
    }
    plan = _Plan(
        raw=raw, groups=groups, weights=all_weights, direction={k: signs[k] for k in indicators}, impute=impute, outliers=outliers,
        normalise=normalise, goalposts=posts, scale=scale, aggregate=how,
    )  # fmt: skip
    return _run(plan if normalise != "goalposts" else replace(plan, outliers="none"), steps)


def _check_plan(
    groups: dict[str, list[str]], indicators: list[str], weights: dict[str, float], signs: dict[str, int], how: dict[str, str],
    normalise: str, goalposts: Mapping[str, Any],
) -> None:  # fmt: skip
    names = {*groups, *indicators}
    for what, given in (
        ("weights", weights),
        ("direction", signs),
        ("aggregate", how),
        ("goalposts", goalposts),
    ):
        if unknown := sorted(set(given) - names):
            raise ValueError(
                f"{what} names {', '.join(map(repr, unknown))}, which the structure does not"
            )
    if any(sign not in (-1, 1) for sign in signs.values()):
        raise ValueError("a direction is 1 or -1")
    if any(weight < 0 for weight in weights.values()) or any(
        sum(weights[m] for m in members) <= 0 for members in groups.values()
    ):
        raise ValueError("weights must be 0 or more, and above 0 in sum within each group")
    _known("normalise", normalise, _NORMALISATIONS)
    for method in how.values():
        _known("aggregate", method, _AGGREGATIONS)
    if normalise == "goalposts" and (missing := sorted(set(indicators) - set(goalposts))):
        raise ValueError(f"no goalposts are given for {', '.join(map(repr, missing))}")
