"""Commands for operators.

A room adds commands by a module `commands.py` with `COMMANDS = (command_or_group, …)` (click). It is found here by its
name. A command is decorated with `exchange.access.terminal.operator`: it asks as the system and is committed once.
Exit codes: 0 done, 1 refused because of the data, 2 wrong usage or unreadable file.
"""

from __future__ import annotations

import importlib
import pkgutil
from importlib.util import find_spec

import click
from flask import Flask

import exchange
from exchange.access.terminal import operator
from exchange.audit.actions import record
from exchange.extensions import db


@click.group()
def reference() -> None:
    """Classifiers and known organisations."""


@reference.command("load")
@operator
def load() -> None:
    """Bring classifiers and known organisations to the shipped state; running it again changes nothing."""
    from exchange.installation import load_reference

    changed = load_reference(db.session())
    if changed:
        record(db.session(), "reference:loaded", rows=changed)
    click.echo(f"{changed} lines are new or changed.")


@click.command()
@operator
def check() -> int:
    """Say what makes this installation unsafe to run: one sentence for each thing. Exit code 0: nothing."""
    from exchange.cli_check import notes, problems

    for sentence in notes(db.session()):
        click.echo(f"Note: {sentence}")
    found = list(problems(db.session()))
    for sentence in found:
        click.echo(sentence, err=True)
    if not found:
        click.echo("This installation is safe to run.")
    return 1 if found else 0


def init_app(app: Flask) -> None:
    """Hangs the commands of this module and of every room that has some."""
    commands: list[click.Command] = [reference, check]
    for room in pkgutil.iter_modules(exchange.__path__):
        if room.ispkg and find_spec(f"exchange.{room.name}.commands"):
            commands += importlib.import_module(f"exchange.{room.name}.commands").COMMANDS
    for command in commands:
        app.cli.add_command(command)
