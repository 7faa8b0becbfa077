"""The child process that marks up a workbook: what is asked and the file come in, the new file or a reason goes out."""

from __future__ import annotations

import codecs
import io
import json
import sys
import zipfile

from ..child import lock_in
from ..limits import Limits
from ..refusal import Refused
from .archive import mark_up


def main() -> None:
    """Argument: limits as JSON. Input: a line with the length of the question, the question as JSON, the file."""
    limits = Limits(**json.loads(sys.argv[1]))
    codecs.lookup("utf-16")
    lock_in(limits)
    source = sys.stdin.buffer
    head: dict[str, str | int]
    try:
        question = json.loads(source.read(int(source.readline(20))))
        with zipfile.ZipFile(io.BytesIO(source.read(limits.size + 1))) as archive:
            content = mark_up(archive, question, limits)
        if len(content) > limits.answer:
            raise Refused("too_much_text")
        head = {"size": len(content)}
    except Refused as refusal:
        content, head = b"", {"error": refusal.code, "note": refusal.note}
    except MemoryError:
        content, head = b"", {"error": "too_complex", "note": "memory"}
    except Exception as error:
        # Any surprise is the file's doing: this process has no other input.
        content, head = b"", {"error": "damaged", "note": f"{type(error).__name__}: {error}"[:300]}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
