"""The process beside the server that reads documents: `python -m plumbline.site.worker`."""

import contextlib
import importlib
import os
import subprocess
import sys
from collections.abc import Iterator

import django


@contextlib.contextmanager
def beside() -> Iterator[subprocess.Popen[bytes]]:
    """A worker that runs as long as the block does; it ends by itself when its parent is gone."""
    worker = subprocess.Popen([sys.executable, "-m", "plumbline.site.worker"])
    try:
        yield worker
    finally:
        worker.terminate()
        worker.wait(timeout=10)


def main() -> int:
    """Get Django ready, then read for ever; the jobs are loaded by name since they need Django ready."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plumbline.site.settings")
    django.setup()
    return importlib.import_module("plumbline.site.jobs").main()


if __name__ == "__main__":
    sys.exit(main())
