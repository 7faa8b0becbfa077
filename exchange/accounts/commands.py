"""Commands about accounts."""

from __future__ import annotations

import click

from exchange.access.actor import PEOPLE
from exchange.access.terminal import Refused, operator
from exchange.accounts import actions, queries
from exchange.accounts.forms import is_email
from exchange.accounts.models import User
from exchange.accounts.rules import state_of
from exchange.extensions import db
from exchange.organisations.queries import organisation_by_code
from exchange.web.pages import today


@click.group()
def user() -> None:
    """Accounts of people: invite, list, deactivate."""


def _user(email: str) -> User:
    found = queries.user_by_email(db.session(), email)
    if found is None:
        raise Refused(f"There is no account {email}.")
    return found


def _show_link(account: User) -> None:
    token = actions.make_link(db.session(), account)
    click.echo(f"Link for {account.email}, works once until {actions.link_ends(token):%Y-%m-%d %H:%M} UTC:")
    click.echo(actions.link_address(token))


@user.command()
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([str(role) for role in PEOPLE]), help="What the account is here for.")
@click.option("--organisation", required=True, metavar="CODE", help="Code of the organisation, e.g. ASTU.")
@click.option("--name", default="", help="Name of the person.")
@operator
def invite(email: str, role: str, organisation: str, name: str) -> None:
    """Make an account and print the link with which the person sets a password."""
    if not is_email(email):
        raise click.BadParameter("this is not an e-mail address", param_hint="EMAIL")
    place = organisation_by_code(db.session(), organisation)
    account = actions.invite(db.session(), email=email, name=name, role=role, organisation=place, day=today())
    _show_link(account)


@user.command()
@click.argument("email")
@operator
def link(email: str) -> None:
    """Print a new link for an account; older ones and all its sessions stop to work."""
    _show_link(_user(email))


@user.command("list")
@operator
def list_users() -> None:
    """Print all accounts: e-mail, role, organisation, state."""
    for account in queries.accounts(db.session(), queries.accounts_found(db.session(), queries.Wanted(), today())):
        held = queries.membership_on(account, today())
        place = f"{held.role}\t{held.organisation.code}" if held else "-\t-"
        click.echo(f"{account.email}\t{place}\t{state_of(account)}\t{'second factor' if account.tf_primary_method else '-'}")


@user.command()
@click.argument("email")
@operator
def deactivate(email: str) -> None:
    """Switch an account off and end its sessions."""
    account = _user(email)
    actions.deactivate(db.session(), account, today())
    click.echo(f"{account.email} is switched off.")


@user.command("reset-second-factor")
@click.argument("email")
@operator
def reset_second_factor(email: str) -> None:
    """Switch the second factor of an account off, when phone and recovery codes are lost."""
    account = _user(email)
    if not account.tf_primary_method:
        raise Refused(f"{account.email} has no second factor.")
    actions.switch_off_second_factor(db.session(), account, None)
    click.echo(f"{account.email} signs in with the password alone now.")


COMMANDS = (user,)
