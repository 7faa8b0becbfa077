"""Files changed at random, from a seed: bytes, members of the archive, and what stands in their XML."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile
from collections.abc import Callable, Iterator

from tests.imports.rosters import PEOPLE, lines, text, xlsx
from tests.spreadsheets.building import build_ods, ods_content, ods_sheet, ods_text

_NASTY = (
    b"", b"-1", b"0", b"1", b"99999999999", b"4294967296", b"1048577", b"16385", b"NaN", b"1e999", b"XFD1048576", b"A0",
    b"\xff\xfe", b"\x00", b"<", b">", b"&a;", b"&#0;", b"]]>", b"<!DOCTYPE a>", b"<!--", b"true", b"d", b"s", b"e",
    b"inlineStr", b"../../a", "\u0662".encode(), "\u202e".encode(), b'"', b"'", b"_x0000_", b"=1+1", b"collapse", b"PT1H",
    b"2004-02-31", b"A1:XFD1048576",
)  # fmt: skip
_WORDS = tuple(word.decode("utf-8", "replace") for word in _NASTY)
_ATTRIBUTE = re.compile(rb'="([^"]*)"')
_TAG = re.compile(rb"<[^<>]+>")


def good_files() -> list[tuple[str, bytes]]:
    """What is mutated: workbooks and text files that are read without a remark."""
    rows = lines(people=PEOPLE[:4])
    cells = "".join(
        "<table:table-row>"
        + "".join(ods_text(str(cell)) if cell else "<table:table-cell/>" for cell in row)
        + "</table:table-row>"
        for row in rows
    )
    hidden = '<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style>'
    sheets = ods_sheet(
        '<table:table-column table:number-columns-repeated="3" table:visibility="collapse"/>'
        + cells
        + '<table:table-row table:number-rows-repeated="3"><table:table-cell office:value-type="float" office:value="1.5" '
        'table:number-columns-repeated="2" table:number-columns-spanned="2"/><table:covered-table-cell/>'
        '<table:table-cell office:value-type="date" office:date-value="2004-09-15"/>'
        '<table:table-cell office:value-type="time" office:time-value="PT08H30M00S"/>'
        '<table:table-cell table:formula="of:=1"/></table:table-row>'
    )
    return [
        ("xlsx", xlsx(rows, [["Сводка"], [1, 2.5]], merged=["A9:C9"], hidden=[1])),
        ("ods", build_ods(content=ods_content(sheets + ods_sheet("", "Списки", ' table:style-name="h"'), hidden))),
        ("csv", text(rows)),
        ("csv", text(rows, "\t", "utf-16")),
    ]


def mutations(seed: int, number: int) -> Iterator[bytes]:
    """So many mutated files, the same for the same seed."""
    dice = random.Random(seed)
    files = good_files()
    for _ in range(number):
        kind, content = dice.choice(files)
        ways: tuple[Callable[[random.Random, bytes], bytes], ...] = (
            (_bytes, _words, _words, _words) if kind == "csv" else (_bytes, _members, _members, _directory)
        )
        yield dice.choice(ways)(dice, content)


def _bytes(dice: random.Random, content: bytes) -> bytes:
    """Some bytes changed, doubled, left out, or the end cut off."""
    changed = bytearray(content)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(changed) or 1)
        length = dice.choice((1, 2, 4, 30, 500))
        match dice.randrange(6):
            case 0 | 1:
                changed[at : at + 1] = dice.randbytes(1)
            case 2:
                del changed[at : at + length]
            case 3:
                changed[at:at] = changed[dice.randrange(len(changed) or 1) :][:length]
            case 4:
                changed[at:at] = dice.choice(_NASTY)
            case _:
                changed[at : at + length] = dice.randbytes(length)
    return bytes(changed[: dice.randrange(len(changed) or 1)] if dice.random() < 0.1 else changed)


def _words(dice: random.Random, content: bytes) -> bytes:
    """A text file with separators, quotes and words put in, doubled or left out; its encoding stays."""
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    letters = content.decode(encoding)
    for _ in range(dice.randint(1, 6)):
        at, length = dice.randrange(len(letters) or 1), dice.choice((0, 1, 5, 40))
        new = dice.choice((";", ",", "\t", '"', "\r\n", "\n", "\r", "sep=,\n", letters[at : at + 300], *_WORDS))
        letters = letters[:at] + new + letters[at + length :]
    return letters.encode(encoding)


def _members(dice: random.Random, content: bytes) -> bytes:
    """The archive packed anew with what stands in some member changed, left out, renamed or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(dice.randint(1, 3)):
        name = dice.choice(list(parts))
        match dice.randrange(12):
            case 0:
                del parts[name]
            case 1:
                parts[dice.choice((name.upper(), "content.xml", "xl/workbook.xml", "../a", name + "x"))] = parts[name]
            case 2:
                parts[name] = _bytes(dice, parts[name])
            case _:
                parts[name] = _markup(dice, parts[name])
        if not parts:
            break
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", dice.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def _markup(dice: random.Random, part: bytes) -> bytes:
    """XML with the value of an attribute, a tag or a stretch of text replaced, doubled or left out."""
    for _ in range(dice.randint(1, 4)):
        pattern = dice.choice((_ATTRIBUTE, _ATTRIBUTE, _TAG))
        found = list(pattern.finditer(part))
        if not found:
            return part
        one = dice.choice(found)
        start, end = one.span(pattern.groups)
        another = dice.choice(found).group(pattern.groups)
        new = dice.choice((dice.choice(_NASTY), dice.choice(_NASTY), another, one.group(pattern.groups) * 2))
        part = part[:start] + new + part[end:]
    return part


def _directory(dice: random.Random, content: bytes) -> bytes:
    """Numbers in the headers of the archive changed: sizes, offsets, flags, methods."""
    changed = bytearray(content)
    signature, fields = dice.choice(((b"PK\x01\x02", 46), (b"PK\x03\x04", 30), (b"PK\x05\x06", 22)))
    places = [one.start() for one in re.finditer(re.escape(signature), content)]
    for _ in range(dice.randint(1, 3)):
        at = dice.choice(places) + dice.randrange(4, fields - 2)
        changed[at : at + 2] = struct.pack("<H", dice.choice((0, 1, 8, 99, 0xFFFF, dice.randrange(0x10000))))
    return bytes(changed)
