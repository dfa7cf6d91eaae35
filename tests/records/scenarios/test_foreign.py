"""Layouts of other countries come in through a mapping file; election results in long and in wide form."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.records.ingestion.pipeline import Refusal

NYC = ["Unique Key", "Created Date", "Closed Date", "Agency", "Complaint Type", "Incident Address", "Status", "Resolution Description", "Borough"]  # fmt: skip
NYC_MAPPING = """
dataset = "appeals"
[columns]
registration_number = "Unique Key"
registered = "Created Date"
finished = "Closed Date"
topic = "Complaint Type"
body = "Agency"
place = "Borough"
state = "Status"
[constants]
type = "complaint"
[dates]
registered = "%m/%d/%Y %I:%M:%S %p"
finished = "%m/%d/%Y %I:%M:%S %p"
[values.state]
"Closed" = "done"
"Open" = "in_progress"
"*" = "other"
"""


def requests(count):
    start = datetime(2022, 12, 31, 22)
    for n in range(count):
        created = start + timedelta(minutes=n)
        closed = "" if n % 3 else (created + timedelta(hours=30)).strftime("%m/%d/%Y %I:%M:%S %p")
        status = "Open" if n % 3 else "Closed"
        yield [n, created.strftime("%m/%d/%Y %I:%M:%S %p"), closed, "NYPD", "Noise - Residential", f"{n} GREENE AVENUE", status if n % 5 else "Pending", "They came, and went.\nTwice.", "QUEENS"]  # fmt: skip


@pytest.fixture
def nyc(tmp_path):
    path = tmp_path / "nyc.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([NYC, *requests(600)])
    return path


def test_complaints_with_american_time_stamps(take_in, tmp_path, nyc):
    (tmp_path / "m.toml").write_text(NYC_MAPPING)
    account, frame = take_in(nyc, mapping=tmp_path / "m.toml")
    assert (account["rows_in"], account["rows_out"], account["rejects"]) == (600, 600, 0)
    assert frame["registered"].dt.year.value_counts().to_dict() == {2022: 120, 2023: 480}
    assert frame["finished"].notna().sum() == 200 and set(frame["type"]) == {"complaint"}
    assert frame["state"].value_counts().to_dict() == {
        "in_progress": 320,
        "done": 160,
        "other": 120,
    }
    assert account["sheets"][0]["dropped"]["Incident Address"].endswith("not read")
    assert frame["channel"].isna().all() and frame["place_id"].isna().all()


def test_the_same_through_duckdb(take_in, tmp_path, nyc, monkeypatch):
    (tmp_path / "m.toml").write_text(NYC_MAPPING)
    _, slow = take_in(nyc, mapping=tmp_path / "m.toml")
    monkeypatch.setattr("analysis.records.ingestion.staging.FAST_FROM", 0)
    monkeypatch.setattr(
        "analysis.records.ingestion.staging._stage_rows",
        lambda *a: pytest.fail("not read by DuckDB"),
    )
    _, fast = take_in(nyc, mapping=tmp_path / "m.toml")
    pd.testing.assert_frame_equal(
        slow.sort_values("appeal_key", ignore_index=True),
        fast.sort_values("appeal_key", ignore_index=True),
    )


@pytest.mark.parametrize("stamp", ["2023-03-15T23:59:00.000", "2023-03-15T23:59:00Z", "2023-03-15 23:59:00+06", "2023-03-15T23:59:00.123456-05:00", "15.03.2023 23:59", "03/15/2023 11:59:00 PM", "15 Mar 2023", "March 15, 2023", "20230315"])  # fmt: skip
def test_the_day_is_the_one_that_is_written(take_in, tmp_path, stamp):
    (tmp_path / "a.csv").write_text(f'id;when\n1;"{stamp}"\n')
    (tmp_path / "m.toml").write_text('[columns]\nregistration_number = "id"\nregistered = "when"\n')
    _, frame = take_in(tmp_path / "a.csv", mapping=tmp_path / "m.toml")
    assert frame["registered"].tolist() == [pd.Timestamp("2023-03-15")]


def test_a_file_without_a_header_is_mapped_by_position(take_in, tmp_path):
    (tmp_path / "a.csv").write_text("7,2023-03-15,x\n8,2023-03-16,y\n")
    (tmp_path / "m.toml").write_text(
        'header_row = 0\n[columns]\nregistration_number = "1"\nregistered = "2"\n'
    )
    account, frame = take_in(tmp_path / "a.csv", mapping=tmp_path / "m.toml")
    assert account["rows_out"] == 2 and frame["registered"].dt.day.tolist() == [15, 16]


def test_a_mapping_names_everything_that_is_wrong_at_once(take_in, tmp_path):
    (tmp_path / "a.csv").write_text("id,when\n1,2023-03-15\n")
    (tmp_path / "m.toml").write_text(
        'speed = 3\n[columns]\nregistred = "when"\n[constants]\ntype = "grumble"\n[values.state]\nOpen = "ajar"\n'
    )
    with pytest.raises(DataError) as error:
        take_in(tmp_path / "a.csv", mapping=tmp_path / "m.toml")
    assert all(
        word in str(error.value)
        for word in ("speed", "registred", "grumble", "ajar", "in_progress")
    )
    (tmp_path / "m.toml").write_text('[columns]\nregistered = "date"\nregistration_number = "nr"\n')
    with pytest.raises(DataError, match=r"(?s)no column 'date'.*'id', 'when'.*no column 'nr'"):
        take_in(tmp_path / "a.csv", mapping=tmp_path / "m.toml")


def test_a_format_that_is_none_is_told(take_in, tmp_path):
    (tmp_path / "a.csv").write_text("id,when\n1,2023-03-15\n")
    (tmp_path / "m.toml").write_text('[columns]\nregistered = "when"\n[dates]\nregistered = "%Q"\n')
    with pytest.raises(DataError, match="column registered: found the format '%Q'"):
        take_in(tmp_path / "a.csv", mapping=tmp_path / "m.toml")


def test_a_mapping_that_reads_nothing_says_why(take_in, tmp_path):
    (tmp_path / "a.csv").write_text("id,when\n1,2023-03-15\n")
    (tmp_path / "m.toml").write_text(
        '[columns]\nregistered = "when"\n[dates]\nregistered = "%d/%m/%Y"\n'
    )
    with pytest.raises(
        DataError, match=r"none of which can be read.*not a date \(%d/%m/%Y\).*9\{4\}-9\{2\}-9\{2\}"
    ):
        take_in(tmp_path / "a.csv", mapping=tmp_path / "m.toml")


WIDE = """Облыс;Участок №;Включено в списки;Проголосовало;Против всех;Недействительных бюллетеней;Иванов Иван Иванович;Сериков Серик Болатұлы
Жамбылская область;12;1 200;800;10;5;400;385
Жамбылская область;13;900;450;5;0;245;200
Итого;;2 100;1 250;15;5;645;585
"""


def test_wide_results_have_a_row_for_each_candidate(take_in, tmp_path):
    (tmp_path / "w.csv").write_text(WIDE, "utf-8")
    with pytest.raises(Refusal) as refusal:
        take_in(tmp_path / "w.csv", dataset="elections")
    assert '"Сериков Серик Болатұлы"' in refusal.value.template
    answer = refusal.value.template.replace(
        '# type = "complaint"', 'date = "2021-07-25"\noffice = "rural"'
    )
    (tmp_path / "m.toml").write_text(answer, "utf-8")
    account, frame = take_in(tmp_path / "w.csv", dataset="elections", mapping=tmp_path / "m.toml")
    assert (
        account["rows_in"],
        account["rows_out"],
        account["totals"],
        account["rows_written"],
    ) == (3, 2, 1, 4)
    frame = frame.sort_values(["station", "candidate"], ignore_index=True)
    assert frame["votes"].tolist() == [400, 385, 245, 200] and frame["listed"].tolist() == [
        1200,
        1200,
        900,
        900,
    ]
    assert set(frame["place_id"]) == {"KZ-31"} and set(frame["date"]) == {
        pd.Timestamp("2021-07-25")
    }
    stations = frame.drop_duplicates("station")
    assert (
        frame.groupby("station")["votes"].sum().to_numpy()
        + stations["against_all"]
        + stations["invalid"]
        == stations["voted"]
    ).all()


def test_long_results_keep_equal_rows_of_other_modes(take_in, tmp_path):
    lines = ["county,precinct,office,candidate,votes,mode", "Alamance,01,Governor,Roy Cooper,\"1,204\",ED", "Alamance,01,Governor,Roy Cooper,\"1,204\",MAIL"]  # fmt: skip
    (tmp_path / "l.csv").write_text("\n".join(lines))
    columns = "".join(
        f'{c} = "{n}"\n'
        for c, n in [
            ("place", "county"),
            ("station", "precinct"),
            ("office", "office"),
            ("candidate", "candidate"),
            ("votes", "votes"),
        ]
    )
    (tmp_path / "m.toml").write_text(f'[columns]\n{columns}[constants]\ndate = "2020-11-03"\n')
    account, frame = take_in(tmp_path / "l.csv", dataset="elections", mapping=tmp_path / "m.toml")
    assert (
        account["duplicates"] == 0
        and frame["votes"].sum() == 2408
        and set(frame["candidate"]) == {"Roy Cooper"}
    )


@pytest.mark.parametrize("fast", [False, True])
def test_totals_of_stations_and_of_candidates_are_no_rows(take_in, tmp_path, monkeypatch, fast):
    if fast:
        monkeypatch.setattr("analysis.records.ingestion.staging.FAST_FROM", 0)
    lines = ["county,precinct,office,candidate,votes", "WAKE,01,U.S. Senate,Mary Scott,10", "WAKE,01,U.S. Senate,Total,10", "WAKE,TOTAL,U.S. Senate,Mary Scott,10"]  # fmt: skip
    (tmp_path / "l.csv").write_text("\n".join(lines) + "\n")
    names = {
        "place": "county",
        "station": "precinct",
        "office": "office",
        "candidate": "candidate",
        "votes": "votes",
    }
    columns = "".join(f'{c} = "{n}"\n' for c, n in names.items())
    (tmp_path / "m.toml").write_text(f'[columns]\n{columns}[constants]\ndate = "2020-11-03"\n')
    account, frame = take_in(tmp_path / "l.csv", dataset="elections", mapping=tmp_path / "m.toml")
    assert (account["rows_in"], account["totals"]) == (3, 2) and frame["candidate"].tolist() == [
        "Mary Scott"
    ]


def test_a_refused_mapping_comes_back_with_all_its_settings(take_in, tmp_path):
    (tmp_path / "a.csv").write_text("top\nid;when;how\n1;01/02/2023;Ajar\n", "cp1251")
    settings = 'header_row = 2\ndecimal = ","\nencoding = "cp1251"\nseparator = ";"\n'
    tables = '[columns]\nregistered = "when"\nstate = "how"\n[constants]\ntype = "inquiry"\n[values.state]\nOpen = "in_progress"\n'
    (tmp_path / "m.toml").write_text(settings + tables)
    with pytest.raises(Refusal) as refusal:
        take_in(tmp_path / "a.csv", mapping=tmp_path / "m.toml", rare=1)
    text = refusal.value.template.replace(
        '# registered = "day first"', 'registered = "day first"'
    ).replace('"Ajar" = ""', '"Ajar" = "done"')
    (tmp_path / "n.toml").write_text(text)
    _, frame = take_in(tmp_path / "a.csv", mapping=tmp_path / "n.toml")
    assert frame[["registered", "state", "type"]].to_numpy().tolist() == [
        [pd.Timestamp("2023-02-01"), "done", "inquiry"]
    ]


def test_meetings(take_in, tmp_path):
    text = "Дата проведения;Место;Вид встречи;Кто провел;Количество участников;Поднято вопросов;Решено;Трансляция\n12.02.2022;г. Астана;Отчётная встреча;Аким;350;24;20;да\n13.02.2022;Павлодарская обл.;Личный приём;Заместитель акима;12;12;-;нет\n"
    (tmp_path / "m.csv").write_text(text, "utf-8")
    _, frame = take_in(tmp_path / "m.csv", dataset="meetings")
    assert frame["kind"].tolist() == ["report_meeting", "reception"] and frame[
        "held_by"
    ].tolist() == ["akim", "deputy_akim"]
    assert frame["place_id"].tolist() == ["KZ-71", "KZ-55"] and frame["broadcast"].tolist() == [
        True,
        False,
    ]
    assert frame["resolved"].tolist() == [20, pd.NA]


def test_headers_in_an_unknown_language_are_listed_to_be_mapped(take_in, tmp_path):
    (tmp_path / "a.csv").write_text(
        "Meldungen 2023\n\nAktenzeichen;Eingang;Anliegen\nA1;24.03.2023;Schlagloch\n", "utf-8"
    )
    with pytest.raises(Refusal) as refusal:
        take_in(tmp_path / "a.csv")
    text = refusal.value.template
    assert all(f'#   "{name}"' in text for name in ("Aktenzeichen", "Eingang", "Anliegen"))
    (tmp_path / "m.toml").write_text(
        text.replace('registered = ""', 'registered = "Eingang"').replace(
            'topic = ""', 'topic = "Anliegen"'
        )
    )
    _, frame = take_in(tmp_path / "a.csv", mapping=tmp_path / "m.toml", rare=1)
    assert frame[["registered", "topic"]].to_numpy().tolist() == [
        [pd.Timestamp("2023-03-24"), "Schlagloch"]
    ]


def test_words_of_total_rows_can_be_given(take_in, tmp_path):
    (tmp_path / "a.csv").write_text(
        "place,station,votes\nKöln,1,10\nSumma summarum,,10\nOgółem,,10\n", "utf-8"
    )
    columns = 'totals = ["Summa summarum"]\n[columns]\nplace = "place"\nstation = "station"\nvotes = "votes"\n[constants]\ndate = "2020-11-03"\n'
    (tmp_path / "m.toml").write_text(columns, "utf-8")
    account, _ = take_in(tmp_path / "a.csv", dataset="elections", mapping=tmp_path / "m.toml")
    assert (account["rows_out"], account["totals"]) == (1, 2)


def test_an_xls_of_the_federal_reserve(take_in, tmp_path):
    import statsmodels

    path = next(
        path
        for path in (Path(statsmodels.__file__).parent / "datasets" / "macrodata" / "src").rglob(
            "*.xls"
        )
        if path.is_file()
    )
    (tmp_path / "m.toml").write_text(
        'sheets = ["Monthly"]\n[columns]\ndate = "DATE"\nparticipants = "POP"\n'
    )
    account, frame = take_in(path, dataset="meetings", mapping=tmp_path / "m.toml")
    # As the cell of January 1959 says, series POP of FRED in thousands of persons.
    assert frame.set_index("date")["participants"]["1959-01-01"] == 176447
    assert account["rows_in"] == account["rows_out"] == len(frame) > 900 and account["sheets"][0][
        "dropped"
    ].keys() == {
        "CPIAUCSL",
        "M1SL",
        "TB3MS",
    }
