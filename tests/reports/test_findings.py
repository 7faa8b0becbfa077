"""Sentences never say more than the figures."""

from __future__ import annotations

import pytest

from reports import findings
from reports.findings import about_kinds, about_largest, about_neighbours, about_regions, about_years, change, lead, share


@pytest.fixture(autouse=True)
def words(app):
    """Sentences are translated, so they need the site around them."""
    with app.test_request_context():
        yield


pytestmark = pytest.mark.sqlite_only


def said(sentence):
    return str(sentence).replace("\xa0", " ").replace("<b>", "").replace("</b>", "")


@pytest.mark.parametrize(
    ("now", "before", "direction"),
    [
        (1984, 1898, 1),
        (1898, 1984, -1),
        (1009, 1000, 0),
        (1010, 1000, 1),
        (991, 1000, 0),
        (990, 1000, -1),
        (5, 0, 1),
        (0, 0, 0),
    ],
)
def test_less_than_one_in_a_hundred_is_no_change(now, before, direction):
    assert change(now, before) == direction


@pytest.mark.parametrize(
    ("now", "before", "words_of_change"),
    [
        (1984, 1898, "на 86 больше, чем на 1 октября (+4,5 %)"),
        (1898, 1984, "на 86 меньше, чем на 1 октября (−4,3 %)"),
        (1005, 1000, "почти столько же, сколько на 1 октября (+5)"),
        (1000, 1000, "столько же, сколько на 1 октября"),
        (7, 0, "на 1 октября не было никого"),
    ],
)
def test_lead(now, before, words_of_change):
    assert words_of_change in said(lead(now, before, 7, "", "1 октября", several=True))


def test_lead_over_hidden_figures_and_nobody():
    assert said(lead("<5", 10, 1, "В вузах края", "1 октября", several=True)).endswith("&lt;5.")
    assert "нет студентов" in said(lead(0, 10, 0, "В вузах края", "1 октября", several=True))


def test_a_name_is_not_markup():
    assert "<script>" not in lead(5, 5, 1, "<script>", "1 октября", several=False)


@pytest.mark.parametrize(
    ("most", "begins"),
    [(51, "Больше половины"), (50, "Больше трети"), (34, "Больше трети"), (33, "Больше четверти"), (25, "Больше всего")],
)
def test_shares(most, begins):
    assert about_regions([("ВКО", most), ("Абай", 1)], 100).startswith(begins)


def test_a_handful_has_no_shares():
    assert about_regions([("ВКО", 9)], 10) == ""
    assert about_neighbours(9, 10) == "Откуда приехали студенты"


@pytest.mark.parametrize(
    ("totals", "title"),
    [
        ([100, 110, 120, 130], "Рост 3 лет подряд"), ([100, 90, 80], "Снижение 2 лет подряд"),
        ([100, 110], "Студенты по годам"),
        ([100, 110, 110], "Студенты по годам"), ([130, 100, 110, 120], "Рост 2 лет подряд"), ([], "Студенты по годам"),
    ],
)  # fmt: skip
def test_years_in_a_row(totals, title):
    assert about_years(totals).replace("3 года", "3 лет").replace("2 года", "2 лет") == title


def test_the_largest_only_when_it_is_one():
    assert about_largest([("А", 5), ("Б", 3)], "—") == "Больше всего: А"
    assert about_largest([("А", 5), ("Б", 5)], "—") == "—"
    assert about_largest([("А", 5), ("Б", "<5")], "—") == "—"
    assert about_kinds([("Бакалавриат", 5)], [("Бюджет", 3), ("Договор", 3)]) == "Уровни и финансирование"


def test_share_in_words():
    assert [said(share(part, 100)) for part in (36, 4, 0)] == ["36 %", "4,0 %", "0 %"]
    assert findings.share(1, 0) == "—"
