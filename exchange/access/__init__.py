"""Who is asking, and may they?"""

from __future__ import annotations

from typing import Any

from flask import Flask


def init_app(app: Flask, policy: Any) -> None:
    """Hangs the doors and raises both walls from the policy page (`exchange.policy`)."""
    from exchange.access import doors, rows, walls

    rows.build(policy.ROWS, policy.OPEN)
    walls.build()
    doors.init_app(app, policy.GRANTS, named={"static": "public"})


def check(app: Flask) -> None:
    """The seal: every route and every model was thought of."""
    from exchange.access import doors, rows
    from exchange.database import Base

    doors.check(app)
    rows.check(mapper.class_ for mapper in Base.registry.mappers)
