"""The tab of the card, the form of each kind, annulment: as a browser sends them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup

from exchange.stays.kinds import KINDS


def text(answer: Any) -> str:
    """The words of a page in one line."""
    return re.sub(r"\s+", " ", BeautifulSoup(answer.text, "html.parser").get_text(" ")).replace("\u00a0", " ")


def tab(client: Any, world: Any, key: str = "kim", rest: str = "") -> Any:
    return client.get(f"/students/{world.public_ids[key]}/stay{rest}")


def summary(answer: Any) -> dict[str, str]:
    """The lines of the summary."""
    page = BeautifulSoup(answer.text, "html.parser")
    lines = page.select("section[aria-labelledby=stands] dl > div")
    return {line.dt.get_text(" ", strip=True): re.sub(r"\s+", " ", line.dd.get_text(" ", strip=True)) for line in lines}


def send(client: Any, world: Any, kind: str, key: str = "kim", **values: str) -> Any:
    return client.post(f"/students/{world.public_ids[key]}/stay/new?kind={kind}", data=values)


def test_the_summary_is_that_of_the_hand_count(astu: Any, world: Any) -> None:
    told = summary(tab(astu, world))
    assert told["Основание пребывания"] == "Временно пребывающий (безвизовый въезд)"
    assert told["Срок пребывания до"].startswith("22.11.2026 истекло, прошло дней: 1")
    assert told["Дней подряд, с последнего въезда"] == "91 из 90 больше предела"
    assert told["Дней в 2026 году"].startswith("272 из 90 больше предела")
    assert told["Миграционный учёт до"].startswith("30.06.2027")
    assert told["Медосвидетельствование до"] == "14.09.2027"
    assert told["Дактилоскопия"] == "нет данных", "the only one was annulled"
    assert told["Полис ДМС до"].startswith("31.08.2026 истекло, прошло дней: 84")


def test_the_timeline_is_newest_first_with_what_was_annulled(astu: Any, world: Any) -> None:
    page = BeautifulSoup(tab(astu, world).text, "html.parser")
    days = [time.get_text() for time in page.select("ol.line-of time")]
    assert days == ["16.09.2026", "15.09.2026", "28.08.2026", "25.08.2026", "30.06.2026", "01.09.2025", "25.08.2025"]
    (off,) = page.select("ol.line-of li.off")
    assert "дактилоскопия другого студента" in off.get_text()
    assert "Tester" in off.get_text()


def test_numbers_are_masked_until_somebody_asks(astu: Any, world: Any) -> None:
    hidden = tab(astu, world).text
    assert "2222222" not in hidden
    assert "ДМС-778812" not in hidden
    shown = astu.post(f"/students/{world.public_ids['kim']}/stay/reveal")
    assert "4622 №2222222" in shown.text
    assert "ДМС-778812" in shown.text


def test_the_tab_hangs_on_the_card(astu: Any, world: Any) -> None:
    card = BeautifulSoup(astu.get(f"/students/{world.public_ids['kim']}").text, "html.parser")
    assert card.select_one(f"nav.tabs a[href='/students/{world.public_ids['kim']}/stay']").get_text(strip=True) == "Миграция"


def test_nothing_known_leads_to_the_first_entry(astu: Any, world: Any) -> None:
    answer = tab(astu, world, "tolegenova")
    assert "Сведений о пребывании нет" in text(answer)
    assert f"/students/{world.public_ids['tolegenova']}/stay/new?kind=entry" in answer.text


def test_the_ministry_reads_and_does_not_write(client: Any, world: Any, login: Callable[..., Any], today: Any) -> None:
    login(client, world.emails["ministry"])
    answer = tab(client, world)
    assert answer.status_code == 200
    assert "2222222" not in answer.text
    assert "/stay/new" not in answer.text
    assert "/annul" not in answer.text
    assert tab(client, world, rest="/new").status_code == 403
    assert "Вуз ещё не внёс" in text(tab(client, world, "tolegenova"))


@pytest.mark.parametrize("key", ["altvagon", "akimat"])
def test_others_do_not_come_in(client: Any, world: Any, login: Callable[..., Any], key: str) -> None:
    login(client, world.emails[key])
    assert tab(client, world).status_code == 403


def test_kinds_are_chosen_by_links(astu: Any, world: Any) -> None:
    page = BeautifulSoup(tab(astu, world, rest="/new").text, "html.parser")
    links = [a["href"].rpartition("=")[2] for a in page.select("main a[href*='kind=']")]
    assert links == list(KINDS)
    for code in KINDS:
        form = BeautifulSoup(tab(astu, world, rest=f"/new?kind={code}").text, "html.parser")
        names = [part["name"] for part in form.select("main form .fld [name]")]
        assert names == [*KINDS[code].fields, "scan_file"]
    assert tab(astu, world, rest="/new?kind=annulment").status_code == 404


FILLED = {
    "entry": {"starts_on": "20.11.2026", "number": "4622 4444444", "place": "Михайловка", "submitted_on": "15.11.2026"},
    "exit": {"starts_on": "вчера"},
    "registration": {"starts_on": "1.11.2026", "ends_on": "30.6.2027", "place": "Барнаул, Ленина 46", "party": "АлтГТУ"},
    "term": {"starts_on": "1.11.2026", "ends_on": "30.6.2027", "code": "temp_stay_ext", "note": "ходатайство 17-45"},
    "rvpo": {"starts_on": "1.11.2026", "ends_on": "27.12.2029", "number": "РВПО-1"},
    "rvp": {"starts_on": "1.11.2026", "ends_on": "1.11.2029", "number": "РВП-1"},
    "vnzh": {"starts_on": "1.11.2026", "number": "82 1234567"},
    "medical": {"starts_on": "20.11.2026", "ends_on": "19.11.2027"},
    "fingerprints": {"starts_on": "20.11.2026"},
    "insurance": {"starts_on": "20.11.2026", "ends_on": "19.11.2027", "number": "1-2", "party": "Страховой дом"},
    "notice": {"starts_on": "20.11.2026", "ends_on": "18.11.2026", "code": "NOTICE_END_3", "number": "17-46"},
}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_is_recorded(astu: Any, world: Any, kind: str) -> None:
    answer = send(astu, world, kind, "tolegenova", **FILLED[kind])
    if answer.status_code == 422:  # an exit before which no entry is known is asked once more
        assert kind == "exit"
        assert "Въезд перед этим выездом не внесён" in text(answer)
        answer = send(astu, world, kind, "tolegenova", **FILLED[kind], confirm_starts_on="1")
    assert answer.status_code == 303
    page = text(tab(astu, world, "tolegenova"))
    assert str(KINDS[kind].done) in page
    assert "Astu Tester" in page
    if kind == "notice":
        assert "позже срока, дней: 2" in page
        assert "Уведомление МВД о завершении или досрочном прекращении обучения" in page


def test_the_next_fact_of_the_same_student(astu: Any, world: Any) -> None:
    answer = send(astu, world, "fingerprints", **FILLED["fingerprints"], do="again")
    assert answer.location.endswith(f"/students/{world.public_ids['kim']}/stay/new")


def test_a_refused_form_keeps_what_was_typed(astu: Any, world: Any) -> None:
    answer = send(astu, world, "registration", starts_on="1.12.2026", ends_on="30.6.2027", place="Барнаул <b>", party="Вуз")
    assert answer.status_code == 422
    assert "01.12.2026 ещё не наступило" in text(answer)
    form = BeautifulSoup(answer.text, "html.parser")
    typed = {part["name"]: part.get("value") for part in form.select("main form .fld input:not([type=file])")}
    assert typed == {"starts_on": "01.12.2026", "ends_on": "30.06.2027", "place": "Барнаул <b>", "party": "Вуз"}


def test_an_entry_after_an_unknown_exit_is_asked_once_more(astu: Any, world: Any) -> None:
    entered = {"starts_on": "1.11.2026", "number": "4622 5555555"}
    asked = send(astu, world, "entry", **entered)
    assert asked.status_code == 422
    assert "Выезд перед въездом 01.11.2026 неизвестен" in text(asked)
    assert send(astu, world, "entry", **entered, confirm_starts_on="1").status_code == 303
    page = tab(astu, world)
    assert "Выезд перед въездом 01.11.2026 неизвестен: дни посчитаны до этого въезда." in text(page)
    assert summary(page)["Дней подряд, с последнего въезда"] == "23 из 90"
    assert summary(page)["Миграционный учёт до"].startswith("нет данных")


def test_the_same_again_is_said(astu: Any, world: Any) -> None:
    answer = send(astu, world, "medical", starts_on="15.9.2026", ends_on="14.9.2027")
    assert answer.status_code == 422
    assert "Уже внесено: Медосвидетельствование, 15.09.2026" in text(answer)


def test_a_form_that_is_sent_twice_acts_once(astu: Any, world: Any) -> None:
    once = "t" * 32
    answers = [send(astu, world, "medical", **FILLED["medical"], once=once) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert text(tab(astu, world)).count("20.11.2026 Медосвидетельствование") == 1


def test_annulment(astu: Any, world: Any) -> None:
    path = f"/students/{world.public_ids['kim']}/stay/{world.stay_facts['kim']}/annul"
    assert "Аннулировать запись" in text(astu.get(path))
    short = astu.post(path, data={"reason": "ошибка"})
    assert short.status_code == 422
    assert "не меньше 10 знаков" in text(short)
    assert astu.post(path, data={"reason": "адрес указан неверно"}).status_code == 303
    page = tab(astu, world)
    assert "Аннулировано: адрес указан неверно" in text(page)
    assert summary(page)["Миграционный учёт до"].startswith("нет данных Встать на учёт по 23.09.2026")
    again = astu.post(path, data={"reason": "адрес указан неверно"})
    assert again.status_code == 422
    assert "уже аннулирована" in text(again)


def test_facts_of_others_are_not_there(astu: Any, world: Any) -> None:
    assert tab(astu, world, "akhmetov").status_code == 404
    foreign = f"/students/{world.public_ids['kim']}/stay/{world.stay_facts['akhmetov']}/annul"
    assert astu.get(foreign).status_code == 404
    assert astu.post(foreign, data={"reason": "чужая запись здесь"}).status_code == 404
