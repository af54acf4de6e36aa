"""What orders need while nobody looks is done beside the worker's other work, and holds nothing up."""

import signal

import pytest
from django.utils import timezone

from plumbline.site import aside, errands
from plumbline.site.aside import Aside
from plumbline.store.models import Notice, Order
from plumbline.store.orders.tests.made import CATALOG, at, moved, office, opened, person


@pytest.fixture
def kept_open(monkeypatch):
    """The connection of the tests is not the worker's to close."""
    monkeypatch.setattr(aside.connections, "close_all", lambda: None)


@pytest.mark.usefixtures("kept_open")
def test_what_runs_aside_is_waited_for_or_stopped():
    quick = Aside(int, 60)
    quick.begin()
    quick.wait()
    assert not quick.under_way()
    endless = Aside(signal.pause, 60)
    endless.begin()
    first = endless.worker
    assert endless.under_way()
    endless.begin()
    assert (first.exitcode, endless.worker.is_alive()) == (-signal.SIGKILL, True)
    endless.end()
    assert not endless.under_way()


@pytest.mark.usefixtures("kept_open")
def test_what_takes_too_long_is_stopped_without_being_waited_for():
    late = Aside(signal.pause, -1)
    late.begin()
    worker = late.worker
    assert not late.under_way()
    assert worker.exitcode == -signal.SIGKILL


@pytest.fixture
def due(db, settings):
    settings.CATALOG = CATALOG
    holder = office()
    person("holder", "office", office=holder)
    return moved(person("dispatcher", "dispatcher"), opened(person("operator", "operator")), "send", at(11), office=holder)


def test_errands_are_begun_where_any_is_due_and_once_at_a_time(due, monkeypatch):
    monkeypatch.setattr(errands, "PAUSE_SECONDS", 0)
    runs = errands.errands_in_turn()
    monkeypatch.setattr(runs.aside, "begin", lambda: begun.append(1))
    begun = []
    assert (runs.take_up(), begun) == (True, [1])
    monkeypatch.setattr(runs.aside, "under_way", lambda: True)
    assert (runs.take_up(), begun) == (False, [1])
    monkeypatch.setattr(runs.aside, "under_way", lambda: False)
    Order.objects.update(next_at=None)
    assert (runs.take_up(), begun) == (False, [1])


def test_errands_remind_and_are_then_done(due, monkeypatch):
    monkeypatch.setattr(errands.signal, "signal", lambda *_: None)
    assert errands.waiting()
    errands.apart()
    assert {notice.order_id for notice in Notice.objects.all()} == {due.pk}
    assert not Order.objects.filter(next_at__lte=timezone.now()).exists()
    assert not errands.waiting()


def test_once_a_day_names_whose_day_has_come_and_the_old_log_of_webhooks_are_dropped(due, monkeypatch):
    called = []
    monkeypatch.setattr(errands, "forget", lambda today: called.append(today) or 2)
    monkeypatch.setattr(errands, "thin", lambda before: called.append(before) or 3)
    monkeypatch.setattr(errands.timezone, "localdate", lambda: at(9).date())
    monkeypatch.setattr(errands.timezone, "now", lambda: at(9))
    assert (errands.daily(), called) == (5, [at(9).date(), at(9) - errands.timedelta(days=errands.LOG_DAYS)])
