"""Other writings of a name: the folded one for sorting, one search key for three scripts, the Latin of a passport.

The search key is a phonetic writing in plain Latin letters. Rules, so that Құрманғалиев, Курмангалиев and Kurmangaliyev meet:
- и, й, і, ы, i, y are `i`; ж, zh, j are `zh`; х, һ, kh, h are `kh`; қ, к, k, q are `k`; ю and я are `iu` and `ia`;
- an е after a vowel is `ie` (Жумабаева, Zhumabaeva, Zhumabayeva), an е that begins a word is `e` (Ерасыл, Yerassyl);
- a doubled letter counts once (Kassymov); soft and hard signs are silent, but divide (Наталья is Natalia);
- a letter never depends on what follows it, except for digraphs whose key begins with the key of their first letter.
  So the key of a beginning is the beginning of the key, and a search by prefix finds a name while it is being typed.
  Exceptions: a typed "c" that becomes "ch" or "k", "sch", and "x" within "kx".
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from exchange.people.vocabulary import ES, KA, KAZAKH_ALPHABET, KAZAKH_TO_RUSSIAN, PASSPORT, SIGNS, SOUNDS, VOWELS, YE, YI

_LATIN_VOWELS = frozenset("aeiou")
_LATIN_SOUNDS = {"y": "i", "j": "zh", "q": "k", "h": "kh", "w": "v", "x": "ks", "ş": "sh", "ç": "ch", "ı": "i"}
# Longest first. What stands for one sound in Latin; "gh" is ғ.
_DIGRAPHS = {"sch": "sh", "shch": "shch", "sh": "sh", "zh": "zh", "ch": "ch", "kh": "kh", "gh": "g"}
_LONGEST = sorted(_DIGRAPHS, key=len, reverse=True)
_THRICE = re.compile(r"([^\W\d_])\1\1")
_FRENCH = re.compile(r"je(?=a)")


def fold(text: str) -> str:
    """A name for sorting and comparing: Russian small letters only, without spaces, hyphens and apostrophes."""
    folded = unicodedata.normalize("NFC", text).translate(KAZAKH_TO_RUSSIAN).lower()
    return "".join(character for character in folded if character.isalnum())


# The letters of the Kazakh alphabet as characters that stand in its order byte by byte; Latin ones come after them.
_IN_ORDER = {ord(letter): chr(ord("0") + place) for place, letter in enumerate(KAZAKH_ALPHABET)}


def kazakh_order(text: str) -> str:
    """A key that puts names in the order of the Kazakh alphabet: Ә after А, Ғ after Г, І after Ы; marks do not count."""
    small = unicodedata.normalize("NFC", text).lower()
    return "".join(character for character in small if character.isalpha()).translate(_IN_ORDER)


@lru_cache(maxsize=4096)
def skeleton(text: str) -> str:
    """The search key of a name: letters a to z only, one key for its Kazakh, Russian and Latin writings."""
    letters = unicodedata.normalize("NFC", text).lower()
    key: list[str] = []
    previous = ""  # the letter before this one inside the word, "" at its beginning
    position = 0
    while position < len(letters):
        character = letters[position]
        size = 1
        if character in SIGNS:
            sound = "i" if letters[position + 1 : position + 2] in VOWELS else ""
        elif character in SOUNDS:
            sound = SOUNDS[character]
        else:
            sound, size = _latin_sound(letters, position)
            if not sound:
                if character not in "'’ʼʻ`´" and not unicodedata.combining(character):
                    previous = ""
                position += size
                continue
        if sound == "e":
            if not previous:
                sound = "e"
            elif key and key[-1] == "i" and _is_only_glide(key, letters, position):
                key.pop()
            elif key and key[-1] in _LATIN_VOWELS:
                sound = "ie"
        for part in sound:
            if not key or key[-1] != part:
                key.append(part)
        previous = character
        position += size
    return "".join(key)


def search_key(word: str) -> str:
    """The key by which a typed word is looked for: its skeleton, or "" when no name is written so.

    Since a doubled letter counts once, "zzz" would find every З and Ж. No name has a letter three times in a row, and none
    begins with one consonant over and over: such a word finds nobody. "Jeanna" is the French writing of Жанна.
    """
    small = word.lower()
    key = skeleton(_FRENCH.sub("j", small))
    letters = [character for character in small if character.isalpha()]
    is_one_consonant = len(key) == 1 and key not in _LATIN_VOWELS and len(letters) > 1 and len(set(letters)) == 1
    return "" if is_one_consonant or _THRICE.search(small) else key


def _is_only_glide(key: list[str], letters: str, position: int) -> bool:
    """Whether the `i` before an `e` begins the word: Yerassyl is Ерасыл."""
    before = position - 2
    return letters[position - 1] in {"y", "i", YI} and (before < 0 or not letters[before].isalpha())


def _latin_sound(letters: str, position: int) -> tuple[str, int]:
    """The sound at this place of a text in Latin letters and how many letters it takes; no sound for what is no letter."""
    for digraph in _LONGEST:
        if letters.startswith(digraph, position):
            return _DIGRAPHS[digraph], len(digraph)
    character = letters[position]
    if character in _LATIN_SOUNDS:
        return _LATIN_SOUNDS[character], 1
    if character == "c":
        following = letters[position + 1 : position + 2]
        return ("k" if following.isalpha() else "c"), 1
    base = unicodedata.normalize("NFD", character)[0]
    if base in SOUNDS:
        return SOUNDS[base], 1
    return (base, 1) if "a" <= base <= "z" else ("", 1)


def latin(text: str) -> str:
    """A proposal of the Latin writing as in passports of Kazakhstan: Akhmetova, Kassymov, Zhumabayeva. To be confirmed.

    An е at the beginning, after a vowel or after a sign is "ye"; an с between vowels is "ss"; кс is "x"; an й before a
    consonant is "i".
    """
    source = unicodedata.normalize("NFC", text)
    written: list[str] = []
    skip = False
    for position, letter in enumerate(source):
        if skip:
            skip = False
            continue
        small = letter.lower()
        before = source[position - 1].lower() if position else ""
        after = source[position + 1].lower() if position + 1 < len(source) else ""
        sound = PASSPORT.get(small)
        if sound is None:
            written.append(letter)
            continue
        if small == YE and (not before.isalpha() or before in VOWELS or before in SIGNS or before == YI):
            sound = "ye"
        elif small == ES and before in VOWELS and after in VOWELS:
            sound = "ss"
        elif small == KA and after == ES:
            sound, skip = "x", True
        elif small == YI and after.isalpha() and after not in VOWELS:
            sound = "i"
        if letter != small:
            sound = sound.upper() if _is_in_capitals(source, position) else sound[:1].upper() + sound[1:]
        written.append(sound)
    return "".join(written)


def _is_in_capitals(source: str, position: int) -> bool:
    """Whether the word around this place is written in capitals, so that Ж is ZH and not Zh."""
    neighbours = source[max(position - 1, 0) : position] + source[position + 1 : position + 2]
    letters = [character for character in neighbours if character.isalpha()]
    return bool(letters) and all(character.isupper() for character in letters)
