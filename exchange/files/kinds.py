"""What a scan is of. A photograph of a person is not among them: it would identify by the body."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

KINDS = {
    "passport": _l("Паспорт"),
    "id_card": _l("Удостоверение личности"),
    "translation": _l("Перевод документа"),
    "education": _l("Документ об образовании"),
    "order": _l("Приказ"),
    "contract": _l("Договор"),
    "consent": _l("Согласие"),
    "notice": _l("Уведомление в МВД"),
    "migration": _l("Миграционный документ"),
    "medical": _l("Медицинский документ"),
    "insurance": _l("Полис страхования"),
    "certificate": _l("Справка"),
    "other": _l("Другое"),
}
OTHER = "other"
MEDIA = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
