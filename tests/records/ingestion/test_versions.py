"""Records grow over time: the newest version of a case wins, and a run can be taken out again."""

from __future__ import annotations

import json

import pytest

from analysis import records
from analysis.errors import DataError

KEY = b"another key for tests, long enough"
HEADER = "№ обращения,Дата регистрации,Вид обращения,Состояние\n"


def export(path, rows):
    lines = "".join(f"{n},{day}.03.2023,Жалоба,{state}\n" for n, day, state in rows)
    path.write_text(HEADER + lines, "utf-8")
    return path


def states(folder):
    frame = records.read(folder)
    return sorted(frame["state"])


def test_the_newest_version_of_a_case_wins(tmp_path):
    out = tmp_path / "own"
    first = export(tmp_path / "a.csv", [(1, "01", "В работе"), (2, "02", "В работе")])
    later = export(tmp_path / "b.csv", [(2, "02", "Исполнено"), (3, "03", "В работе")])
    records.ingest(first, dataset="appeals", out=out, key=KEY)
    account = records.ingest(later, dataset="appeals", out=out, key=KEY)
    assert (account["rows_in"], account["rows_out"], account["duplicates"]) == (4, 3, 1)
    assert (account["superseded"], account["came"], account["changed"]) == (1, 1, 1)
    assert states(out) == ["done", "in_progress", "in_progress"]
    assert len(json.loads((out / "ingest.json").read_text("utf-8"))["runs"]) == 2


def test_an_older_export_read_later_does_not_win(tmp_path):
    out = tmp_path / "own"
    new = export(tmp_path / "a.csv", [(1, "01", "Исполнено")])
    old = export(tmp_path / "b.csv", [(1, "01", "В работе"), (2, "02", "В работе")])
    records.ingest(new, dataset="appeals", out=out, key=KEY, as_of="2023-06-30")
    records.ingest(old, dataset="appeals", out=out, key=KEY, as_of="2023-04-30")
    assert states(out) == ["done", "in_progress"]


def test_a_run_can_be_taken_out_again(tmp_path):
    out = tmp_path / "own"
    first = export(tmp_path / "a.csv", [(1, "01", "В работе"), (2, "02", "В работе")])
    later = export(tmp_path / "b.csv", [(2, "02", "Исполнено"), (3, "03", "В работе")])
    records.ingest(first, dataset="appeals", out=out, key=KEY)
    records.ingest(later, dataset="appeals", out=out, key=KEY)
    account = records.remove(out, 2)
    assert (account["rows_in"], account["rows_out"]) == (2, 2)
    assert states(out) == ["in_progress", "in_progress"]
    with pytest.raises(DataError, match="another that stays"):
        records.remove(out, 1)


def test_overlapping_exports_count_a_case_once(tmp_path):
    one = export(tmp_path / "1.csv", [(1, "01", "В работе"), (2, "02", "Исполнено")])
    two = export(tmp_path / "2.csv", [(1, "01", "Исполнено"), (2, "02", "Исполнено")])
    account = records.ingest([one, two], dataset="appeals", out=tmp_path / "own", key=KEY)
    assert (account["rows_out"], account["duplicates"], account["superseded"]) == (2, 2, 1)


def test_another_key_is_refused(tmp_path):
    out = tmp_path / "own"
    first = export(tmp_path / "a.csv", [(1, "01", "В работе")])
    records.ingest(first, dataset="appeals", out=out, key=KEY)
    with pytest.raises(DataError, match="read with another key"):
        records.ingest(first, dataset="appeals", out=out)
    assert states(out) == ["in_progress"]


def test_layouts_with_a_mapping_each_and_sums_of_columns(tmp_path):
    (tmp_path / "north.csv").write_text(
        "участок,дата,списки,утро,день\n1,01.11.2020,100,30,40\n", "utf-8"
    )
    (tmp_path / "south.csv").write_text("no;day;all;came\n2;02.11.2020;50;20\n", "utf-8")
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    one.write_text(
        'files = ["north*"]\n[columns]\nstation = "участок"\ndate = "дата"\nlisted = "списки"\n'
        'voted = ["утро", "день"]\n', "utf-8",
    )  # fmt: skip
    two.write_text(
        'files = ["south*"]\n[columns]\nstation = "no"\ndate = "day"\nlisted = "all"\nvoted = "came"\n'
        '[dates]\ndate = "day first"\n'
    )
    records.ingest(
        [tmp_path / "north.csv", tmp_path / "south.csv"], dataset="elections", out=tmp_path / "own",
        mapping=[one, two],
    )  # fmt: skip
    frame = records.read(tmp_path / "own").sort_values("station")
    assert frame["voted"].tolist() == [70, 20] and frame["listed"].tolist() == [100, 50]


def test_two_quotes_that_are_never_closed_swallow_nothing(tmp_path):
    lines = [f"{n},01.03.2023,Жалоба,{chr(34) if n in (20, 80) else ''}text" for n in range(200)]
    (tmp_path / "a.csv").write_text(
        "№ обращения,Дата регистрации,Вид обращения,Прочее\n" + "\n".join(lines) + "\n", "utf-8"
    )
    with pytest.raises(DataError, match="opened and not closed"):
        records.ingest(tmp_path / "a.csv", dataset="appeals", out=tmp_path / "own")


def test_paths_are_paths_and_not_patterns(tmp_path):
    folder = tmp_path / "a[1]"
    folder.mkdir()
    export(folder / "b*c.csv", [(1, "01", "В работе")])
    records.ingest(folder / "b*c.csv", dataset="appeals", out=folder / "own [x]")
    frame = records.rollup(folder / "own [x]", by="year", threshold=None)
    registered = frame[frame["indicator"] == "appeals_registered"]
    assert registered["value"].tolist() == [1]


def test_the_same_rows_and_key_give_the_same_bytes(tmp_path):
    rows = [(n, f"{n % 28 + 1:02}", "В работе") for n in range(3000)]
    path = export(tmp_path / "a.csv", rows)
    contents = set()
    for name in ("one", "two", "three"):
        account = records.ingest(path, dataset="appeals", out=tmp_path / name, key=KEY)
        contents.add(account["content"])
    assert len(contents) == 1


def test_own_places_have_codes_and_totals(tmp_path):
    (tmp_path / "places.csv").write_text(
        "code,name,parent\nNY,New York,\nQ,QUEENS,NY\nB,BRONX,NY\n"
    )
    rows = "".join(
        f"{n},0{n % 9 + 1}.03.2023,{'QUEENS' if n % 3 else 'BRONX'}\n" for n in range(60)
    )
    (tmp_path / "a.csv").write_text("№ обращения,Дата регистрации,Регион\n" + rows, "utf-8")
    records.ingest(
        tmp_path / "a.csv", dataset="appeals", out=tmp_path / "own", places=tmp_path / "places.csv"
    )
    frame = records.rollup(tmp_path / "own", by=["year", "place"])
    counts = frame[frame["indicator"] == "appeals_registered"].set_index("place_id")["value"]
    assert counts.to_dict() == {"NY": 60, "Q": 40, "B": 20}


def test_unknown_places_keep_their_names_and_are_no_part_of_kazakhstan(tmp_path):
    rows = "".join(
        f"{n},0{n % 9 + 1}.03.2023,{'QUEENS' if n % 3 else 'BRONX'}\n" for n in range(60)
    )
    (tmp_path / "a.csv").write_text("№ обращения,Дата регистрации,Регион\n" + rows, "utf-8")
    records.ingest(tmp_path / "a.csv", dataset="appeals", out=tmp_path / "own")
    frame = records.rollup(tmp_path / "own", by=["year", "place"])
    counts = frame[frame["indicator"] == "appeals_registered"].set_index("place_id")["value"]
    assert counts.to_dict() == {"all_records": 60, "QUEENS": 40, "BRONX": 20}


def test_a_column_that_is_not_there_gives_no_figure(tmp_path):
    export(tmp_path / "a.csv", [(n, f"{n % 28 + 1:02}", "В работе") for n in range(40)])
    records.ingest(tmp_path / "a.csv", dataset="appeals", out=tmp_path / "own")
    frame = records.rollup(tmp_path / "own", by="year")
    shown = set(frame["indicator"])
    assert {"appeals_registered", "appeals_open"} <= shown
    assert not shown & {"appeals_satisfied", "appeals_overdue", "response_days_median"}


def test_a_place_counts_in_its_region_by_place_and_by_region_alike(tmp_path):
    places = ["Аксуский район", "Жетысуская область", "город Астана"]
    rows = "".join(f"{n},0{n % 9 + 1}.03.2023,{places[n % 3]}\n" for n in range(90))
    (tmp_path / "a.csv").write_text("№ обращения,Дата регистрации,Регион\n" + rows, "utf-8")
    records.ingest(tmp_path / "a.csv", dataset="appeals", out=tmp_path / "own")
    found = {}
    for by in ("place", "region"):
        frame = records.rollup(tmp_path / "own", by=["year", by], threshold=None)
        registered = frame[frame["indicator"] == "appeals_registered"]
        assert registered["place_id"].is_unique
        found[by] = registered.set_index("place_id")["value"].to_dict()
    assert found["region"] == {"KZ": 90, "KZ-33": 60, "KZ-71": 30}
    assert {place: found["place"][place] for place in found["region"]} == found["region"]
    only = records.rollup(tmp_path / "own", by="year", place="KZ-33", threshold=None)
    total = only[only["indicator"] == "appeals_registered"]
    assert total["value"].tolist() == [60] and total["place_id"].tolist() == ["KZ-33"]
