"""Headings of rosters in Russian, Kazakh and English, whole and abbreviated, in one row and in two."""

from __future__ import annotations

import pytest

from exchange.imports.vocabulary import recognise_column, recognise_heading
from exchange.imports.vocabulary_headings import EXACT, INTERN_FIELDS, LIKELY, PAIRS, STUDENT_FIELDS, WEAK

STUDENTS = {
    "number_in_list": "№ п/п; №; п/п; N п/п; No.; Р/с; №№; № п.п.",
    "full_name": "ФИО; Ф.И.О.; ФИО студента; Фамилия, имя, отчество; Фамилия Имя Отчество (при наличии); "
    "Ф. И. О. обучающегося; "
    "Аты-жөні; Т.А.Ә.; Тегі, аты, әкесінің аты; Студенттің аты-жөні; Full name; Student name; Фамилия И.О.; ФИО (полностью)",
    "last_name": "Фамилия; фамилия ; ФАМИЛИЯ; Тегі; Surname; Last name; Family name; Фамилия (рус.)",
    "first_name": "Имя; Аты; Given name; First name; Given name(s); Имя (рус)",
    "patronymic": "Отчество; Отчество (при наличии); Әкесінің аты; Patronymic; Middle name; Отч.; Әкесінің аты (бар болса)",
    "last_name_kk": "Фамилия на казахском; Фамилия (каз.); Тегі (қазақша); ФИО на казахском языке / Фамилия; Surname in Kazakh",
    "first_name_kk": "Имя (каз.); Имя на казахском; ФИО на казахском / Имя",
    "patronymic_kk": "Отчество на казахском; ФИО (каз.) / Отчество",
    "latin_name": "ФИО латиницей; ФИО (лат.); Name in Latin; Ф.И.О. на английском",
    "last_name_lat": "Фамилия (латиницей); Фамилия лат.; Латиницей / Фамилия; Surname (Latin)",
    "first_name_lat": "Имя (латиницей); Имя лат.; По загранпаспорту (латиницей) / Имя",
    "sex": "Пол; Пол (м/ж); Жынысы; Sex; Gender; М/Ж",
    "born": "Дата рождения; Д.р.; ДР; Дата рожд.; Туған күні; Date of birth; DOB; Birth date; Дата рождения (дд.мм.гггг); "
    "Число, месяц, год рождения; Туған жылы, айы, күні",
    "iin": "ИИН; ЖСН; IIN; ИИН (ЖСН); ИИН/ЖСН; Индивидуальный идентификационный номер (ИИН); ИИН (12 цифр)",
    "passport": "№ паспорта; Паспорт; Номер паспорта; Паспорт №; Документ, удостоверяющий личность / Номер; "
    "Удостоверение личности №; "
    "Серия и номер паспорта; Passport No; Passport number; Паспорт нөмірі; Төлқұжат; Жеке куәлік №; Уд. личности; ID card",
    "document_type": "Вид документа; Документ, удостоверяющий личность / Вид; Құжат түрі; Type of document",
    "document_valid_until": "Действителен до; Срок действия паспорта; Документ, удостоверяющий личность / Действителен до; "
    "Valid until; "
    "Паспорт: срок действия; Паспорт / годен до; Жарамдылық мерзімі; Expiry date",
    "document_issued_on": "Дата выдачи; Паспорт / Дата выдачи; Когда выдан; Date of issue; Берілген күні",
    "document_issued_by": "Кем выдан; Паспорт / Кем выдан; Issued by; Берген орган; Орган выдачи",
    "citizenship": "Гражданство; Гражд.; Азаматтығы; Citizenship; Страна; Гражданство (страна)",
    "region": "Регион; Область; Откуда прибыл; Регион постоянного проживания; Облысы; Өңір; Region of origin; Oblast; "
    "Область (РК); "
    "Регион Казахстана; Место постоянного проживания / Область; Область проживания в Казахстане",
    "district": "Район; Ауданы; District; Место жительства / Район",
    "settlement": "Населённый пункт; Город; Нас. пункт; Елді мекен; City; Town / village; Город / село",
    "programme": "Направление подготовки (специальность); Направление; Специальность; Направление подготовки; Мамандығы; "
    "Major; "
    "Field of study; Код и наименование направления подготовки; Образовательная программа; Дайындық бағыты; Specialty; ОП",
    "programme_code": "Шифр; Код; Код направления; Шифр специальности; Мамандық коды; Programme code; "
    "Направление подготовки / Код",
    "programme_name": "Наименование направления; Название специальности; Направление подготовки / Наименование; Programme name",
    "level": "Ур.; Уровень; Уровень образования; Уровень подготовки; Деңгейі; Degree; Level of study; Степень",
    "course": "Курс; Обучение / Курс; Год обучения; Курсы; Year of study; Курс обучения; Year",
    "group": "Группа; Гр.; Обучение / Группа; № группы; Тобы; Group; Учебная группа",
    "form": "Ф.о.; Форма обучения; Форма; Обучение / Форма; Оқу нысаны; Mode of study; Форма обуч.; "
    "Форма обучения (очная/заочная); "
    "Оқу түрі; Study mode",
    "funding": "Осн.; Основа; Обучение / Основа; Финансирование; Источник финансирования; Основа обучения (бюджет/договор); "
    "Бюджет/договор; Қаржыландыру көзі; Оқу негізі; Funding; Source of funding; Бюджет / внебюджет; Вид возмещения затрат",
    "order": "Приказ о зачислении; Приказ; Приказ о зачислении: №, дата; № и дата приказа; Приказ (номер, дата); Бұйрық; "
    "Қабылдау туралы бұйрық; Реквизиты приказа",
    "order_number": "№ приказа; Приказ №; Номер приказа; Приказ о зачислении / Номер; Бұйрық нөмірі; Order No.; Приказ / №",
    "order_date": "Дата приказа; Приказ о зачислении / Дата; Бұйрық күні; Order date; Приказ (дата); Дата приказа о зачислении",
    "enrolled_on": "Дата зач.; Дата зачисления; Зачислен с; Дата поступления; Enrolment date; Оқуға қабылданған күні; "
    "Учится с; "
    "Дата начала обучения",
    "status": "Статус; Статус студента; Состояние; Мәртебесі; Status",
    "phone": "Тел.; Телефон; Контактный телефон; Моб. телефон; Phone; Байланыс телефоны; Номер телефона; Телефон (WhatsApp)",
    "email": "E-mail; Email; Эл. почта; Электронная почта; Почта; Электрондық пошта; е-mail",
    "faculty": "Факультет; Институт; Факультет / институт; Faculty; Факультеті",
    "record_book": "№ зачётной книжки; Зачётка; Студенческий билет; № личного дела; Student ID; Номер зачетки",
    "planned_end": "Срок окончания обучения; Дата окончания обучения; Плановый выпуск; Expected graduation; "
    "Плановая дата окончания",
    "address": "Адрес; Адрес проживания; Мекенжайы; Address; Место проживания; Адрес регистрации в РФ",
    "dormitory": "Общежитие; Проживает в общежитии; Жатақхана; Dormitory",
    "snils": "СНИЛС; № СНИЛС",
    "organisation": "Вуз; Образовательная организация; Университет; University; ЖОО",
    "note": "Примечание; Прим.; Ескерту; Notes; Комментарий",
    "ignored": "ФИО родителя; Телефон родителей; Место рождения; № договора; Дата договора; Научный руководитель; "
    "Год поступления; "
    "Родители / ФИО; Национальность; Подпись",
}
INTERNS = {
    "full_name": "ФИО; Ф.И.О. практиканта; Практикант; Intern; Аты-жөні",
    "iin": "ИИН",
    "kind": "Вид (практика / стажировка); Вид; Вид практики; Практика/стажировка; Type of internship; Тәжірибе түрі",
    "sender": "Откуда направлен; Направляющая организация; Вуз; Место учебы (работы); Sending organisation; Организация; "
    "Жіберуші ұйым; Учебное заведение; University",
    "department": "Цех, отдел; Отдел; Подразделение; Цех; Department; Бөлім; Структурное подразделение; "
    "Место прохождения практики",
    "mentor": "Руководитель от предприятия; Наставник; Куратор; Руководитель; Supervisor; Тәлімгер; ФИО наставника",
    "starts_on": "С; Начало; Дата начала; Период / с; Сроки практики / с; Start date; Басталу күні; Дата начала практики; From",
    "ends_on": "По; Окончание; Дата окончания; Период / по; Сроки практики / по; End date; Аяқталу күні; To; "
    "Дата окончания практики",
    "period": "Период; Сроки практики; Период прохождения",
    "hours_planned": "Часов по плану; План, ч.; Часы / план; Hours planned; Количество часов (план); Жоспарланған сағат; "
    "Объём, час.",
    "hours": "Часов факт; Отработано часов; Часы / факт; Actual hours; Часы; Нақты сағат; Кол-во часов",
    "briefing_on": "Инструктаж по ОТ (дата); Инструктаж; Дата вводного инструктажа; Safety briefing; Нұсқама күні",
    "grade": "Оценка; Grade; Баға; Итоговая оценка; Оценка за практику",
    "hired": "Принят на работу; Трудоустроен; Hired; Жұмысқа қабылданды",
    "position": "Должность; Position; Лауазымы; Профессия",
    "programme": "Специальность; Направление подготовки",
}


def cases(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(heading.strip(), field) for field, headings in table.items() for heading in headings.split(";")]


@pytest.mark.parametrize(("heading", "field"), cases(STUDENTS))
def test_heading_of_students(heading: str, field: str) -> None:
    found = recognise_heading(heading, "students")
    assert found, heading
    assert found[0][0] == field
    assert found[0][1] >= 0.6


@pytest.mark.parametrize(("heading", "field"), cases(INTERNS))
def test_heading_of_interns(heading: str, field: str) -> None:
    found = recognise_heading(heading, "interns")
    assert found, heading
    assert found[0][0] == field
    assert found[0][1] >= 0.6


@pytest.mark.parametrize("heading", ["", "   ", None, "xyz", "Лист1", "Абракадабра", "2026", 15, "—"])
def test_unknown_heading(heading: object) -> None:
    assert recognise_heading(heading) == []


@pytest.mark.parametrize(
    "heading", ["ФИО куратора", "Фамилия, имя, отчество руководителя", "ФИО матери", "Ф.И.О. представителя"]
)
def test_name_of_somebody_else(heading: str) -> None:
    assert "full_name" not in dict(recognise_heading(heading, "students"))


def test_broken_lines_and_case_do_not_matter() -> None:
    assert recognise_heading("ДАТА\nРОЖДЕНИЯ")[0] == ("born", 1.0)
    assert recognise_heading("Граждан-\nство")[0] == ("citizenship", 1.0)
    assert recognise_heading("  Фамилия\u00a0 ")[0] == ("last_name", 1.0)


def test_likelier_fields_stand_first() -> None:
    found = recognise_heading("Name")
    assert [field for field, _ in found[:2]] == ["first_name", "full_name"]
    assert found == sorted(found, key=lambda one: -one[1])


def test_only_known_fields_are_offered() -> None:
    offered = set(EXACT) | {field for field, _, _ in (*LIKELY, *WEAK)} | {field for *_, field in PAIRS}
    assert offered <= STUDENT_FIELDS | INTERN_FIELDS


def test_long_heading_is_cut() -> None:
    assert recognise_heading("слово " * 5000) == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (["050314599901", "060727699903", "991105399919"], "iin"),
        ([50314599901, 60727699903, 40229699942], "iin"),
        (["N82878702", "Н83491644", "N43076579"], "passport"),
        (["09.03.01", "40.04.01", "31.05.01"], "programme_code"),
        (["09.03.01 Информатика", "40.03.01 Юриспруденция", "31.05.01 Лечебное дело"], "programme"),
        (["Лечебное дело", "Педиатрия", "Стоматология"], "programme"),
        (["26.02.2003", "05.11.2007", "01.02.2004"], "born"),
        ([37678, 39391, 38018], "born"),
        (["+7 744 478 90 62", "8 706 723 41 89", "+7 (786) 699-51-31"], "phone"),
        (["a.b@example.kz", "c@example.kz"], "email"),
        (["м", "ж", "ж", "м"], "sex"),
        (["ер", "әйел"], "sex"),
        (["Павлодарская область", "ВКО", "г. Алматы", "Абай облысы"], "region"),
        (["Ким Бекзат Сергеевич", "Алимжанов Санжар", "Қасымова Әлия Аскаровна"], "full_name"),
        (["Сергеевич", "Талғатқызы", "Жомартович", "-"], "patronymic"),
        (["Искаков", "Каримова", "Жумабаева", "Ким"], "last_name"),
        (["№ 935/п от 20.08.2023", "№ 618/к от 15.08.2025"], "order"),
        (["очная", "заочная", "очная"], "form"),
        (["бюджет", "договор", "квота"], "funding"),
        (["1 курс", "3 курс"], "course"),
        (["КАЗ", "КАЗ", "РК"], "citizenship"),
        (["практика", "стажировка"], "kind"),
    ],
)
def test_column_by_its_content(values: list[object], field: str) -> None:
    found = recognise_column(values)
    assert found is not None
    assert found[0] == field
    assert 0.3 < found[1] <= 0.8


@pytest.mark.parametrize(
    "values",
    [
        [], [None, "", "-"], ["абв1", "гд2", "еж3"], [1, 2, 3, 4], ["443", "824", "944"],
        ["Литейный цех", "Сборочный цех", "ОГК"],
        ["Отдел Маркетинга"] * 9,
    ],
)  # fmt: skip
def test_column_that_may_be_anything(values: list[object]) -> None:
    assert recognise_column(values) is None
