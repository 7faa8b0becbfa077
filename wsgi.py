"""Where everything meets: the application, then the reports, then the seal."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from flask import Flask

import reports
from exchange import create_app, seal
from exchange.config import UnsafeSettings


def build(settings: Mapping[str, Any] | None = None) -> Flask:
    """The whole site."""
    app = create_app(settings)
    reports.init_app(app)
    return seal(app)


try:
    app = build()
except UnsafeSettings as unsafe:
    sys.exit(str(unsafe))
