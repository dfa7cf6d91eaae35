"""The site: static pages that list every report, with a map, a search, the figures, the data and the notebooks."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from analysis import gallery, load, paths, reference
from analysis.evidence import data_version
from analysis.files import write_whole
from analysis.locale import text
from analysis.reference import place_name
from analysis.report.document import assemble
from analysis.report.export import FORMATS, common_key, notebooks, read_keys, write_keys
from analysis.report.notebook import WarmKernel, blocks_of
from analysis.report.page import file_name, page, templates
from analysis.report.sections import PLACES, data_words
from analysis.report.wording import ALAKOL


def build_site(folder: Path) -> Iterator[str]:
    """Write the pages that lead to the reports in a folder, with the figures, the data and the notebooks beside them.

    Yields a line for each part that is done; parts that are unchanged stay as they are.

    Parameters
    ----------
    folder : Path
        Where `analysis.report.build(folder, site=True)` wrote the reports.
    """
    keys = read_keys(folder)
    parts: dict[str, str] = {
        f"figures/{language}": common_key() for language in reference.languages()
    }
    parts |= {f"notebooks/{path.stem}.html": common_key(path) for path in notebooks()}
    stale = [
        part for part, key in parts.items() if keys.get(part) != key or not (folder / part).exists()
    ]
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        languages = [part.split("/")[1] for part in stale if part.startswith("figures/")]
        drawn = pool.map(_draw_figures, [folder] * len(languages), languages)
        yield from _run_notebooks(
            folder, [p for p in notebooks() if f"notebooks/{p.stem}.html" in stale]
        )
        for language in drawn:
            yield f"figures ({language})"
    _copy_data(folder / "data")
    yield "data"
    for language in reference.languages():
        write_whole(folder / _index(language), _page(folder, language))
        yield _index(language)
    write_keys(folder, keys | parts)


def _draw_figures(folder: Path, language: str) -> str:
    gallery.export(folder / "figures" / language, language=language)
    return language


def _run_notebooks(folder: Path, stale: list[Path]) -> Iterator[str]:
    if not stale:
        return
    with WarmKernel(paths.root() / "notebooks") as kernel:
        for path in stale:
            executed = kernel.run(path, language="en")
            document = assemble(
                blocks_of(executed, name=path.name, code=True), name=path.stem, place=path.stem, language="en",
                version=text("data_version_short", "en", version=data_version()),
            )  # fmt: skip
            write_whole(
                folder / "notebooks" / f"{path.stem}.html",
                page(document, languages=("en",), site="../index-en.html"),
            )
            yield f"notebook {path.stem}"


def _copy_data(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in [
        *paths.processed().glob("*.csv"),
        *paths.processed().glob("*.xlsx"),
        *paths.processed().glob("*.json"),
    ]:
        part = folder / f"{path.name}.part"
        shutil.copyfile(path, part)
        os.replace(part, folder / path.name)


def _index(language: str) -> str:
    return "index.html" if language == "kk" else f"index-{language}.html"


def _page(folder: Path, language: str) -> str:
    record = json.loads((folder / "figures" / language / "manifest.json").read_text("utf-8"))
    files = sorted(p for p in (folder / "data").iterdir() if p.suffix in (".csv", ".xlsx", ".json"))
    return templates().get_template("site.html.j2").render(
        lang=language, others=[(other, _index(other)) for other in reference.languages()], places=_places(folder, language),
        tiles=[(column, row, place, _short(place_name(place, language))) for place, (column, row) in sorted(reference.tiles().items(), key=lambda tile: tile[1][::-1])],
        gallery=record["figures"], notebooks=[(p.stem, _title(p)) for p in notebooks()],
        files=[(p.name, _size(p, language)) for p in files], as_of=data_words(language), version=data_version(),
    )  # fmt: skip


def _places(folder: Path, language: str) -> list[dict[str, Any]]:
    """Give each place with its names, the districts in it, and the files that are there, by language and format."""
    table = load.load_places()
    places = []
    for place in PLACES:
        inside = table[
            (table["parent_id"] == place) & table["level"].isin(["district", "city", "town"])
        ]
        there = {
            (lang, kind): path
            for lang in reference.languages()
            for kind in FORMATS
            if (
                folder / (path := f"{place}/{file_name(f'openness-{place}', lang)}.{kind}")
            ).is_file()
        }
        names = [place_name(place, lang) for lang in reference.languages()]
        districts = (
            [
                {
                    "name": place_name(row["place_id"], language),
                    "words": " ".join(str(row[f"name_{lang}"]) for lang in reference.languages()),
                }
                for i, row in inside.iterrows()
            ]
            if place not in ("KZ", ALAKOL)
            else []
        )
        places.append(
            {
                "id": place,
                "name": place_name(place, language),
                "words": " ".join(names),
                "districts": districts,
                "files": there,
            }
        )
    return places


def _short(name: str) -> str:
    return re.sub(r" (?:Region|облысы|область)$|^область ", "", name)


def _title(path: Path) -> str:
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            return "".join(cell["source"]).splitlines()[0].lstrip("# ")
    return path.stem


def _size(path: Path, language: str) -> str:
    from babel.units import format_unit

    return format_unit(
        max(1, round(path.stat().st_size / 1024)), "kilobyte", length="short", locale=language
    )
