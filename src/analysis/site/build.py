"""The site is written beside the reports; figures, files and notebooks only where they changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import partial
from pathlib import Path

from analysis import gallery, paths, reference
from analysis.evidence import data_version
from analysis.files import write_whole
from analysis.locale import text
from analysis.progress import Steps
from analysis.reference.names import folding
from analysis.report.document import assemble
from analysis.report.jobs import code_key, common_key, notebooks, read_keys, write_keys
from analysis.report.notebook.blocks import blocks_of
from analysis.report.notebook.warm import WarmKernel
from analysis.report.output.html import page
from analysis.site.columns import data_script, values_by_indicator, words_script
from analysis.site.downloads import data_page, write_data
from analysis.site.figures import draw_figure, figure_page, gallery_page, inputs_key
from analysis.site.front import front_page
from analysis.site.indicators import (
    explorer_page,
    indicator_page,
    indicators,
    indicators_page,
    write_files,
)
from analysis.site.news import feed, news_page
from analysis.site.pages import Page, Site, feed_path, templates
from analysis.site.places import search_entries
from analysis.site.social import social_picture

_DOCUMENTATION = "docs/index.html"
_AFTER_FIGURES = ("records", "report", "site", "cli")
_SCRIPTS = ("explorer.js", "front.js", "site.js", "xlsx.js")
Keys = dict[str, str]
Task = Callable[[], None]


def build_site(
    folder: Path | str,
    *,
    base_url: str = "",
    progress: Callable[[str], object] | None = None,
) -> list[str]:
    """Write the site around the reports in a folder.

    The front page, the explorer, a page for each figure and each indicator, the data, what is new.
    Figures, files and notebooks that are unchanged stay.

    Parameters
    ----------
    folder : Path or str
        Where `analysis.report.build(folder, site=True)` wrote the reports.
    base_url : str
        The address at which the site will be found. Without it no page names an absolute address,
        and there is no picture for social networks.
    progress : callable, optional
        Called with the name of each part that is done; a progress bar on a terminal and in a
        notebook if not given.

    Returns
    -------
    list of str
        The parts that were written.

    Examples
    --------
    >>> build_site("reports", base_url="openness.example")
    Traceback (most recent call last):
    ValueError: base_url is openness.example; it begins with https:// or http://
    """
    if base_url and not base_url.startswith(("https://", "http://")):
        raise ValueError(f"base_url is {base_url}; it begins with https:// or http://")
    base = base_url.rstrip("/") + "/" if base_url else ""
    if progress is not None:
        return [_told(part, progress) for part in _build(Path(folder), base)]
    with Steps() as steps:
        return [_told(part, steps.done) for part in _build(Path(folder), base)]


def _told(part: str, tell: Callable[[str], object]) -> str:
    tell(part)
    return part


def _build(folder: Path, base_url: str) -> Iterator[str]:
    documentation = _DOCUMENTATION if (folder / _DOCUMENTATION).is_file() else ""
    site = Site(base_url=base_url, documentation=documentation)
    keys = read_keys(folder)
    made = _figure_tasks(folder, keys) | _file_tasks(folder, keys)
    try:
        with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
            running = {pool.submit(task): {part: key} for part, (task, key) in made.items()}
            yield from _run_notebooks(folder, keys)
            for done in as_completed(running):
                done.result()
                keys |= running[done]
    finally:
        write_keys(folder, keys)
    yield f"figures and files ({len(made)} changed)"
    write_data(folder)
    yield "data"
    _write_assets(site, folder)
    with ProcessPoolExecutor(max_workers=os.cpu_count()) as pool:
        spoken = reference.languages()
        written = pool.map(partial(_write_pages, site, folder), spoken)
        for language, _ in zip(spoken, written, strict=True):
            yield f"pages ({language})"


def _figure_tasks(folder: Path, keys: Keys) -> dict[str, tuple[Task, str]]:
    """Return how to draw each figure that is not there or has changed, with its key."""
    tasks: dict[str, tuple[Task, str]] = {}
    code = _code("figures", "quality")
    for name in gallery.FIGURES:
        key = _hash(code, inputs_key(name))
        for language in reference.languages():
            part = f"figures/{language}/{name}.json"
            if keys.get(part) != key or not (folder / part).is_file():
                tasks[part] = (partial(draw_figure, folder, name, language), key)
    return tasks


def _file_tasks(folder: Path, keys: Keys) -> dict[str, tuple[Task, str]]:
    """Return how to write the files of each indicator that is not there or has changed."""
    tasks: dict[str, tuple[Task, str]] = {}
    code = _code("indicators", "labels")
    groups = values_by_indicator()
    for indicator in indicators():
        part = f"indicators/{indicator}.csv"
        key = _hash(code, groups[indicator].to_csv())
        if keys.get(part) != key or not (folder / part).is_file():
            tasks[part] = (partial(write_files, folder, indicator), key)
    return tasks


def _code(*modules: str) -> str:
    """Return a key of the code behind figures, and of these modules of the site."""
    home = Path(__file__).parent
    own = []
    for module in modules:
        path = home / f"{module}.py"
        own.append(path.read_text("utf-8"))
    return _hash(code_key(without=_AFTER_FIGURES), *own)


def _hash(*parts: str) -> str:
    joined = "|".join(parts)
    content = joined.encode()
    digest = hashlib.sha256(content)
    return digest.hexdigest()


def _run_notebooks(folder: Path, keys: Keys) -> Iterator[str]:
    """Run the notebooks that are not there or have changed, and keep their keys."""
    wanted = {path: common_key(path) for path in notebooks()}
    parts = {path: f"notebooks/{path.stem}.html" for path in wanted}
    stale = [
        path
        for path, key in wanted.items()
        if keys.get(parts[path]) != key or not (folder / parts[path]).is_file()
    ]
    if not stale:
        return
    with WarmKernel(paths.root() / "notebooks") as kernel:
        for path in stale:
            write_whole(folder / parts[path], _notebook_page(kernel, path))
            keys[parts[path]] = wanted[path]
            yield f"notebook {path.stem}"


def _notebook_page(kernel: WarmKernel, path: Path) -> str:
    executed = kernel.run(path, language="en")
    blocks = blocks_of(executed, name=path.name, code=True)
    document = assemble(
        blocks,
        name=path.stem,
        place=path.stem,
        language="en",
        version=text("data_version_short", "en", version=data_version()),
    )
    front = Page("front", "en")
    return page(document, languages=("en",), site=f"../{front.path}")


def _write_assets(site: Site, folder: Path) -> None:
    home, environment = folder / "assets", templates()
    letters, kinds = folding()
    joined = "|".join(kinds)
    bounded = rf"(?<![\p{{L}}\p{{N}}_])(?:{joined})(?![\p{{L}}\p{{N}}_])"
    names = environment.get_template("names.js.j2").render(letters=letters, kinds=bounded)
    write_whole(home / "names.js", names)
    write_whole(home / "site.css", environment.get_template("site.css.j2").render())
    for script in _SCRIPTS:
        source, _, _ = environment.loader.get_source(environment, script)  # type: ignore[union-attr]
        write_whole(home / script, source)
    write_whole(home / "data.js", data_script())
    for language in reference.languages():
        write_whole(home / f"words-{language}.js", words_script(language))
        entries = json.dumps(search_entries(folder, language), ensure_ascii=False)
        write_whole(home / f"places-{language}.js", f"window.OPENNESS_PLACES = {entries};\n")
    if site.base_url:
        write_whole(home / "social.png", social_picture())


def _write_pages(site: Site, folder: Path, language: str) -> None:
    single = {
        "front": front_page(site, folder, language),
        "explorer": explorer_page(site, language),
        "figures": gallery_page(site, folder, language),
        "indicators": indicators_page(site, language),
        "data": data_page(site, folder, language),
        "news": news_page(site, language),
    }
    for kind, written in single.items():
        write_whole(folder / Page(kind, language).path, written)
    for name in gallery.FIGURES:
        path = Page("figure", language, name).path
        write_whole(folder / path, figure_page(site, folder, name, language))
    for indicator in indicators():
        path = Page("indicator", language, indicator).path
        write_whole(folder / path, indicator_page(site, indicator, language))
    write_whole(folder / feed_path(language), feed(site, language))
