"""`python -m midstance.web.worker JOB.json` does one job, on a lead.

The server holds the other end of standard input. When it lets go, on purpose or because it was killed, the
work is interrupted as by Ctrl-C, so that it tidies up and no orphan is left to compete with a restarted job.
A lock on the session keeps a job that was started anew waiting until the orphan has ended. What the process may
use is limited, since it decodes what was uploaded.
"""

from __future__ import annotations

import _thread
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

from midstance.api.limits import CpuBudget, confine, memory_limit_told
from midstance.api.seal import seal_network
from midstance.science.errors import MidstanceError
from midstance.storage.locks import lock_folder, unlock
from midstance.web.reporter import Reporter
from midstance.web.tasks import failure_of, get_ready, run_task

GRACE_S = 5.0
"""Time to tidy up before the process ends in any case."""
INTERRUPTED = 130
REFUSED = 3


def main() -> int:
    """Do the job until it ends or standard input does; return the exit status."""
    threading.Thread(target=_watch, name="lead", daemon=True).start()
    job = Path(sys.argv[1])
    confine()
    reporter = Reporter(sys.stdout, alive=CpuBudget().alive)
    try:
        lock = lock_folder(job.parent, wait=True)
        try:
            return _do(job, reporter)
        finally:
            unlock(lock)
    except KeyboardInterrupt:
        return INTERRUPTED


def _do(job: Path, reporter: Reporter) -> int:
    content = json.loads(job.read_text(encoding="utf-8"))
    try:
        with memory_limit_told():
            get_ready(content, reporter)
            if not content.get("cluster"):
                seal_network()  # from here on nothing goes out: clips are health data
            run_task(content, reporter)
    except MidstanceError as error:
        reporter.end(failure_of(error, content).to_json())
        return REFUSED
    reporter.end()
    return 0


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
    sys.exit(main())
