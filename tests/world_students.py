"""The persons and enrolments of the small known world (tests/world.py tells who they are)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from exchange.people.iin import check_digit
from exchange.people.models import IdentityDocument, Person, PersonFacts
from exchange.people.name_keys import fold, kazakh_order, latin, skeleton
from exchange.students.models import Order, OrderLine, Student, StudyPeriod

if TYPE_CHECKING:
    from tests.world import World

VKO, ABAI, PAVLODAR, KARAGANDA = "630000000", "100000000", "550000000", "350000000"


@dataclass(frozen=True)
class Someone:
    """Who, in the words of the table above."""

    surname: str
    name: str
    patronymic: str
    sex: str
    born: dt.date
    region: str | None
    serial: int | None = 9990
    citizenship: str = "KZ"


@dataclass(frozen=True)
class Line:
    """A line of an order: what, from when, known since when (empty: ten days before), and what it sets."""

    event: str
    day: dt.date
    known: dt.date | None = None
    sets: dict[str, Any] = field(default_factory=dict)


ORDER_OF = {
    "enrol": "enrolment", "next_course": "course_transfer", "leave_academic": "academic_leave", "expel": "expulsion",
    "graduate": "graduation", "transfer_out": "transfer_out", "cancel": "cancel",
}  # fmt: skip
STATUS_AFTER = {
    "enrol": "studying", "next_course": "studying", "leave_academic": "academic_leave", "expel": "expelled",
    "graduate": "graduated", "transfer_out": "transferred_out",
}  # fmt: skip
COUNTED = ("studying", "academic_leave")
FACTS = ("programme_code", "level_code", "form_code", "funding_code", "course", "group_name", "status_code")


def _moment(day: dt.date) -> dt.datetime:
    """Noon in Barnaul."""
    return dt.datetime.combine(day, dt.time(5), dt.UTC)


def _iin(someone: Someone) -> str | None:
    if someone.serial is None:
        return None
    century = {("M", 19): 3, ("F", 19): 4, ("M", 20): 5, ("F", 20): 6}[(someone.sex, someone.born.year // 100)]
    for serial in range(someone.serial, 9900, -1):
        stem = f"{someone.born:%y%m%d}{century}{serial:04d}"
        if (digit := check_digit(stem)) is not None:
            return f"{stem}{digit}"
    raise AssertionError(someone)


class Builder:
    """Puts persons, enrolments and orders into the register, without the actions that tests are about."""

    def __init__(self, session: Session, world: World) -> None:
        self.session = session
        self.world = world
        self.numbers = 0

    def person(self, key: str, organisation: str, someone: Someone, known: dt.date) -> int:
        owner = self.world.organisations[organisation]
        iin = _iin(someone)
        person = Person(organisation_id=owner, iin=iin, phone="+77051234567", created_at=_moment(known))
        self.session.add(person)
        self.session.flush()
        self.facts(person.id, owner, someone, someone.born, None, known, None)
        kind, number = "kz_passport", f"N1234{person.id:04d}"
        if someone.citizenship != "KZ":
            kind, number = "vnzh", f"82{person.id:07d}"
        document = IdentityDocument(
            # an id that occurs in no other place of a page
            id=600_000 + person.id, person_id=person.id, organisation_id=owner, type_code=kind, number=number,
            issued_on=dt.date(2022, 3, 1), valid_until=dt.date(2032, 3, 1), created_at=_moment(known),
        )  # fmt: skip
        self.session.add(document)
        self.world.persons[key] = person.id
        self.world.iins[key] = iin
        return person.id

    def facts(
        self, person: int, owner: int, someone: Someone, start: dt.date, end: dt.date | None, known: dt.date,
        forgotten: dt.date | None, is_rf_citizen: bool = False,
    ) -> None:  # fmt: skip
        facts = PersonFacts(
            person_id=person, organisation_id=owner, surname=someone.surname, name=someone.name,
            patronymic=someone.patronymic, surname_lat=latin(someone.surname).upper(), name_lat=latin(someone.name).upper(),
            sex=someone.sex, birth_date=someone.born, citizenship=someone.citizenship, is_rf_citizen=is_rf_citizen,
            region_code=someone.region, valid_from=start, valid_to=end, recorded_at=_moment(known),
            superseded_at=_moment(forgotten) if forgotten else None,
            sort_key=f"{fold(someone.surname)} {fold(someone.name)} {fold(someone.patronymic)}".strip(),
            sort_key_kk=" ".join(kazakh_order(p) for p in (someone.surname, someone.name, someone.patronymic) if p),
            surname_key=skeleton(someone.surname), name_key=skeleton(someone.name),
            patronymic_key=skeleton(someone.patronymic),
        )  # fmt: skip
        self.session.add(facts)

    # ------------------------------------------------------------------------------------------------------- enrolments
    def enrolment(self, key: str, person: int, organisation: str, start: dict[str, Any], *lines: Line) -> None:
        """One enrolment with its lines in the order in which they were recorded."""
        owner = self.world.organisations[organisation]
        first = lines[0].known or lines[0].day - dt.timedelta(days=10)
        student = Student(
            person_id=person, organisation_id=owner, record_book_no=f"{organisation}-{key}", created_at=_moment(first),
            updated_at=_moment(lines[-1].known or lines[-1].day - dt.timedelta(days=10)),
        )  # fmt: skip
        self.session.add(student)
        self.session.flush()
        self.world.students[key], self.world.public_ids[key] = student.id, student.public_id
        state = {"course": 1, "form_code": "full", "group_name": "101", **start}
        told: StudyPeriod | None = None  # the period that is open now
        before: StudyPeriod | None = None  # the one that was open before it
        last_line = 0
        for line in lines:
            known = _moment(line.known or line.day - dt.timedelta(days=10))
            written = self.line(student, owner, line, known, state if line.event == "enrol" else line.sets, last_line)
            if line.event == "cancel":
                assert told is not None
                assert before is not None
                told.superseded_at = known
                self.close(before, told.valid_from, known)
                told = self.period(before, valid_to=None, recorded_at=known)
                self.world.annulled_line = last_line
                continue
            state = {**state, **line.sets, "status_code": STATUS_AFTER[line.event]}
            if told is not None:
                told.superseded_at = known
                self.period(told, valid_to=line.day, recorded_at=known)
            before = told
            told = StudyPeriod(
                student_id=student.id, person_id=person, organisation_id=owner, order_line_id=written, valid_from=line.day,
                valid_to=None, recorded_at=known, in_contingent=state["status_code"] in COUNTED,
                **{name: state[name] for name in FACTS},
            )  # fmt: skip
            self.session.add(told)
            self.session.flush()
            last_line = written

    def period(self, like: StudyPeriod, **different: Any) -> StudyPeriod:
        """The same period told anew."""
        same = {c.key: getattr(like, c.key) for c in StudyPeriod.__table__.columns if c.key not in ("id", "superseded_at")}
        self.session.flush()
        made = StudyPeriod(**{**same, **different})
        self.session.add(made)
        self.session.flush()
        return made

    def close(self, like: StudyPeriod, end: dt.date, known: dt.datetime) -> None:
        """The closed telling of `like` is no longer told."""
        closed = self.session.query(StudyPeriod).filter_by(student_id=like.student_id, valid_to=end, superseded_at=None).one()
        closed.superseded_at = known
        self.session.flush()

    def line(self, student: Student, owner: int, line: Line, known: dt.datetime, sets: dict[str, Any], last_line: int) -> int:
        self.numbers += 1
        order = Order(
            organisation_id=owner, type_code=ORDER_OF[line.event], number=f"{self.numbers}-у", recorded_at=known,
            signed_on=min(line.day, known.date()),
        )  # fmt: skip
        self.session.add(order)
        self.session.flush()
        written = OrderLine(
            order_id=order.id, student_id=student.id, organisation_id=owner, event=line.event, effective_on=line.day,
            fields=sets, recorded_at=known, cancels_line_id=last_line if line.event == "cancel" else None,
        )  # fmt: skip
        self.session.add(written)
        self.session.flush()
        return written.id


def _years(first: int, last: int) -> list[Line]:
    """Enrolment in September of the first year, then a promotion each September up to the last one."""
    promotions = [Line("next_course", dt.date(y, 9, 1), None, {"course": y - first + 1}) for y in range(first + 1, last + 1)]
    return [Line("enrol", dt.date(first, 9, 1)), *promotions]


def _start(level: str, programme: str, funding: str, **more: Any) -> dict[str, Any]:
    return {"level_code": level, "programme_code": programme, "funding_code": funding, **more}


def _asu(build: Builder) -> None:
    day = dt.date
    akhmetov = build.person(
        "akhmetov", "ASU", Someone("Ахметов", "Данияр", "Серикович", "M", day(2004, 3, 12), VKO), day(2022, 8, 22)
    )
    build.enrolment("akhmetov", akhmetov, "ASU", _start("bachelor", "09.03.03", "federal_general"),
                    *_years(2022, 2025), Line("graduate", day(2026, 6, 30)))  # fmt: skip
    kurman = build.person(
        "kurmangali", "ASU", Someone("Құрманғалиева", "Әлия", "", "F", day(2005, 7, 21), ABAI), day(2023, 8, 22)
    )
    leave = Line("leave_academic", day(2026, 2, 16), None, {"until": "2027-02-16", "leave_ground": "family"})
    build.enrolment("kurmangali", kurman, "ASU", _start("bachelor", "38.03.01", "contract_person"), *_years(2023, 2025), leave)
    who = Someone("Иванов", "Сергей", "Петрович", "M", day(2006, 2, 28), PAVLODAR)
    ivanov = build.person("ivanov", "ASU", who, day(2024, 8, 22))
    told, changed, owner = day(2025, 11, 12), day(2025, 11, 10), build.world.organisations["ASU"]
    build.session.flush()
    build.session.query(PersonFacts).filter_by(person_id=ivanov).one().superseded_at = _moment(told)
    build.session.flush()
    build.facts(ivanov, owner, who, who.born, changed, told, None)
    build.facts(ivanov, owner, who, changed, None, told, None, is_rf_citizen=True)
    build.enrolment(
        "ivanov", ivanov, "ASU", _start("bachelor", "40.03.01", "federal_general", form_code="extra"), *_years(2024, 2026)
    )
    popova = build.person("popova", "ASU", Someone("Попова", "Дарья", "Сергеевна", "F", day(2006, 6, 6), VKO), day(2024, 8, 22))
    build.enrolment("popova", popova, "ASU", _start("bachelor", "42.03.02", "quota"),
                    *_years(2024, 2025), Line("transfer_out", day(2026, 2, 1), None, {"host": "НГУ"}))  # fmt: skip
    late = day(2026, 10, 6)
    who = Someone("Алимжанов", "Бекзат", "Талғатұлы", "M", day(2007, 9, 9), ABAI, serial=None)
    build.enrolment("alimzhanov", build.person("alimzhanov", "ASU", who, late), "ASU",
                    _start("bachelor", "01.03.02", "federal_general"), Line("enrol", day(2026, 9, 1), late))  # fmt: skip


def _branch(build: Builder) -> None:
    day = dt.date
    who = Someone("Жұмабаев", "Нұрсұлтан", "Маратұлы", "M", day(2004, 2, 29), VKO)
    late = Line("expel", day(2025, 9, 25), day(2025, 11, 5), {"ground": "debt", "initiative": "org"})
    build.enrolment("zhumabayev", build.person("zhumabayev", "ASU-RUB", who, day(2023, 8, 22)), "ASU-RUB",
                    _start("bachelor", "38.03.01", "quota"), *_years(2023, 2025), late)  # fmt: skip
    who = Someone("Касымова", "Асель", "Ерлановна", "F", day(2007, 1, 15), ABAI)
    build.enrolment("kasymova", build.person("kasymova", "ASU-RUB", who, day(2025, 8, 22)), "ASU-RUB",
                    _start("bachelor", "38.03.01", "contract_person"), *_years(2025, 2026))  # fmt: skip


def _astu(build: Builder) -> None:
    day = dt.date
    seitkali = build.person(
        "seitkali", "ASTU", Someone("Сейтқалиев", "Ерасыл", "Болатұлы", "M", day(2003, 11, 5), VKO), day(2022, 8, 22)
    )
    build.enrolment("seitkali", seitkali, "ASTU", _start("bachelor", "13.03.02", "federal_general"),
                    *_years(2022, 2025), Line("graduate", day(2026, 6, 30)))  # fmt: skip
    build.enrolment("seitkali2", seitkali, "ASTU", _start("master", "13.04.02", "federal_general"), *_years(2026, 2026))
    kim = build.person("kim", "ASTU", Someone("Ким", "Виктор", "Андреевич", "M", day(2005, 5, 30), PAVLODAR), day(2024, 8, 22))
    build.enrolment("kim", kim, "ASTU", _start("bachelor", "09.03.01", "contract_person"), *_years(2024, 2026))
    build.enrolment(
        "kim2", kim, "ASTU", _start("bachelor", "15.03.05", "contract_person", form_code="extra"), *_years(2025, 2026)
    )
    who = Someone("Оразбаева", "Томирис", "Қайратқызы", "F", day(2006, 8, 8), KARAGANDA)
    mistake = Line("expel", day(2025, 10, 15), day(2025, 10, 16), {"ground": "debt", "initiative": "org"})
    annulled = Line("cancel", day(2025, 10, 15), day(2025, 10, 30), {"reason": "ошибочная запись"})
    build.enrolment("orazbayeva", build.person("orazbayeva", "ASTU", who, day(2024, 8, 22)), "ASTU",
                    _start("bachelor", "08.03.01", "federal_general"), *_years(2024, 2025), mistake, annulled,
                    *_years(2024, 2026)[2:])  # fmt: skip
    schmidt = build.person("schmidt", "ASTU", Someone("Шмидт", "Анна", "", "F", day(1999, 12, 1), None), day(2023, 8, 22))
    left = Line("expel", day(2026, 4, 20), None, {"ground": "own_wish", "initiative": "student"})
    build.enrolment("schmidt", schmidt, "ASTU", _start("postgraduate", "2.3.1", "quota"), *_years(2023, 2025), left)
    who = Someone("Мирзоев", "Тимур", "Русланович", "M", day(2005, 10, 10), None, serial=None, citizenship="UZ")
    build.enrolment("mirzoyev", build.person("mirzoyev", "ASTU", who, day(2024, 8, 22)), "ASTU",
                    _start("bachelor", "13.03.02", "contract_person"), *_years(2024, 2026))  # fmt: skip
    who = Someone("Төлегенова", "Мөлдір", "Асқарқызы", "F", day(2008, 11, 20), VKO)
    build.enrolment("tolegenova", build.person("tolegenova", "ASTU", who, day(2024, 8, 22)), "ASTU",
                    _start("spo", "15.02.16", "krai"), *_years(2024, 2026))  # fmt: skip


def build(session: Session, world: World) -> None:
    builder = Builder(session, world)
    _asu(builder)
    _branch(builder)
    _astu(builder)
