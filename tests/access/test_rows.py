"""Wall one, the session: every way round it that we know of is closed."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from exchange.access.actor import GATE, SYSTEM, Actor, NoActor, Role, asking
from exchange.access.rows import ActorSwapped, NotYours, OffThePage, RawStatement, actor_of, check, policy
from exchange.audit.models import AuditEntry
from exchange.database import Base
from exchange.extensions import db
from exchange.organisations.models import Organisation
from exchange.people.models import Person, PersonFacts
from exchange.students.models import Student, StudyPeriod

# Hand counts of the world: ASU has five enrolments and its branch two; ASTU eight.
TABLE = Base.metadata.tables["student"]
SEEN = {"asu": 7, "branch": 2, "astu": 8, "ministry": 15, "auditor": 15, "akimat": 0, "altvagon": 0, "admin": 0}


@pytest.mark.parametrize("who", sorted(SEEN))
def test_everybody_sees_the_own_rows_however_they_are_asked_for(as_: Any, world: Any, who: str) -> None:
    other = aliased(Student)
    ways = {
        "entities": sa.select(Student),
        "columns": sa.select(Student.id),
        "an alias": sa.select(other.id),
        "joined": sa.select(Student.id).join(Organisation, Organisation.id == Student.organisation_id),
        "joined from the other side": sa.select(Student.id).select_from(Organisation).join(
            Student, Student.organisation_id == Organisation.id
        ),
        "a subquery": sa.select(sa.select(Student.id).subquery()),
        "an in-query": sa.select(Organisation.id, Student.id).join(Student, sa.true()).where(
            Organisation.id == Student.organisation_id, Student.id.in_(sa.select(Student.id))
        ),
        "a union": sa.union(sa.select(Student.id), sa.select(other.id)),
    }  # fmt: skip
    with as_(world.actors[who]) as session:
        counts = {name: len(session.execute(way).all()) for name, way in ways.items()}
        counts["a count"] = session.scalar(sa.select(sa.func.count()).select_from(Student))
        counts["a sum in a subquery"] = session.scalar(
            sa.select(sa.func.count()).select_from(sa.select(Student.id).group_by(Student.id).subquery())
        )
        assert counts == dict.fromkeys(counts, SEEN[who])


def test_an_exists_over_another_model_counts_only_own_rows(as_: Any, world: Any) -> None:
    with as_(world.actors["asu"]) as session:
        foreign = sa.select(Organisation.code).where(
            Organisation.id.in_(sa.select(Student.organisation_id))
        )  # fmt: skip
        assert set(session.scalars(foreign)) == {"ASU", "ASU-RUB"}


def test_a_row_by_its_key_is_not_there_for_others(as_: Any, world: Any) -> None:
    key = world.students["kim"]
    with as_(world.actors["asu"]) as session:
        assert session.get(Student, key) is None
        assert session.scalar(sa.select(Student).where(Student.id == key)) is None
    with as_(world.actors["astu"]) as session:
        assert session.get(Student, key) is not None


def test_a_bulk_change_touches_only_own_rows(as_: Any, world: Any) -> None:
    with as_(world.actors["asu"]) as session:
        done = session.execute(sa.update(Student).values(note="x").execution_options(synchronize_session=False))
        assert done.rowcount == 7
    with as_(world.actors["ministry"]) as session:
        done = session.execute(sa.update(Student).values(note="y").execution_options(synchronize_session=False))
        assert done.rowcount == 0
        gone = session.execute(sa.delete(StudyPeriod).execution_options(synchronize_session=False))
        assert gone.rowcount == 0
    with as_(SYSTEM) as session:
        rows = session.scalars(sa.select(Student.note).where(Student.note.in_(["x", "y"]))).all()
        assert list(rows) == ["x"] * 7


def refused(as_: Any, actor: Any, act: Any, error: type[Exception] = NotYours) -> None:
    """What `act(session)` does is refused."""
    with as_(actor) as session:
        with pytest.raises(error):
            act(session)
        session.rollback()


def test_nothing_can_be_put_into_anothers_hands(as_: Any, world: Any) -> None:
    foreign = world.organisations["ASTU"]
    asu = world.actors["asu"]

    def give_away(session: Any) -> None:
        session.get_one(Student, world.students["ivanov"]).organisation_id = foreign
        session.flush()

    def throw_away(session: Any) -> None:
        session.delete(session.scalars(sa.select(PersonFacts)).first())
        session.flush()

    def add(session: Any) -> None:
        session.add(Person(organisation_id=foreign))
        session.flush()

    refused(as_, asu, add)
    refused(as_, asu, give_away)
    refused(as_, asu, lambda s: s.execute(sa.insert(Person), [{"organisation_id": foreign, "public_id": "AAAABBBBCCCC"}]))
    refused(as_, world.actors["ministry"], throw_away)


def test_an_insert_whose_values_can_not_be_looked_at_is_refused(as_: Any, world: Any) -> None:
    own, foreign = world.organisations["ASU"], world.organisations["ASTU"]
    for organisation in (own, foreign):
        inline = sa.insert(Person).values(organisation_id=organisation, public_id="AAAABBBBCCCC")
        refused(as_, world.actors["asu"], lambda session, inline=inline: session.execute(inline))
    copied = sa.insert(Person).from_select(
        ["organisation_id", "public_id"], sa.select(sa.literal(foreign), sa.literal("AAAABBBBCCCC"))
    )
    refused(as_, world.actors["asu"], lambda session: session.execute(copied))


@pytest.mark.parametrize(
    "statement",
    [
        sa.text("SELECT * FROM student"),
        sa.select(TABLE.c.id),
        sa.select(sa.func.count()).select_from(Person.__table__),
        sa.update(TABLE).values(record_book_no="x"),
        sa.delete(Base.metadata.tables["study_period"]),
        sa.insert(Base.metadata.tables["organisation"]).values(code="X"),
        sa.select(sa.select(TABLE.c.id).subquery()),
    ],
    ids=["text", "columns", "count", "update", "delete", "insert", "subquery"],
)
def test_text_and_bare_tables_are_refused(as_: Any, world: Any, statement: Any) -> None:
    refused(as_, world.actors["ministry"], lambda session: session.execute(statement), RawStatement)


def rename(session: Any) -> None:
    session.scalars(sa.select(Organisation).where(Organisation.code == "ASU")).one().note = "x"
    session.flush()


def test_open_data_are_read_by_all_and_written_by_the_administrator(as_: Any, world: Any) -> None:
    for who in ("asu", "altvagon", "akimat"):
        with as_(world.actors[who]) as session:
            assert session.scalar(sa.select(sa.func.count()).select_from(Organisation))
        refused(as_, world.actors[who], rename)
    with as_(world.actors["admin"]) as session:
        rename(session)


def test_the_log_can_be_added_to_and_not_changed(as_: Any, world: Any, database: str) -> None:
    def rewrite(session: Any) -> None:
        session.scalars(sa.select(AuditEntry)).first().user_name = "x"
        session.flush()

    refused(as_, SYSTEM, rewrite)
    touched = sa.update(AuditEntry).values(user_name="x").execution_options(synchronize_session=False)
    if database == "postgresql":  # here the site has no right to change the table at all
        with pytest.raises(sa.exc.ProgrammingError, match="permission denied"), as_(SYSTEM) as session:
            session.execute(touched)
    else:
        with as_(SYSTEM) as session:
            assert session.execute(touched).rowcount == 0
    with as_(world.actors["asu"]) as session:
        assert session.scalars(sa.select(AuditEntry)).all() == []


def test_no_actor_no_query(app: Any) -> None:
    with app.app_context():
        with pytest.raises(NoActor):
            db.session.scalars(sa.select(Organisation)).all()
        db.session.remove()


def test_an_actor_is_never_swapped_inside_a_session(app: Any, world: Any) -> None:
    with app.app_context():
        with asking(world.actors["asu"]):
            db.session.scalars(sa.select(Student)).all()
        with asking(world.actors["astu"]), pytest.raises(ActorSwapped):
            db.session.scalars(sa.select(Student)).all()
        with asking(SYSTEM), pytest.raises(ActorSwapped):
            db.session.scalars(sa.select(Student)).all()
        with asking(world.actors["asu"]):
            db.session.remove()


def test_only_the_gate_may_be_followed_by_the_account_it_let_in(app: Any, world: Any) -> None:
    with app.app_context():
        with asking(GATE):
            assert actor_of(db.session()).role is Role.GATE
        with asking(world.actors["asu"]):
            assert actor_of(db.session()) == world.actors["asu"]
        with asking(GATE), pytest.raises(ActorSwapped):
            actor_of(db.session())
        with asking(world.actors["asu"]):
            db.session.remove()


def test_a_university_without_organisations_sees_nothing(as_: Any, world: Any) -> None:
    with as_(Actor(Role.UNIVERSITY, 1, None, ())) as session:
        assert session.scalars(sa.select(Student)).all() == []


def test_every_model_is_on_the_policy_page() -> None:
    class Forgotten:
        pass

    check(mapper.class_ for mapper in Base.registry.mappers)
    with pytest.raises(OffThePage, match="Forgotten"):
        check([Student, Forgotten])
    assert Student in policy()
