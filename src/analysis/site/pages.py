"""The pages of the site: where each lies, and what all of them carry."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import jinja2

from analysis import reference
from analysis.data.version import data_version
from analysis.locale import text
from analysis.report.sections.parts import data_words
from analysis.store import cached_on

_IN_FOLDERS = ("figure", "indicator")  # kinds with many pages: each has a folder by language
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True)
class Page:
    """A page in a language; `kind` is one of its templates, `name` what it is about.

    Examples
    --------
    >>> Page("figure", "ru", "coverage").path, Page("explorer", "en").path
    ('figures/ru/coverage.html', 'explorer-en.html')
    """

    kind: str
    language: str
    name: str = ""

    @property
    def path(self) -> str:
        """Its address from the root of the site."""
        if self.kind in _IN_FOLDERS:
            return f"{self.kind}s/{self.language}/{self.name}.html"
        if self.kind != "front":
            return f"{self.kind}-{self.language}.html"
        is_front = self.language == reference.front_language()
        return "index.html" if is_front else f"index-{self.language}.html"

    @property
    def up(self) -> str:
        """The way from the page to the root of the site."""
        return "../" * self.path.count("/")

    def in_language(self, language: str) -> Page:
        """Return the same page in another language."""
        return replace(self, language=language)

    def sibling(self, kind: str, name: str = "") -> Page:
        """Return another page in the same language."""
        return Page(kind, self.language, name)


@dataclass(frozen=True)
class Site:
    """What all pages of one build share.

    Attributes
    ----------
    base_url : str
        Where the site will be found, ending in "/"; "" if it is not known, and then no page names
        an absolute address.
    documentation : str
        The address of the documentation from the root of the site; "" if it is not built.
    """

    base_url: str = ""
    documentation: str = ""

    def render(self, page: Page, *, title: str, description: str, **parts: Any) -> str:
        """Return a page as HTML.

        Parameters
        ----------
        page : Page
        title, description : str
        **parts
            What its template shows; `about`, what the page says of itself as schema.org terms.
        """
        language = page.language
        about = parts.pop("about", {"@type": "WebPage"})
        shared = {
            "page": page,
            "lang": language,
            "up": page.up,
            "base_url": self.base_url,
            "documentation": self.documentation,
            "feed": feed_path(language),
            "picture": parts.pop("picture", "assets/social.png"),
            "as_of": _as_of(language),
            "version": data_version(),
            "title": title,
            "description": description,
            "keeps_view": page.kind in ("explorer", "indicator"),
            "about": self._about(page, title, description) | about,
        }
        template = templates().get_template(f"{page.kind}.html.j2")
        return template.render(shared | parts)

    def _about(self, page: Page, title: str, description: str) -> dict[str, Any]:
        about = {
            "@context": "https://schema.org",
            "name": title,
            "description": description,
            "inLanguage": page.language,
            "license": _LICENCE,
            "version": data_version(),
        }
        if self.base_url:
            about["url"] = self.address(page.path)
        return about

    def address(self, path: str, *, start: str = "") -> str:
        """Return an address to quote: absolute where the site has one, else from `start`."""
        home = self.base_url or start
        return home + path


@cached_on("sources")
def _as_of(language: str) -> str:
    return data_words(language)


def feed_path(language: str) -> str:
    """Return the address of the feed of a language.

    Examples
    --------
    >>> feed_path("kk"), feed_path("en")
    ('feed.atom', 'feed-en.atom')
    """
    front = reference.front_language()
    if language == front:
        return "feed.atom"
    return f"feed-{language}.atom"


@cache
def templates() -> jinja2.Environment:
    """Return the templates of the site, with escaping on; scripts and styles are left as they are.

    The styles that the site shares with the reports are read from the reports.
    """
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_read_template),
        autoescape=lambda name: name is None or ".html" in name or ".macro" in name,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False, "ensure_ascii": False}
    environment.globals.update(
        text=text,
        language_name=reference.language_name,
        all_languages=reference.languages,
    )
    return environment


def _read_template(name: str) -> str:
    home = "analysis.report.output" if name == "style.css.j2" else "analysis.site"
    template = resources.files(home) / "templates" / name
    return template.read_text("utf-8")
