"""Every door x everybody: whoever the policy page names comes in, nobody else, and who only looks changes nothing.

A file of tests that belong together: the last one looks at what the others reached.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.access.actor import Actor
from exchange.certificates.models import Certificate
from exchange.drafts.models import Draft
from exchange.imports import actions as imports
from exchange.jobs.models import Job
from exchange.merging.actions import merge_people
from exchange.merging.models import Apart, Merge
from exchange.organisations.models import Organisation
from exchange.people.models import IdentityDocument, Person
from exchange.students.actions import register_students
from exchange.students.models import Order, OrderLine, SavedView, Student, Undo
from exchange.transfers.models import Transfer
from tests.clock import TODAY
from tests.house import samples
from tests.house.walk import Answer, Door, Walker, current_connection, doors, normal, path_of
from tests.students.conftest import registration
from tests.world import PASSWORD, World

pytestmark = pytest.mark.xdist_group("doors")
AsActor = Callable[[Actor], AbstractContextManager[Session]]
VISITORS = (None, "asu", "altvagon", "ministry", "akimat", "admin", "auditor")
REACHED: dict[str, set[str]] = {}
WALKED: set[tuple[str, str]] = set()


@pytest.fixture
def ids(session: Session, world: World, as_: AsActor) -> samples.Ids:
    """Uploads of a university and of an enterprise, and the last lines of students."""
    session.commit()
    made, applied = {}, {}
    for key, kind in (("asu", "students"), ("altvagon", "interns")):
        content = samples.upload(kind)[0].getvalue()
        with as_(world.actors[key]) as asked:
            organisation = asked.get_one(Organisation, world.actors[key].organisation_id)
            book = imports.read(content)
            brought, _ = imports.check_file(asked, kind, organisation, book, f"{kind}.csv", content, dt.date(2026, 11, 23))
            made[key] = brought.public_id
            other = content.replace("Сапаров".encode(), "Алиев".encode()).replace(b"N12345678", b"N12345679")
            brought, _ = imports.check_file(
                asked, kind, organisation, imports.read(other), "1.csv", other, dt.date(2026, 11, 23)
            )
            imports.apply_import(asked, brought, good_rows_only=False, today=dt.date(2026, 11, 23))
            applied[key] = brought.public_id
    lines = {}
    for key in ("akhmetov", "kim", "kasymova"):
        last = sa.select(sa.func.max(OrderLine.id)).where(OrderLine.student_id == world.students[key])
        lines[key] = session.scalar(last) or 0
    papers = {}  # of a kind that others may join, each with one student
    for key in lines:
        student = session.get_one(Student, world.students[key])
        paper = Order(
            organisation_id=student.organisation_id, type_code="practice", number=f"П-{key}", signed_on=dt.date(2026, 3, 1)
        )  # fmt: skip
        session.add(paper)
        session.flush()
        line = OrderLine(
            order_id=paper.id, student_id=student.id, organisation_id=student.organisation_id, event="practice",
            effective_on=dt.date(2026, 3, 1), fields={"place": "АО «Алтайвагон»"},
        )  # fmt: skip
        session.add(line)
        papers[key] = paper.public_id
    transfers = {}
    for name, (old, new, person, state) in samples.TRANSFERS.items():
        one = Transfer(
            from_organisation_id=world.organisations[old], to_organisation_id=world.organisations[new],
            person_id=world.persons[person], student_id=world.students[person] if state == "sent" else None, state=state,
            asked_at=TODAY, order_number="5-о", order_signed_on=dt.date(2026, 11, 2), left_on=dt.date(2026, 11, 3),
            sent_at=TODAY if state == "sent" else None,
        )  # fmt: skip
        session.add(one)
        session.flush()
        transfers[name] = one.public_id
    certificates, undos = {}, {}
    for key in lines:
        student = session.get_one(Student, world.students[key])
        certificate = Certificate(
            organisation_id=student.organisation_id, student_id=student.id, kind="studies", year=2026, number=student.id,
            issued_on=dt.date(2026, 11, 2), stated_on=dt.date(2026, 11, 2), addressee="в банк", content=samples.CERTIFICATE,
            sha256="0" * 64,
        )  # fmt: skip
        undo = Undo(
            organisation_id=student.organisation_id, student_id=student.id, kind="student:changed",
            seen={student.public_id: student.version}, content={"card": {"note": ""}}, expires_at=TODAY + dt.timedelta(days=1),
        )  # fmt: skip
        session.add_all([certificate, undo])
        session.flush()
        certificates[key], undos[key] = certificate.public_id, undo.public_id
    views = {}
    for key in ("asu", "branch", "astu", "ministry", "auditor"):
        view = SavedView(user_id=world.actors[key].user_id, name="Набор", query="intake=2026")
        session.add(view)
        session.flush()
        views[key] = view.public_id
    merges = joined(session, world, as_)
    people = {key: session.get_one(Person, world.persons[key]).public_id for key in ("akhmetov", "kurmangali", "kim")}
    drafts = {}
    for key, actor in world.actors.items():
        draft = Draft(user_id=actor.user_id, endpoint="students.create", address="/students/new", sealed="x")
        session.add(draft)
        session.flush()
        drafts[key] = draft.public_id
    jobs = {}
    for key, actor in world.actors.items():
        job = Job(
            user_id=actor.user_id, role=str(actor.role), organisation_id=actor.organisation_id, work="imports.apply",
            subject=f"import/{key}",
        )  # fmt: skip
        session.add(job)
        session.flush()
        jobs[key] = job.public_id
    session.commit()
    return samples.Ids(made, applied, lines, papers, transfers, views, merges, people, drafts, jobs, certificates, undos)


def joined(session: Session, world: World, as_: AsActor) -> dict[str, str]:
    """A pair at ASU that is offered, one that was put aside, two records that were joined; two that ASTU joined."""
    asu, astu = world.organisations["ASU"], world.organisations["ASTU"]
    kept = {key: world.persons[key] for key in ("akhmetov", "kurmangali", "ivanov")}
    for number, pair in (("011111111", ("akhmetov", "kurmangali")), ("022222222", ("akhmetov", "ivanov"))):
        for key in pair:
            session.add(IdentityDocument(person_id=kept[key], organisation_id=asu, type_code="kz_id", number=number))
    session.add(Apart(organisation_id=asu, first_id=kept["akhmetov"], second_id=kept["ivanov"]))
    theirs = Merge(organisation_id=astu, kept_id=world.persons["kim"], gone_id=world.persons["schmidt"])
    session.add(theirs)
    session.flush()
    found = {"ASTU": theirs.public_id}
    session.commit()
    with as_(world.actors["asu"]) as asked:
        entered = register_students(asked, [registration(asu, number) for number in (1, 2)])
        both = [asked.get_one(Person, student.person_id) for student in entered]
        found["ASU"] = merge_people(asked, both[0], both[1], ()).public_id
    return found


@pytest.fixture
def walker(app: Flask, world: World, ids: samples.Ids, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Walker]:
    """Sends somebody through the doors; tokens of forms are asked for, as they are on the real site."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)

    def send(key: str | None) -> Walker:
        made = Walker(app, key, current_connection(app))
        if key:
            made.sign_in(world.emails[key], PASSWORD)
        return made

    return send


def role_of(world: World, key: str | None) -> str | None:
    return str(world.actors[key].role) if key else None


def is_refusal(door: Door, key: str | None, answer: Answer) -> bool:
    """403 for those who are signed in; others are led to the sign-in, or get a 401 if they came with a form."""
    if key:
        return answer.status == 403
    if door.method == "GET":
        return answer.status in (302, 303) and answer.location.startswith("/login")
    return answer.status == 401


@pytest.mark.parametrize("key", VISITORS)
def test_the_page_decides_who_comes_in(
    app: Flask, world: World, ids: samples.Ids, walker: Callable[..., Walker], key: str | None, database: str, today: Any
) -> None:
    visitor, role, wrong = walker(key), role_of(world, key), []
    for door in doors(app):
        values = {name: samples.sample(world, ids, key, door.rule, name) for name in door.rule.arguments}
        own = {name: value.own for name, value in values.items()}
        path = path_of(app, door, own) + samples.QUERY.get(door.endpoint, "")
        if not door.opens_to(role):
            answer = visitor.ask(door.method, path)
            if not is_refusal(door, key, answer):
                wrong.append(f"{door}: {key} was not refused but got {answer.status} {answer.location}")
            if answer.changed:
                wrong.append(f"{door}: {key} was refused, but {sorted(answer.changed)} changed")
            continue
        data = samples.form_for(visitor, world, door, path, own) if door.method == "POST" else None
        answer = visitor.ask(door.method, path, data, watched=door.method == "GET")
        if answer.status in (401, 403, 405) or answer.status >= 500 or is_led_away(door, answer):
            wrong.append(f"{door}: {key} may come in, but got {answer.status} {answer.location} {said(answer)}")
        if door.method == "GET" and answer.changed:
            wrong.append(f"{door}: {key} only looked, but {sorted(answer.changed)} changed")
        if answer.status < 400:
            REACHED.setdefault(door.name, set()).add(database)
    WALKED.add((key or "", database))
    assert not wrong, "\n".join(wrong)


def is_led_away(door: Door, answer: Answer) -> bool:
    return door.mark != "public" and door.endpoint != "profile.sign_out_everywhere" and "/login" in answer.location


def said(answer: Answer) -> str:
    """What an unforeseen failure was: its number is in the captured log."""
    found = re.search(r"\b[0-9A-F]{6}\b", answer.response.text) if answer.status == 500 else None
    return f"(error {found[0]} in the log)" if found else ""


@pytest.mark.parametrize("key", [key for key in VISITORS if key])
def test_what_is_not_mine_is_not_there(
    app: Flask, world: World, ids: samples.Ids, walker: Callable[..., Walker], key: str, today: Any
) -> None:
    """A row of somebody else and a row that does not exist give the same answer, and nothing is changed."""
    visitor, role, wrong = walker(key), role_of(world, key), []
    for door in doors(app):
        values = {name: samples.sample(world, ids, key, door.rule, name) for name in door.rule.arguments}
        if door.endpoint == "static" or door.mark == "public" or not door.opens_to(role):
            continue
        for name, value in values.items():
            asked = samples.QUERY.get(door.endpoint, "")
            rest = {other: sample.own for other, sample in values.items() if other != name}
            missing = visitor.ask(door.method, path_of(app, door, {**rest, name: value.missing}) + asked)
            if missing.status != 404 or missing.changed:
                wrong.append(f"{door}: {key} asked for {name}={value.missing}: {missing.status} {said(missing)}")
            if value.foreign is not None:
                foreign = visitor.ask(door.method, path_of(app, door, {**rest, name: value.foreign}) + asked)
                if foreign.status != 404 or foreign.changed:
                    wrong.append(f"{door}: {key} asked for a {name} of somebody else: {foreign.status}, {foreign.changed}")
                elif normal(foreign, value.foreign) != normal(missing, value.missing):
                    wrong.append(f"{door}: {key} can tell a {name} of somebody else from one that is not there")
            for absurd in value.absurd:
                answer = visitor.ask(door.method, path_of(app, door, {**rest, name: absurd}) + asked)
                if answer.status not in (400, 404, 405, 308) or answer.changed:
                    wrong.append(f"{door}: {key} asked for {name}={str(absurd)[:40]}: {answer.status} {said(answer)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("key", [None, "asu"])
def test_other_methods_are_refused(app: Flask, world: World, walker: Callable[..., Walker], ids: samples.Ids, key: str) -> None:
    visitor, wrong = walker(key), []
    adapter = app.url_map.bind("localhost")
    for rule in {door.rule.rule: door.rule for door in doors(app)}.values():
        values = {name: samples.sample(world, ids, key, rule, name).own for name in rule.arguments}
        path = path_of(app, Door(rule.endpoint, "", rule, None), values)
        known = {method for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE") if adapter.test(path, method)}
        for method in {"POST", "PUT", "PATCH", "DELETE", "TRACE"} - known:
            answer = visitor.ask(method, path)
            if answer.status not in (404, 405, 501) or answer.changed:
                wrong.append(f"{method} {rule.rule}: {answer.status} {sorted(answer.changed)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("key", [key for key in VISITORS if key])
def test_a_form_without_its_token_does_nothing(
    app: Flask, world: World, walker: Callable[..., Walker], ids: samples.Ids, key: str
) -> None:
    visitor, role, wrong = walker(key), role_of(world, key), []
    for door in doors(app):
        if door.method == "POST" and door.opens_to(role):
            values = {name: samples.sample(world, ids, key, door.rule, name).own for name in door.rule.arguments}
            answer = visitor.ask("POST", path_of(app, door, values), {"csrf_token": ""})
            if answer.status != 400 or answer.changed:
                wrong.append(f"{door}: {answer.status} {sorted(answer.changed)}")
    assert not wrong, "\n".join(wrong)


def test_every_door_was_gone_through(app: Flask, database: str) -> None:
    """A door that nobody came through with success proves nothing about the others."""
    if missing := {(key or "", database) for key in VISITORS} - WALKED:
        assert "CI" not in os.environ, f"in one process with the walks of this file, but these were elsewhere: {missing}"
        pytest.skip("the doors of this file are walked through together")
    closed = {door.name for door in doors(app)} - {name for name, where in REACHED.items() if database in where}
    assert closed == set(samples.NOT_REACHED), "doors that nobody came through, against those that are explained"
