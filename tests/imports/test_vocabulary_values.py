"""Values of rosters in Russian, Kazakh and English, with expectations written by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from exchange.imports import vocabulary
from exchange.imports.vocabulary_text import LONGEST, plain

SEX = {
    "M": "м, М, м., муж, муж., Мужской, ер, Ер, ұл, male, M, Male, мужчина",
    "F": "ж, Ж, ж., жен, жен., женский, әйел, Әйел, қыз, female, F, w, ә",
    None: "м/ж, , -, пол, 5, другой",
}
FORM = {
    "full": "о/о, очная, Очная, очн., очно, дневная, күндізгі, full-time, Full time, ОФО, ДО, очная форма, о",
    "part": "о/з, очно-заочная, Очно-заочная, очно-заоч., ОЗФО, вечерняя, күндізгі-сырттай, part-time, о-з, оз",
    "extra": "з/о, заочная, заоч., заоч, ЗФО, сырттай, extramural, correspondence, зо, заочно, заочная (с ДОТ)",
    "family": "экстернат, Экстернат / самообразование",
    None: ", -, абв, 4",
}
FUNDING = {
    "federal_general": "бюджет, Бюджет, Федеральный бюджет, б, ФБ, бюдж., бюджетная, budget, "
    "Бюджет РФ; за счёт федерального бюджета; "
    "общий приём",
    "quota": "квота, Квота Правительства РФ, квота РФ, гослиния, quota, Россотрудничество, бюджет (квота), госстипендия",
    "target": "целевое, целевой приём, целевая квота, Целевое обучение (за счет бюджета)",
    "krai": "краевой бюджет, Бюджет Алтайского края, бюджет субъекта РФ",
    "local": "местный бюджет, муниципальный бюджет",
    "contract_person": "внебюджет, договор, Договор, платно, платное, контракт, в/б, коммерческая, дог., paid, contract, "
    "ақылы, "
    "с полным возмещением затрат, не бюджет, внебюджетная основа, шарт",
    "contract_org": "договор с организацией, договор (предприятие), договор юр. лицо",
    "bolashak": "Болашак, Болашақ, стипендия «Болашак», Bolashak",
    "kz_other": "грант, грант акимата, средства РК, акимат",
    "exchange": "обмен, academic exchange",
    None: ", -, бюджет/договор, абв",
}
LEVEL = {
    "bachelor": "бак, бак., бакалавриат, Бакалавр, bachelor, прикладной бакалавриат, Bachelor's programme, ВО - бакалавриат",
    "master": "маг, магистратура, магистр, Master, м",
    "specialist": "спец, специалитет, Специалитет, спец., Specialist",
    "postgraduate": "асп, аспирантура, докторантура, PhD, аспирант",
    "residency": "орд, ординатура, ординатор, residency",
    "assistantship": "ассистентура-стажировка",
    "spo": "СПО, колледж, среднее профессиональное образование",
    "prep": "подготовительное отделение, подфак, дайындық бөлімі",
    None: ", -, ВО, 3",
}
STATUS = {
    "studying": "Обучается, обучается, учится, студент, активен, зачислен, оқиды, Оқып жатыр, Studying, enrolled, восстановлен",
    "academic_leave": "Академический отпуск, академ, ак. отпуск, АО, в академическом отпуске, академиялық демалыс, "
    "academic leave",
    "maternity_leave": "декрет, отпуск по уходу за ребёнком, отпуск по беременности и родам",
    "military_leave": "служба в армии, военная служба",
    "expelled": "отчислен, Отчислена, отч., исключён, шығарылды, expelled",
    "graduated": "выпускник, окончил, окончила, завершил обучение, бітірді, graduated, отчислен в связи с окончанием",
    "transferred_out": "отчислен переводом, отчислен в порядке перевода, переведён в другой вуз, transferred",
    "mobility_out": "академическая мобильность, обмен",
    "deceased": "умер",
    None: ", -, абв",
}


def cases(table: dict[str | None, str]) -> list[tuple[str, str | None]]:
    return [(text.strip(), code) for code, texts in table.items() for text in texts.replace(";", ",").split(",")]


@pytest.mark.parametrize(("text", "code"), cases(SEX))
def test_sex(text: str, code: str | None) -> None:
    assert vocabulary.sex(text) == code


@pytest.mark.parametrize(("text", "code"), cases(FORM))
def test_form(text: str, code: str | None) -> None:
    assert vocabulary.form(text) == code


@pytest.mark.parametrize(("text", "code"), cases(FUNDING))
def test_funding(text: str, code: str | None) -> None:
    assert vocabulary.funding(text) == code


@pytest.mark.parametrize(("text", "code"), cases(LEVEL))
def test_level(text: str, code: str | None) -> None:
    assert vocabulary.level(text) == code


@pytest.mark.parametrize(("text", "code"), cases(STATUS))
def test_status(text: str, code: str | None) -> None:
    assert vocabulary.status(text) == code


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("3 курс", 3), ("3 ", 3), (3, 3), (3.0, 3), ("III", 3), ("третий", 3), ("3-й", 3), ("курс 3", 3), ("3к", 3),
        ("3-курс", 3),
        ("IV", 4), ("Year 2", 2), ("2nd", 2), ("5 курс обучения", 5), ("екінші", 2), (9, 9), ("первый курс", 1),
        ("", None), ("-", None), (0, None), ("группа", None), (None, None), ("2,5", None),
    ],
)  # fmt: skip
def test_course(value: object, number: int | None) -> None:
    assert vocabulary.course(value) == number


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ("да", True), ("Да", True), ("иә", True), ("yes", True), (1, True), ("+", True), ("принят", True), (True, True),
        ("нет", False), ("жоқ", False), ("no", False), (0, False), ("-", False), ("не принят", False), ("", None), (None, None),
        ("возможно", None),
    ],
)  # fmt: skip
def test_yes_no(value: object, answer: bool | None) -> None:
    assert vocabulary.yes_no(value) is answer


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("практика", "practice"), ("Производственная практика", "practice"), ("стажировка", "specialist"),
        ("стаж.", "specialist"),
        ("тәжірибе", "practice"), ("тағылымдама", "specialist"), ("internship", "specialist"), ("практика / стажировка", None),
        ("", None), ("работа", None),
    ],
)  # fmt: skip
def test_kind(value: object, code: str | None) -> None:
    assert vocabulary.kind(value) == code


@pytest.mark.parametrize(
    ("value", "number", "day"),
    [
        ("№ 123/с от 15.08.2025", "123/с", dt.date(2025, 8, 15)),
        ("№ 935/п от 20.08.2023", "935/п", dt.date(2023, 8, 20)),
        ("123/с, 15.08.2025", "123/с", dt.date(2025, 8, 15)),
        ("15.08.2025 № 123/с", "123/с", dt.date(2025, 8, 15)),
        ("от 15.08.2025 г. № 123-ст", "123-ст", dt.date(2025, 8, 15)),
        ("Приказ № 123/с от 15 августа 2025 г.", "123/с", dt.date(2025, 8, 15)),
        ("пр. №123 от 15.08.25", "123", dt.date(2025, 8, 15)),
        ("Приказ о зачислении №Л-1187 от 26.08.2025", "Л-1187", dt.date(2025, 8, 26)),
        ("123/с (15.08.2025)", "123/с", dt.date(2025, 8, 15)),
        ("№ 55 бұйрық 2025 жылғы 15 тамыз", "55", dt.date(2025, 8, 15)),
        ("Order No. 77 dated 2025-08-15", "77", dt.date(2025, 8, 15)),
        ("884/с", "884/с", None),
        ("№ 884/с", "884/с", None),
        (884, "884", None),
        ("15.08.2025", None, dt.date(2025, 8, 15)),
        (dt.datetime(2025, 8, 15), None, dt.date(2025, 8, 15)),  # noqa: DTZ001
        ("", None, None),
        (None, None, None),
    ],
)
def test_order(value: object, number: str | None, day: dt.date | None) -> None:
    assert vocabulary.order(value) == (number, day)


def test_order_with_a_day_that_is_not() -> None:
    number, day = vocabulary.order("№ 12 от 31.02.2025")
    assert number == "12"
    assert getattr(day, "code", None) == "impossible"


@pytest.mark.parametrize(
    "value",
    [
        "01.06.2026 – 30.06.2026", "с 01.06.2026 по 30.06.2026", "с 1 июня 2026 г. по 30 июня 2026 г.",
        "2026-06-01 - 2026-06-30", "01.06.26-30.06.26",
    ],
)  # fmt: skip
def test_period(value: str) -> None:
    assert vocabulary.period(value) == (dt.date(2026, 6, 1), dt.date(2026, 6, 30))


@pytest.mark.parametrize("value", ["", None, "01.06.2026", "июнь", "31.06.2026 – 01.07.2026"])
def test_no_period(value: object) -> None:
    assert vocabulary.period(value) is None


LONG = "ё9№" * 5000


@pytest.mark.parametrize(
    "name",
    ["sex", "form", "funding", "level", "status", "course", "kind", "yes_no", "order", "period", "programme", "region",
     "district", "citizenship"],
)  # fmt: skip
def test_very_long_cell(name: str) -> None:
    getattr(vocabulary, name)(LONG)
    getattr(vocabulary, name)("\x00\u202e")


def test_a_very_long_cell_is_compared_by_its_beginning() -> None:
    assert len(plain(LONG)) == LONGEST
