"""A round that was never sent, to learn with: every row says that it is simulated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analysis import reference
from analysis.derive.answers import OUTCOMES
from analysis.requests.items import bodies
from analysis.requests.law import duty
from analysis.requests.log import as_frame
from analysis.requests.terms import term_end

# Made up, like everything here: how often a simulated body does what, in the order of OUTCOMES.
_CHANCES = (0.45, 0.2, 0.05, 0.1, 0.2)
_SENT = date(2026, 9, 2)
_LONGEST = 25  # days to a simulated answer


def simulate_round(*, places: Sequence[str] | None = None, seed: int = 1) -> pd.DataFrame:
    """Return a round with made-up answers, for teaching and tests only.

    Parameters
    ----------
    places : list of str, optional
        The twenty regions if not given.
    seed : int
        The same seed gives the same round.

    Returns
    -------
    pandas.DataFrame
        As `analysis.load_requests` returns it, with `simulated`, which stamps every chart of it.

    Examples
    --------
    >>> played = simulate_round(seed=1)
    >>> len(played), bool(played["simulated"].all())
    (80, True)
    """
    chance = np.random.default_rng(seed)
    answer = duty("request_answer")
    ends = term_end(_SENT, answer.term or 0, answer.term_unit)
    rows = [
        _request(place, body, chance, due=ends.last)
        for place in places or reference.regions()
        for body in bodies(place)
    ]
    return as_frame(rows).assign(simulated=True)


def _request(place: str, body: str, chance: np.random.Generator, *, due: date) -> dict[str, str]:
    outcome = str(chance.choice(OUTCOMES, p=_CHANCES))
    days = int(chance.integers(3, _LONGEST))
    answered = "" if outcome == "silent" else str(_SENT + timedelta(days=days))
    return {
        "round": "simulated",
        "request": f"{place}-{body}",
        "place_id": place,
        "body": body,
        "items": "",
        "received_on": str(_SENT),
        "due_on": str(due),
        "is_provisional": "",
        "answered_on": answered,
        "outcome": outcome,
        "article": "",
        "forwarded_to": "",
    }
