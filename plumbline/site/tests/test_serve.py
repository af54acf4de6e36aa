"""What `plumbline serve` says before it serves."""

import socket

import pytest

from plumbline.site.commands import serve


@pytest.fixture
def busy():
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_port_that_is_taken_is_said_and_not_shared(busy, capsys):
    assert serve.main(["--port", str(busy)]) == 2
    assert f"端口 {busy}" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_database_that_is_up_to_date_may_be_served():
    assert serve.unmade() == ""
