"""Letters, particles and words that are recognised in names and dates."""

from __future__ import annotations

# Names are compared and sorted by Russian letters: registers keep both writings of one name.
KAZAKH_TO_RUSSIAN = str.maketrans("әғқңөұүһіёӘҒҚҢӨҰҮҺІЁ", "агкноуухиеАГКНОУУХИЕ")

# The Kazakh alphabet in its order.
KAZAKH_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"

VOWELS = frozenset("аәеёэиіоөуұүыюя")

# One key for three scripts: the sound that a Cyrillic letter is written with in Latin.
SOUNDS = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "e", "э": "e", "ж": "zh", "з": "z",
    "и": "i", "й": "i", "і": "i", "ы": "i", "к": "k", "қ": "k", "л": "l", "м": "m", "н": "n", "ң": "n", "о": "o", "ө": "o",
    "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "kh", "һ": "kh", "ц": "ts", "ч": "ch",
    "ш": "sh", "щ": "shch", "ю": "iu", "я": "ia",
}  # fmt: skip
SIGNS = frozenset("ьъ")

# The Latin letters of a passport of Kazakhstan.
PASSPORT = {
    "а": "a", "ә": "a", "б": "b", "в": "v", "г": "g", "ғ": "g", "д": "d", "е": "e", "ё": "yo", "э": "e", "ж": "zh", "з": "z",
    "и": "i", "й": "y", "і": "i", "ы": "y", "к": "k", "қ": "k", "л": "l", "м": "m", "н": "n", "ң": "n", "о": "o", "ө": "o",
    "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ұ": "u", "ү": "u", "ф": "f", "х": "kh", "һ": "h", "ц": "ts", "ч": "ch",
    "ш": "sh", "щ": "shch", "ь": "", "ъ": "", "ю": "yu", "я": "ya",
}  # fmt: skip
YE, YI, ES, KA = "е", "й", "с", "к"

# Latin letters that look like Cyrillic ones, small and capital.
LATIN_LOOKALIKES = dict(zip("aceopxyiABCEHKMOPTXI", "асеорхуіАВСЕНКМОРТХІ", strict=True))
CYRILLIC_LOOKALIKES = {cyrillic: latin for latin, cyrillic in LATIN_LOOKALIKES.items()} | {"У": "Y"}

# Keys of the two keyboards, from the upper left to the lower right.
LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
RUSSIAN_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбю"

# Words that stay low inside a name, and those that finish a patronymic of two words.
PATRONYMIC_PARTICLES = frozenset({"ұлы", "улы", "қызы", "кызы", "гызы", "оглы", "оғлы", "уулу"})
PARTICLES = PATRONYMIC_PARTICLES | {"ибн", "бен", "бин", "фон", "ван", "дер", "де"}
PATRONYMIC_ENDINGS = ("вич", "вна", "ична", "инична", "мич", "тич", "кич", "ұлы", "улы", "қызы", "кызы", "оглы", "гызы", "уулу")

# What people write where there is nothing to write.
NOTHING = frozenset({
    "нет", "не имеет", "не указано", "не указан", "не указана", "нет данных", "н/д", "б/о", "без отчества", "отсутствует",
    "отсутствуют", "неизвестно", "жоқ", "none", "no", "n/a", "na", "null", "nil",
})  # fmt: skip

MONTHS = {
    "янв": 1, "фев": 2, "мар": 3, "апр": 4, "май": 5, "мая": 5, "июн": 6, "июл": 7, "авг": 8, "сен": 9, "окт": 10, "ноя": 11,
    "дек": 12, "қаң": 1, "каң": 1, "кан": 1, "ақп": 2, "акп": 2, "нау": 3, "сәу": 4, "сау": 4, "мам": 5, "мау": 6, "шіл": 7,
    "шил": 7, "там": 8, "қыр": 9, "кыр": 9, "қаз": 10, "каз": 10, "қар": 11, "кар": 11, "жел": 12, "jan": 1, "feb": 2, "mar": 3,
    "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
TODAY = frozenset({"сегодня", "бүгін", "бугин", "today"})
YESTERDAY = frozenset({"вчера", "кеше", "yesterday"})
YEAR_WORDS = frozenset({"г", "год", "года", "гг", "ж", "жыл", "жылғы", "жылы", "year"})

# Letters that stand for the Latin N of a passport number.
PASSPORT_N = frozenset("NnНнHhПпИиΝ")
