"""Every notebook runs, prints no warning, speaks three languages and is kept without outputs."""

from __future__ import annotations

import ast
import functools
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest

from analysis import load, paths, records
from analysis.derive import comparisons
from analysis.errors import UnknownName
from analysis.notebooks import check, ending, paragraphs, stories, story, title
from analysis.notebooks import exercises as exercises_module
from analysis.notebooks.exercises import exercises
from analysis.records.simulation import Effects, bodies
from analysis.reference import languages
from analysis.report import notebooks
from analysis.report.document import MIME, Code, Fold, plain_text
from analysis.report.jobs import standard_notebook
from analysis.report.notebook.blocks import blocks_of
from analysis.report.notebook.warm import WarmKernel
from analysis.requests import simulate_round

NOTEBOOKS = notebooks()
# Each takes seconds in a kernel: one here, all of them in `make test-slow`.
ALL_IN_RUSSIAN = [(path, "ru") for path in NOTEBOOKS[1:]]
SOME_IN_KAZAKH = [(path, "kk") for path in NOTEBOOKS if path.stem[:2] in ("01", "08", "09", "12")]
RUN = [
    (NOTEBOOKS[0], "ru"),
    *(pytest.param(*one, marks=pytest.mark.slow) for one in [*ALL_IN_RUSSIAN, *SOME_IN_KAZAKH]),
]
STRIP = (
    "JupyterLab saves outputs by itself. Run:\n"
    "  .venv/bin/python -m nbstripout --keep-id {path}\n"
    "and once in a clone `make filters`, after which git leaves outputs out of commits."
)


@pytest.fixture(scope="module", autouse=True)
def computed_once():
    """What an exercise expects is computed once for all tests here that do not change the data."""
    once = functools.cache(exercises_module.expected)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exercises_module, "expected", once)
        yield once


@pytest.fixture(scope="module")
def kernel():
    with WarmKernel(paths.root() / "notebooks") as warm:
        yield warm


def cells_of(path, kind="code"):
    cells = nbformat.read(path, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == kind]


def tagged(path, tag):
    return [cell for cell in cells_of(path) if tag in cell.metadata.get("tags", [])]


def called(path, function):
    """The first arguments with which the cells of a notebook call a function, as far as they are plain texts."""
    calls = [
        node
        for cell in cells_of(path)
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == function
    ]
    first = [call.args[0] for call in calls if call.args]
    return [argument.value for argument in first if isinstance(argument, ast.Constant)]


def with_outputs(path):
    return [cell for cell in cells_of(path) if cell.outputs or cell.execution_count is not None]


@pytest.mark.parametrize("path", [*NOTEBOOKS, standard_notebook()], ids=lambda p: p.stem)
def test_a_notebook_is_kept_without_outputs(path):
    name = path.relative_to(paths.root())
    assert not with_outputs(path), f"{name} has outputs. {STRIP.format(path=name)}"


def test_the_filter_of_git_leaves_clean_notebooks_as_they_are(tmp_path):
    copies = [Path(shutil.copy(path, tmp_path)) for path in [*NOTEBOOKS, standard_notebook()]]
    command = [sys.executable, "-m", "nbstripout", "--keep-id", *copies]
    subprocess.run(command, capture_output=True, check=True)
    for copy in copies:
        (path,) = (paths.root() / "notebooks").rglob(copy.name)
        name = path.relative_to(paths.root())
        filtered = copy.read_bytes() == path.read_bytes()
        assert filtered, f"{name} is not as the filter writes it. {STRIP.format(path=name)}"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_holds_no_logic(path):
    for cell in cells_of(path):
        assert len(cell.source.splitlines()) <= 8
        assert "def " not in cell.source


@pytest.mark.parametrize(("path", "language"), RUN, ids=lambda p: getattr(p, "stem", p))
def test_a_notebook_runs_without_error_or_warning_and_shows_its_figures(path, language, kernel):
    notebook = kernel.run(path, language=language)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    shown = sum("svg" in str(output.get("data", {}).get(MIME, "")) for output in outputs)
    assert shown >= {"12": 1, "00": 1, "05": 1, "07": 0, "08": 0, "11": 2}.get(path.stem[:2], 3)
    printed = [o for c in notebook.cells for o in c.get("outputs", []) if o.get("name") == "stderr"]
    assert not [o["text"] for o in printed if re.search(r"Warning", o["text"])]
    assert_plain(notebook, path, language)


def assert_plain(notebook, path, language):
    """What cells show is text, tables and pictures in the language, and never how Python writes an object."""
    blocks = blocks_of(notebook, name=path.name, code=True, language=language)
    shown = plain_text([block for block in blocks if not isinstance(block, Code | Fold)])
    assert not re.search(r"np\.float64|Words\(|\\xa0|^[({'\"].*[)}'\"]$", shown, re.M)
    headings = re.findall(r"^(?:#+ )(.+)$", str(story("votes.limits", language)), re.M)
    if path.stem[:2] not in ("00", "12"):
        assert headings[0] in shown
    for name in called(path, "check"):
        assert name in exercises()
        assert str(story("check.waiting", language)) in shown
    told = [block for block in blocks if isinstance(block, Code) and "\n" not in block.text]
    assert not [block for block in told if block.text.startswith('story("')]
    folds = [block for block in blocks if isinstance(block, Fold)]
    assert len(folds) == len(tagged(path, "solution"))
    assert all(len(fold.blocks) > 1 for fold in folds)  # the code and what it shows


# Texts


@pytest.mark.parametrize("language", languages())
def test_every_language_has_every_text_and_each_is_used(language, computed_once):
    written = stories.texts(language).keys()
    assert written == stories.texts("en").keys()
    told = {name for path in NOTEBOOKS for name in called(path, "story")}
    assert told <= written
    misses = {
        f"{name}.{miss}"
        for name in exercises()
        if name != "records-1"
        for miss in computed_once(name).misses
    }
    assert misses <= written
    chosen = r"\.(title|question)$|^ending$|^check\.|^records-1\.|^records\.(audit_|before|after|period|done|redirected|withdrawn|in_progress)"
    assert not [name for name in written - told - misses if not re.search(chosen, name)]


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_no_english_and_no_other_text_stands_in_for_a_translation(language):
    names = r"JupyterLab|WGI|export|mapping|language|ingest|monthly|audit|openness request enter|article|vote"
    for name, said in stories.texts(language).items():
        plain = re.sub(
            r"```.*?```|`.*?`|\{.*?\}|\"\w+(-\d+)?\"|\S+\.(csv|md)", "", said, flags=re.S
        )
        assert not re.findall(r"[A-Za-z]{2,}", re.sub(names, "", plain)), name
        assert re.search("[А-Яа-я]", said), name
        assert said != stories.texts("ru" if language == "kk" else "kk")[name] or len(said) < 20, (
            name
        )
        english = stories.texts("en")[name]
        for pattern in (r"\{\w+\}", r"^#+ ", r"^\d\. ", r"^```", r"\*\*"):
            found = [sorted(re.findall(pattern, text, re.M)) for text in (said, english)]
            assert found[0] == found[1], (name, pattern)


def test_a_text_that_a_language_lacks_is_english_and_an_unknown_name_is_refused(monkeypatch):
    written = {"en": {"a.b": "English {n}", "a.c": "Only English"}, "kk": {"a.b": "Қазақша {n}"}}
    monkeypatch.setattr(stories, "texts", lambda language: written.get(language, {}))
    assert str(story("a.b", "kk", n=3)) == "Қазақша 3"
    assert str(story("a.c", "kk")) == "Only English"
    assert str(story("a.b", "ru", n=4)) == "English 4"
    with pytest.raises(UnknownName, match=r"'a\.d' is not known"):
        story("a.d", "kk")
    with pytest.raises(UnknownName, match="'kz' is not known"):
        story("a.b", "kz")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_that_was_not_run_says_in_three_languages_what_it_is_about(path):
    opening = cells_of(path, "markdown")[0].source
    titles = [title(path, language) for language in ("en", "kk", "ru")]
    name = stories._STORIES[path.stem]
    english, kazakh, russian = (str(story(f"{name}.question", code)) for code in ("en", "kk", "ru"))
    head = f"# {' · '.join(titles)}"
    assert opening == f"{head}\n\n{english}\n\n*Қазақша:* {kazakh}\n\n*Русский:* {russian}"
    assert len(cells_of(path, "markdown")) == 1


def test_sentences_show_as_they_are():
    said = paragraphs("p < 0.05 * 2", "a_b_c [1] $5")
    assert said._repr_markdown_() == "p \\< 0.05 \\* 2\n\na\\_b\\_c \\[1\\] \\$5"
    assert str(ending("ru")).endswith("27 марта 2026 года.")


@pytest.mark.parametrize("language", languages())
def test_groups_before_and_after_stand_in_that_order(language):
    """A regression takes the first in the order of letters as what the other is compared with."""
    assert str(story("records.before", language)) < str(story("records.after", language))


def test_numbers_in_the_texts_are_those_of_the_data():
    turnout = load.load_turnout()
    last = set(turnout[turnout["vote"] == "referendum_2026"]["place_id"]) - {"KZ"}
    assert (turnout["vote"].nunique(), 20 - len(last)) == (7, 2)
    final = load.load_turnout(stage="final")
    of_regions = final[final["place_id"] != "KZ"]
    assert (len(of_regions), of_regions["vote"].nunique()) == (2, 1)
    votes, nation = comparisons.turnout_by_region(turnout, load.load_residents())
    above = votes.gt(nation, axis=1).to_numpy().sum() / votes.notna().to_numpy().sum()
    assert len(votes) == 17 and above == pytest.approx(2 / 3, abs=0.02)
    elections = load.load_akim_elections(indicator="turnout_share")
    first = elections[elections["period_end"] == "2021-07-25"].set_index("place_id")["value"]
    assert (len(first.drop("KZ")), first["KZ"]) == (14, 0.791)
    scores = load.load_context(since=2012, place="KZ", indicator="cpi_score")
    assert len(scores) == 14
    effects = Effects()
    assert (len(bodies()), len(effects.slow_bodies), effects.level_change) == (140, 2, 1.25)
    assert simulate_round(seed=1).groupby("place_id").size().tolist() == [4] * 20


# Exercises: what is right was worked out by hand from the published tables.

RIGHT = {
    "appeals-1": [0.139, np.float64(0.13912), "0.1391"],
    "meetings-1": [0.756, 47.6 / 63],
    "akims-1": [0.106, 116 / 1093],
    "votes-1": ["KZ-75", "Almaty city", ["г. Алматы"] * 7, pd.Series(["KZ-75"] * 7)],
    "context-1": [10.48, 10.5],
    "evidence-1": [18, np.int64(18), 18.0],
    "alakol-1": [5],
    "alakol-2": [
        ["333437000", "333451000", "333457000", "333471000", "333477000"],
        ["Арқарлы ауылдық округі", "333451000", "Kolbai rural district", "333471000", "333477000"],
    ],
    "methods-1": [6],
    "day-1": ["referendum_2022", " referendum_2022"],
    "law-1": [15],
    "law-2": ["Law 401-V art. 11 p. 10", "art. 11 p. 10", "11-бап, 10-тармақ"],
    "requests-1": [7],
}
NEARLY = {
    "appeals-1": {
        1.139: "ratio",
        0.1221: "base",
        0.0539: "year",
        -0.405: "half",
        13.9: "percent",
        0.143: "close",
    },
    "meetings-1": {0.75: "published", 0.244: "unresolved", 1.3235: "base", 75.6: "percent"},
    "akims-1": {
        0.1187: "ratio",
        0.894: "men",
        0.1908: "first_time",
        10.6: "percent",
        0.11: "close",
    },
    "votes-1": {"KZ-43": "highest", "KZ-71": "second", ("KZ-75", "KZ-71"): "some"},
    "context-1": {5.24: "half", 10.78: "year", 44.24: "end", 10.2: "close"},
    "evidence-1": {20: "all", 2: "some", 13: "always", 19: "nation"},
    "alakol-1": {6: "rows", 16: "all"},
    "alakol-2": {
        ("333437000",): "some",
        ("333400000", "333437000", "333451000", "333457000", "333471000", "333477000"): "district",
    },
    "methods-1": {7: "all", 1: "missing", 15: "units"},
    "day-1": {"referendum_2024": "second", "president_2019": "last"},
    "law-1": {5: "refusal", 3: "forwarding", 30: "extended"},
    "law-2": {"art. 11": "paragraph", "Law 401-V art. 11 p. 17": "paragraph"},
    "requests-1": {21: "silent", 28: "both"},
}
WRONG = {
    "appeals-1": [0.5, -1, 0, float("nan")],
    "meetings-1": [0.4],
    "akims-1": [0.5, 116],
    "votes-1": [["KZ-11", "KZ-33"]],
    "context-1": [38, 0],
    "evidence-1": [17, 18.4],
    "alakol-1": [4],
    "alakol-2": [["KZ-33"]],
    "methods-1": [5],
    "day-1": ["majilis_2021", ""],
    "law-1": [10],
    "law-2": ["art. 18", ""],
    "requests-1": [8],
}
OTHER_KIND = {
    "appeals-1": {"much": "number", (0.1, 0.2): "number"},
    "votes-1": {"Nowhere": "place", 5: "place", (): "place"},
    "day-1": {2022: "text"},
    "law-2": {11: "text"},
}


def test_every_exercise_is_asked_in_a_notebook_and_answered_here():
    asked = [name for path in NOTEBOOKS for name in called(path, "check")]
    assert sorted(asked) == sorted(exercises())
    assert (
        {*RIGHT, "records-1"} == {*NEARLY, "records-1"} == {*WRONG, "records-1"} == set(exercises())
    )


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", RIGHT)
def test_an_answer_is_right_nearly_right_or_wrong(name, language):
    said = {
        "right": [check(name, answer, language) for answer in RIGHT[name]],
        "wrong": [check(name, answer, language) for answer in WRONG[name]],
        "waiting": [check(name, answer, language) for answer in (..., None)],
    }
    for kind, answers in said.items():
        assert set(answers) == {story(f"check.{kind}", language)}
    for answer, miss in NEARLY[name].items():
        home = "check" if miss in ("percent", "close") else name
        hint = story(f"{home}.{miss}", language)
        assert check(name, answer, language) == story("check.nearly", language, hint=hint), answer
    for answer, kind in OTHER_KIND.get(name, {}).items():
        assert check(name, answer, language) == story(f"check.{kind}", language)


@pytest.mark.parametrize("language", languages())
def test_no_hint_gives_the_answer_away(language):
    for name, (answer, *_) in RIGHT.items():
        answers = answer if isinstance(answer, list) else [answer]
        hints = {key: said for key, said in stories.texts(language).items() if key.startswith(name)}
        assert hints
        for key, said in hints.items():
            assert not [one for one in answers if re.search(rf"(?<!\d){one}(?!\d)", said)], key


def test_what_is_right_follows_the_data(monkeypatch, computed_once):
    monkeypatch.setattr(exercises_module, "expected", computed_once.__wrapped__)
    filed = load.load_appeals(indicator="administrative_lawsuits_filed")
    is_last = filed["period_end"] == "2024-12-31"
    other = filed.assign(value=filed["value"].mask(is_last, 28852 * 1.5))
    monkeypatch.setattr(load, "load_appeals", lambda **_: other)
    assert check("appeals-1", 0.5) == story("check.right")
    assert check("appeals-1", 0.139) == story("check.wrong")


def test_an_unknown_exercise_or_language_is_named():
    with pytest.raises(UnknownName, match="exercise 'appeals-9' is not known"):
        check("appeals-9", 1)
    with pytest.raises(UnknownName, match="'kz' is not known"):
        check("appeals-1", 1, "kz")


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Records of two years: of those considered 2 in 4 were satisfied, then 3 in 4."""
    home = tmp_path_factory.mktemp("own")
    head = "№ обращения,Дата регистрации,Дата исполнения,Вид обращения,Результат рассмотрения,Состояние\n"
    lines = []
    for year, satisfied in ((2023, 200), (2024, 300)):
        for number in range(600):
            result = "Удовлетворено" if number < satisfied else "Отказано"
            ended = f"01.02.{year},Жалоба,{result},Исполнено"
            lines.append(
                f"{year}-{number},05.01.{year},{ended if number < 400 else ',Жалоба,,В работе'}\n"
            )
    (home / "own.csv").write_text(head + "".join(lines), "utf-8")
    records.ingest(home / "own.csv", dataset="appeals", out=home / "records")
    return home / "records"


@pytest.mark.parametrize("language", languages())
def test_the_exercise_on_own_records_follows_the_records(own, language):
    def judged(answer):
        return check("records-1", answer, language, records=own)

    def nearly(name):
        return story("check.nearly", language, hint=story(name, language))

    assert judged([0.5, 0.75]) == judged(pd.Series([0.5, 0.75])) == story("check.right", language)
    assert judged([1 / 3, 0.5]) == nearly("records-1.base")
    assert judged([0.75, 0.5]) == nearly("records-1.order")
    assert judged([0.5]) == nearly("records-1.years")
    assert judged([50, 75]) == nearly("check.percent")
    assert judged([0.1, 0.2]) == story("check.wrong", language)
    assert judged(0.5) == story("check.numbers", language)
    assert judged(...) == story("check.waiting", language)


@pytest.mark.parametrize("path", NOTEBOOKS[1:], ids=lambda p: p.stem)
def test_a_solution_and_what_it_shows_are_folded_away(path):
    solutions = tagged(path, "solution")
    assert solutions
    for cell in solutions:
        assert cell.metadata["jupyter"] == {"source_hidden": True, "outputs_hidden": True}
    for cell in tagged(path, "exercise"):
        assert cell.source.startswith("answer = ...\ncheck(")


# Notebook 09 with an export of another layout


@pytest.mark.slow
def test_notebook_09_reads_a_foreign_layout_with_its_mapping(kernel, tmp_path):
    """The simulated file in the layout of another system: other names, months first, other words."""
    names = {
        "Регистрационный номер": "Unique Key", "Дата регистрации": "Created Date", "Дата исполнения": "Closed Date",
        "Срок исполнения": "Due Date", "Вид обращения": "Kind", "Тема": "Complaint Type", "Орган": "Agency",
        "Регион": "Borough", "Результат рассмотрения": "Resolution", "Состояние": "Status",
    }  # fmt: skip
    plain = pd.read_csv(records.simulate(20_000, seed=3, out=tmp_path / "a.csv"), dtype=str)
    foreign = plain[list(names)].rename(columns=names)
    for column in ("Created Date", "Closed Date", "Due Date"):
        days = pd.to_datetime(foreign[column], format="%d.%m.%Y")
        foreign[column] = days.dt.strftime("%m/%d/%Y")
    foreign["Status"] = (
        foreign["Status"].map({"Исполнено": "Closed", "В работе": "Assigned"}).fillna("Moved")
    )
    foreign.to_csv(tmp_path / "foreign.csv", index=False)
    (tmp_path / "map.toml").write_text(MAPPING, "utf-8")
    notebook = kernel.run(
        paths.root() / "notebooks" / "09_own_records.ipynb",
        language="kk",
        export=str(tmp_path / "foreign.csv"),
        mapping=str(tmp_path / "map.toml"),
    )
    shown = plain_text(blocks_of(notebook, name="09", code=True))
    assert "Оқылған жолдар: 20000 = қалдырылғаны 20000" in shown
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert sum("svg" in str(output.get("data", {}).get(MIME, "")) for output in outputs) == 6


@pytest.mark.slow
def test_the_funnel_of_notebook_09_finds_the_two_slow_bodies(kernel):
    run = kernel.run(paths.root() / "notebooks" / "09_own_records.ipynb", language="en")
    shown = plain_text(blocks_of(run, name="09"))
    assert "Of 140 units 2 are outside" in shown


MAPPING = """
dataset = "appeals"

[columns]
registration_number = "Unique Key"
registered = "Created Date"
finished = "Closed Date"
deadline = "Due Date"
type = "Kind"
topic = "Complaint Type"
body = "Agency"
place = "Borough"
result = "Resolution"
state = "Status"

[dates]
registered = "month first"
finished = "month first"
deadline = "month first"

[values.state]
"Closed" = "done"
"Assigned" = "in_progress"
"Moved" = "redirected"
"""
