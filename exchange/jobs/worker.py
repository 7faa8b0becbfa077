"""The process that does jobs: huey's consumer over the table of jobs.

The library runs it: it looks for work, more seldom while there is none, catches signals, lets a job finish at a stop, and
replaces a worker that died. Its own storages are not used (docs/adr/0010): the queue is the rows of `Job`, so a job is
asked for in the transaction of whoever asks, and nothing that was taken from the queue is lost with a process. Messages
are JSON: an id, nothing else.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import time
from typing import Any

import sqlalchemy as sa
from flask import Flask
from huey import Huey
from huey.constants import EmptyData
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import BaseStorage

from exchange.extensions import db
from exchange.jobs import running

POLL, POLL_AT_MOST = 0.2, 1.0  # seconds between looks into the queue: just after work, and when there is none for long
LOOK_FOR_LOST = 5.0
STOP_AFTER = 120  # seconds that a job may still take after the process was asked to stop


class OnlyJson(Serializer):
    """Messages as JSON: the library would pickle them."""

    def _serialize(self, data: Any) -> bytes:
        return json.dumps(data._asdict() if isinstance(data, Message) else data).encode()

    def _deserialize(self, data: bytes) -> Any:
        found = json.loads(data)
        return Message(**found) if isinstance(found, dict) and "name" in found else found


class TableOfJobs(BaseStorage):
    """The rows of `Job` as a queue of the library. Nothing is put into it here: see `actions.ask`."""

    blocking = False
    priority = False

    def __init__(self, name: str, app: Flask, worker: str, task: str) -> None:
        super().__init__(name)
        self.app, self.worker, self.task = app, worker, task
        self._looked = 0.0

    def dequeue(self) -> bytes | None:
        if time.monotonic() - self._looked > LOOK_FOR_LOST:
            running.give_up_lost(self.app)
            self._looked = time.monotonic()
        public_id = running.take_next(self.app, self.worker)
        if public_id is None:
            return None
        message = Message(id=public_id, name=self.task, retries=0, retry_delay=0, args=(public_id,), kwargs={})
        return bytes(OnlyJson().serialize(message))

    # Of the rest of the library's storage a queue that schedules, revokes and remembers nothing needs this much.
    def read_schedule(self, ts: Any) -> list[bytes]:
        return []

    def peek_many(self, keys: Any) -> dict[str, bytes]:
        return {}

    def peek_data(self, key: str) -> Any:
        return EmptyData

    def has_data_for_key(self, key: str) -> bool:
        return False

    def delete_data(self, key: str) -> bool:
        return False


def name_of_worker() -> str:
    """This process, told apart from every other one, also from one of the same number before."""
    return f"{socket.gethostname()[:50]}/{os.getpid()}/{secrets.token_hex(4)}"


def queue(app: Flask, worker: str) -> Huey:
    """The library over the table of jobs of this application."""
    name = "run"
    found = Huey(
        "jobs", results=False, serializer=OnlyJson(), storage_class=TableOfJobs, app=app, worker=worker,
        task=f"{__name__}.{name}",
    )  # fmt: skip

    def run(public_id: str) -> None:
        running.run(app, public_id, worker)

    found.task(name=name)(run)
    return found


def prepare(app: Flask) -> None:
    """On SQLite: a long transaction keeps its pages in memory until it is committed, so that readers go on meanwhile."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            sa.event.listen(db.engine, "connect", lambda connection, record: connection.execute("PRAGMA cache_spill=OFF"))


def work(app: Flask) -> None:
    """Does jobs until the process is asked to stop. SIGTERM lets the job at hand finish, SIGINT drops it."""
    prepare(app)
    consumer = queue(app, name_of_worker()).create_consumer(
        workers=1, worker_type="thread", periodic=False, initial_delay=POLL, max_delay=POLL_AT_MOST, backoff=1.2,
        scheduler_interval=60, check_worker_health=True, health_check_interval=2, graceful_signal="TERM",
        shutdown_timeout=STOP_AFTER,
    )  # fmt: skip
    consumer.run()


def work_off(app: Flask) -> int:
    """Does all jobs that wait, here and now; how many. For tests, and for `flask jobs work --once`."""
    found = queue(app, name_of_worker())
    done = 0
    while (task := found.dequeue()) is not None:
        found.execute(task)
        done += 1
    return done
