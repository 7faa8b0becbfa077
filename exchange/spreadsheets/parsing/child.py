"""The child process: limits first, then the upload from its standard input, the answer to its standard output."""

from __future__ import annotations

import codecs
import json
import resource
import sys
import zipfile
from collections.abc import Callable
from typing import BinaryIO

from .answer import Answer
from .limits import Limits
from .markup import Markup
from .opendocument import read_open_document
from .package import read_parts
from .plain import ENCODINGS, read_plain
from .refusal import Refused
from .worksheet import read_worksheet


def main() -> None:
    """Answer and leave. Arguments: kind of the file, limits as JSON."""
    kind, limits = sys.argv[1], Limits(**json.loads(sys.argv[2]))
    lock_in(limits)
    serve(kind, limits, sys.stdin.buffer, sys.stdout.buffer)


def lock_in(limits: Limits) -> None:
    """From here on the process can use little memory and time, and can open nothing: no file, no connection, no process."""
    for encoding in ENCODINGS:
        codecs.lookup(encoding)
    # Modules that the standard library imports only when they are first needed.
    zipfile.ZipFile(_tiny_archive()).close()
    for what, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 3),
    ):
        resource.setrlimit(what, (most, most))


def _tiny_archive() -> BinaryIO:
    import io

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", "a")
    return buffer


def serve(kind: str, limits: Limits, source: BinaryIO, target: BinaryIO) -> None:
    """Read the file and answer; whatever goes wrong is said in the answer."""
    answer = Answer(target, limits)
    try:
        if kind == "csv":
            read_plain(source.read(limits.size + 1), answer, limits)
        else:
            with zipfile.ZipFile(source) as archive:
                _READ[kind](Markup(archive, limits), answer, limits)
            answer.end()
    except Refused as refusal:
        answer.refused(refusal)
    except MemoryError:
        answer.refused(Refused("too_complex", "memory"))
    except Exception as error:
        # Any surprise is the file's doing: this process has no other input.
        answer.refused(Refused("damaged", f"{type(error).__name__}: {error}"[:300]))


def _read_workbook(markup: Markup, answer: Answer, limits: Limits) -> None:
    parts = read_parts(markup, limits)
    for sheet in parts.sheets:
        answer.sheet(sheet.name, sheet.hidden)
        read_worksheet(markup, sheet, parts, answer, limits)


_READ: dict[str, Callable[[Markup, Answer, Limits], None]] = {"xlsx": _read_workbook, "ods": read_open_document}
