"""The page of the data: everything as one ZIP, each table, what each column means, how to load."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from analysis import reference
from analysis.data.archive import archive, archive_name, croissant, data_files
from analysis.data.dictionary import dictionary_rows
from analysis.files import write_whole
from analysis.locale import text
from analysis.notebooks import title as notebook_title
from analysis.report.jobs import notebooks
from analysis.site.pages import Page, Site
from analysis.site.uses import citations, pandas_line

_BYTES = 1024  # in a kilobyte
_FIRST = "appeals.csv"


def write_data(folder: Path) -> None:
    """Write the released files and the ZIP of them into the folder data of the site."""
    files = data_files()
    files[archive_name()] = archive()
    for name, content in files.items():
        path = folder / "data" / name
        write_whole(path, content)


def data_page(site: Site, folder: Path, language: str) -> str:
    """Return the page of the data as HTML.

    Parameters
    ----------
    site : Site
    folder : Path
        The root of the site, where `write_data` wrote.
    language : str
    """
    page, whole = Page("data", language), f"data/{archive_name()}"
    title, lead = text("site_data", language), text("site_data_lead", language)
    files = [_file(folder, name, language) for name in data_files()]
    return site.render(
        page,
        title=title,
        description=lead,
        about=_about(),
        whole=(whole, _size(folder / whole, language)),
        files=files,
        pandas=pandas_line(site.address(f"data/{_FIRST}")),
        notebooks=_notebooks(language),
        heads=[text(f"dictionary_{head}", language) for head in ("column", "type", "meaning")],
        dictionary=dictionary_rows(language),
        **citations(text("report_title", language), language),
    )


def _notebooks(language: str) -> list[tuple[str, str]]:
    pages = [(f"notebooks/{path.stem}.html", path) for path in notebooks()]
    return [(address, notebook_title(path, language)) for address, path in pages]


def _file(folder: Path, name: str, language: str) -> tuple[str, str, str, str]:
    address = f"data/{name}"
    size = _size(folder / address, language)
    words = _table_words(name, language) if name.endswith(".csv") else ""
    return address, name, size, words


def _table_words(name: str, language: str) -> str:
    table = Path(name).stem
    kind = "dataset" if table in reference.datasets() else "dictionary_table"
    return text(f"{kind}_{table}", language)


def _about() -> dict[str, Any]:
    """Return the description of the data as the page says it: files lie in data/."""
    files = data_files()
    written = croissant(files)
    described = dict(json.loads(written))
    for file in described["distribution"]:
        name = file["contentUrl"]
        file["contentUrl"] = f"data/{name}"
    del described["description"], described["name"]
    return described


def _size(path: Path, language: str) -> str:
    from babel.units import format_unit

    kilobytes = max(1, round(path.stat().st_size / _BYTES))
    return format_unit(kilobytes, "kilobyte", length="short", locale=language)
