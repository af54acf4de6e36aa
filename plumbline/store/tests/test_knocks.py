"""Knocks at open doors: counted by stretch of time, kept without saying who."""

from datetime import datetime, timedelta, timezone

import pytest

from plumbline.store import people
from plumbline.store.models import Knock

pytestmark = pytest.mark.django_db
AT = datetime(2020, 7, 1, 9, 0, 30, tzinfo=timezone(timedelta(hours=8)))


def test_knocks_of_a_stretch_are_counted_together_and_the_next_begins_anew():
    assert [people.knock("ask", "10.0.0.7", 60, AT) for _ in range(3)] == [1, 2, 3]
    assert people.knocks("ask", "10.0.0.7", 60, AT + timedelta(seconds=29)) == 3
    assert people.knocks("ask", "10.0.0.7", 60, AT + timedelta(seconds=30)) == 0
    assert people.knock("ask", "10.0.0.7", 60, AT + timedelta(seconds=30)) == 1


def test_another_address_and_another_door_count_for_themselves():
    people.knock("ask", "10.0.0.7", 60, AT)
    assert people.knock("ask", "10.0.0.8", 60, AT) == 1
    assert people.knock("track", "10.0.0.7", 60, AT) == 1


def test_nobodys_address_is_kept_and_old_knocks_are_dropped():
    people.knock("ask", "10.0.0.7", 60, AT)
    assert "10.0.0.7" not in repr(list(Knock.objects.values_list()))
    people.knock("ask", "10.0.0.8", 60, AT + timedelta(days=2))
    assert Knock.objects.count() == 1


def test_what_cannot_be_written_counts_too():
    assert people.knock("ask", "\0\udcff" * 5000, 60, AT) == 1
