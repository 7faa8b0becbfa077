"""`flask --app wsgi import check | apply`: a roster from a file of the operator's machine."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from exchange.access.actor import SYSTEM, Actor, Role, asking
from exchange.errors import RuleBroken
from exchange.extensions import db
from exchange.imports import actions, guard, queries
from exchange.imports.checking import Checked
from exchange.imports.kinds import KINDS
from exchange.imports.models import Import
from exchange.organisations.models import Kind, Organisation
from exchange.spreadsheets import reader
from exchange.spreadsheets.book import Unreadable
from exchange.web.pages import today

group = AppGroup("import", help="Rosters of students and lists of interns.")
DONE, REFUSED, WRONG = 0, 1, 2
MOST_ROWS = 100_000
HOSTS = {"students": (Kind.UNIVERSITY, Kind.BRANCH), "interns": (Kind.ENTERPRISE,)}


def _arguments(command: Any) -> Any:
    for decorate in (
        click.option("--json", "as_json", is_flag=True, help="Print one object instead of sentences."),
        click.option("--organisation", "code", required=True, help="Code of the organisation, e.g. ASU."),
        click.argument("file", type=click.Path(path_type=Path)),
        click.argument("kind", type=click.Choice(list(KINDS))),
    ):
        command = decorate(command)
    return command


@group.command("check")
@_arguments
def check(kind: str, file: Path, code: str, as_json: bool) -> None:
    """Says what is wrong with FILE and what would change. Writes nothing."""
    sys.exit(_run(kind, file, code, as_json, apply=False, good_rows_only=False))


@group.command("apply")
@_arguments
@click.option("--good-rows-only", is_flag=True, help="Record the rows without errors; otherwise all or nothing.")
@click.option("--changes", type=int, help="How many records the file changes: asked for when they are many.")
def apply(kind: str, file: Path, code: str, as_json: bool, good_rows_only: bool, changes: int | None) -> None:
    """Records FILE: all of it or nothing, or its good rows when asked."""
    sys.exit(_run(kind, file, code, as_json, apply=True, good_rows_only=good_rows_only, changes=changes))


def _run(
    kind: str, file: Path, code: str, as_json: bool, *, apply: bool, good_rows_only: bool, changes: int | None = None
) -> int:
    try:
        organisation = _organisation(kind, code)
        content = file.read_bytes()
        book = reader.read(file, limits=reader.Limits.for_rows(MOST_ROWS))
    except OSError as error:
        return _unreadable(file, Unreadable("missing", note=str(error)), as_json)
    except (click.UsageError, Unreadable) as error:
        return _unreadable(file, error, as_json)
    with asking(_actor(organisation)):
        db.session.remove()
        if apply:
            actions.one_at_a_time(db.session(), organisation.id)
        try:
            brought, checked = actions.check_file(
                db.session(), kind, organisation, book, file.name, content, today(), MOST_ROWS
            )
        except Unreadable as error:
            db.session.rollback()
            return _unreadable(file, error, as_json)
        has_errors = bool(checked.counts["rejected"])
        if apply and (good_rows_only or not has_errors):
            try:
                _record(brought, checked, good_rows_only, changes)
            except RuleBroken as broken:
                db.session.rollback()
                hint = " (--changes)" if broken.field == "confirmed" else ""
                _say_no(file, f"{broken.message}{hint}", as_json)
                return REFUSED
            _say(file, checked, as_json, applied=True)
            return DONE
        db.session.rollback()
        _say(file, checked, as_json, applied=False if apply else None)
        return REFUSED if has_errors else DONE


def _record(brought: Import, checked: Checked, good_rows_only: bool, changes: int | None) -> None:
    """Applies what was checked and keeps it; a file that was applied before and brings nothing new is not kept again.

    changes: how many records the operator says the file changes, for the guard.
    """
    session = db.session()
    before = queries.applied_before(session, brought.kind, brought.organisation_id, brought.sha256)
    if before is not None and not checked.counts["new"] + checked.counts["changed"]:
        session.rollback()
        return
    if changes is not None:
        guard.confirm(brought, str(changes))
    actions.apply_import(session, brought, good_rows_only=good_rows_only, today=today(), checked=checked)
    session.commit()


def _organisation(kind: str, code: str) -> Organisation:
    with asking(SYSTEM):
        found = db.session.scalar(sa.select(Organisation).where(Organisation.code == code))
        if found is None:
            raise click.UsageError(f"There is no organisation with the code {code}.")
        if found.kind not in HOSTS[kind]:
            raise click.UsageError(f"{found.short_ru} has no {kind}: it is of the kind «{found.kind}».")
        db.session.expunge(found)
        db.session.rollback()
    return found


def _actor(organisation: Organisation) -> Actor:
    """The operator acts for the organisation, behind the same walls as its own people."""
    role = Role.ENTERPRISE if organisation.kind == Kind.ENTERPRISE else Role.UNIVERSITY
    return Actor(
        role, organisation_id=organisation.id, organisation_ids=(organisation.id,), organisation_name=organisation.short_ru
    )


def _unreadable(file: Path, error: Exception, as_json: bool) -> int:
    _say_no(file, error.format_message() if isinstance(error, click.UsageError) else str(error), as_json)
    return WRONG


def _say_no(file: Path, sentence: str, as_json: bool) -> None:
    """One sentence instead of a check: the file can't be read, or the register did not take it."""
    if as_json:
        nothing = {"people_rows": 0, "accepted": 0, "rejected": 0, "warnings": 0, "problems": []}
        click.echo(json.dumps({"file": file.name, "error": sentence, **nothing}, ensure_ascii=False))
    else:
        click.echo(sentence, err=True)


def _say(file: Path, checked: Checked, as_json: bool, applied: bool | None) -> None:
    counts, problems = checked.counts, checked.problems()
    if as_json:
        keys = ("people_rows", "accepted", "rejected", "warnings", "new", "changed", "unchanged")
        answer: dict[str, Any] = {"file": file.name, **{key: counts[key] for key in keys}}
        if applied is not None:
            answer["applied"] = applied
        click.echo(json.dumps({**answer, "notes": checked.notes, "problems": problems}, ensure_ascii=False, indent=1))
        return
    for problem in problems:
        place = (
            f"{problem['sheet']}!{problem['cell'] or problem['row']}" if problem["sheet"] else problem["cell"] or problem["row"]
        )
        click.echo(f"{problem['severity']:7} {place}: {problem['message']} ({problem['value']})")
    for note in checked.notes:
        click.echo(f"note    {note}")
    click.echo(
        f"{counts['people_rows']} rows of people: {counts['accepted']} accepted ({counts['new']} new, "
        f"{counts['changed']} changed, {counts['unchanged']} unchanged), {counts['rejected']} rejected, "
        f"{counts['warnings']} warnings."
    )
    if applied is not None:
        click.echo(_outcome(counts, applied))


def _outcome(counts: dict[str, int], applied: bool) -> str:
    """What became of the register."""
    if not applied:
        return "Nothing was recorded: mend the rows, or ask for --good-rows-only."
    if not counts["accepted"]:
        return "Nothing was recorded: every row has an error."
    if not counts["new"] + counts["changed"]:
        return f"Nothing new: the register already says what the {counts['accepted']} accepted rows say."
    return f"Recorded: {counts['new']} new, {counts['changed']} changed; {counts['unchanged']} unchanged."


COMMANDS = (group,)
