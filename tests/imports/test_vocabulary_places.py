"""Regions, districts and countries as rosters write them."""

from __future__ import annotations

import pytest

from exchange.imports.vocabulary import citizenship, district, region
from exchange.reference.classifiers import districts, regions

REGIONS = {
    "100000000": "область Абай; Абай облысы; Абай; Абайская область; обл. Абай; Abai Region; г. Семей; Семей; "
    "Семипалатинская область; "
    "Семипалатинск; Восточно-Казахстанская область, г. Семей; ВКО, г. Аягоз; Semey; Курчатов",
    "110000000": "Акмолинская область; Ақмола облысы; Акмолинская обл.; Кокшетау; Целиноградская область; Степногорск; "
    "Akmola region",
    "150000000": "Актюбинская область; Ақтөбе облысы; г. Актобе; Актобе; Aktobe",
    "190000000": "Алматинская область; Алматы облысы; Алматинская обл.; Конаев; г. Қонаев; Алматинская обл, г. Талгар; "
    "Almaty region",
    "230000000": "Атырауская область; Атырау; Гурьевская область",
    "270000000": "Западно-Казахстанская область; ЗКО; БҚО; г. Уральск; Батыс Қазақстан облысы; West Kazakhstan",
    "310000000": "Жамбылская область; Жамбыл облысы; Тараз; Джамбулская область",
    "330000000": "область Жетісу; область Жетысу; Жетісу облысы; Жетысуская область; Талдыкорган; "
    "Алматинская область, г. Талдыкорган; Zhetysu",
    "350000000": "Карагандинская область; Қарағанды облысы; Караганда; Темиртау; г. Балхаш; Karaganda; Карагандинская",
    "390000000": "Костанайская область; Қостанай облысы; Кустанайская область; Рудный; Kostanay",
    "430000000": "Кызылординская область; Қызылорда; Кзыл-Ординская область",
    "470000000": "Мангистауская область; Маңғыстау облысы; Актау",
    "550000000": "Павлодарская область; Павлодар; Павлодар облысы; г. Экибастуз; Pavlodar; Павлодарская обл., г. Аксу; "
    "Павлодарская",
    "590000000": "Северо-Казахстанская область; СКО; СҚО; Петропавловск; Солтүстік Қазақстан облысы; North Kazakhstan Region",
    "610000000": "Туркестанская область; Түркістан облысы; Южно-Казахстанская область; ЮКО; Туркестан; Чимкентская область",
    "620000000": "область Улытау; область Ұлытау; Ұлытау облысы; Жезказган; Джезказганская область; "
    "Карагандинская обл., г. Сатпаев",
    "630000000": "Восточно-Казахстанская область; ВКО; ШҚО; Шығыс Қазақстан облысы; Вост.-Казахстанская обл.; "
    "Усть-Каменогорск; Өскемен; "
    "г. Риддер; East Kazakhstan; РК, ВКО, г. Усть-Каменогорск; ВКО г. Риддер ул. Мира 5; Глубоковский район; "
    "Республика Казахстан, Восточно-Казахстанская область, Уланский район; Зыряновск; Oskemen; Восточно Казахстанская обл",
    "710000000": "г. Астана; Астана қаласы; Астана; Нур-Султан; г. Нұр-Сұлтан; Astana; Акмолинская обл., г. Астана",
    "750000000": "г. Алматы; Алматы; Алматы қаласы; Алма-Ата; Almaty; Almaty city; Алматинская область, г. Алматы",
    "790000000": "г. Шымкент; Шымкент; Чимкент; ЮКО, г. Шымкент; Shymkent",
}
CASES = [(text.strip(), code) for code, texts in REGIONS.items() for text in texts.split(";")]


@pytest.mark.parametrize(("text", "code"), CASES)
def test_region(text: str, code: str) -> None:
    assert region(text) == code


@pytest.mark.parametrize(
    "text",
    ["", None, "-", "Алтайский край", "Барнаул", "Россия", "Казахстан", "РК", "нет данных", "область", 5, "Абайский район"],
)
def test_no_region(text: object) -> None:
    assert region(text) is None


@pytest.mark.parametrize("code", list(regions()))
def test_official_names_of_every_region(code: str) -> None:
    item = regions()[code]
    assert region(item.name_ru) == region(item.name_kk) == region(item.name_en) == region(item.name_ru.upper()) == code


def test_short_names_of_the_map() -> None:
    assert {code: region(item.short_ru) for code, item in regions().items()} == {code: code for code in regions()}


@pytest.mark.parametrize(
    ("text", "region_code", "code"),
    [
        ("Глубоковский район", None, "634000000"),
        ("Глубоковский р-н", None, "634000000"),
        ("Абайский район", "100000000", "103200000"),
        ("Абайский район", None, None),
        ("район Алтай", "630000000", "634800000"),
        ("г. Риддер", None, "632400000"),
        ("Риддер", "550000000", None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_district(text: object, region_code: str | None, code: str | None) -> None:
    assert district(text, region_code) == code


def test_every_district_is_found_inside_its_region() -> None:
    lost = [item.name_ru for code, item in districts().items() if district(item.name_ru, item.region_code) != code]
    assert lost == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("КАЗ", "KZ"), ("РК", "KZ"), ("Казахстан", "KZ"), ("Республика Казахстан", "KZ"), ("Қазақстан", "KZ"), ("ҚР", "KZ"),
        ("KAZ", "KZ"), ("Kazakhstan", "KZ"), (398, "KZ"), ("гражданин РК", "KZ"), ("казахстанское", "KZ"),
        ("РФ", "RU"), ("Россия", "RU"), ("Российская Федерация", "RU"), ("Ресей", "RU"), ("Узбекистан", "UZ"),
        ("Кыргызстан", "KG"),
        ("Монголия", "MN"), ("РК/РФ", None), ("", None), ("да", None),
    ],
)  # fmt: skip
def test_citizenship(text: object, code: str | None) -> None:
    assert citizenship(text) == code
