"""Names in three scripts: tidying, taking apart, sorting, searching."""

from __future__ import annotations

import unicodedata

import pytest

from exchange.people.names import (
    MixedScripts,
    fold,
    from_wrong_layout,
    initials,
    is_name,
    is_nothing,
    latin,
    looks_like_patronymic,
    mixed_scripts,
    normalise,
    search_key,
    skeleton,
    split_full_name,
)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ҚҰРМАНҒАЗИНА", "Құрманғазина"), ("ахметова", "Ахметова"), ("  Ахметова  ", "Ахметова"),
        ("АХМЕТОВА-КИМ", "Ахметова-Ким"),
        ("Ахметова \u2013 Ким", "Ахметова-Ким"), ("ЕРЖАН ҰЛЫ", "Ержан ұлы"), ("ВАГИФ ОГЛЫ", "Вагиф оглы"),
        ("Ержан ұлы", "Ержан ұлы"),
        ("О\u2019КОННОР", "О'Коннор"), ("МакДональд", "МакДональд"), ("Нур\u00a0 Султан", "Нур Султан"),
        ("KASSYMOV", "Kassymov"),
        ("", ""), ("   ", ""), ("О.В.", "О.В."), ("ӘЛІМЖАНОВ", "Әлімжанов"), ("Ах\u200bметов", "Ахметов"), ("ЦОЙ", "Цой"),
    ],
    ids=range(18),
)  # fmt: skip
def test_tidied(typed: str, kept: str) -> None:
    assert normalise(typed) == kept
    assert normalise(kept) == kept


def test_composed_letters_and_nothing() -> None:
    assert normalise(unicodedata.normalize("NFD", "Цой Йёлкин")) == "Цой Йёлкин"
    assert normalise(None) == ""


@pytest.mark.parametrize(
    "name",
    ["Ким", "Құрманғалиев", "Ахметова-Ким", "О'Коннор", "О\u2019Коннор", "Ержан ұлы", "Kassymov", "Ы", "Әлі Нұр Сұлтан"],
)
def test_names(name: str) -> None:
    assert is_name(name)


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://x")', "Ахметова2", "<b>Ким</b>", "-", "", " ", "'", "Ольга.", "А.С.", "李小龙", "Ким\nЛи;", "+7777",
        "@SUM",
        "а" * 101, "а" * 10_000, "Ким_Ли", "а" * 99 + "!", "Αλέξης", "Ким\x00",
    ],
    ids=range(19),
)  # fmt: skip
def test_what_is_no_name(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize(
    "text", ["", None, "-", "\u2014", " - ", "нет", "Нет.", "б/о", "жоқ", "н/д", "без отчества", "---", "N/A"]
)
def test_nothing(text: str | None) -> None:
    assert is_nothing(text)


@pytest.mark.parametrize("text", ["Ким", "0", "нетак", "Нетова"])
def test_something(text: str) -> None:
    assert not is_nothing(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Ким", ("Ким", "", None)),
        ("Ахметова Айгерим", ("Ахметова", "Айгерим", None)),
        ("Петренко Диана Маратовна", ("Петренко", "Диана", "Маратовна")),
        ("КАСЫМОВ ДИЯР АСКАРОВИЧ", ("Касымов", "Дияр", "Аскарович")),
        ("Қасымов Дияр Асқарұлы", ("Қасымов", "Дияр", "Асқарұлы")),
        ("Әлімжанов Бекзат Ержан ұлы", ("Әлімжанов", "Бекзат", "Ержан ұлы")),
        ("Мамедов Али Вагиф ОГЛЫ", ("Мамедов", "Али", "Вагиф оглы")),
        ("Ахметова-Ким Айгерим Сериковна", ("Ахметова-Ким", "Айгерим", "Сериковна")),
        ("Ахметова - Ким Айгерим", ("Ахметова-Ким", "Айгерим", None)),
        ("Сулейменова Ким Айгерим Асановна", ("Сулейменова Ким", "Айгерим", "Асановна")),
        ("Айгерим Сериковна Ахметова", ("Ахметова", "Айгерим", "Сериковна")),
        ("Лапина О.В.", ("Лапина", "О.", "В.")),
        ("О. В. Лапина", ("Лапина", "О.", "В.")),
        ("Лапина О.", ("Лапина", "О.", None)),
        ("Ахметова (Ким) Айгерим", ("Ахметова", "Айгерим", None)),
        ("Ахметова, Айгерим", ("Ахметова", "Айгерим", None)),
        ("Ким Бекзат -", ("Ким", "Бекзат", None)),
        ("Ким Бекзат нет", ("Ким", "Бекзат", None)),
        ("Akhmetova Aigerim", ("Akhmetova", "Aigerim", None)),
        ("", ("", "", None)),
        (None, ("", "", None)),
    ],
    ids=range(21),
)
def test_taken_apart(text: str | None, parts: tuple[str, str, str | None]) -> None:
    assert split_full_name(text) == parts


def test_patronymics() -> None:
    assert all(map(looks_like_patronymic, ["Сергеевна", "Ильинична", "Ерланұлы", "Маратқызы", "Кузьмич", "СЕРГЕЕВИЧ"]))
    assert not any(map(looks_like_patronymic, ["Айгерим", "Ким", "Ахметова", "Ұлы"]))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Aхметова", MixedScripts("A", 0, "Ахметова", is_latin_in_cyrillic=True)),
        ("Әлiхан", MixedScripts("i", 2, "Әліхан", is_latin_in_cyrillic=True)),
        ("Ким Aлия", MixedScripts("A", 4, "Ким Алия", is_latin_in_cyrillic=True)),
        ("Kassуmov", MixedScripts("у", 4, "Kassymov", is_latin_in_cyrillic=False)),
        ("Nurлан", MixedScripts("Nur", 0, None, is_latin_in_cyrillic=True)),
        ("Ахметова", None),
        ("Akhmetova", None),
        ("Ким Kim", None),
        ("", None),
    ],
    ids=range(9),
)
def test_mixed_scripts(text: str, found: MixedScripts | None) -> None:
    assert mixed_scripts(text) == found


def test_folded_for_sorting() -> None:
    assert fold("Құрманғалиев") == fold("Курмангалиев") == "курмангалиев"
    assert fold("ӘҒҚҢӨҰҮҺІЁ әғқңөұүһіё") == "агкноуухие" * 2
    assert fold("Ахметова-Ким О'Коннор") == "ахметовакимоконнор"
    names = ["Цой", "Әлімжанов", "Борисов", "Қасымов", "Ли"]
    assert sorted(names, key=fold) == ["Әлімжанов", "Борисов", "Қасымов", "Ли", "Цой"]


GROUPS = """
Құрманғалиев Курмангалиев Kurmangaliyev Kurmangaliev
Ахметова Akhmetova Ahmetova
Қасымов Касымов Kassymov Kasymov Qasymov
Ерасыл Yerassyl Erasyl Yerasyl
Жұмабаева Жумабаева Zhumabayeva Zhumabaeva Jumabaeva
Сейтқали Сейткали Seitkali Seytkali
Юлия Yuliya Iuliia
Мария Mariya Mariia Maria
Щербакова Shcherbakova
Цой Tsoy Tsoi
Хамитов Khamitov Hamitov
Шыңғыс Shyngys
Нұрсұлтан Нурсултан Nursultan
Дінмұхамед Динмухамед Dinmukhamed Dinmuhamed
Өмірбеков Омирбеков Omirbekov
Әлия Алия Aliya Aliia
Гүлмира Гульмира Gulmira
Екатерина Ekaterina Yekaterina
Ғалымжан Галымжан Galymzhan Galymjan
Мөлдір Молдир Moldir
Рахымжанов Рахимжанов Rakhymzhanov
Ысқақова Искакова Iskakova Yskakova
Наталья Наталия Natalya Nataliya
Андреев Andreyev Andreev
Алексеева Alekseyeva Alexeyeva
Сергей Sergey Sergei
Дмитрий Dmitriy Dmitry Dmitrii
Әбдіқалықов Абдикалыков Abdikalykov
Байғожин Байгожин Baigozhin Baygozhin
Артём Артем Artem
Шмидт Schmidt Shmidt
"""


@pytest.mark.parametrize("group", [line.split() for line in GROUPS.strip().splitlines()], ids=lambda group: group[-1])
def test_one_key_for_three_scripts(group: list[str]) -> None:
    keys = {skeleton(name) for name in group}
    assert len(keys) == 1, {name: skeleton(name) for name in group}
    assert keys.pop().isascii()
    assert {skeleton(name.upper()) for name in group} == {skeleton(group[0])}
    assert {skeleton(unicodedata.normalize("NFD", name)) for name in group} == {skeleton(group[0])}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Касымов", "Кашимов"), ("Ким", "Ли"), ("Асанов", "Ашанов"), ("Байтасов", "Батасов"), ("Искаков", "Исхаков"),
        ("Жанар", "Занар"),
    ],
)  # fmt: skip
def test_different_names_keep_different_keys(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


def test_key_is_plain_letters() -> None:
    assert skeleton("Ахметова-Ким О'Коннор, ІІ 25 <b>") == "akhmetovakimokonorib"
    assert skeleton("") == skeleton("-- 12") == ""


NAMES = """
Абдикалыков Абдикалыкова Абилов Агабекова Адилет Ажар Азамат Айбек Айгерім Айгуль Айдана Айжан Айнур Айсұлу Айша Акбота Алдияр
Алдоңғаров Александра Алексеев Алимжанов Алина Алихан Алия Алмас Алтынай Аманжолов Амина Амирхан Анастасия Андреева Анель Аружан
Асель Асхат Асылбек Ахметжанов Ахметова Аяулым Аян Әбдіқалықов Әділ Әлихан Әлімжанова Әнуар Бағдат Байғожин Байтұрсынов Балнұр
Батырхан Бауыржан Бахыт Бейсенбаев Бекзат Болат Бөкейхан Валиева Виктория Владислав Вячеслав Галымжан Гүлмира Гульнара Ғабит
Ғалымжан Ғани Дамир Дана Данияр Дария Дәурен Диана Дильназ Динара Дінмұхамед Дмитриев Досжан Дүйсенова Евгений Екатерина Елена
Ерасыл Ержан Ерлан Ермекова Есенгельды Есімханов Жайна Жақсылықов Жандос Жанерке Жанибек Жансая Жаңабаев Жасұлан Жәнібек
Женисова Жибек Жұлдыз Жұмабаева Жүніс Зарина Зейнолла Зере Зоя Зульфия Ибраев Иванова Игорь Ильяс Индира Инжу Инкар Исаев
Искакова Исмаил
Іңкәр Кабдолла Каирбеков Камила Каримов Карлыгаш Касымов Кенжебек Ким Климов Константин Кузнецов Куаныш Кулиев Кәмшат Кәрім
Қабдрахман Қайрат Қарлығаш Қасымов Қожахмет Қуаныш Құрманғалиев Лаура Ли Ляззат Любовь Мадина Мақсат Малика Марат Мариям Мейірім
Мөлдір Муканова Муратбек Мұқанова Мұхаметжан Назгүл Назым Нұрбол Нұрғалиев Нұрсұлтан Олжас Ольга Омирбеков Оразбаева Өмірбеков
Павлов Пак Петренко Пшенбаева Рахымжанов Руслан Сабыржан Санжар Сапаров Сауле Сәбит Сәкен Сейтқазинов Серік Смағұлов Софья
Сұлтанбек Сүлейменов Талғат Тимур Тілеубердин Тоқтаров Төлегенова Тұрсын Улпан Ұлан Үміт Фарида Фатима Хамитов Хан Хасен Цой
Чингиз Шаймерден Шарипова Шәкәрім Шмидт Шолпан Шыңғыс Щербакова Эльмира Юлия Юсупов Ягудин Якубова Яна
"""


def passport_and_back(name: str) -> set[str]:
    """Writings in which one may look for a name: as it is, folded to Russian letters, as in a passport."""
    return {name, fold(name).capitalize(), latin(name)}


def test_every_beginning_finds_the_name() -> None:
    """A search by prefix finds a name after each of its letters from the third on, in any script.

    A Latin ending of two signs that stand for one letter (ж is z and h) is found after the first of them too: its key begins
    with the key of that first letter.
    """
    names = NAMES.split()
    assert len(names) >= 200
    lost = [
        (name, written[:length])
        for name in names
        for written in passport_and_back(name)
        for length in range(3, len(written) + 1)
        if not (key := search_key(written[:length])) or not skeleton(name).startswith(key)
    ]
    assert lost == []


@pytest.mark.parametrize("nobody", ["zzz", "zzzzzzzzzzzz", "zz", "ЗЗ", "сс-с", "Жжжанна", "zzhzzz", "аааа", "ььь", "''", "--"])
def test_what_is_no_beginning_of_a_name_finds_nobody(nobody: str) -> None:
    """«zzz» is not the same as «z»: it would find every З and Ж."""
    assert search_key(nobody) == ""


@pytest.mark.parametrize("written", ["z", "ж", "Zh", "Ye", "Gh", "аа", "Аль", "Kassym", "Ілияс", "Сыйымбек", "Анна"])
def test_a_short_or_doubled_beginning_still_finds(written: str) -> None:
    assert search_key(written) == skeleton(written) != ""


def test_one_search_finds_all_writings() -> None:
    assert {search_key(word) for word in ("Жанна", "zhanna", "Janna", "Jeanna", "ЖАНА")} == {skeleton("Жанна")}
    assert {search_key(word) for word in ("Құрманғалиев", "курмангалиев", "kurmangaliyev")} == {skeleton("Құрманғалиев")}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("rfcsvjd", "касымов"), ("f[vtnjdf", "ахметова"), ("Rbv", "ким"), ("лфыньщм", "kasymov"), ("", ""), ("2026", "2026")],
)
def test_wrong_keyboard(typed: str, meant: str) -> None:
    assert from_wrong_layout(typed) == meant


@pytest.mark.parametrize(
    ("name", "proposal"),
    [
        ("Ахметова", "Akhmetova"), ("Касымов", "Kassymov"), ("Қасымов", "Kassymov"), ("Жумабаева", "Zhumabayeva"),
        ("Мухаметжанова", "Mukhametzhanova"), ("Ерасыл", "Yerassyl"), ("Айгерім", "Aigerim"), ("Данияр", "Daniyar"),
        ("Анастасия", "Anastassiya"), ("Дуйсенова", "Duisenova"), ("Кулиев", "Kuliyev"), ("Цой", "Tsoy"),
        ("Щербакова", "Shcherbakova"),
        ("Жансая", "Zhansaya"), ("Карлыгаш", "Karlygash"), ("Дінмұхамед", "Dinmukhamed"), ("КАСЫМОВ", "KASSYMOV"),
        ("ЖАН", "ZHAN"),
        ("Ахметова-Ежова", "Akhmetova-Yezhova"), ("Максим", "Maxim"), ("Гульмира", "Gulmira"), ("Наталья", "Natalya"),
        ("Kim", "Kim"), ("", ""),
    ],
)  # fmt: skip
def test_latin_as_in_passports(name: str, proposal: str) -> None:
    assert latin(name) == proposal


def test_initials() -> None:
    assert initials("Ахметова", "Айгерим", "Сериковна") == "Ахметова А. С."
    assert initials("Ахметова", "Айгерим") == initials("Ахметова", "Айгерим", "") == "Ахметова А."
    assert initials("Ким", "", None) == "Ким"
