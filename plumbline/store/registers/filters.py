"""Lists as each person likes to see them."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from plumbline.kernel import NotAllowed
from plumbline.store.journal.writing import Write, record
from plumbline.store.registers.tables import SavedFilter
from plumbline.store.words import bad, longest, plain, text_trouble

KEPT = ("table", "name", "query", "columns")
MOST = 50


@transaction.atomic
def save_filter(user: Any, table: str, name: str, query: str, columns: Sequence[str] = ()) -> SavedFilter:
    """Keep a list under a name; one of that name is written over."""
    name = " ".join(name.split())
    if trouble := "请给这个筛选起个名字。" if not name else text_trouble("名称", name, longest(SavedFilter, "name")):
        raise bad("filter.name", "名称", trouble)
    if trouble := text_trouble("筛选条件", query, longest(SavedFilter, "query")):
        raise bad("filter.query", "筛选条件", trouble)
    own = SavedFilter.objects.visible_to(user).filter(table=table)
    one = own.filter(name=name).first()
    if one is None and own.count() >= MOST:
        raise bad("filter.many", "名称", f"这张表已保存 {MOST} 个筛选；请先删去不用的。")
    before = plain(one, KEPT) if one else None
    one = one or SavedFilter(user=user, table=table, name=name)
    one.query, one.columns = query, list(columns)
    one.save()
    record(user, Write("filter.save", "filter", one.pk, before, plain(one, KEPT)))
    return one


@transaction.atomic
def remove_filter(user: Any, number: int) -> None:
    """Drop one's own saved list."""
    one = SavedFilter.objects.visible_to(user).filter(pk=number).first()
    if one is None:
        raise NotAllowed("没有这个筛选；没有保存任何改动。")
    before = plain(one, KEPT)
    one.delete()
    record(user, Write("filter.remove", "filter", number, before, None))
