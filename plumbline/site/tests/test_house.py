"""The sizes and habits of the house, measured on the sources."""

import ast
from collections.abc import Iterator
from pathlib import Path

import plumbline

ROOT = Path(plumbline.__file__).parent
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


def test_no_registry_is_named():
    hosts = ("pypi" + ".org", "npmjs" + ".org", "python" + "hosted.org", "debian" + ".org")
    root = ROOT.parent
    files = [*root.glob("*.*"), root / "Makefile", *root.glob("tools/*"), *root.glob(".ci/*"),
             *root.glob("docs/**/*.md"), *root.glob("bench/*.py"), *sources()]
    naming = [str(path) for path in files if path.is_file()
              and any(host in path.read_text(encoding="utf-8", errors="ignore") for host in hosts)]
    assert naming == []
