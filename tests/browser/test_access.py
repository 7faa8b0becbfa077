"""Every page of every role: nobody is shut out, nothing runs off the side, no link leads nowhere; and the keyboard suffices.

The fixtures of the pages listen besides: a broken security policy, a script error, a missing file or a request to another
machine fails the test.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page

from tests.browser.hands import ROSTERS, focused, follow, heading, press

SignIn = Callable[..., None]
VIOLATIONS = {"resultTypes": ["violations"]}
# target-size is the one rule of WCAG 2.2 AA that axe leaves out unless asked
EVERYTHING: dict[str, Any] = {**VIOLATIONS, "rules": {"target-size": {"enabled": True}}}
# what another width and other colours can change
PHONE_IN_THE_DARK: dict[str, Any] = {
    **VIOLATIONS,
    "runOnly": {
        "type": "rule",
        "values": ["color-contrast", "link-in-text-block", "region", "scrollable-region-focusable", "target-size"],
    },
}
AXE = AXE_FILE_PATH.read_text()

REPORTS = ("/reports", "/reports/R01?on=01.10.2026", "/reports/R04?on=01.10.2026", "/reports/R08?from=01.06.2026&to=23.11.2026")
OVERVIEW = ("/overview", "/overview?on=01.10.2025&vs=01.10.2024", "/overview?on=tomorrow")
OWN = ("/me", "/me/security", "/me/second-factor", "/accessibility", "/no-such-page")
STUDENT = "/students/{kim}"
INTERNSHIPS = ("/internships", "/internships?tab=all&sort=name", "/internships?q=nobody")
PAGES: dict[str, tuple[str, ...]] = {
    "": ("/login", "/login?next=/students", "/password/reset", "/invite/cut-off", "/accessibility", "/no-such-page"),
    "astu": (
        "/students", "/students?q=nobody&level=master", "/students?status=all&size=25&on=01.10.2025", "/students/new",
        "/students/new?again={kim}", STUDENT, "/students/{orazbayeva}", f"{STUDENT}/edit",
        *(f"{STUDENT}/orders/new?type={kind}" for kind in ("expulsion", "course_transfer", "program_transfer", "name_change")),
        *OVERVIEW, "/overview/changes?on=01.10.2026&vs=01.10.2025&kind=enrolled", *INTERNSHIPS, "/internships/{summer}",
        "/imports", "/imports/new", *REPORTS[:2], *OWN,
    ),
    "branch": ("/internships/waiting", "/internships/{waiting}/student", "/internships/{waiting}/refusal"),
    "altvagon": (
        *INTERNSHIPS, "/internships/new", "/internships/{minor}", "/internships/{minor}/edit", "/internships/{minor}/weeks",
        "/internships/{minor}/step/interrupt", "/internships/{minor}/evaluation", "/imports", "/imports/new", REPORTS[0],
        REPORTS[3], "/students",
    ),
    "ministry": (*OVERVIEW, "/overview/changes?on=01.10.2026&vs=01.10.2025&kind=enrolled", "/students", STUDENT,
                 "/internships", "/internships/{specialist}", *REPORTS),
    "akimat": (*OVERVIEW[:2], *REPORTS[:3], "/students"),
    "auditor": ("/audit", "/audit?who=nobody", "/audit?from=soon", STUDENT, "/reports"),
    "admin": ("/accounts", "/accounts?q=nobody", "/accounts/new", "/accounts/2", "/accounts/2/edit", "/accounts/2/deactivate",
              "/organisations", "/organisations/new", "/organisations/ASU", "/organisations/ASU/edit",
              "/organisations/ASU/deactivate", "/audit"),
}  # fmt: skip


def wrong_with(page: Page, known: set[str]) -> list[str]:
    """What is wrong with the page that is open, in words; the addresses that it links to go into `known`."""
    found = []
    place = page.url.partition("127.0.0.1")[2].partition("/")[2]
    page.evaluate(AXE)
    found += broken_rules(page, EVERYTHING, f"/{place}")
    for width in (1440, 320, 390):
        page.set_viewport_size({"width": width, "height": 900})
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            found.append(f"/{place} is {over} px wider than a screen of {width}")
    page.emulate_media(color_scheme="dark")
    found += broken_rules(page, PHONE_IN_THE_DARK, f"/{place} on a phone in the dark")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    if page.locator("h1").count() != 1:
        found.append(f"/{place} has {page.locator('h1').count()} headings h1")
    shown = page.locator("main").inner_text()
    found += [f"/{place} shows «{one}»" for one in ("None", "Undefined", "<object", "lazy_gettext", "{{") if one in shown]
    links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.getAttribute('href'))")
    known.update(link for link in links if link.startswith("/"))
    return found


def broken_rules(page: Page, options: dict[str, Any], where: str) -> list[str]:
    violations = page.evaluate("options => axe.run(document, options).then(found => found.violations)", options)
    return [
        f"{where}: {rule['id']}: {rule['help']}: {'; '.join(str(node['target']) for node in rule['nodes'][:3])}"
        for rule in violations
    ]


def dead_links(page: Page, addresses: set[str]) -> list[str]:
    """Addresses of this site that answer with an error; of those that differ in ids and filters, one is tried."""
    kinds: dict[str, str] = {}
    for address in sorted(addresses):
        path, _mark, query = address.partition("?")
        names = sorted(re.findall(r"(\w+)=", query))
        kinds.setdefault(re.sub(r"[0-9A-Z]{12}|\d+", "#", path) + ",".join(names), address)
    tried = [(page.request.get(address, max_redirects=0).status, address) for address in kinds.values()]
    return [f"a link leads to {path}: {status}" for status, path in tried if status >= 400]


@pytest.mark.parametrize("who", PAGES, ids=lambda who: who or "visitor")
def test_every_page(page: Page, sign_in: SignIn, world: Any, who: str) -> None:
    if who:
        sign_in(page, world.emails[who])
    names = {**world.public_ids, **world.internship_public_ids}
    found: list[str] = []
    known: set[str] = set()
    for address in PAGES[who]:
        page.goto(address.format(**names))
        found += wrong_with(page, known)
    found += dead_links(page, known)
    assert not found, "\n" + "\n".join(found)


def test_pages_after_a_press(page: Page, sign_in: SignIn, world: Any, new_page: Callable[..., Page]) -> None:
    """Refused forms, warnings, the check of a roster, the check of an order, a conflict: pages that no address opens."""
    sign_in(page, world.emails["astu"])
    found: list[str] = []
    known: set[str] = set()
    page.goto("/students/new")
    page.fill("[name=iin]", "070514699300")
    page.fill("[name=born]", "1.1.2001")
    page.fill("[name=last_name]", "Aхметов")
    page.fill("[name=programme_query]", "информ")
    press(page, "Сохранить", 422)
    found += wrong_with(page, known)
    page.goto(f"/students/{world.public_ids['kim']}")
    follow(page.locator(".line-of").get_by_role("link", name="Аннулировать").first)
    press(page, "Аннулировать", 422)
    found += wrong_with(page, known)
    page.goto(f"/students/{world.public_ids['kim']}/orders/new?type=expulsion")
    page.fill("[name=number]", "1")
    page.select_option("[name=ground]", "debt")
    press(page, "Проверить и записать", 200)
    found += wrong_with(page, known)
    page.goto("/imports/new")
    page.set_input_files("input[type=file]", ROSTERS / "altstu.csv")
    press(page, "Загрузить и проверить", 303)
    found += wrong_with(page, known)
    upload = page.url.removesuffix("/columns")
    for part in ("/columns", "?tab=errors", "?tab=warnings", "?tab=all", "/protocol"):
        page.goto(f"{upload}{part}")
        page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        found += wrong_with(page, known)
    page.goto(f"/students/{world.public_ids['kim']}/edit")
    other = new_page(java_script_enabled=False)
    sign_in(other, world.emails["astu"])
    other.goto(f"/students/{world.public_ids['kim']}/edit")
    other.fill("[name=phone]", "+77050000001")
    press(other, "Сохранить", 303)
    page.fill("[name=phone]", "+77050000002")
    press(page, "Сохранить", 409)
    found += wrong_with(page, known)
    found += dead_links(page, known)
    assert not found, "\n" + "\n".join(found)


# ------------------------------------------------------------------------------------------------------------ keyboard
SEEN = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
  const x = box.left + Math.min(box.width / 2, 20), y = box.top + box.height / 2;
  const top = document.elementFromPoint(x, y);
  return {
    name: (at.getAttribute('name') || at.id || at.innerText || at.tagName).trim().slice(0, 40), tag: at.tagName,
    value: at.getAttribute('value') || '',
    isRing: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2)
      || (at.matches('a.tile') && parseFloat(getComputedStyle(at.querySelector('rect')).strokeWidth) >= 3),
    isCovered: !(top && (at.contains(top) || top.contains(at) || (top.closest && top.closest('label')))),
    order: [Math.round(box.top + scrollY), Math.round(box.left)],
  };
}"""


def walk(page: Page, most: int) -> list[dict[str, Any]]:
    """Presses Tab through the whole page and says what had the focus."""
    stops: list[dict[str, Any]] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(SEEN)
        if stop["tag"] == "BODY" or (stops and stop == stops[0]):
            break
        stops.append(stop)
    return stops


@pytest.mark.parametrize("address", ["/students", "/students/new", "/imports/new", "/overview"])
def test_the_keyboard_reaches_everything(page: Page, sign_in: SignIn, world: Any, address: str) -> None:
    sign_in(page, world.emails["astu"])
    page.goto(address)
    skip = page.locator("a.skip")
    if address == "/students/new":  # it opens in its first field; the way from the top is walked all the same
        assert focused(page) == "iin"
        skip.focus()
    else:
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    box = skip.bounding_box()
    assert box
    assert box["y"] >= 0
    assert box["height"] >= 24
    page.keyboard.press("Enter")
    assert focused(page) == "main"

    page.goto(address)
    if address == "/students/new":
        skip.focus()
    stops = walk(page, 160)
    assert [stop["name"] for stop in stops if not stop["isRing"]] == [], "each is seen to have the focus"
    assert [stop["name"] for stop in stops if stop["isCovered"]] == [], "nothing lies over what has the focus"
    main_acts = {
        "/students": "Добавить студента", "/students/new": "do", "/imports/new": "do", "/overview": "Скачать отчёт Excel",
    }  # fmt: skip
    assert main_acts[address] in [stop["name"] for stop in stops]
    if address == "/students/new":
        reached = [stop["name"] for stop in stops]
        wanted = ["iin", "born", "sex", "last_name", "first_name", "programme_query", "course", "order_number", "do"]
        assert [name for name in reached if name in wanted][: len(wanted)] == wanted, "in the order of the page"


def test_a_student_is_found_by_keyboard_alone(page: Page, sign_in: SignIn, world: Any) -> None:
    sign_in(page, world.emails["astu"])
    page.goto("/overview")
    page.focus("#gs")
    page.keyboard.type("orazbaeva")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert heading(page) == "Оразбаева Томирис Қайратқызы"
