"""Short pages of districts: HTML only, written without a notebook."""

from __future__ import annotations

from pathlib import Path

from analysis import reference
from analysis.evidence import data_version
from analysis.files import write_whole
from analysis.locale import text
from analysis.reference import place_name, region_of
from analysis.report.addresses import districts, page_name, report_name
from analysis.report.document import Block, Document, assemble, words
from analysis.report.output.html import page
from analysis.report.sections.districts import known
from analysis.report.sections.opening import opening
from analysis.report.sections.parts import data_words
from analysis.report.sections.peers import peers
from analysis.report.sections.published import published

_SECTIONS = (opening, known, published, peers)


def district_pages(folder: Path, region: str, language: str) -> list[Path]:
    """Return the files of the short pages of a region in a language.

    Examples
    --------
    >>> district_pages(Path("reports"), "KZ-33", "kk")[0].parent.as_posix()
    'reports/KZ-33'
    """
    home = folder / region
    inside = [place for place in districts() if region_of(place) == region]
    names = [page_name(place, language) for place in inside]
    return [home / name for name in names]


def write_districts(
    folder: Path, region: str, language: str, *, languages: tuple[str, ...], site: str = ""
) -> None:
    """Write the short pages of a region in a language; whole files only.

    Parameters
    ----------
    folder : Path
        The folder of the reports.
    region, language : str
    languages : tuple of str
        Languages in which the page lies beside this one.
    site : str
        Relative address of the page that lists all reports, if there is one.
    """
    for place in districts():
        if region_of(place) != region:
            continue
        made = page(
            district_document(place, language),
            languages=languages,
            site=site,
            up=(page_name(region, language), place_name(region, language)),
        )
        write_whole(folder / region / page_name(place, language), made)


def district_document(place: str, language: str) -> Document:
    """Return the short report of a district as a document.

    Parameters
    ----------
    place : str
        Of `analysis.report.addresses.districts()`.
    language : str

    Examples
    --------
    >>> district_document("333600000", "en").title
    'Openness of local government: Eskeldi District'
    """
    reference.check_language(language)
    sections = [write(place, language=language) for write in _SECTIONS]
    blocks: list[Block] = [block for section in sections for block in section.blocks]
    blocks.append(words(f"{text('method_limits', language)} {data_words(language)}"))
    return assemble(
        blocks,
        name=report_name(place),
        place=place_name(place, language),
        language=language,
        version=text("data_version_short", language, version=data_version()),
    )
