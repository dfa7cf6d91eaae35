"""The exercises of the notebooks: an answer is right, nearly right or not yet right.

What is expected is computed from the data, and so are the answers of those who nearly have it:
each of these has a text that says what to look at, named `<exercise>.<miss>`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import load
from analysis.derive import comparisons
from analysis.derive.coverage import coverage
from analysis.derive.hours import share_of_day
from analysis.errors import UnknownName, check_known
from analysis.locale import SOURCE
from analysis.notebooks.stories import Words, story
from analysis.reference.names import find_place
from analysis.reference.places import NATION

_ROUNDED = 0.005  # of the value: three figures are enough
_CLOSE = 0.05
_PER_CENT = 100


@dataclass(frozen=True)
class Expected:
    """The right answer, those of near misses by the name of their text, and how answers are read.

    Of numbers, whole ones are counts, and others are rounded to three figures; a tuple is a list
    of shares in order. A miss is an answer, or a function that recognises one.
    """

    right: Any
    misses: dict[str, Any] = field(default_factory=dict)
    read: Callable[[Any], Any] | None = None


_EXERCISES: dict[str, Callable[..., Expected]] = {}


def _exercise(name: str) -> Callable[[Callable[..., Expected]], Callable[..., Expected]]:
    def register(expect: Callable[..., Expected]) -> Callable[..., Expected]:
        _EXERCISES[name] = expect
        return expect

    return register


def exercises() -> tuple[str, ...]:
    """Return the names of the exercises.

    Examples
    --------
    >>> exercises()[:2]
    ('appeals-1', 'meetings-1')
    """
    return tuple(_EXERCISES)


def expected(name: str, *, records: Path | str | None = None) -> Expected:
    """Return what an exercise expects, computed from the data.

    Parameters
    ----------
    name : str
        One of `exercises()`.
    records : path, optional
        Folder of the records that the exercise is about, as `openness ingest` writes it.

    Raises
    ------
    UnknownName
        If there is no such exercise.
    """
    expect = _EXERCISES[check_known("exercise", name, _EXERCISES)]
    return expect() if records is None else expect(records)


def check(
    name: str, answer: object, language: str = SOURCE, *, records: Path | str | None = None
) -> Words:
    """Return whether an answer is right, nearly right (and what to look at) or not yet right.

    The right answer itself is never said. A cell whose answer is still `...` is told so.

    Parameters
    ----------
    name : str
        One of `exercises()`, such as "appeals-1".
    answer : object
        A number, text or list (also of numpy or pandas), as the exercise asks.
    language : str
        One of `analysis.reference.languages()`.
    records : path, optional
        Folder of the records that the exercise is about, as `openness ingest` writes it.

    Raises
    ------
    UnknownName
        If there is no such exercise or language.

    Examples
    --------
    >>> print(check("appeals-1", ..., "en"))
    This cell waits for your answer: put it in the place of the dots and run the cell again.
    >>> print(check("methods-1", 7, "en"))
    **Nearly.** That is the number of all votes. In one of them a unit has no value.
    """
    check_known("exercise", name, _EXERCISES)
    if answer is Ellipsis or answer is None:
        return story("check.waiting", language)
    wanted = expected(name, records=records)
    try:
        miss = _miss(answer, wanted)
    except _WrongKind as wrong:
        return story(f"check.{wrong}", language)
    if miss in ("right", "wrong"):
        return story(f"check.{miss}", language)
    home = name if miss in wanted.misses else "check"
    return story("check.nearly", language, hint=story(f"{home}.{miss}", language))


class _WrongKind(Exception):
    """The answer is not what is asked for: a number, numbers, a place, a text."""


def _miss(answer: Any, wanted: Expected) -> str:
    """Return "right", "wrong" or the name of the near miss that an answer is."""
    if wanted.read is not None:
        return _named(wanted.read(answer), wanted)
    right = wanted.right
    given = _numbers(answer) if isinstance(right, tuple) else (_number(answer),)
    sought = {name: _as_tuple(value) for name, value in wanted.misses.items()}
    return _numeric(given, _as_tuple(right), sought)


def _named(given: Any, wanted: Expected) -> str:
    if given == wanted.right:
        return "right"
    for name, miss in wanted.misses.items():
        is_miss = miss(given) if callable(miss) else given == miss
        if is_miss:
            return name
    return "wrong"


def _numeric(given: tuple[float, ...], right: tuple[float, ...], misses: dict[str, Any]) -> str:
    """Return how numbers miss the right ones: a known miss, per cent, a little."""
    if _alike(given, right, _ROUNDED):
        return "right"
    for name, miss in misses.items():
        if _alike(given, miss, _ROUNDED):
            return name
    if len(given) != len(right):
        return "years" if "years" in misses else "wrong"
    is_share = all(0 < abs(value) < 1 for value in right)
    if is_share and _alike(given, tuple(value * _PER_CENT for value in right), _CLOSE):
        return "percent"
    is_count = all(value == int(value) for value in right)
    return "close" if not is_count and _alike(given, right, _CLOSE) else "wrong"


def _alike(given: tuple[float, ...], sought: tuple[float, ...], tolerance: float) -> bool:
    if len(given) != len(sought):
        return False
    return all(_near(a, b, tolerance) for a, b in zip(given, sought, strict=True))


def _near(given: float, sought: float, tolerance: float) -> bool:
    if sought == int(sought):
        return given == sought
    return math.isclose(given, sought, rel_tol=tolerance)


def _as_tuple(value: Any) -> tuple[float, ...]:
    return value if isinstance(value, tuple) else (value,)


def _number(answer: Any) -> float:
    try:
        return float(answer)
    except (TypeError, ValueError):
        raise _WrongKind("number") from None


def _numbers(answer: Any) -> tuple[float, ...]:
    if isinstance(answer, str) or not isinstance(answer, Iterable):
        raise _WrongKind("numbers")
    values = answer.values() if isinstance(answer, dict) else answer
    try:
        return tuple(float(value) for value in values)
    except (TypeError, ValueError):
        raise _WrongKind("numbers") from None


def _text(answer: Any) -> str:
    if not isinstance(answer, str):
        raise _WrongKind("text")
    return answer.strip()


def _places(answer: Any) -> frozenset[str]:
    """Return the codes of the places that an answer names, by code or name, in any language."""
    given = [answer] if isinstance(answer, str) else answer
    if not isinstance(given, Iterable):
        raise _WrongKind("place")
    codes = frozenset(_place(name) for name in given)
    if not codes:
        raise _WrongKind("place")
    return codes


def _place(name: Any) -> str:
    known = load.load_places()
    text = str(name).strip()
    columns = [column for column in known if str(column).startswith("name_")]
    named = known[(known[columns] == text).any(axis=1)]
    if len(named) == 1:
        return str(named["place_id"].iloc[0])
    try:
        return find_place(text)
    except UnknownName:
        raise _WrongKind("place") from None


def _year_by_year(rows: pd.DataFrame) -> pd.Series:
    return rows.set_index("period_end")["value"]


@_exercise("appeals-1")
def _growth_of_lawsuits() -> Expected:
    filed = load.load_appeals(indicator="administrative_lawsuits_filed", place=NATION)
    by_end = _year_by_year(filed)
    first, between, last = (by_end[f"{year}-12-31"] for year in (2022, 2023, 2024))
    ratio = last / first
    misses = {
        "ratio": ratio,
        "base": 1 - first / last,
        "year": last / between - 1,
        "half": by_end["2025-06-30"] / first - 1,
    }
    return Expected(ratio - 1, misses)


@_exercise("meetings-1")
def _questions_resolved() -> Expected:
    meetings = load.load_meetings(place=NATION)
    akims = meetings[meetings["breakdown_value"] == "akims_all_levels"]
    of_2022 = akims[akims["period_start"] == "2022-01-01"].set_index("indicator")["value"]
    share = of_2022["meeting_questions_resolved"] / of_2022["meeting_questions_raised"]
    misses = {
        "published": of_2022["meeting_questions_resolved_share"],
        "unresolved": 1 - share,
        "base": 1 / share,
    }
    return Expected(share, misses)


@_exercise("akims-1")
def _women_elected() -> Expected:
    elected = load.load_akim_elections(indicator="akims_elected", place=NATION)
    first_year = elected[elected["period_end"] == "2022-07-29"]
    counts = first_year.set_index("breakdown_value")["value"]
    women, every = counts["female"], counts[""]
    misses = {
        "ratio": women / (every - women),
        "men": 1 - women / every,
        "first_time": women / counts["first_time"],
    }
    return Expected(women / every, misses)


@_exercise("votes-1")
def _lowest_turnout() -> Expected:
    turnout = load.load_turnout()
    regions = turnout[turnout["place_id"] != NATION]
    ranked = regions.sort_values("value").groupby("vote")["place_id"]
    lowest, second, highest = (frozenset(ranked.nth(place)) for place in (0, 1, -1))
    misses = {
        "some": lambda given: bool(given & lowest),
        "highest": lambda given: given <= highest,
        "second": lambda given: given <= second,
    }
    return Expected(lowest, misses, _places)


@_exercise("context-1")
def _width_of_the_interval() -> Expected:
    own = load.load_context(place=NATION).pivot_table(
        index="period_end", columns="indicator", values="value"
    )
    ends = own[["cpi_score_lower90", "cpi_score_upper90"]].dropna()
    width = ends["cpi_score_upper90"] - ends["cpi_score_lower90"]
    last = width.iloc[-1]
    misses = {"half": last / 2, "year": width.iloc[-2], "end": ends["cpi_score_upper90"].iloc[-1]}
    return Expected(last, misses)


@_exercise("evidence-1")
def _regions_without_meetings() -> Expected:
    cells = coverage()
    counted = cells[(cells["item"] == "meetings_count") & (cells["place_id"] != NATION)]
    without = counted["status"].isin(["not_found", "not_applicable"]).groupby(counted["place_id"])
    everywhere = counted["status"].eq("not_found").groupby(counted["place_id"])
    number, every = int(without.all().sum()), without.ngroups
    misses = {
        "all": every,
        "some": every - number,
        "always": int(everywhere.all().sum()),
        "nation": number + 1,
    }
    return Expected(number, misses)


def _elected_of_alakol() -> pd.DataFrame:
    elections = load.load_akim_elections(indicator="akims_elected")
    return elections[elections["place_id"].str.startswith("3334")]


@_exercise("alakol-1")
def _elected_in_2024() -> Expected:
    elected = _elected_of_alakol()
    year = elected[elected["period_start"] == "2024-01-01"]
    district = elected["place_id"].str.endswith("00000")
    counts = elected[district].set_index("period_start")["value"]
    misses = {"rows": len(year), "all": int(counts["2021-07-25"])}
    return Expected(int(counts["2024-01-01"]), misses)


@_exercise("alakol-2")
def _districts_named() -> Expected:
    elected = _elected_of_alakol()
    year = elected[elected["period_start"] == "2024-01-01"]
    places = frozenset(year["place_id"])
    districts = frozenset(place for place in places if not place.endswith("00000"))
    misses = {
        "district": lambda given: given == places,
        "some": lambda given: bool(given & districts),
    }
    return Expected(districts, misses, _places)


@_exercise("methods-1")
def _votes_without_gaps() -> Expected:
    votes, _ = comparisons.turnout_by_region(load.load_turnout(), load.load_residents())
    whole = int(votes.notna().all().sum())
    every = votes.shape[1]
    units = int(votes.notna().all(axis=1).sum())
    return Expected(whole, {"all": every, "missing": every - whole, "units": units})


@_exercise("records-1")
def _satisfied_by_year(records: Path | str) -> Expected:
    from analysis.records import rollup

    yearly = rollup(records, by=["year"])
    values = yearly.pivot_table(index="period_start", columns="indicator", values="value")
    shares = tuple(values["appeals_satisfied_share"])
    of_registered = values["appeals_satisfied"] / values["appeals_registered"]
    misses = {"base": tuple(of_registered), "order": shares[::-1], "years": ()}
    return Expected(shares, misses)


@_exercise("day-1")
def _earliest_vote() -> Expected:
    frames = load.load_turnout(stage="interim", place=NATION), load.load_turnout(place=NATION)
    votes = share_of_day(*frames, hour="12:00")["vote"]
    misses = {"second": votes.iloc[1], "last": votes.iloc[-1]}
    return Expected(votes.iloc[0], misses, _text)


@_exercise("law-1")
def _days_to_answer() -> Expected:
    duties = load.load_duties().drop_duplicates("code").set_index("code")["term_number"]
    answer, extension = int(duties["request_answer"]), int(duties["request_extend"])
    misses = {
        "refusal": int(duties["request_refuse"]),
        "forwarding": int(duties["request_forward"]),
        "extended": answer + extension,
    }
    return Expected(answer, misses)


@_exercise("law-2")
def _article_on_answers() -> Expected:
    duties = load.load_duties().drop_duplicates("code").set_index("code")["article"]
    *law, article, paragraph = _figures(duties["request_answer"])

    def read(answer: Any) -> list[str]:
        return [figure for figure in _figures(_text(answer)) if figure not in law]

    misses = {"paragraph": lambda given: given[:1] == [article]}
    return Expected([article, paragraph], misses, read)


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+", text)


@_exercise("requests-1")
def _refused() -> Expected:
    from analysis import requests
    from analysis.derive.answers import round_finding

    counts = round_finding(requests.simulate_round(seed=1)).counts
    refused, silent = int(counts["refused"]), int(counts["silent"])
    return Expected(refused, {"silent": silent, "both": refused + silent})
