"""A real browser before the real site: Chromium, gunicorn, the small known world, noon of 23 November 2026.

`page`, `phone_page`, `dark_page` and `page_without_js` fail the test at its end when the browser complained: a broken
content security policy, a script error, a missing file, a server error, a request to another machine.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright
from playwright.sync_api import Error as BrowserError

from tests.applications import Applications, missing
from tests.databases import Database, Databases
from tests.servers import LiveServer

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--font-render-hinting=none",
)
RESTORED = itertools.count(1)
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}


@pytest.fixture(scope="session")
def playwright_browser(no_network: None) -> Iterator[Browser]:
    """Chromium of this machine, or the one that Playwright installed. TEST_BROWSER names another executable."""
    with contextlib.ExitStack() as stack:
        try:
            playwright = stack.enter_context(sync_playwright())
            here = os.environ.get("TEST_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)
            if not here and not Path(playwright.chromium.executable_path).exists():
                missing("no browser: run `make test`, which installs one, or install Chromium")
            root = ["--no-sandbox"] if os.geteuid() == 0 else []
            browser = playwright.chromium.launch(executable_path=here, args=[*FLAGS, *root])
        except BrowserError as error:
            missing(f"the browser does not start: {error}")
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def browser_server(run_databases: Databases, applications: Applications) -> Iterator[tuple[LiveServer, Database]]:
    """One site for all browser tests of this worker, and the template that its database is put back to."""
    template = applications.inhabited("sqlite")[0]
    own = run_databases.copy(template, f"{applications.worker}_browser")
    with LiveServer(own, application="tests.browser.served:app") as server:
        yield server, template


@pytest.fixture
def live_server(browser_server: tuple[LiveServer, Database]) -> LiveServer:
    """The running site (`live_server.url`), its database as tests/world.py left it."""
    server, template = browser_server
    with (
        contextlib.closing(sqlite3.connect(template.path)) as source,
        contextlib.closing(sqlite3.connect(server.database.path, timeout=30)) as target,
    ):
        source.backup(target)  # also tells the connections of the running site that their pages are stale
        # The site remembers counts by the version of the data; a version that has been before would bring them back.
        target.execute("update audit_head set data_version = ?", (1_000_000 * next(RESTORED),))
        target.commit()
    return server


@pytest.fixture
def world(applications: Applications) -> Any:
    """The small hand-counted world that `live_server` shows."""
    return applications.inhabited("sqlite")[1]


# -------------------------------------------------------------------------------------------------------------- pages
class Complaints:
    """What the browser holds against the site."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def listen(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.heard.append(f"script: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # A page that answers 404 or 422 is often what a test asked for; files that fail are heard in _response.
        if message.type in ("error", "warning") and not message.text.startswith("Failed to load resource"):
            self.heard.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob", "about") and address.hostname != "127.0.0.1":
            self.heard.append(f"left this machine: {request.url}")

    def _response(self, response: Response) -> None:
        asked_for = response.request.is_navigation_request()
        if response.status >= 500 or (response.status >= 400 and not asked_for):
            self.heard.append(f"answer {response.status}: {response.url}")


PageMaker = Callable[..., Page]


@pytest.fixture
def complaints() -> Complaints:
    """What the pages of this test were heard to complain of; a test that provokes a complaint clears the list."""
    return Complaints()


@pytest.fixture
def new_page(playwright_browser: Browser, live_server: LiveServer, complaints: Complaints) -> Iterator[PageMaker]:
    """Makes pages, each of a visitor with cookies of its own: `new_page(color_scheme="dark")`; `page.goto("/students/")`."""
    with contextlib.ExitStack() as stack:

        def make(**options: Any) -> Page:
            settings = {"base_url": live_server.url, "locale": "ru-RU", "timezone_id": "Asia/Barnaul", **DESKTOP, **options}
            context = stack.enter_context(contextlib.closing(playwright_browser.new_context(**settings)))
            context.set_default_timeout(15_000)
            context.on("page", complaints.listen)
            return context.new_page()

        yield make
    if complaints.heard:
        pytest.fail(
            "the browser complained:\n" + "\n".join(complaints.heard) + "\n" + live_server.said()[-2000:], pytrace=False
        )


@pytest.fixture
def page(new_page: PageMaker) -> Page:
    """A Russian desktop, 1440 x 900."""
    return new_page()


@pytest.fixture
def phone_page(new_page: PageMaker) -> Page:
    """A telephone, 390 x 844, touched with a finger."""
    return new_page(**PHONE)


@pytest.fixture
def dark_page(new_page: PageMaker) -> Page:
    """A desktop whose owner prefers dark colours."""
    return new_page(color_scheme="dark")


@pytest.fixture
def page_without_js(new_page: PageMaker) -> Page:
    """A desktop with scripts switched off: everything must work here."""
    return new_page(java_script_enabled=False)


@pytest.fixture
def sign_in() -> Callable[..., None]:
    """`sign_in(page, email)` types into the sign-in page and arrives inside."""
    from tests.world import PASSWORD

    def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
        page.goto("/login")
        page.fill("input[name=email]", email)
        page.fill("input[name=password]", password)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/login" not in url)

    return sign_in


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """`accessible(page)`: axe finds nothing to object to (rules of WCAG 2 A and AA, and good practice)."""

    def check(page: Page) -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"

    return check
