"""Doors: every endpoint says who may enter, or the application does not start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Flask, abort, g, request

from exchange.access.actor import PEOPLE, Role, current_actor
from exchange.access.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])
Grants = Mapping[Role, frozenset[Permission]]


class UndeclaredDoor(RuntimeError):
    """Routes that do not say who may enter."""


def allow(*permissions: Permission) -> Callable[[View], View]:
    """Marks a view: those may enter who have one of the permissions."""

    def mark(view: View) -> View:
        view.door = frozenset(permissions)  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Marks a view that anybody may enter, signed in or not."""
    view.door = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Marks a view for everybody who is signed in, whatever the role."""
    view.door = "signed-in"  # type: ignore[attr-defined]
    return view


def door_of(app: Flask, endpoint: str) -> Any:
    """The mark of an endpoint: a set of permissions, "public", "signed-in", or None."""
    view = app.view_functions[endpoint]
    return getattr(view, "door", None) or app.extensions["doors"]["named"].get(endpoint)


def opens(door: Any, role: Role, grants: Grants) -> bool:
    """Whether the role may go through the door."""
    if door == "public":
        return True
    if role not in PEOPLE:
        return False
    return door == "signed-in" or bool(door and not isinstance(door, str) and door & grants.get(role, frozenset()))


def init_app(app: Flask, grants: Grants, named: Mapping[str, Any]) -> None:
    """`named` marks endpoints of libraries, which can't be decorated."""
    app.extensions["doors"] = {"grants": grants, "named": dict(named)}

    @app.before_request
    def knock() -> Any:
        if request.endpoint is None:
            return None  # no such address: Flask answers 404 or 405
        door = door_of(app, request.endpoint)
        actor = current_actor()
        if opens(door, actor.role, grants):
            g.door = door
            return None
        abort(401 if actor.role is Role.GATE else 403)


def may(permission: str, role: Role | None = None) -> bool:
    """Whether the actor (or a role) has a permission: for menus and buttons, so they can't drift from the doors."""
    from flask import current_app

    grants: Grants = current_app.extensions["doors"]["grants"]
    return Permission(permission) in grants.get(role or current_actor().role, frozenset())


def check(app: Flask) -> None:
    """Raises UndeclaredDoor with the names of all routes that do not say who may enter."""
    bare = sorted({rule.endpoint for rule in app.url_map.iter_rules() if not door_of(app, rule.endpoint)})
    if bare:
        raise UndeclaredDoor("these routes do not say who may enter: " + ", ".join(bare))
