"""The moment at which tests happen that ask for a fixed clock."""

from __future__ import annotations

import datetime as dt

TODAY = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)  # noon in Barnaul
