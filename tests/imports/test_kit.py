"""The registry's own templates: every word of them is understood, the example is nobody, the stamp is heeded."""

from __future__ import annotations

import datetime as dt
import io
import random
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from exchange.imports import actions, checking, keys, vocabulary
from exchange.imports.checking import OtherList, Understood
from exchange.imports.kit import stamp as stamps
from exchange.imports.kit import vocabulary as words
from exchange.imports.kit.columns import layout
from exchange.imports.kit.records import Row
from exchange.imports.kit.workbook import template
from exchange.imports.student_kind import StudentKind
from exchange.imports.vocabulary_regions import country_names
from exchange.internships.vocabulary import outcome_of
from exchange.reference import classifiers
from exchange.spreadsheets.book import Book, SheetRead
from exchange.spreadsheets.entry import EXAMPLE_ROW, FIRST_ROW, write_entry
from tests.imports.generated import Roll, as_row, in_memory, is_said, someone
from tests.imports.rosters import TODAY

pytestmark = pytest.mark.usefixtures("words")
ASU = ("ASU", "АлтГУ")


def made(kind: str = "students", rows: list[Row] | None = None, day: dt.date = TODAY) -> bytes:
    stream = io.BytesIO()
    write_entry(template(kind, ASU, day, rows), stream)
    return stream.getvalue()


def understood(content: bytes | Book, name: str = "list.xlsx") -> Understood:
    book = content if isinstance(content, Book) else actions.read(content)
    return checking.understand(StudentKind(), None, book, name, TODAY)


def edited(content: bytes, edit: Callable[[Any], None]) -> bytes:
    """As somebody saves it from another program."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    edit(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("kind", ["students", "interns"])
def test_every_heading_is_known_by_heart(kind: str) -> None:
    for name, heading in (words.STUDENT_HEADINGS if kind == "students" else words.INTERN_HEADINGS).items():
        found, trust = vocabulary.recognise_heading(heading, kind)[0]
        assert (found, trust >= 0.9) == (name, True), heading


def test_every_word_of_a_list_means_its_code() -> None:
    recognisers: dict[str, Any] = {
        "level": (vocabulary.level, classifiers.levels()), "form": (vocabulary.form, classifiers.study_forms()),
        "funding": (vocabulary.funding, classifiers.fundings()), "region": (vocabulary.region, classifiers.regions()),
        "status": (vocabulary.status, classifiers.statuses()),
        "document_type": (vocabulary.document_type, classifiers.document_types()),
    }  # fmt: skip
    guides = dict(zip(layout("students").fields, layout("students").guides, strict=True))
    for name, (recognise, lines) in recognisers.items():
        codes = {line.name_ru: code for code, line in lines.items()}
        assert [recognise(word) for word in guides[name].choices] == [codes[word] for word in guides[name].choices], name
    assert [vocabulary.citizenship(word) for word in guides["citizenship"].choices] == list(country_names())
    for one in classifiers.programmes().values():
        assert vocabulary.programme(str(one), None, one.level_code) == (one, None)
    for district in classifiers.districts().values():
        assert vocabulary.district(district.name_ru, district.region_code) == district.code
    assert {code: vocabulary.sex(word) for code, word in words.SEXES.items()} == {"M": "M", "F": "F"}
    assert {vocabulary.kind(word) for word in words.KINDS.values()} == set(words.KINDS)
    assert {outcome_of(word) for word in words.OUTCOMES.values()} == set(words.OUTCOMES)


def test_lists_formats_notes_and_locks_are_there() -> None:
    book = openpyxl.load_workbook(io.BytesIO(made()))
    sheet = book[words.STUDENTS]
    places = {cell.value: cell for cell in sheet[4]}
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible", "visible", "hidden", "veryHidden"]
    assert places["ИИН"].comment is not None
    assert sheet.cell(FIRST_ROW, places["ИИН"].column) is not None
    assert sheet.column_dimensions[places["ИИН"].column_letter].number_format == "@"
    assert sheet.column_dimensions[places["Телефон"].column_letter].number_format == "@"
    assert sheet.column_dimensions[places["Дата рождения"].column_letter].number_format == "dd.mm.yyyy"
    assert sheet.column_dimensions[places["registry_id"].column_letter].hidden
    assert sheet.protection.sheet
    assert places["ИИН"].protection.locked
    assert not sheet.cell(EXAMPLE_ROW, 1).protection.locked
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    form = rules[f"{places['Форма обучения'].column_letter}{EXAMPLE_ROW}"]
    assert (form.type, form.showErrorMessage, form.errorStyle) == ("list", True, "stop")
    listed = book[words.LISTS][form.formula1.split("!")[1].replace("$", "")]
    assert [cell.value for (cell,) in listed] == [one.name_ru for one in classifiers.study_forms().values()]
    for rule in sheet.data_validations.dataValidation:
        assert len(rule.error) <= 225


def test_an_empty_template_says_that_it_is_empty() -> None:
    with pytest.raises(OtherList, match="В шаблоне нет ни одного человека"):
        understood(made())


def test_who_types_over_the_example_is_read() -> None:
    def type_over(book: Any) -> None:
        book[words.STUDENTS].cell(EXAMPLE_ROW, 1).value = "Ахметова"

    rows = understood(edited(made(), type_over)).rows
    assert [row.reading.values["last_name"] for row in rows] == ["Ахметова"]


def test_a_template_of_interns_is_no_list_of_students() -> None:
    with pytest.raises(OtherList, match="шаблон списка практикантов"):
        understood(made("interns"))


def test_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    """An older template is read with a word about it; a newer one is not guessed at."""
    content = made(rows=[as_row(someone(Roll(random.Random(1)), TODAY))])
    assert understood(content).said == []
    monkeypatch.setattr(stamps, "VERSION", stamps.VERSION + 1)
    assert "Шаблон прошлой версии" in understood(content).said[0]
    assert len(understood(content).rows) == 1
    monkeypatch.setattr(stamps, "VERSION", stamps.VERSION - 2)
    with pytest.raises(OtherList, match="Шаблон новее реестра"):
        understood(content)


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [["template", "something"]],
        [["template", "registry"], ["kind", "students"], ["version", "x"], ["day", "2026-11-23"], ["organisation", "ASU"]],
        [["template", "registry"], ["kind", "people"], ["version", "1"], ["day", "2026-11-23"], ["organisation", "ASU"]],
        [["template", "registry"], ["kind", "students"], ["version", "1"], ["day", "tomorrow"], ["organisation", "ASU"]],
    ],
)
def test_a_stamp_that_nobody_can_read_is_no_stamp(lines: list[list[Any]]) -> None:
    sheet = SheetRead(words.MARK, True, list(enumerate(lines, start=1)))
    assert stamps.stamp_of(Book([sheet], "xlsx", None, "", 0)) is None


def test_old_data_are_said() -> None:
    row = as_row(someone(Roll(random.Random(2)), TODAY))
    found = understood(made(rows=[row], day=TODAY - dt.timedelta(days=9)))
    assert found.as_of_on == TODAY - dt.timedelta(days=9)
    assert "В шаблоне данные на 14.11.2026" in found.said[0]


def test_headings_of_a_template_win_over_content_and_memory() -> None:
    """A column of nine-digit numbers of files is no column of IINs, and an organisation's own word is of its own files."""
    roll = Roll(random.Random(3))
    people = [someone(roll, TODAY) | {"record_book": f"0{number:011d}", "iin": ""} for number in range(20)]
    book = actions.read(made(rows=[as_row(one) for one in people]))
    remembered = checking.Remembered(headings={"группа": "faculty"})
    rows = checking.understand(StudentKind(), None, book, "list.xlsx", TODAY, remembered=remembered).rows
    assert [row.reading.values["record_book"] for row in rows] == [one["record_book"] for one in people]
    assert {row.reading.values["iin"] for row in rows} == {""}


def test_a_copied_row_does_not_take_the_key_along() -> None:
    roll = Roll(random.Random(4))
    first, second = (as_row(someone(roll, TODAY)) | {"key": keys.mark("AAAAAAAAAAAA")} for _ in range(2))
    third = as_row(someone(roll, TODAY)) | {"key": "AAAAAAAAAAAA.forged"}
    rows = understood(made(rows=[first, second, third])).rows
    assert [row.reading.values.get("key") for row in rows] == ["AAAAAAAAAAAA", None, None]
    assert [p.field for p in rows[2].reading.problems if "ключ" in p.message] == ["key"]


# ------------------------------------------------------------------------------------------------------------ round trip
def agrees(values: dict[str, Any], one: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Where what was understood is not what was written."""
    wrong = {}
    for name, meant in one.items():
        if isinstance(meant, dt.date):
            meant = f"{meant:%d.%m.%Y}"
        elif name == "dormitory":
            meant = "да" if meant else ""
        elif not meant or not is_said(meant):
            meant = ""
        if (values.get(name) or "") != meant:
            wrong[name] = (meant, values.get(name))
    return wrong


@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_is_what_is_read(seed: int) -> None:
    """Writer, file, reader, recognition: 500 people a file."""
    roll = Roll(random.Random(seed))
    people = [someone(roll, TODAY, any_day=True) for _ in range(500)]
    found = understood(made(rows=[as_row(one) for one in people]))
    assert len(found.rows) == len(people)
    for row, one in zip(found.rows, people, strict=True):
        assert agrees(row.reading.values, one) == {}, row.reading.row.number


def test_two_thousand_rosters_without_a_file() -> None:
    for seed in range(2_000):
        roll = Roll(random.Random(seed))
        people = [someone(roll, TODAY, any_day=True) for _ in range(roll.chance.randrange(1, 4))]
        found = understood(in_memory([as_row(one) for one in people]))
        wrong = [agrees(row.reading.values, one) for row, one in zip(found.rows, people, strict=True)]
        assert not any(wrong), (seed, wrong)
