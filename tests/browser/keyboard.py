"""A person at a keyboard: every key is pressed one by one, in any alphabet, and counted."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

PLACES = {
    "Tab": ("Tab", 9), "Enter": ("Enter", 13), "Escape": ("Escape", 27), "ArrowDown": ("ArrowDown", 40), "/": ("Slash", 191),
}  # fmt: skip
CONTROL, SHIFT = 2, 8


class Keyboard:
    """Presses keys through the browser itself, so that lists of a page hear Russian letters too."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0
        self.session = page.context.new_cdp_session(page)

    def _key(self, key: str, code: str, number: int, text: str, modifiers: int) -> None:
        said: dict[str, Any] = {"key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": modifiers}
        written = {"text": text, "unmodifiedText": text} if text else {}
        self.session.send("Input.dispatchKeyEvent", {"type": "keyDown" if text else "rawKeyDown", **said, **written})
        self.session.send("Input.dispatchKeyEvent", {"type": "keyUp", **said})
        self.pressed += 1

    def press(self, *names: str) -> None:
        """Named keys; «Control+Enter» counts each key of it."""
        for name in names:
            *held, last = name.split("+")
            modifiers = sum({"Control": CONTROL, "Shift": SHIFT}[key] for key in held)
            code, number = PLACES[last] if last in PLACES else (f"Key{last.upper()}", ord(last.upper()))
            text = "\r" if last == "Enter" and not modifiers else last if len(last) == 1 and not modifiers else ""
            self._key(last, code, number, text, modifiers)
            self.pressed += len(held)

    def type(self, text: str) -> None:
        for letter in text:
            number = ord(letter.upper()) if letter.isascii() and letter.isalnum() else 0
            self._key(letter, "", number, letter, 0)
