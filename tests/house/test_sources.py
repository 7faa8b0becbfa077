"""What the sources must not hold: long files, shapeless rooms, raw SQL, untranslated sentences, addresses outside the site."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import PACKAGES, ROOT, VOCABULARY, docstrings, name_of, place, python_files, rooms, templates, tree

LONGEST = 400
SHAPELESS = {"common", "utils", "util", "helpers", "helper", "misc", "core", "manager", "managers", "tools", "lib", "base"}
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
GETTEXT = {"_", "_l", "gettext", "lazy_gettext", "ngettext", "lazy_ngettext", "pgettext", "npgettext"}


# ------------------------------------------------------------------------------------------------------ size and names
def test_no_file_is_longer_than_it_may_be() -> None:
    sources = [*python_files("wsgi.py", "exchange", "reports", "tests", "bench"), *templates()]
    sources += sorted((ROOT / "exchange" / "static").rglob("*.css"))
    lengths = {place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources}
    found = [f"{name} {lines}" for name, lines in lengths.items() if lines > LONGEST]
    assert not found, "\n".join(found)


def test_rooms_and_files_are_named_for_what_they_hold() -> None:
    names = [*rooms(), *(path.stem for path in python_files(*PACKAGES))]
    assert SHAPELESS.isdisjoint(names)


def test_every_file_says_what_it_is_for() -> None:
    silent = [place(path) for path in python_files(*PACKAGES, "wsgi.py") if not ast.get_docstring(tree(path))]
    assert not silent, "\n".join(silent)


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|coming soon|NotImplementedError", re.IGNORECASE)
    found = [
        place(path, number)
        for path in [*python_files(*PACKAGES, "wsgi.py"), *templates()]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if later.search(line)
    ]
    assert not found, "\n".join(found)


# ------------------------------------------------------------------------------------------------------------- raw SQL
# Where SQL may be written by hand: connections, both walls, and what an installed database needs.
SPEAKS_SQL = {
    "exchange/database.py", "exchange/access/rules.py", "exchange/access/walls.py", "exchange/access/rows.py",
    "exchange/installation.py", "exchange/cli_check.py",
}  # fmt: skip
# What SQLAlchemy has no words for: a condition of a partial index in a model.
FRAGMENTS = {
    "exchange/people/models.py",
    "exchange/students/models.py",
    "exchange/merging/models.py",
    "exchange/files/models.py",
    "exchange/transfers/models.py",
}
BULK = {"bulk_insert_mappings", "bulk_save_objects", "bulk_update_mappings"}
RAW = {"text", "from_statement", "exec_driver_sql", "literal_column", *BULK}


ASKING = {"select", "insert", "update", "delete", "select_from", "join", "outerjoin", "execute", "scalars", "scalar"}
# Millions of rows of an empty register, written by the system itself.
BARE_TABLES = {"exchange/demo/load.py"}


def raw_calls(path: Path) -> Iterator[tuple[int, str]]:
    """Calls that speak SQL, and questions to bare tables."""
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
    }
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call):
            continue
        name = name_of(node.func) or (node.func.attr if isinstance(node.func, ast.Attribute) else "")
        last = name.rpartition(".")[2]
        if last in RAW - {"text"} or name in {"sa.text", "sqlalchemy.text"} or (name == "text" and "text" in imported):
            yield node.lineno, name
        bare = [a for a in node.args if isinstance(a, ast.Attribute) and a.attr == "__table__"]
        if last in ASKING and bare and place(path) not in BARE_TABLES:
            yield node.lineno, f"{name}(__table__)"


def test_no_raw_sql_in_rooms() -> None:
    """The session wall sees neither text nor bare tables."""
    found = [
        f"{place(path, line)} {name}"
        for path in python_files(*PACKAGES)
        if place(path) not in SPEAKS_SQL
        for line, name in raw_calls(path)
        if not (name == "sa.text" and place(path) in FRAGMENTS)
    ]
    assert not found, "\n".join(found)


# -------------------------------------------------------------------------------------------------------- transactions
# Where a transaction may be committed: the end of a request, a command, a second session inside, counters of tries, a file
# that is kept before the form that carries it is looked at; jobs, which are no requests, and their signs of life.
COMMITS = {
    "exchange/web/transaction.py", "exchange/web/limits.py", "exchange/access/terminal.py", "exchange/access/master_key.py",
    "exchange/installation.py", "exchange/imports/commands.py", "reports/issue.py", "exchange/files/carrying.py",
    "exchange/jobs/running.py", "exchange/jobs/signs.py",
}  # fmt: skip


def test_actions_flush_and_never_commit() -> None:
    found = [
        place(path, node.lineno)
        for path in python_files(*PACKAGES)
        if place(path) not in COMMITS
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]
    assert not found, "\n".join(found)


# ----------------------------------------------------------------------------------------------------------- sentences
def untranslated(path: Path) -> Iterator[tuple[int, str]]:
    """Cyrillic in code that is not given to gettext."""
    module = tree(path)
    spoken = docstrings(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and name_of(node.func).rpartition(".")[2] in GETTEXT:
            spoken |= {id(inner) for argument in node.args for inner in ast.walk(argument)}
    for node in ast.walk(module):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in spoken
            and CYRILLIC.search(node.value)
        ):
            yield node.lineno, node.value


# Tables of letters, which no one reads as sentences, and the name of a language, which is the same in all languages.
LETTERS = {"exchange/spreadsheets/transliteration.py", "exchange/spreadsheets/parsing/plain.py"}
SAME_EVERYWHERE = {"Рус", "Қаз"}


def test_every_sentence_in_code_can_be_translated() -> None:
    found = [
        f"{place(path, line)} {text!r:.60}"
        for path in python_files(*PACKAGES, "wsgi.py")
        if VOCABULARY not in path.stem and place(path) not in LETTERS
        for line, text in untranslated(path)
        if text not in SAME_EVERYWHERE
    ]
    assert not found, "\n".join(found)


def test_gettext_is_given_whole_sentences() -> None:
    """A sentence put together with f"" or + can't be found in a catalogue."""
    found = []
    for path in python_files(*PACKAGES):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and name_of(node.func) in GETTEXT and node.args:
                count = 2 if "ngettext" in name_of(node.func) else 1
                if any(not (isinstance(a, ast.Constant) and isinstance(a.value, str)) for a in node.args[:count]):
                    found.append(place(path, node.lineno))
    assert not found, "\n".join(found)


# ------------------------------------------------------------------------------------------------------ no foreign hosts
ADDRESS = re.compile(r"(?:https?:)?//[\w.-]+\.\w+|url\(\s*['\"]?(?!data:)[a-z]+:", re.IGNORECASE)


def test_pages_need_nothing_from_outside() -> None:
    sources = [*templates(), *sorted((ROOT / "exchange" / "static").rglob("*"))]
    found = [
        f"{place(path, number)} {match[0]}"
        for path in sources
        if path.is_file() and path.suffix in {".html", ".css", ".js", ".svg"}
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (match := ADDRESS.search(line)) and "www.w3.org/2000/svg" not in line
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_files_name_no_host(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)
    pinned = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line, re.IGNORECASE)]
    assert pinned
    assert all("==" in line for line in pinned)
    assert text.count("--hash=sha256:") >= len(pinned)


def test_scripts_are_not_needed() -> None:
    """No script, no handler and no style inside a page: the policy of content would refuse them."""
    inside = re.compile(r"<script(?![^>]*\bsrc=)|\son[a-z]+\s*=|\sstyle\s*=|=\s*['\"]?javascript:", re.IGNORECASE)
    found = [
        f"{place(path, number)} {match[0]}"
        for path in templates()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (match := inside.search(line))
    ]
    assert not found, "\n".join(found)
