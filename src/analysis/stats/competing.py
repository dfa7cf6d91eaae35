"""Which outcome a case ends with, and when: cumulative incidence and Cox regression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats as scipy_stats

from analysis.locale import text
from analysis.stats._incidence import standard_error
from analysis.stats._level import normal_quantile, t_quantile
from analysis.stats._validate import check_columns, check_level, check_option
from analysis.stats._waiting import Waits, bound_of_all, read_waits
from analysis.stats.response import DEADLINE_DAYS
from analysis.stats.words import figure, p_words, share_words

Array = NDArray[Any]

_TIES = ("efron", "breslow")
_FEWEST_EVENTS_EACH = 10
_FEWEST_CLUSTERS = 30


@dataclass(frozen=True, eq=False)
class CompetingOutcomes:
    """Result of `competing_outcomes`: `table` by group and outcome, `curves` by day."""

    table: pd.DataFrame
    curves: pd.DataFrame
    deadline: float
    as_of: Any
    level: float
    n_dropped: int

    def summary(self, language: str = "en") -> str:
        """Return the share that had ended with each outcome by the deadline."""
        deadline = figure(self.deadline, language)
        level = share_words(self.level, language)
        sentences = []
        for group, rows in self.table.groupby(level="group", sort=False):
            parts = [self._part(row, language) for _, row in rows.iterrows()]
            sentence = text(
                "stats_competing_one" if group == "all" else "stats_competing_group",
                language,
                group=str(group),
                n=int(rows["n"].iloc[0]),
                open=int(rows["open"].iloc[0]),
                parts="; ".join(parts),
                deadline=deadline,
                level=level,
            )
            sentences.append(sentence)
        return " ".join(sentences)

    def _part(self, row: pd.Series, language: str) -> str:
        outcome = row.name[1]
        if np.isnan(row["share"]):
            return f"{outcome}: {text('no_data', language)}"
        columns = ("share", "share_low", "share_high")
        rounded = [round(float(row[column]), 3) for column in columns]
        share, low, high = (share_words(value, language) for value in rounded)
        part = text(
            "stats_competing_part",
            language,
            share=share,
            low=low,
            high=high,
        )
        return f"{outcome} {part}"


@dataclass(frozen=True, eq=False)
class WaitRegression:
    """Result of `wait_regression`: `table` has one row for each term."""

    table: pd.DataFrame
    event: str
    n: int
    n_events: int
    n_clusters: int
    ties: str
    level: float
    n_dropped: int

    def summary(self, language: str = "en") -> str:
        """Return the hazard ratio of each term with its interval, and what it rests on."""
        parts = [self._term(row, language) for _, row in self.table.iterrows()]
        sentence = text(
            "stats_wait",
            language,
            parts="; ".join(parts),
            level=share_words(self.level, language),
            n=self.n,
            events=self.n_events,
            event=self.event,
        )
        if self.n_clusters and self.n_clusters < _FEWEST_CLUSTERS:
            few = text(
                "stats_wait_few",
                language,
                n=self.n_clusters,
                least=_FEWEST_CLUSTERS,
            )
            return f"{sentence} {few}"
        return sentence

    @staticmethod
    def _term(row: pd.Series, language: str) -> str:
        return text(
            "stats_wait_term",
            language,
            term=str(row.name),
            ratio=figure(float(row["ratio"]), language),
            low=figure(float(row["ratio_low"]), language),
            high=figure(float(row["ratio_high"]), language),
            p=p_words(float(row["p_value"]), language),
        )


def _with_outcomes(
    frame: pd.DataFrame, waits: Waits, outcome: str, censored: Sequence[Any]
) -> pd.DataFrame:
    """Return the cases with their outcome, missing where they are still open."""
    cases = waits.cases.copy()
    by_row = frame[outcome].reset_index(drop=True)
    given = by_row.reindex(cases.index).astype(object)
    counted_as_open = given.isin(list(censored))
    is_open = ~cases["ended"] | counted_as_open
    unknown = ~is_open & given.isna()
    if unknown.any():
        raise ValueError(
            f"{int(unknown.sum())} cases have an end and no {outcome!r}; name how they ended, "
            "or leave the end empty where they are open"
        )
    cases["outcome"] = given.where(~is_open)
    return cases


def _known_outcomes(cases: pd.DataFrame) -> list[Any]:
    ended_with = cases["outcome"].dropna().unique()
    outcomes = sorted(ended_with, key=str)
    if not outcomes:
        raise ValueError("no case has ended by then; there is no outcome to count")
    return outcomes


def _incidence(part: pd.DataFrame, outcomes: list[Any], level: float) -> pd.DataFrame:
    """Return the cumulative incidence of each outcome by day (Marubini and Valsecchi 1995)."""
    from statsmodels.duration.survfunc import CumIncidenceRight

    codes = {outcome: i + 1 for i, outcome in enumerate(outcomes)}
    status = part["outcome"].map(codes).fillna(0).to_numpy(dtype=int)
    days = part["days"].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):  # its errors, computed anew below
        found = CumIncidenceRight(days, status)
    never = np.zeros(len(found.times))

    pieces = []
    for outcome, code in codes.items():
        # statsmodels leaves out the last outcomes if no case of the group ended with them.
        has_cases = code <= len(found.cinc)
        share = found.cinc[code - 1] if has_cases else never
        error = standard_error(days, status == code, status > 0, found.times, share)
        low, high = _log_log(share, error, level)
        columns = {
            "outcome": outcome,
            "days": found.times,
            "share": share,
            "se": error,
            "low": low,
            "high": high,
        }
        pieces.append(pd.DataFrame(columns))
    return pd.concat(pieces, ignore_index=True)


def _log_log(share: Array, error: Array, level: float) -> tuple[Array, Array]:
    """Return the interval on the scale log(-log), which stays inside 0..1 (Pintilie 2006)."""
    inner = (share > 0) & (share < 1)
    safe = np.where(inner, share, 0.5)
    reach = normal_quantile(level) * error / (safe * np.log(safe))
    one_end = np.where(inner, safe ** np.exp(-reach), share)
    other_end = np.where(inner, safe ** np.exp(reach), share)
    low = np.minimum(one_end, other_end)
    high = np.maximum(one_end, other_end)
    return low, high


def _by_deadline(
    curve: pd.DataFrame, part: pd.DataFrame, outcome: Any, deadline: float, level: float
) -> dict[str, float]:
    is_open = part["outcome"].isna()
    ended_so = part["outcome"] == outcome
    counts = {
        "n": len(part),
        "open": int(is_open.sum()),
        "ended": int(ended_so.sum()),
    }

    longest = part["days"].max()
    all_ended = not is_open[part["days"] == longest].any()
    if deadline > longest and not all_ended:
        return counts | dict.fromkeys(("share", "share_low", "share_high"), np.nan)

    of_outcome = curve[curve["outcome"] == outcome]
    reached = of_outcome[of_outcome["days"] <= deadline]
    share = low = high = 0.0
    if not reached.empty:
        share, low, high = reached[["share", "low", "high"]].iloc[-1]
    if share == 0:
        at_risk = int((part["days"] >= deadline).sum())
        high = 1 - bound_of_all(at_risk, level)
    return counts | {
        "share": float(share),
        "share_low": float(low),
        "share_high": float(high),
    }


def competing_outcomes(  # noqa: PLR0913  options of one public function, all by keyword
    frame: pd.DataFrame,
    *,
    start: str,
    end: str,
    outcome: str,
    group: str | None = None,
    censored: Sequence[Any] = (),
    deadline: float = DEADLINE_DAYS,
    as_of: Any = None,
    level: float = 0.95,
) -> CompetingOutcomes:
    """Estimate which share of cases ends with each outcome by each day, open cases counted.

    The cumulative incidence of competing risks (Aalen and Johansen 1978; Marubini and Valsecchi
    1995), by statsmodels. Unlike one minus Kaplan-Meier for each outcome, the shares add up.

    Do not use it on a file of closed cases only, to say what would happen if cases were not passed
    on (that is another question, without an answer in these data), or where one person's many cases
    end together: the intervals are then too narrow.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each case.
    start, end : str
        Columns of dates or of numbers of days; a missing end is an open case.
    outcome : str
        Column: how the case ended (answered, redirected, withdrawn). Not read for open cases.
    group : str, optional
        Column: one set of curves for each group.
    censored : sequence
        Values of `outcome` that mean the case is still open.
    deadline : float
        Days at which the table is read off.
    as_of : date or number, optional
        Until when outcomes are known; the latest date in the two columns if not given.
    level : float
        Level of the intervals (log-log; exact where nothing has ended so).

    Returns
    -------
    CompetingOutcomes
        table (index group and outcome: n, open, ended, share, share_low, share_high by the
        deadline, missing where no case was followed so long), curves (group, outcome, days, share,
        se, low, high), deadline, as_of, level, n_dropped.

    Raises
    ------
    ValueError
        For cases that end before they start, ended cases without an outcome, no ended case, and
        columns that are not there.

    Examples
    --------
    >>> cases = pd.DataFrame({"opened": [0, 0, 0, 0], "closed": [5, 10, 12, None],
    ...                       "how": ["answered", "redirected", "answered", None]})
    >>> result = competing_outcomes(cases, start="opened", end="closed", outcome="how", as_of=30)
    >>> result.table["share"].to_dict()
    {('all', 'answered'): 0.5, ('all', 'redirected'): 0.25}
    """
    check_level(level)
    check_columns(frame, [outcome])
    waits = read_waits(frame, start=start, end=end, group=group, as_of=as_of)
    cases = _with_outcomes(frame, waits, outcome, censored)
    outcomes = _known_outcomes(cases)

    rows, curves = {}, []
    for name, part in cases.groupby("group", sort=True):
        curve = _incidence(part, outcomes, level)
        curves.append(curve.assign(group=name))
        for kind in outcomes:
            rows[name, kind] = _by_deadline(curve, part, kind, deadline, level)

    table = pd.DataFrame(rows).T.rename_axis(["group", "outcome"])
    columns = ["group", "outcome", "days", "share", "se", "low", "high"]
    all_curves = pd.concat(curves, ignore_index=True)
    return CompetingOutcomes(
        table=table.astype({"n": int, "open": int, "ended": int}),
        curves=all_curves[columns],
        deadline=deadline,
        as_of=waits.as_of,
        level=level,
        n_dropped=waits.n_dropped,
    )


def _predictors(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Return numbers as they are, and 0/1 columns for all but the first value of a category."""
    columns = {}
    for name in names:
        values = frame[name]
        if _is_number(values):
            columns[name] = values.astype(float)
        else:
            columns |= _indicators(values)
    design = pd.DataFrame(columns)
    constant = [name for name in design if design[name].nunique() <= 1]
    if design.empty or constant:
        raise ValueError(
            f"a predictor does not vary ({', '.join(map(repr, constant or names))}); leave it out"
        )
    return design


def _is_number(values: pd.Series) -> bool:
    numeric = pd.api.types.is_numeric_dtype(values)
    return numeric and not pd.api.types.is_bool_dtype(values)


def _indicators(values: pd.Series) -> dict[str, pd.Series]:
    """Return a 0/1 column for each kind but the first, missing where the kind is."""
    kinds = sorted(values.dropna().unique(), key=str)
    columns = {}
    for kind in kinds[1:]:
        is_kind = (values == kind).astype(float)
        columns[f"{values.name}: {kind}"] = is_kind.where(values.notna())
    return columns


def _check_rank(design: pd.DataFrame, events: int) -> None:
    terms = design.shape[1]
    centred = design - design.mean()
    rank = np.linalg.matrix_rank(centred.to_numpy())
    if rank < terms:
        raise ValueError(
            "the predictors cannot be told apart: one is a sum of others; leave it out"
        )
    if events < _FEWEST_EVENTS_EACH * terms:
        raise ValueError(
            f"found {events} cases that ended so for {terms} terms; "
            f"a regression needs at least {_FEWEST_EVENTS_EACH} for each"
        )


def wait_regression(  # noqa: PLR0913  options of one public function, all by keyword
    frame: pd.DataFrame,
    *,
    start: str,
    end: str,
    outcome: str,
    event: str,
    predictors: Sequence[str],
    cluster: str | None = None,
    censored: Sequence[Any] = (),
    as_of: Any = None,
    ties: str = "efron",
    level: float = 0.95,
) -> WaitRegression:
    """Relate how soon cases end with one outcome to what is known of them (Cox 1972).

    Cause-specific hazards: a case that ends with another outcome leaves the ones at risk. Fitted by
    statsmodels' PHReg, with errors clustered where `cluster` is given (Lin and Wei 1989).

    Do not use it to compare the shares that end so (use `competing_outcomes`: a hazard ratio of one
    outcome does not say how many end with it), where the ratio changes with time (curves that
    cross), or to call a difference between bodies an effect of theirs: what they receive differs.
    With fewer than 30 clusters the intervals are too narrow, and `summary` says so.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row for each case.
    start, end, outcome, censored, as_of
        As in `competing_outcomes`.
    event : str
        The outcome that is modelled.
    predictors : sequence of str
        Columns: numbers as they are, categories against the first of their values in order.
    cluster : str, optional
        Column: cases with the same value depend on each other (the body that answers).
    ties : {"efron", "breslow"}
        How cases that end on the same day are taken.
    level : float
        Level of the intervals.

    Returns
    -------
    WaitRegression
        table (by term: estimate, the logarithm of the hazard ratio; se, z, p_value, ratio,
        ratio_low, ratio_high; a ratio above 1 ends sooner), event, n, n_events, n_clusters, ties,
        level, n_dropped (cases without a start or a predictor).

    Raises
    ------
    UnknownName
        For an event that is no outcome and for unknown ties.
    ValueError
        For fewer than ten such cases for each term, predictors that do not vary or are sums of each
        other, and what `competing_outcomes` raises.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> late = rng.integers(0, 2, 200)
    >>> days = rng.exponential(np.where(late, 20, 10))
    >>> cases = pd.DataFrame({"a": 0, "b": days, "how": "answered", "late": late})
    >>> result = wait_regression(cases, start="a", end="b", outcome="how", event="answered",
    ...                          predictors=["late"])
    >>> bool(0.4 < result.table.loc["late", "ratio"] < 0.7)
    True
    """
    from statsmodels.duration.hazard_regression import PHReg

    check_level(level)
    check_option("ties", ties, _TIES)
    check_columns(frame, [outcome, *predictors, cluster])
    waits = read_waits(frame, start=start, end=end, group=None, as_of=as_of)
    all_cases = _with_outcomes(frame, waits, outcome, censored)
    check_option("event", event, _known_outcomes(all_cases))

    columns = frame.reset_index(drop=True).loc[all_cases.index]
    cases, design, labels = _known_cases(all_cases, columns, predictors, cluster)
    status = (cases["outcome"] == event).to_numpy(dtype=int)
    n_events = int(status.sum())
    _check_rank(design, n_events)
    days = cases["days"].to_numpy()
    model = PHReg(days, design.to_numpy(), status=status, ties=ties)
    found = model.fit(disp=0)
    return WaitRegression(
        table=_hazard_table(found, design.columns, labels, level),
        event=event,
        n=len(cases),
        n_events=n_events,
        n_clusters=0 if labels is None else int(labels.max()) + 1,
        ties=ties,
        level=level,
        n_dropped=len(frame) - len(cases),
    )


def _known_cases(
    cases: pd.DataFrame, columns: pd.DataFrame, predictors: Sequence[str], cluster: str | None
) -> tuple[pd.DataFrame, pd.DataFrame, Array | None]:
    """Return the cases of which all predictors are known, these, and the cluster of each case."""
    design = _predictors(columns, predictors)
    known = design.notna().all(axis=1)
    if cluster is None:
        return cases[known], design[known], None
    known &= columns[cluster].notna()
    labels = _clusters(columns.loc[known, cluster])
    return cases[known], design[known], labels


def _clusters(values: pd.Series) -> Array:
    labels, kinds = pd.factorize(values)
    if len(kinds) <= 1:
        raise ValueError(
            f"all cases belong to one {values.name!r}, so their dependence cannot be seen; "
            "leave cluster out"
        )
    return labels


def _clustered_errors(found: Any, labels: Array) -> Array:
    """Return errors from the sums of score residuals by cluster (Lin and Wei 1989).

    statsmodels leaves the residual of a case missing that was never at risk at an event: it is 0.
    """
    residuals = np.nan_to_num(np.asarray(found.score_residuals))
    clusters = int(labels.max()) + 1
    shape = (clusters, residuals.shape[1])
    sums = np.zeros(shape)
    np.add.at(sums, labels, residuals)
    bread = np.asarray(found.cov_params())
    meat = sums.T @ sums
    covariance = bread @ meat @ bread
    variances = np.diag(covariance) * clusters / (clusters - 1)
    return np.sqrt(variances)


def _hazard_table(found: Any, terms: pd.Index, labels: Array | None, level: float) -> pd.DataFrame:
    """Return the terms; clustered errors use t with one degree of freedom less than clusters."""
    estimate = np.asarray(found.params)
    if labels is None:
        freedom = np.inf
        se = np.asarray(found.bse)
    else:
        freedom = float(labels.max())
        se = _clustered_errors(found, labels)
    z = estimate / se
    reach = t_quantile(level, freedom) * se
    columns = {
        "estimate": estimate,
        "se": se,
        "z": z,
        "p_value": 2 * scipy_stats.t.sf(np.abs(z), freedom),
        "ratio": np.exp(estimate),
        "ratio_low": np.exp(estimate - reach),
        "ratio_high": np.exp(estimate + reach),
    }
    index = pd.Index(terms, name="term")
    return pd.DataFrame(columns, index=index)
