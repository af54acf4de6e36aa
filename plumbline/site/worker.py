"""The process beside the server that reads documents: `python -m plumbline.site.worker`."""

import contextlib
import importlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator

import django

PAUSE_SECONDS = 1


@contextlib.contextmanager
def beside() -> Iterator[None]:
    """A worker runs as long as the block does: another one, where one was killed."""
    over = threading.Event()
    # the first is started here, not in the thread: the server forks next, and what a thread was doing then is cut off
    keeper = threading.Thread(target=keep_one, args=(started(), over), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join(timeout=15)


def started() -> subprocess.Popen[bytes]:
    """A worker, just started; it ends by itself when its parent is gone."""
    return subprocess.Popen([sys.executable, "-m", "plumbline.site.worker"])


def keep_one(worker: subprocess.Popen[bytes], over: threading.Event) -> None:
    """Keep one worker running until it is over."""
    while not over.wait(PAUSE_SECONDS):
        if worker.poll() is not None:
            worker = started()
    worker.terminate()
    worker.wait(timeout=10)


def main() -> int:
    """Get Django ready, then read for ever; the jobs are loaded by name since they need Django ready."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plumbline.site.settings")
    django.setup()
    return importlib.import_module("plumbline.site.jobs").main()


if __name__ == "__main__":
    sys.exit(main())
