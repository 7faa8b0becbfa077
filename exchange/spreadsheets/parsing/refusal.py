"""The one way the parser says no."""

from __future__ import annotations


class Refused(Exception):
    """A file is not read further; `code` names the sentence that the parent process shows, `details` fill its blanks."""

    def __init__(self, code: str, note: str = "", **details: int | str) -> None:
        super().__init__(code, note)
        self.code = code
        self.note = note
        self.details = details
