"""The same eight students in tables as offices draw them: every layout must be understood to the same facts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.imports.rosters import (
    CELLS,
    LEVEL_RU,
    PEOPLE,
    USUAL,
    VKO,
    assert_understood,
    book,
    errors,
    lines,
    text,
    understood,
    xlsx,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("words")

KAZAKH = (
    ("Р/с №", "number"), ("Тегі", "last_name"), ("Аты", "first_name"), ("Әкесінің аты", "patronymic"), ("Жынысы", "sex"),
    ("Туған күні", "born"), ("ЖСН", "iin"), ("Паспорт нөмірі", "passport"), ("Азаматтығы", "citizenship"), ("Облысы", "region"),
    ("Мамандық коды", "programme_code"), ("Мамандық атауы", "programme_name"), ("Деңгейі", "level"), ("Оқу нысаны", "form"),
    ("Қаржыландыру көзі", "funding"), ("Курсы", "course"), ("Тобы", "group"), ("Бұйрық №", "order_number"),
    ("Бұйрық күні", "order_date"),
)  # fmt: skip
ENGLISH = (
    ("No.", "number"), ("Surname", "last_name"), ("First name", "first_name"), ("Patronymic", "patronymic"), ("Sex", "sex"),
    ("Date of birth", "born"), ("IIN", "iin"), ("Passport No.", "passport"), ("Citizenship", "citizenship"), ("Region",
        "region"),
    ("Programme code", "programme_code"), ("Programme", "programme_name"), ("Level", "level"), ("Mode of study", "form"),
    ("Funding", "funding"), ("Year of study", "course"), ("Group", "group"), ("Order number", "order_number"),
    ("Order date", "order_date"),
)  # fmt: skip
APART = (
    ("Фамилия", "last_name"), ("Имя", "first_name"), ("Отчество", "patronymic"), ("Пол", "sex"), ("Дата рождения", "born"),
    ("ИИН", "iin"), ("Номер", "passport"), ("Гражданство", "citizenship"), ("Регион", "region"), ("Код", "programme_code"),
    ("Наименование", "programme_name"), ("Уровень", "level"), ("Форма обучения", "form"), ("Основа обучения", "funding"),
    ("Курс", "course"), ("Группа", "group"), ("Номер", "order_number"), ("Дата", "order_date"),
)  # fmt: skip
# The upper row of a heading in two rows over APART.
GROUPS = (
    "Фамилия, имя, отчество", None, None, "Пол", "Дата рождения", "ИИН", "Документ", "Гражданство", "Регион",
    "Направление подготовки", None, "Уровень", "Форма обучения", "Основа обучения", "Курс", "Группа",
    "Приказ о зачислении", None,
)  # fmt: skip
LOWER = (
    "Фамилия", "Имя", "Отчество", None, None, None, "Номер", None, None, "Код", "Наименование", None, None, None, None, None,
    "Номер", "Дата",
)  # fmt: skip

LAYOUTS: dict[str, Callable[[], bytes]] = {}


def layout(function: Callable[[], bytes]) -> Callable[[], bytes]:
    LAYOUTS[function.__name__] = function
    return function


@layout
def usual() -> bytes:
    return xlsx(lines())


@layout
def kazakh() -> bytes:
    return xlsx(
        lines(
            KAZAKH,
            sex=lambda p: {"M": "ер", "F": "әйел"}[p.sex],
            citizenship=lambda p: "Қазақстан",
            region=lambda p: {
                "630000000": "Шығыс Қазақстан облысы", "100000000": "Абай облысы", "550000000": "Павлодар облысы",
                "750000000": "Алматы қаласы", "590000000": "Солтүстік Қазақстан облысы",
            }[p.region],
            level=lambda p: {"bachelor": "бакалавриат", "specialist": "маманд.", "master": "магистратура"}.get(p.level)
            if p.level != "specialist" else "специалитет",
            form=lambda p: {"full": "күндізгі", "extra": "сырттай", "part": "кешкі"}[p.form],
            funding=lambda p: {"federal_general": "тегін", "contract_person": "ақылы", "quota": "квота", "target": "нысаналы"}[
                p.funding
            ],
            course=lambda p: f"{p.course} курс",
        )
    )  # fmt: skip


@layout
def english() -> bytes:
    return xlsx(
        [["List of students from Kazakhstan, as of 01.10.2026"], [], *lines(
            ENGLISH,
            sex=lambda p: {"M": "male", "F": "Female"}[p.sex],
            citizenship=lambda p: "Republic of Kazakhstan",
            region=lambda p: {
                "630000000": "East Kazakhstan region", "100000000": "Abai region", "550000000": "Pavlodar region",
                "750000000": "Almaty city", "590000000": "North Kazakhstan",
            }[p.region],
            level=lambda p: p.level.title(),
            form=lambda p: {"full": "full-time", "extra": "extramural", "part": "part-time"}[p.form],
            funding=lambda p: {"federal_general": "state-funded", "contract_person": "tuition fee", "quota": "quota",
                               "target": "target"}[p.funding],
        )],
        names=["Students"],
    )  # fmt: skip


@layout
def columns_in_the_opposite_order() -> bytes:
    return xlsx(lines(USUAL[::-1]))


@layout
def twelve_rows_of_titles() -> bytes:
    titles = [
        ["Министерство науки и высшего образования Российской Федерации"], [],
        ["ФГБОУ ВО «Алтайский государственный университет»"], ["Управление международной деятельности"], [],
        [None, None, "УТВЕРЖДАЮ", "Проректор по УР"], [None, None, "«01» октября 2026 г."], [], ["СПИСОК"],
        ["студентов — граждан Республики Казахстан по состоянию на 01.10.2026"], ["исх. № 12/345 от 02.10.2026"], [],
    ]  # fmt: skip
    return xlsx([*titles, *lines()])


@layout
def heading_in_two_rows_merged() -> bytes:
    return xlsx(
        [GROUPS, LOWER, *lines(APART, heading=False)],
        merged=["A1:C1", "D1:D2", "E1:E2", "F1:F2", "H1:H2", "I1:I2", "J1:K1", "L1:L2", "M1:M2", "O1:O2", "P1:P2", "Q1:R1"],
    )


@layout
def heading_in_two_rows_of_a_text_file() -> bytes:
    return text([GROUPS, LOWER, *lines(APART, heading=False)])


@layout
def heading_in_three_rows() -> bytes:
    top = ["Сведения о студенте", *[None] * 8, "Сведения об обучении", *[None] * 8]
    return xlsx(
        [["Список"], top, GROUPS, LOWER, *lines(APART, heading=False)],
        merged=["A2:I2", "J2:R2", "A3:C3", "D3:D4", "E3:E4", "F3:F4", "H3:H4", "I3:I4", "J3:K3", "L3:L4", "Q3:R3"],
    )


@layout
def a_row_of_column_numbers() -> bytes:
    heading, *body = lines()
    return xlsx([heading, list(range(1, len(heading) + 1)), *body])


@layout
def section_rows() -> bytes:
    heading, *body = lines()
    return xlsx(
        [heading, ["Факультет информационных технологий"], *body[:3], [None, "2 курс"], *body[3:5], ["Группа 421"], *body[5:]],
        merged=["A2:O2"],
    )


@layout
def totals_and_repeated_headings() -> bytes:
    heading, *body = lines()
    return xlsx(
        [heading, *body[:3], ["Итого по курсу:", 3], [], heading, *body[3:6], [None, "Итого", None, 3], heading, *body[6:],
         ["Всего", 8], ["в том числе по квоте", 2]]
    )  # fmt: skip


@layout
def signatures_below() -> bytes:
    return xlsx(
        [*lines(), [], ["Начальник управления", None, "____________", "Петрова И. И."], ["Исп. Сидоров А. А., тел. 29-12-34"],
         [None, "Дата формирования: 02.10.2026"]]
    )  # fmt: skip


@layout
def blank_rows_and_columns() -> bytes:
    rows: list[list[object]] = [[]]
    for row in lines():
        rows += [[None, None, *row[:4], None, *row[4:]], []]
    return xlsx(rows)


@layout
def hidden_sheet_of_lists() -> bytes:
    lists = [
        ["ФИО", "Пол", "Форма обучения"],
        ["Образец Иван Петрович", "м", "очная"],
        ["Образец Анна Петровна", "ж", "заочная"],
    ]
    return xlsx(lists, lines(), hidden=[0])


@layout
def two_sheets_with_different_columns() -> bytes:
    return xlsx(lines(people=PEOPLE[:3]), lines(KAZAKH, people=PEOPLE[3:]), names=["Бакалавры", "Остальные"])


@layout
def a_sheet_of_figures_beside() -> bytes:
    return xlsx([["Сводка"], ["Курс", "Человек"], [1, 2], [2, 3]], lines(), names=["Итоги", "Список"])


@layout
def unknown_columns_between() -> bytes:
    more = (*USUAL[:4], ("Любимый цвет", "colour"), ("Место рождения", "birthplace"), *USUAL[4:], ("ФИО матери", "mother"),
            ("Телефон родителей", "their_phone"), ("Дата договора", "contract_date"), ("Научный руководитель",
                "adviser"))  # fmt: skip
    return xlsx(
        lines(
            more, colour=lambda p: "синий", birthplace=lambda p: "г. Семей", mother=lambda p: f"{p.last} Мать Матвеевна",
            their_phone=lambda p: "87770001122", contract_date=lambda p: p.order_date, adviser=lambda p: "Петров Пётр Петрович",
        )
    )  # fmt: skip


@layout
def headings_that_say_nothing() -> bytes:
    names = {
        "iin": "Код 1",
        "born": "Поле 5",
        "passport": "Реквизит",
        "programme": "Сведения",
        "order": "Основание",
        "sex": "Х",
    }
    return xlsx(lines([(names.get(name, words), name) for words, name in USUAL]))


@layout
def no_heading_at_all() -> bytes:
    return xlsx(lines(heading=False, people=PEOPLE))


@layout
def abbreviations() -> bytes:
    columns = (
        ("№", "number"), ("Ф.И.О.", "full_name"), ("м/ж", "sex"), ("Д.р.", "born"), ("ИИН РК", "iin"),
        ("Уд. личности / паспорт", "passport"), ("Гражд.", "citizenship"), ("Обл.", "region"), ("Спец-ть", "programme"),
        ("Ур. обр.", "level"), ("Ф.О.", "form"), ("Б/К", "funding"), ("К.", "course"), ("Гр.", "group"), ("Пр. о зач.",
            "order"),
    )  # fmt: skip
    return xlsx(
        lines(
            columns,
            sex=lambda p: {"M": "м", "F": "ж"}[p.sex],
            citizenship=lambda p: "РК",
            level=lambda p: {"bachelor": "бак.", "specialist": "спец.", "master": "маг."}[p.level],
            form=lambda p: {"full": "о/о", "extra": "з/о", "part": "о/з"}[p.form],
            funding=lambda p: {"federal_general": "бюдж.", "contract_person": "внебюджет", "quota": "госуд. квота",
                               "target": "целевой договор"}[p.funding],
            course=lambda p: {1: "I", 2: "II", 3: "III", 4: "IV", 6: "VI"}[p.course],
            order=lambda p: f"пр. {p.order_number} от {p.order_date:%d.%m.%y}",
        )
    )  # fmt: skip


@layout
def everything_in_capitals() -> bytes:
    return xlsx(
        lines(
            [(words.upper(), name) for words, name in USUAL],
            full_name=lambda p: p.full_name.upper(),
            form=lambda p: str(CELLS["form"](p)).upper(),
            funding=lambda p: str(CELLS["funding"](p)).upper(),
            programme=lambda p: f"{p.code} {p.programme}".upper(),
            region=lambda p: p.region_words.upper(),
        )
    )


@layout
def headings_broken_over_lines() -> bytes:
    broken = {
        "Дата рождения": "Дата рож-\nдения", "Направление подготовки": "Направление\nподготовки\n(специальность)",
        "Приказ о зачислении": "Приказ\nо зачислении\n(№, дата)", "Форма обучения": "Форма обучения\n(очная, заочная)",
        "Финансирование": "Источник финансирования (бюджет/внебюджет)", "Паспорт": "Паспорт\n(серия, номер)",
    }  # fmt: skip
    return xlsx(lines([(broken.get(words, words), name) for words, name in USUAL]))


for sign, encoding in ((";", "cp1251"), (";", "utf-8"), (",", "utf-8-sig"), ("\t", "utf-16"), ("|", "utf-8"), (";", "kz1048")):

    def as_text(sign: str = sign, encoding: str = encoding) -> bytes:
        # cp1251 has no letters of Kazakh: a file in it has their Russian neighbours, so only in kz1048 they are there
        russian = str.maketrans("ҚқҒғҰұІі", "КкГгУуИи") if encoding == "cp1251" else {}
        rows = [[cell.translate(russian) if isinstance(cell, str) else cell for cell in row] for row in lines()]
        return text(rows, sign, encoding)

    LAYOUTS[f"text_{encoding}_{ {';': 'semicolons', ',': 'commas', chr(9): 'tabs', '|': 'bars'}[sign] }"] = as_text


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_layout_is_understood(name: str) -> None:
    rows = understood(LAYOUTS[name]())
    without = {"no_heading_at_all": ["course", "group"]}.get(name, [])
    if "cp1251" in name:
        without = ["last_name", "first_name", "patronymic"]
    assert_understood(rows, without=without)


def test_there_are_many_layouts() -> None:
    assert len(LAYOUTS) >= 25
    assert set(LEVEL_RU) == {person.level for person in PEOPLE}
    assert errors([]) == {}


def test_a_district_is_kept_and_names_its_region() -> None:
    columns = [(words, name) for words, name in USUAL if name != "region"] + [("Район", "district")]
    words = ["Глубоковский район", "Абайский район", "-"]
    rows = understood(book(lines(columns, people=PEOPLE[:3], district=lambda p: words[PEOPLE.index(p)])))
    assert [(r.reading.values.get("district"), r.reading.values["region"]) for r in rows] == [
        ("634000000", VKO), (None, ""), (None, ""),
    ]  # fmt: skip
    assert rows[0].reading.checked.facts()["district_code"] == "634000000"
    # several regions have an Абайский район: without the region nothing is recorded, and that is said
    assert [p.field for p in rows[1].reading.problems] == ["district", "region"]
