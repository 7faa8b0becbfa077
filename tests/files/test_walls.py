"""Who gets at a scan: the office that brought it, and nobody else; one that waits for a form, only who brought it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.actor import Actor
from exchange.database import now
from exchange.errors import NotFound, RuleBroken
from exchange.files import actions, queries
from exchange.files.inspection import inspect
from exchange.files.models import Scan, ScanContent
from exchange.files.subjects import Subject
from tests.files.conftest import sent
from tests.files.papers import pdf

AsActor = Callable[[Actor], AbstractContextManager[Session]]
OTHERS = ("asu", "altvagon", "ministry", "akimat", "admin", "auditor")


@pytest.mark.parametrize("key", OTHERS)
def test_a_scan_is_not_there_for_others(client: Any, world: Any, login: Callable[..., Any], today: Any, key: str) -> None:
    login(client, world.emails[key])
    refusal = 404 if key == "asu" else 403
    for path in (
        f"/files/{world.scans['kim']}",
        f"/files/{world.scans['kim']}/remove",
        f"/files/student/{world.public_ids['kim']}/new",
    ):
        assert client.get(path).status_code == refusal, path
    assert client.post(f"/files/{world.scans['kim']}/restore").status_code == refusal
    data = {"kind": "passport", "scan_file": sent(pdf(seed=70))}
    assert client.post(f"/files/student/{world.public_ids['kim']}/new", data=data).status_code == refusal


@pytest.mark.parametrize("key", OTHERS)
def test_neither_wall_lets_a_content_through(as_: AsActor, world: Any, key: str) -> None:
    with as_(world.actors[key]) as session:
        kept = set(session.scalars(sa.select(Scan.public_id)))
        assert kept == ({world.scans["kasymova"], world.scans["kasymova removed"]} if key == "asu" else set())
        assert session.scalar(sa.select(sa.func.count()).select_from(ScanContent)) == len(kept)


def test_who_sees_the_whole_register_sees_no_mark(client: Any, world: Any, login: Callable[..., Any], today: Any) -> None:
    login(client, world.emails["ministry"])
    assert "Приложено" not in client.get(f"/students/{world.public_ids['kim']}").text
    assert "Приложено" not in client.get("/students/orders").text


def kept_by(session: Session, seed: int = 71) -> Scan:
    content = pdf(seed=seed)
    return actions.keep_for_form(session, content, inspect(content), "a.pdf")


def test_what_waits_is_seen_by_who_brought_it(as_: AsActor, world: Any, session: Session) -> None:
    with as_(world.actors["astu"]) as mine:
        key = kept_by(mine).public_id
        assert kept_by(mine).public_id == key, "the same file waits once"
        mine.commit()
    session.execute(sa.update(Scan).where(Scan.public_id == key).values(uploaded_by_id=world.actors["asu"].user_id))
    session.commit()
    with as_(world.actors["astu"]) as mine:
        assert queries.waiting_of(mine, [key]) == []
        with pytest.raises(NotFound):
            queries.scan_by_public_id(mine, key)


def test_what_waits_longer_than_a_day_is_let_go(as_: AsActor, world: Any, session: Session) -> None:
    with as_(world.actors["astu"]) as mine:
        old = kept_by(mine).public_id
        mine.commit()
    session.execute(sa.update(Scan).where(Scan.public_id == old).values(uploaded_at=now() - dt.timedelta(hours=25)))
    session.commit()
    with as_(world.actors["astu"]) as mine:
        fresh = kept_by(mine, seed=72).public_id
        assert {scan.public_id for scan in queries.waiting_of(mine, [old, fresh])} == {fresh}
        mine.commit()


def test_an_order_of_two_offices_gives_each_its_scan(as_: AsActor, world: Any) -> None:
    """A university with a branch: the scan moves to the first record, the others get copies of their own office."""
    asu, branch = world.organisations["ASU"], world.organisations["ASU-RUB"]
    with as_(world.actors["asu"]) as session:
        kept = kept_by(session)
        subjects = [
            Subject("student", world.public_ids["kasymova"], branch),
            Subject("student", world.public_ids["ivanov"], asu),
        ]
        assert actions.attach_kept(session, [kept], subjects, "order") == []
        found = queries.scans_of(session, [subject.ref for subject in subjects])
        assert {scan.organisation_id for scan in found if scan.kind == "order"} == {asu, branch}
        contents = [queries.content_of(session, scan) for scan in found if scan.kind == "order"]
        assert contents == [pdf(seed=71)] * 2
        content = pdf(seed=71)
        with pytest.raises(RuleBroken, match="уже приложен"):
            actions.attach(session, subjects[0], content, inspect(content), "b.pdf", "order")
        session.commit()
    with as_(world.actors["branch"]) as session:
        assert len(queries.scans_of(session, [subjects[0].ref])) == 2
        assert queries.scans_of(session, [subjects[1].ref]) == []


@pytest.mark.parametrize(("kind", "title", "field"), [("", "", "kind"), ("photo", "", "kind"), ("other", "", "title")])
def test_a_scan_says_what_it_is(as_: AsActor, world: Any, kind: str, title: str, field: str) -> None:
    with as_(world.actors["astu"]) as session:
        subject = Subject("student", world.public_ids["kim"], world.organisations["ASTU"])
        content = pdf(seed=73)
        with pytest.raises(RuleBroken) as refusal:
            actions.attach(session, subject, content, inspect(content), "b.pdf", kind, title)
        assert refusal.value.field == field


def test_the_operator_hears_of_every_damaged_file(runner: Any, session: Session, world: Any) -> None:
    whole = runner.invoke(args=["files", "check"])
    assert (whole.exit_code, whole.output) == (0, "5 files, 0.0 MB, 0 damaged.\n")
    scan = session.scalars(sa.select(Scan).where(Scan.public_id == world.scans["kim"])).one()
    session.execute(sa.update(ScanContent).where(ScanContent.scan_id == scan.id).values(content=b"%PDF-other"))
    gone = session.scalars(sa.select(Scan).where(Scan.public_id == world.scans["kasymova"])).one()
    session.execute(sa.delete(ScanContent).where(ScanContent.scan_id == gone.id))
    session.commit()
    damaged = runner.invoke(args=["files", "check"])
    assert damaged.exit_code == 1
    assert f"{world.scans['kim']}: the content was changed" in damaged.output
    assert f"{world.scans['kasymova']}: the content is missing" in damaged.output


def test_a_changed_content_is_not_given_out(
    client: Any, session: Session, world: Any, login: Callable[..., Any], today: Any
) -> None:
    scan = session.scalars(sa.select(Scan).where(Scan.public_id == world.scans["kim"])).one()
    session.execute(sa.update(ScanContent).where(ScanContent.scan_id == scan.id).values(content=b"%PDF-other"))
    session.commit()
    login(client, world.emails["astu"])
    answer = client.get(f"/files/{world.scans['kim']}")
    assert answer.status_code == 500
    assert b"%PDF-other" not in answer.data
