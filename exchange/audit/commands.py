"""Commands about the log."""

from __future__ import annotations

import click

from exchange.access.terminal import operator
from exchange.audit.actions import verify
from exchange.extensions import db


@click.group()
def audit() -> None:
    """The log of who changed, viewed and downloaded what."""


@audit.command("verify")
@click.option("--anchor", metavar="NUMBER:HASH", help="An entry noted elsewhere (on a report), to catch a rewritten log.")
@operator
def verify_chain(anchor: str | None) -> int:
    """Recompute the whole chain. Exit code 0: it is whole; 1: it is broken, and where."""
    noted = None
    if anchor:
        number, _colon, noted_hash = anchor.partition(":")
        if not number.isdecimal() or len(noted_hash) != 64:
            raise click.BadParameter("write it as NUMBER:HASH, the hash with 64 characters", param_hint="--anchor")
        noted = (int(number), noted_hash)
    verdict = verify(db.session(), noted)
    if verdict.is_whole:
        click.echo(f"The log is whole: {verdict.entries} entries, head {verdict.head}")
        return 0
    click.echo(f"The log is broken at entry {verdict.broken_at}: {verdict.reason}.", err=True)
    return 1


COMMANDS = (audit,)
