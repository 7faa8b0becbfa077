"""Codes of programmes and the search for them."""

from __future__ import annotations

import pytest

from exchange.reference.classifiers import is_programme_code, programme_for, programmes, programmes_named, search_programmes


def test_a_known_code() -> None:
    found = programme_for("09.03.01")
    assert found is not None
    assert str(found) == "09.03.01 Информатика и вычислительная техника"
    assert (found.name, found.level_code, found.ugsn_code, found.years, found.legacy) == (
        found.name_ru, "bachelor", "09.00.00", 4, False,
    )  # fmt: skip
    assert found is programmes()["09.03.01"]


@pytest.mark.parametrize(
    "code", ["99.99.99", "09.03.99", "31.05.99", "99.02.01", "09.02.00", "1.1.99", "6.1.1", "", "09.03", "абв", "2.5"]
)
def test_unknown_codes_are_refused_with_any_name(code: str) -> None:
    assert programme_for(code, "Какое-то направление") is None


def test_vocational_codes_are_taken_with_a_name_only() -> None:
    assert programme_for("35.02.05") is None
    found = programme_for("35.02.05", " Агрономия ")
    assert found is not None
    assert (found.name_ru, found.level_code, found.confidence, found.ugsn_code) == ("Агрономия", "spo", "U", "35.00.00")
    worker = programme_for("15.01.05", "Сварщик")
    assert worker is not None
    assert worker.level_code == "spo_worker"


def test_specialties_of_groups_that_the_list_lacks() -> None:
    found = programme_for("2.5.6", "Технология машиностроения")
    assert found is not None
    assert (found.level_code, found.confidence) == ("postgraduate", "U")
    assert programme_for("2.5.6") is None
    assert programme_for("1.1.77", "Выдуманная математика") is None


def test_form_of_codes() -> None:
    assert is_programme_code("09.03.01")
    assert is_programme_code("99.99.99")
    assert is_programme_code("5.2.3")
    assert not is_programme_code("09.03.1")
    assert not is_programme_code("09.03.01 ")
    assert not is_programme_code("27.03.2007")


@pytest.mark.parametrize(
    ("code", "form", "courses"),
    [("09.03.01", None, 4), ("09.03.01", "extra", 5), ("09.04.01", "full", 2), ("31.05.01", None, 6), ("33.05.01", "full", 5)],
)
def test_years_of_study(code: str, form: str | None, courses: int) -> None:
    assert programmes()[code].courses(form) == courses


def test_names() -> None:
    assert programmes_named("лечебное  ДЕЛО")[0].code == "31.05.01"
    assert [one.code for one in programmes_named("Педиатрия")][:2] == ["31.05.02", "31.08.19"]
    assert programmes_named("") == ()


def codes(text: str, level: str | None = None, limit: int = 20) -> list[str]:
    return [one.code for one in search_programmes(text, level, limit)]


def test_search_by_code() -> None:
    assert codes("09.03") == ["09.03.01", "09.03.02", "09.03.03", "09.03.04"]
    assert codes("09.03.") == codes("0903") == codes("09 03") == codes("09.03")
    assert codes("09.03.01 Информатика") == ["09.03.01"]
    assert codes("99.99") == []
    assert len(codes("0", limit=7)) == 7


def test_search_by_words_in_any_order() -> None:
    assert codes("информ прикладн", "bachelor") == ["09.03.03", "01.03.02"]
    assert codes("ТЕХНИКА вычислительная", "bachelor") == ["09.03.01"]
    assert codes("лечебное дело")[0] == "31.05.01"
    assert codes("Химия, прикладная", "specialist") == ["04.05.01"]
    assert codes("легкой промышленности") == codes("лёгкой промышленности") != []
    assert codes("колдовство") == []
    assert codes("") == codes("  ") == codes("...") == []


def test_search_is_narrowed_by_level() -> None:
    assert set(codes("юриспруденция")) >= {"40.03.01", "40.04.01"}
    assert codes("юриспруденция", "master") == ["40.04.01"]


def test_old_codes_stand_last() -> None:
    found = search_programmes("математика и механика", limit=50)
    assert [one.legacy for one in found] == sorted(one.legacy for one in found)
