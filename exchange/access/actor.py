"""Who is asking: an actor is known before the first query, and never changes inside a session."""

from __future__ import annotations

import contextvars
import enum
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


class Role(enum.StrEnum):
    """What an account is here for. The last three are never given to a person."""

    UNIVERSITY = "university"
    ENTERPRISE = "enterprise"
    MINISTRY = "ministry"
    AKIMAT = "akimat"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    SYSTEM = "system"
    GATE = "gate"
    STATISTICS = "statistics"


PEOPLE = (Role.UNIVERSITY, Role.ENTERPRISE, Role.MINISTRY, Role.AKIMAT, Role.ADMINISTRATOR, Role.AUDITOR)


class NoActor(RuntimeError):
    """A query without anybody who asks."""


@dataclass(frozen=True)
class Actor:
    """Somebody who asks: a role for an organisation (and, for a university, its branches)."""

    role: Role
    user_id: int | None = None
    organisation_id: int | None = None
    organisation_ids: tuple[int, ...] = ()
    name: str = ""
    organisation_name: str = ""
    address: str = field(default="", compare=False)

    @property
    def label(self) -> str:
        return self.organisation_name or str(self.role)

    @property
    def initials(self) -> str:
        return "".join(part[0] for part in self.name.replace(".", " ").split()[:2]).upper() or "·"


SYSTEM = Actor(Role.SYSTEM)
GATE = Actor(Role.GATE)

_current: contextvars.ContextVar[Actor | None] = contextvars.ContextVar("actor", default=None)


def current_actor() -> Actor:
    """The actor of this request or command; raises NoActor when nobody is asking."""
    actor = _current.get()
    if actor is None:
        raise NoActor("no actor: every query is asked by somebody")
    return actor


def author() -> str:
    """The name of who asks, kept beside what is recorded: it stays readable when the account is gone or not one's own."""
    actor = _current.get()
    return actor.name[:200] if actor is not None else ""


def has_actor() -> bool:
    return _current.get() is not None


def set_actor(actor: Actor | None) -> None:
    """Says who asks for the rest of this context (the web layer, once a request; a command, once)."""
    _current.set(actor)


@contextmanager
def asking(actor: Actor) -> Iterator[Actor]:
    """Inside, `actor` asks. For commands and tests; a session that already served another actor refuses."""
    token = _current.set(actor)
    try:
        yield actor
    finally:
        _current.reset(token)
