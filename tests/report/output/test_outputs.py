"""One document in three outputs: what is in it comes out whole, and nothing in the data is ever markup."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import re
import zipfile
from itertools import pairwise
from urllib.parse import unquote

import docx as python_docx
import pandas as pd
import pypdf
import pytest
from docx.oxml.ns import qn
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis import charts
from analysis.report.document import (
    Code,
    Fold,
    Heading,
    Items,
    Picture,
    Run,
    Table,
    assemble,
    explained,
    words,
)
from analysis.report.output.html import page
from analysis.report.output.pdf import pdf, printable
from analysis.report.output.word import docx

NASTY = "<script>alert(1)</script> \"q\" & 's' #let x = 1 $x^2$ \\n =cmd|calc @ref *b* _i_ `c` {{ 7*7 }} {x} \u202eabc\u202c\u200f\x00\x07"


def without_data(page: str) -> str:
    """A page without its drawings, and without what it says of itself for machines."""
    told = r'<script type="application/ld\+json">.*?</script>'
    return re.sub(rf'{told}|"data:[^"]*"', "", page, flags=re.S)


SHOWN = NASTY.translate({ord(c): None for c in "\u202e\u202c\u200f\x00\x07"})


KAZAKH = "ӘәҒғҚқҢңӨөҰұҮүҺһІі ₸ №"


SOURCES = ("s64a494b7", "s07feb3ca")


def document(*blocks, language="kk"):
    return assemble(
        blocks,
        name="openness-KZ-33",
        place="Жетісу облысы",
        language=language,
        version="Деректер 1.0.0",
    )


@pytest.fixture(scope="module")
def full():
    return document(
        Heading(1, f"Тақырып {NASTY}"),
        words(KAZAKH, *SOURCES),
        Heading(2, "Бірінші"),
        words("табылғаны", "s64a494b7", role="finding"),
        *explained(charts.draw("administrative_lawsuits", language="kk"))[1:],
        Table("Кесте", ("Көрсеткіш", "Мәні"), ((NASTY, "=1+1"), ("b", "−5")), (SOURCES, ())),
        Items(
            (
                (Run("бір"),),
                (Run("екі", bold=True), Run(" үш", href="https://example.org/?a=1&b=2")),
            ),
            ordered=True,
        ),
        Code(NASTY),
        Fold("Мамандарға", (Table("Қосымша кесте", ("a",), ((NASTY,),), (("s64a494b7",),)),)),
    )


@pytest.fixture(scope="module")
def as_html(full):
    return page(full, formats=("pdf", "docx"), languages=("en", "kk", "ru"))


@pytest.fixture(scope="module")
def as_pdf(full):
    return pypdf.PdfReader(io.BytesIO(pdf(full)))


@pytest.fixture(scope="module")
def as_docx(full):
    return python_docx.Document(io.BytesIO(docx(full)))


def pdf_text(reader):
    return re.sub(r"\s+", " ", " ".join(p.extract_text() for p in reader.pages))


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def test_nothing_of_the_data_is_markup_in_html(as_html):
    assert "<script" not in without_data(as_html)
    assert html.escape(SHOWN, quote=False).replace("'", "&#39;").replace('"', "&#34;") in as_html
    assert "49" not in re.findall(r"\{\{(.*?)\}\}", as_html)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08]", as_html)


def test_nothing_of_the_data_is_markup_in_pdf(as_pdf):
    said = pdf_text(as_pdf)
    for part in (
        "<script>alert(1)</script>",
        "#let x = 1",
        "$x^2$",
        "=cmd|calc",
        "@ref *b* _i_",
        "{{ 7*7 }}",
    ):
        assert part in said


def test_nothing_of_the_data_is_markup_in_word(as_docx):
    assert as_docx.paragraphs[0].text == f"Тақырып {SHOWN}"
    assert as_docx.tables[0].cell(1, 0).text == SHOWN


def test_kazakh_letters_come_out_whole(as_html, as_pdf, as_docx):
    assert KAZAKH in as_html
    assert KAZAKH in pdf_text(as_pdf)
    assert KAZAKH in as_docx.paragraphs[1].text


def test_the_page_needs_nothing_but_itself(as_html):
    assert not re.findall(
        r'(?:src|href)="(?!data:|#|https?://)(?!openness-KZ-33-(?:en|ru)\.html)(?!openness-KZ-33-kk\.)',
        as_html,
    )
    loading = r'<(?:script|link|iframe)\b|src="http|@import|url\('
    assert not re.findall(loading, without_data(as_html))
    drawings = re.findall(r'src="data:image/svg\+xml[^"]*"', as_html)
    assert drawings and not [d for d in drawings if re.search(r"url\((?!%23)|<(?:script|image)", d)]


def test_headings_step_down_one_at_a_time_and_the_language_is_set(as_html):
    levels = [int(n) for n in re.findall(r"<h(\d)", as_html)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    assert '<html lang="kk">' in as_html


def test_the_data_of_a_figure_can_be_downloaded_from_the_page(as_html):
    found = re.search(
        r'download="openness-KZ-33-administrative_lawsuits.csv" href="data:text/csv;charset=utf-8,([^"]+)"',
        as_html,
    )
    content = unquote(html.unescape(found[1]))
    assert content[0] == "\ufeff"  # tells Excel that it is UTF-8
    frame = pd.read_csv(io.StringIO(content[1:]))
    assert frame["мән"].tolist()[:5] == [14469, 28852, 31186, 32866, 17154]


def test_every_reference_leads_to_a_source(as_html):
    targets = set(re.findall(r'id="(source-\d+|part-\d+|sources|text)"', as_html))
    assert set(re.findall(r'href="#([^"]+)"', as_html)) <= targets


def test_the_pdf_is_tagged_titled_and_has_bookmarks(as_pdf):
    catalogue = as_pdf.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == "kk"
    assert as_pdf.metadata.title.startswith("Тақырып")
    assert "pdfuaid" in catalogue["/Metadata"].get_data().decode("utf-8")
    assert as_pdf.outline[1][0]["/Title"] == "Бірінші"
    fonts = {f for p in as_pdf.pages for f in p["/Resources"]["/Font"].values()}
    assert all("+" in str(f.get_object()["/BaseFont"]) for f in fonts)


def test_typst_adds_no_english_words_to_a_kazakh_document(as_pdf):
    said = pdf_text(as_pdf)
    assert "Мазмұны" in said
    assert not re.search(r"Contents|Table|Figure|Page", said)


def test_word_has_real_headings_tables_and_alternative_texts(as_docx):
    named = [p.style.name for p in as_docx.paragraphs if p.text == "Бірінші"]
    assert named == ["Contents Entry", "Heading 2"]
    row = as_docx.tables[0].rows[0]._tr
    assert row.trPr.find(qn("w:tblHeader")) is not None
    pictures = [shape._inline.docPr for shape in as_docx.inline_shapes]
    assert pictures
    assert all("28" in p.get("descr") for p in pictures)
    languages = {mark.get(qn("w:val")) for mark in as_docx.styles.element.iter(qn("w:lang"))}
    assert languages == {"kk-KZ"}
    assert as_docx.core_properties.title.startswith("Тақырып")


def test_two_writings_are_the_same_bytes(full):
    assert pdf(full) == pdf(full)
    assert docx(full) == docx(full)
    for name in zipfile.ZipFile(io.BytesIO(docx(full))).infolist():
        assert name.date_time == (2026, 1, 1, 0, 0, 0)


STRANGE = {
    "emoji": "🚧👩‍👩‍👧🇰🇿",
    "Chinese": "道路",
    "Devanagari": "सड़क",
    "private use": "\uf130",
    "a mark of no font": "a\u1ab0",
    "a space without a shape": "\u1680",
}


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE.keys())
def test_a_character_without_a_glyph_is_a_visible_mark_in_the_pdf_only(strange):
    """Topic, title of a source and place stand in a table, a paragraph, a heading and a chart."""
    topic = f"Жол {strange} жөндеу"
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40">'
        f'<text x="5" y="20" style="font-family: DejaVu Sans">{topic}</text></svg>'
    )
    made = document(
        Heading(1, topic),
        Heading(2, topic),
        words(topic),
        Table(topic, (topic,), ((topic,),)),
        Picture("topics", topic, topic, svg, "", 2.0, 0.4, "a\n1\n", ()),
        Code(topic),
    )
    reader = pypdf.PdfReader(io.BytesIO(pdf(made)))
    said = pdf_text(reader)
    assert "pdfuaid" in reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert said.count("▯") >= 6 and "жөндеу" in said
    assert topic in html.unescape(page(made))
    assert topic in python_docx.Document(io.BytesIO(docx(made))).paragraphs[0].text
    assert "▯" not in page(made)


def test_letters_that_the_fonts_have_are_printed_as_they_are():
    shown = "العربية é ѫ҃ Ḍ ∑ ₸ №"
    assert printable(shown) == shown


@settings(max_examples=25, deadline=None)
@given(texts)
@example("\uf130")
def test_any_text_can_be_printed_in_all_three(said):
    made = document(Heading(1, "Т"), words(said), Table("к", ("a",), ((said,),)))
    page(made)
    pdf(made)
    python_docx.Document(io.BytesIO(docx(made)))


def test_a_quote_can_be_copied_and_only_the_pages_own_script_may_run():
    made = page(document(Heading(1, "Т"), words(f"Дәйексөз {NASTY}", role="quote")))
    assert "<script>alert" not in made
    (script,) = re.findall(r"<script>(.*?)</script>", made, re.S)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in html.unescape(made)
    button = re.search(r'data-copies="([\w-]+)"', made)[1]
    assert f'<p id="{button}">Дәйексөз' in made


def test_a_page_without_a_quote_has_no_script(as_html):
    assert "<script" not in without_data(as_html)
    assert "script-src" not in as_html


def test_what_is_folded_away_on_screen_stands_in_the_annex_in_print(as_html, as_pdf, as_docx):
    assert re.search(r"<details[^>]*><summary>Мамандарға</summary>\s*<table", as_html)
    titles = [entry["/Title"] for entry in as_pdf.outline[1] if isinstance(entry, dict)]
    assert titles == ["Бірінші", "Қосымша", "Дереккөздер"]
    headings = [p.text for p in as_docx.paragraphs if p.style.name.startswith("Heading")]
    assert headings[1:] == ["Бірінші", "Қосымша", "Мамандарға", "Дереккөздер"]


def test_word_has_a_list_of_contents_that_leads_to_the_headings(as_docx):
    body = as_docx.element.body
    fields = [mark.text for mark in body.iter(qn("w:instrText"))]
    assert any(field.startswith("TOC ") for field in fields)
    entries = [p for p in as_docx.paragraphs if p.style.name == "Contents Entry"]
    anchors = [link.get(qn("w:anchor")) for p in entries for link in p._p.iter(qn("w:hyperlink"))]
    marks = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    assert len(anchors) == 3
    assert set(anchors) <= marks
    ids = [mark.get(qn("w:id")) for mark in body.iter(qn("w:bookmarkStart"))]
    assert len(ids) == len(set(ids))


def test_each_ordered_list_of_word_starts_at_one_in_its_own_numbering():
    asked = Items(((Run("a"),), (Run("b"),)), ordered=True)
    word = python_docx.Document(
        io.BytesIO(docx(document(Heading(1, "Т"), asked, words("w"), asked)))
    )
    listed = [p for p in word.paragraphs if p.style.name == "List Number"]
    used = [p._p.pPr.numPr.numId.val for p in listed]
    assert [p.text for p in listed] == ["a", "b", "a", "b"]
    assert used[0] == used[1] != used[2] == used[3]
    numberings = word.part.numbering_part.element
    starts = {
        number.numId: number.find(qn("w:lvlOverride")).find(qn("w:startOverride")).get(qn("w:val"))
        for number in numberings.num_lst
        if number.find(qn("w:lvlOverride")) is not None
    }
    assert starts[used[0]] == starts[used[2]] == "1"


def test_only_addresses_of_the_web_are_links_on_paper():
    made = document(Heading(1, "Т"), Items(((Run("аудан", href="openness-1-kk.html"),),)))
    assert 'href="openness-1-kk.html"' in page(made)
    annotations = pypdf.PdfReader(io.BytesIO(pdf(made))).pages[0].get("/Annots") or []
    assert not annotations
    word = python_docx.Document(io.BytesIO(docx(made)))
    assert not [r for r in word.part.rels.values() if r.is_external]


def test_a_number_is_not_parted_in_a_narrow_column():
    """2 161 797 with no-break spaces is one word of nine letters."""
    table = Table("t", ("a", "b"), (("2\u202f161\u202f797", "x" * 9), ("1", "y")))
    first, second = table.widths()
    assert first == second


def test_a_paragraph_above_a_table_stays_with_it():
    made = document(Heading(1, "Т"), words("жетек"), Table("к", ("a",), (("1",),)), words("соңы"))
    word = python_docx.Document(io.BytesIO(docx(made)))
    kept = {p.text: p.paragraph_format.keep_with_next for p in word.paragraphs}
    assert kept["жетек"] is True
    assert not kept["соңы"]
