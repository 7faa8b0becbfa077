"""IIN, BIN and SNILS: the synthetic vectors and the traps of spreadsheets."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from exchange.people.iin import bin_error, check_digit, differences, examine, mask, restore_zeros
from exchange.people.snils import examine_snils

DATA = Path(__file__).parents[1] / "data"


def vectors(name: str) -> list[dict[str, str]]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", vectors("iin_test_vectors"), ids=lambda row: row["iin"])
def test_vector(row: dict[str, str]) -> None:
    finding = examine(row["iin"])
    if row["error"] == "century_warning":
        assert (finding.error, finding.warnings, finding.sex, finding.birth_date) == (None, ("foreigner",), None, None)
        return
    assert finding.error == (row["error"] or None)
    assert finding.is_well_formed == (row["valid"] == "1")
    if finding.is_well_formed:
        assert finding.normalised == row["iin"]
        assert finding.sex == row["sex"]
        assert finding.birth_date == dt.date.fromisoformat(row["birth_date"])
        assert finding.warnings == ()


@pytest.mark.parametrize("typed", ["050314 599901", " 050314599901\n", "050314-599-901", "'050314599901", "0503\u00a014599901"])
def test_noise_is_put_aside(typed: str) -> None:
    assert examine(typed).normalised == "050314599901"


@pytest.mark.parametrize(
    ("typed", "error", "digits"),
    [
        ("", "empty", 0), (None, "empty", 0), ("  -  ", "empty", 0),
        ("010716O49422", "digits", 11), ("010716О49422", "digits", 11), ("нет", "digits", 0),
        ("0503145999", "length", 10), ("0503145999011", "length", 13), ("1" * 10_000, "length", 10_000),
        ("٠٥٠٣١٤٥٩٩٩٠١", "digits", 12),
    ],
)  # fmt: skip
def test_what_is_no_iin(typed: str | None, error: str, digits: int) -> None:
    finding = examine(typed)
    assert (finding.normalised, finding.error, finding.digits) == (None, error, digits)


def test_a_wrong_number_is_kept_so_that_it_may_be_entered_as_in_the_document() -> None:
    finding = examine("060327531350")
    assert (finding.normalised, finding.error, finding.birth_date) == ("060327531350", "checksum", dt.date(2006, 3, 27))


def test_check_digit_uses_the_second_weights_when_the_first_give_ten() -> None:
    assert check_digit("06072769990") == 3
    assert check_digit("06072769920") == 7
    assert check_digit("06072769927") is None


@pytest.mark.parametrize(
    ("number", "born", "restored"),
    [
        (50314599901, "2005-03-14", "050314599901"),
        (50314599901.0, "2005-03-14", "050314599901"),
        ("50314599901", "2005-03-14", "050314599901"),
        ("5.0314599901E+10", "2005-03-14", "050314599901"),
        (822526154, "2000-08-22", "000822526154"),
        (130600046, "2000-01-30", "000130600046"),
        (50314599901, "2005-03-15", None),
        (50314599902, "2005-03-14", None),
        ("5.03146E+10", "2005-03-14", None),
        ("050314599901", "2005-03-14", None),
        (991105399919, "1999-11-05", None),
        ("010716O49422", "2001-07-16", None),
        (None, "2005-03-14", None),
        ("", "2005-03-14", None),
        (True, "2005-03-14", None),
        (-50314599901, "2005-03-14", None),
        (50314599901.5, "2005-03-14", None),
        ("1e999999999", "2005-03-14", None),
        ("9" * 10_000, "2005-03-14", None),
        (float("nan"), "2005-03-14", None),
    ],
    ids=range(20),
)
def test_lost_zeros(number: str | int | float | None, born: str, restored: str | None) -> None:
    assert restore_zeros(number, dt.date.fromisoformat(born)) == restored


def test_zeros_are_not_restored_without_a_birth_date() -> None:
    assert restore_zeros(50314599901, None) is None


def test_differences_are_named() -> None:
    finding = examine("050314599901")
    assert differences(finding, dt.date(2005, 3, 14), "M") == ()
    assert differences(finding, dt.date(2005, 3, 15), "F") == ("birth_date", "sex")
    assert differences(finding, None, None) == ()
    assert differences(examine("050314099908"), dt.date(1999, 1, 1), "F") == ()


def test_mask() -> None:
    assert mask("080314501233") == "0803••••1233"
    assert mask("") == mask(None) == ""
    assert mask("123") == "•••"


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("941240000193", None), ("020240000555", None), ("9412 4000 0193", None), ("941240000194", "checksum"),
        ("941340000193", "date"), ("941210000193", "kind"), ("94124000019", "length"), ("94124000019X", "digits"),
        ("", "empty"),
        (None, "empty"),
    ],
)  # fmt: skip
def test_bin(typed: str | None, error: str | None) -> None:
    assert bin_error(typed) == error


@pytest.mark.parametrize("row", vectors("snils_test_vectors"), ids=lambda row: row["snils"])
def test_snils_vector(row: dict[str, str]) -> None:
    assert examine_snils(row["snils"]) == (row["snils"], None if row["valid"] == "1" else "checksum")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("11223344595", ("112-233-445 95", None)),
        ("112 233 445 95", ("112-233-445 95", None)),
        ("001-001-998 00", ("001-001-998 00", None)),
        ("112-233-445", (None, "format")),
        ("", (None, "empty")),
        (None, (None, "empty")),
    ],
)
def test_snils_as_typed(typed: str | None, expected: tuple[str | None, str | None]) -> None:
    assert examine_snils(typed) == expected
