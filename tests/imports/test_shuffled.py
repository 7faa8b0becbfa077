"""Order of columns and rows, titles above and names of sheets: whatever they are, the same people come out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.imports.rosters import PEOPLE, USUAL, Columns, book, errors, expected, lines, understood
from tests.imports.test_layouts import APART, ENGLISH, KAZAKH

pytestmark = pytest.mark.usefixtures("words")
# «Номер» twice says nothing without what stands above it
NAMED = tuple(
    {"Номер": {"passport": "Номер паспорта"}.get(n, "Номер приказа"), "Дата": "Дата приказа"}.get(w, w) for w, n in APART
)
ALL: tuple[Columns, ...] = (USUAL, KAZAKH, ENGLISH, tuple(zip(NAMED, (n for _, n in APART), strict=True)))
TITLES = (
    "Список студентов", "ФГБОУ ВО «Алтайский государственный университет»", "по состоянию на 01.10.2026", "УТВЕРЖДАЮ", "",
    "Факультет: все", "Приложение 1 к письму № 5 от 02.10.2026", "Всего: 8 чел.",
)  # fmt: skip


@settings(max_examples=40)
@given(data=st.data())
def test_the_same_people_come_out(data: Any) -> None:
    columns = data.draw(st.sampled_from(ALL).flatmap(st.permutations))
    people = data.draw(st.permutations(PEOPLE))
    titles = data.draw(st.lists(st.sampled_from(TITLES), max_size=12))
    place = data.draw(st.integers(0, 3))
    name = data.draw(st.sampled_from(["Лист1", "Студенты", "2 курс", "Sheet", "итог"]))
    rows = [*([title] for title in titles), *([None] * place + line for line in lines(columns, people))]
    found = understood(book(rows, names=[name]))
    assert errors(found) == {}
    told = [{field: row.reading.values.get(field, "") for field in expected(PEOPLE[0])} for row in found]
    assert told == [expected(person) for person in people]
