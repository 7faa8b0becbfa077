"""Extensions: made here without an application, bound to it in create_app()."""

from __future__ import annotations

from flask_babel import Babel
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect

db = SQLAlchemy(disable_autonaming=True)
migrate = Migrate()
csrf = CSRFProtect()
babel = Babel()
