"""The site as it really runs: gunicorn in processes of its own, on a free port of this machine."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from types import TracebackType
from typing import Self

from tests.databases import ROOT, Database


class LiveServer:
    """`with LiveServer(database) as server:` then `server.url`. `application` names another one than the site itself."""

    def __init__(self, database: Database, application: str = "wsgi:app", workers: int = 1, **environment: str) -> None:
        self.database = database
        self.application = application
        self.workers = workers
        self.environment = environment

    def __enter__(self) -> Self:
        # The socket is opened here and handed over, so nobody can take the port in between, and none has to be guessed.
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen(64)
            listening.set_inheritable(True)
            self.port: int = listening.getsockname()[1]
            self.url = f"http://127.0.0.1:{self.port}"
            self.output = tempfile.TemporaryFile()
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "--log-level", "warning"),
                    *("--bind", f"fd://{listening.fileno()}", "--workers", str(self.workers), self.application),
                ],
                cwd=ROOT,
                env={**self.database.environment, "SITE_ADDRESS": self.url, **self.environment},
                pass_fds=[listening.fileno()],
                start_new_session=True,
                stdin=subprocess.DEVNULL,
                stdout=self.output,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait()
        except BaseException:
            self.stop()
            self.output.close()
            raise
        return self

    def _wait(self) -> None:
        for _ in range(600):
            if self.process.poll() is not None:
                break
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                pass
            finally:
                connection.close()
            time.sleep(0.1)
        raise RuntimeError(f"the site did not start:\n{self.said()[-3000:]}")

    def said(self) -> str:
        """What the processes printed: warnings and errors."""
        self.output.seek(0)
        return self.output.read().decode(errors="replace")

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def kill(self) -> None:
        """As a power cut would: no process gets to finish anything."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
        self.output.close()
