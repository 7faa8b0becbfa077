"""Whatever is sent in, the answer is a book or a sentence: never another exception, and the process that asked lives on."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import subprocess
import sys
import zipfile

import pytest

from exchange.spreadsheets import reader
from exchange.spreadsheets.reader import Book, Limits, Unreadable, read
from tests.spreadsheets.building import MAIN, PACKAGE, RELATIONS

OLE = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600)
CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>Ким</t></is></c></row>'
SMALL = Limits(cpu_seconds=4, wall_seconds=8)


def sheet(rows, after=""):
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def workbook(sheets):
    return f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{sheets}</sheets></workbook>'


def relations(lines):
    return f'<Relationships xmlns="{PACKAGE}">{lines}</Relationships>'


def entities(body):
    return f'<?xml version="1.0"?><!DOCTYPE worksheet [{body}]>{sheet(CELL.replace("Ким", "&a9;"))}'


def duplicate_members(xlsx):
    buffer = io.BytesIO(xlsx(CELL))
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/worksheets/sheet1.xml", sheet(CELL.replace("Ким", "ПОДМЕНА")))
    return buffer.getvalue()


def overlapping_members(xlsx):
    """Two directory entries that point at the same data, as in a bomb without nesting."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        with zipfile.ZipFile(io.BytesIO(xlsx(CELL))) as source:
            for name in source.namelist():
                archive.writestr(name, source.read(name))
        again = archive.getinfo("xl/worksheets/sheet1.xml")
        twin = zipfile.ZipInfo("xl/worksheets/sheet9.xml")
        for field in ("compress_type", "CRC", "compress_size", "file_size", "header_offset", "flag_bits", "external_attr"):
            setattr(twin, field, getattr(again, field))
        archive.filelist.append(twin)
        archive.NameToInfo[twin.filename] = twin
    return buffer.getvalue()


def lying_sizes(xlsx):
    """The directory says a thousand bytes; thirty million are inside."""
    content = bytearray(xlsx(sheet=sheet(CELL) + " " * 30_000_000))
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        if content[at + 46 :].startswith(b"xl/worksheets"):
            content[at + 24 : at + 28] = struct.pack("<I", 1000)
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(content)


def zip_encrypted(xlsx):
    content = bytearray(xlsx(CELL))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(signature, at + 4)
    return bytes(content)


def many_members(xlsx):
    return xlsx(CELL, extra={f"xl/media/{number}.bin": b"" for number in range(5_000)})


def many_sheets(xlsx):
    sheets = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, 10_001))
    return xlsx(CELL, workbook=workbook(sheets))


def one_part_for_all_sheets(xlsx):
    sheets = "".join(f'<sheet name="s{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 90))
    return xlsx(CELL, workbook=workbook(sheets))


def with_target(target, mode=""):
    def build(xlsx):
        line = f'<Relationship Id="rId1" Type="{RELATIONS}/worksheet" Target="{target}"{mode}/>'
        return xlsx(CELL, extra={"xl/_rels/workbook.xml.rels": relations(line)})

    return build


def rows(content):
    return lambda xlsx: xlsx(content)


def raw(content):
    return lambda xlsx: xlsx(sheet=content)


def constant(content):
    return lambda xlsx: content


REFUSED = {
    # not workbooks
    "empty": (constant(b""), "empty"),
    "only blanks": (constant(b" \r\n\r\n "), "empty"),
    "old workbook": (constant(OLE + "Workbook".encode("utf-16-le")), "old_format"),
    "password": (constant(OLE + "EncryptedPackage".encode("utf-16-le")), "password"),
    "other ole": (constant(OLE), "wrong_kind"),
    "ole header only": (constant(bytes.fromhex("D0CF11E0A1B11AE1")), "wrong_kind"),
    "biff without container": (constant(b"\x09\x08\x10\x00\x00\x06\x05\x00"), "old_format"),
    "web page": (constant(b"<html><body><table><tr><td>1</td></tr></table></body></html>"), "web_page"),
    "xml spreadsheet": (constant(b'\xef\xbb\xbf  <?xml version="1.0"?><Workbook/>'), "web_page"),
    "web page in utf-16": (constant("<html><table></table></html>".encode("utf-16")), "web_page"),
    "pdf": (constant(b"%PDF-1.7\n1;2\n3;4\n"), "wrong_kind"),
    "picture": (constant(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), "wrong_kind"),
    "random bytes": (constant(random.Random(7).randbytes(20_000)), "wrong_kind"),
    "one word": (constant(b"hello"), "no_table"),
    "one column": (constant("Имя\nКим\nЛи\n".encode()), "no_table"),
    "mojibake": (constant(bytes(random.Random(5).choices(range(0x80, 0x100), k=4000)) + b";1\n2;3\n"), "encoding"),
    "broken utf-16": (constant(b"\xff\xfe\x00\xd8a\x00"), "encoding"),
    "long field": (constant(b'a;b\n"' + b"x" * 200_000 + b'";2\n'), "long_text"),
    "many fields": (constant(b"a;b\n" + b"1;" * 50_000 + b"\n"), "too_many_columns"),
    # archives
    "only a signature": (constant(b"PK\x03\x04"), "damaged"),
    "truncated": (lambda xlsx: xlsx(CELL)[:-200], "damaged"),
    "cut in half": (lambda xlsx: xlsx(CELL)[: len(xlsx(CELL)) // 2], "damaged"),
    "duplicate members": (duplicate_members, "damaged"),
    "overlap": (overlapping_members, "bomb"),
    "lying sizes": (lying_sizes, "damaged"),
    "zip password": (zip_encrypted, "password"),
    "many members": (many_members, "bomb"),
    "not a workbook": (lambda xlsx: xlsx(CELL, drop=("xl/workbook.xml",), extra={"word/document.xml": "<a/>"}), "wrong_kind"),
    "open document": (lambda xlsx: xlsx(CELL, extra={"content.xml": "<a/>"}), "other_format"),
    "binary workbook": (lambda xlsx: xlsx(CELL, extra={"xl/workbook.bin": b"\0"}), "other_format"),
    # bombs
    "thirty megabytes of blanks": (lambda xlsx: xlsx(sheet=sheet(CELL) + " " * 30_000_000), "bomb"),
    "thirty megabytes of cells": (lambda xlsx: xlsx('<row><c t="b"><v>1</v></c></row>' * 900_000), "bomb"),
    "one long string": (lambda xlsx: xlsx(CELL.replace("Ким", "ё" * 300_000)), "long_text"),
    "long shared string": (
        lambda xlsx: xlsx(CELL, strings=f'<sst xmlns="{MAIN}"><si><t>{"x" * 300_000}</t></si></sst>'),
        "long_text",
    ),
    "huge attribute": (
        lambda xlsx: xlsx(sheet=sheet(f'<row r="1" spans="{random.Random(1).randbytes(1_500_000).hex()}"/>')),
        "bomb",
    ),
    "huge comment": (lambda xlsx: xlsx(sheet=f"<!--{random.Random(1).randbytes(1_500_000).hex()}-->{sheet(CELL)}"), "bomb"),
    "many elements": (lambda xlsx: xlsx(sheet=sheet(CELL, "".join(f"<x{n % 9973}/>" for n in range(1_600_000)))), "bomb"),
    "many styles": (
        lambda xlsx: xlsx(CELL, styles=f"<a>{''.join(f'<x{n * n % 9973}/>' for n in range(600_000))}</a>"),
        "too_many_cells",
    ),
    "deep nesting": (lambda xlsx: xlsx(sheet=sheet(CELL, "".join(f"<a{n * n % 9973}>" for n in range(200_000)))), "damaged"),
    "many sheets": (many_sheets, "too_many_sheets"),
    "one part for all sheets": (one_part_for_all_sheets, "damaged"),
    "wide row": (rows('<row r="1">' + "".join(f"<c><v>{n}</v></c>" for n in range(300)) + "</row>"), "too_many_columns"),
    "far corner": (rows(f'{CELL}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "too_many_columns"),
    "many cells": (
        rows("".join("<row>" + "".join(f"<c><v>{r * c % 977}</v></c>" for c in range(190)) + "</row>" for r in range(2_800))),
        "too_many_cells",
    ),
    # declarations
    "billion laughs": (
        raw(entities('<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)))),
        "declarations",
    ),
    "external entity": (raw(entities('<!ENTITY a9 SYSTEM "file:///etc/passwd">')), "declarations"),
    "empty doctype": (raw(f"<!DOCTYPE worksheet>{sheet(CELL)}"), "declarations"),
    "doctype in strings": (
        lambda xlsx: xlsx(CELL, strings=f'<!DOCTYPE a [<!ENTITY b "c">]><sst xmlns="{MAIN}"/>'),
        "declarations",
    ),
    "doctype in utf-16": (lambda xlsx: xlsx(sheet=f"<!DOCTYPE worksheet>{sheet(CELL)}".encode("utf-16")), "declarations"),
    # XML that is none
    "no xml": (raw("hello"), "damaged"),
    "no sheet xml": (raw(""), "damaged"),
    "cut xml": (raw(sheet(CELL)[:-30]), "damaged"),
    "raw control character": (rows(CELL.replace("Ким", "К\x00м")), "damaged"),
    "numeric control character": (rows(CELL.replace("Ким", "&#1;")), "damaged"),
    "lone surrogate reference": (rows(CELL.replace("Ким", "&#xD800;")), "damaged"),
    "lone surrogate bytes": (lambda xlsx: xlsx(sheet=sheet(CELL).encode().replace("Ким".encode(), b"\xed\xa0\x80")), "damaged"),
    "unknown encoding": (raw(f'<?xml version="1.0" encoding="x-unknown"?>{sheet(CELL)}'), "damaged"),
    # structure
    "shared string out of range": (
        lambda xlsx: xlsx('<row><c t="s"><v>9</v></c></row>', strings=f'<sst xmlns="{MAIN}"><si><t>a</t></si></sst>'),
        "damaged",
    ),
    "negative shared string": (
        lambda xlsx: xlsx('<row><c t="s"><v>-1</v></c></row>', strings=f'<sst xmlns="{MAIN}"><si><t>a</t></si></sst>'),
        "damaged",
    ),
    "no shared strings": (rows('<row><c t="s"><v>0</v></c></row>'), "damaged"),
    "row number without end": (rows('<row r="99999999999"><c><v>1</v></c></row>'), "damaged"),
    "row number of four thousand million": (rows('<row r="4000000000"><c><v>1</v></c></row>'), "damaged"),
    "row number zero": (rows('<row r="0"><c><v>1</v></c></row>'), "damaged"),
    "row number in words": (rows('<row r="one"><c><v>1</v></c></row>'), "damaged"),
    "rows backwards": (rows('<row r="5"><c><v>1</v></c></row><row r="4"><c><v>1</v></c></row>'), "damaged"),
    "row twice": (rows('<row r="5"><c><v>1</v></c></row><row r="5"><c><v>2</v></c></row>'), "damaged"),
    "cell twice": (rows('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'), "damaged"),
    "cell in another row": (rows('<row r="5"><c r="A7"><v>1</v></c></row>'), "damaged"),
    "cell beyond the last column": (rows('<row r="5"><c r="ZZZ5"><v>1</v></c></row>'), "damaged"),
    "cell inside a cell": (rows("<row><c><c><v>1</v></c></c></row>"), "damaged"),
    "row inside a row": (rows("<row><row><c><v>1</v></c></row></row>"), "damaged"),
    "column numbers in words": (
        raw(f'<worksheet xmlns="{MAIN}"><cols><col min="a" max="b" hidden="1"/></cols></worksheet>'),
        "damaged",
    ),
    "merged nonsense": (raw(sheet(CELL, '<mergeCells><mergeCell ref="A1:"/></mergeCells>')), "damaged"),
    "missing sheet part": (lambda xlsx: xlsx(CELL, drop=("xl/worksheets/sheet1.xml",)), "damaged"),
    "missing relations": (lambda xlsx: xlsx(CELL, drop=("xl/_rels/workbook.xml.rels",)), "damaged"),
    "relation to a file outside": (with_target("../../../../etc/passwd"), "damaged"),
    "relation to an absolute path": (with_target("/etc/passwd"), "damaged"),
    "relation to the network": (with_target("http://127.0.0.1:9/sheet.xml", ' TargetMode="External"'), "damaged"),
    "relation to itself": (with_target("workbook.xml"), "no_table"),
    "no sheets": (lambda xlsx: xlsx(CELL, workbook=workbook("")), "no_table"),
    "no rows": (rows(""), "no_table"),
    "only blank cells": (rows('<row><c t="inlineStr"><is><t>  </t></is></c></row>'), "no_table"),
    "another namespace": (
        raw('<worksheet xmlns="urn:x"><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>'),
        "no_table",
    ),
}

READ = {
    "count of strings lies": lambda xlsx: xlsx(
        '<row><c t="s"><v>0</v></c></row>',
        strings=f'<sst xmlns="{MAIN}" count="4294967295" uniqueCount="4294967295"><si><t>Ким</t></si></sst>',
    ),
    "merged whole sheet": raw(sheet(CELL, '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>')),
    "merged a thousand times": raw(sheet(CELL, "<mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 1000 + "</mergeCells>")),
    "dimension of the whole sheet": raw(
        f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>{CELL}</sheetData></worksheet>'
    ),
    "stray blank in the far corner": rows(
        f'{CELL}<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t> </t></is></c></row>'
    ),
    "whole columns formatted": raw(
        f'<worksheet xmlns="{MAIN}"><cols><col min="1" max="16384" hidden="1"/></cols><sheetData>{CELL}</sheetData></worksheet>'
    ),
    "style out of range": rows('<row><c s="4294967295" t="inlineStr"><is><t>Ким</t></is></c><c s="-1"><v>1</v></c></row>'),
    "unknown cell type": rows(f'{CELL}<row><c t="zzz"><v>x</v></c></row>'),
    "foreign parts": lambda xlsx: xlsx(
        CELL, extra={"xl/vbaProject.bin": b"\0" * 100, "customXml/item1.xml": "<!DOCTYPE a><a/>"}
    ),
    "formulas to other files": rows(
        f"""{CELL}<row><c t="str"><f>DDE("cmd";"/c calc";"1")</f><v>x</v></c><c><f>'[http://127.0.0.1:9/a.xlsx]a'!A1</f></c></row>"""
    ),
    "fifty thousand sparse rows": rows(CELL + "".join(f'<row r="{n}"/>' for n in range(2, 1_000_000, 20))),
    "utf-16 sheet": lambda xlsx: xlsx(sheet=sheet(CELL).encode("utf-16")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_a_sentence(name, xlsx, upload):
    build, code = REFUSED[name]
    with pytest.raises(Unreadable) as refused:
        read(upload(build(xlsx)), limits=SMALL)
    assert refused.value.code == code, refused.value.note
    assert str(refused.value) == refused.value.message
    assert len(str(refused.value)) > 15
    assert not str(refused.value).endswith((".", "!"))


@pytest.mark.parametrize("name", READ)
def test_read_without_harm(name, xlsx, upload):
    book = read(upload(READ[name](xlsx)), limits=SMALL)
    assert isinstance(book, Book)
    assert book.sheets[0].rows[0][1][0] == "Ким"


def test_too_large(upload):
    with pytest.raises(Unreadable) as refused:
        read(upload(b"a;b\n" * 3_000_000))
    assert refused.value.code == "too_large"
    assert str(refused.value) == "Файл должен быть меньше 10 МБ"


def test_no_such_file(tmp_path):
    for path in (tmp_path / "none.xlsx", tmp_path):
        with pytest.raises(Unreadable) as refused:
            read(path)
        assert refused.value.code == "missing"


def test_mutated_files_never_raise_anything_else(xlsx, upload):
    """Bytes of a good file changed at random; half of them still look like an archive."""
    strings = f'<sst xmlns="{MAIN}"><si><t>Ким</t></si></sst>'
    good = xlsx(CELL + '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><f>1+1</f><v>2</v></c></row>', strings=strings)
    source = random.Random(20261001)
    for _ in range(25):
        content = bytearray(good)
        for _ in range(source.randint(1, 6)):
            content[source.randrange(len(content))] = source.randrange(256)
        with contextlib.suppress(Unreadable):
            assert isinstance(read(upload(bytes(content)), limits=SMALL), Book)


# ------------------------------------------------------------------------------------------------ the child


@pytest.mark.parametrize(
    "program",
    [
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "import os; os.abort()",
        "raise SystemExit(0)",
        "raise RuntimeError",
        "print('not json', flush=True)",
        'print(\'[1, [["d", "never"]]]\', flush=True)',
        "print('[1, [1]]', flush=True)",
        'print(\'{"sheet": "a", "hidden": false}\', flush=True)',
        "print('[' * 100_000, flush=True)",
        "import sys; sys.stdout.buffer.write(b'x' * 9_000_000)",
        "import time; time.sleep(60)",
        "import sys, time; sys.stdout.close(); import os; os.close(1); time.sleep(60)",
    ],
)
def test_whatever_happens_to_the_child_is_a_sentence(program, xlsx, upload, monkeypatch):
    monkeypatch.setattr(reader, "_CHILD", program)
    with pytest.raises(Unreadable) as refused:
        read(upload(xlsx(CELL)), limits=Limits(wall_seconds=1.0, answer=4_000_000))
    assert refused.value.code in {"too_complex", "damaged", "too_much_text"}


def test_no_child_can_be_started(xlsx, upload, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OSError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(Unreadable) as refused:
        read(upload(xlsx(CELL)))
    assert refused.value.code == "unavailable"


def locked_in(program):
    """Run a line inside a process that has locked itself in."""
    start = (
        "import sys; sys.path.append(sys.argv.pop()); from parsing.child import lock_in, Limits; import socket, subprocess; "
        f"lock_in(Limits(memory=200 << 20, cpu_seconds=1))\n{program}"
    )
    command = [sys.executable, "-I", "-S", "-c", start, str(reader._HERE)]
    return subprocess.run(command, capture_output=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("program", "word"),
    [
        ("open('/etc/passwd')", b"Too many open files"),
        ("socket.socket()", b"Too many open files"),
        ("subprocess.run(['true'])", b"Too many open files"),
        ("bytearray(300 << 20)", b"MemoryError"),
        ("import requests", b"No module named"),
    ],
)
def test_the_child_can_reach_nothing(program, word):
    done = locked_in(program)
    assert done.returncode == 1
    assert word in done.stderr


def test_the_child_cannot_run_for_ever():
    assert locked_in("while True: pass").returncode < 0


def test_the_child_imports_only_the_standard_library():
    """What parses an upload must not carry the application, its settings or its libraries in its memory."""
    program = (
        "import sys; sys.path.append(sys.argv.pop()); import parsing.child; "
        "print([name for name in sys.modules if name.split('.')[0] not in sys.stdlib_module_names | {'parsing', '__main__'}])"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, str(reader._HERE)], capture_output=True, check=True, timeout=60
    )
    assert done.stdout.strip() == b"[]"
