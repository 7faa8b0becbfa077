"""The pages that write: nothing typed is lost, nothing acts twice, two editors are told of each other, orders ask once more."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.people.models import Person, PersonFacts
from exchange.students.models import Student, StudyPeriod
from tests.students.pages import GOOD, TOKEN, soup_of, students, summary, typed

pytestmark = pytest.mark.usefixtures("today")


# ----------------------------------------------------------------------------------------------------------------- new
def test_a_student_is_registered_and_the_card_opens(astu: Any, session: Session) -> None:
    answer = astu.post("/students/new", data=GOOD)
    assert answer.status_code == 303
    card = astu.get(answer.location)
    assert "Запись добавлена: Ахметова Айгерим Сериковна, номер дела АЛТ-26-0001" in card.text
    assert "Приказ Л-1187 от 26.08.2026 о зачислении" in card.text
    assert GOOD["iin"] not in card.text
    assert f"{GOOD['iin'][:4]}••••{GOOD['iin'][-4:]}" in card.text


def test_a_series_carries_the_studies_and_the_order(astu: Any) -> None:
    answer = astu.post("/students/new", data={**GOOD, "do": "more"})
    assert answer.status_code == 303
    assert "Ахметова" not in answer.location
    assert GOOD["iin"] not in answer.location
    following = typed(astu.get(answer.location))
    for name in ("programme", "course", "funding", "form", "group", "order_number", "order_date", "enrolled_on"):
        assert following[name] == GOOD[name]
    assert (following["iin"], following["last_name"], following["born"]) == ("", "", "")


def test_what_is_sent_twice_acts_once(astu: Any, session: Session) -> None:
    before = students(session)
    first = astu.post("/students/new", data={**GOOD, "once": TOKEN})
    second = astu.post("/students/new", data={**GOOD, "once": TOKEN})
    assert (first.status_code, second.status_code) == (303, 303)
    assert second.location == first.location
    assert students(session) == before + 1


def test_a_refused_form_keeps_everything_and_writes_nothing(astu: Any, session: Session) -> None:
    before = students(session)
    answer = astu.post(
        "/students/new", data={**GOOD, "last_name": "", "course": "9", "order_date": "31.02.2026", "once": TOKEN}
    )
    assert answer.status_code == 422
    assert set(summary(answer)) == {
        "Фамилия не указана. Введите её, как в документе", "На этой программе курсов: 4. Выберите курс от 1 до 4",
        "Даты 31.02.2026 нет в календаре. Исправьте дату",
    }  # fmt: skip
    kept = typed(answer)
    for name, value in GOOD.items():
        if name not in ("last_name", "course", "order_date", "do", "level", "phone"):
            assert kept[name] == value, name
    assert (kept["order_date"], kept["once"]) == ("31.02.2026", TOKEN)
    assert students(session) == before
    assert astu.post("/students/new", data={**GOOD, "once": TOKEN}).status_code == 303


TEXTS = (
    "last_name", "first_name", "patronymic", "last_name_kk", "first_name_kk", "patronymic_kk", "last_name_lat",
    "first_name_lat", "born", "settlement", "iin", "passport", "document_issued_by", "document_issued_on",
    "document_valid_until", "phone", "email",
    "address", "snils", "faculty", "group", "record_book", "planned_end", "order_number", "order_date", "enrolled_on",
)  # fmt: skip
CHOICES = ("sex", "citizenship", "region", "district", "document_type", "level", "form", "funding", "course", "order_type")


def test_no_field_breaks_on_too_much_or_the_wrong_kind(astu: Any, session: Session) -> None:
    """Ten thousand characters in any text, a code that is none in any list: the page again, with what was typed."""
    before = students(session)
    for name in TEXTS:
        answer = astu.post("/students/new", data={**GOOD, name: "я" * 10_000})
        assert answer.status_code == 422, name
        assert summary(answer), name
        assert len(typed(answer)[name]) == 10_000, name
    for name in CHOICES:
        answer = astu.post("/students/new", data={**GOOD, name: "не код"})
        assert answer.status_code == 422, name
        assert summary(answer), name
    assert students(session) == before


def test_every_field_with_nothing_and_with_control_characters(astu: Any, session: Session) -> None:
    before = students(session)
    everything = dict.fromkeys((*TEXTS, *CHOICES, "programme", "programme_query"), "")
    answer = astu.post("/students/new", data={**everything, "do": "save"})
    assert answer.status_code == 422
    assert len(summary(answer)) == 14, summary(answer)  # every field but the optional ones
    broken = dict.fromkeys((*TEXTS, *CHOICES, "programme", "programme_query", "once", "version"), "\x00\x08\x1b\ud800\uffff")
    encoded = {name: value.encode("utf-8", "surrogatepass") for name, value in broken.items()}
    assert astu.post("/students/new", data=encoded).status_code == 422
    assert students(session) == before


def test_control_characters_inside_a_name_are_left_out(astu: Any, session: Session) -> None:
    answer = astu.post("/students/new", data={**GOOD, "last_name": "Ах\x00ме\x07това", "group": "ПИ\x1b-1"})
    assert answer.status_code == 303
    public_id = answer.location.rpartition("/")[2]
    told = session.execute(
        sa.select(PersonFacts.surname, StudyPeriod.group_name).join(Student, Student.person_id == PersonFacts.person_id)
        .join(StudyPeriod, StudyPeriod.student_id == Student.id).where(Student.public_id == public_id)
    ).one()  # fmt: skip
    assert tuple(told) == ("Ахметова", "ПИ-1")


def test_another_university_can_not_be_named(astu: Any, session: Session) -> None:
    answer = astu.post("/students/new", data={**GOOD, "organisation": "ASU"})
    assert answer.status_code == 422
    assert summary(answer) == ["Вуз не выбран. Выберите его из списка"]


def test_a_warning_holds_until_it_is_ticked(astu: Any, session: Session) -> None:
    wrong = {**GOOD, "iin": GOOD["iin"][:-1] + str((int(GOOD["iin"][-1]) + 1) % 10)}
    answer = astu.post("/students/new", data=wrong)
    assert answer.status_code == 422
    assert "Контрольная цифра ИИН не сходится" in answer.text
    assert soup_of(answer).select_one("input[name=confirm_iin]") is not None
    done = astu.post("/students/new", data={**wrong, "confirm_iin": "1"})
    assert done.status_code == 303
    assert session.scalar(sa.select(Person.iin_needs_check).where(Person.iin == wrong["iin"])) is True
    assert "ИИН введён как в документе, но не сходится" in astu.get(done.location).text


def test_a_programme_is_looked_up_without_a_script(astu: Any) -> None:
    words = {**GOOD, "programme": "", "programme_query": "программная инженерия", "find": "programme", "last_name": ""}
    answer = astu.post("/students/new", data=words)
    assert answer.status_code == 200
    assert summary(answer) == []
    codes = {str(radio["value"]) for radio in soup_of(answer).select("input[type=radio][name=programme]")}
    assert {"09.03.04", "09.04.04"} <= codes
    assert typed(answer)["first_name"] == "Айгерим"
    assert astu.post("/students/new", data={**GOOD, "programme": "", "programme_query": "09.03.04"}).status_code == 303


def test_what_the_number_suggests_is_put_in(astu: Any) -> None:
    answer = astu.post("/students/new", data={**GOOD, "born": "", "sex": "F"})
    assert answer.status_code == 422
    assert typed(answer)["born"] == "14.03.2008"
    assert "Подсказано по ИИН: дата рождения. Сверьте с документом и сохраните" in answer.text
    filled = astu.post("/students/new", data={**GOOD, "born": "", "fill": "born"})
    assert typed(filled)["born"] == "14.03.2008"


def test_that_nobody_is_like_it_is_said_only_after_a_look(astu: Any) -> None:
    nobody = "Похожих записей нет"
    assert nobody in astu.post("/students/new", data={**GOOD, "course": "9"}).text
    assert nobody not in astu.post("/students/new", data={**GOOD, "course": "9", "iin": "12"}).text
    assert nobody not in astu.post("/students/new", data={**GOOD, "find": "programme", "programme_query": "физика"}).text


def test_doubles_of_ones_own_are_linked_and_of_others_not_told(astu: Any, new_client: Any, world: Any, login: Any) -> None:
    answer = astu.post("/students/new", data={**GOOD, "iin": world.iins["kim"]})
    assert answer.status_code == 422
    assert any(text.startswith("Студент с таким ИИН уже есть: Ким В. А., ASTU-kim") for text in summary(answer))
    other = new_client()
    login(other, world.emails["asu"])
    answer = other.post("/students/new", data={**GOOD, "iin": world.iins["kim"]})
    assert any(text.startswith("Студент с таким ИИН числится в другом вузе: АлтГТУ") for text in summary(answer))
    assert "Ким" not in answer.text
    assert world.public_ids["kim"] not in answer.text


def test_a_second_programme_of_the_same_person(astu: Any, session: Session, world: Any) -> None:
    public_id = world.public_ids["orazbayeva"]
    page = astu.get(f"/students/new?again={public_id}")
    assert "Ещё одна запись того же человека: Оразбаева Томирис" in page.text
    answer = astu.post(f"/students/new?again={public_id}", data={**GOOD, "iin": "", "last_name": "", "first_name": ""})
    assert answer.status_code == 303
    assert session.scalar(sa.select(sa.func.count()).where(Student.person_id == world.persons["orazbayeva"])) == 2
    assert astu.get(f"/students/new?again={world.public_ids['akhmetov']}").status_code == 404


def test_a_second_programme_stays_with_the_office_of_the_person(client: Any, session: Session, world: Any, login: Any) -> None:
    """The branch keeps its student: the head is not asked which office it shall be."""
    login(client, world.emails["asu"])
    kept = session.scalars(sa.select(Student).where(Student.organisation_id == world.organisations["ASU-RUB"])).first()
    assert kept is not None
    path = f"/students/new?again={kept.public_id}"
    assert "organisation" not in typed(client.get(path))
    assert client.post(path, data=GOOD).status_code == 303
    offices = session.scalars(sa.select(Student.organisation_id).where(Student.person_id == kept.person_id)).all()
    assert offices == [world.organisations["ASU-RUB"]] * 2


# ---------------------------------------------------------------------------------------------------------------- cards
def test_a_card_is_recorded_when_viewed_and_masked_until_revealed(astu: Any, session: Session, world: Any) -> None:
    public_id, iin = world.public_ids["kim"], str(world.iins["kim"])
    assert iin not in astu.get(f"/students/{public_id}").text
    shown = astu.post(f"/students/{public_id}/reveal")
    assert shown.status_code == 200
    assert iin in shown.text
    assert iin not in astu.get(f"/students/{public_id}").text
    actions = session.scalars(
        sa.select(AuditEntry.action).where(AuditEntry.subject_id == public_id).order_by(AuditEntry.id)
    ).all()
    assert actions[-3:] == ["student:viewed", "student:revealed", "student:viewed"]


def test_the_insurance_number_is_masked_and_can_be_changed(astu: Any, session: Session, world: Any) -> None:
    base = f"/students/{world.public_ids['kim']}"
    assert astu.post(f"{base}/edit", data={**typed(astu.get(f"{base}/edit")), "snils": "112-233-445 95"}).status_code == 303
    assert "11••••••••••95" in astu.get(base).text
    assert "112-233-445 95" in astu.post(f"{base}/reveal").text
    assert "Сейчас 11••••••••••95" in astu.get(f"{base}/edit").text
    logged = session.scalars(sa.select(AuditEntry.details).where(AuditEntry.action == "student:changed")).all()
    assert logged[-1]["after"] == {"snils": "11••••••••••95"}, "the log does not keep the number itself"


def test_the_annulled_order_stays_on_the_card(astu: Any, world: Any) -> None:
    card = soup_of(astu.get(f"/students/{world.public_ids['orazbayeva']}"))
    annulled = card.select(".line-of li.off")
    assert len(annulled) == 1
    assert "об отчислении" in annulled[0].text
    assert "Аннулирован приказом" in annulled[0].text


def test_readers_only_read(client: Any, world: Any, login: Any) -> None:
    login(client, world.emails["ministry"])
    base = f"/students/{world.public_ids['kim']}"
    card = client.get(base)
    assert card.status_code == 200
    for word in ("Изменить", "Записать приказ", "Аннулировать", "Показать номера", "Телефон"):
        assert word not in card.text
    for path in (f"{base}/edit", f"{base}/orders/new?type=expulsion", "/students/new"):
        assert client.get(path).status_code == 403
    for path in (f"{base}/reveal", f"{base}/edit", f"{base}/orders/new?type=expulsion", "/students/new"):
        assert client.post(path, data=GOOD).status_code == 403


def test_what_is_not_yours_is_not_there(astu: Any, world: Any) -> None:
    foreign = f"/students/{world.public_ids['akhmetov']}"
    for path in (
        foreign,
        f"{foreign}/edit",
        f"{foreign}/orders/new?type=expulsion",
        f"{foreign}/orders/1/annul",
        "/students/x",
    ):
        assert astu.get(path).status_code == 404
    for path in (f"{foreign}/reveal", f"{foreign}/edit", f"{foreign}/orders/new?type=expulsion"):
        assert astu.post(path, data=GOOD).status_code == 404
    own = f"/students/{world.public_ids['kim']}"
    assert astu.get(f"{own}/orders/{world.annulled_line}/annul").status_code == 404, "a line of another student"
    assert astu.get(f"{own}/orders/new?type=nonsense").status_code == 404
    assert astu.get(f"{own}/orders/99999999999999999999/annul").status_code in (404, 400)


# -------------------------------------------------------------------------------------------------------------- editing
def test_a_correction_supersedes_and_an_edit_changes(astu: Any, session: Session, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}/edit"
    values = typed(astu.get(path))
    answer = astu.post(path, data={**values, "first_name": "Виталий", "phone": "+7 913 000-11-22", "do": "save"})
    assert answer.status_code == 303, summary(answer)
    told = session.execute(
        sa.select(PersonFacts.name, PersonFacts.superseded_at.is_(None)).where(PersonFacts.person_id == world.persons["kim"])
    ).all()
    assert sorted(tuple(row) for row in told) == [("Виктор", False), ("Виталий", True)]
    entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(2)).all()
    assert {e.action: e.details["after"] for e in entries} == {
        "student:corrected": {"name": "Виталий"}, "student:changed": {"phone": "+79130001122"},
    }  # fmt: skip


def test_a_proposed_name_is_put_in_and_a_confirmed_one_not_asked_again(astu: Any, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}/edit"
    mixed = {**typed(astu.get(path)), "last_name": "Kим"}  # a Latin K
    assert astu.post(path, data=mixed).status_code == 422
    put_in = astu.post(path, data={**mixed, "fill": "last_name"})
    assert (put_in.status_code, typed(put_in)["last_name"]) == (200, "Ким")
    assert typed(astu.get(path))["last_name"] == "Ким", "nothing was written"
    assert astu.post(path, data={**mixed, "confirm_last_name": "1"}).status_code == 303
    assert astu.post(path, data={**typed(astu.get(path)), "faculty": "ФИТ"}).status_code == 303


def test_nothing_changed_writes_nothing(astu: Any, session: Session, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}/edit"
    values = typed(astu.get(path))
    before = session.scalar(sa.select(Student.version).where(Student.id == world.students["kim"]))
    assert astu.post(path, data=values).status_code == 303
    assert session.scalar(sa.select(Student.version).where(Student.id == world.students["kim"])) == before


def test_two_editors(astu: Any, new_client: Any, session: Session, world: Any, login: Any) -> None:
    """Both change the faculty, one the phone, the other the note: one question, the rest goes in by itself."""
    path = f"/students/{world.public_ids['kim']}/edit"
    first, second = typed(astu.get(path)), typed(astu.get(path))
    assert astu.post(path, data={**first, "faculty": "ФИТ", "phone": "+7 913 000-11-22"}).status_code == 303
    answer = astu.post(path, data={**second, "faculty": "ИнБиоХим", "note": "перезвонить"})
    assert answer.status_code == 409
    page = soup_of(answer)
    assert "Astu Tester" in page.text
    assert [str(row["id"]) for row in page.select("table.cf tbody tr")] == ["choice-faculty"]
    assert page.select("input[type=radio][checked]") == []
    cards = {str(card["aria-labelledby"]): " ".join(card.text.split()) for card in page.select("section.card")}
    assert "+79130001122" in cards["theirs-in"]
    assert "перезвонить" in cards["mine-in"]

    values = typed(answer)
    asked_again = astu.post(path, data={**values, "do": "merge"})
    assert asked_again.status_code == 409
    assert "Выберите значение для поля «Институт или факультет»" in asked_again.text
    assert "+79130001122" in soup_of(asked_again).select_one("#theirs-in").parent.text, "what the other changed is still told"  # type: ignore[union-attr]
    back = astu.post(path, data={**values, "do": "back"})
    assert typed(back)["faculty"] == "ИнБиоХим"
    assert typed(back)["note"] == "перезвонить"
    done = astu.post(path, data={**typed(asked_again), "choice-faculty": "mine", "do": "merge"})
    assert done.status_code == 303, summary(done)
    student = session.get_one(Student, world.students["kim"])
    person = session.get_one(Person, world.persons["kim"])
    assert (student.faculty, student.note, person.phone) == ("ИнБиоХим", "перезвонить", "+79130001122")


def test_the_other_value_can_be_chosen(astu: Any, session: Session, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}/edit"
    opened = typed(astu.get(path))
    astu.post(path, data={**opened, "faculty": "ФИТ"})
    answer = astu.post(path, data={**opened, "faculty": "ИнБиоХим"})
    done = astu.post(path, data={**typed(answer), "choice-faculty": "theirs", "do": "merge"})
    assert done.status_code == 303
    assert session.get_one(Student, world.students["kim"]).faculty == "ФИТ"


def test_a_bad_correction_keeps_what_was_typed(astu: Any, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}/edit"
    opened = typed(astu.get(path))
    for name in (
        "last_name",
        "born",
        "iin",
        "passport",
        "phone",
        "email",
        "snils",
        "record_book",
        "faculty",
        "note",
        "settlement",
    ):
        answer = astu.post(path, data={**opened, name: "я" * 10_000})
        assert answer.status_code == 422, name
        assert len(typed(answer)[name]) == 10_000, name
    for broken in ("", "не число", "9" * 30):
        assert astu.post(path, data={**opened, "version": broken, "faculty": "ФИТ"}).status_code == 409
    for broken in ("", "[1]", "{", '{"faculty": {"a": 1}}'):
        assert astu.post(path, data={**opened, "opened": broken, "version": "0", "faculty": "ФИТ"}).status_code == 409


def test_an_iin_of_somebody_else_is_refused(astu: Any, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}/edit"
    answer = astu.post(
        path, data={**typed(astu.get(path)), "iin": world.iins["orazbayeva"], "confirm_born": "1", "confirm_sex": "1"}
    )
    assert answer.status_code == 422
    assert any("Студент с таким ИИН уже есть" in text for text in summary(answer))
