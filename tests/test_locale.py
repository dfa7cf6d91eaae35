"""The catalogues of words: the same in every language, nothing missing, no broken placeholder."""

from __future__ import annotations

import re
import string
from datetime import date

import catalogues
import pytest

from analysis import load_places, paths
from analysis.errors import UnknownName
from analysis.locale import (
    counted,
    day,
    days,
    month,
    number,
    percent,
    publisher_words,
    read_catalogue,
    share,
    text,
)
from analysis.reference import languages, mark_not_found, place_name
from analysis.store import read_rows

CATALOGUES = {
    language: {m.id[0] if m.pluralizable else m.id: m for m in read_catalogue(language) if m.id}
    for language in languages()
}
# Words that a Kazakh or Russian message may hold in Latin letters: names of systems, parties, licences and units.
LATIN = re.compile(
    r"Jupyter|XLSX|ZIP|Python|E-Otinish|AMANAT|Amanat|Nur Otan|Adal|Respublica|governance-openness|CC BY|WGI|CPI|IBP|STL|CSV|PDF|DOCX|iKomek|eGov|NATIZHE|Facebook|"
    r"WhatsApp|Instagram|Telegram|YouTube|CONTRIBUTING|\bmd\b|\bmin|\bp\b|\bn\b|\bz\b|\bW\b|tau|Sobol|Kendall|Pettitt|\d+109|iKomek109|UNDP|IT\b|I+\b|V\b"
)


def placeholders(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def forms(message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def test_every_catalogue_has_the_same_messages():
    assert CATALOGUES["en"].keys() == CATALOGUES["kk"].keys() == CATALOGUES["ru"].keys()
    assert len(CATALOGUES["en"]) > 300


@pytest.mark.parametrize("language", languages())
def test_no_message_is_empty_or_fuzzy_and_plurals_have_all_their_forms(language):
    plurals = read_catalogue(language).num_plurals
    for key, message in CATALOGUES[language].items():
        assert all(form.strip() for form in forms(message)), key
        assert not message.fuzzy, key
        assert len(forms(message)) == (plurals if message.pluralizable else 1), key


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_placeholders_are_those_of_the_english_message(language):
    for key, message in CATALOGUES[language].items():
        wanted = placeholders(forms(CATALOGUES["en"][key])[0])
        assert all(placeholders(form) == wanted for form in forms(message)), key


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_english_is_left_in_a_message(language):
    left = {}
    for key, message in CATALOGUES[language].items():
        for form in forms(message):
            latin = re.findall(r"[A-Za-z]{2,}", LATIN.sub("", re.sub(r"\{.*?\}", "", form)))
            if latin and not key.startswith(("value_", "lang_")):
                left[key] = latin
    assert not left


def test_kazakh_messages_are_kazakh():
    """A Kazakh message that is equal to the Russian one is a word that both languages share, never a sentence."""
    same = [
        key
        for key, m in CATALOGUES["kk"].items()
        if m.string == CATALOGUES["ru"][key].string and not key.startswith("value_")
    ]
    assert all(
        len(re.findall(r"\w+", re.sub(r"\{.*?\}", "", forms(CATALOGUES["kk"][key])[0]))) <= 3
        for key in same
    ), same


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_a_translator_reads_the_english_and_the_place_beside_each_message(language):
    text_now = (catalogues.FOLDER / f"{language}.po").read_text("utf-8")
    kept = catalogues.commented(text_now, catalogues.english()) == text_now
    assert kept, "Run: python tests/catalogues.py"
    assert text_now.count("#. English: ") == text_now.count("msgctxt ") == len(CATALOGUES["en"])


def test_every_key_that_the_code_names_is_there():
    named = set()
    for path in (paths.root() / "src").rglob("*"):
        if path.suffix in (".py", ".j2"):
            named |= set(
                re.findall(
                    r'\b(?:text|counted)\(\s*["\']([\w.]+)["\']\s*,', path.read_text("utf-8")
                )
            )
    assert len(named) > 100
    assert named <= CATALOGUES["en"].keys()


# Words for readers that stand in the data: the dictionary of columns, the names of codes, votes.
IN_DATA = [
    (f"{table}: {row[column]}", language, row[column])
    for table in ("columns", "codes", "codebook", "coverage_items", "events", "votes")
    for row in read_rows(f"raw/{table}")
    for language in ("kk", "ru")
    for column in (language, f"description_{language}", f"name_{language}", f"milestone_{language}")
    if row.get(column)
]
SAID = IN_DATA + [
    (key, language, form)
    for language in ("kk", "ru")
    for key, message in CATALOGUES[language].items()
    for form in forms(message)
]
# A seat or a rank is орын or место, too; so is the room of a tile, a venue, "elsewhere".
SEAT_OR_RANK = re.compile(
    r"rank|index|seat|stats_|орынға қатысы|бір орынға|на одно место|реттегі|индекс|тізіліміндегі орын|"
    r"сапасы бойынша|басқару бойынша|санағандағы|орны не үлесі|процентильдік|Орын берген|өз орнында|"
    r"место (?:в|по|с конца)|месте в итоге|по месту в итоге|своём месте|другом месте|на месте|"
    r"место (?:проведения|голосования)|бос орын"
)


def faults(language: str, pattern: str) -> list[str]:
    found = re.compile(pattern, re.IGNORECASE)
    return [
        f"{key}: {said}" for key, spoken, said in SAID if spoken == language and found.search(said)
    ]


def test_a_place_is_no_seat():
    """Орын and место are mandates and ranks in these reports; a place is аумақ, территория, өңір."""
    said = faults("kk", r"\bорын(?!д|б)\w*|\bорны\b|\bорнында\b")
    said += faults("ru", r"\bмест(о|а|у|ом|е)\b")
    assert [fault for fault in said if not SEAT_OR_RANK.search(fault)] == []


def test_published_is_not_suppressed():
    """Басылған is suppressed as well as printed; напечатано is said of paper."""
    assert faults("kk", r"\bбасылған|\bбасып шығ") + faults("ru", r"напечата") == []


def test_no_sentence_ends_in_two_full_stops():
    twice = re.compile(r"(?<!\.)[.?!]\.(?=\s|$)")
    assert [f"{key}: {form}" for key, _, form in SAID if twice.search(form)] == []
    for language in languages():
        first, last = date(2021, 7, 25), date(2024, 12, 31)
        written = [day(last, language), days(first, last, language), month(last, language)]
        written += [days(date(2024, 5, 1), last, language)]
        assert not [words for words in written if words.endswith(".")], language


def test_what_belongs_together_does_not_part():
    """No line ends after № or before the per cent sign of a Russian number."""
    assert faults("kk", r"№ ") + faults("ru", r"№ |\d %|\d%|п\. п\.") == []


def test_one_kind_of_dash():
    assert faults("kk", "—") == []
    assert faults("ru", r"[^\d}] – ") == []


def test_an_interval_says_which():
    """«95 %-й» is no Russian, and an interval of what is a question."""
    assert faults("ru", r"%-|\{level\}-") == []
    assert faults("kk", r"(?:%|\{level\}) аралық") == []


@pytest.mark.parametrize("language", languages())
def test_a_negative_number_has_a_minus_sign(language):
    written = [number(-41, language), percent(-0.41, language), share(-0.415, language)]
    assert [words[0] for words in written] == ["−", "−", "−"]


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_a_note_beside_a_publisher_is_in_the_language_of_the_page(language):
    """English words begin small: names begin with a capital, addresses have a dot or a stroke."""
    english = re.compile(r"(?<![\w.\-/])[a-z]{2,}(?![\w.\-/])")
    publishers = {row["publisher"] for row in read_rows("raw/sources")}
    shown = {name: publisher_words(name, language) for name in publishers}
    beside = {name: re.split(r"[(,]", words)[1:] for name, words in shown.items()}
    left = {name for name, notes in beside.items() if any(map(english.search, notes))}
    remedy = "Add the English words to src/analysis/locale/bodies.csv."
    assert left == {"V-Dem Institute via vdemlite R package"}, remedy  # the name of the package


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_name_of_a_place_is_in_its_letters_or_marked(language):
    """What a source spells in Latin letters stands in quotation marks, with a mark after it."""
    mark = mark_not_found("", language)
    latin, unmarked = [], []
    for row in load_places().to_dict("records"):
        shown = place_name(row["place_id"], language)
        letters = re.search("[A-Za-z]", re.sub("«[A-Za-z. -]+»", "", shown))
        latin += [shown] if letters else []
        own = row[f"name_{language}"]
        unmarked += [shown] if shown != own and not shown.endswith(mark) else []
    assert latin == [] and unmarked == []


@pytest.mark.parametrize(
    ("n", "said"),
    [
        (1, "1 источник"),
        (2, "2 источника"),
        (5, "5 источников"),
        (11, "11 источников"),
        (21, "21 источник"),
        (102, "102 источника"),
    ],
)
def test_russian_plural_forms(n, said):
    assert counted("n_sources", n, "ru") == said


def test_a_message_or_language_that_is_not_there_is_named():
    with pytest.raises(UnknownName, match="no_such_message"):
        text("no_such_message", "kk")
    with pytest.raises(UnknownName, match="'de' is not known"):
        text("no_data", "de")
