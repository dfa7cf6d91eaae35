"""Which of the figures that could be published were found, against rules that are data.

What is looked for, and what counts as found, is in data/raw/coverage_items.csv.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from analysis import load, reference, store
from analysis.derive.asked import with_requests
from analysis.derive.law import article_words, required_by
from analysis.locale import text
from analysis.reference import place_name
from analysis.reference.laws import law_name, read_article
from analysis.reference.places import NATION
from analysis.store import cached_on

STATUSES = ["not_applicable", "not_found", "partial", "closing", "final"]
FOUND = ("partial", "closing", "final")
NATIONAL_TURNOUT = "national_turnout"
_YEARS = tuple(range(2021, 2026))
_WHOLE_YEAR = 364  # days between the first and the last day of a year


@dataclass(frozen=True)
class Item:
    """A figure that could be published each year of each place, as coverage_items.csv has it."""

    name: str
    dataset: str
    indicators: tuple[str, ...]
    registers: tuple[str, ...]
    office: str
    parts: tuple[str, ...]
    parts_partial: tuple[str, ...]
    is_election: bool
    for_nation: bool
    duty: str
    requires: str
    definitions: tuple[tuple[str, str], ...]

    def definition(self, language: str) -> str:
        """Return what is looked for, in a language."""

        known = dict(self.definitions)
        return known[language]

    @property
    def years(self) -> tuple[int, ...]:
        """The years in which it is looked for: of national votes, those with a vote."""
        if self.name != NATIONAL_TURNOUT:
            return _YEARS
        first = _YEARS[0]
        votes = reference.votes()
        years = {vote.year for vote in votes if vote.year >= first}
        return tuple(sorted(years))


@cached_on("raw/coverage_items")
def items() -> tuple[Item, ...]:
    """Return what is looked for.

    Examples
    --------
    >>> [item.name for item in items()][:2]
    ['appeals_total', 'hotline_requests']
    """
    rows = store.read_rows("raw/coverage_items")
    known = [_item(row) for row in rows]
    return tuple(known)


def _item(row: dict[str, str]) -> Item:
    return Item(
        name=row["item"],
        dataset=row["dataset"],
        indicators=tuple(row["indicators"].split()),
        registers=tuple(row["registers"].split()),
        office=row["office"],
        parts=("", *row["parts"].split()),
        parts_partial=tuple(row["parts_partial"].split()),
        is_election=row["unit_of_time"] == "election",
        for_nation=row["for_nation"] == "yes",
        duty=row["duty"],
        requires=row["requires"],
        definitions=tuple(
            (language, row.get(language) or row["en"]) for language in reference.languages()
        ),
    )


def rows_of(item: Item, *, interim: bool = False) -> pd.DataFrame:
    """Return the values that count for an item, with `is_whole`: not only a part of the thing.

    Examples
    --------
    >>> rural = next(item for item in items() if item.name == "rural_turnout")
    >>> set(rows_of(rural)["office"])
    {'rural'}
    """
    frame = load.read_series(item.dataset, interim=interim)
    keep = frame["indicator"].isin(item.indicators)
    if item.registers:
        keep &= frame["register"].isin(item.registers)
    if item.office:
        keep &= frame["office"] == item.office
    named = frame["breakdown"] + ":" + frame["breakdown_value"]
    part = named.str.removesuffix(":")
    is_whole = part.isin(item.parts)
    is_part = part.isin(item.parts_partial)
    keep &= is_whole | is_part
    found = frame.assign(is_whole=is_whole)
    return found[keep]


@cached_on(
    reference.published_datasets,
    *("duties", "sources", "places", "raw/votes", "raw/coverage_items"),
    *("raw/requests", "raw/request_items"),
)
def coverage() -> pd.DataFrame:
    """Return what was found by item, place and year against what could be published.

    Returns
    -------
    pandas.DataFrame
        One row for each of the 20 regions and the nation, each year and each item of `items()`.
        `status` is an ordered category: "not_applicable" (the unit did not exist in its present
        borders, has no rural akims, or the nation has no such figure), "not_found" (in the sources
        searched, which `load_sources` lists: it says nothing of what exists elsewhere), "partial"
        (a bound, a part of the year or of the register, an hour of the vote), "closing" (announced
        at the close of voting) or "final" (a whole year, or the result). `predecessor` is the
        region in larger borders where a unit did not exist, and `predecessor_status` what was
        found of it. `requires` ("publish", "do" or ""), `law`, `article`, `body`, `in_force_from`
        and `edition` are the duty behind it in that year, and `edition_is_older` than the year.
        `asked`, `asked_on` and `asked_until` are what became of the last request for it: see
        `analysis.derive.asked.with_requests`. `n_publishers`, `n_disagree`, `sources` as usual.

    Examples
    --------
    >>> cells = coverage()
    >>> national = cells[(cells["item"] == "national_turnout") & (cells["place_id"] == "KZ")]
    >>> dict(zip(national["year"], national["status"], strict=True))[2023]
    'closing'
    """
    cells = [cell for item in items() for cell in _cells(item)]
    table = pd.DataFrame(cells)
    named = load.name_places(load.name_publishers(table))
    status = pd.Categorical(
        named["status"],
        categories=STATUSES,
        ordered=True,
    )
    return with_requests(named.assign(status=status))


def _cells(item: Item) -> Iterator[dict[str, object]]:
    found = _by_place_and_year(rows_of(item))
    early = _by_place_and_year(rows_of(item, interim=True)) if item.is_election else {}
    duty = _duty(item)
    nothing = rows_of(item).iloc[:0]
    for place in (NATION, *reference.regions()):
        for year in item.years:
            status, rows = _status(item, place, year, found, early)
            rows = nothing if rows is None else rows
            publishers = {name for cell in rows["publishers"] for name in cell.split("; ")}
            sources = {source for cell in rows["sources"] for source in cell.split()}
            yield {
                "item": item.name,
                "place_id": place,
                "year": year,
                "status": status,
                **_predecessor(item, place, year, found, early),
                **_required(item, duty, year),
                "n_publishers": len(publishers),
                "n_disagree": int((~rows["agree"]).sum()),
                "sources": " ".join(sorted(sources)),
            }


Found = dict[tuple[str, int], pd.DataFrame]


def _by_place_and_year(rows: pd.DataFrame) -> Found:
    found = {}
    places = rows["place_id"]
    years = rows["period_end"].dt.year
    groups = rows.groupby([places, years], observed=True)
    for (place, year), group in groups:
        key = str(place), int(year)
        found[key] = group
    return found


def _status(
    item: Item, place: str, year: int, found: Found, early: Found
) -> tuple[str, pd.DataFrame | None]:
    if not _applies(item, place, year):
        return "not_applicable", None
    rows = found.get((place, year))
    if rows is None:
        rows = early.get((place, year))
        return ("not_found" if rows is None else "partial"), rows
    of_rows = _election_status if item.is_election else _year_status
    return of_rows(item, rows, place=place, year=year), rows


def _applies(item: Item, place: str, year: int) -> bool:
    if place == NATION:
        return item.for_nation
    if item.office == "rural" and not reference.has_rural_akims(place):
        return False
    return bool(_days_that_apply(item, place, year))


def _days_that_apply(item: Item, place: str, year: int) -> list[str]:
    """Return the votes of a year in the present borders of a place, or the year if they exist."""
    moved = ""
    if reference.borders_before(place):
        moved = str(reference.borders_moved_on())
    days = [f"{year}-12-31"]
    if item.name == NATIONAL_TURNOUT:
        votes = reference.votes()
        of_year = [vote for vote in votes if vote.year == year]
        days = [str(vote.day) for vote in of_year]
    return [day for day in days if day >= moved]


def _year_status(item: Item, rows: pd.DataFrame, *, place: str, year: int) -> str:
    length = rows["period_end"] - rows["period_start"]
    is_year = length.dt.days >= _WHOLE_YEAR
    precision = rows["precision"]
    is_bound = precision.isin(["at_least", "at_most"])
    is_whole = rows["is_whole"] & ~is_bound
    is_final = is_whole & is_year
    if is_final.any():
        return "final"
    return "partial"


def _election_status(item: Item, rows: pd.DataFrame, *, place: str, year: int) -> str:
    """Return the status of the vote of a year that is least known."""
    if item.name != NATIONAL_TURNOUT:
        return "final"
    days = rows["period_end"].dt.date.astype(str)
    stages = rows.groupby(days)["stage"].agg(set)
    of_votes = []
    for vote_day in _days_that_apply(item, place, year):
        known = stages.get(vote_day, set())
        status = "partial"
        if "preliminary" in known:
            status = "closing"
        if "final" in known:
            status = "final"
        of_votes.append(status)
    return min(of_votes, key=STATUSES.index)


def _predecessor(item: Item, place: str, year: int, found: Found, early: Found) -> dict[str, str]:
    """Return the larger unit that a place was part of in a year, and what was found of it."""
    none = {"predecessor": "", "predecessor_status": ""}
    if place == NATION or _days_that_apply(item, place, year):
        return none
    before = reference.borders_before(place)
    if before is None:
        return none
    status, _ = _status(item, before, year, found, early)
    return {"predecessor": before, "predecessor_status": status}


def _duty(item: Item) -> pd.Series | None:
    if not item.duty:
        return None
    duties = load.load_duties()
    return duties[duties["code"] == item.duty].iloc[0]


_NOT_REQUIRED = {"requires": "", "law": "", "article": "", "body": "", "in_force_from": ""}


def _required(item: Item, duty: pd.Series | None, year: int) -> dict[str, object]:
    """Return the duty behind an item, if it was in force before the year ended."""
    if duty is None or duty["in_force_from"] > f"{year}-12-31":
        return {**_NOT_REQUIRED, "edition": pd.NaT, "edition_is_older": False}
    place = read_article(duty["article"])
    edition = duty["edition"]
    return {
        "requires": item.requires,
        "law": place.law if place else duty["article"],
        "article": duty["article"],
        "body": duty["body"],
        "in_force_from": duty["in_force_from"],
        "edition": edition,
        "edition_is_older": bool(pd.notna(edition) and edition.year < year),
    }


def yardstick(cells: pd.DataFrame, *, language: str = "en") -> pd.DataFrame:
    """Return each cell beside the law: what is looked for, what is required, what was found.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `coverage()` returns it, or a part of it.
    language : {"en", "kk", "ru"}

    Returns
    -------
    pandas.DataFrame
        One row per cell: `place_id`, `place` and `definition` in the language, `item`, `year`,
        `status`, `law` and `article` as a reader would quote them ("" where the texts read require
        nothing), `body` that is bound, `edition` that was read, and `sentence` (`required_by`).

    Examples
    --------
    >>> cells = coverage().query("place_id == 'KZ-10' and item == 'hotline_requests'")
    >>> yardstick(cells)["sentence"].iloc[-1]
    'not required by the texts read; not found in the sources searched'
    """
    definitions = {item.name: item.definition(language) for item in items()}
    kept = ["place_id", "item", "year", "status", "body", "edition", "sources"]
    places = [place_name(place, language) for place in cells["place_id"]]
    laws = [law_name(law, language) for law in cells["law"]]
    articles = [article_words(place, language=language) for place in cells["article"]]
    rows = [cell for _, cell in cells.iterrows()]
    sentences = [required_by(cell, language=language) for cell in rows]
    table = cells[kept].copy()
    table.insert(1, "place", places)
    table.insert(3, "definition", cells["item"].map(definitions))
    return table.assign(
        law=laws,
        article=articles,
        sentence=sentences,
    )


def open_questions(cells: pd.DataFrame) -> pd.DataFrame:
    """Return the cells to ask for: neither final nor impossible.

    What was announced at the close of voting is asked for, since the final figure is not held.

    Examples
    --------
    >>> asked = open_questions(coverage())
    >>> set(asked["status"].unique()) & {"final", "not_applicable"}
    set()
    """
    status = cells["status"]
    is_settled = status.isin(["final", "not_applicable"])
    return cells[~is_settled]


def places_without_figures(cells: pd.DataFrame) -> list[str]:
    """Return the regions of which nothing was found, leaving turnout in national votes aside.

    Examples
    --------
    >>> places_without_figures(coverage())
    ['KZ-19', 'KZ-33', 'KZ-62', 'KZ-63', 'KZ-79']
    """
    regions = _of_regions(cells)
    is_other = regions["item"] != NATIONAL_TURNOUT
    others = regions[is_other]
    is_found = others["status"].isin(FOUND)
    of_places = is_found.groupby(others["place_id"])
    found = of_places.any()
    without = found.index[~found]
    return sorted(without)


def status_counts(cells: pd.DataFrame) -> pd.Series:
    """Return the number of cells by status, all statuses named.

    Examples
    --------
    >>> int(status_counts(coverage()).sum()) == len(coverage())
    True
    """
    status = cells["status"]
    counts = status.value_counts()
    return counts.reindex(STATUSES, fill_value=0)


def years_found(cells: pd.DataFrame) -> pd.DataFrame:
    """Return in how many of the years that apply each figure was found of each place.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `coverage()` returns it.

    Returns
    -------
    pandas.DataFrame
        One row per place and item: `found` and `total` years, `value` (found / total; missing where
        the place never could have it), `requires`, `article` and `sources`.

    Examples
    --------
    >>> table = years_found(coverage()).set_index(["place_id", "item"])
    >>> table.loc[("KZ-75", "hotline_requests"), ["found", "total"]].tolist()
    [1, 5]
    """
    applies = cells["status"] != "not_applicable"
    counted = cells.assign(applies=applies, is_found=cells["status"].isin(FOUND))
    groups = counted.groupby(["place_id", "item"], sort=False)
    table = groups.agg(
        found=("is_found", "sum"),
        total=("applies", "sum"),
        requires=("requires", "first"),
        article=("article", "first"),
        sources=("sources", lambda ids: " ".join(sorted(set(" ".join(ids).split())))),
    )
    share = (table["found"] / table["total"]).where(table["total"] > 0)
    return table.assign(value=share, unit="share").reset_index()


def _of_regions(cells: pd.DataFrame) -> pd.DataFrame:
    regions = reference.regions()
    is_region = cells["place_id"].isin(regions)
    return cells[is_region]


def _with(cells: pd.DataFrame, item: str, statuses: Iterable[str]) -> int:
    wanted = list(statuses)
    is_item = cells["item"] == item
    own = cells[is_item]
    is_wanted = own["status"].isin(wanted)
    places = own.loc[is_wanted, "place_id"]
    return places.nunique()


def openness_sentence(cells: pd.DataFrame, *, language: str = "en") -> str:
    """Return the sentence of every report on what was not found of the regions.

    It also says that turnout is participation, not openness.

    Parameters
    ----------
    cells : pandas.DataFrame
        As `coverage()` returns it.
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> openness_sentence(coverage())[:83]
    'In the sources searched, no region has a full-year total of appeals in any year sin'
    """
    regions = _of_regions(cells)
    n = regions["place_id"].nunique()
    whole = _with(regions, "appeals_total", ["final"])
    values = {
        "year": int(regions["year"].min()),
        "regions": n,
        "nothing": len(places_without_figures(cells)),
        "meetings": n - _with(regions, "meetings_count", FOUND),
    }
    if whole:
        return text("openness_some_totals", language, whole=whole, **values)
    return text("openness_no_total", language, **values)
