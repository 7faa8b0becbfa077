"""Commands about jobs."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from exchange.access.terminal import operator
from exchange.audit.actions import record
from exchange.extensions import db
from exchange.jobs.actions import forget_old


@click.group()
def jobs() -> None:
    """Work that is done apart from the web server."""


@jobs.command("work")
@click.option("--once", is_flag=True, help="Do the jobs that wait, then end.")
@with_appcontext
def work(once: bool) -> None:
    """Do jobs until asked to stop (SIGTERM: when the job at hand is done). Runs beside the web server."""
    from exchange.jobs import worker

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if once:
        click.echo(f"{worker.work_off(app)} jobs are done.")
    else:
        worker.work(app)


@jobs.command("purge")
@operator
def purge() -> None:
    """Take away jobs that ended more than 90 days ago. To be run once a day."""
    gone = forget_old(db.session())
    if gone:
        record(db.session(), "job:purged", rows=gone)
    click.echo(f"{gone} jobs are gone.")


COMMANDS = (jobs,)
