"""The site: static pages that list all reports, with a map, a search, figures, data, notebooks."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import gallery, load, paths, reference
from analysis.evidence import data_version
from analysis.files import write_whole
from analysis.locale import text
from analysis.progress import Steps
from analysis.reference import place_name
from analysis.reference.places import NATION
from analysis.report.document import assemble
from analysis.report.jobs import FORMATS, common_key, notebooks, read_keys, write_keys
from analysis.report.notebook.blocks import blocks_of
from analysis.report.notebook.warm import WarmKernel
from analysis.report.output.html import file_name, page, templates
from analysis.report.sections.parts import data_words, is_inside_region

_DATA = (".csv", ".xlsx", ".json")
_SHOWN_LEVELS = ("district", "city", "town")
_BYTES = 1024  # in a kilobyte
_WORDS_FOR_REGION = re.compile(r" (?:Region|облысы|область)$|^область ")


def build_site(folder: Path | str, *, progress: Callable[[str], object] | None = None) -> list[str]:
    """Write the pages that lead to the reports in a folder.

    The figures, the data and the notebooks are written beside them; parts that are unchanged stay.

    Parameters
    ----------
    folder : Path or str
        Where `analysis.report.build(folder, site=True)` wrote the reports.
    progress : callable, optional
        Called with the name of each part that is done; a progress bar on a terminal and in a
        notebook if not given.

    Returns
    -------
    list of str
        The parts that were written.
    """
    if progress is not None:
        return [_told(part, progress) for part in _build(Path(folder))]
    with Steps() as steps:
        return [_told(part, steps.done) for part in _build(Path(folder))]


def _told(part: str, tell: Callable[[str], object]) -> str:
    tell(part)
    return part


def _build(folder: Path) -> Iterator[str]:
    keys, parts = read_keys(folder), _keys_of_parts()
    stale = {
        part for part, key in parts.items() if keys.get(part) != key or not (folder / part).exists()
    }
    languages = [one for one in reference.languages() if f"figures/{one}" in stale]
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        drawn = pool.map(_draw_figures, [folder] * len(languages), languages)
        yield from _run_notebooks(folder, [path for path in notebooks() if _part(path) in stale])
        for language in drawn:
            yield f"figures ({language})"
    _copy_data(folder / "data")
    yield "data"
    for language in reference.languages():
        write_whole(folder / _index(language), _page(folder, language))
        yield _index(language)
    write_keys(folder, keys | parts)


def _keys_of_parts() -> dict[str, str]:
    """Return the figures of each language and the notebooks, with a key of what they depend on."""
    drawn = {f"figures/{language}": common_key() for language in reference.languages()}
    return drawn | {_part(path): common_key(path) for path in notebooks()}


def _part(notebook: Path) -> str:
    return f"notebooks/{notebook.stem}.html"


def _draw_figures(folder: Path, language: str) -> str:
    drawn = folder / "figures" / language
    gallery.export(drawn, language=language)
    return language


def _run_notebooks(folder: Path, stale: list[Path]) -> Iterator[str]:
    if not stale:
        return
    version = text("data_version_short", "en", version=data_version())
    site = f"../{_index('en')}"
    with WarmKernel(paths.root() / "notebooks") as kernel:
        for path in stale:
            name = path.stem
            executed = kernel.run(path, language="en")
            blocks = blocks_of(executed, name=path.name, code=True)
            document = assemble(blocks, name=name, place=name, language="en", version=version)
            written = page(document, languages=("en",), site=site)
            target = folder / _part(path)
            write_whole(target, written)
            yield f"notebook {path.stem}"


def _copy_data(folder: Path) -> None:
    for path in paths.processed().iterdir():
        if path.suffix in _DATA:
            copy = folder / path.name
            content = path.read_bytes()
            write_whole(copy, content)


def _index(language: str) -> str:
    front = reference.front_language()
    is_front = language == front
    return "index.html" if is_front else f"index-{language}.html"


def _page(folder: Path, language: str) -> str:
    record = json.loads((folder / "figures" / language / "manifest.json").read_text("utf-8"))
    data = sorted(path for path in (folder / "data").iterdir() if path.suffix in _DATA)
    return (
        templates()
        .get_template("site.html.j2")
        .render(
            lang=language,
            others=[(other, _index(other)) for other in reference.languages()],
            places=_places(folder, language),
            tiles=_tiles(language),
            gallery=record["figures"],
            notebooks=[(path.stem, _title(path)) for path in notebooks()],
            files=[(path.name, _size(path, language)) for path in data],
            as_of=data_words(language),
            version=data_version(),
        )
    )


def _tiles(language: str) -> list[tuple[int, int, str, str]]:
    """Return the tiles of the map, row by row: readers by keyboard go through them so."""
    placed = sorted(reference.tiles().items(), key=lambda tile: tile[1][::-1])
    return [
        (column, row, place, _short(place_name(place, language))) for place, (column, row) in placed
    ]


def _places(folder: Path, language: str) -> list[dict[str, Any]]:
    """Return each place with its names, the districts in it, and the files that are there."""
    table = load.load_places()
    return [
        {
            "id": place,
            "name": place_name(place, language),
            "words": _all_names(place),
            "districts": _districts(table, place, language),
            "files": _files(folder, place),
        }
        for place in reference.report_places()
    ]


def _all_names(place: str) -> str:
    return " ".join(place_name(place, language) for language in reference.languages())


def _districts(table: pd.DataFrame, place: str, language: str) -> list[dict[str, str]]:
    """Return the districts of a region, which the search finds by their names in any language."""
    if place == NATION or is_inside_region(place):
        return []
    inside = table[table["parent_id"].eq(place) & table["level"].isin(_SHOWN_LEVELS)]
    columns = [column for column in inside.columns if column.startswith("name_")]
    ordered = [f"name_{known}" for known in reference.languages() if f"name_{known}" in columns]
    return [
        {"name": place_name(row["place_id"], language), "words": " ".join(row[ordered])}
        for _, row in inside.iterrows()
    ]


def _files(folder: Path, place: str) -> dict[tuple[str, str], str]:
    """Return the reports of a place that are there, by language and format."""
    name = f"openness-{place}"
    every = {
        (language, kind): f"{place}/{file_name(name, language)}.{kind}"
        for language in reference.languages()
        for kind in FORMATS
    }
    there = {key: folder / path for key, path in every.items()}
    return {key: every[key] for key, file in there.items() if file.is_file()}


def _short(name: str) -> str:
    return _WORDS_FOR_REGION.sub("", name)


def _title(path: Path) -> str:
    notebook = json.loads(path.read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            source = "".join(cell["source"])
            heading = source.splitlines()[0]
            return heading.lstrip("# ")
    return path.stem


def _size(path: Path, language: str) -> str:
    from babel.units import format_unit

    kilobytes = max(1, round(path.stat().st_size / _BYTES))
    return format_unit(kilobytes, "kilobyte", length="short", locale=language)
