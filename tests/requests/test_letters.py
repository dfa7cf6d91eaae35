"""Letters are sent as they are: each body is asked only for what it keeps and is not held."""

from __future__ import annotations

import io
import re

import pytest
from docx import Document

from analysis import reference, requests
from analysis.errors import UnknownName
from analysis.requests.names import name_in_case
from analysis.requests.word import docx

OF_ELECTIONS = re.compile("сайлау|выбор|голосован|дауыс|явк|избирател")


def words_of(letter) -> str:
    word = Document(io.BytesIO(docx(letter)))
    lines = [paragraph.text for paragraph in word.paragraphs]
    lines += [cell.text for row in word.tables[0].rows for cell in row.cells]
    return "\n".join(lines)


def test_the_akimat_of_jetisu_is_asked_for_eight_numbers_since_its_borders():
    letter = requests.letter("KZ-33", "akimat", "ru")
    assert letter.addressee == "В акимат области Жетісу"
    assert [asked.what for asked in letter.asked] == [
        "Число обращений, зарегистрированных местными исполнительными органами",
        "Из них число рассмотренных с нарушением срока",
        "Число встреч акимов всех уровней с населением",
        "Число участников этих встреч",
        "Число вопросов, поднятых на этих встречах",
        "Из них число решённых вопросов",
        "Число людей, принятых акимами всех уровней на личном приёме",
        "Число заявок, поступивших в контакт-центр 109",
    ]
    assert {asked.periods for asked in letter.asked} == {("2022*", "2023", "2024", "2025")}
    assert (letter.asked[0].unit, letter.asked[2].unit) == ("обращение", "встреча")


@pytest.mark.parametrize("place", ["KZ-33", "333400000", "KZ-75", "KZ"])
def test_questions_on_elections_go_to_the_election_commission_only(place):
    for letter in requests.letters(place):
        of_elections = [OF_ELECTIONS.search(asked.what.lower()) for asked in letter.asked]
        assert all(of_elections) if letter.body == "election_commission" else not any(of_elections)


def test_the_nation_has_no_akimat_and_a_city_without_rural_akims_no_question_on_them():
    assert "akimat" not in {letter.body for letter in requests.letters("KZ")}
    commission = requests.letter("KZ-75", "election_commission", "kk")
    assert {asked.item for asked in commission.asked} == {
        "vote_listed",
        "vote_voted",
        "vote_turnout",
    }


def test_what_is_held_as_final_is_not_asked_for():
    """Almaty's turnout of the referendum of 2024 is held as final, that of other votes is not."""
    rows = requests.gaps("KZ-75")
    asked = set(rows[rows["item"] == "vote_turnout"]["period"])
    assert "referendum_2024" not in asked
    assert {"majilis_2021", "majilis_2023", "referendum_2026"} <= asked


@pytest.mark.parametrize("language", requests.LANGUAGES)
def test_the_running_text_names_article_term_and_edition(language):
    words = words_of(requests.letter("KZ-33", "akimat", language))
    said = {
        "kk": (
            "күнтізбелік 15 күн",
            "401-V Заң, 11-бап, 10-тармақ",
            "2022 жылғы 30 желтоқсандағы өзгерістері бар редакциясы",
            "5 жұмыс күні",
            "3 жұмыс күні",
            "69-бап, 3-бөлік",
            "ЖСН (ұйым болса – БСН): ____",
            "Дербес деректер сұралмайды",
        ),
        "ru": (
            "15 календарных дней",
            "401-V «О доступе к информации», статья 11, пункт 10",
            "в редакции с изменениями от 30 декабря 2022 года",
            "5 рабочих дней",
            "3 рабочих дней",
            "статья 69, часть 3",
            "ИИН (для организации — БИН): ____",
            "Персональные данные не запрашиваются",
        ),
    }
    assert [part for part in said[language] if part not in words] == []
    assert not re.search(r"[a-z]{3,}", words)


def test_every_place_with_a_report_has_a_letter_to_each_body_in_both_languages():
    for place in reference.report_places():
        names = {letter.file_name for letter in requests.letters(place)}
        assert len(names) == len(requests.bodies(place)) * 2


def test_the_bytes_of_a_letter_are_the_same_each_time():
    letter = requests.letter("333400000", "civil_service", "kk")
    assert docx(letter) == docx(letter)


def test_the_names_of_all_regions_and_districts_take_their_case():
    """A name that is left as it is would read as «В акимат Алакольский район»."""
    from analysis.store import read_rows

    rows = [row for row in read_rows("raw/places") if row["level"] in ("region", "district")]
    for row in rows:
        code, russian, kazakh = row["place_id"], row["name_ru"], row["name_kk"]
        if not row["valid_to"] and russian:
            assert not re.search(
                r"(ский|ая|ой) (район|область)", name_in_case(code, "ru", case="of")
            ), russian
        if not row["valid_to"] and kazakh:
            assert re.search("(облысының|ауданының)$", name_in_case(code, "kk", case="of")), kazakh


def test_a_body_or_language_that_no_letter_has_is_named():
    with pytest.raises(UnknownName, match="'en' is not known"):
        requests.letter("KZ-33", "akimat", "en")
    with pytest.raises(UnknownName, match="body 'akimat' is not known"):
        requests.letter("KZ", "akimat", "kk")
