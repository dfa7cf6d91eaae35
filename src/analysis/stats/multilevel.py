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
        return between / (between + self.sd_residual**2)

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
        value, low, high = (self._printed(row[c], language) for c in ("estimate", "low", "high"))
        return text("stats_between", language, value=value, low=low, high=high)

    def _printed(self, value: float, language: str) -> str:
        if self.scale == "logit":
            return share_words(round(float(value), 3), language)
        return figure(float(value), language)


def _long(frame: pd.DataFrame, scale: str) -> pd.DataFrame:
    values = as_numbers(frame)
    if np.isinf(values).any():
        raise ValueError("the frame holds an infinite number; give finite numbers, or NaN")
    if scale == "logit":
        outside = (values <= 0) | (values >= 1)
        if outside.any():
            raise ValueError(
                f"found a share of {values[outside][0]:g}; shares must lie between 0 and 1, "
                "both excluded, or use scale='identity'"
            )
        values = special.logit(values)
    unit, vote = np.nonzero(~np.isnan(values))
    long = pd.DataFrame({"unit": unit, "vote": vote, "y": values[unit, vote]})
    counts = long["unit"].value_counts()
    if len(counts) < len(frame) or frame.shape[1] < _FEWEST_VALUES:
        raise ValueError("each unit needs a value, and the frame two columns; leave out the others")
    if len(frame) < _FEWEST_UNITS:
        raise ValueError(
            f"found {len(frame)} units; a multilevel model needs at least {_FEWEST_UNITS}"
        )
    if len(long) < len(frame) + frame.shape[1]:
        raise ValueError("too few values are known to tell units from votes")
    return long


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
    between, within = float(fit.cov_re.iloc[0, 0]), float(fit.scale)
    residual = long["y"] - np.asarray(fit.fe_params)[long["vote"]]
    means = residual.groupby(long["unit"]).mean().to_numpy()
    counts = long["unit"].value_counts().sort_index().to_numpy()
    units = len(means)
    pulled = within / (within + counts * between)
    effects = (1 - pulled) * means
    own = within / counts * (1 - pulled)
    of_mean = pulled**2 * (between + within / counts) / units
    unsure = 2 / (units - 3) * pulled**2 * means**2
    of_variance = pulled * within / counts * 2 / (units - 3)
    return effects, own + of_mean + unsure + of_variance


def _ranks(effects: Array, variances: Array, *, draws: int, seed: int, level: float) -> Array:
    """Return rank, lowest and highest rank of each unit; 1 is the highest value."""
    generator = np.random.default_rng(seed)
    drawn = effects + np.sqrt(variances) * generator.normal(size=(draws, len(effects)))
    ranks = scipy_stats.rankdata(-drawn, axis=1)
    tails = [(1 - level) / 2, (1 + level) / 2]
    low, high = np.quantile(ranks, tails, axis=0, method="closest_observation")
    own = scipy_stats.rankdata(-effects, method="min")
    return np.column_stack([own, low, high]).astype(int)


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
    se = np.sqrt(variances)
    fixed = np.asarray(fit.fe_params)
    reach = scipy_stats.t.ppf((1 + level) / 2, len(frame) - 1) * se
    back = special.expit if scale == "logit" else np.asarray
    middle = fixed.mean() + effects
    columns = {"n": frame.notna().sum(axis=1).to_numpy(), "mean": frame.mean(axis=1).to_numpy()}
    columns |= {"effect": effects, "se": se, "estimate": back(middle)}
    columns |= {"low": back(middle - reach), "high": back(middle + reach)}
    ranks = _ranks(effects, variances, draws=draws, seed=seed, level=level)
    columns |= dict(zip(("rank", "rank_low", "rank_high"), ranks.T, strict=True))
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
