"""A whole round, played: asked, answered in every way, entered, and told in the report."""

from __future__ import annotations

import csv
import shutil
import subprocess
from datetime import date, datetime, timedelta

import pytest
from openpyxl import Workbook, load_workbook
from pypdf import PdfReader

from analysis import charts, load, load_requests, paths, reference, report
from analysis.data.build import build
from analysis.derive.answers import round_finding
from analysis.derive.asked import shown_status
from analysis.derive.coverage import coverage
from analysis.errors import DataError
from analysis.report.document import plain_text
from analysis.requests.answers.enter import enter
from analysis.requests.answers.filled import read_form
from analysis.requests.answers.tables import Mapping, read_answer_table
from analysis.requests.forms import form_name, write_form
from analysis.requests.items import items
from analysis.requests.log import enter_round
from analysis.requests.rounds import LOG, read_round, start_round

DISTRICTS = [
    "333200000",
    "333400000",
    "333600000",
    "334000000",
    "334200000",
    "334400000",
    "334600000",
    "334800000",
    "331000000",
    "331800000",
]
SENT, RECEIVED = date(2026, 9, 1), date(2026, 9, 2)
IN_TIME, LATE, NOW = date(2026, 9, 15), date(2026, 10, 20), date(2026, 11, 25)
KINDS = ("form", "table", "refused", "forwarded", "silent", "noise")


@pytest.fixture
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    for folder in ("data", "notebooks"):
        shutil.copytree(paths.root() / folder, home / folder)
    shutil.copy(paths.root() / "CHANGELOG.md", home)
    (home / "pyproject.toml").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENNESS_HOME", str(home))
        yield home


def number_of(place):
    return f"СИМ-{place}"


def value_of(place, year):
    """A figure that no other place and year has, so that it can be traced."""
    return (
        10_000 + list(reference.regions()).index(place) * 100 + year % 100
        if place in reference.regions()
        else (20_000 + DISTRICTS.index(place) * 100 + year % 100)
    )


def fill(form, place, *, noise=False):
    workbook = load_workbook(form)
    sheet = workbook.active
    head = next(row for row in sheet.iter_rows() if row[0].value == "item")
    line = next(row for row in sheet.iter_rows() if row[0].value == "meetings")
    for cell in head:
        if str(cell.value).isdigit():
            at = sheet.cell(line[0].row, cell.column)
            if not at.protection.locked:
                at.value = value_of(place, int(cell.value))
                last = at
    if noise:
        last.value = f"{str(last.value)[:-1]}О"
    sheet["C6"], sheet["C7"] = number_of(place), datetime(2026, 9, 15)
    workbook.save(form)
    return last


def by_year(folder, place):
    """An akimat's own table, wide by year."""
    workbook = Workbook()
    years = [
        year for year in range(2021, 2026) if year > 2022 or reference.borders_before(place) is None
    ]
    workbook.active.append(["Көрсеткіш", *(f"{year} жыл" for year in years)])
    workbook.active.append(["Кездесулер саны*", *(str(value_of(place, year)) for year in years)])
    path = folder / f"table-{place}.xlsx"
    workbook.save(path)
    meaning = Mapping(
        place=place,
        body="akimat",
        number=number_of(place),
        date=IN_TIME,
        header=(1,),
        first_row=2,
        last_row=2,
        items={"Кездесулер саны": "meetings"},
    )
    return read_answer_table(path, meaning)


def by_region(folder, *, two_rows):
    """One table for all regions: a heading of two rows, or numbers as text from a PDF."""
    workbook = Workbook()
    sheet = workbook.active
    names = {place: reference.place_name(place, "ru") for place in reference.regions()}
    if two_rows:
        sheet.append(["Регион", "2024", None])
        sheet.append([None, "зарегистрировано", "с нарушением"])
        for place, name in names.items():
            sheet.append([name, value_of(place, 2024) + 500_000, value_of(place, 2024)])
        sheet.append(
            ["Итого", *(sum(row[at].value for row in sheet.iter_rows(min_row=3)) for at in (1, 2))]
        )
        given = {"header": (1, 2), "first_row": 3, "last_row": 23}
        words = {"зарегистрировано": "appeals", "с нарушением": "appeals_late"}
        body, more = "legal_statistics", {"items": words}
    else:
        sheet.append(["Регион", "2024 год"])
        for place, name in names.items():
            sheet.append([name, f"{value_of(place, 2024):,}".replace(",", "\u00a0")])
        given = {"header": (1,), "first_row": 2, "last_row": 21}
        body, more = "civil_service", {"item": "service_complaints"}
    path = folder / f"table-{body}.xlsx"
    workbook.save(path)
    meaning = Mapping(
        place="KZ", body=body, number=number_of(body), date=IN_TIME, places=True, **given, **more
    )
    return read_answer_table(path, meaning)


def play(folder):
    """Answer every request of the round; return the replies that became figures."""
    replies, rows = [], []
    places = [*reference.regions(), *DISTRICTS]
    for request in read_round(folder):
        kind = KINDS[places.index(request.place_id) % len(KINDS)]
        row = {"sent_on": SENT, "received_on": RECEIVED, "outcome": "", "answered_on": ""}
        if request.body == "akimat":
            row |= {"outcome": kind, "answered_on": IN_TIME}
            form = folder / "forms" / form_name(request.place_id, "akimat")
            if kind == "form":
                fill(form, request.place_id)
                replies.append(read_form(form))
                row |= {
                    "outcome": "answered",
                    "answered_on": LATE if request.place_id == "KZ-10" else IN_TIME,
                }
            elif kind == "table":
                replies.append(by_year(folder, request.place_id))
                row["outcome"] = "partly"
            elif kind == "noise":
                cell = fill(form, request.place_id, noise=True)
                with pytest.raises(DataError, match=cell.coordinate):
                    read_form(form)
                fill(form, request.place_id)
                replies.append(read_form(form))
                row["outcome"] = "answered"
            elif kind == "silent":
                row |= {"outcome": "", "answered_on": ""}
        elif (
            request.body in ("legal_statistics", "civil_service")
            and request.place_id in reference.regions()
        ):
            row |= {"outcome": "partly", "answered_on": IN_TIME}
        rows.append(
            {
                **{
                    name: getattr(request, name)
                    for name in ("request", "place_id", "body", "language")
                },
                "items": " ".join(request.items),
                **row,
            }
        )
    columns = (folder / LOG).read_text("utf-8").splitlines()[0].split(",")
    with (folder / LOG).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return [*replies, by_region(folder, two_rows=True), by_region(folder, two_rows=False)]


@pytest.mark.slow
def test_a_whole_round_to_the_report(home, tmp_path):
    folder = tmp_path / "round-2026"
    asked = start_round(folder, [*reference.regions(), *DISTRICTS], language="kk")
    assert len(asked) == 30 * 4
    replies = play(folder)
    n_before = {name: len(load.read_series(name)) for name in ("appeals", "meetings")}
    entered = sum(enter(reply) for reply in replies)
    assert enter_round(folder, on=NOW) == 120
    build()

    # Every figure is traced to the letter, and nothing else came in.
    letters = load.load_sources().set_index("source_id")["title"]
    found = 0
    for reply in replies:
        series = load.read_series("meetings" if reply.body == "akimat" else "appeals")
        for figure in reply.figures:
            is_it = series["place_id"] == figure.place_id
            is_it &= series["indicator"] == items()[figure.item].indicator
            is_it &= series["value"] == float(figure.value)
            of_place = series[is_it]
            (row,) = of_place[of_place["period_end"].dt.year == int(figure.period)].itertuples()
            assert f"Answer No. {reply.number} of" in letters[row.sources.split()[-1]]
            found += 1
    n_after = {name: len(load.read_series(name)) for name in ("appeals", "meetings")}
    assert found == entered == sum(n_after.values()) - sum(n_before.values())

    # Every gap has its status.
    cells = coverage()
    of_meetings = cells[(cells["item"] == "meetings_count") & (cells["year"] == 2024)].set_index(
        "place_id"
    )
    shown = shown_status(of_meetings.reset_index()).set_axis(of_meetings.index)
    wanted = {
        "form": "final",
        "table": "final",
        "noise": "final",
        "refused": "refused",
        "silent": "silent",
        "forwarded": "not_found",
    }
    for place in reference.regions():
        kind = KINDS[reference.regions().index(place) % len(KINDS)]
        assert shown[place] == wanted[kind], (place, kind)

    # The report and the chart say what the log says.
    log = load_requests()
    finding = round_finding(log)
    assert finding.counts.to_dict() == {
        "answered": 10,
        "partly": 45,
        "forwarded": 5,
        "refused": 5,
        "silent": 55,
    }
    assert finding.by_region.to_numpy().sum() == 120
    assert int(finding.rows["is_in_time"].sum()) == 10 + 45 + 5 + 5 - 1
    (late,) = finding.rows[finding.rows["days"] > finding.rows["days_of_term"]].itertuples()
    assert (late.place_id, late.days) == ("KZ-10", (LATE - RECEIVED) / timedelta(days=1))
    for language in reference.languages():
        chart = charts.plot_round(finding, language=language)
        assert "120" in chart.alt
        assert charts.plot_place_coverage(cells, place="KZ-15", language=language).alt
    national = plain_text(report.requests("KZ", language="en").blocks)
    assert "120 requests were sent: answered – 10, answered in part – 45" in national
    own = plain_text(report.requests("KZ-15", language="ru").blocks)
    assert "Акимат Актюбинской области: отказано 15 сентября 2026" in own


def convert(path, to, out):
    """Save a file by LibreOffice in another format; skip where it has no Calc."""
    profile = f"-env:UserInstallation=file://{out}/profile"
    command = ["soffice", "--headless", profile, "--convert-to", to, "--outdir", out, path]
    ran = subprocess.run(command, check=False, capture_output=True, timeout=180, text=True)
    saved = out / path.with_suffix(f".{to.split(':')[0]}").name
    if not saved.is_file():
        pytest.skip(f"LibreOffice has no Calc here: {ran.stderr.strip()[:80]}")
    return saved


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_a_form_survives_a_save_in_libreoffice(tmp_path):
    """Filled, saved by LibreOffice Calc, read again: codes, drop-downs, locks and numbers stay."""
    form = write_form(tmp_path, "KZ-33", "akimat")
    fill(form, "KZ-33")
    saved = convert(form, "xlsx:Calc MS Excel 2007 XML", tmp_path / "saved")
    reply = read_form(saved)
    assert {int(one.value) for one in reply.figures} == {
        value_of("KZ-33", year) for year in range(2022, 2026)
    }
    sheet = load_workbook(saved).active
    assert sheet.protection.sheet
    assert not sheet["C6"].protection.locked and sheet["B6"].protection.locked
    assert any("не учитывается" in rule.formula1 for rule in sheet.data_validations.dataValidation)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("body", ["akimat", "election_commission", "legal_statistics"])
def test_a_form_prints_on_one_page_with_all_its_words(body, tmp_path):
    printed = convert(write_form(tmp_path, "333400000", body), "pdf", tmp_path / "printed")
    (page,) = PdfReader(printed).pages
    shown = " ".join(page.extract_text().split())
    for name in ("Алакөл ауданы", "Алакольский район", "күнтізбелік 15 күн", "статья 11, пункт 10"):
        assert name in shown
    asked = [item for item in items().values() if item.body == body]
    for item in asked:
        for language in ("kk", "ru"):
            last_word = item.wording(language).split()[-1]
            assert last_word in shown, (item.name, language)
    assert "openness-form" not in shown
