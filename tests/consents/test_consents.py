"""Consents: texts that nobody touched, who may give one, withdrawal and mistakes as further entries, the state of a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.access.rows import NotYours
from exchange.consents import actions, papers
from exchange.consents.models import Consent
from exchange.consents.queries import consents_on, filed_of
from exchange.consents.rules import Said
from exchange.errors import NotFound, RuleBroken
from exchange.files.models import Scan
from exchange.people.models import PersonFacts
from exchange.students.models import Student
from tests.files.conftest import sent
from tests.files.papers import pdf
from tests.students.conftest import astu, day
from tests.students.pages import soup_of, typed

__all__ = ["astu"]
pytestmark = pytest.mark.usefixtures("today")
As = Callable[[Any], AbstractContextManager[Session]]
TODAY = day("2026-11-23")


# ------------------------------------------------------------------------------------------------------------- the texts
def test_no_text_was_touched_since_its_sum_was_taken() -> None:
    assert all(text.is_whole for text in papers.texts())
    assert {text.kind for text in papers.texts()} == set(papers.kinds())


def test_the_version_is_that_of_the_day() -> None:
    """The law of 01.09.2025 made consents sheets of their own."""
    told = [
        getattr(papers.text_on("processing", day(on)), "version", None) for on in ("2019-12-31", "2025-08-31", "2025-09-01")
    ]
    assert told == [None, "2020-01", "2025-09"]


@pytest.mark.parametrize(
    ("born", "of_age"), [("2008-11-23", "2026-11-23"), ("2008-02-29", "2026-03-01"), ("2004-12-31", "2022-12-31")]
)
def test_of_age_on_the_birthday(born: str, of_age: str) -> None:
    assert papers.birthday(day(born)) == day(of_age)
    assert papers.is_minor(day(born), day(of_age) - dt.timedelta(days=1))
    assert not papers.is_minor(day(born), day(of_age))


# ---------------------------------------------------------------------------------------------------------- what is recorded
def student(session: Session, world: Any, key: str) -> Student:
    return session.get_one(Student, world.students[key])


def said(**changes: Any) -> Said:
    return Said(**{"kind": "transfer_kz", "day": day("2026-11-20"), "form": "paper", "given_by": "self", **changes})


def test_what_is_in_force_on_a_day_by_hand(as_: As, world: Any) -> None:
    """kim: processing since 02.09.2025; photo from 02.09.2025 until 01.10.2026, that day not included."""
    kim, akhmetov = world.persons["kim"], world.persons["akhmetov"]
    with as_(world.actors["ministry"]) as session:

        def holders(kind: str, on: str) -> set[int]:
            return set(consents_on(session, [kim, akhmetov], kind, day(on)))

        assert holders("processing", "2025-09-01") == set()
        assert holders("processing", "2025-09-02") == {kim}, "akhmetov's was entered by mistake"
        assert holders("photo", "2026-09-30") == {kim}
        assert holders("photo", "2026-10-01") == set()
        assert holders("alumni", "2026-11-23") == {akhmetov}


def test_both_times_are_kept(as_: As, world: Any, today: Any) -> None:
    """Given on the 20th, entered on the 23rd: of the 21st it was not known on the 22nd."""
    person = world.persons["kim"]
    with as_(world.actors["astu"]) as session:
        actions.record_consent(session, student(session, world, "kim"), said())
        known = dt.datetime(2026, 11, 22, 5, tzinfo=dt.UTC)
        assert person in consents_on(session, [person], "transfer_kz", day("2026-11-21"))
        assert person not in consents_on(session, [person], "transfer_kz", day("2026-11-21"), known)


def test_withdrawn_and_taken_back(as_: As, world: Any) -> None:
    person = world.persons["kim"]
    with as_(world.actors["astu"]) as session:
        kim = student(session, world, "kim")
        given = actions.record_consent(session, kim, said(day=day("2026-11-02")))
        withdrawal = actions.withdraw_consent(session, kim, given.id, day("2026-11-10"), "заявление")
        assert given.text_version == "2025-09"
        assert (withdrawal.withdraws_id, withdrawal.recorded_by) == (given.id, "Astu Tester")
        on = [day("2026-11-09"), day("2026-11-10")]
        assert [person in consents_on(session, [person], "transfer_kz", d) for d in on] == [True, False]
        with pytest.raises(RuleBroken, match="уже отозвано"):
            actions.withdraw_consent(session, kim, given.id, day("2026-11-11"), "")
        actions.annul_entry(session, kim, withdrawal.id, "заявление другого студента")
        assert person in consents_on(session, [person], "transfer_kz", TODAY)
        actions.annul_entry(session, kim, given.id, "лист другого студента")
        assert person not in consents_on(session, [person], "transfer_kz", TODAY)
        with pytest.raises(RuleBroken, match="уже отмечена"):
            actions.annul_entry(session, kim, given.id, "лист другого студента")
        (item,) = [one for one in filed_of(session, [person])[person] if one.given.kind == "transfer_kz"]
        assert item.annulled_by is not None
        assert len(item.withdrawals) == 1, "everything stays on file"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"day": day("2026-11-24")}, "day", "не позже сегодняшней"),
        ({"day": day("2026-11-19")}, "given_by", "18 лет студенту с 20.11.2026"),
        ({"given_by": "guardian", "giver": "Төлегенов Асқар"}, "given_by", "с этого дня согласие даёт он сам"),
        ({"day": day("2026-11-19"), "given_by": "guardian"}, "giver", "Имя законного представителя не указано"),
        ({"kind": "photo", "day": day("2024-10-01")}, "day", "текста такого согласия ещё нет"),
        ({"form": "word of mouth"}, "form", "Форма не выбрана"),
        ({"given_by": ""}, "given_by", "Не выбрано, кто дал"),
    ],
)
def test_what_is_refused(as_: As, world: Any, changes: dict[str, Any], field: str, sentence: str) -> None:
    """tolegenova is of age since 20.11.2026."""
    with as_(world.actors["astu"]) as session, pytest.raises(RuleBroken) as broken:
        actions.record_consent(session, student(session, world, "tolegenova"), said(**changes))
    assert broken.value.field == field
    assert sentence in str(broken.value)


def test_a_guardian_gives_for_a_minor_until_the_birthday(as_: As, world: Any) -> None:
    person = world.persons["tolegenova"]
    with as_(world.actors["astu"]) as session:
        values = {"day": day("2026-11-19"), "given_by": "guardian", "giver": "Төлегенов Асқар"}
        actions.record_consent(session, student(session, world, "tolegenova"), said(**values))
        held = consents_on(session, [person], "transfer_kz", TODAY)[person]
        born = day("2008-11-20")
        assert [held.needs_own(born, day(on)) for on in ("2026-11-19", "2026-11-20")] == [False, True]
        actions.record_consent(session, student(session, world, "tolegenova"), said())
        assert consents_on(session, [person], "transfer_kz", TODAY)[person].given.given_by == "self"


def test_a_consent_is_never_edited(session: Session, world: Any) -> None:
    """Neither through the session, nor past it."""
    session.get_one(Consent, world.consents["kim"]).note = "иначе"
    with pytest.raises(NotYours, match="append-only"):
        session.flush()
    session.rollback()
    for statement in ("update consent set note = 'x'", "delete from consent"):
        point = session.begin_nested()
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            session.execute(sa.text(statement))
        point.rollback()


def test_of_another_person_nothing_is_found(as_: As, world: Any) -> None:
    with as_(world.actors["astu"]) as session, pytest.raises(NotFound):
        actions.annul_entry(session, student(session, world, "seitkali"), world.consents["kim"], "ошибочная запись")
    with as_(world.actors["asu"]) as session:
        assert consents_on(session, [world.persons["kim"]], "processing", TODAY) == {}


# ---------------------------------------------------------------------------------------------------------------- the pages
def url(world: Any, key: str, rest: str = "") -> str:
    return f"/students/{world.public_ids[key]}/consents{rest}"


def states(client: Any, world: Any, key: str) -> dict[str, str]:
    page = soup_of(client.get(url(world, key)))
    return {card.select("h3")[0].get_text(): card.select(".badge")[0].get_text() for card in page.select("section.card")}


def test_each_stands_by_itself(astu: Any, world: Any) -> None:
    assert states(astu, world, "kim") == {
        "Обработка персональных данных": "дано", "Передача данных в Республику Казахстан": "не дано",
        "Использование фотографии": "отозвано", "Передача данных работодателям": "не дано", "Связь после выпуска": "не дано",
    }  # fmt: skip
    assert states(astu, world, "tolegenova")["Обработка персональных данных"] == "нужно собственное согласие"


def test_nothing_is_ticked_beforehand(astu: Any, world: Any) -> None:
    form = typed(astu.get(url(world, "kim", "/employer/new")))
    assert {name: form[name] for name in ("day", "form", "given_by", "giver")} == dict.fromkeys(
        ("day", "form", "given_by", "giver"), ""
    )


def test_recorded_on_a_page_and_once(astu: Any, world: Any, session: Session) -> None:
    values = {"day": "20.11.2026", "form": "paper", "given_by": "self", "once": "c" * 30}
    for _time in range(2):
        answer = astu.post(url(world, "kim", "/employer/new"), data=values)
        assert (answer.status_code, answer.location) == (303, url(world, "kim"))
    kept = session.scalars(sa.select(Consent).where(Consent.kind == "employer")).all()
    assert len(kept) == 1
    refused = astu.post(url(world, "kim", "/alumni/new"), data={"day": "31.02.2026", "form": "paper", "given_by": "self"})
    assert refused.status_code == 422
    assert typed(refused)["day"] == "31.02.2026"


def test_the_page_stands_under_its_tab(astu: Any, world: Any) -> None:
    tabs = soup_of(astu.get(url(world, "kim"))).select(".tabs a[aria-current]")
    assert [tab.text.strip() for tab in tabs] == ["Сведения"]


def test_the_blank_is_one_sheet_with_the_text_and_without_numbers(astu: Any, world: Any) -> None:
    page = soup_of(astu.get(url(world, "kim", "/transfer_kz/blank")))
    assert page.body["class"] == ["upright"], "a page of its own, not one across"  # type: ignore[index]
    text = page.get_text(" ")
    assert "Ким Виктор Андреевич" in text
    assert "30.05.2005" in text
    assert "трансграничная передача" in text
    assert "{" not in text
    assert "законного представителя" not in text
    assert (world.iins["kim"] or "-") not in text
    assert "N1234" not in text


def test_the_list_finds_who_gave_none(client: Any, world: Any, login: Any, session: Session) -> None:
    """All who study at ASTU have given it; then kim withdraws."""
    login(client, world.emails["astu"])
    assert "problem=consent" not in client.get("/students").text
    client.post(url(world, "kim", f"/{world.consents['kim']}/withdraw"), data={"day": "23.11.2026"})
    found = soup_of(client.get("/students?problem=consent")).select("#students tbody tr")
    assert len(found) == 2, "kim studies twice"


def test_the_ministry_reads_and_writes_nothing(client: Any, world: Any, login: Any) -> None:
    login(client, world.emails["ministry"])
    assert client.get(url(world, "kim")).status_code == 200
    assert client.get(url(world, "kim", "/photo/new")).status_code == 403
    assert client.get(url(world, "kim", "/photo/blank")).status_code == 403


def test_a_minor_is_told_apart_on_the_blank(astu: Any, world: Any, session: Session) -> None:
    of = PersonFacts.person_id == world.persons["kim"]
    session.execute(sa.update(PersonFacts).where(of).values(birth_date=day("2008-11-24")))
    session.commit()
    assert "Подпись законного представителя" in astu.get(url(world, "kim", "/photo/blank")).text


# ------------------------------------------------------------------------------------------------------------------- scans
def test_a_consent_and_its_withdrawal_carry_their_scans(astu: Any, world: Any, session: Session) -> None:
    values = {"day": "20.11.2026", "form": "paper", "given_by": "self", "scan_file": sent(pdf(seed=71))}
    assert astu.post(url(world, "kim", "/employer/new"), data=values).status_code == 303
    own = sa.select(Consent).where(Consent.person_id == world.persons["kim"], Consent.kind == "employer")
    given = session.scalars(own).one()
    kept = sa.select(Scan.subject_type, Scan.subject_id, Scan.kind, Scan.organisation_id).order_by(Scan.id)
    at = ("consent", str(given.id), "consent", given.organisation_id)
    assert at in [tuple(row) for row in session.execute(kept)]
    assert "Приложено: 1" in astu.get(url(world, "kim")).text
    assert "Согласие: " in astu.get(f"/students/{world.public_ids['kim']}/files").text
    values = {"day": "21.11.2026", "scan_file": sent(pdf(seed=72))}
    assert astu.post(url(world, "kim", f"/{given.id}/withdraw"), data=values).status_code == 303
    withdrawn = session.scalars(own.where(Consent.act == "withdrawn")).one()
    assert ("consent", str(withdrawn.id)) in [tuple(row)[:2] for row in session.execute(kept)]
    assert astu.get(url(world, "kim")).text.count("Приложено: 1") == 2


def test_a_scan_found_later_is_put_at_the_consent_of_ones_own(astu: Any, world: Any, session: Session) -> None:
    values = {"day": "20.11.2026", "form": "paper", "given_by": "self"}
    assert astu.post(url(world, "orazbayeva", "/employer/new"), data=values).status_code == 303
    own = sa.select(Consent).where(Consent.person_id == world.persons["orazbayeva"], Consent.kind == "employer")
    attach = f"/files/consent/{session.scalars(own).one().id}/new"
    assert f'href="{attach}"' in astu.get(url(world, "orazbayeva")).text
    answer = astu.post(attach, data={"kind": "consent", "scan_file": sent(pdf(seed=73))})
    assert (answer.status_code, answer.location) == (303, url(world, "orazbayeva"))
    assert "Приложено: 1" in astu.get(url(world, "orazbayeva")).text
    for nobody in (world.consents["akhmetov"], "0", "x", "9" * 10, "9" * 30, "²"):
        assert astu.get(f"/files/consent/{nobody}/new").status_code == 404, nobody


def test_a_refused_consent_keeps_its_scan(astu: Any, world: Any, session: Session) -> None:
    values = {"day": "31.02.2026", "form": "paper", "given_by": "self", "scan_file": sent(pdf(seed=74))}
    refused = astu.post(url(world, "kim", "/alumni/new"), data=values)
    assert refused.status_code == 422
    again = typed(refused) | {"day": "20.11.2026"}
    again.pop("scan_file", None)
    assert astu.post(url(world, "kim", "/alumni/new"), data=again).status_code == 303
    given = session.scalars(sa.select(Consent).where(Consent.kind == "alumni", Consent.person_id == world.persons["kim"])).one()
    assert session.scalars(sa.select(Scan.subject_id).where(Scan.subject_type == "consent")).all() == [str(given.id)]
