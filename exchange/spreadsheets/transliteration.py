"""Vocabulary: Russian and Kazakh letters in Latin, for names of files where nothing else is allowed."""

from __future__ import annotations

_PAIRS = (
    "а=a б=b в=v г=g д=d е=e ё=yo ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh "
    "щ=shch ъ= ы=y ь= э=e ю=yu я=ya ә=a ғ=g қ=q ң=ng ө=o ұ=u ү=u һ=h і=i"
)


def _table() -> dict[int, str]:
    table: dict[int, str] = {}
    for pair in _PAIRS.split():
        letter, latin = pair.split("=")
        table[ord(letter)] = latin
        table[ord(letter.upper())] = latin.capitalize()
    return table


TO_LATIN = _table()
