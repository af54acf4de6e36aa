"""The sizes and habits of the house, measured on the sources."""

import ast
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import plumbline

ROOT = Path(plumbline.__file__).parent
REPORTS = Path(os.environ.get("PLUMBLINE_SHARED", ROOT.parent.parent / "shared")) / "reports"
CHINESE = re.compile("[\u4e00-\u9fff]+")
COPIED = 14
STATUTORY = "社会发展计划上半年执行情况"
FUNCTION_KINDS = (ast.FunctionDef, ast.AsyncFunctionDef)
IMPORTS = (ast.Import, ast.ImportFrom)


def sources() -> list[Path]:
    """Every Python file of the package that a person wrote."""
    return [path for path in sorted(ROOT.rglob("*.py")) if "migrations" not in path.parts]


def nodes(*kinds: type[ast.AST], tests: bool = True) -> Iterator[tuple[str, ast.AST]]:
    """Every syntax node of these kinds, with its place as `file:line`."""
    for path in sources():
        if not tests and "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, kinds):
                yield f"{path.relative_to(ROOT.parent)}:{node.lineno}", node


def length(node: ast.AST) -> int:
    """Lines of a function, decorators left out."""
    return node.end_lineno - node.lineno + 1


def parameters(node: ast.AST) -> int:
    """Parameters of a function, `self` left out."""
    named = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return sum(part.arg not in ("self", "cls") for part in named)


def test_no_function_is_longer_than_sixty_lines():
    long = [(where, node.name, length(node)) for where, node in nodes(*FUNCTION_KINDS) if length(node) > 60]
    assert long == []


def test_half_of_the_functions_have_ten_lines_and_nine_in_ten_thirty():
    sizes = sorted(length(node) for _, node in nodes(*FUNCTION_KINDS))
    assert sizes[len(sizes) // 2] <= 10
    assert sizes[len(sizes) * 9 // 10] <= 30


def test_no_file_is_longer_than_four_hundred_lines():
    long = {str(path): n for path in sources()
            if (n := path.read_text(encoding="utf-8").count("\n")) > 400}
    assert long == {}


def test_functions_take_at_most_six_parameters():
    many = [(where, node.name) for where, node in nodes(*FUNCTION_KINDS) if parameters(node) > 6]
    assert many == []


def test_nothing_is_imported_inside_a_function():
    inner = [where for where, node in nodes(*FUNCTION_KINDS)
             if any(isinstance(part, IMPORTS) for part in ast.walk(node))]
    assert inner == []


def test_modules_are_loaded_by_name_where_the_decision_says():
    loading = {where.split(":")[0] for where, node in nodes(ast.Call, tests=False)
               if "import_module" in ast.unparse(node.func) or ast.unparse(node.func) == "__import__"}
    assert loading == {
        "plumbline/engine/opening.py", "plumbline/reports/reading/source.py", "plumbline/site/commands/__init__.py",
        "plumbline/site/commands/demo_orders.py",
        "plumbline/site/commands/demo_records.py", "plumbline/site/urls.py", "plumbline/site/worker.py",
        "plumbline/systems/hotline/classify.py"}


def test_every_exception_is_caught_in_two_places_at_most():
    wide = [where for where, node in nodes(ast.ExceptHandler) if catches_all(node.type)]
    assert len(wide) <= 2, wide


def catches_all(kind: ast.expr | None) -> bool:
    """Whether an `except` names nothing, Exception or BaseException, alone or in a tuple."""
    kinds = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(k is None or (isinstance(k, ast.Name) and k.id in ("Exception", "BaseException")) for k in kinds)


def test_nobody_uses_django_signals():
    using = [where for where, node in nodes(*IMPORTS)
             if "django.dispatch" in ast.unparse(node) or ".signals" in ast.unparse(node)]
    assert using == []


def test_no_file_has_a_vague_name():
    words = ("utils", "util", "helpers", "manager", "common")
    vague = [str(path) for path in sources() if path.stem in words]
    assert vague == []


def texts() -> dict[str, str]:
    """Every text file of the source tree that git keeps or would keep."""
    if not (ROOT.parent / ".git").exists():
        pytest.skip("no .git here: run this in a clone")
    told = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT.parent,
                          capture_output=True, text=True, check=True, timeout=60)
    paths = {name: ROOT.parent / name for name in told.stdout.split("\0") if name}
    return {name: path.read_text(encoding="utf-8", errors="ignore") for name, path in paths.items() if path.is_file()}


def test_no_registry_is_named():
    hosts = ("pypi" + ".org", "npmjs" + ".org", "python" + "hosted.org", "debian" + ".org")
    found = texts()
    assert len(found) > 200
    assert [name for name, text in found.items() if any(host in text for host in hosts)] == []


def runs(text: str) -> set[str]:
    """Every run of Chinese characters as long as a sentence's own words; what the law calls such reports is nobody's."""
    stretches = CHINESE.findall(text.replace(STATUTORY, "，"))
    return {stretch[at:at + COPIED] for stretch in stretches for at in range(len(stretch) - COPIED + 1)}


def test_a_sentence_has_runs_and_a_title_of_the_law_has_none():
    assert len(runs("全区围绕年初确定的目标稳步推进各项")) == 4
    assert runs("关于2025年国民经济和社会发展计划上半年执行情况的报告") == set()


def test_no_sentence_of_a_real_report_stands_here():
    if not REPORTS.is_dir():
        pytest.skip(f"{REPORTS} is absent; set PLUMBLINE_SHARED to run this")
    theirs = {run for path in REPORTS.glob("*.txt") for run in runs(path.read_text(encoding="utf-8-sig"))}
    assert len(theirs) > 1000
    copied = {name: shared for name, text in texts().items() if (shared := sorted(runs(text) & theirs))}
    assert copied == {}
