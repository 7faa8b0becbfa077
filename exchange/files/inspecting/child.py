"""The child process: limits first, then the file from its standard input, one line of JSON to its standard output."""

from __future__ import annotations

import codecs
import contextlib
import importlib
import json
import pkgutil
import resource
import sys

import pypdf
from PIL import Image

from .documents import read_document
from .limits import Limits, Refused
from .pictures import read_picture

ENCODINGS = (
    "ascii",
    "latin-1",
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-be",
    "utf-16-le",
    "cp1252",
    "charmap",
    "unicode_escape",
)


def main() -> None:
    """Answer and leave. Arguments: kind of the file, limits as JSON."""
    media_type, limits = sys.argv[1], Limits(**json.loads(sys.argv[2]))
    lock_in(limits)
    try:
        content = sys.stdin.buffer.read(limits.size + 1)
        pages = 1
        if media_type == "application/pdf":
            pages = read_document(content, limits)
        else:
            read_picture(content, media_type, limits)
        answer = {"pages": pages}
    except Refused as refusal:
        answer = {"error": refusal.code, "note": refusal.note, **refusal.details}  # type: ignore[dict-item]
    except (MemoryError, RecursionError) as error:
        answer = {"error": "too_complex", "note": type(error).__name__}  # type: ignore[dict-item]
    except Exception as error:
        # Any surprise is the file's doing: this process has no other input.
        answer = {"error": "damaged", "note": f"{type(error).__name__}: {error}"[:300]}  # type: ignore[dict-item]
    sys.stdout.write(json.dumps(answer))


def lock_in(limits: Limits) -> None:
    """From here on the process can use little memory and time, and can open nothing: no file, no connection, no process."""
    Image.preinit()
    for encoding in ENCODINGS:
        codecs.lookup(encoding)
    for module in pkgutil.walk_packages(pypdf.__path__, "pypdf."):  # it imports parts of itself when they are needed
        with contextlib.suppress(ImportError):  # parts for libraries that are not here
            importlib.import_module(module.name)
    for what, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 3),
    ):
        resource.setrlimit(what, (most, most))
