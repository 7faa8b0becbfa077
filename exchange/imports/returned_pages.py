"""Two sheets at the end of a workbook that goes back: how to mend it, and the words that the registry knows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from flask_babel import gettext as _
from flask_babel import ngettext

from exchange.imports.outcome import Upload
from exchange.reference import classifiers
from exchange.spreadsheets.marking import Page, Row

#: A list is no longer than this many rows: whatever stands in the file counts as rows when it is uploaded again.
_LONGEST = 100
_NOTES = 20
_Cells = list[tuple[str, str]]


def pages(upload: Upload, verdicts: Sequence[Row], shown: int) -> list[Page]:
    """Both sheets; after the upload was applied there is nothing to mend, and the words are left out."""
    if upload.is_applied:
        return [_about(upload, verdicts, _("О загрузке"), [])]
    return [_about(upload, verdicts, _("Как исправить"), _steps(verdicts, shown)), _words(upload.kind)]


def _steps(verdicts: Sequence[Row], shown: int) -> list[str]:
    """`shown`: rows that the filter leaves; 0 when it hides nothing."""
    if not any(row.look == "error" for row in verdicts):
        return [_("Ошибок нет: файл можно загрузить как есть.")]
    filtered = [
        ngettext(
            "В таблице показана только %(num)s строка с ошибками. Остальные скрыты фильтром столбца «Проверка».",
            "В таблице показаны только строки с ошибками: %(num)s. Остальные скрыты фильтром столбца «Проверка».",
            shown,
        )
    ]
    return [
        *(filtered if shown else ()),
        _("Ячейки с ошибками выделены красным, с предупреждениями — жёлтым. Что не так, сказано в примечании и справа."),
        _("Исправьте значения прямо в своих столбцах. Какие слова понятны реестру, сказано на листе «Справочники»."),
        _("Столбцы «Проверка» и «Что исправить» не трогайте: при загрузке они не читаются и заменяются новыми."),
        _("Сохраните файл и загрузите его снова. Принятые строки не задвоятся."),
    ]


def _about(upload: Upload, verdicts: Sequence[Row], title: str, steps: Sequence[str]) -> Page:
    rows: list[_Cells] = [[("title", title)], []]
    rows += [[("quiet", _("Файл")), ("text", upload.file_name)]]
    rows += [[("quiet", _("Номер загрузки")), ("text", upload.public_id)]]
    rows += [[("quiet", _("Организация")), ("text", upload.organisation)]]
    rows += [[("quiet", _("Данные на")), ("text", f"{upload.as_of_on:%d.%m.%Y}")], []]
    rows += [[("heading", f"{number}."), ("text", step)] for number, step in enumerate(steps, start=1)]
    if steps:
        rows.append([])
    counts: dict[tuple[str, str], int] = {}
    for row in verdicts:
        said = row.look, row.verdict.partition(":")[0]
        counts[said] = counts.get(said, 0) + 1
    rows.append([("heading", _("Строк")), ("heading", _("Что с ними"))])
    rows += [[("text", str(count)), (look, verdict)] for (look, verdict), count in sorted(counts.items(), key=lambda c: -c[1])]
    if notes := upload.counts.get("notes"):
        rows += [[], [("heading", _("О файле")), ("heading", "")]]
        rows += [[("text", "—"), ("text", str(note))] for note in notes[:_NOTES]]
    return Page("help", title, (18, 110), rows)


def _words(kind: str) -> Page:
    """The lists beside each other, not one under another."""
    lists = [
        (_("Уровень"), [one.short_ru for one in classifiers.levels().values()]),
        (_("Форма обучения"), [one.short_ru for one in classifiers.study_forms().values()]),
        (_("Оплата"), [one.short_ru for one in classifiers.fundings().values()]),
        (_("Состояние"), [one.short_ru for one in classifiers.statuses().values() if one.in_contingent]),
        (_("Регион"), [one.name_ru for one in classifiers.regions().values()]),
        (_("Документ"), [one.short_ru for one in classifiers.document_types().values()]),
    ]
    if kind == "interns":
        lists = [(_("Вид"), [_("практика"), _("стажировка")]), (_("Принят на работу"), [_("да"), _("нет")]), lists[4]]
    widths = [22.0] * len(lists)
    if kind == "students":
        codes = [f"{one.code} {one.name}" for one in classifiers.programmes().values() if not one.legacy]
        blocks = [codes[start : start + _LONGEST] for start in range(0, len(codes), _LONGEST)]
        for block in blocks:
            lists.append((_("Направление: с %(code)s", code=block[0].split()[0]), block))
            widths.append(46.0)
    rows: list[_Cells] = [[("title", _("Справочники"))], [("heading", title) for title, _list in lists]]
    rows += [[("text", word) for word in line] for line in zip_longest(*(words for _title, words in lists), fillvalue="")]
    return Page("lists", _("Справочники"), widths, rows)
