"""The released values in columns, as the explorer reads them, and the words for them by language.

Both are classic scripts: a page that is opened from a folder may load those, and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

from analysis import load, reference, store
from analysis.data.reconcile import publisher
from analysis.data.version import data_version
from analysis.derive.lines import THING, joined_to_previous
from analysis.locale import dated, text
from analysis.reference.places import NATION
from analysis.report.wording import period_words
from analysis.site.labels import (
    PART,
    indicator_name,
    part_code,
    part_name,
    place_order,
    place_words,
)
from analysis.store import cached_on

_INTERIM = "interim"
_ISO = "%Y-%m-%d"
_ORDER = [*THING, "period_end", "period_start", "as_of"]
# Columns that repeat few codes: each is a list of the codes and, by row, a place in it.
CODED = ("dataset", "unit", "precision", "rule", "disagreement", "confidence", "producer")
_COUNTS = ("n_figures", "n_publishers", "n_producers")


class Part(NamedTuple):
    """What tells one part of an indicator from another; empty where it does not matter."""

    register: str
    office: str
    breakdown: str
    breakdown_value: str
    stage: str
    measure: str
    vote: str
    dataset: str


@cached_on(reference.datasets, "sources", "places", "raw/languages", "raw/votes")
def values() -> pd.DataFrame:
    """Return every released value, in the order in which the explorer holds them.

    Returns
    -------
    pandas.DataFrame
        As the loaders return them, with `dataset`, `part` (a `Part`), `part_code`, and `joined`:
        whether a line may lead to the value from the one before.

    Examples
    --------
    >>> every = values()
    >>> len(every) == sum(len(store.read_table(name)) for name in reference.datasets())
    True
    """
    frames = [
        load.read_series(dataset, interim=interim).assign(dataset=dataset)
        for dataset in reference.datasets()
        for interim in (False, True)
    ]
    frame = pd.concat(frames, ignore_index=True)
    frame["stage"] = frame["stage"].astype("object").fillna("")
    frame = frame.sort_values(_ORDER, kind="stable").reset_index(drop=True)
    parts = _parts(frame)
    codes = [part_code(part) for part in parts]
    return frame.assign(part=pd.Series(parts), part_code=codes, joined=joined_to_previous(frame))


def _parts(frame: pd.DataFrame) -> list[Part]:
    """Return the part of each row: the measure tells only where an indicator has two.

    The vote tells only through its day, where the hours are the axis; the data set only where two
    have the same part.
    """
    n_measures = frame.groupby("indicator")["measure"].transform("nunique")
    through_the_day = frame["stage"].eq(_INTERIM)
    cells = frame.assign(
        measure=frame["measure"].where(n_measures > 1, ""),
        vote=frame["vote"].where(through_the_day, ""),
    )
    others = [column for column in PART if column != "dataset"]
    n_datasets = cells.groupby(["indicator", *others])["dataset"].transform("nunique")
    cells["dataset"] = cells["dataset"].where(n_datasets > 1, "")
    rows = cells[list(PART)].itertuples(index=False)
    return [Part(*row) for row in rows]


def data_script() -> str:
    """Return the script with all values and the sources behind them.

    Examples
    --------
    >>> data_script()[:27]
    'window.OPENNESS_DATA = {"ve'
    """
    frame = values()
    columns = {name: _coded(frame[name]) for name in (*CODED, "indicator", "part_code", "vote")}
    columns["place_id"] = _coded(frame["place_id"], _places())
    columns["period"] = _coded(_period_codes(frame))
    columns["as_of"] = _coded(frame["as_of"])
    sources = _sources_of(frame)
    number_of = _numbers(sources)
    cells = [[number_of[source] for source in cell.split()] for cell in frame["sources"]]
    data = {
        "version": data_version(),
        "codes": {name: codes for name, (codes, _) in columns.items()},
        "rows": {name: rows for name, (_, rows) in columns.items()},
        "value": [_short(value) for value in frame["value"]],
        **_bounds(frame),
        **{name: frame[name].tolist() for name in _COUNTS},
        "joined": frame["joined"].astype("int64").tolist(),
        "sources": [cell[0] if len(cell) == 1 else cell for cell in cells],
        "source": [_source(row) for row in _rows_of_sources(sources)],
        "parts": _parts_by_code(frame),
    }
    return _script("OPENNESS_DATA", data)


def _script(name: str, data: dict[str, Any]) -> str:
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"window.{name} = {written};\n"


def _coded(column: pd.Series, codes: Iterable[str] | None = None) -> tuple[list[str], list[int]]:
    filled = column.astype("object").fillna("")
    cells = filled.tolist()
    names = sorted(set(codes or cells))
    number_of = _numbers(names)
    return names, [number_of[cell] for cell in cells]


def _numbers(names: list[str]) -> dict[str, int]:
    return {name: number for number, name in enumerate(names)}


def _period_codes(frame: pd.DataFrame) -> pd.Series:
    """Return first and last day of each period; a stock over a period is read at its last day."""
    start = frame["period_start"].dt.strftime(_ISO)
    end = frame["period_end"].dt.strftime(_ISO)
    is_stock = frame["measure"].eq("stock") & start.ne(end)
    kind = is_stock.map({True: "/stock", False: ""})
    return start + "/" + end + kind


def _short(value: float) -> float | int | None:
    if pd.isna(value):
        return None
    return int(value) if float(value).is_integer() else float(value)


def _bounds(frame: pd.DataFrame) -> dict[str, dict[int, float | int | None]]:
    """Return the ends of ranges by row, where they are not the value itself."""
    bounds = {}
    for name in ("low", "high"):
        differs = frame[name].ne(frame["value"])
        rows = [int(row) for row in differs.to_numpy().nonzero()[0]]
        bounds[name] = {row: _short(frame[name].iloc[row]) for row in rows}
    return bounds


def _sources_of(frame: pd.DataFrame) -> list[str]:
    each = frame["sources"].str.split().explode()
    return sorted(set(each))


def _rows_of_sources(sources: list[str]) -> list[dict[str, str]]:
    known = {}
    for row in store.read_rows("sources"):
        known[row["source_id"]] = row
    return [known[source] for source in sources]


def _source(row: dict[str, str]) -> list[str]:
    return [
        row["source_id"],
        row["url"],
        row["title"],
        publisher(row),
        row["published"],
    ]


def _parts_by_code(frame: pd.DataFrame) -> dict[str, list[str]]:
    """Return by its code what a part stands for in the released columns."""
    parts = frame.drop_duplicates("part_code")
    cells = [list(part) for part in parts["part"]]
    return dict(zip(parts["part_code"], cells, strict=True))


@cached_on(reference.datasets, "places")
def _places() -> list[str]:
    frame = values()
    return sorted(set(frame["place_id"]))


def words_script(language: str) -> str:
    """Return the script with the words of a language for what `data_script` codes.

    Names stand in the order of the alphabet, numbers and dates as people of the language write
    them: a browser knows neither for Kazakh.

    Examples
    --------
    >>> words_script("kk")[:36]
    'window.OPENNESS_WORDS = {"language":'
    """
    frame = values()
    indicators = sorted(set(frame["indicator"]))
    parts = dict(zip(frame["part_code"], frame["part"], strict=True))
    data = {
        "language": language,
        "numbers": number_signs(language),
        "indicator": [indicator_name(name, language) for name in indicators],
        "part": {code: part_name(part, language) for code, part in parts.items()},
        "place": [place_words(place, language) for place in _places()],
        "order": _in_order(_places(), language),
        "vote": {vote.code: vote.name(language) for vote in reference.votes()},
        "period": _period_words(frame, language),
        "published": _dates_of_sources(frame, language),
        "say": {key: text(f"explorer_{key}", language, **_KEPT) for key in _SAID},
        "value": {key: text(key, language, **_BARE[key]) for key in _BARE},
    }
    return _script("OPENNESS_WORDS", data)


# Sentences of the explorer, and how a value is said with its precision and range.
_SAID = (
    "all_parts", "changed", "nothing", "how", "too_many", "col_place", "col_part", "col_period",
    "col_hour", "col_vote", "col_value", "col_low", "col_high", "col_quality", "col_sources",
    "col_source", "col_address", "col_published", "sources_sheet", "undated", "good_one",
    "good_agree", "good_copied", "good_differ", "good_rounded", "good_bound", "good_secondary",
)  # fmt: skip
# Placeholders that the explorer fills.
_KEPT = {name: f"{{{name}}}" for name in ("title", "places", "values", "from", "to", "n")}
_BARE: dict[str, dict[str, str]] = {
    "rounded_words": {"value": "{value}"},
    "at_least": {"value": "{value}"},
    "at_most": {"value": "{value}"},
    "range_words": {"value": "{value}", "low": "{low}", "high": "{high}"},
}


def number_signs(language: str) -> dict[str, str]:
    """Return the signs with which a language writes numbers and shares, by CLDR.

    Examples
    --------
    >>> number_signs("ru")
    {'decimal': ',', 'group': '\\xa0', 'percent': '\\xa0%'}
    """
    from babel import Locale

    locale = Locale.parse(language)
    symbols = locale.number_symbols["latn"]
    pattern = locale.percent_formats[None].pattern
    return {
        "decimal": symbols["decimal"],
        "group": symbols["group"],
        "percent": pattern.split("0")[-1],
    }


def _in_order(places: list[str], language: str) -> list[list[int]]:
    """Return the places as they are listed, each with its depth: a region, then its districts.

    The nation comes first and other countries last.
    """
    rows = []
    for number, place in enumerate(places):
        region = reference.region_of(place)
        is_inside = place != region
        name = place_order(place, language)
        rank = (_group(region), place_order(region, language), is_inside, name)
        rows.append((rank, number, int(is_inside)))
    return [[number, depth] for _, number, depth in sorted(rows)]


def _group(region: str) -> int:
    """Return the rank of a place: the nation first, then its regions, then other countries."""
    if region == NATION:
        return 0
    is_here = region in reference.regions_in_votes()
    return 1 if is_here else 2


def _period_words(frame: pd.DataFrame, language: str) -> dict[str, str]:
    """Return each period in words."""
    coded = frame.assign(code=_period_codes(frame))
    rows = coded.drop_duplicates("code")
    words = {}
    for row in rows.itertuples():
        words[str(row.code)] = period_words(row, language)
    return words


def _dates_of_sources(frame: pd.DataFrame, language: str) -> dict[str, str]:
    words = {}
    for row in _rows_of_sources(_sources_of(frame)):
        published = row["published"]
        if published:
            words[published] = dated(published, language)
    return words
