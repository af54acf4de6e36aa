"""The tests of the database once more, on PostgreSQL."""

import pytest

from conftest import on_postgresql

LONGEST_SECONDS = 1800


@pytest.mark.slow
def test_what_touches_the_database_holds_on_postgresql(again, request):
    process, said = again
    status = process.wait(LONGEST_SECONDS)
    text = said.read_text(errors="replace")
    request.config.stash[on_postgresql] = text.strip().rsplit("\n", 1)[-1].strip("= ")
    assert status == 0, text[-20_000:]
