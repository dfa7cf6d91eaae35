"""What a reader does with a figure or an indicator: quote it, cite it, embed it, load it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis import evidence, load, reference
from analysis.locale import dated, publisher_words, text
from analysis.report.wording import period_words, value_words
from analysis.site.labels import TOTAL, indicator_name, part_name, place_words
from analysis.site.pages import Site


def pandas_line(address: str) -> str:
    """Return a line of Python that loads a table.

    Examples
    --------
    >>> print(pandas_line("data/appeals.csv"))
    import pandas as pd; table = pd.read_csv("data/appeals.csv")
    """
    return f'import pandas as pd; table = pd.read_csv("{address}")'


def citations(title: str, language: str) -> dict[str, str]:
    """Return how to cite a page: as text and as BibTeX.

    Examples
    --------
    >>> citations("Turnout", "en")["cite"][:41]
    '“Turnout”. How to cite: governance-openne'
    """
    release = evidence.cite(language=language)
    bibtex = evidence.cite(language=language, style="bibtex")
    return {"cite": f"“{title}”. {release}", "bibtex": bibtex}


def quote(row: Any, language: str) -> str:
    """Return a value as a sentence to quote: what, where, when, how much, by which source.

    Parameters
    ----------
    row : named tuple
        A value as `values` returns it.
    language : str
    """
    sources = load.load_sources(row.sources.split()).to_dict("records")
    named = "; ".join(dict.fromkeys(source_words(source, language) for source in sources))
    return text(
        "quote_value",
        language,
        place=place_words(row.place_id, language),
        label=_label(row, language),
        period=period_words(row, language),
        value=value_words(row, language),
        sources=named,
        data=text("data_version_short", language, version=evidence.data_version()),
    )


def _label(row: Any, language: str) -> str:
    """Return what a value counts: its indicator, its part, its vote."""
    words = [indicator_name(row.indicator, language)]
    if row.part_code != TOTAL:
        words.append(part_name(row.part, language))
    if row.vote and not row.part.vote:
        vote = reference.vote(row.vote)
        words.append(vote.name(language))
    return ", ".join(words)


def source_words(source: Mapping[Any, Any], language: str) -> str:
    """Return publisher and day of a source in words.

    Parameters
    ----------
    source : dict
        A row of `load_sources`.
    language : str
    """
    published = str(source["published"])
    when = text("undated", language)
    if published:
        when = dated(published, language)
    who = publisher_words(source["publisher"], language)
    return f"{who}, {when}"


def embed_code(address: str, title: str) -> str:
    """Return the HTML that shows a picture of the site on another page, with the way back.

    Examples
    --------
    >>> embed_code("figures/en/coverage", "Coverage")[:46]
    '<a href="figures/en/coverage.html"><img src="f'
    """
    quoted = title.replace('"', "&quot;")
    picture = f'<img src="{address}.svg" alt="{quoted}" style="max-width:100%">'
    return f'<a href="{address}.html">{picture}</a>'


def describes(site: Site, path: str, files: dict[str, str]) -> dict[str, Any]:
    """Return what a page says of the data on it as schema.org terms.

    Parameters
    ----------
    site : Site
    path : str
        The folder of the files from the root of the site, ending in "/".
    files : dict of str to str
        Type of each file by its name.
    """
    downloads = [
        {
            "@type": "DataDownload",
            "encodingFormat": kind,
            "contentUrl": site.address(path + name) if site.base_url else name,
        }
        for name, kind in files.items()
    ]
    return {
        "@type": "Dataset",
        "creator": {"@type": "Organization", "name": "governance-openness"},
        "isAccessibleForFree": True,
        "distribution": downloads,
    }
