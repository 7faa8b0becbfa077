"""The registry of students from Kazakhstan, exchanges, internships and joint research of Altai Krai."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The application without reports: a table of contents. `seal` it after the last route was added."""
    from exchange import (
        access,
        accounts,
        audit,
        certificates,
        cli,
        config,
        consents,
        database,
        drafts,
        files,
        history,
        imports,
        internships,
        jobs,
        merging,
        organisations,
        particulars,
        policy,
        stays,
        students,
        transfers,
        web,
    )
    from exchange.extensions import babel, csrf, db, migrate

    app = Flask(__name__, instance_path=str(ROOT / "instance"), template_folder=str(ROOT / "templates"))
    app.config.update(config.load(Path(app.instance_path)))
    app.config.update(settings or {})
    config.check(app.config)

    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            database.prepare_engine(engine)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    babel.init_app(app, locale_selector=web.language, default_translation_directories=str(ROOT / "translations"))

    web.init_app(app)
    csrf.init_app(app)
    audit.init_app(app)
    accounts.init_app(app)
    drafts.init_app(app)
    access.init_app(app, policy)
    for room in (
        organisations, accounts, drafts, jobs, files, students, consents, particulars, stays, certificates, transfers, merging,
        internships, imports, history, audit,
    ):  # fmt: skip
        room.register(app)
    cli.init_app(app)
    return app


def seal(app: Flask) -> Flask:
    """Refuses to start with a route that does not say who may enter, or a model that is not on the policy page."""
    from exchange import access

    access.check(app)
    return app
