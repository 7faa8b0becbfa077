"""Rosters that something is wrong with, and what a good importer says to each of them.

A verdict is the code of a refusal (`Unreadable.code`), or for a file that is read the rows in error with their field; everybody
else is accepted. The roster has four people in rows 2 to 5.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from typing import Any

from tests.imports.rosters import CELLS, PEOPLE, USUAL, lines, text, xlsx
from tests.spreadsheets.building import MAIN, build_ods, ods_content, ods_sheet, zipped
from tests.spreadsheets.building import RELATIONS as TYPES

FOUR = PEOPLE[:4]
Verdict = str | dict[int, str]
CASES: dict[str, tuple[Callable[[], bytes], Verdict]] = {}
SHEET, BOOK, STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"
STRINGS, RELATIONS = "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"


def case(verdict: Verdict) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    def note(build: Callable[[], bytes]) -> Callable[[], bytes]:
        CASES[build.__name__] = build, verdict
        return build

    return note


def roster(**cells: Any) -> bytes:
    """The four people, in the usual columns; a cell may be given as a function of the person or as text for the second one."""
    told = {
        name: value if callable(value) else (lambda p, name=name, value=value: value if p is FOUR[1] else CELLS[name](p))
        for name, value in cells.items()
    }
    return xlsx(lines(people=FOUR, **told))


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_shared_strings() -> dict[str, bytes]:
    """The parts of the roster, its text in a part of its own, as Excel keeps it."""
    parts = parts_of(roster())
    found: list[str] = []

    def moved(cell: re.Match[str]) -> str:
        found.append(cell[2])
        return f'<c{cell[1]} t="s"><v>{len(found) - 1}</v></c>'

    parts[SHEET] = re.sub(
        r'<c([^>]*) t="inlineStr"[^>]*><is><t[^>]*>(.*?)</t></is></c>', moved, parts[SHEET].decode(), flags=re.DOTALL
    ).encode()
    strings = "".join(f"<si><t>{value}</t></si>" for value in found)
    parts[STRINGS] = f'<sst xmlns="{MAIN}" count="{len(found)}" uniqueCount="{len(found)}">{strings}</sst>'.encode()
    line = f'<Relationship Id="rId99" Type="{TYPES}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    parts[RELATIONS] = parts[RELATIONS].replace(b"</Relationships>", line.encode())
    return parts


def remade(changes: dict[str, Callable[[str], str]] | None = None, more: dict[str, bytes] | None = None) -> bytes:
    """The roster with some parts changed and some added."""
    parts: dict[str, str | bytes] = dict(with_shared_strings())
    for name, change in (changes or {}).items():
        before = parts[name]
        assert isinstance(before, bytes)
        parts[name] = change(before.decode())
        assert parts[name] != before.decode(), name
    return zipped({**parts, **(more or {})})


def swapped(part: str, old: str, new: str, times: int = 1) -> bytes:
    return remade({part: lambda xml: xml.replace(old, new, times)})


def with_declaration(part: str, declaration: str) -> bytes:
    return remade({part: lambda xml: re.sub(r"^(<\?xml[^>]*\?>)?\s*", f'<?xml version="1.0"?>{declaration}', xml, count=1)})


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
for place in (SHEET, BOOK, STYLES, STRINGS, RELATIONS, "_rels/.rels"):
    what = place.rpartition("/")[2].split(".")[0] or "root"
    CASES[f"laughs_in_{what}"] = (
        lambda place=place: with_declaration(place, f'<!DOCTYPE a [<!ENTITY a0 "ha">{LAUGHS}]>'),
        "declarations",
    )
    CASES[f"outer_entity_in_{what}"] = (
        lambda place=place: with_declaration(place, '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
        "declarations",
    )
    CASES[f"outer_dtd_in_{what}"] = (
        lambda place=place: with_declaration(place, '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">'),
        "declarations",
    )
for share in (0.02, 0.2, 0.4, 0.6, 0.8, 0.95, 0.99):
    CASES[f"truncated_at_{share:.0%}"] = (lambda share=share: roster()[: int(len(roster()) * share)], "damaged")
for name, start, code in (
    ("pdf", b"%PDF-1.7\n", "wrong_kind"), ("gif", b"GIF89a\x01\x00", "wrong_kind"), ("web_page", b"<html><!--", "web_page"),
    ("script", b"#!/bin/sh\nexit 0\n", "wrong_kind"), ("executable", b"MZ\x90\x00", "wrong_kind"),
    ("old_book", bytes.fromhex("D0CF11E0A1B11AE1"), "wrong_kind"),
):  # fmt: skip
    CASES[f"polyglot_with_{name}"] = (lambda start=start: start + roster(), code)


@case("bomb")
def bomb_beside_the_sheet() -> bytes:
    return remade(more={"xl/media/image1.png": bytes(50_000_000)})


@case("bomb")
def bomb_in_the_sheet() -> bytes:
    return swapped(SHEET, "</sheetData>", "</sheetData>" + " " * 40_000_000)


@case("bomb")
def bomb_in_strings() -> bytes:
    return swapped(STRINGS, "</sst>", f"<si><t>{'ха' * 20_000_000}</t></si></sst>")


@case({})
def archives_within_the_archive() -> bytes:
    inner = b"PK"
    for _ in range(5):
        inner = zipped({f"{n}.zip": inner for n in range(10)})
    return remade(more={"xl/embeddings/a.zip": inner})


@case("other_format")
def two_workbooks_in_one() -> bytes:
    return remade(more=parts_of(build_ods(content=ods_content(ods_sheet("")))))


@case("damaged")
def names_that_differ_in_case() -> bytes:
    return remade(more={"XL/Worksheets/Sheet1.xml": parts_of(roster())[SHEET]})


@case({})
def parts_that_climb_out() -> bytes:
    return remade(more={"../../../tmp/evil": b"x", "/etc/cron.d/evil": b"x", "C:\\evil": b"x"})


@case("damaged")
def two_sheets_of_one_name() -> bytes:
    sheets = xlsx(lines(people=FOUR[:2]), lines(people=FOUR[2:]), names=["Первый", "Второй"])
    parts: dict[str, str | bytes] = dict(parts_of(sheets))
    parts[BOOK] = parts_of(sheets)[BOOK].decode().replace("Второй", "первый")
    return zipped(parts)


@case({})
def false_dimension() -> bytes:
    return remade({SHEET: lambda xml: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:A1"', xml)})


@case({})
def dimension_of_a_whole_sheet() -> bytes:
    return remade({SHEET: lambda xml: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"', xml)})


@case({})
def false_counts() -> bytes:
    return remade({STRINGS: lambda xml: re.sub(r'ount="\d+"', 'ount="4294967295"', xml)})


@case("too_many_columns")
def value_in_the_last_cell() -> bytes:
    return swapped(SHEET, "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')


@case({})
def value_in_the_last_row() -> bytes:
    return swapped(SHEET, "</sheetData>", '<row r="1048576"><c r="A1048576" t="str"><v>конец</v></c></row></sheetData>')


@case({})
def merged_whole_sheet() -> bytes:
    return swapped(SHEET, "</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')


@case({})
def hundreds_of_thousands_of_empty_rows() -> bytes:
    return swapped(SHEET, "</sheetData>", "".join(f'<row r="{n}"/>' for n in range(10, 300_000)) + "</sheetData>")


@case({})
def macros() -> bytes:
    return remade(
        {"[Content_Types].xml": lambda xml: xml.replace("sheet.main+xml", "sheet.macroEnabled.main+xml")},
        {"xl/vbaProject.bin": bytes.fromhex("D0CF11E0A1B11AE1") + bytes(500), "customUI/customUI.xml": b"<a/>"},
    )


@case({})
def links_to_other_books() -> bytes:
    cell = '<row r="6"><c r="A6"><f>[1]Лист1!A1+WEBSERVICE("http://127.0.0.1:9/")</f><v>7</v></c></row>'
    link = b'<externalLink xmlns="x"><externalBook r:id="rId1" xmlns:r="y"/></externalLink>'
    rels = b'<Relationships><Relationship Id="rId1" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'
    return remade(
        {SHEET: lambda xml: xml.replace("</sheetData>", cell + "</sheetData>")},
        {"xl/externalLinks/externalLink1.xml": link, "xl/externalLinks/_rels/externalLink1.xml.rels": rels},
    )


@case("damaged")
def sheet_outside_the_file() -> bytes:
    return remade(
        {RELATIONS: lambda xml: re.sub(r'Target="[^"]*sheet1.xml"', 'Target="http://127.0.0.1:9/a" TargetMode="External"', xml)}
    )


@case("damaged")
def nul_in_the_sheet() -> bytes:
    return swapped(SHEET, "<sheetData>", "<sheetData>\x00")


@case("wrong_kind")
def nul_in_text() -> bytes:
    return text(lines(people=FOUR), ";", "utf-8").replace("Ахметов".encode(), "Ах\x00метов".encode())


# ---------------------------------------------------------------------------------------------------------- cells
for title, cells, wrong in (
    ("nul_escaped", {"full_name": "Курман_x0000_галиева Айгерим"}, "last_name"),
    ("half_a_letter", {"full_name": "Курман_xD800_галиева Айгерим"}, "last_name"),
    ("formula_for_a_name", {"full_name": "=HYPERLINK(\"http://a\",\"b\")"}, "last_name"),
    ("command_for_a_name", {"full_name": "=cmd|'/c calc'!A1 Айгерим"}, "last_name"),
    ("at_for_a_name", {"full_name": "@SUM(A1) Айгерим"}, "last_name"),
    ("markup_for_a_name", {"full_name": "<script>alert(1)</script> Айгерим"}, "last_name"),
    ("template_for_a_name", {"full_name": "{{7*7}} {%x%}"}, "last_name"),
    ("query_for_a_name", {"full_name": "'; DROP TABLE person; -- Айгерим"}, "last_name"),
    ("right_to_left_in_a_name", {"full_name": "Курман\u202eгалиева Айгерим"}, "last_name"),
    ("isolates_in_a_name", {"full_name": "\u2066Курмангалиева\u2069 Айгерим"}, "last_name"),
    ("pictures_in_a_name", {"full_name": "Курмангалиева\U0001f600 Айгерим"}, "last_name"),
    ("a_name_of_32768", {"full_name": "Я" + "я" * 32_759 + " Айгерим"}, "last_name"),
    ("nothing_but_blanks", {"full_name": "\u00a0\u2003\u200b\u3000", "iin": "\u00a0"}, "last_name"),
    ("nan", {"iin": "NaN"}, "iin"),
    ("infinity", {"iin": "1e999"}, "iin"),
    ("a_number_of_400_digits", {"iin": "9" * 400}, "iin"),
    ("raised_digits", {"iin": "²" * 12}, "iin"),
    ("arabic_digits", {"iin": "٠٤٠٧٢٧٦٩٩١٢٠"}, "iin"),
    ("minus_number", {"iin": "-40727699120"}, "iin"),
    ("course_without_end", {"course": "9" * 5_000}, "course"),
    ("day_that_is_none", {"born": "31.02.2004"}, "born"),
    ("day_of_the_year_one", {"born": "01.01.0001"}, "born"),
    ("day_in_other_digits", {"born": "²².07.2004"}, "born"),
    ("day_without_end", {"born": "1." * 16_000}, "born"),
    ("brackets_without_end", {"programme": "(" * 32_000}, "programme"),
    ("document_without_end", {"passport": "N" * 32_000}, "passport"),
):  # fmt: skip
    CASES[title] = (lambda cells=cells: roster(**cells), {3: wrong})
for title, value in (("number_nan", "NaN"), ("number_infinite", "1e999"), ("number_long", "9" * 400), ("number_words", "INF")):
    # a number in the cell of somebody's course, as no program would write it
    CASES[title] = (
        lambda value=value: remade({SHEET: lambda xml: re.sub(r'(<c r="M3"[^>]*><v>)[^<]*', rf"\g<1>{value}", xml)}),
        {3: "course"},
    )


@case({})
def technical_columns() -> bytes:
    more = ("organisation_id", "public_id", "student_id", "is_admin", "created_at", "version", "superseded_at", "__class__")
    return xlsx(lines([*USUAL, *((name, name) for name in more)], people=FOUR, **dict.fromkeys(more, lambda p: "1")))


@case({})
def dangerous_names_of_sheets() -> bytes:
    return xlsx(lines(people=FOUR[:2]), lines(people=FOUR[2:]), names=["<b>&amp;'\"", "=1+1!A1"])


@case({})
def dangerous_headings() -> bytes:
    more = ("<img src=x onerror=alert(1)>", "{{ config }}", "%(sheet)s %s", "=1+1", "\u202eномер")
    return xlsx(lines([*USUAL, *((name, name) for name in more)], people=FOUR, **dict.fromkeys(more, lambda p: "%s{}{{1}}<b>")))


@case({})
def thirty_rows_of_headings() -> bytes:
    heading, *body = lines(people=FOUR)
    return xlsx([*[heading] * 1, *body, *[heading] * 29])


@case({})
def a_heading_of_32000_letters() -> bytes:
    return xlsx(lines([*USUAL, ("фио " * 8_000, "x"), ("(" * 32_000, "x"), ("/ " * 16_000, "x")], people=FOUR, x=lambda p: "а"))


@case("no_table")
def random_bytes_in_letters() -> bytes:
    return bytes(random.Random(4).choices(b"abc;,\t\"'\n=", k=50_000)).replace(b'"', b"")
