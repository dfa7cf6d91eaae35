"""The code goes one way: a stage knows those before it, never those after."""

from __future__ import annotations

import ast
from pathlib import Path

import analysis

PACKAGE = Path(analysis.__file__).parent
# From the bottom up; docs/architecture.md draws it.
STAGES = (
    "errors",
    "paths",
    "files",
    "store",
    "progress",
    "reference",
    "locale",
    "data",
    "load",
    "stats",
    "derive",
    "evidence",
    "records",
    "requests",
    "charts",
    "gallery",
    "notebooks",
    "report",
    "site",
    "cli",
)

# `charts.draw` and `charts.FIGURES` are names that people know; they look up the gallery when used.
LOOKED_UP_LATER = {"charts/__init__.py -> gallery"}


def stage_of(module: str) -> str | None:
    parts = module.split(".")
    if parts[0] != "analysis" or len(parts) == 1:
        return None
    return parts[1]


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {stage_of(name.name) for name in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "analysis":
                found |= {name.name for name in node.names if name.name in STAGES}
            else:
                found.add(stage_of(node.module))
    return found - {None}


def test_no_module_imports_a_later_stage():
    climbs = []
    for path in sorted(PACKAGE.rglob("*.py")):
        stage = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if stage not in STAGES:
            continue
        later = set(STAGES[STAGES.index(stage) + 1 :])
        climbs += [f"{path.relative_to(PACKAGE)} -> {name}" for name in imports_of(path) & later]
    assert set(climbs) == LOOKED_UP_LATER


def test_every_part_of_the_package_is_a_stage():
    parts = {
        path.name.removesuffix(".py") for path in PACKAGE.iterdir() if path.suffix in ("", ".py")
    }
    shims = {"gazetteer", "places", "comparisons", "figures", "moved"}  # old names, for one release
    assert parts - set(STAGES) <= {"__init__", "__pycache__", "py.typed", "_home", *shims}
