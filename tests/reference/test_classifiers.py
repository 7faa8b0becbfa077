"""Classifiers: complete, joined to one another, named in three languages."""

from __future__ import annotations

import pytest

from exchange.reference import classifiers
from exchange.reference.classifiers import FUNDING_GROUPS, HOST_TILE, label, short_label
from exchange.reference.shelf import DATA


def test_sizes_of_the_shipped_lists() -> None:
    assert len(classifiers.regions()) == 20
    assert len(classifiers.districts()) == 220
    assert len(classifiers.levels()) == 14
    assert len(classifiers.study_forms()) == 4
    assert len(classifiers.fundings()) == 10
    assert len(classifiers.statuses()) == 12
    assert len(classifiers.transitions()) == 23
    assert len(classifiers.order_types()) == 18
    assert len(classifiers.expulsion_grounds()) == 12
    assert len(classifiers.document_types()) == 17
    assert len(classifiers.migration_statuses()) == 8
    assert len(classifiers.ugsn()) == 58
    assert len(classifiers.kz_fields()) == 12
    assert len(classifiers.institutions()) == 22
    assert len(classifiers.kz_institutions()) == 32
    assert len(classifiers.enterprises()) == 31
    assert set(classifiers.authorities()) == {"REGISTRY", "MINOBR22", "AKIMAT-VKO"}
    assert len(classifiers.read("deadlines")) == 32
    assert len(classifiers.read("working_calendar_ru")) == 1095


def test_every_file_says_how_far_it_may_be_trusted() -> None:
    marks = {"S", "K", "K1", "U", "L", "D"}
    for path in sorted(DATA.glob("*.csv")):
        rows = classifiers.read(path.stem)
        assert rows, path.name
        assert all(None not in row and None not in row.values() for row in rows), path.name
        if path.stem != "sources":
            assert {row["confidence"] for row in rows} <= marks, path.name


def test_three_neighbours_of_the_krai() -> None:
    assert {r.name_ru for r in classifiers.regions().values() if r.is_neighbour} == {
        "область Абай", "Павлодарская область", "Восточно-Казахстанская область",
    }  # fmt: skip


def test_keys_lead_somewhere() -> None:
    assert {d.region_code for d in classifiers.districts().values()} <= set(classifiers.regions())
    for programme in classifiers.programmes().values():
        assert programme.level_code in classifiers.levels()
        assert programme.ugsn_code is None or programme.ugsn_code in classifiers.ugsn()
        assert programme.kz_field_code is None or programme.kz_field_code in classifiers.kz_fields()
    assert {g.kz_field_code for g in classifiers.ugsn().values()} <= set(classifiers.kz_fields())
    for transition in classifiers.transitions():
        assert {transition.from_status, transition.to_status} <= set(classifiers.statuses())
        assert transition.order_type is None or transition.order_type in classifiers.order_types()
    for institution in classifiers.institutions().values():
        assert not institution.parent_code or institution.parent_code in classifiers.institutions()


def test_level_follows_from_the_middle_pair_of_a_code() -> None:
    for code, programme in classifiers.programmes().items():
        assert classifiers.level_of(code) in {programme.level_code, None}
    assert classifiers.level_of("09.03.01") == "bachelor"
    assert classifiers.level_of("31.08.19") == "residency"
    assert classifiers.level_of("1.1.6") == "postgraduate"
    assert classifiers.level_of("09.07.01") is None
    assert classifiers.level_of("9.3.1") is None


def test_status_machine() -> None:
    by_event = {(t.from_status, t.event): t for t in classifiers.transitions()}
    expel = by_event["studying", "expel"]
    assert (expel.to_status, expel.order_type) == ("expelled", "expulsion")
    assert by_event["applicant", "reject"].order_type is None
    counted = {s.code for s in classifiers.statuses().values() if s.in_contingent}
    assert counted == {"studying", "mobility_out", "academic_leave", "maternity_leave", "military_leave"}


def test_effects_of_orders() -> None:
    effects = {code: kind.contingent_effect for code, kind in classifiers.order_types().items()}
    assert {code for code, effect in effects.items() if effect == 1} == {"enrolment", "enrolment_transfer", "reinstatement"}
    assert {code for code, effect in effects.items() if effect == -1} == {"expulsion", "transfer_out", "graduation"}
    assert effects["cancel"] is None
    assert effects["roster"] == 0
    assert label(classifiers.order_types()["roster"], "en") == "As stated by a roster"
    assert label(classifiers.order_types()["roster"]) == "По списку вуза"


def test_funding_groups_follow_the_columns_of_statistics() -> None:
    assert {code: f.group for code, f in classifiers.fundings().items()} == {
        "federal_general": "budget", "quota": "quota", "target": "budget", "krai": "budget", "local": "budget",
        "contract_person": "contract", "contract_org": "contract", "bolashak": "contract", "kz_other": "contract",
        "exchange": "other",
    }  # fmt: skip
    assert [classifiers.funding_group_label(group) for group in FUNDING_GROUPS] == ["Бюджет", "Квота", "Договор", "Иное"]
    assert classifiers.funding_group_label("contract", "kk") == "Шарт"
    assert classifiers.funding_group_label("contract", "de") == "Договор"


def test_labels() -> None:
    region = classifiers.regions()["630000000"]
    assert [label(region, language) for language in ("ru", "kk", "en")] == [
        "Восточно-Казахстанская область", "Шығыс Қазақстан облысы", "East Kazakhstan Region",
    ]  # fmt: skip
    assert [short_label(region, language) for language in ("ru", "kk", "en", "de")] == ["ВКО", "ШҚО", "East Kaz.", "ВКО"]
    district = classifiers.districts()["634000000"]
    assert label(district, "kk") == "Глубоковский район"
    assert short_label(district, "en") == "Глубоковский район"
    assert short_label(classifiers.levels()["bachelor"], "en") == "Bachelor"
    assert label(classifiers.programmes()["09.03.01"], "kk") == "Информатика и вычислительная техника"


def test_every_shown_line_has_a_short_name() -> None:
    loaders = (classifiers.regions, classifiers.levels, classifiers.study_forms, classifiers.fundings, classifiers.statuses)
    for load in loaders:
        for item in load().values():
            assert all(getattr(item, f"short_{language}") for language in ("ru", "kk", "en")), item
            assert len(item.short_ru) <= 17


def test_tile_map_has_a_place_for_every_region() -> None:
    tiles = {tile.code: (tile.column, tile.row) for tile in classifiers.tiles()}
    assert set(tiles) == {*classifiers.regions(), HOST_TILE}
    assert len(set(tiles.values())) == 21
    assert tiles["390000000"] == (2, 0)
    assert tiles["630000000"] == (6, 1)
    assert tiles["270000000"] == (0, 1)
    assert tiles["750000000"] == (5, 3)
    assert tiles[HOST_TILE] == (6, 0)


def test_years_of_levels() -> None:
    levels = classifiers.levels()
    assert (levels["bachelor"].years_min, levels["bachelor"].years_max) == (4, 4)
    assert (levels["spo"].years_min, levels["spo"].years_max) == (3, 4)
    assert (levels["dpo_pk"].years_min, levels["dpo_pk"].years_max) == (None, None)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("вко", ["630000000"]),
        ("ШҚО", ["630000000"]),
        ("казахстанская восточно", ["630000000"]),
        ("east kaz", ["630000000"]),
        ("Жетісу", ["330000000"]),
        ("жетысу", ["330000000"]),
        ("усть-каменогорск", ["630000000"]),
        ("", []),
        ("алтайский", []),
    ],
)
def test_search_for_regions(text: str, codes: list[str]) -> None:
    assert [region.code for region in classifiers.search_regions(text)] == codes


def test_search_for_institutions() -> None:
    assert [i.code for i in classifiers.search_institutions("технический алтайский государственный", 1)] == ["ASTU"]
    assert classifiers.search_institutions("АлтГУ")[0].code == "ASU"
    assert classifiers.search_institutions("Шәкәрім")[0].code == "SHAKARIM"
    assert {i.code for i in classifiers.search_institutions("Семей")} >= {"SMU", "ABU"}
    assert len(classifiers.search_institutions("университет", limit=5)) == 5
