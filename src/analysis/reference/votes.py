"""National votes, and the first days on which akims were elected directly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analysis.errors import UnknownName
from analysis.reference.languages import in_language
from analysis.store import cached_on, read_rows


@dataclass(frozen=True)
class Vote:
    """A vote: its code, kind, day, the hours at which turnout was reported, and its names."""

    code: str
    kind: str
    day: date
    hours: tuple[str, ...]
    region_stages: tuple[str, ...]
    names: tuple[tuple[str, str], ...]

    @property
    def year(self) -> int:
        """The year of the vote."""
        return self.day.year

    def name(self, language: str) -> str:
        """Return the name of the vote in a language."""
        names = dict(self.names)
        return in_language(names, "name", language)


@cached_on("raw/votes")
def _all(scope: str) -> tuple[Vote, ...]:
    found = []
    for row in read_rows("raw/votes"):
        if row["scope"] == scope:
            found.append(_vote(row))
    in_order = sorted(found, key=lambda vote: vote.day)
    return tuple(in_order)


def _vote(row: dict[str, str]) -> Vote:
    names = tuple((column, cell) for column, cell in row.items() if column.startswith("name_"))
    return Vote(
        code=row["vote"],
        kind=row["kind"],
        day=date.fromisoformat(row["day"]),
        hours=tuple(row["hours"].split()),
        region_stages=tuple(row["region_stages"].split()),
        names=names,
    )


def votes(kind: str | None = None) -> tuple[Vote, ...]:
    """Return the national votes by day, of one kind if asked.

    Examples
    --------
    >>> [vote.code for vote in votes("majilis")]
    ['majilis_2021', 'majilis_2023']
    """
    every = _all("national")
    if kind is None:
        return every
    return tuple(vote for vote in every if vote.kind == kind)


def vote(code: str) -> Vote:
    """Return one national vote.

    Raises
    ------
    UnknownName
        If there is no such vote.

    Examples
    --------
    >>> vote("referendum_2026").day.isoformat()
    '2026-03-15'
    """
    found = {known.code: known for known in votes()}
    if code not in found:
        raise UnknownName("vote", code, found)
    return found[code]


def kinds() -> tuple[str, ...]:
    """Return the kinds of national votes in the order of their first vote.

    Examples
    --------
    >>> kinds()
    ('president', 'majilis', 'referendum')
    """
    by_day = [vote.kind for vote in votes()]
    return tuple(dict.fromkeys(by_day))


def votes_by_kind() -> tuple[Vote, ...]:
    """Return the national votes, those of a kind together and by day.

    Examples
    --------
    >>> [vote.code for vote in votes_by_kind()][:2]
    ['president_2019', 'president_2022']
    """
    found: list[Vote] = []
    for kind in kinds():
        found += votes(kind)
    return tuple(found)


def latest_votes() -> tuple[Vote, ...]:
    """Return the latest national vote of each kind, the newest first.

    Examples
    --------
    >>> [vote.code for vote in latest_votes()]
    ['referendum_2026', 'majilis_2023', 'president_2022']
    """
    newest = [votes(kind)[-1] for kind in kinds()]
    newest.sort(key=lambda vote: vote.day, reverse=True)
    return tuple(newest)


def first_akim_election(office: str) -> Vote:
    """Return the day on which akims of an office were first elected directly.

    Examples
    --------
    >>> first_akim_election("rural").day.isoformat()
    '2021-07-25'
    """
    found = {vote.kind: vote for vote in _all("akims")}
    if office not in found:
        raise UnknownName("office", office, found)
    return found[office]
