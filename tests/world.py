"""A small known world: thirteen persons, fifteen enrolments, four internships; every count below was made by hand.

Universities: ASU with its branch ASU-RUB, and ASTU. Enterprises: ALTVAGON and ALTKOKS. Accounts: see ACCOUNTS.
It is 23 November 2026 there (tests/clock.py).

| key        | at      | course of things                                                         | region    | paid by  |
| ---------- | ------- | ------------------------------------------------------------------------ | --------- | -------- |
| akhmetov   | ASU     | bachelor since 2022, graduated 30.06.2026                                | VKO       | budget   |
| kurmangali | ASU     | bachelor since 2023, woman, no patronymic, on leave 16.02.2026           | Abai      | contract |
| ivanov     | ASU     | bachelor since 2024, extramural; Russian too since 10.11.2025            | Pavlodar  | budget   |
| popova     | ASU     | bachelor since 2024, woman; transferred out 01.02.2026                   | VKO       | quota    |
| alimzhanov | ASU     | bachelor since 2026, no IIN; enrolment known 06.10.2026                  | Abai      | budget   |
| zhumabayev | ASU-RUB | bachelor since 2023, born on 29.02; expelled 25.09.2025, known 05.11.2025 | VKO       | quota    |
| kasymova   | ASU-RUB | bachelor since 2025, woman                                               | Abai      | contract |
| seitkali   | ASTU    | bachelor since 2022, graduated 30.06.2026 ...                            | VKO       | budget   |
| seitkali2  | ASTU    | ... the same person: master since 2026                                   |           | budget   |
| kim        | ASTU    | bachelor since 2024 ...                                                  | Pavlodar  | contract |
| kim2       | ASTU    | ... the same person: a second bachelor since 2025, extramural            |           | contract |
| orazbayeva | ASTU    | bachelor since 2024, woman; expelled 15.10.2025, annulled 30.10.2025     | Karaganda | budget   |
| schmidt    | ASTU    | postgraduate since 2023, woman, no region; expelled 20.04.2026           | -         | quota    |
| mirzoyev   | ASTU    | bachelor since 2024, a citizen of Uzbekistan: never counted              | -         | contract |
| tolegenova | ASTU    | college since 2024, woman, turned 18 on 20.11.2026                       | VKO       | budget   |

Contingent, known now:          2025-10-01: 11 enrolments of 10 persons        2026-10-01 (and today): 8 of 7
  ASU without / with branch     4 / 5                                          2 / 3
  ASTU                          6                                              5
  women                         6                                              4
  bachelor, master, postgr, spo 9, 0, 1, 1                                     6, 1, 0, 1
  full-time, extramural         9, 2                                           7, 1
  budget, quota, contract       5, 2, 4                                        4, 0, 4
  on leave                      0                                              1
  VKO, Abai, Pavlodar, Karaganda, not said   4, 2, 3, 1, 1                     2, 3, 2, 1, 0
As known at 2025-10-05 the contingent of 2025-10-01 was 12 of 11 persons (zhumabayev's expulsion was not recorded).
As known at 2026-10-05 the contingent of 2026-10-01 was 7 of 6 persons (alimzhanov's enrolment was not recorded).
As known at 2025-10-20 the contingent of 2025-10-18 lacked orazbayeva; as known now it has her.

Internships: `minor` ALTVAGON/ASTU tolegenova, going on, two weeks of hours; `waiting` ALTVAGON/ASU-RUB, planned, not
recognised; `summer` ALTKOKS/ASTU kim, evaluated 4; `specialist` ALTKOKS, evaluated 5.

Migration facts (13, tests/world_stays.py), on 23 November 2026:
  kim        ASTU     came 25.08.2025, left 30.06.2026, came 25.08.2026: day 91 in a row, 272 days of 2026, without any
                      extension; registered until 30.06.2027; policy over on 31.08.2026; one fingerprinting annulled
  akhmetov   ASU      came 01.09.2026: day 84 in a row and of 2026; nothing else is known
  kasymova   ASU-RUB  came 01.09.2025, stay extended from 20.11.2025 until 30.06.2027: 80 days of 2025 count, none of 2026

Scans (5, tests/world_files.py): kim 3, one of them at an order of his; kasymova 1, and 1 that was removed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from exchange.access.actor import PEOPLE, Actor
from exchange.accounts.models import Membership, User
from exchange.accounts.passwords import hashed
from exchange.audit.actions import record
from exchange.organisations.models import Organisation
from tests import world_files, world_internships, world_particulars, world_stays, world_students

PASSWORD = "long enough for a test"
BEGINNING = dt.datetime(2025, 1, 1, 5, 0, tzinfo=dt.UTC)
# key (the e-mail is key@example.org), role, organisation
ACCOUNTS = (
    ("admin", "administrator", "REGISTRY"),
    ("auditor", "auditor", "REGISTRY"),
    ("ministry", "ministry", "MINOBR22"),
    ("akimat", "akimat", "AKIMAT-VKO"),
    ("asu", "university", "ASU"),
    ("branch", "university", "ASU-RUB"),
    ("astu", "university", "ASTU"),
    ("altvagon", "enterprise", "ALTVAGON"),
    ("altkoks", "enterprise", "ALTKOKS"),
)


@dataclass
class World:
    """What tests may name: plain values only, so that it travels between processes."""

    organisations: dict[str, int] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    # key of the table above -> ids of the enrolment, of the person, and what stands in the addresses
    students: dict[str, int] = field(default_factory=dict)
    public_ids: dict[str, str] = field(default_factory=dict)
    persons: dict[str, int] = field(default_factory=dict)
    iins: dict[str, str | None] = field(default_factory=dict)
    internships: dict[str, int] = field(default_factory=dict)
    internship_public_ids: dict[str, str] = field(default_factory=dict)
    # the order whose line was annulled, and the line
    annulled_line: int = 0
    # key of a student -> the newest migration fact of his person that is in force
    stay_facts: dict[str, int] = field(default_factory=dict)
    # key of tests/world_files.py -> what stands in the address of a scan
    scans: dict[str, str] = field(default_factory=dict)
    # key of a person -> his document, his guardian, the newest consent that nobody withdrew
    documents: dict[str, int] = field(default_factory=dict)
    guardians: dict[str, int] = field(default_factory=dict)
    consents: dict[str, int] = field(default_factory=dict)

    def actor_of_role(self, role: str) -> Actor:
        """The first account of a role: of universities ASU's, of enterprises ALTVAGON's."""
        first = {"university": "asu", "enterprise": "altvagon", "administrator": "admin"}
        return self.actors[first.get(role, role)]


def _accounts(session: Session, world: World) -> None:
    password = hashed(PASSWORD)
    for organisation in session.query(Organisation):
        world.organisations[organisation.code] = organisation.id
    ids = world.organisations
    for key, role, code in ACCOUNTS:
        email = f"{key}@example.org"
        membership = Membership(organisation_id=ids[code], role=role, valid_from=dt.date(2025, 1, 1))
        user = User(
            email=email, name=f"{key.title()} Tester", password=password, active=True, fs_uniquifier=f"world-{key}",
            confirmed_at=BEGINNING, memberships=[membership],
        )  # fmt: skip
        session.add(user)
        session.flush()
        own = sorted(value for name, value in ids.items() if name.startswith(f"{code}-")) if role == "university" else []
        short = session.get_one(Organisation, ids[code]).short_ru
        world.emails[key] = email
        world.actors[key] = Actor(
            role=next(r for r in PEOPLE if r == role), user_id=user.id, organisation_id=ids[code],
            organisation_ids=(ids[code], *own), name=user.name, organisation_name=short,
        )  # fmt: skip


def build(session: Session) -> World:
    """Puts the world into a migrated database and says what is in it."""
    world = World()
    _accounts(session, world)
    world_students.build(session, world)
    world_internships.build(session, world)
    world_stays.build(session, world)
    world_files.build(session, world)
    world_particulars.build(session, world)
    record(session, "world:built", ("world", "1"), students=len(world.students))
    session.flush()
    return world
