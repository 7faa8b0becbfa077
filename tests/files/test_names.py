"""Names of files: what is kept of them, and what a download is called."""

from __future__ import annotations

import pytest

from exchange.files.names import clean_name, content_disposition, was_changed


@pytest.mark.parametrize(
    ("brought", "kept"),
    [
        ("Договор 17.pdf", "Договор 17.pdf"),
        ("C:\\Сканы\\паспорт.PDF", "паспорт.pdf"),
        ("/etc/shadow", "shadow.pdf"),
        ("..", "scan.pdf"),
        ("", "scan.pdf"),
        (".pdf", "scan.pdf"),
        ("NUL.pdf", "scan NUL.pdf"),
        ("a\r\nX-Header: 1.pdf", "a X-Header 1.pdf"),
        ("\u202egpj.exe", "gpj.exe.pdf"),
        ("\ufeff\u2066паспорт\u2069.pdf", "паспорт.pdf"),
        ("и\u0306.pdf", "й.pdf"),
        ("\ud800.pdf", "scan.pdf"),
    ],
)
def test_what_is_kept_of_a_name(brought: str, kept: str) -> None:
    assert clean_name(brought, "application/pdf") == kept
    assert len(clean_name(brought * 400, "image/jpeg")) <= 130


def test_the_end_says_what_the_content_is() -> None:
    assert clean_name("photo.png", "image/jpeg") == "photo.jpg"
    assert not was_changed("photo.png", "photo.jpg")
    assert was_changed("../photo.png", "photo.png")


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("a.pdf", "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf"),
        ("Приказ.jpg", "attachment; filename=\"Prikaz.jpg\"; filename*=UTF-8''%D0%9F%D1%80%D0%B8%D0%BA%D0%B0%D0%B7.jpg"),
        ("文.pdf", "attachment; filename=\"scan.pdf\"; filename*=UTF-8''%E6%96%87.pdf"),
        ("x';y.pdf", "attachment; filename=\"x-y.pdf\"; filename*=UTF-8''x%27%3By.pdf"),
    ],
)
def test_a_download_is_an_attachment_with_a_safe_name(name: str, header: str) -> None:
    assert content_disposition(name) == header
