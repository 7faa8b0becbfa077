"""Two who change one record at once: what was, what the other left, what is typed here, field by field; nothing is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from exchange.database import now
from exchange.students.models import Student
from exchange.students.views.room import moment_words

Strings = Mapping[str, str]


@dataclass
class Difference:
    """A field that both changed."""

    field: str
    label: Any
    was: str
    theirs: str
    mine: str
    error: Any = ""
    choice: str = ""


@dataclass
class Merged:
    """A field that one of the two changed."""

    label: Any
    value: str
    was: str | None = None


@dataclass
class ThreeWays:
    """What of a record both changed, and what only one did; `values` is the record with everything that did not clash."""

    both: list[Difference] = field(default_factory=list)
    theirs_in: list[Merged] = field(default_factory=list)
    mine_in: list[Merged] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)


def sent(name: str, fields: Collection[str]) -> dict[str, str]:
    """Values of fields that a form carries with it as JSON; what is not of these fields, or no JSON, is left out."""
    try:
        found = json.loads(request.form.get(name, "") or "{}")
    except ValueError:
        return {}
    return {key: str(value) for key, value in found.items() if key in fields} if isinstance(found, dict) else {}


def resolve(form: Any, opened: Strings, fields: Collection[str]) -> list[str]:
    """Puts the chosen values into the form; names the fields for which nothing was chosen."""
    missing = []
    for name in request.form.get("both", "").split(","):
        if name not in fields:
            continue
        choice = request.form.get(f"choice-{name}", "")
        if choice == "theirs":
            form.open_with({name: opened.get(name, "")})
        elif choice != "mine":
            missing.append(name)
    return missing


def compare(form: Any, was: Strings, kept: Strings, missing: Collection[str], shown: Callable[[str, str], str]) -> ThreeWays:
    """`was` when the form was opened, `kept` as the other left it; `missing`: clashes for which nothing was chosen yet."""
    ways, mine = ThreeWays(), form.strings()
    for name, theirs in kept.items():
        label, base = form._fields[name].label.text, was[name]
        ways.values[name] = mine[name]
        if mine[name] == theirs == base:
            continue
        if mine[name] in (base, theirs):  # the second: both wrote the same, or this page was sent before and took theirs in
            ways.values[name] = theirs
            ways.theirs_in.append(Merged(label, shown(name, theirs)))
        elif theirs == base:
            ways.mine_in.append(Merged(label, shown(name, mine[name]), shown(name, base)))
        else:
            words = (shown(name, base), shown(name, theirs), shown(name, mine[name]))
            error = _("Выберите значение для поля «%(field)s»", field=label) if name in missing else ""
            ways.both.append(Difference(name, label, *words, error, request.form.get(f"choice-{name}", "")))
    return ways


def conflict_page(
    student: Student, name: str, ways: ThreeWays, was: Strings, kept: Strings, also: Collection[str], *,
    title: Any, save_url: str, back_url: str,
) -> Any:  # fmt: skip
    """Asks which of two changes stands. `also`: fields that can't clash and go on as they were typed."""
    hidden = [(key, value) for key, value in ways.values.items() if value]
    hidden += [(key, request.form[key]) for key in also if request.form.get(key)]
    hidden += [(key, "1") for key in request.form if key.startswith("confirm_")]
    html = render_template(
        "students/conflict.html",
        student=student,
        name=name,
        title=title,
        save_url=save_url,
        back_url=back_url,
        who=student.updated_by or _("другой пользователь"),
        theirs_at=moment_words(student.updated_at),
        mine_at=moment_words(now()),
        both=ways.both,
        theirs_in=ways.theirs_in,
        mine_in=ways.mine_in,
        hidden=hidden,
        opened=json.dumps(dict(kept), ensure_ascii=False),
        base=json.dumps({key: was[key] for key in kept}, ensure_ascii=False),
    )
    return html, 409
