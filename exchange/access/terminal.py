"""Who is asking at a terminal: the operator of the machine, as the system, in one transaction."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import Any

import click
from flask.cli import with_appcontext

from exchange.access.actor import SYSTEM, asking
from exchange.errors import NotFound, RuleBroken
from exchange.extensions import db

DONE, REFUSED, MISUSED = 0, 1, 2


class Refused(click.ClickException):
    """The data do not allow what was asked: exit code 1."""

    exit_code = REFUSED


class Misused(click.ClickException):
    """Wrong usage, or a file that can't be read: exit code 2."""

    exit_code = MISUSED


def operator(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorates a command: it asks as the system and is committed once, at its end, or not at all.

    The command may return an exit code; a broken rule is printed and ends with 1.
    """

    @with_appcontext
    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        with asking(SYSTEM):
            try:
                code = command(*args, **kwargs)
                if code:
                    db.session.rollback()
                else:
                    db.session.commit()
            except RuleBroken as broken:
                db.session.rollback()
                raise Refused(str(broken.message)) from broken
            except NotFound as missing:
                db.session.rollback()
                raise Refused(str(missing) or "There is no such record.") from missing
            finally:
                db.session.remove()
        if code:
            sys.exit(code)

    return run
