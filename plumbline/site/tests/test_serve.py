"""What `plumbline serve` says before it serves."""

import socket

import pytest
from django.db import connection

from plumbline.site.commands import migrate, serve, verify


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
    assert migrate.unmade() == ""


@pytest.mark.django_db
@pytest.mark.parametrize(("command", "arguments"), [(verify.main, []), (serve.main, ["--port", "0"])])
def test_a_database_that_is_not_made_is_said_with_what_to_do(command, arguments, capsys):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'store'")
    assert command(arguments) == 2
    assert "plumbline migrate" in capsys.readouterr().err
