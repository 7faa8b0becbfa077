"""Forms of accounts: sign-in, passwords, second factor, invitation."""

from __future__ import annotations

import re
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from wtforms import Field, PasswordField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation

from exchange.access.actor import PEOPLE
from exchange.accounts.rules import ROLE_NAMES
from exchange.web.forms import Form, NotRequired, Present, ShorterThan, VersionField

NEW = {"autocomplete": "new-password"}
PRESENT = {"autocomplete": "current-password"}


def is_email(text: str | None) -> bool:
    """Whether a letter could go to this address (the network is not asked)."""
    try:
        validate_email(text or "", check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        # names reserved for examples are not real, but the demonstration lives on them
        return bool(re.fullmatch(r"[a-z0-9._-]{1,60}@([a-z0-9-]{1,60}\.)+example", (text or "").lower()))
    return True


class IsEmail:
    """An address to which a letter could go."""

    def __call__(self, form: Any, field: Field) -> None:
        if not is_email(field.data):
            raise StopValidation(_l("Введите почту полностью, например ivanova@university.ru"))


class SignIn(Form):
    email = StringField(
        _l("Почта"),
        [Present(_l("Введите почту")), ShorterThan(255)],
        render_kw={"autocomplete": "username", "type": "email", "inputmode": "email"},
    )
    password = PasswordField(_l("Пароль"), [Present(_l("Введите пароль")), ShorterThan(1000)], render_kw=PRESENT)


class AskForLink(Form):
    email = StringField(
        _l("Почта"),
        [Present(_l("Введите почту")), ShorterThan(255)],
        render_kw={"autocomplete": "username", "type": "email", "inputmode": "email"},
    )


class Code(Form):
    code = StringField(
        _l("Код"), [Present(_l("Введите код из приложения"))],
        filters=[lambda text: re.sub(r"\s", "", text) if text else text],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )  # fmt: skip

    def check(self) -> None:
        if self.ok("code") and not re.fullmatch(r"[0-9]{6}", self.code.data or ""):
            self.fail("code", _l("Код должен состоять из 6 цифр"))


class RecoveryCode(Form):
    code = StringField(
        _l("Запасной код"), [Present(_l("Введите запасной код")), ShorterThan(40)], render_kw={"autocomplete": "off"}
    )


class NewPassword(Form):
    password = PasswordField(
        _l("Новый пароль"), [Present(_l("Введите новый пароль")), ShorterThan(1000)],
        description=_l("Не короче 12 знаков. Подойдут несколько слов подряд"), render_kw=NEW,
    )  # fmt: skip


class ChangePassword(NewPassword):
    present = PasswordField(_l("Текущий пароль"), [Present(_l("Введите текущий пароль")), ShorterThan(1000)], render_kw=PRESENT)


class ConfirmByPassword(Form):
    password = PasswordField(_l("Пароль"), [Present(_l("Введите пароль")), ShorterThan(1000)], render_kw=PRESENT)


class SignInName(Form):
    """The e-mail of a new account: declared before the fields that stand below it, so faults are listed in their order."""

    email = StringField(
        _l("Почта"), [Present(_l("Введите почту")), ShorterThan(255), IsEmail()],
        description=_l("С ней человек будет входить"), render_kw={"autocomplete": "off", "inputmode": "email"},
    )  # fmt: skip


class Person(Form):
    """What an administrator enters about an account; `places` are (code, name, group) of organisations."""

    name = StringField(
        _l("Фамилия, имя, отчество"), [Present(_l("Введите фамилию и имя")), ShorterThan(200)],
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    position = StringField(_l("Должность, телефон"), [NotRequired(), ShorterThan(200)])
    organisation = SelectField(_l("Организация"), [Present(_l("Выберите организацию"))], validate_choice=False)
    role = RadioField(
        _l("Роль"), [Present(_l("Выберите роль"))],
        choices=[SelectChoice(str(role), ROLE_NAMES[role]) for role in PEOPLE], validate_choice=False,
    )  # fmt: skip
    version = VersionField()

    def __init__(self, *args: Any, places: list[tuple[str, str, Any]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation.choices = [
            SelectChoice("", _l("Выберите организацию")),
            *(SelectChoice(code, name, optgroup=group) for code, name, group in places or ()),
        ]

    def check(self) -> None:
        known = {choice.value for choice in self.organisation.choices}
        if self.ok("organisation") and self.organisation.data not in known:
            self.fail("organisation", _l("Выберите организацию"))
        if self.ok("role") and self.role.data not in PEOPLE:
            self.fail("role", _l("Выберите роль"))


class Invitation(SignInName, Person):
    """A new account."""


class Filter(Form):
    """Filters of the list of accounts."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(_l("Имя или почта"))
    role = SelectField(_l("Роль"), validate_choice=False)
    organisation = SelectField(_l("Организация"), validate_choice=False)
    state = SelectField(_l("Состояние"), validate_choice=False)
