"""Shares of regions over votes as a multilevel model: shrunken effects and intervals for ranks."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special
from scipy import stats as scipy_stats

from analysis.locale import text
from analysis.stats._level import t_quantile, tails
from analysis.stats._validate import check_labels, check_level, check_option, check_whole
from analysis.stats.inputs import as_numbers
from analysis.stats.words import figure, share_words

Array = NDArray[Any]

_SCALES = ("logit", "identity")
_FEWEST_UNITS = 6
_FEWEST_VALUES = 2


@dataclass(frozen=True, eq=False)
class Multilevel:
    """Result of `multilevel`: `table` has one row for each unit."""

    table: pd.DataFrame
    sd_unit: float
    sd_residual: float
    votes: pd.Series
    log_likelihood: float
    scale: str
    level: float
    draws: int

    @property
    def share_between(self) -> float:
        """The share of the variance that lies between units rather than within them."""
        between = self.sd_unit**2
        within = self.sd_residual**2
        total = between + within
        return between / total

    def summary(self, language: str = "en") -> str:
        """Return who is highest and lowest after shrinkage, and how wide the ranks are."""
        rows = self.table.sort_values("rank")
        first, last = rows.iloc[0], rows.iloc[-1]
        widths = self.table["rank_high"] - self.table["rank_low"] + 1
        return text(
            "stats_multilevel",
            language,
            n=len(rows),
            votes=len(self.votes),
            first=first.name,
            last=last.name,
            first_value=self._with_interval(first, language),
            last_value=self._with_interval(last, language),
            between=share_words(round(self.share_between, 2), language),
            width=figure(float(widths.median()), language),
            level=share_words(self.level, language),
        )

    def _with_interval(self, row: pd.Series, language: str) -> str:
        return text(
            "stats_between",
            language,
            value=self._printed(row["estimate"], language),
            low=self._printed(row["low"], language),
            high=self._printed(row["high"], language),
        )

    def _printed(self, value: float, language: str) -> str:
        number = float(value)
        if self.scale == "logit":
            return share_words(round(number, 3), language)
        return figure(number, language)


def _long(frame: pd.DataFrame, scale: str) -> pd.DataFrame:
    """Return the known values on the scale of the model, one row for each unit and vote."""
    values = as_numbers(frame)
    if np.isinf(values).any():
        raise ValueError("the frame holds an infinite number; give finite numbers, or NaN")
    if scale == "logit":
        values = _logits(values)
    unit, vote = np.nonzero(~np.isnan(values))
    columns = {
        "unit": unit,
        "vote": vote,
        "y": values[unit, vote],
    }
    long = pd.DataFrame(columns)
    _check_known(long, *frame.shape)
    return long


def _logits(shares: Array) -> Array:
    outside = (shares <= 0) | (shares >= 1)
    if outside.any():
        raise ValueError(
            f"found a share of {shares[outside][0]:g}; shares must lie between 0 and 1, "
            "both excluded, or use scale='identity'"
        )
    return special.logit(shares)


def _check_known(long: pd.DataFrame, units: int, votes: int) -> None:
    if long["unit"].nunique() < units or votes < _FEWEST_VALUES:
        raise ValueError("each unit needs a value, and the frame two columns; leave out the others")
    if units < _FEWEST_UNITS:
        raise ValueError(f"found {units} units; a multilevel model needs at least {_FEWEST_UNITS}")
    if len(long) < units + votes:
        raise ValueError("too few values are known to tell units from votes")


def _fit(long: pd.DataFrame) -> Any:
    import statsmodels.api as sm

    design = pd.get_dummies(long["vote"], dtype=float)
    model = sm.MixedLM(long["y"], design, groups=long["unit"])
    with warnings.catch_warnings():
        # A variance of 0 between units lies on the border and is a result, not a failure.
        warnings.simplefilter("ignore")
        try:
            return model.fit(reml=True, method=["lbfgs", "powell"])
        except np.linalg.LinAlgError:
            return model.fit(reml=True, method=["powell"])


def _effects(long: pd.DataFrame, fit: Any) -> tuple[Array, Array]:
    """Return shrunken effects of units and their variances.

    The variances include what the estimated shrinkage adds (Morris 1983, section 4).
    """
    between = float(fit.cov_re.iloc[0, 0])
    within = float(fit.scale)
    of_vote = np.asarray(fit.fe_params)[long["vote"]]
    by_unit = (long["y"] - of_vote).groupby(long["unit"])
    means = by_unit.mean().to_numpy()
    counts = by_unit.size().to_numpy()
    units = len(means)

    pulled = within / (within + counts * between)
    effects = (1 - pulled) * means
    of_effect = within / counts * (1 - pulled)
    of_mean = pulled**2 * (between + within / counts) / units
    of_pull = 2 / (units - 3) * pulled**2 * means**2
    of_variance = pulled * within / counts * 2 / (units - 3)
    variances = of_effect + of_mean + of_pull + of_variance
    return effects, variances


def _ranks(
    effects: Array, variances: Array, *, draws: int, seed: int, level: float
) -> dict[str, Array]:
    """Return rank, lowest and highest rank of each unit; 1 is the highest value."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(size=(draws, len(effects)))
    drawn = effects + np.sqrt(variances) * noise
    ranks = scipy_stats.rankdata(-drawn, axis=1)
    low, high = np.quantile(ranks, tails(level), axis=0, method="closest_observation")

    rank = scipy_stats.rankdata(-effects, method="min")
    return {
        "rank": rank.astype(int),
        "rank_low": low.astype(int),
        "rank_high": high.astype(int),
    }


def _estimates(middle: Array, se: Array, *, scale: str, level: float) -> dict[str, Array]:
    """Return the values at the average vote with their intervals, as they were measured."""
    reach = t_quantile(level, len(middle) - 1) * se
    as_measured = special.expit if scale == "logit" else np.asarray
    return {
        "estimate": as_measured(middle),
        "low": as_measured(middle - reach),
        "high": as_measured(middle + reach),
    }


def multilevel(
    frame: pd.DataFrame,
    *,
    scale: str = "logit",
    level: float = 0.95,
    draws: int = 4000,
    seed: int = 0,
) -> Multilevel:
    """Model shares of units over votes: votes fixed, units random, normal on the logit scale.

    Fitted by restricted maximum likelihood (statsmodels' MixedLM). Each unit's effect is pulled
    towards 0 the more, the less its votes agree (Laird and Ware 1982), and ranks come with
    intervals from draws of the effects (Goldstein and Spiegelhalter 1996).

    Do not use it to call a region's place its own doing, with one unit far out (effects are taken
    as normal: leave it out and compare), for votes that units answered differently (a unit's effect
    is taken as the same in all), or to publish a rank without its interval. Turnout is counted, not
    sampled: the intervals are about another vote of the same kind.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each unit (region), one column for each vote; missing values are left out.
    scale : {"logit", "identity"}
        "logit" for shares strictly between 0 and 1, "identity" for other measures.
    level : float
        Level of the intervals of estimates and ranks.
    draws, seed : int
        Draws of all effects for the ranks.

    Returns
    -------
    Multilevel
        table (by unit: n, mean, effect on the scale of the model, se, estimate at the average vote,
        low, high, rank, rank_low, rank_high; 1 is the highest), sd_unit and sd_residual (on the
        scale of the model), votes (their fixed effects), log_likelihood (restricted), share_between
        (intraclass correlation), scale, level, draws.

    Raises
    ------
    UnknownName
        For a scale that does not exist.
    ValueError
        For shares of 0 or 1, fewer than six units or two votes, a unit without a value, labels that
        occur twice.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> logits = rng.normal(0, 1, (8, 1)) + rng.normal(0, 0.2, (8, 4))
    >>> votes = pd.DataFrame(1 / (1 + np.exp(-logits)), index=list("abcdefgh"))
    >>> result = multilevel(votes)
    >>> bool((result.table["rank_low"] <= result.table["rank"]).all())
    True
    """
    check_level(level)
    check_option("scale", scale, _SCALES)
    check_whole("draws", draws, 2)
    check_labels(frame.index, "the frame")

    long = _long(frame, scale)
    fit = _fit(long)
    effects, variances = _effects(long, fit)

    fixed = np.asarray(fit.fe_params)
    columns = {
        "n": frame.notna().sum(axis=1).to_numpy(),
        "mean": frame.mean(axis=1).to_numpy(),
        "effect": effects,
        "se": np.sqrt(variances),
    }
    columns |= _estimates(fixed.mean() + effects, np.sqrt(variances), scale=scale, level=level)
    columns |= _ranks(effects, variances, draws=draws, seed=seed, level=level)
    return Multilevel(
        table=pd.DataFrame(columns, index=frame.index),
        sd_unit=float(fit.cov_re.iloc[0, 0]) ** 0.5,
        sd_residual=float(fit.scale) ** 0.5,
        votes=pd.Series(fixed, frame.columns, name="effect"),
        log_likelihood=float(fit.llf),
        scale=scale,
        level=level,
        draws=draws,
    )
