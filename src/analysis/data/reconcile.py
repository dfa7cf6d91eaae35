"""Many figures for one thing become one value, its range and its sources.

The rules, in order; the name of the rule that decided is kept beside the value:

1. `only`: one figure, or all figures are equal. 2. `precision`: a figure as printed before a
rounded one; a bound ("at least") never stands for a value. 3. `one_list`: in a national vote, the
figure from the source that prints the most places at that stage, so that a
   map never mixes stages; a better figure for a few places goes into their range.
4. `official`: printed by a state body, or by an outlet that cites a commission or bureau, before
other media. 5. `confidence`: official or repeated by an agency (high) before medium before low. 6.
`latest`: the figure published later. 7. `first_source`: nothing else decides; the lowest source id,
so that a rebuild gives the same.

Interim and planned figures, figures on another base and figures whose source shows no date are not
results: they go to the ledger with the reason."""

from __future__ import annotations

import re
from collections import Counter

from analysis.data.tables import Row

KEY = (
    "indicator", "unit", "measure", "period_start", "period_end", "place_id", "region_id", "level",
    "register", "office", "vote", "breakdown", "breakdown_value", "stage", "producer",
)  # fmt: skip
SERIES_COLUMNS = (
    *KEY, "value", "low", "high", "precision", "rule", "n_figures", "n_publishers", "n_producers", "agree", "confidence", "sources",
)  # fmt: skip
LEDGER_COLUMNS = ("dataset", "row", "indicator", "value", "place_id", "source_id", "reason")

_PRECISION = {"as_printed": 0, "rounded": 1, "at_least": 2, "at_most": 2}
_CONFIDENCE = {"high": 0, "medium": 1, "low": 2}
_NOT_A_RESULT = {
    "interim": "interim: counted before the end",
    "planned": "planned: not a result",
    "other_base": "counted on another base",
}


def reason_left_out(row: Row) -> str | None:
    """Say why a figure belongs in no series, or None if it does."""
    if row["stage"] in _NOT_A_RESULT:
        return _NOT_A_RESULT[row["stage"]]
    if row["dating"] == "bracket":
        return "undated: the period only brackets it"
    if not row["period_start"]:
        return "undated: no date in the source"
    return None


def publisher(source: Row) -> str:
    """Return who published a source: its name without the body it cites.

    Else the host of its address.
    """
    name = re.split(r",? \(?(?:citing|quoting)|/", source["publisher"])[0].strip()
    host = re.sub(r"^https?://(?:www\.)?|/.*", "", source["url"])
    return name or host or source["title"] or source["source_id"]


def producer(row: Row, source: Row) -> str:
    """Return whose count a figure is: the maker of an index, the election commissions.

    The body cited, else the publisher.

    Ten outlets that print one commission's release are one producer.
    """
    if row["producer"]:
        return row["producer"]
    if row["vote"] or row["office"]:
        return "election commissions"
    cited = re.search(r"(?:citing|quoting) (?:the )?([^);,]+)", source["publisher"])
    return cited[1].strip() if cited else publisher(source)


def is_official(source: Row) -> bool:
    """Say whether a source is a state body's own page, or cites a commission.

    Bureau or ministry by name.
    """
    host = re.sub(r"^https?://|/.*", "", source["url"])
    own = host.endswith((".gov.kz", "zan.kz", "egov.kz", "primeminister.kz", "akorda.kz"))
    return own or bool(
        re.search(
            r"(?:citing|quoting).*(?:CEC|CRC|OEC|TEC|RSC|BNS|Bureau|commission|Ministry)",
            source["publisher"],
        )
    )


def _list(row: Row) -> tuple[str, ...]:
    return tuple(row[c] for c in ("indicator", "vote", "stage", "breakdown", "source_id"))


def _choose(
    rows: list[Row], sources: dict[str, Row], places: Counter[tuple[str, ...]]
) -> tuple[Row, str]:
    if len({(r["value"], r["precision"]) for r in rows}) == 1:
        return min(rows, key=lambda r: (_CONFIDENCE[r["confidence"]], r["source_id"])), "only"
    steps = (
        ("precision", lambda r: _PRECISION[r["precision"]]),
        ("one_list", lambda r: -places[_list(r)] if r["vote"] else 0),
        ("official", lambda r: not is_official(sources[r["source_id"]])),
        ("confidence", lambda r: _CONFIDENCE[r["confidence"]]),
        ("latest", lambda r: tuple(-ord(c) for c in sources[r["source_id"]]["published"] or "0")),
        ("first_source", lambda r: r["source_id"]),
    )
    for name, rank in steps:
        best = min(rank(r) for r in rows)
        rows = [r for r in rows if rank(r) == best]
        if len({r["value"] for r in rows}) == 1:
            return min(rows, key=lambda r: r["source_id"]), name
    return rows[0], "first_source"


def reconcile(rows: list[Row], *, sources: dict[str, Row]) -> tuple[list[Row], list[Row]]:
    """Turn raw figures into series rows and a ledger of what is in no series.

    Parameters
    ----------
    rows : list of dict
        As `observations.read_observations` gives them, of one data set.
    sources : dict
        Source id to its row of sources.csv.

    Returns
    -------
    series, ledger : list of dict
        Series have `SERIES_COLUMNS`. `low` and `high` span all figures that state a value; a value
        that is only a bound ("at least 2,000") has that bound as `low` (or `high`) and the other
        side empty.
    """
    groups: dict[tuple[str, ...], list[Row]] = {}
    ledger: list[Row] = []
    for number, row in enumerate(rows, start=2):
        reason = reason_left_out(row)
        if reason:
            ledger.append({**row, "row": str(number), "reason": reason})
        else:
            groups.setdefault(tuple(row[c] for c in KEY), []).append(row)
    places = Counter(_list(row) for group in groups.values() for row in group)
    series = []
    for key, group in sorted(groups.items()):
        chosen, rule = _choose(group, sources, places)
        values = sorted(
            (r["value"] for r in group if not r["precision"].startswith("at_")), key=float
        )
        low, high = (values[0], values[-1]) if values else ("", "")
        if not values:
            low = chosen["value"] if chosen["precision"] == "at_least" else ""
            high = chosen["value"] if chosen["precision"] == "at_most" else ""
        series.append(
            dict(zip(KEY, key, strict=True))
            | {c: chosen[c] for c in ("value", "precision", "confidence")}
            | {
                "low": low, "high": high, "rule": rule, "n_figures": str(len(group)),
                "n_publishers": str(len({publisher(sources[r["source_id"]]) for r in group})),
                "n_producers": str(len({producer(r, sources[r["source_id"]]) for r in group})),
                "agree": str(len({float(v) for v in values}) <= 1).lower(),
                "sources": " ".join(sorted({r["source_id"] for r in group})),
            }
        )  # fmt: skip
    return series, ledger
