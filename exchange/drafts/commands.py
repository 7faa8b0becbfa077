"""Commands about drafts."""

from __future__ import annotations

import click

from exchange.access.terminal import operator
from exchange.audit.actions import record
from exchange.drafts.actions import forget_old
from exchange.extensions import db


@click.group()
def drafts() -> None:
    """Forms that were typed and not sent."""


@drafts.command("purge")
@operator
def purge() -> None:
    """Take away drafts older than 30 days, and sealed forms whose hour is over. To be run once a day."""
    gone = forget_old(db.session())
    if gone:
        record(db.session(), "draft:purged", rows=gone)
    click.echo(f"{gone} drafts are gone.")


COMMANDS = (drafts,)
