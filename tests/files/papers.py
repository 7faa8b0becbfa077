"""Files for tests: true ones made by the libraries, hostile ones by hand."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from typing import Any

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject, TextStringObject


def pdf(pages: int = 1, change: Callable[[PdfWriter], None] | None = None, seed: int = 0) -> bytes:
    """A PDF of blank pages; `seed` makes two different ones."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(595 + seed, 842)
    if change is not None:
        change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 80), mode: str = "RGB", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, kind, **more)
    return out.getvalue()


def _named(root: DictionaryObject, **values: Any) -> None:
    for name, value in values.items():
        root[NameObject(f"/{name}")] = value


def with_script(writer: PdfWriter) -> None:
    action = DictionaryObject()
    _named(action, S=NameObject("/JavaScript"), JS=TextStringObject("app.alert(1)"))
    _named(writer._root_object, OpenAction=writer._add_object(action))


def with_page_script(writer: PdfWriter) -> None:
    """Not in the catalogue: an action of a page."""
    action = DictionaryObject()
    _named(action, S=NameObject("/JavaScript"), JS=TextStringObject("app.alert(1)"))
    about = DictionaryObject()
    _named(about, O=writer._add_object(action))
    _named(writer.pages[0], AA=about)


def with_launch(writer: PdfWriter) -> None:
    action = DictionaryObject()
    _named(action, S=NameObject("/Launch"), F=TextStringObject("cmd.exe"))
    _named(writer._root_object, OpenAction=writer._add_object(action))


def with_form(writer: PdfWriter) -> None:
    """A form of the kind that carries programs of its own."""
    form, stream = DictionaryObject(), DecodedStreamObject()
    stream.set_data(b"<xdp:xdp/>")
    _named(form, XFA=writer._add_object(stream))
    _named(writer._root_object, AcroForm=form)


def with_attachment(writer: PdfWriter) -> None:
    writer.add_attachment("list.exe", b"MZ")


def with_stray_attachment(writer: PdfWriter) -> None:
    """An embedded file that no page and no list leads to."""
    stream = DecodedStreamObject()
    stream.set_data(b"MZ")
    _named(stream, Type=NameObject("/EmbeddedFile"))
    writer._add_object(stream)


def with_password(writer: PdfWriter) -> None:
    writer.encrypt("1234", algorithm="AES-256")


def with_endless_tree(writer: PdfWriter) -> None:
    """The pages are their own parent and their own kids."""
    pages = writer._root_object["/Pages"]
    pages[NameObject("/Kids")].append(pages.indirect_reference)
    pages[NameObject("/Count")] = NumberObject(10**9)


def hidden_script() -> bytes:
    """An older version of the file with a script, and a newer one without: another reader may take the older."""
    old = pdf(change=with_script)
    return old.rsplit(b"startxref", 1)[0] + b"\n% replaced\n" + pdf()


def packed_script() -> bytes:
    """A name that is written with numbers instead of letters."""
    plain = pdf(change=with_page_script)
    return plain.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/J#53")


def png_of(width: int, height: int) -> bytes:
    """A picture that says it is huge; its dots, all alike, pack into little."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    line = b"\0" * (1 + width)
    packed = b"".join(packer.compress(line) for _row in range(min(height, 2000))) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


EXE = b"MZ\x90\0\x03" + b"\0" * 200 + b"This program cannot be run in DOS mode."
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
