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
from plumbline.store.models import Cite, Claim, Document, Draft, Entry, Figure, Target, User
day = datetime.date(2025, 7, 28)
print(json.dumps({
    "documents": Document.objects.filter(state="read").count(), "claims": Claim.objects.count(),
    "targets": Target.objects.count(), "users": User.objects.count(), "entries": Entry.objects.count(),
    "drafts": sorted(Draft.objects.values_list("state", flat=True)), "cites": Cite.objects.count(),
    "counted": Figure.objects.count(),
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
                              check=True, timeout=900).stdout

    return running


@pytest.mark.slow
def test_the_demo_run_twice_does_no_harm_and_shows_every_pace(run):
    first = run("-m", "plumbline.site.commands", "demo", "--no-serve")
    told = json.loads(run("-c", TOLD))
    second = run("-m", "plumbline.site.commands", "demo", "--no-serve")
    delivered, _, announced = first.partition("\n准绳演示")
    assert delivered.count("模拟数据") == 22
    assert second == f"\n准绳演示{announced}"
    assert json.loads(run("-c", TOLD)) == told
    assert "zhunsheng-demo" in first
    assert told["documents"] == 2
    assert told["users"] > len(demo.ACCOUNTS)
    assert told["drafts"] == ["sent", "writing"]
    assert told["cites"] > 140
    assert told["counted"] > 100
    assert told["claims"] > 150
    assert told["targets"] > 30
    assert told["sound"]
    assert {"ahead", "on pace", "behind"} <= set(told["verdicts"])


@pytest.mark.slow
def test_the_ring_is_walked_and_one_changed_record_shows_everywhere(run):
    told = run("-m", "plumbline.site.commands", "demo", "ring")
    stations = [line for line in told.splitlines() if line.startswith("■")]
    assert len(stations) == 12
    assert "一般制造业企业退出68家，占全年计划90家的75.6%。" in told
    assert "与公布的数值完全相同" in told
    assert "「68家」　68家 → 67家" in told
    assert "一般制造业企业退出67家，占全年计划90家的74.4%。" in told
    assert "印作68家" in told


@pytest.mark.slow
def test_one_request_put_right_moves_the_rate_the_sentence_and_the_sent_report(run):
    told = run("-m", "plumbline.site.commands", "demo", "ring", "hotline")
    assert len([line for line in told.splitlines() if line.startswith("■")]) == 12
    assert "诉求解决率由71.2%上升到82.3%，群众满意率由87.9%上升到91.1%。" in told
    assert "背后的记录（1000 条" in told
    assert "与公布的数值完全相同" in told
    assert "「82.3%」　82.3% → 82.4%" in told
    assert "诉求解决率由71.2%上升到82.4%，群众满意率由87.9%上升到91.1%。" in told
    assert "印作82.3%" in told


@pytest.mark.slow
def test_one_payment_taken_back_moves_the_money_the_sentence_and_the_sent_report(run):
    told = run("-m", "plumbline.site.commands", "demo", "ring", "enterprise")
    assert len([line for line in told.splitlines() if line.startswith("■")]) == 12
    assert "向22家企业兑现奖励资金1.1亿元。" in told
    assert "背后的记录（22 条" in told
    assert "与公布的数值完全相同" in told
    assert "「22家」　22家 → 21家" in told
    assert "向21家企业兑现奖励资金1亿元。" in told
    assert "印作1.1亿元" in told


def test_the_demo_answers_on_this_machine_only(capsys):
    assert demo.main(["--host", "0.0.0.0"]) == 2
    assert "127.0.0.1" in capsys.readouterr().err


@pytest.mark.django_db
def test_the_demo_keeps_out_of_a_database_with_people_of_its_own(capsys):
    User.objects.create(username="somebody", area="110000")
    assert demo.main(["--no-serve"]) == 2
    assert "PLUMBLINE_DATA" in capsys.readouterr().err
    assert User.objects.count() == 1
