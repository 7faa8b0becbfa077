"""A PDF: whole, with pages, without a password, and without anything that acts when it is opened."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from .limits import Limits, Refused

END = b"%%EOF"
# What a name means wherever it stands: as a key, or as the value of /S, /Type or /Subtype.
KEYS = {
    "/JS": "script", "/JavaScript": "script", "/XFA": "script", "/EF": "embedded", "/EmbeddedFiles": "embedded",
    "/RichMediaContent": "embedded",
}  # fmt: skip
VALUES = {
    "/JavaScript": "script", "/Launch": "launch", "/EmbeddedFile": "embedded", "/FileAttachment": "embedded",
    "/RichMedia": "embedded", "/GoToE": "embedded",
}  # fmt: skip
# Names in parts of the file that this reader does not reach and another one may: earlier versions, a broken table.
ANYWHERE = (
    (re.compile(rb"/JavaScript[\s/<>()\[\]]"), "script"),
    (re.compile(rb"/S\s*/Launch[\s/<>()\[\]]"), "launch"),
    (re.compile(rb"/EmbeddedFile[s\s/<>()\[\]]"), "embedded"),
)


def read_document(content: bytes, limits: Limits) -> int:
    """How many pages it has. Raises Refused."""
    end = content.rfind(END)
    if end < 0:
        raise Refused("cut_off", "no end")
    if content[end + len(END) :].strip(b"\0\r\n\t \x1a"):
        raise Refused("trailing")
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise Refused("password")
        pages = len(reader.pages)
        if not pages:
            raise Refused("no_pages")
        if pages > limits.pages:
            raise Refused("too_complex", "pages")
        _look_through(reader, limits)
    except PyPdfError as error:
        raise Refused("damaged", f"{type(error).__name__}: {error}"[:300]) from None
    for pattern, code in ANYWHERE:
        if pattern.search(content):
            raise Refused(code, "unreached")
    return pages


def _look_through(reader: PdfReader, limits: Limits) -> None:
    """Every object of the file, whether a page leads to it or not."""
    seen = 0
    waiting: list[Any] = [reader.trailer]
    objects = _objects(reader)
    while True:
        if not waiting:
            try:
                waiting.append(next(objects))
            except StopIteration:
                return
        thing = waiting.pop()
        seen += 1
        if seen > limits.nodes:
            raise Refused("too_complex", "objects")
        if isinstance(thing, DictionaryObject):
            for key, value in thing.items():
                if (code := KEYS.get(key) or VALUES.get(value if isinstance(value, str) else "")) is not None:
                    raise Refused(code, f"{key} {value if isinstance(value, str) else ''}"[:100])
                waiting.append(value)
        elif isinstance(thing, ArrayObject):
            waiting.extend(thing)


def _objects(reader: PdfReader) -> Iterator[Any]:
    numbers = {(number, generation) for generation, found in reader.xref.items() for number in found}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    for number, generation in sorted(numbers):
        try:
            yield reader.get_object(IndirectObject(number, generation, reader))
        except (PyPdfError, ValueError, KeyError):
            continue  # a line of the table that leads nowhere: many programs leave some
