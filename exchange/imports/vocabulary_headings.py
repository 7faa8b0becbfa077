"""What headings of rosters mean: words of Russian, Kazakh and English headings and the fields that they stand for.

All patterns are written for `plain` text: small letters, Kazakh letters as their Russian neighbours (әкесі is акеси), single
spaces, no punctuation but №. `EXACT` are whole headings, `LIKELY` are parts that decide, `WEAK` are hints.
"""

from __future__ import annotations

import re

from exchange.imports.vocabulary_phrases import EXACT

__all__ = ["AS_INTERN", "EXACT", "IGNORED", "INTERN_FIELDS", "LIKELY", "NO_PLACE", "PAIRS", "SCRIPT", "STUDENT_FIELDS", "WEAK"]

IGNORED = "ignored"

STUDENT_FIELDS = frozenset({
    "number_in_list", "full_name", "last_name", "first_name", "patronymic", "last_name_kk", "first_name_kk", "patronymic_kk",
    "latin_name", "last_name_lat", "first_name_lat", "sex", "born", "iin", "passport", "document_type", "document_valid_until",
    "document_issued_on", "document_issued_by", "citizenship", "region", "district", "settlement", "programme",
    "programme_code", "programme_name", "level", "course", "group", "form", "funding", "order", "order_number", "order_date",
    "enrolled_on", "status", "phone", "email", "faculty", "record_book", "planned_end", "address", "dormitory", "snils",
    "organisation", "note", "key",
})  # fmt: skip
INTERN_FIELDS = frozenset({
    "number_in_list", "full_name", "last_name", "first_name", "patronymic", "iin", "born", "sex", "kind", "sender",
    "department", "mentor", "starts_on", "ends_on", "period", "hours_planned", "hours", "briefing_on", "grade", "hired",
    "position", "programme", "phone", "email", "note", "order", "citizenship", "passport", "course", "key",
})  # fmt: skip
# What a student's word means in a list of interns.
AS_INTERN = {
    "organisation": "sender", "faculty": "department", "enrolled_on": "starts_on", "planned_end": "ends_on",
    "programme_name": "programme", "programme_code": "programme", "order_number": "order",
    "form": "", "status": "", "level": "", "region": "", "document_type": "",
}  # fmt: skip

_KK = r"(?:на )?(?:каз(?:ах\w*)?|казакша|kz|kaz\w*|in kazakh)\b"
_LAT = r"(?:лат(?:ин\w*)?|латынша|англ\w*|транслит\w*|in latin|latin|english|eng|lat)\b"
SCRIPT = rf"\b(?:{_KK}|{_LAT})"
_SOMEBODY_ELSE = r".*\b(?:рук|кур|настав|отв|препод|родит|матер|отц|представ|инспект|исполн)"
_LAST = r"(?:фамили\w*|теги|surname|last name|family name)"
_FIRST = r"(?:имя|аты|есими|first name|given names?)"
_PATRONYMIC = r"(?:отчеств\w*|акесинин аты|patronymic)"

# (field, pattern, confidence), searched in the heading.
LIKELY: tuple[tuple[str, str, float], ...] = (
    ("last_name_kk", rf"{_LAST}.*{_KK}|{_KK}.*{_LAST}", 0.96),
    ("first_name_kk", rf"(?<!фамилия )\b{_FIRST}.*{_KK}|{_KK}.*{_FIRST}", 0.95),
    ("patronymic_kk", rf"{_PATRONYMIC}.*{_KK}|{_KK}.*{_PATRONYMIC}", 0.97),
    ("last_name_lat", rf"{_LAST}.*{_LAT}|{_LAT}.*{_LAST}", 0.96),
    ("first_name_lat", rf"{_FIRST}.*{_LAT}|{_LAT}.*{_FIRST}", 0.95),
    ("latin_name", rf"\b(?:фио|ф и о|name|аты жони|фамили\w* (?:и )?имя)\b.*{_LAT}", 0.97),
    ("full_name", (
        rf"^(?!{_SOMEBODY_ELSE})(?:(?:фио|ф и о|фамилия имя|аты жони|теги аты)\b|.*\bфамилия имя (?:и )?отчество\b"
        r"|\w+ аты жони\b|.*\bfull name\b)"
    ), 0.9),
    ("full_name", rf"^(?!{_SOMEBODY_ELSE}).*\b(?:фио|ф и о)\b", 0.7),
    ("last_name", rf"^(?!{_SOMEBODY_ELSE}){_LAST}\b", 0.7),
    ("first_name", rf"^(?!{_SOMEBODY_ELSE}){_FIRST}\b", 0.6),
    ("patronymic", rf"^{_PATRONYMIC}\b", 0.8),
    ("born", r"\bдат\w* рожд|\bтуган\b|\bтуылган\b|date of birth|birth ?dat|\bdob\b|\bгод\w* рожд", 0.9),
    ("sex", r"^пол\b|\bжыныс|\b(?:gender|sex)\b", 0.85),
    ("iin", r"\b(?:иин|жсн|iin)\b|индивидуальн\w* идентификац|жеке сайкестендиру", 0.93),
    ("snils", r"\b(?:снилс|snils)\b", 0.95),
    ("document_valid_until", (
        r"(?:паспорт|документ|удост|passport|кужат|куалик|толкужат).*(?:действ|срок|годен|valid|expir|жарамды)|(?:действ"
        r"|срок|годен|valid|expir|жарамды).*(?:паспорт|документ|удост|passport|кужат|куалик|толкужат)"
    ), 0.94),
    ("document_issued_by", r"\bкем выдан|\bорган\w* выда|issued by|берген орган|issuing", 0.9),
    ("document_issued_on", r"\bдат\w* выда|\bкогда выдан|date of issue|issue date|берилген куни", 0.9),
    ("document_type", (
        r"\b(?:вид|тип|наименован\w*) (?:документ|дул|удост)|кужат\w* тури|document type|type of (?:id|document)"
    ), 0.93),
    ("passport", (
        r"\bпаспорт|\bpassport|удостовер\w* личн|\bуд личн|\bдул\b|толкужат|жеке куалик|identity (?:card|document)"
        r"|\bid (?:card|no|number)\b|номер документ|№ документ|кужат\w* номири"
    ), 0.85),
    ("citizenship", r"\bграждан|\bподданств|азаматты|citizen|nationality", 0.85),
    ("email", r"\be ?mail|\bе ?mail|\bэл\w* (?:почт|адрес)|почт\w* адрес эл|электрон\w* (?:почт|адрес|пошта)|\bпочта$", 0.93),
    ("phone", r"\bтелефон|\bтел\b|\bphone|\bmobile\b|\bсотов|\bмоб\b|\bwhatsapp|\bватсап", 0.9),
    ("dormitory", r"\bобщежит|\bжатакхана|\bdorm|\bhostel", 0.85),
    ("order_number", (
        r"(?:приказ|буйрык|\border\b).*(?:№|\bномер|\bноми|\bno\b|number)|(?:№|\bномер|\bnumber|\bno\b).*(?:приказ|буйрык"
        r"|\border\b)"
    ), 0.9),
    ("order_date", r"(?:приказ|буйрык|\border\b).*(?:\bдат|\bdate|\bкуни)|(?:\bдат|\bdate).*(?:приказ|буйрык|\border\b)", 0.9),
    ("order", r"^(?=.*(?:приказ|буйрык))(?=.*(?:№|номер|номири))(?=.*\b(?:дат|куни))", 0.93),
    ("order", r"\bприказ|\bбуйрык|\b(?:enrol\w*|admission) order|^order\b", 0.8),
    ("enrolled_on", (
        r"\bдат\w* (?:начала обуч|поступ|зач|прием|приём)|\b(?:учится|обучается|зачислен\w*) с\b|кабылдан\w* куни|(?:enrol"
        r"|admission)\w* date|date of (?:enrol|admission)|начал\w* обучен"
    ), 0.88),
    ("planned_end", (
        r"(?:оконч|заверш|выпуск)\w* (?:обуч|учеб|програм|вуз)|\bдат\w* (?:оконч|выпуск)|планов\w* (?:дата )?(?:оконч"
        r"|выпуск)|срок\w* (?:оконч|обучен)|graduat|end of stud|оку\w* аяктал"
    ), 0.8),
    ("programme_code", (
        r"\b(?:код|шифр)\w* (?:направ|спец|прогр|подгот|оп\b|нп\b)|(?:направлен|специальн|программ)\w* (?:код|шифр)"
        r"|мамандык\w* (?:коды|шифр)|(?:programme|program|specialty) code|code of (?:prog|spec)"
    ), 0.92),
    ("programme_name", (
        r"\b(?:наимен|назв)\w* (?:направ|спец|прогр)|мамандык\w* атауы|(?:programme|program|specialty) (?:name|title)"
    ), 0.92),
    ("programme", (
        r"\bнаправлени\w* подг|\bспециальност|\bмамандык|\bмамандыг|\bоку багыт|\bдайындык багыт|field of study|\bmajor\b"
        r"|\bspecialt|\bspeciality|\bобразоват\w* прогр|билим беру багдарлама|\b(?:study|degree) program|код и наимен"
    ), 0.85),
    ("programme", r"\bнаправлени|\bпрограмм|\bprogram", 0.6),
    ("level", r"\bуров|\bступен|денгей|\blevel\b|\bстепень|\bdegree\b", 0.75),
    ("course", r"\bкурс|\bгод обуч|year of study|\bкурсы", 0.8),
    ("group", r"\bгрупп|\bуч гр\b|\bтобы\b|\bgroup\b", 0.8),
    ("form", (
        r"\bформ\w* (?:обуч|об\b|обр|получ)|\bоку (?:нысан|тури|форм)|\b(?:mode|form) of (?:study|educ)|study (?:mode"
        r"|form)|билим алу нысан|очная.*заочная"
    ), 0.92),
    ("funding", (
        r"\bфинансир|\bоснов\w* обуч|\bосн обуч|\bисточн\w* (?:фин|оплат|средств)|\bбюджет\b|\bвнебюджет"
        r"|\bвозмещ\w* затрат|каржыланд|\bfunding|\btuition|оплат\w* обуч|кто оплач|за счет|за чей счет"
    ), 0.85),
    ("status", r"\bстатус|\bсостояни|\bмартебе|\bstatus\b", 0.8),
    ("faculty", r"\bфакультет|\bfaculty|\bинститут", 0.8),
    ("record_book", (
        r"\bзачетк|\bзачетн\w* кн|\bзач кн|\bстуд\w* билет|\bличн\w* дел|сынак китапша|student (?:id|no|number)|record book"
    ), 0.9),
    ("region", r"\bрегион|\bобласть|\bоткуда (?:прибыл|приех|родом)|\bоблыс|\bregion|\boblast|\bаймаг|\bонир", 0.82),
    ("district", r"^район\b|\bаудан|\bdistrict", 0.75),
    ("settlement", r"\bнасел\w* пункт|\bнас пункт|^город\b|елди мекен|\bсело\b|\bcity\b|\btown\b", 0.75),
    ("address", r"\bадрес|\bместо (?:жит|прож|преб)|\bмекен ?жай|\bтургылыкты|\baddress", 0.75),
    ("organisation", (
        r"\bвуз\b|\bуниверситет|учебн\w* завед|образоват\w* (?:орган|учрежд)|\buniversity|\binstitution|оку орн"
    ), 0.75),
    ("sender", (
        r"откуда направ|кем направ|направляющ|направлен (?:от|из)|место (?:учеб|работ)|\bработодат|жибер\w* уйым|sending"
        r"|sent by|\bemployer|home (?:inst|org|univ)|жумыс орны"
    ), 0.9),
    ("department", r"\bцех|\bотдел\b|\bподраздел|\bучасток|место прохожд|\bболим|\bdepartment|\bdivision|\bworkshop", 0.8),
    ("mentor", (
        r"\b(?:руковод|наставн|куратор)\w*|\bрук (?:от|практ|стаж)|\bтагылымгер|\bталимгер|\bжетекши|\bsupervisor|\bmentor"
        r"|ответствен\w* (?:лиц|от|за)"
    ), 0.85),
    ("kind", (
        r"^(?:вид|тип)\b.*(?:практик|стажир)|практик\w* (?:или )?стажир|(?:тажирибе|тагылымдама)\w* тури|(?:type"
        r"|kind) of (?:intern|pract|plac)"
    ), 0.9),
    ("briefing_on", (
        r"\bинструктаж|охран\w* труда|техник\w* безоп|\bнускама|\bнускаулык|\bbriefing|safety (?:train|instr)"
    ), 0.9),
    ("hours_planned", (
        r"\b(?:час|сагат|hour)\w*.*(?:план|жоспар|plan)|(?:план|жоспар|plan)\w*.*(?:час|сагат|hour)|трудоемк|объем\w* час"
    ), 0.92),
    ("hours", (
        r"\b(?:час|сагат|hour)\w*.*(?:факт|отраб|накты|actual|worked|done)|(?:факт|отраб|накты|actual|worked)\w*.*(?:час"
        r"|сагат|hour)"
    ), 0.93),
    ("hours", r"\bчас(?:ов|ы|а)?\b|\bhours?\b|\bсагат", 0.6),
    ("starts_on", (
        r"\b(?:дата )?начал\w* (?:практ|стаж|период|прох)|\b(?:период|срок\w*|практик\w*|стажировк\w*) (?:с|от)$"
        r"|start date|date from|басталу"
    ), 0.9),
    ("ends_on", (
        r"\b(?:дата )?(?:оконч|заверш)\w* (?:практ|стаж|период|прох)|\b(?:период|срок\w*|практик\w*|стажировк\w*) (?:по"
        r"|до)$|end date|date to|аякталу"
    ), 0.9),
    ("period", r"\b(?:период|сроки?) (?:практ|стаж|прох)", 0.85),
    ("grade", r"\bоценк|\bитогов\w* балл|\bgrade\b|\bбагас", 0.85),
    ("hired", r"\bпринят\w* на раб|\bтрудоустр|жумыска (?:каб|ал|орн)|\bhired\b|\bemployed\b|\bвзят на раб", 0.9),
    ("position", r"\bдолжност|\bпрофесси|\bлауазым|\bposition\b|job title", 0.85),
    ("note", r"\bпримеч|\bкоммент|\bескерт|\bnotes?\b|\bremarks?\b|\bcomments?\b|\bдоп\w* (?:инф|свед)", 0.8),
)  # fmt: skip

WEAK: tuple[tuple[str, str, float], ...] = (
    ("first_name", r"^name$", 0.6),
    ("full_name", r"^name$", 0.55),
    ("full_name", r"^(?:имена|список|список студентов|студенты|обучающиеся)$", 0.5),
    ("first_name", r"^имя (?:и )?отчество$", 0.6),
    ("number_in_list", r"^(?:номер|number)$", 0.5),
    ("passport", r"^(?:серия|серия номер|удостоверение|куалик)$", 0.6),
    ("order_date", r"^дата$|^date$", 0.3),
    ("level", r"^(?:квалификация|вид образования|образование)$", 0.5),
    ("programme", r"^(?:профиль|направленность|профиль подготовки|направленность профиль)$", 0.3),
    ("region", r"^(?:место (?:постоянного )?(?:прожива\w*|жительства)|родом из|откуда родом|прибыл из|местность)$", 0.6),
    ("settlement", r"^откуда (?:прибыл|приехал)$", 0.3),
    ("faculty", r"^кафедра$", 0.3),
    ("organisation", r"^место обучения$", 0.6),
    ("sender", (
        r"^(?:организация|вуз|учебное заведение|university|organi[sz]ation|institution|предприятие|компания|company)$"
    ), 0.9),
)  # fmt: skip

# Known headings that have no place in the registry: not to be taken for anything by their content.
NO_PLACE = re.compile(
    r"\bродител|законн\w* представ|\bопекун|\bматер|\bмать\b|\bотец\b|\bотца\b|\bата ан|\bparent|\bguardian"
    r"|близк\w* (?:контакт|лиц|родств)|мест\w* рожд|place of birth|birth ?place|туган жери|\bшкол|\bschool attended"
    r"|\bаттестат|\bдиплом|\bинн\b|\bнациональност|этнич|\bдоговор\w* (?:№|номер|дат)|(?:№|номер|дат\w*) договор"
    r"|\bконтракт\w* (?:№|номер|дат)|\bсумм|\bстоимост|\bмигра|\bвиз[аы]\b|\bрегистрац\w* (?:с|до|по)\b|\bполис"
    r"|\bстрахов|\bдактил|\bмед\w* (?:осв|спр|закл|осмотр)|\bрвп|\bвнж\b|год (?:поступ|выпуск|оконч|зач)|\bподпись"
    r"|\bроспись|\bsignature|научн\w* рук|рук\w* от (?:вуз|универс|каф)|руководител\w* от (?:вуз|универс|каф|учеб)"
    r"|тренер|\bвозраст|\bage\b|жасы|семейн\w* полож|язык\w* (?:обуч|преп)|родн\w* язык|^язык|курс\w* (?:работ|проект)"
    r"|квот\w* (?:№|номер)|направлени\w* (?:минобр|россотр|№)|\bколичеств\w* (?:дн|студ|человек)|\bвсего\b(?! час)"
)

# (upper heading, lower heading, field) of headings in two rows.
_DOCUMENT = r"документ|паспорт|удост|куалик|кужат|толкужат|identity|passport|\bдул\b"
PAIRS: tuple[tuple[str, str, str], ...] = (
    (_DOCUMENT, r"^(?:№|номер|серия|номири|number|no\b)", "passport"),
    (_DOCUMENT, r"дейст|годен|срок|^до$|expir|valid|жарамды|мерзим", "document_valid_until"),
    (_DOCUMENT, r"^кем|орган|issued by|authority|берген", "document_issued_by"),
    (_DOCUMENT, r"дата|когда|выдан|issue|берил", "document_issued_on"),
    (_DOCUMENT, r"^(?:вид|тип|наимен|type|тури)", "document_type"),
    (r"приказ|буйрык|\border\b", r"^(?:дата и|№ и|номер и)", "order"),
    (r"приказ|буйрык|\border\b", r"№|номер|номири|number|^no$", "order_number"),
    (r"приказ|буйрык|\border\b", r"дат|^от$|date|куни", "order_date"),
    (_KK, rf"^{_LAST}", "last_name_kk"),
    (_KK, rf"^{_PATRONYMIC}", "patronymic_kk"),
    (_KK, rf"^{_FIRST}", "first_name_kk"),
    (rf"{_LAT}|загран", rf"^{_LAST}", "last_name_lat"),
    (rf"{_LAT}|загран", rf"^{_FIRST}", "first_name_lat"),
    (rf"{_LAT}|загран", r"^(?:фио|ф и о|full name|name)", "latin_name"),
    (r"фамилия имя|\bфио\b|ф и о|аты жони|\bname\b", rf"^{_LAST}", "last_name"),
    (r"фамилия имя|\bфио\b|ф и о|аты жони|\bname\b", rf"^{_PATRONYMIC}", "patronymic"),
    (r"фамилия имя|\bфио\b|ф и о|аты жони|\bname\b", rf"^{_FIRST}", "first_name"),
    ((
        r"период|срок|практик|стажир|дат|мерзим|кезен|period|dates|intern|pract"
    ), (
        r"^(?:с|от|начало|from|start\w*|баста\w*)\b"
    ), "starts_on"),
    ((
        r"период|срок|практик|стажир|дат|мерзим|кезен|period|dates|intern|pract"
    ), (
        r"^(?:по|до|оконч\w*|конец|to|end\w*|until|аякта\w*)\b"
    ), "ends_on"),
    (r"час|сагат|hour", r"план|жоспар|plan", "hours_planned"),
    (r"час|сагат|hour", r"факт|отраб|накты|actual|worked|done", "hours"),
    (r"направлен|специальн|программ|мамандык|program|specialt", r"^(?:код|шифр|code)", "programme_code"),
    (r"направлен|специальн|программ|мамандык|program|specialt", r"^(?:наимен|назв|name|title|атауы)", "programme_name"),
    (r"прожив|жит|адрес|регион|мекен|откуда|residence|address|origin", r"област|регион|облыс|region|oblast", "region"),
    (r"прожив|жит|адрес|регион|мекен|откуда|residence|address|origin", r"район|аудан|district", "district"),
    (r"прожив|жит|адрес|регион|мекен|откуда|residence|address|origin", r"город|село|насел|пункт|city|town|мекен", "settlement"),
    (r"зачисл|поступ|enrol|admission|кабылда", r"^(?:дата|date|куни)", "enrolled_on"),
    (r"инструктаж|briefing|нускама", r"дат|date|куни", "briefing_on"),
)  # fmt: skip
