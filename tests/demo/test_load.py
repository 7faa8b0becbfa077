"""The demonstration: the same people for the same seed, in the proportions of the field, with its edge cases."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from exchange.accounts.models import User
from exchange.audit.actions import verify
from exchange.database import Moment, as_of
from exchange.demo.accounts import ACCOUNTS, PASSWORD
from exchange.demo.internships import load_internships
from exchange.demo.load import MODELS, load_students
from exchange.internships.models import Internship
from exchange.organisations.models import Organisation
from exchange.people.iin import examine
from exchange.people.models import Person, PersonFacts
from exchange.reference import classifiers
from exchange.stays.models import StayFact
from exchange.stays.summary import summarise
from exchange.students.contingent import contingent_on
from exchange.students.models import Order, OrderLine, Student, StudyPeriod
from tests.applications import Client, Runner
from tests.house.ledgers import assert_ledgers_agree

DAY = dt.date(2026, 11, 23)
FEW, ALL = 150, 2000
# Within so many percentage points of the proportions of the field: 2,000 draws scatter by up to 3.5 (three sigma).
CLOSE = 3.5


def digest(session: Session) -> str:
    """All that was loaded, row by row."""
    sums = hashlib.sha256()
    for model in (*MODELS, Internship):
        # the id of an internship comes from the database, and its moments from the clock
        left_out = ("id", "created_at", "updated_at") if model is Internship else ()
        columns = [c for c in model.__table__.columns if c.key not in left_out]
        for row in session.execute(sa.select(*columns).order_by(model.id)):
            sums.update(repr(tuple(row)).encode())
    return sums.hexdigest()


def once(session: Session, seed: int) -> str:
    """Loads a few in an empty register, and takes them back."""
    with session.begin_nested() as point:
        load_students(session, FEW, seed, DAY)
        load_internships(session, 20, seed, DAY)
        found = digest(session)
        point.rollback()
    session.expunge_all()
    return found


def test_the_same_seed_gives_the_same_data(session: Session) -> None:
    first = once(session, 7)
    assert once(session, 7) == first
    assert once(session, 8) != first


@pytest.mark.parametrize("last_day", [DAY, dt.date(2026, 9, 2), dt.date(2026, 7, 1)], ids=str)
def test_nothing_is_later_than_the_load(session: Session, last_day: dt.date) -> None:
    """Loaded in the first minute of the last day, which in Barnaul is 17:00 of the day before in UTC: all lies behind."""
    load_students(session, 400, 7, last_day)
    load_internships(session, 60, 7, last_day)
    begins = dt.datetime.combine(last_day - dt.timedelta(days=1), dt.time(17), dt.UTC)
    seen: set[str] = set()
    for model in (*MODELS, Internship):
        for column in model.__table__.columns:
            # when an internship was entered is told by the clock
            if not isinstance(column.type, Moment) or (model is Internship and column.key in ("created_at", "updated_at")):
                continue
            newest = session.scalar(sa.select(sa.func.max(column)))
            assert newest is None or newest < begins, (str(column), newest)
            seen |= {str(column)} if newest else set()
    assert {"stay_fact.recorded_at", "order_line.recorded_at", "consent.recorded_at", "internship.agreed_at"} <= seen


def shares(session: Session, column: Any) -> dict[Any, float]:
    """Percent of enrolments at their beginning."""
    first = sa.select(sa.func.min(StudyPeriod.id)).group_by(StudyPeriod.student_id)
    rows = session.execute(sa.select(column, sa.func.count()).where(StudyPeriod.id.in_(first)).group_by(column)).all()
    total = sum(count for _, count in rows)
    assert total == ALL
    return {key: 100 * count / total for key, count in rows}


@pytest.fixture
def loaded(session: Session) -> Session:
    """The demonstration as it is loaded by default."""
    load_students(session, ALL, 2026, DAY)
    load_internships(session, 120, 2026, DAY)
    session.expire_all()
    return session


def test_the_demonstration(loaded: Session) -> None:
    """One loading, looked at from all sides: it takes a second."""
    proportions_are_those_of_the_field(loaded)
    edge_cases_are_there(loaded)
    numbers_are_well_formed_and_unlikely(loaded)
    past_days_differ(loaded)
    periods_follow_from_orders(loaded)
    plans_and_places_are_there(loaded)
    stays_hold_together(loaded)
    internships_hold_together(loaded)
    assert verify(loaded).is_whole


def proportions_are_those_of_the_field(session: Session) -> None:
    """domain.md, section 10: invented proportions."""
    codes = {row.id: row.code for row in session.execute(sa.select(Organisation.id, Organisation.code))}
    universities: Counter[str] = Counter()
    for key, share in shares(session, StudyPeriod.organisation_id).items():
        universities[codes[key].split("-")[0]] += share  # type: ignore[assignment]  # percents
    expected = {
        StudyPeriod.level_code: {"bachelor": 68, "specialist": 15, "master": 9, "postgraduate": 3, "spo": 4, "prep": 1},
        StudyPeriod.form_code: {"full": 74, "extra": 21, "part": 5},
    }
    for column, wanted in expected.items():
        found = shares(session, column)
        assert found.keys() == wanted.keys()
        assert all(abs(found[key] - share) < CLOSE for key, share in wanted.items()), found
    wanted = {"ASU": 40, "ASTU": 15, "ALTSPU": 14, "AGMU": 13, "AGAU": 9, "AGIK": 9}
    assert all(abs(universities[code] - share) < CLOSE for code, share in wanted.items()), universities
    fundings: Counter[str] = Counter()
    for code, share in shares(session, StudyPeriod.funding_code).items():
        fundings[classifiers.fundings()[code].group] += share  # type: ignore[assignment]
    assert all(abs(fundings[g] - s) < CLOSE for g, s in {"budget": 52, "quota": 8, "contract": 40}.items()), fundings
    persons = session.execute(sa.select(PersonFacts.region_code, PersonFacts.sex).where(as_of(PersonFacts, DAY))).all()
    women = 100 * sum(sex == "F" for _, sex in persons) / len(persons)
    assert abs(women - 55) < CLOSE
    regions = Counter(region for region, _ in persons)
    for region, share in {"630000000": 42, "100000000": 22, "550000000": 20, "350000000": 4}.items():
        assert abs(100 * regions[region] / len(persons) - share) < CLOSE, regions


def edge_cases_are_there(session: Session) -> None:
    def some(*conditions: Any) -> int:
        return session.scalar(sa.select(sa.func.count()).where(*conditions)) or 0

    assert some(PersonFacts.patronymic == "") > ALL / 30
    assert some(PersonFacts.surname.regexp_match("[ӘҒҚҢӨҰҮҺІәғқңөұүһі]")) > ALL / 10
    assert some(PersonFacts.region_code.is_(None)) > 0
    assert some(sa.extract("month", PersonFacts.birth_date) == 2, sa.extract("day", PersonFacts.birth_date) == 29) > 0
    assert some(PersonFacts.is_rf_citizen, PersonFacts.citizenship == "KZ") > 0
    assert some(Person.iin.is_(None)) > 0
    annulled = sa.select(OrderLine.cancels_line_id).where(OrderLine.event == "cancel")
    assert some(OrderLine.id.in_(annulled), OrderLine.event == "expel") > 0
    lines = session.execute(sa.select(OrderLine.event, OrderLine.effective_on, OrderLine.recorded_at, OrderLine.fields)).all()
    assert sum(line.recorded_at.date() > line.effective_on + dt.timedelta(days=7) for line in lines) > 0, "recorded late"
    leaves = [line for line in lines if line.event.startswith("leave_")]
    assert sum(dt.date.fromisoformat(line.fields["until"]).year - line.effective_on.year == 2 for line in leaves) > 0
    events = {line.event for line in lines}
    assert events >= {
        "enrol", "next_course", "change_program", "change_funding", "go_mobility", "return_mobility", "leave_academic",
        "leave_maternity", "leave_military", "return", "expel", "reinstate", "transfer_out", "graduate", "cancel",
    }  # fmt: skip
    enrolments, persons = session.execute(sa.select(sa.func.count(), sa.func.count(Student.person_id.distinct()))).one()
    assert enrolments == ALL
    assert 0 < enrolments - persons < ALL / 50, "some study two programmes at once"


def numbers_are_well_formed_and_unlikely(session: Session) -> None:
    rows = session.execute(
        sa.select(Person.iin, PersonFacts.birth_date, PersonFacts.sex)
        .join(PersonFacts, PersonFacts.person_id == Person.id)
        .where(Person.iin.is_not(None), as_of(PersonFacts, DAY))
    ).all()
    assert len({iin for iin, _, _ in rows}) == len(rows)
    for iin, born, sex in rows:
        assert iin is not None
        finding = examine(iin)
        assert finding.is_well_formed
        assert (finding.birth_date, finding.sex, iin[7:9]) == (born, sex, "99")


def past_days_differ(session: Session) -> None:
    counts = [
        session.scalar(contingent_on(dt.date(year, 10, 1)).with_only_columns(sa.func.count())) for year in range(2022, 2027)
    ]
    assert all(counts)
    assert len(set(counts)) == len(counts)
    day, then = dt.date(2025, 10, 1), dt.datetime(2025, 9, 3, tzinfo=dt.UTC)
    now = contingent_on(day).with_only_columns(sa.func.count())
    assert session.scalar(now) != session.scalar(contingent_on(day, then).with_only_columns(sa.func.count()))


def periods_follow_from_orders(session: Session) -> None:
    """The status on a day as known at a moment, worked out here from the lines alone, is what the periods say."""
    lines: dict[int, list[Any]] = {}
    for line in session.scalars(sa.select(OrderLine).order_by(OrderLine.effective_on, OrderLine.id)):
        lines.setdefault(line.student_id, []).append(line)
    outcomes = {(t.from_status, t.event): t.to_status for t in classifiers.transitions()}
    moments = [
        (dt.date(2023, 10, 1), dt.datetime(2026, 11, 23, tzinfo=dt.UTC)),
        (dt.date(2025, 10, 1), dt.datetime(2025, 10, 5, tzinfo=dt.UTC)),
        (dt.date(2026, 10, 20), dt.datetime(2026, 10, 21, tzinfo=dt.UTC)),
        (dt.date(2026, 10, 20), dt.datetime(2026, 11, 23, tzinfo=dt.UTC)),
    ]
    for day, known_at in moments:
        told = {
            row.student_id: (row.status_code, row.course, row.funding_code, row.programme_code)
            for row in session.scalars(sa.select(StudyPeriod).where(as_of(StudyPeriod, day, known_at)))
        }
        worked_out = {}
        for student, all_lines in lines.items():
            known = [line for line in all_lines if line.recorded_at <= known_at]
            annulled = {line.cancels_line_id for line in known}
            state: dict[str, Any] = {"status_code": "applicant"}
            for line in known:
                if line.id not in annulled and line.event != "cancel" and line.effective_on <= day:
                    state |= line.fields | {"status_code": outcomes[state["status_code"], line.event]}
            if "course" in state:
                worked_out[student] = tuple(state[k] for k in ("status_code", "course", "funding_code", "programme_code"))
        assert told == worked_out, (day, known_at)
    counting = {s.code: s.in_contingent for s in classifiers.statuses().values()}
    pairs = session.execute(sa.select(StudyPeriod.status_code, StudyPeriod.in_contingent).distinct()).all()
    assert all(counting[status] == flag for status, flag in pairs)
    assert_ledgers_agree(session, lines)


def plans_and_places_are_there(session: Session) -> None:
    """Who never paused graduates on the planned day; who still studies has it ahead; a district lies in its region."""
    lines: dict[int, dict[str, dt.date]] = {}
    for line in session.scalars(sa.select(OrderLine)):
        lines.setdefault(line.student_id, {})[line.event] = line.effective_on
    planned = {row.id: row.planned_end_on for row in session.execute(sa.select(Student.id, Student.planned_end_on))}
    on_time = [
        (planned[key], known["graduate"])
        for key, known in lines.items()
        if known.keys() <= {"enrol", "next_course", "graduate"} and "graduate" in known
    ]
    assert len(on_time) > ALL / 10
    assert all(plan == day for plan, day in on_time)
    studying = session.scalars(sa.select(StudyPeriod.student_id).where(as_of(StudyPeriod, DAY), StudyPeriod.in_contingent))
    assert all((planned[key] or DAY) > DAY for key in studying)
    places = session.execute(sa.select(PersonFacts.region_code, PersonFacts.district_code).where(as_of(PersonFacts, DAY))).all()
    known_places = [(region, district) for region, district in places if district]
    assert 0.8 < len(known_places) / len(places) < 0.9
    assert all(classifiers.districts()[district].region_code == region for region, district in known_places)


def stays_hold_together(session: Session) -> None:
    """Three of five persons came; nobody came or left tomorrow; some papers are over, some exits are missing."""
    persons = session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0
    facts: dict[int, list[StayFact]] = {}
    for fact in session.scalars(sa.select(StayFact)):
        facts.setdefault(fact.person_id, []).append(fact)
        assert fact.starts_on <= DAY
        assert fact.recorded_at.date() <= DAY
    assert abs(100 * len(facts) / persons - 60) < CLOSE
    told = [summarise(known, DAY) for known in facts.values()]
    assert all(summary.has_entry for summary in told)
    assert not any(summary.crossings.exits_without_entry for summary in told)
    assert sum(bool(summary.crossings.entries_after_unknown_exit) for summary in told) > 0
    assert {summary.ground for summary in told} == {"temp_stay", "temp_stay_ext", "rvpo", "left"}
    assert sum(bool(s.insurance and s.insurance.ends_on and s.insurance.ends_on < DAY) for s in told) > ALL / 20
    kinds = {fact.kind for known in facts.values() for fact in known}
    assert kinds == {"entry", "exit", "registration", "term", "rvpo", "medical", "fingerprints", "insurance", "notice"}


def internships_hold_together(session: Session) -> None:
    internships = session.scalars(sa.select(Internship)).all()
    assert len(internships) == 120
    assert len({i.enterprise_id for i in internships}) == 12
    assert {i.kind for i in internships} == {"practice", "specialist"}
    grown_up = [
        i for i in internships
        if i.birth_date and i.kind == "practice"
        and i.starts_on < dt.date(i.birth_date.year + 18, i.birth_date.month, min(i.birth_date.day, 28)) <= i.ends_on
    ]  # fmt: skip
    assert grown_up, "somebody turns 18 during the practice"
    enrolments = session.execute(sa.select(OrderLine.student_id, OrderLine.effective_on).where(OrderLine.event == "enrol"))
    enrolled = {row.student_id: row.effective_on for row in enrolments}
    for internship in internships:
        if internship.student_id:
            assert internship.starts_on > enrolled[internship.student_id], "nobody practises before enrolment"
        if internship.starts_on > DAY:
            assert internship.status in ("planned", "confirmed")


def test_new_records_get_free_numbers(session: Session) -> None:
    """Ids are given out by the loading; the database goes on after them."""
    load_students(session, 5, 1, DAY)
    organisation = session.scalars(sa.select(Organisation.id).where(Organisation.code == "ASU")).one()
    person = Person(organisation_id=organisation)
    session.add(person)
    session.flush()
    assert person.id > (session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0) - 1


def test_the_command(runner: Runner, session: Session, client: Client, login: Callable[..., Any]) -> None:
    done = runner.invoke(args=["demo", "load", "--students", "30", "--seed", "5"])
    assert done.exit_code == 0, done.output
    assert PASSWORD in done.output
    assert all(email in done.output for email, _, _ in ACCOUNTS)
    assert session.scalar(sa.select(sa.func.count()).select_from(Student)) == 30
    assert session.scalar(sa.select(sa.func.count()).select_from(Order)) != 0
    again = runner.invoke(args=["demo", "load"])
    assert again.exit_code == 0
    assert "nothing was loaded" in again.output
    assert all(session.scalars(sa.select(User.is_demo)))
    login(client, "asu@demo.example", PASSWORD)


@pytest.mark.sqlite_only
def test_production_has_no_demonstration(app: Flask, runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "PRODUCTION", True)
    refused = runner.invoke(args=["demo", "load", "--students", "3"])
    assert refused.exit_code == 1
    assert "production" in refused.output
