"""Brings the site up: the newest tables, demo data the first time, gunicorn; says where it is and who may sign in.

`make run` calls it. Gunicorn takes the place of this process, so Ctrl-C and every signal go straight to it; a small
child waits for the first answer, tells the address, and ends. Another one keeps a worker of jobs running, as long as
the server runs.
"""

from __future__ import annotations

import contextlib
import errno
import http.client
import os
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120  # seconds until the first answer, on a slow machine


def stop(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def port() -> int:
    """The port that was asked for; raises ValueError with a sentence when it can't be had."""
    given = os.environ.get("PORT") or "8000"
    if not given.isascii() or not given.isdecimal() or not 0 < int(given) < 65536:
        raise ValueError(f"PORT is {given!r}: it must be a number from 1 to 65535.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(given)))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise ValueError(
                    f"Port {given} is taken by another program (perhaps this site is running already). "
                    f"Stop it, or choose another port: make run PORT={int(given) % 65535 + 1}"
                ) from error
            raise ValueError(f"Port {given} can't be used: {error.strerror}.") from error
    return int(given)


def site() -> Flask:
    """The site; raises UnsafeSettings with a sentence for each setting that forbids to start."""
    sys.path.insert(0, str(ROOT))
    from wsgi import app

    return app


def command(app: Flask, *arguments: str) -> str | None:
    """Runs one of the site's own commands; returns what it says, or prints that and returns None when it fails."""
    done = app.test_cli_runner().invoke(args=arguments)
    if done.exit_code == 0:
        return done.output
    print(done.output, file=sys.stderr)
    if done.exc_info and not isinstance(done.exception, SystemExit):
        traceback.print_exception(*done.exc_info)
    return None


def answers(number: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", number, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def announce(number: int, server: int, listed: str) -> None:
    """Waits for the first answer and says where the site is; ends silently when the server did not live so long."""
    for _ in range(PATIENCE * 5):
        if os.getppid() != server:
            return
        if answers(number):
            break
        time.sleep(0.2)
    else:
        print(f"The site has not answered for {PATIENCE} seconds; its messages are above.", file=sys.stderr)
        return
    print("\n".join(filter(None, [f"\nThe site is at http://127.0.0.1:{number}\n", listed, "Ctrl-C stops it."])), flush=True)


def keep_worker(server: int) -> None:
    """Keeps a worker of jobs beside the server: begins it anew when it died, ends it (the job at hand first) with the server.

    The worker has a group of its own, so that Ctrl-C does not drop the job at hand.
    """
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"]
    worker: subprocess.Popen[bytes] | None = None
    try:
        while os.getppid() == server:
            if worker is None or worker.poll() is not None:
                worker = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True)
            time.sleep(1)
    finally:
        if worker is not None and worker.poll() is None:
            worker.terminate()
            worker.wait()


def beside(work: Callable[[], None]) -> None:
    """Does `work` in a child of its own. Ctrl-C is for the server; its child sees that the server is gone."""
    if os.fork() == 0:
        try:
            with contextlib.suppress(KeyboardInterrupt):
                work()
        finally:
            os._exit(0)


def prepare() -> str | None:
    """The newest tables and, outside production, the demo data; returns the demo accounts, or None when it can't be done."""
    app = site()
    print("Preparing the database and, the first time, demo data …", flush=True)
    if command(app, "db", "upgrade") is None:
        return None
    if app.config["PRODUCTION"]:
        return ""
    if command(app, "demo", "load") is None:
        return None
    return accounts(app)


def accounts(app: Flask) -> str:
    """A table of the demo accounts, if they are there."""
    from exchange.accounts.safety import demo_accounts
    from exchange.demo.accounts import ACCOUNTS, PASSWORD
    from exchange.extensions import db

    with app.app_context(), db.engine.connect() as connection:
        if not demo_accounts(connection):
            return ""
    rows = [f"  {email:<25} {role:<14} {organisation}" for email, role, organisation in ACCOUNTS]
    return "\n".join([f"Demo accounts, password {PASSWORD}:", *rows, ""])


def main() -> int:
    os.chdir(ROOT)
    try:
        number = port()
        listed = prepare()
    except (ValueError, RuntimeError) as error:
        return stop(str(error))
    if listed is None:
        return stop("The database could not be prepared; nothing was started.")
    server, told = os.getpid(), listed
    beside(lambda: announce(number, server, told))
    beside(lambda: keep_worker(server))
    os.environ["PORT"] = str(number)
    gunicorn = ["-m", "gunicorn", "--config", "gunicorn.conf.py", "--log-level", "warning", "wsgi:app"]
    return os.execv(sys.executable, [sys.executable, *gunicorn])  # noqa: S606


if __name__ == "__main__":
    sys.exit(main())
