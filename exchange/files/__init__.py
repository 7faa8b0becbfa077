"""Files and scans: kept as they were brought, checked by content, given back only as downloads.

The room knows no student. A younger room that wants scans at its records does four things:

1. says what its records are: `subjects.know("consent", find)`, where `find(session, key)` gives a `Subject` or raises NotFound;
2. shows those that are there: `queries.scans_of(session, [("consent", key)])` or `queries.counts_of(…)`, and
   `{% from 'files/_scans.html' import scan_table %}`; the link «Приложить скан» leads to `files.attach`;
3. takes one with its own form: the form has a `forms.ScanField()`, its view is marked `@carries_scan` (between `@allow` and
   `@once`), its template draws `scan_upload(form.scan_file)` inside `form_open(…, multipart=true)`; a page that asks once
   more draws `carried_along()` among its hidden fields;
4. after recording, calls `carrying.attach_carried(session, [subject], kind)`; without a form `actions.attach(…)`.
"""

from __future__ import annotations

from flask import Flask


def register(app: Flask) -> None:
    """Hangs the pages of this room."""
    from exchange.files import carried, views

    app.register_blueprint(views.room)
    app.jinja_env.globals["carried"] = carried.carried
