"""The browser of the tests hears every complaint, and looks the way its fixtures say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Error, Page

from tests.servers import LiveServer


def test_what_the_browser_objects_to_is_heard(page: Page, complaints: Any) -> None:
    page.goto("/healthz")
    page.evaluate("{ const s = document.createElement('script'); s.textContent = '1'; document.body.append(s) }")
    page.evaluate("setTimeout(() => { throw new Error('of the test') })")
    page.wait_for_timeout(200)
    heard = "\n".join(complaints.heard)
    complaints.heard.clear()
    assert "Content Security Policy" in heard
    assert "script: of the test" in heard


def test_a_page_leads_nowhere_else(page: Page, complaints: Any) -> None:
    with pytest.raises(Error):
        page.goto("http://example.org/")
    assert "left this machine: http://example.org/" in complaints.heard
    complaints.heard.clear()


@pytest.mark.parametrize(
    ("fixture", "width", "dark"), [("page", 1440, False), ("phone_page", 390, False), ("dark_page", 1440, True)]
)
def test_a_page_looks_as_its_name_says(request: pytest.FixtureRequest, fixture: str, width: int, dark: bool) -> None:
    page: Page = request.getfixturevalue(fixture)
    page.goto("/healthz")
    assert page.viewport_size
    assert page.viewport_size["width"] == width
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is dark
    assert page.evaluate("navigator.language") == "ru-RU"


def test_scripts_can_be_switched_off(page_without_js: Page) -> None:
    page_without_js.goto("/healthz")
    assert page_without_js.inner_text("body").strip() == "ok"


def test_the_clock_of_the_site_stands_on_the_day_of_the_tests(page: Page, live_server: LiveServer) -> None:
    page.goto("/there-is-no-such-page")
    assert '"at": "2026-11-23T' in live_server.said()


def test_a_page_that_shuts_somebody_out_is_found(page: Page, accessible: Callable[[Page], None]) -> None:
    page.goto("/there-is-no-such-page")
    accessible(page)
    page.evaluate("document.documentElement.removeAttribute('lang')")
    with pytest.raises(AssertionError, match="html-has-lang"):
        accessible(page)


def test_somebody_of_the_known_world_signs_in(world: Any, page: Page, sign_in: Callable[..., None]) -> None:
    sign_in(page, world.emails["altvagon"])
    answer = page.goto("/me")
    assert answer is not None
    assert answer.status == 200
