"""Numbers of documents as they are typed."""

from __future__ import annotations

import pytest

from exchange.people.documents import examine_document, guess_type, mask


@pytest.mark.parametrize(
    ("kind", "typed", "expected"),
    [
        ("kz_passport", "N82878702", ("N82878702", None, False)),
        ("kz_passport", " n 8287 8702 ", ("N82878702", None, False)),
        ("kz_passport", "№ N82878702", ("N82878702", None, False)),
        ("kz_passport", "N №82878702", ("N82878702", None, False)),
        ("kz_passport", "паспорт N82878702", ("N82878702", None, False)),
        ("kz_passport", "Н83491644", ("N83491644", None, True)),
        ("kz_passport", "н83491644", ("N83491644", None, True)),
        ("kz_passport", "H83491644", ("N83491644", None, True)),
        ("kz_passport", "П83491644", ("N83491644", None, True)),
        ("kz_passport", "82878702", ("82878702", "format", False)),
        ("kz_passport", "№82878702", ("№82878702", "format", False)),
        ("kz_passport", "N8287870O", ("N8287870O", "format", False)),
        ("kz_passport", "N828787022", ("N828787022", "format", False)),
        ("kz_passport", "K82878702", ("K82878702", "format", False)),
        ("kz_passport", "", ("", "empty", False)),
        ("kz_passport", None, ("", "empty", False)),
        ("kz_id", "012345678", ("012345678", None, False)),
        ("kz_id", 12345678, ("012345678", None, True)),
        ("kz_id", "уд. личности № 012 345 678", ("012345678", None, False)),
        ("kz_id", "1234567", ("1234567", "format", False)),
        ("rf_passport", "0117123456", ("0117 123456", None, False)),
        ("rf_passport", "01 17 № 123456", ("0117 123456", None, False)),
        ("vnzh", "821234567", ("82 №1234567", None, False)),
        ("migration_card", "4617 0123456", ("4617 №0123456", None, False)),
        ("snils", "11223344595", ("112-233-445 95", None, False)),
        ("kz_birth", "  I-ШЫ   123456 ", ("I-ШЫ 123456", None, False)),
        ("kz_birth", "1", ("1", "format", False)),
        ("no_such", "1", ("1", "unknown_type", False)),
    ],
    ids=range(28),
)
def test_number(kind: str, typed: str | int | None, expected: tuple[str, str | None, bool]) -> None:
    assert examine_document(kind, typed) == expected


def test_very_long_number() -> None:
    assert examine_document("kz_passport", "N" + "1" * 10_000).error == "too_long"
    assert examine_document("kz_birth", "я" * 60).error == "too_long"
    assert guess_type("1" * 10_000) is None


def test_digits_of_other_scripts_are_no_digits() -> None:
    assert examine_document("kz_id", "٠١٢٣٤٥٦٧٨").error == "format"


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("N82878702", "kz_passport"), ("Н83491644", "kz_passport"), ("012345678", "kz_id"), (123456789, "kz_id"),
        ("0117 123456", "rf_passport"), ("82 №1234567", "vnzh"), ("4617 0123456", "migration_card"),
        ("112-233-445 95", "snils"), ("I-ШЫ 123456", None), ("12345678", None), ("050314599901", None), ("", None),
        (None, None),
    ],
)  # fmt: skip
def test_kind_by_its_form(typed: str | int | None, kind: str | None) -> None:
    assert guess_type(typed) == kind


def test_mask() -> None:
    assert mask("N82878702") == "N8•••••02"
    assert mask("012345678") == "01•••••78"
    assert mask("123") == "•••"
    assert mask(None) == ""
