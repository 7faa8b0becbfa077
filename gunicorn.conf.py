"""How gunicorn serves the site: few processes with threads, small requests only, patient stops."""

import gc
import os
from typing import Any

bind = f"127.0.0.1:{os.environ.get('PORT', '8000')}"
proc_name = "exchange"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4

# A worker that is silent for a minute is replaced: the longest report takes seconds. A stop waits for running requests.
timeout = 60
graceful_timeout = 30
keepalive = 5
# Workers are renewed now and then, not all at once, so that no leak can grow.
max_requests = 20_000
max_requests_jitter = 2_000

# No page of the site has a longer address or more header lines; a larger request is refused before it is read.
limit_request_line = 4_094
limit_request_fields = 60
limit_request_field_size = 8_190

# The heartbeat of a worker is a file: in memory, so that a slow disk does not look like a dead worker.
if os.access("/dev/shm", os.W_OK):  # noqa: S108
    worker_tmp_dir = "/dev/shm"  # noqa: S108

# The site writes its own log of requests; addresses with search words stay out of a second one.
accesslog = None
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """What was loaded stays: taking it out of garbage collection removes the long pauses between quick pages."""
    gc.collect()
    gc.freeze()
