"""Pages of transfers as both universities meet them: links, sentences, refusals, what is not shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.students.models import Student
from exchange.transfers.models import State, Transfer
from tests.students.conftest import FORM
from tests.students.pages import GOOD, soup_of, summary, typed
from tests.transfers.conftest import ENROL, Sides
from tests.world import World

TOKEN = "t" * 30
SENDING = {
    "to": "ASU", "number": "77-п", "signed_on": "19.11.2026", "effective_on": "20.11.2026", "version": "0", "do": "record",
}  # fmt: skip


@pytest.fixture
def visit(new_client: Callable[[], Any], world: World, login: Callable[..., Any]) -> Callable[[str], Any]:
    """Signs somebody in, each with cookies of their own."""

    def enter(key: str) -> Any:
        made = new_client()
        login(made, world.emails[key])
        return made

    return enter


def words(answer: Any) -> str:
    return " ".join(soup_of(answer).main.text.split())


def transfer(session: Session) -> Transfer:
    session.expire_all()
    found = session.scalars(sa.select(Transfer).order_by(Transfer.id.desc())).first()
    assert found is not None
    session.refresh(found)
    session.expunge(found)
    session.commit()
    return found


def test_the_refusal_leads_to_the_request(visit: Any, world: World, session: Session) -> None:
    """The form of a new student names the office and links to a form that has nothing typed into it."""
    session.commit()
    asu = visit("asu")
    answer = asu.post("/students/new", data={**GOOD, "iin": world.iins["orazbayeva"]})
    assert answer.status_code == 422
    assert any("числится в другом вузе: АлтГТУ" in sentence for sentence in summary(answer))
    link = soup_of(answer).find("a", string="Запросить перевод")
    assert link["href"] == "/transfers/new"
    assert "Оразбаева" not in answer.text
    assert {value for name, value in typed(asu.get("/transfers/new")).items() if name not in ("once", "csrf_token")} == {""}


def test_request_send_accept(visit: Any, world: World, session: Session, sides: Sides) -> None:
    asu, astu = visit("asu"), visit("astu")
    born = f"{sides.wish().birth_date:%d.%m.%Y}"
    asked = asu.post("/transfers/new", data={"number": world.iins["orazbayeva"], "born": born, "note": "Ждём"})
    assert asked.status_code == 303
    page = asu.get(asked.location)
    assert "Ждём ответа: АлтГТУ" in words(page)
    assert "Оразбаева" not in page.text
    assert world.iins["orazbayeva"] not in page.text
    assert soup_of(astu.get("/students")).select_one("a[href='/transfers'] .cnt").text == "1"
    card = astu.get("/transfers")
    assert "Оразбаева" in words(card)
    assert "Запишите приказ о переводе или откажите" in words(card)
    page = astu.get(asked.location)
    assert "Ждём" in words(page)
    sending = f"/transfers/of/{world.public_ids['orazbayeva']}"
    assert soup_of(page).select_one(f"a[href='{sending}?to=ASU']")
    form = typed(astu.get(f"{sending}?to=ASU"))
    assert (form["to"], form["version"]) == ("ASU", "1")
    check = astu.post(sending, data={**SENDING, "version": "1", "do": "check"})
    assert check.status_code == 200
    assert "Выбывает из контингента: АлтГТУ, с 20.11.2026" in words(check)
    assert "АлтГУ увидит ФИО" in words(check)
    assert transfer(session).state == State.REQUESTED
    sent = astu.post(sending, data={**SENDING, "version": "1"})
    assert (sent.status_code, sent.location) == (303, asked.location)
    page = asu.get(asked.location)
    assert "Оразбаева" in words(page)
    assert "77-п от 19.11.2026" in words(page)
    assert "История обучения" not in words(page)
    accepting = f"{asked.location}/accept"
    assert "Придёт вместе с переводом" in words(asu.get(accepting))
    refused = asu.post(accepting, data={**ENROL, "version": "2", "order_number": ""})
    assert refused.status_code == 422
    assert summary(refused) == ["Номер приказа не указан. Введите номер"]
    assert typed(refused)["group"] == "8ПИ-51"
    early = asu.post(accepting, data={**ENROL, "version": "2", "enrolled_on": "19.11.2026", "order_date": "19.11.2026"})
    assert "Зачислите не раньше 20.11.2026" in summary(early)[0]
    done = asu.post(accepting, data={**ENROL, "version": "2"})
    assert done.status_code == 303
    shown = asu.get(done.location)
    assert "Оразбаева" in shown.text
    assert "О зачислении" in shown.text or "перевод" in words(shown)
    old = astu.get(f"/students/{world.public_ids['orazbayeva']}")
    assert old.status_code == 200
    assert "Оразбаева" in old.text
    assert done.location.rpartition("/")[2] not in old.text
    assert astu.get(done.location).status_code == 404


def test_the_card_leads_to_the_form_of_transfers(visit: Any, world: World, session: Session) -> None:
    session.commit()
    astu = visit("astu")
    card = astu.get(f"/students/{world.public_ids['orazbayeva']}")
    assert soup_of(card).find("a", string="Перевести в другой вуз")["href"] == f"/transfers/of/{world.public_ids['orazbayeva']}"


def test_accepted_twice_by_two_clicks(visit: Any, world: World, session: Session, sides: Sides) -> None:
    """The second click is led to the result of the first; a second tab is told what happened."""
    sent = sides.send()
    asu = visit("asu")
    form = {**ENROL, "version": str(sent.version), "once": TOKEN}
    first = asu.post(f"/transfers/{sent.public_id}/accept", data=form)
    again = asu.post(f"/transfers/{sent.public_id}/accept", data=form)
    assert (first.status_code, again.status_code, again.location) == (303, 303, first.location)
    late = asu.post(f"/transfers/{sent.public_id}/accept", data={**form, "once": "u" * 30, "order_number": "92-п"})
    assert late.status_code == 409
    assert "Пока вы работали, перевод изменился: «Принят»" in words(late)
    count = sa.select(sa.func.count()).select_from(Student).where(Student.person_id == sent.person_id)
    assert session.scalar(count) == 2


def test_declined_and_withdrawn(visit: Any, world: World, session: Session, sides: Sides) -> None:
    asked = sides.ask()
    asu, astu = visit("asu"), visit("astu")
    refused = astu.post(f"/transfers/{asked.public_id}/decline", data={"reason": "", "version": "1"})
    assert (refused.status_code, len(summary(refused))) == (422, 1)
    done = astu.post(f"/transfers/{asked.public_id}/decline", data={"reason": "Долг по оплате", "version": "1"})
    assert done.status_code == 303
    assert "Долг по оплате" in words(asu.get("/transfers?tab=done"))
    late = asu.post(f"/transfers/{asked.public_id}/withdraw", data={"version": "1"})
    assert (late.status_code, "«Отказано»" in words(late)) == (409, True)
    second = sides.ask()
    assert asu.post(f"/transfers/{second.public_id}/withdraw", data={"version": "1"}).status_code == 303
    assert transfer(session).state == State.WITHDRAWN
    gone = astu.get(f"/transfers/of/{world.public_ids['orazbayeva']}?to=ASU")
    assert "запросил студента" not in words(gone)


def test_a_request_of_nobody_says_nothing_of_anybody(visit: Any, world: World, session: Session) -> None:
    session.commit()
    asu = visit("asu")
    answers = [
        summary(asu.post("/transfers/new", data={"number": number, "born": "01.01.2001"}))
        for number in (world.iins["orazbayeva"], "000000000000", "N99999999")
    ]
    assert answers[0] == answers[1] == answers[2]
    assert summary(asu.post("/transfers/new", data={})) == [
        "Номер не указан. Введите 12 цифр ИИН или номер документа",
        "Дата рождения не указана. Введите день, месяц и год, например 27.3.2007",
    ]


def test_others_do_not_know_of_it(visit: Any, sides: Sides) -> None:
    asked = sides.ask()
    assert visit("branch").get(f"/transfers/{asked.public_id}").status_code == 404
    for key in ("ministry", "altvagon", "akimat"):
        assert visit(key).get("/transfers").status_code == 403


def test_empty_tabs_say_what_to_do(visit: Any, session: Session) -> None:
    session.commit()
    asu = visit("asu")
    for tab, sentence in (("", "Входящих"), ("outgoing", "Исходящих"), ("done", "Завершённых")):
        assert f"{sentence} переводов нет" in words(asu.get(f"/transfers?tab={tab}"))


def test_the_form_of_a_new_student_takes_others_as_before(visit: Any, session: Session) -> None:
    session.commit()
    assert visit("asu").post("/students/new", data={**FORM, "do": "save"}).status_code == 303


def test_a_university_of_the_register_is_chosen_and_not_typed(visit: Any, world: World, session: Session) -> None:
    session.commit()
    astu = visit("astu")
    sending = f"/transfers/of/{world.public_ids['orazbayeva']}"
    refused = astu.post(sending, data={**SENDING, "to": "", "host": "алтгу"})
    assert refused.status_code == 422
    assert summary(refused) == ["Этот вуз есть в реестре. Выберите его из списка: тогда он получит студента"]
    assert typed(refused)["host"] == "алтгу"
    old = astu.post(sending, data={**SENDING, "signed_on": "1.1.1900", "do": "check"})
    assert summary(old) == ["Между приказом и днём, с которого он действует, больше года. Проверьте даты"]
    asked = astu.post(sending, data={**SENDING, "signed_on": "1.1.1900", "do": "check", "confirm_effective_on": "1"})
    assert asked.status_code == 200
    assert typed(asked)["confirm_effective_on"] == "1", "what was confirmed stays confirmed"
