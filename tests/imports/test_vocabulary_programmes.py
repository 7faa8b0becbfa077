"""Programmes as rosters give them: by code, by name, by both in one cell."""

from __future__ import annotations

import datetime as dt

import pytest

from exchange.imports.vocabulary import WARNINGS, programme, similar_programmes


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("09.03.01", "Информатика и вычислительная техника", "09.03.01"),
        ("09.03.01 Информатика и вычислительная техника", None, "09.03.01"),
        (None, "09.03.01 Информатика и вычислительная техника", "09.03.01"),
        ("40.03.01 – Юриспруденция", "", "40.03.01"),
        ("Юриспруденция (40.04.01)", "", "40.04.01"),
        ("09.03.01_Информатика и ВТ", "", "09.03.01"),
        ("04.05.01 Фундаментальная и прикладная химия", None, "04.05.01"),
        (" 31.05.01", "Лечебное дело", "31.05.01"),
        ("380301", "Экономика", "38.03.01"),
        (80301, "Строительство", "08.03.01"),
        ("1.1.6", "Вычислительная математика", "1.1.6"),
        ("09.03.01", "", "09.03.01"),
        ("09.03.03", "Прикладная информатика (в экономике)", "09.03.03"),
        (dt.datetime(2002, 3, 1), "Прикладная математика и информатика", "01.03.02"),  # noqa: DTZ001
    ],
)
def test_by_code(code: object, name: object, expected: str) -> None:
    found, problem = programme(code, name)
    assert found is not None
    assert (found.code, problem) == (expected, None)


@pytest.mark.parametrize(
    ("name", "level", "course", "expected", "problem"),
    [
        ("Лечебное дело", None, None, "31.05.01", None),
        ("Стоматология", None, 5, "31.05.03", None),
        ("Фармация", None, 5, "33.05.01", None),
        ("Педиатрия", None, None, "31.05.02", None),
        ("Педиатрия", "residency", None, "31.08.19", None),
        ("Медико-профилактическое дело", None, 4, "32.05.01", None),
        ("медико - профилактическое дело", None, None, "32.05.01", None),
        ("Юриспруденция", "master", None, "40.04.01", None),
        ("Юриспруденция", "bachelor", None, "40.03.01", None),
        ("Юриспруденция", None, None, "40.03.01", "level_assumed"),
        ("Юриспруденция", None, 4, "40.03.01", None),
        ("Прикладная информатика (в экономике)", "bachelor", None, "09.03.03", None),
        ("Востоковедение и африканистика", "bachelor", None, None, "ambiguous_name"),
        ("Лечебное дело", "bachelor", None, None, "level_mismatch"),
        ("Алхимия и астрология", None, None, None, "unknown_name"),
        ("", None, None, None, "empty"),
        ("-", None, None, None, "empty"),
        (None, None, None, None, "empty"),
    ],
)
def test_by_name(name: object, level: str | None, course: int | None, expected: str | None, problem: str | None) -> None:
    found, said = programme(None, name, level, course)
    assert (found.code if found else None, said) == (expected, problem)


def test_unknown_code_is_refused_whatever_its_name() -> None:
    assert programme("99.99.99 Несуществующее направление") == (None, "unknown_code")
    assert programme("99.99.99", "Юриспруденция") == (None, "unknown_code")
    assert programme("09.03.99", "Информатика") == (None, "unknown_code")
    assert programme("99.02.01", "Колдовство") == (None, "unknown_code")
    assert programme("31.02.99", "") == (None, "unknown_code")


def test_level_and_code() -> None:
    found, problem = programme("09.03.04", None, "master")
    assert found is not None
    assert (found.code, problem) == ("09.03.04", "level_mismatch")
    assert programme("09.04.01", None, "master")[1] is None


def test_vocational_code_that_the_list_lacks_is_taken_with_a_warning() -> None:
    found, problem = programme("35.02.05", "Агрономия", "spo")
    assert found is not None
    assert (found.code, found.name_ru, found.level_code) == ("35.02.05", "Агрономия", "spo")
    assert (found.confidence, problem) == ("U", "unlisted")
    assert problem in WARNINGS


def test_name_that_contradicts_its_code_is_told() -> None:
    found, problem = programme("09.03.01", "Юриспруденция")
    assert found is not None
    assert (found.code, problem) == ("09.03.01", "name_mismatch")
    assert problem in WARNINGS


def test_suggestions() -> None:
    assert [one.code for one in similar_programmes("99.99.99")] == []
    assert similar_programmes("09.03.09 Программная инженерия")[0].code == "09.03.04"
    assert "31.05.01" in [one.code for one in similar_programmes("Лечебное дила")]
    assert similar_programmes("прикл информ", "bachelor")[0].code == "09.03.03"
    assert similar_programmes("") == []
