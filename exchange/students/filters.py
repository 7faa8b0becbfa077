"""What a list of students is asked for, and the conditions that answer it: the same for a page, a count and a workbook."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from exchange.database import as_of, by_no_index, prefix_range
from exchange.people.models import PersonFacts
from exchange.people.names import search_key
from exchange.reference import classifiers
from exchange.students import ledger
from exchange.students.contingent import contingent_on, enrolments_on, studying_on
from exchange.students.models import Order, OrderLine, Student, StudyPeriod
from exchange.students.quality import PROBLEMS

MOST_WORDS = 5
NAME_KEYS = ("surname_key", "name_key", "patronymic_key")
LEAVES = ("academic_leave", "maternity_leave", "military_leave")


@dataclass(frozen=True)
class Wanted:
    """What a list shows: the filters of the address, checked; the same for the page, its export and its counts."""

    on: dt.date
    is_on_given: bool = False
    q: str = ""
    status: str = "contingent"
    organisations: tuple[int, ...] = ()
    programme: str = ""
    level: str = ""
    form: str = ""
    funding: str = ""
    course: int | None = None
    region: str = ""
    district: str = ""
    sex: str = ""
    intake: int | None = None
    problem: str = ""
    only: tuple[str, ...] = ()  # public ids of those who were ticked
    sort: str = "-updated"
    size: int = 50

    @property
    def key(self) -> tuple[Any, ...]:
        """What a count depends on: everything but order and size."""
        return (
            self.on, self.is_on_given, self.q, self.status, self.organisations, self.programme, self.level, self.form,
            self.funding, self.course, self.region, self.district, self.sex, self.intake,
            self.problem, self.only,
        )  # fmt: skip

    @property
    def is_narrowed(self) -> bool:
        fresh = Wanted(on=self.on, is_on_given=self.is_on_given)
        return self.key != fresh.key


def held_on(wanted: Wanted) -> sa.Select[*tuple[Any, ...]]:
    """Study periods with the facts of their persons: on a day, or (all records, no day asked for) as things stand last, so
    that a record that begins tomorrow is found too."""
    if wanted.status == "contingent":
        return contingent_on(wanted.on)
    if wanted.status == "all" and not wanted.is_on_given:
        return (
            sa.select(StudyPeriod, PersonFacts)
            .join(PersonFacts, PersonFacts.person_id == StudyPeriod.person_id)
            .where(
                StudyPeriod.superseded_at.is_(None), StudyPeriod.valid_to.is_(None),
                PersonFacts.superseded_at.is_(None), PersonFacts.valid_to.is_(None),
            )
        )  # fmt: skip
    if wanted.status == "leave":
        return contingent_on(wanted.on).where(StudyPeriod.status_code.in_(LEAVES))
    held = studying_on(wanted.on)
    return held if wanted.status == "all" else held.where(StudyPeriod.status_code == wanted.status)


def counting(wanted: Wanted, *, by_facts: bool = False) -> sa.Select[*tuple[Any, ...]]:
    """The same enrolments as `matching`, for a count: of the tables only those that the filters (or, `by_facts`, the groups of
    the count) ask for. A table more in a join of everything costs seconds in a register of a million.
    """
    if is_by_name(wanted.q) and not by_facts:
        return from_facts(wanted)[0]
    if wanted.q or wanted.problem or wanted.only:
        return matching(wanted)
    if by_facts or wanted.region or wanted.district or wanted.sex:
        return held_on(wanted).where(*narrowed(wanted))
    return _periods_on(wanted).where(*narrowed(wanted))


def _periods_on(wanted: Wanted) -> sa.Select[*tuple[Any, ...]]:
    """Study periods of `held_on`, without the facts of their persons."""
    if wanted.status == "contingent":
        return enrolments_on(wanted.on)
    if wanted.status == "leave":
        return enrolments_on(wanted.on).where(StudyPeriod.status_code.in_(LEAVES))
    if wanted.status == "all" and not wanted.is_on_given:
        return sa.select(StudyPeriod).where(StudyPeriod.superseded_at.is_(None), StudyPeriod.valid_to.is_(None))
    held = sa.select(StudyPeriod).where(as_of(StudyPeriod, wanted.on))
    return held if wanted.status == "all" else held.where(StudyPeriod.status_code == wanted.status)


def matching(wanted: Wanted, *, all_at_once: bool = False) -> sa.Select[*tuple[Any, ...]]:
    """Every enrolment that the filters leave, with its study period and the facts of its person.

    `all_at_once`: every row is wanted, so SQLite is to begin with the periods as they lie: by an index it would fetch a
    hundred thousand rows one from here, one from there.
    """
    same = sa.and_(
        Student.id == (by_no_index(StudyPeriod.student_id) if all_at_once else StudyPeriod.student_id),
        Student.person_id == PersonFacts.person_id,
    )
    return held_on(wanted).join(Student, same).where(*narrowed(wanted))


def narrowed(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.organisations:
        conditions.append(StudyPeriod.organisation_id.in_(wanted.organisations))
    for column, value in (
        (StudyPeriod.programme_code, wanted.programme), (StudyPeriod.level_code, wanted.level),
        (StudyPeriod.form_code, wanted.form), (StudyPeriod.course, wanted.course), (PersonFacts.sex, wanted.sex),
        (PersonFacts.district_code, wanted.district),
    ):  # fmt: skip
        if value:
            conditions.append(column == value)
    if wanted.region:
        region = PersonFacts.region_code
        conditions.append(region.is_(None) if wanted.region == "none" else region == wanted.region)
    if wanted.funding:
        codes = [code for code, funding in classifiers.fundings().items() if funding.group == wanted.funding]
        conditions.append(StudyPeriod.funding_code.in_(codes))
    if wanted.intake:
        conditions.append(StudyPeriod.student_id.in_(enrolled_in(wanted.intake)))
    if wanted.problem:
        conditions.append(PROBLEMS[wanted.problem](wanted.on))
    if wanted.only:
        conditions.append(Student.public_id.in_(wanted.only))
    return conditions + searched(wanted.q, PersonFacts)


def enrolled_in(year: int) -> sa.Select[*tuple[Any, ...]]:
    """Records whose enrolment in force works from a day of the year."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    annulled = sa.select(OrderLine.cancels_line_id).where(OrderLine.cancels_line_id.is_not(None))
    return sa.select(OrderLine.student_id).where(
        OrderLine.effective_on.between(first, last),
        OrderLine.event.in_(sorted(ledger.beginnings())),
        OrderLine.id.not_in(annulled),
    )


def _under_order(word: str) -> sa.Select[*tuple[Any, ...]]:
    """Those whom an order of this number names: «412-ст», with or without its sign."""
    number = word.lstrip("№#N") or word
    numbers = sorted({number, number.upper(), number.lower()})
    named = sa.select(OrderLine.student_id).join(Order, Order.id == OrderLine.order_id)
    return named.where(Order.number.in_(numbers))


def _words(q: str) -> list[str]:
    """The words of a search; a sign that stands alone («№ 412-ст») is none, but where there is nothing else."""
    written = q.split()
    return ([word for word in written if any(map(str.isalnum, word))] or written)[:MOST_WORDS]


def is_by_name(q: str) -> bool:
    """Whether a search has a word without digits: such ones are found by the indexes of names, numbers by those of students."""
    return any(not any(map(str.isdigit, word)) for word in _words(q))


def searched(q: str, facts: Any, *, of_each: bool = False) -> list[sa.ColumnElement[bool]]:
    """Each word begins the surname, the name or the patronymic in any script; with digits it begins the number of the
    file, or is the number of an order that names him.

    A person is found by the indexes of surname and name; a patronymic alone finds nobody, beside them it narrows.
    `of_each`: the rows of `facts` come one by one and are many, so each is asked itself.
    """
    conditions: list[sa.ColumnElement[bool]] = []
    by_index: list[sa.ColumnElement[bool]] = []
    alike: list[sa.ColumnElement[bool]] = []
    said = aliased(PersonFacts)
    surname, name, patronymic = (
        by_no_index(getattr(facts, column)) if of_each else getattr(said, column) for column in NAME_KEYS
    )
    words = _words(q)
    for word in words:
        if any(character.isdigit() for character in word):
            numbered = [prefix_range(Student.record_book_no, text) for text in sorted({word, word.upper()})]
            filed = sa.select(Student.id).where(sa.or_(*numbered)).correlate(None)
            conditions.append(Student.id.in_(sa.union_all(filed, _under_order(word))))
        elif key := search_key(word):
            by_index += [prefix_range(surname, key), prefix_range(name, key)]
            if len(words) > 1:
                alike.append(sa.or_(*(prefix_range(column, key) for column in (surname, name, patronymic))))
        else:
            conditions.append(sa.false())
    if by_index and of_each:
        conditions += [sa.or_(*by_index), *alike]
    elif by_index:
        conditions.append(facts.id.in_(sa.select(said.id).where(sa.or_(*by_index), *alike)))
    return conditions


def asked_of_each(held: sa.Select[*tuple[Any, ...]], *outer: Any) -> sa.ColumnElement[bool]:
    """Whether there is such a study period, asked of each row of `outer` in turn.

    OFFSET 0 keeps PostgreSQL from making a join of it: it would put a million rows in order to show the first fifty.
    """
    return held.with_only_columns(StudyPeriod.id).offset(0).correlate(*outer).exists()


def from_facts(wanted: Wanted, *, are_few: bool = True) -> tuple[sa.Select[*tuple[Any, ...]], Any]:
    """The same enrolments, asked for from the facts of persons on: by the index of what is searched where few match, else by
    that of their order."""
    said = aliased(PersonFacts)
    plain = replace(wanted, q="")
    held = held_on(plain).where(StudyPeriod.student_id == Student.id, PersonFacts.id == said.id, *narrowed(plain))
    left = asked_of_each(held, Student, said)
    # SQLite would begin with the students, which have no order by name
    same_person = Student.person_id == by_no_index(said.person_id)
    walk = sa.select(Student.id).join_from(said, Student, same_person)
    return walk.where(said.superseded_at.is_(None), left, *searched(wanted.q, said, of_each=not are_few)), said
