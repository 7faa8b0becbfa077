"""Names of people: tidying, checking, taking apart, abbreviating."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from exchange.people.name_keys import fold, kazakh_order, latin, search_key, skeleton
from exchange.people.vocabulary import (
    CYRILLIC_LOOKALIKES,
    LATIN_KEYS,
    LATIN_LOOKALIKES,
    NOTHING,
    PARTICLES,
    PATRONYMIC_ENDINGS,
    PATRONYMIC_PARTICLES,
    RUSSIAN_KEYS,
)

__all__ = [
    "LONGEST", "FullName", "MixedScripts", "fold", "from_wrong_layout", "initials", "is_name", "is_nothing", "kazakh_order",
    "latin", "looks_like_patronymic", "mixed_scripts", "normalise", "search_key", "skeleton", "split_full_name", "twin_key",
]  # fmt: skip

LONGEST = 100
_HYPHENS = re.compile(r"\s*[-\u2010-\u2015\u2212\u00ad]+\s*")
_APOSTROPHES = re.compile(r"[\u2018\u2019\u02bc\u02bb`\u00b4\u2032]")
_SHAPE = re.compile(r"[^\W\d_]+(?:['\- ]+[^\W\d_]+)*'?")
_INITIALS = re.compile(r"([^\W\d_])\.\s*(?:([^\W\d_])\.)?")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff]")


class FullName(NamedTuple):
    """A name in parts. `name` is "" when the text had only one word; `patronymic` is None when there is none."""

    surname: str
    name: str
    patronymic: str | None


@dataclass(frozen=True)
class MixedScripts:
    """A name whose letters come from two alphabets. `proposal` is its likely right writing, or None when there is none.

    `letters` are the foreign letters as typed, `position` is where the first of them stands, counted from 0.
    """

    letters: str
    position: int
    proposal: str | None
    is_latin_in_cyrillic: bool


def normalise(text: str | None) -> str:
    """A name as it is kept: composed letters, single spaces, plain hyphens, ALL CAPS made Title Case.

    A name all in small letters too. Words like "ұлы" and "оглы" stay low; mixed case is left as typed.
    """
    if not text:
        return ""
    name = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    name = _APOSTROPHES.sub("'", _HYPHENS.sub("-", " ".join(name.split())))
    words = name.strip("- ").split(" ")
    is_small = name.islower()
    return " ".join(_titled(word, is_first=not number, is_small=is_small) for number, word in enumerate(words))


def _titled(word: str, *, is_first: bool, is_small: bool) -> str:
    letters = sum(character.isalpha() for character in word)
    if word.lower() in PARTICLES and not is_first and (word.isupper() or word.islower()):
        return word.lower()
    if letters < 2 or "." in word or not (word.isupper() or (is_small and word.islower())):
        return word[:1].upper() + word[1:] if is_small else word
    return "-".join(_capital(part) for part in word.split("-"))


def _capital(part: str) -> str:
    """Capital first; after a one-letter part with an apostrophe (О'Коннор) the next letter is capital too."""
    head, mark, tail = part.partition("'")
    if mark and len(head) == 1 and len(tail) > 2:
        return f"{head.upper()}'{tail.capitalize()}"
    return part.capitalize()


def is_name(text: str) -> bool:
    """Whether a text can be a name: letters of Cyrillic or Latin with hyphens, spaces, apostrophes; at most LONGEST signs."""
    if len(text) > 2 * LONGEST:
        return False
    name = _APOSTROPHES.sub("'", _HYPHENS.sub("-", unicodedata.normalize("NFC", text).strip()))
    if not 0 < len(name) <= LONGEST or not _SHAPE.fullmatch(name):
        return False
    return all(_script(character) in {"CYRILLIC", "LATIN"} for character in name if character.isalpha())


def _script(character: str) -> str:
    return unicodedata.name(character, "?").split(" ", 1)[0]


def is_nothing(text: str | None) -> bool:
    """Whether a cell says that there is nothing to say: empty, a dash, "нет", "жоқ"."""
    words = " ".join((text or "").lower().replace("\u00a0", " ").split()).strip(" .")
    return words in NOTHING or not any(character.isalnum() for character in words)


def mixed_scripts(text: str) -> MixedScripts | None:
    """The first word that mixes Cyrillic and Latin letters, with a proposal; None when no word does."""
    for match in re.finditer(r"[^\W\d_]+", text):
        word = match.group()
        scripts = [_script(character) for character in word]
        latins, cyrillics = scripts.count("LATIN"), scripts.count("CYRILLIC")
        if not latins or not cyrillics:
            continue
        # The alphabet to which all others can be brought; Cyrillic when both can, since orders are in Russian.
        to_cyrillic = all(s != "LATIN" or c in LATIN_LOOKALIKES for c, s in zip(word, scripts, strict=True))
        to_latin = all(s != "CYRILLIC" or c in CYRILLIC_LOOKALIKES for c, s in zip(word, scripts, strict=True))
        is_cyrillic = to_cyrillic if to_cyrillic != to_latin else cyrillics >= latins
        foreign = "LATIN" if is_cyrillic else "CYRILLIC"
        table = LATIN_LOOKALIKES if is_cyrillic else CYRILLIC_LOOKALIKES
        proposal = None
        if to_cyrillic or to_latin:
            repaired = "".join(table.get(c, c) if s == foreign else c for c, s in zip(word, scripts, strict=True))
            proposal = text[: match.start()] + repaired + text[match.end() :]
        found = [number for number, script in enumerate(scripts) if script == foreign]
        return MixedScripts("".join(word[n] for n in found), match.start() + found[0], proposal, is_cyrillic)
    return None


def in_one_alphabet(text: str) -> str:
    """A name with every word brought to the alphabet that it is meant in, as far as that can be told."""
    while (mixed := mixed_scripts(text)) is not None and mixed.proposal not in (None, text):
        text = mixed.proposal or text
    return text


def twin_key(surname: str | None, name: str | None) -> str:
    """One key for all writings of surname and name, also when they changed places; "" when one of them is not said."""
    keys = [skeleton(in_one_alphabet(part or "")) for part in (surname, name)]
    return " ".join(sorted(keys)) if all(keys) else ""


def looks_like_patronymic(word: str) -> bool:
    """Whether a word ends like a patronymic: Сергеевна, Ерланұлы, Маратқызы."""
    small = word.lower()
    return len(small) > 4 and small.endswith(PATRONYMIC_ENDINGS)


def split_full_name(text: str | None) -> FullName:
    """Takes a name in one cell apart: surname, name, patronymic in this order unless the endings say otherwise.

    Knows initials before and after the surname, patronymics of two words ("Ержан ұлы"), double surnames, a former surname in
    brackets, and "Имя Отчество Фамилия". A single word is a surname with no name.
    """
    plain = normalise(re.sub(r"\([^)]*\)", " ", (text or "").replace(",", " ").replace(";", " ")))
    first = _INITIALS.search(plain)
    if first:
        surname = (plain[: first.start()] + " " + plain[first.end() :]).strip(" .,")
        patronymic = first.group(2)
        if surname and is_name(surname):
            return FullName(surname, f"{first.group(1)}.", f"{patronymic}." if patronymic else None)
    words = plain.split(" ") if plain else []
    if len(words) > 2 and words[-1].lower() in PATRONYMIC_PARTICLES:
        words = [*words[:-2], f"{words[-2]} {words[-1].lower()}"]
    if len(words) < 2:
        return FullName(words[0] if words else "", "", None)
    if len(words) == 2:
        return FullName(words[0], words[1], None)
    if len(words) == 3:
        if looks_like_patronymic(words[1]) and not looks_like_patronymic(words[2]):
            return FullName(words[2], words[0], words[1])
        return FullName(words[0], words[1], None if is_nothing(words[2]) else words[2])
    if looks_like_patronymic(words[-1]):
        return FullName(" ".join(words[:-2]), words[-2], words[-1])
    return FullName(words[0], words[1], " ".join(words[2:]))


def initials(surname: str, name: str, patronymic: str | None = None) -> str:
    """A short name for lists: «Ахметова А. С.»."""
    letters = [f"{part.strip()[0].upper()}." for part in (name, patronymic or "") if part.strip()]
    return " ".join([surname, *letters])


_TO_RUSSIAN = dict(zip(LATIN_KEYS, RUSSIAN_KEYS, strict=True))
_TO_LATIN = {russian: latin_key for latin_key, russian in _TO_RUSSIAN.items()}


def from_wrong_layout(text: str) -> str:
    """What was meant when the keyboard was in the other language: "rfcsvjd" is "касымов". Small letters."""
    small = text.lower()
    table = _TO_LATIN if any(_script(character) == "CYRILLIC" for character in small if character.isalpha()) else _TO_RUSSIAN
    return "".join(table.get(character, character) for character in small)
