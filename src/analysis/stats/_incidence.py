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
    still_followed = len(days) - np.searchsorted(np.sort(days), times)
    ended = _count_at(times, days[is_ended])
    own = _count_at(times, days[is_own])
    left = still_followed - ended

    pairs = still_followed * left
    hazard = np.divide(ended, pairs, out=np.zeros(len(times)), where=left > 0)
    staying = left / still_followed
    waiting = np.cumprod(np.r_[1.0, staying[:-1]])  # just before each time

    of_others = _weighted_squares(share, hazard)
    own_variance = waiting**2 * (still_followed - own) * own / still_followed**3
    of_own = np.cumsum(own_variance)
    steps = waiting * own / still_followed**2
    shared = share * np.cumsum(steps) - np.cumsum(share * steps)
    variance = of_others + of_own - 2 * shared
    return np.sqrt(np.maximum(variance, 0))


def _count_at(times: Array, days: Array) -> Array:
    places = np.searchsorted(times, days)
    return np.bincount(places, minlength=len(times))


def _weighted_squares(share: Array, weight: Array) -> Array:
    """Return at each time the sum up to it of weight times the squared distance in share."""
    weighted = share * weight
    squares = share**2 * np.cumsum(weight)
    products = 2 * share * np.cumsum(weighted)
    return squares - products + np.cumsum(share * weighted)
