"""Doors: marked or not started, opened by grants alone, the same for menus."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from exchange import policy
from exchange.access.actor import PEOPLE, Actor, NoActor, Role, asking, current_actor
from exchange.access.doors import UndeclaredDoor, allow, check, init_app, may, opens, public, signed_in
from exchange.access.permissions import Permission as P

GRANTS = {Role.UNIVERSITY: frozenset({P.STUDENT_READ}), Role.AKIMAT: frozenset({P.REPORT_READ})}


def site(**views: Any) -> Flask:
    app = Flask("doors")
    init_app(app, GRANTS, named={"static": "public"})
    for name, view in views.items():
        app.add_url_rule(f"/{name}", endpoint=name, view_func=view)
    return app


def page() -> str:
    return f"for {current_actor().role}"


def another() -> str:
    return "another"


def test_a_route_that_does_not_say_who_may_enter_stops_the_start() -> None:
    app = site(open=public(lambda: ""), forgotten=page, also_forgotten=another)
    with pytest.raises(UndeclaredDoor, match="also_forgotten, forgotten"):
        check(app)


def test_the_site_itself_is_sealed_and_forgetting_breaks_the_seal(real_app: Any) -> None:
    check(real_app)
    real_app.add_url_rule("/forgotten", endpoint="forgotten", view_func=page)
    with pytest.raises(UndeclaredDoor, match="forgotten"):
        check(real_app)


@pytest.mark.parametrize(
    ("door", "expected"),
    [
        ("public", set(Role)),
        ("signed-in", set(PEOPLE)),
        (frozenset({P.STUDENT_READ}), {Role.UNIVERSITY}),
        (frozenset({P.STUDENT_READ, P.REPORT_READ}), {Role.UNIVERSITY, Role.AKIMAT}),
        (frozenset(), set()),
        (None, set()),
        ("", set()),
        ("nonsense", set()),
    ],
)
def test_who_goes_through(door: Any, expected: set[Role]) -> None:
    assert {role for role in Role if opens(door, role, GRANTS)} == expected


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.UNIVERSITY, 200), (Role.AKIMAT, 403), (Role.GATE, 401), (Role.SYSTEM, 403), (Role.STATISTICS, 403)],
)
def test_the_door_is_asked_before_the_view(role: Role, status: int) -> None:
    app = site(page=allow(P.STUDENT_READ)(page))
    with asking(Actor(role)):
        assert app.test_client().get("/page").status_code == status


def test_nobody_asking_is_a_failure_and_no_pass() -> None:
    app = site(page=signed_in(another))
    app.testing = True
    with pytest.raises(NoActor):
        app.test_client().get("/page")


def test_menus_and_buttons_ask_the_same_page(app: Any) -> None:
    with app.app_context():
        for role, granted in policy.GRANTS.items():
            with asking(Actor(role, 1, 1, (1,))):
                for permission in P:
                    assert may(permission) == (permission in granted)
        with asking(Actor(Role.GATE)):
            assert not any(may(permission) for permission in P)


def test_an_unknown_permission_is_no_silent_no(app: Any) -> None:
    with app.app_context(), asking(Actor(Role.UNIVERSITY)), pytest.raises(ValueError, match="student:fly"):
        may("student:fly")


def test_roles_that_are_not_people_have_no_grants() -> None:
    assert set(policy.GRANTS) == set(PEOPLE)
