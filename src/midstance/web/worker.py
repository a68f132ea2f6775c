"""`python -m midstance.web.worker ARGUMENTS` is `python -m midstance ARGUMENTS` on a lead.

The server holds the other end of standard input. When it lets go, on purpose or because it was killed, the
work is interrupted as by Ctrl-C, so that it tidies up and no orphan is left to compete with a restarted job.
"""

from __future__ import annotations

import _thread
import os
import runpy
import signal
import sys
import threading
import time

GRACE_S = 8.0
"""Time to tidy up before the process ends in any case."""
INTERRUPTED = 130


def main() -> None:
    """Run the command line until it ends or standard input does."""
    threading.Thread(target=_watch, name="lead", daemon=True).start()
    sys.argv[0] = "midstance"
    try:
        runpy.run_module("midstance", run_name="__main__", alter_sys=True)
    except KeyboardInterrupt:  # before the command line was there to catch it
        sys.exit(INTERRUPTED)


def _watch() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    _interrupt()
    time.sleep(GRACE_S)
    os._exit(INTERRUPTED)


def _interrupt() -> None:
    """Interrupt the main thread; a real signal wakes it where it waits, which Windows has no way to do."""
    main_thread = threading.main_thread().ident
    if sys.platform != "win32" and main_thread is not None:
        signal.pthread_kill(main_thread, signal.SIGINT)
    else:
        _thread.interrupt_main()


if __name__ == "__main__":
    main()
