"""Change the statistics in one small place at a time, and count how often their tests notice.

Run: python benchmarks/mutants.py [--sample 120] [--seed 1] [--piece 2/6] [--least 0.9]

Each mutant is one random change of one line of src/analysis/stats: another comparison, sign or
operator, a number that is off, a condition turned round, `and` for `or`. It is put into a copy of the
source, and the tests of its module run until one fails. Docstrings, messages of errors and imports
are not changed. A mutant that changes nothing anybody could see counts as one that survives.

The libraries are imported once; each mutant is tested in a process forked from there. `--piece`
takes one part of the sample, so that a long run can be made in parts.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "analysis" / "stats"
TESTS = ROOT / "tests" / "stats"
COMPARE = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
}
OPERATE = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
}
LOGIC = {ast.And: ast.Or, ast.Or: ast.And}
# Test files of modules whose tests are named otherwise.
TESTED_BY = {
    "_scores": ["trend", "regions"], "_autocorrelation": ["trend"], "change": ["trend"], "inputs": ["trend", "response"],
    "_ar1": ["interrupted", "trend"], "_coverage": ["interrupted"], "spread": ["regions"], "_waiting": ["response", "competing"],
    "_incidence": ["competing"], "composite": ["index"], "draws": ["index"], "plan": ["index"], "steps": ["index"],
    "sobol": ["index"], "_validate": ["summary"], "words": ["summary"],
}  # fmt: skip
LONGEST = 300
WARM = (
    "babel.numbers",
    "hypothesis",
    "matplotlib.figure",
    "pandas",
    "pytest",
    "scipy.stats",
    "statsmodels.api",
)


def places(tree: ast.Module) -> list[ast.AST]:
    """Return the nodes that may be changed."""
    raised = {id(n) for r in ast.walk(tree) if isinstance(r, ast.Raise) for n in ast.walk(r)}
    annotated = (ast.FunctionDef, ast.AnnAssign, ast.arg)
    notes = {
        id(n)
        for node in ast.walk(tree)
        if isinstance(node, annotated)
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None))
        if part
        for n in ast.walk(part)
    }
    return [n for n in ast.walk(tree) if id(n) not in raised | notes and is_changeable(n)]


def is_changeable(node: ast.AST) -> bool:
    """Return whether there is a change for a node."""
    if isinstance(node, ast.Compare):
        return type(node.ops[0]) in COMPARE
    if isinstance(node, ast.BinOp):
        return type(node.op) in OPERATE
    if isinstance(node, ast.Constant):
        return isinstance(node.value, (int, float)) and not isinstance(node.value, complex)
    return isinstance(node, (ast.BoolOp, ast.UnaryOp, ast.If, ast.IfExp))


def change(node: ast.AST) -> None:
    """Change a node in place."""
    if isinstance(node, ast.Compare):
        node.ops[0] = COMPARE[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp):
        node.op = OPERATE[type(node.op)]()
    elif isinstance(node, ast.BoolOp):
        node.op = LOGIC[type(node.op)]()
    elif isinstance(node, ast.UnaryOp):
        node.op = ast.UAdd() if isinstance(node.op, ast.USub) else node.op
        if isinstance(node.op, (ast.Not, ast.Invert)):
            node.operand = ast.UnaryOp(node.op, node.operand)
    elif isinstance(node, (ast.If, ast.IfExp)):
        node.test = ast.UnaryOp(ast.Not(), node.test)
    elif isinstance(node, ast.Constant):
        node.value = not node.value if isinstance(node.value, bool) else node.value + 1


def mutate(source: str, which: int) -> tuple[str, int, str, str]:
    """Return a changed source, the line, and the line's part before and after."""
    tree = ast.parse(source)
    node = places(tree)[which]
    before = ast.unparse(node).splitlines()[0]
    change(node)
    ast.fix_missing_locations(tree)
    return ast.unparse(tree), node.lineno, before, ast.unparse(node).splitlines()[0]


def run_tests(copy: Path, tests: list[str]) -> None:
    """Run tests on a copy of the source and leave with their exit code: in a process of its own."""
    import pytest

    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(copy.parent / "hypothesis")
    sys.path.insert(0, str(copy))
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    options = ["-q", "-x", "-p", "no:cacheprovider", "--hypothesis-seed=0"]
    os._exit(pytest.main([*options, f"--rootdir={ROOT}", *tests]))


def fails(copy: Path, tests: list[str]) -> bool:
    """Return whether a test fails, or does not end, on a copy of the source."""
    context = multiprocessing.get_context("fork")
    process = context.Process(target=run_tests, args=(copy, tests))
    process.start()
    process.join(LONGEST)
    if process.is_alive():
        process.kill()
        process.join()
    return process.exitcode != 0


def tests_of(module: str) -> list[str]:
    """Return the test files of a module."""
    return [str(TESTS / f"test_{name}.py") for name in TESTED_BY.get(module, [module])]


def piece_of(chosen: list, piece: str) -> list:
    """Return one part of a list, such as "2/6"."""
    number, parts = (int(part) for part in piece.split("/"))
    return chosen[number - 1 :: parts]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--piece", default="1/1")
    parser.add_argument("--least", type=float, default=0.9)
    options = parser.parse_args()
    files = sorted(path for path in PACKAGE.rglob("*.py") if path.name != "__init__.py")
    sources = {path: path.read_text("utf-8") for path in files}
    known = [(path, i) for path in files for i in range(len(places(ast.parse(sources[path]))))]
    sample = random.Random(options.seed).sample(known, min(options.sample, len(known)))
    chosen = piece_of(sample, options.piece)
    killed = 0
    os.environ["OMP_NUM_THREADS"] = "1"
    os.chdir(ROOT)
    for name in WARM:
        importlib.import_module(name)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "src"
        shutil.copytree(ROOT / "src", copy)
        (Path(folder) / "data").symlink_to(ROOT / "data")
        if fails(copy, tests_of("intervals")):
            print("the tests fail on the source as it is; mutants say nothing then")
            return 2
        for path, which in chosen:
            changed, line, before, after = mutate(sources[path], which)
            target = copy / path.relative_to(ROOT / "src")
            target.write_text(changed, "utf-8")
            dead = fails(copy, tests_of(path.stem))
            target.write_text(sources[path], "utf-8")
            killed += dead
            word = "killed  " if dead else "SURVIVED"
            print(f"{word} {path.relative_to(ROOT)}:{line}: {before} -> {after}", flush=True)
    share = killed / len(chosen)
    print(f"{killed} of {len(chosen)} mutants killed ({share:.0%}), of {len(known)} possible")
    return 0 if share >= options.least else 1


if __name__ == "__main__":
    sys.exit(main())
