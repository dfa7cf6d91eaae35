"""What a report says: each function is a section of the report notebook, written in words, charts and tables from the data."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, wraps
from pathlib import Path
from typing import ParamSpec

import matplotlib.pyplot as plt
import pandas as pd

from analysis import charts, load, stats
from analysis.charts.place import plot_place_coverage, plot_place_turnout
from analysis.derive.comparisons import vote_name
from analysis.derive import comparisons
from analysis.derive.coverage import coverage, openness_sentence
from analysis.evidence import data_version
from analysis.locale import counted, day, number, read_glossary, share, text
from analysis.reference import borders_before, has_rural_akims, place_name, regions, votes_by_kind
from analysis.report.document import (
    Block,
    Heading,
    Items,
    Paragraph,
    Run,
    Table,
    csv_text,
    explained,
    source_ids,
    words,
)
from analysis.report.wording import ALAKOL, figure_label, period_words, value_words
from analysis.stats.words import p_words
from analysis.store import cached_on

VOTES = tuple(vote.code for vote in votes_by_kind())
PLACES = ("KZ", *regions(), ALAKOL)
TERMS = (
    "openness of government", "appeal", "application (type of appeal)", "complaint", "report meeting", "open-door day",
    "personal reception", "public council", "direct election", "rural akim", "turnout", "voters listed",
    "voters who took part", "against all", "referendum", "rural district", "maslikhat", "Listening State",
)  # fmt: skip
ACCESS_LAW = "s4c85f2e8"
_TOTALS = {
    "appeals": ("appeals_registered", "appeals_considered"),
    "meetings": ("meetings_held", "receptions_held", "citizens_received"),
}
_IN_TEXT, _IN_TABLE = 4, 14


@dataclass(frozen=True)
class Section:
    """A part of a report; a notebook shows it as HTML, and an export writes it into each format."""

    blocks: tuple[Block, ...]
    language: str = "en"

    def _repr_html_(self) -> str:
        from analysis.report.page import fragment

        return fragment(self.blocks, language=self.language)


P = ParamSpec("P")


def _spoken(write: Callable[P, Section]) -> Callable[P, Section]:
    """Keep with a section the language it was asked for in."""

    @wraps(write)
    def written(*args: P.args, **options: P.kwargs) -> Section:
        return replace(write(*args, **options), language=str(options.get("language", "en")))

    return written


def _of(place: str, dataset: str, *, inside: bool = False) -> pd.DataFrame:
    """Give the rows of a place in one data set; `inside` adds the places that lie in it."""
    rows = load.load_all()
    rows = rows[(rows["dataset"] == dataset) & (rows["period_end"] >= "2019-01-01")]
    if not inside or place == "KZ":
        return rows[rows["place_id"] == place]
    if place == ALAKOL:
        places = load.load_places()
        parts = places[places["parent_id"] == ALAKOL]["place_id"]
        return rows[rows["place_id"].isin([ALAKOL, *parts])]
    return rows[rows["region_id"] == place]


def _since_2021(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["period_end"] >= "2021-01-01"]


def _totals_found(totals: pd.DataFrame, key: str, language: str) -> list[Block]:
    """Say how many totals are published and list the newest, or that none was found."""
    if totals.empty:
        return [words(text(f"{key}_none", language), role="finding")]
    newest = totals.tail(_IN_TEXT).iloc[::-1]
    listed = tuple(
        (
            Run(
                f"{figure_label(r, language)}: {value_words(r, language)} ({period_words(r, language)})"
            ),
        )
        for r in newest.itertuples()
    )
    return [
        words(text(f"{key}_some", language, n=len(totals)), *source_ids(newest), role="finding"),
        Items(listed),
    ]


def _table(rows: pd.DataFrame, caption: str, language: str, *, with_place: bool = False) -> Table:
    columns = [
        text(c, language)
        for c in (["col_place"] if with_place else [])
        + ["col_indicator", "col_period", "col_value"]
    ]
    cells = [
        (*([getattr(r, f"place_{language}")] if with_place else []), figure_label(r, language), period_words(r, language),
         value_words(r, language))
        for r in rows.itertuples()
    ]  # fmt: skip
    return Table(
        caption, tuple(columns), tuple(cells), tuple(tuple(s.split()) for s in rows["sources"])
    )


@lru_cache(maxsize=128)
def _national(name: str, language: str) -> tuple[Block, ...]:
    """Give a chart of the whole country, drawn once for all reports of a language."""
    return tuple(explained(charts.draw(name, language=language)))


def _charts(names: tuple[str, ...], language: str) -> list[Block]:
    return [block for name in names for block in _national(name, language)]


def _said(chart: charts.Chart) -> str:
    """Give what a chart says in words, and close it: an open one would be shown after the cell."""
    plt.close(chart)
    return chart.alt


def _region(place: str) -> str:
    return "KZ-33" if place == ALAKOL else place


@_spoken
def opening(place: str, *, language: str = "en") -> Section:
    """Write the title, what the report is, and the key figures with their ranges and sources.

    Parameters
    ----------
    place : str
        "KZ", the code of a region such as "KZ-33", or "333400000" (Alakol district).
    language : {"en", "kk", "ru"}

    Examples
    --------
    >>> opening("KZ-33").blocks[0]
    Heading(level=1, text='Openness of local government: Jetisu Region')
    """
    name = place_name(place, language)
    lead = f"{text('report_lead', language)} {data_words(language)}"
    rows = _key_figures(place, language)
    figures = Table(
        text("key_figures", language),
        tuple(text(c, language) for c in ("col_indicator", "col_period", "col_value")),
        tuple(row[:3] for row in rows),
        tuple(row[3] for row in rows),
    )
    return Section(
        (
            Heading(1, text("report_of", language, place=name)),
            words(lead),
            words(openness_sentence(coverage(), language=language), role="finding"),
            Heading(2, text("key_figures", language)),
            figures,
        )
    )


def data_words(language: str) -> str:
    """Say which data a report rests on."""
    as_of = text("as_of", language, date=day(load.data_as_of(), language))
    return text("data_version", language, version=data_version(), as_of=as_of).replace("..", ".")


KeyFigure = tuple[str, str, str, tuple[str, ...]]


def _key_figures(place: str, language: str) -> list[KeyFigure]:
    """Give label, period, value and source ids of the figures a reader looks for first; what was not found says so."""
    figures = [_residents(place, language), *_key_turnout(place, language)]
    if has_rural_akims(place):
        figures.append(_key_rural(place, language))
    wanted: dict[str, tuple[str, tuple[str, ...]]] = {
        "kf_appeals": ("appeals", _TOTALS["appeals"]),
        "kf_meetings": ("meetings", ("meetings_held", "receptions_held")),
        "kf_received": ("meetings", ("citizens_received",)),
    }
    if has_rural_akims(place):
        wanted["kf_elected"] = ("akim_elections", ("akims_elected",))
    for key, (dataset, indicators) in wanted.items():
        rows = _totals(place, dataset, indicators)
        if key == "kf_elected":
            rows = rows[rows["office"] == "rural"]
        figures.append(_latest(rows, text(key, language), language))
    cells = coverage()
    own = cells[cells["place_id"] == place]
    if len(own):
        found = text(
            "found_of_all_value",
            language,
            found=number(int(own["status"].ne("not_found").sum()), language),
            cells=len(own),
        )
        years = f"{own['year'].min()}–{own['year'].max()}"
        figures.append((text("found_of_all", language), years, found, ()))
    return figures


def _totals(place: str, dataset: str, indicators: tuple[str, ...]) -> pd.DataFrame:
    """Give the totals of a place since 2021 by the end of their period; topics, types and kinds of people are no totals."""
    rows = _whole(_since_2021(_of(place, dataset)))
    rows = rows[rows["indicator"].isin(indicators)]
    if dataset == "appeals":
        rows = rows[rows["register"].isin(["appeals_registers", "e_otinish"])]
    return rows.sort_values(["period_end", "value"])


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    """Keep rows that count all of something, or all that one level of authority holds or receives."""
    akimats = rows["breakdown"].eq("state_body") & rows["breakdown_value"].isin(
        ["akimat", "local_executive_bodies"]
    )
    return rows[rows["breakdown"].isin(["", "held_by", "channel", "event"]) | akimats]


def _latest(rows: pd.DataFrame, label: str, language: str) -> KeyFigure:
    if rows.empty:
        return label, "–", text("not_found_searched", language), ()
    row = next(rows.tail(1).itertuples())
    value = value_words(row, language)
    if row.breakdown_value or row.register not in ("", "national", "appeals_registers"):
        label = figure_label(row, language)
    return label, period_words(row, language), value, tuple(row.sources.split())


def _residents(place: str, language: str) -> KeyFigure:
    rows = load.load_population(since=None)
    rows = rows[
        (rows["place_id"] == place)
        & (rows["indicator"] == "population")
        & (rows["breakdown"] == "")
    ]
    return _latest(rows.sort_values("period_end"), text("residents", language), language)


def _key_turnout(place: str, language: str) -> list[KeyFigure]:
    figures: list[KeyFigure] = []
    turnout = load.load_turnout()
    for vote in ("referendum_2026", "majilis_2023"):
        rows = turnout[turnout["vote"] == vote].set_index("place_id", drop=False)
        label = text("kf_turnout", language, vote=text(f"vote_{vote}", language))
        if place not in rows.index:
            if place == ALAKOL:
                continue
            figures.append(
                (
                    label,
                    day(rows["period_end"].iloc[0], language),
                    text("not_found_searched", language),
                    (),
                )
            )
            continue
        row = next(rows.loc[[place]].itertuples())
        value, sources = value_words(row, language), row.sources.split()
        if place != "KZ":
            value = text(
                "beside_nation",
                language,
                value=value,
                nation=share(rows.loc["KZ", "value"], language),
            )
            sources += rows.loc["KZ", "sources"].split()
        figures.append((label, period_words(row, language), value, tuple(dict.fromkeys(sources))))
    return figures


def _rural_2021() -> pd.DataFrame:
    rows = load.load_akim_elections(
        indicator="turnout_share", office="rural", level=["region", "national"]
    )
    return rows[rows["period_end"] == "2021-07-25"].set_index("place_id", drop=False)


def _key_rural(place: str, language: str) -> KeyFigure:
    rows, before = _rural_2021(), borders_before(_region(place))
    label, where = text("kf_rural", language), place
    if place not in rows.index and before in rows.index:
        label, where = (
            text("kf_rural_old", language, old=text(f"old_{before}", language)),
            str(before),
        )
    return _latest(rows[rows["place_id"] == where], label, language)


def _found_here(place: str, dataset: str, language: str) -> list[Block]:
    """Give a table of what is published of the place itself, without its parts, the newest first."""
    rows = _since_2021(_of(place, dataset)).sort_values("period_end", ascending=False)
    rows = _whole(rows).head(_IN_TABLE)
    if rows.empty or place == "KZ":
        return []
    return [
        _table(rows, text("place_figures", language, place=place_name(place, language)), language)
    ]


@_spoken
def appeals(place: str, *, language: str = "en") -> Section:
    """Write what is published on appeals of a place, and the series of the whole country that compare.

    Parameters as in `opening`.
    """
    totals = _totals(place, "appeals", _TOTALS["appeals"])
    meaning = text("appeals_meaning", language)
    if len(totals) > 1:
        meaning = f"{text('appeals_not_compared', language)} {meaning}"
    blocks: list[Block] = [
        Heading(2, text("section_01_appeals", language)),
        *_totals_found(totals, "appeals", language),
        words(meaning),
        *_found_here(place, "appeals", language),
    ]
    if place != "KZ":
        return Section(
            (
                *blocks,
                Heading(3, text("whole_country", language)),
                *_charts(("administrative_lawsuits",), language),
            )
        )
    names = ("appeals_totals", "administrative_lawsuits", "appeal_types", "registers_growth")
    return Section((*blocks, *_charts(names, language)))


@_spoken
def meetings(place: str, *, language: str = "en") -> Section:
    """Write what is published on meetings and receptions, and what the law requires of akims.

    Parameters as in `opening`.
    """
    blocks: list[Block] = [
        Heading(2, text("section_02_meetings", language)),
        *_totals_found(_totals(place, "meetings", _TOTALS["meetings"]), "meetings", language),
        words(text("meetings_duty", language)),
        *_found_here(place, "meetings", language),
    ]
    if place != "KZ":
        return Section(
            (
                *blocks,
                Heading(3, text("whole_country", language)),
                *_charts(("required_meetings",), language),
            )
        )
    return Section(
        (
            *blocks,
            *_charts(
                ("meetings_2022", "questions_resolved", "required_meetings", "receptions"), language
            ),
        )
    )


@_spoken
def elections(place: str, *, language: str = "en") -> Section:
    """Write what is published on direct elections of akims.

    Parameters as in `opening`.
    """
    heading = Heading(2, text("section_03_akim_elections", language))
    if place == "KZ":
        first, *others = (
            "rural_turnout_2021",
            "akims_elected",
            "candidates_per_seat",
            "later_rural_turnout",
            "district_elections_2023",
        )
        both = comparisons.rural_beside_national(load.load_akim_elections(), load.load_turnout())
        beside = [
            *_charts(("rural_beside_national",), language),
            Paragraph(
                (
                    Run(text("rural_beside_national_title", language) + ". ", bold=True),
                    Run(stats.association(both["rural"], both["national"]).summary(language)),
                )
            ),
        ]
        later = words(text("elections_later", language))
        return Section(
            (
                heading,
                later,
                *_charts((first,), language),
                *beside,
                *_charts(tuple(others), language),
            )
        )
    if not has_rural_akims(place):
        return Section(
            (
                heading,
                words(text("elections_city", language), role="finding"),
                *_found_here(place, "akim_elections", language),
            )
        )
    blocks: list[Block] = [heading, _rural_sentence(place, language)]
    chart = charts.plot_rural_turnout_2021(
        load.load_akim_elections(), place=_here_in_2021(place), language=language
    )
    blocks += explained(chart)[1:]
    if place == ALAKOL:
        known = charts.plot_alakol(load.load_akim_elections(), language=language)
        blocks.append(words(_said(known), *source_ids(known.rows), role="finding"))
    return Section((*blocks, *_found_here(place, "akim_elections", language)))


def _here_in_2021(place: str) -> str:
    return borders_before(_region(place)) or _region(place)


def _rural_sentence(place: str, language: str) -> Paragraph:
    rows, where = _rural_2021(), _here_in_2021(place)
    if where not in rows.index:
        return words(text("rural_2021_none", language), role="finding")
    key = "rural_2021" if where == place else "rural_2021_old"
    row, nation = (next(rows.loc[[p]].itertuples()) for p in (where, "KZ"))
    said = text(
        key, language, old=text(f"old_{where}", language) if where != place else "", value=value_words(row, language),
        nation=value_words(nation, language),
    )  # fmt: skip
    return words(
        f"{said} {text('elections_later', language)}",
        *row.sources.split(),
        *nation.sources.split(),
        role="finding",
    )


@_spoken
def national_votes(place: str, *, language: str = "en") -> Section:
    """Write turnout in national votes against the nation and the other regions.

    Parameters as in `opening`.
    """
    heading = Heading(2, text("section_04_national_votes", language))
    closing = words(text("votes_no_trend", language))
    if place == "KZ":
        votes, _ = _on_borders_of_2018()
        order = words(stats.concordance(votes).summary(language))
        spread = [
            words(stats.dispersion(part).summary(language))
            for part in comparisons.votes_of_a_kind(votes, language=language)
        ]
        first, *others = ("turnout_spread", "vote_pairs", "turnout_gaps", "gap_tests", "tile_map")
        return Section(
            (
                heading,
                closing,
                *_charts((first,), language),
                order,
                *spread,
                *_charts(tuple(others), language),
            )
        )
    region = _region(place)
    turnout = load.load_turnout()
    blocks: list[Block] = [heading]
    if place == ALAKOL:
        blocks.append(words(text("votes_region", language, region=place_name(region, language))))
    blocks.append(_votes_sentence(turnout, region, language))
    blocks += explained(plot_place_turnout(turnout, place=region, language=language))[1:]
    return Section((*blocks, words(_gap_words(region, language)), closing))


def _on_borders_of_2018() -> tuple[pd.DataFrame, pd.Series]:
    return comparisons.turnout_by_region(load.load_turnout(), load.load_residents())


@cached_on("national_votes", "population", "sources", "places")
def _gap_table() -> pd.DataFrame:
    return stats.gaps(*_on_borders_of_2018()).table


def _gap_words(region: str, language: str) -> str:
    """Say what the exact sign test of a region's gaps to the nation bears, in the borders in which all votes compare."""
    table = _gap_table()
    unit = borders_before(region) or region
    name = text(f"old_{unit}", language) if unit != region else place_name(unit, language)
    row = table.loc[unit]
    return text(
        "votes_test", language, unit=name, above=int(row["n_above"]), n=int(row["n"]), units=len(table),
        p=p_words(float(row["p_value"]), language), adjusted=p_words(float(row["p_adjusted"]), language),
    )  # fmt: skip


def _votes_sentence(turnout: pd.DataFrame, region: str, language: str) -> Paragraph:
    wide = (
        turnout[turnout["vote"].isin(VOTES)]
        .pivot(index="vote", columns="place_id", values="value")
        .reindex(list(VOTES))
    )
    gaps = (wide[region] - wide["KZ"]).dropna()
    widest = gaps.abs().idxmax()
    points = number(round(float(gaps[widest]) * 100, 1), language).replace("-", "−")
    said = [
        text(
            "votes_finding", language, n=len(gaps), above=int((gaps > 0).sum()), vote=text(f"vote_{widest}", language),
            gap=points if gaps[widest] < 0 else f"+{points}",
        )
    ]  # fmt: skip
    before = borders_before(region)
    missing = [
        v for v in VOTES if v not in gaps.index and not (before and pd.notna(wide.loc[v, before]))
    ]
    if before:
        said.append(text("votes_old", language, old=text(f"old_{before}", language)))
    if missing:
        said.append(
            text(
                "votes_missing", language, votes=", ".join(vote_name(v, language) for v in missing)
            )
        )
    own = turnout[turnout["place_id"].isin([region, "KZ"]) & turnout["vote"].isin(gaps.index)]
    return words(" ".join(said), *source_ids(own), role="finding")


@_spoken
def published(place: str, *, language: str = "en") -> Section:
    """Write what is published and what is not, by year.

    Parameters as in `opening`.
    """
    heading = Heading(2, text("section_06_evidence", language))
    if place == "KZ":
        differ = words(_said(charts.draw("disagreements", language=language)))
        return Section((heading, *_charts(("coverage", "openness_profile"), language), differ))
    said: list[Block] = [heading]
    if place == ALAKOL:
        said.append(words(text("alakol_region", language, region=place_name("KZ-33", language))))
    return Section(
        (
            *said,
            *explained(plot_place_coverage(coverage(), place=_region(place), language=language)),
        )
    )


@_spoken
def questions(place: str, *, language: str = "en") -> Section:
    """Write a request for information that asks for what was not found.

    Parameters as in `opening`.
    """
    cells = coverage()
    cells = cells[cells["place_id"] == _region(place)]
    if place == ALAKOL:
        cells = cells.assign(status="not_found")
    name = place_name(place, language)
    asked = []
    for item, rows in cells[cells["status"] != "final"].groupby("item", sort=False):
        years = ", ".join(str(year) for year in rows["year"])
        asked.append((Run(text(f"q_{item}", language, years=years)),))
    to = (
        text("request_to_nation", language)
        if place == "KZ"
        else text("request_to", language, place=name)
    )
    return Section(
        (
            Heading(2, text("h_questions", language)),
            words(text("questions_lead", language)),
            Paragraph((Run(to, bold=True),)),
            words(text("request_body", language, place=name)),
            Items(tuple(asked), ordered=True),
            words(text("request_close", language)),
            words(text("request_note", language), ACCESS_LAW, role="how"),
        )
    )


@_spoken
def context(place: str, *, language: str = "en") -> Section:
    """Write the country's place among its neighbours and the steps of law; of the whole country only.

    Parameters as in `opening`.
    """
    if place != "KZ":
        return Section(())
    return Section(
        (
            Heading(2, text("section_05_context", language)),
            *_charts(("neighbours", "distances", "timeline"), language),
        )
    )


@lru_cache(maxsize=3)
def _rolled_up(records: str, by: str, account: str) -> pd.DataFrame:
    from analysis.records import rollup

    return rollup(records, by=[by])


@_spoken
def own_records(place: str, *, records: str = "", language: str = "en") -> Section:
    """Write what records of one's own show beside the published figures: months, bodies, topics; nothing if there are none.

    Parameters
    ----------
    place : str
        The place of the report; the records are counted whole, whatever their places.
    records : str
        A folder that `openness ingest` wrote; small counts are hidden as `analysis.records.rollup` hides them.
    language : {"en", "kk", "ru"}
    """
    if not records:
        return Section(())
    said = (Path(records) / "ingest.json").read_text("utf-8")
    account = json.loads(said)
    counted_rows = {
        "rows": number(account["rows_in"], language),
        "out": number(account["rows_out"], language),
    }
    months, bodies, topics = (_rolled_up(records, by, said) for by in ("month", "body", "topic"))
    drawn = (
        charts.plot_records_monthly(months, language=language), charts.plot_records_overdue(bodies, language=language),
        charts.plot_records_topics(topics, language=language),
    )  # fmt: skip
    return Section(
        (
            Heading(2, text("h_own_records", language)),
            words(text("own_records_lead", language, **counted_rows)),
            *(block for chart in drawn for block in explained(chart)),
        )
    )


@_spoken
def method(place: str, *, language: str = "en") -> Section:
    """Write the method, the terms, the version of the data, how to cite and where to report an error.

    Parameters as in `opening`.
    """
    title = text("report_of", language, place=place_name(place, language))
    terms = {row["en"]: row for row in read_glossary()}
    others = [lang for lang in ("kk", "ru", "en") if lang != language]
    rows = tuple(tuple(_term(terms[term][lang]) for lang in (language, *others)) for term in TERMS)
    columns = (text("glossary", language), *(text(f"lang_{lang}", language) for lang in others))
    paragraphs = ("method_value", "method_limits", "method_trend")
    return Section(
        (
            Heading(2, text("h_method", language)),
            *(words(text(key, language)) for key in paragraphs),
            words(data_words(language)),
            words(text("cite_report", language, title=title, version=data_version())),
            words(text("report_error_how", language)),
            Table(text("glossary", language), columns, rows),
        )
    )


def _term(term: str) -> str:
    return term.replace(" (type of appeal)", "")


@_spoken
def values(place: str, *, language: str = "en") -> Section:
    """Write the table of all values of a place and of the places in it, each with its sources.

    Parameters as in `opening`.
    """
    rows = pd.concat(
        [
            _of(place, d, inside=True)
            for d in ("appeals", "meetings", "akim_elections", "national_votes")
        ]
    )
    heading = Heading(2, text("h_values", language))
    if rows.empty:
        return Section((heading, words(text("values_none", language))))
    said = f"{text('values_lead', language)} {counted('n_figures', len(rows), language)}; {counted('n_sources', len(source_ids(rows)), language)}."
    several = rows["place_id"].nunique() > 1
    columns = [c for c in rows.columns if c not in ("producer", "publishers", "published")]
    table = replace(
        _table(rows, text("h_values", language), language, with_place=several),
        csv=csv_text(rows[columns]),
    )
    return Section((heading, words(said), table))
