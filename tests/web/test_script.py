"""The script of the pages: one small file of our own, loaded late, for those who are signed in."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import pytest

from tests.house.sources import ROOT

pytestmark = [pytest.mark.sqlite_only, pytest.mark.usefixtures("today")]
SCRIPT: Path = ROOT / "exchange" / "static" / "app.js"


def test_it_is_light_and_says_nothing_of_its_own() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(gzip.compress(text.encode(), mtime=0)) <= 8 * 1024
    assert not re.search(r"[\u0400-\u04ff]", text), "its words come with the page, where they are translated"
    assert not re.search(r"\beval\b|new Function|https?:|\bdocument\.write\b", text)


def test_it_is_the_only_one_and_waits(client: Any, world: Any, login: Any) -> None:
    assert "<script" not in client.get("/login").text
    login(client, world.emails["astu"])
    (tag,) = re.findall(r"<script[^>]*>", client.get("/students/new").text)
    assert re.fullmatch(r'<script src="/static/app\.js\?v=[0-9a-f]{12}" defer>', tag)


def test_the_page_names_the_new_student_only_to_those_who_may(client: Any, world: Any, login: Any) -> None:
    login(client, world.emails["ministry"])
    page = client.get("/students").text
    assert "data-new" not in page
    assert 'id="gs"' in page


def test_who_reads_no_students_has_no_search(client: Any, world: Any, login: Any) -> None:
    login(client, world.emails["altvagon"])
    assert 'id="gs"' not in client.get("/internships").text
