"""`plumbline demo` on an empty data folder, and once more."""

import json
import os
import subprocess
import sys

import pytest

from plumbline.site.commands import demo
from plumbline.store.models import User

TOLD = """
import datetime, json, os
os.environ["DJANGO_SETTINGS_MODULE"] = "plumbline.site.settings"
import django
django.setup()
from plumbline.store import journal, plans
from plumbline.store.models import Claim, Document, Entry, Target, User
day = datetime.date(2025, 7, 28)
print(json.dumps({
    "documents": Document.objects.filter(state="read").count(), "claims": Claim.objects.count(),
    "targets": Target.objects.count(), "users": User.objects.count(), "entries": Entry.objects.count(),
    "sound": journal.verify().broken is None,
    "verdicts": sorted({plans.progress(target, day).verdict for target in Target.objects.all()}),
}))
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Runs a Python program on a data folder of its own, away from the shared reports."""
    folder = tmp_path_factory.mktemp("demo")
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"PLUMBLINE_DATA": str(folder / "data"), "PLUMBLINE_SHARED": str(folder / "none")}

    def running(*arguments: str) -> str:
        return subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True,
                              check=True, timeout=300).stdout

    return running


@pytest.mark.slow
def test_the_demo_run_twice_does_no_harm_and_shows_every_pace(run):
    first = run("-m", "plumbline.site.commands", "demo", "--no-serve")
    told = json.loads(run("-c", TOLD))
    second = run("-m", "plumbline.site.commands", "demo", "--no-serve")
    assert first == second
    assert json.loads(run("-c", TOLD)) == told
    assert "zhunsheng-demo" in first
    assert told["documents"] == 1
    assert told["users"] == 6
    assert told["claims"] > 150
    assert told["targets"] > 30
    assert told["sound"]
    assert {"ahead", "on pace", "behind"} <= set(told["verdicts"])


def test_the_demo_answers_on_this_machine_only(capsys):
    assert demo.main(["--host", "0.0.0.0"]) == 2
    assert "127.0.0.1" in capsys.readouterr().err


@pytest.mark.django_db
def test_the_demo_keeps_out_of_a_database_with_people_of_its_own(capsys):
    User.objects.create(username="somebody", area="110000")
    assert demo.main(["--no-serve"]) == 2
    assert "PLUMBLINE_DATA" in capsys.readouterr().err
    assert User.objects.count() == 1
