"""`flask --app wsgi demo load`: synthetic data for a first look, for teaching, and for measurements."""

from __future__ import annotations

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup

from exchange.access.terminal import Refused, operator
from exchange.database import gather_statistics
from exchange.demo.accounts import ACCOUNTS, PASSWORD, load_accounts
from exchange.demo.internships import load_internships
from exchange.demo.load import load_students
from exchange.extensions import db
from exchange.students.models import Student
from exchange.web.pages import today

group = AppGroup("demo", help="Synthetic data: people who do not exist.")
INTERNSHIPS = 120


@group.command("load")
@click.option("--students", default=2000, show_default=True, type=click.IntRange(1, 1_000_000), help="How many students.")
@click.option("--seed", default=2026, show_default=True, type=int, help="The same seed gives the same people.")
@operator
def load(students: int, seed: int) -> None:
    """Loads synthetic students, internships and demo accounts into an empty register."""
    if current_app.config["PRODUCTION"]:
        raise Refused("This is production: demo data is not loaded here.")
    if db.session.scalar(sa.select(sa.exists(sa.select(Student.id)))):
        click.echo("The register already holds students: nothing was loaded.")
        return
    day = today()
    load_students(db.session(), students, seed, day, lambda done: click.echo(f"{done} students", err=True))
    internships = load_internships(db.session(), min(INTERNSHIPS, students), seed, day)
    accounts = load_accounts(db.session(), day)
    gather_statistics(db.session.connection())
    click.echo(f"Loaded {students} students, {internships} internships and {accounts} accounts.")
    click.echo(f"Password of the demo accounts: {PASSWORD}")
    for email, role, organisation in ACCOUNTS:
        click.echo(f"  {email:24} {role} of {organisation}")


COMMANDS = (group,)
