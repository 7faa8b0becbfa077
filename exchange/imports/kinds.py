"""The kinds of files that can be brought."""

from __future__ import annotations

from exchange.imports.checking import Kind
from exchange.imports.hosted import HostedKind
from exchange.imports.intern_kind import InternKind
from exchange.imports.student_kind import StudentKind
from exchange.organisations.models import Organisation

KINDS: dict[str, Kind] = {kind.name: kind for kind in (StudentKind(), InternKind())}


def kind_of(name: str, host: Organisation | None) -> Kind:
    """The kind by name; with a host a list of interns that a university brings for this enterprise."""
    return KINDS[name] if host is None else HostedKind(host)
