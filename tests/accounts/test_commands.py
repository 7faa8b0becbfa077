"""Commands about accounts: what they print, what they change, how they end."""

from __future__ import annotations

import re
from typing import Any

GOOD = "берёза лошадь скрепка 7"


def invite(runner: Any, *changes: str) -> Any:
    return runner.invoke(args=["user", "invite", *changes])


def test_the_first_administrator_comes_in_by_the_printed_link(runner: Any, new_client: Any, account: Any, world: Any) -> None:
    answer = invite(runner, "First@Example.com", "--role", "administrator", "--organisation", "REGISTRY", "--name", "Первый")
    assert answer.exit_code == 0, answer.output
    found = re.search(r"http://127\.0\.0\.1:8000(/invite/\S+)", answer.output)
    assert found
    person = new_client()
    assert person.post(found[1], data={"password": GOOD}).status_code == 303
    assert person.get("/accounts").status_code == 200
    assert account("first@example.com").name == "Первый"


def test_what_the_data_refuse_ends_with_1_and_changes_nothing(runner: Any, account: Any, world: Any) -> None:
    for arguments, words in (
        (["new@example.com", "--role", "university", "--organisation", "NOWHERE"], "no organisation with the code NOWHERE"),
        (["new@example.com", "--role", "university", "--organisation", "ALTVAGON"], "Выберите вуз"),
        ([world.emails["asu"], "--role", "university", "--organisation", "ASU"], "уже есть"),
    ):
        answer = invite(runner, *arguments)
        assert answer.exit_code == 1
        assert words in answer.output
    assert account("new@example.com") is None


def test_wrong_usage_ends_with_2(runner: Any, world: Any) -> None:
    assert invite(runner, "new@example.com").exit_code == 2
    assert invite(runner, "new@example.com", "--role", "system", "--organisation", "REGISTRY").exit_code == 2
    assert invite(runner, "not an address", "--role", "auditor", "--organisation", "REGISTRY").exit_code == 2
    assert runner.invoke(args=["user", "nonsense"]).exit_code == 2


def test_the_list_names_everybody(runner: Any, world: Any) -> None:
    answer = runner.invoke(args=["user", "list"])
    assert answer.exit_code == 0
    lines = answer.output.splitlines()
    assert len(lines) == 9
    assert "asu@example.org\tuniversity\tASU\tactive\t-" in lines


def test_deactivate(runner: Any, account: Any, world: Any) -> None:
    assert runner.invoke(args=["user", "deactivate", world.emails["asu"]]).exit_code == 0
    assert not account(world.emails["asu"]).active
    assert runner.invoke(args=["user", "deactivate", world.emails["asu"]]).exit_code == 1
    assert runner.invoke(args=["user", "deactivate", "nobody@example.org"]).exit_code == 1


def test_link_and_second_factor(runner: Any, account: Any, world: Any) -> None:
    assert "/invite/" in runner.invoke(args=["user", "link", world.emails["asu"]]).output
    assert runner.invoke(args=["user", "reset-second-factor", world.emails["asu"]]).exit_code == 1
    account(world.emails["asu"], tf_primary_method="authenticator", tf_totp_secret="x")
    assert runner.invoke(args=["user", "reset-second-factor", world.emails["asu"]]).exit_code == 0
    assert account(world.emails["asu"]).tf_primary_method is None
