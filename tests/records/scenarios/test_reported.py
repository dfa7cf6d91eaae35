"""Faults that real exports brought up: each test is one of them, as a person meets it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import sys

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis import cli, records
from analysis.errors import DataError
from analysis.records.ingestion import staging
from analysis.records.reading import files
from analysis.records.rollups import build
from analysis.records.rollups.backlog import bin_curve, count_backlog

HEADER = "№ обращения,Дата регистрации,Вид обращения,Тема,Примечание"


def text(rows=200, ends="\n"):
    lines = [f"ЖТ-{n},{n % 28 + 1:02}.03.2023,Жалоба,Дороги,x" for n in range(rows)]
    return ends.join([HEADER, *lines]) + ends


def written(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_open_cases_are_those_without_an_end_where_no_state_is_known():
    day = pd.Timestamp("2024-01-05")
    appeals = pd.DataFrame({"registered": [day] * 40, "finished": [day] * 10 + [pd.NaT] * 30})
    unknown = appeals.assign(deadline=pd.NaT, state=None)
    assert count_backlog(unknown, as_of="2024-01-31")["value"].tolist() == [30.0]


def test_a_curve_shows_no_day_on_which_few_people_ended_their_wait():
    curve = pd.DataFrame({"days": range(40)})
    waited = [day for day in range(40) for _ in range(3)]
    kept = bin_curve(curve, waited)["days"].tolist()
    gone = [sum(day <= end for day in waited) for end in kept]
    steps = [after - before for before, after in zip([0, *gone], gone, strict=False)]
    assert kept and min(steps) >= 10


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("where", ["note", "row", "ends"])
def test_quotes_that_are_never_closed_lose_no_row_unseen(tmp_path, monkeypatch, large, where):
    """In a column that is not read; around whole rows; in files that DuckDB reads."""
    if large:
        monkeypatch.setattr(staging, "FAST_FROM", 1)
        monkeypatch.setattr(files, "PREVIEW_ROWS", 20)
    lines = text().splitlines()
    first, last = lines[50], lines[110]
    if where == "note":
        lines[50], lines[110] = first[:-1] + '"x', last[:-1] + 'x"'
    elif where == "row":
        lines[50], lines[110] = '"' + first, last + '"'
    else:
        lines[50], lines[110] = first[:-1] + '"x', last[:-1] + '"x'
    path = written(tmp_path / "a.csv", "\n".join(lines) + "\n")
    with pytest.raises(DataError, match=r"row 51.*a quote that is opened and not closed"):
        records.ingest(path, dataset="appeals", out=tmp_path / "own")
    assert not (tmp_path / "own").exists()


def test_a_note_of_several_lines_is_a_note(tmp_path):
    note = '"первая строка, с запятой\nвторая строка\nтретья"'
    path = written(tmp_path / "a.csv", text().replace(",x\n", f",{note}\n"))
    assert records.ingest(path, dataset="appeals", out=tmp_path / "own")["rows_out"] == 200


ENCODINGS = ["cp1251", "cp866", "koi8-r", "utf-16", "utf-16-le", "utf-32", "utf-8-sig"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_an_encoding_is_recognised_by_its_letters(tmp_path, encoding):
    path = written(tmp_path / "a.csv", text(60).replace("№", "Номер").encode(encoding))
    account = records.ingest(path, dataset="appeals", out=tmp_path / "own", rare=1)
    assert account["rows_out"] == 60
    assert set(records.read(tmp_path / "own")["topic"]) == {"Дороги"}


@pytest.mark.parametrize(
    ("encoding", "topic"),
    [("cp1251", "Забезпечення їжею є"), ("kz1048", "Әлеуметтік көмек қорғау")],
)
def test_ukrainian_is_not_taken_for_kazakh(tmp_path, encoding, topic):
    path = written(
        tmp_path / "a.csv", text(60).replace("Дороги", topic).encode(encoding, "replace")
    )
    records.ingest(path, dataset="appeals", out=tmp_path / "own")
    assert set(records.read(tmp_path / "own")["topic"]) == {topic}


def test_a_parquet_file_of_more_rows_than_can_be_is_refused_before_it_is_read(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(files, "MOST_ROWS", 1000)
    pq.write_table(pa.table({"Дата регистрации": ["01.02.2023"] * 1001}), tmp_path / "a.parquet")
    with pytest.raises(DataError, match=r"1001 rows in .* bytes; expected at most 1000"):
        records.ingest(tmp_path / "a.parquet", dataset="appeals", out=tmp_path / "own")


def test_nothing_is_staged_in_clear_text_under_a_name(tmp_path):
    """While the command works, no file in the folders that it writes to holds a value of the file."""
    if not hasattr(os, "O_TMPFILE"):
        pytest.skip("this system has no files without a name")
    path = written(tmp_path / "in.csv", text(3000).replace("Жалоба", "Жалоба").encode("utf-16"))
    seen = []

    def look(line):
        for found in tmp_path.rglob("*"):
            if found.is_file() and found != path:
                seen.append(found.name)
                assert "ЖТ-7" not in found.read_bytes().decode("utf-8", "ignore")

    records.ingest(path, dataset="appeals", out=tmp_path / "own", say=look)
    assert seen


def test_the_template_has_names_whole_and_takes_them_again(tmp_path, capsys):
    long = "Дата, когда обращение было зарегистрировано в информационной системе государственного органа"
    content = f"Номер дела;{long}\n" + "".join(f"{n};2023-03-{n % 28 + 1:02}\n" for n in range(50))
    path, own = written(tmp_path / "a.csv", content), tmp_path / "own"
    asked = ["ingest", str(path), "--dataset", "appeals", "--out", str(own), "--language", "en"]
    assert cli.main(asked) == 1
    template = tmp_path / "own.mapping.toml"
    said = template.read_text("utf-8")
    assert f'"{long}"' in said
    template.write_text(said.replace('registered = ""', f'registered = "{long}"'), "utf-8")
    assert cli.main([*asked, "--mapping", str(template)]) == 0, capsys.readouterr().err
    assert len(records.read(own)) == 50


WRONG_MAPPINGS = {
    'encoding = "zlib"': "an encoding such as",
    'separator = "ab"': "one mark",
    'separator = "\\n"': "one mark",
    "header_row = -1": "0 or more",
    "header_row = true": "header_row as int",
    'files = ["north*.csv"]': "which fit none of them",
    "[columns]\nregistered = true": "the name of a column of the file",
    '[columns]\nregistered = [["a"]]': "the name of a column of the file",
    '[columns]\ntopic = ["Тема", "Вид обращения"]': "only columns of counts are added up",
    '[constants]\nregistered = "32.13.2023"': "expected a date",
    '[constants]\nprolonged = "many"': "expected a count",
    '[dates]\ntopic = "%d.%m.%Y"': "for a column of dates",
    '[values.registered]\n"01.03.2023" = "soon"': "expected a date",
}


@pytest.mark.parametrize(("said", "expected"), WRONG_MAPPINGS.items())
def test_a_mapping_that_cannot_be_is_told_and_no_row_is(tmp_path, said, expected):
    path = written(tmp_path / "a.csv", text(20))
    mapping = written(tmp_path / "m.toml", said)
    with pytest.raises(DataError) as refused:
        records.ingest(path, dataset="appeals", out=tmp_path / "own", mapping=mapping)
    assert expected in str(refused.value) and "ЖТ-" not in str(refused.value)


def test_values_of_places_may_be_codes_and_short_names_are_known(tmp_path):
    names = ["ВКО", "г.Шымкент", "Jetısu oblysy", "Наш район", "СКО"]
    rows = [f"{n},0{n % 9 + 1}.03.2023,{names[n % 5]}" for n in range(50)]
    content = "\n".join(["№ обращения,Дата регистрации,Регион", *rows]) + "\n"
    mapping = '[columns]\nregistered = "Дата регистрации"\nplace = "Регион"\n'
    mapping += '[values.place]\n"Наш район" = "KZ-33"\n'
    records.ingest(
        written(tmp_path / "a.csv", content),
        dataset="appeals",
        out=tmp_path / "own",
        mapping=written(tmp_path / "m.toml", mapping),
    )
    found = records.read(tmp_path / "own").groupby("place_id").size().to_dict()
    assert found == {"KZ-63": 10, "KZ-79": 10, "KZ-33": 20, "KZ-59": 10}


def test_a_topic_in_whole_words_of_a_form_is_no_text_of_a_person(tmp_path):
    topic = "Please choose an issue from the list below"
    path = written(tmp_path / "a.csv", text(300).replace("Дороги", topic, 60))
    assert records.ingest(path, dataset="appeals", out=tmp_path / "own")["rows_out"] == 300
    assert records.read(tmp_path / "own")["topic"].eq(topic).sum() == 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("reported")
    rows = [f"{n},{n % 28 + 1:02}.03.2023,{'=SUM(A1)' if n % 2 else 'Дороги'}" for n in range(80)]
    content = "\n".join(["№ обращения,Дата регистрации,Тема", *rows]) + "\n"
    path = written(place / "a.csv", content)
    records.ingest(path, dataset="appeals", out=place / "own", key=b"a key for the tests only")
    return place / "own"


def test_a_formula_is_text_in_a_table(folder, tmp_path):
    records.rollup(folder, by=["year", "topic"], out=tmp_path / "t.csv")
    cells = list(csv.reader(io.StringIO((tmp_path / "t.csv").read_text("utf-8"))))
    words = {cell for row in cells for cell in row}
    assert "'=SUM(A1)" in words and not any(word.startswith("=") for word in words)


def test_the_register_is_what_the_user_says(folder):
    own = records.rollup(folder, by="year", threshold=None)
    named = records.rollup(folder, by="year", threshold=None, register="city_hotline")
    assert set(own["register"]) == {"own_records"} and set(named["register"]) == {"city_hotline"}


@pytest.mark.parametrize("day", ["2025-01-09", "2025-01-09T10:00:00", 5, "soon"])
def test_a_day_is_a_day_or_one_clear_error(folder, day):
    try:
        frame = records.rollup(folder, by="year", threshold=None, as_of=day)
    except DataError as error:
        assert day in (5, "soon", "2025-01-09T10:00:00") and "a day such as" in str(error)
    else:
        assert frame["published"].eq(pd.Timestamp("2025-01-09")).all()


@pytest.fixture(scope="module")
def tables(folder):
    return [records.rollup(folder, by=by) for by in (["year"], ["year", "topic"])]


@pytest.mark.parametrize("stopped_at", [0, 1, 2, 3])
def test_a_table_never_stands_without_its_own_audit(tables, tmp_path, monkeypatch, stopped_at):
    """Stopped before each step of the end: an old table beside a new audit is never there."""
    out, audit = tmp_path / "t.csv", tmp_path / "t.csv.audit.json"
    build.write(tables[0], out)
    replace, done = os.replace, []

    def stop(part, path):
        if len(done) == stopped_at:
            raise KeyboardInterrupt
        done.append(path)
        replace(part, path)

    monkeypatch.setattr(os, "replace", stop)
    try:
        build.write(tables[1], out)
    except KeyboardInterrupt:
        assert not out.exists() and stopped_at < 3
    else:
        said = json.loads(audit.read_text("utf-8"))
        assert said["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
        assert (tmp_path / "t.csv.about.txt").is_file() and stopped_at == 3
    assert not list(tmp_path.glob(".*.part"))


@pytest.mark.parametrize("encoding", ["cp1251", "ascii"])
def test_a_console_that_lacks_letters_prints_on(tmp_path, monkeypatch, encoding):
    path = written(tmp_path / "a.csv", text(20).replace("Дороги", "Әлеуметтік көмек"))
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    asked = ["ingest", str(path), "--dataset", "appeals", "--out", str(tmp_path / "own")]
    assert cli.main([*asked, "--language", "kk"]) == 0
    out.flush()
    assert b"\\u04d8" in out.buffer.getvalue()


@pytest.mark.parametrize(
    "wrong",
    [
        ["--rows", "0", "--seed", "1"],
        ["--rows", "5", "--seed", "-1"],
        ["--rows", "10000000000000", "--seed", "1"],
        ["--rows", "5", "--seed", "1", "--out", "/proc/no/such"],
    ],
)
def test_simulate_refuses_in_one_sentence(capsys, tmp_path, wrong):
    out = [] if "--out" in wrong else ["--out", str(tmp_path / "s.csv")]
    assert cli.main(["simulate", *wrong, *out]) == 1
    said = capsys.readouterr().err
    assert "expected" in said and "Traceback" not in said and not list(tmp_path.iterdir())


def test_days_to_the_answer_are_counted_in_bands(tmp_path):
    appeals = records.simulate(3000, seed=3)
    path = records.simulate(3000, seed=3, out=tmp_path / "s.csv")
    records.ingest(path, dataset="appeals", out=tmp_path / "own")
    frame = records.rollup(tmp_path / "own", by=["days"], threshold=None)
    rows = frame[frame["indicator"].eq("appeals_registered") & frame["breakdown"].ne("")]
    found = rows.set_index("breakdown_value")["value"].astype(int).to_dict()
    answered = appeals[~appeals["state"].isin(["withdrawn", "redirected"])]
    days = (answered["finished"] - answered["registered"]).dt.days
    edges, names = [-1, 2, 5, 10, 15, 20, 30, 10_000], "0-2 3-5 6-10 11-15 16-20 21-30 31+"
    expected = pd.cut(days, edges, labels=names.split()).value_counts().to_dict()
    expected["no_answer"] = len(appeals) - int(days.notna().sum())
    assert found == {name: count for name, count in expected.items() if count}
