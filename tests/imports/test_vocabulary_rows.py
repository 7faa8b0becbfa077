"""Rows of a roster that are not people."""

from __future__ import annotations

import datetime as dt

import pytest

from exchange.imports.vocabulary import is_numbering_row, is_signature_row, is_total_row

PERSON = [1, "Ким", "Бекзат", "Сергеевич", "М", "26.02.2003", "030226574704", "N45355143"]
INTERN = ["Директоров Иван Петрович", "040622613476", "практика", "АлтГТУ", dt.date(2026, 4, 19)]
TOTALS = [
    ["Итого: 312 чел.", None, None],
    ["Итого по потоку: 25"],
    [None, "Всего", None, 25],
    ["ВСЕГО СТУДЕНТОВ:", "", "240"],
    ["Барлығы: 25"],
    ["Total", 25],
    ["Итого", None, 12, 5, 7, 0, 24],
    [None, None, "Итого по факультету – 40"],
    ["Жиыны", 4],
    ["в том числе:", None],
    [312, "Итого"],
]
SIGNATURES = [
    [None, "Начальник управления международной деятельности", None, "__________ / А.А. Исполнитель /"],
    ["Декан факультета", "Иванов И.И."],
    ["Исп. Петрова А.А., тел. 29-12-22"],
    ["Подпись ________"],
    ["М.П."],
    ["Ректор"],
    ["Проректор по международной работе", None, "С.С. Сидоров"],
    ["Head of International Office", "J. Smith"],
    ["Бастығы", "А. Ким"],
    ["Ответственный исполнитель: Иванова"],
    ["* данные на 01.10.2026"],
    ["Примечание: список сверен"],
]
SECTIONS = [["2 курс"], [None, "Лечебный факультет", None], ["Группа 421"], ["Очная форма обучения"]]


@pytest.mark.parametrize("row", TOTALS)
def test_totals(row: list[object]) -> None:
    assert is_total_row(row)


@pytest.mark.parametrize("row", SIGNATURES)
def test_signatures(row: list[object]) -> None:
    assert is_signature_row(row)
    assert not is_total_row(row)


@pytest.mark.parametrize("row", SECTIONS)
def test_sections(row: list[object]) -> None:
    assert not is_total_row(row)
    assert not is_signature_row(row)


@pytest.mark.parametrize("row", [PERSON, INTERN, ["Тоталова", "Анна", "Ивановна", "Ж"], ["Ким", "м.", "20.02.2007"], []])
def test_people_and_empty_rows(row: list[object]) -> None:
    assert not is_total_row(row)
    assert not is_signature_row(row)


def test_a_person_called_like_a_post() -> None:
    assert not is_signature_row(["Деканов", "Иван", "Петрович", "м", "20.02.2007", "070220540902"])
    assert not is_signature_row(["Ректоров Иван Петрович", "070220540902"])


def test_numbering_under_the_heading() -> None:
    assert is_numbering_row([1, 2, 3, 4])
    assert is_numbering_row(["1", "2", "3", None, "4"])
    assert not is_numbering_row([1, "Ким", "Бекзат"])
    assert not is_numbering_row([1, 2])
    assert not is_numbering_row([])
    assert not is_numbering_row([7, 8, 9])
