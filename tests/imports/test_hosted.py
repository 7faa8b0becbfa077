"""A kit that an enterprise without an account mailed: its university brings it. Own students only, nothing of anybody else."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.actor import Actor
from exchange.audit.models import AuditEntry
from exchange.errors import NotFound, RuleBroken
from exchange.imports import actions, queries, undoing
from exchange.imports.checking import Checked, OtherList
from exchange.imports.hosted import host as host_of
from exchange.imports.kit import records
from exchange.imports.kit.columns import layout
from exchange.imports.kit.workbook import template
from exchange.imports.models import Import
from exchange.internships import queries as internships
from exchange.internships.models import Internship
from exchange.internships.universities import universities
from exchange.organisations.models import Organisation
from exchange.people.models import PersonFacts
from exchange.spreadsheets.book import Book
from exchange.spreadsheets.entry import write_entry
from tests.imports.register import apply, fingerprint, office
from tests.imports.rosters import TODAY, book
from tests.world import World

pytestmark = pytest.mark.usefixtures("today")
AsActor = Callable[[Actor], AbstractContextManager[Session]]
FROM, TO = dt.date(2026, 12, 1), dt.date(2026, 12, 26)


@pytest.fixture
def known(session: Session, world: World) -> dict[str, dict[str, Any]]:
    """A row of a kit for each person of the world: names and birth as the register has them."""
    found = {}
    for key, person_id in world.persons.items():
        facts = session.scalars(
            sa.select(PersonFacts).where(PersonFacts.person_id == person_id, PersonFacts.superseded_at.is_(None))
        ).first()
        assert facts is not None
        found[key] = {
            "last_name": facts.surname, "first_name": facts.name, "patronymic": facts.patronymic, "born": facts.birth_date,
            "kind": "практика", "sender": "АлтГТУ", "starts_on": FROM, "ends_on": TO, "department": "Литейный цех",
        }  # fmt: skip
    session.rollback()
    return found


def workbook(session: Session, code: str, rows: list[dict[str, Any]] | None, name: str = "") -> Book:
    """A kit of the registry for an enterprise, with these rows typed below its example."""
    empty = dict.fromkeys(layout("interns", universities(session)).fields)
    made = template("interns", (code, name or code), TODAY, [empty | row for row in rows or []], universities(session))
    stream = io.BytesIO()
    write_entry(made, stream)
    return actions.read(stream.getvalue())


def bring(session: Session, content: Book, code: str = "ALTKOKS", by: str = "ASTU") -> tuple[Import, Checked]:
    host = host_of(session, code)
    assert host is not None
    return actions.check_file(session, "interns", office(session, by), content, "kit.xlsx", b"", TODAY, host=host)


def refusals(checked: Checked) -> list[tuple[str, str]]:
    return [(p["field"], p["message"]) for p in checked.problems() if p["severity"] == "error"]


def newest(session: Session) -> Internship:
    return session.scalars(sa.select(Internship).order_by(Internship.id.desc()).limit(1)).one()


def test_brought_agreed_and_the_enterprise_has_it(world: World, as_: AsActor, known: Any, session: Session) -> None:
    with as_(world.actors["astu"]) as mine:
        brought, checked = bring(mine, workbook(mine, "ALTKOKS", [known["kim"]]))
        assert (refusals(checked), checked.counts["new"]) == ([], 1)
        assert not [p for p in checked.problems() if p["field"] == "sender"], "nothing waits for the university"
        assert any("Алтай-Кокс" in note and "согласует" in note for note in checked.notes), checked.notes
        assert apply(mine, brought) == {"new": 1, "changed": 0}
        public_id = newest(mine).public_id
        mine.commit()
    with as_(world.actors["altkoks"]) as theirs:
        one = internships.internship(theirs, public_id)
        assert (one.enterprise_id, one.university_id) == (world.organisations["ALTKOKS"], world.organisations["ASTU"])
        assert one.student_id in (world.students["kim"], world.students["kim2"])
        assert (one.recognition, one.agreed_at is not None, one.status) == ("recognised", True, "planned")
        assert one.brought_by_id == world.organisations["ASTU"]
        assert theirs.scalars(sa.select(Import)).all() == [], "the upload is the university's"
        one.department = "Лаборатория"
        theirs.flush()
        theirs.rollback()
    for key in ("altvagon", "asu"):
        with as_(world.actors[key]) as others, pytest.raises(NotFound):
            internships.internship(others, public_id)
    line = session.scalars(sa.select(AuditEntry).where(AuditEntry.subject_id == public_id)).one()
    assert (line.action, line.organisation_id) == ("internship:brought", world.organisations["ASTU"])
    assert (line.details["enterprise"], line.user_id) == ("ALTKOKS", world.actors["astu"].user_id)
    uploads = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "import:applied")).one()
    assert uploads.details["enterprise"] == "ALTKOKS"


@pytest.mark.parametrize(
    ("who", "changes", "field", "words"),
    [
        ("kim", {"kind": "стажировка", "sender": "ТОО «Казцинк»"}, "kind", "вносит само предприятие"),
        ("kasymova", {"sender": "АлтГУ"}, "sender", "Студента другого вуза"),
        ("kasymova", {}, "last_name", "нет такого студента"),
        ("kim", {"born": dt.date(2005, 5, 31)}, "last_name", "нет такого студента"),
        ("kim", {"born": None}, "born", "По одному имени"),
        ("orazbayeva", {"first_name": "Другая"}, "last_name", "нет такого студента"),
        ("schmidt", {}, "starts_on", "не учится"),
        ("seitkali", {"first_name": "Иной", "born": None}, "last_name", "нет такого студента"),
    ],
)
def test_refused_row_by_row(
    world: World, as_: AsActor, known: Any, who: str, changes: dict[str, Any], field: str, words: str
) -> None:
    """Beside a row that is accepted; the sentence says who may enter it, and nothing of what others have."""
    with as_(world.actors["astu"]) as mine:
        content = workbook(mine, "ALTKOKS", [known["tolegenova"], known[who] | changes])
        brought, checked = bring(mine, content)
        assert [row.verdict for row in checked.rows] == ["new", "error"]
        ((name, sentence),) = refusals(checked)
        assert name == field
        assert words in sentence
        with pytest.raises(RuleBroken, match="строки с ошибками"):
            actions.apply_import(mine, brought, good_rows_only=False, today=TODAY)
        assert actions.apply_import(mine, brought, good_rows_only=True, today=TODAY) == {"new": 1, "changed": 0}


def test_an_iin_with_another_name_is_refused(world: World, as_: AsActor, known: Any) -> None:
    with as_(world.actors["astu"]) as mine:
        content = workbook(mine, "ALTKOKS", [known["kim"] | {"first_name": "Вадим", "iin": world.iins["kim"]}])
        assert [name for name, _sentence in refusals(bring(mine, content)[1])] == ["iin"]


def test_the_stamp_of_a_kit_decides(world: World, as_: AsActor, known: Any) -> None:
    """Chosen was another enterprise: the file says for whom it is."""
    with as_(world.actors["astu"]) as mine:
        brought, checked = bring(mine, workbook(mine, "ALTVAGON", [known["kim"]]), "ALTKOKS")
        assert (brought.host_id, refusals(checked)) == (world.organisations["ALTVAGON"], [])
        apply(mine, brought)
        assert newest(mine).enterprise_id == world.organisations["ALTVAGON"]


@pytest.mark.parametrize("code", ["NOSUCH", "ASU", "REGISTRY", "%' or 1=1"])
def test_a_stamp_of_no_enterprise_is_refused(world: World, as_: AsActor, known: Any, code: str) -> None:
    with as_(world.actors["astu"]) as mine, pytest.raises(OtherList, match="такого предприятия в реестре нет"):
        bring(mine, workbook(mine, code, [known["kim"]], "Завод"))


def test_a_stamp_that_names_nobody_leaves_it_to_the_choice(world: World, as_: AsActor, known: Any) -> None:
    with as_(world.actors["astu"]) as mine:
        brought, checked = bring(mine, workbook(mine, "", [known["kim"]], "Завод"), "ALTKOKS")
        assert (brought.host_id, refusals(checked)) == (world.organisations["ALTKOKS"], [])


def test_an_enterprise_that_is_switched_off(world: World, as_: AsActor, known: Any, session: Session) -> None:
    with as_(world.actors["astu"]) as mine:
        kit = workbook(mine, "ALTKOKS", [known["kim"]])
        brought, _checked = bring(mine, kit)
        public_id = brought.public_id
        mine.commit()
    session.get_one(Organisation, world.organisations["ALTKOKS"]).is_active = False
    session.commit()
    before = fingerprint(session)
    session.rollback()
    with as_(world.actors["astu"]) as mine:
        brought = queries.by_public_id(mine, public_id)
        with pytest.raises(RuleBroken, match="закрыто"):
            actions.apply_import(mine, brought, good_rows_only=False, today=TODAY)
        mine.rollback()
        assert host_of(mine, "ALTKOKS") is None
        with pytest.raises(OtherList, match="закрыто"):
            bring(mine, kit, "ALTVAGON")
    assert fingerprint(session) == before


def test_a_student_who_left_between_check_and_record(world: World, as_: AsActor, known: Any, session: Session) -> None:
    from exchange.students.models import StudyPeriod

    with as_(world.actors["astu"]) as mine:
        brought, _checked = bring(mine, workbook(mine, "ALTKOKS", [known["tolegenova"]]))
        public_id = brought.public_id
        mine.commit()
    for period in session.scalars(sa.select(StudyPeriod).where(StudyPeriod.student_id == world.students["tolegenova"])):
        period.in_contingent = False
    session.commit()
    with as_(world.actors["astu"]) as mine, pytest.raises(RuleBroken, match="не учится"):
        apply(mine, queries.by_public_id(mine, public_id))


# ----------------------------------------------------------------------------------------------------- what is here already
def kit_of(session: Session, world: World, code: str) -> list[dict[str, Any]]:
    return records.interns(session, world.organisations[code], TODAY)


def test_what_the_enterprise_entered_stays_its_own(world: World, as_: AsActor, session: Session) -> None:
    """The kit carries tolegenova's running practice; a university can't give her hours and a position by bringing it."""
    before = fingerprint(session)
    session.rollback()
    with as_(world.actors["astu"]) as mine:
        (row,) = kit_of(mine, world, "ALTVAGON")
        brought, checked = bring(mine, workbook(mine, "ALTVAGON", [row | {"position": "оператор", "email": "t@example.kz"}]))
        assert ([r.verdict for r in checked.rows], refusals(checked)) == (["unchanged"], [])
        assert any("внесло предприятие" in p["message"] for p in checked.problems())
        apply(mine, brought)
        mine.commit()
    assert fingerprint(session) == before


def test_the_kit_of_what_was_brought_comes_back(world: World, as_: AsActor, known: Any) -> None:
    """By its key a row finds its record, however the names are spelled now; what is empty is filled, the rest is said."""
    with as_(world.actors["astu"]) as mine:
        brought, _checked = bring(mine, workbook(mine, "ALTKOKS", [known["kim"]]))
        apply(mine, brought)
        one = newest(mine)
        row = next(row for row in kit_of(mine, world, "ALTKOKS") if row["starts_on"] == FROM)
        again, checked = bring(mine, workbook(mine, "ALTKOKS", [row]))
        assert [r.verdict for r in checked.rows] == ["unchanged"]
        mended = row | {"first_name": "Вячеслав", "mentor": "Белова Т. С.", "department": "Другой"}
        again, checked = bring(mine, workbook(mine, "ALTKOKS", [mended]))
        assert ([(r.verdict, r.subject_id) for r in checked.rows], refusals(checked)) == ([("changed", one.public_id)], [])
        told = {p["field"] for p in checked.problems() if "В записи иначе" in p["message"]}
        assert told == {"first_name", "department"}
        assert apply(mine, again) == {"new": 0, "changed": 1}
        mine.refresh(one)
        assert (one.mentor, one.name, one.department) == ("Белова Т. С.", known["kim"]["first_name"], "Литейный цех")
        assert undoing.undo_import(mine, again).stays == []
        mine.refresh(one)
        assert (one.mentor, one.status) == ("", "planned")


def test_a_key_of_somebody_else_under_a_new_person(world: World, as_: AsActor, known: Any) -> None:
    """Typed over: the key of kim's record under tolegenova makes a record of hers and leaves his."""
    with as_(world.actors["astu"]) as mine:
        apply(mine, bring(mine, workbook(mine, "ALTKOKS", [known["kim"]]))[0])
        row = next(row for row in kit_of(mine, world, "ALTKOKS") if row["starts_on"] == FROM)
        over = known["tolegenova"] | {"key": row["key"]}
        again, checked = bring(mine, workbook(mine, "ALTKOKS", [over]))
        assert [r.verdict for r in checked.rows] == ["new"]
        assert apply(mine, again)["new"] == 1


def test_keys_of_records_of_others_find_nothing(world: World, as_: AsActor, known: Any) -> None:
    """A row with the key of a record of another enterprise, and of another university, is read without the key."""
    with as_(world.actors["altvagon"]) as host:
        rows = kit_of(host, world, "ALTVAGON")
    waiting = next(row for row in rows if row["last_name"] == "Касымова")
    with as_(world.actors["astu"]) as mine:
        _brought, checked = bring(mine, workbook(mine, "ALTKOKS", [known["kim"] | {"key": rows[0]["key"]}, waiting]))
        assert [r.verdict for r in checked.rows] == ["new", "error"]
        assert refusals(checked)[0][0] == "sender"


# -------------------------------------------------------------------------------------------------------------------- undo
def test_undo_leaves_what_the_enterprise_changed(world: World, as_: AsActor, known: Any, today: Any) -> None:
    with as_(world.actors["astu"]) as mine:
        brought, _checked = bring(mine, workbook(mine, "ALTKOKS", [known["kim"], known["tolegenova"]]))
        apply(mine, brought)
        public_id = brought.public_id
        mine.commit()
    with as_(world.actors["altkoks"]) as theirs:
        one = theirs.scalars(sa.select(Internship).where(Internship.surname == known["kim"]["last_name"],
                                                         Internship.starts_on == FROM)).one()  # fmt: skip
        one.mentor = "Белова Т. С."
        theirs.commit()
    today.shift(dt.timedelta(hours=1))
    with as_(world.actors["astu"]) as mine:
        done = undoing.undo_import(mine, queries.by_public_id(mine, public_id))
        assert (len(done.goes), len(done.stays)) == (1, 1)
        states = dict(
            mine.execute(sa.select(Internship.surname, Internship.status).where(Internship.starts_on == FROM)).all()  # type: ignore[arg-type]
        )
        assert states == {known["kim"]["last_name"]: "planned", known["tolegenova"]["last_name"]: "cancelled"}
        again, checked = bring(mine, workbook(mine, "ALTKOKS", [known["kim"], known["tolegenova"]]))
        assert sorted(row.verdict for row in checked.rows) == ["new", "unchanged"], "who went can come again"
        assert apply(mine, again)["new"] == 1


def test_a_branch_is_of_its_university(world: World, as_: AsActor, known: Any) -> None:
    """ASU brings the students of its branch as well; the branch only its own."""
    row = known["kasymova"] | {"sender": "ASU-RUB", "starts_on": dt.date(2027, 2, 1), "ends_on": dt.date(2027, 2, 20)}
    with as_(world.actors["asu"]) as mine:
        brought, checked = bring(mine, workbook(mine, "ALTKOKS", [row]), by="ASU")
        assert refusals(checked) == []
        apply(mine, brought)
    with as_(world.actors["branch"]) as branch:
        head = known["alimzhanov"] | {"sender": "АлтГУ"}
        _brought, checked = bring(branch, workbook(branch, "ALTKOKS", [head]), by="ASU-RUB")
        assert [name for name, _words in refusals(checked)] == ["sender"]


def test_a_list_without_a_stamp(world: World, as_: AsActor, known: Any) -> None:
    """Any list of an enterprise will do: headings as they come."""
    kim = known["kim"]
    name = " ".join((kim["last_name"], kim["first_name"], kim["patronymic"]))
    content = book([
        ["ФИО", "ИИН", "Вид", "Откуда направлен", "С", "По"],
        [name, world.iins["kim"], "практика", "АлтГТУ", FROM, TO],
    ])  # fmt: skip
    with as_(world.actors["astu"]) as mine:
        brought, checked = bring(mine, content)
        assert refusals(checked) == []
        apply(mine, brought)
        assert newest(mine).student_id in (world.students["kim"], world.students["kim2"])
