"""How much of an uploaded file we are willing to read."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

MEGABYTE = 1 << 20

#: Titles, two-row headings, totals and signatures are rows as well, so this many rows more than people are let through.
#: The importer, which knows a heading from a person, keeps the exact limit.
ROWS_AROUND_THE_TABLE = 200

#: Rows over the limit are counted so far, to say how many there are.
COUNTED = 10

#: Where any sheet of Excel ends.
LAST_ROW = 1_048_576
LAST_COLUMN = 16_384


@dataclass(frozen=True)
class Limits:
    """Bounds of one file; the defaults are those of an upload on the site."""

    size: int = 10 * MEGABYTE
    rows: int = 5_000
    columns: int = 200
    cells: int = 500_000
    text: int = 20_000_000
    sheets: int = 100
    members: int = 2_000
    part: int = 64 * MEGABYTE
    unpacked: int = 200 * MEGABYTE
    ratio: int = 200
    tags: int = 6_000_000
    memory: int = 512 * MEGABYTE
    cpu_seconds: int = 8
    wall_seconds: float = 9.5
    answer: int = 48 * MEGABYTE

    @classmethod
    def for_rows(cls, rows: int) -> Limits:
        """Limits for an operator's file of so many rows, read on the command line."""
        times = max(1, -(-rows // cls.rows))
        return cls(
            size=cls.size * min(times, 20),
            rows=rows,
            cells=cls.cells * times,
            text=cls.text * times,
            part=cls.part * times,
            unpacked=cls.unpacked * times,
            tags=cls.tags * times,
            memory=cls.memory * (1 if times == 1 else 4),
            cpu_seconds=cls.cpu_seconds * times,
            wall_seconds=cls.wall_seconds * times * 2,
            answer=cls.answer * times,
        )

    def as_dict(self) -> dict[str, Any]:
        """For the command line of the child."""
        return asdict(self)
