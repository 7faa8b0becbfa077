"""The list of students: what is asked for, which rows answer it, how many there are."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from exchange.access.actor import Role
from exchange.access.rows import actor_of
from exchange.audit.actions import data_version
from exchange.database import prefix_range
from exchange.organisations.models import Organisation
from exchange.people.models import Person, PersonFacts
from exchange.people.names import from_wrong_layout, search_key
from exchange.reference import classifiers
from exchange.students import ledger
from exchange.students.contingent import contingent_on, studying_on
from exchange.students.models import OrderLine, Student, StudyPeriod

SIZES = (25, 50, 100)
SORTS = ("name", "updated", "course", "birth")
NUMBERED_PAGES = 10
MOST_WORDS = 5
FEW_PAGES = 4
KEPT_STATEMENTS = 256
LEAVES = ("academic_leave", "maternity_leave", "military_leave")
IIN = re.compile(r"\d{12}")


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
    sort: str = "-updated"
    size: int = 50

    @property
    def key(self) -> tuple[Any, ...]:
        """What a count depends on: everything but order and size."""
        return (
            self.on, self.is_on_given, self.q, self.status, self.organisations, self.programme, self.level, self.form,
            self.funding, self.course, self.region, self.district, self.sex, self.intake,
        )  # fmt: skip

    @property
    def is_narrowed(self) -> bool:
        fresh = Wanted(on=self.on, is_on_given=self.is_on_given)
        return self.key != fresh.key


@dataclass(frozen=True)
class Slice:
    """A page of a list: rows, where it begins (counted from 0), whether there are rows on either side."""

    rows: Sequence[Any]
    first: int
    has_before: bool
    has_after: bool


# ---------------------------------------------------------------------------------------------------------- conditions
def _held(wanted: Wanted) -> sa.Select[*tuple[Any, ...]]:
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


def matching(wanted: Wanted) -> sa.Select[*tuple[Any, ...]]:
    """Every enrolment that the filters leave, with its study period and the facts of its person."""
    same = sa.and_(Student.id == StudyPeriod.student_id, Student.person_id == PersonFacts.person_id)
    return _held(wanted).join(Student, same).where(*_narrowed(wanted))


def _narrowed(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
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
        conditions.append(Student.id.in_(_enrolled_in(wanted.intake)))
    return conditions + _searched(wanted.q, PersonFacts)


def _enrolled_in(year: int) -> sa.Select[*tuple[Any, ...]]:
    """Records whose enrolment in force works from a day of the year."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    annulled = sa.select(OrderLine.cancels_line_id).where(OrderLine.cancels_line_id.is_not(None))
    return sa.select(OrderLine.student_id).where(
        OrderLine.effective_on.between(first, last),
        OrderLine.event.in_(sorted(ledger.beginnings())),
        OrderLine.id.not_in(annulled),
    )


def _searched(q: str, facts: Any) -> list[sa.ColumnElement[bool]]:
    """Each word begins the surname, the name or the patronymic in any script; with digits it begins the number of the file.

    A person is found by the indexes of surname and name; a patronymic alone finds nobody, beside them it narrows.
    """
    conditions: list[sa.ColumnElement[bool]] = []
    by_index: list[sa.ColumnElement[bool]] = []
    said = aliased(PersonFacts)
    words = q.split()[:MOST_WORDS]
    for word in words:
        if any(character.isdigit() for character in word):
            written = [Student.record_book_no.startswith(text, autoescape=True) for text in sorted({word, word.upper()})]
            conditions.append(sa.or_(*written))
        elif key := search_key(word):
            by_index += [prefix_range(said.surname_key, key), prefix_range(said.name_key, key)]
            if len(words) > 1:
                names = (facts.surname_key, facts.name_key, facts.patronymic_key)
                conditions.append(sa.or_(*(prefix_range(column, key) for column in names)))
        else:
            conditions.append(sa.false())
    if by_index:
        conditions.append(facts.id.in_(sa.select(said.id).where(sa.or_(*by_index))))
    return conditions


# ------------------------------------------------------------------------------------------------- counts are remembered
_remembered: dict[Any, Any] = {}
MOST_REMEMBERED = 2000


class Counts:
    """Figures of the list for one request: remembered as long as no data change (the log counts changes) and for those who
    see the same rows.

    Inside a savepoint nothing is kept: what was counted there may be taken back.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        actor = actor_of(session)
        address = str(session.connection().engine.url)
        self._whose = (address, data_version(session), actor.role, actor.organisation_ids)

    def _remember(self, key: Any, ask: Callable[[], Any]) -> Any:
        if self.session.connection().in_nested_transaction():
            return ask()
        full = (*self._whose, key)
        if full not in _remembered:
            if len(_remembered) >= MOST_REMEMBERED:
                _remembered.clear()
            _remembered[full] = ask()
        return _remembered[full]

    def of(self, wanted: Wanted) -> int:
        """How many enrolments the filters leave."""
        return int(self._remember(("count", *wanted.key), lambda: count_of(self.session, wanted)))

    def tabs(self, today: dt.date, intake: int) -> dict[str, int]:
        """Figures of the tabs, in three questions: in the contingent and of them new and on leave; all records."""

        def ask() -> dict[str, int]:
            base = contingent_on(today)
            on_leave = sa.func.sum(sa.case((StudyPeriod.status_code.in_(LEAVES), 1), else_=0))
            now_here = self.session.execute(base.with_only_columns(sa.func.count(), on_leave)).one()
            new = count_of(self.session, Wanted(on=today, intake=intake))
            everybody = count_of(self.session, Wanted(on=today, status="all"))
            return {"contingent": now_here[0], "leave": now_here[1] or 0, "intake": new, "all": everybody}

        found: dict[str, int] = self._remember(("tabs", today, intake), ask)
        return found

    def programmes(self) -> tuple[str, ...]:
        """Codes of the fields of study that somebody studies or studied."""

        def ask() -> tuple[str, ...]:
            used = sa.select(StudyPeriod.programme_code).where(StudyPeriod.superseded_at.is_(None)).distinct()
            return tuple(sorted(self.session.scalars(used)))

        found: tuple[str, ...] = self._remember("programmes", ask)
        return found

    def universities(self) -> tuple[tuple[int, str, str], ...]:
        """Universities and branches whose students the actor may see: id, code, short name."""
        found: tuple[tuple[int, str, str], ...] = self._remember("universities", lambda: tuple(universities(self.session)))
        return found


def count_of(session: Session, wanted: Wanted) -> int:
    """How many enrolments the filters leave, counted anew."""
    found = _from_facts(wanted)[0] if wanted.q else matching(wanted)
    return session.scalar(found.with_only_columns(sa.func.count())) or 0


# ---------------------------------------------------------------------------------------------------------------- pages
def _keys(sort: str) -> list[Any]:
    """Columns of an order, `sort` with or without its sign; the last ones make it one order for all."""
    by_name = [PersonFacts.sort_key, PersonFacts.person_id, Student.id]
    orders: dict[str, list[Any]] = {
        "name": by_name,
        "updated": [Student.updated_at, Student.id],
        "course": [sa.func.coalesce(StudyPeriod.course, 0), *by_name],
        "birth": [PersonFacts.birth_date, *by_name],
    }
    return orders[sort.removeprefix("-")]


def _by_no_index(keys: list[Any]) -> list[Any]:
    """The same order, but no planner walks its index: where the rows are found otherwise, or all are wanted, it is slower."""
    return [sa.func.coalesce(keys[0], keys[0]), *keys[1:]]


def _ordered(found: sa.Select[*tuple[Any, ...]], keys: Sequence[Any], *, is_down: bool) -> sa.Select[*tuple[Any, ...]]:
    return found.order_by(*(key.desc() if is_down else key.asc() for key in keys))


@lru_cache(maxsize=KEPT_STATEMENTS)
def _walk(wanted: Wanted, are_few: bool) -> tuple[sa.Select[*tuple[Any, ...]], list[Any]]:
    """Ids of students and the columns of their order; built once, since building takes longer than the answer.

    Where many match, the index of the order is walked and each student is asked whether the filters leave him: the first
    page of a million costs what the first of a thousand does. Where few match, they are found and put in order.
    """
    sort = wanted.sort.removeprefix("-")
    if sort not in ("updated", "name"):
        return matching(wanted).with_only_columns(Student.id), _keys(sort)
    if wanted.q:
        walk, said = _from_facts(wanted)
        if sort == "name":
            return walk, [said.sort_key, said.person_id, Student.id]
        return walk, _by_no_index(_keys(sort))
    if are_few:
        return matching(wanted).with_only_columns(Student.id), _keys(sort)
    if sort == "updated":
        held = _held(wanted).where(StudyPeriod.student_id == Student.id, *_narrowed(wanted))
        left = held.with_only_columns(StudyPeriod.id).correlate(Student).exists()
        return sa.select(Student.id).where(left), _keys(sort)
    walk, said = _from_facts(wanted)
    return walk, [said.sort_key, said.person_id, Student.id]


def _from_facts(wanted: Wanted) -> tuple[sa.Select[*tuple[Any, ...]], Any]:
    """The same enrolments, asked for from the facts of persons on: by the index of their order, or of what is searched."""
    said = aliased(PersonFacts)
    plain = replace(wanted, q="")
    held = _held(plain).where(StudyPeriod.student_id == Student.id, PersonFacts.id == said.id, *_narrowed(plain))
    left = held.with_only_columns(StudyPeriod.id).correlate(Student, said).exists()
    # "+ 0" keeps planners from beginning with the students, which have no order by name
    same_person = Student.person_id == said.person_id + 0
    walk = sa.select(Student.id).join_from(said, Student, same_person)
    return walk.where(said.superseded_at.is_(None), left, *_searched(wanted.q, said)), said


def _edge(session: Session, wanted: Wanted, public_id: str) -> Sequence[Any] | None:
    """Where a student stands in the order: a page goes on from there, however far inside it is."""
    unfiltered = Wanted(on=wanted.on, is_on_given=wanted.is_on_given, status=wanted.status)
    at = matching(unfiltered).where(Student.public_id == public_id).with_only_columns(*_keys(wanted.sort))
    row = session.execute(at).first()
    return tuple(row) if row else None


def page(
    session: Session, wanted: Wanted, total: int, *, number: int = 1, after: str = "", before: str = "", at: int = 0,
    is_last: bool = False,
) -> Slice:  # fmt: skip
    """A page by number (the first ten), or from a student on: `after` or `before` his public id; or the last one."""
    size = wanted.size
    found, keys = _walk(wanted, total <= FEW_PAGES * size)
    is_down = wanted.sort.startswith("-")
    if is_last:
        rest = total % size or min(size, total)
        ids = _ids(session, _ordered(found, keys, is_down=not is_down).limit(rest))[::-1]
        return Slice(rows(session, wanted, ids), max(total - rest, 0), total > rest, False)
    edge = _edge(session, wanted, after or before) if after or before else None
    if edge is not None:
        is_down = is_down != bool(before)
        here = sa.tuple_(*keys)
        there = sa.tuple_(*(sa.literal(value, key.type) for value, key in zip(edge, keys, strict=True)))
        found = found.where(here < there if is_down else here > there)
        ids = _ids(session, _ordered(found, keys, is_down=is_down).limit(size + 1))
        more, ids = len(ids) > size, ids[:size]
        if before:
            first = max(at - len(ids), 0) if more else 0
            return Slice(rows(session, wanted, ids[::-1]), first, more, True)
        return Slice(rows(session, wanted, ids), at, True, more)
    number = min(max(number, 1), NUMBERED_PAGES, max(1, -(-total // size)))
    first = (number - 1) * size
    ids = _ids(session, _ordered(found, keys, is_down=is_down).limit(size + 1).offset(first))
    return Slice(rows(session, wanted, ids[:size]), first, first > 0, len(ids) > size)


def _ids(session: Session, found: sa.Select[*tuple[Any, ...]]) -> list[int]:
    return list(session.scalars(found))


COLUMNS = (
    Student.id, Student.public_id, Student.record_book_no, Student.updated_at, Student.organisation_id, Student.faculty,
    PersonFacts.surname, PersonFacts.name, PersonFacts.patronymic, PersonFacts.surname_lat, PersonFacts.name_lat,
    PersonFacts.birth_date, PersonFacts.sex, PersonFacts.region_code, PersonFacts.citizenship, StudyPeriod.programme_code,
    StudyPeriod.level_code, StudyPeriod.form_code, StudyPeriod.funding_code, StudyPeriod.course, StudyPeriod.group_name,
    StudyPeriod.status_code, Person.iin, Person.iin_needs_check,
)  # fmt: skip


@lru_cache(maxsize=KEPT_STATEMENTS)
def _rows_of(wanted: Wanted) -> sa.Select[*tuple[Any, ...]]:
    found = matching(wanted).join(Person, Person.id == Student.person_id).with_only_columns(*COLUMNS)
    return found.where(StudyPeriod.student_id.in_(sa.bindparam("ids", expanding=True)))


def rows(session: Session, wanted: Wanted, ids: Sequence[int]) -> list[Any]:
    """The rows of these ids, in their order: columns, not objects."""
    if not ids:
        return []
    period = Wanted(on=wanted.on, is_on_given=wanted.is_on_given, status=wanted.status)
    found = {row.id: row for row in session.execute(_rows_of(period), {"ids": ids})}
    return [found[key] for key in ids if key in found]


def all_rows(session: Session, wanted: Wanted, columns: Sequence[Any]) -> Iterator[Any]:
    """These columns of every row of the list in its order, a thousand rows at a time: for the export."""
    found = matching(wanted).join(Person, Person.id == Student.person_id).with_only_columns(*columns)
    found = _ordered(found, _by_no_index(_keys(wanted.sort)), is_down=wanted.sort.startswith("-"))
    yield from session.execute(found.execution_options(yield_per=1000))


def with_other_layout(q: str) -> str:
    """What was meant when the keyboard was in the other language."""
    return from_wrong_layout(q) if any(character.isalpha() for character in q) else q


def student_with_iin(session: Session, iin: str) -> str | None:
    """The public id of the newest record of the person with exactly this number, among one's own rows."""
    found = sa.select(Student.public_id).join(Person, Person.id == Student.person_id).where(Person.iin == iin)
    return session.scalar(found.order_by(Student.id.desc()).limit(1))


def universities(session: Session) -> list[tuple[int, str, str]]:
    """Universities and branches whose students the actor may see: id, code, short name."""
    actor = actor_of(session)
    found = sa.select(Organisation.id, Organisation.code, Organisation.short_ru).where(
        Organisation.kind.in_(("university", "branch"))
    )
    if actor.role is Role.UNIVERSITY:
        found = found.where(Organisation.id.in_(actor.organisation_ids))
    return sorted(((key, code, name) for key, code, name in session.execute(found)), key=lambda row: row[2].casefold())
