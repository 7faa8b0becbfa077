"""What tests of accounts share: signing in by hand, looking at an account, reading pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from exchange.access.actor import SYSTEM
from exchange.accounts.models import User
from tests.world import PASSWORD


@pytest.fixture
def account(as_: Any) -> Callable[..., Any]:
    """`account(email)` reads an account; `account(email, active=False)` changes it first."""

    def read(email: str, **changes: Any) -> Any:
        with as_(SYSTEM) as session:
            user = session.scalar(sa.select(User).where(User.email == email))
            for name, value in changes.items():
                setattr(user, name, value)
            session.flush()
            if user is not None:
                session.refresh(user)
                session.expunge(user)
            return user

    return read


@pytest.fixture
def knock() -> Callable[..., Any]:
    """`knock(client, email)` sends the sign-in form, whatever comes of it."""
    return lambda client, email, password=PASSWORD, **more: client.post(
        "/login", data={"email": email, "password": password, **more}
    )


@pytest.fixture(autouse=True)
def clock(today: Any) -> Any:
    """Limits of time are tested with a clock that stands where the world is."""
    return today


@pytest.fixture
def admin(client: Any, world: Any, login: Any, clock: Any) -> Any:
    """A visitor signed in as the administrator."""
    login(client, world.emails["admin"])
    return client
