"""The doors: who may make what, the same figures on the screen, sentences for wrong days, and a line for each download."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from exchange.audit.actions import verify
from exchange.audit.models import AuditEntry
from exchange.organisations.models import Organisation
from tests.reports.conftest import cells, facts, opened


@pytest.fixture
def visit(today, client, login, world):
    """`visit("ministry")` signs in and gives the visitor."""

    def enter(key):
        login(client, world.emails[key])
        return client

    return enter


def downloads(session):
    asked = sa.select(AuditEntry).where(AuditEntry.action == "report:downloaded").order_by(AuditEntry.id)
    return session.scalars(asked).all()


def page_of(answer) -> Any:
    return BeautifulSoup(answer.data, "html.parser")


def text_of(answer):
    return page_of(answer).get_text(" ", strip=True).replace("\xa0", " ")


# ----------------------------------------------------------------------------------------------------------- who may what
@pytest.mark.parametrize(
    ("key", "statuses"),
    [
        ("ministry", (200, 200, 200, 200, 200)), ("akimat", (200, 200, 200, 200, 200)), ("asu", (200, 200, 200, 200, 200)),
        ("auditor", (200, 200, 200, 200, 200)), ("altvagon", (403, 200, 404, 404, 200)), ("admin", (403, 403, 403, 403, 403)),
    ],
)  # fmt: skip
def test_doors(visit, key, statuses):
    paths = ("/overview", "/reports", "/reports/R01", "/reports/R04", "/reports/R08")
    visitor = visit(key)
    assert tuple(visitor.get(path).status_code for path in paths) == statuses
    assert visitor.get("/reports/R01.xlsx").status_code == statuses[2]


def test_reports_that_do_not_exist(visit):
    visitor = visit("ministry")
    assert [visitor.get(p).status_code for p in ("/reports/R99", "/reports/r01", "/reports/R99.xlsx")] == [404, 404, 404]


def test_cards_by_question(visit):
    page = text_of(visit("ministry").get("/reports"))
    assert "Сколько студентов на дату?" in page
    assert "Скачать Excel" in page
    enterprise = text_of(visit("altkoks").get("/reports"))
    assert "Сколько студентов" not in enterprise
    assert "Кто и где проходит практику?" in enterprise


# ----------------------------------------------------------------------------------------------------------- what is shown
def test_the_same_figures_on_the_screen_with_a_list_behind_each(visit):
    page = page_of(visit("ministry").get("/reports/R01?on=1.10.2026"))
    links = {a["href"]: a.get_text() for a in page.select("td a")}
    assert links["/students?on=2026-10-01"] == "8"
    assert links["/students?on=2026-10-01&org=ASTU"] == "5"
    assert links["/students?level=master&on=2026-10-01&org=ASTU"] == "1"
    assert links["/students?on=2026-10-01&status=leave"] == "1"


def test_the_list_behind_a_number_has_as_many_people(visit):
    """Whatever the figure, the list says the same number."""
    visitor = visit("ministry")
    for number in ("R01", "R04"):
        page = page_of(visitor.get(f"/reports/{number}?on=2026-10-01"))
        links = {a["href"]: a.get_text() for a in page.select("td a") if a["href"].startswith("/students?")}
        assert len(links) > 8
        for address, figure in sorted(links.items()):
            found = re.search(r"(\d+)–(\d+) из (\d+)", text_of(visitor.get(address)))
            assert found, address
            assert found[3] == figure, address


def test_who_sees_no_persons_gets_no_links_and_no_filters(visit):
    visitor = visit("akimat")
    for path in ("/reports/R01", "/reports/R04", "/overview"):
        page = page_of(visitor.get(path))
        assert not page.select('a[href^="/students"], a[href^="/internships"], a[href^="/overview/changes"]')
        assert not page.select("select")
    assert visitor.get("/overview/changes?kind=enrolled").status_code == 403
    # a filter that is not offered is not taken either: differences of two answers would tell of single people
    one, two = (visitor.get(f"/reports/R01?on=2026-10-01{more}").data for more in ("", "&org=ASTU&level=master"))
    assert BeautifulSoup(one, "html.parser").find_all("table") == BeautifulSoup(two, "html.parser").find_all("table")


def test_overview(visit):
    answer = visit("ministry").get("/overview?on=2026-10-01&vs=2025-10-01")
    page, lead = text_of(answer), page_of(answer).select_one(".lead").get_text().replace("\xa0", " ")
    assert lead == "В 2 вузах края учится 8 студентов из Казахстана — на 3 меньше, чем на 1 октября 2025 г. (−27 %)."
    assert "Данные на конец дня 01.10.2026" in page
    assert "Окончили обучение −2" in page
    assert "Не удалось посчитать" not in page


def test_overview_of_a_university(visit):
    page = text_of(visit("astu").get("/overview?on=2026-10-01&vs=2025-10-01"))
    assert "учится 5 студентов из Казахстана" in page
    assert "Бюджет 3" in page


def test_overview_of_one_institution_tells_of_years_of_study_instead(visit):
    page = page_of(visit("astu").get("/overview?on=2026-10-01&vs=2025-10-01")).select_one("section[aria-labelledby=u]")
    said = page.get_text(" ", strip=True).replace("\xa0", " ")
    assert said.startswith("Больше всего: 3 курс Курс и форма обучения, обучений и доля")
    assert "1 курс 1 20 % 2 курс 1 20 % 3 курс 3 60 %" in said
    assert "Очная 4 80 % Заочная 1 20 %" in said
    assert "Чёрточка" in text_of(visit("asu").get("/overview?on=2026-10-01"))  # it has a branch: two rows to compare


def test_a_card_that_can_not_be_counted_leaves_the_rest(visit, monkeypatch):
    from reports import counts

    def broken(*anything):
        raise RuntimeError("no such figure")

    monkeypatch.setattr(counts, "study_cells", broken)
    answer = visit("ministry").get("/overview?on=2026-10-01")
    assert answer.status_code == 200
    page = text_of(answer)
    assert page.count("Не удалось посчитать.") == 1
    assert "учится 8 студентов" in page


def test_at_most_twelve_questions_for_the_overview(visit, count_queries):
    visitor = visit("ministry")
    visitor.get("/overview")
    with count_queries() as asked:
        visitor.get("/overview?on=2026-10-01")
    assert len(asked) <= 12


def test_people_behind_a_step(visit, world):
    page = visit("ministry").get("/overview/changes?on=2026-10-01&vs=2025-10-01&kind=graduated")
    assert "Ахметов Данияр Серикович" in text_of(page)
    assert f"/students/{world.public_ids['akhmetov']}".encode() in page.data
    own = text_of(visit("astu").get("/overview/changes?on=2026-10-01&vs=2025-10-01&kind=graduated"))
    assert "Ахметов" not in own
    assert visit("ministry").get("/overview/changes?kind=nothing").status_code == 404


# ------------------------------------------------------------------------------------------------------------ wrong days
@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("/reports/R01?on=31.02.2026", "Такой даты нет. Введите дату, например 1.10.2026"),
        ("/reports/R01?on=soon", "Введите дату, например 1.10.2026"),
        ("/reports/R01.xlsx?on=24.11.2026", "Дата не может быть позже сегодняшней — 23.11.2026"),
        ("/reports/R01?on=1.1.2020", "Данные ведутся с 01.09.2021, выберите более позднюю дату"),
        ("/reports/R01?known_at=2026-10-05T99:00", "Введите дату и время, например 5.10.2026 12:00"),
        ("/reports/R01?known_at=2026-12-01", "Момент не может быть позже текущего"),
        ("/reports/R01?org=NOWHERE", "Выберите вуз из списка"),
        ("/reports/R01?level=%00x", "Выберите уровень из списка"),
        ("/reports/R08?from=1.9.2026&to=1.8.2026", "Начало периода не может быть позже конца — 01.08.2026"),
        ("/overview?on=1.10.2026&vs=01.10.2026", "Даты сравнения должны различаться"),
        ("/overview?on=1.10.2026&vs=02.10.2026", "Выберите дату сравнения раньше 01.10.2026"),
        ("/overview?on=" + "9" * 10_000, "Введите дату, например 1.10.2026"),
    ],
)
def test_a_sentence_next_to_the_field(visit, session, address, sentence):
    answer = visit("ministry").get(address)
    assert answer.status_code == 422
    page = page_of(answer)
    assert sentence in page.select_one(".fld.e .emsg").get_text()
    assert sentence in page.select_one(".errsum").get_text()
    assert not downloads(session)


def test_what_was_typed_stays(visit):
    page = page_of(visit("ministry").get("/reports/R01?on=31.02.2026&org=ASTU"))
    assert page.select_one('input[name="on"]')["value"] == "31.02.2026"
    assert page.select_one('select[name="org"] option[selected]')["value"] == "ASTU"


# ------------------------------------------------------------------------------------------------------------- workbooks
def test_a_download_is_recorded_with_its_number_and_its_hash(visit, session):
    answer = visit("ministry").get("/reports/R01.xlsx?on=1.10.2026")
    assert answer.status_code == 200
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    (entry,) = downloads(session)
    number = f"R-2026-{entry.id:06d}"
    assert entry.subject_id == "R01"
    assert entry.details["number"] == number
    assert entry.details["parameters"] == {"on": "2026-10-01"}
    assert entry.details["sha256"] == hashlib.sha256(answer.data).hexdigest()
    assert entry.details["rows"] == 6  # four lines of institutions, two of the sheet for the chart
    assert entry.role == "ministry"
    assert verify(session).is_whole
    header = answer.headers["Content-Disposition"]
    assert f'filename="R01_Kontingent_2026-10-01_vse-vuzy_{number}.xlsx"' in header
    assert "filename*=UTF-8''R01_%D0%9A%D0%BE%D0%BD" in header
    assert facts(opened(answer.data))["Номер выгрузки"] == number


def test_nothing_is_sent_that_can_not_be_recorded(visit, session, monkeypatch):
    from reports import issue

    def broken(*anything, **more):
        raise RuntimeError("the log is closed")

    monkeypatch.setattr(issue, "record", broken)
    assert visit("ministry").get("/reports/R01.xlsx").status_code == 500
    assert not downloads(session)


def test_looking_at_a_report_writes_nothing(visit, session):
    visitor = visit("ministry")
    before = session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    for path in ("/overview", "/reports", "/reports/R01", "/reports/R08"):
        visitor.get(path)
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == before


def test_the_workbook_says_what_the_page_says(visit):
    book = opened(visit("ministry").get("/reports/R01.xlsx?on=1.10.2026").data)
    assert book.sheetnames == ["Обложка", "Вузы", "Вузы по численности", "Примечания"]
    table = cells(book["Вузы"])
    heading, body = table[3], table[4:9]
    total = dict(zip(heading, body[-1], strict=True))
    assert total["Вуз, филиал"] == "Итого"
    assert {name: total[name] for name in ("Всего", "Женщины", "Бакалавриат", "Договор", "Уникальных лиц")} == {
        "Всего": 8, "Женщины": 4, "Бакалавриат": 6, "Договор": 4, "Уникальных лиц": 7,
    }  # fmt: skip
    cover = facts(book)
    assert (cover["Обучений всего"], cover["Уникальных лиц, человек"]) == (8, 7)
    assert cover["Охват"] == "все вузы и предприятия края"
    assert "с начала дня" in cover["Правило дня"]
    assert [label for label in cover if str(label).startswith("C")] == [f"C{n}: сходится" for n in (1, 2, 6, 7, 9)]


def test_the_cover_of_a_university_says_that_it_is_a_part(visit):
    cover = facts(opened(visit("astu").get("/reports/R01.xlsx?on=1.10.2026").data))
    assert cover["Обучений всего"] == 5
    assert cover["Охват"].startswith("только данные организации: ")


def test_a_failed_control_sum_is_red_and_does_not_block(visit, monkeypatch):
    from reports import counts

    honest = counts.cells
    monkeypatch.setattr(counts, "cells", lambda session, of: honest(session, of)[1:])
    visitor = visit("ministry")
    assert "Контрольные суммы не сошлись" in text_of(visitor.get("/reports/R01?on=1.10.2026"))
    sheet = opened(visitor.get("/reports/R01.xlsx?on=1.10.2026").data).worksheets[0]
    failed = [row[0] for row in sheet.iter_rows() if str(row[0].value).endswith("НЕ СХОДИТСЯ")]
    assert failed
    assert all(cell.font.color.rgb.endswith("B1221B") for cell in failed)


def test_no_name_becomes_a_formula(visit, session, world):
    for code, name in (("ASTU", '=HYPERLINK("http://x";"y")'), ("ASU", "@SUM(A1)")):
        session.scalars(sa.select(Organisation).where(Organisation.code == code)).one().short_ru = name
    session.commit()
    book = opened(visit("ministry").get("/reports/R01.xlsx").data)
    named = [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if str(cell.value).startswith(("=HYPER", "@SUM"))
    ]
    assert named
    assert all(cell.data_type == "s" for cell in named)
    assert b"&lt;b&gt;" not in visit("ministry").get("/overview").data
