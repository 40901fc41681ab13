"""Diagnostics: a small web app that checks what AiKore gives to an app. Python 3.9 or newer, standard library only."""

import os
import signal
import sys
import threading
import time

from knobs import read_knobs
from server import Server


def spew(lines_per_second: float, stop: threading.Event) -> None:
    """Print numbered lines at a steady rate until the end; each carries its time in epoch milliseconds."""
    started, count = time.monotonic(), 0
    while not stop.wait(0.01):
        due = int((time.monotonic() - started) * lines_per_second)
        now = time.time_ns() // 1_000_000
        sys.stdout.write("".join(f"spew {number} {now}\n" for number in range(count + 1, due + 1)))
        sys.stdout.flush()
        count = max(count, due)


def main() -> int:
    knobs = read_knobs(sys.argv[1:], os.environ)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    ends_at = time.monotonic() + knobs.exit_after if knobs.exit_after is not None else None

    def wait(seconds=None) -> bool:
        """Wait for TERM at most that long; True when it is time to end."""
        left = None if ends_at is None else max(ends_at - time.monotonic(), 0)
        limits = [limit for limit in (seconds, left) if limit is not None]
        stopped = stop.wait(min(limits) if limits else None)
        return stopped or (ends_at is not None and time.monotonic() >= ends_at)

    if knobs.spew > 0:
        threading.Thread(target=spew, args=(knobs.spew, stop), daemon=True).start()
    if knobs.ready_after > 0:
        print(f"Waiting {knobs.ready_after:g} s before the port opens", flush=True)
    server = None
    if not wait(knobs.ready_after):
        port = int(os.environ["WEBUI_PORT"])
        try:
            server = Server(("127.0.0.1", port))
        except OSError as error:
            print(f"Port {port} of 127.0.0.1 cannot be opened: {error.strerror}", file=sys.stderr, flush=True)
            return 1
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        print(f"Diagnostics listens on http://127.0.0.1:{port}/", flush=True)
        wait()
    if server:
        server.shutdown()
        server.close_all()
    code = 0 if stop.is_set() else knobs.exit_code
    stop.set()
    print(f"Diagnostics ends with exit code {code}", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
