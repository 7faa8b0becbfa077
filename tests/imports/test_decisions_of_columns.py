"""What the page of columns makes of an upload, and what an answer to it becomes: without the site, on kept columns."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from exchange.imports import actions, columns, tables, vocabulary
from exchange.imports.decisions import Decisions, Remembered
from exchange.imports.matching import Matching

pytestmark = pytest.mark.usefixtures("words")
TODAY = dt.date(2026, 11, 23)


def tables_of(content: bytes) -> list[tables.Table]:
    return tables.find(actions.read(content), lambda heading: vocabulary.recognise_heading(heading, "students"))


def kept(*cells: tuple[str, str | None, str], sheet: str = "Список", **words: list[list[Any]]) -> dict[str, Any]:
    """A table as it is kept: (heading, field, how) of each column from A, each with a sample."""
    return {
        "sheet": sheet,
        "columns": [
            {"letter": "ABCDEFGHIJKLMN"[number], "heading": heading, "field": name, "how": how, "samples": ["x"]}
            for number, (heading, name, how) in enumerate(cells)
        ],
        "words": words,
    }


def heading(*names: str) -> list[tuple[str, str | None, str]]:
    return [(f"столбец {name}", name, "heading") for name in names]


WHOLE = ("full_name", "born", "iin", "programme", "form", "funding")


def page(*sheets: dict[str, Any], said: Decisions | None = None, earlier: Remembered | None = None) -> Matching:
    return Matching.of(list(sheets), "students", said or Decisions(), earlier or Remembered())


def answered(matching: Matching, **form: str) -> Matching:
    matching.take({name.replace("__", "-"): text for name, text in form.items()}, TODAY)
    return matching


def test_a_whole_table_asks_nothing() -> None:
    whole = kept(*heading(*WHOLE))
    assert not columns.asks([whole], "students", Decisions(), Remembered())
    assert columns.tally([whole], "students") == (6, 6)
    assert page(whole).lacks == []


@pytest.mark.parametrize(
    ("without", "said"),
    [
        ("full_name", "ФИО"), ("born", "Дата рождения"), ("programme", "Направление"), ("form", "Форма обучения"),
        ("funding", "Оплата"),
    ],
)  # fmt: skip
def test_a_needed_field_without_a_column(without: str, said: str) -> None:
    table = kept(*heading(*(name for name in WHOLE if name != without)))
    assert columns.asks([table], "students", Decisions(), Remembered())
    assert [lack.sentence for lack in page(table).lacks] == [f"Не выбран столбец для поля «{said}»"]


def test_a_number_may_be_of_the_person_or_of_the_document() -> None:
    names = [name for name in WHOLE if name != "iin"]
    assert page(kept(*heading(*names, "passport", "sex"))).lacks == []
    assert [lack.field for lack in page(kept(*heading(*names))).lacks] == ["iin", "sex"]


def test_a_sheet_that_lacks_what_another_has_is_named() -> None:
    whole, poor = kept(*heading(*WHOLE), sheet="Первый"), kept(*heading(*WHOLE[:-1]), sheet="Второй")
    assert [lack.sentence for lack in page(whole, poor).lacks] == ["Не выбран столбец для поля «Оплата» на листе Второй"]


def test_one_value_for_all_rows_stands_for_a_column() -> None:
    matching = answered(page(kept(*heading(*WHOLE[:-1]))), all__funding="Бюджет РФ, общий приём")
    assert matching.errors == []
    assert matching.decisions().everywhere == {"funding": "Бюджет РФ, общий приём"}


def test_a_value_that_nobody_understands_is_refused_at_its_field() -> None:
    matching = answered(page(kept(*heading(*WHOLE[:-1]))), all__funding="по дружбе")
    assert [place for place, _ in matching.errors] == ["all-funding"]
    matching = answered(page(kept(*heading(*WHOLE))), all__order="приказ")
    assert matching.errors == [("all-order", "Напишите номер и дату приказа, например «№ 123/с от 20.08.2026»")]
    matching = answered(page(kept(*heading(*WHOLE))), all__order="№ 5 от 20.08.2026")
    assert matching.decisions().everywhere == {"order": "№ 5 от 20.08.2026"}


def test_two_columns_for_one_field() -> None:
    matching = answered(page(kept(*heading(*WHOLE), ("Номер", None, "none"))), c0__G="iin")
    assert matching.errors == [("c0-G", "Для поля «ИИН» выбраны два столбца: C и G. Оставьте один")]
    matching = page(kept(*heading(*WHOLE), ("Номер", None, "none"), ("Ещё", None, "none")))
    answered(matching, c0__G="iin", c0__H="iin")
    assert matching.errors == [("c0-H", "Для поля «ИИН» выбраны столбцы: C, G и H. Оставьте один")]


def test_what_stood_open_is_decided_by_leaving_it_and_the_rest_is_not() -> None:
    table = kept(*heading(*WHOLE), ("Цвет", None, "none"), ("Тел", "phone", "content"))
    matching = answered(page(table), c0__G="", c0__H="phone", c0__B="born")
    assert matching.decisions().columns == {"Список": {"G": "", "H": "phone"}}
    assert matching.headings() == {"Цвет": "", "Тел": "phone"}


def test_a_heading_with_two_meanings_in_a_file_is_not_remembered() -> None:
    table = kept(*heading(*WHOLE), ("Дата", None, "none"), ("Дата", "order_date", "content"))
    matching = answered(page(table), c0__G="document_issued_on")
    assert matching.decisions().columns == {"Список": {"G": "document_issued_on", "H": "order_date"}}
    assert matching.headings() == {}


def test_a_field_that_does_not_exist_changes_nothing() -> None:
    matching = answered(page(kept(*heading(*WHOLE))), c0__A="organisation_id")
    assert matching.errors == []
    assert matching.decisions().stored() == {}


def word_names(matching: Matching) -> dict[str, str]:
    return {word.text: word.name for word in matching.words}


def test_a_word_is_decided_once_for_all_its_rows() -> None:
    table = kept(*heading(*WHOLE), form=[["очка", 148], ["хз", 3]])
    matching = page(table)
    assert {word.text: (word.state, word.meaning, word.count) for word in matching.words} == {
        "очка": ("known", "Очная", 148), "хз": ("unknown", "", 3),
    }  # fmt: skip
    assert columns.asks([table], "students", Decisions(), Remembered())
    name = word_names(matching)["хз"]
    matching.take({f"w-{name}": "Заочная", f"k-{name}": "1"}, TODAY)
    assert matching.decisions().words == {"form": {"хз": "Заочная"}}
    assert matching.learned() == {("form", "хз"): "Заочная"}


def test_without_the_tick_a_word_is_decided_for_this_upload_only() -> None:
    matching = page(kept(*heading(*WHOLE), form=[["хз", 3]]))
    matching.take({f"w-{word_names(matching)['хз']}": "Заочная"}, TODAY)
    assert matching.decisions().words == {"form": {"хз": "Заочная"}}
    assert matching.learned() == {}


def test_a_choice_is_taken_back_by_choosing_nothing() -> None:
    matching = page(kept(*heading(*WHOLE), form=[["хз", 3]]), said=Decisions(words={"form": {"хз": "Заочная"}}))
    assert matching.words[0].state == "chosen"
    matching.take({f"w-{word_names(matching)['хз']}": ""}, TODAY)
    assert matching.decisions().words == {}


def test_what_was_remembered_is_said_and_can_be_decided_otherwise() -> None:
    earlier = Remembered(words={"form": {"о о": "Заочная"}})
    table = kept(*heading(*WHOLE), form=[["о/о", 3]])
    matching = page(table, earlier=earlier)
    assert (matching.words[0].state, matching.words[0].meaning) == ("remembered", "Заочная")
    name = word_names(matching)["о/о"]
    matching.take({f"w-{name}": "Заочная", f"k-{name}": "1"}, TODAY)
    assert matching.decisions().words == {}
    matching.take({f"w-{name}": "Очная"}, TODAY)
    assert matching.learned() == {}
    matching.take({f"w-{name}": "Очная", "keep": "1"}, TODAY)
    assert matching.decisions().words == {"form": {"о о": "Очная"}}
    assert matching.learned() == {("form", "о/о"): "Очная"}


def test_only_what_a_row_may_lack_is_read_as_empty() -> None:
    matching = page(kept(*heading(*WHOLE, "region"), form=[["хз", 3]], region=[["где-то", 2]]))
    names = word_names(matching)
    matching.take({f"w-{names['где-то']}": "-", f"w-{names['хз']}": "-"}, TODAY)
    assert matching.decisions().words == {"region": {"где то": ""}}
    assert [place for place, _ in matching.errors] == [f"w-{names['хз']}"]


def test_a_programme_may_be_written() -> None:
    matching = page(kept(*heading(*WHOLE), programme=[["Юриспруденцыя", 4]]))
    assert "40.03.01 Юриспруденция" in dict(matching.words[0].options)
    name = word_names(matching)["Юриспруденцыя"]
    matching.take({f"w-{name}": "", f"t-{name}": "40.03.01"}, TODAY)
    assert matching.decisions().words == {"programme": {"юриспруденцыя": "40.03.01"}}
    matching.take({f"w-{name}": "", f"t-{name}": "хиромантия"}, TODAY)
    assert matching.errors[-1][0] == f"w-{name}"


def test_a_cell_of_several_facts_is_shown_apart() -> None:
    table = kept(("ФИО", "full_name", "heading"), ("Приказ", "order", "heading"), ("Направление", "programme", "heading"))
    for column, sample in zip(
        table["columns"],
        ("Ахметов Данияр Серикович", "№ 123/с от 15.08.2025", "09.03.01 Информатика и вычислительная техника"),
        strict=True,
    ):
        column["samples"] = [sample]
    told = [
        (line.letter, [(str(name), value) for name, value in parts]) for line, _, parts in columns.splits(page(table).sheets)
    ]
    assert told == [
        ("A", [("Фамилия", "Ахметов"), ("Имя", "Данияр"), ("Отчество", "Серикович")]),
        ("B", [("Номер приказа", "123/с"), ("Дата приказа", "15.08.2025")]),
        ("C", [("Код направления", "09.03.01"), ("Название направления", "Информатика и вычислительная техника")]),
    ]


def test_a_period_is_shown_apart() -> None:
    table = kept(("Срок", "period", "heading"))
    table["columns"][0]["samples"] = ["01.06.2026 – 28.06.2026"]
    sheets = columns.sheets_of([table], "interns")
    assert [[value for _, value in parts] for _, _, parts in columns.splits(sheets)] == [["01.06.2026", "28.06.2026"]]


@pytest.mark.parametrize("kind", ["students", "interns"])
def test_every_field_of_a_list_can_be_chosen_once(kind: str) -> None:
    offered = [name for _, fields in columns.field_groups(kind) for name, _ in fields]
    assert len(offered) == len(set(offered))
    needed = {fields[0] for fields in columns.REQUIRED[kind]}
    assert needed <= set(offered)


def test_decisions_survive_being_kept() -> None:
    said = Decisions(everywhere={"form": "Очная"}, by="А. Петров", at="2026-11-23T10:00:00+00:00")
    assert Decisions.kept(said.stored()) == said
    assert Decisions().stored() == {}
