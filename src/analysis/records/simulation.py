"""Simulated records with known effects, to learn, test and measure speed with; never evidence."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, overload

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from numpy.typing import NDArray

from analysis import load
from analysis.errors import DataError, Problem

Array = NDArray[Any]

_CHUNK = 100_000
MOST_ROWS = 1_000_000_000
_SATURDAY = 5
_DAYS_OF_YEAR, _PEAK_OF_YEAR, _FIRST_YEAR = 365.25, 65, 1970
# Shares: withdrawn, withdrawn or redirected, of organisations, in Russian, of late ones prolonged.
_WITHDRAWN, _REDIRECTED, _ORGANISATIONS, _IN_RUSSIAN, _PROLONGED = 0.01, 0.05, 0.11, 0.45, 0.3
# Days off of the Law on holidays of 13 December 2001 No. 267 (month, day); no movable days.
HOLIDAYS = (
    (1, 1),
    (1, 2),
    (1, 7),
    (3, 8),
    (3, 21),
    (3, 22),
    (3, 23),
    (5, 1),
    (5, 7),
    (5, 9),
    (7, 6),
    (8, 30),
    (10, 25),
    (12, 16),
)
# Topic -> its share, the department that answers and its name in an export.
TOPICS = {
    "housing_and_communal_services": (0.22, "Управление ЖКХ", "ЖКХ"),
    "land": (0.16, "Управление земельных отношений", "Земля"),
    "labour_employment_social_assistance": (
        0.15,
        "Управление социальной защиты",
        "Труд и социальная помощь",
    ),
    "public_administration": (0.12, "Аппарат акима", "Государственное управление"),
    "education": (0.11, "Управление образования", "Образование"),
    "documentation_registration": (0.09, "Аппарат акима", "Документы и регистрация"),
    "health": (0.08, "Управление здравоохранения", "Здравоохранение"),
    "construction": (0.07, "Управление строительства", "Строительство"),
}
_TYPES = {
    "application": 0.62,
    "complaint": 0.13,
    "inquiry": 0.12,
    "message": 0.06,
    "proposal": 0.04,
    "response": 0.03,
}
# Kinds of a type that have a deadline of their own, each with its share of the type.
_KINDS = (
    ("complaint", "complaint_public_services", 0.3),
    ("inquiry", "inquiry_lawyers", 0.1),
    ("inquiry", "inquiry_mass_media", 0.05),
)
_OUTCOMES = {"clarified": 0.62, "satisfied": 0.24, "partly_satisfied": 0.04, "refused": 0.10}
_WORDS = {
    "type": {
        "application": "Заявление", "complaint": "Жалоба", "inquiry": "Запрос",
        "message": "Сообщение", "proposal": "Предложение", "response": "Отклик",
    },
    "outcome": {
        "clarified": "Разъяснено", "satisfied": "Удовлетворено",
        "partly_satisfied": "Частично удовлетворено", "refused": "Отказано",
    },
    "state": {
        "done": "Исполнено", "in_progress": "На исполнении",
        "withdrawn": "Отозвано", "redirected": "Переадресовано",
    },
    "channel": {"egov_electronic": "Портал eGov", "phone": "Телефон", "paper": "На бумаге"},
    "applicant_kind": {"individual": "Физическое лицо", "organisation": "Юридическое лицо"},
    "language": {"kk": "казахский", "ru": "русский"},
    "topic": {code: words for code, (_, _, words) in TOPICS.items()},
}  # fmt: skip
EXPORTED = {
    "registration_number": "Регистрационный номер", "registered": "Дата регистрации",
    "deadline": "Срок исполнения",
    "finished": "Дата исполнения", "type": "Вид обращения", "topic": "Тема",
    "body": "Орган", "executing_body": "Орган-исполнитель",
    "place": "Регион", "channel": "Источник", "applicant_kind": "Категория заявителя",
    "language": "Язык обращения",
    "outcome": "Результат рассмотрения", "state": "Состояние", "prolonged": "Количество продлений",
    "repeat_of": "Повторное к",
    "redirected_from": "Переадресовано из", "simulated": "simulated",
}  # fmt: skip


@dataclass(frozen=True)
class Effects:
    """What is built into simulated records, to be found again.

    Parameters
    ----------
    start, end : date
        First and last day of registration; what is answered after `end` is still open.
    reform : date
        The day from which `level_change` and `faster` hold.
    level_change : float
        Appeals a day after the reform, as a multiple of those before.
    growth : float
        Relative growth a year, before and after alike.
    season : float
        Amplitude of the yearly wave (peak in early March), as a share of the level.
    weekend, holiday : float
        Appeals on such a day, as a multiple of those on a working day.
    late_share : float
        Share answered after the deadline in each body.
    slow_bodies : mapping
        Body -> its own share answered late.
    faster : float
        Days to an answer in time after the reform, as a multiple of those before.
    stuck_share : float
        Share that nobody ever answers.
    satisfied_share : float
        Share of the answered that is satisfied in full; the other outcomes keep their proportions.
    topics : mapping
        Topic -> its share.
    """

    start: date = date(2022, 7, 1)
    end: date = date(2025, 12, 31)
    reform: date = date(2024, 4, 1)
    level_change: float = 1.25
    growth: float = 0.05
    season: float = 0.15
    weekend: float = 0.3
    holiday: float = 0.3
    late_share: float = 0.06
    slow_bodies: Mapping[str, float] = field(
        default_factory=lambda: {
            "Управление ЖКХ – город Алматы": 0.12,
            "Управление земельных отношений – Туркестанская область": 0.15,
        }
    )
    faster: float = 0.8
    stuck_share: float = 0.004
    satisfied_share: float = 0.24
    topics: Mapping[str, float] = field(
        default_factory=lambda: {topic: share for topic, (share, _, _) in TOPICS.items()}
    )

    def daily(self) -> pd.Series:
        """Return the expected number of appeals by day, relative to a working day at the start."""
        days = pd.date_range(self.start, self.end)
        years = (days - days[0]).days / _DAYS_OF_YEAR
        reformed = days >= pd.Timestamp(self.reform)
        growth = (1 + self.growth) ** years
        level = growth * np.where(reformed, self.level_change, 1.0)
        since_peak = 2 * np.pi * (days.day_of_year - _PEAK_OF_YEAR) / _DAYS_OF_YEAR
        wave = 1 + self.season * np.cos(since_peak)
        dates = pd.Series(list(zip(days.month, days.day, strict=True)))
        off = dates.isin(HOLIDAYS).to_numpy()
        weekend = days.day_of_week >= _SATURDAY
        rhythm = np.where(off, self.holiday, np.where(weekend, self.weekend, 1.0))
        return pd.Series(level * wave * rhythm, index=days, name="expected")


def deadlines() -> pd.Series:
    """Return the published days within which the system wants an answer, by kind of appeal.

    Examples
    --------
    >>> names = ["application", "complaint", "complaint_public_services", "inquiry_mass_media"]
    >>> deadlines()[[*names, "inquiry_lawyers"]].tolist()
    [15, 20, 5, 7, 10]
    """
    rows = load.load_appeals(since=None, indicator="deadline_in_system")
    return rows.set_index("breakdown_value")["value"].astype(int).rename("days")


def _places() -> pd.Series:
    places = load.load_places(level=["region", "city"])
    now = places["valid_to"].isna() & places["place_id"].str.fullmatch(r"KZ-\d\d")
    residents = load.load_residents()
    names = places[now].set_index("place_id")["name_ru"]
    return residents[names.index].set_axis(names).astype(float)


def bodies() -> list[str]:
    """Return the bodies of simulated records: each department in each region.

    Examples
    --------
    >>> len(bodies()), bodies()[0]
    (140, 'Управление ЖКХ – область Абай')
    """
    departments = dict.fromkeys(department for _, department, _ in TOPICS.values())
    named = []
    for place in _places().index:
        named += [f"{department} – {place}" for department in departments]
    return named


def _check(rows: int, seed: int, effects: Effects) -> None:
    problems = []
    if not _is_whole(rows) or not 1 <= rows <= MOST_ROWS:
        problems.append(("rows", repr(rows), f"a whole number from 1 to {MOST_ROWS}"))
    if not _is_whole(seed) or seed < 0:
        problems.append(("seed", repr(seed), "a whole number of 0 or more"))
    if not effects.start < effects.end:
        problems.append(("end", str(effects.end), f"a day after {effects.start}"))
    for name in ("late_share", "stuck_share", "satisfied_share", "season"):
        if not 0 <= getattr(effects, name) < 1:
            problems.append((name, str(getattr(effects, name)), "0 to below 1"))
    problems += [
        ("slow_bodies", repr(body), "a body of analysis.records.simulation.bodies()")
        for body in set(effects.slow_bodies) - set(bodies())
    ]
    problems += [
        ("topics", repr(topic), f"one of {', '.join(TOPICS)}")
        for topic in set(effects.topics) - set(TOPICS)
    ]
    if problems:
        raise DataError(
            [
                Problem(
                    file="simulate", column=name, found=found, expected=wanted, remedy="Correct it."
                )
                for name, found, wanted in problems
            ]
        )


def _is_whole(number: object) -> bool:
    if isinstance(number, bool):
        return False
    return isinstance(number, int | np.integer)


@dataclass(frozen=True)
class _Drawn:
    """What was drawn of the rows of a chunk: numbers of places and the like, and days."""

    place: Array
    topic: Array
    body: Array
    kind: Array
    day: Array
    allowed: Array
    late: Array
    finished: Array
    away: Array
    still_open: Array


class _Maker:
    """Draws the rows of one simulation, chunk by chunk.

    Each chunk depends on the seed and its number alone.
    """

    def __init__(self, rows: int, seed: int, effects: Effects):
        daily = effects.daily()
        share = daily.to_numpy() / daily.sum()
        self.rows, self.seed, self.effects = rows, seed, effects
        by_day = np.random.default_rng([seed]).multinomial(rows, share)
        self.ends = by_day.cumsum()
        self.first = np.datetime64(effects.start, "D")
        self.last_day = len(daily) - 1
        until_reform = np.datetime64(effects.reform, "D") - self.first
        self.reform = int(until_reform.astype(int))
        places = _places()
        self.places = list(places.index)
        self.residents = places.to_numpy()
        self.bodies = bodies()
        departments = list(dict.fromkeys(department for _, department, _ in TOPICS.values()))
        self.topics = list(effects.topics)
        self.department = np.array([departments.index(TOPICS[topic][1]) for topic in self.topics])
        self.n_departments = len(departments)
        self.late = np.array([self._late_share(body) for body in self.bodies])
        self.kind_of = deadlines()
        self.outcomes = [self._outcome_share(outcome) for outcome in _OUTCOMES]

    def _late_share(self, body: str) -> float:
        return self.effects.slow_bodies.get(body, self.effects.late_share)

    def _outcome_share(self, outcome: str) -> float:
        """Return the share of an outcome, of which that of the satisfied is given."""
        satisfied = self.effects.satisfied_share
        if outcome == "satisfied":
            return satisfied
        other = sum(share for name, share in _OUTCOMES.items() if name != "satisfied")
        rest = (1 - satisfied) / other
        return _OUTCOMES[outcome] * rest

    def _numbers(self, rows: Array) -> pa.Array:
        days = np.searchsorted(self.ends, rows, side="right")
        years = (self.first + days).astype("datetime64[Y]").astype(int) + _FIRST_YEAR
        year = pc.cast(pa.array(years), pa.string())
        number = pc.cast(pa.array(rows + 1), pa.string())
        padded = pc.utf8_lpad(number, 8, "0")
        return pc.binary_join_element_wise("ЖТ", year, padded, "-")

    def _earlier(self, rng: np.random.Generator, rows: Array, share: float) -> pa.Array:
        """Return for some rows the number of one of the ten thousand before."""
        some = rng.random(len(rows)) < share
        back = rng.integers(1, 10_000, some.sum())
        if not some.any():
            return pa.nulls(len(rows), pa.string())
        before = np.maximum(rows[some] - back, 0)
        numbers = self._numbers(before)
        places = np.where(some, some.cumsum() - 1, 0)
        return numbers.take(pa.array(places, mask=~some))

    def _deadline_days(self, rng: np.random.Generator, types: Array) -> Array:
        names = list(_TYPES)
        usual = np.array([self.kind_of[name] for name in names])
        days = usual[types]
        for name, special, share in _KINDS:
            of_type = types == names.index(name)
            some = rng.random(len(types)) < share
            days = np.where(of_type & some, self.kind_of[special], days)
        return days

    def _answer_days(
        self, rng: np.random.Generator, deadline: Array, late: Array, after: Array
    ) -> Array:
        """Return days to the answer: most of the deadline is used, and late ones take more."""
        n = len(deadline)
        share_used = rng.beta(2.5, 1.5, n)
        speed = np.where(after, self.effects.faster, 1.0)
        used = np.ceil(deadline * (share_used * speed))
        in_time = np.clip(used, 1, deadline)
        days_over = rng.geometric(0.12, n)
        days = np.where(late, deadline + days_over, in_time)
        return days.astype(int)

    def chunk(self, number: int, words: bool) -> pa.Table:
        """Draw one chunk, in the codes of the schema or in the words of an export.

        The order of the draws is that of the lines: another would give other rows for a seed.
        """
        last = min((number + 1) * _CHUNK, self.rows)
        rows = np.arange(number * _CHUNK, last)
        rng = np.random.default_rng([self.seed, number + 1])
        drawn = self._draw(rng, rows)
        columns = {}
        for name, (labels, index, missing) in self._codes(rng, drawn).items():
            columns[name] = _labels(labels, index, missing, _WORDS[name] if words else {})
        columns["body"] = columns["executing_body"] = _labels(self.bodies, drawn.body)
        columns["place"] = _labels(self.places, drawn.place)
        columns["registered"] = self._dates(drawn.day, None, words)
        columns["deadline"] = self._dates(drawn.day + drawn.allowed, None, words)
        columns["finished"] = self._dates(drawn.finished, drawn.still_open, words)
        columns["registration_number"] = self._numbers(rows)
        prolonged = drawn.late & (rng.random(len(rows)) < _PROLONGED)
        columns["prolonged"] = pa.array(prolonged.astype("int64"))
        columns["repeat_of"] = self._earlier(rng, rows, 0.03)
        columns["redirected_from"] = self._earlier(rng, rows, 0.02)
        columns["simulated"] = pa.array(np.ones(len(rows), dtype=bool))
        return pa.table({EXPORTED[name] if words else name: columns[name] for name in EXPORTED})

    def _draw(self, rng: np.random.Generator, rows: Array) -> _Drawn:
        """Draw where and about what rows are, and when they are answered."""
        n = len(rows)
        day = np.searchsorted(self.ends, rows, side="right")
        place = rng.choice(len(self.places), n, p=self.residents / self.residents.sum())
        shares = np.array(list(self.effects.topics.values()))
        topic = rng.choice(len(self.topics), n, p=shares / sum(self.effects.topics.values()))
        body = place * self.n_departments + self.department[topic]
        kind = rng.choice(len(_TYPES), n, p=list(_TYPES.values()))
        allowed = self._deadline_days(rng, kind)
        late = rng.random(n) < self.late[body]
        took = self._answer_days(rng, allowed, late, day >= self.reform)
        fate = rng.random(n)
        # Withdrawn (2) or redirected (3) within days.
        away = np.where(fate < _WITHDRAWN, 2, np.where(fate < _REDIRECTED, 3, 0))
        took = np.where(away > 0, rng.integers(0, 4, n), took)
        finished = day + took
        stuck = (rng.random(n) < self.effects.stuck_share) & (away == 0)
        still_open = (finished > self.last_day) | stuck
        return _Drawn(place, topic, body, kind, day, allowed, late, finished, away, still_open)

    def _codes(self, rng: np.random.Generator, drawn: _Drawn) -> dict[str, tuple[Any, Any, Any]]:
        """Return the labels of each category, the number of each row, and which rows have none."""
        n = len(drawn.place)
        channel = rng.choice(3, n, p=[0.8, 0.12, 0.08])
        organisation = rng.random(n) < _ORGANISATIONS
        russian = rng.random(n) < _IN_RUSSIAN
        outcome = rng.choice(4, n, p=self.outcomes)
        done = ~drawn.still_open & (drawn.away == 0)
        state = np.where(drawn.still_open, 1, drawn.away)
        return {
            "type": (list(_TYPES), drawn.kind, None),
            "topic": (self.topics, drawn.topic, None),
            "channel": (list(_WORDS["channel"]), channel, None),
            "applicant_kind": (["individual", "organisation"], organisation.astype(int), None),
            "language": (["kk", "ru"], russian.astype(int), None),
            "outcome": (list(_OUTCOMES), outcome, ~done),
            "state": (["done", "in_progress", "withdrawn", "redirected"], state, None),
        }

    def _dates(self, days: Array, missing: Array | None, words: bool) -> pa.Array:
        if not words:
            return pa.array(self.first + days, mask=missing)
        span = self.first + np.arange(self.last_day + 400)
        printed = pa.array([f"{day:%d.%m.%Y}" for day in span.astype(object)])
        last = len(span) - 1
        shown = np.minimum(days, last)
        return printed.take(pa.array(shown, mask=missing))


def _labels(
    labels: list[str],
    index: Array,
    missing: Array | None = None,
    words: Mapping[str, str] | None = None,
) -> pa.Array:
    """Return labels by their numbers, in other words where there are some."""
    other = words or {}
    written = pa.array([other.get(label, label) for label in labels])
    return written.take(pa.array(index, mask=missing))


def _tables(rows: int, seed: int, effects: Effects, *, words: bool) -> Iterator[pa.Table]:
    maker = _Maker(rows, seed, effects)
    for number in range(-(-rows // _CHUNK)):
        yield maker.chunk(number, words)


@overload
def simulate(rows: int, *, seed: int, out: None = None, effects: Effects = ...) -> pd.DataFrame: ...
@overload
def simulate(rows: int, *, seed: int, out: Path | str, effects: Effects = ...) -> Path: ...
def simulate(
    rows: int, *, seed: int, out: Path | str | None = None, effects: Effects | None = None
) -> pd.DataFrame | Path:
    """Make appeals as E-Otinish would export them, to teach, test and measure speed with.

    Parameters
    ----------
    rows : int
        Number of appeals. A file of any length is written in chunks; memory does not grow with it.
    seed : int
        The same seed gives the same rows.
    out : path, optional
        CSV file to write, with Russian column names and dates as 25.07.2021. Without it the appeals
        are returned as a frame.
    effects : Effects, optional
        What is built in.

    Returns
    -------
    pandas.DataFrame or Path
        The file, or one row an appeal with the columns of the schema `appeals` (dates, codes) and
        `simulated`, which is true in every row.

    Raises
    ------
    DataError
        For settings that cannot be, and when the file cannot be written.

    Examples
    --------
    >>> appeals = simulate(1000, seed=1)
    >>> len(appeals), bool(appeals["simulated"].all())
    (1000, True)
    """
    effects = effects or Effects()
    _check(rows, seed, effects)
    if out is None:
        frame = pa.concat_tables(_tables(rows, seed, effects, words=False)).to_pandas()
        dates = ["registered", "deadline", "finished"]
        return frame.assign(**{name: pd.to_datetime(frame[name]) for name in dates})
    return _write(Path(out), _tables(rows, seed, effects, words=True))


def _write(path: Path, tables: Iterator[pa.Table]) -> Path:
    """Write a CSV that is there as a whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        first = next(tables)
        with pyarrow.csv.CSVWriter(part, first.schema) as writer:
            writer.write_table(first)
            for table in tables:
                writer.write_table(table)
        os.replace(part, path)
    except OSError as error:
        raise DataError(
            [
                Problem(
                    file=str(path),
                    found=str(error),
                    expected="a file that can be written",
                    remedy="Name another with --out.",
                )
            ]
        ) from None
    finally:
        part.unlink(missing_ok=True)
    return path
