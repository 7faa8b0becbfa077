"""How much of a scan we are willing to read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Bounds of one file. A page of A4 at 600 dots an inch has 35 million dots."""

    size: int = 10 * MEGABYTE
    dots: int = 50_000_000
    nodes: int = 1_000_000
    pages: int = 2_000
    memory: int = 512 * MEGABYTE
    cpu_seconds: int = 8
    wall_seconds: float = 9.5

    def as_dict(self) -> dict[str, Any]:
        """For the command line of the child."""
        return asdict(self)


class Refused(Exception):
    """A file is not taken; `code` names the sentence that the parent process shows, `details` fill its blanks."""

    def __init__(self, code: str, note: str = "", **details: int) -> None:
        super().__init__(code, note)
        self.code = code
        self.note = note
        self.details = details
