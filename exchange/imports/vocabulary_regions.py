"""Places of Kazakhstan and countries as lists write them: regions, old regions, cities, districts, citizenship."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from babel import Locale

from exchange.imports.vocabulary_text import plain, without_brackets
from exchange.people.names import skeleton
from exchange.reference.classifiers import districts, regions

ABAI, ALMATY_REGION, KARAGANDA, VKO = "100000000", "190000000", "350000000", "630000000"
ZHETISU, ULYTAU, TURKISTAN, AKMOLA = "330000000", "620000000", "610000000", "110000000"
ASTANA, ALMATY, SHYMKENT = "710000000", "750000000", "790000000"

# Names of regions as a whole phrase, without the word "область"; Kazakh letters as their Russian neighbours.
_REGION_NAMES = {
    ABAI: "абай|абайская|абая|абай онири|семипалатинская|семипалатинск обл|abai|abay",
    AKMOLA: "акмола|акмолинская|акмол|целиноградская|кокчетавская|кокшетауская|akmola|aqmola",
    "150000000": "актобе|актюбинская|актюбин|актобинская|aktobe|aqtobe|aktyubinsk",
    ALMATY_REGION: "алматинская|алматин|алма атинская|алмат",
    "230000000": "атырау|атырауская|атырауск|гурьевская|atyrau",
    "270000000": "западно казахстанская|зап казахстанская|запад казахстан|западный казахстан|зко|бко|батыс казакстан|уральская|"
    "west kazakhstan|west kaz|wkr|wko|западно каз|зап каз",
    "310000000": "жамбыл|жамбылская|джамбулская|таразская|zhambyl|jambyl|dzhambul",
    ZHETISU: "жетису|жетысу|жетысуская|жетисуская|талдыкорганская|талды курганская|zhetisu|zhetysu|jetisu|jetysu",
    KARAGANDA: "караганда|карагандинская|караганды|караган|karaganda|karagandy|qaraghandy|qaragandy",
    "390000000": "костанай|костанайская|кустанайская|костан|тургайская|kostanay|kostanai|qostanay|qostanai",
    "430000000": "кызылорда|кызылординская|кзыл ординская|кызыл ординская|kyzylorda|qyzylorda|kzyl orda",
    "470000000": "мангистау|мангистауская|мангыстау|мангышлакская|мангистауск|mangystau|mangistau|mangghystau",
    "550000000": "павлодар|павлодарская|павлод|pavlodar",
    "590000000": "северо казахстанская|сев казахстанская|север казахстан|северный казахстан|ско|солтустик казакстан|"
    "north kazakhstan|north kaz|nkr|nko|северо каз|сев каз",
    TURKISTAN: (
        "туркестан|туркестанская|туркистан|южно казахстанская|юж казахстанская|чимкентская|шымкентская|юко|око"
        "|онтустик казакстан|turkistan|turkestan|south kazakhstan"
    ),
    ULYTAU: "улытау|улытауская|джезказганская|жезказганская|ulytau|ulitau",
    VKO: (
        "восточно казахстанская|вост казахстанская|восток казахстан|восточный казахстан|восточно казахстан|вко|шко"
        "|шыгыс казакстан|усть каменогорская|east kazakhstan|east kaz|ekr|eko|vko|восточно каз|вост каз|вк"
    ),
    ASTANA: "астана|нур султан|акмола город|целиноград|astana|nur sultan",
    ALMATY: "алматы|алма ата|almaty|alma ata",
    SHYMKENT: "шымкент|чимкент|shymkent|chimkent|shimkent",
}
# Cities beside the centres and city administrations of the classifiers: former and other names, towns of districts.
_CITIES = {
    ABAI: "семей|семипалатинск|семск|semey|semei|semipalatinsk|аягоз|аягуз|шар|чарск|курчатов",
    AKMOLA: "кокшетау|кокчетав|kokshetau|щучинск|атбасар|макинск|есиль|державинск|степняк|акколь|ерейментау",
    "150000000": "актюбинск|хромтау|кандыагаш|шалкар|эмба|алга|темир|жем",
    ALMATY_REGION: "конаев|капшагай|капчагай|qonaev|konaev|талгар|каскелен|есик|иссык",
    "230000000": "кульсары",
    "270000000": "уральск|орал|uralsk|oral|аксай",
    "310000000": "тараз|джамбул|taraz|каратау|жанатас|шу|кордай",
    ZHETISU: "талдыкорган|талды курган|taldykorgan|taldyqorghan|жаркент|панфилов|ушарал|уштобе|саркан|сарканд|текели",
    KARAGANDA: "темиртау|балхаш|каркаралинск|сарань|шахтинск|абай город|приозерск|temirtau|balkhash",
    "390000000": "кустанай|аркалык|рудный|лисаковск|житикара|тобыл|джетыгара|rudny",
    "430000000": "кзыл орда|аральск|арал|казалинск|байконур|байконыр|baikonur",
    "470000000": "актау|шевченко|жанаозен|новый узень|форт шевченко|бейнеу|aktau|aqtau",
    "550000000": "экибастуз|екибастуз|аксу|ermak|ekibastuz|aksu",
    "590000000": "петропавловск|петропавл|petropavlovsk|petropavl|тайынша|булаево|сергеевка|мамлютка",
    TURKISTAN: "кентау|арыс|арысь|сарыагаш|сары агаш|ленгер|жетысай|шардара|чардара",
    ULYTAU: "жезказган|джезказган|zhezkazgan|сатпаев|каражал",
    VKO: (
        "усть каменогорск|оскемен|усть каман|ук|oskemen|ust kamenogorsk|риддер|лениногорск|ridder|зыряновск|алтай"
        "|серебрянск|зайсан|шемонаиха|глубокое|курчум|катон карагай|самарское|улькен нарын|большенарымское"
    ),
}
# Since 2018 and 2022 these stand apart; a list that still names the old region beside the city means the new one.
_SPLIT_OFF = {ABAI, ZHETISU, ULYTAU, ASTANA, ALMATY, SHYMKENT}

_REGION_WORDS = r"\b(?:область|области|обл|облысы|облыс|oblast|oblysy|region|regions|province|онири)\b"
_CITY_WORDS = (
    r"\b(?:г|гор|город|города|городе|каласы|кала|к|city|town|горадмин\w*|городская администрация|село|с|поселок|пос"
    r"|ауыл\w*|а)\b"
)
_COUNTRY_WORDS = r"\b(?:республик\w* казахстан|казахстан|казакстан республикасы|казакстан|кр|рк|kazakhstan|kz|the)\b"
_DISTRICT_WORDS = r"\b(?:район|района|р н|ауданы|аудан|district|им|имени)\b"

# What the table of territories has besides countries.
_NO_COUNTRIES = {"EU", "EZ", "UN", "ZZ", "XA", "XB", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
_COUNTRIES = {
    "KZ": "каз|казахстан|республика казахстан|рк|р казахстан|казакстан|казакстан республикасы|кр|kaz|kz|kazakhstan|"
    "republic of kazakhstan|398|казахстанское|казахстанец|казахстанка|гражданин рк|гражданка рк|гр рк|граждане рк|"
    "гражданин казахстана|гражданка казахстана|гражданин республики казахстан|гражданка республики казахстан|"
    "kazakhstani|kazakh|казахстана|республики казахстан|kazakstan|кз",
    "RU": "рф|россия|российская федерация|рос|ресей|ресей федерациясы|rus|ru|russia|russian federation|643|российское|"
    "гражданин рф|гражданка рф|гр рф|russian|россии",
    "UZ": "узбекистан|республика узбекистан|узб|uzb|uz|uzbekistan|860|озбекстан",
    "KG": "кыргызстан|киргизия|кыргызская республика|кр кыргызстан|kgz|kg|kyrgyzstan|417|киргизстан",
    "TJ": "таджикистан|республика таджикистан|тадж|tjk|tj|tajikistan|762|тажикстан",
    "TM": "туркменистан|туркмения|tkm|tm|turkmenistan|795|туркменстан",
    "BY": "беларусь|белоруссия|республика беларусь|рб|blr|by|belarus|112",
    "AM": "армения|республика армения|arm|am|armenia|051",
    "AZ": "азербайджан|азербайджанская республика|aze|az|azerbaijan|031",
    "MD": "молдова|молдавия|республика молдова|mda|md|moldova|498",
    "GE": "грузия|geo|ge|georgia|268",
    "UA": "украина|ukr|ua|ukraine|804",
    "MN": "монголия|mng|mn|mongolia|496",
    "CN": "китай|кнр|chn|cn|china|156|кытай",
    "DE": "германия|фрг|deu|de|germany|276",
    "KR": "корея|республика корея|южная корея|kor|kr|south korea|410",
    "IN": "индия|ind|in|india|356",
    "AF": "афганистан|afg|af|afghanistan|004",
    "TR": "турция|tur|tr|turkey|792",
}


def _squeezed(pattern: str, text: str) -> str:
    return " ".join(re.sub(pattern, " ", text).split())


@cache
def _region_keys() -> dict[str, str]:
    found = {skeleton(name): code for code, names in _REGION_NAMES.items() for name in names.split("|")}
    for code, item in regions().items():
        for name in (item.name_ru, item.name_kk, item.name_en):
            key = skeleton(_squeezed(f"{_REGION_WORDS}|{_CITY_WORDS}", plain(name)))
            found.setdefault(key, code)
    return found


@cache
def _city_keys() -> dict[str, str]:
    found = {skeleton(name): code for code, names in _CITIES.items() for name in names.split("|")}
    for item in districts().values():
        if item.kind == "city_admin":
            found.setdefault(skeleton(plain(re.sub(r"\(.*\)", "", item.name_ru))), item.region_code)
    for code, region_item in regions().items():
        for name in (region_item.centre_ru, region_item.centre_kk, region_item.centre_en):
            key = skeleton(_squeezed(_CITY_WORDS, plain(re.sub(r"\(.*\)", "", name))))
            if key:
                found.setdefault(key, code)
    return found


@cache
def _district_keys() -> dict[str, tuple[str, ...]]:
    """Name without the word "район" -> districts of that name; several regions may have one."""
    found: dict[str, tuple[str, ...]] = {}
    for item in districts().values():
        name = plain(re.sub(r"\(.*\)", "", item.name_ru))
        key = skeleton(_squeezed(_DISTRICT_WORDS, name))
        found[key] = (*found.get(key, ()), item.code)
    return found


@lru_cache(maxsize=1024)
def region(value: object) -> str | None:
    """KATO of the region that a text names: any language, short forms, old names, or the name of a city.

    A city decides when the named region is the one that it left in 2018 or 2022: "ВКО, г. Семей" is Abai.
    """
    typed = str(value or "")[:300]
    named: list[str] = []
    cities: list[str] = []
    in_districts: list[str] = []
    for part in [typed, *re.split(r"[,;/()\n|]+|\s[-\u2013\u2014]\s", typed)]:
        text = plain(part)
        if not text:
            continue
        bare = _squeezed(_COUNTRY_WORDS, text) or text
        is_region = bool(re.search(_REGION_WORDS, bare))
        is_city = bool(re.search(_CITY_WORDS, bare)) and not is_region
        key = skeleton(_squeezed(f"{_REGION_WORDS}|{_CITY_WORDS}", bare))
        whole = skeleton(_squeezed(_REGION_WORDS, text))
        code = _region_keys().get(whole) or _region_keys().get(key)
        if is_region and code == ALMATY:
            code = ALMATY_REGION
        city = _city_keys().get(key)
        if re.search(_DISTRICT_WORDS, text) and not is_region:
            same_name = _district_keys().get(skeleton(_squeezed(_DISTRICT_WORDS, bare)), ())
            found = {districts()[one].region_code for one in same_name}
            if len(found) == 1:
                in_districts.append(found.pop())
            continue
        if is_city and city:
            cities.append(city)
        elif code:
            (cities if code in {ASTANA, ALMATY, SHYMKENT} else named).append(code)
        elif city:
            cities.append(city)
    return _decided(named, cities, in_districts) or _inside(plain(typed))


def _decided(named: list[str], cities: list[str], in_districts: list[str]) -> str | None:
    split = next((city for city in cities if city in _SPLIT_OFF), None)
    if named and split and named[0] != split and named[0] in {VKO, ALMATY_REGION, KARAGANDA, TURKISTAN, AKMOLA}:
        return split
    for found in (named, cities, in_districts):
        if found:
            return found[0] if len(set(found)) == 1 or found is not named else None
    return None


def _inside(text: str) -> str | None:
    """A region named inside a longer text: "ВКО г Риддер ул Мира 5"; nothing when two are."""
    words = _squeezed(_COUNTRY_WORDS, text).split()
    named: set[str] = set()
    cities: set[str] = set()
    for size in (3, 2, 1):
        for start in range(len(words) - size + 1):
            phrase = words[start : start + size]
            joined = " ".join(phrase)
            following = " ".join(words[start + size : start + size + 1])
            key = skeleton(_squeezed(f"{_REGION_WORDS}|{_CITY_WORDS}", joined))
            if not key or (size == 1 and len(phrase[0]) < 3):
                continue
            if re.fullmatch(_REGION_WORDS, following) or phrase[-1] in {"вко", "зко", "ско", "шко", "бко", "юко"} or size > 1:
                code = _region_keys().get(key)
                if code:
                    (cities if code in {ASTANA, SHYMKENT} else named).add(ALMATY_REGION if code == ALMATY else code)
            elif key in _city_keys() and len(key) > 4:
                cities.add(_city_keys()[key])
            elif _region_keys().get(key) in {ASTANA, ALMATY, SHYMKENT}:
                cities.add(_region_keys()[key])
    return _decided(sorted(named), sorted(cities), []) if len(named) <= 1 and len(cities) <= 1 else None


def district(value: object, region_code: str | None = None) -> str | None:
    """KATO of a district or city administration; names that several regions have need the region."""
    text = _squeezed(_CITY_WORDS, plain(re.sub(r"\(.*?\)", " ", str(value or "")[:300])))
    key = skeleton(_squeezed(_DISTRICT_WORDS, text))
    found = [code for code in _district_keys().get(key, ()) if region_code in {None, districts()[code].region_code}]
    return found[0] if len(found) == 1 else None


@cache
def _country_names() -> dict[str, str]:
    named = {plain(name): code for code, name in country_names().items()}
    return named | {plain(name): code for code, names in _COUNTRIES.items() for name in names.split("|")}


@cache
def country_names() -> dict[str, str]:
    """Two-letter code -> the Russian name of the country, those whom lists name most first."""
    territories = {str(code): str(name) for code, name in Locale("ru").territories.items()}
    rest = {code for code in territories if len(code) == 2 and code.isalpha()} - _NO_COUNTRIES - _COUNTRIES.keys()
    return {code: territories[code] for code in (*_COUNTRIES, *sorted(rest, key=lambda code: territories[code]))}


@lru_cache(maxsize=1024)
def citizenship(value: object) -> str | None:
    """Two-letter code of a country: "КАЗ", "РК", "Қазақстан", 398. Two countries in one cell say nothing."""
    text = plain(value)
    if text not in _country_names():
        text = plain(without_brackets(str(value or ""))) or text
    return _country_names().get(text) or _country_names().get(_squeezed(r"\b(?:гражданин|гражданка|гр|гражданство)\b", text))
