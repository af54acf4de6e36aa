"""Notes on orders: internal ones, and public ones that the person who asked reads, or wrote."""

from typing import Any, Unpack

from django.db import transaction

from plumbline.kernel import NotAllowed
from plumbline.store.journal.writing import Write, record
from plumbline.store.orders.access import OF_FIRM
from plumbline.store.orders.setting import At, setting
from plumbline.store.orders.steps import hash_of
from plumbline.store.orders.story import locked, require_part
from plumbline.store.orders.tables import OrderNote
from plumbline.store.orders.telling import lines_trouble
from plumbline.store.words import bad

NOTE_LENGTH = 2000
# who speaks to the person who asked
SPEAKERS = frozenset({"asker", "holder", "operator", "dispatcher", "planner"})
# notes of the person who asked, so that nobody fills the house from outside
MOST_OF_ASKER = 20


@transaction.atomic
def note(user: Any, order_id: int, text: str, public: bool = False, *, code: str = "", **at: Unpack[At]) -> OrderNote:
    """Write a note.

    user    None: the person who asked, where `code` is the order's; his notes, and a firm's, are always public ones
    Raises  NotAllowed, in the same words where there is no such order; BadInput for a text that is empty or too long
    """
    _, now = setting(at)
    order = locked(order_id)
    worn = require_part(user, order, code)
    asks = user is None or worn == OF_FIRM
    public = public or asks
    if public and not worn & SPEAKERS:
        raise NotAllowed("给来件人看的备注由承办单位、话务员、派单员或计划员填写；没有保存，请改为内部备注。")
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise bad("note.empty", "备注", "备注是空的；请写上内容再保存。")
    if trouble := lines_trouble("备注", text, NOTE_LENGTH):
        raise bad("note.text", "备注", trouble)
    if asks and order.notes.filter(by=user).count() >= MOST_OF_ASKER:
        raise bad("note.many", "备注", f"这件工单您已补充 {MOST_OF_ASKER} 次，不能再加；有新情况请另提一件，或拨打热线。")
    made = OrderNote(order=order, text=text, public=public, by=user, at=now)
    made.save()
    record(user, Write("order.note", "ordernote", made.pk, None,
                       {"order": order.number, "public": public, "text_sha256": hash_of(text)}, area=order.area))
    return made
