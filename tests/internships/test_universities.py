"""Names of universities as files write them."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from exchange.internships.matching import match_university, universities

NAMES = [
    ("АлтГТУ", "ASTU"),
    ("алтгту ", "ASTU"),
    ("ФГБОУ ВО АлтГТУ", "ASTU"),
    ("ФГБОУ ВО «Алтайский государственный технический университет им. И.И. Ползунова»", "ASTU"),
    ("Алтайский гос. технический университет", "ASTU"),
    ("Алтайский гос. тех. ун-т", "ASTU"),
    ("Алтайский государственный технический ун-т, г. Барнаул", "ASTU"),
    ("АГТУ", "ASTU"),
    ("Политех", "ASTU"),
    ("ASTU", "ASTU"),
    ("Алтайский государственный университет", "ASU"),
    ("Алтайский гос.университет", "ASU"),
    ("Altai State University", "ASU"),
    ("АлтГУ, Рубцовск", "ASU-RUB"),
    ("РИ (филиал) АлтГУ", "ASU-RUB"),
    ("АГМУ", "AGMU"),
    ("Алт. гос. мед. университет", "AGMU"),
    ("Алтайский государственный медицинский университет Минздрава России", "AGMU"),
    ("Алтайский ГАУ", "AGAU"),
    ("АлтГАУ", "AGAU"),
    ("БТИ АлтГТУ", "ASTU-BTI"),
    ("Бийский технологический институт", "ASTU-BTI"),
    ("ВКТУ", "KZ-EKTU"),
    ("НАО «Восточно-Казахстанский технический университет им. Д. Серикбаева»", "KZ-EKTU"),
    ("Д. Серікбаев атындағы Шығыс Қазақстан техникалық университеті", "KZ-EKTU"),
    ("", None),
    ("университет", None),
    ("ТОО «Казцинк»", None),
    ("АО «УМЗ»", None),
    ("=1+1", None),
    ("\x00", None),
    ("ъ" * 10_000, None),
]


def test_names(session: Session) -> None:
    known = universities(session)
    found = {text[:60]: (one.code if (one := known.match(text)) else None) for text, _code in NAMES}
    assert found == {text[:60]: code for text, code in NAMES}


def test_partners_keep_no_register_here(session: Session) -> None:
    known = universities(session)
    assert {u.code for u in known.all if u.is_here} >= {"ASU", "ASTU", "ASU-RUB"}
    partner = known.match("ВКТУ")
    assert partner is not None
    assert not partner.is_here


def test_a_closed_university_is_recognised_but_not_offered(session: Session) -> None:
    known = universities(session)
    closed = known.match("АГГПУ")
    assert closed is not None
    assert closed.code == "AGGPU"
    assert "AGGPU" not in dict(known.choices)


@pytest.mark.parametrize(("text", "code"), [("АлтГТУ", "ASTU"), ("что-то", None)])
def test_match_university(session: Session, text: str, code: str | None) -> None:
    found = match_university(session, text)
    assert (found.code if found else None) == code
