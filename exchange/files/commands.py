"""Commands for operators: are all files what was brought?"""

from __future__ import annotations

import click
import sqlalchemy as sa

from exchange.access.terminal import REFUSED, operator
from exchange.extensions import db
from exchange.files.inspection import hash_of
from exchange.files.models import Scan, ScanContent


@click.group()
def files() -> None:
    """Scans and other files at records."""


@files.command("check")
@operator
def check() -> int:
    """Compare every file with the hash that was noted when it was brought. Exit code 0: all are whole."""
    session = db.session()
    seen, volume, wrong = 0, 0, []
    keys = session.execute(sa.select(Scan.id, Scan.public_id, Scan.sha256).order_by(Scan.id)).all()
    for key, public_id, sha256 in keys:  # one content in memory at a time
        content = session.scalar(sa.select(ScanContent.content).where(ScanContent.scan_id == key))
        seen += 1
        volume += len(content or b"")
        if content is None:
            wrong.append(f"{public_id}: the content is missing")
        elif hash_of(content) != sha256:
            wrong.append(f"{public_id}: the content was changed")
    for sentence in wrong:
        click.echo(sentence, err=True)
    click.echo(f"{seen} files, {volume / 1024 / 1024:.1f} MB, {len(wrong)} damaged.")
    return REFUSED if wrong else 0


COMMANDS = (files,)
