"""The one way a business rule says no."""

from __future__ import annotations

from typing import Any


class RuleBroken(Exception):
    """A rule of the domain refuses what was asked; nothing was changed.

    `field` is the name of the form field that the sentence belongs to, or "" when it belongs to the whole form.
    `message` is a sentence for people (a lazy translation): what is wrong, what is expected, what to do.
    """

    def __init__(self, field: str, message: Any) -> None:
        super().__init__(str(message))
        self.field = field
        self.message = message


class NotFound(Exception):
    """There is no such row for this actor: it does not exist, or it is somebody else's (the two are never told apart)."""


class Conflict(Exception):
    """Somebody else changed the record after it was opened; `theirs` names the fields and their present values."""

    def __init__(self, theirs: dict[str, Any] | None = None) -> None:
        super().__init__("the record was changed by somebody else")
        self.theirs = theirs or {}
