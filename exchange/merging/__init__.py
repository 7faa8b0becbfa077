"""One person, one record: possible doubles, two records compared, joined and parted again."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l


def register(app: Flask) -> None:
    """Hangs the pages of this room, and its number on the list of students."""
    from exchange.merging import views
    from exchange.students.views.frame import hang_more
    from exchange.students.views.turning import hang_link

    app.register_blueprint(views.room)
    hang_link("merging.index", views.number_on_the_list)
    hang_more("merging.index", _l("Объединить с…"), 20, "of")
