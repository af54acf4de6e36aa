"""Keys for programs: shown once, kept as a digest, one's own, stopped for good."""

import pytest
from django.contrib.auth.models import AnonymousUser

from plumbline.kernel import BadInput, NotAllowed
from plumbline.store import people
from plumbline.store.journal import Entry, verify
from plumbline.store.models import AccessKey
from plumbline.store.people.keys import MOST_KEYS
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db


def test_a_key_stands_for_its_owner_and_only_its_digest_is_kept():
    who = made.user()
    key, secret = people.create_key(who, "  统计  平台 ")
    assert people.user_of_key(secret) == who
    assert (key.label, key.hint, key.user) == ("统计 平台", secret[-4:], who)
    assert secret not in repr(made.everything())
    entry = Entry.objects.first()
    assert (entry.action, entry.after) == ("accesskey.create", {"label": "统计 平台", "hint": secret[-4:], "writes": False})
    assert verify().broken is None


def test_two_keys_are_never_the_same():
    who = made.user()
    assert people.create_key(who, "甲")[1] != people.create_key(who, "甲")[1]


def test_a_stopped_key_stands_for_nobody_and_stopping_it_again_changes_nothing():
    who = made.user()
    key, secret = people.create_key(who, "甲")
    stopped = people.retire_key(who, key.pk).retired_at
    assert people.user_of_key(secret) is None
    before = made.everything()
    assert people.retire_key(who, key.pk).retired_at == stopped
    assert made.everything() == before


def test_the_key_of_one_who_left_stands_for_nobody():
    who = made.user()
    _, secret = people.create_key(who, "甲")
    who.is_active = False
    who.save()
    assert people.user_of_key(secret) is None


@pytest.mark.parametrize("secret", ["", "plk_", "x" * 10_000, "\0", "\udcff"])
def test_what_is_no_key_stands_for_nobody(secret):
    people.create_key(made.user(), "甲")
    assert people.user_of_key(secret) is None


def test_another_persons_key_is_stopped_only_by_who_manages_him():
    key, _ = people.create_key(made.user(), "甲")
    for who in (made.user("other"), made.user("far", area=made.NEIGHBOUR, is_staff=True)):
        with made.refused(NotAllowed):
            people.retire_key(who, key.pk)
    assert people.retire_key(made.user("staff", is_staff=True), key.pk).retired_at


@pytest.mark.parametrize("label", ["", "   ", "长" * 51, "看不\u200b见"])
def test_a_key_says_what_it_is_for(label):
    who = made.user()
    with made.refused(BadInput):
        people.create_key(who, label)


def test_strangers_and_people_who_left_get_no_key():
    for who in (made.user(is_active=False), AnonymousUser()):
        who.area = made.DISTRICT
        with made.refused(NotAllowed):
            people.create_key(who, "甲")


def test_nobody_has_more_keys_than_he_can_look_after():
    who = made.user()
    keys = [people.create_key(who, f"第{at}个")[0] for at in range(MOST_KEYS)]
    with made.refused(BadInput):
        people.create_key(who, "多一个")
    people.retire_key(who, keys[0].pk)
    assert people.create_key(who, "多一个")[0].pk
    assert AccessKey.objects.visible_to(who).count() == MOST_KEYS + 1


def test_a_key_writes_only_where_that_was_chosen_when_it_was_made():
    who = made.user()
    _, reads = people.create_key(who, "只读的")
    key, writes = people.create_key(who, "可写的", writes=True)
    assert (people.key_of(reads).writes, people.key_of(writes).writes) == (False, True)
    assert Entry.objects.first().after == {"label": "可写的", "hint": key.hint, "writes": True}
    assert people.key_of("plk_") is None
