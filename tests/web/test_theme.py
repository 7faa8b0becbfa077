"""The frame of pages, the error pages and the laws of the theme: policy of the browser, words through gettext, contrast."""

from __future__ import annotations

import re
from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.web.drawing import STATIC, TEMPLATES, context, environment, one

ERRORS = (400, 401, 403, 404, 405, 409, 413, 415, 419, 422, 429, 500, 503)
PAGE = "{% extends 'base.html' %}{% block title %}Студенты{% endblock %}{% block heading %}<h1>Студенты</h1>{% endblock %}"


def test_the_frame() -> None:
    soup = BeautifulSoup(environment().from_string(PAGE).render(**context()), "html.parser")
    assert (one(soup, "html")["lang"], one(soup, "html")["data-theme"]) == ("ru", "auto")
    assert one(soup, "title").text == "Студенты — Реестр сотрудничества"
    assert one(soup, "a.skip")["href"] == "#main"
    assert one(soup, "main")["id"] == "main"
    assert {a.text for a in soup.select("nav.nav [aria-current=page]")} == {"Студенты"}
    assert soup.select("form[role=search]")[0]["action"] == "/students/find"
    assert one(soup, ".demo")
    assert [form["action"] for form in soup.select("form[method=post]")] == [
        "/students/find",
        "/theme",
        "/logout",
        "/students/find",
    ]
    assert all(form.select("input[name=csrf_token]") for form in soup.select("form[method=post]"))
    assert not soup.select(".lang")
    assert [button["aria-pressed"] for button in soup.select("button[name=theme]")] == ["true", "false", "false"]


def test_the_frame_before_sign_in_has_no_menu() -> None:
    html = environment().from_string(PAGE).render(**context(actor=None, languages=[("ru", "Рус"), ("kk", "Қаз")]))
    soup = BeautifulSoup(html, "html.parser")
    assert not soup.select("nav.nav, details, form[role=search]")
    assert [button["value"] for button in soup.select("form.lang button")] == ["ru", "kk"]


def test_errors_stand_in_the_title_and_hold_back_flashes() -> None:
    env = environment(get_flashed_messages=lambda **_: [("ok", "Готово")])
    wrong = PAGE + "{% block summary %}<section class='errsum'>x</section>{% endblock %}"
    soup = BeautifulSoup(env.from_string(wrong).render(**context()), "html.parser")
    assert one(soup, "title").text == "Ошибка: Студенты — Реестр сотрудничества"
    assert one(soup, ".errsum")
    assert not soup.select(".flash")
    assert one(BeautifulSoup(env.from_string(PAGE).render(**context()), "html.parser"), ".flash").text.strip() == "Готово"


@pytest.mark.parametrize("signed_in", [True, False])
@pytest.mark.parametrize("code", ERRORS)
def test_error_pages(code: int, signed_in: bool) -> None:
    soup = BeautifulSoup(
        environment().get_template(f"errors/{code}.html").render(**context(**({} if signed_in else {"actor": None}))),
        "html.parser",
    )
    assert len(soup.select("h1")) == 1
    assert one(soup, "h1").text in one(soup, "title").text
    assert f"Код ответа: {code}" in one(soup, ".code").text
    assert "!" not in one(soup, "main").text


@pytest.mark.parametrize("code", [500, 503])
def test_the_last_pages_stand_alone(code: int) -> None:
    """No token, no messages, no menu: nothing that could ask the database or the session."""

    def refuse(**_: Any) -> str:
        raise AssertionError("asked")

    env = environment(csrf_token=refuse, get_flashed_messages=refuse)
    html = env.get_template(f"errors/{code}.html").render(**context(may=refuse, languages=[("ru", "Рус"), ("kk", "Қаз")]))
    assert "<form" not in html
    assert one(BeautifulSoup(html, "html.parser"), "h1")


def test_templates_hold_nothing_that_the_policy_forbids() -> None:
    for file in [*TEMPLATES.glob("base.html"), *TEMPLATES.glob("components/*.html"), *TEMPLATES.glob("errors/*.html")]:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<style|<script(?! src=[^>]+ defer></script>)|data:|\son[a-z]+=|https?://", text), (
            file.name
        )
        assert text.count("\n") < 400, file.name
    for file in STATIC.glob("*.css"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"url\(|@import|https?:", text), file.name
        assert text.count("\n") < 400, file.name


def test_russian_words_go_through_gettext() -> None:
    for file in [*TEMPLATES.glob("base.html"), *TEMPLATES.glob("components/*.html"), *TEMPLATES.glob("errors/*.html")]:
        text = re.sub(r"\{#.*?#\}", "", file.read_text(encoding="utf-8"), flags=re.S)
        text = re.sub(r"(?:_|ngettext)\((?:'[^']*'(?:, )?)+", "", text)
        assert not re.search("[А-Яа-яЁё]", text), (file.name, re.findall("[А-Яа-яЁё]+", text))


def test_every_macro_is_in_the_manual() -> None:
    manual = (TEMPLATES / "components" / "README.md").read_text(encoding="utf-8")
    for file in TEMPLATES.glob("components/*.html"):
        for name in re.findall(r"\{% macro (\w+)\(", file.read_text(encoding="utf-8")):
            assert f"`{name}" in manual, f"{file.name}: {name}"


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9]+): ([^;]+);", block))


def palettes() -> dict[str, dict[str, str]]:
    text = (STATIC / "tokens.css").read_text(encoding="utf-8")
    found = dict(re.findall(r":root(\[[^]]+\])? \{(.*?)\}", text, flags=re.S))
    return {
        "light": tokens(found[""]),
        "dark": tokens(found['[data-theme="dark"]']),
        "auto": tokens(found['[data-theme="auto"]']),
    }


def test_dark_by_choice_and_dark_by_system_are_the_same() -> None:
    known = palettes()
    assert known["dark"] == known["auto"]
    assert set(known["dark"]) == set(known["light"])


def contrast(one_colour: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one_colour), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXT = [
    ("text", "bg"),
    ("text", "surface"),
    ("text", "surface2"),
    ("text", "psoft"),
    ("text", "warnsoft"),
    ("text", "badsoft"),
    ("text", "oksoft"),
    ("muted", "bg"),
    ("muted", "surface"),
    ("muted", "surface2"),
    ("muted", "psoft"),
    ("primary", "bg"),
    ("primary", "surface"),
    ("primary", "psoft"),
    ("on", "primary"),
    ("on", "primaryh"),
    ("ok", "oksoft"),
    ("ok", "surface"),
    ("warn", "warnsoft"),
    ("bad", "badsoft"),
    ("bad", "surface"),
    ("surface", "bad"),
    ("vio", "viosoft"),
    ("teal", "tealsoft"),
    ("neu", "neusoft"),
    ("headtext", "head"),
    ("headmuted", "head"),
    ("headmuted", "headfield"),
    ("headtext", "headon"),
    ("t0", "m0"),
    ("t1", "m1"),
    ("t2", "m2"),
    ("t3", "m3"),
    ("t4", "m4"),
]
MARKS = [
    ("bstrong", "surface"),
    ("bstrong", "bg"),
    ("c1", "surface"),
    ("c2", "surface"),
    ("c3", "surface"),
    ("cneg", "surface"),
    ("headline", "headfield"),
    ("focus", "surface"),
    ("focus", "bg"),
]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_colours_can_be_told_apart(theme: str) -> None:
    palette = palettes()[theme]
    for pairs, least in ((TEXT, 4.5), (MARKS, 3.0)):
        weak = {
            pair: round(contrast(palette[pair[0]], palette[pair[1]]), 2)
            for pair in pairs
            if contrast(palette[pair[0]], palette[pair[1]]) < least
        }
        assert not weak
