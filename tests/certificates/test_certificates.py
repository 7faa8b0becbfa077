"""Certificates: which paper fits, what stands on it, its number, the same file again, and who may come near it."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from pypdf import PdfReader
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.certificates.actions import file_of, issue
from exchange.certificates.models import Certificate
from exchange.errors import RuleBroken
from exchange.people.models import Person
from exchange.students.actions import record_order, register_student
from exchange.students.models import Student
from tests.students.conftest import day, registration
from tests.students.pages import soup_of

pytestmark = pytest.mark.usefixtures("today")


def text_of(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


@pytest.fixture
def student(session: Session, world: Any) -> Student:
    wanted = registration(
        world.organisations["ASTU"], 1, faculty="Институт информационных технологий", planned_end_on=day("2030-07-31")
    )
    return register_student(session, wanted)


def leave(session: Session, student: Student) -> None:
    fields = {"leave_ground": "family", "until": "2027-08-31"}
    record_order(session, student, "academic_leave", "leave_academic", "77-а", day("2026-10-30"), day("2026-11-01"), fields)


def expel(session: Session, student: Student) -> None:
    record_order(session, student, "expulsion", "expel", "412-ст", day("2026-11-12"), day("2026-11-13"), {"ground": "own_wish"})


def test_that_somebody_studies(session: Session, student: Student) -> None:
    made = issue(session, student, "studies", day("2026-11-23"), "по месту требования")
    told = text_of(file_of(made))
    for words in (
        "Справка, что обучается", "№ 1/2026 от 23.11.2026", "Алтайский государственный технический университет",
        "Подтверждается, что названный ниже студент обучается в вузе: АлтГТУ.", "Қасымов Дияр Асқарұлы", "08.09.2007",
        "09.03.04 Программная инженерия", "Бакалавриат", "Очная", "Институт информационных технологий",
        "№ Л-1187 от 26.08.2026, действует с 01.09.2026", "31.07.2030", "Выдана для предъявления: по месту требования.",
        "подпись", "М. П.",
    ):  # fmt: skip
        assert words in told, words
    person = session.get_one(Person, student.person_id)
    assert "N90000001" not in told
    assert person.phone == "" or person.phone not in told
    pdf = PdfReader(io.BytesIO(file_of(made)))
    assert len(pdf.pages) == 1
    root = pdf.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("ru", True)


def test_on_leave_it_is_said(session: Session, student: Student) -> None:
    leave(session, student)
    told = text_of(file_of(issue(session, student, "studies", day("2026-11-23"), "в банк")))
    assert "числится в вузе: АлтГТУ" in told
    assert "На 23.11.2026: в академическом отпуске" in told
    assert "с 01.11.2026 по 31.08.2027" in told
    earlier = text_of(file_of(issue(session, student, "studies", day("2026-10-15"), "в банк")))
    assert "обучается в вузе" in earlier
    assert "Сведения на 15.10.2026" in earlier


def test_a_period_of_study_for_who_has_left(session: Session, student: Student) -> None:
    expel(session, student)
    told = text_of(file_of(issue(session, student, "period", day("2026-11-23"), "по месту требования")))
    for words in (
        "Справка о периоде обучения", "обучался в вузе: АлтГТУ", "Приказ о зачислении № Л-1187 от 26.08.2026",
        "Приказ об отчислении № 412-ст от 12.11.2026, действует с 13.11.2026",
    ):  # fmt: skip
        assert words in told, words
    assert "собственн" not in told  # the ground is nobody's business
    assert "Плановое окончание" not in told


@pytest.mark.parametrize(
    ("kind", "on", "field", "words"),
    [
        ("studies", "2026-11-24", "stated_on", "не позже чем на сегодня"),
        ("studies", "2026-08-31", "stated_on", "ещё не числился"),
        ("studies", "2026-11-20", "stated_on", "уже не учился"),
        ("period", "2026-11-12", "stated_on", "ещё числился"),
    ],
)
def test_the_wrong_paper_is_refused(session: Session, student: Student, kind: str, on: str, field: str, words: str) -> None:
    expel(session, student)
    with pytest.raises(RuleBroken, match=words) as broken:
        issue(session, student, kind, day(on), "в банк")
    assert broken.value.field == field


def test_languages_beside_russian_come_from_the_glossary(session: Session, student: Student) -> None:
    made = issue(session, student, "studies", day("2026-11-23"), "в посольство", ("kk", "en", "fr"))
    assert made.languages == "kk,en"
    told = text_of(file_of(made))
    for words in ("Certificate of enrolment", "Туған күні", "Date of birth", "Оқу нысаны", "Күндізгі", "Full-time"):
        assert words in told, words
    assert len(PdfReader(io.BytesIO(file_of(made))).pages) == 1


def test_the_longest_still_fits_one_sheet(session: Session, world: Any) -> None:
    long = {"surname": "Б" + "айбосынов" * 8, "name": "А" + "бдырахман" * 6, "patronymic": "С" + "ейткалиевич" * 6}
    from tests.students.conftest import human

    wanted = registration(
        world.organisations["ASTU"], 2, human=human(2, **long), faculty="Институт " + "и факультет " * 15,
        planned_end_on=day("2030-07-31"),
    )  # fmt: skip
    made = issue(session, register_student(session, wanted), "studies", day("2026-11-23"), "банк " * 39, ("kk", "en"))
    assert len(PdfReader(io.BytesIO(file_of(made))).pages) == 1


def test_numbers_go_on_by_university_and_year(session: Session, student: Student, world: Any, today: Any) -> None:
    other = register_student(session, registration(world.organisations["ASU"], 3))
    marks = [issue(session, who, "studies", day("2026-11-23"), "в банк").mark for who in (student, other, student)]
    assert marks == ["1/2026", "1/2026", "2/2026"]
    today.move_to(dt.datetime(2027, 1, 11, 5, tzinfo=dt.UTC))
    assert issue(session, student, "studies", day("2027-01-11"), "в банк").mark == "1/2027"


def test_a_register_is_never_rewritten(session: Session, student: Student) -> None:
    made = issue(session, student, "studies", day("2026-11-23"), "в банк")
    for statement in (
        sa.update(Certificate).where(Certificate.id == made.id).values(number=9),
        sa.delete(Certificate).where(Certificate.id == made.id),
    ):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.connection().execute(statement)


def test_the_same_paper_is_the_same_file_whatever_happens_later(session: Session, student: Student) -> None:
    made = issue(session, student, "studies", day("2026-11-23"), "в банк", ("en",))
    first = file_of(made)
    assert hashlib.sha256(first).hexdigest() == made.sha256
    expel(session, student)
    student.faculty = "Другой"
    session.flush()
    session.expire_all()
    assert file_of(session.get_one(Certificate, made.id)) == first


def test_the_pages(astu: Any, session: Session, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}/certificates"
    assert "Справок ещё не выдавали" in astu.get(path).text
    form = soup_of(astu.get(f"{path}/new"))
    assert form.select_one("#addressee")["value"] == "по месту требования"
    assert form.select_one("#stated_on")["value"] == "23.11.2026"
    refused = astu.post(f"{path}/new", data={"addressee": "", "stated_on": "31.02.2026"})
    assert refused.status_code == 422
    assert "Даты 31.02.2026 нет в календаре" in refused.text
    sent = {"addressee": "в военкомат", "stated_on": "23.11.2026", "once": "c" * 30}
    answers = [astu.post(f"{path}/new", data=sent) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {303}
    page = astu.get(path)
    assert "№ 1/2026" in page.text
    assert "№ 2/2026" not in page.text
    link = soup_of(page).select_one("#certificates a, a[href$='.pdf']")["href"]
    file = astu.get(link)
    assert file.mimetype == "application/pdf"
    assert file.headers["Content-Disposition"].startswith("attachment;")
    assert "Ким" not in file.headers["Content-Disposition"]
    assert "в военкомат" in text_of(file.data)
    assert astu.get(link).data == file.data
    told = session.execute(
        sa.select(AuditEntry.action, AuditEntry.details).where(AuditEntry.action.like("certificate:%")).order_by(AuditEntry.id)
    ).all()
    assert [action for action, _details in told] == ["certificate:issued", "certificate:downloaded", "certificate:downloaded"]
    assert all(details["certificate"] == "1/2026" for _action, details in told)
    assert told[0][1]["sha256"] == told[1][1]["sha256"] == hashlib.sha256(file.data).hexdigest()


def test_only_the_university_itself(astu: Any, world: Any, new_client: Callable[..., Any], login: Callable[..., Any]) -> None:
    path = f"/students/{world.public_ids['kim']}/certificates"
    astu.post(f"{path}/new", data={"addressee": "в банк", "stated_on": "23.11.2026"})
    link = soup_of(astu.get(path)).select_one("a[href$='.pdf']")["href"]
    for key, status in (("asu", 404), ("ministry", 403), ("auditor", 403), ("altvagon", 403), ("akimat", 403)):
        visitor = new_client()
        login(visitor, world.emails[key])
        for address in (path, f"{path}/new", link):
            assert visitor.get(address).status_code == status, (key, address)


def test_a_sign_that_the_font_lacks_is_refused_and_quoted_nowhere(astu: Any, world: Any, session: Any, capfd: Any) -> None:
    where = f"/students/{world.public_ids['kim']}/certificates/new"
    answer = astu.post(where, data={"addressee": "в банк 😀", "stated_on": "23.11.2026"})
    assert answer.status_code == 422
    assert "знаки, которых нет в её шрифте" in answer.text
    assert 'value="в банк 😀"' in answer.text
    assert session.scalar(sa.select(sa.func.count()).select_from(Certificate)) == 0
    assert "😀" not in capfd.readouterr().err
