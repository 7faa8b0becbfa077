"""Scans as a browser sends and takes them: put at a student, an order, a migration fact; refused; hidden and taken back."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from exchange.audit.models import AuditEntry
from exchange.files.models import Scan, ScanContent
from exchange.students.models import Order
from tests.files import papers
from tests.files.conftest import large, sent
from tests.files.papers import pdf, picture
from tests.students.pages import soup_of, summary, typed

SCAN = {"kind": "contract", "title": "", "note": "оригинал в деле", "do": "save"}


def path_of(world: Any, key: str = "kim") -> str:
    return f"/files/student/{world.public_ids[key]}/new"


def tab(client: Any, world: Any, key: str = "kim") -> Any:
    return client.get(f"/students/{world.public_ids[key]}/files")


def rows(answer: Any, group: str = "student") -> list[str]:
    return [" ".join(row.text.split()) for row in soup_of(answer).select(f"#scans-{group} tbody tr, #scans-{group} tr")[0:99]]


def count(session: Session, *conditions: Any) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(Scan).where(*conditions)) or 0


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", soup_of(answer).get_text(" "))


def test_a_scan_is_put_at_a_student_and_given_back_as_it_was(astu: Any, session: Session, world: Any) -> None:
    content = pdf(2, seed=50)
    done = astu.post(path_of(world), data={**SCAN, "scan_file": sent(content, "Договор 17.pdf")})
    assert (done.status_code, done.location) == (303, f"/students/{world.public_ids['kim']}/files")
    page = text_of(astu.get(done.location))
    assert "Файл приложен" in page
    assert "Договор 17.pdf, 2 страницы" in page or "Договор 17.pdf, 2 страниц" in page
    assert "оригинал в деле" in page
    scan = session.scalars(sa.select(Scan).order_by(Scan.id.desc()).limit(1)).one()
    assert (scan.kind, scan.size, scan.pages, scan.uploaded_by) == ("contract", len(content), 2, "Astu Tester")
    answer = astu.get(f"/files/{scan.public_id}")
    assert answer.data == content
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"Dogovor-17.pdf\"; filename*=UTF-8''%D0%94%D0%BE%D0%B3%D0%BE%D0%B2%D0%BE%D1%80%2017.pdf"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["Cache-Control"] == "no-store"
    written = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(3)).all()
    assert {"file:attached", "file:downloaded"} <= {entry.action for entry in written}
    assert {entry.subject_id for entry in written} == {world.public_ids["kim"]}
    assert "Договор 17" not in str([entry.details for entry in written])


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (papers.EXE, "scan.pdf", "В имени файла «.pdf», но внутри не PDF, JPG или PNG. Выберите файл PDF, JPG или PNG"),
        (papers.HTML, "photo.png", "В имени файла «.png», но внутри не PDF, JPG или PNG. Выберите файл PDF, JPG или PNG"),
        (b"", "scan.pdf", "Файл пустой. Выберите файл PDF, JPG или PNG"),
        (pdf(change=papers.with_script), "scan.pdf", "В PDF есть программа. Напечатайте документ в новый PDF и загрузите его"),
        (None, "", "Выберите файл PDF, JPG или PNG"),
    ],
    ids=["exe", "html", "empty", "script", "none"],
)
def test_a_refused_file_says_why_at_its_field_and_loses_nothing(
    astu: Any, session: Session, world: Any, content: bytes | None, name: str, sentence: str
) -> None:
    before = count(session)
    data = {**SCAN, "title": "с приложением"} | ({"scan_file": sent(content, name)} if content is not None else {})
    refused = astu.post(path_of(world), data=data)
    assert refused.status_code == 422
    assert summary(refused) == [sentence]
    field = soup_of(refused).select_one("#scan_file")
    assert field is not None
    assert field["aria-invalid"] == "true"
    kept = typed(refused)
    assert (kept["kind"], kept["title"], kept["note"]) == ("contract", "с приложением", "оригинал в деле")
    assert count(session) == before


def test_a_good_file_waits_on_the_server_while_the_form_is_mended(astu: Any, session: Session, world: Any) -> None:
    content = picture("PNG")
    refused = astu.post(path_of(world), data={**SCAN, "kind": "", "scan_file": sent(content, "a.png")})
    assert refused.status_code == 422
    assert summary(refused) == ["Выберите, что за документ"]
    assert "a.png" in text_of(refused)
    waiting = session.scalars(sa.select(Scan).where(Scan.subject_type == "")).one()
    assert typed(refused)["scan"] == waiting.public_id
    other = astu.post(path_of(world), data={**typed(refused), "scan_file": sent(papers.EXE, "b.pdf")})
    assert (other.status_code, typed(other)["scan"]) == (422, waiting.public_id), "a bad one does not push out the good one"
    done = astu.post(path_of(world), data={**typed(refused), "kind": "other", "title": "Справка с места жительства"})
    assert done.status_code == 303
    assert count(session, Scan.subject_type == "") == 0
    assert "Справка с места жительства" in text_of(tab(astu, world))


def test_the_same_file_is_not_kept_twice(astu: Any, session: Session, world: Any) -> None:
    content = pdf(seed=51)
    for name in ("first.pdf", "second.pdf"):
        answer = astu.post(path_of(world), data={**SCAN, "scan_file": sent(content, name)})
        assert answer.status_code == 303
    assert count(session, Scan.subject_type == "student", Scan.size == len(content), Scan.kind == "contract") == 1
    assert "Этот файл уже приложен 23.11.2026" in text_of(tab(astu, world))


def test_two_at_once_bring_the_same_file(astu: Any, session: Session, world: Any, monkeypatch: Any) -> None:
    """Neither saw the other's: the second is told, and the form comes back with the file."""
    content = pdf(seed=53)
    assert astu.post(path_of(world), data={**SCAN, "scan_file": sent(content, "first.pdf")}).status_code == 303
    monkeypatch.setattr("exchange.files.queries.same_content", lambda *_: None)
    monkeypatch.setattr("exchange.files.actions.same_content", lambda *_: None)
    refused = astu.post(path_of(world), data={**SCAN, "scan_file": sent(content, "second.pdf")})
    assert refused.status_code == 422
    assert summary(refused) == ["Этот файл только что приложили. Обновите страницу"]
    assert typed(refused)["note"] == "оригинал в деле"
    assert count(session, Scan.subject_type == "student", Scan.size == len(content), Scan.kind == "contract") == 1


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("я" * 300 + ".pdf", "я" * 120 + ".pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("scan\u202efdp.exe", "scanfdp.exe.pdf"),
        ("con.pdf", "scan con.pdf"),
        ("a\u200b\u0007b\u00a0c.pdf", "ab c.pdf"),
        ("<script>.pdf", "script.pdf"),
    ],
)  # fmt: skip
def test_names_are_made_safe_and_that_is_said(astu: Any, session: Session, world: Any, name: str, kept: str) -> None:
    assert astu.post(path_of(world), data={**SCAN, "scan_file": sent(pdf(seed=52), name)}).status_code == 303
    scan = session.scalars(sa.select(Scan).order_by(Scan.id.desc()).limit(1)).one()
    assert scan.file_name == kept
    header = astu.get(f"/files/{scan.public_id}").headers["Content-Disposition"]
    assert re.fullmatch(r"attachment; filename=\"[A-Za-z0-9._+() -]+\.pdf\"; filename\*=UTF-8''[A-Za-z0-9._~%-]+\.pdf", header)


def test_a_large_body_is_taken_only_where_a_file_may_come(app: Any, astu: Any, world: Any, monkeypatch: Any) -> None:
    """Also with the check of forged forms, which reads the body first."""
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    content = picture("PNG") + b"\0" * 600_000
    token = typed(astu.get(path_of(world)))["csrf_token"]
    form = {**SCAN, "csrf_token": token}
    assert astu.post(path_of(world), **large(content, "a.png", **form)).status_code == 303
    assert astu.post(f"/students/{world.public_ids['kim']}/edit", **large(content, "a.png", **form)).status_code == 413
    refused = astu.post(path_of(world), **large(b"%PDF-" + b"0" * (10 * 1024 * 1024 - 4), "a.pdf", **form))
    assert (refused.status_code, summary(refused)) == (422, ["Файл должен быть меньше 10 МБ"])
    assert typed(refused)["note"] == "оригинал в деле"
    beyond = astu.post(path_of(world), **large(b"0" * 11_000_000, "a.png", **form))
    assert beyond.status_code == 413
    assert "Файл слишком большой" in beyond.text


def test_a_scan_is_hidden_with_a_reason_and_taken_back(astu: Any, session: Session, world: Any) -> None:
    key = world.scans["kim"]
    assert summary(astu.post(f"/files/{key}/remove", data={"reason": " "})) == ["Напишите, почему скан убирается"]
    assert astu.post(f"/files/{key}/remove", data={"reason": "не тот паспорт"}).status_code == 303
    page = text_of(tab(astu, world))
    assert "Убран 1 скан" in page
    assert "не тот паспорт" in page
    again = astu.post(f"/files/{key}/remove", data={"reason": "ещё раз"})
    assert again.status_code == 422
    assert "Этот скан уже убран: Astu Tester. Причина: не тот паспорт" in text_of(again)
    assert astu.get(f"/files/{key}").status_code == 200
    assert astu.post(f"/files/{key}/restore").status_code == 303
    assert "Убран" not in text_of(tab(astu, world)).replace("Скан убран", "")
    actions = session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [a for a in actions if a in ("file:removed", "file:restored")] == ["file:removed", "file:restored"]


ORDER = {"number": "412-ст", "signed_on": "13.11.2026", "effective_on": "", "ground": "debt", "do": "check"}


def test_a_scan_travels_with_an_order_over_its_check_page(astu: Any, session: Session, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}/orders/new?type=expulsion"
    refused = astu.post(path, data={**ORDER, "number": "", "scan_file": sent(pdf(seed=60), "приказ.pdf")})
    assert refused.status_code == 422
    asked = astu.post(path, data={**typed(refused), "number": "412-ст", "do": "check"})
    assert asked.status_code == 200
    assert "приказ.pdf" in text_of(asked)
    back = astu.post(path, data={**typed(asked), "do": "back"})
    assert typed(back)["scan"] == typed(asked)["scan"]
    assert astu.post(path, data={**typed(asked), "do": "record"}).status_code == 303
    order = session.scalars(sa.select(Order).where(Order.number == "412-ст")).one()
    scan = session.scalars(sa.select(Scan).where(Scan.subject_id == order.public_id)).one()
    assert (scan.subject_type, scan.kind, scan.organisation_id) == ("university_order", "order", order.organisation_id)
    assert "Приложено: 1" in astu.get(f"/students/{world.public_ids['kim']}").text
    assert "Приложено: 1" in astu.get("/students/orders").text
    page = text_of(astu.get(f"/students/orders/{order.public_id}"))
    assert "приказ.pdf" in page
    assert "Приказ 412-ст от 13.11.2026" in text_of(tab(astu, world))


def test_an_unticked_file_does_not_go_along(astu: Any, session: Session, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}/orders/new?type=expulsion"
    refused = astu.post(path, data={**ORDER, "number": "", "scan_file": sent(pdf(seed=60), "приказ.pdf")})
    form = {name: value for name, value in typed(refused).items() if name != "scan"}
    asked = astu.post(path, data={**form, "number": "413-ст", "do": "check"})
    assert astu.post(path, data={**typed(asked), "do": "record"}).status_code == 303
    order = session.scalars(sa.select(Order).where(Order.number == "413-ст")).one()
    assert count(session, Scan.subject_id == order.public_id) == 0


def test_a_scan_of_an_order_for_many_is_one_and_each_card_has_it(astu: Any, session: Session, world: Any) -> None:
    path = "/students/orders/many?type=expulsion"
    chosen = " ".join(world.public_ids[key] for key in ("kim", "orazbayeva"))
    asked = astu.post(path, data={**ORDER, "chosen": chosen, "scan_file": sent(picture("JPEG"), "p.jpg")})
    assert asked.status_code == 200, summary(asked)
    done = astu.post(path, data={**typed(asked), "do": "record"})
    assert done.status_code == 303
    order = session.scalars(sa.select(Order).where(Order.number == "412-ст")).one()
    assert count(session, Scan.subject_id == order.public_id) == 1
    for key in ("kim", "orazbayeva"):
        assert "p.jpg" in text_of(tab(astu, world, key))


def test_a_paper_that_is_entered_first_takes_its_scan(astu: Any, session: Session, world: Any) -> None:
    data = {"number": "22-с", "signed_on": "20.11.2026", "course": "next", "expected": "37", "org": "ASTU", "do": "save"}
    done = astu.post("/students/orders/new?type=course_transfer", data={**data, "scan_file": sent(pdf(3, seed=61))})
    assert done.status_code == 303
    order = session.scalars(sa.select(Order).where(Order.number == "22-с")).one()
    more = astu.post(
        f"/files/university_order/{order.public_id}/new", data={**SCAN, "kind": "order", "scan_file": sent(pdf(seed=62))}
    )
    assert more.location == f"/students/orders/{order.public_id}"
    assert count(session, Scan.subject_id == order.public_id) == 2


def test_a_notice_is_recorded_with_its_scan_and_gets_another_later(astu: Any, session: Session, world: Any) -> None:
    student = world.public_ids["orazbayeva"]
    data = {"code": "NOTICE_END_3", "number": "17-99", "starts_on": "20.11.2026", "scan_file": sent(pdf(seed=63), "n.pdf")}
    assert astu.post(f"/students/{student}/stay/new?kind=notice", data=data).status_code == 303
    scan = session.scalars(sa.select(Scan).where(Scan.subject_type == "stay_fact")).one()
    assert scan.kind == "notice"
    page = astu.get(f"/students/{student}/stay")
    assert "Приложено: 1" in page.text
    later = astu.post(
        f"/files/stay_fact/{scan.subject_id}/new", data={**SCAN, "kind": "notice", "scan_file": sent(pdf(seed=64))}
    )
    assert later.location == f"/students/{student}/stay"
    assert "Приложено: 2" in astu.get(f"/students/{student}/stay").text
    assert "n.pdf" in text_of(tab(astu, world, "orazbayeva"))


@pytest.mark.parametrize("path", ["/files/world/1/new", "/files/stay_fact/abc/new", "/files/stay_fact/999999999999/new"])
def test_what_no_record_is_has_no_form(astu: Any, path: str) -> None:
    assert astu.get(path).status_code == 404


def test_a_student_without_scans_is_told_what_to_do(astu: Any, world: Any) -> None:
    page = text_of(tab(astu, world, "orazbayeva"))
    assert "Документов нет" in page
    assert "Приложите скан приказа или договора" in page


def test_many_scans_are_turned_over(astu: Any, session: Session, world: Any) -> None:
    office = world.organisations["ASTU"]
    for number in range(60):
        scan = Scan(
            organisation_id=office, subject_type="student", subject_id=world.public_ids["kim"], kind="certificate",
            file_name=f"c{number}.pdf", media_type="application/pdf", size=9, sha256=f"{number:064}", uploaded_by="Tester",
        )  # fmt: skip
        session.add(scan)
    session.commit()
    assert "1–50 из 63" in text_of(tab(astu, world))
    assert "51–63 из 63" in text_of(astu.get(f"/students/{world.public_ids['kim']}/files?page=2"))


def test_lines_and_contents_belong_together(session: Session, world: Any) -> None:
    assert count(session) == session.scalar(sa.select(sa.func.count()).select_from(ScanContent)) == 5
