"""Words of the templates, the same in every language of the interface: the importer has to know them again.

A heading is one that the vocabulary of headings knows by heart; a word of a list is one that its recogniser understands.
"""

from __future__ import annotations

STUDENTS, INTERNS = "Студенты", "Практиканты"
GUIDE, LISTS, MARK = "Как заполнять", "Списки", "registry_version"
KEY = "registry_id"
# An example is told by its surname: who types over it has a row of people.
EXAMPLE = "Пример: "

STUDENT_HEADINGS = {
    "last_name": "Фамилия", "first_name": "Имя", "patronymic": "Отчество", "sex": "Пол", "born": "Дата рождения", "iin": "ИИН",
    "document_type": "Вид документа", "passport": "Номер документа", "document_issued_on": "Дата выдачи документа",
    "document_issued_by": "Кем выдан документ", "document_valid_until": "Документ действителен до",
    "citizenship": "Гражданство", "region": "Регион Казахстана", "district": "Район", "settlement": "Населённый пункт",
    "programme": "Направление подготовки", "level": "Уровень образования", "course": "Курс", "group": "Группа",
    "form": "Форма обучения", "funding": "Источник финансирования", "faculty": "Факультет",
    "order_number": "Номер приказа о зачислении", "order_date": "Дата приказа о зачислении", "enrolled_on": "Учится с",
    "planned_end": "Плановая дата окончания", "status": "Статус", "phone": "Телефон", "email": "Электронная почта",
    "address": "Адрес проживания", "dormitory": "Общежитие", "snils": "СНИЛС", "record_book": "Номер личного дела",
    "last_name_kk": "Фамилия на казахском", "first_name_kk": "Имя на казахском", "patronymic_kk": "Отчество на казахском",
    "last_name_lat": "Фамилия латиницей", "first_name_lat": "Имя латиницей", "key": KEY,
}  # fmt: skip
INTERN_HEADINGS = {
    "last_name": "Фамилия", "first_name": "Имя", "patronymic": "Отчество", "kind": "Вид", "sender": "Откуда направлен",
    "starts_on": "Дата начала", "ends_on": "Дата окончания", "department": "Цех, отдел",
    "mentor": "Руководитель от предприятия", "born": "Дата рождения", "iin": "ИИН", "sex": "Пол", "position": "Должность",
    "programme": "Программа", "hours_planned": "Часов по плану", "hours": "Часов фактически",
    "briefing_on": "Инструктаж по охране труда", "grade": "Оценка", "hired": "Принят на работу", "phone": "Телефон",
    "email": "Электронная почта", "key": KEY,
}  # fmt: skip

SEXES = {"M": "мужской", "F": "женский"}
YES_NO = {True: "да", False: "нет"}
KINDS = {"practice": "практика", "specialist": "стажировка"}
OUTCOMES = {"hired": "принят", "invited": "приглашён", "reserve": "резерв", "no": "не принят"}

STUDENT_EXAMPLE = {
    "last_name": EXAMPLE + "Ахметова", "first_name": "Айгерім", "patronymic": "Серікқызы", "sex": "женский",
    "born": "27.03.2007", "iin": "070327600016", "document_type": "Паспорт гражданина Республики Казахстан",
    "passport": "N12345678", "document_issued_on": "15.06.2023", "document_issued_by": "МВД РК",
    "document_valid_until": "14.06.2033", "citizenship": "Казахстан", "region": "Павлодарская область", "district": "",
    "settlement": "г. Павлодар", "programme": "09.03.03 Прикладная информатика", "level": "Бакалавриат", "course": "1",
    "group": "ПИ-261", "form": "Очная", "funding": "Бюджет РФ, общий приём",
    "faculty": "Факультет информационных технологий", "order_number": "123/с", "order_date": "15.08.2026",
    "enrolled_on": "01.09.2026", "planned_end": "31.08.2030", "status": "Обучается", "phone": "+77010000001",
    "email": "aigerim@example.kz", "address": "г. Барнаул, пр. Ленина, 46", "dormitory": "да", "snils": "112-233-445 95",
    "record_book": "", "last_name_kk": "Ахметова", "first_name_kk": "Әйгерім", "patronymic_kk": "Серікқызы",
    "last_name_lat": "AKHMETOVA", "first_name_lat": "AIGERIM", "key": "",
}  # fmt: skip
INTERN_EXAMPLE = {
    "last_name": EXAMPLE + "Ахметова", "first_name": "Айгерім", "patronymic": "Серікқызы", "kind": "практика",
    "sender": "АлтГТУ", "starts_on": "01.06.2026", "ends_on": "30.06.2026", "department": "Сборочный цех",
    "mentor": "Лапина О. В.", "born": "27.03.2007", "iin": "070327600016", "sex": "женский", "position": "",
    "programme": "Производственная практика", "hours_planned": "144", "hours": "144", "briefing_on": "01.06.2026",
    "grade": "5", "hired": "приглашён", "phone": "+77010000001", "email": "aigerim@example.kz", "key": "",
}  # fmt: skip
