"""The catalogues of words: the same in every language, nothing missing, no broken placeholder."""

from __future__ import annotations

import re
import string

import pytest

from analysis import paths
from analysis.errors import UnknownName
from analysis.locale import counted, read_catalogue, text
from analysis.reference import languages

CATALOGUES = {
    language: {m.id[0] if m.pluralizable else m.id: m for m in read_catalogue(language) if m.id}
    for language in languages()
}
# Words that a Kazakh or Russian message may hold in Latin letters: names of systems, parties, licences and units.
LATIN = re.compile(
    r"E-Otinish|XLSX|ZIP|Python|AMANAT|Amanat|Nur Otan|Adal|Respublica|governance-openness|CC BY|WGI|CPI|IBP|STL|CSV|PDF|DOCX|iKomek|eGov|NATIZHE|Facebook|"
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
