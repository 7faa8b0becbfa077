"""Reads one XML part of a workbook in a stream, within bounds."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from .limits import Limits
from .refusal import Refused

_CHUNK = 1 << 16

#: Expat before 2.6 reads an unfinished token again with every chunk (CVE-2023-52425): this much without an event is hostile.
_LONGEST_TOKEN = 1 << 20

#: Tags in a part that only describes the workbook; a real one has a few thousand.
FEW_TAGS = 500_000

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


_UNREADABLE = (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, OSError, LookupError, ValueError)


class Markup:
    """Opens parts of one archive and counts what was unpacked from all of them."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        self._archive = archive
        self._limits = limits
        self._unpacked = 0
        self._tags = 0
        # Part names are the same whatever the case (OPC), and some writers take that liberty.
        self._names = {name.lower(): name for name in archive.namelist()}

    def has(self, part: str) -> bool:
        """Is there such a part?"""
        return part.lower() in self._names

    def beginning(self, part: str, length: int) -> bytes:
        """The first bytes of a part. Raises Refused."""
        try:
            with self._archive.open(self._names[part.lower()]) as stream:
                return stream.read(length)
        except _UNREADABLE as error:
            raise Refused("damaged", f"{part}: {error}") from None

    def walk(
        self, part: str, start: Start, end: End | None = None, text: Text | None = None, *, most_tags: int = FEW_TAGS
    ) -> None:
        """Call the handlers for every element; names come as `namespace}name`. Raises Refused."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.buffer_size = _CHUNK
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = _no_declarations
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        fed = tags = 0
        if self._archive.getinfo(self._names[part.lower()]).file_size > self._limits.part:
            raise Refused("bomb", part)
        try:
            with self._archive.open(self._names[part.lower()]) as stream:
                while True:
                    chunk = stream.read(_CHUNK)
                    fed += len(chunk)
                    self._unpacked += len(chunk)
                    if fed > self._limits.part or self._unpacked > self._limits.unpacked:
                        raise Refused("bomb", part)
                    # Counted before the handlers see them: a handler call is what costs time.
                    tags += chunk.count(b"<")
                    if tags > most_tags or self._tags + tags > self._limits.tags:
                        raise Refused("too_many_cells", part)
                    parser.Parse(chunk, not chunk)
                    # CurrentByteIndex is where the token begins that is not finished yet.
                    if fed - max(parser.CurrentByteIndex, 0) > _LONGEST_TOKEN:
                        raise Refused("bomb", f"endless token in {part}")
                    if not chunk:
                        self._tags += tags
                        return
        except _UNREADABLE as error:
            raise Refused("damaged", f"{part}: {error}") from None


def _no_declarations(*_: object) -> int:
    raise Refused("declarations")
