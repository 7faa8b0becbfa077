"""The kinds of files that can be brought."""

from __future__ import annotations

from exchange.imports.checking import Kind
from exchange.imports.intern_kind import InternKind
from exchange.imports.student_kind import StudentKind

KINDS: dict[str, Kind] = {kind.name: kind for kind in (StudentKind(), InternKind())}
