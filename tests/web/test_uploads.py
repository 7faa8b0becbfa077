"""Which requests may be large, and that files are read one after another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exchange.web.uploads import AT_ONCE, NoPlace, turn
from tests.house.samples import ROSTER
from tests.students.pages import typed


def test_a_large_roster_passes_the_check_of_forged_forms(
    app: Any, client: Any, world: Any, login: Callable[..., Any], today: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check reads the body before any view does, so the limit is known before the check."""
    login(client, world.emails["asu"])
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    form = typed(client.get("/imports/new"))
    content = (ROSTER + ";" * 300_000 + "\n").encode()
    boundary = "b" * 30
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in form.items()
        if name != "file"
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'.encode()
    body = b"".join([*parts, head, content, f"\r\n--{boundary}--\r\n".encode()])
    sent = {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}
    assert client.post("/imports/new", **sent).status_code in (303, 422)
    assert client.post(f"/students/{world.public_ids['kasymova']}/edit", **sent).status_code == 413


def test_no_more_files_are_read_than_there_are_places(tmp_path: Path) -> None:
    with turn(tmp_path), turn(tmp_path):
        assert AT_ONCE == 2
        with pytest.raises(NoPlace), turn(tmp_path, patience=0.01):
            pass
    with turn(tmp_path, patience=0.01):
        pass


def test_where_nothing_can_be_written_the_places_are_not_counted(tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("")
    with turn(blocked / "folder"):
        pass
