"""The standard error of a cumulative incidence, also on the day on which the last case ends."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def standard_error(
    days: Array, is_own: Array, is_ended: Array, times: Array, share: Array
) -> Array:
    """Return the standard error of a cumulative incidence at the times at which it steps.

    Marubini and Valsecchi (1995), equation 10.12, which statsmodels computes too; but there the day
    on which the last case at risk ends divides by 0, while its term is 0 in the limit.

    Parameters
    ----------
    days : array
        How long each case was followed.
    is_own, is_ended : array
        Whether it ended with this outcome, and with any.
    times : array
        The days on which cases end or are censored, each once, in order.
    share : array
        The cumulative incidence on them.
    """
    at_risk = len(days) - np.searchsorted(np.sort(days), times)
    ended, own = _count_at(times, days[is_ended]), _count_at(times, days[is_own])
    left = at_risk - ended
    hazard = np.divide(ended, at_risk * left, out=np.zeros(len(times)), where=left > 0)
    waiting = np.cumprod(np.r_[1.0, (left / at_risk)[:-1]])
    steps = waiting * own / at_risk**2
    of_others = _weighted_squares(share, hazard)
    of_own = np.cumsum(waiting**2 * (at_risk - own) * own / at_risk**3)
    shared = share * np.cumsum(steps) - np.cumsum(share * steps)
    return np.sqrt(np.maximum(of_others + of_own - 2 * shared, 0))


def _count_at(times: Array, days: Array) -> Array:
    return np.bincount(np.searchsorted(times, days), minlength=len(times))


def _weighted_squares(share: Array, weight: Array) -> Array:
    """Return at each time the sum up to it of weight times the squared distance in share."""
    squares = share**2 * np.cumsum(weight)
    products = 2 * share * np.cumsum(share * weight)
    return squares - products + np.cumsum(share**2 * weight)
