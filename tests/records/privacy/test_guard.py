"""No byte of the output, and nothing that is printed, tells of a person."""

from __future__ import annotations

import csv
import json
import subprocess
import sys

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import cli
from analysis.errors import DataError
from analysis.records.privacy.guard import find, holds_iin, is_iin

PLANTED = {
    "iin": "900101300017",
    "phone": "+7 (701) 123-45-67",
    "mail": "aigerim.s@mail.kz",
    "name": "Серікова Айгерім Болатқызы",
    "text": "Прошу отремонтировать крышу у моего дома по улице Абая 15",
}
HEADER = [
    "№ обращения",
    "Дата регистрации",
    "Вид обращения",
    "Тема",
    "Государственный орган",
    "Количество продлений",
]


def record(n):
    return [
        f"ЖТ-{n:04}",
        f"{n % 28 + 1:02}.03.2023",
        "Жалоба",
        ["Дороги", "Земля"][n % 2],
        "Акимат г. Павлодар",
        str(n % 3),
    ]


def everything(folder, printed):
    """All that came out: file bytes, names, values inside Parquet, printed text."""
    parts = [printed]
    for path in folder.parent.rglob("*"):
        if (path.is_file() and path.suffix != ".csv") or path.name == "rejects.csv":
            parts.append(path.read_bytes().decode("utf-8", "ignore"))
            if path.suffix == ".parquet":
                parts.append(
                    str(pq.read_table(path).to_pydict()) + str(pq.ParquetFile(path).metadata)
                )
    return "\n".join([*parts, *(str(path) for path in folder.rglob("*"))])


def run(path, out, capsys, *options):
    code = cli.main(["ingest", str(path), "--dataset", "appeals", "--out", str(out), *options])
    printed = capsys.readouterr()
    return code, printed.out + printed.err


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


@pytest.mark.parametrize("big", [False, True])
def test_planted_columns_never_come_through(tmp_path, capsys, monkeypatch, big):
    if big:
        monkeypatch.setattr("analysis.records.ingestion.staging.FAST_FROM", 0)
    (tmp_path / "in").mkdir()
    extra = ["ИИН", "Телефон", "E-mail", "ФИО заявителя", "Текст обращения", "Столбец 12"]
    rows = [[*record(n), *PLANTED.values(), PLANTED["iin"]] for n in range(300)]
    path = write(tmp_path / "in" / "a.csv", [[*HEADER, *extra], *rows])
    code, printed = run(path, tmp_path / "out" / "own", capsys)
    assert code == 0
    seen = everything(tmp_path / "out" / "own", printed)
    assert not [kind for kind, value in PLANTED.items() if value in seen]
    assert "ЖТ-0001" not in seen
    assert "'ФИО заявителя'" in printed and "not read" in printed


@pytest.mark.parametrize("column", [3, 4, 5, 1, 2])
@pytest.mark.parametrize("often", [1, 3, 300])
def test_planted_cells_never_come_through(tmp_path, capsys, column, often):
    (tmp_path / "in").mkdir()
    rows = [record(n) for n in range(400)]
    for kind, (at, value) in enumerate(zip(range(0, 400, 400 // 5), PLANTED.values(), strict=True)):
        for n in range(at, min(at + often, at + 80)):
            rows[n][column] = value if kind else value[:12]
    path = write(tmp_path / "in" / "a.csv", [HEADER, *rows])
    _, printed = run(path, tmp_path / "out" / "own", capsys)
    seen = everything(tmp_path / "out", printed) if (tmp_path / "out").exists() else printed
    assert not [kind for kind, value in PLANTED.items() if value in seen]


def test_a_few_cells_are_written_as_other_and_many_cost_the_column(tmp_path, capsys):
    rows = [record(n) for n in range(400)]
    rows[17][3] = PLANTED["phone"]
    run(write(tmp_path / "a.csv", [HEADER, *rows]), tmp_path / "few", capsys)
    account = json.loads((tmp_path / "few" / "ingest.json").read_text("utf-8"))
    assert (account["rejects"], account["rows_out"]) == (0, 400)
    assert account["sheets"][0]["hidden_cells"] == {"topic": 1}
    topics = pq.read_table(tmp_path / "few" / "appeals")["topic"].to_pylist()
    assert sorted(set(topics)) == ["other", "Дороги", "Земля"] and topics.count("other") == 1
    for row in rows[::10]:
        row[3] = PLANTED["name"]
    run(write(tmp_path / "b.csv", [HEADER, *rows]), tmp_path / "many", capsys)
    account = json.loads((tmp_path / "many" / "ingest.json").read_text("utf-8"))
    assert account["rejects"] == 0 and account["sheets"][0]["dropped"] == {
        "Тема": "holds name: dropped"
    }


@pytest.mark.parametrize("first", [PLANTED["iin"], "Заявитель", "Дата регистрации"])
def test_headers_and_refusals_do_not_tell_either(tmp_path, capsys, first):
    (tmp_path / "in").mkdir()
    rows = [[first, PLANTED["name"], PLANTED["phone"], PLANTED["mail"]] for _ in range(5)]
    code, printed = run(write(tmp_path / "in" / "a.csv", rows), tmp_path / "out" / "own", capsys)
    assert code == 1
    seen = everything(tmp_path / "out" / "own", printed)
    assert not [kind for kind, value in PLANTED.items() if value in seen]


def test_numbers_that_are_iins_cost_the_column(tmp_path, capsys):
    iins = [n for n in (f"9001013{n:05}" for n in range(400)) if is_iin(n)][:30]
    rows = [[iins[n], *record(n)[1:]] for n in range(30)]
    _, printed = run(write(tmp_path / "a.csv", [HEADER, *rows]), tmp_path / "own", capsys)
    assert "'№ обращения': holds IIN: dropped" in printed


def test_a_column_of_names_that_no_list_knows_is_dropped(tmp_path, capsys):
    names = ["Смағұлов Ержігіт", "Қожабекова Жансая", "Тілеубаев Нұрасыл", "Дүйсенов Әлібек"]
    rows = [[*record(n)[:4], names[n % 4], "0"] for n in range(30)]
    _, printed = run(write(tmp_path / "a.csv", [HEADER, *rows]), tmp_path / "own", capsys)
    assert "'Государственный орган': holds name: dropped" in printed and "Смағұлов" not in printed


@given(st.lists(st.integers(10**11, 10**12 - 1), min_size=40, max_size=60, unique=True))
def test_random_numbers_are_no_column_of_iins(numbers):
    assert not holds_iin([str(number) for number in numbers])


def test_numbers_with_the_point_of_a_spreadsheet_are_iins_as_well():
    assert holds_iin(["900101300017.0", "90101300016.0"])
    assert not holds_iin(["900101300018.0", "900101300019.0"])


def test_published_example_of_the_check_digit():
    # The rule of the register: sum of digit times place modulo 11; with 10, the second weights.
    digits = "85012830045"
    total = sum(int(d) * w for d, w in zip(digits, range(1, 12), strict=True)) % 11
    assert [n for n in range(10) if is_iin(digits + str(n))] == ([total] if total < 10 else [])


@pytest.mark.parametrize("text", ["Иванов И.И.", "И. Иванов", "ИВАНОВ ИВАН ИВАНОВИЧ", "Серік Болатұлы", "87011234567", "8-701-123-45-67", "(212) 555-0143", "x.y@gov.kz", "900101 300017", "Өтінемін, көмектесіңіз"])  # fmt: skip
def test_found(text):
    assert find(text)


@pytest.mark.parametrize("text", ["Отдел ЖКХ г. Тараз", "Школа № 12 им. А. Байтурсынова", "Акимат Павлодарской области", "Земельные отношения", "HEAT/HOT WATER", "Департамент по ЧС", "БИН 123456789012", "Ұлы Жібек жолы", "КГУ «Отдел архитектуры»", "Жилищно-коммунальное хозяйство", "Управление образования"])  # fmt: skip
def test_not_found(text):
    assert find(text) is None


def test_a_given_key_links_releases_and_another_does_not(tmp_path, capsys, monkeypatch):
    path = write(tmp_path / "a.csv", [HEADER, *(record(n) for n in range(5))])
    (tmp_path / "key").write_text("sixteen bytes or more\n")
    for name in ("one", "two"):
        run(path, tmp_path / name, capsys, "--key-file", str(tmp_path / "key"))
    monkeypatch.setenv("OPENNESS_KEY", "another key of sixteen bytes")
    run(path, tmp_path / "three", capsys)
    keys = [
        set(pq.read_table(tmp_path / name / "appeals")["appeal_key"].to_pylist())
        for name in ("one", "two", "three")
    ]
    assert keys[0] == keys[1] and not keys[0] & keys[2]
    monkeypatch.setenv("OPENNESS_KEY", "short")
    assert run(path, tmp_path / "four", capsys)[0] == 1
    monkeypatch.delenv("OPENNESS_KEY")
    assert "cannot be linked" in run(path, tmp_path / "five", capsys)[1]


def test_the_two_ways_to_hash_agree():
    import hashlib
    import hmac

    import duckdb

    from analysis.records.ingestion.staging import _hash_sql, keyed_hash, set_key

    for key in (b"k" * 16, b"long" * 40):
        connection = duckdb.connect()
        set_key(connection, key)
        found = connection.execute(f"SELECT {_hash_sql('n')} FROM (SELECT 'ЖТ-1' AS n)").fetchone()
        expected = hmac.new(key, "ЖТ-1".encode(), hashlib.sha256).hexdigest()[:32]
        assert found == (expected,) and keyed_hash("ЖТ-1", key) == expected


def test_heavy_libraries_are_not_needed_to_refuse():
    code = (
        "import analysis.records, sys; sys.exit('pandas' in sys.modules or 'duckdb' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_folder_of_something_else_is_no_ingest(tmp_path):
    from analysis import records

    with pytest.raises(DataError, match="ingest"):
        records.read(tmp_path)
