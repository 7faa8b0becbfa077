"""Loading the demonstration: in blocks, with bulk inserts, in memory that does not grow with the number of students."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit import actions as audit
from exchange.consents.models import Consent
from exchange.database import ALPHABET
from exchange.demo.chances import texts
from exchange.demo.lives import Event, Fate, Life
from exchange.demo.particulars import Particulars
from exchange.demo.people import Crowd, Human
from exchange.demo.stays import Journeys
from exchange.organisations.models import Organisation
from exchange.people.models import Guardian, IdentityDocument, Person, PersonDetails, PersonFacts
from exchange.people.name_keys import kazakh_order
from exchange.reference import classifiers
from exchange.stays.models import StayFact
from exchange.students.models import Order, OrderLine, Student, StudyPeriod

BLOCK = 1000
HAS_DISTRICT = 0.85
MODELS: tuple[Any, ...] = (
    Person, PersonFacts, IdentityDocument, PersonDetails, Guardian, Consent, Student, Order, OrderLine, StudyPeriod, StayFact,
)  # fmt: skip


@cache
def districts_of(region: str) -> list[str]:
    return [district.code for district in classifiers.districts().values() if district.region_code == region]


@dataclass
class Loader:
    """Draws students and writes them block by block; ids are given out here, so that a block needs no answers."""

    session: Session
    seed: int
    last_day: dt.date
    rows: dict[Any, list[dict[str, Any]]] = field(default_factory=dict)
    next_id: dict[Any, int] = field(default_factory=dict)
    shared: dict[tuple[str, ...], int] = field(default_factory=dict)
    numbers: Counter[str] = field(default_factory=Counter)
    books: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311  nothing secret is drawn here
        self.places = random.Random(self.seed + 2)  # noqa: S311
        self.journeys = Journeys(self.seed, self.last_day)
        self.particulars = Particulars(self.seed, self.last_day)
        self.rows = {model: [] for model in MODELS}
        for model in MODELS:
            self.next_id[model] = (self.session.scalar(sa.select(sa.func.max(model.id))) or 0) + 1
        found = self.session.execute(sa.select(Organisation.code, Organisation.id, Organisation.short_ru)).all()
        self.organisations = {code: key for code, key, _ in found}
        self.crowd = Crowd(self.dice)
        self.fate = Fate(self.dice, self.last_day)
        self.in_contingent = {s.code: s.in_contingent for s in classifiers.statuses().values()}

    def load(self, students: int, progress: Callable[[int], None] = lambda done: None) -> None:
        done = 0
        while done < students:
            block = min(BLOCK, students - done)
            left = block
            while left:
                life = self.fate.life()
                human = self.crowd.human(life.level, life.intake)
                person = self._person(human, life)
                self._student(person, life)
                owner = {"person_id": person, "organisation_id": self.organisations[life.organisation]}
                for fact in self.journeys.facts(life):
                    self._give(StayFact, **owner, **fact)
                for model, values in self.particulars.rows(human, life):
                    self._give(model, **owner, **values)
                left -= 1
                # one in a hundred studies two programmes at once: people and enrolments differ
                if left and life.intake == self.fate.last_intake and self.dice.random() < 0.04:
                    self._student(person, self.fate.life(life.organisation))
                    left -= 1
            self._write()
            done += block
            progress(done)
        self._catch_up()

    def _give(self, model: Any, **values: Any) -> int:
        key = self.next_id[model]
        self.next_id[model] = key + 1
        self.rows[model].append({"id": key, **values})
        return key

    def _public_id(self) -> str:
        number = self.dice.getrandbits(60)
        return "".join(ALPHABET[(number >> shift) & 31] for shift in range(0, 60, 5))

    def _person(self, human: Human, life: Life) -> int:
        organisation, born = self.organisations[life.organisation], human.birth_date
        recorded = life.events[0].recorded_at
        person = self._give(
            Person, public_id=self._public_id(), organisation_id=organisation, iin=human.iin, iin_needs_check=False, snils=None,
            phone=f"+7{7000000000 + self.dice.randrange(999_999_999)}", email="", address="",
            is_in_dormitory=self.dice.random() < 0.4, created_at=recorded, version=1,
        )  # fmt: skip
        facts = {
            "person_id": person, "organisation_id": organisation, "surname": human.surname, "name": human.name,
            "patronymic": human.patronymic, "surname_kk": "", "name_kk": "", "patronymic_kk": "",
            "surname_lat": human.surname_lat, "name_lat": human.name_lat, "sex": human.sex, "birth_date": born,
            "birth_place": "", "citizenship": "KZ", "is_rf_citizen": False, "region_code": human.region,
            "district_code": self._district(human.region), "settlement": "", "sort_key": human.keys[0],
            "sort_key_kk": " ".join(kazakh_order(p) for p in (human.surname, human.name, human.patronymic) if p),
            "surname_key": human.keys[1], "name_key": human.keys[2], "patronymic_key": human.keys[3], "recorded_by_id": None,
        }  # fmt: skip
        chance = self.dice.random()
        change = dt.date(life.intake + 1, 3, 14)
        if chance < 0.01 and change < self.last_day:  # took the citizenship of Russia: leaves «citizens of Kazakhstan»
            changed = max(recorded, dt.datetime.combine(change, dt.time(4), dt.UTC))
            self._give(PersonFacts, **facts, valid_from=born, valid_to=None, recorded_at=recorded, superseded_at=changed)
            self._give(PersonFacts, **facts, valid_from=born, valid_to=change, recorded_at=changed, superseded_at=None)
            facts["is_rf_citizen"] = True
            self._give(PersonFacts, **facts, valid_from=change, valid_to=None, recorded_at=changed, superseded_at=None)
        else:
            self._give(PersonFacts, **facts, valid_from=born, valid_to=None, recorded_at=recorded, superseded_at=None)
        issued = dt.date(life.intake - 1, 1 + self.dice.randrange(12), 1 + self.dice.randrange(28))
        self._give(
            IdentityDocument, person_id=person, organisation_id=organisation, type_code="kz_passport", number=human.passport,
            issued_by="", issued_on=issued, valid_until=issued.replace(year=issued.year + 10), created_at=recorded,
        )  # fmt: skip
        return person

    def _district(self, region: str | None) -> str | None:
        """A district of the region, for most people; the dice are others, so that people stay who they are."""
        return self.places.choice(districts_of(region)) if region and self.places.random() < HAS_DISTRICT else None

    def _student(self, person: int, life: Life) -> None:
        organisation, first = self.organisations[life.organisation], life.events[0]
        self.books[f"{life.organisation}-{life.intake}"] += 1
        number = self.books[f"{life.organisation}-{life.intake}"]
        student = self._give(
            Student, public_id=self._public_id(), person_id=person, organisation_id=organisation,
            record_book_no=f"{life.organisation}-{life.intake % 100:02d}-{number:04d}",
            faculty=self.dice.choice(texts("faculty")), planned_end_on=self.fate.planned_end_on(life), note="",
            created_at=first.recorded_at, created_by_id=None, updated_at=max(e.recorded_at for e in life.events),
            updated_by_id=None, version=len(life.events),
        )  # fmt: skip
        lines: dict[int, int] = {}
        for event in life.events:
            lines[id(event)] = self._give(
                OrderLine, order_id=self._order(organisation, event), student_id=student, organisation_id=organisation,
                event=event.event, effective_on=event.effective_on, fields=event.fields,
                cancels_line_id=lines[id(event.cancels)] if event.cancels else None,
                recorded_at=event.recorded_at, recorded_by_id=None,
            )  # fmt: skip
        for told in life.periods:
            self._give(
                StudyPeriod, student_id=student, person_id=person, organisation_id=organisation,
                order_line_id=lines[id(told.line)], valid_from=told.valid_from, valid_to=told.valid_to,
                recorded_at=told.recorded_at, superseded_at=told.superseded_at,
                in_contingent=self.in_contingent[told.facts["status_code"]], **told.facts,
            )  # fmt: skip

    def _order(self, organisation: int, event: Event) -> int:
        if event.shared is not None and event.shared in self.shared:
            return self.shared[event.shared]
        year = f"{organisation}-{event.signed_on.year}"
        self.numbers[year] += 1
        # a paper that many share is on file from the morning of its day, the lines follow as the office gets to them
        on_file = dt.datetime.combine(event.signed_on, dt.time(1), dt.UTC) if event.shared else event.recorded_at
        order = self._give(
            Order, public_id=self._public_id(), organisation_id=organisation, type_code=event.order_type,
            number=texts("order_number")[0] % self.numbers[year], signed_on=event.signed_on, note="", recorded_at=on_file,
            recorded_by_id=None,
        )  # fmt: skip
        if event.shared is not None:
            self.shared[event.shared] = order
        return order

    def _write(self) -> None:
        for model in MODELS:
            if self.rows[model]:
                self.session.execute(sa.insert(model.__table__), self.rows[model])
                self.rows[model].clear()

    def _catch_up(self) -> None:
        """PostgreSQL's sequences go on after the ids given here. The site may draw numbers from them, not set them."""
        if self.session.get_bind().dialect.name != "postgresql":
            return
        for model in MODELS:
            sequence = sa.func.pg_get_serial_sequence(model.__tablename__, "id")
            behind = self.next_id[model] - (self.session.scalar(sa.select(sa.func.nextval(sequence))) or 0)
            if behind > 0:
                numbers = sa.func.generate_series(1, behind).table_valued("number")
                self.session.execute(sa.select(sa.func.max(sa.func.nextval(sequence))).select_from(numbers))


def load_students(
    session: Session, students: int, seed: int, last_day: dt.date, progress: Callable[[int], None] = lambda done: None
) -> None:
    """Adds `students` synthetic students; the same seed gives the same people and orders (in an empty register)."""
    Loader(session, seed, last_day).load(students, progress)
    audit.record(session, "demo:loaded", ("demo", str(seed)), students=students)
