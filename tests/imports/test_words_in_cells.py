"""What people write into cells: every usual writing means the same fact."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from exchange.imports.checking import CheckedRow
from tests.imports.rosters import ABAI, NORTH, PEOPLE, USUAL, VKO, Columns, Someone, book, lines, understood

pytestmark = pytest.mark.usefixtures("words")
ONE = PEOPLE[0]


def row(cells: dict[str, Any], columns: Columns = USUAL, person: Someone = ONE) -> CheckedRow:
    """A row in which some cells are written otherwise, under five ordinary ones."""
    others = [p for p in PEOPLE if p is not person][:5]
    written = {name: (lambda p, value=value: value) for name, value in cells.items()}
    return understood(book([*lines(columns, others), *lines(columns, [person], heading=False, **written)]))[-1]


ORDERS = (
    "Приказ №123/с от 15.08.2025г.", "15.08.2025 № 123/с", "пр. 123/с от 15.08.2025", "№123/с, 15.08.2025",
    "Приказ № 123/с от «15» августа 2025 г.", "приказ 123/с от 15 августа 2025 года", "123/с от 15.08.25",
    "от 15.08.2025 г. № 123/с", "№ 123/с (15.08.2025)", "приказ ректора № 123/с от 15.08.2025", "123/с\n15.08.2025",
    "Пр.№123/с от 15.08.2025", "2025-08-15 № 123/с", "Зачислен приказом № 123/с от 15.08.2025", "№ 123/с от 15/08/2025",
    "123/с – 15.08.2025", "№123/с от 15.08.2025 (о зачислении)", "Order No. 123/с dated 15.08.2025",
    "Order 123/с of 15 August 2025", "2025 ж. 15 тамыздағы № 123/с", "15.08.2025 ж. №123/с бұйрық", "123/с;15.08.2025",
    "о зачислении от 15.08.2025 №123/с", "Приказ о зачислении на 1 курс № 123/с от 15.08.2025", "123/с от 15.08.2025 00:00:00",
)  # fmt: skip
BIRTHS = (
    38425, 38425.0, "38425", "14.03.2005", "14.03.05", "14/03/2005", "2005-03-14", "14 марта 2005 г.", "14 марта 2005",
    "14.03.2005г.", "14.03.2005 г.р.", "14-03-2005", "14.3.2005", "2005.03.14", "14,03,2005", "14 наурыз 2005", "14 March 2005",
    "March 14, 2005", "14.03.2005 0:00:00", "2005-03-14T00:00:00", "14032005", " 14.03.2005 ", "14.03.2005 года рождения",
    "«14» марта 2005 г.", dt.date(2005, 3, 14), "2005 ж. 14 наурыз", "14-мар-05", "14 мар. 2005",
)  # fmt: skip
NUMBERS = (
    ONE.iin, int(ONE.iin), float(int(ONE.iin)), str(int(ONE.iin)), f" {ONE.iin[:6]} {ONE.iin[6:]} ", f"'{ONE.iin}",
    f"{ONE.iin[:6]}-{ONE.iin[6:]}", f"ИИН {ONE.iin}", f"{ONE.iin}.0", f"\u00a0{ONE.iin}", f"{int(ONE.iin):.10E}", f"№{ONE.iin}",
)  # fmt: skip
PASSPORTS = (
    ONE.passport, ONE.passport.replace("N", "Н"), f"N {ONE.passport[1:]}", ONE.passport.lower(), f"паспорт {ONE.passport}",
    f"Паспорт РК N{ONE.passport[1:]}", f"{ONE.passport[:5]} {ONE.passport[5:]}", f"{ONE.passport} от 01.02.2020",
    f"N№{ONE.passport[1:]}", f"{ONE.passport}, выдан МВД РК",
)  # fmt: skip
NAMES = (
    "Ахметов Данияр Серикович", "АХМЕТОВ ДАНИЯР СЕРИКОВИЧ", "ахметов данияр серикович", "Ахметов, Данияр Серикович",
    "Данияр Серикович Ахметов", "  Ахметов   Данияр  Серикович ", "Ахметов\nДанияр Серикович", "1. Ахметов Данияр Серикович",
    "Ахметов Данияр Серикович (староста)", "Ахметов Данияр Серикович*",
)  # fmt: skip
PROGRAMMES = (
    "09.03.01", "090301", 90301, "09.03.01 Информатика и вычислительная техника", "Информатика и вычислительная техника",
    "Информатика и вычислительная техника (09.03.01)", "09.03.01 - ИВТ", "09.03.01 «Информатика и вычислительная техника»",
    "09.03.01. Информатика и вычислительная техника, профиль «ПО»", "Информатика и выч. техника", "ОП 09.03.01",
    "информатика и вычислительная техника", "Б-ИВТ 09.03.01", "09 03 01", "9.03.01", "9.3.1",
    "Информатика и вычислительная техника (профиль: Программное обеспечение)",
)  # fmt: skip


@pytest.mark.parametrize("text", ORDERS)
def test_an_order_in_one_cell(text: str) -> None:
    one = row({"order": text}).reading
    assert (one.values["order_number"], one.values["order_date"], one.is_rejected) == ("123/с", "15.08.2025", False)


@pytest.mark.parametrize("text", BIRTHS, ids=repr)
def test_a_birth_date(text: Any) -> None:
    one = row({"born": text}).reading
    assert (one.values["born"], one.is_rejected) == ("14.03.2005", False)


@pytest.mark.parametrize("text", NUMBERS, ids=repr)
def test_an_iin(text: Any) -> None:
    one = row({"iin": text}).reading
    assert (one.values["iin"], one.is_rejected) == (ONE.iin, False)
    assert one.checked.iin.data == ONE.iin


@pytest.mark.parametrize("text", PASSPORTS)
def test_a_passport(text: str) -> None:
    one = row({"passport": text}).reading
    assert (one.values["passport"], one.is_rejected) == (ONE.passport, False)


@pytest.mark.parametrize("text", ["012345678", "УДЛ № 012345678", "уд.л. 012345678, МВД РК"])
def test_an_identity_card(text: str) -> None:
    one = row({"passport": text}).reading
    assert (one.values["passport"], one.values["document_type"], one.is_rejected) == ("012345678", "kz_id", False)


@pytest.mark.parametrize("text", NAMES)
def test_names_in_one_cell(text: str) -> None:
    one = row({"full_name": text}).reading
    said = [one.values[name] for name in ("last_name", "first_name", "patronymic")]
    assert (said, one.is_rejected) == (["Ахметов", "Данияр", "Серикович"], False)


@pytest.mark.parametrize("text", PROGRAMMES, ids=repr)
def test_a_programme(text: Any) -> None:
    one = row({"programme": text}).reading
    assert (one.values["programme"], one.values["level"], one.is_rejected) == ("09.03.01", "bachelor", False)


@pytest.mark.parametrize(
    ("code", "text"),
    [(code, text) for code, texts in {
        "federal_general": "бюджет|Бюджет РФ|б|федеральный бюджет|за счёт бюджетных ассигнований федерального бюджета|"
        "бесплатно|общий конкурс|бюджетная основа|КЦП|budget|тегін",
        "contract_person": "договор|платно|внебюджет|вне бюджета|с полным возмещением затрат|ком.|коммерция|ПВЗ|дог.|контракт|"
        "за счет средств физических лиц|на платной основе|в/б|self-funded|ақылы|хозрасчет|внебюджетная|"
        "по договору об оказании платных образовательных услуг|места с оплатой стоимости",
        "contract_org": "средства юридических лиц|договор (юр. лицо)|договор с предприятием",
        "quota": "квота|по квоте Правительства РФ|гослиния|госквота|квота Россотрудничества|стипендия Правительства РФ",
        "target": "целевая|целевой прием|целевой договор",
        "bolashak": "Болашак|стипендия «Болашак»",
        "kz_other": "грант|мемлекеттік грант",
    }.items() for text in texts.split("|")],
)  # fmt: skip
def test_who_pays(code: str, text: str) -> None:
    one = row({"funding": text}).reading
    assert (one.values["funding"], one.is_rejected) == (code, False)


@pytest.mark.parametrize(
    ("code", "text"),
    [(code, text) for code, texts in {
        "full": "очная|Очно|дневная|күндізгі|full-time|о|ОФО|очная форма|очн|О/О",
        "extra": "заочная|заоч.|сырттай|з|ЗФО|з/о|заочно",
        "part": "очно-заочная|о/з|очно-заочно|оз|вечерняя|ОЗФО|part-time",
    }.items() for text in texts.split("|")],
)  # fmt: skip
def test_the_mode_of_study(code: str, text: str) -> None:
    assert row({"form": text}).reading.values["form"] == code


@pytest.mark.parametrize(
    "text",
    ["3", 3, 3.0, "3 курс", "III", "3-й", "третий", "3к", "курс 3", "3 к.", "Ⅲ", "3 курс (бак.)", "3-курс", "3 year"],
    ids=repr,
)
def test_the_course(text: Any) -> None:
    one = row({"course": text}, person=PEOPLE[7]).reading
    assert (one.values["course"], one.is_rejected) == ("3", False)


@pytest.mark.parametrize(
    ("code", "text"),
    [(code, text) for code, texts in {
        VKO: "ВКО|Восточно-Казахстанская|Восточный Казахстан|г. Усть-Каменогорск|Өскемен|ШҚО|East Kazakhstan|РК, ВКО, г. Алтай",
        ABAI: "Семей|г. Семей|область Абай|Абайская область|ВКО, г. Семей|Семипалатинск",
        NORTH: "СКО|Петропавловск|Северо-Казахстанская обл.|СҚО",
        "": "Казахстан|РК|Республика Казахстан||-|нет данных",
    }.items() for text in texts.split("|")],
)  # fmt: skip
def test_the_region(code: str, text: str) -> None:
    one = row({"region": text}).reading
    assert (one.values["region"], one.is_rejected) == (code, False)
    assert bool(code) is not any(p.field == "region" for p in one.problems), "an unknown region is warned of"


@pytest.mark.parametrize(
    ("code", "text"), [("M", t) for t in ("м", "М.", "муж", "ер", "male", "M", "юноша")] + [("M", ""), ("M", "-"), ("M", "м/ж")]
)
def test_the_sex_or_what_the_number_says_of_it(code: str, text: str) -> None:
    one = row({"sex": text}).reading
    assert (one.values["sex"], one.is_rejected) == (code, False)


@pytest.mark.parametrize(
    ("code", "text"), [("KZ", t) for t in ("РК", "KAZ", "398", "Казахстан (РК)", "гражданин РК", "")] + [("UZ", "Узбекистан")]
)
def test_citizenship(code: str, text: str) -> None:
    one = row({"citizenship": text}).reading
    assert (one.values["citizenship"], one.is_rejected) == (code, False)
    assert (code == "UZ") is any(p.field == "citizenship" for p in one.problems)


def without(*names: str) -> Columns:
    return [(words, name) for words, name in USUAL if name not in names]


def test_without_any_order_the_roster_itself_states_who_studies() -> None:
    one = row({}, without("order")).reading
    assert not one.is_rejected
    assert [(p.field, p.severity) for p in one.problems] == [("order_number", "warning")]
    assert one.checked.registration(1).paper is None


def test_without_level_sex_and_citizenship_columns() -> None:
    one = row({}, without("level", "sex", "citizenship")).reading
    assert (one.values["level"], one.values["sex"], one.values["citizenship"]) == ("bachelor", "M", "KZ")
    assert not one.is_rejected


def test_the_whole_name_under_surname() -> None:
    columns = [("Фамилия", "full_name"), ("Имя", ""), ("Отчество", ""), *without("full_name")]
    one = row({}, columns).reading
    assert [one.values[n] for n in ("last_name", "first_name", "patronymic")] == ["Ахметов", "Данияр", "Серикович"]
    assert not one.is_rejected


@pytest.mark.parametrize("heading", ["Имя", "Name", "Фамилия"])
def test_the_whole_name_under_one_word(heading: str) -> None:
    one = row({}, [(heading, "full_name"), *without("full_name")]).reading
    assert [one.values[n] for n in ("last_name", "first_name", "patronymic")] == ["Ахметов", "Данияр", "Серикович"]


def test_numbers_under_each_others_headings() -> None:
    """Passports under «ИИН» and numbers under «Паспорт»: what stands in the cells decides, and it is said."""
    swapped = {"ИИН": "passport", "Паспорт": "iin"}
    one = row({}, [(words, swapped.get(words, name)) for words, name in USUAL]).reading
    assert (one.values["iin"], one.values["passport"], one.is_rejected) == (ONE.iin, ONE.passport, False)
    assert {c.heading: c.how for c in one.row.columns.values() if c.field in ("iin", "passport")} == {
        "Паспорт": "content",
        "ИИН": "content",
    }
