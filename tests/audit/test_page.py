"""The page of the log: filters, pages, words, and that looking at it is itself written down."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from exchange.access.actor import SYSTEM
from exchange.audit import words
from exchange.audit.models import AuditEntry


def numbers_on(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<th scope="row" class="n">(\d+)</th>', page)]


def test_the_newest_stand_first_and_pages_are_turned_by_their_edges(auditor: Any, written: Any) -> None:
    written(120)
    seen: list[int] = []
    address = "/audit?what=test:changed"
    sizes = []
    while address:
        page = auditor.get(address).text
        numbers = numbers_on(page)
        sizes.append(len(numbers))
        seen += numbers
        found = re.search(r'href="([^"]+)" rel="next"', page)
        address = found[1].replace("&amp;", "&") if found else ""
    assert [size for size in sizes if size] == [50, 50, 20]
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 120


def test_turned_back_the_same_page_comes(auditor: Any, written: Any) -> None:
    written(120)
    first = auditor.get("/audit?what=test:changed").text
    second = auditor.get(re.search(r'href="([^"]+)" rel="next"', first)[1].replace("&amp;", "&")).text  # type: ignore[index]
    back = auditor.get(re.search(r'href="([^"]+)" rel="prev"', second)[1].replace("&amp;", "&")).text  # type: ignore[index]
    assert numbers_on(back) == numbers_on(first)


def test_who_what_object_and_days(auditor: Any, written: Any, clock: Any) -> None:
    clock.move_to("2026-11-20T10:00:00+07:00")
    written(2, "student:registered", ("student", "AAAABBBBCCCC"), by="asu")
    clock.move_to("2026-11-21T23:59:00+07:00")
    written(3, "organisation:changed", ("organisation", "ASTU"), by="admin")
    clock.move_to("2026-11-23T12:00:30+07:00")

    def count(query: str) -> int:
        return len(numbers_on(auditor.get(f"/audit?{query}").text))

    assert count("who=ASU+tester") == 2
    assert count("who=tester+admin&what=organisation:changed") == 3
    assert count("object=AAAABBBBCCCC") == 2
    assert count("object=ASTU&who=asu") == 0
    assert count("from=20.11.2026&to=20.11.2026&what=student:registered") == 2
    assert count("from=2026-11-21&to=2026-11-21&what=organisation:changed") == 3
    assert count("to=19.11.2026&what=student:registered") == 0
    assert count("from=22.11.2026&what=organisation:changed") == 0


@pytest.mark.parametrize(
    "query",
    ["from=x&to=99.99.9999", "to=31.12.9999&from=01.01.0001", "before=x&after=y", "before=99999999999999999999", "who=%00",
     "what=%00", "object=" + "x" * 3000, "before=1&after=1"],
)  # fmt: skip
def test_absurd_filters_are_no_failure(auditor: Any, world: Any, query: str) -> None:
    assert auditor.get(f"/audit?{query}").status_code == 200
    assert auditor.get(f"/audit/extract.xlsx?{query}").status_code == 200


def test_a_wrong_day_is_said(auditor: Any, world: Any) -> None:
    assert "Введите дату, например" in auditor.get("/audit?from=вчера").text


def test_actions_roles_and_values_are_in_words(auditor: Any, written: Any) -> None:
    written(1, "organisation:changed", ("organisation", "ASTU"), by="admin",
            before={"city": "Бийск", "is_active": True}, after={"city": "Барнаул", "is_active": False}, version=2)  # fmt: skip
    written(1, "student:registered", ("student", "AAAABBBBCCCC"), by="asu")
    page = auditor.get("/audit").text
    for text in (
        "изменена организация",
        "администратор",
        "город:",
        "Бийск",
        "Барнаул",
        "действует:",
        "внесён студент",
        "вуз",
    ):
        assert text in page, text


def test_what_has_no_words_is_shown_as_it_stands(app: Any) -> None:
    with app.test_request_context():
        assert words.action("something:quite-new") == "something: quite new"
        assert words.value({"whose": ["a", None, True]}) == "whose: a, —, да"


def test_looking_is_written_down_with_its_filters(auditor: Any, as_: Any, world: Any) -> None:
    auditor.get("/audit?who=asu&from=01.11.2026")
    with as_(SYSTEM) as session:
        entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert (entry.action, entry.user_id, entry.details) == (
            "audit:viewed", world.actors["auditor"].user_id, {"filters": {"who": "asu", "from": "01.11.2026"}},
        )  # fmt: skip


@pytest.mark.parametrize("who", ["asu", "altvagon", "ministry", "akimat"])
def test_others_do_not_come_in(client: Any, world: Any, login: Any, who: str) -> None:
    login(client, world.emails[who])
    assert client.get("/audit").status_code == 403
    assert client.get("/audit/extract.xlsx").status_code == 403
    assert client.post("/audit/verify").status_code == 403


def test_the_administrator_reads_it_too(client: Any, world: Any, login: Any) -> None:
    login(client, world.emails["admin"])
    assert client.get("/audit").status_code == 200


def test_nothing_on_the_page_can_change_an_entry(auditor: Any, world: Any) -> None:
    for method in ("put", "patch", "delete"):
        assert getattr(auditor, method)("/audit").status_code in (404, 405)
    assert auditor.post("/audit").status_code == 405


def test_the_chain_is_checked_at_a_button(auditor: Any, world: Any) -> None:
    assert auditor.post("/audit/verify").status_code == 303
    assert "Журнал цел: проверено записей" in auditor.get("/audit").text


def test_the_extract_holds_what_the_filters_show_and_is_written_down(auditor: Any, written: Any, as_: Any) -> None:
    import hashlib

    written(
        3, "organisation:changed", ("organisation", "=HYPERLINK(1)"), by="admin", before={"city": "a"}, after={"city": "=1+1"}
    )
    answer = auditor.get("/audit/extract.xlsx?what=organisation:changed")
    assert answer.status_code == 200
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert "attachment" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert sum(cell.value == "изменена организация" for cell in cells) == 3
    assert sum(cell.value == "=HYPERLINK(1)" and cell.data_type == "s" for cell in cells) == 3
    assert not any(cell.data_type == "f" and "HYPERLINK" in str(cell.value) for cell in cells)
    with as_(SYSTEM) as session:
        entry = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
        assert entry.action == "audit:downloaded"
        assert entry.details["rows"] == 3
        assert entry.details["sha256"] == hashlib.sha256(answer.data).hexdigest()
