"""What is counted: of appeals by what became of them, of meetings and elections as sums."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import pandas as pd
from numpy.typing import NDArray

if TYPE_CHECKING:
    import ibis.expr.types as ir

# What records can be counted by: the column of the records, and the breakdown in a series.
DIMENSIONS = {
    "appeals": {
        "place": ("place_id", ""),
        "region": ("place_id", ""),
        "body": ("body", "state_body"),
        "type": ("type", "appeal_type"),
        "topic": ("topic", "topic"),
        "channel": ("channel", "channel"),
        "applicant_kind": ("applicant_kind", "applicant"),
        "language": ("language", "language"),
        "days": ("", "days_to_answer"),
    },
    "meetings": {
        "place": ("place_id", ""),
        "region": ("place_id", ""),
        "kind": ("kind", "venue"),
        "held_by": ("held_by", "held_by"),
        "level": ("level", "akim_level"),
    },
    "elections": {
        "place": ("place_id", ""),
        "region": ("place_id", ""),
        "office": ("office", "office"),
        "candidate": ("candidate", "candidate"),
    },
}
DATE = {"appeals": "registered", "meetings": "date", "elections": "date"}


# Bands of the days to an answer: the last day of each.
DAY_BANDS = (2, 5, 10, 15, 20, 30)
NO_ANSWER = "no_answer"


class AppealClass(IntEnum):
    """What became of an appeal; the answered ones are a lateness plus an outcome."""

    REDIRECTED = 1
    WITHDRAWN = 2
    OVERDUE = 3
    OPEN_NOT_OVERDUE = 4


class Lateness(IntEnum):
    """When an appeal was answered; the outcome is added to it."""

    LATE = 10
    IN_TIME = 20
    UNDATED = 30


class Outcome(IntEnum):
    """What the answer was."""

    CLARIFIED = 0
    SATISFIED = 1
    PARTLY_SATISFIED = 2
    REFUSED = 3
    ANSWERED_OTHERWISE = 4


CLASSES = 40  # more than the largest class
_NAMED = (Outcome.CLARIFIED, Outcome.SATISFIED, Outcome.PARTLY_SATISFIED, Outcome.REFUSED)
# Counts of appeals that add up. All of them are protected together, so that a remainder that nobody
# publishes is protected as well.
APPEAL_PARTS = (
    ("appeals_registered", ("appeals_open", "appeals_considered", "appeals_withdrawn")),
    ("appeals_open", ("appeals_overdue", "appeals_open_not_overdue")),
    ("appeals_considered", ("appeals_answered", "appeals_redirected")),
    (
        "appeals_answered",
        ("appeals_answered_late", "appeals_answered_in_time", "appeals_answered_undated"),
    ),
    ("appeals_past_deadline", ("appeals_answered_late", "appeals_overdue")),
    (
        "appeals_answered",
        (
            "appeals_clarified",
            "appeals_satisfied",
            "appeals_partly_satisfied",
            "appeals_refused",
            "appeals_answered_otherwise",
        ),
    ),
)
MEETING_COUNTS = {
    "meetings_held": "",
    "meeting_participants": "participants",
    "meeting_questions_raised": "questions",
    "meeting_questions_resolved": "resolved",
    "receptions_held": "",
}
RECEPTION_COUNTS = {
    "citizens_received": "participants",
    "reception_questions_raised": "questions",
    "reception_questions_resolved": "resolved",
}
ELECTION_COUNTS = {
    "voters_listed": "listed",
    "voters_voted": "voted",
    "ballots_invalid": "invalid",
    "votes_against_all": "against_all",
}
CANDIDATE_COUNTS = {"candidate_votes": "votes"}
# A share: its count over the sum of these counts.
SHARES = {
    "appeals_clarified_share": ("appeals_clarified", ("appeals_considered",)),
    "appeals_satisfied_share": ("appeals_satisfied", ("appeals_considered",)),
    "appeals_refused_share": ("appeals_refused", ("appeals_considered",)),
    "appeals_redirected_share": ("appeals_redirected", ("appeals_considered",)),
    "appeals_past_deadline_share": (
        "appeals_past_deadline",
        ("appeals_past_deadline", "appeals_answered_in_time"),
    ),
    "meeting_questions_resolved_share": (
        "meeting_questions_resolved",
        ("meeting_questions_raised",),
    ),
    "reception_questions_resolved_share": (
        "reception_questions_resolved",
        ("reception_questions_raised",),
    ),
    "turnout_share": ("voters_voted", ("voters_listed",)),
}
# The columns that a figure of appeals needs, one of each group: without them it is unknown.
_FATE = ("finished", "state")
_END = ("state", "outcome")
_NEEDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "appeals_open": (_FATE,),
    "appeals_considered": (_FATE, _END),
    "appeals_withdrawn": (_END,),
    "appeals_redirected": (_END,),
    "appeals_answered": (_FATE,),
    "appeals_overdue": (_FATE, ("deadline",)),
    "appeals_open_not_overdue": (_FATE, ("deadline",)),
    "appeals_answered_late": (("finished",), ("deadline",)),
    "appeals_answered_in_time": (("finished",), ("deadline",)),
    "appeals_answered_undated": (("finished",), ("deadline",)),
    "appeals_past_deadline": (("finished",), ("deadline",)),
    "appeals_clarified": (("outcome",),),
    "appeals_satisfied": (("outcome",),),
    "appeals_partly_satisfied": (("outcome",),),
    "appeals_refused": (("outcome",),),
    "appeals_answered_otherwise": (("outcome",),),
    "response_days_median": (("finished",),),
    "response_days_p90": (("finished",),),
}
_SUMS = MEETING_COUNTS | RECEPTION_COUNTS | ELECTION_COUNTS | CANDIDATE_COUNTS


def is_known(measure: str, filled: Iterable[str]) -> bool:
    """Return whether the records have the columns that a figure needs.

    Examples
    --------
    >>> is_known("appeals_overdue", ["registered", "finished"])
    False
    """
    have = set(filled)
    if measure in SHARES:
        part, whole = SHARES[measure]
        return all(is_known(name, have) for name in (part, *whole))
    if measure in _SUMS:
        column = _SUMS[measure]
        return not column or column in have
    needed = _NEEDS.get(measure, ())
    return all(have & set(either) for either in needed)


def appeal_class(table: ir.Table, as_of: date) -> tuple[ir.Value, ir.Value]:
    """Return the class of each appeal, and its days to the answer (to `as_of` if still open)."""
    import ibis

    state, outcome, finished = table.state, table.outcome, table.finished
    redirected = (state == "redirected") | (outcome == "redirected")
    withdrawn = (state == "withdrawn") | (outcome == "withdrawn")
    # Without an end and without a state, an appeal is open.
    undated = finished.isnull() & (state == "done")
    answered = (finished <= as_of) | undated
    lateness = ibis.cases(
        (finished > table.deadline, int(Lateness.LATE)),
        (finished <= table.deadline, int(Lateness.IN_TIME)),
        else_=int(Lateness.UNDATED),
    )
    outcomes = [(outcome == name.name.lower(), int(name)) for name in _NAMED]
    answer = ibis.cases(*outcomes, else_=int(Outcome.ANSWERED_OTHERWISE))
    waiting = ibis.cases(
        (table.deadline < as_of, int(AppealClass.OVERDUE)),
        else_=int(AppealClass.OPEN_NOT_OVERDUE),
    )
    is_answered = answered.fill_null(False)
    kind = ibis.cases(
        (redirected.fill_null(False), int(AppealClass.REDIRECTED)),
        (withdrawn.fill_null(False), int(AppealClass.WITHDRAWN)),
        (is_answered, lateness + answer),
        else_=waiting,
    )
    left = kind.isin([int(AppealClass.REDIRECTED), int(AppealClass.WITHDRAWN)])
    today = ibis.literal(as_of)
    until = ibis.cases((left, ibis.null("date")), (is_answered, finished), else_=today)
    waited = until.delta(table.registered, unit="day")
    return kind.cast("int8"), waited


def day_band(kind: ir.Value, waited: ir.Value) -> ir.Value:
    """Return the band of days in which each appeal was answered, such as "3-5" or "31+"."""
    import ibis

    dated = waited.notnull()
    answered = dated & (kind >= int(Lateness.LATE))
    bands = []
    first = 0
    for last in DAY_BANDS:
        within = answered & (waited <= last)
        bands.append((within, f"{first}-{last}"))
        first = last + 1
    bands.append((answered, f"{first}+"))
    return ibis.cases(*bands, else_=NO_ANSWER)


def sums_of(dataset: str, dimensions: list[str]) -> dict[str, str]:
    """Return the figures of meetings or elections and the columns that they are sums of."""
    if dataset == "meetings":
        return MEETING_COUNTS | RECEPTION_COUNTS
    return CANDIDATE_COUNTS if "candidate" in dimensions else ELECTION_COUNTS


def add_up(table: ir.Table, dataset: str, dimensions: list[str]) -> dict[str, Any]:
    """Return the expressions that add up meetings or elections."""
    found = {}
    for name, column in sums_of(dataset, dimensions).items():
        rows = _rows_of(name, dataset, table)
        added = table[column].sum(where=rows) if column else table.count(where=rows)
        found[name] = added.fill_null(0)
    return found


def _rows_of(measure: str, dataset: str, table: ir.Table) -> Any:
    """Return which rows a measure adds up: of meetings, receptions or all others."""
    if dataset == "elections":
        return None
    reception = table.kind.fill_null("") == "reception"
    if measure in RECEPTION_COUNTS or measure == "receptions_held":
        return reception
    return ~reception


def stations(table: ir.Table) -> ir.Table:
    """Return one row per station and office: the rows of its candidates repeat its counts."""
    keys = ["date", "place", "place_id", "station", "office"]
    counts = {column: table[column].max() for column in ELECTION_COUNTS.values()}
    counts["simulated"] = table.simulated.max()
    return table.group_by(keys).aggregate(**counts)


def count_classes(by_class: NDArray[Any]) -> pd.DataFrame:
    """Return every count of appeals from the numbers of each class (one column per class)."""
    counts = {}
    for when in Lateness:
        outcomes = by_class[:, when : when + len(Outcome)]
        counts[f"appeals_answered_{when.name.lower()}"] = outcomes.sum(axis=1)
    for kind in AppealClass:
        counts[f"appeals_{kind.name.lower()}"] = by_class[:, kind]
    for outcome in Outcome:
        whenever = by_class[:, [when + outcome for when in Lateness]]
        counts[f"appeals_{outcome.name.lower()}"] = whenever.sum(axis=1)
    for total, parts in reversed(APPEAL_PARTS[:5]):
        counts[total] = sum(counts[part] for part in parts)
    return pd.DataFrame(counts)


def protected_counts(dataset: str) -> tuple[list[str], tuple[tuple[str, tuple[str, ...]], ...]]:
    """Return the counts that are of persons, and how they add up."""
    if dataset == "meetings":
        return list(RECEPTION_COUNTS), ()
    if dataset == "elections":
        return [], ()
    names: list[str] = []
    for total, parts in APPEAL_PARTS:
        names += [total, *parts]
    return list(dict.fromkeys(names)), APPEAL_PARTS


def add_shares(counts: pd.DataFrame, hidden: pd.DataFrame) -> None:
    """Add each share; it is hidden where a count behind it is."""
    for name, (part, whole) in SHARES.items():
        if part not in counts:
            continue
        total = counts[list(whole)].sum(axis=1)
        some = total.mask(total == 0)
        counts[name] = counts[part] / some
        needed = hidden[[part, *whole]]
        hidden[name] = needed.any(axis=1)
