"""A page for each indicator: its view in the explorer, what it means, how good it is, its files."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import evidence, load, reference
from analysis.errors import UnknownName
from analysis.files import FILES_DATED, quote_formula, timeless, write_whole
from analysis.locale import alphabetical, counted, number, text
from analysis.reference.places import NATION
from analysis.report.wording import period_words
from analysis.site.columns import values, values_by_indicator
from analysis.site.labels import (
    capital,
    code_words,
    indicator_name,
    part_name,
    place_words,
)
from analysis.site.pages import Page, Site
from analysis.site.places import FIRST
from analysis.site.quality import quality
from analysis.site.uses import citations, describes, pandas_line, quote

# Columns of the file of an indicator: as released, with the name of the place in each language.
_FILE = (
    "dataset", "indicator", "unit", "measure", "period_start", "period_end", "as_of", "place_id",
    "level", "register", "office", "vote", "breakdown", "breakdown_value", "stage", "producer",
    "value", "low", "high", "precision", "rule", "n_figures", "n_publishers", "n_producers",
    "agree", "disagreement", "confidence", "sources",
)  # fmt: skip
_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_BYTE_ORDER_MARK = "\ufeff"  # tells Excel that a CSV is UTF-8
_WIDTH = 24  # of a column of a sheet, in characters


def indicators() -> list[str]:
    """Return the indicators that have values, those on openness first.

    Examples
    --------
    >>> "turnout_share" in indicators()
    True
    """
    frame = values()
    found: dict[str, None] = {}
    for dataset in reference.datasets():
        own = frame[frame["dataset"].eq(dataset)]
        for indicator in own["indicator"].unique():
            found[indicator] = None
    return list(found)


def by_dataset(language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the name of each data set with the codes and names of its indicators, by alphabet."""
    frame = values()
    grouped = []
    for dataset in reference.datasets():
        codes = frame.loc[frame["dataset"].eq(dataset), "indicator"].unique()
        named = [(code, indicator_name(code, language)) for code in codes]
        named.sort(key=lambda entry: alphabetical(entry[1]))
        grouped.append((capital(code_words("dataset", dataset, language)), named))
    return grouped


def write_files(folder: Path, indicator: str) -> None:
    """Write the values of an indicator as CSV, and as XLSX in each language.

    Parameters
    ----------
    folder : Path
        The root of the site.
    indicator : str
    """
    rows = values_by_indicator()[indicator]
    home = folder / "indicators"
    names = [f"place_{language}" for language in reference.languages()]
    table = rows[[*_FILE, *names]].to_csv(index=False, lineterminator="\n")
    write_whole(home / f"{indicator}.csv", _BYTE_ORDER_MARK + table)
    for language in reference.languages():
        write_whole(home / language / f"{indicator}.xlsx", _workbook(rows, language))


def _workbook(rows: pd.DataFrame, language: str) -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    heads = ("place", "part", "period", "hour", "value", "low", "high", "sources")
    titles = [text(f"explorer_col_{head}", language) for head in heads]
    lines = [_line(row, language) for row in rows.itertuples()]
    _write_sheet(book, text("explorer_col_value", language), [titles, *lines])
    cited = rows["sources"].str.split().explode()
    sources = load.load_sources(sorted(set(cited)))
    columns = ["source_id", "url", "title", "publisher", "published"]
    listed = sources[columns].astype("str").values.tolist()
    _write_sheet(book, text("explorer_sources_sheet", language), [columns, *listed])
    book.properties.created = book.properties.modified = FILES_DATED
    out = io.BytesIO()
    book.save(out)
    return timeless(out.getvalue())


def _line(row: Any, language: str) -> list[Any]:
    bounds = [None if pd.isna(bound) else bound for bound in (row.low, row.high)]
    return [
        place_words(row.place_id, language),
        part_name(row.part, language),
        period_words(row, language),
        row.as_of,
        row.value,
        *bounds,
        row.sources,
    ]


def _write_sheet(book: Any, name: str, lines: list[list[Any]]) -> None:
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    for place in range(1, len(lines[0]) + 1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTH
    for line in lines:
        sheet.append([quote_formula(cell) if isinstance(cell, str) else cell for cell in line])


def indicator_page(site: Site, indicator: str, language: str) -> str:
    """Return the page of an indicator as HTML.

    Parameters
    ----------
    site : Site
    indicator, language : str
    """
    rows = values_by_indicator()[indicator]
    page, name = Page("indicator", language, indicator), indicator_name(indicator, language)
    counts = f"{counted('n_figures', len(rows), language)}; {_n_sources(rows, language)}"
    meaning = _meaning(indicator, language)
    how_good = quality(rows)
    assert how_good is not None
    file = f"indicators/{indicator}.csv"
    downloads = {f"../{indicator}.csv": _TYPES["csv"], f"{indicator}.xlsx": _TYPES["xlsx"]}
    return site.render(
        page,
        title=name,
        description=f"{meaning}. {counts}.",
        about=describes(site, f"indicators/{language}/", downloads),
        name=name,
        meaning=meaning,
        counts=counts,
        first=FIRST,
        quality=how_good.sentences(language),
        quote=quote(_to_quote(rows), language),
        embed="",
        pandas=pandas_line(site.address(file, start=page.up)),
        files=[(f"../{indicator}.csv", "CSV"), (f"{indicator}.xlsx", "XLSX")],
        **citations(name, language),
    )


def _n_sources(rows: pd.DataFrame, language: str) -> str:
    cited = rows["sources"].str.split().explode()
    return counted("n_sources", cited.nunique(), language)


def _meaning(indicator: str, language: str) -> str:
    """Return what an indicator means: its entry in the codebook, else the words of its code."""
    try:
        meaning = evidence.describe(indicator, language=language)["definition"]
    except UnknownName:
        meaning = reference.code_name("indicator", indicator, language)
    return capital(meaning).rstrip(".")


def _to_quote(rows: pd.DataFrame) -> Any:
    """Return the newest value of the nation, of the whole if there is one; else of any place."""

    def rank(row: Any) -> tuple[bool, bool, bool, pd.Timestamp]:
        is_result = row.stage != "interim"
        is_national = row.place_id == NATION
        is_whole = row.breakdown == ""
        return is_result, is_national, is_whole, row.period_end

    return max(rows.itertuples(index=False), key=rank)


def indicators_page(site: Site, language: str) -> str:
    """Return the page that lists all indicators as HTML; parameters as in `indicator_page`."""
    page = Page("indicators", language)
    counts = values()["indicator"].value_counts()
    groups = []
    for group, named in by_dataset(language):
        paths = [page.sibling("indicator", code).path for code, _ in named]
        sizes = [number(int(counts[code]), language) for code, _ in named]
        names = [name for _, name in named]
        groups.append((group, list(zip(paths, names, sizes, strict=True))))
    title = text("site_indicators", language)
    lead = text("site_indicators_lead", language)
    return site.render(page, title=title, description=lead, groups=groups)


def explorer_page(site: Site, language: str) -> str:
    """Return the page of the explorer as HTML; parameters as in `indicator_page`."""
    page = Page("explorer", language)
    title = text("site_explorer", language)
    lead = text("explorer_lead", language)
    names = by_dataset(language)
    return site.render(page, title=title, description=lead, first=FIRST, names=names)
