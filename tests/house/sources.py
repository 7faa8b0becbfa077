"""The sources as the guard tests read them: files, trees of Python, texts of templates."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("exchange", "reports")
# Rooms whose files may hold Cyrillic that nobody is shown: words for recognising spreadsheets and names.
VOCABULARY = "vocabulary"


def python_files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        path = ROOT / folder
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))


def place(path: Path, line: int = 0) -> str:
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))


def rooms() -> list[str]:
    """The folders of exchange/ and reports/."""
    return sorted(p.name for p in (ROOT / "exchange").iterdir() if p.is_dir() and p.name not in ("__pycache__", "static"))


def name_of(call: ast.AST) -> str:
    """`a.b.c` of a call or an attribute, as written."""
    return ast.unparse(call) if isinstance(call, ast.Name | ast.Attribute) else ""


def docstrings(module: ast.Module) -> set[int]:
    """The ids of the nodes that are docstrings."""
    found = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                found.add(id(first.value))
    return found
