"""Where a party's money is sent: kept apart, whole for who pays, every look and every change in the journal."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from plumbline.kernel import Conflict, Finding, NotAllowed
from plumbline.store.grants.offers import Party
from plumbline.store.grants.tables import BankAccount
from plumbline.store.journal.writing import Write, record
from plumbline.store.orders.steps import hash_of
from plumbline.store.parties.keys import keys_of
from plumbline.store.people.roles import require
from plumbline.store.words import longest, reason, refuse, text_trouble

LABELS = {"holder": "户名", "number": "账号", "bank": "开户行"}
NUMBER = re.compile(r"[0-9]{8,32}")
HIDDEN = "•"
SHOWN_DIGITS = 4
QUICKER = "收款账户刚被他人登记；没有保存您填的，请刷新后核对。"
ABSENT = "没有这个收款账户，或者您无权操作；没有保存任何改动。"


def masked(number: str) -> str:
    """A number as it is shown to who does not pay: its last four digits.

    >>> masked("62220000111122223333")
    '•••• 3333'
    """
    return f"{HIDDEN * SHOWN_DIGITS} {number[-SHOWN_DIGITS:]}" if len(number) > SHOWN_DIGITS else HIDDEN * SHOWN_DIGITS


def account_of(table: str, key: str) -> BankAccount | None:
    """The account that stands; for showing it masked only."""
    return BankAccount.objects.filter(table=table, key=key, until_at=None).first()


@transaction.atomic
def whole(user: Any, table: str, key: str, why: str) -> list[BankAccount]:
    """The account that stands and the earlier ones, whole; the look is journalled.

    Raises  NotAllowed for who may not pay there, in the same words where there is none; BadInput without a reason
    """
    found = list(BankAccount.objects.filter(table=table, key=key).order_by("-pk"))
    if not found:
        raise NotAllowed(ABSENT)
    require(user, "pay", found[0].area)
    why = reason(why)
    record(user, Write("account.look", "bankaccount", key, None, {"table": table, "accounts": len(found)}, why, found[0].area))
    return found


@transaction.atomic
def set_account(user: Any, party: Party, told: Mapping[str, str], why: str = "", now: datetime | None = None) -> BankAccount:
    """Say where a party's money is to be sent: the party itself, or with a reason who pays in its area.

    told    holder, number, bank. The same told again changes nothing
    Raises  NotAllowed, BadInput with every finding; Conflict where somebody was quicker
    """
    table, key = party.table, party.key
    own = key in keys_of(user, table)
    if not own:
        require(user, "pay", party.area)
    why = reason(why, needed=not own)
    given = _checked(told)
    stands = BankAccount.objects.select_for_update(of=("self",)).filter(table=table, key=key, until_at=None).first()
    if stands is not None and {name: getattr(stands, name) for name in LABELS} == given:
        return stands
    at = now or timezone.now()
    if stands is not None:
        stands.until_at = at
        stands.save(update_fields=["until_at"])
    try:
        with transaction.atomic():
            made = BankAccount.objects.create(table=table, key=key, area=party.area, since_at=at, by=user, why=why, **given)
    except IntegrityError as error:  # the first one of a party, told by two at once
        raise Conflict(QUICKER) from error
    record(user, Write("account.set", "bankaccount", key, _told(stands), _told(made), why, party.area))
    return made


def _told(one: BankAccount | None) -> dict[str, Any] | None:
    """What the journal holds of an account: that it changed, not what it is."""
    return None if one is None else {"account": one.pk, "bank": one.bank, "number_sha256": hash_of(one.number),
                                     "holder_sha256": hash_of(one.holder)}


def _checked(told: Mapping[str, str]) -> dict[str, str]:
    given = {name: " ".join(str(told.get(name, "")).split()) for name in LABELS}
    given["number"] = given["number"].replace(" ", "").replace("-", "")
    found = [Finding(f"account.{name}", label, f"请填写{label}。") for name, label in LABELS.items() if not given[name]]
    found += [Finding(f"account.{name}", label, trouble) for name, label in LABELS.items()
              if (trouble := text_trouble(label, given[name], longest(BankAccount, name)))]
    if given["number"] and not NUMBER.fullmatch(given["number"]):
        found.append(Finding("account.number", "账号", "账号应当是 8 至 32 位数字；请对照开户许可证核对。"))
    refuse(found)
    return given
