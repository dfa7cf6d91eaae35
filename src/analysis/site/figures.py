"""The published figures: drawn with all that their pages say of them, and the pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import gallery, load
from analysis.charts.chart import Chart
from analysis.files import write_whole
from analysis.gallery.export import files_of
from analysis.locale import text
from analysis.report.document import source_ids
from analysis.site.labels import indicator_name
from analysis.site.pages import Page, Site
from analysis.site.quality import Quality, quality
from analysis.site.uses import citations, describes, embed_code, pandas_line, source_words

_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
    "svg": "image/svg+xml",
}
_PIXELS = 96  # in an inch of a page


def inputs_key(name: str) -> str:
    """Hash the frames that a figure is drawn from: it changes with the data and nothing else.

    Examples
    --------
    >>> inputs_key("timeline") == inputs_key("timeline")
    True
    """
    digest = hashlib.sha256()
    for loader in gallery.FIGURES[name].loaders:
        frame = loader()
        content = frame.to_csv()
        digest.update(content.encode())
    return digest.hexdigest()


def draw_figure(folder: Path, name: str, language: str) -> None:
    """Write a figure with its data, and beside it what its page says.

    Parameters
    ----------
    folder : Path
        The root of the site.
    name : str
        One of `analysis.gallery.FIGURES`.
    language : str
    """
    home = folder / "figures" / language
    chart, files = files_of(name, language)
    for file, content in files.items():
        write_whole(home / file, content)
    told = json.dumps(_facts(chart), ensure_ascii=False, indent=1)
    write_whole(home / f"{name}.json", told + "\n")


def _facts(chart: Chart) -> dict[str, Any]:
    rows = chart.rows
    how_good = quality(rows)
    indicators = sorted(set(rows["indicator"].dropna()) - {""}) if "indicator" in rows else []
    width, height = chart.get_size_inches()
    return {
        "title": chart.title,
        "subtitle": chart.subtitle,
        "alt": chart.alt,
        "source_line": chart.source_line,
        "sources": source_ids(rows),
        "indicators": indicators,
        "n_values": how_good.n if how_good else 0,
        "quality": how_good.counts if how_good else {},
        "width": round(width * _PIXELS),
        "height": round(height * _PIXELS),
    }


def read_facts(folder: Path, name: str, language: str) -> dict[str, Any]:
    """Return what `draw_figure` wrote of a figure beside it."""
    home = folder / "figures" / language
    path = home / f"{name}.json"
    written = path.read_text("utf-8")
    facts = json.loads(written)
    return dict(facts)


def figure_page(site: Site, folder: Path, name: str, language: str) -> str:
    """Return the page of a figure as HTML.

    Parameters
    ----------
    site : Site
    folder : Path
        The root of the site, where `draw_figure` wrote.
    name, language : str
    """
    facts, page = read_facts(folder, name, language), Page("figure", language, name)
    home = f"figures/{language}/"
    there = [kind for kind in _TYPES if (folder / home / f"{name}.{kind}").is_file()]
    table = load.load_sources(facts["sources"]) if facts["sources"] else pd.DataFrame()
    embed = embed_code(site.address(home + name, start=page.up), facts["title"])
    narrow = f"{name}-narrow.svg"
    return site.render(
        page,
        title=facts["title"],
        description=facts["alt"],
        picture=f"{home}{name}.png",
        about=describes(site, home, {f"{name}.{kind}": _TYPES[kind] for kind in there}),
        name=facts["title"],
        alt=facts["alt"],
        meaning=facts["subtitle"],
        narrow=narrow if (folder / home / narrow).is_file() else "",
        width=facts["width"],
        height=facts["height"],
        indicators=_indicators(facts["indicators"], page),
        quality=_quality(facts, language),
        quote=_quote(facts, language),
        embed=embed,
        pandas=pandas_line(site.address(f"{home}{name}.csv", start=page.up)),
        files=[(f"{name}.{kind}", kind.upper()) for kind in there],
        sources=[_source(row, language) for row in table.to_dict("records")],
        **citations(facts["title"], language),
    )


def _quote(facts: dict[str, Any], language: str) -> str:
    how_to_report = text("report_error", language)
    source_line = facts["source_line"].removesuffix(how_to_report)
    sentences = []
    for part in (facts["title"], facts["alt"], source_line):
        sentence = part.strip().rstrip(".")
        if sentence:
            sentences.append(f"{sentence}.")
    return " ".join(sentences)


def _quality(facts: dict[str, Any], language: str) -> list[str]:
    if not facts["quality"]:
        n_sources = len(facts["sources"])
        return [text("quality_sources", language, n=n_sources)]
    n_values, by_quality = facts["n_values"], facts["quality"]
    how_good = Quality(n_values, by_quality)
    return how_good.sentences(language)


def _indicators(names: list[str], page: Page) -> list[tuple[str, str]]:
    return [
        (page.sibling("indicator", name).path, indicator_name(name, page.language))
        for name in names
    ]


def _source(row: Mapping[Any, Any], language: str) -> dict[str, str]:
    address = str(row["url"])
    return {
        "url": address if address.startswith("http") else "",
        "title": row["title"] or row["publisher"],
        "words": source_words(row, language),
    }


def gallery_page(site: Site, folder: Path, language: str) -> str:
    """Return the page that shows all figures as HTML; parameters as in `figure_page`."""
    page = Page("figures", language)
    shown = []
    for name in gallery.FIGURES:
        facts = read_facts(folder, name, language)
        picture = f"figures/{language}/{name}.png"
        address = page.sibling("figure", name).path
        shown.append((address, picture, facts["title"], facts["alt"]))
    title = text("site_figures", language)
    lead = text("site_figures_lead", language)
    return site.render(page, title=title, description=lead, gallery=shown)
