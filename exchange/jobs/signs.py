"""Signs of life of a worker, its progress, and the wish of the owner that it stop: what crosses a transaction that is open.

On PostgreSQL they are columns of the job, written by a connection of its own. On SQLite whoever writes holds back all other
writers, so during a long transaction nothing can be said in the database: there they are files beside it. A file is only a
sign: what a job came to stands in its row.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from exchange.access.actor import SYSTEM
from exchange.database import now
from exchange.extensions import db
from exchange.jobs.models import Job
from exchange.jobs.progress import Told

# A worker gives a sign every second; after so long without one it is taken for dead.
BEAT = 1.0
PATIENCE = dt.timedelta(seconds=15)


class Signs(Protocol):
    """What a worker and its onlookers tell each other."""

    def tell(self, public_id: str, worker: str, told: Told) -> bool:
        """The worker is alive and so far; True: the owner wants it to stop."""

    def told(self, job: Job) -> Told:
        """How far the job is."""

    def last(self, job: Job) -> dt.datetime | None:
        """When the worker gave its last sign."""

    def ask_to_stop(self, session: Session, job: Job) -> None:
        """The owner wants it to stop."""

    def forget(self, public_id: str) -> None:
        """The job has ended."""


def signs() -> Signs:
    """For the database of this application."""
    url = db.engine.engine.url
    if url.get_backend_name() == "sqlite":
        return BesideDatabase(Path(url.database or ""))
    return InDatabase(db.engine)


def is_lost(job: Job) -> bool:
    """Whether the worker of a job gives no signs of life any more."""
    if job.state != "working":
        return False
    last = signs().last(job)
    return last is None or now() - last > current_app.config.get("JOBS_PATIENCE", PATIENCE)


class InDatabase:
    """Columns of the job, on a connection of their own."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def tell(self, public_id: str, worker: str, told: Told) -> bool:
        with Session(self.engine, info={"fixed_actor": SYSTEM}) as session:
            stop = session.execute(
                sa.update(Job)
                .where(Job.public_id == public_id, Job.state == "working", Job.worker == worker)
                .values(beat_at=now(), step=told.step, done=told.done, of=told.of)
                .returning(Job.cancel_asked)
                .execution_options(synchronize_session=False)
            ).scalar()
            session.commit()
        return bool(stop)

    def told(self, job: Job) -> Told:
        return Told(job.step, job.done, job.of)

    def last(self, job: Job) -> dt.datetime | None:
        return job.beat_at

    def ask_to_stop(self, session: Session, job: Job) -> None:
        session.execute(
            sa.update(Job)
            .where(Job.id == job.id, Job.state == "working")
            .values(cancel_asked=True)
            .execution_options(synchronize_session=False)
        )

    def forget(self, public_id: str) -> None:
        """Columns stay with the job."""


class BesideDatabase:
    """Small files beside the file of the database, `….job-<id>` and `….job-<id>.stop`."""

    def __init__(self, database: Path) -> None:
        self.database = database

    def _file(self, public_id: str, end: str = "") -> Path:
        return self.database.with_name(f"{self.database.name}.job-{public_id}{end}")

    def tell(self, public_id: str, worker: str, told: Told) -> bool:
        fresh = self._file(public_id, ".new")
        fresh.write_text(json.dumps({"step": told.step, "done": told.done, "of": told.of}))
        fresh.replace(self._file(public_id))  # nobody reads half a line
        return self._file(public_id, ".stop").exists()

    def told(self, job: Job) -> Told:
        try:
            return Told(**json.loads(self._file(job.public_id).read_text()))
        except (OSError, ValueError, TypeError):
            return Told()

    def last(self, job: Job) -> dt.datetime | None:
        with contextlib.suppress(OSError):
            return dt.datetime.fromtimestamp(self._file(job.public_id).stat().st_mtime, dt.UTC)
        return job.beat_at

    def ask_to_stop(self, session: Session, job: Job) -> None:
        self._file(job.public_id, ".stop").touch()

    def forget(self, public_id: str) -> None:
        for end in ("", ".new", ".stop"):
            self._file(public_id, end).unlink(missing_ok=True)
