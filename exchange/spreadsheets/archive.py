"""A look at an upload before any parser sees it: what is it, and does its zip directory tell the truth?"""

from __future__ import annotations

import io
import struct
import zipfile
from itertools import pairwise

from exchange.spreadsheets.book import Unreadable
from exchange.spreadsheets.parsing.limits import MEGABYTE, Limits

_ZIP = b"PK\x03\x04"
_DIRECTORY_ENTRY = b"PK\x01\x02"
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_SMALL = MEGABYTE


def kind_of(data: bytes, limits: Limits) -> str:
    """xlsx, ods, or csv for anything that may be text. Raises Unreadable for everything that is surely neither."""
    if not data:
        raise Unreadable("empty")
    if data.startswith(_OLE):
        # A workbook with a password is wrapped into the same container as the old format.
        if _in_utf16("EncryptedPackage") in data:
            raise Unreadable("password")
        raise Unreadable("old_format" if _in_utf16("Workbook") in data or _in_utf16("Book") in data else "wrong_kind")
    if data.startswith(_ZIP):
        return _kind_of_archive(data, limits)
    if data.startswith(b"\x09\x08"):
        raise Unreadable("old_format")
    if data.startswith((b"%PDF", b"{\\rtf")):
        raise Unreadable("wrong_kind")
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        raise Unreadable("web_page")
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        raise Unreadable("empty")
    return "csv"


def _in_utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def _kind_of_archive(data: bytes, limits: Limits) -> str:
    # Counting signatures costs nothing; building half a million directory entries to count them does.
    if data.count(_DIRECTORY_ENTRY) > limits.members:
        raise Unreadable("bomb", note="members")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except Exception as error:  # zipfile raises half a dozen kinds
        raise Unreadable("damaged", note=f"{type(error).__name__}: {error}") from None
    names = {member.filename.lower().lstrip("/") for member in members}
    if len(names) != len(members):
        raise Unreadable("damaged", note="duplicate names")
    kind = _kind_by(names)
    if sum(member.file_size for member in members) > limits.unpacked:
        raise Unreadable("bomb", note="unpacked size")
    taken = []
    for member in members:
        if member.flag_bits & 1:
            raise Unreadable("password")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable("damaged", note="compression")
        if member.file_size > _SMALL and member.file_size > limits.ratio * member.compress_size:
            raise Unreadable("bomb", note=f"ratio of {member.filename}")
        taken.append(_span(data, member))
    taken.sort()
    for (_, end), (start, _) in pairwise(taken):
        if start < end:
            raise Unreadable("bomb", note="members overlap")
    return kind


def _kind_by(names: set[str]) -> str:
    """What an archive with such members is."""
    of_excel = any(name.startswith("xl/") for name in names)
    if of_excel and "content.xml" in names:
        # Two workbooks in one file: each program would show another one.
        raise Unreadable("other_format", note="xlsx and ods at once")
    if any(name.endswith(("workbook.bin", ".iwa")) for name in names):
        raise Unreadable("other_format")
    if names & {"encryptedpackage", "encrypted-package"}:
        raise Unreadable("password")
    if "content.xml" in names:
        return "ods"
    if "[content_types].xml" not in names or not of_excel:
        # Another kind of archive: a folder, a text document.
        raise Unreadable("wrong_kind", note="no workbook in the archive")
    return "xlsx"


def _span(data: bytes, member: zipfile.ZipInfo) -> tuple[int, int]:
    """Where in the file a member stands, by its own header."""
    start = member.header_offset
    if not 0 <= start <= len(data) - _LOCAL_HEADER.size:
        raise Unreadable("damaged", note="offset")
    signature, name_length, extra_length = _LOCAL_HEADER.unpack_from(data, start)
    end = start + _LOCAL_HEADER.size + name_length + extra_length + member.compress_size
    if signature != _ZIP or end > len(data):
        raise Unreadable("damaged", note="local header")
    return start, end
