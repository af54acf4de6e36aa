"""Papers and photographs of orders: checked, kept in the data folder under their hash, handed out to who sees the order."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Unpack

from django.conf import settings
from django.db import transaction

from plumbline.kernel import BadInput, NotAllowed
from plumbline.store import folders
from plumbline.store.journal.writing import Write, record
from plumbline.store.orders.access import ABSENT, hats
from plumbline.store.orders.papers import Paper, paper_of, read_of
from plumbline.store.orders.setting import At, setting
from plumbline.store.orders.story import locked, require_part
from plumbline.store.orders.tables import Attachment, Order
from plumbline.store.words import bad

# of the person who asked, and of all officials together
MOST = 9
NO_PAPER = "没有这个附件，或者您无权查看。"


def folder() -> Path:
    """Where the bytes lie."""
    return settings.DATA / "attachments"


def path_of(attachment: Attachment) -> Path:
    """The file of an attachment."""
    return folder() / attachment.sha256


def only_writer() -> AbstractContextManager[None]:
    """Nobody else puts or drops files here meanwhile."""
    return folders.locked(folder())


def attach(user: Any, order_id: int, name: str, data: Any, public: bool = False, *, code: str = "",
           **at: Unpack[At]) -> Attachment:
    """Lay a paper or a photograph with an order.

    user    None: the person who asked, where `code` is the order's; what he hands in he also sees
    data    bytes, or a file opened to read; at most 10 MB are read of it
    Twice   the same bytes with the same order are kept once: the first is given
    Photos  are drawn anew: no metadata, nothing before or behind the pixels; in a process with bounded memory
    Order   the bytes lie safe before the row says so; a file without a row is dropped by `tidy`
    Raises  NotAllowed, in the same words where there is no such order; BadInput
    """
    with attaching(user, order_id, [(name, data)], public, code=code, **at) as [made]:
        return made


@contextmanager
def attaching(user: Any, order_id: int, files: Sequence[tuple[str, Any]], public: bool = False, *, code: str = "",
              **at: Unpack[At]) -> Iterator[list[Attachment]]:
    """Papers, by name, laid with an order in one with what is done inside: all of it is kept, or nothing.

    Order   photographs are drawn before anything is locked; then the folder, then rows: whoever took a row first could wait
            for one who has the folder and waits for that row. The folder is let go once the rows are kept, so that `tidy`
            drops no file of a row it cannot see yet
    Raises  as `attach` does
    """
    if not files:
        with transaction.atomic():
            yield []
        return
    _, now = setting(at)
    _allowed(user, Order.objects.filter(pk=order_id).first(), code)
    if len(files) > MOST:
        raise _full()
    papers = [paper_of(name, read_of(name, data)) for name, data in files]
    with only_writer(), transaction.atomic():
        order = locked(order_id)
        _allowed(user, order, code)
        yield [_laid(user, order, paper, public or asks(user), now) for paper in papers]


def _laid(user: Any, order: Order, paper: Paper, public: bool, now: datetime) -> Attachment:
    """A paper laid with a locked order, the folder locked too; what lies there already is given as it is."""
    sha256 = hashlib.sha256(paper.data).hexdigest()
    if first := order.attachments.filter(sha256=sha256, by=user).first():
        return first
    _room(order, user)
    folders.put(folder() / sha256, paper.data)
    made = Attachment(order=order, name=paper.name, sha256=sha256, size=len(paper.data), type=paper.type, public=public,
                      by=user, at=now)
    made.save()
    record(user, Write("order.attach", "attachment", made.pk, None,
                       {"order": order.number, "name": made.name, "sha256": sha256, "size": made.size, "public": made.public},
                       area=order.area))
    return made


def opened(user: Any, attachment_id: int, *, code: str = "") -> tuple[Attachment, Path]:
    """An attachment and where its bytes lie, for who sees its order; NotAllowed, in the same words, for all others.

    user  None: the person who asked, where `code` is the order's, sees the public ones
    """
    if user is None:
        one = Attachment.objects.select_related("order").filter(pk=attachment_id, public=True).first()
        if one is not None and not (code and "asker" in hats(None, one.order, code)):
            one = None
    else:
        one = Attachment.objects.visible_to(user).filter(pk=attachment_id).first()
    if one is None or not path_of(one).exists():
        raise NotAllowed(NO_PAPER)
    return one, path_of(one)


def tidy() -> int:
    """Drop files no attachment rests on, left by a process that was killed; how many there were."""
    with only_writer():
        kept = set(Attachment.objects.values_list("sha256", flat=True).distinct()) | {".lock"}
        loose = [path for path in folder().iterdir() if path.name not in kept]
        for path in loose:
            path.unlink()
        return len(loose)


def asks(user: Any) -> bool:
    """Whether it is the person who asked, or a firm: what they hand in they also see."""
    return user is None or (user.role == "firm" and not user.is_superuser)


def _allowed(user: Any, order: Order | None, code: str) -> None:
    if order is None:
        raise NotAllowed(ABSENT)
    require_part(user, order, code)
    if asks(user) and order.state_kind not in ("open", "waiting"):
        raise bad("order.over", order.number, f"工单 {order.number} 已经办结，不能再加照片；有新情况请另提一件，或拨打热线。")


def _room(order: Order, user: Any) -> None:
    """Refuse one more than there may be; those of the person who asked and of officials are counted apart."""
    laid = order.attachments.filter(by=user) if asks(user) else order.attachments.filter(by__isnull=False)
    if laid.count() >= MOST:
        raise _full()


def _full() -> BadInput:
    return bad("attachment.many", "附件", f"一件工单最多 {MOST} 个附件，放不下了；没有保存。")
