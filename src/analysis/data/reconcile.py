"""Many figures for one thing become one value, its range and its sources.

Before any choice:

- One source that publishes two values for one thing stops the build: its rows differ in something
  that the key does not hold.
- A figure that superseded.csv names gives way and goes to the ledger: an earlier vintage that its
  publisher revised, a figure of another stage, a figure that counts something else.
- A coarser figure that contains a finer one ("66%" beside "66.5%") stays a source of the value,
  but neither competes with it nor widens the range.

Then the rules, in order; the name of the rule that decided is kept beside the value:

1. `only`: one figure, or all figures are equal.
2. `precision`: a figure as published before a rounded one; a bound never stands for a value.
3. `one_list`: in a national vote, the figure of the source whose list names the turnout of the
   most places at that stage, so that a map never mixes lists and a share and its counts agree.
4. `official`: a state body's own page, or an outlet that cites a commission or bureau.
5. `witnesses`: the figure that the most independent origins publish.
6. `confidence`: official or repeated by an agency (high) before medium before low.
7. `latest`: the figure published later.

If figures are still equal in rank, `undecided` keeps the value nearest the middle of the range, and
the lower of two. No rule looks at the order of rows or of source ids.

Planned figures, figures on another base, interim figures without the hour of a national vote, and
figures whose source shows no date are not results: they go to the ledger with the reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from analysis.data.superseded import Superseded, superseded
from analysis.data.tables import Row
from analysis.errors import DataError, Problem

# fmt: off
KEY = (
    "indicator", "unit", "measure", "period_start", "period_end", "as_of", "place_id", "region_id",
    "level", "register", "office", "vote", "breakdown", "breakdown_value", "stage", "producer",
)
SERIES_COLUMNS = (
    *KEY, "value", "low", "high", "precision", "rule", "n_figures", "n_publishers", "n_producers",
    "agree", "disagreement", "confidence", "sources",
)
# fmt: on
LEDGER_COLUMNS = ("dataset", "row", "indicator", "value", "place_id", "source_id", "reason")

_PRECISION = {"as_printed": 0, "rounded": 1, "at_least": 2, "at_most": 2}
_CONFIDENCE = {"high": 0, "medium": 1, "low": 2}
_NOT_A_RESULT = {
    "interim": "interim: counted before the end",
    "planned": "planned: not a result",
    "other_base": "counted on another base",
}
_ONE_LIST = ("turnout_share", "voters_voted", "voters_listed")  # a share and its counts
_OWN_HOSTS = (".gov.kz", "zan.kz", "egov.kz", "primeminister.kz", "akorda.kz")
_CITED_BODY = re.compile(
    r"(?:citing|quoting).*(?:CEC|CRC|OEC|TEC|RSC|BNS|Bureau|commission|Ministry)"
)
_CITED = re.compile(r"(?:citing|quoting) (?:the )?([^);,]+)")
_FINEST_SHARE = 2  # decimals: "0.6" may be 60%, so a share is never read as coarser than 1 %

Sources = dict[str, Row]
Lists = Counter[tuple[str, ...]]


def reason_left_out(row: Row) -> str | None:
    """Return why a figure belongs in no series, or None if it does.

    Examples
    --------
    >>> row = {"stage": "planned", "vote": "", "as_of": "", "dating": "stated"}
    >>> reason_left_out(row | {"period_start": "2021-01-01"})
    'planned: not a result'
    """
    by_the_hour = row["stage"] == "interim" and row["vote"] and row["as_of"]
    if row["stage"] in _NOT_A_RESULT and not by_the_hour:
        return _NOT_A_RESULT[row["stage"]]
    if row["dating"] == "bracket":
        return "undated: the period only brackets it"
    if not row["period_start"]:
        return "undated: no date in the source"
    return None


def publisher(source: Row) -> str:
    """Return who published a source, without the body it cites; else the host of its address.

    Examples
    --------
    >>> publisher({"publisher": "Vlast (citing CEC)", "url": "", "title": "", "source_id": "s1"})
    'Vlast'
    """
    named = source["publisher"]
    parts = re.split(r",? \(?(?:citing|quoting)|/", named)
    name = parts[0].strip()
    if name:
        return name
    host = re.sub(r"^https?://(?:www\.)?|/.*", "", source["url"])
    whole = name + ")" * (name.count("(") - name.count(")"))
    return whole or host or source["title"] or source["source_id"]


def origin(source: Row) -> str:
    """Return whom a source follows: the body or outlet that it cites, else its publisher.

    Examples
    --------
    >>> origin({"publisher": "vecher.kz (citing Khabar 24)", "url": ""})
    'Khabar 24'
    """
    cited = _CITED.search(source["publisher"])
    if cited is None:
        return publisher(source)
    return cited[1].strip()


def producer(row: Row, source: Row) -> str:
    """Return whose count a figure is: the maker of an index, the commissions, or its origin.

    Ten outlets that repeat one commission's release are one producer.
    """
    if row["producer"]:
        return row["producer"]
    if row["vote"] or row["office"]:
        return "election commissions"
    return origin(source)


def is_official(source: Row) -> bool:
    """Return whether a source is a state body's page or cites a commission, bureau or ministry."""
    host = re.sub(r"^https?://|/.*", "", source["url"])
    if host.endswith(_OWN_HOSTS):
        return True
    cited = _CITED_BODY.search(source["publisher"])
    return cited is not None


def contains(coarse: Row, fine: Row) -> bool:
    """Return whether a figure is a finer one rounded or cut.

    Examples
    --------
    >>> share = {"unit": "share", "precision": "as_printed"}
    >>> contains(share | {"value": "0.66"}, share | {"value": "0.665"})
    True
    >>> contains(share | {"value": "0.66"}, share | {"value": "0.68"})
    False
    """
    step, finer = _step(coarse), _step(fine)
    if finer >= step:
        return False
    if fine["precision"] != "as_printed":
        return False
    unit = 10**step
    units = float(fine["value"]) / unit
    tolerance = 1e-9
    cut = int(units + tolerance)
    rounded = int(units + 0.5 + tolerance)
    stated = round(float(coarse["value"]) / unit)
    return stated in (cut, rounded)


def _step(row: Row) -> int:
    """Return the power of ten to which a figure is exact."""
    whole, _, decimals = row["value"].partition(".")
    decimals = decimals.rstrip("0")
    is_ratio = row["unit"] in ("share", "change")
    if is_ratio:
        return -max(len(decimals), _FINEST_SHARE)
    if decimals:
        return -len(decimals)
    if row["precision"] != "rounded":
        return 0
    digits = whole.rstrip("0")
    return len(whole) - len(digits)


def _list(row: Row) -> tuple[str, ...]:
    indicator = row["indicator"]
    if indicator in _ONE_LIST:
        indicator = _ONE_LIST[0]
    named = ("vote", "stage", "as_of", "breakdown", "source_id")
    cells = [row[column] for column in named]
    return (indicator, *cells)


def _lists(rows: Iterable[Row]) -> Lists:
    counts = _ONE_LIST[1:]
    lists: Lists = Counter()
    for row in rows:
        if row["indicator"] not in counts:
            lists[_list(row)] += 1
    return lists


def _day_ranks(rows: list[Row], sources: Sources) -> dict[str, int]:
    days = set()
    for row in rows:
        source = sources[row["source_id"]]
        days.add(source["published"])
    ranks = {}
    for rank, day in enumerate(sorted(days, reverse=True)):
        ranks[day] = rank
    return ranks


def _rank_functions(
    rows: list[Row], sources: Sources, lists: Lists
) -> list[tuple[str, Callable[[Row], Any]]]:
    days = _day_ranks(rows, sources)
    origins: dict[float, set[str]] = {}
    for row in rows:
        origins.setdefault(float(row["value"]), set()).add(origin(sources[row["source_id"]]))
    return [
        ("precision", lambda row: _PRECISION[row["precision"]]),
        ("one_list", lambda row: -lists[_list(row)] if row["vote"] else 0),
        ("official", lambda row: not is_official(sources[row["source_id"]])),
        ("witnesses", lambda row: -len(origins[float(row["value"])])),
        ("confidence", lambda row: _CONFIDENCE[row["confidence"]]),
        ("latest", lambda row: days[sources[row["source_id"]]["published"]]),
    ]


def _choose(rows: list[Row], sources: Sources, lists: Lists) -> tuple[Row, str]:
    """Return the figure that the first deciding rule chooses, and the name of the rule."""
    rule = "only"
    for name, rank in _rank_functions(rows, sources, lists):
        if _is_one_figure(rows):
            break
        ranks = [rank(row) for row in rows]
        best = min(ranks)
        left = [row for row, own in zip(rows, ranks, strict=True) if own == best]
        if len(left) < len(rows):
            rows, rule = left, name
    values = sorted(_values(rows))
    if len(values) > 1:
        rule = "undecided"
        middle = values[(len(values) - 1) // 2]
        rows = [row for row in rows if float(row["value"]) == middle]
    surest = min(rows, key=_by_confidence)
    return surest, rule


def _values(rows: Iterable[Row]) -> set[float]:
    return {float(row["value"]) for row in rows}


def _is_one_figure(rows: list[Row]) -> bool:
    figures = {(float(row["value"]), row["precision"]) for row in rows}
    return len(figures) == 1


def _is_bound(row: Row) -> bool:
    precision = row["precision"]
    return precision in ("at_least", "at_most")


def _by_confidence(row: Row) -> tuple[int, str]:
    stated = row["confidence"]
    confidence = _CONFIDENCE[stated]
    return confidence, row["value"]


def _exact(rows: list[Row]) -> list[Row]:
    """Return the figures that no finer figure among them explains, bounds aside."""
    stated = [row for row in rows if not _is_bound(row)]
    exact = []
    for row in stated:
        is_explained = any(contains(row, other) for other in stated)
        if not is_explained:
            exact.append(row)
    return exact


def _range(chosen: Row, exact: list[Row]) -> tuple[str, str]:
    """Return the range of the figures for one thing; a bound has one end only."""
    value, precision = chosen["value"], chosen["precision"]
    if not exact:
        low = value if precision == "at_least" else ""
        high = value if precision == "at_most" else ""
        return low, high
    one_maker = chosen["producer"]
    if one_maker:  # a copy that differs is a fault of the copy
        return value, value
    values = [row["value"] for row in exact]
    ordered = sorted(values, key=float)
    return ordered[0], ordered[-1]


def _disagreement(rows: list[Row], exact: list[Row], gave_way: list[Superseded]) -> str:
    """Return the kind of disagreement behind a value, the gravest first."""
    if len(_values(exact)) > 1:
        return "conflict"
    kinds = {known.kind for known in gave_way}
    for kind in ("definition", "stage", "vintage"):
        if kind in kinds:
            return kind
    stated = [row for row in rows if not _is_bound(row)]
    return "rounding" if len(_values(stated)) > 1 else ""


def _series_row(
    key: tuple[str, ...],
    rows: list[Row],
    gave_way: list[Superseded],
    sources: Sources,
    lists: Lists,
) -> Row:
    exact = _exact(rows)
    chosen, rule = _choose(exact or rows, sources, lists)
    if rule == "only" and not _is_one_figure(rows):
        rule = "precision"
    low, high = _range(chosen, exact)
    disagreement = _disagreement(rows, exact, gave_way)
    behind = [sources[row["source_id"]] for row in rows]
    producers = {producer(row, sources[row["source_id"]]) for row in rows}
    return dict(zip(KEY, key, strict=True)) | {
        "value": chosen["value"],
        "low": low,
        "high": high,
        "precision": chosen["precision"],
        "rule": rule,
        "n_figures": str(len(rows)),
        "n_publishers": str(len({publisher(source) for source in behind})),
        "n_producers": str(len(producers)),
        "agree": str(disagreement != "conflict").lower(),
        "disagreement": disagreement,
        "confidence": chosen["confidence"],
        "sources": " ".join(sorted({row["source_id"] for row in rows})),
    }


def _key(row: Row) -> tuple[str, ...]:
    cells = []
    for column in KEY:
        cells.append(row[column])
    return tuple(cells)


def _check_sources(groups: Iterable[list[tuple[int, Row]]], file: str) -> None:
    """Raise an error if one source publishes two values for one thing."""
    problems = []
    for group in groups:
        first: dict[str, tuple[int, Row]] = {}
        for number, row in group:
            before, known = first.setdefault(row["source_id"], (number, row))
            if float(known["value"]) != float(row["value"]):
                problems.append(_two_values(file, before, known, number, row))
    if problems:
        raise DataError(problems)


def _two_values(file: str, before: int, known: Row, number: int, row: Row) -> Problem:
    return Problem(
        file=file,
        row=number,
        column="value",
        found=f"{row['value']}, and {known['value']} in row {before} from the same source for the"
        f" same thing ({row['indicator']}, {row['place_id']})",
        expected="one value of a source for one thing",
        remedy="Say what tells the two apart: candidate, list, vintage or place.",
    )


def reconcile(
    rows: list[Row],
    *,
    sources: Sources,
    gives_way: list[Superseded] | None = None,
    file: str = "figures",
) -> tuple[list[Row], list[Row]]:
    """Turn raw figures into series rows and a ledger of what is in no series.

    Parameters
    ----------
    rows : list of dict
        As `observations.read_observations` returns them, of one data set.
    sources : dict
        Source id to its row of sources.csv.
    gives_way : list of Superseded, optional
        Figures of the data set that give way to another, as superseded.csv lists them.
    file : str
        Name of the file, for messages.

    Returns
    -------
    series, ledger : list of dict
        Series have `SERIES_COLUMNS`. `low` and `high` are the range of the figures for one thing; a
        value that is only a bound ("at least 2,000") has that bound as `low` (or `high`) and the
        other side empty. `disagreement` is "" or why figures differ: rounding, vintage, stage,
        definition or conflict; `agree` is false for a conflict only.

    Raises
    ------
    DataError
        If one source publishes two values for one thing, or superseded.csv names a figure that is
        not there.
    """
    numbered = list(enumerate(rows, start=2))
    groups: dict[tuple[str, ...], list[tuple[int, Row]]] = {}
    ledger: list[Row] = []
    for number, row in numbered:
        reason = reason_left_out(row)
        if reason:
            ledger.append(_ledger_row(number, row, reason))
        else:
            groups.setdefault(_key(row), []).append((number, row))
    _check_sources(groups.values(), file)
    out = superseded(groups, gives_way or [], file=file)
    lists = _lists(row for group in groups.values() for _, row in group)
    series = []
    for key, group in sorted(groups.items()):
        kept = [row for number, row in group if number not in out]
        gone = {number: out[number] for number, _ in group if number in out}
        ledger += [_ledger_row(n, row, str(out[n])) for n, row in group if n in gone]
        if kept:
            series.append(_series_row(key, kept, list(gone.values()), sources, lists))
    return series, sorted(ledger, key=lambda row: int(row["row"]))


def _ledger_row(number: int, row: Row, reason: str) -> Row:
    return {**row, "row": str(number), "reason": reason}
