"""Broken, cut, packed and wide files end in records or in one clear error, soon and in little memory."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import records
from analysis.errors import DataError

LINES = [
    "№ обращения;Дата регистрации;Вид обращения;Регион",
    *(f"ЖТ-{n};{n % 28 + 1:02}.03.2023;Жалоба;г. Астана" for n in range(200)),
]
TEXT = "\n".join(LINES) + "\n"


def made(kind: str) -> bytes:
    if kind == "csv":
        return TEXT.encode()
    if kind == "utf-16":
        return TEXT.encode("utf-16")
    if kind == "gz":
        return gzip.compress(TEXT.encode())
    stream = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", TEXT)
    elif kind == "xlsx":
        book = openpyxl.Workbook()
        for line in LINES:
            book.active.append(line.split(";"))
        book.save(stream)
    elif kind == "json":
        names = LINES[0].split(";")
        return (
            pd.DataFrame([line.split(";") for line in LINES[1:]], columns=names)
            .to_json(orient="records")
            .encode()
        )
    else:
        names = LINES[0].split(";")
        pd.DataFrame([line.split(";") for line in LINES[1:]], columns=names).to_parquet(stream)
    return stream.getvalue()


MADE = {kind: made(kind) for kind in ("csv", "utf-16", "gz", "zip", "xlsx", "json", "parquet")}


def outcome(path: Path, out: Path) -> str:
    """Ingest; an account that adds up or a DataError is right, anything else is not."""
    try:
        account = records.ingest(path, dataset="appeals", out=out)
    except DataError as error:
        assert not out.exists() and str(error)
        return str(error)
    assert (
        account["rows_in"]
        == account["rows_out"] + account["rejects"] + account["totals"] + account["duplicates"]
    )
    return "records"


@pytest.mark.parametrize("kind", MADE)
def test_whole_files_are_read(tmp_path, kind):
    (tmp_path / "a").write_bytes(MADE[kind])
    assert outcome(tmp_path / "a", tmp_path / "own") == "records"


@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
@pytest.mark.parametrize("kind", ["gz", "zip", "xlsx", "parquet", "json"])
def test_cut_files_are_refused(tmp_path, kind, share):
    (tmp_path / "a").write_bytes(MADE[kind][: int(len(MADE[kind]) * share)])
    assert outcome(tmp_path / "a", tmp_path / "own") != "records"


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(["csv", "utf-16", "gz", "zip", "json", "parquet"]), st.integers(0, 2**32))
def test_damaged_files_never_crash(tmp_path_factory, kind, seed):
    chance = random.Random(seed)
    data = bytearray(MADE[kind])
    for _ in range(chance.choice([1, 5, 50])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "a").write_bytes(data[: chance.randrange(1, len(data) + 1)] if seed % 2 else data)
    outcome(folder / "a", folder / "own")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_noise_never_crashes(tmp_path_factory, noise):
    folder = tmp_path_factory.mktemp("noise")
    (folder / "a.csv").write_bytes(noise)
    assert outcome(folder / "a.csv", folder / "own") != "records"


@pytest.mark.parametrize("damage", [5, 17, 40, 99])
def test_damaged_workbooks_never_crash(tmp_path, damage):
    chance, data = random.Random(damage), bytearray(MADE["xlsx"])
    for _ in range(damage):
        data[chance.randrange(len(data))] = chance.randrange(256)
    (tmp_path / "a.xlsx").write_bytes(data)
    outcome(tmp_path / "a.xlsx", tmp_path / "own")


def test_a_nul_is_told_with_its_row(tmp_path):
    (tmp_path / "a.csv").write_bytes(TEXT.replace("ЖТ-5;", "ЖТ\0-5;").encode())
    assert "row 7: found a NUL byte" in outcome(tmp_path / "a.csv", tmp_path / "own")


@pytest.mark.parametrize("kind", ["csv", "json", "parquet"])
def test_ten_thousand_columns(tmp_path, kind):
    width = 2_500 if kind == "parquet" else 10_000  # Parquet of more takes seconds to write
    frame = pd.DataFrame([range(width)], columns=[f"c{n}" for n in range(width)])
    path = tmp_path / f"a.{kind}"
    {
        "csv": frame.to_csv,
        "json": lambda p: frame.to_json(p, orient="records"),
        "parquet": frame.to_parquet,
    }[kind](path)
    assert "columns; expected at most" in outcome(path, tmp_path / "own")


@pytest.mark.parametrize("pack", ["gz", "zip", "xlsx"])
def test_bombs(tmp_path, monkeypatch, pack):
    monkeypatch.setattr("analysis.records.reading.files.GROWTH_FROM", 2**20)
    bomb = b"a;b\n" + b"0" * (8 * 2**20)
    path = tmp_path / f"a.{pack}"
    if pack == "gz":
        path.write_bytes(gzip.compress(bomb))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            if pack == "xlsx":
                archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("a.csv" if pack == "zip" else "xl/worksheets/sheet1.xml", bomb)
    assert "unpack to more than" in outcome(path, tmp_path / "own")


def test_a_zip_in_a_zip_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("b.zip", MADE["zip"])
    assert "a zip inside a zip" in outcome(tmp_path / "a.zip", tmp_path / "own")


def test_a_zip_that_climbs_out_writes_nothing_outside(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../../evil.csv", TEXT)
    assert outcome(tmp_path / "a.zip", tmp_path / "in" / "own") == "records"
    assert not list(tmp_path.rglob("evil*"))


def test_a_workbook_of_far_cells_is_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = "Дата регистрации"
    book.active["XFD1048576"] = 1
    book.save(tmp_path / "a.xlsx")
    assert "at most" in outcome(tmp_path / "a.xlsx", tmp_path / "own")


def test_external_links_are_not_followed(tmp_path):
    (tmp_path / "a.xlsx").write_bytes(MADE["xlsx"])
    with zipfile.ZipFile(tmp_path / "a.xlsx", "a") as archive:
        link = '<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><externalBook/></externalLink>'
        archive.writestr("xl/externalLinks/externalLink1.xml", link)
        relation = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="x" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
        archive.writestr("xl/externalLinks/_rels/externalLink1.xml.rels", relation)
    assert outcome(tmp_path / "a.xlsx", tmp_path / "own") == "records"


def test_a_quote_that_is_never_closed_swallows_nothing_silently(tmp_path):
    (tmp_path / "a.csv").write_text(TEXT.replace("ЖТ-5;", '"ЖТ-5;'), "utf-8")
    assert "a quote that is opened and not closed" in outcome(tmp_path / "a.csv", tmp_path / "own")


@pytest.mark.parametrize(
    "found",
    [
        b"",
        b"\n\n\n",
        b"\xef\xbb\xbf",
        b"{}",
        b"[]",
        b"[" * 100_000,
        b"PK\x03\x04",
        b"PAR1",
        b"\x1f\x8b",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"[1,2]",
        b'{"a":',
    ],
)
def test_files_of_nothing(tmp_path, found):
    (tmp_path / "a.csv").write_bytes(found)
    assert outcome(tmp_path / "a.csv", tmp_path / "own") != "records"


def test_no_file(tmp_path):
    assert "no file that can be read" in outcome(tmp_path / "none.csv", tmp_path / "own")
