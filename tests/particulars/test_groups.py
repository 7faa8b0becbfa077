"""The tab and its groups: what is shown, what is saved and logged, two who change one group, who keeps a person."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.particulars.groups import GROUPS
from exchange.people.models import Guardian, IdentityDocument, Person, PersonDetails, PersonFacts
from exchange.students.models import StudentDetails
from tests.students.conftest import astu, day
from tests.students.pages import soup_of, summary, typed
from tests.transfers.conftest import Sides, sides
from tests.world import World

__all__ = ["astu", "sides"]
pytestmark = pytest.mark.usefixtures("today")


def url(world: Any, rest: str = "", key: str = "kim") -> str:
    return f"/students/{world.public_ids[key]}/particulars{rest}"


def card(client: Any, world: Any, code: str, key: str = "kim") -> str:
    found = soup_of(client.get(url(world, "", key))).select_one(f"section[aria-labelledby={code}]")
    return " ".join(found.get_text(" ").split()) if found else ""


def change(client: Any, world: Any, code: str, key: str = "kim", **values: str) -> Any:
    """Opens the form of a group, types, sends."""
    return client.post(url(world, f"/{code}", key), data=typed(client.get(url(world, f"/{code}", key))) | values)


def entries(session: Session, action: str) -> list[Any]:
    session.expire_all()
    return list(session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action)))


# ------------------------------------------------------------------------------------------------------------------ the tab
def test_every_group_is_there_with_what_is_not_said(astu: Any, world: Any) -> None:
    page = soup_of(astu.get(url(world)))
    shown = [section["aria-labelledby"] for section in page.select("section.card")]
    assert set(GROUPS) | {"documents", "consents", "guardian"} == set(shown)
    assert "На казахском не указано" in card(astu, world, "names")
    assert "Ким Людмила Сергеевна" in card(astu, world, "close")
    assert "Не указано: язык обучения" in card(astu, world, "study")


def test_numbers_are_masked_until_somebody_asks(astu: Any, world: Any, session: Session) -> None:
    hidden = astu.get(url(world)).text
    assert "500100732259" not in hidden
    shown = astu.post(url(world, "/reveal")).text
    assert "500100732259" in shown
    assert (world.iins["kim"] or "-") in shown
    assert entries(session, "student:revealed")[-1].details["fields"] == ["iin", "documents", "snils", "inn"]


def test_the_ministry_sees_no_numbers_no_contacts_no_third_persons(client: Any, world: Any, login: Any) -> None:
    login(client, world.emails["ministry"])
    text = client.get(url(world)).text
    assert "Ким Виктор Андреевич" in text
    for closed in ("Ким Людмила", "+77051234567", "Ким Андрей", "50••", "Изменить"):
        assert closed not in text, closed
    assert client.get(url(world, "/contacts")).status_code == 403


# --------------------------------------------------------------------------------------------------------- saving a group
@pytest.mark.parametrize(
    ("code", "values", "shown"),
    [
        ("names", {"patronymic": "Алексеевич"}, "Ким Виктор Алексеевич"),
        ("birth", {"birth_place": "Павлодар"}, "Место рождения Павлодар"),
        ("contacts", {"phone_kz": "8 777 123 45 67", "dormitory": "y", "room": "4-513"}, "+77771234567"),
        ("close", {"close_phone": "+7 777 000-33-44"}, "+77770003344"),
        ("background", {"native_language": "ru", "russian_level": "B2", "compatriot": "self"}, "ТРКИ-II (B2)"),
        ("file", {"faculty": "Институт ИТ"}, "Институт ИТ"),
        ("study", {"language": "ru", "contract_no": "77-Д/26", "contract_on": "1.9.2024"}, "01.09.2024"),
        ("outcome", {"outcome": "kz", "outcome_on": "20.11.2026", "recognition_kz": "applied"}, "Работает в Казахстане"),
    ],
)
def test_a_group_is_saved(astu: Any, world: Any, code: str, values: dict[str, str], shown: str) -> None:
    answer = change(astu, world, code, **values)
    assert (answer.status_code, answer.location) == (303, url(world) + f"#{code}"), summary(answer)
    assert shown in card(astu, world, code)
    assert "Изменений нет" in astu.post(
        url(world, f"/{code}"), data=typed(astu.get(url(world, f"/{code}"))), follow_redirects=True
    ).text  # fmt: skip


@pytest.mark.parametrize(
    ("code", "values", "sentence"),
    [
        ("numbers", {"inn": "500100732258"}, "ИНН человека — 12 цифр с контрольным числом"),
        ("numbers", {"iin": "05031459990"}, "ИИН должен состоять из 12 цифр, сейчас 11"),
        ("numbers", {"snils": "112-233-445 96"}, "СНИЛС не сходится"),
        ("contacts", {"phone_kz": "нет"}, "Это не похоже на телефон"),
        ("contacts", {"dormitory": "", "room": "4-513"}, "Комната указана, а отметки"),
        ("close", {"close_name": ""}, "Имя не указано"),
        ("background", {"school_year": "2010"}, "слишком близок к году рождения"),
        ("background", {"school_year": "20"}, "Год — четыре цифры"),
        ("study", {"contract_on": "24.11.2026"}, "не позже сегодняшней"),
        ("study", {"prior_number": "123"}, "Вид документа не выбран"),
        ("outcome", {"outcome": "other", "outcome_on": "20.11.2026"}, "Страна не выбрана"),
        ("outcome", {"outcome": "kz"}, "Дата опроса не указана"),
        ("outcome", {"outcome_organisation": "Завод"}, "Ответ не выбран"),
        ("file", {"record_book": ""}, "Номер дела не указан"),
    ],
)
def test_what_is_refused_keeps_what_was_typed(
    astu: Any, world: Any, code: str, values: dict[str, str], sentence: str
) -> None:  # fmt: skip
    refused = change(astu, world, code, **values)
    assert refused.status_code == 422
    assert any(sentence in told for told in summary(refused)), summary(refused)
    kept = typed(refused)
    assert all(kept.get(name, "") == value for name, value in values.items())


def test_numbers_are_taken_and_never_logged(astu: Any, world: Any, session: Session) -> None:
    change(astu, world, "numbers", snils="112-233-445 95", inn="500100732259")
    change(astu, world, "close", close_name="Ли Анна", close_phone="+77770009988")
    session.expire_all()
    assert session.get_one(Person, world.persons["kim"]).snils == "112-233-445 95"
    (entry,) = entries(session, "person:changed")
    assert entry.details["after"] == {"close_name": "•••", "close_phone": "•••"}
    told = json.dumps([e.details for e in session.scalars(sa.select(AuditEntry))], ensure_ascii=False)
    for secret in ("112-233-445 95", "500100732259", "+77770009988", "Ли Анна"):
        assert secret not in told, secret


def test_an_iin_that_says_another_birth_is_asked_about(astu: Any, world: Any) -> None:
    """050314599901 is of a man born on 14.03.2005; kim was born on 30.05.2005."""
    asked = change(astu, world, "numbers", iin="050314599901")
    assert asked.status_code == 422
    assert "По ИИН похоже на 14.03.2005" in asked.text
    sent = typed(asked) | {"iin": "050314599901", "confirm_iin": "1"}
    assert astu.post(url(world, "/numbers"), data=sent).status_code == 303


# ----------------------------------------------------------------------------------------------------------- two at once
def test_two_who_change_one_group(astu: Any, world: Any, session: Session) -> None:
    """One changes the phone and the mail, the other the phone and the messenger: the phone has to be chosen."""
    mine = typed(astu.get(url(world, "/contacts")))
    change(astu, world, "contacts", phone="+79990000001", email="first@example.org")
    asked = astu.post(url(world, "/contacts"), data=mine | {"phone": "+79990000002", "messenger": "Telegram @kim"})
    assert asked.status_code == 409
    assert "Поле «Телефон» изменили вы оба" in asked.text
    again = typed(asked)
    unchosen = astu.post(url(world, "/contacts"), data=again | {"do": "merge"})
    assert unchosen.status_code == 409
    assert "Выберите значение" in unchosen.text
    done = astu.post(url(world, "/contacts"), data=typed(unchosen) | {"do": "merge", "choice-phone": "mine"})
    assert done.status_code == 303
    session.expire_all()
    person = session.get_one(Person, world.persons["kim"])
    details = session.scalars(sa.select(PersonDetails).where(PersonDetails.person_id == person.id)).one()
    assert (person.phone, person.email, details.messenger) == ("+79990000002", "first@example.org", "Telegram @kim")


def test_two_who_change_different_groups_do_not_meet(astu: Any, world: Any) -> None:
    mine = typed(astu.get(url(world, "/background")))
    change(astu, world, "contacts", phone="+79990000001")
    assert astu.post(url(world, "/background"), data=mine | {"school": "Школа № 7"}).status_code == 303


# --------------------------------------------------------------------------------------------------------------- documents
def test_documents_are_added_and_one_is_shown_now(astu: Any, world: Any, session: Session) -> None:
    kept = sa.select(IdentityDocument).where(IdentityDocument.person_id == world.persons["kim"])
    known = session.scalars(kept).one().number
    for number, until in (("012345678", "01.03.2030"), ("012345679", "01.03.2026")):
        sent = {"document_type": "kz_id", "passport": number, "document_valid_until": until}
        assert astu.post(url(world, "/documents/new"), data=sent).status_code == 303
    # by their numbers: the known world gives its document an id of its own, so ids do not tell what was added later
    rows = {row.number: row for row in session.scalars(kept)}
    assert len(rows) == 3
    own, valid, over = rows[known], rows["012345678"], rows["012345679"]
    for row in (own, valid):
        form = typed(astu.get(url(world, f"/documents/{row.id}")))
        assert form["passport"] == "", "a known number stays masked"
        sent = form | {"is_presented": "y", "document_issued_by": "МВД РК"}
        assert astu.post(url(world, f"/documents/{row.id}"), data=sent).status_code == 303
    session.expire_all()
    assert [row.is_presented for row in (own, valid, over)] == [False, True, False]
    told = card(astu, world, "documents")
    assert told.count("просрочен") == 1
    assert told.count("предъявляет сейчас") == 1
    stale = astu.post(url(world, f"/documents/{own.id}"), data=form | {"document_issued_by": "МЮ РК", "once": "d" * 30})
    assert stale.status_code == 409
    assert typed(stale)["document_issued_by"] == "МЮ РК"


def test_a_number_that_another_person_has(astu: Any, world: Any, session: Session) -> None:
    numbers = {
        key: session.scalars(sa.select(IdentityDocument.number).where(IdentityDocument.person_id == world.persons[key])).one()
        for key in ("seitkali", "akhmetov", "kim")
    }
    own = astu.post(url(world, "/documents/new"), data={"passport": numbers["seitkali"]})
    assert own.status_code == 422
    assert "Студент с таким номером документа уже есть: Сейтқалиев Е. Б." in own.text
    assert "Открыть запись с этим номером" in own.text
    other = astu.post(url(world, "/documents/new"), data={"passport": numbers["akhmetov"]})
    assert other.status_code == 422
    assert "числится в другом вузе: АлтГУ" in other.text
    assert "Ахметов" not in other.text
    assert "Открыть запись" not in other.text
    twice = astu.post(url(world, "/documents/new"), data={"passport": numbers["kim"]})
    assert "уже внесён" in twice.text


# --------------------------------------------------------------------------------------------------------------- guardians
def test_a_minor_needs_a_guardian(astu: Any, world: Any, session: Session) -> None:
    """orazbayeva becomes one who is 18 tomorrow; from then on nobody is asked for."""
    of = PersonFacts.person_id == world.persons["orazbayeva"]
    session.execute(sa.update(PersonFacts).where(of).values(birth_date=day("2008-11-24")))
    session.commit()
    sentence = "Студенту нет 18 лет: укажите законного представителя"
    assert sentence in astu.get(url(world, "", "orazbayeva")).text
    assert sentence not in astu.get(url(world)).text
    sent = {"name": "Оразбаев Қайрат", "relation": "father", "phone": "8 705 111 22 33", "since": "1.9.2026"}
    assert astu.post(url(world, "/guardians/new", "orazbayeva"), data=sent).status_code == 303
    assert sentence not in astu.get(url(world, "", "orazbayeva")).text
    kept = session.scalars(sa.select(Guardian).where(Guardian.person_id == world.persons["orazbayeva"])).one()
    assert (kept.phone, kept.until) == ("+77051112233", None)
    form = typed(astu.get(url(world, f"/guardians/{kept.id}", "orazbayeva")))
    ended = astu.post(url(world, f"/guardians/{kept.id}", "orazbayeva"), data=form | {"until": "22.11.2026"})
    assert ended.status_code == 303
    assert sentence in astu.get(url(world, "", "orazbayeva")).text
    stale = astu.post(url(world, f"/guardians/{kept.id}", "orazbayeva"), data=form | {"until": "23.11.2026", "once": "d" * 30})
    assert stale.status_code == 409
    assert typed(stale)["until"] == "23.11.2026"
    told = [entry.details for entry in entries(session, "person:guardian-changed")]
    assert told == [{"relation": "father", "since": "2026-09-01"}]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [({"name": ""}, "Имя не указано"), ({"relation": ""}, "Не выбрано, кем приходится"), ({"since": ""}, "День не указан"),
     ({"until": "1.1.2020"}, "Последний день раньше первого")],
)  # fmt: skip
def test_a_guardian_is_whole(astu: Any, world: Any, values: dict[str, str], sentence: str) -> None:
    sent = {"name": "Ли Анна", "relation": "mother", "since": "1.9.2024", **values}
    refused = astu.post(url(world, "/guardians/new"), data=sent)
    assert refused.status_code == 422
    assert any(sentence in told for told in summary(refused))


# ---------------------------------------------------------------------------------------------------- who keeps the person
def test_what_the_keeper_learns_later_is_his(
    sides: Sides, world: World, session: Session, client: Any, login: Callable[..., Any]
) -> None:
    """orazbayeva goes from ASTU to ASU: ASTU goes on reading what it knew on that day, ASU what it learns since."""
    person = world.persons["orazbayeva"]
    astu_id, asu_id = world.organisations["ASTU"], world.organisations["ASU"]
    session.add(PersonDetails(person_id=person, organisation_id=astu_id, room="1-101", close_phone="+77770000001"))
    session.add(Guardian(person_id=person, organisation_id=astu_id, name="Мать", relation="mother", since=day("2024-09-01")))
    session.commit()
    student = sides.accept(sides.send())
    rows = session.scalars(sa.select(PersonDetails).where(PersonDetails.person_id == person)).all()
    assert {(row.organisation_id, row.room) for row in rows} == {(astu_id, "1-101"), (asu_id, "1-101")}
    session.commit()
    login(client, world.emails["asu"])
    address = f"/students/{student.public_id}/particulars"
    sent = typed(client.get(address + "/contacts")) | {"dormitory": "y", "room": "9-909"}
    assert client.post(address + "/contacts", data=sent).status_code == 303
    assert "9-909" in client.get(address).text
    client.post("/logout")
    login(client, world.emails["astu"])
    old = client.get(url(world, "", "orazbayeva")).text
    assert "1-101" in old
    assert "9-909" not in old
    assert client.get(url(world, "/contacts", "orazbayeva")).status_code == 404, "another office keeps her"
    assert client.get(url(world, "/study", "orazbayeva")).status_code == 200, "the enrolment is its own"
    assert client.get(url(world, "/documents/new", "orazbayeva")).status_code == 404
    assert session.scalars(sa.select(StudentDetails.student_id)).all()


# -------------------------------------------------------------------------------------------------- two at the same moment
@pytest.mark.parametrize(("path", "model"), [("guardians", Guardian), ("documents", IdentityDocument)])
def test_who_waited_for_the_lock_sees_what_the_first_one_wrote(
    astu: Any, world: Any, session: Session, path: str, model: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other one commits after this request has read the row and before it gets the lock."""
    key = session.scalar(sa.select(model.id).where(model.person_id == world.persons["kim"]))
    where, column = url(world, f"/{path}/{key}"), "name" if model is Guardian else "issued_by"
    form = typed(astu.get(where)) | {"once": ""}
    refresh = Session.refresh

    def late(self: Session, row: Any, *args: Any, **kwargs: Any) -> None:
        self.scalars(sa.select(model).where(model.id == key)).one()
        other = sa.update(model).where(model.id == key).values({column: "Записано другим"})
        self.execute(other.execution_options(synchronize_session=False))
        refresh(self, row, *args, **kwargs)

    monkeypatch.setattr(Session, "refresh", late)
    answer = astu.post(where, data=form | ({"phone": "+77770001122"} if model is Guardian else {"document_issued_by": "МВД"}))
    monkeypatch.undo()
    assert answer.status_code == 409, summary(answer)
    assert "Ваши правки ниже и пока не записаны" in answer.text


def test_a_group_that_waited_for_the_lock_clashes(
    astu: Any, world: Any, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    change(astu, world, "background", school="Школа 1")
    form = typed(astu.get(url(world, "/background")))
    refresh = Session.refresh

    def late(self: Session, row: Any, *args: Any, **kwargs: Any) -> None:
        read = self.scalars(sa.select(PersonDetails).where(PersonDetails.person_id == world.persons["kim"])).all()
        assert read
        other = sa.update(PersonDetails).where(PersonDetails.person_id == world.persons["kim"]).values(school="Школа 2")
        self.execute(other.execution_options(synchronize_session=False))
        refresh(self, row, *args, **kwargs)

    monkeypatch.setattr(Session, "refresh", late)
    answer = astu.post(url(world, "/background"), data=form | {"school": "Школа 3"})
    monkeypatch.undo()
    assert answer.status_code == 409
    for words in ("Школа 1", "Школа 2", "Школа 3"):
        assert words in answer.text


@pytest.mark.parametrize(("path", "model"), [("guardians", Guardian), ("documents", IdentityDocument)])
def test_what_did_not_change_is_said_and_not_logged(astu: Any, world: Any, session: Session, path: str, model: Any) -> None:
    key = session.scalar(sa.select(model.id).where(model.person_id == world.persons["kim"]))
    where = url(world, f"/{path}/{key}")
    answer = astu.post(where, data=typed(astu.get(where)), follow_redirects=True)
    assert "Изменений нет" in answer.text
    assert entries(session, f"person:{path[:-1]}-changed") == []
