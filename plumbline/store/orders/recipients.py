"""Whom a word about an order goes to: the office that holds it, people of a role in its area, the person who asked."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings

from plumbline.kernel import inside
from plumbline.store.declarations.reading import catalog
from plumbline.store.orders.sight import open_to_firms
from plumbline.store.orders.tables import Asker, Notice, Order
from plumbline.store.parties.tables import CONFIRMED, Binding
from plumbline.store.people.tables import User

DUMMY = "django.core.mail.backends.dummy.EmailBackend"
WAITING = "waiting"


class Recipients:
    """Whom words about some orders go to, looked up once for all of them."""

    def __init__(self, orders: Sequence[Order], roles: Iterable[str], askers: bool = False):
        self.mails = settings.EMAIL_BACKEND != DUMMY
        self.people = list(User.objects.filter(is_active=True, role__in=set(roles)).exclude(area="").order_by("pk")
                           .values_list("pk", "role", "area", "email"))
        self.read = set(User.objects.filter(is_active=True, office__in={one.office_id for one in orders} - {None})
                        .exclude(email="").values_list("office", flat=True)) if self.mails else set()
        self.asked = set(Asker.objects.filter(order__in=[one.pk for one in orders]).exclude(email="")
                         .values_list("order", flat=True)) if self.mails and askers else set()
        self.firms = _accounts(orders) if askers else {}
        self._near: dict[tuple[str, str], list[tuple[int, bool]]] = {}

    def near(self, role: str, area: str) -> list[tuple[int, bool]]:
        """People of a role: those of the area itself, else those of the one above it; and whether they read e-mail."""
        known = self._near.get((role, area))
        if known is None:
            found = [(pk, bool(mail), own) for pk, its, own, mail in self.people if its == role and inside(area, own)]
            exact = any(own == area for *_, own in found)
            known = [(pk, mail) for pk, mail, own in found if own == area or not exact]
            self._near[role, area] = known
        return known

    def notices(self, order: Order, to: Iterable[str], word: Notice, but: Any = None) -> list[Notice]:
        """A notice each, not saved; nobody gets two, and he who did it himself (`but`) none.

        to    holder, asker, sender, or roles of people
        word  level, clock, text, at
        """
        made, offices = [], set[int | None]()
        for one in to:
            if one in ("holder", "sender"):
                office = order.office_id if one == "holder" else order.sender_id
                made += [] if office in offices else self._office(office, word, but)
                offices.add(office)
            elif one == "asker":
                made += [self._made(word, True)] if order.pk in self.asked else []
                made += [self._made(word, bool(mail), user_id=pk) for pk, mail in self.firms.get((order.kind, order.subject), ())
                         if but is None or pk != but.pk]
            else:
                made += [self._made(word, mail, user_id=pk) for pk, mail in self.near(one, order.area)
                         if but is None or pk != but.pk]
        for notice in made:
            notice.order_id = order.pk
        return made

    def _office(self, office: int | None, word: Notice, but: Any) -> list[Notice]:
        if office is None or (but is not None and but.office_id == office):
            return []
        return [self._made(word, office in self.read, office_id=office)]

    def _made(self, word: Notice, mail: bool, **to: Any) -> Notice:
        waits = mail and self.mails
        return Notice(level=word.level, clock=word.clock, text=word.text, at=word.at, mail=WAITING if waits else "",
                      next_at=word.at if waits else None, **to)


def _accounts(orders: Sequence[Order]) -> dict[tuple[str, str], list[tuple[int, str]]]:
    """Accounts of firms that follow orders: by kind and subject, person and e-mail; one query, where there are any."""
    kinds = {key for key, kind in catalog().orders.items() if open_to_firms(kind)}
    subjects = {one.subject for one in orders if one.subject and one.kind in kinds}
    known: dict[str, list[tuple[int, str]]] = {}
    if subjects:
        rows = Binding.objects.filter(key__in=subjects, state=CONFIRMED, user__is_active=True).order_by("pk")
        for key, pk, mail in rows.values_list("key", "user", "user__email"):
            known.setdefault(key, []).append((pk, mail))
    return {(one.kind, one.subject): known[one.subject] for one in orders if one.kind in kinds and one.subject in known}


def word_of(order: Order, what: str, text: str) -> str:
    """The words of a notice, as long as it holds: which order, then what (may be empty).

    >>> word_of(Order(number="SQ2020000001", title="路灯不亮"), "将超期", "办理时限至1月5日18:00。")
    'SQ2020000001「路灯不亮」将超期：办理时限至1月5日18:00。'
    """
    title = order.title if len(order.title) <= 40 else f"{order.title[:39]}…"
    return f"{order.number}「{title}」{what}{'：' if what else ''}{text}"[:300]
