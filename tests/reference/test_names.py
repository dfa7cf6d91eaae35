"""Names as people write them lead to the right place, or to none."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.errors import UnknownName
from analysis.load import load_places
from analysis.reference.names import match_place

NOW = "2024-01-01"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Zhetysu", "KZ-33"), ("Жетысу", "KZ-33"), ("Жетысуская обл.", "KZ-33"), ("Jetisu Region", "KZ-33"),
        ("ЖЕТІСУ ОБЛЫСЫ", "KZ-33"), ("г. Нур-Султан", "KZ-71"), ("Нұр-Сұлтан қаласы", "KZ-71"), ("Astana", "KZ-71"),
        ("Алматы облысы", "KZ-19"), ("Алматинская область", "KZ-19"), ("город Алматы", "KZ-75"), ("Almaty city", "KZ-75"),
        ("Karagandy oblast", "KZ-35"), ("qyzylorda oblysy", "KZ-43"), ("Кызылординская обл.", "KZ-43"),
        ("Aqmola region", "KZ-11"), ("Chimkent", "KZ-79"), ("Шымкент", "KZ-79"), ("Абай облысы", "KZ-10"),
        ("Алакольский район", "333400000"), ("Алакөл ауданы", "333400000"), ("Alakol district", "333400000"),
        ("West Kazakhstan", "KZ-27"), ("Mangistau oblast", "KZ-47"), ("Pavlodr region", "KZ-55"), ("Семей", "101000000"),
        ("Казахстан", "KZ"), ("Қазақстан", "KZ"),
    ],
)  # fmt: skip
def test_a_spelling_leads_to_its_place(text, place):
    assert match_place(text, on=NOW).place_id == place


@pytest.mark.parametrize(
    "text",
    [
        "London",
        "Москва",
        "область",
        "",
        "abc",
        "ЗКО",
        "Almaty Almaty Almaty",
        "Иван Иванов",
        "12345",
    ],
)
def test_unknown_text_never_matches(text):
    with pytest.raises(UnknownName, match="is not known"):
        match_place(text, on=NOW)


def test_a_bare_name_of_city_and_region_is_an_error_with_both():
    with pytest.raises(UnknownName, match=r"Almaty Region \(KZ-19\), Almaty city \(KZ-75\)"):
        match_place("Алматы", on=NOW)
    assert match_place("Алматы", on=NOW, level="region").place_id == "KZ-19"


def test_the_borders_of_the_day_decide():
    assert match_place("Алматинская обл.", on="2021-07-25").place_id == "KZ-ALM"
    with pytest.raises(UnknownName):
        match_place("Жетысуская область", on="2021-07-25")


def test_no_name_of_the_raw_data_leads_to_a_wrong_place():
    right, places = 0, set()
    for place in load_places().itertuples():
        coded = place.place_id.isdigit() or (
            place.place_id.startswith("KZ") and "/" not in place.place_id
        )
        ended, began = not pd.isna(place.valid_to), not pd.isna(place.valid_from)
        day = (
            place.valid_to if ended else max(place.valid_from, pd.Timestamp(NOW)) if began else NOW
        )
        for name in {place.name_kk, place.name_ru, place.name_en} - {""} if coded else ():
            try:
                match = match_place(name, on=day)
            except UnknownName:
                continue
            assert match.place_id == place.place_id, (name, match)
            right += 1
            places.add(place.place_id)
    assert right >= 800 and len(places) >= 300


def with_typo(name: str) -> str:
    """Exchange two letters in the middle of a long word."""
    word = max(name.split() or [""], key=len)
    if len(word) < 6:
        return name
    middle = len(word) // 2
    return name.replace(
        word, word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :]
    )


def spellings() -> list[tuple[str, str]]:
    """Spellings people use of names in the data, five a place at most."""
    found = []
    places = load_places(level=["region", "district"])
    for place in places[places["valid_to"].isna()].itertuples():
        variants = [
            place.name_en.upper(),
            place.name_en.replace("Region", "oblast").replace("District", "raion"),
            place.name_ru.replace("область", "обл.").replace("район", "р-н"),
            place.name_kk.lower(),
            with_typo(place.name_ru),
        ]
        found += [
            (variant, place.place_id) for variant in dict.fromkeys(variants) if variant.strip()
        ]
    return found


def test_spellings_lead_to_the_right_place_or_to_an_error():
    right, places = 0, set()
    for text, place in spellings():
        try:
            match = match_place(text, on=NOW)
        except UnknownName:
            continue
        assert match.place_id == place, (text, match)
        right += 1
        places.add(place)
    assert right >= 600 and len(places) >= 150
