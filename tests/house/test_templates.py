"""Templates: all of them compile, nothing undefined passes in silence, every sentence can be translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import StrictUndefined, UndefinedError, nodes

from tests.house.sources import ROOT, place, templates

CYRILLIC = re.compile(r"[\u0400-\u04ff]")
GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
pytestmark = pytest.mark.sqlite_only


def test_all_templates_compile(app: Flask) -> None:
    for path in templates():
        app.jinja_env.get_template(str(path.relative_to(ROOT / "templates")))


def test_what_is_not_defined_is_not_shown(app: Flask) -> None:
    assert app.jinja_env.undefined is StrictUndefined
    with pytest.raises(UndefinedError):
        app.jinja_env.from_string("{{ forgotten }}").render()


def test_names_in_templates_are_known(app: Flask) -> None:
    """Filters, tests and functions that templates use exist: a wrong one would be found only by the page that needs it."""
    environment = app.jinja_env
    found = []
    for path in templates():
        parsed = environment.parse(path.read_text(encoding="utf-8"))
        found += [
            f"{place(path, n.lineno)} |{n.name}" for n in parsed.find_all(nodes.Filter) if n.name not in environment.filters
        ]
        found += [
            f"{place(path, n.lineno)} is {n.name}" for n in parsed.find_all(nodes.Test) if n.name not in environment.tests
        ]
    assert not found, "\n".join(found)


def untranslated(app: Flask, path: Path) -> Iterator[tuple[int, str]]:
    """Cyrillic outside gettext: in the text of the page and in strings of expressions."""
    parsed = app.jinja_env.parse(path.read_text(encoding="utf-8"))
    spoken = {
        id(inner)
        for call in parsed.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
        for argument in call.args
        for inner in [argument, *argument.find_all(nodes.Const)]
    }
    for text in parsed.find_all(nodes.TemplateData):
        if CYRILLIC.search(text.data):
            yield text.lineno, text.data.strip()
    for constant in parsed.find_all(nodes.Const):
        if isinstance(constant.value, str) and CYRILLIC.search(constant.value) and id(constant) not in spoken:
            yield constant.lineno, constant.value


def test_every_sentence_in_a_template_can_be_translated(app: Flask) -> None:
    found = [f"{place(path, line)} {text!r:.60}" for path in templates() for line, text in untranslated(app, path)]
    assert not found, "\n".join(found)


def test_data_is_never_called_safe() -> None:
    """What people typed is escaped: no template marks anything as safe by itself."""
    found = [
        place(path, number)
        for path in templates()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(r"\|\s*safe\b|autoescape\s+false|xmlattr", line)
    ]
    assert not found, "\n".join(found)


def test_every_form_that_writes_carries_the_token() -> None:
    """A form that is not drawn by the components has its token itself."""
    forms = re.compile(r"<form\b[^>]*method=.post.[^>]*>(.*?)</form>", re.IGNORECASE | re.DOTALL)
    found = [
        place(path) for path in templates()
        for body in forms.findall(path.read_text(encoding="utf-8"))
        if "csrf_token" not in body and "caller()" not in body
    ]  # fmt: skip
    assert not found, "\n".join(found)
