"""A round is a folder: letters and forms out, a log that is filled in by hand, and what follows."""

from __future__ import annotations

import csv
import io
import subprocess
from datetime import date

import pandas as pd
import pytest
from docx import Document

from analysis.cli import main
from analysis.derive.answers import round_finding
from analysis.errors import DataError, UnknownName
from analysis.requests.rounds import (
    LOG,
    read_requester,
    read_round,
    start_round,
    status,
    write_round,
)

WHO = "Айгүл Сынақбаева"
NUMBER = "900101450123"


@pytest.fixture(scope="module")
def started(tmp_path_factory):
    folder = tmp_path_factory.mktemp("round")
    start_round(folder, ["KZ-33", "333400000"], language="ru")
    return folder


def fill(folder, **rows):
    """Fill in cells of the log as a person would, by the code of the request."""
    path = folder / LOG
    lines = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    for line in lines:
        line.update(rows.get(line["request"].replace("-", "_"), {}))
    out = io.StringIO()
    writer = csv.DictWriter(out, lines[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    path.write_text(out.getvalue(), "utf-8")


def words(path):
    return "\n".join(paragraph.text for paragraph in Document(str(path)).paragraphs)


def test_a_round_has_a_letter_and_a_form_for_each_body(started):
    requests = read_round(started)
    assert len(requests) == 8
    assert len(list((started / "letters").glob("letter-*-ru.docx"))) == 8
    assert len(list((started / "forms").glob("form-*.xlsx"))) == 8
    assert {request.state(date(2026, 11, 25)) for request in requests} == {"not_sent"}
    letter = words(started / "letters" / "letter-KZ-33-akimat-ru.docx")
    assert "Приложение: форма form-KZ-33-akimat.xlsx" in letter


def test_who_asks_stands_in_ignored_files_only(tmp_path):
    """Git is asked what it would take; nothing that it takes names the requester."""
    start_round(tmp_path, ["KZ-75"], language="kk")
    (tmp_path / "requester.csv").write_text(
        f"name,number,address,phone\n{WHO},{NUMBER},a@example.kz,+7 700 000 00 00\n", "utf-8"
    )
    requests = start_round(tmp_path, ["KZ-75"], language="kk")
    letter = words(tmp_path / "letters" / "letter-KZ-75-akimat-kk.docx")
    assert WHO in letter and NUMBER in letter
    answered = [r.request.replace("-", "_") for r in requests]
    silent = {"sent_on": "2026-01-05", "received_on": "2026-01-06", "outcome": "silent"}
    fill(tmp_path, **dict.fromkeys(answered, silent))
    status(tmp_path, on=date(2026, 3, 1))
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    asked = ["git", "ls-files", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=tmp_path, check=True, capture_output=True, text=True)
    taken = listed.stdout.split("\n")[:-1]
    assert {".gitignore", LOG} < set(taken)
    assert not [name for name in taken if name.startswith(("letters", "complaints", "requester"))]
    for name in taken:
        content = (tmp_path / name).read_bytes()
        assert WHO.encode() not in content and NUMBER.encode() not in content, name


def test_a_round_started_again_keeps_what_was_filled_in(tmp_path):
    start_round(tmp_path, ["KZ-33"], language="kk")
    fill(tmp_path, KZ_33_akimat={"sent_on": "2026-10-08", "registered_as": "ЖТ-2026-001"})
    letter = tmp_path / "letters" / "letter-KZ-33-akimat-kk.docx"
    letter.write_bytes(b"as it was sent")
    requests = start_round(tmp_path, ["KZ-33", "KZ-62"], language="kk")
    assert len(requests) == 8
    assert requests[0].registered_as == "ЖТ-2026-001"
    assert letter.read_bytes() == b"as it was sent"


def test_status_says_what_is_due_and_which_complaint_follows(started):
    fill(
        started,
        KZ_33_akimat={"sent_on": "2026-10-08", "received_on": "2026-10-09"},
        KZ_33_election_commission={
            "sent_on": "2026-10-08",
            "received_on": "2026-10-09",
            "extended_on": "2026-10-20",
        },
        KZ_33_legal_statistics={
            "sent_on": "2026-10-08",
            "received_on": "2026-10-09",
            "answered_on": "2026-10-14",
            "outcome": "refused",
            "article": "Law 401-V art. 11 p. 16 (3)",
        },
    )
    lines = dict(
        (request.request, line) for request, line in status(started, on=date(2026, 10, 28))
    )
    assert lines["KZ-33-akimat"] == (
        "KZ-33-akimat: overdue; answer due 2026-10-23, late after 2026-10-27; complaint until "
        "2027-01-27 (Law 401-V art. 18, APPC art. 92 p. 1): complaints/complaint-KZ-33-akimat-ru.docx"
    )
    assert lines["KZ-33-election_commission"] == (
        "KZ-33-election_commission: running; answer due 2026-11-07, late after 2026-11-09"
    )
    assert "complaint until 2027-01-13" in lines["KZ-33-legal_statistics"]
    assert lines["KZ-33-civil_service"] == "KZ-33-civil_service: not sent"
    silent = words(started / "complaints" / "complaint-KZ-33-akimat-ru.docx")
    assert "Срок ответа истёк 27 октября 2026 года" in silent
    assert "Административный процедурно-процессуальный кодекс, статья 91, часть 2" in silent
    refused = words(started / "complaints" / "complaint-KZ-33-legal-statistics-ru.docx")
    assert "14 октября 2026 года в нём отказано" in refused


def test_what_is_wrong_in_the_log_is_named_all_at_once(tmp_path):
    write_round(tmp_path, start_round(tmp_path, ["KZ-75"], language="kk"))
    fill(
        tmp_path,
        KZ_75_akimat={"sent_on": "8 октября"},
        KZ_75_election_commission={"outcome": "anwsered"},
        KZ_75_civil_service={
            "sent_on": "2026-10-08",
            "received_on": "2026-10-07",
            "answered_on": "2026-10-06",
            "outcome": "answered",
        },
    )
    with pytest.raises(DataError) as error:
        read_round(tmp_path)
    found = [(problem.row, problem.column) for problem in error.value.problems]
    assert found == [(2, "sent_on"), (3, "outcome"), (3, "answered_on"), (5, "answered_on")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "kz1048"])
def test_a_log_saved_by_a_spreadsheet_is_read(tmp_path, encoding):
    """With semicolons, days with dots, and the code page of Windows in Kazakhstan."""
    start_round(tmp_path, ["KZ-75"], language="kk")
    day = {"sent_on": "08.10.2026", "received_on": "09.10.2026", "registered_as": "ӘҚ-7"}
    fill(tmp_path, KZ_75_akimat=day)
    for name in (LOG, "requester.csv"):
        saved = (tmp_path / name).read_text("utf-8").replace(",", ";").replace("\n", "\r\n")
        if name != LOG:
            saved = f"name;number;address;phone\r\n{WHO};{NUMBER};Алматы;\r\n"
        (tmp_path / name).write_bytes(saved.encode(encoding))
    first, *_ = start_round(tmp_path, ["KZ-75"], language="kk")
    assert (first.sent_on, first.received_on) == (date(2026, 10, 8), date(2026, 10, 9))
    assert first.registered_as == "ӘҚ-7"
    assert read_requester(tmp_path).name == WHO


def test_nothing_is_written_for_a_place_that_does_not_exist(tmp_path):
    with pytest.raises(UnknownName, match="KZ-99"):
        start_round(tmp_path / "r", ["KZ-33", "KZ-99"])
    assert not (tmp_path / "r").exists()


def test_the_command_starts_a_round_and_follows_it(tmp_path, capsys):
    folder = str(tmp_path / "round")
    assert main(["request", "--place", "KZ-75", "--language", "ru", "--out", folder]) == 0
    assert "4 requests" in capsys.readouterr().out
    assert main(["request", "status", folder, "--on", "2026-11-25"]) == 0
    assert "KZ-75-akimat: not sent" in capsys.readouterr().out
    assert main(["request", "--place", "KZ-75"]) == 2


def test_a_simulated_round_says_so_in_its_chart():
    from analysis import charts, requests
    from analysis.locale import text

    played = requests.simulate_round(places=["KZ-33", "KZ-62"], seed=3)
    finding = round_finding(played)
    assert int(finding.counts.sum()) == len(played) == 8
    for language in ("en", "kk", "ru"):
        chart = charts.plot_round(finding, language=language)
        written = [
            words.get_text() for words in chart.findobj(lambda one: hasattr(one, "get_text"))
        ]
        assert text("simulated_stamp", language).upper() in " ".join(written)


def a_round(asked, answered):
    """A round with so many requests in each of some regions, so many answered in full in time."""
    rows = [
        {
            "round": "r",
            "request": f"{place}-{n}",
            "place_id": place,
            "outcome": "answered" if n < answered[place] else "silent",
            "received_on": "2026-09-02",
            "due_on": "2026-09-17",
            "answered_on": "2026-09-10" if n < answered[place] else None,
            "body": "akimat",
            "items": "meetings",
        }
        for place, count in asked.items()
        for n in range(count)
    ]
    frame = pd.DataFrame(rows)
    days = ["received_on", "due_on", "answered_on"]
    return frame.assign(**{day: pd.to_datetime(frame[day]) for day in days})


def test_regions_are_compared_by_a_funnel_or_it_is_said_why_not():
    """30 of 40, 20 of 40 and 2 of 40: the third is 3.6 standard errors below the 43.3 % of all."""
    from analysis import report
    from analysis.report.document import plain_text

    asked = {"KZ-33": 40, "KZ-62": 40, "KZ-10": 40}
    log = a_round(asked, {"KZ-33": 30, "KZ-62": 20, "KZ-10": 2})
    funnel = round_finding(log).funnel
    z = funnel.table.set_index("unit")["z"]
    share = 52 / 120
    assert z["KZ-10"] == pytest.approx((2 / 40 - share) / (share * (1 - share) / 40) ** 0.5)
    for language, title in {"en": "in full and in time, by region", "ru": "в срок по"}.items():
        assert title in plain_text(report.requests("KZ", language=language, log=log).blocks)
    few = a_round({**asked, "KZ-10": 4}, {"KZ-33": 30, "KZ-62": 20, "KZ-10": 2})
    assert round_finding(few).funnel is None
    told = plain_text(report.requests("KZ", language="en", log=few).blocks)
    assert "Regions are not compared" in told
