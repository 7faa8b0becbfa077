"""Transfers step by step: asked for, sent, accepted, declined, withdrawn; twice, at once, by the wrong side."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from exchange.audit.models import AuditEntry
from exchange.errors import Conflict, NotFound, RuleBroken
from exchange.people.models import Person
from exchange.students.many import examine_annulment
from exchange.students.models import Order, OrderLine, Student
from exchange.students.orders import annul_order
from exchange.transfers import actions, queries
from exchange.transfers.models import State, Transfer
from tests.students.conftest import day
from tests.transfers.conftest import LEFT, Sides


def test_asked_sent_accepted(sides: Sides) -> None:
    asked = sides.ask()
    assert (asked.state, asked.asked_at is not None, asked.student_id) == (State.REQUESTED, True, None)
    sent = sides.send()
    assert sent.id == asked.id
    assert (sent.state, sent.order_number, sent.left_on) == (State.SENT, "77-п", LEFT)
    student = sides.accept(sent)
    assert sides.state(sent) == State.ACCEPTED
    assert student.person_id == sides.world.persons["orazbayeva"]
    assert student.organisation_id == sides.world.organisations["ASU"]
    done = sides.session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.action.startswith("transfer:")).order_by(AuditEntry.id)
    )
    assert list(done) == ["transfer:requested", "transfer:sent", "transfer:accepted"]


def test_sent_without_being_asked(sides: Sides) -> None:
    sent = sides.send()
    assert (sent.state, sent.asked_at) == (State.SENT, None)
    sides.accept(sent)
    assert sides.state(sent) == State.ACCEPTED


def test_who_left_already_is_sent_without_another_order(sides: Sides) -> None:
    """popova left ASU by an order of transfer on 01.02.2026."""
    sent = sides.send("popova", to="ASTU", by="asu", number="", signed_on=None, effective_on=None)
    assert sent.left_on == day("2026-02-01")
    student = sides.accept(sent, by="astu")
    assert student.person_id == sides.world.persons["popova"]


def test_outside_the_register_only_the_order_is_recorded(sides: Sides) -> None:
    from exchange.students.models import OrderLine
    from exchange.transfers.actions import Leave

    with sides.as_(sides.world.actors["astu"]) as asked:
        student = asked.get_one(Student, sides.world.students["orazbayeva"])
        leave = Leave(host="Томский университет", number="77-п", signed_on=day("2026-11-19"), effective_on=LEFT)
        assert actions.send_transfer(asked, student, leave) is None
        line = asked.scalars(
            sa.select(OrderLine).where(OrderLine.student_id == student.id).order_by(OrderLine.id.desc())
        ).first()
        assert line is not None
        assert (line.event, line.fields) == ("transfer_out", {"host": "Томский университет"})
        assert asked.scalar(sa.select(sa.func.count()).select_from(Transfer)) == 0


@pytest.mark.parametrize("changes", [{"number": "000000000000"}, {"birth_date": dt.date(2001, 1, 1)}])
def test_number_and_birth_date_must_both_fit(sides: Sides, changes: dict[str, object]) -> None:
    """Nobody learns by trying numbers who is registered: both answers are one."""
    wish = sides.wish(**changes)
    with (
        sides.as_(sides.world.actors["asu"]) as asked,
        pytest.raises(RuleBroken, match="По этому номеру и дате рождения в реестре никого нет"),
    ):
        actions.ask_transfer(asked, wish)


def test_asked_by_the_number_of_a_document(sides: Sides) -> None:
    number = f"n1234{sides.world.persons['orazbayeva']:04d}"
    wish = sides.wish(number=number)
    with sides.as_(sides.world.actors["asu"]) as asked:
        found = actions.ask_transfer(asked, wish)
        assert found.from_organisation_id == sides.world.organisations["ASTU"]
        assert number.upper() not in found.asked_number


def test_own_people_are_not_asked_for(sides: Sides) -> None:
    wish = sides.wish()
    with sides.as_(sides.world.actors["astu"]) as asked, pytest.raises(RuleBroken, match="ведёт ваш вуз"):
        actions.ask_transfer(asked, wish)


def test_two_requests_at_once(sides: Sides) -> None:
    """The second of one university is told of the first; another university may ask, too, and is told when it is late."""
    mine, other = sides.ask(), sides.ask(by="branch")
    with pytest.raises(RuleBroken, match="уже запросили"):
        sides.ask()
    with sides.as_(sides.world.actors["branch"]) as asked:
        twin = Transfer(
            from_organisation_id=mine.from_organisation_id, to_organisation_id=other.to_organisation_id,
            person_id=mine.person_id, state=State.REQUESTED,
        )  # fmt: skip
        asked.add(twin)
        with pytest.raises(sa.exc.IntegrityError):
            asked.flush()
        asked.rollback()
    sides.accept(sides.send())
    assert sides.state(other) == State.DECLINED


def test_accepted_twice(sides: Sides) -> None:
    sent = sides.send()
    version = sent.version
    sides.accept(sent, version=version)
    with pytest.raises(Conflict):
        sides.accept(sent, version=version)
    with pytest.raises(Conflict):
        sides.accept(sent)
    own = sa.select(sa.func.count()).select_from(Student).where(Student.person_id == sent.person_id)
    assert sides.session.scalar(own) == 2


def test_declined_by_the_old_university(sides: Sides) -> None:
    asked = sides.ask()
    with sides.as_(sides.world.actors["astu"]) as old:
        one = old.get_one(Transfer, asked.id)
        with pytest.raises(RuleBroken, match="Причина не указана"):
            actions.decline_transfer(old, one, " ", one.version)
        actions.decline_transfer(old, one, "Академическая задолженность", one.version)
        old.commit()
    with sides.as_(sides.world.actors["asu"]) as new:
        one = new.get_one(Transfer, asked.id)
        assert (one.state, one.reason) == (State.DECLINED, "Академическая задолженность")
        assert queries.counts(new) == {"incoming": 0, "outgoing": 0, "done": 1}
    assert sides.ask().id != asked.id, "it may ask again"


def test_declined_by_the_new_university(sides: Sides) -> None:
    sent = sides.send()
    with sides.as_(sides.world.actors["asu"]) as new:
        one = new.get_one(Transfer, sent.id)
        actions.decline_transfer(new, one, "Мест нет", one.version)
        new.commit()
    assert sides.state(sent) == State.DECLINED


def test_withdrawn_by_who_began(sides: Sides) -> None:
    asked = sides.ask()
    with sides.as_(sides.world.actors["astu"]) as old:
        one = old.get_one(Transfer, asked.id)
        with pytest.raises(NotFound):
            actions.withdraw_transfer(old, one, one.version)
    with sides.as_(sides.world.actors["asu"]) as new:
        one = new.get_one(Transfer, asked.id)
        actions.withdraw_transfer(new, one, one.version)
        new.commit()
    assert sides.state(asked) == State.WITHDRAWN
    sent = sides.send()
    with sides.as_(sides.world.actors["astu"]) as old:
        one = old.get_one(Transfer, sent.id)
        actions.withdraw_transfer(old, one, one.version)
        old.commit()
    with pytest.raises(Conflict):
        sides.accept(sent)


def test_no_side_does_what_is_the_others(sides: Sides) -> None:
    """Asked: only the old one answers. Sent: only the new one accepts and looks at the person."""
    asked = sides.ask()
    with sides.as_(sides.world.actors["asu"]) as new:
        one = new.get_one(Transfer, asked.id)
        with pytest.raises(NotFound):
            actions.decline_transfer(new, one, "так", one.version)
        with pytest.raises(Conflict):
            actions.accept_transfer(new, one, sides.registration(), one.version)
        with pytest.raises(NotFound):
            actions.carried(new, one)
    sent = sides.send()
    with sides.as_(sides.world.actors["astu"]) as old:
        one = old.get_one(Transfer, sent.id)
        with pytest.raises(NotFound):
            actions.accept_transfer(old, one, sides.registration("astu"), one.version)
        with pytest.raises(NotFound):
            actions.carried(old, one)
    with sides.as_(sides.world.actors["altvagon"]) as stranger, pytest.raises(NotFound):
        queries.transfer_by_public_id(stranger, sent.public_id)


def test_sent_to_one_at_a_time(sides: Sides) -> None:
    sides.send()
    with pytest.raises(RuleBroken, match="уже передан этому вузу"):
        sides.send()
    with pytest.raises(RuleBroken, match="Сначала отзовите"):
        sides.send(to="ASU-RUB")


def test_nobody_begins_before_the_end(sides: Sides) -> None:
    sent = sides.send()
    with pytest.raises(RuleBroken, match=r"Зачислите не раньше 20\.11\.2026"):
        sides.accept(sent, begins=day("2026-11-19"))
    assert sides.state(sent) == State.SENT
    assert sides.session.get_one(Person, sent.person_id).organisation_id == sides.world.organisations["ASTU"]


def test_what_comes_along(sides: Sides) -> None:
    """Names, birth, one document, contacts; periods only when the sender ticked so."""
    plain = sides.send("kim2")
    with sides.as_(sides.world.actors["asu"]) as new:
        found = actions.carried(new, new.get_one(Transfer, plain.id))
        assert (found.facts.surname, found.iin, len(found.documents)) == ("Ким", sides.world.iins["kim"], 1)
        assert found.history == ()
    told = sides.send(has_history=True)
    with sides.as_(sides.world.actors["asu"]) as new:
        assert [p.status_code for p in actions.carried(new, new.get_one(Transfer, told.id)).history][-1] == "studying"


def test_the_menu_counts_what_waits_for_me(sides: Sides) -> None:
    def waiting(key: str) -> int:
        with sides.as_(sides.world.actors[key]) as session:
            return queries.waiting_for_me(session)

    sides.ask()
    assert (waiting("asu"), waiting("astu")) == (0, 1)
    sent = sides.send()
    assert (waiting("asu"), waiting("astu")) == (1, 0)
    sides.accept(sent)
    assert (waiting("asu"), waiting("astu")) == (0, 0)


# ------------------------------------------------------------------------------------- the order goes, what follows stays
def annul(sides: Sides, student: int, event: str, by: str = "astu") -> None:
    with sides.as_(sides.world.actors[by]) as asked:
        found = sa.select(OrderLine).where(OrderLine.student_id == student, OrderLine.event == event)
        line = asked.scalars(found.order_by(OrderLine.id.desc())).first()
        assert line is not None
        annul_order(asked, line, "99-о", day("2026-11-23"), "Ошибка")
        asked.commit()


def test_an_offer_goes_with_the_order_it_stands_on(sides: Sides) -> None:
    offered = sides.send()
    annul(sides, sides.world.students["orazbayeva"], "transfer_out")
    assert sides.state(offered) == State.WITHDRAWN
    with pytest.raises(Conflict):
        sides.accept(offered)
    again = sides.send(number="78-п")
    assert sides.accept(again).id


def test_an_order_stays_while_another_university_teaches_by_it(sides: Sides) -> None:
    """Without it the student would study twice; once the other university annulled its enrolment, it can go."""
    accepted = sides.accept(sides.send())
    with pytest.raises(RuleBroken, match="По этому приказу студента принял вуз: АлтГУ"):
        annul(sides, sides.world.students["orazbayeva"], "transfer_out")
    annul(sides, accepted.id, "enrol_elsewhere", by="asu")
    annul(sides, sides.world.students["orazbayeva"], "transfer_out")


def test_the_page_of_a_whole_order_says_who_was_accepted_elsewhere(sides: Sides) -> None:
    accepted = sides.send()
    sides.send("kim")
    sides.accept(accepted)
    with sides.as_(sides.world.actors["astu"]) as asked:
        order = asked.scalars(sa.select(Order).where(Order.number == "77-п")).one()
        students = [asked.get_one(Student, sides.world.students[key]) for key in ("orazbayeva", "kim")]
        found = examine_annulment(asked, order, students, "99-о", day("2026-11-23"), "Ошибка")
        assert [one.student.id for one in found.fit] == [sides.world.students["kim"]]
        assert "принял вуз: АлтГУ" in str(found.unfit[0].reason)


@pytest.mark.parametrize("begins", ["1900-01-01", "2020-09-01", "2026-11-19"])
def test_nobody_is_enrolled_before_the_day_of_leaving(sides: Sides, begins: str) -> None:
    """Not before the study at the old university either: its days there would stand at both."""
    offered = sides.send()
    with pytest.raises(RuleBroken, match=r"Зачислите не раньше 20\.11\.2026"):
        sides.accept(offered, begins=day(begins))
    assert sides.state(offered) == State.SENT
