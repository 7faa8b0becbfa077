"""Every model of the policy page x everybody who may ask: session wall == database wall == tests/house/expected.py."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.orm import Session

from exchange import policy
from exchange.access import walls
from exchange.access.actor import Actor, NoActor
from exchange.access.rows import NotYours
from exchange.certificates.models import Certificate
from exchange.drafts.models import Draft, SealedForm
from exchange.extensions import db
from exchange.imports.models import Import, ImportChoice, ImportRow
from exchange.jobs.models import Job
from exchange.merging.models import Apart, Merge
from exchange.people.models import DocumentOffice, IdentityDocument, PersonFacts, PersonOffice
from exchange.students.models import SavedView, Student, Undo
from exchange.transfers.models import Transfer
from exchange.web.models import Hit, Submission
from tests.house import expected
from tests.world import ACCOUNTS, World

AsActor = Callable[[Actor], AbstractContextManager[Session]]
MODELS: list[Any] = sorted(policy.ROWS, key=lambda model: model.__name__)
ASKING = [*(key for key, _, _ in ACCOUNTS), *expected.NOBODY]


def actor_named(world: World, key: str) -> Actor:
    return world.actors.get(key) or expected.NOBODY[key]


def primary(model: Any) -> Any:
    (column,) = sa.inspect(model).primary_key
    return sa.inspect(model).get_property_by_column(column).class_attribute


def row_of(thing: Any) -> dict[str, Any]:
    """All columns of a row by the names of the model."""
    return {p.key: getattr(thing, p.key) for p in sa.inspect(type(thing)).column_attrs}


@pytest.fixture
def every_row(session: Session, world: World) -> dict[Any, list[dict[str, Any]]]:
    """The world, and one row of each kind that the world does not have, for each who could own it."""
    for number, key in enumerate(("asu", "astu", "altvagon", "altkoks")):
        actor = world.actors[key]
        kind = "students" if actor.role == "university" else "interns"
        brought = Import(
            organisation_id=actor.organisation_id, kind=kind, file_name="a.xlsx", sha256=str(number) * 64, size=1, content=b"a",
            as_of_on=dt.date(2026, 10, 1),
        )  # fmt: skip
        session.add(brought)
        session.flush()
        session.add(
            ImportRow(
                import_id=brought.id, organisation_id=actor.organisation_id, sheet="1", row_number=2, title="-", verdict="new"
            )
        )
        session.add(
            ImportChoice(
                organisation_id=actor.organisation_id, kind=kind, text="направл", shown="Направл.", choice="programme",
                file_name="a.xlsx",
            )
        )  # fmt: skip
    for key, actor in world.actors.items():
        session.add(Submission(token=f"{key}-{'x' * 24}"[:40], user_id=actor.user_id, location="/"))
        session.add(SavedView(user_id=actor.user_id, name="Набор", query="intake=2026"))
        whose = {"user_id": actor.user_id, "organisation_id": actor.organisation_id}
        session.add(Job(**whose, role=str(actor.role), work="imports.check", subject=key))
        session.add(Draft(user_id=actor.user_id, endpoint="students.create", address="/students/new", sealed="x"))
    for key in ("kasymova", "kim"):
        student = session.get_one(Student, world.students[key])
        office = {"organisation_id": student.organisation_id, "student_id": student.id}
        days = {"issued_on": dt.date(2026, 11, 2), "stated_on": dt.date(2026, 11, 2)}
        session.add(Certificate(**office, **days, kind="studies", year=2026, number=7, addressee="-", content={}, sha256="0"))
        expires_at = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
        session.add(Undo(**office, kind="student:changed", seen={}, content={}, expires_at=expires_at))
    beside(session, world)
    for code, one, other in (("ASU", "akhmetov", "ivanov"), ("ASTU", "kim", "schmidt")):
        pair = sorted((world.persons[one], world.persons[other]))
        session.add(Merge(organisation_id=world.organisations[code], kept_id=pair[0], gone_id=pair[1]))
        session.add(Apart(organisation_id=world.organisations[code], first_id=pair[0], second_id=pair[1]))
    session.add(SealedForm(key="a" * 64, sealed="x", expires_at=dt.datetime(2030, 1, 1, tzinfo=dt.UTC)))
    session.add(Hit(key="sign-in/world", hits=1, expires_at=dt.datetime(2030, 1, 1, tzinfo=dt.UTC)))
    session.commit()
    found = {model: [row_of(thing) for thing in session.scalars(sa.select(model))] for model in MODELS}
    assert all(found.values()), [model.__name__ for model, rows in found.items() if not rows]
    session.commit()
    return found


def beside(session: Session, world: World) -> None:
    """ASTU keeps kim and lets ASU read him, his facts and one of his two documents; a transfer between the two."""
    kim, asu, astu = world.persons["kim"], world.organisations["ASU"], world.organisations["ASTU"]
    first = session.scalars(sa.select(IdentityDocument.id).where(IdentityDocument.person_id == kim)).one()
    later = IdentityDocument(person_id=kim, organisation_id=astu, type_code="kz_id", number="012345678")
    transfer = Transfer(from_organisation_id=astu, to_organisation_id=asu, person_id=kim, state="accepted")
    session.add_all([
        PersonOffice(organisation_id=asu, person_id=kim), DocumentOffice(organisation_id=asu, document_id=first), later,
        transfer,
    ])  # fmt: skip
    session.flush()
    facts = session.scalars(sa.select(PersonFacts.id).where(PersonFacts.person_id == kim))
    expected.BESIDE.clear()
    expected.BESIDE.update({("Person", kim): {asu}, ("IdentityDocument", first): {asu}})
    expected.BESIDE.update({("PersonFacts", key): {asu} for key in facts})


@contextlib.contextmanager
def told(app: Flask, actor: Actor) -> Iterator[sa.Connection]:
    """The database itself, told who asks, without the session wall; whatever is done is taken back."""
    with app.app_context():
        connection: Any = db.engine
    with connection.begin_nested() as point:
        walls.tell(connection, actor)
        yield connection
        point.rollback()


def key_of(model: Any, row: dict[str, Any]) -> Any:
    return row[primary(model).key]


@pytest.mark.parametrize("key", ASKING)
def test_who_sees_which_rows(app: Flask, world: World, every_row: Any, as_: AsActor, key: str, database: str) -> None:
    actor = actor_named(world, key)
    for model in MODELS:
        name = model.__name__
        allowed = {key_of(model, row) for row in every_row[model] if expected.may_read(name, actor, row)}
        with as_(actor) as session:
            assert set(session.scalars(sa.select(primary(model)))) == allowed, f"{name}, session wall, {key}"
            assert {key_of(model, row_of(thing)) for thing in session.scalars(sa.select(model))} == allowed
            assert session.scalar(sa.select(sa.func.count()).select_from(model)) == len(allowed)
            for row in every_row[model]:
                session.expunge_all()
                assert (session.get(model, key_of(model, row)) is not None) == (key_of(model, row) in allowed)
        if database == "postgresql":
            with told(app, actor) as connection:
                column = primary(model).expression
                seen = set(connection.execute(sa.text(f"select {column.name} from {column.table.name}")).scalars())
            assert seen == allowed, f"{name}, database wall, {key}"


@pytest.mark.parametrize("key", ASKING)
def test_who_changes_and_deletes_which_rows(
    app: Flask, world: World, every_row: Any, as_: AsActor, key: str, database: str
) -> None:
    actor = actor_named(world, key)
    with as_(actor) as session:
        for model, row, allowed in all_rows(every_row, actor):
            column, number = primary(model), key_of(model, row)
            for statement in (
                sa.update(model).where(column == number).values({(other := plain_column(model)).key: other}),
                sa.delete(model).where(column == number),
            ):
                assert touches(session, statement) == allowed, f"{model.__name__} {number}, session wall, {key}: {statement}"
    if database == "postgresql":
        with told(app, actor) as connection:
            for model, row, allowed in all_rows(every_row, actor):
                table, name, number = model.__table__.name, primary(model).expression.name, key_of(model, row)
                for text in (
                    f"update {table} set {name} = {name} where {name} = :id",
                    f"delete from {table} where {name} = :id",
                ):
                    done = touches(connection, sa.text(text), {"id": number})
                    assert done == allowed, f"{model.__name__} {number}, database wall, {key}: {text}"


def plain_column(model: Any) -> Any:
    """A column that says nothing of whose the row is."""
    mapper = sa.inspect(model)
    names = [p.key for p in mapper.column_attrs if p.key != "id" and not p.key.endswith("_id") and p.key != "version"]
    return getattr(model, names[-1])


def all_rows(every_row: Any, actor: Actor) -> Iterator[tuple[Any, dict[str, Any], bool]]:
    """Every row, and whether the actor may change and delete it."""
    for model in MODELS:
        for row in every_row[model]:
            append_only = model.__name__ in expected.APPEND_ONLY
            yield model, row, not append_only and expected.may_write(model.__name__, actor, row)


def touches(asked: Any, statement: Any, values: Any = None) -> bool:
    """Whether a statement reached a row. A row that others point to was reached, too."""
    point = asked.begin_nested()
    options = {"execution_options": {"synchronize_session": False}} if isinstance(asked, Session) else {}
    try:
        touched: int = asked.execute(statement, values, **options).rowcount
    except NotYours:
        return False
    except IntegrityError as error:
        return "append-only" not in str(error)
    except DBAPIError as error:
        if "permission denied" not in str(error) and "append-only" not in str(error):
            raise
        return False
    else:
        return touched == 1
    finally:
        point.rollback()


@pytest.mark.parametrize("key", ASKING)
def test_who_adds_which_rows(app: Flask, world: World, every_row: Any, as_: AsActor, key: str, database: str) -> None:
    """Each row of the world once more, as a new one: beyond the wall it stumbles over keys that are taken, or goes in."""
    actor = actor_named(world, key)
    own_ids = {"User", "AuditHead", "AuditEntry", "Membership"}
    with as_(actor) as session:
        for model in MODELS:
            for row in every_row[model]:
                allowed = expected.may_write(model.__name__, actor, row)
                new = {k: v for k, v in row.items() if k != "id" or model.__name__ in own_ids}
                assert adds(session, model(**new)) == allowed, f"{model.__name__}, session wall, {key}: {row}"
    if database == "postgresql":
        with told(app, actor) as connection:
            for model in MODELS:
                for row in every_row[model]:
                    allowed = expected.may_write(model.__name__, actor, row)
                    assert adds_raw(connection, model, row) == allowed, f"{model.__name__}, database wall, {key}: {row}"


def adds(session: Session, thing: Any) -> bool:
    point = session.begin_nested()
    session.add(thing)
    try:
        session.flush()
    except NotYours:
        return False
    except (IntegrityError, sa.orm.exc.FlushError):
        return True
    else:
        return True
    finally:
        point.rollback()
        session.expunge_all()


def adds_raw(connection: sa.Connection, model: Any, row: dict[str, Any]) -> bool:
    mapper = sa.inspect(model)
    values = {mapper.get_property(name).columns[0].name: value for name, value in row.items()}
    point = connection.begin_nested()
    try:
        connection.execute(sa.insert(model.__table__).values(values))
    except IntegrityError:
        return True
    except ProgrammingError as error:
        if "row-level security" not in str(error):
            raise
        return False
    else:
        return True
    finally:
        point.rollback()


def test_open_models_are_written_by_administrators_only(session: Session, world: World, as_: AsActor) -> None:
    for key in ASKING:
        actor = actor_named(world, key)
        for model in policy.OPEN:
            with as_(actor) as asked:
                thing = asked.scalars(sa.select(model).limit(1)).first()
                if thing is None:
                    continue
                asked.delete(thing)
                try:
                    asked.flush()
                except NotYours:
                    done = False
                except IntegrityError:
                    done = True
                else:
                    done = True
                asked.rollback()
            assert done == (key in {"admin", "system"}), f"{model.__name__}, {key}"


def test_nobody_named_nobody_served(app: Flask, world: World) -> None:
    for model in MODELS:
        with app.app_context(), pytest.raises(NoActor):
            db.session.scalars(sa.select(model)).all()


@pytest.mark.postgres_only
def test_a_connection_that_says_nothing_sees_nothing(app: Flask, world: World) -> None:
    engine = sa.create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    with engine.connect() as connection:
        for model in MODELS:
            table = model.__table__.name
            assert connection.execute(sa.text(f"select count(*) from {table}")).scalar_one() == 0, table
    engine.dispose()


@pytest.mark.postgres_only
def test_the_database_wall_stands_around_every_scoped_table(session: Session) -> None:
    walled = session.execute(sa.text("select relname from pg_class where relrowsecurity and relforcerowsecurity")).scalars()
    assert set(walled) == {model.__table__.name for model in MODELS}
    role = session.execute(
        sa.text("select rolsuper, rolbypassrls, rolcreaterole, rolname from pg_roles where rolname = current_user")
    ).one()
    assert tuple(role)[:3] == (False, False, False)
    owned = session.execute(
        sa.text("select count(*) from pg_class where pg_get_userbyid(relowner) = current_user")
    ).scalar_one()
    assert owned == 0, "the site owns nothing"
    granted = session.execute(
        sa.text(
            "select privilege_type from information_schema.role_table_grants "
            "where grantee = current_user and table_name = 'audit_entry'"
        )
    ).scalars()
    assert set(granted) == {"SELECT", "INSERT"}
