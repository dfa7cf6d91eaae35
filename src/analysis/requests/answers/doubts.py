"""Figures that do not fit each other or an earlier answer: asked about, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from analysis.data.tables import Row
from analysis.requests.answers.figures import Figure, Reply, observation
from analysis.requests.items import Item, items

_PERCENT = Decimal(100)
_IDENTITY = (
    "indicator", "unit", "measure", "period_start", "period_end", "place_id", "register", "office",
    "vote", "breakdown", "breakdown_value",
)  # fmt: skip
_ANSWER = "Answer No. "


@dataclass(frozen=True)
class Doubt:
    """One figure that does not fit: kept as it is, marked, and asked about in these words."""

    figure: Figure
    question: str

    def __str__(self) -> str:
        figure = self.figure
        where = f"{figure.cell} ({figure.item}, {figure.period})"
        return f"{where}: {self.question}"


def doubts(reply: Reply, held: Iterable[Row] = (), sources: Iterable[Row] = ()) -> list[Doubt]:
    """Return what to ask the body about its figures.

    Parts above their whole, shares that do not follow from the counts beside them, and figures that
    differ from an earlier answer of the same body for the same period.

    Parameters
    ----------
    reply : Reply
    held : iterable of dict
        Rows of data/raw that are held.
    sources : iterable of dict
        Rows of sources.csv.
    """
    known = {(one.item, one.place_id, one.period): one for one in reply.figures}
    earlier = _earlier_answers(reply, held, sources)
    found: list[Doubt] = []
    for figure in reply.figures:
        questions = [*_beside_whole(figure, known), *_beside_earlier(figure, earlier)]
        found += [Doubt(figure, question) for question in questions]
    return found


Known = dict[tuple[str, str, str], Figure]


def _beside_whole(figure: Figure, known: Known) -> Iterator[str]:
    item = items()[figure.item]
    whole = known.get((item.part_of, figure.place_id, figure.period))
    if whole is None:
        return
    if item.unit == "share":
        yield from _beside_counts(figure, item, whole, known)
    elif figure.value > whole.value:
        yield (
            f"{figure.value} is more than its whole, {whole.value} in {whole.cell} ({whole.item}). "
            "Which of the two is right?"
        )


def _beside_counts(figure: Figure, item: Item, whole: Figure, known: Known) -> Iterator[str]:
    """Compare a share with part / whole, to the decimals in which the share was given."""
    for name, other in items().items():
        if other.part_of != item.part_of or other.unit == "share":
            continue
        part = known.get((name, figure.place_id, figure.period))
        if part is None or whole.value == 0:
            continue
        given = figure.value * _PERCENT
        counted = part.value / whole.value * _PERCENT
        last = Decimal(1).scaleb(min(int(given.normalize().as_tuple().exponent), 0))
        if abs(given - counted) > last / 2:
            yield (
                f"{given.normalize():f} % does not follow from {part.value} in {part.cell} of "
                f"{whole.value} in {whole.cell}: that is {counted:.2f} %. Which is right?"
            )


def _earlier_answers(
    reply: Reply, held: Iterable[Row], sources: Iterable[Row]
) -> dict[tuple[str, ...], tuple[Row, Row]]:
    """Return figures of earlier answers of the same body, each with its letter."""
    own = reply.source
    letters = {
        source["source_id"]: source
        for source in sources
        if source["publisher"] == own["publisher"] and source["title"].startswith(_ANSWER)
    }
    letters.pop(own["source_id"], None)
    return {
        tuple(row[column] for column in _IDENTITY): (row, letters[row["source_id"]])
        for row in held
        if row["source_id"] in letters
    }


def _beside_earlier(
    figure: Figure, earlier: dict[tuple[str, ...], tuple[Row, Row]]
) -> Iterator[str]:
    row = observation(figure, "")
    identity = tuple(row[column] for column in _IDENTITY)
    if identity not in earlier:
        return
    held, source = earlier[identity]
    was, now = held["value"], row["value"]
    if Decimal(was) != Decimal(now):
        letter = source["title"].removesuffix(" to a request for information")
        yield f"{now}, but {letter} said {was}. Why do they differ?"
