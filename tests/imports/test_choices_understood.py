"""Every text that may be chosen for a word is understood by the recogniser of its field, as the code that was chosen."""

from __future__ import annotations

from typing import Any

import pytest

from exchange.imports import vocabulary_choices as choices
from exchange.imports.decisions import Decisions, Remembered
from exchange.imports.tables import Row
from exchange.imports.words import words_of
from exchange.reference import classifiers
from tests.imports.rosters import lines, xlsx
from tests.imports.test_decisions_of_columns import tables_of

FIELDS = sorted({name for fields in choices.CODED.values() for name in fields} - set(choices.PROGRAMMES))


@pytest.mark.parametrize("field", FIELDS)
def test_what_may_be_chosen_is_understood(field: str) -> None:
    offered = choices.texts(field)
    assert offered
    assert {code: choices.recognise(field, text) for code, text in offered.items()} == {code: code for code in offered}


def test_whole_classifiers_are_offered() -> None:
    known: dict[str, Any] = {
        "form": classifiers.study_forms(), "funding": classifiers.fundings(), "level": classifiers.levels(),
        "status": classifiers.statuses(), "region": classifiers.regions(),
    }  # fmt: skip
    assert {name: set(choices.texts(name)) for name in known} == {name: set(codes) for name, codes in known.items()}
    assert list(choices.texts("sex")) == ["M", "F"]
    assert list(choices.texts("course")) == ["1", "2", "3", "4", "5", "6", "7"]
    assert {"KZ", "RU", "UZ", "KG", "CN", "MN"} <= set(choices.texts("citizenship"))


def test_every_programme_that_may_be_written_is_understood() -> None:
    current = [one for one in classifiers.programmes().values() if not one.legacy]
    assert len(current) > 300
    assert [str(one) for one in current if choices.recognise("programme", str(one)) != one.code] == []


def test_near_programmes_of_a_misspelt_name() -> None:
    assert "40.03.01 Юриспруденция" in dict(choices.near("Юриспруденцыя"))


def test_words_are_counted_as_they_stand_in_the_file_and_dashes_are_no_words() -> None:
    forms = iter(["очка", "очка", "очка", "о/о", "-", "", "нет", "заочка"])
    (table,) = tables_of(xlsx(lines(form=lambda _person: next(forms))))
    assert words_of(table, "students")["form"] == [["очка", 3], ["заочка", 1], ["о/о", 1]]


def test_a_word_is_read_as_it_was_decided() -> None:
    row = Row("Список", 2, {"form": "Дневное-2"}, {})
    Decisions(words={"form": {"дневное 2": "Очная"}}).edit(row, Remembered())
    assert row.cells["form"] == "Очная"
