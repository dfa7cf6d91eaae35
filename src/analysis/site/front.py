"""The front page: what was found, the map, the search, the places."""

from __future__ import annotations

from pathlib import Path

from analysis.locale import text
from analysis.site.findings import findings
from analysis.site.pages import Page, Site
from analysis.site.places import listed_places
from analysis.site.tiles import map_layers, tiles

_MORE = ("explorer", "figures", "indicators", "data", "news")


def front_page(site: Site, folder: Path, language: str) -> str:
    """Return the front page as HTML.

    Parameters
    ----------
    site : Site
    folder : Path
        Where the reports are.
    language : str
    """
    page = Page("front", language)
    layers = map_layers(language)
    first = layers[0]
    found = findings(language)
    return site.render(
        page,
        title=text("report_title", language),
        description=found[0][0],
        findings=found,
        layers=layers,
        legend=first.legend,
        map_note=first.note,
        map_data={layer.code: layer._asdict() for layer in layers},
        tiles=tiles(first, folder, language),
        places=listed_places(folder, language),
        more=_more(page),
    )


def _more(page: Page) -> list[tuple[str, str, str]]:
    """Return address, name and a line on each of the other pages."""
    language = page.language
    cards = []
    for kind in _MORE:
        name = text(f"site_{kind}", language)
        words = text(f"{kind}_card", language)
        cards.append((page.sibling(kind).path, name, words))
    return cards
