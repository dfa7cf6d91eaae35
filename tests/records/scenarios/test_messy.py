"""Files as people have them come through right, whatever their kind, encoding, separator, dates and headers."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from datetime import date
from itertools import product
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analysis.errors import DataError
from analysis.records.ingestion.pipeline import Refusal

DAYS = [date(2021, 7, 25), date(2022, 1, 3), date(2023, 12, 31)]
TYPES = [("Жалоба", "complaint"), ("Заявление", "application"), ("Запрос", "inquiry")]
HEADERS = {
    "ru": ["№ обращения", "Дата регистрации", "Вид обращения", "Регион", "Количество продлений"],
    "kk": ["Өтініштің тіркеу нөмірі", "Тіркелген күні", "Өтініш түрі", "Өңір", "Ұзарту саны"],
    "kk-latin": [
        "Ótinishtiń tirkeu nómiri",
        "Tirkelgen kúni",
        "Ótinish túri",
        "Óńir",
        "Uzartu sany",
    ],
    "en": [
        "Registration number",
        "Date registered",
        "Type of appeal",
        "Region",
        "Number of extensions",
    ],
}
MONTHS_RU = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]
MONTHS_KK = [
    "қаңтар",
    "ақпан",
    "наурыз",
    "сәуір",
    "мамыр",
    "маусым",
    "шілде",
    "тамыз",
    "қыркүйек",
    "қазан",
    "қараша",
    "желтоқсан",
]
DATES = {
    "points": lambda d: d.strftime("%d.%m.%Y"),
    "short": lambda d: d.strftime("%d.%m.%y"),
    "iso": lambda d: d.isoformat(),
    "iso time": lambda d: d.isoformat() + "T23:30:00.000",
    "iso zone": lambda d: d.isoformat() + "T23:30:00+05:00",
    "slashes": lambda d: d.strftime("%d/%m/%Y"),
    "american": lambda d: d.strftime("%m/%d/%Y 12:00:00 AM"),
    "russian": lambda d: f"{d.day} {MONTHS_RU[d.month - 1]} {d.year} г.",
    "kazakh": lambda d: f"{d.year} ж. {d.day} {MONTHS_KK[d.month - 1]}",
    "serial": lambda d: str((d - date(1899, 12, 30)).days),
}


def rows(*, header="ru", day="points", numbers=("0", "1 234", "2"), types=None):
    names = types or [name for name, _ in TYPES]
    body = [
        [f"ЖТ-{n}", DATES[day](DAYS[n]), names[n], "Павлодарская область", numbers[n]]
        for n in range(3)
    ]
    return [HEADERS[header], *body]


def text(table, separator=",", quoting=csv.QUOTE_MINIMAL, end="\r\n"):
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator, quoting=quoting, lineterminator=end).writerows(table)
    return stream.getvalue()


def check(account, frame, extensions=(0, 1234, 2)):
    assert (account["rows_in"], account["rows_out"], account["rejects"]) == (3, 3, 0)
    frame = frame.sort_values("registered")
    assert [day.date() for day in frame["registered"]] == DAYS
    assert list(frame["type"]) == [code for _, code in TYPES]
    assert list(frame["prolonged"]) == list(extensions)
    assert set(frame["place_id"]) == {"KZ-55"}
    assert (
        frame["appeal_key"].str.fullmatch("[0-9a-f]{32}").all()
        and frame["appeal_key"].nunique() == 3
    )


@pytest.mark.parametrize(
    ("encoding", "separator"),
    list(product(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"], [",", ";", "\t", "|"])),
)
def test_encodings_and_separators(take_in, tmp_path, encoding, separator):
    path = tmp_path / "a.csv"
    path.write_bytes(text(rows(), separator).encode(encoding))
    check(*take_in(path))


@pytest.mark.parametrize(
    ("header", "day"),
    [*product(["ru"], DATES), *product(["kk", "kk-latin", "en"], ["points", "kazakh"])],
)
def test_headers_and_dates(take_in, tmp_path, header, day):
    path = tmp_path / "a.csv"
    path.write_text(text(rows(header=header, day=day)), "utf-8")
    check(*take_in(path))


NUMBERS = [
    ("0", "1\u00a0234", "2"),
    ("0", "1.234", "2"),
    ("0", "1,234", "2"),
    ("0,0", "1234,0", "2,0"),
    ("0", "1\u202f234", "2"),
    ("0", "1 мың 234", "2"),
]


@pytest.mark.parametrize("numbers", NUMBERS)
def test_numbers(take_in, tmp_path, numbers):
    path = tmp_path / "a.csv"
    path.write_text(text(rows(numbers=numbers), ";"), "utf-8")
    check(*take_in(path))


KAZAKH_TYPES = ["Шағым", "Өтініш", "Сұрау салу"]
FORMS = {
    "title above": lambda t: [["Отчёт по обращениям за 2021-2023 годы"], [], *t],
    "column numbers": lambda t: [t[0], ["1", "2", "3", "4", "5"], *t[1:]],
    "blank rows": lambda t: [t[0], [], *t[1:], [], []],
    "two-row header": lambda t: [["Обращение", "", "", "Место", "Прочее"], *t],
    "merged header": lambda t: [[t[0][0], "Дата", t[0][2], t[0][3], t[0][4]], ["", "регистрации", "", "", ""], *t[1:]],
    "quoted": lambda t: [[f" {cell} " for cell in row] for row in t],
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_header_forms(take_in, tmp_path, form):
    path = tmp_path / "a.csv"
    path.write_text(text(FORMS[form](rows())), "utf-8")
    check(*take_in(path))


@pytest.mark.parametrize(
    ("word", "first"), list(product(["Итого", "Всего:", "БАРЛЫҒЫ", "Total"], [True, False]))
)
def test_totals_and_footnotes_are_told_apart(take_in, tmp_path, word, first):
    path = tmp_path / "a.csv"
    total = [word, "", "", "", "1236"] if first else ["", "", word, "", "1236"]
    path.write_text(text([*rows(), total, ["* без учёта повторных", "", "", "", ""]]), "utf-8")
    account, frame = take_in(path)
    assert (account["rows_in"], account["totals"], account["not_rows"]["footnotes"]) == (4, 1, 1)
    assert len(frame) == 3


def test_kazakh_values(take_in, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(text(rows(header="kk", types=KAZAKH_TYPES)), "utf-8")
    check(*take_in(path))


def workbook(path: Path, table):
    book = openpyxl.Workbook()
    book.active.append(["О выгрузке"])
    sheet = book.create_sheet("Данные")
    sheet.append(["Обращения"])
    for number, row in enumerate(table):
        sheet.append(
            [row[0], DAYS[number - 1], *row[2:4], int(row[4].replace(" ", ""))] if number else row
        )
    sheet.merge_cells("A1:E1")
    book.save(path)


def test_a_workbook_in_the_latin_alphabet_with_merged_headers(take_in, tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["«Е-өтініш» жүйесінен үзінді"])
    sheet.append(["№ р/с", "Ótinish", "", "", "Oryndaushy organ", "Aýdan", "Nátıjesi", "Aty-jóni"])
    sheet.append(["", "Tirkeý nómiri", "Tirkelgen kúni", "Túri", "", "", "", ""])
    sheet.merge_cells("A1:H1")
    sheet.merge_cells("B2:D2")
    sheet.append(list(range(1, 9)))
    for n in range(3):
        sheet.append(
            [
                n,
                f"ӨТ-{n}",
                f"2021 ж. {n + 1} шілде",
                "Шағым",
                "Ақсу ауданының әкімдігі",
                "Ақсу ауданы",
                "Түсіндірілді",
                "Серікбай Болат",
            ]
        )
    sheet.append(["Барлығы", 3])
    sheet.append(["* телефон арқылы: 8 701 123 45 67"])
    book.save(tmp_path / "a.xlsx")
    account, frame = take_in(tmp_path / "a.xlsx")
    assert (
        account["rows_in"],
        account["rows_out"],
        account["totals"],
        account["not_rows"]["footnotes"],
    ) == (4, 3, 1, 1)
    assert (
        set(frame["type"]) == {"complaint"}
        and set(frame["outcome"]) == {"clarified"}
        and frame["registered"].dt.day.max() == 3
    )


def kind_xlsx(path, table):
    workbook(path.with_suffix(".xlsx"), table)
    return path.with_suffix(".xlsx")


def kind_ods(path, table):
    cells = "".join(
        "<table:table-row>" + "".join(f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>' for c in row) + "</table:table-row>"
        for row in table
    )  # fmt: skip
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    body = f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="S">{cells}</table:table></office:spreadsheet></office:body></office:document-content>'
    with zipfile.ZipFile(path.with_suffix(".ods"), "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", body)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path.with_suffix(".ods")


def kind_json(path, table):
    path.write_text(
        json.dumps(
            {"data": [dict(zip(table[0], row, strict=True)) for row in table[1:]]},
            ensure_ascii=False,
        ),
        "utf-8",
    )
    return path


def kind_lines(path, table):
    path.write_text(
        "\n".join(json.dumps(dict(zip(table[0], row, strict=True))) for row in table[1:]), "utf-8"
    )
    return path


def kind_geojson(path, table):
    features = [
        {"type": "Feature", "properties": dict(zip(table[0], row, strict=True))}
        for row in table[1:]
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def kind_meta(path, table):
    columns = [{"name": name} for name in table[0]]
    path.write_text(
        json.dumps({"meta": {"view": {"columns": columns}}, "data": table[1:]}), "utf-8"
    )
    return path


def kind_parquet(path, table):
    frame = pd.DataFrame(table[1:], columns=table[0])
    frame[table[0][1]] = pd.to_datetime(DAYS)
    frame.to_parquet(path)
    return path


def kind_gzip(path, table):
    path.write_bytes(gzip.compress(text(table, ";").encode("cp1251")))
    return path


def kind_zip(path, table):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("данные/обращения.csv", text(table).encode("utf-8-sig"))
        archive.writestr("readme.md", "not records")
    return path


def kind_folder(path, table):
    path.mkdir()
    (path / "1.csv").write_text(text(table[:2]), "utf-8")
    (path / "2.tsv").write_bytes(text([table[0], *table[2:]], "\t").encode("utf-16"))
    return path


def kind_glob(path, table):
    kind_folder(path, table)
    return path / "*.?sv"


@pytest.mark.parametrize("kind", [name for name in list(globals()) if name.startswith("kind_")])
def test_kinds_of_files(take_in, tmp_path, kind):
    check(*take_in(globals()[kind](tmp_path / "input", rows())))


def test_bad_rows_are_rejected_with_the_pattern_and_not_the_value(take_in, tmp_path):
    path = tmp_path / "a.csv"
    extra = [
        ["ЖТ-8", "31.02.2022", "Жалоба", "", "0"],
        ["ЖТ-9", "01.02.2022", "Жалоба", "", "пять"],
        ["ЖТ-10", "01.02.2022"],
    ]
    path.write_text(text([*rows(), *extra]), "utf-8")
    account, frame = take_in(path)
    assert (account["rows_in"], account["rejects"], len(frame)) == (6, 3, 3)
    found = pd.read_csv(tmp_path / "own" / "rejects.csv", dtype=str, keep_default_na=False)
    assert found[["row", "column", "reason", "pattern", "length"]].to_numpy().tolist() == [
        ["5", "registered", "not a date", "9{2}.9{2}.9{4}", "10"],
        ["6", "prolonged", "not a whole number", "a{4}", "4"],
        ["7", "", "fewer cells than columns", "", "0"],
    ]


def test_duplicates_are_counted(take_in, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(text([*rows(), rows()[1]]), "utf-8")
    account, frame = take_in(path)
    assert (account["rows_in"], account["duplicates"], len(frame)) == (4, 1, 3)


def test_the_input_is_not_changed(take_in, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(text(rows()), "utf-8")
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    take_in(path)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_an_order_of_day_and_month_that_is_open_is_refused_or_asked(take_in, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(text([HEADERS["ru"], ["1", "01/02/2023", "Жалоба", "", "0"]]), "utf-8")
    with pytest.raises(Refusal, match="day or the month first"):
        take_in(path)
    asked = []
    _, frame = take_in(path, ask=lambda doubt: asked.append(doubt.sentence()) or "month first")
    assert frame["registered"].iloc[0] == pd.Timestamp("2023-01-02") and len(asked) == 1


def test_unknown_codes_are_refused_with_a_mapping_that_lists_them(take_in, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(text(rows(types=["Абракадабра", "Жалоба", "Запрос"])), "utf-8")
    with pytest.raises(Refusal) as refusal:
        take_in(path, rare=1)
    template = refusal.value.template
    assert '"Абракадабра" = ""' in template
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        template.replace('"Абракадабра" = ""', '"Абракадабра" = "complaint"'), "utf-8"
    )
    _, frame = take_in(path, mapping=mapping, rare=1)
    assert sorted(frame["type"]) == ["complaint", "complaint", "inquiry"]


def test_a_folder_that_holds_something_else_is_left_alone(take_in, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(text(rows()), "utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "thesis.docx").write_text("mine")
    with pytest.raises(DataError, match=r"thesis\.docx"):
        take_in(path)
    assert (tmp_path / "own" / "thesis.docx").read_text() == "mine"


@pytest.mark.parametrize("separator", [",", ";"])
def test_big_files_and_small_ones_are_read_alike(take_in, tmp_path, monkeypatch, separator):
    path = tmp_path / "a.csv"
    extra = [
        ["ЖТ-8", "31.02.2022", "Жалоба", "", "0"],
        ["Итого", "", "", "", "9"],
        ["ЖТ-9", "01.02.2022", "Жалоба", "", "пять"],
    ]
    path.write_text(text([*rows(), *extra], separator), "utf-8")
    account, slow = take_in(path)
    rejects = (tmp_path / "own" / "rejects.csv").read_text("utf-8")
    monkeypatch.setattr("analysis.records.ingestion.staging.FAST_FROM", 0)
    monkeypatch.setattr(
        "analysis.records.ingestion.staging._stage_rows",
        lambda *a: pytest.fail("not read by DuckDB"),
    )
    account_fast, fast = take_in(path)
    assert (
        account == account_fast and (tmp_path / "own" / "rejects.csv").read_text("utf-8") == rejects
    )
    pd.testing.assert_frame_equal(
        slow.sort_values("appeal_key", ignore_index=True),
        fast.sort_values("appeal_key", ignore_index=True),
    )


def test_a_big_file_with_one_broken_row_loses_only_that_row(take_in, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.records.ingestion.staging.FAST_FROM", 0)
    table = [
        HEADERS["ru"],
        *([f"ЖТ-{n}", "25.07.2021", "Жалоба", "г. Астана", "0"] for n in range(2_500)),
        ["ЖТ-9999", "26.07.2021"],
    ]
    (tmp_path / "a.csv").write_text(text(table), "utf-8")
    account, frame = take_in(tmp_path / "a.csv")
    assert (account["rows_in"], account["rejects"], len(frame)) == (2_501, 1, 2_500)
    assert (tmp_path / "own" / "rejects.csv").read_text("utf-8").splitlines()[
        1
    ] == "a.csv,2502,,fewer cells than columns,,0"


def test_files_of_a_folder_may_differ_and_a_record_in_both_counts_once(take_in, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "1.csv").write_text(text(rows()), "utf-8")
    swapped = [[row[1], row[0], *row[2:]] for row in rows(header="kk", day="iso")]
    (folder / "2.csv").write_bytes(text(swapped, ";").encode("utf-16"))
    account, frame = take_in(folder)
    assert (account["rows_in"], account["rows_out"], account["duplicates"], len(frame)) == (
        6,
        3,
        3,
        3,
    )
