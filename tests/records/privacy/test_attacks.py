"""Planted values of persons, each in five places, are in no byte that comes out; nothing differences out."""

from __future__ import annotations

import csv
import itertools
import shutil

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from analysis import cli, records
from analysis.errors import DataError
from analysis.records.privacy.keys import check_key

IIN = "900101300017"
NAMES = ["ИВАНОВ И.И.", "петрова а.с.", "Смағұлов Е.", "А.Б. Нұрланова", "и.и. сидоров", "КИМ А В"]
LATIN = [
    "Aigerim Serikova",
    "bolat serikuly",
    "SERIK AIGERIM",
    "Nurlan Abishevich",
    "Dana Bolatkyzy",
]
SPLIT = ["900101 300017", "900101/300017", "9001-0130-0017", "900101.300.017", "900101_300017"]
ZEROS = ["10101500011", "010101500011"]
PHONES = [
    "7011234567", "701 123 45 67", "701.123.45.67", "701–123–45–67", "8.701.123.45.67", "+7-701-123-45-67",
    "8(701)1234567", "+7 (727) 250-00-01", "тел. 45-67-89", "моб 701 12 34", "87011234567", "7 701 123 45 67",
]  # fmt: skip
MAIL = [
    "a.b(at)mail.kz",
    "a.b [at] mail [dot] kz",
    "ivan собака mail точка ru",
    "ivan@mail.kz",
    "i_i@gov.kz",
]
HANDLES = [
    "@ivanov_ii",
    "t.me/serik_b",
    "instagram.com/aigerim",
    "vk.com/id123",
    "wa.me/77011234567",
]
ACCOUNTS = [
    "KZ86125KZT5004100100",
    "KZ86 125K ZT50 0410 0100",
    "4400430123456780",
    "4111 1111 1111 1111",
]
PLATES = ["123 ABC 02", "123ABC02", "A 123 BCM", "777 KZA 05"]
DOCUMENTS = ["N12345678", "удостоверение 012345678", "паспорт N 1234567", "012345678", "AB1234567"]
COORDINATES = ["43.238949, 76.889709", "43,2389 76,8897", "51.1605/71.4704"]
ADDRESSES = [
    "ул. Абая 15, кв. 20", "Абая 15-20", "мкр. Самал-2, д. 33, кв 5", "Сейфуллин көшесі 12", "пр. Достык 5/2",
    "пер. Речной 7", "үй 12, пәтер 4", "Абая 15 кв 7", "Lenin street 12",
]  # fmt: skip
NICKS = ["Бакытжан Е", "Ержан 87", "Mr. Serik Omarov", "Нурлан Сериков"]
TEXTS = ["сосед шумит", "дочь больна", "прошу помочь", "у меня течёт", "мать одна", "он меня бьёт"]
SURNAMES = [f"{root}{end}" for root in ("Жумабек", "Тулеген", "Кайрат", "Омар", "Сагынды")
            for end in ("ов", "ова", "қызы", "ұлы", "тегі")]  # fmt: skip
PLANTED = [
    *NAMES, *LATIN, *SPLIT, *ZEROS, *PHONES, *MAIL, *HANDLES, *ACCOUNTS, *PLATES, *DOCUMENTS, *COORDINATES,
    *ADDRESSES, *NICKS, *TEXTS, *SURNAMES, IIN,
]  # fmt: skip
HEADER = ["№ обращения", "Дата регистрации", "Тема", "Орган", "Регион", "Источник", "Вид обращения"]


def plain_row(n):
    return [
        f"ЖТ-{n:05}",
        f"{n % 28 + 1:02}.03.2023",
        "Дороги",
        "Акимат",
        "г. Астана",
        "Портал",
        "Жалоба",
    ]


def every_byte(folder):
    parts = []
    for path in folder.rglob("*"):
        parts.append(str(path))
        if path.is_file():
            parts.append(path.read_bytes().decode("utf-8", "ignore"))
            if path.suffix == ".parquet":
                parts.append(str(pq.read_table(path).to_pydict()))
    return "\n".join(parts)


def test_there_are_enough_of_them():
    assert len(PLANTED) >= 100 and len(set(PLANTED)) == len(PLANTED)


@pytest.mark.parametrize("column", [0, 2, 3, 4, 5])
def test_planted_values_are_in_no_output(tmp_path, capsys, column):
    rows = [plain_row(n) for n in range(40 * len(PLANTED))]
    for number, value in enumerate(PLANTED):
        rows[40 * number + 7][column] = value
    path = tmp_path / "in" / "a.csv"
    path.parent.mkdir()
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows])
    out = tmp_path / "out" / "own"
    code = cli.main(["ingest", str(path), "--dataset", "appeals", "--out", str(out)])
    printed = capsys.readouterr()
    seen = printed.out + printed.err + every_byte(tmp_path / "out")
    assert code == 0, printed.err
    assert [value for value in PLANTED if value in seen] == []


# Spellings that are made to pass a scan. Six rows carry each, so that it is not rarity that hides it.
DISGUISED = [
    "９００１０１３０００１７", "900101\u00a0300017", "900101\u2009300017", "9001O13OOO17", "iin:900101300017",
    "ИИН900101300017", "9.00101300017E+11", "8 (7O1) 123-45-67", "+7 7O1 123 45 67", "87o11234567",
    "восемь 701 123 45 67", "0077011234567", "ivanov＠mail.kz", "ivanov_at_mail_dot_kz", "ivanov\u200b@mail.kz",
    "ivanov AT gmail DOT com", "mailto:ivanov.ii", "tg: ivanov_i", "instagram: aigerim.s", "vk/ivanov",
    "Иванов\u00a0Иван", "Иванов И .И .", "И в а н о в И . И .", "Ивaнов Иван Иванович", "гр. Иванов",
    "гражданка Сидорова", "г-н Петров А", "Смагулова Айгерим Ерланкызы", "Әбдірахманов Нұрсұлтан",
    "Bekova Aisulu", "Қалиев Ерлан Серікұлы", "01 KZ 123 ABC", "123АВС02", "болею раком", "мой муж пьёт",
    "4400-4301-2345-6780", "43°14'N 76°53'E", "г.Алматы, Абая 15 кв.20", "удост. личн. № 012345678",
]  # fmt: skip


def test_disguised_values_that_several_rows_carry_are_in_no_output(tmp_path, capsys):
    often = [value for value in DISGUISED for _ in range(6)]
    rows = [plain_row(n) for n in range(110 * len(often))]
    for number, value in enumerate(often):
        rows[110 * number + 7][2 if number % 2 else 3] = value
    path = tmp_path / "in" / "a.csv"
    path.parent.mkdir()
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows])
    out = tmp_path / "out" / "own"
    code = cli.main(["ingest", str(path), "--dataset", "appeals", "--out", str(out)])
    printed = capsys.readouterr()
    seen = printed.out + printed.err + every_byte(tmp_path / "out")
    assert code == 0, printed.err
    assert [value for value in DISGUISED if value in seen] == []
    topics = records.read(out)["topic"].value_counts()
    assert topics["Дороги"] > 0.98 * len(rows), "the column is not dropped for a few cells"


@pytest.mark.parametrize("value", [IIN, "Иванов Иван Иванович", "Serikova_Aigerim", "иванов и.и."])
def test_names_of_files_are_not_written(tmp_path, value):
    path = tmp_path / "in" / f"{value}.csv"
    path.parent.mkdir()
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *(plain_row(n) for n in range(10)), ["x"] * 3])
    records.ingest(path, dataset="appeals", out=tmp_path / "out" / "own")
    assert value not in every_byte(tmp_path / "out")


@pytest.mark.parametrize(
    "key",
    [
        b"",
        b"short",
        b"a" * 32,
        b"abababababababab",
        b"1234567890123456",
        b"0123456789abcdef",
        "text",
        None,
    ],
)
def test_keys_that_can_be_guessed_are_refused(key):
    with pytest.raises(DataError, match="openssl rand"):
        check_key(key, "key")


@pytest.mark.parametrize("threshold", [2, 1, 0, -5, True, 3.5, "10"])
def test_a_threshold_below_three_is_refused_everywhere(tmp_path, threshold):
    frame = pd.DataFrame({"place": ["KZ", "a"], "value": [10, 10]})
    for call in (
        lambda: records.protect(frame, by=["place"], totals={"place": "KZ"}, threshold=threshold),
        lambda: records.audit(frame, by=["place"], totals={"place": "KZ"}, threshold=threshold),
        lambda: records.rollup(tmp_path, threshold=threshold),
    ):
        with pytest.raises(DataError, match="threshold"):
            call()


def test_the_zeros_of_a_small_row_do_not_tell_its_one_other_cell():
    cells = itertools.product(["", "a", "b"], ["", "x", "y", "z"])
    counts = {"a": {"x": 3, "y": 0, "z": 0}, "b": {"x": 400, "y": 300, "z": 200}}
    rows = []
    for place, kind in cells:
        places = ["a", "b"] if not place else [place]
        kinds = ["x", "y", "z"] if not kind else [kind]
        value = sum(counts[p][k] for p in places for k in kinds)
        rows.append({"place": place, "kind": kind, "value": value})
    table = pd.DataFrame(rows)
    done = records.protect(table, by=["place", "kind"], totals={"place": "", "kind": ""})
    small = done[(done["place"] == "a") & (done["kind"] != "")]
    assert small["suppressed"].sum() >= 2 and small["suppressed"].any()
    found = records.audit(done, by=["place", "kind"], totals={"place": "", "kind": ""})
    assert found.verdict == "pass"
    assert (found.cells["high"] >= 10).all()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("attack")
    export = records.simulate(6_000, seed=4, out=place / "appeals.csv")
    records.ingest(export, dataset="appeals", out=place / "own")
    return place / "own"


def test_a_median_of_few_dated_answers_is_hidden(folder):
    frame = records.rollup(folder, by=["year", "body"])
    days = frame[frame["unit"] == "days"]
    answered = frame[frame["indicator"].isin(["appeals_answered_late", "appeals_answered_in_time"])]
    keys = ["period_start", "breakdown_value"]
    known = answered.groupby(keys)["value"].agg(lambda values: values.sum(skipna=False))
    shown = days[days["value"].notna()].set_index(keys).index
    behind = known.reindex(shown).dropna()
    assert len(behind) and (behind >= 10).all()
    assert days["rule"].eq("suppressed").any()


@pytest.mark.parametrize(
    "wanted",
    [
        ["quarter", "year"],
        pytest.param(["quarter", "year", "year,language"], marks=pytest.mark.slow),
        pytest.param(["quarter", "year", "year,type", "year,days"], marks=pytest.mark.slow),
    ],
)
def test_releases_of_a_folder_do_not_give_each_other_away(folder, tmp_path, wanted):
    """Every pair of tables, and all together: sums of months are quarters, sums of types are totals."""
    folder = shutil.copytree(folder, tmp_path / "own")
    for by in wanted:
        arguments = ["rollup", str(folder), "--by", by, "--out", str(tmp_path / f"{by}.csv")]
        assert cli.main(arguments) == 0, by
    full = {by: records.rollup(folder, by=by.split(","), threshold=None) for by in wanted}
    shown = {by: pd.read_csv(tmp_path / f"{by}.csv") for by in wanted}
    for one, other in itertools.combinations(wanted, 2):
        assert _differences(shown[one], shown[other], full[one], full[other]) == []
    again = tmp_path / "again.csv"
    assert cli.main(["rollup", str(folder), "--by", "year", "--out", str(again)]) == 0
    assert again.read_bytes() == (tmp_path / "year.csv").read_bytes()


def _differences(one, other, full_one, full_other):
    """Return the small counts that are a total of one table minus what the other shows of it."""
    told = []
    keys = ["indicator", "period_start"]
    for totals, parts, truth in ((one, other, full_other), (other, one, full_one)):
        for (indicator, start), rows in parts[parts["unit"] == "count"].groupby(keys):
            year = start[:4]
            same = totals[(totals["indicator"] == indicator) & (totals["breakdown"].isna())]
            total = same[same["period_start"].str[:4] == year]["value"]
            detail = rows[rows["breakdown"].notna()]
            hidden = detail[detail["value"].isna()]
            if len(hidden) == 1 and total.notna().all() and len(total):
                true = truth[
                    (truth["indicator"] == indicator)
                    & (truth["period_start"] == start)
                    & (truth["breakdown_value"] == hidden["breakdown_value"].item())
                ]["value"].item()
                left = total.sum() - detail["value"].sum()
                if np.isclose(left, true) and 0 < true < 10:
                    told.append((indicator, start, true))
    return told


def test_a_lower_threshold_later_shows_nothing_that_was_hidden(folder, tmp_path):
    folder = shutil.copytree(folder, tmp_path / "own")
    first = records.rollup(folder, by=["year", "language"], out=tmp_path / "one.csv")
    second = records.rollup(folder, by=["year", "language"], out=tmp_path / "two.csv", threshold=3)
    keys = ["indicator", "period_start", "breakdown_value"]
    both = first.merge(second, on=keys, suffixes=("", "_later"))
    counts = both["unit"].eq("count")
    hidden = counts & both["rule"].eq("suppressed")
    assert hidden.any() and both.loc[hidden, "rule_later"].eq("suppressed").all()
