"""Reading what nobody trusts in a child process: it gets the file and nothing else, and is heard so long and no longer."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import IO, Self, cast

_CHUNK = 1 << 16


class TooLong(Exception):
    """The child did not come to an end in its time."""


class TooMuch(Exception):
    """The child says more than an honest one can."""


class Child:
    """A process that reads a file: `with Child(…) as child: for piece in child.said(…)`. It is over when the block is.

    The limits of memory and of what it may open it puts on itself, first of all (the rooms `parsing` and `inspecting`).
    """

    def __init__(self, program: str, arguments: Sequence[str], upload: IO[bytes]) -> None:
        """Raises OSError when no process can be started."""
        self._process = subprocess.Popen(
            # -I -S: nothing from the environment, the current folder or start-up files of installed packages
            [sys.executable, "-I", "-S", "-X", "utf8", "-c", program, *arguments],
            stdin=upload,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"MALLOC_ARENA_MAX": "1"},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.kill()
        self._process.wait()
        self._answer.close()

    @property
    def _answer(self) -> IO[bytes]:
        return cast(IO[bytes], self._process.stdout)

    @property
    def status(self) -> int | None:
        """With what it ended, after the block."""
        return self._process.returncode

    def said(self, seconds: float, most: int) -> Iterator[bytes]:
        """What the child says, piece by piece, until it closes its end. Raises TooLong, TooMuch."""
        until, received = time.monotonic() + seconds, 0
        with selectors.DefaultSelector() as selector:
            selector.register(self._answer, selectors.EVENT_READ)
            while (left := until - time.monotonic()) > 0:
                if not selector.select(left):
                    continue
                chunk = os.read(self._answer.fileno(), _CHUNK)
                if not chunk:
                    return
                received += len(chunk)
                if received > most:
                    raise TooMuch
                yield chunk
        raise TooLong
