"""Each person keeps lists as he likes to see them."""

import pytest

from plumbline.kernel import BadInput, NotAllowed
from plumbline.store import registers
from plumbline.store.journal import Entry
from plumbline.store.registers import SavedFilter, filters
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db


def test_a_list_is_kept_under_a_name_and_written_over():
    user = made.user()
    registers.save_filter(user, "a.b", " 未完成 ", "state=open", ["code"])
    one = registers.save_filter(user, "a.b", "未完成", "state=late", ["code", "area"])
    assert list(SavedFilter.objects.visible_to(user).values_list("name", "query", "columns")) == [
        ("未完成", "state=late", ["code", "area"])]
    assert Entry.objects.latest("seq").before == {"table": "a.b", "name": "未完成", "query": "state=open", "columns": ["code"]}
    registers.remove_filter(user, one.pk)
    assert not SavedFilter.objects.exists()


def test_nobody_sees_or_drops_the_lists_of_others():
    one = registers.save_filter(made.user(), "a.b", "未完成", "")
    other = made.user("other", is_superuser=True)
    assert not SavedFilter.objects.visible_to(other).exists()
    with made.refused(NotAllowed):
        registers.remove_filter(other, one.pk)


@pytest.mark.parametrize(("name", "query"), [(" ", ""), ("长" * 51, ""), ("好", "x" * 2001), ("不\u200b见", "")])
def test_a_name_and_a_query_fit(name, query):
    user = made.user()
    with made.refused(BadInput):
        registers.save_filter(user, "a.b", name, query)


def test_there_is_an_end_to_saved_lists(monkeypatch):
    monkeypatch.setattr(filters, "MOST", 1)
    user = made.user()
    registers.save_filter(user, "a.b", "一", "")
    registers.save_filter(user, "a.b", "一", "x=1")
    with made.refused(BadInput):
        registers.save_filter(user, "a.b", "二", "")
