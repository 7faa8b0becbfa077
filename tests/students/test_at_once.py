"""Several clerks at the same moment: one paper of four students is one order, one student is expelled once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from exchange.access.actor import SYSTEM
from exchange.students.models import Order, OrderLine
from tests.applications import Client, asking_as
from tests.students.pages import summary

pytestmark = pytest.mark.usefixtures("today")
EXPULSION = {"number": "412-ст", "signed_on": "13.11.2026", "effective_on": "", "ground": "debt", "do": "record"}


def at_once(app: Any, login: Callable[..., Any], email: str, paths: list[str]) -> list[Any]:
    """Sends the same order to each address, by visitors of their own, at the same moment."""
    clients = [Client(app, app.response_class, use_cookies=True) for _ in paths]
    for client in clients:
        login(client, email)
    answers: list[Any] = [None] * len(paths)
    start = threading.Barrier(len(paths))

    def send(number: int) -> None:
        start.wait()
        answers[number] = clients[number].post(paths[number], data=EXPULSION)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(len(paths))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def recorded(app: Any) -> tuple[int, int]:
    """How many orders of this number there are, and how many lines they have."""
    with asking_as(app, SYSTEM) as session:
        orders = session.scalars(sa.select(Order.id).where(Order.number == "412-ст")).all()
        lines = sa.select(sa.func.count()).select_from(OrderLine).where(OrderLine.order_id.in_(orders))
        return len(orders), session.scalar(lines) or 0


def path_of(world: Any, key: str) -> str:
    return f"/students/{world.public_ids[key]}/orders/new?type=expulsion"


def test_a_paper_that_four_enter_at_once_is_one_order(real_app: Any, world: Any, login: Callable[..., Any]) -> None:
    paths = [path_of(world, key) for key in ("kim", "kim2", "orazbayeva", "tolegenova")]
    answers = at_once(real_app, login, world.emails["astu"], paths)
    assert [answer.status_code for answer in answers] == [303] * 4
    assert recorded(real_app) == (1, 4)


def test_a_student_whom_four_expel_at_once_is_expelled_once(real_app: Any, world: Any, login: Callable[..., Any]) -> None:
    answers = at_once(real_app, login, world.emails["astu"], [path_of(world, "kim")] * 4)
    assert sorted(answer.status_code for answer in answers) == [303, 422, 422, 422]
    refused = [answer for answer in answers if answer.status_code == 422]
    assert [summary(answer) for answer in refused] == [["Уже в этом приказе, действует с 13.11.2026"]] * 3
    assert recorded(real_app) == (1, 1)
