"""A fourth language is a row of languages.csv and a .po file; what it lacks stays English."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest

import analysis
from analysis import paths
from analysis.locale import keys, text

pytestmark = pytest.mark.slow

CATALOGUE = """msgid ""
msgstr ""
"Language: uz\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "report_of"
msgstr "Mahalliy boshqaruv ochiqligi: {place}"

msgid "key_figures"
msgstr "Asosiy ko‘rsatkichlar"

msgid "section_01_appeals"
msgstr ""

msgid "n_sources"
msgid_plural "n_sources"
msgstr[0] "{n} manba"
msgstr[1] ""
"""
CODE = """
import sys
from analysis import gallery, load_turnout, reference
from analysis.locale import counted, text
from analysis.report import build
assert reference.languages() == ("en", "kk", "ru", "uz")
assert text("key_figures", "uz") == "Asosiy ko‘rsatkichlar"
assert text("no_data", "uz") == text("no_data", "en")
assert text("section_01_appeals", "uz") == text("section_01_appeals", "en")
assert counted("n_sources", 3, "uz") == counted("n_sources", 3, "en")
assert counted("n_figures", 3, "uz") == counted("n_figures", 3, "en")
assert "place_uz" in load_turnout()
assert gallery.draw("tile_map", language="uz").alt
reports = build(sys.argv[1], places=["KZ", "KZ-33", "333400000", "KZ-71"], languages=["uz"])
assert len(reports) == 4
"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> Path:
    """Reports in Uzbek, written by a copy of the package with four messages in that language."""
    home = tmp_path_factory.mktemp("home")
    package = shutil.copytree(Path(analysis.__file__).parent, home / "src" / "analysis")
    for name in ("data", "notebooks"):
        shutil.copytree(paths.root() / name, home / name)
    shutil.copy(paths.root() / "CHANGELOG.md", home)
    (package / "locale" / "uz.po").write_text(CATALOGUE, "utf-8")
    with (home / "data" / "raw" / "languages.csv").open("a", encoding="utf-8") as file:
        file.write("uz,O‘zbekcha,ru en,\n")
    environment = os.environ | {"PYTHONPATH": str(home / "src"), "OPENNESS_HOME": str(home)}
    run = subprocess.run(
        [sys.executable, "-c", CODE, str(home / "reports")],
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return home / "reports"


@pytest.mark.parametrize("place", ["KZ", "KZ-33", "333400000", "KZ-71"])
def test_a_report_stands_in_the_new_language_and_falls_back_to_english(reports, place):
    page = (reports / place / f"openness-{place}-uz.html").read_text("utf-8")
    assert '<html lang="uz">' in page
    assert "Mahalliy boshqaruv ochiqligi: " in page
    assert ">Asosiy ko‘rsatkichlar</h2>" in page
    assert text("how_to_read", "en") in page
    assert not set(_keys()) & set(page.replace("<", " ").replace(">", " ").split())


def test_the_other_two_formats_stand_too(reports):
    pdf = pypdf.PdfReader(reports / "KZ-33" / "openness-KZ-33-uz.pdf")
    assert pdf.trailer["/Root"]["/Lang"] == "uz"
    assert "Asosiy ko‘rsatkichlar" in pdf.pages[0].extract_text()
    assert (reports / "KZ-33" / "openness-KZ-33-uz.docx").stat().st_size > 20_000


def _keys() -> list[str]:
    """Return keys of messages that no text holds by chance."""
    return [key for key in keys("") if "_" in key]
