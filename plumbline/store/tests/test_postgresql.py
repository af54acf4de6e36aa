"""The tests of the database once more, on PostgreSQL."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ONLY_DATABASE, on_postgresql

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
def test_what_touches_the_database_holds_on_postgresql(postgresql, request):
    environment = os.environ | {"DATABASE_URL": postgresql, ONLY_DATABASE: "1"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "not slow", "-p", "no:cacheprovider", "plumbline"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900)
    request.config.stash[on_postgresql] = done.stdout.strip().rsplit("\n", 1)[-1].strip("= ")
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-5_000:]
