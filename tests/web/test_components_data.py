"""The components of lists, records and charts: real tables, words beside every picture, nothing undefined."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from wtforms import DateField, Form, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from tests.web.drawing import draw, module, one


class FilterForm(Form):
    q = StringField("Поиск")
    course = SelectField("Курс", choices=[SelectChoice("", "Любой")])
    on = DateField("На дату", format=["%d.%m.%Y"])


def test_filters_and_the_day_travel_by_get() -> None:
    filters = FilterForm()
    body = "{{ filter_bar('/students', f.q, [], [f.course], {'sort': '-x', 'on': none}, 2) }}"
    soup = draw("lists", "filter_bar", body, f=filters)
    assert one(soup, "form")["method"] == "get"
    assert [field["name"] for field in soup.select("input[type=hidden]")] == ["sort"]
    assert one(soup, "details").has_attr("open")
    assert one(soup, "summary").text == "Ещё фильтры (2)"
    assert {label["for"] for label in soup.select("label")} == {"q", "course"}
    day = draw(
        "lists", "as_of_bar", "{{ as_of_bar('/', [f.on], [{'label': 'Сегодня', 'url': '?on=x', 'current': true}]) }}", f=filters
    )
    assert one(day, "input#on")["inputmode"] == "numeric"
    assert one(day, "a.chip")["aria-current"] == "true"


def test_chips_say_what_they_remove() -> None:
    items = [{"name": "Курс", "value": "2", "remove_url": "/s"}, {"name": "Вуз", "value": "АлтГТУ", "remove_url": None}]
    soup = draw("lists", "chips", "{{ chips(items, '/all') }}", items=items)
    assert one(soup, "a.chip").get_text(" ", strip=True) == "Убрать фильтр Курс: 2"
    assert "ваш доступ ограничен" in one(soup, "span.chip").get_text()


def test_tables_can_be_scrolled_and_sorted_by_keyboard() -> None:
    body = (
        "{% call data_table('s', 'Студенты') %}<thead><tr>{{ column('ФИО', '/s?sort=name', 'ascending') }}"
        "{{ column('Курс', numeric=true) }}{{ column('Выбор', hidden=true) }}</tr></thead>"
        "<tbody><tr>{{ cell('1', 'Курс', true, true) }}{{ cell(none, 'Регион') }}"
        "{% call cell('', name='prg') %}<b>x</b>{% endcall %}{{ tick_cell('id', 'a1', 'Ким Виктор', true) }}</tr></tbody>"
        "{% endcall %}"
    )
    soup = draw("lists", "data_table, column, cell, tick_cell", body)
    region = one(soup, "[role=region]")
    assert region["tabindex"] == "0"
    assert one(soup, "#" + region["aria-labelledby"]).name == "caption"
    assert [head.get("aria-sort") for head in soup.select("th")] == ["ascending", None, None]
    assert all(head["scope"] == "col" for head in soup.select("th"))
    assert [cell.get("data-l") for cell in soup.select("td")][:2] == ["Курс", "Регион"]
    assert "нет данных" in soup.select("td")[1].get_text()
    assert soup.select("td")[0]["class"] == ["n", "il"]
    assert one(soup, "input")["aria-label"] == "Выбрать: Ким Виктор"
    assert one(soup, "input").has_attr("checked")


def page(**changes: Any) -> SimpleNamespace:
    known = {
        "first_row": 51,
        "last_row": 100,
        "total": 1984,
        "pages": [("1", "?p=1", False), ("2", "?p=2", True), None, ("40", "?p=40", False)],
        "previous_url": "?p=1",
        "next_url": "?p=3",
        "sizes": [(25, "?per=25", False), (50, "?per=50", True)],
    }
    return SimpleNamespace(**known | changes)


def test_pages_are_named() -> None:
    soup = draw("lists", "pager", "{{ pager(page) }}", page=page())
    assert "51–100 из 1\u00a0984" in one(soup, "p").text
    assert one(soup, "[aria-current=page]")["aria-label"] == "Страница 2"
    assert one(soup, "[rel=next]")["href"] == "?p=3"
    assert one(soup, "[rel=prev]")["href"] == "?p=1"
    assert "Записей нет" in draw("lists", "pager", "{{ pager(page) }}", page=page(total=0, pages=[], sizes=[])).text


def test_bulk_bar_counts() -> None:
    soup = draw("lists", "bulk_bar", "{{ bulk_bar(2, 498, [('Скачать', 'export')], '/all') }}")
    assert one(soup, "[role=region]")["aria-label"]
    assert one(soup, "b").text == "Выбрано: 2"
    assert one(soup, "button")["value"] == "export"


@pytest.mark.parametrize(
    ("code", "classes"),
    [
        ("studying", ["badge", "ok"]),
        ("mobility_out", ["badge", "teal"]),
        ("academic_leave", ["badge", "vio"]),
        ("incomplete", ["badge", "warn", "sq"]),
        ("expelled", ["badge", "ring"]),
        ("graduated", ["badge", "ring"]),
        ("overdue", ["badge", "bad", "sq"]),
        ("annulled", ["badge", "bad", "ring"]),
        ("unknown", ["badge"]),
    ],
)
def test_badges_speak_by_word_shape_and_tint(code: str, classes: list[str]) -> None:
    badge = one(draw("records", "badge", "{{ badge(code, 'Слово') }}", code=code), "span")
    assert badge["class"] == classes
    assert badge.text == "Слово"


def test_every_status_of_the_classifier_has_a_look() -> None:
    looks = module("records").looks
    codes = {
        "applicant",
        "declined",
        "studying",
        "mobility_out",
        "academic_leave",
        "maternity_leave",
        "military_leave",
        "transferred_out",
        "expelled",
        "graduated",
        "deceased",
        "void",
    }
    assert codes <= set(looks)


def test_pieces_of_a_record() -> None:
    bar = draw(
        "records", "identity_bar", "{{ identity_bar('Қасымов Дияр', 'АЛТ-25', ('studying', 'Учится'), ('к списку', '/s')) }}"
    )
    assert one(bar, "h1").text == "Қасымов Дияр"
    assert one(bar, ".badge").text == "Учится"
    facts = draw(
        "records", "summary_list", "{{ summary_list(r) }}", r=[{"label": "ИИН", "value": None, "action": ("Показать", "/x")}]
    )
    assert one(facts, "dt").text == "ИИН"
    assert "нет данных" in one(facts, "dd").text
    assert one(facts, "a").text == "Показать: ИИН"
    events = [
        {"day": date(2026, 11, 16), "title": "Приказ", "annulled": True},
        {"day": "2025", "title": "Зачисление", "url": "/o"},
    ]
    ledger = draw("records", "timeline", "{{ timeline(e) }}", e=events)
    assert one(ledger, "time")["datetime"] == "2026-11-16"
    assert one(ledger, "li.off .badge").text == "Аннулирован"
    meter = draw("records", "meter", "{{ meter(120, 160) }}")
    assert "120 из 160" in meter.text
    assert one(meter, "svg")["aria-hidden"] == "true"
    assert meter.select("rect")[1]["width"] == "75.0"
    job = draw("records", "job_progress", "{{ job_progress('Проверено строк', 180, 300, cancel_url='/c') }}")
    assert (one(job, "progress")["value"], one(job, "progress")["max"]) == ("180", "300")
    assert one(job, "[role=status]").text == "180 из 300"


def test_a_conflict_is_chosen_by_hand() -> None:
    rows = [
        {
            "field": "group",
            "label": "Группа",
            "was": "51",
            "theirs": "52",
            "mine": "53",
            "error": "Выберите значение для поля «Группа»",
        }
    ]
    soup = draw("records", "diff_table", "{{ diff_table(rows, 'А. Петров', 'сегодня в 07:49', 'сегодня в 07:53') }}", rows=rows)
    assert [(radio["name"], radio["value"], radio.has_attr("checked")) for radio in soup.select("input")] == [
        ("choice-group", "theirs", False),
        ("choice-group", "mine", False),
    ]
    assert all(radio["aria-describedby"] == "choice-group-e" for radio in soup.select("input"))
    assert one(soup, "#choice-group-e")
    chosen = draw(
        "records", "diff_table", "{{ diff_table(rows, 'П', 'a', 'b') }}", rows=[{**rows[0], "error": "", "choice": "mine"}]
    )
    assert one(chosen, "input[checked]")["value"] == "mine"
    merged = draw("records", "merged_card", "{{ merged_card('Ваши', [{'label': 'Курс', 'value': '2', 'was': '1'}], 'm') }}")
    assert "было 1" in one(merged, "dd").text
    assert one(merged, "section")["aria-labelledby"] == "m"


def test_the_check_of_an_import() -> None:
    total = draw(
        "records",
        "stat_sum",
        "{{ stat_sum([{'label': 'новых', 'value': 1281}, {'label': 'с ошибками', 'value': 7, 'bad': true}]) }}",
    )
    assert [dd.text for dd in total.select("dd")] == ["1\u00a0281", "7"]
    assert one(total, "dd.down").text == "7"
    rows = [
        {
            "row": 14,
            "cell": "D14",
            "field": "Дата",
            "value": "31.02.2006",
            "message": "Нет такой даты",
            "severity": "error",
            "sheet": "Список",
        },
        {
            "row": 15,
            "cell": "E15",
            "field": "Регион",
            "value": "",
            "message": "Проверьте",
            "severity": "warning",
            "sheet": "Список",
        },
    ]
    soup = draw("records", "problem_table", "{{ problem_table(rows, 'Ошибки') }}", rows=rows)
    assert [head.text for head in soup.select("thead th")] == [
        "Лист",
        "Строка Excel",
        "Ячейка",
        "Поле",
        "В файле",
        "Что не так и что сделать",
    ]
    assert [badge.text for badge in soup.select(".badge")] == ["Ошибка", "Предупреждение"]
    assert one(soup, ".was.void").text == "пусто"
    assert one(soup, "[role=region]")["tabindex"] == "0"


def test_bars_stand_in_rows_of_a_table() -> None:
    rows = [{"label": "АлтГУ", "value": 612, "previous": 585, "url": "/s"}, {"label": "АлтГПУ", "value": 214, "previous": 221}]
    body = "{{ bar_table(rows, 'Вузы', 'Вуз', '2026', '2025', total={'value': 826, 'previous': 806}) }}"
    soup = draw("charts", "bar_table", body, rows=rows)
    assert all(svg["aria-hidden"] == "true" for svg in soup.select("svg"))
    assert [th.text for th in soup.select("tbody th")] == ["АлтГУ", "АлтГПУ"]
    assert all(th["scope"] == "row" for th in soup.select("tbody th"))
    assert [span.text for span in soup.select("tbody span")] == ["+27", "−7"]
    assert one(soup, "tfoot").get_text(" ", strip=True) == "Всего 826 806 +20"
    widths = [float(str(rect["width"])) for rect in soup.select("rect.f1")]
    assert widths[1] / widths[0] == pytest.approx(214 / 612, abs=0.01)


def test_the_waterfall_adds_up() -> None:
    steps = [("Было", 1898, "total"), ("Зачислены", 612, "step"), ("Окончили", -448, "step"), ("Стало", 2062, "total")]
    rows = [{"label": label, "value": value, "kind": kind} for label, value, kind in steps]
    soup = draw("charts", "waterfall", "{{ waterfall(rows, 'Движение') }}", rows=rows)
    bars = [(rect["class"][0], float(str(rect["x"])), float(str(rect["width"]))) for rect in soup.select("rect")]
    unit = 292 / 2510
    assert [name for name, _, _ in bars] == ["f1", "fp", "fn", "f1"]
    assert [round(x) for _, x, _ in bars] == [0, round(1898 * unit), round(2062 * unit), 0]
    assert [round(width) for _, _, width in bars] == [round(value * unit) for value in (1898, 612, 448, 2062)]


def test_columns_have_words_for_those_who_do_not_see_them() -> None:
    points = [{"label": str(2021 + n), "value": 100 + n} for n in range(7)]
    soup = draw("charts", "columns_chart", "{{ columns_chart(points, 'c', 'По годам', 'От 100 до 106') }}", points=points)
    picture = one(soup, "svg[role=img]")
    assert [one(soup, "#" + name).text for name in picture["aria-labelledby"].split()] == ["По годам", "От 100 до 106"]
    assert len(soup.select("table.only-m tbody tr")) == 7  # too many for a phone: a table takes the place
    few = draw(
        "charts",
        "columns_chart, chart_table",
        "{{ columns_chart(p, 'c', 'а', 'б') }}{{ chart_table(p, 'а', 'Год', 'Человек') }}",
        p=points[:2],
    )
    assert not few.select("table.only-m")
    assert one(few, "summary").text == "Показать таблицей"
    none = draw("charts", "columns_chart", "{{ columns_chart([], 'c', 'а', 'б') }}")
    assert not none.select("rect")


def test_key_figures() -> None:
    soup = draw("charts", "kpi", "{{ kpi('k', 'Студенты', 1984, '/s', 86) }}")
    assert one(soup, "a.num").text == "1\u00a0984"
    assert one(soup, ".up").text == "+86"
    assert one(soup, "section")["aria-labelledby"] == "k"
    falls = draw("charts", "delta", "{{ delta(-3) }}{{ delta(0) }}{{ delta(2, 'up') }}")
    assert [span["class"][0] for span in falls.select("span")] == ["down", "flat", "down"]
    card = draw("charts", "chart_card", "{% call chart_card('c', 'Рост', 'человек', 5, 'низ') %}x{% endcall %}")
    assert one(card, "section")["aria-labelledby"] == "c"
    assert one(card, "footer").text == "низ"


def test_the_map_has_twenty_tiles_and_the_home_side() -> None:
    tiles = [
        {"code": "630000000", "value": 716, "url": "/s?region=63"},
        {"code": "100000000", "value": 402},
        {"code": "230000000", "value": 8},
    ]
    soup = draw("map", "tile_map, tile_map_foot", "{{ tile_map(t, 'Карта') }}{{ tile_map_foot(t, 'Карта') }}", t=tiles)
    assert len(soup.select("svg .tile")) == 20
    assert one(soup, "g.host").get_text(" ", strip=True) == "Алтайский край"
    assert one(soup, "a.tile")["class"] == ["tile", "k4"]
    assert one(soup, "a.tile").get_text(" ", strip=True) == "ВКО 716"
    assert len(soup.select("rect.m4")) == 3  # two tiles and the legend
    assert [li.text for li in soup.select(".legend li")] == ["до 20", "20–49", "50–99", "100–399", "400 и больше"]
    assert [th.text for th in soup.select("details tbody th")] == ["ВКО", "Абай", "Атырау"]


def test_the_map_folds_small_regions_on_phones() -> None:
    places = module("map").places
    assert len(places) == 20
    assert len(set(places.values())) == 20
    soup = draw("map", "tile_map", "{{ tile_map(t, 'Карта') }}", t=[{"code": code, "value": 10} for code in places])
    rows = [row.get_text(" ", strip=True) for row in soup.select("table.only-m tbody tr")]
    assert len(rows) == 9
    assert rows[-1] == "Ещё 12 регионов 120"


def test_a_hidden_small_count_is_shown_as_text_and_drawn_as_nothing() -> None:
    rows = [{"label": "АлтГУ", "value": 612, "previous": "менее 5"}, {"label": "АГИК", "value": "менее 5", "previous": 7}]
    total = {"value": "…", "previous": 7}
    table = draw("charts", "bar_table", "{{ bar_table(r, 'в', 'Вуз', '2026', '2025', total=t) }}", r=rows, t=total)
    assert [cell.text for cell in table.select("tbody td.strong")] == ["612", "менее 5"]
    assert len(table.select("rect.f1")) == 1
    chart = draw("charts", "columns_chart", "{{ columns_chart(r, 'c', 'а', 'б') }}", r=rows)
    assert [text.text for text in chart.select("text")] == ["612", "АлтГУ", "менее 5", "АГИК"]
    tiles = [{"code": code, "value": 9 if code > "3" else "менее 5"} for code in module("map").places]
    picture = draw("map", "tile_map, tile_map_foot", "{{ tile_map(t, 'К') }}{{ tile_map_foot(t, 'К') }}", t=tiles)
    assert picture.select("table.only-m tbody tr")[-1].get_text(" ", strip=True) == "Ещё 12 регионов …"
    assert [cell.text for cell in picture.select("details td")][-1] == "менее 5"
    assert one(draw("charts", "kpi", "{{ kpi('k', 'Обмены', 'менее 5', delta_value='…') }}"), ".num").text == "менее 5"
