"""All reports and the site, built once and read as a stranger would: in a browser, on paper, in a word processor."""

from __future__ import annotations

import functools
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urldefrag

import docx
import psutil
import pypdf
import pytest

from analysis import load_sources, load_turnout, paths
from analysis.locale import share
from analysis.reference import languages, place_name
from analysis.report import FORMATS, PLACES, build
from analysis.report import pages as pages_of_reports
from analysis.site import build_site

pytestmark = pytest.mark.slow
KAZAKH = {"kk": "әғқңөұүі"}


@pytest.fixture(scope="module")
def built() -> Path:
    """The reports of `make reports`: what is unchanged there is not built again."""
    folder = paths.root() / "reports"
    reports = build(folder, places=PLACES, site=True)
    assert len(reports) == len(PLACES) * len(languages()) == 66
    build_site(folder)
    return folder


def report(folder: Path, place: str, language: str, kind: str) -> Path:
    return folder / place / f"openness-{place}-{language}.{kind}"


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text)


class Page(HTMLParser):
    """Links, anchors and words of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.words: list[str] = []
        self.hidden = 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.links += [values[name] for name in ("href", "src") if values.get(name)]
        self.ids |= {values["id"]} if values.get("id") else set()
        self.hidden += tag in ("style", "script")

    def handle_endtag(self, tag):
        self.hidden -= tag in ("style", "script")

    def handle_data(self, data):
        if not self.hidden and data.strip():
            self.words.append(data.strip())


def test_every_report_is_there_and_small(built):
    for place in PLACES:
        for language in languages():
            sizes = {kind: report(built, place, language, kind).stat().st_size for kind in FORMATS}
            assert 20_000 < sizes["html"] < 1_500_000, (place, language, sizes)
    assert not list(built.rglob("*.part"))


def test_every_link_leads_somewhere(built):
    pages = {path: Page(path.read_text("utf-8")) for path in built.rglob("*.html")}
    listed = {built / page.path for page in pages_of_reports()}
    assert listed < set(pages)
    broken = []
    for path, page in pages.items():
        for link in page.links:
            if link.startswith(("data:", "http://", "https://")):
                continue
            target, fragment = urldefrag(link)
            file = (path.parent / unquote(target)).resolve() if target else path
            fragment = "" if "=" in fragment else fragment  # a view of the explorer
            if not file.is_file() or (fragment and fragment not in pages[file].ids):
                broken.append((path.name, link))
    assert not broken


def test_key_figures_and_letters_are_in_every_pdf_and_word_file(built):
    turnout = load_turnout(vote="majilis_2023").set_index("place_id")["value"]
    for place in PLACES:
        for language in languages():
            pdf = pypdf.PdfReader(report(built, place, language, "pdf"))
            word = docx.Document(str(report(built, place, language, "docx")))
            texts = [" ".join(p.extract_text() for p in pdf.pages[:2])]
            texts.append(
                " ".join(c.text for row in word.tables[0].rows for c in row.cells)
                + word.paragraphs[0].text
            )
            for text in map(squeezed, texts):
                assert squeezed(place_name(place, language)) in text
                if place in turnout:
                    assert squeezed(share(turnout[place], language)) in text
            whole = "".join(p.extract_text() for p in pdf.pages).lower()
            assert set(KAZAKH.get(language, "")) <= set(whole)
            assert "pdfuaid" in pdf.trailer["/Root"]["/Metadata"].get_data().decode()


@pytest.mark.parametrize(
    ("language", "annex"), [("en", "Annex"), ("kk", "Қосымша"), ("ru", "Приложение")]
)
def test_the_national_pdf_has_at_most_twelve_pages_before_its_annex(built, language, annex):
    reader = pypdf.PdfReader(report(built, "KZ", language, "pdf"))
    entries = [entry for entry in reader.outline[1] if isinstance(entry, pypdf.generic.Destination)]
    (found,) = [entry for entry in entries if entry["/Title"] == annex]
    assert reader.get_destination_page_number(found) <= 12


def test_no_english_is_left_in_a_kazakh_or_russian_report(built):
    """Latin words may be names: of sources, systems, parties, licences and this project.

    The spelling of a source stands in quotation marks, before the mark that no name was found.
    """
    systems = {
        "Otinish", "iKOMEK", "Open", "Almaty", "AMANAT", "Nur", "Otan", "Adal", "Respublica", "WGI", "CPI", "IBP", "CSV", "PDF", "DOCX",
        "CC", "BY", "governance", "openness", "English",
    }  # fmt: skip
    left: dict[str, set[str]] = {}
    for place in PLACES:
        for language in ("kk", "ru"):
            text = report(built, place, language, "html").read_text("utf-8")
            text = re.sub(r'<ol class="sources">.*?</ol>', "", text, flags=re.S)
            glossary = re.search(
                r'<table role="table">\s*<caption>[^<]*(?:Терминдер|Термины)</caption>.*?</table>',
                text,
                re.S,
            )
            assert glossary
            text = text.replace(glossary[0], "")
            shown = [
                *Page(text).words,
                *re.findall(r'(?:alt|aria-label|data-label)="([^"]*)"', text),
            ]
            shown = [re.sub("«[A-Za-z. -]+»", "", part) for part in shown]
            left[f"{place} {language}"] = {
                word for part in shown for word in re.findall(r"[A-Za-z]{2,}", part)
            } - systems
    assert not {report: found for report, found in left.items() if found}


def test_no_sentence_of_a_page_ends_twice_and_nothing_is_suppressed_that_is_published(built):
    twice = re.compile(r"(?<!\.)[.?!]\.(?=\s|$)")
    wrong = re.compile(r"басылған|напечатан|\d г\.|\d ж\.", re.IGNORECASE)
    found = {}
    for place in PLACES:
        for language in languages():
            text = report(built, place, language, "html").read_text("utf-8")
            said = Page(text).words
            found[place, language] = [part for part in said if twice.search(part)]
            own = re.sub(r'<ol class="sources">.*?</ol>', "", text, flags=re.S)
            found[place, language] += [part for part in Page(own).words if wrong.search(part)]
    assert not {page: parts for page, parts in found.items() if parts}


def test_two_builds_are_the_same_bytes(built, tmp_path):
    build(tmp_path, places=["KZ", "KZ-62"], languages=["kk", "en"], site=True, workers=1)
    for place in ("KZ", "KZ-62"):
        for kind in ("pdf", "docx"):
            first, second = (report(folder, place, "kk", kind) for folder in (built, tmp_path))
            assert first.read_bytes() == second.read_bytes(), first.name
        pages = [
            report(folder, place, "kk", "html").read_text("utf-8") for folder in (built, tmp_path)
        ]
        without = re.sub(
            r'<li><a href="openness-[\w-]+-ru\.html" lang="ru" hreflang="ru">Русский</a></li>\n',
            "",
            pages[0],
        )
        assert without == pages[1]


def test_an_unchanged_report_is_not_built_again(built):
    began = time.monotonic()
    assert not any(made.fresh for made in build(built, places=PLACES, site=True))
    assert time.monotonic() - began < 5


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_word_files_open_in_libreoffice(built, tmp_path):
    """A file that needs repair is not converted; headings and letters come through."""
    source = report(built, "KZ-33", "kk", "docx")
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "pdf", "--outdir", tmp_path, source],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    text = squeezed(
        " ".join(
            p.extract_text()
            for p in pypdf.PdfReader(tmp_path / source.with_suffix(".pdf").name).pages
        )
    )
    assert "Жергілікті мемлекеттік басқарудың ашықтығы: Жетісу облысы" in text
    assert "78,49%" in text


def is_whole(path: Path) -> bool:
    content = path.read_bytes()
    if path.suffix == ".html":
        return content.rstrip().endswith(b"</html>")
    if path.suffix == ".pdf":
        return content.rstrip().endswith(b"%%EOF")
    return zipfile.ZipFile(io.BytesIO(content)).testzip() is None


@pytest.mark.parametrize("wait", [0.3, 4, 9])
def test_ctrl_c_leaves_whole_files_and_no_kernel(tmp_path, wait):
    command = [
        sys.executable,
        "-m",
        "analysis.cli",
        "report",
        "--place",
        "KZ-33,KZ-62,KZ-10",
        "--out",
        str(tmp_path),
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    began = time.monotonic()
    while (
        not psutil.Process(process.pid).children(recursive=True) and time.monotonic() - began < 60
    ):
        time.sleep(0.1)
    time.sleep(wait)
    kernels = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "Stopped" in said
    assert "Traceback" not in said
    assert all(is_whole(path) for path in tmp_path.rglob("openness-*"))
    _, alive = psutil.wait_procs(kernels, timeout=20)
    assert not alive


LOOKED_AT = [("KZ", "ru"), ("KZ-33", "kk"), ("KZ-62", "en"), ("333400000", "kk"), ("KZ-71", "ru")]


def pages_of(folder: Path) -> list[Path]:
    some = [report(folder, place, language, "html") for place, language in LOOKED_AT]
    return [*some, folder / "notebooks" / "04_national_votes.html"]


def test_nothing_scrolls_sideways_on_a_phone(built, opened):
    for path in pages_of(built):
        with opened(path, width=360) as page:
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, path.name
            wide = page.evaluate(
                "[...document.querySelectorAll('body *')].filter(e => { const r = e.getBoundingClientRect();"
                " return r.width && r.right > 361 && r.left > -100 }).map(e => e.tagName + ' ' + e.className).slice(0, 5)"
            )
            assert not wide, (path.name, wide)


def test_axe_finds_no_serious_violation(built, opened):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    for path in pages_of(built):
        for width in (360, 1200):
            with opened(path, width=width) as page:
                found = axe.run(page, options={"preload": False}).response["violations"]
            serious = [
                (v["id"], v["nodes"][0]["html"][:120])
                for v in found
                if v["impact"] in ("serious", "critical")
            ]
            assert not serious, (path.name, width, serious)


SCREEN = 844  # pixels, at a width of 390


@pytest.mark.parametrize("place", ["KZ", "KZ-33", "KZ-62", "KZ-75", "333400000"])
@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_a_phone_reader_reaches_the_finding_without_scrolling(built, opened, place, language):
    with opened(report(built, place, language, "html"), width=390) as page:
        finding = page.locator(".finding").first.bounding_box()
        assert finding["y"] + finding["height"] <= SCREEN


@pytest.mark.parametrize("language", ["en", "kk", "ru"])
def test_the_page_of_alakol_ends_within_eight_screens(built, opened, language):
    with opened(report(built, "333400000", language, "html"), width=390) as page:
        assert page.evaluate("document.documentElement.scrollHeight") <= 8 * SCREEN


def test_the_quote_is_copied_with_one_press(built, opened):
    with opened(report(built, "KZ-33", "kk", "html"), width=390) as page:
        button = page.get_by_role("button", name="Дәйексөзді көшіру")
        button.click()
        page.get_by_role("button", name="Көшірілді").wait_for()


def test_a_reference_opens_the_list_of_sources_that_is_folded_away(built, opened):
    with opened(report(built, "KZ-33", "kk", "html"), width=390) as page:
        assert not page.locator("#source-1").is_visible()
        page.locator('a[href="#source-1"]').first.click()
        page.locator("#source-1").wait_for(state="visible")


def test_data_can_be_downloaded_from_a_page_without_network(built, opened):
    with opened(report(built, "KZ-33", "kk", "html")) as page:
        with page.expect_download() as download:
            page.get_by_role("link", name="Деректерді жүктеп алу (CSV)").first.click()
        data = Path(download.value.path()).read_text("utf-8-sig")
        # Each row begins with the label that the picture gives it.
        assert data.startswith("не көрсетілген,көрсеткіш коды,")
        assert ",turnout_share,rural,KZ-VOS," in data


def test_pdf_and_word_can_be_downloaded_from_a_web_server(built, browser):
    quiet = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(quiet, directory=str(built)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page(accept_downloads=True)
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    page.get_by_role("link", name="Жетісу облысы").first.click()
    for kind in ("pdf", "docx"):
        with page.expect_download() as download:
            page.get_by_role("link", name=kind.upper()).click()
        assert (
            Path(download.value.path()).read_bytes()
            == report(built, "KZ-33", "kk", kind).read_bytes()
        )
    server.shutdown()


def test_pictures_are_drawn_and_the_print_view_leaves_out_what_paper_cannot_do(built, opened):
    with opened(report(built, "KZ-33", "ru", "html")) as page:
        widths = page.evaluate("[...document.images].map(i => i.naturalWidth)")
        assert widths
        assert min(widths) > 200
        page.emulate_media(media="print")
        assert page.locator(".bar").is_hidden()
        assert page.locator(".download").first.is_hidden()
        printed = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
        assert 4 <= len(printed.pages) <= 20
        assert "78,49" in " ".join(p.extract_text() for p in printed.pages)


def test_a_report_can_be_read_by_keyboard(built, opened):
    with opened(report(built, "KZ-33", "en", "html")) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.url.endswith("#text")


def test_screenshots_for_the_eyes(built, opened):
    folder = os.environ.get("OPENNESS_SCREENSHOTS")
    if not folder:
        pytest.skip("set OPENNESS_SCREENSHOTS to a folder to keep pictures of the pages")
    for path in pages_of(built):
        for width in (360, 1200):
            with opened(path, width=width) as page:
                page.screenshot(path=f"{folder}/{path.stem}-{width}.png", full_page=True)


def test_the_sources_of_a_report_are_listed_with_their_addresses(built):
    text = report(built, "KZ-33", "en", "html").read_text("utf-8")
    known = set(load_sources()["url"])
    listed = re.findall(r'<li id="source-\d+">.*?<a href="([^"]+)">', text)
    assert len(listed) > 15
    assert {link.replace("&amp;", "&") for link in listed} <= known
