"""What every test stands on: a data folder of its own, and people to act."""

import pytest


@pytest.fixture(autouse=True)
def data(settings, tmp_path_factory):
    """An empty data folder for each test."""
    settings.DATA = tmp_path_factory.mktemp("data")
    # the usual hash takes a tenth of a second, on purpose
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return settings.DATA
